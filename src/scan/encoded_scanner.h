#pragma once

// Secrets inside of what is encoded in a text: base64 and base64url at any alignment, hexadecimal digits, wrapped
// into lines or not, gzip, zlib and UTF-16 inside of them, backslash and percent escapes, and all of it inside of
// one another.
//
// Two steps, as everywhere (detect/detector.h):
//   find  tells the pieces of a content, and which of them hold something confirmed. What it says of a piece is a
//         function of the piece's bytes and of a few next to it, so that pieces are inherited along a delta as
//         anchors are;
//   open  decodes a piece again and settles what is in it, for a content and path at hand.
//
// Decoded text is scanned with all rules; with generic ones only where it is clearly text (is_clear_text).
//
// Bounds, which are functions of the piece alone: kMaxDepth codings inside of one another (packing and UTF-16 not counted),
// and as many decoded bytes as decoded_limit() says. What goes beyond is not looked at, and told.
//
// One object a thread. Buffers are reused.

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "detect/detector.h"
#include "detect/rule.h"
#include "scan/claims.h"
#include "scan/decoded_text.h"
#include "scan/manifest.h"

namespace tightship::scan {

inline constexpr unsigned kMaxDepth = 4;
// For a piece of `size` encoded bytes, all of its readings and layers together. Short ones get more for each byte: a line
// of base64 may be ten thousand equal characters, gzipped.
constexpr std::uint64_t decoded_limit(std::uint64_t size) {
  constexpr std::uint64_t kShort = 128;
  return 4096 + 32 * size + 96 * (size < kShort ? size : kShort);
}

// Bytes [begin, end) of a content, in which something is encoded.
struct EncodedPiece {
  std::uint32_t begin = 0, end = 0;
  std::uint32_t last = 0;  // its last hint, or behind it: what has a hint of this kind up to there is this piece
  // How far the verdict looks at what is around it, at bytes that the content may not have (its end decides too).
  std::uint32_t reach_before = 0, reach_after = 0;
  bool holds = false;  // something confirmed, or a bound left something out
  friend bool operator==(const EncodedPiece&, const EncodedPiece&) = default;
};

// Pieces of different kinds may overlap: they are kept apart.
enum class PieceKind : std::uint8_t { Digits, Backslash, Percent };
inline constexpr std::array<PieceKind, 3> kPieceKinds{PieceKind::Digits, PieceKind::Backslash, PieceKind::Percent};

// Those of a content, each kind in order of begin, and of end.
struct EncodedPieces {
  std::array<std::vector<EncodedPiece>, kPieceKinds.size()> kinds;

  std::vector<EncodedPiece>& of(PieceKind kind) { return kinds[static_cast<std::size_t>(kind)]; }
  const std::vector<EncodedPiece>& of(PieceKind kind) const { return kinds[static_cast<std::size_t>(kind)]; }
  std::size_t size() const;
  bool hold_any() const;
  void clear();
  friend bool operator==(const EncodedPieces&, const EncodedPieces&) = default;
};

// A part of a decoded credential (detect::Joined).
struct DecodedPart {
  std::uint16_t rule = 0;
  std::string_view name;  // owned by the RuleSet
  std::string secret, match;
};

// Where a search for hints need not look, and where it looked and there was none; in order.
struct HintFree {
  std::vector<Stretch> known, searched;
};

struct DecodedHit {
  std::uint16_t rule = 0;
  detect::Verdict verdict = detect::Verdict::Plausible;
  std::string secret, match;   // decoded
  Stretch place, match_place;  // of the encoded bytes
  std::uint32_t reading = 0;   // of those that were decoded from a content, by number from 1 (scan/claims.h)
  std::string chain;           // "base64 > gzip": outermost first; empty when it stands as it is among escapes
  std::vector<DecodedPart> parts;
};

// What is in pieces of one content.
struct Opened {
  std::vector<DecodedHit> hits;  // settled
  std::vector<Stretch> secrets;  // the encoded bytes of everything confirmed, whether or not it is a hit
  std::uint32_t readings = 0;
  void clear() {
    hits.clear();
    secrets.clear();
    readings = 0;
  }
};

Claim claim_of(const DecodedHit& hit);

class EncodedScanner {
 public:
  explicit EncodedScanner(const detect::RuleSet& rules);
  ~EncodedScanner();
  EncodedScanner(EncodedScanner&&) noexcept;

  // Appends, in order, all pieces of `content`: those with a hint (scan/encoded_hints.h).
  void find(Bytes content, EncodedPieces& out);
  // The same for pieces with a hint that touches [from, to], unless the last of `out` is that piece. With `overlapping`
  // only those that, or whose reach, overlap [from, to), or lie across it when it is empty. `free` gets what was
  // searched, unless that was nothing worth telling.
  void find_at(Bytes content, std::uint32_t from, std::uint32_t to, bool overlapping, EncodedPieces& out,
               HintFree* free = nullptr);

  // Adds what is in the pieces that hold something, which find() gave for this content. `path` as for
  // detect::settle; without one also what stands behind another finding is kept. False when a bound left
  // something out.
  bool open(Bytes content, const EncodedPieces& pieces, std::string_view path, Opened& out);
  bool open(Bytes content, PieceKind kind, const EncodedPiece& piece, std::string_view path, Opened& out);
  // The same for a value of a Kubernetes Secret, judged as if it stood behind its key as it is.
  void open(const ManifestValue& value, std::string_view path, Opened& out);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tightship::scan
