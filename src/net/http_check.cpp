#include "net/http_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cctype>
#include <functional>
#include <mutex>
#include <set>
#include <thread>

#include "base/file.h"
#include "base/parallel.h"
#include "net/host_target.h"
#include "net/http_problems.h"
#include "net/idn.h"

namespace tightship::net {
namespace {

constexpr std::size_t kMaxPage = 2 * 1024 * 1024, kMaxDotfile = 64 * 1024, kMaxRouteBody = 2 * 1024 * 1024;
constexpr unsigned kAtOnce = 6;  // connections; each start or file has its own
constexpr std::array<const char*, 4> kDotfiles = {"/.env", "/.env.local", "/.env.production", "/.git/HEAD"};

struct Names {
  HostPort target;
  std::string root, www;
};

Result<Names> parse_domain(const std::string& domain) {
  auto target = parse_host_port(domain, 443);
  if (!target) return tl::unexpected(target.error());
  if (target->port != 443) {
    return fail(ErrorKind::Usage, "http takes a domain without a port", domain,
                "--connect-to HOST:443:127.0.0.1:8443 reaches another port");
  }
  Names names{*target, target->host, {}};
  const bool given_www = names.root.starts_with("www.") && names.root.find('.', 4) != std::string::npos;
  if (given_www) names.root = names.root.substr(4);
  if (!target->is_address && (given_www || may_have_www(names.root))) names.www = "www." + names.root;
  return names;
}

// Runs work(i, client) for 0 <= i < count, several at a time. A client of its own each: hosts must not wait for one another.
Result<void> for_each(std::size_t count, const HttpOptions& options,
                      const std::function<void(std::size_t, HttpClient&)>& work) {
  if (count == 0) return {};
  std::vector<Error> errors;
  std::mutex mutex;
  std::atomic<std::size_t> next = 0;
  const auto run = [&](unsigned) {
    for (std::size_t i = next++; i < count; i = next++) {
      auto client = HttpClient::open(options);
      if (client) {
        work(i, *client);
        continue;
      }
      const std::lock_guard lock(mutex);
      errors.push_back(client.error());
    }
  };
  run_threads(static_cast<unsigned>(std::min<std::size_t>(kAtOnce, count)), run);
  if (!errors.empty()) return tl::unexpected(errors.front());
  return {};
}

class Check {
 public:
  Check(const HttpCheckRequest& request, Names names) : request_(request), names_(std::move(names)) {
    facts_.root = names_.root;
    facts_.www = names_.www;
    for (const std::string& host : request.config.hosts) configured_.insert(full_host_name(host, names_.root));
  }
  Result<HttpResult> run();

 private:
  bool is_own(std::string_view host) const;
  std::vector<std::string> start_urls(const std::string& host) const;
  void drop_unknown_counterpart(std::vector<std::string>& hosts);
  bool is_known(const std::string& host) const;
  Result<void> follow_starts();
  void choose_landing();
  std::string file_origin() const;
  Result<void> ask_files();
  Result<void> ask_files_of_others();
  Result<void> ask_routes();
  Result<void> measure();
  std::vector<std::string> asset_urls() const;
  HttpRequest request_for(std::string url, std::string method, std::size_t max_body) const;
  Result<std::vector<LatencyRow>> stored_baseline() const;

