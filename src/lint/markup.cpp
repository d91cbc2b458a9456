#include "lint/markup.h"

#include <algorithm>
#include <array>

#include "lint/lines.h"

namespace tightship::lint {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         c == '.' || c == ':' || static_cast<unsigned char>(c) >= 0x80;
}

std::string decoded(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, char>, 5> kEntities = {
      std::pair{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto* entity = std::find_if(kEntities.begin(), kEntities.end(),
                                      [&](const auto& one) { return text.substr(at, one.first.size()) == one.first; });
    if (entity != kEntities.end()) {
      out += entity->second;
      at += entity->first.size();
    } else {
      out += text[at++];
    }
  }
  return out;
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text.substr(0, kMaxXml)), lines_(text_) {}

  std::vector<XmlElement> run() {
    while (at_ < text_.size() && found_.size() < kMaxXmlElements && step()) continue;
    return std::move(found_);
  }

 private:
  bool step() {
    const std::size_t open = std::min(text_.find('<', at_), text_.size());
    take_text(at_, open);
    at_ = open;
    if (at_ >= text_.size()) return false;
    if (text_.substr(at_, 4) == "<!--") return skip_to("-->");
    if (text_.substr(at_, 9) == "<![CDATA[") return cdata();
    if (text_.substr(at_, 2) == "<?") return skip_to("?>");
    if (text_.substr(at_, 2) == "<!") return skip_to(">");
    if (text_.substr(at_, 2) == "</") {
      if (!open_.empty()) open_.pop_back();
      return skip_to(">");
    }
    return element();
  }

  bool skip_to(std::string_view end) {
    const std::size_t found = text_.find(end, at_);
    if (found == std::string_view::npos) return false;
    at_ = found + end.size();
    return true;
  }

  bool cdata() {
    const std::size_t begin = at_ + 9;
    if (!skip_to("]]>")) return false;
    if (!open_.empty()) found_[open_.back()].text += text_.substr(begin, at_ - 3 - begin);
    return true;
  }

  void take_text(std::size_t begin, std::size_t end) {
    const std::size_t first = std::min(text_.find_first_not_of(kBlanks, begin), end);
    if (first >= end || open_.empty()) return;
    const std::string_view bare = text_.substr(first, end - first);
    XmlElement& into = found_[open_.back()];
    if (into.text.empty()) into.text_at = lines_.at(first);
    into.text += decoded(bare.substr(0, bare.find_last_not_of(kBlanks) + 1));
  }

  std::string word() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_name(text_[at_])) ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }

  void skip_blanks() { at_ = std::min(text_.find_first_not_of(kBlanks, at_), text_.size()); }

  bool element() {
    XmlElement made;
    made.at = lines_.at(at_);
    ++at_;
    const std::string name = word();
    if (name.empty() || open_.size() >= kMaxXmlDepth) return false;
    if (!open_.empty()) made.path = found_[open_.back()].path;
    made.path.push_back(name);
    while (skip_blanks(), at_ < text_.size() && is_name(text_[at_])) {
      if (!attribute(made)) return false;
    }
    const bool empty = text_.substr(at_, 2) == "/>";
    if (!empty && text_.substr(at_, 1) != ">") return false;
    at_ += empty ? 2 : 1;
    found_.push_back(std::move(made));
    if (!empty) open_.push_back(found_.size() - 1);
    return true;
  }

  bool attribute(XmlElement& made) {
    std::string name = word();
    skip_blanks();
    if (text_.substr(at_, 1) != "=") return false;
    ++at_;
    skip_blanks();
    const char quote = at_ < text_.size() ? text_[at_] : '\0';
    const std::size_t end = quote == '"' || quote == '\'' ? text_.find(quote, at_ + 1) : std::string_view::npos;
    if (end == std::string_view::npos) return false;
    made.attributes.emplace_back(std::move(name), decoded(text_.substr(at_ + 1, end - at_ - 1)));
    at_ = end + 1;
    return true;
  }

  std::string_view text_;
  Lines lines_;
  std::size_t at_ = 0;
  std::vector<std::size_t> open_;  // indexes into found_
  std::vector<XmlElement> found_;
};

}  // namespace

std::string XmlElement::attribute(std::string_view name) const {
  for (const auto& [key, value] : attributes) {
    if (key == name) return value;
  }
  return {};
}

std::vector<XmlElement> parse_xml(std::string_view text) { return Reader(text).run(); }

}  // namespace tightship::lint
