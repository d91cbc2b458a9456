// What must not run in production: addresses of this machine, plain http, debug switches, TLS without checks.

#include <algorithm>
#include <array>

#include "detect/text_class.h"
#include "env/context.h"

namespace tightship::env {
namespace {

using detect::contains;
using detect::lowered;
using detect::RiskClass;
using detect::Severity;
using lint::EnvRole;
using readiness::Exposure;
using readiness::Problem;

// Sure of production, or tracked under the plain name and so read there as well.
enum class Reach : std::uint8_t { None, Maybe, Production };

// APP_ENV=local: the file says itself that it is for a developer's machine.
bool says_development(const Document& document) {
  return std::any_of(document.lines.entries.begin(), document.lines.entries.end(), [](const lint::EnvEntry& entry) {
    const bool mode = entry.key.ends_with("_ENV") || entry.key == "ENVIRONMENT" || entry.key == "ENV";
    const std::string lower = mode ? lowered(entry.literal) : std::string();
    return lower == "development" || lower == "dev" || lower == "local" || lower == "test" || lower == "testing";
  });
}

Reach reach_of(const Context& context, const Document& document) {
  if (document.example() || document.name.test_path || document.name.backup || document.encrypted) return Reach::None;
  if (document.production()) return document.name.local ? Reach::Maybe : Reach::Production;
  const bool shipped = document.name.role == EnvRole::Base && document.file->tracked &&
                       context.document(document.folder() + ".env.production") == nullptr &&
                       !says_development(document);
  return shipped ? Reach::Maybe : Reach::None;
}

Problem draft(const Document& document, const lint::EnvEntry& entry, std::string id, Severity severity,
              RiskClass risk_class) {
  Problem problem;
  problem.id = std::move(id);
  problem.severity = severity;
  problem.risk_class = document.production() ? risk_class : readiness::lowered(risk_class);
  problem.exposure = Exposure::Local;
  problem.subject = entry.key;
  problem.minutes = 5;
  problem.spots = {value_spot_of(document, entry)};
  return problem;
}

Severity graded(Reach reach) { return reach == Reach::Production ? Severity::Error : Severity::Warning; }
std::string where_of(Reach reach, const Document& document) {
  return reach == Reach::Production ? document.path + " is read in production"
                                    : document.path + " is tracked by git and read wherever the code runs";
}

// The first host of a list of addresses ("a,b") or a lone host with a port.
std::vector<std::string_view> addresses(std::string_view value) {
  std::vector<std::string_view> out;
  while (!value.empty()) {
    const std::size_t end = std::min(value.find_first_of(", ;"), value.size());
    if (end > 0) out.push_back(value.substr(0, end));
    value.remove_prefix(std::min(end + 1, value.size()));
  }
  return out;
}

void addresses_of(Context& context, const Document& document, const lint::EnvEntry& entry, Reach reach) {
  for (const std::string_view address : addresses(entry.value)) {
    const auto url = lint::split_url(address);
    const std::size_t colon = address.find(':');
    const std::string_view host = url ? url->host : address.substr(0, colon);
    const bool tunnel = lint::is_tunnel_host(host);
    // A server that listens on 0.0.0.0 is no address to reach; a lone "localhost" says so only by its name.
    const bool listens = !url && (host == "0.0.0.0" || entry.key == "HOST" || entry.key == "HOSTNAME" ||
                                  contains(entry.key, "BIND") || contains(entry.key, "LISTEN"));
    if ((lint::is_local_host(host) && !listens) || tunnel) {
      Problem problem = draft(document, entry, "ENV-LOCALHOST-PROD", graded(reach), RiskClass::LaunchBlocker);
      problem.title =
          entry.key + (tunnel ? " is the address of a development tunnel" : " is an address of this machine");
      problem.why = where_of(reach, document) + ", and the value is on " +
                    (tunnel ? "a host that ends with the tunnel" : std::string(host));
      problem.breaks = "on a server it reaches nothing: sign-in, links in mails and calls to the service fail";
      problem.fix = "put the address of production there; keep this one in .env.development.local";
      return context.add(std::move(problem));
    }
    if (url && url->scheme == "http" && !lint::is_private_host(url->host) && !contains(url->host, "$")) {
      // Names of formats are addresses that nobody calls.
      if (contains(url->host, "w3.org") || contains(url->host, "schemas.") || contains(url->host, "example.")) return;
      Problem problem = draft(document, entry, "ENV-HTTP-PROD", Severity::Warning, RiskClass::ConversionBlocker);
      problem.title = entry.key + " uses http, not https";
      problem.why = where_of(reach, document) + ", and the host " + std::string(url->host) + " is on the open network";
      problem.breaks = "what is sent can be read and changed on the way; browsers block such calls from https pages";
      problem.fix = "write https:// in front of it";
      return context.add(std::move(problem));
    }
  }
}

bool is_on(std::string_view value) {
  const std::string lower = lowered(value);
  return lower == "true" || lower == "1" || lower == "yes" || lower == "on";
}
bool is_off(std::string_view value) {
  const std::string lower = lowered(value);
  return lower == "false" || lower == "0" || lower == "no" || lower == "off";
}

void debug(Context& context, const Document& document, const lint::EnvEntry& entry, Reach reach) {
  constexpr std::array<std::string_view, 7> kSwitches = {"DEBUG",      "APP_DEBUG", "DJANGO_DEBUG", "FLASK_DEBUG",
                                                         "DEBUG_MODE", "WP_DEBUG",  "SYMFONY_DEBUG"};
  constexpr std::array<std::string_view, 7> kModes = {"NODE_ENV", "RAILS_ENV",  "RACK_ENV",   "FLASK_ENV",
                                                      "APP_ENV",  "DJANGO_ENV", "ENVIRONMENT"};
  const std::string lower = lowered(entry.value);
  const bool on = std::find(kSwitches.begin(), kSwitches.end(), entry.key) != kSwitches.end() && is_on(entry.value);
  const bool mode = std::find(kModes.begin(), kModes.end(), entry.key) != kModes.end() &&
                    (lower == "development" || lower == "dev" || lower == "local" || lower == "debug");
  const bool chatty = (entry.key == "LOG_LEVEL" && (lower == "trace" || lower == "silly")) ||
                      (entry.key == "DEBUG" && lower.ends_with('*'));
  if (!on && !mode && !chatty) return;
  // A tracked .env with NODE_ENV=development is how many projects begin: the mode is set where they run.
  if (mode && reach != Reach::Production) return;
  Problem problem = draft(document, entry, "ENV-DEBUG-PROD", chatty ? Severity::Warning : graded(reach),
                          chatty ? RiskClass::ScaleRisk : RiskClass::LaunchBlocker);
  problem.title =
      chatty ? entry.key + " writes everything to the log" : entry.key + " switches production to development";
  problem.why = where_of(reach, document);
  problem.breaks = chatty ? "logs hold what users sent, and fill the disk"
                          : "error pages show code, settings and queries to visitors; caches are off";
  problem.fix = on     ? "write " + entry.key + "=false, or leave it out"
                : mode ? "write " + entry.key + "=production"
                       : "write a level such as info";
  problem.minutes = 2;
  context.add(std::move(problem));
}

void tls(Context& context, const Document& document, const lint::EnvEntry& entry, Reach reach) {
  const auto url = lint::split_url(entry.value);
  bool off = (entry.key == "NODE_TLS_REJECT_UNAUTHORIZED" && is_off(entry.value)) ||
             (entry.key == "PYTHONHTTPSVERIFY" && is_off(entry.value)) ||
             (entry.key == "GIT_SSL_NO_VERIFY" && !is_off(entry.value) && !entry.value.empty()) ||
             (entry.key == "PGSSLMODE" && entry.value == "disable");
  off |= url && contains(url->query, "sslmode=disable") && !lint::is_private_host(url->host);
  if (!off) return;
  Problem problem = draft(document, entry, "ENV-TLS-OFF", graded(reach), RiskClass::LaunchBlocker);
  problem.title = entry.key + " switches off the check of certificates";
  problem.why = where_of(reach, document);
  problem.breaks = "whoever sits on the way reads and changes what is sent, passwords included";
  problem.fix = url ? "write sslmode=verify-full (or require)"
                    : "delete the line; give the certificate of your own authority by NODE_EXTRA_CA_CERTS, "
                      "SSL_CERT_FILE or PGSSLROOTCERT";
  problem.minutes = 10;
  context.add(std::move(problem));
}

void cors(Context& context, const Document& document, const lint::EnvEntry& entry, Reach reach) {
  constexpr std::array<std::string_view, 10> kNames = {
      "CORS_ORIGIN",       "CORS_ORIGINS",         "ALLOWED_ORIGINS",    "ALLOWED_HOSTS",   "CORS_ALLOWED_ORIGINS",
      "CORS_ALLOW_ORIGIN", "DJANGO_ALLOWED_HOSTS", "CORS_ALLOW_ORIGINS", "TRUSTED_ORIGINS", "ALLOWED_ORIGIN"};
  if (entry.value != "*" || std::find(kNames.begin(), kNames.end(), entry.key) == kNames.end()) return;
  Problem problem = draft(document, entry, "ENV-CORS-STAR", Severity::Warning, RiskClass::ScaleRisk);
  problem.title = entry.key + " lets every site in";
  problem.why = where_of(reach, document) + ", and * stands for all";
  problem.breaks = "any page that a user visits may call your API in the user's name, or pose as your host";
  problem.fix = "list the hosts of the product";
  context.add(std::move(problem));
}

void callback(Context& context, const Document& document, const lint::EnvEntry& entry) {
  constexpr std::array<std::string_view, 9> kNames = {
      "NEXTAUTH_URL",        "AUTH_URL",   "SITE_URL", "APP_URL",        "NEXT_PUBLIC_SITE_URL",
      "NEXT_PUBLIC_APP_URL", "PUBLIC_URL", "BASE_URL", "BETTER_AUTH_URL"};
  const bool named = std::find(kNames.begin(), kNames.end(), entry.key) != kNames.end() ||
                     entry.key.ends_with("_REDIRECT_URI") || entry.key.ends_with("_CALLBACK_URL");
  const auto url = lint::split_url(entry.value);
  const std::string& canonical = context.options.canonical_host;
  if (canonical.empty() || !named || !url || !document.production() || lint::is_local_host(url->host)) return;
  const std::string host = lowered(url->host);
  if (host == canonical || host.ends_with("." + canonical)) return;
  Problem problem = draft(document, entry, "ENV-CALLBACK-HOST", Severity::Warning, RiskClass::ConversionBlocker);
  problem.title = entry.key + " names another host than your site";
  problem.why = "its host is " + host + ", the site is on " + canonical;
  problem.breaks = "sign-in comes back to the wrong place, and cookies are lost on the way";
  problem.fix = "write https://" + canonical + " there, and the same at the provider of the sign-in";
  context.add(std::move(problem));
}

}  // namespace

void check_production(Context& context) {
  std::size_t files = 0;
  for (const Document& document : context.documents) {
    const Reach reach = reach_of(context, document);
    if (reach == Reach::None) continue;
    files += reach == Reach::Production ? 1 : 0;
    for (const lint::EnvEntry& entry : document.lines.entries) {
      addresses_of(context, document, entry, reach);
      debug(context, document, entry, reach);
      tls(context, document, entry, reach);
      cors(context, document, entry, reach);
      callback(context, document, entry);
    }
  }
  if (files == 0)
    context.report.not_checked.push_back(
        "the environment of production: no file of it is here; it is set where the product runs");
  if (context.options.canonical_host.empty() && files > 0)
    context.report.not_checked.push_back("whether sign-in comes back to your site: give its host by --host");
}

}  // namespace tightship::env
