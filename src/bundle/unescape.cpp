#include "bundle/unescape.h"

#include <algorithm>
#include <deque>
#include <utility>

#include "base/code_point.h"
#include "detect/codec.h"

namespace tightship::bundle {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Exactly `count` digits at `at`, or -1.
std::int32_t hex_number(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return -1;
  std::int32_t value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const int digit = hex_digit(text[at + i]);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

void append_code(std::string& out, std::uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | (code >> 6));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | (code >> 12));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x110000) {
    out += static_cast<char>(0xF0 | (code >> 18));
    out += static_cast<char>(0x80 | ((code >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

// \u{1F600}: the size of what stands behind the 'u', 0 when it is none.
std::size_t braced_code(std::string_view text, std::size_t at, std::uint32_t& code) {
  if (at >= text.size() || text[at] != '{') return 0;
  code = 0;
  for (std::size_t i = at + 1; i < text.size() && i < at + 8; ++i) {
    if (text[i] == '}') return i > at + 1 ? i + 1 - at : 0;
    const int digit = hex_digit(text[i]);
    if (digit < 0) return 0;
    code = code * 16 + static_cast<std::uint32_t>(digit);
  }
  return 0;
}

// `at` is behind "\u"; gives the position behind the escape, or 0 when it is none.
std::size_t unicode_escape(std::string_view text, std::size_t at, std::string& out) {
  std::uint32_t code = 0;
  if (const std::size_t size = braced_code(text, at, code); size > 0) {
    append_code(out, code);
    return at + size;
  }
  const std::int32_t high = hex_number(text, at, 4);
  if (high < 0) return 0;
  at += 4;
  if (high >= 0xD800 && high < 0xDC00 && text.substr(at, 2) == "\\u") {
    const std::int32_t low = hex_number(text, at + 2, 4);
    if (low >= 0xDC00 && low < 0xE000) {
      append_code(
          out, 0x10000u + (static_cast<std::uint32_t>(high - 0xD800) << 10) + static_cast<std::uint32_t>(low - 0xDC00));
      return at + 6;
    }
  }
  append_code(out, static_cast<std::uint32_t>(high));
  return at;
}

std::size_t octal_escape(std::string_view text, std::size_t at, std::string& out) {
  unsigned value = 0;
  std::size_t end = at;
  while (end < text.size() && end < at + 3 && text[end] >= '0' && text[end] <= '7' && value * 8 < 256) {
    value = value * 8 + static_cast<unsigned>(text[end++] - '0');
  }
  append_code(out, value & 0xFF);
  return end;
}

// `at` is behind the backslash, and inside the text; gives the position behind the escape.
std::size_t js_escape(std::string_view text, std::size_t at, std::string& out) {
  const char c = text[at];
  constexpr std::string_view kNames = "nrtbfv", kCharacters = "\n\r\t\b\f\v";
  if (const auto name = kNames.find(c); name != std::string_view::npos) {
    out += kCharacters[name];
    return at + 1;
  }
  if (c == 'x') {
    if (const std::int32_t byte = hex_number(text, at + 1, 2); byte >= 0) {
      append_code(out, static_cast<std::uint32_t>(byte));
      return at + 3;
    }
  }
  if (c == 'u') {
    if (const std::size_t end = unicode_escape(text, at + 1, out); end > 0) return end;
  }
  if (c >= '0' && c <= '7') return octal_escape(text, at, out);
  if (c != '\n') out += c;
  return at + 1;
}

struct Reference {
  std::string_view name;
  std::string_view text;
};
constexpr Reference kReferences[] = {{"amp;", "&"},  {"lt;", "<"},          {"gt;", ">"},     {"quot;", "\""},
                                     {"apos;", "'"}, {"nbsp;", "\xC2\xA0"}, {"lbrace;", "{"}, {"rbrace;", "}"}};

// `at` is behind "&#"; gives the position behind the reference, or 0 when it is none.
std::size_t numeric_reference(std::string_view text, std::size_t at, std::string& out) {
  const bool hex = at < text.size() && (text[at] == 'x' || text[at] == 'X');
  std::size_t i = at + (hex ? 1 : 0);
  const std::size_t first = i;
  std::uint32_t code = 0;
  for (; i < text.size() && i < first + 8; ++i) {
    const int digit = hex_digit(text[i]);
    if (digit < 0 || (!hex && digit > 9)) break;
    code = code * (hex ? 16u : 10u) + static_cast<std::uint32_t>(digit);
  }
  if (i == first || i >= text.size() || text[i] != ';') return 0;
  append_code(out, code);
  return i + 1;
}

// `at` is behind the '&'.
std::size_t html_reference(std::string_view text, std::size_t at, std::string& out) {
  if (at < text.size() && text[at] == '#') return numeric_reference(text, at + 1, out);
  for (const Reference& reference : kReferences) {
    if (!text.substr(at).starts_with(reference.name)) continue;
    out += reference.text;
    return at + reference.name.size();
  }
  return 0;
}

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }
bool is_quote(char c) { return c == '"' || c == '\'' || c == '`'; }

std::size_t skip_space(std::string_view text, std::size_t at) {
  while (at < text.size() && is_space(text[at])) ++at;
  return at;
}

// Position behind the opening quote of the next piece, when a string that ends at `quote` goes on there; else 0.
std::size_t next_piece(std::string_view text, std::size_t quote) {
  std::size_t at = skip_space(text, quote + 1);
  constexpr std::string_view kConcat = ".concat(";
  if (text.substr(at).starts_with(kConcat)) {
    at = skip_space(text, at + kConcat.size());
  } else if (at < text.size() && (text[at] == '+' || text[at] == ',')) {
    // "a","b": the arguments of concat, the elements of an array that is joined.
    at = skip_space(text, at + 1);
  } else {
    return 0;
  }
  return at < text.size() && is_quote(text[at]) ? at + 1 : 0;
}

std::string undo(Step step, std::string_view text) {
  switch (step) {
    case Step::Js: return unescape_js(text);
    case Step::Html: return unescape_html(text);
    case Step::Percent: return unescape_percent(text);
    case Step::Join: break;
  }
  return join_strings(text);
}

struct Branch {
  std::string text;
  Nest nest;
  std::uint8_t depth = 0;
  bool joined = false;
};

}  // namespace

std::string unescape_js(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t slash = std::min(text.find('\\', at), text.size());
    out.append(text, at, slash - at);
    if (slash == text.size()) break;
    if (slash + 1 == text.size()) {
      out += '\\';
      break;
    }
    at = js_escape(text, slash + 1, out);
  }
  return out;
}

std::string unescape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t mark = std::min(text.find('&', at), text.size());
    out.append(text, at, mark - at);
    if (mark == text.size()) break;
    const std::size_t end = html_reference(text, mark + 1, out);
    if (end == 0) out += '&';
    at = end == 0 ? mark + 1 : end;
  }
  return out;
}

