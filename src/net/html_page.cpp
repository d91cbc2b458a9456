#include "net/html_page.h"

#include <algorithm>

#include "net/html_tags.h"

namespace tightship::net {
namespace {

// Leading and trailing blanks go, and line breaks inside, as a browser does.
std::string cleaned(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c != '\n' && c != '\r' && c != '\t') out += c;
  }
  const std::size_t from = out.find_first_not_of(' ');
  return from == std::string::npos ? "" : out.substr(from, out.find_last_not_of(' ') - from + 1);
}

std::string attribute(const HtmlTag& tag, std::string_view name) {
  const std::string* found = tag.attribute(name);
  return found == nullptr ? "" : cleaned(*found);
}

// `word` is in lower case.
bool has_word(const std::string& list, std::string_view word) {
  const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b; };
  std::size_t at = 0;
  while (at < list.size()) {
    const std::size_t end = std::min(list.find(' ', at), list.size());
    const std::string_view one = std::string_view(list).substr(at, end - at);
    if (std::equal(one.begin(), one.end(), word.begin(), word.end(), same)) return true;
    at = end + 1;
  }
  return false;
}

struct Source {
  std::string_view tag, attribute;
  ResourceKind kind;
};
constexpr Source kSources[] = {
    {"script", "src", ResourceKind::Script},  {"iframe", "src", ResourceKind::Frame},
    {"frame", "src", ResourceKind::Frame},    {"form", "action", ResourceKind::Form},
    {"object", "data", ResourceKind::Object}, {"embed", "src", ResourceKind::Object},
    {"img", "src", ResourceKind::Image},      {"audio", "src", ResourceKind::Media},
    {"video", "src", ResourceKind::Media},    {"source", "src", ResourceKind::Media},
    {"track", "src", ResourceKind::Media},
};

class Reader {
 public:
  explicit Reader(const Url& url) : base_(url) {}
  void visit(const HtmlTag& tag);
  Page take() { return std::move(page_); }

 private:
  void visit_base(const HtmlTag& tag);
  void visit_link(const HtmlTag& tag);
  void add(ResourceKind kind, const std::string& reference);

  Url base_;
  bool base_set_ = false;
  Page page_;
};

void Reader::add(ResourceKind kind, const std::string& reference) {
  if (reference.empty() || page_.resources.size() >= kMaxResources) return;
  auto url = resolve_url(base_, reference);
  if (url && url->is_http()) page_.resources.push_back({kind, std::move(*url)});
}

void Reader::visit_base(const HtmlTag& tag) {
  if (base_set_ || tag.attribute("href") == nullptr) return;
  auto url = resolve_url(base_, attribute(tag, "href"));
  if (!url) return;
  base_ = std::move(*url);
  base_set_ = true;
}

void Reader::visit_link(const HtmlTag& tag) {
  const std::string rel = attribute(tag, "rel");
  if (has_word(rel, "stylesheet")) add(ResourceKind::Style, attribute(tag, "href"));
  if (has_word(rel, "modulepreload")) add(ResourceKind::Script, attribute(tag, "href"));
  if (!has_word(rel, "canonical") || !page_.canonical.empty()) return;
  if (auto url = resolve_url(base_, attribute(tag, "href"))) page_.canonical = std::move(url->text);
}

void Reader::visit(const HtmlTag& tag) {
  if (tag.name == "base") return visit_base(tag);
  if (tag.name == "link") return visit_link(tag);
  for (const Source& source : kSources) {
    if (tag.name == source.tag) return add(source.kind, attribute(tag, source.attribute));
  }
}

}  // namespace

std::string_view resource_word(ResourceKind kind) {
  switch (kind) {
    case ResourceKind::Script: return "a script";
    case ResourceKind::Style: return "a stylesheet";
    case ResourceKind::Frame: return "a frame";
    case ResourceKind::Form: return "a form";
    case ResourceKind::Object: return "an object";
    case ResourceKind::Image: return "an image";
    case ResourceKind::Media: break;
  }
  return "a media file";
}

bool is_active(ResourceKind kind) { return kind != ResourceKind::Image && kind != ResourceKind::Media; }

Page read_page(std::string_view html, const Url& url) {
  Reader reader(url);
  for_each_tag(html, [&](const HtmlTag& tag) { reader.visit(tag); });
  return reader.take();
}

}  // namespace tightship::net
