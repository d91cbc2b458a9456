#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <iterator>

#include "net/http_headers.h"
#include "net/http_problems.h"

namespace tightship::net {
namespace {

using detect::RiskClass;
using detect::Severity;
using readiness::Problem;
using readiness::Report;

constexpr std::uint64_t kDay = 86'400, kHalfYear = 15'768'000, kYear = 31'536'000;

Problem& add(Report& report, std::string id, Severity severity, RiskClass risk, std::string title,
             const std::string& subject, const std::string& place) {
  report.problems.push_back(http_problem(std::move(id), severity, risk, std::move(title), subject, place));
  return report.problems.back();
}

void put(Problem& problem, std::string why, std::string breaks, std::string fix, std::uint32_t minutes,
         std::vector<std::string> commands = {}) {
  problem.why = std::move(why);
  problem.breaks = std::move(breaks);
  problem.fix = std::move(fix);
  problem.minutes = minutes;
  problem.commands = std::move(commands);
}

// --- HSTS ---

void hsts_row(const Url& url, Severity severity, std::string why, Report& report) {
  Problem& p = add(report, "HTTP-HSTS", severity, RiskClass::ScaleRisk,
                   fmt::format("{} does not tell browsers to stay with https", url.host), url.host, url.text);
  put(p, std::move(why), "the first request of a visit can go over http, where it can be read and redirected",
      "send Strict-Transport-Security: max-age=31536000 once everything works with https", 10);
}

// Of a host whose https part answered; each host needs its own.
void judge_hsts(const Hop& hop, Report& report) {
  const auto all = all_headers(hop.response, "strict-transport-security");
  if (all.empty()) return hsts_row(hop.url, Severity::Warning, "there is no Strict-Transport-Security header", report);
  if (all.size() > 1)
    return hsts_row(hop.url, Severity::Warning,
                    fmt::format("the header is there {} times; browsers take the first", all.size()), report);
  const Hsts hsts = parse_hsts(all.front());
  if (!hsts.valid) return hsts_row(hop.url, Severity::Warning, "the header has no usable max-age", report);
  if (hsts.max_age == 0) return hsts_row(hop.url, Severity::Warning, "max-age=0 switches it off", report);
  if (hsts.max_age < kDay)
    return hsts_row(hop.url, Severity::Warning, fmt::format("it holds for {} s only", hsts.max_age), report);
  if (hsts.max_age < kHalfYear)
    return hsts_row(hop.url, Severity::Note,
                    fmt::format("it holds for {} days; half a year is usual", hsts.max_age / kDay), report);
  if (hsts.preload && (!hsts.include_subdomains || hsts.max_age < kYear)) {
    Problem& p =
        add(report, "HTTP-HSTS-PRELOAD", Severity::Warning, RiskClass::ScaleRisk,
            fmt::format("{} asks to be preloaded but does not qualify", hop.url.host), hop.url.host, hop.url.text);
    return put(p, "preload needs includeSubDomains and a max-age of a year", "browsers do not take it into their list",
               "take preload out, or send max-age=31536000; includeSubDomains; preload", 10);
  }
  report.passed.push_back({"HTTP-HSTS", fmt::format("{}: {} days", hop.url.host, hsts.max_age / kDay)});
}

// The host that said so, of those that `host` is below; empty when none did. A redirect counts as a page does, unless
// browsers did not believe its certificate.
std::string hsts_above(const HttpFacts& facts, const std::string& host) {
  for (const Start& start : facts.starts) {
    for (const Hop& hop : start.hops) {
      if (hop.url.scheme != "https" || hop.certificate_bad || !host.ends_with("." + hop.url.host)) continue;
      const std::string* value = header(hop.response, "strict-transport-security");
      if (value != nullptr && parse_hsts(*value).valid && parse_hsts(*value).include_subdomains) return hop.url.host;
    }
  }
  return {};
}

bool has_working_https(const Hop& hop) {
  const HttpFailure failure = hop.response.failure;
  return !hop.certificate_bad && failure != HttpFailure::Refused && failure != HttpFailure::Tls &&
         failure != HttpFailure::Certificate;
}

// includeSubDomains forbids http below the domain: a configured host that has no https is cut off.
void judge_subdomains(const HttpFacts& facts, Report& report) {
  for (const Start& start : facts.others) {
    if (start.hops.empty() || start.hops.front().url.scheme != "https") continue;
    const Url& url = start.hops.front().url;
    const std::string above = has_working_https(start.hops.front()) ? std::string() : hsts_above(facts, url.host);
    if (above.empty()) continue;
    Problem& p = add(report, "HTTP-HSTS-SUBDOMAIN", Severity::Error, RiskClass::LaunchBlocker,
                     fmt::format("{} can no longer be opened by visitors of {}", url.host, above), url.host, url.text);
    put(p, fmt::format("{} sends includeSubDomains, and {} has no working https", above, url.host),
        "browsers that have seen the site refuse http below it",
        fmt::format("give {} a certificate, or take includeSubDomains out", url.host), 30);
  }
}

// --- cookies ---

void judge_cookies(const Hop& hop, Report& report) {
  std::vector<std::string> open, readable, loose, broken;
  for (const std::string_view value : all_headers(hop.response, "set-cookie")) {
    const auto cookie = parse_set_cookie(value);
    if (!cookie) continue;
    const bool session = looks_like_session(*cookie);
    if (!cookie->secure) open.push_back(cookie->name);
    if (session && !cookie->http_only) readable.push_back(cookie->name);
    if (session && cookie->same_site == SameSite::Absent) loose.push_back(cookie->name);
    const bool host_prefix = cookie->name.starts_with("__Host-"), secure_prefix = cookie->name.starts_with("__Secure-");
    if ((host_prefix && (!cookie->secure || cookie->has_domain || !cookie->root_path)) ||
        (secure_prefix && !cookie->secure))
      broken.push_back(cookie->name);
  }
  const auto row = [&](const std::vector<std::string>& names, const char* id, std::string_view title,
                       std::string_view why, std::string_view breaks, std::string_view fix) {
    if (names.empty()) return;
    Problem& p = add(report, id, Severity::Warning, RiskClass::ScaleRisk,
                     fmt::format("{}: {}{}", title, names.front(),
                                 names.size() > 1 ? fmt::format(" and {} more", names.size() - 1) : ""),
                     hop.url.host + " " + names.front(), hop.url.text);
    put(p, std::string(why), std::string(breaks), std::string(fix), 10);
  };
  row(open, "HTTP-COOKIE-SECURE", "A cookie is also sent without encryption", "it has no Secure attribute",
      "whoever listens to one http request has the cookie", "set Secure");
  row(readable, "HTTP-COOKIE-HTTPONLY", "Scripts can read a login cookie", "it has no HttpOnly attribute",
      "one injected script takes over accounts", "set HttpOnly");
  row(loose, "HTTP-COOKIE-SAMESITE", "A login cookie does not say who may send it", "it has no SameSite attribute",
      "older browsers send it with requests that other sites make", "set SameSite=Lax");
  row(broken, "HTTP-COOKIE-PREFIX", "Browsers refuse a cookie", "its name promises what its attributes do not keep",
      "the login or setting it carries does not work",
      "__Host- needs Secure and Path=/ and no Domain; __Secure- needs Secure");
}

// --- caching ---

bool is_hit(const HttpResponse& response) {
  for (const char* name : {"cf-cache-status", "x-cache", "x-vercel-cache"}) {
    const std::string* value = header(response, name);
    if (value != nullptr && (value->starts_with("HIT") || value->starts_with("Hit"))) return true;
  }
  const std::string* age = header(response, "age");
  return age != nullptr && !age->empty() && *age != "0";
}

CacheControl cache_control(const HttpResponse& response) {
  std::string all;
  for (const std::string_view value : all_headers(response, "cache-control"))
    all += (all.empty() ? "" : ",") + std::string(value);
  return parse_cache_control(all);
}

void judge_cached_cookie(const Hop& hop, Report& report) {
  if (header(hop.response, "set-cookie") == nullptr) return;
  const CacheControl cache = cache_control(hop.response);
  if (cache.no_store || cache.is_private) return;
  const bool hit = is_hit(hop.response), shared = cache.is_public || cache.s_maxage.value_or(0) > 0;
  if (!hit && !shared) return;
  Problem& p = add(report, "HTTP-CACHE-COOKIE", Severity::Error, RiskClass::LaunchBlocker,
                   fmt::format("One visitor's cookie can be given to others by a cache at {}", hop.url.host),
                   hop.url.host, hop.url.text);
  put(p,
      hit ? "the answer came from a cache and sets a cookie"
          : "the answer sets a cookie and may be cached for everybody",
      "people find themselves in somebody else's session",
      "send Cache-Control: private, no-store with answers that set cookies", 15);
}

void judge_assets(const HttpFacts& facts, Report& report) {
  std::vector<const StaticFile*> poor;
  for (const StaticFile& asset : facts.assets) {
    if (!asset.response.ok() || asset.response.status != 200) continue;
    const CacheControl cache = cache_control(asset.response);
    if (cache.no_store || cache.no_cache || cache.max_age.value_or(0) < kYear) poor.push_back(&asset);
  }
  if (poor.empty()) {
    if (!facts.assets.empty())
      report.passed.push_back(
          {"HTTP-CACHE-ASSET", fmt::format("{} assets with hashed names are kept for a year", facts.assets.size())});
    return;
  }
  Problem& p =
      add(report, "HTTP-CACHE-ASSET", Severity::Warning, RiskClass::ScaleRisk,
          "Files that never change are loaded again and again", facts.landing()->last().url.host, poor.front()->url);
  for (std::size_t i = 1; i < poor.size(); ++i) p.spots.push_back({poor[i]->url, 0, 0});
  put(p, "their names carry a hash of the content, but they may not be kept for a year",
      "every visit costs traffic and time", "send Cache-Control: public, max-age=31536000, immutable with them", 10);
}

// --- mixed content, leaks ---

void judge_mixed(const HttpFacts& facts, const Hop& hop, Report& report) {
  if (hop.url.scheme != "https") return;
  for (const std::string_view policy : all_headers(hop.response, "content-security-policy")) {
    if (policy.find("upgrade-insecure-requests") != std::string_view::npos) return;  // browsers turn them into https
  }
  for (const bool active : {true, false}) {
    std::vector<const Resource*> found;
    for (const Resource& resource : facts.page.resources) {
      if (resource.url.scheme == "http" && is_active(resource.kind) == active) found.push_back(&resource);
    }
    if (found.empty()) continue;
    Problem& p = add(report, active ? "HTTP-MIXED" : "HTTP-MIXED-PASSIVE", active ? Severity::Error : Severity::Warning,
                     RiskClass::ConversionBlocker,
                     active ? fmt::format("Browsers block parts of {}", hop.url.host)
                            : fmt::format("{} shows images without encryption", hop.url.host),
                     hop.url.text, hop.url.text);
    for (std::size_t i = 0; i < std::min<std::size_t>(found.size(), 5); ++i)
      p.spots.push_back({found[i]->url.text, 0, 0});
    put(p,
        fmt::format("the page is https and loads {} with http{}", resource_word(found.front()->kind),
                    found.size() > 1 ? fmt::format(", and {} more", found.size() - 1) : ""),
        active ? "the script, style, frame or form does not work"
               : "browsers load them with https instead, and show nothing when that fails",
        "write https:// (or no scheme) into the address", 10);
  }
  if (std::none_of(facts.page.resources.begin(), facts.page.resources.end(),
                   [](const Resource& r) { return r.url.scheme == "http"; })) {
    report.passed.push_back(
        {"HTTP-MIXED", fmt::format("{}: {} resources, all with https", hop.url.text, facts.page.resources.size())});
  }
}

void judge_leaks(const Hop& hop, Report& report) {
  std::string shown;
  for (const char* name : {"server", "x-powered-by", "x-aspnet-version", "x-generator"}) {
    const std::string* value = header(hop.response, name);
    const bool versioned =
        value != nullptr && std::any_of(value->begin(), value->end(), [](char c) { return c >= '0' && c <= '9'; });
    if (versioned || (value != nullptr && std::string_view(name) == "x-powered-by"))
      shown += fmt::format("{}{}: {}", shown.empty() ? "" : ", ", name, *value);
  }
  if (!shown.empty()) {
    Problem& p = add(report, "HTTP-VERSION", Severity::Note, RiskClass::ScaleRisk,
                     fmt::format("{} tells which software it runs", hop.url.host), hop.url.host, hop.url.text);
    put(p, shown, "whoever looks for a known hole finds it faster",
        "nginx: server_tokens off; express: app.disable('x-powered-by')", 5);
  }
  std::string missing;
  const auto miss = [&](bool there, std::string_view name) {
    if (!there) missing += (missing.empty() ? "" : ", ") + std::string(name);
  };
  const std::string* policy = header(hop.response, "content-security-policy");
  miss(policy != nullptr, "Content-Security-Policy");
  miss(header(hop.response, "x-content-type-options") != nullptr, "X-Content-Type-Options");
  miss(header(hop.response, "x-frame-options") != nullptr ||
           (policy != nullptr && policy->find("frame-ancestors") != std::string::npos),
       "frame-ancestors");
  if (missing.empty()) return;
  Problem& p =
      add(report, "HTTP-HEADERS", Severity::Note, RiskClass::ScaleRisk,
          fmt::format("{} does not use all protections of browsers", hop.url.host), hop.url.host, hop.url.text);
  put(p, fmt::format("not sent: {}", missing), "an injected script or a frame around your page meets less resistance",
      "X-Content-Type-Options: nosniff and Content-Security-Policy: frame-ancestors 'self' are safe to begin with", 20);
}

// --- files ---

struct EnvFile {
  std::size_t count = 0;
  std::vector<std::string> names;  // those that look like secrets first
};

bool is_name(std::string_view text) {
  const auto in_name = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
  return !text.empty() && text.size() <= 100 && std::isdigit(static_cast<unsigned char>(text[0])) == 0 &&
         std::all_of(text.begin(), text.end(), in_name);
}

// Nothing when it is no dotenv file: pages of a single-page application answer 200 for every path.
EnvFile read_env(std::string_view body) {
  EnvFile out;
  std::size_t others = 0;
  while (!body.empty()) {
    const std::size_t end = std::min(body.find('\n'), body.size());
    std::string_view line = body.substr(0, end);
    body.remove_prefix(std::min(end + 1, body.size()));
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) line.remove_prefix(1);
    if (line.empty() || line.front() == '#') continue;
    if (line.starts_with("export ")) line.remove_prefix(7);
    const std::size_t equal = line.find('=');
    if (equal != std::string_view::npos && is_name(line.substr(0, equal))) {
      ++out.count;
      if (out.names.size() < 200) out.names.emplace_back(line.substr(0, equal));
    } else {
      ++others;
    }
  }
  if (out.count == 0 || others > out.count / 4) return {};
  const auto secret = [](const std::string& name) {
    return name.find("KEY") != std::string::npos || name.find("SECRET") != std::string::npos ||
           name.find("TOKEN") != std::string::npos || name.find("PASS") != std::string::npos ||
           name.find("DATABASE_URL") != std::string::npos;
  };
  std::stable_partition(out.names.begin(), out.names.end(), secret);
  return out;
}

bool is_git_head(std::string_view body) {
  if (body.starts_with("ref: refs/")) return true;
  const std::string_view line = body.substr(0, body.find('\n'));
  return (line.size() == 40 || line.size() == 64) &&
         std::all_of(line.begin(), line.end(), [](unsigned char c) { return std::isxdigit(c) != 0; });
}

void env_row(const StaticFile& file, Report& report) {
  const EnvFile env = read_env(file.response.body);
  if (env.count == 0) return;
  std::string names;
  for (std::size_t i = 0; i < std::min<std::size_t>(env.names.size(), 3); ++i)
    names += (i == 0 ? "" : ", ") + env.names[i];
  Problem& p = add(report, "HTTP-DOTENV", Severity::Error, RiskClass::LaunchBlocker,
                   "Your secrets can be downloaded by anyone", file.url, file.url);
  put(p,
      fmt::format("{} variable{}{}{}", env.count, env.count == 1 ? "" : "s", env.count > 3 ? ", among them " : ": ",
                  names),
      "scanners ask every site for this file within hours; whoever has it has your database and accounts",
      "take the file out of the served folder, then rotate every secret in it", 60, {"location ~ /\\. { deny all; }"});
  p.urgent = true;
}

}  // namespace

