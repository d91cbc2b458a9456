// The input is an expression, a line feed, and text. What our reader takes, RE2 takes; and what the
// analysis says of the expression holds for every match of RE2 in the text, and in the expression
// itself (which is often near to a match).

#include <re2/re2.h>

#include <algorithm>
#include <cstdlib>

#include "base/bytes.h"
#include "match/byte_class.h"
#include "match/pattern.h"
#include "match/regex.h"

namespace {

using namespace tightship;
using match::AnchorLiteral;
using match::PatternInfo;

constexpr std::size_t kMaxExpression = 200, kMaxText = 400;  // keeps an input under a millisecond

void require(bool holds) {
  if (!holds) std::abort();
}

bool stands_at(std::string_view text, std::size_t at, const AnchorLiteral& anchor) {
  if (at + anchor.bytes.size() > text.size()) return false;
  return std::equal(anchor.bytes.begin(), anchor.bytes.end(), text.begin() + static_cast<std::ptrdiff_t>(at),
                    [&](char a, char b) { return a == (anchor.caseless ? match::ascii_lower(b) : b); });
}

bool has_anchor(std::string_view found, const PatternInfo& info) {
  return std::any_of(info.anchors.begin(), info.anchors.end(), [&](const AnchorLiteral& anchor) {
    for (std::size_t at = anchor.min_offset; at <= anchor.max_offset && at < found.size(); ++at) {
      if (stands_at(found, at, anchor)) return true;
    }
    return false;
  });
}

void check_matches(const RE2& re2, const PatternInfo& info, std::string_view text) {
  for (std::size_t start = 0; start <= text.size(); ++start) {
    re2::StringPiece part;
    if (!re2.Match({text.data(), text.size()}, start, text.size(), RE2::ANCHOR_START, &part, 1)) continue;
    const std::string_view found(part.data(), part.size());
    require(found.size() >= info.min_width && found.size() <= info.max_width);
    require(has_anchor(found, info));
    for (std::size_t i = 0; i < info.prefix.size(); ++i) {
      require(match::contains(info.prefix[i], static_cast<std::uint8_t>(found[i])));
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input = as_text({data, size});
  const std::string_view expression = input.substr(0, input.find('\n'));
  const auto tree = match::regex::parse(expression);
  const auto info = match::analyse_pattern(expression);
  require(tree || !info);
  if (!tree || expression.size() > kMaxExpression) return 0;
  RE2::Options options;
  options.set_encoding(RE2::Options::EncodingLatin1);
  options.set_log_errors(false);
  const RE2 re2(tree->re2, options);
  // RE2 may still find it too large, or repeats nested too often; never its syntax wrong.
  if (!re2.ok()) {
    require(!info);
    require(re2.error_code() == RE2::ErrorPatternTooLarge || re2.error_code() == RE2::ErrorRepeatSize ||
            re2.error_code() == RE2::ErrorRepeatOp || re2.error_code() == RE2::ErrorBadNamedCapture);
    return 0;
  }
  if (!info) return 0;
  check_matches(re2, *info, expression);
  check_matches(re2, *info, input.substr(expression.size()).substr(0, kMaxText));
  return 0;
}
