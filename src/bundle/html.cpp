#include "bundle/html.h"

#include <algorithm>
#include <array>

#include "bundle/layout.h"
#include "net/html_tags.h"

namespace tightship::bundle {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

// Tags that load what one of their attributes names.
struct Source {
  std::string_view tag, attribute;
  LoadKind kind;
};
constexpr std::array<Source, 11> kSources = {{{"script", "src", LoadKind::Script},
                                              {"iframe", "src", LoadKind::Active},
                                              {"frame", "src", LoadKind::Active},
                                              {"embed", "src", LoadKind::Active},
                                              {"object", "data", LoadKind::Active},
                                              {"form", "action", LoadKind::Active},
                                              {"img", "src", LoadKind::Passive},
                                              {"video", "src", LoadKind::Passive},
                                              {"audio", "src", LoadKind::Passive},
                                              {"source", "src", LoadKind::Passive},
                                              {"track", "src", LoadKind::Passive}}};

std::string_view attribute(const net::HtmlTag& tag, std::string_view name) {
  const std::string* found = tag.attribute(name);
  return found != nullptr ? std::string_view(*found) : std::string_view();
}

LoadKind link_kind(const net::HtmlTag& tag) {
  const std::string rel = lower(attribute(tag, "rel")), as = lower(attribute(tag, "as"));
  if (rel.find("modulepreload") != std::string::npos || as == "script") return LoadKind::Script;
  if (rel.find("stylesheet") != std::string::npos) return LoadKind::Active;
  if (rel.find("icon") != std::string::npos) return LoadKind::Passive;
  return LoadKind::Other;
}

void add(Page& page, LoadKind kind, std::string_view url, const net::HtmlTag& tag) {
  if (url.empty() || page.loads.size() >= kMaxLoads) return;
  page.loads.push_back({kind, std::string(url), tag.offset, tag.name});
}

void read_meta(const net::HtmlTag& tag, Page& page) {
  if (lower(attribute(tag, "http-equiv")) != "content-security-policy") return;
  if (lower(attribute(tag, "content")).find("upgrade-insecure-requests") != std::string::npos)
    page.upgrades_insecure = true;
}

void read_tag(const net::HtmlTag& tag, Page& page) {
  if (tag.name == "link") return add(page, link_kind(tag), attribute(tag, "href"), tag);
  if (tag.name == "meta") return read_meta(tag, page);
  if (tag.name == "base" && page.base.empty()) page.base = attribute(tag, "href");
  const auto source =
      std::find_if(kSources.begin(), kSources.end(), [&](const Source& one) { return one.tag == tag.name; });
  if (source != kSources.end()) add(page, source->kind, attribute(tag, source->attribute), tag);
}

}  // namespace

Page read_page(std::string_view html) {
  Page page;
  net::for_each_tag(html, [&](const net::HtmlTag& tag) { read_tag(tag, page); });
  return page;
}

bool is_page(std::string_view path, std::string_view content) {
  const std::string extension = extension_of(path);
  if (extension == "html" || extension == "htm" || extension == "xhtml") return true;
  if (!extension.empty()) return false;
  const std::size_t first = content.find_first_not_of(" \t\r\n");
  const std::string head = lower(content.substr(std::min(first, content.size()), 16));
  return head.starts_with("<!doctype html") || head.starts_with("<html");
}

}  // namespace tightship::bundle