std::string unescape_percent(std::string_view text) { return detect::decode_percent(text); }

std::string join_strings(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t next = is_quote(text[at]) ? next_piece(text, at) : 0;
    if (next > 0) {
      at = next;
    } else {
      out += text[at++];
    }
  }
  return out;
}

std::string undo(const Nest& nest, std::string_view text) {
  std::string result(text);
  for (std::uint8_t i = 0; i < nest.count; ++i) result = undo(nest.steps[i], result);
  return result;
}

std::string nest_words(const Nest& nest) {
  constexpr std::string_view kNames[] = {"JavaScript-escaped", "HTML-escaped", "percent-encoded",
                                         "put together from pieces"};
  std::string words;
  for (std::size_t step = 0; step < 4; ++step) {
    const auto times = std::count(nest.steps.begin(), nest.steps.begin() + nest.count, static_cast<Step>(step));
    if (times == 0) continue;
    if (!words.empty()) words += ", ";
    words += kNames[step];
    if (times > 1) words += times == 2 ? " twice" : " three times";
  }
  return words;
}

std::optional<Nest> find_encoded(std::string_view window, std::string_view value) {
  if (value.empty()) return std::nullopt;
  std::deque<Branch> open;
  open.push_back({std::string(window), {}, 0, false});
  while (!open.empty()) {
    const Branch branch = std::move(open.front());
    open.pop_front();
    if (branch.text.find(value) != std::string::npos) return branch.nest;
    for (const Step step : {Step::Js, Step::Html, Step::Percent, Step::Join}) {
      if (step == Step::Join ? branch.joined : branch.depth == kMaxDepth) continue;
      Branch next{undo(step, branch.text), branch.nest, branch.depth, branch.joined};
      if (next.text == branch.text) continue;
      next.nest.steps[next.nest.count++] = step;
      (step == Step::Join ? next.joined = true : ++next.depth > 0);
      open.push_back(std::move(next));
    }
  }
  return std::nullopt;
}

}  // namespace tightship::bundle
