#include "scan/encoded_scanner.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <optional>
#include <utility>

#include "match/engine.h"
#include "scan/encoded_hints.h"
#include "scan/encoded_runs.h"
#include "scan/escapes.h"
#include "scan/text.h"

namespace tightship::scan {
namespace {

constexpr std::uint32_t kMinHexDigits = 32;
constexpr std::size_t kMaxCandidates = 10'000;  // confirmed in one decoded text

bool is_hex(std::uint8_t byte) {
  return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
}

// The longest stretch of hexadecimal digits around `at`, inside of `run`.
Stretch hex_around(Bytes text, Stretch run, std::uint32_t at) {
  Stretch hex{at, at};
  while (hex.begin > run.begin && is_hex(text[hex.begin - 1])) --hex.begin;
  while (hex.end < run.end && is_hex(text[hex.end])) ++hex.end;
  return hex;
}

bool all_hex(Bytes text, const std::vector<Stretch>& runs) {
  return std::all_of(runs.begin(), runs.end(), [&](Stretch run) {
    const Bytes digits = text.subspan(run.begin, run.size());
    return std::all_of(digits.begin(), digits.end(), is_hex);
  });
}

// How the digits of a run, or of several, may be read.
struct Readings {
  bool alignments[4] = {};   // base64, from the n-th digit on
  bool packed = false;       // from the first digit on, whatever it decodes to
  std::vector<Stretch> hex;  // stretches of the text, with the parity of the text in them
  std::vector<std::uint32_t> hex_skip;
  bool hex_as_one[2] = {};  // all of several runs, from the n-th digit on
};

// Finds out at which alignments there is text. What follows a hint as text at its alignment is passed over.
void read(Bytes text, const std::vector<Stretch>& runs, Readings& readings) {
  std::uint32_t digits = 0;  // of the runs before
  const bool as_one = runs.size() > 1 && all_hex(text, runs);
  for (const Stretch& run : runs) {
    const Bytes here = text.first(run.end);
    for (std::size_t hint = find_hint(here, run.begin, run.end); hint < run.end;
         hint = find_hint(here, hint, run.end)) {
      const auto at = static_cast<std::uint32_t>(hint);
      ++hint;
      readings.packed |= at == run.begin && digits == 0 && begins_packed(text, at);
      const Stretch hex = is_hex(text[at]) && !as_one ? hex_around(text, run, at) : Stretch{};
      if (hex.size() >= kMinHexDigits) {
        readings.hex.push_back(hex);
        readings.hex_skip.push_back((at - hex.begin) % 2);
        hint = hex.end;
      } else if (as_one) {
        readings.hex_as_one[(digits + at - run.begin) % 2] = true;
        hint = run.end;
      } else if (begins_text(here, at)) {
        readings.alignments[(digits + at - run.begin) % 4] = true;
        while (run.end - hint >= 7 && is_text_group(text.data() + hint + 3)) hint += 4;  // the group behind this one
      } else if (begins_wide_text(here, at)) {
        readings.alignments[(digits + at - run.begin) % 4] = true;
        while (run.end - hint >= 15 && are_wide_groups(text.data() + hint + 7)) hint += 8;
      }
    }
    digits += run.size();
  }
}

PieceKind kind_of(std::uint8_t byte) {
  return byte == '\\' ? PieceKind::Backslash : byte == '%' ? PieceKind::Percent : PieceKind::Digits;
}

// The digits or the escapes around the hint at `at`. What is in it is not asked.
EncodedPiece piece_at(Bytes text, std::uint32_t at, RunChain& chain) {
  if (kind_of(text[at]) == PieceKind::Digits) {
    chain_around(text, run_around(text, at), chain);
    const std::uint32_t end = chain.runs.back().end;
    return {chain.runs.front().begin, end, end - 1, chain.reach_before, chain.reach_after};
  }
  const EscapedPiece found = piece_around(text, at);
  return {found.text.begin, found.text.end, found.last, found.reach_before, found.reach_after};
}

// Moves what was found in a text to where the text was made from.
template <class Origin>
void move_down(std::string_view coding, Origin origin, Opened& found) {
  for (Stretch& secret : found.secrets) secret = origin(secret);
  for (DecodedHit& hit : found.hits) {
    hit.place = origin(hit.place);
    hit.match_place = origin(hit.match_place);
    hit.chain = std::string(coding) + (hit.chain.empty() ? "" : " > ") + hit.chain;
  }
}

void move_down(const DecodedText& decoded, Opened& found) {
  move_down(
      coding_name(decoded.coding), [&](Stretch place) { return decoded.origin(place.begin, place.end); }, found);
}

void move_down(const Transcoded& wide, Opened& found) {
  const auto origin = [&](Stretch place) {
    return Stretch{static_cast<std::uint32_t>(wide.original_offset(place.begin)),
                   static_cast<std::uint32_t>(wide.original_offset(place.end))};
  };
  move_down(encoding_name(wide.encoding), origin, found);
}

void append(Opened&& more, Opened& out) {
  std::move(more.hits.begin(), more.hits.end(), std::back_inserter(out.hits));
  out.secrets.insert(out.secrets.end(), more.secrets.begin(), more.secrets.end());
}

Coding coding_of(PieceKind kind) { return kind == PieceKind::Backslash ? Coding::Backslash : Coding::Percent; }

// Whether a hint at `at` belongs to the last of `pieces`.
bool is_known(const std::vector<EncodedPiece>& pieces, std::size_t at) {
  return !pieces.empty() && pieces.back().begin <= at && at <= pieces.back().last;
}

void drop_weaker(const detect::RuleSet& rules, std::vector<DecodedHit>& hits) {
  std::vector<Claim> claims;
  for (const DecodedHit& hit : hits) claims.push_back(claim_of(hit));
  const std::vector<bool> stays = settle_claims(rules, claims);
  std::size_t used = 0;
  for (std::size_t i = 0; i < hits.size(); ++i) {
    if (!stays[i]) continue;
    if (used != i) hits[used] = std::move(hits[i]);
    ++used;
  }
  hits.erase(hits.begin() + static_cast<std::ptrdiff_t>(used), hits.end());
}

}  // namespace

struct EncodedScanner::Impl {
  explicit Impl(const detect::RuleSet& set) : rules(set) {}

