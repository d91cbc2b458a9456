#include "net/tls_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "base/parallel.h"
#include "net/idn.h"
#include "net/tls_problems.h"

namespace tightship::net {
namespace {

constexpr std::int64_t kDay = 86'400;

StartTls starttls_of(const TlsRequest& request, std::uint16_t port) {
  if (request.starttls == "none") return StartTls::No;
  return request.starttls == "smtp" || port == 25 || port == 587 ? StartTls::Smtp : StartTls::No;
}

Result<std::vector<TlsHost>> parse_hosts(const TlsRequest& request, const std::vector<ResolveRule>& rules) {
  std::vector<TlsHost> hosts;
  const auto known = [&](const HostPort& target) {
    return std::any_of(hosts.begin(), hosts.end(), [&](const TlsHost& host) {
      return host.target.host == target.host && host.target.port == target.port;
    });
  };
  for (const std::string& text : request.hosts) {
    const auto target = parse_host_port(text, 443);
    if (!target) return tl::unexpected(target.error());
    if (!known(*target)) {
      hosts.emplace_back();
      hosts.back().target = *target;
      hosts.back().starttls = starttls_of(request, target->port);
    }
  }
  if (hosts.size() > kMaxTlsHosts) return fail(ErrorKind::Usage, fmt::format("over {} hosts", kMaxTlsHosts));
  // A name that --resolve points elsewhere is a site before its move: its counterpart in the DNS is another site.
  const std::size_t given = request.counterparts ? hosts.size() : 0;
  for (std::size_t i = 0; i < given; ++i) {
    HostPort other = hosts[i].target;
    if (other.is_address || hosts[i].starttls != StartTls::No) continue;
    if (!other.host.starts_with("www.") && !may_have_www(other.host)) continue;
    other.host = other.host.starts_with("www.") ? other.host.substr(4) : "www." + other.host;
    const bool here_by_rule = find_rule(rules, hosts[i].target.host, other.port) != nullptr;
    const bool there_by_rule = find_rule(rules, other.host, other.port) != nullptr;
    if (here_by_rule != there_by_rule || known(other) || other.host.find('.') == std::string::npos) continue;
    TlsHost host;
    host.target = other;
    host.counterpart = true;
    hosts.push_back(std::move(host));
  }
  return hosts;
}

void take_addresses(TlsHost& host, const std::vector<std::string>& ipv4, const std::vector<std::string>& ipv6) {
  for (const auto* list : {&ipv4, &ipv6}) {
    if (list->empty()) continue;
    TlsEndpoint endpoint;
    endpoint.address = list->front();
    endpoint.ipv6 = list == &ipv6;
    host.endpoints.push_back(std::move(endpoint));
  }
}

void split(const std::vector<std::string>& all, HostAddresses& out) {
  for (const std::string& address : all) {
    (address.find(':') == std::string::npos ? out.ipv4 : out.ipv6).push_back(address);
  }
}

void locate(std::vector<TlsHost>& hosts, const std::vector<ResolveRule>& rules) {
  std::vector<std::string> names;
  std::vector<std::size_t> owners;
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    const HostPort& target = hosts[i].target;
    const ResolveRule* rule = find_rule(rules, target.host, target.port);
    HostAddresses known;
    if (rule != nullptr)
      split(rule->addresses, known);
    else if (target.is_address)
      split({target.host}, known);
    else {
      names.push_back(target.host);
      owners.push_back(i);
      continue;
    }
    take_addresses(hosts[i], known.ipv4, known.ipv6);
  }
  const std::vector<HostAddresses> found = look_up(names, kLookupLimit);
  for (std::size_t i = 0; i < owners.size(); ++i) {
    hosts[owners[i]].lookup = found[i].status;
    take_addresses(hosts[owners[i]], found[i].ipv4, found[i].ipv6);
  }
  // Nobody asked for the counterpart: a site without www is no fault here.
  std::erase_if(hosts, [](const TlsHost& host) { return host.counterpart && host.lookup != LookupStatus::Found; });
}

TlsProbe probe_of(const TlsHost& host, std::size_t index, const std::string& address) {
  TlsProbe probe;
  probe.host = index;
  probe.address = address;
  probe.port = host.target.port;
  probe.server_name = host.target.host;
  probe.starttls = host.starttls;
  return probe;
}

// One full handshake an address.
struct FirstPass {
  std::vector<TlsProbe> probes;
  std::vector<TlsEndpoint*> endpoints;
};

void first_pass(const ProbeContext& context, const ProbeLimits& limits, std::vector<TlsHost*>& hosts) {
  FirstPass pass;
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    for (TlsEndpoint& endpoint : hosts[i]->endpoints) {
      pass.probes.push_back(probe_of(*hosts[i], i, endpoint.address));
      pass.endpoints.push_back(&endpoint);
    }
  }
  run_probes(context, limits, pass.probes);
  for (std::size_t i = 0; i < pass.probes.size(); ++i) pass.endpoints[i]->probe = std::move(pass.probes[i]);
}

