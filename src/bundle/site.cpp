#include "bundle/site.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "base/parallel.h"
#include "bundle/html.h"
#include "bundle/layout.h"
#include "bundle/left_behind.h"
#include "bundle/mixed.h"
#include "bundle/site_plan.h"
#include "bundle/source_map.h"
#include "net/address.h"
#include "net/http_client.h"

namespace tightship::bundle {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMaxBody = std::size_t{32} << 20;
constexpr int kMaxHops = 5;
constexpr std::size_t kMapGuesses = 10;  // scripts without a reference whose map is asked for

// What must not be served; the content decides, since many servers answer everything with their page.
constexpr std::string_view kProbes[] = {"/.env", "/.env.local", "/.env.production", "/.git/HEAD", "/.git/config"};

struct Answer {
  net::Url url;  // after redirects
  std::string body;
  int status = 0;
  bool page = false;  // by its content type, or its begin
  bool have() const { return status >= 200 && status < 300; }
};

bool looks_like_page(std::string_view body) { return is_page("", body); }

bool is_html(const net::HttpResponse& response) {
  const std::string* type = net::header(response, "content-type");
  return type != nullptr && (type->starts_with("text/html") || type->starts_with("application/xhtml"));
}

bool looks_like_map(std::string_view body) {
  const std::size_t first = body.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && (body[first] == '{' || body.substr(first).starts_with(")]}"));
}

bool is_probe_hit(std::string_view path, std::string_view body) {
  if (looks_like_page(body) || body.size() > 1'000'000) return false;
  if (path.ends_with("/HEAD")) return body.starts_with("ref: refs/");
  if (path.ends_with("/config")) return body.find("[core]") != std::string_view::npos;
  return has_assignments(body) && body.front() != '<';
}

std::string failure_text(const net::HttpResponse& response) {
  if (response.failure == net::HttpFailure::Internal) return "its address belongs to a private network: not asked";
  return response.failure_text.empty() ? "no answer" : response.failure_text;
}

// The requests of one run, within its bounds; shared by threads.
class Budget {
 public:
  explicit Budget(const SiteOptions& options) : options_(options), deadline_(Clock::now() + options.total_timeout) {}
  // False when nothing more may be asked for; the first time that is so, `exhausted` tells why.
  bool take() {
    if (Clock::now() >= deadline_) return stop("the time for the whole site is over");
    if (bytes_ >= options_.max_bytes) return stop("the bytes for the whole site are used up");
    if (requests_.fetch_add(1) < options_.max_requests) return true;
    --requests_;
    return stop("the requests for the whole site are used up");
  }
  void spend(std::uint64_t bytes) { bytes_ += bytes; }
  std::size_t body_limit() const {
    const std::uint64_t used = bytes_;
    return used >= options_.max_bytes
               ? 1
               : static_cast<std::size_t>(std::min<std::uint64_t>(options_.max_bytes - used, kMaxBody));
  }
  std::chrono::milliseconds time_left() const {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - Clock::now());
    return std::clamp(left, std::chrono::milliseconds(1), options_.request_timeout);
  }
  std::uint64_t requests() const { return requests_; }
  std::uint64_t bytes() const { return bytes_; }
  std::optional<std::string> exhausted() const {
    const std::lock_guard lock(mutex_);
    return why_;
  }

 private:
  bool stop(const char* why) {
    const std::lock_guard lock(mutex_);
    if (!why_) why_ = why;
    return false;
  }
  const SiteOptions& options_;
  const Clock::time_point deadline_;
  std::atomic<std::uint64_t> requests_{0}, bytes_{0};
  mutable std::mutex mutex_;
  std::optional<std::string> why_;
};

struct Shared {
  const SiteOptions& options;
  SitePlan& plan;
  Ledger& ledger;
  Budget budget;
  bool refuse_internal = true;
  std::mutex mutex;                         // of the plan and of what follows
  std::map<std::string, std::string> maps;  // texts of source maps, by URL
  std::size_t guesses = 0, good_guesses = 0;
};

// One thread of the run: its connection, its sweeper.
class Follower {
 public:
  Follower(Shared& shared, const Sweep& sweep, net::HttpClient client)
      : shared_(shared), client_(std::move(client)), sweeper_(sweep, shared.ledger) {}

  // Nothing when it could not be asked for; a failure is a loss unless `quiet`.
  std::optional<Answer> fetch(const net::Url& url, bool quiet);
  void follow(const net::Url& url);
  void look_at(const Answer& answer);
  void probe(const net::Url& url);

