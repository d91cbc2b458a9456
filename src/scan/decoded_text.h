#pragma once

// Text that was encoded, with the way back to the bytes that it was decoded from.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace tightship::scan {

// Bytes [begin, end) of a text.
struct Stretch {
  std::uint32_t begin = 0, end = 0;
  std::uint32_t size() const { return end - begin; }
  friend bool operator==(const Stretch&, const Stretch&) = default;
};

enum class Coding : std::uint8_t { Base64, Hex, Gzip, Zlib, Backslash, Percent, XmlText };
std::string_view coding_name(Coding coding);  // "base64" ...: stable, used in reports

// A character that was written as an escape: bytes [decoded, decoded + length) of what was decoded from bytes
// [written, written + size). Of bytes that stand for nothing `length` is 0.
struct Escaped {
  std::uint32_t decoded = 0, written = 0;
  std::uint8_t length = 0;
  std::uint32_t size = 0;
};

struct DecodedText {
  Coding coding = Coding::Base64;
  std::string text;
  // Where the digits stand in the encoded text: one stretch, or one for each line. Of packed data all of it.
  std::vector<Stretch> digits;
  std::uint32_t skipped = 0;     // digits before the first that was decoded
  std::vector<Escaped> escapes;  // of Backslash, Percent and XmlText, in order; `digits` is then the piece

  // The encoded bytes of text[begin, end): from the first digit to the last, line ends between them included.
  Stretch origin(std::uint32_t begin, std::uint32_t end) const;

 private:
  Stretch escaped_origin(std::uint32_t begin, std::uint32_t end) const;
};

// The digits of `stretches` from the one numbered `skip` on, side by side. Digits of a last group that is not
// whole give what bytes they have. O(digits); at most `limit` bytes come out.
DecodedText decode_base64_digits(Bytes data, const std::vector<Stretch>& stretches, std::uint32_t skip,
                                 std::size_t limit);
DecodedText decode_hex_digits(Bytes data, const std::vector<Stretch>& stretches, std::uint32_t skip, std::size_t limit);

// What is packed in `data`, by its first bytes; nothing when it is neither gzip nor zlib or does not begin to
// unpack. What is damaged or cut further on gives what came before. At most `limit` bytes come out, and `cut`
// says whether there was more.
std::optional<DecodedText> unpack(std::string_view data, std::size_t limit, bool& cut);

// Whether nearly all of it is text in UTF-8 or ASCII: what generic rules may be asked about.
bool is_clear_text(std::string_view text);

}  // namespace tightship::scan
