#pragma once

// From a place that a needle names to the value itself: what stands around it is decoded until the exact value is
// there. Windows are bounded by the value's size, so the cost of a hit is too.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bundle/needle.h"
#include "bundle/traced_value.h"
#include "bundle/unescape.h"

namespace tightship::bundle {

inline constexpr std::size_t kMaxTracedValue = 16 * 1024;  // bytes of a value that is traced
inline constexpr std::size_t kMaxWindow = 256 * 1024;

struct Trace {
  std::uint32_t value = 0;           // index into the values
  std::uint64_t begin = 0, end = 0;  // in the content; of the encoded value, the end is the window's when decoded
  bool exact = true;                 // false: a long piece of the value, not all of it
  std::string how;                   // "base64-encoded, JavaScript-escaped"; empty: as it is
};

// Decides on the hit of `needle` at `at` in `content`. Nothing when neither the value nor a telling part of it
// stands there: one that has at least 16 bytes and half of the value, and looks random.
std::optional<Trace> verify(const std::vector<TracedValue>& values, const Needle& needle, std::string_view content,
                            std::uint64_t at);

// Whether a text of this kind stands by itself at [begin, end): no letter or digit touches it.
bool stands_alone(std::string_view content, std::uint64_t begin, std::uint64_t end);

}  // namespace tightship::bundle