  std::vector<Sighting> sightings;
  std::uint64_t files = 0, map_count = 0;
  std::string last_address;

 private:
  std::optional<std::string> load_map(const Answer& answer, std::string_view reference);
  std::string_view guess_reference(const Answer& answer, std::string& guess);
  void sweep(const std::string& shown, std::string_view content, const std::optional<std::string>& map);

  Shared& shared_;
  net::HttpClient client_;
  Sweeper sweeper_;
};

std::optional<Answer> Follower::fetch(const net::Url& start, bool quiet) {
  net::Url url = start;
  for (int hop = 0; hop <= kMaxHops; ++hop) {
    if (!shared_.budget.take()) return std::nullopt;
    net::HttpRequest request;
    request.url = url.text;
    request.max_body = shared_.budget.body_limit();
    request.timeout = shared_.budget.time_left();
    request.refuse_internal = shared_.refuse_internal;
    net::HttpResponse response = client_.send(request);
    shared_.budget.spend(response.body.size());
    last_address = response.address;
    if (!response.ok()) {
      if (!quiet) shared_.ledger.add({LossKind::UnreadableFile, failure_text(response), url.text, {}});
      return std::nullopt;
    }
    if (response.body_cut)
      shared_.ledger.add({LossKind::LimitExceeded, "longer than what is loaded of it", url.text, {}});
    const std::string* location = net::header(response, "location");
    if (response.status < 300 || response.status > 399 || location == nullptr) {
      const bool page = is_html(response) || looks_like_page(response.body);
      return Answer{std::move(url), std::move(response.body), response.status, page};
    }
    auto next = net::resolve_url(url, *location);
    if (!next || !shared_.plan.is_ours(*next)) {
      if (!quiet)
        shared_.ledger.add(
            {LossKind::Unsupported, fmt::format("redirects to another site: {}", *location), url.text, {}});
      return std::nullopt;
    }
    url = std::move(*next);
  }
  if (!quiet) shared_.ledger.add({LossKind::LimitExceeded, "redirects more than five times", start.text, {}});
  return std::nullopt;
}

// Maps are often deployed though no script names them.
std::string_view Follower::guess_reference(const Answer& answer, std::string& guess) {
  const std::lock_guard lock(shared_.mutex);
  if (shared_.guesses >= kMapGuesses && shared_.good_guesses == 0) return {};
  ++shared_.guesses;
  guess = answer.url.path.substr(answer.url.path.rfind('/') + 1) + ".map";
  return guess;
}

std::optional<std::string> Follower::load_map(const Answer& answer, std::string_view reference) {
  const auto url = net::resolve_url(answer.url, reference);
  if (!url || !shared_.plan.is_ours(*url)) return std::nullopt;
  {
    const std::lock_guard lock(shared_.mutex);
    const auto known = shared_.maps.find(url->text);
    if (known != shared_.maps.end()) return known->second;
  }
  const auto map = fetch(*url, true);
  if (!map || !map->have() || !looks_like_map(map->body)) return std::nullopt;
  const std::lock_guard lock(shared_.mutex);
  if (shared_.maps.emplace(url->text, map->body).second) {
    ++map_count;
    sweep(url->text.ends_with(".map") ? url->text : url->text + ".map", map->body, std::nullopt);
  }
  return map->body;
}

void Follower::sweep(const std::string& shown, std::string_view content, const std::optional<std::string>& map) {
  PublicFile file{shown, content, {}, {}};
  file.has_map = [&](std::string_view) { return map.has_value(); };
  file.load_map = [&](std::string_view) { return map; };
  ++files;
  sweeper_.sweep(file, sightings);
}

void Follower::look_at(const Answer& answer) {
  std::optional<std::string> map;
  std::string guess;
  if (!answer.page && extension_of(answer.url.path) != "json") {
    const std::string_view reference = source_map_reference(answer.body);
    if (!reference.starts_with("data:"))
      map = load_map(answer, reference.empty() ? guess_reference(answer, guess) : reference);
    if (map && reference.empty()) {
      const std::lock_guard lock(shared_.mutex);
      ++shared_.good_guesses;
      Sighting sighting;
      sighting.sight = Sight::Map;
      sighting.spot.path = answer.url.text;
      sightings.push_back(std::move(sighting));
    }
  }
  sweep(answer.url.text, answer.body, map);
  find_mixed(answer.url.text, answer.body, answer.page, sightings);
  const std::lock_guard lock(shared_.mutex);
  if (answer.page)
    shared_.plan.read_page_at(answer.url, answer.body);
  else
    shared_.plan.read_script_at(answer.url, answer.body);
}