// An address that took a connection, whatever came of the handshake.
const TlsEndpoint* reachable(const TlsHost& host) {
  for (const TlsEndpoint& endpoint : host.endpoints) {
    if (endpoint.probe.ok()) return &endpoint;
  }
  for (const TlsEndpoint& endpoint : host.endpoints) {
    const ProbeOutcome outcome = endpoint.probe.outcome;
    if (outcome == ProbeOutcome::Alert || outcome == ProbeOutcome::Closed || outcome == ProbeOutcome::Failed)
      return &endpoint;
  }
  return nullptr;
}

constexpr std::array<TlsVersion, kProtocols> kVersions = {TlsVersion::Any, TlsVersion::Tls10, TlsVersion::Tls11,
                                                          TlsVersion::Tls12, TlsVersion::Tls13};

// What the second pass asks a host; indices into its list of probes.
struct Questions {
  TlsHost* host = nullptr;
  std::array<int, kProtocols> versions{-1, -1, -1, -1, -1};
  std::vector<std::size_t> weak;
  int without_name = -1;
};

std::vector<std::uint16_t> ids_of(const std::vector<WeakSuite>& suites) {
  std::vector<std::uint16_t> ids;
  for (const WeakSuite& suite : suites) ids.push_back(suite.id);
  return ids;
}

// What anything that still speaks SSLv3 has: 3DES, RC4, AES with CBC, and two of the time's worst.
std::vector<std::uint16_t> ssl3_suites() {
  return {0x000a, 0x0005, 0x0004, 0x002f, 0x0035, 0x0016, 0x0033, 0x0039, 0x0009, 0x0015};
}

// The highest version is known from the first handshake: a server that can speak 1.3 does.
void ask_versions(const TlsEndpoint& first, const TlsProbe& base, Questions& questions, std::vector<TlsProbe>& probes) {
  const std::size_t highest = !first.probe.ok() || first.probe.protocol == "TLSv1.3" ? 4
                              : first.probe.protocol == "TLSv1.2"                    ? 3
                              : first.probe.protocol == "TLSv1.1"                    ? 2
                                                                                     : 1;
  for (std::size_t v = 1; v < kProtocols; ++v) {
    if (first.probe.ok() && v >= highest) {
      questions.host->protocols[v] = v == highest ? Accepts::Yes : Accepts::No;
      continue;
    }
    questions.versions[v] = static_cast<int>(probes.size());
    probes.push_back(base);
    probes.back().version = kVersions[v];
  }
  questions.versions[0] = static_cast<int>(probes.size());
  probes.push_back(base);
  probes.back().hello = ClientHello{kSsl3, ssl3_suites(), {}};
}