  const HttpCheckRequest& request_;
  Names names_;
  std::set<std::string, std::less<>> configured_;
  HttpFacts facts_;
  readiness::Report report_;
};

bool Check::is_own(std::string_view host) const {
  return host == names_.root ||
         (host.ends_with(names_.root) && host.size() > names_.root.size() &&
          host[host.size() - names_.root.size() - 1] == '.' && !names_.target.is_address) ||
         configured_.contains(host);
}

std::vector<std::string> Check::start_urls(const std::string& host) const {
  const std::string text = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return {"http://" + text + "/", "https://" + text + "/"};
}

// Whether a flag says where the host is, so that the DNS need not know it.
bool Check::is_known(const std::string& host) const {
  for (const auto* list : {&request_.options.resolve, &request_.options.connect_to}) {
    for (const std::string& rule : *list) {
      if (rule.starts_with(host + ":") || rule.starts_with(":") || rule.starts_with("*:")) return true;
    }
  }
  return false;
}

// A root or www that has no address is a row when the other one has, and not asked four times.
void Check::drop_unknown_counterpart(std::vector<std::string>& hosts) {
  if (hosts.size() < 2 || is_known(hosts[0]) || is_known(hosts[1])) {
    if (hosts.size() == 2 && is_known(hosts[0]) != is_known(hosts[1]))
      hosts.erase(hosts.begin() + (is_known(hosts[0]) ? 1 : 0));
    return;
  }
  const std::vector<HostAddresses> found = look_up(hosts, std::chrono::seconds(5));
  for (std::size_t i = 0; i < 2; ++i) {
    if (found[i].status != LookupStatus::NoSuchName || found[1 - i].status != LookupStatus::Found) continue;
    readiness::Problem p =
        http_problem("HTTP-NO-ADDRESS", detect::Severity::Warning, detect::RiskClass::ConversionBlocker,
                     fmt::format("{} does not exist", hosts[i]), hosts[i], hosts[i]);
    p.why = fmt::format("{} has an address, {} has none", hosts[1 - i], hosts[i]);
    p.breaks = "visitors who type the other form get an error";
    p.fix = fmt::format("add the record for {} and redirect it to {}", hosts[i], hosts[1 - i]);
    p.minutes = 10;
    report_.problems.push_back(std::move(p));
    hosts.erase(hosts.begin() + static_cast<std::ptrdiff_t>(i));
    return;
  }
}

Result<void> Check::follow_starts() {
  std::vector<std::string> hosts{names_.root};
  if (!names_.www.empty()) hosts.push_back(names_.www);
  drop_unknown_counterpart(hosts);
  std::vector<std::string> urls;
  for (const std::string& host : hosts) {
    for (std::string& url : start_urls(host)) urls.push_back(std::move(url));
  }
  const std::size_t own = urls.size();
  std::size_t further = 0;
  for (const std::string& host : configured_) {
    if (host == names_.root || host == names_.www || ++further > kMaxHttpHosts) continue;
    for (std::string& url : start_urls(host)) urls.push_back(std::move(url));
  }
  if (further > kMaxHttpHosts)
    report_.not_checked.push_back(fmt::format("hosts of tightship.toml beyond the first {}", kMaxHttpHosts));
  std::vector<Start> all(urls.size());
  HttpOptions options = request_.options;
  options.keep_cookies = true;
  const auto done = for_each(urls.size(), options, [&](std::size_t i, HttpClient& client) {
    const auto url = parse_url(urls[i]);
    if (url)
      all[i] = follow(
          client, *url, [&](std::string_view host) { return is_own(host); }, request_.timeout, kMaxPage);
  });
  if (!done) return done;
  facts_.starts.assign(std::make_move_iterator(all.begin()),
                       std::make_move_iterator(all.begin() + static_cast<std::ptrdiff_t>(own)));
  facts_.others.assign(std::make_move_iterator(all.begin() + static_cast<std::ptrdiff_t>(own)),
                       std::make_move_iterator(all.end()));
  return {};
}

// The end that most starts share, https before http, the configured canonical URL before all.
void Check::choose_landing() {
  int best = -1;
  for (const Start& start : facts_.starts) {
    if (start.end != StartEnd::Answer) continue;
    const Url& url = start.last().url;
    int score = url.scheme == "https" ? 100 : 0;
    if (!request_.config.canonical.empty() && url.origin() == request_.config.canonical) score += 1000;
    if (start.last().response.status < 400) score += 50;
    for (const Start& other : facts_.starts) {
      if (other.end == StartEnd::Answer && other.last().url.text == url.text) ++score;
    }
    if (score > best) {
      best = score;
      facts_.landing_at = static_cast<int>(&start - facts_.starts.data());
    }
  }
  if (facts_.landing() == nullptr) return;
  const HttpResponse& response = facts_.landing()->last().response;
  const std::string* type = header(response, "content-type");
  if (type != nullptr && type->find("html") != std::string::npos)
    facts_.page = read_page(response.body, facts_.landing()->last().url);
}

HttpRequest Check::request_for(std::string url, std::string method, std::size_t max_body) const {
  HttpRequest request;
  request.url = std::move(url);
  request.method = std::move(method);
  request.max_body = max_body;
  request.timeout = request_.timeout;
  request.verify = facts_.landing() == nullptr || !facts_.landing()->last().certificate_bad;
  return request;
}

// "index-4f3a9c1b.js", "app.9c1b2f7d.css", "/_next/static/...": the name changes when the content does.
bool is_hashed_name(std::string_view path) {
  if (path.find("/_next/static/") != std::string_view::npos || path.find("/_astro/") != std::string_view::npos)
    return true;
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return false;
  const std::string_view stem = name.substr(0, dot);
  const std::size_t mark = stem.find_last_of(".-_");
  const std::string_view hash = mark == std::string_view::npos ? stem : stem.substr(mark + 1);
  const auto is = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return hash.size() >= 8 && std::all_of(hash.begin(), hash.end(), is) && std::any_of(hash.begin(), hash.end(), digit);
}

std::vector<std::string> Check::asset_urls() const {
  std::vector<std::string> urls;
  const Url& page = facts_.landing()->last().url;
  for (const Resource& resource : facts_.page.resources) {
    const bool file = resource.kind == ResourceKind::Script || resource.kind == ResourceKind::Style ||
                      resource.kind == ResourceKind::Image;
    if (!file || resource.url.origin() != page.origin() || !is_hashed_name(resource.url.path)) continue;
    if (std::find(urls.begin(), urls.end(), resource.url.text) == urls.end()) urls.push_back(resource.url.text);
    if (urls.size() == kMaxAssets) break;
  }
  return urls;
}

// A site that redirects in a circle, or answers with an error, may serve its files all the same.
std::string Check::file_origin() const {
  if (facts_.landing() != nullptr) return facts_.landing()->last().url.origin();
  for (const char* scheme : {"https", "http"}) {
    for (const Start& start : facts_.starts) {
      for (auto hop = start.hops.rbegin(); hop != start.hops.rend(); ++hop) {
        if (hop->response.ok() && hop->url.scheme == scheme) return hop->url.origin();
      }
    }
  }
  return {};
}

Result<void> Check::ask_files() {
  const std::string origin = file_origin();
  if (origin.empty()) return {};
  const std::vector<std::string> assets = facts_.landing() == nullptr ? std::vector<std::string>{} : asset_urls();
  facts_.assets.resize(assets.size());
  facts_.dotfiles.resize(kDotfiles.size());
  return for_each(assets.size() + kDotfiles.size(), request_.options, [&](std::size_t i, HttpClient& client) {
    if (i < assets.size()) {
      facts_.assets[i] = {assets[i], client.send(request_for(assets[i], "HEAD", 0))};
    } else {
      const std::string url = origin + kDotfiles[i - assets.size()];
      facts_.dotfiles[i - assets.size()] = {url, client.send(request_for(url, "GET", kMaxDotfile))};
    }
  });
}

// A backend serves its folder as easily as the site does. One after the other on one connection; silence ends it.
Result<void> Check::ask_files_of_others() {
  std::vector<std::pair<std::string, bool>> origins;  // and whether browsers believe the certificate
  const std::string site = file_origin();
  for (const auto* starts : {&facts_.starts, &facts_.others}) {
    for (const Start& start : *starts) {
      for (const Hop& hop : start.hops) {
        const std::string origin = hop.url.origin();
        const auto known = [&](const auto& entry) { return entry.first == origin; };
        if (!hop.response.ok() || hop.url.scheme != "https" || origin == site) continue;
        if (std::none_of(origins.begin(), origins.end(), known)) origins.emplace_back(origin, !hop.certificate_bad);
      }
    }
  }
  std::vector<std::vector<StaticFile>> found(origins.size());
  const auto done = for_each(origins.size(), request_.options, [&](std::size_t i, HttpClient& client) {
    for (const char* path : kDotfiles) {
      HttpRequest request = request_for(origins[i].first + path, "GET", kMaxDotfile);
      request.verify = origins[i].second;
      found[i].push_back({request.url, client.send(request)});
      if (found[i].back().response.failure == HttpFailure::Timeout) break;
    }
  });
  for (std::vector<StaticFile>& files : found)
    std::move(files.begin(), files.end(), std::back_inserter(facts_.dotfiles));
  return done;
}

Result<void> Check::ask_routes() {
  const std::string origin = !request_.config.canonical.empty() ? request_.config.canonical
                             : facts_.landing() != nullptr      ? facts_.landing()->last().url.origin()
                                                                : "https://" + names_.root;
  for (const Route& route : request_.config.routes) {
    facts_.routes.push_back({route, route.url.starts_with('/') ? origin + route.url : route.url, {}});
  }
  return for_each(facts_.routes.size(), request_.options, [&](std::size_t i, HttpClient& client) {
    RouteResult& result = facts_.routes[i];
    HttpRequest request = request_for(result.url, result.route.method, kMaxRouteBody);
    request.verify = true;
    result.response = client.send(request);
  });
}

LatencyRow measure_url(HttpClient& client, const HttpRequest& request, unsigned count) {
  using Clock = std::chrono::steady_clock;
  LatencyRow row;
  row.url = request.url;
  client.send(request);  // the connection is made before anything is measured
  std::vector<double> times;
  unsigned failed = 0;
  auto next = Clock::now();
  while (row.count < count) {
    std::this_thread::sleep_until(next);
    next = Clock::now() + std::chrono::milliseconds(1000 / kRequestsPerSecond);
    const HttpResponse response = client.send(request);
    ++row.count;
    if (!response.ok() || response.status >= 500)
      ++failed;
    else
      times.push_back(response.seconds * 1000);
    // A server that is down is not asked 200 times, each until the time is up.
    if (failed >= 5 && times.empty()) break;
  }
  row.p50_ms = percentile(times, 50);
  row.p95_ms = percentile(times, 95);
  row.error_rate = row.count == 0 ? 1 : static_cast<double>(failed) / row.count;
  return row;
}

// One URL after the other, one request at a time: this measures, it does not load.
Result<void> Check::measure() {
  if (request_.latency == 0 || facts_.landing() == nullptr) return {};
  std::vector<std::string> urls{facts_.landing()->last().url.text};
  for (const RouteResult& route : facts_.routes) {
    if (route.route.method == "GET" && std::find(urls.begin(), urls.end(), route.url) == urls.end())
      urls.push_back(route.url);
  }
  for (const std::string& url : urls) {
    auto client = HttpClient::open(request_.options);
    if (!client) return tl::unexpected(client.error());
    facts_.latency.push_back(measure_url(*client, request_for(url, "GET", kMaxRouteBody), request_.latency));
  }
  return {};
}

// Nothing stored yet is no fault: the first run stores.
Result<std::vector<LatencyRow>> Check::stored_baseline() const {
  if (request_.baseline.empty() || request_.update_baseline) return std::vector<LatencyRow>{};
  const auto text = read_file(request_.baseline, std::uint64_t{1} << 20);
  if (!text && text.error().kind == ErrorKind::NotFound) return std::vector<LatencyRow>{};
  if (!text) return tl::unexpected(text.error());
  return parse_latency(request_.baseline, *text);
}

Result<HttpResult> Check::run() {
  const auto before = stored_baseline();
  if (!before) return tl::unexpected(before.error());
  auto done = follow_starts();
  if (done) choose_landing();
  if (done) done = ask_files();
  if (done) done = ask_files_of_others();
  if (done) done = ask_routes();
  if (done) done = measure();
  if (!done) return tl::unexpected(done.error());
  report_.command = "http";
  report_.subject = name_both_ways(names_.root);
  judge_redirects(facts_, request_.config, report_);
  judge_landing(facts_, report_);
  judge_dotfiles(facts_, report_);
  judge_routes(facts_, request_.config, report_);
  judge_latencies(facts_, *before, report_);
  report_.facts = names_table({names_.root});
  for (readiness::FactTable& table : http_facts(facts_)) report_.facts.push_back(std::move(table));
  std::size_t answers = 0;
  for (const Start& start : facts_.starts) answers += start.last().response.ok() ? 1 : 0;
  report_.coverage = fmt::format("{} of {} starts answered, {} route{}", answers, facts_.starts.size(),
                                 facts_.routes.size(), facts_.routes.size() == 1 ? "" : "s");
  if (!request_.baseline.empty() && !facts_.latency.empty() && (before->empty() || request_.update_baseline)) {
    if (const auto written = write_shared_file(request_.baseline, latency_toml(facts_.latency)); !written)
      return tl::unexpected(written.error());
  }
  HttpResult result;
  result.report = std::move(report_);
  result.facts = std::move(facts_);
  return result;
}

}  // namespace

Result<HttpResult> check_http(const HttpCheckRequest& request) {
  const auto started = std::chrono::steady_clock::now();
  auto names = parse_domain(request.domain);
  if (!names) return tl::unexpected(names.error());
  if (const auto rules = parse_resolve_rules(request.options.resolve); !rules) return tl::unexpected(rules.error());
  auto result = Check(request, std::move(*names)).run();
  if (!result) return result;
  result->report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  readiness::sort_problems(result->report.problems);
  return result;
}

}  // namespace tightship::net