void judge_landing(const HttpFacts& facts, Report& report) {
  if (facts.landing() == nullptr) return;
  const Hop& landing = facts.landing()->last();
  std::vector<std::string> seen;
  for (const Start& start : facts.starts) {
    for (const Hop& hop : start.hops) {
      if (hop.url.scheme != "https" || !hop.response.ok() || hop.response.status >= 500) continue;
      if (std::find(seen.begin(), seen.end(), hop.url.host) != seen.end()) continue;
      seen.push_back(hop.url.host);
      judge_hsts(hop, report);
    }
  }
  judge_subdomains(facts, report);
  if (landing.url.scheme == "https") judge_cookies(landing, report);
  judge_cached_cookie(landing, report);
  judge_assets(facts, report);
  judge_mixed(facts, landing, report);
  judge_leaks(landing, report);
}

void judge_dotfiles(const HttpFacts& facts, Report& report) {
  std::size_t asked = 0;
  for (const StaticFile& file : facts.dotfiles) {
    // A firewall that hangs up at such a name has answered; silence has not.
    const HttpFailure failure = file.response.failure;
    if (failure == HttpFailure::Timeout || failure == HttpFailure::Unreachable || failure == HttpFailure::Resolve) {
      add_http_loss(report, file.url, file.response.failure_text);
      continue;
    }
    ++asked;
    if (file.response.status != 200) continue;
    if (!file.url.ends_with("/.git/HEAD")) {
      env_row(file, report);
    } else if (is_git_head(file.response.body)) {
      Problem& p = add(report, "HTTP-DOTGIT", Severity::Error, RiskClass::LaunchBlocker,
                       "Your source code can be downloaded by anyone", file.url, file.url);
      put(p, "the folder .git is served; from it the whole repository with its history can be rebuilt",
          "all code, and every secret that was ever committed, is public",
          "deploy without .git, or deny it; then run tightship audit and rotate what it finds", 60,
          {"location ~ /\\.git { deny all; }"});
      p.urgent = true;
    }
  }
  const auto bad = [](const Problem& p) { return p.id == "HTTP-DOTENV" || p.id == "HTTP-DOTGIT"; };
  if (asked > 0 && std::none_of(report.problems.begin(), report.problems.end(), bad)) {
    report.passed.push_back({"HTTP-DOTFILES", fmt::format("none of {} private files is served", asked)});
  }
}

