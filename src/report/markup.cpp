#include "report/markup.h"

#include <cstdint>

#include "base/terminal_text.h"

namespace tightship::report {
namespace {

// Replaces every character of `special` in `text` by `replacement(character)`.
template <class Replacement>
std::string replaced(std::string_view text, std::string_view special, Replacement replacement) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (special.find(c) == std::string_view::npos)
      out += c;
    else
      out += replacement(c);
  }
  return out;
}

std::string percent(char c) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  const auto byte = static_cast<std::uint8_t>(c);
  return {'%', kDigits[byte >> 4], kDigits[byte & 15]};
}

std::string entity(char c) {
  switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return "&#" + std::to_string(static_cast<unsigned>(static_cast<std::uint8_t>(c))) + ";";
  }
}

// U+FFFE and U+FFFF are characters of UTF-8 and none of XML 1.0.
std::string without_noncharacters(std::string text) {
  for (const std::string_view bad : {"\xef\xbf\xbe", "\xef\xbf\xbf"}) {
    for (std::size_t at = text.find(bad); at != std::string::npos; at = text.find(bad, at)) {
      text.replace(at, bad.size(), "\xef\xbf\xbd");
    }
  }
  return text;
}

}  // namespace

std::string command_data(std::string_view raw) { return replaced(terminal_text(raw), "%\r\n", percent); }

std::string command_property(std::string_view raw) { return replaced(terminal_text(raw), "%\r\n:,", percent); }

std::string markdown_text(std::string_view raw) {
  return replaced(terminal_text(raw), "\\`*_[]<>@#!~$%&|:", [](char c) { return std::string{'\\', c}; });
}

std::string html_text(std::string_view raw) { return replaced(terminal_text(raw), "&<>\"'|@#`*_[]\\~$", entity); }

std::string xml_text(std::string_view raw) {
  return replaced(without_noncharacters(terminal_text(raw)), "&<>\"'", entity);
}

std::string log_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool line_start = true;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool pair = i + 1 < text.size() && text[i + 1] == c;
    out += c;
    if (pair && (c == '#' || (c == ':' && line_start))) out += ' ';
    if (c == '\n')
      line_start = true;
    else if (c != ' ' && c != '\t' && static_cast<std::uint8_t>(c) < 0x80)
      line_start = false;  // other spaces too
  }
  return out;
}

}  // namespace tightship::report
