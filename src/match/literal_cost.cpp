// Bits of surprise a byte, given the kind of the byte before it: letters inside a word are cheap,
// a change of kind (xY, a3) is dear, runs of the same punctuation are nearly free. Words that fill
// source code whatever their letters are given a floor.
#include "match/literal_cost.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "match/byte_class.h"

namespace tightship::match {
namespace {

constexpr std::string_view kCommonWords[] = {
    "access",   "address", "application", "array",    "authorization", "class",   "client",    "config",
    "const",    "content", "default",     "define",   "error",         "example", "export",    "false",
    "function", "github",  "google",      "http://",  "https://",      "include", "index",     "integer",
    "length",   "license", "message",     "module",   "object",        "package", "password",  "private",
    "public",   "request", "require",     "response", "return",        "secret",  "server",    "service",
    "source",   "static",  "string",      "struct",   "test",          "token",   "undefined", "username",
    "value",    "version", "website",     "-----",    "=====",         "://",     "0000000",   "begin"};
constexpr double kCommonPerMegabyte = 100;  // a whole word of eight letters; parts are more common

enum class ByteKind { Lower, Upper, Digit, Punctuation, Other };

ByteKind kind_of(char c) {
  if (c >= 'a' && c <= 'z') return ByteKind::Lower;
  if (c >= 'A' && c <= 'Z') return ByteKind::Upper;
  if (c >= '0' && c <= '9') return ByteKind::Digit;
  return c >= ' ' && c <= '~' ? ByteKind::Punctuation : ByteKind::Other;
}

double letter_bits(char lower) {
  constexpr std::string_view common = "etaoinsrl", middle = "dcumpfghyb", rare = "vwk";
  if (common.find(lower) != std::string_view::npos) return 3.5;
  if (middle.find(lower) != std::string_view::npos) return 4.5;
  return rare.find(lower) != std::string_view::npos ? 6 : 7.5;
}

double byte_bits(char before, char c, bool first) {
  constexpr std::string_view common = " .,()\"'=:;/_-\n";
  const ByteKind kind = kind_of(c), last = first ? ByteKind::Other : kind_of(before);
  switch (kind) {
    case ByteKind::Lower: return letter_bits(c) + (last == ByteKind::Digit ? 2.5 : last == kind ? -0.5 : 0);
    case ByteKind::Upper: return letter_bits(ascii_lower(c)) + (last == kind ? 0.5 : first ? 1.5 : 2.5);
    case ByteKind::Digit: return last == kind ? 3.3 : first ? 5 : 6;
    case ByteKind::Punctuation:
      if (!first && before == c) return 1;
      return common.find(c) != std::string_view::npos ? 4.5 : 6.5;
    case ByteKind::Other: break;
  }
  return c == '\n' ? 4.5 : 8;
}

// Whether it stands in one of the words.
bool is_common(std::string_view bytes) {
  constexpr char kBetween = '\x01';
  static const std::string all = [] {
    std::string joined;
    for (const std::string_view word : kCommonWords) joined.append(word).push_back(kBetween);
    return joined;
  }();
  return all.find(bytes) != std::string::npos && bytes.find(kBetween) == std::string_view::npos;
}

}  // namespace

double expected_per_megabyte(std::string_view bytes, bool caseless) {
  double bits = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bits += byte_bits(i > 0 ? bytes[i - 1] : '\0', bytes[i], i == 0) - (caseless ? 0.2 : 0);
  }
  const double estimate = std::exp2(20 - bits);
  return is_common(bytes) ? std::max(estimate, kCommonPerMegabyte * 8 / static_cast<double>(bytes.size())) : estimate;
}

}  // namespace tightship::match
