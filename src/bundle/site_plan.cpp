#include "bundle/site_plan.h"

#include <fmt/format.h>

#include "bundle/html.h"
#include "net/address.h"

namespace tightship::bundle {
namespace {

constexpr std::size_t kMaxKnown = 20'000;
constexpr std::size_t kMaxForeign = 20;

}  // namespace

std::string place_below_output(std::string_view path, std::string_view name) {
  const std::string_view first = name.substr(0, name.find('/'));
  const std::string folder = fmt::format("/{}/", first);
  const std::size_t at = path.find(folder);
  return fmt::format("{}/{}", at == std::string_view::npos ? std::string_view() : path.substr(0, at), name);
}

// An address or a single word ("localhost") is a site of its own with every port.
bool SitePlan::is_ours(const net::Url& url) const {
  if (!url.is_http()) return false;
  if (net::registrable_domain(start_.host).empty()) return url.host == start_.host && url.port == start_.port;
  return net::same_site(url.host, start_.host);
}

bool SitePlan::add(const net::Url& base, std::string_view reference) {
  auto url = net::resolve_url(base, reference);
  if (!url || !is_ours(*url) || known_.size() >= kMaxKnown) return false;
  // A secure page's files are not asked for in the clear.
  if (start_.scheme == "https" && url->scheme == "http") return false;
  if (const std::size_t mark = url->text.find('#'); mark != std::string::npos) url->text.resize(mark);
  if (!known_.insert(url->text).second) return false;
  next_.push_back(std::move(*url));
  return true;
}

std::vector<net::Url> SitePlan::take() { return std::exchange(next_, {}); }

void SitePlan::read_page_at(const net::Url& from, std::string_view html) {
  const Page page = read_page(html);
  net::Url base = from;
  if (!page.base.empty()) {
    if (auto given = net::resolve_url(from, page.base)) base = std::move(*given);
  }
  for (const Load& load : page.loads) {
    const bool script = load.kind == LoadKind::Script;
    if (!script && !(load.kind == LoadKind::Other && load.url.ends_with(".json"))) continue;
    if (load.url.starts_with("data:") || load.url.starts_with("blob:")) continue;
    const auto url = net::resolve_url(base, load.url);
    if (url && script && url->is_http() && !is_ours(*url) && foreign_.size() < kMaxForeign) foreign_.insert(url->host);
    add(base, load.url);
  }
  // Scripts that stand in the page name files, too; they do so as the site's own files do.
  net::Url below = base;
  for (const net::Url& url : next_) {
    if (url.path.find("/_next/") != std::string::npos) below = url;
  }
  read_script_at(below, html);
}

void SitePlan::read_script_at(const net::Url& from, std::string_view script) {
  for (const Reference& reference : script_references(script)) {
    const bool rooted = reference.relative_to_script || reference.text.front() == '/' ||
                        reference.text.find("://") != std::string::npos;
    add(from, rooted ? reference.text : place_below_output(from.path, reference.text));
  }
  for (const std::string& chunk : webpack_chunks(script)) {
    add(from, chunk.front() == '/' || chunk.starts_with("./") ? chunk : place_below_output(from.path, chunk));
  }
}

}  // namespace tightship::bundle
