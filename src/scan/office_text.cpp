#include "scan/office_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <string_view>
#include <utility>

#include "base/utf8.h"

namespace tightship::scan {
namespace {

constexpr std::size_t kHead = 2048;
constexpr std::string_view kOpenDocument = "urn:oasis:names:tc:opendocument";
constexpr std::array<std::string_view, 3> kNameSpaces = {"schemas.openxmlformats.org/", "purl.oclc.org/ooxml/",
                                                         kOpenDocument};
constexpr std::size_t kMaxEntity = 12;  // bytes of "&#x10FFFF;" and some zeros

std::string_view head_of(Bytes content) { return as_text(content.first(std::min(content.size(), kHead))); }

template <std::size_t kCount>
bool is_one(std::string_view word, const std::array<std::string_view, kCount>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

struct Tag {
  std::string_view name;  // without its prefix
  bool closes = false, empty = false;
};

// `inside` stands between the brackets.
Tag read_tag(std::string_view inside) {
  Tag tag;
  tag.closes = inside.starts_with('/');
  tag.empty = inside.ends_with('/');
  if (tag.closes) inside.remove_prefix(1);
  inside = inside.substr(0, inside.find_first_of(" \t\r\n/"));
  tag.name = inside.substr(inside.find(':') + 1);  // npos + 1 is 0
  return tag;
}

// What a tag stands for in the text, or 0.
char character_of(const Tag& tag, bool open_document) {
  constexpr std::array<std::string_view, 4> kLines = {"p", "h", "si", "row"};
  constexpr std::array<std::string_view, 3> kBreaks = {"br", "cr", "line-break"};
  constexpr std::array<std::string_view, 4> kCells = {"tc", "c", "table-cell", "is"};
  if (tag.closes) return is_one(tag.name, kLines) ? '\n' : is_one(tag.name, kCells) ? '\t' : '\0';
  if (is_one(tag.name, kBreaks)) return '\n';
  if (tag.name == "tab" && tag.empty) return '\t';
  return open_document && tag.name == "s" ? ' ' : '\0';
}

// The character of an entity ("&amp;") and its bytes; no bytes when it is none.
std::pair<std::uint32_t, std::size_t> read_entity(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, char>, 5> kNames{
      {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}}};
  const std::size_t end = text.substr(0, kMaxEntity).find(';');
  if (end == std::string_view::npos || end < 2) return {0, 0};
  std::string_view name = text.substr(1, end - 1);
  for (const auto& [known, character] : kNames) {
    if (name == known) return {static_cast<std::uint32_t>(character), end + 1};
  }
  if (!name.starts_with('#')) return {0, 0};
  const bool hex = name.starts_with("#x");
  name.remove_prefix(hex ? 2 : 1);
  std::uint32_t code = 0;
  const auto [stop, error] = std::from_chars(name.data(), name.data() + name.size(), code, hex ? 16 : 10);
  const bool whole = error == std::errc() && stop == name.data() + name.size() && code != 0 && code <= 0x10FFFF;
  return whole ? std::pair(code, end + 1) : std::pair(std::uint32_t{0}, std::size_t{0});
}

class Reader {
 public:
  explicit Reader(std::string_view xml) : xml_(xml) {
    out_.coding = Coding::XmlText;
    out_.digits = {{0, static_cast<std::uint32_t>(xml.size())}};
    open_document_ = xml.substr(0, kHead).find(kOpenDocument) != std::string_view::npos;
    wanted_ = open_document_;
  }

  DecodedText read() && {
    std::size_t at = 0;
    while (at < xml_.size()) {
      const std::size_t tag = std::min(xml_.find('<', at), xml_.size());
      if (wanted_) take(at, tag);
      const std::size_t end = xml_.find('>', tag);
      if (end == std::string_view::npos) break;
      see(read_tag(xml_.substr(tag + 1, end - tag - 1)), tag, end + 1);
      at = end + 1;
    }
    return std::move(out_);
  }

 private:
  std::uint32_t here() const { return static_cast<std::uint32_t>(out_.text.size()); }

  // The text from here on was written from `at` on.
  void jump(std::size_t at) {
    if (at == expected_) return;
    out_.escapes.push_back(
        {here(), static_cast<std::uint32_t>(expected_), 0, static_cast<std::uint32_t>(at - expected_)});
    expected_ = at;
  }

  void put(std::uint32_t code, std::size_t at, std::size_t size) {
    jump(at);
    const std::uint32_t before = here();
    append_utf8(code, out_.text);
    out_.escapes.push_back({before, static_cast<std::uint32_t>(at), static_cast<std::uint8_t>(here() - before),
                            static_cast<std::uint32_t>(size)});
    expected_ = at + size;
  }

  void see(const Tag& tag, std::size_t at, std::size_t end) {
    if (const char c = character_of(tag, open_document_); c != 0) put(static_cast<std::uint32_t>(c), at, end - at);
    if (open_document_) return;
    const bool holds_text = tag.name == "t" || tag.name == "delText" || tag.name == "instrText";
    wanted_ = holds_text && !tag.closes && !tag.empty;
  }

  void take(std::size_t at, std::size_t end) {
    while (at < end) {
      const std::size_t entity = std::min(xml_.substr(0, end).find('&', at), end);
      if (entity > at) {
        jump(at);
        out_.text += xml_.substr(at, entity - at);
        expected_ = at = entity;
      }
      if (at >= end) return;
      const auto [code, size] = read_entity(xml_.substr(at, end - at));
      put(size > 0 ? code : '&', at, std::max<std::size_t>(size, 1));
      at = expected_;
    }
  }

  std::string_view xml_;
  DecodedText out_;
  bool open_document_ = false;
  bool wanted_ = false;       // what stands between the last tag and the next
  std::size_t expected_ = 0;  // where what follows would be written, without another escape
};

}  // namespace

bool is_office_xml(Bytes content) {
  const std::string_view head = head_of(content);
  if (!head.starts_with('<') && !head.starts_with("\xef\xbb\xbf<")) return false;
  return std::any_of(kNameSpaces.begin(), kNameSpaces.end(),
                     [&](std::string_view name) { return head.find(name) != std::string_view::npos; });
}

DecodedText read_office_text(Bytes content) { return Reader(as_text(content)).read(); }

}  // namespace tightship::scan