  // Each adds to `found` what it finds, with places in `text`; without `found` it ends at the first thing.
  // True when there was anything confirmed.
  bool visit_text(Bytes text, unsigned depth, Opened* found);
  bool visit_piece(Bytes text, PieceKind kind, const EncodedPiece& piece, unsigned depth, Opened* found);
  bool visit_chain(Bytes text, const RunChain& linked, unsigned depth, Opened* found);
  bool visit_runs(Bytes text, const std::vector<Stretch>& runs, unsigned depth, Opened* found);
  bool visit_decoded(Bytes text, const DecodedText& decoded, unsigned depth, Opened* found);
  bool visit_wide(Bytes text, unsigned depth, Opened* found);

  bool scan_text(Bytes text);
  void settle_text(Bytes text, Opened& found);
  std::size_t left() const { return static_cast<std::size_t>(budget); }
  void spend(std::size_t bytes) { budget -= std::min<std::uint64_t>(budget, bytes); }
  void start(const EncodedPiece& piece, std::string_view at_path) {
    budget = decoded_limit(piece.end - piece.begin);
    cut = false;
    path = at_path;
  }

  const detect::RuleSet& rules;
  std::optional<match::Engine::Scratch> scratch;  // made when first needed
  std::vector<match::Anchor> anchors;
  std::vector<match::Match> matches;
  std::vector<std::uint8_t> seen;
  std::vector<detect::Candidate> candidates;
  std::vector<detect::Joined> joined;
  RunChain chain;
  // Of the piece at hand:
  std::uint64_t budget = 0;
  bool cut = false;
  std::uint32_t readings = 0;  // of the content at hand
  std::string_view path;
};

// Fills `candidates` with what is confirmed in a decoded text. True when there is any.
bool EncodedScanner::Impl::scan_text(Bytes text) {
  const match::Engine& engine = rules.engine();
  if (!scratch) scratch = engine.make_scratch();
  anchors.clear();
  candidates.clear();
  seen.assign(engine.literal_count(), 0);
  engine.find_anchors(text, *scratch, anchors);
  for (const match::Anchor& anchor : anchors) {
    if (candidates.size() >= kMaxCandidates) {
      cut = true;
      break;
    }
    seen[anchor.literal] = 1;
    detect::confirm(rules, text, anchor, matches, candidates);
  }
  detect::search(rules, text, seen, matches, candidates);
  const auto is_generic = [&](const detect::Candidate& c) { return rules.rules()[c.rule].generic; };
  const bool any_generic = std::any_of(candidates.begin(), candidates.end(), is_generic);
  if (any_generic && !is_clear_text(as_text(text))) std::erase_if(candidates, is_generic);
  return !candidates.empty();
}

void EncodedScanner::Impl::settle_text(Bytes text, Opened& found) {
  const auto place = [](std::uint32_t begin, std::uint32_t size) { return Stretch{begin, begin + size}; };
  const auto bytes = [&](std::uint32_t begin, std::uint32_t size) {
    return std::string(as_text(text.subspan(begin, size)));
  };
  for (const detect::Candidate& c : candidates) found.secrets.push_back(place(c.start, c.length));
  joined.clear();
  detect::settle(rules, text, path, candidates, &joined);
  for (const detect::Candidate& c : candidates) {
    DecodedHit& hit = found.hits.emplace_back();
    hit.rule = c.rule;
    hit.verdict = c.verdict;
    hit.secret = bytes(c.start, c.length);
    hit.match = bytes(c.match_start, c.match_length);
    hit.place = place(c.start, c.length);
    hit.match_place = place(c.match_start, c.match_length);
    for (const detect::Joined& part : joined) {
      if (part.start != c.start) continue;
      hit.parts.push_back({part.part.rule, part.as->name, bytes(part.part.start, part.part.length),
                           bytes(part.part.match_start, part.part.match_length)});
    }
  }
}

bool EncodedScanner::Impl::visit_text(Bytes text, unsigned depth, Opened* found) {
  bool any = scan_text(text);
  if (any && found == nullptr) return true;
  if (any) settle_text(text, *found);
  if (depth >= kMaxDepth) {
    cut |= find_hint(text, 0, text.size()) < text.size();
    return any;
  }
  bool decoded = false;
  EncodedPieces known;  // of each kind the last one
  for (std::size_t at = find_hint(text, 0, text.size()); at < text.size();) {
    const PieceKind kind = kind_of(text[at]);
    std::vector<EncodedPiece>& last = known.of(kind);
    if (!is_known(last, at)) {
      last.assign(1, piece_at(text, static_cast<std::uint32_t>(at), chain));
      decoded |= visit_piece(text, kind, last.back(), depth, found);
      if (decoded && found == nullptr) return true;
    }
    at = find_hint(text, kind == PieceKind::Digits ? last.back().end : at + 1, text.size());
  }
  if (decoded && !path.empty()) drop_weaker(rules, found->hits);
  return any || decoded;
}

bool EncodedScanner::Impl::visit_piece(Bytes text, PieceKind kind, const EncodedPiece& piece, unsigned depth,
                                       Opened* found) {
  if (kind != PieceKind::Digits) {
    return visit_decoded(text, decode_escapes(text, {piece.begin, piece.end}, coding_of(kind), left()), depth, found);
  }
  RunChain linked;
  chain_around(text, run_around(text, piece.begin), linked);
  return visit_chain(text, linked, depth, found);
}

// All runs as one; and each for itself, since what is linked may belong together by chance only.
bool EncodedScanner::Impl::visit_chain(Bytes text, const RunChain& linked, unsigned depth, Opened* found) {
  bool any = linked.runs.size() > 1 && visit_runs(text, linked.runs, depth, found);
  for (const Stretch& run : linked.runs) {
    if (any && found == nullptr) return true;
    any |= visit_runs(text, {run}, depth, found);
  }
  return any;
}

bool EncodedScanner::Impl::visit_runs(Bytes text, const std::vector<Stretch>& runs, unsigned depth, Opened* found) {
  Readings how;
  read(text, runs, how);
  bool any = false;
  for (std::uint32_t skip = 0; skip < 4; ++skip) {
    const bool wanted = how.alignments[skip] || (skip == 0 && how.packed);
    if (!wanted || (any && found == nullptr)) continue;
    any |= visit_decoded(text, decode_base64_digits(text, runs, skip, left()), depth, found);
  }
  for (std::uint32_t skip = 0; skip < 2; ++skip) {
    if (!how.hex_as_one[skip] || (any && found == nullptr)) continue;
    any |= visit_decoded(text, decode_hex_digits(text, runs, skip, left()), depth, found);
  }
  for (std::size_t i = 0; i < how.hex.size() && !(any && found == nullptr); ++i) {
    any |= visit_decoded(text, decode_hex_digits(text, {how.hex[i]}, how.hex_skip[i], left()), depth, found);
  }
  return any;
}

// What is packed is looked at unpacked only.
bool EncodedScanner::Impl::visit_decoded(Bytes text, const DecodedText& decoded, unsigned depth, Opened* found) {
  cut |= decoded.text.size() >= left();
  spend(decoded.text.size());
  bool more = false;
  const auto unpacked = unpack(decoded.text, left(), more);
  cut |= more;
  if (unpacked) spend(unpacked->text.size());
  const Bytes inner = as_bytes(unpacked ? unpacked->text : decoded.text);
  Opened inside;
  bool any = visit_text(inner, depth + 1, found != nullptr ? &inside : nullptr);
  if (any && found == nullptr) return true;
  any |= visit_wide(inner, depth + 1, found != nullptr ? &inside : nullptr);
  if (!any || found == nullptr) return any;
  if (unpacked) move_down(*unpacked, inside);
  move_down(decoded, inside);
  const std::uint32_t reading = ++readings;
  for (DecodedHit& hit : inside.hits) {
    hit.reading = reading;
    if (as_text(text.subspan(hit.place.begin, hit.place.size())) == hit.secret) hit.chain.clear();
  }
  append(std::move(inside), *found);
  return true;
}

// As text in UTF-16, if it may be that: what PowerShell takes and Windows writes.
bool EncodedScanner::Impl::visit_wide(Bytes text, unsigned depth, Opened* found) {
  const Encoding encoding = detect_encoding(text);
  if (encoding == Encoding::Bytes) return false;
  const Transcoded wide = transcode(text, encoding);
  cut |= wide.text.size() >= left();
  spend(wide.text.size());
  Opened inside;
  const bool any = visit_text(as_bytes(wide.text), depth, found != nullptr ? &inside : nullptr);
  if (!any || found == nullptr) return any;
  move_down(wide, inside);
  append(std::move(inside), *found);
  return true;
}

Claim claim_of(const DecodedHit& hit) {
  return {hit.place,   hit.rule,          hit.verdict, static_cast<std::uint32_t>(hit.secret.size()),
          hit.reading, !hit.chain.empty()};
}

EncodedScanner::EncodedScanner(const detect::RuleSet& rules) : impl_(std::make_unique<Impl>(rules)) {}
EncodedScanner::~EncodedScanner() = default;
EncodedScanner::EncodedScanner(EncodedScanner&&) noexcept = default;

void EncodedScanner::find(Bytes content, EncodedPieces& out) {
  find_at(content, 0, static_cast<std::uint32_t>(content.size()), false, out);
}

namespace {

// Whether an escape may begin before `at` that reaches further than digits do.
bool has_sign(Bytes content, std::uint32_t at) {
  const std::uint32_t bytes = std::min(at, kHintReach - kDigitsReach);
  const std::uint8_t* const begin = content.data() + at - bytes;
  return std::memchr(begin, '\\', bytes) != nullptr || std::memchr(begin, '%', bytes) != nullptr;
}

// Where hints may begin that bytes [from, to) have a part in: between a hint and what it needs stand bytes of tokens
// only, but for the quote of an escape.
Stretch hints_around(Bytes content, std::uint32_t from, std::uint32_t to) {
  const auto size = static_cast<std::uint32_t>(content.size());
  std::uint32_t begin = from - tokens_before(content, from);
  // Only escapes reach further.
  if (from - begin == kDigitsReach && has_sign(content, begin)) {
    while (begin > 0 && from - begin < kHintReach && kTokenBytes[content[begin - 1]]) --begin;
  }
  if (begin >= 2 && (content[begin - 1] == '"' || content[begin - 1] == '\'') && content[begin - 2] == '\\') {
    for (--begin; begin > 0 && content[begin - 1] == '\\' && from - begin < kHintReach; --begin) {
    }
  }
  const std::uint32_t end = std::min(to, size);
  const std::uint32_t behind = std::min(kHintBefore, tokens_from(content, end));
  return {begin, std::min(size, end + behind + 1)};
}

// The hints of a stretch of a content, but for where it is known that there are none.
class HintSearch {
 public:
  HintSearch(Bytes content, std::size_t end, HintFree* free) : content_(content), end_(end), free_(free) {}

