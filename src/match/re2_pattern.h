#pragma once

// One expression compiled by RE2, for bytes: Latin-1, so that '.' and negated classes take any
// single byte. (The only place where RE2 is included.)

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "match/regex.h"

namespace re2 {
class RE2;
}

namespace tightship::match {

struct Span {
  std::uint32_t begin = 0, end = 0;
  friend bool operator==(const Span&, const Span&) = default;
};

struct GroupedMatch {
  Span match, secret;
};

class Re2Pattern {
 public:
  // Parses `expression` anew; takes about 0.1 ms. `secret_group` as in PatternSpec,
  // and a group of the expression.
  static Result<Re2Pattern> compile(std::string_view expression, std::uint32_t secret_group);

  // The expression as it stands, repeats without an upper bound and all. One that our reader does not
  // know and that has characters beyond ASCII, or classes of them, is matched as UTF-8.
  static Result<Re2Pattern> compile_whole(std::string_view expression, std::uint32_t secret_group);

  Re2Pattern(Re2Pattern&&) noexcept;
  Re2Pattern& operator=(Re2Pattern&&) noexcept;
  ~Re2Pattern();

  // The match that begins at `start`; look-around sees all of `text`.
  std::optional<GroupedMatch> match_at(std::string_view text, std::uint32_t start) const;
  // Whether there is one.
  bool matches_at(std::string_view text, std::uint32_t start) const;
  // The leftmost match that begins at or after `start`.
  std::optional<Span> find_from(std::string_view text, std::uint32_t start) const;
  // The same with its secret.
  std::optional<GroupedMatch> search_from(std::string_view text, std::uint32_t start) const;
  // The secret of the leftmost match in `text`, taken from the first group that is not empty.
  std::optional<Span> filled_secret(std::string_view text) const;
  // Groups that capture.
  std::uint32_t groups() const;

 private:
  struct Impl;
  static Result<Re2Pattern> make(const regex::Tree& tree, std::uint32_t secret_group);
  static Result<Re2Pattern> make(std::unique_ptr<re2::RE2> re2, std::uint32_t secret_group);
  std::optional<GroupedMatch> grouped(std::string_view text, std::uint32_t start, int anchor) const;
  explicit Re2Pattern(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Fails with Config when RE2 does not take what our own reader took.
Result<void> check_re2(const regex::Tree& tree);

}  // namespace tightship::match
