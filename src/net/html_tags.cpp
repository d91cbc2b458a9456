#include "net/html_tags.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "base/utf8.h"

namespace tightship::net {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

std::string lowered(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

void append_character(std::uint32_t point, std::string& out) {
  const bool none = point == 0 || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000);
  append_utf8(none ? 0xFFFD : point, out);
}

// "#47" and "#x2F" of a character reference; nothing for other names.
bool append_numbered(std::string_view name, std::string& out) {
  if (!name.starts_with('#')) return false;
  const bool hex = name.size() > 1 && (name[1] | 0x20) == 'x';
  const std::string_view digits = name.substr(hex ? 2 : 1);
  std::uint32_t point = 0;
  const auto said = std::from_chars(digits.data(), digits.data() + digits.size(), point, hex ? 16 : 10);
  if (digits.empty() || said.ec != std::errc() || said.ptr != digits.data() + digits.size()) return false;
  append_character(point, out);
  return true;
}

bool append_named(std::string_view name, std::string& out) {
  static constexpr std::array<std::pair<std::string_view, char>, 14> kNames = {{{"amp", '&'},
                                                                                {"AMP", '&'},
                                                                                {"lt", '<'},
                                                                                {"gt", '>'},
                                                                                {"quot", '"'},
                                                                                {"apos", '\''},
                                                                                {"sol", '/'},
                                                                                {"colon", ':'},
                                                                                {"period", '.'},
                                                                                {"quest", '?'},
                                                                                {"equals", '='},
                                                                                {"num", '#'},
                                                                                {"Tab", '\t'},
                                                                                {"NewLine", '\n'}}};
  const auto found = std::find_if(kNames.begin(), kNames.end(), [&](const auto& row) { return row.first == name; });
  if (found == kNames.end()) return false;
  out += found->second;
  return true;
}

std::string decoded(std::string_view text) {
  constexpr std::size_t kLongest = 12;  // of a reference, from & to ;
  std::string out;
  while (!text.empty()) {
    const std::size_t mark = std::min(text.find('&'), text.size());
    out.append(text.substr(0, mark));
    text.remove_prefix(mark);
    if (text.empty()) break;
    const std::size_t end = text.substr(0, kLongest).find(';');
    const std::string_view name = end == std::string_view::npos ? std::string_view() : text.substr(1, end - 1);
    const bool known = append_numbered(name, out) || append_named(name, out);
    if (!known) out += '&';
    text.remove_prefix(known ? end + 1 : 1);
  }
  return out;
}

// What follows is text up to the end tag of the same name.
bool holds_text(std::string_view name) {
  static constexpr std::array<std::string_view, 8> kNames = {"script", "style",   "textarea", "title",
                                                             "iframe", "noembed", "noframes", "xmp"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end() || name == "noscript";
}

class Tokenizer {
 public:
  Tokenizer(std::string_view html, const std::function<void(const HtmlTag&)>& take) : html_(html), take_(take) {}

  void run() {
    while ((at_ = html_.find('<', at_)) != std::string_view::npos) {
      tag_.offset = at_++;
      if (at_ >= html_.size()) return;
      if (html_.substr(at_, 3) == "!--")
        skip_comment();
      else if (html_[at_] == '!' || html_[at_] == '?')
        skip_past('>');
      else if (html_[at_] == '/' && at_ + 1 < html_.size() && is_letter(html_[at_ + 1]))
        end_tag();
      else if (is_letter(html_[at_]))
        start_tag();
    }
  }

 private:
  void skip_past(char end) {
    const std::size_t found = html_.find(end, at_);
    at_ = found == std::string_view::npos ? html_.size() : found + 1;
  }

  void skip_comment() {
    at_ += 3;
    if (html_.substr(at_, 1) == ">") return void(++at_);
    if (html_.substr(at_, 2) == "->") return void(at_ += 2);
    for (std::size_t from = at_;;) {
      const std::size_t dashes = html_.find("--", from);
      if (dashes == std::string_view::npos) return void(at_ = html_.size());
      const std::string_view after = html_.substr(dashes + 2, 2);
      if (after.starts_with('>')) return void(at_ = dashes + 3);
      if (after == "!>") return void(at_ = dashes + 4);
      from = dashes + 1;
    }
  }

  void end_tag() {
    ++at_;
    read_tag();
  }

  void start_tag() {
    if (!read_tag()) return;
    take_(tag_);
    if (holds_text(tag_.name)) skip_text(tag_.name);
  }

  // False when the page ends inside: then it is no tag.
  bool read_tag() {
    const std::size_t from = at_;
    while (at_ < html_.size() && !is_space(html_[at_]) && html_[at_] != '/' && html_[at_] != '>') ++at_;
    tag_.name = lowered(html_.substr(from, at_ - from));
    tag_.attributes.clear();
    while (at_ < html_.size()) {
      if (html_[at_] == '>') return void(++at_), true;
      if (is_space(html_[at_]) || html_[at_] == '/')
        ++at_;
      else
        read_attribute();
    }
    return false;
  }

  void read_attribute() {
    const std::size_t from = at_++;  // a name may begin with '='
    while (at_ < html_.size() && !is_space(html_[at_]) && html_[at_] != '/' && html_[at_] != '>' && html_[at_] != '=')
      ++at_;
    const std::string_view name = html_.substr(from, at_ - from);
    std::size_t next = at_;
    while (next < html_.size() && is_space(html_[next])) ++next;
    std::string_view value;
    if (next < html_.size() && html_[next] == '=') {
      at_ = next + 1;
      value = read_value();
    }
    if (tag_.attributes.size() < kMaxAttributes) tag_.attributes.emplace_back(lowered(name), decoded(value));
  }

  std::string_view read_value() {
    while (at_ < html_.size() && is_space(html_[at_])) ++at_;
    if (at_ >= html_.size()) return {};
    const char quote = html_[at_];
    const std::size_t from = quote == '"' || quote == '\'' ? at_ + 1 : at_;
    std::size_t end = from;
    if (from > at_) {
      end = std::min(html_.find(quote, from), html_.size());
      at_ = std::min(end + 1, html_.size());
    } else {
      while (end < html_.size() && !is_space(html_[end]) && html_[end] != '>') ++end;
      at_ = end;
    }
    return html_.substr(from, end - from);
  }

  void skip_text(std::string_view name) {
    for (std::size_t end = at_; (end = html_.find("</", end)) != std::string_view::npos; ++end) {
      const std::string_view here = html_.substr(end + 2, name.size());
      const std::size_t after = end + 2 + name.size();
      if (lowered(here) != name || after >= html_.size()) continue;
      if (is_space(html_[after]) || html_[after] == '/' || html_[after] == '>') return void(at_ = end);
    }
    at_ = html_.size();
  }

  std::string_view html_;
  const std::function<void(const HtmlTag&)>& take_;
  std::size_t at_ = 0;
  HtmlTag tag_;
};

}  // namespace

const std::string* HtmlTag::attribute(std::string_view wanted) const {
  for (const auto& [key, value] : attributes) {
    if (key == wanted) return &value;
  }
  return nullptr;
}

void for_each_tag(std::string_view html, const std::function<void(const HtmlTag&)>& take) {
  Tokenizer(html, take).run();
}

}  // namespace tightship::net
