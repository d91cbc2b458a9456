#include "detect/folded.h"

#include <algorithm>
#include <cstddef>

#include "detect/text_class.h"

namespace tightship::detect {
namespace {

constexpr std::size_t kMinFirst = 32, kMinOfLetters = 20, kMaxLines = 16;

bool is_digit_of_base64(char c) { return is_alphanumeric(c) || is_one_of(c, "+/-_"); }
bool is_blank(char c) { return c == ' ' || c == '\t'; }

// The digits that `text` begins with, and padding.
std::string_view take_line(std::string_view text) {
  std::size_t size = 0;
  while (size < text.size() && is_digit_of_base64(text[size])) ++size;
  for (int pad = 0; pad < 2 && size > 0 && size < text.size() && text[size] == '='; ++pad) ++size;
  return text.substr(0, size);
}

bool looks_encoded(std::string_view line) {
  return line.size() >= kMinOfLetters || !all(line, [](char c) { return is_letter(c) || c == '-' || c == '_'; });
}

// Where the next line's text begins, when `rest` is the end of a line and that one is indented; else npos.
std::size_t next_line(std::string_view rest) {
  std::size_t at = 0;
  while (at < rest.size() && is_blank(rest[at])) ++at;
  if (at < rest.size() && rest[at] == '\r') ++at;
  if (at >= rest.size() || rest[at] != '\n') return std::string_view::npos;
  const std::size_t begin = ++at;
  while (at < rest.size() && is_blank(rest[at])) ++at;
  return at > begin ? at : std::string_view::npos;
}

bool ends_line(std::string_view rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t\r"), rest.size()));
  return rest.empty() || rest[0] == '\n';
}

}  // namespace

std::string_view folded_value(std::string_view text) {
  const std::string_view first = take_line(text);
  if (first.size() < kMinFirst || first.front() == '-') return {};
  std::size_t size = first.size();
  std::size_t lines = 1;
  bool padded = first.ends_with('=');
  while (lines < kMaxLines && !padded) {
    const std::size_t gap = next_line(text.substr(size));
    if (gap == std::string_view::npos) break;
    const std::string_view line = take_line(text.substr(size + gap));
    const bool belongs = !line.empty() && line.front() != '-' && line.size() <= first.size() && looks_encoded(line) &&
                         ends_line(text.substr(size + gap + line.size()));
    if (!belongs) break;
    size += gap + line.size();
    padded = line.ends_with('=');
    ++lines;
  }
  return lines > 1 ? text.substr(0, size) : std::string_view();
}

bool is_folded(std::string_view secret) {
  return contains(secret, "\n") && folded_value(secret).size() == secret.size() && !secret.empty();
}

std::string unfolded(std::string_view secret) {
  std::string value(secret);
  if (is_folded(secret)) std::erase_if(value, [](char c) { return is_blank(c) || c == '\r' || c == '\n'; });
  return value;
}

std::string_view first_fold(std::string_view secret) {
  return is_folded(secret) ? secret.substr(0, secret.find_first_of(" \t\r\n")) : secret;
}

}  // namespace tightship::detect
