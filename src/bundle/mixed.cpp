#include "bundle/mixed.h"

#include "bundle/html.h"
#include "scan/text.h"

namespace tightship::bundle {
namespace {

// "http://cdn.example.com/x.js": the host; empty when it is not loaded over http, or from this machine.
std::string_view insecure_host(std::string_view url) {
  constexpr std::string_view kScheme = "http://";
  if (!url.starts_with(kScheme)) return {};
  const std::string_view rest = url.substr(kScheme.size());
  const std::string_view host = rest.substr(0, rest.find_first_of("/?#"));
  const std::string_view name = host.substr(0, host.find(':'));
  // Browsers take these for secure.
  return name == "localhost" || name.ends_with(".localhost") || name == "127.0.0.1" ? std::string_view() : host;
}

}  // namespace

void find_mixed(const std::string& path, std::string_view content, bool is_page, std::vector<Sighting>& out) {
  // The page is read only when there is something to find.
  if (!is_page || content.find("http://") == std::string_view::npos) return;
  const Page page = read_page(content);
  if (page.upgrades_insecure) return;
  scan::LineCursor cursor;
  for (const Load& load : page.loads) {
    const std::string_view host = insecure_host(load.url);
    if (host.empty() || load.kind == LoadKind::Other) continue;
    Sighting sighting;
    sighting.sight = Sight::Mixed;
    sighting.exact = load.kind != LoadKind::Passive;
    sighting.subject = std::string(host) + " (" + load.element + ")";
    cursor.advance(as_bytes(content), load.offset);
    sighting.spot = {path, cursor.line, static_cast<std::uint32_t>(load.offset - cursor.line_start) + 1};
    out.push_back(std::move(sighting));
  }
}

}  // namespace tightship::bundle
