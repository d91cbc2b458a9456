#pragma once

// Text encodings of scanned content, positions in the original, and content that holds no text.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "detect/finding.h"

namespace tightship::scan {

enum class Encoding : std::uint8_t { Bytes, Utf16Le, Utf16Be, Utf32Le, Utf32Be };
std::string_view encoding_name(Encoding encoding);  // "utf-16le" ...; empty for Bytes

// By byte order mark; without one by the distribution of NUL bytes in the first 1024 bytes.
// Bytes covers UTF-8, Latin-1 and everything else whose ASCII characters are single bytes: it is
// scanned as it is. A pure function of the first 1024 bytes and the total size.
// Guesses generously: a wrong guess costs time only, since such content is scanned both ways.
Encoding detect_encoding(Bytes content);

// Content as UTF-8, with the way back. Unpaired surrogates and values over U+10FFFF become U+FFFD,
// and so does an incomplete unit at the end. A byte order mark is left out.
struct Transcoded {
  static constexpr std::uint64_t kStride = 128;

  std::string text;
  // Offset in the original of the text byte at `offset` (of the character it belongs to); for the
  // end of the text the end of the original. O(log(size) + kStride).
  std::uint64_t original_offset(std::uint64_t offset) const;
  Encoding encoding = Encoding::Bytes;
  // Every kStride-th character's (text offset, original offset), and both ends; sorted.
  std::vector<std::pair<std::uint64_t, std::uint64_t>> marks;
};
// O(content.size()). `encoding` is not Bytes.
Transcoded transcode(Bytes content, Encoding encoding);

// Counts lines on the way forward. A line ends at \n, as in git and in every editor's "go to line".
struct LineCursor {
  std::uint64_t offset = 0, line_start = 0;
  std::uint32_t line = 1;
  // To `target`, which is not before `offset`. O(target - offset), by memchr.
  void advance(Bytes content, std::uint64_t target);
};

// 1-based line and byte column of `content[begin, end)`. A line ends at \n, as in git and in every
// editor's "go to line"; the \r of \r\n belongs to the line before. O(begin), by memchr.
detect::Position locate(Bytes content, std::uint64_t begin, std::uint64_t end);

// Leading bytes of formats whose content is compressed or drawn, and cannot hold readable text.
// Returns its name ("png", "zip", "gzip" ...) or an empty view. Needs at most kMediaHead bytes.
// No text is taken for media: each entry of the table demands bytes that text does not have.
inline constexpr std::size_t kMediaHead = 16;
std::string_view compressed_media(Bytes head);

}  // namespace tightship::scan