  // As find_hint; `from` only grows.
  std::size_t next(std::size_t from) {
    if (free_ == nullptr) return find_hint(content_, from, end_);
    while (from < end_) {
      while (skipped_ < free_->known.size() && free_->known[skipped_].end <= from) ++skipped_;
      const Stretch skip = skipped_ < free_->known.size() ? free_->known[skipped_] : Stretch{kNever, kNever};
      if (skip.begin <= from) {
        from = skip.end;
        continue;
      }
      const std::size_t stop = std::min<std::size_t>(end_, skip.begin);
      const std::size_t hint = find_hint(content_, from, stop);
      free_->searched.push_back({static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(std::min(hint, stop))});
      if (hint < stop) return hint;
      from = stop;
    }
    return content_.size();
  }

 private:
  static constexpr std::uint32_t kNever = ~std::uint32_t{0};
  Bytes content_;
  std::size_t end_;
  HintFree* free_;
  std::size_t skipped_ = 0;
};

}  // namespace

void EncodedScanner::find_at(Bytes content, std::uint32_t from, std::uint32_t to, bool overlapping, EncodedPieces& out,
                             HintFree* free) {
  if (!may_have_hint_at(content, from, to)) return;
  const auto [begin, end] = hints_around(content, from, to);
  HintSearch hints(content, end, free);
  for (std::size_t at = hints.next(begin); at < end;) {
    const PieceKind kind = kind_of(content[at]);
    std::vector<EncodedPiece>& pieces = out.of(kind);
    if (is_known(pieces, at)) {
      at = hints.next(kind == PieceKind::Digits ? pieces.back().end : at + 1);
      continue;
    }
    EncodedPiece piece = piece_at(content, static_cast<std::uint32_t>(at), impl_->chain);
    at = hints.next(kind == PieceKind::Digits ? piece.end : at + 1);
    const bool overlaps = std::int64_t{piece.begin} - piece.reach_before < std::int64_t{to} &&
                          std::uint64_t{piece.end} + piece.reach_after > from;
    if (overlapping && !overlaps) continue;
    impl_->start(piece, {});
    piece.holds = impl_->visit_piece(content, kind, piece, 0, nullptr) || impl_->cut;
    pieces.push_back(piece);
  }
}

bool EncodedScanner::open(Bytes content, PieceKind kind, const EncodedPiece& piece, std::string_view path,
                          Opened& out) {
  impl_->start(piece, path);
  impl_->readings = out.readings;
  Opened found;
  if (impl_->visit_piece(content, kind, piece, 0, &found)) append(std::move(found), out);
  out.readings = impl_->readings;
  return !impl_->cut;
}

void EncodedScanner::open(const ManifestValue& value, std::string_view path, Opened& out) {
  out.secrets.push_back(value.digits);
  const std::string text = value.name + ": " + value.decoded.text + "\n";
  const auto begin = static_cast<std::uint32_t>(value.name.size() + 2),
             end = static_cast<std::uint32_t>(text.size() - 1);
  impl_->path = path;
  if (!impl_->scan_text(as_bytes(text))) return;
  Opened found;
  impl_->settle_text(as_bytes(text), found);
  std::erase_if(found.hits, [&](const DecodedHit& hit) { return hit.place.begin < begin || hit.place.end > end; });
  for (DecodedHit& hit : found.hits) {
    hit.match_place = hit.place = value.decoded.origin(hit.place.begin - begin, hit.place.end - begin);
    hit.chain = coding_name(Coding::Base64);
    hit.reading = out.readings + 1;
  }
  ++out.readings;
  std::move(found.hits.begin(), found.hits.end(), std::back_inserter(out.hits));
}

bool EncodedScanner::open(Bytes content, const EncodedPieces& pieces, std::string_view path, Opened& out) {
  bool whole = true;
  for (const PieceKind kind : kPieceKinds) {
    for (const EncodedPiece& piece : pieces.of(kind)) {
      if (piece.holds) whole &= open(content, kind, piece, path, out);
    }
  }
  return whole;
}

std::size_t EncodedPieces::size() const {
  std::size_t count = 0;
  for (const auto& pieces : kinds) count += pieces.size();
  return count;
}

bool EncodedPieces::hold_any() const {
  return std::any_of(kinds.begin(), kinds.end(), [](const std::vector<EncodedPiece>& pieces) {
    return std::any_of(pieces.begin(), pieces.end(), [](const EncodedPiece& piece) { return piece.holds; });
  });
}

void EncodedPieces::clear() {
  for (auto& pieces : kinds) pieces.clear();
}

}  // namespace tightship::scan
