#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "net/http_problems.h"

namespace tightship::net {
namespace {

using detect::RiskClass;
using detect::Severity;
using readiness::Problem;
using readiness::Report;

void put(Problem& problem, std::string why, std::string breaks, std::string fix, std::uint32_t minutes,
         std::vector<std::string> commands = {}) {
  problem.why = std::move(why);
  problem.breaks = std::move(breaks);
  problem.fix = std::move(fix);
  problem.minutes = minutes;
  problem.commands = std::move(commands);
}

// Adds, or says the place again of a problem that is there already: http and https starts share most hops.
Problem* add(Report& report, Problem problem) {
  for (Problem& known : report.problems) {
    if (known.id != problem.id || known.subject != problem.subject) continue;
    if (known.spots.size() < 10) known.spots.push_back(problem.spots.front());
    return nullptr;
  }
  report.problems.push_back(std::move(problem));
  return &report.problems.back();
}

Problem* add(Report& report, std::string id, Severity severity, RiskClass risk, std::string title,
             const std::string& subject, const std::string& place) {
  return add(report, http_problem(std::move(id), severity, risk, std::move(title), subject, place));
}

std::string curl_command(const std::string& url) { return "curl -sI " + shell_quoted(url); }

std::string trail(const Start& start) {
  std::string text = start.url;
  constexpr std::size_t kMost = 5;
  for (std::size_t i = 0; i < std::min(start.hops.size(), kMost); ++i) {
    if (!start.hops[i].to.empty()) text += " -> " + start.hops[i].to;
  }
  return text + (start.hops.size() > kMost ? " ..." : "");
}

// The same for every start that runs into the same circle: the least of its URLs.
std::string circle_name(const Start& start) {
  std::string least = start.last().to;
  bool inside = false;
  for (const Hop& hop : start.hops) {
    inside = inside || hop.url.text == start.last().to;
    if (inside) least = std::min(least, hop.url.text);
  }
  return least;
}

void judge_failure(const Start& start, Report& report) {
  const Hop& hop = start.last();
  const HttpResponse& response = hop.response;
  const std::string origin = hop.url.origin();
  const bool plain = hop.url.scheme == "http";
  switch (response.failure) {
    case HttpFailure::None: return;
    case HttpFailure::Resolve:
    case HttpFailure::Unreachable:
    case HttpFailure::Timeout:
    case HttpFailure::Internal:
      if (std::none_of(report.losses.begin(), report.losses.end(),
                       [&](const Loss& loss) { return loss.where == hop.url.text; })) {
        add_http_loss(report, hop.url.text, response.failure_text);
      }
      return;
    case HttpFailure::Refused:
      if (Problem* p = add(report, "HTTP-CONNECT", plain ? Severity::Warning : Severity::Error,
                           plain ? RiskClass::ConversionBlocker : RiskClass::LaunchBlocker,
                           fmt::format("Nothing listens at {}", origin), origin, hop.url.text)) {
        put(*p, fmt::format("{} refused the connection", hop.url.host),
            plain ? "old links and typed addresses fail before they reach https" : "the site cannot be opened",
            plain ? "let the server listen on port 80 too, and redirect everything to https"
                  : "start the server, or open the port",
            15);
      }
      return;
    case HttpFailure::Certificate:
    case HttpFailure::Tls:
      if (Problem* p =
              add(report, "HTTP-CERTIFICATE", Severity::Error, RiskClass::LaunchBlocker,
                  fmt::format("No secure connection to {} can be made", hop.url.host), hop.url.host, hop.url.text)) {
        put(*p, response.failure_text, "the site cannot be opened",
            fmt::format("tightship tls {} says what is wrong", hop.url.host), 20);
      }
      return;
    case HttpFailure::Headers:
    case HttpFailure::Protocol:
      if (Problem* p = add(report, "HTTP-ANSWER", Severity::Error, RiskClass::LaunchBlocker,
                           fmt::format("{} answers, but not in HTTP", origin), origin, hop.url.text)) {
        put(*p, response.failure_text, "browsers show an error instead of the site",
            "look at what listens there and at its error log", 20, {curl_command(hop.url.text)});
      }
      return;
  }
}

void judge_end(const Start& start, Report& report) {
  const Hop& hop = start.last();
  const std::string& at = hop.url.text;
  switch (start.end) {
    case StartEnd::Answer: return;
    case StartEnd::Failed: return judge_failure(start, report);
    case StartEnd::Loop:
      if (Problem* p = add(report, "HTTP-LOOP", Severity::Error, RiskClass::LaunchBlocker,
                           fmt::format("{} redirects in a circle", hop.url.host), circle_name(start), start.url)) {
        put(*p, trail(start), "browsers show \"too many redirects\" instead of the site",
            "two places redirect against each other, often the CDN (SSL mode \"flexible\") and the server: let only "
            "one of them do it",
            20, {"curl -sIL --max-redirs 5 " + shell_quoted(start.url)});
      }
      return;
    case StartEnd::TooMany:
      if (Problem* p = add(report, "HTTP-LOOP", Severity::Error, RiskClass::LaunchBlocker,
                           fmt::format("{} redirects without an end", hop.url.host), hop.url.host, start.url)) {
        put(*p, fmt::format("{} redirects, and another: {}", kMaxHops, trail(start)), "browsers give up",
            "redirect each address to the final one directly", 20);
      }
      return;
    case StartEnd::ForeignHost:
      if (Problem* p = add(report, "HTTP-FOREIGN", Severity::Warning, RiskClass::ConversionBlocker,
                           fmt::format("{} leads to a host that is not yours", start.hops.front().url.host), hop.to,
                           start.url)) {
        put(*p, fmt::format("{} redirects to {}, which was not visited", at, hop.to),
            "if this is not on purpose, visitors end at somebody else's site",
            "correct the redirect, or name the host in tightship.toml: [site] hosts = [...]", 10);
      }
      return;
    case StartEnd::OtherScheme:
      if (Problem* p =
              add(report, "HTTP-SCHEME", Severity::Error, RiskClass::LaunchBlocker,
                  fmt::format("{} redirects to something that is no web address", hop.url.host), at, start.url)) {
        put(*p, fmt::format("to {}", hop.to), "browsers refuse it; the page stays blank", "correct the redirect", 10,
            {curl_command(at)});
      }
      return;
    case StartEnd::NoTarget:
      if (Problem* p = add(report, "HTTP-NO-TARGET", Severity::Error, RiskClass::LaunchBlocker,
                           fmt::format("{} redirects without saying where to", hop.url.host), at, start.url)) {
        put(*p, fmt::format("status {} without a usable Location header", hop.response.status),
            "browsers show an error or a blank page", "correct the redirect", 10, {curl_command(at)});
      }
      return;
  }
}

bool is_permanent(int status) { return status == 301 || status == 308; }

void judge_hops(const Start& start, Report& report) {
  for (const Hop& hop : start.hops) {
    if (hop.certificate_bad) {
      if (Problem* p =
              add(report, "HTTP-CERTIFICATE", Severity::Error, RiskClass::LaunchBlocker,
                  fmt::format("Browsers warn before they show {}", hop.url.host), hop.url.host, hop.url.text)) {
        put(*p, hop.certificate_text, "visitors see a security warning, even where the page would only redirect",
            fmt::format("tightship tls {} says what is wrong", hop.url.host), 20);
      }
    }
    if (hop.to.empty()) continue;
    const auto to = parse_url(hop.to);
    if (!to || !to->is_http()) continue;
    if (hop.url.scheme == "https" && to->scheme == "http") {
      if (Problem* p =
              add(report, "HTTP-DOWNGRADE", Severity::Error, RiskClass::LaunchBlocker,
                  fmt::format("{} sends visitors from https back to http", hop.url.host), hop.url.text, hop.url.text)) {
        put(*p, fmt::format("{} redirects to {}", hop.url.text, hop.to),
            "whoever is in between can read and change the page",
            "write https:// into the redirect; behind a proxy trust X-Forwarded-Proto", 15,
            {curl_command(hop.url.text)});
      }
    }
    const bool moves = hop.url.scheme != to->scheme || hop.url.host != to->host;
    if (moves && !is_permanent(hop.response.status) && start.end != StartEnd::ForeignHost) {
      if (Problem* p = add(report, "HTTP-TEMPORARY", Severity::Warning, RiskClass::ConversionBlocker,
                           fmt::format("The redirect of {} is a temporary one", hop.url.origin()), hop.url.origin(),
                           hop.url.text)) {
        put(*p, fmt::format("{} answers {}; a lasting move is 301 or 308", hop.url.text, hop.response.status),
            "search engines keep the old address in their index", "answer 301 (or 308)", 5);
      }
    }
    if (hop.url.scheme == "http" && to->scheme == "https" && hop.url.host != to->host) {
      if (Problem* p = add(report, "HTTP-HTTPS-FIRST", Severity::Note, RiskClass::ScaleRisk,
                           fmt::format("{} changes the host together with the scheme", hop.url.origin()),
                           hop.url.origin(), hop.url.text)) {
        put(*p, fmt::format("{} goes to {} at once", hop.url.text, hop.to),
            fmt::format("browsers never learn that {} is https only (HSTS)", hop.url.host),
            fmt::format("redirect to https://{} first", hop.url.host), 10);
      }
    }
  }
  const std::size_t count = start.redirects();
  if (start.end != StartEnd::Answer || count <= 2) return;
  if (Problem* p =
          add(report, "HTTP-HOPS", count > 5 ? Severity::Error : Severity::Warning, RiskClass::ConversionBlocker,
              fmt::format("It takes {} redirects until {} is reached", count, start.last().url.text),
              start.last().url.text, start.url)) {
    put(*p, trail(start), "each one costs a round trip; on a phone a second or more in all",
        "redirect to the final address directly", 15);
  }
}

void judge_plain(const Start& start, Report& report) {
  if (start.end != StartEnd::Answer || start.last().url.scheme != "http" || start.last().response.status >= 500) return;
  const Url& url = start.last().url;
  if (start.hops.front().url.scheme != "http") return;  // the downgrade is a row of its own
  if (Problem* p = add(report, "HTTP-PLAIN", Severity::Error, RiskClass::LaunchBlocker,
                       fmt::format("{} is served without encryption", url.host), url.origin(), url.text)) {
    put(*p, fmt::format("{} answers {} instead of a redirect to https", url.text, start.last().response.status),
        "browsers say \"not secure\"; passwords and cookies go over the network in the clear",
        fmt::format("answer every http request with 301 to https://{}", url.host), 10);
  }
}

// The service behind the host has no site of its name.
bool judge_unclaimed(const Start& start, Report& report) {
  const Url& url = start.last().url;
  const std::string_view service = unclaimed_at(start.last().response);
  if (service.empty()) return false;
  if (Problem* p = add(report, "HTTP-UNCLAIMED", Severity::Error, RiskClass::LaunchBlocker,
                       fmt::format("Strangers may take {} over", url.host), url.host, url.text)) {
    put(*p, fmt::format("it leads to {}, which answers that it has no such site", service),
        "whoever makes a site of that name there serves pages, sets cookies and gets a certificate in your name",
        fmt::format("connect {} at {} again, or remove its DNS record", url.host, service), 15,
        {curl_command(url.text)});
    p->urgent = true;
  }
  return true;
}

void judge_status(const Start& start, Report& report) {
  const int status = start.last().response.status;
  if (start.end != StartEnd::Answer || judge_unclaimed(start, report)) return;
  if (status < 400 || start.last().url.scheme != "https") return;
  if (Problem* p =
          add(report, "HTTP-STATUS", Severity::Error, RiskClass::LaunchBlocker,
              fmt::format("{} answers with an error", start.last().url.host), start.last().url.text, start.url)) {
    put(*p,
        status == 401 || status == 403 ? fmt::format("status {}: it asks for a password or refuses visitors", status)
                                       : fmt::format("status {}", status),
        "nobody sees the site",
        status == 401 ? "take the protection away before the launch" : "look at the server's error log", 20,
        {curl_command(start.last().url.text)});
  }
}

// The https ends of root and www.
void judge_canonical(const HttpFacts& facts, const SiteConfig& config, Report& report) {
  std::set<std::string> hosts, urls;
  for (const Start& start : facts.starts) {
    if (start.end != StartEnd::Answer || start.last().url.scheme != "https" || start.last().response.status >= 400)
      continue;
    hosts.insert(start.last().url.origin());
    urls.insert(start.last().url.text);
  }
  if (hosts.size() > 1) {
    const bool declared = !facts.page.canonical.empty();
    if (Problem* p =
            add(report, "HTTP-CANONICAL", declared ? Severity::Warning : Severity::Error, RiskClass::ConversionBlocker,
                fmt::format("{} answers at two addresses", facts.root), facts.root, *hosts.begin())) {
      for (auto at = std::next(hosts.begin()); at != hosts.end(); ++at) p->spots.push_back({*at, 0, 0});
      put(*p,
          fmt::format("{} and {} both show a page{}", *hosts.begin(), *std::next(hosts.begin()),
                      declared ? ", though it names its canonical address" : ""),
          "search engines see two sites; logins do not carry over from one to the other",
          fmt::format(
              "choose one and answer 301 at the other; write it down: [site] canonical = \"{}\" in tightship.toml",
              *hosts.rbegin()),
          15);
    }
  } else if (urls.size() > 1) {
    if (Problem* p =
            add(report, "HTTP-CANONICAL", Severity::Warning, RiskClass::ConversionBlocker,
                fmt::format("The starts of {} end at different pages", facts.root), facts.root, *urls.begin())) {
      put(*p, fmt::format("{} and {}", *urls.begin(), *std::next(urls.begin())), "links and statistics are split",
          "redirect all to one address", 15);
    }
  }
  if (config.canonical.empty() || hosts.empty() || hosts.contains(config.canonical)) return;
  if (Problem* p = add(report, "HTTP-CANONICAL", Severity::Error, RiskClass::ConversionBlocker,
                       fmt::format("{} does not lead to its canonical address", facts.root), facts.root + " configured",
                       *hosts.begin())) {
    put(*p, fmt::format("tightship.toml says {}, the starts end at {}", config.canonical, *hosts.begin()),
        "links, logins and callbacks are set up for another address", "correct the redirect, or the configuration", 15);
  }
}

std::string statuses(const Start& start) {
  std::string text;
  for (const Hop& hop : start.hops) {
    text += (text.empty() ? "" : " ") + (hop.response.ok() ? std::to_string(hop.response.status) : std::string("-"));
  }
  return text;
}

std::string end_text(const Start& start) {
  switch (start.end) {
    case StartEnd::Answer: return start.last().url.text;
    case StartEnd::Loop: return "a circle";
    case StartEnd::TooMany: return "no end";
    case StartEnd::ForeignHost:
    case StartEnd::OtherScheme: return start.last().to + " (not visited)";
    case StartEnd::NoTarget: return "nowhere";
    case StartEnd::Failed: break;
  }
  return "no answer";
}

}  // namespace

Problem http_problem(std::string id, Severity severity, RiskClass risk, std::string title, std::string subject,
                     std::string place) {
  Problem problem;
  problem.id = std::move(id);
  problem.source = "http";
  problem.severity = severity;
  problem.risk_class = risk;
  problem.exposure = readiness::Exposure::Web;
  problem.title = std::move(title);
  problem.subject = std::move(subject);
  problem.spots.push_back({std::move(place), 0, 0});
  return problem;
}

void add_http_loss(Report& report, std::string where, std::string what) {
  ++report.loss_count;
  if (report.losses.size() < Ledger::kMaxEntries) {
    report.losses.push_back(
        {LossKind::Unreachable, std::move(what), std::move(where), "check the network, then run again"});
  }
}

void judge_redirects(const HttpFacts& facts, const SiteConfig& config, Report& report) {
  for (const auto* starts : {&facts.starts, &facts.others}) {
    for (const Start& start : *starts) {
      judge_end(start, report);
      judge_hops(start, report);
      judge_plain(start, report);
      judge_status(start, report);
    }
  }
  judge_canonical(facts, config, report);
  for (const Start& start : facts.starts) {
    if (start.end == StartEnd::Answer && start.last().response.status < 400 && start.last().url.scheme == "https") {
      report.passed.push_back({"HTTP-START", fmt::format("{} ends at {}", start.url, start.last().url.text)});
    }
  }
}

std::vector<readiness::FactTable> http_facts(const HttpFacts& facts) {
  readiness::FactTable table{"redirects", {"start", "answers", "ends at", "ms", "served by"}, {}};
  for (const auto* starts : {&facts.starts, &facts.others}) {
    for (const Start& start : *starts) {
      double seconds = 0;
      for (const Hop& hop : start.hops) seconds += hop.response.seconds;
      table.rows.push_back({start.url, statuses(start), end_text(start), fmt::format("{:.0f}", seconds * 1000),
                            proxy_of(start.last().response)});
    }
  }
  std::vector<readiness::FactTable> all{std::move(table)};
  if (!facts.routes.empty()) {
    readiness::FactTable routes{"routes", {"route", "answer", "ms"}, {}};
    for (const RouteResult& route : facts.routes) {
      routes.rows.push_back({route.route.method + " " + route.url,
                             route.response.ok() ? std::to_string(route.response.status) : "-",
                             fmt::format("{:.0f}", route.response.seconds * 1000)});
    }
    all.push_back(std::move(routes));
  }
  if (!facts.latency.empty()) {
    readiness::FactTable latency{"latency", {"url", "requests", "p50 ms", "p95 ms", "errors"}, {}};
    for (const LatencyRow& row : facts.latency) {
      latency.rows.push_back({row.url, std::to_string(row.count), fmt::format("{:.0f}", row.p50_ms),
                              fmt::format("{:.0f}", row.p95_ms), fmt::format("{:.0f} %", row.error_rate * 100)});
    }
    all.push_back(std::move(latency));
  }
  return all;
}

}  // namespace tightship::net