void judge_routes(const HttpFacts& facts, const SiteConfig& config, Report& report) {
  for (const RouteResult& result : facts.routes) {
    const HttpResponse& response = result.response;
    const auto row = [&](const char* id, Severity severity, std::string title, std::string why) {
      Problem& p = add(report, id, severity, RiskClass::LaunchBlocker, std::move(title),
                       result.route.method + " " + result.url, result.url);
      p.spots.push_back({config.path, result.route.line, 0});
      put(p, std::move(why), "what the route serves does not work as you expect",
          "look at the server's log, or correct the route in tightship.toml", 15,
          {fmt::format("curl -si{} {}", result.route.method == "HEAD" ? "I" : "", shell_quoted(result.url))});
    };
    const double ms = response.seconds * 1000;
    if (!response.ok()) {
      row("ROUTE-STATUS", Severity::Error, fmt::format("{} does not answer", result.url), response.failure_text);
    } else if (response.status != static_cast<int>(result.route.expect)) {
      row("ROUTE-STATUS", Severity::Error,
          fmt::format("{} answers {} instead of {}", result.url, response.status, result.route.expect),
          fmt::format("expected is {}", result.route.expect));
    } else if (result.route.method == "GET" && !result.route.body_contains.empty() &&
               response.body.find(result.route.body_contains) == std::string::npos) {
      row("ROUTE-BODY", Severity::Error, fmt::format("{} does not say what it should", result.url),
          fmt::format("\"{}\" is not in {} bytes", result.route.body_contains, response.body.size()));
    } else if (result.route.max_ms != 0 && ms > result.route.max_ms) {
      row("ROUTE-SLOW", Severity::Warning, fmt::format("{} took {:.0f} ms", result.url, ms),
          fmt::format("at most {} ms are expected", result.route.max_ms));
    } else {
      report.passed.push_back(
          {"ROUTE", fmt::format("{} {}: {} in {:.0f} ms", result.route.method, result.url, response.status, ms)});
    }
  }
}

