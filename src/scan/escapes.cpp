#include "scan/escapes.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <string_view>

#include "base/utf8.h"

namespace tightship::scan {
namespace {

// One escape: how many bytes it has, and the character; a byte where it stands for one.
struct Escape {
  std::uint32_t size = 0;  // 0: none
  std::uint32_t code = 0;
  bool is_byte = false;
};

std::optional<std::uint32_t> hex_number(Bytes data, std::size_t at, std::size_t digits) {
  if (data.size() < at || data.size() - at < digits) return std::nullopt;
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    const std::uint8_t c = data[at + i];
    if (c >= '0' && c <= '9') {
      number = number << 4 | (c - unsigned{'0'});
    } else if ((c | 0x20u) >= 'a' && (c | 0x20u) <= 'f') {
      number = number << 4 | ((c | 0x20u) - unsigned{'a'} + 10);
    } else {
      return std::nullopt;
    }
  }
  return number;
}

// \uXXXX, two of them for what lies beyond; half of a pair alone is no character.
Escape read_unicode(Bytes data, std::size_t at) {
  const auto first = hex_number(data, at, 4);
  if (!first || (*first & 0xFC00) == 0xDC00) return {};
  if ((*first & 0xFC00) != 0xD800) return {4, *first, false};
  if (data.size() - at < 10 || data[at + 4] != '\\' || data[at + 5] != 'u') return {};
  const auto second = hex_number(data, at + 6, 4);
  if (!second || (*second & 0xFC00) != 0xDC00) return {};
  return {10, 0x10000 + ((*first & 0x3FF) << 10 | (*second & 0x3FF)), false};
}

// What follows a backslash. `size` counts from `at` on.
Escape read_behind_backslash(Bytes data, std::size_t at) {
  if (at >= data.size()) return {};
  switch (data[at]) {
    case '"':
    case '\'':
    case '\\':
    case '/': return {1, data[at], true};
    case 'n': return {1, '\n', true};
    case 'r': return {1, '\r', true};
    case 't': return {1, '\t', true};
    case 'x': {
      const auto byte = hex_number(data, at + 1, 2);
      return byte ? Escape{3, *byte, true} : Escape{};
    }
    case 'u': {
      Escape escape = read_unicode(data, at + 1);
      escape.size += escape.size > 0 ? 1 : 0;
      return escape;
    }
    default: return {};
  }
}

// At `at`, where the sign of the coding stands.
Escape read_escape(Bytes data, std::size_t at, Coding coding) {
  if (coding == Coding::Percent) {
    const auto byte = hex_number(data, at + 1, 2);
    return byte ? Escape{3, *byte, true} : Escape{};
  }
  Escape escape = read_behind_backslash(data, at + 1);
  escape.size += escape.size > 0 ? 1 : 0;
  return escape;
}

std::uint8_t sign_of(Coding coding) { return coding == Coding::Backslash ? '\\' : '%'; }

bool is_text(std::uint32_t code) {
  return (code >= ' ' && code < 0x7F) || code == '\n' || code == '\t' || code == '\r';
}

// Bytes of a token from `at` on, escapes undone, up to kMinToken.
std::uint32_t token_behind(Bytes data, std::size_t at, Coding coding) {
  const std::uint8_t sign = sign_of(coding);
  std::uint32_t count = 0;
  while (count < kMinToken && at < data.size()) {
    if (data[at] != sign) {
      if (!kTokenBytes[data[at]]) break;
      ++at;
    } else {
      const Escape escape = read_escape(data, at, coding);
      if (escape.size == 0 || escape.code >= kTokenBytes.size() || !kTokenBytes[escape.code]) break;
      at += escape.size;
    }
    ++count;
  }
  return count;
}

// Before it, up to an escape.
std::uint32_t token_before(Bytes data, std::size_t at, Coding coding) {
  const std::uint8_t sign = sign_of(coding);
  std::uint32_t count = 0;
  while (count < kMinToken && count < at && kTokenBytes[data[at - count - 1]] && data[at - count - 1] != sign) ++count;
  return count;
}

// `escape` begins at `at` and ends before `end`.
bool may_hide_token(Bytes data, std::size_t at, std::size_t end, const Escape& escape, Coding coding) {
  if (!is_text(escape.code)) return false;
  const std::uint32_t behind = token_behind(data, end, coding);
  if (behind == kMinToken) return true;
  return kTokenBytes[escape.code] && behind + token_before(data, at, coding) >= kMinToken;
}

}  // namespace

bool begins_escape(Bytes data, std::size_t at) {
  if (data[at] == '%') {
    const Escape escape = read_escape(data, at, Coding::Percent);
    return escape.size > 0 && may_hide_token(data, at, at + escape.size, escape, Coding::Percent);
  }
  if (data[at] != '\\' || (at > 0 && data[at - 1] == '\\')) return false;
  std::size_t behind = at + 1;
  while (behind < data.size() && data[behind] == '\\' && behind - at <= kMaxBackslashes) ++behind;
  if (behind - at > kMaxBackslashes) return false;
  const Escape escape = read_behind_backslash(data, behind);
  return escape.size > 0 && may_hide_token(data, at, behind + escape.size, escape, Coding::Backslash);
}

