#pragma once

// What to search for, so that no encoding of a value is missed by one pass over plain literals.
//
// A run of letters, digits, '-' and '_' is changed by no escape of JSON, JavaScript, HTML or URLs, so it stands in
// every output that holds the value: two separate pieces of the longest run are searched (a minifier may have cut
// one). Base64 is searched by the inner part of the run's encoding in each of the three alignments, hexadecimal and
// the escapes that spell out every character by theirs. A value without a run of eight is searched whole, in each
// escaped form, and by a run of five when it is no word; without either it is missed when it is cut in pieces. What is found so is only a place to look at: bundle/trace.h decides.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tightship::bundle {

inline constexpr std::size_t kMinRun = 8;      // bytes of a run that is searched for
inline constexpr std::size_t kMaxNeedle = 24;  // bytes of a run that are searched for

enum class Form : std::uint8_t {
  Text,  // the run, or the whole value under one escape
  Base64,
  Hex,
  Spelled,  // every character as \xNN, \uNNNN or %NN
};

struct Needle {
  std::string bytes;  // lower case when caseless
  bool caseless = false;
  std::uint32_t value = 0;  // index of the value
  Form form = Form::Text;
  std::uint32_t begin = 0, size = 0;  // the piece of the value that it stands for
  std::uint8_t shift = 0;             // Base64: bytes of the piece's first group before the piece, 0..2
  std::uint8_t skip = 0;              // Base64: characters of the encoded group left out at its begin
};

// Appends the needles of a value; none when it is shorter than three bytes.
void append_needles(std::string_view value, std::uint32_t index, std::vector<Needle>& out);

// The longest run of [A-Za-z0-9_-]: begin and size.
struct Run {
  std::size_t begin = 0, size = 0;
};
Run longest_run(std::string_view value);

}  // namespace tightship::bundle