void judge_latencies(const HttpFacts& facts, const std::vector<LatencyRow>& before, Report& report) {
  for (const LatencyRow& row : facts.latency) {
    const auto stored =
        std::find_if(before.begin(), before.end(), [&](const LatencyRow& b) { return b.url == row.url; });
    const LatencyRow* old = stored == before.end() ? nullptr : &*stored;
    const LatencyVerdict verdict = judge_latency(row, old);
    const auto problem = [&](const char* id, Severity severity, std::string title, std::string why) {
      Problem& p = add(report, id, severity, RiskClass::ScaleRisk, std::move(title), row.url, row.url);
      put(p, std::move(why), "visitors leave; under load it becomes worse",
          "look for slow queries and missing caches; --update-baseline stores the new figures", 60);
    };
    if (verdict.errors)
      problem("LATENCY-ERRORS", Severity::Error, fmt::format("{} fails now and then", row.url),
              fmt::format("{:.0f} % of {} requests", row.error_rate * 100, row.count));
    if (verdict.slow)
      problem("LATENCY-P95", Severity::Warning, fmt::format("{} is slow", row.url),
              fmt::format("p95 {:.0f} ms; the limit is {:.0f}", row.p95_ms, kMaxP95Ms));
    if (verdict.worse)
      problem("LATENCY-WORSE", Severity::Warning, fmt::format("{} has become slower", row.url),
              fmt::format("p95 {:.0f} ms, stored are {:.0f}", row.p95_ms, old->p95_ms));
    if (!verdict.errors && !verdict.slow && !verdict.worse)
      report.passed.push_back({"LATENCY", fmt::format("{}: p95 {:.0f} ms", row.url, row.p95_ms)});
  }
}

}  // namespace tightship::net