namespace {

// The first hint of the kind in [from, end); `end` when there is none.
std::size_t next_hint(Bytes text, std::uint8_t sign, std::size_t from, std::size_t end) {
  while (from < end) {
    const void* found = std::memchr(text.data() + from, sign, end - from);
    if (found == nullptr) return end;
    const auto at = static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) - text.data());
    if (begins_escape(text, at)) return at;
    from = at + 1;
  }
  return end;
}

// The end of the line from `at` on, but no further than `bytes` from it.
std::size_t line_end(Bytes text, std::size_t at, std::size_t bytes) {
  const std::size_t end = std::min(text.size(), at + bytes);
  const void* found = std::memchr(text.data() + at, '\n', end - at);
  return found != nullptr ? static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) - text.data()) : end;
}

std::size_t line_begin(Bytes text, std::size_t at, std::size_t bytes) {
  const std::size_t begin = at - std::min(at, bytes);
  const void* found = ::memrchr(text.data() + begin, '\n', at - begin);
  return found != nullptr ? static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) - text.data()) + 1 : begin;
}

std::size_t token_end(Bytes text, std::size_t at) {
  at = std::min(at, text.size());
  const std::size_t end = std::min<std::size_t>(text.size(), at + kMaxTail);
  while (at < end && kTokenBytes[text[at]]) ++at;
  return at;
}

}  // namespace

EscapedPiece piece_around(Bytes text, std::uint32_t at) {
  const std::uint8_t sign = text[at];
  std::size_t first = at, last = at;
  std::size_t from = line_begin(text, first, kMaxGap);
  for (std::size_t before = next_hint(text, sign, from, first); before < first;
       before = next_hint(text, sign, from, first)) {
    first = before;
    from = line_begin(text, first, kMaxGap);
  }
  std::size_t to = line_end(text, last, kMaxGap + 1);
  for (std::size_t next = next_hint(text, sign, last + 1, to); next < to; next = next_hint(text, sign, last + 1, to)) {
    last = next;
    to = line_end(text, last, kMaxGap + 1);
  }
  std::size_t behind = last + 1;
  while (behind < text.size() && text[behind] == sign) ++behind;
  const std::size_t tail = std::max(std::min(text.size(), last + kAround), token_end(text, behind + 1));
  EscapedPiece piece;
  piece.last = static_cast<std::uint32_t>(last);
  piece.text.begin = static_cast<std::uint32_t>(line_begin(text, first, kAround));
  piece.text.end = static_cast<std::uint32_t>(line_end(text, last, tail - last));
  // Hints that are not there are decided by bytes around the places where they would be, line ends excepted.
  const std::size_t least = from > kMinToken ? from - kMinToken : 0;
  const bool line_begins = from > 0 && text[from - 1] == '\n';
  const std::size_t seen_from = line_begins ? from - 1 : least;
  const bool at_begin = !line_begins && from <= kMinToken;
  piece.reach_before =
      static_cast<std::uint32_t>(piece.text.begin - std::min<std::size_t>(piece.text.begin, seen_from)) +
      (at_begin ? 1 : 0);
  const bool line_ends = to < text.size() && text[to] == '\n';
  const std::size_t seen_to =
      std::max<std::size_t>(line_ends ? to + 1 : to + kEscapeReach, piece.text.end + std::size_t{1});
  piece.reach_after = static_cast<std::uint32_t>(seen_to - piece.text.end);
  return piece;
}

namespace {

void append(const Escape& escape, std::string& out) {
  if (escape.is_byte) {
    out.push_back(static_cast<char>(escape.code));
  } else {
    append_utf8(escape.code, out);
  }
}

}  // namespace

DecodedText decode_escapes(Bytes text, Stretch piece, Coding coding, std::size_t limit) {
  DecodedText out{coding, {}, {piece}, 0, {}};
  const Bytes here = text.first(piece.end);
  const std::uint8_t sign = sign_of(coding);
  out.text.reserve(std::min<std::size_t>(limit, piece.size()));
  std::size_t at = piece.begin;
  while (at < piece.end && out.text.size() < limit) {
    const void* found = std::memchr(here.data() + at, sign, piece.end - at);
    const std::size_t next =
        found != nullptr ? static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) - here.data()) : piece.end;
    out.text += as_text(here.subspan(at, std::min(next - at, limit - out.text.size())));
    at = next;
    if (at >= piece.end || out.text.size() >= limit) break;
    const Escape escape = read_escape(here, at, coding);
    const auto place = static_cast<std::uint32_t>(out.text.size());
    if (escape.size == 0) {
      out.text.push_back(static_cast<char>(here[at++]));
      continue;
    }
    append(escape, out.text);
    out.escapes.push_back(
        {place, static_cast<std::uint32_t>(at), static_cast<std::uint8_t>(out.text.size() - place), escape.size});
    at += escape.size;
  }
  return out;
}

}  // namespace tightship::scan
