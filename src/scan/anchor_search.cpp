#include "scan/anchor_search.h"

#include <fmt/format.h>
#include <sys/random.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstdlib>
#include <cstring>
#include <optional>

namespace tightship::scan {
namespace {

constexpr std::size_t kWhole = 512;  // a text up to this is not cut
constexpr std::size_t kMinPiece = 256, kMaxPiece = 4096;

// Behind the newline that a blank line follows, the first in [from, end); text[end] is there.
std::optional<std::size_t> behind_blank_line(Bytes text, std::size_t from, std::size_t end) {
  constexpr std::size_t kBlock = 64;
  const std::uint8_t* const bytes = text.data();
  for (; from + kBlock <= end; from += kBlock) {
    std::uint8_t any = 0;  // no early end: the compiler compares 16 bytes at once
    for (std::size_t i = 0; i < kBlock; ++i) {
      any |= static_cast<std::uint8_t>((bytes[from + i] == '\n') & (bytes[from + i + 1] == '\n'));
    }
    if (any != 0) break;
  }
  while (from < end) {
    const void* const newline = std::memchr(bytes + from, '\n', end - from);
    if (newline == nullptr) return std::nullopt;
    from = static_cast<std::size_t>(static_cast<const std::uint8_t*>(newline) - bytes) + 1;
    if (bytes[from] == '\n') return from;
  }
  return std::nullopt;
}

// At most kMaxPiece, at least kMinPiece, but for the last one.
std::size_t piece_end(Bytes text, std::size_t begin) {
  const std::size_t most = std::min(begin + kMaxPiece, text.size());
  if (most - begin <= kMinPiece) return most;
  return behind_blank_line(text, begin + kMinPiece, most - 1).value_or(most);
}

}  // namespace

PlainTexts::PlainTexts(std::size_t slots) : slots_(slots) {
  assert(std::has_single_bit(slots));
  static_assert(sizeof(secret_) >= XXH3_SECRET_SIZE_MIN);
  if (getrandom(secret_.data(), secret_.size(), 0) != static_cast<ssize_t>(secret_.size())) std::abort();
}

PlainTexts::Key PlainTexts::key_of(Bytes text) const {
  const XXH128_hash_t hash = XXH3_128bits_withSecret(text.data(), text.size(), secret_.data(), secret_.size());
  return {hash.low64, hash.high64 & ~kFlags};
}

AnchorSearch::AnchorSearch(const match::Engine& engine, PlainTexts* known)
    : engine_(engine), scratch_(engine.make_scratch()), known_(known), reach_(engine.max_anchor_width()) {}

void AnchorSearch::search(Bytes text, std::uint32_t from, std::uint32_t to, std::vector<match::Anchor>& out) {
  const std::size_t before = out.size();
  engine_.find_anchors(text.subspan(from, to - from), scratch_, out);
  for (auto anchor = out.begin() + static_cast<std::ptrdiff_t>(before); anchor != out.end(); ++anchor) {
    anchor->position += from;
  }
  searched_ += to - from;
}

void AnchorSearch::announce(Bytes text, std::uint32_t begin, std::uint32_t end) {
  const std::size_t behind = std::min<std::size_t>(text.size(), std::size_t{end} + reach_);
  const bool lines = end < text.size() && text[begin] == '\n' && text[end] == '\n';
  const PlainTexts::Key key = known_->key_of(text.subspan(begin, behind - begin));
  known_->prefetch(key);
  pieces_.push_back({begin, end, lines, key, PlainTexts::kNothing});
}

void AnchorSearch::announce(Bytes text) {
  if (known_ == nullptr) return;
  if (next_ == pieces_.size()) {
    pieces_.clear();
    first_ = next_ = 0;
  }
  const auto size = static_cast<std::uint32_t>(text.size());
  if (size <= kWhole) return announce(text, 0, size);
  for (std::uint32_t begin = 0; begin < size;) {
    const auto end = static_cast<std::uint32_t>(piece_end(text, begin));
    announce(text, begin, end);
    begin = end;
  }
}

void AnchorSearch::find(Bytes text, std::vector<match::Anchor>& out) {
  if (known_ == nullptr) return search(text, 0, static_cast<std::uint32_t>(text.size()), out);
  first_ = next_;
  std::size_t first_unknown = next_;
  for (bool last = false; !last; ++next_) {
    Piece& piece = pieces_[next_];
    last = piece.end == text.size();
    piece.known = known_->find(piece.key);
    if (piece.known == PlainTexts::kNothing) continue;
    search_unknown(text, first_unknown, next_, out);
    first_unknown = next_ + 1;
  }
  search_unknown(text, first_unknown, next_, out);
}

// An anchor that begins behind the last piece is not found: what follows has none.
void AnchorSearch::search_unknown(Bytes text, std::size_t first, std::size_t last, std::vector<match::Anchor>& out) {
  if (first == last) return;
  std::size_t next = out.size();
  const std::size_t behind = std::min<std::size_t>(text.size(), std::size_t{pieces_[last - 1].end} + reach_);
  search(text, pieces_[first].begin, static_cast<std::uint32_t>(behind), out);
  for (; first < last; ++first) {
    Piece& piece = pieces_[first];
    while (next < out.size() && out[next].position < piece.begin) ++next;
    if (next < out.size() && out[next].position < piece.end + reach_) continue;
    piece.known = PlainTexts::kNoAnchor;
    known_->add(piece.key, piece.known);
  }
}

void AnchorSearch::tell_hint_free(std::uint32_t at, std::vector<Stretch>& out) const {
  for (std::size_t i = first_; i < next_; ++i) {
    const Piece& piece = pieces_[i];
    if (piece.known != PlainTexts::kNoAnchorNorHint) continue;
    const Stretch free{at + piece.begin, at + piece.end};
    if (!out.empty() && out.back().end == free.begin) {
      out.back().end = free.end;
    } else {
      out.push_back(free);
    }
  }
}

void AnchorSearch::note_hint_free(std::uint32_t at, const std::vector<Stretch>& searched) {
  auto stretch = searched.begin();
  for (std::size_t i = first_; i < next_; ++i) {
    const Piece& piece = pieces_[i];
    if (!piece.lines || piece.known != PlainTexts::kNoAnchor) continue;
    while (stretch != searched.end() && stretch->end < at + piece.end) ++stretch;
    if (stretch == searched.end()) return;
    if (stretch->begin <= at + piece.begin) known_->add(piece.key, PlainTexts::kNoAnchorNorHint);
  }
}

std::string xxhash_version() {
  return fmt::format("xxHash {}.{}.{}", XXH_VERSION_MAJOR, XXH_VERSION_MINOR, XXH_VERSION_RELEASE);
}

}  // namespace tightship::scan
