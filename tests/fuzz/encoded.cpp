// Decoding: whatever is encoded in whatever way, places stay inside of the content, what find() says holds when it
// is opened, hints do not depend on the machine, a delta says what the whole says, and so does who remembers
// what was searched before. The same bytes as a file of manifests, and as the XML of an office document.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "scan/anchor_search.h"
#include "scan/content_scanner.h"
#include "scan/delta_scanner.h"
#include "scan/encoded_hints.h"
#include "scan/encoded_scanner.h"
#include "scan/office_text.h"

namespace {

using namespace tightship;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_hints(Bytes content) {
  for (std::size_t from = 0; from < content.size(); from += 1 + content[from] % 16) {
    require(scan::find_hint(content, from, content.size()) == scan::find_hint_portably(content, from, content.size()));
  }
}

void check_hits(const scan::EncodedPiece& piece, const scan::Opened& opened) {
  for (const scan::DecodedHit& hit : opened.hits) {
    require(hit.place.begin >= piece.begin && hit.place.begin <= hit.place.end && hit.place.end <= piece.end);
    require(hit.match_place.begin >= piece.begin && hit.match_place.end <= piece.end);
  }
}

void check_pieces(Bytes content, scan::EncodedScanner& scanner) {
  scan::EncodedPieces pieces;
  scanner.find(content, pieces);
  for (const scan::PieceKind kind : scan::kPieceKinds) {
    std::uint32_t begin = 0, end = 0;
    for (const scan::EncodedPiece& piece : pieces.of(kind)) {
      require(piece.begin >= begin && piece.begin < piece.end && piece.end >= end && piece.end <= content.size());
      require(piece.last >= piece.begin && piece.last < piece.end);
      begin = piece.begin;
      end = piece.end;
      scan::Opened opened;
      const bool whole = scanner.open(content, kind, piece, {}, opened);
      require(piece.holds == (!opened.secrets.empty() || !whole));
      check_hits(piece, opened);
    }
  }
}

// The content without a few bytes in the middle, as a delta of it.
void check_delta(Bytes content, scan::DeltaScanner& scanner) {
  const auto size = static_cast<std::uint32_t>(content.size());
  const std::uint32_t cut = size / 2, taken = std::min<std::uint32_t>(size - cut, size == 0 ? 0 : content[0] % 8);
  const std::vector<git::DeltaOp> ops{{cut, 0, true}, {size - cut - taken, cut + taken, true}};
  std::string edited(as_text(content).substr(0, cut));
  edited += as_text(content).substr(cut + taken);
  scan::AnchorScan base, delta, whole;
  scanner.scan_whole(content, base);
  scanner.scan_delta(as_bytes(edited), ops, size, base, delta);
  scanner.scan_whole(as_bytes(edited), whole);
  require(delta.encoded == whole.encoded);
}

// Paragraphs that come again, of which what was searched before is known.
void check_known(Bytes content, scan::DeltaScanner& scanner, scan::DeltaScanner& knowing) {
  constexpr std::size_t kMost = 8192, kEnough = 2048;
  if (content.size() > kMost) return;
  std::string text;
  while (text.size() < kEnough) text.append("\n\n").append(as_text(content)).append("x");
  text.append(as_text(content));
  scan::AnchorScan plain, known;
  scanner.scan_whole(as_bytes(text), plain);
  knowing.scan_whole(as_bytes(text), known);
  require(known.marks == plain.marks && known.found == plain.found && known.encoded == plain.encoded);
}

void check_file(Bytes content, scan::ContentScanner& scanner) {
  for (const scan::Hit& hit : scanner.scan(content, "deploy/secret.yaml")) {
    require(hit.position.offset + (hit.encoding == scan::Encoding::Bytes ? hit.length : 0) <= content.size());
  }
}

void check_office(Bytes content) {
  const scan::DecodedText text = scan::read_office_text(content);
  std::uint32_t last = 0;
  for (std::uint32_t at = 0; at < text.text.size(); ++at) {
    const scan::Stretch place = text.origin(at, at + 1);
    require(place.begin >= last && place.begin < place.end && place.end <= content.size());
    last = place.begin;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static scan::EncodedScanner scanner(detect::RuleSet::builtin());
  static scan::DeltaScanner delta(detect::RuleSet::builtin());
  static scan::PlainTexts plain_texts(1 << 12);
  static scan::DeltaScanner knowing(detect::RuleSet::builtin(), scan::Decoding::On, &plain_texts);
  static scan::ContentScanner file(detect::RuleSet::builtin());
  const Bytes content{data, size};
  check_hints(content);
  check_pieces(content, scanner);
  check_file(content, file);
  check_office(content);
  if (size >= 2) check_delta(content, delta);
  check_known(content, delta, knowing);
  return 0;
}
