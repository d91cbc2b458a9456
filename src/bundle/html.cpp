#include "bundle/html.h"

#include <gumbo.h>

#include <algorithm>
#include <memory>

#include "bundle/layout.h"

namespace tightship::bundle {
namespace {

struct OutputDeleter {
  void operator()(GumboOutput* output) const { gumbo_destroy_output(&kGumboDefaultOptions, output); }
};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

// No tree is deeper than the tags that are open at one place, unclosed ones included.
bool too_deep(std::string_view html) {
  std::size_t open = 0, most = 0;
  for (std::size_t at = html.find('<'); at != std::string_view::npos && at + 1 < html.size();
       at = html.find('<', at + 1)) {
    const char next = html[at + 1];
    if (next == '/') open -= open > 0 ? 1 : 0;
    if ((next | 0x20) >= 'a' && (next | 0x20) <= 'z') most = std::max(most, ++open);
  }
  return most > kMaxOpenTags;
}

std::string_view attribute(const GumboElement& element, const char* name) {
  const GumboAttribute* found = gumbo_get_attribute(&element.attributes, name);
  return found != nullptr ? std::string_view(found->value) : std::string_view();
}

LoadKind link_kind(const GumboElement& element) {
  const std::string rel = lower(attribute(element, "rel")), as = lower(attribute(element, "as"));
  if (rel.find("modulepreload") != std::string::npos || as == "script") return LoadKind::Script;
  if (rel.find("stylesheet") != std::string::npos) return LoadKind::Active;
  if (rel.find("icon") != std::string::npos) return LoadKind::Passive;
  return LoadKind::Other;
}

void add(Page& page, LoadKind kind, std::string_view url, const GumboElement& element, std::string_view name) {
  if (url.empty() || page.loads.size() >= kMaxLoads) return;
  page.loads.push_back({kind, std::string(url), element.start_pos.offset, std::string(name)});
}

void read_meta(const GumboElement& element, Page& page) {
  if (lower(attribute(element, "http-equiv")) != "content-security-policy") return;
  if (lower(attribute(element, "content")).find("upgrade-insecure-requests") != std::string::npos)
    page.upgrades_insecure = true;
}

void read_element(const GumboElement& element, Page& page) {
  switch (element.tag) {
    case GUMBO_TAG_SCRIPT: return add(page, LoadKind::Script, attribute(element, "src"), element, "script");
    case GUMBO_TAG_LINK: return add(page, link_kind(element), attribute(element, "href"), element, "link");
    case GUMBO_TAG_IFRAME: return add(page, LoadKind::Active, attribute(element, "src"), element, "iframe");
    case GUMBO_TAG_EMBED: return add(page, LoadKind::Active, attribute(element, "src"), element, "embed");
    case GUMBO_TAG_OBJECT: return add(page, LoadKind::Active, attribute(element, "data"), element, "object");
    case GUMBO_TAG_FORM: return add(page, LoadKind::Active, attribute(element, "action"), element, "form");
    case GUMBO_TAG_IMG: return add(page, LoadKind::Passive, attribute(element, "src"), element, "img");
    case GUMBO_TAG_VIDEO: return add(page, LoadKind::Passive, attribute(element, "src"), element, "video");
    case GUMBO_TAG_AUDIO: return add(page, LoadKind::Passive, attribute(element, "src"), element, "audio");
    case GUMBO_TAG_SOURCE: return add(page, LoadKind::Passive, attribute(element, "src"), element, "source");
    case GUMBO_TAG_META: return read_meta(element, page);
    case GUMBO_TAG_BASE:
      if (page.base.empty()) page.base = attribute(element, "href");
      return;
    default: return;
  }
}

// In document order, without recursion.
void read_tree(const GumboNode* root, Page& page) {
  std::vector<const GumboNode*> open{root};
  while (!open.empty()) {
    const GumboNode* node = open.back();
    open.pop_back();
    if (node->type != GUMBO_NODE_ELEMENT && node->type != GUMBO_NODE_TEMPLATE) continue;
    read_element(node->v.element, page);
    const GumboVector& children = node->v.element.children;
    for (unsigned i = children.length; i > 0; --i) open.push_back(static_cast<const GumboNode*>(children.data[i - 1]));
  }
}

}  // namespace

Page read_page(std::string_view html) {
  Page page;
  if (html.size() > kMaxPage || too_deep(html)) {
    page.parsed = false;
    return page;
  }
  const std::unique_ptr<GumboOutput, OutputDeleter> output(
      gumbo_parse_with_options(&kGumboDefaultOptions, html.data(), html.size()));
  if (output) read_tree(output->root, page);
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
