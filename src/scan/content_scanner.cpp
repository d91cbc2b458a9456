#include "scan/content_scanner.h"

#include <algorithm>
#include <utility>

#include "detect/member_path.h"
#include "match/engine.h"
#include "scan/anchor_search.h"
#include "scan/claims.h"
#include "scan/container.h"
#include "scan/encoded_scanner.h"
#include "scan/excerpt.h"

namespace tightship::scan {
namespace {

// Anchors are searched in slices: their list stays in the cache, and bounded in hostile content.
constexpr std::size_t kSlice = std::size_t{256} << 10;

// Where a text stands in the bytes that were given: as it is, or transcoded.
struct Original {
  const Transcoded* transcoded = nullptr;
  std::uint64_t offset(std::uint64_t at) const { return transcoded != nullptr ? transcoded->original_offset(at) : at; }
  // The first line begins with the original, byte order mark included.
  std::uint32_t column(const LineCursor& cursor) const {
    const std::uint64_t line_start = cursor.line == 1 ? 0 : offset(cursor.line_start);
    return static_cast<std::uint32_t>(offset(cursor.offset) - line_start + 1);
  }
};

// Moves `cursor` to `begin`, so that all positions of a text cost one pass together.
detect::Position find_position(Bytes text, const Original& original, std::uint64_t begin, std::uint64_t end,
                               LineCursor& cursor) {
  cursor.advance(text, begin);
  LineCursor last = cursor;
  last.advance(text, end);
  return {cursor.line, original.column(cursor), last.line, original.column(last), original.offset(begin)};
}

// Lines between the match's start and the secret's are counted back from the secret.
detect::Position find_match(Bytes text, const Original& original, const detect::Candidate& candidate,
                            const LineCursor& secret, const detect::Position& position) {
  if (candidate.match_start == candidate.start && candidate.match_length == candidate.length) return position;
  const std::string_view all = as_text(text);
  const std::string_view between = all.substr(candidate.match_start, candidate.start - candidate.match_start);
  LineCursor begin = secret;
  begin.offset = candidate.match_start;
  const auto lines = std::count(between.begin(), between.end(), '\n');
  begin.line -= static_cast<std::uint32_t>(lines);
  if (lines > 0) {
    const std::size_t before =
        candidate.match_start == 0 ? std::string_view::npos : all.rfind('\n', candidate.match_start - 1);
    begin.line_start = before == std::string_view::npos ? 0 : before + 1;
  }
  LineCursor end = begin;
  end.advance(text, std::uint64_t{candidate.match_start} + candidate.match_length);
  return {begin.line, original.column(begin), end.line, original.column(end), original.offset(begin.offset)};
}

// Where a decoded hit stands, encoded.
detect::Candidate place_of(const DecodedHit& hit) {
  return {
      .start = hit.place.begin,
      .length = hit.place.size(),
      .match_start = std::min(hit.match_place.begin, hit.place.begin),
      .match_length = std::max(hit.match_place.end, hit.place.end) - std::min(hit.match_place.begin, hit.place.begin),
      .rule = hit.rule,
      .verdict = hit.verdict};
}

void fill_decoded(DecodedHit&& decoded, std::string_view written, Hit& hit) {
  hit.secret = std::move(decoded.secret);
  hit.match = std::move(decoded.match);
  hit.chain = std::move(decoded.chain);
  if (!hit.chain.empty()) hit.written = written;
  for (DecodedPart& part : decoded.parts) {
    hit.parts.push_back({part.rule, part.name, std::move(part.secret), std::move(part.match)});
  }
}

}  // namespace

struct ContentScanner::Impl {
  Impl(const detect::RuleSet& set, const unpack::Limits& limits, PlainTexts* known)
      : rules(set), archives(limits), search(set.engine(), known), encoded(set) {}

  void scan_text(Bytes text, std::string_view path, Decoding decoding, const Original& original, std::vector<Hit>& out);
  void find_candidates(Bytes text);
  void find_encoded(Bytes text, std::string_view path);
  void confirm_slice(Bytes text, std::size_t begin, std::size_t end);
  void describe(Bytes text, std::string_view path, const Original& original, std::vector<Hit>& out);
  std::vector<SecretSpan> spans_of(Bytes text) const;
  void drop_weaker();
  void fill_plain(Bytes text, const detect::Candidate& candidate, Hit& hit) const;
  void add_parts(Bytes text, std::uint32_t start, std::vector<HitPart>& parts) const;

