#pragma once

// Classes of ASCII characters, free of the locale, and what is counted with them.

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace tightship::detect {

constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return is_lower(c) || is_upper(c); }
constexpr bool is_alphanumeric(char c) { return is_letter(c) || is_digit(c); }
constexpr bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
constexpr bool is_quote(char c) { return c == '"' || c == '\'' || c == '`'; }
constexpr bool is_vowel(char c) { return std::string_view("aeiouyAEIOUY").find(c) != std::string_view::npos; }
constexpr char to_lower(char c) { return is_upper(c) ? static_cast<char>(c + 32) : c; }

inline std::string lowered(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), to_lower);
  return out;
}

template <class F>
bool all(std::string_view text, F is) {
  return std::all_of(text.begin(), text.end(), is);
}
template <class F>
std::size_t count(std::string_view text, F is) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is));
}
// Whether `c` is one of a few characters.
constexpr bool is_one_of(char c, std::string_view few) {
  for (const char one : few) {
    if (c == one) return true;
  }
  return false;
}
inline bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace tightship::detect
