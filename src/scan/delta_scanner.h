#pragma once

// Scans an object by what changed against its base.
//
// The reference is scan_whole: all anchors of the content, each confirmed. scan_delta gives the
// identical result for content that was made by a delta, from the base's result:
//   1. Copies that lie side by side in base and result are joined into runs. Bytes in no run, and
//      the seams between runs, are changes; so are begin and end of the content unless they are
//      begin and end of the base.
//   2. Only changes, widened by the widest anchor less one, are searched; an anchor found there
//      counts if it touches a change. An anchor wholly inside a run is the base's, moved.
//   3. An inherited anchor is confirmed again only when its window (match::Reach) leaves the run;
//      otherwise what it confirmed is inherited too. One whose verdict depends on all of the content
//      (match::Engine::confirm) is always confirmed again.
//   4. What has no anchor is searched in all of the content; nothing of it is inherited.
//   5. Encoded pieces are inherited as verdicts are: when the piece and what it reaches to lie in a run. Others have
//      a hint that touches a change, or one in what runs left of a piece of the base, and are looked for there.
// Step 3 is what a naive design lacks: without it the fuzz test loses and invents findings by the
// thousand (delta_scanner_test keeps that control).
//
// One object a thread. Nothing is allocated once buffers have grown.

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "detect/detector.h"
#include "detect/rule.h"
#include "git/delta.h"
#include "scan/anchor_search.h"
#include "scan/content_scanner.h"
#include "scan/delta_runs.h"
#include "scan/encoded_scanner.h"

namespace tightship::scan {

// The result of scanning one object, and all that its descendants need of it.
struct AnchorScan {
  struct Mark {
    std::uint32_t position = 0;
    std::uint16_t literal = 0;
    bool confirmed = false;  // at least one of `found` is its
    bool open = false;       // its verdict depends on all of the content
    friend bool operator==(const Mark&, const Mark&) = default;
  };
  struct Found {
    std::uint32_t position = 0;  // of its mark
    std::uint16_t literal = 0;
    detect::Candidate candidate;
    friend bool operator==(const Found&, const Found&) = default;
  };
  std::vector<Mark> marks;                  // sorted by position, then literal
  std::vector<Found> found;                 // in the order of their marks
  std::vector<detect::Candidate> searched;  // of rules without anchors
  EncodedPieces encoded;
  bool any() const { return !found.empty() || !searched.empty() || encoded.hold_any(); }

  void clear() {
    marks.clear();
    found.clear();
    searched.clear();
    encoded.clear();
  }
};

class DeltaScanner {
 public:
  // `known` is for all scanners of an audit, and must outlive them.
  explicit DeltaScanner(const detect::RuleSet& rules, Decoding decoding = Decoding::On, PlainTexts* known = nullptr);

  void scan_whole(Bytes content, AnchorScan& out);
  // `base` is the scan of the object of `base_size` bytes that `ops` copy from.
  void scan_delta(Bytes content, const std::vector<git::DeltaOp>& ops, std::uint32_t base_size, const AnchorScan& base,
                  AnchorScan& out);

  // Test control: inherit verdicts without looking whether the window leaves the run (step 3).
  void skip_reconfirmation_for_test() { reconfirm_ = false; }

  struct Stats {
    std::uint64_t content_bytes = 0, anchors = 0, inherited = 0, confirmed_again = 0;
  };
  const Stats& stats() const { return stats_; }
  std::uint64_t searched_bytes() const { return search_.searched_bytes(); }

 private:
  // Bytes [begin, end) in no run; a seam has begin == end. Anchors that touch it lie in [from, to).
  struct Change {
    std::uint32_t begin = 0, end = 0, from = 0, to = 0;
  };

  bool mostly_changed(std::uint32_t size) const;
  void search_all(Bytes content, AnchorScan& out);
  void find_changes(Bytes content, std::uint32_t base_size);
  void search_change(Bytes content, const Change& change, AnchorScan& out);
  void find_encoded(Bytes content, std::uint32_t at, std::uint32_t from, std::uint32_t to, bool overlapping,
                    AnchorScan& out);
  void inherit(Bytes content, const Run& run, std::uint32_t base_size, const AnchorScan& base, AnchorScan& out);
  static void sort_encoded(AnchorScan& out);
  void inherit_encoded(Bytes content, const Run& run, std::uint32_t base_size, const AnchorScan& base, AnchorScan& out);
  void inherit_pieces(Bytes content, const Run& run, std::uint32_t base_size, PieceKind kind,
                      const std::vector<EncodedPiece>& base, EncodedPieces& out);
  void confirm_mark(Bytes content, std::uint32_t position, std::uint16_t literal, AnchorScan& out);

  const detect::RuleSet& rules_;
  AnchorSearch search_;
  std::uint32_t max_width_;
  std::vector<match::Reach> reach_;   // by literal
  std::vector<std::uint32_t> width_;  // by literal
  std::vector<Run> runs_;
  std::vector<Change> changes_;
  std::vector<match::Anchor> anchors_;
  std::vector<match::Match> matches_;
  std::vector<std::uint8_t> seen_;  // by literal
  std::vector<detect::Candidate> candidates_;
  std::optional<EncodedScanner> encoded_;  // when asked for
  HintFree free_;
  bool reconfirm_ = true;
  Stats stats_;
};

}  // namespace tightship::scan