// A name that no script asks for in earnest is no loss when it is not there; nor is a page in a script's place.
void Follower::follow(const net::Url& url) {
  const auto answer = fetch(url, false);
  if (!answer || !answer->have() || answer->page) return;
  look_at(*answer);
}

void Follower::probe(const net::Url& url) {
  const auto answer = fetch(url, true);
  if (!answer || !answer->have() || !is_probe_hit(answer->url.path, answer->body)) return;
  const bool env = answer->url.path.find("/.env") != std::string::npos;
  sightings.push_back(left_behind(answer->url.text, env ? "environment file" : "git folder"));
  sweep(answer->url.text, answer->body, std::nullopt);
}

Result<net::HttpClient> open_client(const SiteOptions& options) {
  net::HttpOptions http;
  http.resolve = options.resolve;
  http.ca_file = options.ca_file;
  http.connect_timeout = std::min<std::chrono::milliseconds>(options.request_timeout, std::chrono::milliseconds(5'000));
  return net::HttpClient::open(std::move(http));
}

// Whether whoever named the page meant a machine of their own network.
bool is_local_name(const net::Url& url) {
  return net::is_internal_address(url.host) || url.host == "localhost" || url.host.ends_with(".localhost");
}

Result<std::vector<Follower>> open_followers(Shared& shared, const Sweep& sweep) {
  std::vector<Follower> followers;
  for (unsigned i = 0; i < std::clamp(shared.options.parallel, 1u, 16u); ++i) {
    auto client = open_client(shared.options);
    if (!client) return tl::unexpected(client.error());
    followers.emplace_back(shared, sweep, std::move(*client));
  }
  return followers;
}

// Round by round: all that one round found is asked for by the next.
void follow_all(Shared& shared, std::vector<Follower>& followers) {
  for (;;) {
    const std::vector<net::Url> urls = shared.plan.take();
    if (urls.empty() || shared.budget.exhausted()) return;
    std::atomic<std::size_t> next{0};
    const unsigned wanted = static_cast<unsigned>(std::min(followers.size(), urls.size()));
    run_threads(wanted, [&](unsigned i) {
      for (std::size_t at = next++; at < urls.size(); at = next++) followers[i].follow(urls[at]);
    });
  }
}

}  // namespace

Result<SiteCounts> sweep_site(const std::string& text, const SiteOptions& options, const Sweep& sweep, Ledger& ledger,
                              std::vector<Sighting>& out) {
  auto start = net::parse_url(text.find("://") == std::string::npos ? "https://" + text : text);
  if (!start) return tl::unexpected(start.error());
  if (!start->is_http()) return fail(ErrorKind::Usage, "a page's address begins with http:// or https://", text);
  SitePlan plan(*start);
  Shared shared{options, plan, ledger, Budget(options), true, {}, {}, 0, 0};
  auto followers = open_followers(shared, sweep);
  if (!followers) return tl::unexpected(followers.error());
  // The page itself may be of the user's own network; what it leads to may be so only then.
  shared.refuse_internal = !is_local_name(*start) && options.resolve.empty();
  Follower& first = followers->front();
  auto page = first.fetch(*start, false);
  if (!page) {
    const auto losses = ledger.entries();
    return fail(ErrorKind::Io, losses.empty() ? "no answer" : losses.back().what,
                losses.empty() ? text : losses.back().where);
  }
  if (!page->have())
    return fail(ErrorKind::Io, fmt::format("the page answers with status {}", page->status), page->url.text);
  page->page = true;
  first.look_at(*page);
  if (first.files > 0) {
    for (const std::string_view probe : kProbes) {
      if (const auto url = net::resolve_url(page->url, probe)) first.probe(*url);
    }
    plan.add(page->url, "/asset-manifest.json");
  }
  follow_all(shared, *followers);

  SiteCounts counts;
  for (Follower& follower : *followers) {
    std::move(follower.sightings.begin(), follower.sightings.end(), std::back_inserter(out));
    counts.files += follower.files;
    counts.maps += follower.map_count;
  }
  counts.requests = shared.budget.requests();
  counts.bytes = shared.budget.bytes();
  counts.foreign_hosts.assign(plan.foreign_hosts().begin(), plan.foreign_hosts().end());
  counts.other_sites = counts.foreign_hosts.size();
  if (const auto why = shared.budget.exhausted())
    ledger.add(
        {LossKind::LimitExceeded, *why, text, "tightship bundle --max-requests 1000 --max-bytes 500M --url URL"});
  return counts;
}

}  // namespace tightship::bundle