Questions ask_more(TlsHost& host, std::size_t index, std::vector<TlsProbe>& probes) {
  Questions questions;
  questions.host = &host;
  const TlsEndpoint* first = reachable(host);
  if (first == nullptr) return questions;
  const TlsProbe base = probe_of(host, index, first->address);
  ask_versions(*first, base, questions, probes);
  for (const std::vector<WeakSuite>& group : weak_suites()) {
    questions.weak.push_back(probes.size());
    probes.push_back(base);
    probes.back().hello = ClientHello{kTls12, ids_of(group), host.target.host};
  }
  if (host.target.is_address || !first->probe.ok()) return questions;
  questions.without_name = static_cast<int>(probes.size());
  probes.push_back(base);
  probes.back().server_name.clear();
  return questions;
}

Accepts accepts(const TlsProbe& probe) {
  switch (probe.outcome) {
    case ProbeOutcome::Done: return Accepts::Yes;
    case ProbeOutcome::Alert:
    case ProbeOutcome::Closed:
    case ProbeOutcome::NotTls:
    case ProbeOutcome::Failed: return Accepts::No;
    default: return Accepts::Unknown;
  }
}

void take_weak(const TlsProbe& probe, const std::vector<WeakSuite>& group, TlsHost& host) {
  if (accepts(probe) == Accepts::Unknown) host.weak_unknown = probe.failure;
  if (!probe.ok()) return;
  for (const WeakSuite& suite : group) {
    const bool known = std::find(host.weak.begin(), host.weak.end(), suite.weak) != host.weak.end();
    if (suite.id == probe.answer.cipher && !known) host.weak.push_back(suite.weak);
  }
}

void take_forward_secrecy(const Questions& questions, const std::vector<TlsProbe>& probes) {
  const TlsEndpoint* first = questions.host->first_ok();
  const TlsProbe* old = questions.versions[3] >= 0 ? &probes[static_cast<std::size_t>(questions.versions[3])]
                        : first != nullptr         ? &first->probe
                                                   : nullptr;
  if (old == nullptr || !old->ok()) return;
  questions.host->forward_secrecy = old->forward_secrecy;
  questions.host->old_cipher = old->cipher;
}

void take_answers(const Questions& questions, const std::vector<TlsProbe>& probes) {
  TlsHost& host = *questions.host;
  for (std::size_t v = 0; v < kProtocols; ++v) {
    if (questions.versions[v] >= 0)
      host.protocols[v] = accepts(probes[static_cast<std::size_t>(questions.versions[v])]);
  }
  if (questions.versions[0] >= 0 && host.protocols[0] == Accepts::Yes &&
      probes[static_cast<std::size_t>(questions.versions[0])].answer.version != kSsl3) {
    host.protocols[0] = Accepts::No;
  }
  for (std::size_t i = 0; i < questions.weak.size(); ++i) take_weak(probes[questions.weak[i]], weak_suites()[i], host);
  take_forward_secrecy(questions, probes);
  if (questions.without_name < 0) return;
  const TlsProbe& unnamed = probes[static_cast<std::size_t>(questions.without_name)];
  const TlsEndpoint* first = host.first_ok();
  if (first == nullptr || unnamed.chain.empty() || unnamed.chain.front() == first->probe.chain.front()) return;
  if (auto certificate = read_certificate(as_bytes(unnamed.chain.front()))) host.without_name = std::move(*certificate);
}

void second_pass(const ProbeContext& context, const ProbeLimits& limits, std::vector<TlsHost*>& hosts) {
  std::vector<TlsProbe> probes;
  std::vector<Questions> all;
  for (std::size_t i = 0; i < hosts.size(); ++i) all.push_back(ask_more(*hosts[i], i, probes));
  run_probes(context, limits, probes);
  for (const Questions& questions : all) take_answers(questions, probes);
}

