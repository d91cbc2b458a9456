#include "unpack/pdf_values.h"

#include <algorithm>
#include <charconv>

namespace tightship::unpack {
namespace {

constexpr std::string_view kDelimiters = "()<>[]{}/%";
constexpr std::size_t kNone = std::string_view::npos;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_regular(char c) { return !is_pdf_blank(c) && kDelimiters.find(c) == kNone; }

// Behind "(text)", which begins at `at`.
std::size_t string_end(std::string_view text, std::size_t at) {
  std::size_t depth = 0;
  for (; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '(') {
      ++depth;
    } else if (text[at] == ')' && --depth == 0) {
      return at + 1;
    }
  }
  return text.size();
}

std::size_t behind(std::string_view text, std::string_view end, std::size_t from) {
  const std::size_t found = text.find(end, from);
  return found == kNone ? text.size() : found + end.size();
}

// Behind the piece at `at`, which is no blank: a bracket, a string, a word.
std::size_t piece_end(std::string_view text, std::size_t at) {
  const char c = text[at];
  const std::string_view two = text.substr(at, 2);
  if (two == "<<" || two == ">>") return at + 2;
  if (c == '(') return string_end(text, at);
  if (c == '<') return behind(text, ">", at);
  if (c != '/' && !is_regular(c)) return at + 1;
  for (++at; at < text.size() && is_regular(text[at]);) ++at;
  return at;
}

// Behind "0 R" when that follows a number at `at`, else `at`.
std::size_t reference_end(std::string_view text, std::size_t at) {
  constexpr std::size_t kLongest = 16;
  const std::string_view rest = text.substr(at, kLongest);
  std::size_t i = 0;
  const auto blanks = [&] {
    const std::size_t before = i;
    while (i < rest.size() && is_pdf_blank(rest[i])) ++i;
    return i > before;
  };
  if (!blanks()) return at;
  const std::size_t digits = i;
  while (i < rest.size() && is_digit(rest[i])) ++i;
  if (i == digits || !blanks() || i >= rest.size() || rest[i] != 'R') return at;
  return i + 1 < rest.size() && is_regular(rest[i + 1]) ? at : at + i + 1;
}

}  // namespace

bool is_pdf_blank(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == '\0'; }

void skip_pdf_blanks(std::string_view text, std::size_t& at) {
  while (at < text.size()) {
    if (text[at] == '%') {
      at = std::min(text.find_first_of("\r\n", at), text.size());
    } else if (is_pdf_blank(text[at])) {
      ++at;
    } else {
      return;
    }
  }
}

std::string_view read_value(std::string_view text, std::size_t& at) {
  skip_pdf_blanks(text, at);
  const std::size_t begin = at;
  for (std::size_t depth = 0; at < text.size(); skip_pdf_blanks(text, at)) {
    const std::size_t from = at;
    at = piece_end(text, at);
    const std::string_view piece = text.substr(from, at - from);
    if (piece == "<<" || piece == "[") {
      ++depth;
    } else if (depth > 0 && (piece == ">>" || piece == "]")) {
      --depth;
    }
    if (depth > 0) continue;
    if (from == begin && is_digit(piece.front())) at = reference_end(text, at);
    break;
  }
  return text.substr(begin, at - begin);
}

std::string_view find_entry(std::string_view dictionary, std::string_view key) {
  std::size_t at = 0;
  skip_pdf_blanks(dictionary, at);
  if (dictionary.substr(at, 2) != "<<") return {};
  for (at += 2;;) {
    const std::string_view name = read_value(dictionary, at);
    if (name.empty() || name == ">>") return {};
    if (!name.starts_with('/')) continue;
    const std::string_view value = read_value(dictionary, at);
    if (value == ">>") return {};
    if (name.substr(1) == key) return value;
  }
}

std::optional<std::uint32_t> read_whole(std::string_view value) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  const bool whole = error == std::errc() && end == value.data() + value.size();
  return whole ? std::optional(number) : std::nullopt;
}

std::optional<double> read_real(std::string_view value) {
  double number = 0;
  if (value.starts_with('+')) value.remove_prefix(1);
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  return error == std::errc() && end > value.data() ? std::optional(number) : std::nullopt;
}

}  // namespace tightship::unpack
