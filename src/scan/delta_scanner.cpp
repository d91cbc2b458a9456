#include "scan/delta_scanner.h"

#include <algorithm>

namespace tightship::scan {
namespace {

// A run shorter than this is searched like a change: it costs less than the bookkeeping. It must be
// longer than the widest anchor, so that no anchor can touch two changes with a run between them.
constexpr std::uint32_t kMinRun = 48;
static_assert(kMinRun > match::kMaxAnchorWidth);

// With more changed than this, searching the whole content is cheaper than searching the pieces.
constexpr std::uint64_t kWholePercent = 60;

bool mark_before(const AnchorScan::Mark& a, const AnchorScan::Mark& b) {
  return a.position != b.position ? a.position < b.position : a.literal < b.literal;
}

// Whether what lies at `begin` and `end` and reaches as far as that around it has in `run` all it depends on.
bool stays_in(const Run& run, std::uint32_t begin, std::uint32_t end, match::Reach around, std::size_t size,
              std::uint32_t base_size) {
  const bool begins_alike = run.begin == 0 && run.base_begin == 0;
  const bool ends_alike = run.end == size && run.base_end() == base_size;
  return (begins_alike || begin - run.begin >= around.before) && (ends_alike || run.end - end >= around.after);
}

}  // namespace

DeltaScanner::DeltaScanner(const detect::RuleSet& rules, Decoding decoding, PlainTexts* known)
    : rules_(rules), search_(rules.engine(), known), max_width_(rules.engine().max_anchor_width()) {
  if (decoding == Decoding::On) encoded_.emplace(rules);
  const match::Engine& engine = rules.engine();
  for (std::size_t i = 0; i < engine.literal_count(); ++i) {
    const auto literal = static_cast<std::uint16_t>(i);
    reach_.push_back(engine.reach(literal));
    width_.push_back(engine.anchor_width(literal));
  }
}

void DeltaScanner::confirm_mark(Bytes content, std::uint32_t position, std::uint16_t literal, AnchorScan& out) {
  candidates_.clear();
  const bool open = detect::confirm(rules_, content, {position, literal}, matches_, candidates_);
  out.marks.push_back({position, literal, !candidates_.empty(), open});
  for (const detect::Candidate& candidate : candidates_) out.found.push_back({position, literal, candidate});
}

void DeltaScanner::search_all(Bytes content, AnchorScan& out) {
  if (!rules_.engine().searches()) return;
  seen_.assign(width_.size(), 0);
  for (const AnchorScan::Mark& mark : out.marks) seen_[mark.literal] = 1;
  detect::search(rules_, content, seen_, matches_, out.searched);
}

void DeltaScanner::scan_whole(Bytes content, AnchorScan& out) {
  out.clear();
  anchors_.clear();
  search_.announce(content);
  search_.find(content, anchors_);
  for (const match::Anchor& anchor : anchors_) confirm_mark(content, anchor.position, anchor.literal, out);
  search_all(content, out);
  find_encoded(content, 0, 0, static_cast<std::uint32_t>(content.size()), false, out);
  stats_.content_bytes += content.size();
  stats_.anchors += anchors_.size();
}

// For bytes of the text at `at` that was searched last.
void DeltaScanner::find_encoded(Bytes content, std::uint32_t at, std::uint32_t from, std::uint32_t to, bool overlapping,
                                AnchorScan& out) {
  if (!encoded_) return;
  if (!search_.is_long()) return encoded_->find_at(content, from, to, overlapping, out.encoded);
  free_.known.clear();
  free_.searched.clear();
  search_.tell_hint_free(at, free_.known);
  encoded_->find_at(content, from, to, overlapping, out.encoded, &free_);
  search_.note_hint_free(at, free_.searched);
}

bool DeltaScanner::mostly_changed(std::uint32_t size) const {
  std::uint64_t kept = 0;
  for (const Run& run : runs_) kept += run.length();
  return (size - kept) * 100 > std::uint64_t{size} * kWholePercent;
}

void DeltaScanner::scan_delta(Bytes content, const std::vector<git::DeltaOp>& ops, std::uint32_t base_size,
                              const AnchorScan& base, AnchorScan& out) {
  const auto size = static_cast<std::uint32_t>(content.size());
  join_runs(ops, kMinRun, runs_);
  if (mostly_changed(size)) return scan_whole(content, out);
  out.clear();
  find_changes(content, base_size);
  auto change = changes_.begin();
  for (const Run& run : runs_) {
    if (change != changes_.end() && change->end == run.begin) search_change(content, *change++, out);
    inherit(content, run, base_size, base, out);
    inherit_encoded(content, run, base_size, base, out);
  }
  if (change != changes_.end()) search_change(content, *change, out);
  // An anchor that reaches over a seam can begin before a shorter one that ends at it.
  if (!std::is_sorted(out.marks.begin(), out.marks.end(), mark_before)) {
    std::sort(out.marks.begin(), out.marks.end(), mark_before);
    std::stable_sort(out.found.begin(), out.found.end(), [](const AnchorScan::Found& a, const AnchorScan::Found& b) {
      return a.position != b.position ? a.position < b.position : a.literal < b.literal;
    });
  }
  search_all(content, out);
  sort_encoded(out);
  stats_.content_bytes += size;
}

// What lies between the runs, and before and behind them.
void DeltaScanner::find_changes(Bytes content, std::uint32_t base_size) {
  const auto size = static_cast<std::uint32_t>(content.size());
  changes_.clear();
  const auto add = [&](std::uint32_t begin, std::uint32_t end) {
    const std::uint32_t from = begin - std::min(begin, max_width_ - 1);
    const auto to = static_cast<std::uint32_t>(std::min<std::uint64_t>(size, std::uint64_t{end} + max_width_ - 1));
    changes_.push_back({begin, end, from, to});
    search_.announce(content.subspan(from, to - from));
  };
  std::uint32_t at = 0;
  for (const Run& run : runs_) {
    const bool begins_alike = run.begin == 0 && run.base_begin == 0;
    if (!begins_alike) add(at, run.begin);
    at = run.end;
  }
  const bool ends_alike = !runs_.empty() && at == size && runs_.back().base_end() == base_size;
  if (!ends_alike) add(at, size);
}

// Anchors that touch the change.
void DeltaScanner::search_change(Bytes content, const Change& change, AnchorScan& out) {
  const auto [begin, end, from, to] = change;
  anchors_.clear();
  search_.find(content.subspan(from, to - from), anchors_);
  for (const match::Anchor& anchor : anchors_) {
    const std::uint32_t position = anchor.position + from;
    const bool touches = position < end && position + width_[anchor.literal] > begin;
    if (touches) confirm_mark(content, position, anchor.literal, out);
  }
  find_encoded(content, from, begin, end, true, out);
  stats_.anchors += anchors_.size();
}

void DeltaScanner::inherit_encoded(Bytes content, const Run& run, std::uint32_t base_size, const AnchorScan& base,
                                   AnchorScan& out) {
  for (const PieceKind kind : kPieceKinds) {
    const std::vector<EncodedPiece>& pieces = base.encoded.of(kind);
    if (!pieces.empty()) inherit_pieces(content, run, base_size, kind, pieces, out.encoded);
  }
}

void DeltaScanner::inherit_pieces(Bytes content, const Run& run, std::uint32_t base_size, PieceKind kind,
                                  const std::vector<EncodedPiece>& base, EncodedPieces& out) {
  const std::uint32_t shift = run.begin - run.base_begin;  // modulo 2^32, as in inherit()
  auto piece = std::upper_bound(base.begin(), base.end(), run.base_begin,
                                [](std::uint32_t begin, const EncodedPiece& p) { return begin < p.end; });
  for (; piece != base.end() && piece->begin < run.base_end(); ++piece) {
    EncodedPiece moved = *piece;
    moved.begin += shift;
    moved.end += shift;
    moved.last += shift;
    const match::Reach around{moved.reach_before, moved.reach_after};
    const bool whole = piece->begin >= run.base_begin && piece->end <= run.base_end();
    if (whole && (!reconfirm_ || stays_in(run, moved.begin, moved.end, around, content.size(), base_size))) {
      out.of(kind).push_back(moved);
    } else {
      const std::uint32_t begin = std::max(piece->begin, run.base_begin), end = std::min(piece->end, run.base_end());
      encoded_->find_at(content, begin + shift, end + shift, false, out);
    }
  }
}

// A piece may be found at several places, of which the last need not be the one before it.
void DeltaScanner::sort_encoded(AnchorScan& out) {
  for (std::vector<EncodedPiece>& pieces : out.encoded.kinds) {
    const auto before = [](const EncodedPiece& a, const EncodedPiece& b) { return a.begin < b.begin; };
    const auto not_before = [](const EncodedPiece& a, const EncodedPiece& b) { return a.begin >= b.begin; };
    if (std::adjacent_find(pieces.begin(), pieces.end(), not_before) == pieces.end()) continue;
    std::sort(pieces.begin(), pieces.end(), before);
    pieces.erase(std::unique(pieces.begin(), pieces.end()), pieces.end());
  }
}

void DeltaScanner::inherit(Bytes content, const Run& run, std::uint32_t base_size, const AnchorScan& base,
                           AnchorScan& out) {
  const std::uint32_t base_end = run.base_end();
  const std::uint32_t shift = run.begin - run.base_begin;  // modulo 2^32: may go either way
  auto mark = std::lower_bound(base.marks.begin(), base.marks.end(), AnchorScan::Mark{run.base_begin, 0}, mark_before);
  auto found = base.found.begin();
  bool found_placed = false;
  for (; mark != base.marks.end() && mark->position < base_end; ++mark) {
    if (mark->position + width_[mark->literal] > base_end) continue;  // it touches the next change
    const AnchorScan::Mark moved{mark->position + shift, mark->literal, mark->confirmed, mark->open};
    ++stats_.inherited;
    if (reconfirm_ && (mark->open || !stays_in(run, moved.position, moved.position, reach_[moved.literal],
                                               content.size(), base_size))) {
      ++stats_.confirmed_again;
      confirm_mark(content, moved.position, moved.literal, out);
      continue;
    }
    out.marks.push_back(moved);
    if (!mark->confirmed) continue;
    const auto before = [](const AnchorScan::Found& f, const AnchorScan::Mark& m) {
      return f.position != m.position ? f.position < m.position : f.literal < m.literal;
    };
    found = found_placed ? found : std::lower_bound(base.found.begin(), base.found.end(), *mark, before);
    found_placed = true;
    while (before(*found, *mark)) ++found;
    for (; found != base.found.end() && found->position == mark->position && found->literal == mark->literal; ++found) {
      AnchorScan::Found copy = *found;
      copy.position += shift;
      copy.candidate.start += shift;
      copy.candidate.match_start += shift;
      out.found.push_back(copy);
    }
  }
}

}  // namespace tightship::scan
