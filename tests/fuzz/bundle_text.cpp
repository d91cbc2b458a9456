// What is done to the text of a build around a hit: decoding, judging of markers, references. A value that is
// planted in the input, encoded as the first byte says, must be found.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "bundle/marker.h"
#include "bundle/needle.h"
#include "bundle/references.h"
#include "bundle/trace.h"
#include "bundle/unescape.h"
#include "detect/codec.h"

namespace {

using namespace tightship::bundle;

std::string json(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string encode(std::string_view value, unsigned how) {
  switch (how % 5) {
    case 0: return std::string(value);
    case 1: return json(value);
    case 2: return json(json(value));
    case 3: return tightship::detect::encode_hex(value);
    default:
      return tightship::detect::encode_base64("k:" + std::string(value) + ":", tightship::detect::Base64::Standard,
                                              false);
  }
}

bool is_found(const std::vector<TracedValue>& values, const std::string& content) {
  std::vector<Needle> needles;
  append_needles(values[0].value, 0, needles);
  for (const Needle& needle : needles) {
    for (std::size_t at = content.find(needle.bytes); at != std::string::npos;
         at = content.find(needle.bytes, at + 1)) {
      const auto trace = verify(values, needle, content, at);
      if (trace && (trace->begin > trace->end || trace->end > content.size())) std::abort();
      if (trace && trace->exact) return true;
    }
  }
  return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::string_view text = tightship::as_text({data + 1, size - 1});
  for (const auto decode : {unescape_js, unescape_html, unescape_percent, join_strings}) {
    if (decode(text).size() > text.size()) std::abort();
  }
  for (const MarkerLiteral& literal : marker_literals()) {
    for (std::size_t at = text.find(literal.bytes); at != std::string_view::npos;
         at = text.find(literal.bytes, at + 1)) {
      const auto mark = judge_marker(literal, text, at);
      if (mark && (mark->begin > mark->end || mark->end > text.size())) std::abort();
    }
  }
  for (const Reference& reference : script_references(text)) {
    if (reference.text.empty()) std::abort();
  }
  webpack_chunks(text);
  // The input cut in two is what stands before and behind; the run makes the value one that has needles.
  const std::string_view head = text.substr(0, text.size() / 2), tail = text.substr(text.size() / 2);
  const std::string value = std::string(text.substr(0, std::min<std::size_t>(text.size(), 40))) + "Zq8Jx2Lw9T" +
                            std::string(tail.substr(0, std::min<std::size_t>(tail.size(), 40)));
  const std::vector<TracedValue> values = {{"KEY", value, {}, Weight::Certain, {}}};
  const std::string content = std::string(head) + " \" " + encode(value, data[0]) + " \" " + std::string(tail);
  // Escapes that end behind the planted text, or values that are escapes themselves, may be read in another way.
  const bool plain = text.find_first_of("\\&%+/=,\"'`") == std::string_view::npos &&
                     std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < 127; });
  if (!is_found(values, content) && plain) std::abort();
  return 0;
}
