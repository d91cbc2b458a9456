#pragma once

// Many patterns over many bytes, in two steps that can be taken apart (DESIGN: matching):
//   1. find_anchors: all positions of the patterns' anchor literals, by Hyperscan;
//   2. confirm: at one anchor, which patterns match, by byte classes and then RE2 on a window.
//
// The result of confirm depends on nothing but the bytes in the anchor's window
// [position - reach.before, position + reach.after), cut at the ends of the data. That is what lets
// a scan of a delta inherit verdicts from its base (scan/delta_scanner.h).
//
// A pattern of Way::Open has one exception, which confirm() tells: where a repeat without an upper bound
// goes on and on, the verdict depends on all of the data. Patterns of Way::Search have no anchors; they
// are searched in all of the data by search().
//
// Semantics, against which the tests compare: for each occurrence of each anchor at `position` and
// each pattern of that anchor, the match is the leftmost start in
// [position - max_offset, position - min_offset] at which RE2, anchored there, matches and has the
// literal at the place; the match's end is RE2's (leftmost-first).
//
// Immutable after construction; every method is safe from many threads, with a Scratch for each.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "match/pattern.h"

namespace tightship::match {

struct PatternSpec {
  std::string_view id;                     // for messages only
  std::string_view regex;                  // RE2 syntax; must outlive the engine; empty: never matches
  std::uint32_t secret_group = 0;          // 0: the first group that took part, else the whole match
  std::vector<std::string> anchors;        // empty: chosen by analyse_pattern
  std::vector<std::string> keywords = {};  // for analyse_any_pattern
};

struct Anchor {
  std::uint32_t position = 0;  // of the literal's first byte
  std::uint16_t literal = 0;
  friend bool operator==(const Anchor&, const Anchor&) = default;
  friend auto operator<=>(const Anchor&, const Anchor&) = default;
};

struct Reach {
  std::uint32_t before = 0;  // bytes before the anchor's first byte that a verdict can depend on
  std::uint32_t after = 0;   // bytes from the anchor's first byte on, look-ahead included
};

struct Match {
  std::uint32_t pattern = 0;                       // index into the specs
  std::uint32_t start = 0, end = 0;                // the whole match
  std::uint32_t secret_start = 0, secret_end = 0;  // the group that is the secret
  friend bool operator==(const Match&, const Match&) = default;
};

class Engine {
 public:
  class Scratch {  // one a thread; belongs to one engine and must not outlive it
   public:
    Scratch(Scratch&&) noexcept;
    Scratch& operator=(Scratch&&) noexcept;
    ~Scratch();

   private:
    friend class Engine;
    struct Impl;
    explicit Scratch(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
  };

  // Compiles everything, as analyse_any_pattern allows. Fails with Config for the first pattern that cannot be used; Error::where
  // is its id.
  static Result<Engine> compile(std::vector<PatternSpec> specs);

  // The compiled form (match/compiled.h): tables and the literal database, keyed by the library's version.
  // Database compiled for generic x86-64, so that it loads on every machine.
  std::vector<std::uint8_t> serialize() const;
  // `blob` must outlive the engine and begin at a multiple of eight; `specs` must be those that were
  // compiled. When the database was made by another version of the
  // library it is compiled again from the tables (a few ms). Fails with Corrupt on a damaged blob.
  // Costs well under a millisecond: nothing is parsed, RE2 objects are made when first needed.
  static Result<Engine> deserialize(Bytes blob, std::vector<PatternSpec> specs);

  Engine(Engine&&) noexcept;
  Engine& operator=(Engine&&) noexcept;
  ~Engine();

  Scratch make_scratch() const;

  // Appends all anchors in `data`, ordered by (position, literal). `data` is at most 2^32 - 1 bytes.
  void find_anchors(Bytes data, Scratch& scratch, std::vector<Anchor>& out) const;

  // Appends the matches at `anchor`, which find_anchors found in these bytes (or which a base of a
  // delta had there), ordered by pattern. True when the verdict depends on more than the window, so
  // that it must not be inherited.
  // Patterns with a non-zero byte in `left_out` (by index; may be empty) are not tried.
  bool confirm(Bytes data, Anchor anchor, std::vector<Match>& out, std::span<const std::uint8_t> left_out = {}) const;

  // Whether there are patterns of Way::Search.
  bool searches() const;
  // Appends their matches in `data`: for each pattern one of whose literals was seen, the leftmost match
  // and on from its end, as long as there are any. `seen` has a non-zero byte for each literal that
  // find_anchors found in the data.
  void search(Bytes data, const std::vector<std::uint8_t>& seen, std::vector<Match>& out) const;

  // The secret of a match's text standing alone (without what was around it): the leftmost match in it
  // decides, and of its groups the first that is not empty. Nothing when there is no match.
  std::optional<std::string_view> secret_alone(std::uint32_t pattern, std::string_view text) const;

  Reach reach(std::uint16_t literal) const;
  std::uint32_t anchor_width(std::uint16_t literal) const;
  std::uint32_t max_anchor_width() const;
  std::size_t literal_count() const;
  std::size_t pattern_count() const;
  std::uint32_t max_width(std::uint32_t pattern) const;         // of a match; what follows up to it is in reach
  std::string_view literal_bytes(std::uint16_t literal) const;  // lower case when caseless

  // How often each literal was seen, and how often confirm was reached and RE2 was run, since counting was
  // switched on, which must not happen while another thread confirms; for `tightship rules bench`.
  struct Cost {
    std::uint64_t anchors = 0, prefix_passed = 0, matched = 0;
  };
  void set_counting(bool on);
  std::vector<Cost> pattern_costs() const;

 private:
  struct Impl;
  explicit Engine(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

std::string hyperscan_version();  // "Hyperscan 5.4.0" or "Vectorscan 5.4.9"

}  // namespace tightship::match
