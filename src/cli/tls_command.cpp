// `tightship tls`: what browsers meet when they open the hosts of a product.

#include <ctime>
#include <utility>

#include "cli/commands.h"
#include "cli/network_flags.h"
#include "cli/output.h"
#include "cli/problem_output.h"
#include "net/site_config.h"
#include "net/tls_check.h"

namespace tightship::cli {
namespace {

struct TlsFlags {
  net::TlsRequest request;
  std::string config, now;
  unsigned timeout = 10;
  bool only_named = false;
  OutputOptions output;
};

Command tls_record(TlsFlags& flags) {
  Command command;
  command.name = "tls";
  command.usage = "tightship tls [FLAGS] [HOST[:PORT]...]";
  command.brief = "Checks the certificates, protocols and ciphers of your hosts.";
  command.detail =
      "For every host, over IPv4 and IPv6: the certificate chain as sent and as built, the name, the expiry, key and "
      "signature, the versions and ciphers that the server accepts, HTTP/2, stapling. Every fault is reported, not "
      "only "
      "the first. Of example.com www.example.com is looked at too when it has an address, and the other way round.\n\n"
      "Without HOST the hosts of tightship.toml are checked. Connections go to these hosts only; a handshake is made "
      "and the connection closed. A lookup takes at most 5 s, a connection 5 s, a handshake 10 s.\n\n"
      "A certificate that ends in less than 21 days is a warning, in less than 7 an error; one of short life earlier, "
      "in "
      "proportion. A host that refuses a connection is a problem; one that never answers could not be checked: status "
      "3.";
  command.examples =
      "  tightship tls example.com api.example.com\n"
      "  tightship tls mail.example.com:587\n"
      "  tightship tls example.com --resolve example.com:443:192.0.2.7     before the DNS is changed\n"
      "  tightship tls -q --format json -o tls.json example.com            from cron\n";
  constexpr std::string_view kInput = "input";
  command.flags = {
      {"starttls", 0, "PROTOCOL", kInput, "smtp or none (default: smtp on ports 25 and 587)", "",
       set_choice(flags.request.starttls, {"smtp", "none"})},
      {"only-named", 0, "", kInput, "do not look at the www or root counterpart", "", set_true(flags.only_named)},
  };
  command.flags.push_back({"timeout", 0, "SECONDS", kInput, "of a connection with its handshake (default: 10)", "",
                           set_number(flags.timeout, 1, 120)});
  for (Flag& flag : network_flags(flags.request.resolve, flags.request.ca_file, flags.config))
    command.flags.push_back(std::move(flag));
  command.flags.push_back(now_flag(flags.now));
  for (Flag& flag : problem_flags(flags.output)) command.flags.push_back(std::move(flag));
  command.operands = {"HOST", 0, net::kMaxTlsHosts, &flags.request.hosts};
  return command;
}

Result<void> add_configured_hosts(TlsFlags& flags) {
  if (!flags.request.hosts.empty()) return {};
  auto hosts = configured_hosts(flags.config);
  if (!hosts) return tl::unexpected(hosts.error());
  if (hosts->empty()) {
    return fail(ErrorKind::Usage, "HOST is missing, and tightship.toml names none", {}, "tightship tls example.com");
  }
  flags.request.hosts = std::move(*hosts);
  return {};
}

}  // namespace

Result<int> tls_command(Arguments arguments) {
  TlsFlags flags;
  const auto go = ready(tls_record(flags), std::move(arguments));
  if (!go) return tl::unexpected(go.error());
  if (!*go) return 0;
  auto output = plan_output(flags.output);
  if (!output) return tl::unexpected(output.error());
  if (const auto formats = check_problem_formats(*output); !formats) return tl::unexpected(formats.error());
  const auto now = parse_now(flags.now);
  if (!now) return tl::unexpected(now.error());
  flags.request.now = *now;
  flags.request.limits.total = std::chrono::seconds(flags.timeout);
  flags.request.counterparts = !flags.only_named;
  if (const auto hosts = add_configured_hosts(flags); !hosts) return tl::unexpected(hosts.error());
  auto result = net::check_tls(flags.request);
  if (!result) return tl::unexpected(result.error());
  return deliver(std::move(result->report), *output);
}

}  // namespace tightship::cli