// A server that took one cipher of a mixed list may take the other kinds of it too: each is asked for alone.
void third_pass(const ProbeContext& context, const ProbeLimits& limits, std::vector<TlsHost*>& hosts) {
  std::vector<TlsProbe> probes;
  std::vector<std::vector<WeakSuite>> lists;
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    const TlsEndpoint* at = reachable(*hosts[i]);
    for (const std::vector<WeakSuite>& group : weak_suites()) {
      const auto taken = [&](const WeakSuite& suite) {
        return std::find(hosts[i]->weak.begin(), hosts[i]->weak.end(), suite.weak) != hosts[i]->weak.end();
      };
      if (at == nullptr || std::none_of(group.begin(), group.end(), taken)) continue;
      for (const WeakCipher weak :
           {WeakCipher::Export, WeakCipher::Des, WeakCipher::NoEncryption, WeakCipher::NoAuthentication}) {
        std::vector<WeakSuite> list;
        std::copy_if(group.begin(), group.end(), std::back_inserter(list),
                     [&](const WeakSuite& s) { return s.weak == weak && !taken(s); });
        if (list.empty()) continue;
        probes.push_back(probe_of(*hosts[i], i, at->address));
        probes.back().hello = ClientHello{kTls12, ids_of(list), hosts[i]->target.host};
        lists.push_back(std::move(list));
      }
    }
  }
  run_probes(context, limits, probes);
  for (std::size_t i = 0; i < probes.size(); ++i) take_weak(probes[i], lists[i], *hosts[probes[i].host]);
}

void judge_endpoint(const TrustStore& store, const TlsHost& host, TlsEndpoint& endpoint) {
  if (endpoint.probe.chain.empty()) return;
  const SentChain sent(endpoint.probe.chain);
  endpoint.sent = sent.facts();
  endpoint.chain = store.verify(sent);
  endpoint.name = sent.match(host.target.host);
  endpoint.staple = store.judge_staple(sent, endpoint.probe.staple);
}

void probe_hosts(const ProbeContext& context, const TrustStore& store, const TlsRequest& request,
                 std::vector<TlsHost>& hosts) {
  const auto count =
      static_cast<unsigned>(std::min<std::size_t>(thread_count(0), std::max<std::size_t>(hosts.size(), 1)));
  const auto work = [&](unsigned first) {
    std::vector<TlsHost*> mine;
    for (std::size_t i = first; i < hosts.size(); i += count) mine.push_back(&hosts[i]);
    first_pass(context, request.limits, mine);
    for (TlsHost* host : mine) {
      for (TlsEndpoint& endpoint : host->endpoints) judge_endpoint(store, *host, endpoint);
    }
    second_pass(context, request.limits, mine);
    third_pass(context, request.limits, mine);
  };
  const unsigned ran = run_threads(count, work);
  for (unsigned missed = ran; missed < count; ++missed) work(missed);
}

bool is_of_certificate(std::string_view id) {
  static constexpr std::string_view kIds[] = {
      "TLS-EXPIRED",     "TLS-NOT-YET", "TLS-SELF-SIGNED", "TLS-CHAIN-INCOMPLETE", "TLS-UNTRUSTED", "TLS-CHAIN-INVALID",
      "TLS-CHAIN-ORDER", "TLS-EXPIRY",  "TLS-RENEWAL",     "TLS-LIFETIME",         "TLS-KEY",       "TLS-SIG",
      "TLS-REVOKED",     "TLS-STAPLE"};
  return std::find(std::begin(kIds), std::end(kIds), id) != std::end(kIds);
}

bool same_chain(const TlsHost& a, const TlsHost& b) {
  const TlsEndpoint *one = a.first_ok(), *other = b.first_ok();
  return one != nullptr && other != nullptr && one->probe.chain == other->probe.chain;
}

