#include "net/tag_list.h"

#include <algorithm>

#include "detect/text_class.h"
#include "net/site_config.h"

namespace tightship::net {
namespace {

using detect::is_alphanumeric;
using detect::lowered;

bool is_uri_character(char c) { return c > 0x20 && c < 0x7f && !detect::is_one_of(c, "\"<>\\^`{|}"); }

}  // namespace

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> pieces;
  for (;;) {
    const std::size_t end = text.find(separator);
    pieces.push_back(trimmed(text.substr(0, end)));
    if (end == std::string_view::npos) return pieces;
    text.remove_prefix(end + 1);
  }
}

bool same_word(std::string_view a, std::string_view b) { return lowered(a) == lowered(b); }

const Tag* TagList::find(std::string_view name) const {
  const auto at = std::find_if(tags.begin(), tags.end(), [&](const Tag& tag) { return same_word(tag.name, name); });
  return at == tags.end() ? nullptr : &*at;
}

std::vector<std::string> TagList::repeated() const {
  std::vector<std::string> names, twice;
  for (const Tag& tag : tags) names.push_back(lowered(tag.name));
  std::sort(names.begin(), names.end());
  for (std::size_t i = 1; i < names.size(); ++i) {
    if (names[i] == names[i - 1] && (twice.empty() || twice.back() != names[i])) twice.push_back(names[i]);
  }
  return twice;
}

TagList parse_tag_list(std::string_view text) {
  TagList list;
  for (std::size_t count = 0; count < kMaxTags; ++count) {
    const std::size_t end = text.find(';');
    const std::string_view piece = trimmed(text.substr(0, end));
    const std::size_t equals = piece.find('=');
    if (equals == 0 || (equals == std::string_view::npos && !piece.empty())) {
      list.broken.push_back(piece);
    } else if (!piece.empty()) {
      list.tags.push_back({std::string(trimmed(piece.substr(0, equals))), trimmed(piece.substr(equals + 1))});
    }
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return list;
}

std::optional<ReportUri> parse_report_uri(std::string_view text) {
  text = trimmed(text);
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || !detect::all(text, is_uri_character)) return std::nullopt;
  ReportUri uri;
  uri.scheme = lowered(text.substr(0, colon));
  const bool named = detect::all(uri.scheme, [](char c) { return is_alphanumeric(c) || detect::is_one_of(c, "+.-"); });
  if (!named || !detect::is_letter(uri.scheme.front())) return std::nullopt;
  std::string_view rest = text.substr(colon + 1);
  if (uri.scheme != "mailto") {
    if (!rest.starts_with("//") || rest.size() < 3) return std::nullopt;
    uri.address = std::string(text);
    uri.domain = lowered(rest.substr(2, rest.substr(2).find_first_of("/:?#")));
    return is_host_name(uri.domain) ? std::optional(std::move(uri)) : std::nullopt;
  }
  if (const std::size_t mark = rest.find('!'); mark != std::string_view::npos) {
    uri.limit = std::string(rest.substr(mark + 1));
    rest = rest.substr(0, mark);
  }
  rest = rest.substr(0, rest.find('?'));
  const std::size_t at = rest.rfind('@');
  if (at == std::string_view::npos || at == 0) return std::nullopt;
  uri.address = std::string(rest);
  uri.domain = lowered(rest.substr(at + 1));
  if (!is_host_name(uri.domain) || uri.domain.find('.') == std::string::npos) return std::nullopt;
  return uri;
}

}  // namespace tightship::net