  const detect::RuleSet& rules;
  unpack::Limits archives;
  AnchorSearch search;
  std::vector<match::Anchor> anchors;  // these keep their capacity
  std::vector<std::uint8_t> seen;      // by literal
  std::vector<std::uint8_t> left_out;  // by rule; empty: none
  std::vector<match::Match> matches;
  std::vector<detect::Candidate> candidates;
  std::vector<detect::Joined> joined;  // sorted by start
  EncodedScanner encoded;
  EncodedPieces pieces;
  Opened opened;
  bool truncated = false;
  std::vector<Loss> losses;
  ArchiveCounts counts;
};

// Anchors that start in [begin, end); their literals may end behind it.
void ContentScanner::Impl::confirm_slice(Bytes text, std::size_t begin, std::size_t end) {
  const match::Engine& engine = rules.engine();
  const std::size_t width = std::max<std::size_t>(engine.max_anchor_width(), 1);
  const std::size_t last = std::min(text.size(), end + width - 1);
  anchors.clear();
  search.announce(text.subspan(begin, last - begin));
  search.find(text.subspan(begin, last - begin), anchors);
  for (match::Anchor anchor : anchors) {
    if (anchor.position >= end - begin) continue;
    if (candidates.size() >= kMaxCandidates) return;
    anchor.position += static_cast<std::uint32_t>(begin);
    seen[anchor.literal] = 1;
    detect::confirm(rules, text, anchor, matches, candidates, left_out);
  }
}

void ContentScanner::Impl::find_candidates(Bytes text) {
  candidates.clear();
  seen.assign(rules.engine().literal_count(), 0);
  for (std::size_t begin = 0; begin < text.size() && candidates.size() < kMaxCandidates; begin += kSlice) {
    confirm_slice(text, begin, std::min(text.size(), begin + kSlice));
  }
  detect::search(rules, text, seen, matches, candidates);
  if (candidates.size() >= kMaxCandidates) truncated = true;
}

void ContentScanner::Impl::add_parts(Bytes text, std::uint32_t start, std::vector<HitPart>& parts) const {
  const auto before = [](const detect::Joined& j, std::uint32_t at) { return j.start < at; };
  for (auto at = std::lower_bound(joined.begin(), joined.end(), start, before);
       at != joined.end() && at->start == start; ++at) {
    const detect::Candidate& part = at->part;
    parts.push_back({part.rule, at->as->name, std::string(as_text(text.subspan(part.start, part.length))),
                     std::string(as_text(text.subspan(part.match_start, part.match_length)))});
  }
}

void ContentScanner::Impl::find_encoded(Bytes text, std::string_view path) {
  for (const ManifestValue& value : take_manifest_values(rules, text, candidates)) encoded.open(value, path, opened);
  pieces.clear();
  encoded.find(text, pieces);
  for (const PieceKind kind : kPieceKinds) {
    for (const EncodedPiece& piece : pieces.of(kind)) {
      if (!piece.holds) continue;
      if (opened.hits.size() >= kMaxHits || !encoded.open(text, kind, piece, path, opened)) truncated = true;
    }
  }
  std::erase_if(opened.hits, [&](const DecodedHit& hit) { return detect::comment_allows(rules, text, place_of(hit)); });
}

// Everything that must be masked, the encoded bytes of what was found decoded included.
std::vector<SecretSpan> ContentScanner::Impl::spans_of(Bytes text) const {
  std::vector<SecretSpan> spans = secret_spans(rules, text, candidates);
  for (const Stretch& secret : opened.secrets) spans.push_back({secret.begin, secret.end, {}});
  std::vector<detect::Candidate> as_they_are;
  for (const DecodedHit& hit : opened.hits) {
    if (hit.chain.empty()) as_they_are.push_back(place_of(hit));
  }
  const std::vector<SecretSpan> more = secret_spans(rules, text, as_they_are);
  spans.insert(spans.end(), more.begin(), more.end());
  return join_spans(std::move(spans));
}

// Leaves one of several findings on the same bytes. What settle() left stands beside one another.
void ContentScanner::Impl::drop_weaker() {
  std::vector<Claim> claims;
  for (const detect::Candidate& c : candidates)
    claims.push_back({{c.start, c.start + c.length}, c.rule, c.verdict, c.length, 0, false});
  for (const DecodedHit& hit : opened.hits) claims.push_back(claim_of(hit));
  const std::vector<bool> stays = settle_claims(rules, claims);
  std::size_t index = 0;
  std::erase_if(candidates, [&](const detect::Candidate&) { return !stays[index++]; });
  std::erase_if(opened.hits, [&](const DecodedHit&) { return !stays[index++]; });
}

void ContentScanner::Impl::fill_plain(Bytes text, const detect::Candidate& candidate, Hit& hit) const {
  hit.secret = as_text(text.subspan(candidate.start, candidate.length));
  hit.match = as_text(text.subspan(candidate.match_start, candidate.match_length));
  // Candidates of gitleaks' rules may begin where one of ours does, and have no parts.
  if (rules.rules()[hit.rule].dialect == detect::Dialect::Own) add_parts(text, candidate.start, hit.parts);
}

// Of `candidates` and of what is `opened`.
void ContentScanner::Impl::describe(Bytes text, std::string_view path, const Original& original,
                                    std::vector<Hit>& out) {
  if (candidates.empty() && opened.secrets.empty()) return;
  const std::vector<SecretSpan> spans = spans_of(text);
  joined.clear();
  detect::settle(rules, text, path, candidates, &joined);
  if (!opened.hits.empty() && !path.empty()) drop_weaker();
  std::vector<std::pair<detect::Candidate, DecodedHit*>> places;  // null: as it stands in the text
  for (const detect::Candidate& candidate : candidates) places.emplace_back(candidate, nullptr);
  for (DecodedHit& hit : opened.hits) places.emplace_back(place_of(hit), &hit);
  std::stable_sort(places.begin(), places.end(),
                   [](const auto& a, const auto& b) { return a.first.start < b.first.start; });
  if (places.size() > kMaxHits) truncated = true;
  const std::size_t count = std::min(places.size(), kMaxHits);
  LineCursor cursor;
  for (std::size_t i = 0; i < count; ++i) {
    const detect::Candidate& candidate = places[i].first;
    const std::uint64_t begin = candidate.start, end = begin + candidate.length;
    Hit& hit = out.emplace_back();
    hit.rule = candidate.rule;
    hit.verdict = candidate.verdict;
    hit.length = candidate.length;
    hit.match_length = candidate.match_length;
    if (places[i].second != nullptr) {
      fill_decoded(std::move(*places[i].second), as_text(text.subspan(begin, candidate.length)), hit);
    } else {
      fill_plain(text, candidate, hit);
    }
    hit.position = find_position(text, original, begin, end, cursor);
    hit.match_position = find_match(text, original, candidate, cursor, hit.position);
    if (i < kMaxExcerpts) hit.excerpt = draw_excerpt(text, begin, end, spans);
    if (original.transcoded != nullptr) hit.encoding = original.transcoded->encoding;
  }
}

void ContentScanner::Impl::scan_text(Bytes text, std::string_view path, Decoding decoding, const Original& original,
                                     std::vector<Hit>& out) {
  opened.clear();
  find_candidates(text);
  if (decoding == Decoding::On) find_encoded(text, path);
  describe(text, path, original, out);
}

std::string Hit::encoding_text() const {
  const std::string_view text = encoding_name(encoding);
  return std::string(text) + (text.empty() || chain.empty() ? "" : " > ") + chain;
}

detect::Candidate candidate_of(const Hit& hit) {
  if (!hit.member.empty() && !hit.chain.empty()) {
    const auto whole = static_cast<std::uint32_t>(hit.written.size());
    return {
        .start = 0, .length = whole, .match_start = 0, .match_length = whole, .rule = hit.rule, .verdict = hit.verdict};
  }
  const std::uint64_t from = hit.member.empty() ? 0 : hit.match_position.offset;
  return {.start = static_cast<std::uint32_t>(hit.position.offset - from),
          .length = hit.length,
          .match_start = static_cast<std::uint32_t>(hit.match_position.offset - from),
          .match_length = hit.match_length,
          .rule = hit.rule,
          .verdict = hit.verdict};
}

Bytes ground_of(const Hit& hit, Bytes content) {
  if (hit.member.empty()) return content;
  return as_bytes(hit.chain.empty() ? hit.match : hit.written);
}

ArchiveCounts& ArchiveCounts::operator+=(const ArchiveCounts& other) {
  archives += other.archives;
  members += other.members;
  bytes += other.bytes;
  encrypted += other.encrypted;
  media += other.media;
  plain += other.plain;
  return *this;
}

void add_archives(const ArchiveCounts& counts, detect::Coverage& coverage) {
  coverage.archives += counts.archives;
  coverage.archive_members += counts.members;
  coverage.archive_bytes += counts.bytes;
  if (counts.encrypted > 0)
    coverage.skipped.push_back({"encrypted in archives (no password is asked for)", counts.encrypted, 0});
  if (counts.media > 0) coverage.skipped.push_back({"compressed media in archives", counts.media, 0});
  if (counts.plain > 0)
    coverage.skipped.push_back({"damaged parts of plain archives (read as bytes)", counts.plain, 0});
}

std::string_view left_out_media(Bytes head, const unpack::Limits& archives) {
  const std::string_view media = compressed_media(head);
  return !media.empty() && archives.on() && unpack::may_begin_container(head) ? std::string_view() : media;
}

Hit path_hit(std::uint16_t rule, const std::string& path) {
  Hit hit;
  hit.rule = rule;
  hit.secret = path;
  hit.match = "file detected: " + path;
  const auto end = static_cast<std::uint32_t>(path.size() + 1);
  hit.position = hit.match_position = {1, 1, 1, end, 0};
  return hit;
}

ContentScanner::ContentScanner(const detect::RuleSet& rules, const unpack::Limits& archives, PlainTexts* known)
    : impl_(std::make_unique<Impl>(rules, archives, known)) {}
ContentScanner::~ContentScanner() = default;
ContentScanner::ContentScanner(ContentScanner&&) noexcept = default;

void ContentScanner::leave_out(std::vector<std::uint8_t> rules) { impl_->left_out = std::move(rules); }

bool ContentScanner::opens(Bytes content) const { return impl_->archives.on() && unpack::is_container(content); }

std::vector<Hit> ContentScanner::scan(Bytes content, std::string_view path, Decoding decoding) {
  impl_->losses.clear();
  impl_->counts = {};
  if (!opens(content)) return scan_text(content, path, decoding);
  bool truncated = false;
  ContainerAnswer answer =
      scan_container(impl_->rules, content, path, impl_->archives, [&](Bytes text, std::string_view at) {
        std::vector<Hit> hits = scan_text(text, at, decoding);
        truncated |= impl_->truncated;
        return hits;
      });
  impl_->truncated = truncated || answer.truncated;
  impl_->losses = std::move(answer.losses);
  impl_->counts = answer.counts;
  return std::move(answer.hits);
}

std::vector<Hit> ContentScanner::scan_text(Bytes content, std::string_view path, Decoding decoding) {
  impl_->truncated = content.size() > kMaxContent;
  content = content.first(std::min<std::size_t>(content.size(), kMaxContent));
  std::vector<Hit> hits;
  impl_->scan_text(content, path, decoding, Original{}, hits);
  const Encoding encoding = detect_encoding(content);
  if (encoding == Encoding::Bytes) return hits;
  const Transcoded transcoded = transcode(content, encoding);
  impl_->scan_text(as_bytes(transcoded.text), path, decoding, Original{&transcoded}, hits);
  std::stable_sort(hits.begin(), hits.end(),
                   [](const Hit& a, const Hit& b) { return a.position.offset < b.position.offset; });
  return hits;
}

bool ContentScanner::truncated() const { return impl_->truncated; }
const std::vector<Loss>& ContentScanner::losses() const { return impl_->losses; }
const ArchiveCounts& ContentScanner::counts() const { return impl_->counts; }

std::vector<Loss> ContentScanner::losses_at(const std::string& where) const {
  std::vector<Loss> losses = impl_->losses;
  for (Loss& loss : losses) loss.where = detect::shown_path(where, loss.where);
  return losses;
}

}  // namespace tightship::scan