// Judges each host. What several hosts have because they show the same certificate, as root and www do, is one row.
void judge_hosts(const std::vector<TlsHost>& hosts, std::int64_t now, readiness::Report& report) {
  std::vector<const TlsHost*> owners;  // of each problem
  for (const TlsHost& host : hosts) {
    judge_tls_host(host, now, report);
    const auto first = report.problems.begin() + static_cast<std::ptrdiff_t>(owners.size());
    std::vector<readiness::Problem> own(std::make_move_iterator(first), std::make_move_iterator(report.problems.end()));
    report.problems.erase(first, report.problems.end());
    for (readiness::Problem& problem : own) {
      const auto same = [&](std::size_t at) {
        const readiness::Problem& known = report.problems[at];
        return known.id == problem.id && known.why == problem.why && known.severity == problem.severity &&
               same_chain(*owners[at], host);
      };
      std::size_t at = is_of_certificate(problem.id) ? 0 : owners.size();
      while (at < owners.size() && !same(at)) ++at;
      if (at < owners.size()) {
        report.problems[at].spots.push_back(problem.spots.front());
      } else {
        owners.push_back(&host);
        report.problems.push_back(std::move(problem));
      }
    }
  }
}

std::string coverage_of(const std::vector<TlsHost>& hosts) {
  std::size_t handshakes = 0;
  for (const TlsHost& host : hosts) {
    for (const TlsEndpoint& endpoint : host.endpoints) handshakes += endpoint.ok() ? 1 : 0;
  }
  return fmt::format("{} host{}, handshakes with {} address{}", hosts.size(), hosts.size() == 1 ? "" : "s", handshakes,
                     handshakes == 1 ? "" : "es");
}

}  // namespace

const TlsEndpoint* TlsHost::first_ok() const {
  const auto found = std::find_if(endpoints.begin(), endpoints.end(), [](const TlsEndpoint& e) { return e.ok(); });
  return found == endpoints.end() ? nullptr : &*found;
}

std::int64_t days_left(const Certificate& certificate, std::int64_t now) {
  const std::int64_t left = certificate.not_after - now;
  return left >= 0 ? left / kDay : -((-left + kDay - 1) / kDay);
}

Expiry judge_expiry(const Certificate& certificate, std::int64_t now) {
  const std::int64_t lifetime = std::max<std::int64_t>(certificate.not_after - certificate.not_before, 0);
  const std::int64_t left = certificate.not_after - now;
  if (left < 0) return Expiry::Over;
  const std::int64_t error = lifetime <= 47 * kDay ? lifetime / 10 : 7 * kDay;
  if (left < error) return Expiry::VerySoon;
  if (left < std::min(lifetime / 3, 21 * kDay)) return Expiry::Soon;
  // Automatic renewal of such short ones happens with a third left.
  return lifetime <= 100 * kDay && left < lifetime / 3 - kDay ? Expiry::RenewalLate : Expiry::Fine;
}

Result<TlsResult> check_tls(const TlsRequest& request) {
  const auto started = std::chrono::steady_clock::now();
  const auto rules = parse_resolve_rules(request.resolve);
  if (!rules) return tl::unexpected(rules.error());
  auto hosts = parse_hosts(request, *rules);
  if (!hosts) return tl::unexpected(hosts.error());
  const auto store = TrustStore::open(request.ca_file, request.now);
  if (!store) return tl::unexpected(store.error());
  const auto context = ProbeContext::make();
  if (!context) return tl::unexpected(context.error());
  locate(*hosts, *rules);
  probe_hosts(*context, *store, request, *hosts);
  TlsResult result;
  result.report.command = "tls";
  result.report.subject = hosts->empty() ? "" : name_both_ways(hosts->front().target.host);
  judge_hosts(*hosts, request.now, result.report);
  std::vector<std::string> names;
  for (const TlsHost& host : *hosts) names.push_back(host.target.host);
  result.report.facts = names_table(names);
  for (readiness::FactTable& table : tls_facts(*hosts, request.now)) result.report.facts.push_back(std::move(table));
  result.report.coverage = coverage_of(*hosts);
  result.report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  readiness::sort_problems(result.report.problems);
  result.hosts = std::move(*hosts);
  return result;
}

}  // namespace tightship::net
