#include "scan/state_cache.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "scan/cache_file.h"

namespace tightship::scan {
namespace {

constexpr auto kLastPlace = static_cast<std::uint8_t>(detect::Place::Stdin);
constexpr auto kLastReach = static_cast<std::uint8_t>(detect::Reach::Unreachable);
constexpr auto kLastEncoding = static_cast<std::uint8_t>(Encoding::Utf32Be);
constexpr auto kLastPush = static_cast<std::uint8_t>(detect::PushState::Pushed);

// Counts that are stored; refs and reflog entries are counted anew, and time is never stored.
std::uint64_t detect::Coverage::*const kCounts[] = {
    &detect::Coverage::objects,         &detect::Coverage::objects_expected,
    &detect::Coverage::blobs,           &detect::Coverage::trees,
    &detect::Coverage::commits,         &detect::Coverage::tags,
    &detect::Coverage::packs,           &detect::Coverage::loose,
    &detect::Coverage::unreachable,     &detect::Coverage::bytes,
    &detect::Coverage::packed_bytes,    &detect::Coverage::archives,
    &detect::Coverage::archive_members, &detect::Coverage::archive_bytes,
};

// Losses that an unchanged repository has again. A damaged object is none of them: reading it is how one
// learns whether it was mended.
bool follows_from_state(LossKind kind) {
  return kind == LossKind::MissingObject || kind == LossKind::ShallowHistory || kind == LossKind::PartialClone ||
         kind == LossKind::UnreadArchive;
}

template <class Enum>
Enum read_enum(CacheReader& in, std::uint8_t last) {
  const std::uint8_t value = in.u8();
  return in.require(value <= last) ? static_cast<Enum>(value) : Enum{};
}

void write_oid(const Oid& oid, CacheWriter& out) { out.text(as_text(oid.raw())); }

Oid read_oid(CacheReader& in) {
  const std::string_view raw = in.text();
  return in.require(raw.size() == 20 || raw.size() == 32) ? Oid::from_raw(as_bytes(raw)) : Oid{};
}

void write_place(const KeptPlace& place, CacheWriter& out) {
  write_oid(place.object, out);
  out.u8(place.commit.has_value());
  if (place.commit) write_oid(*place.commit, out);
  out.text(place.path);
  out.text(place.member);
  out.u8(static_cast<std::uint8_t>(place.place));
  out.u8(static_cast<std::uint8_t>(place.reach));
  out.u8(static_cast<std::uint8_t>(place.encoding));
  out.text(place.chain);
  out.u8(place.in_head);
  out.u32(place.rule);
  out.u32(place.versions);
  out.u32(place.value);
  out.u64(place.offset);
}

KeptPlace read_place(CacheReader& in, std::size_t rules, std::size_t values) {
  KeptPlace place;
  place.object = read_oid(in);
  if (in.u8() != 0) place.commit = read_oid(in);
  place.path = in.text();
  place.member = in.text();
  place.place = read_enum<detect::Place>(in, kLastPlace);
  place.reach = read_enum<detect::Reach>(in, kLastReach);
  place.encoding = read_enum<Encoding>(in, kLastEncoding);
  place.chain = in.text();
  place.in_head = in.u8() != 0;
  const std::uint32_t rule = in.u32();
  place.rule = static_cast<std::uint16_t>(rule);
  place.versions = in.u32();
  place.value = in.u32();
  place.offset = in.u64();
  in.require(rule < rules && place.value < values);
  return place;
}

void write_texts(const std::vector<std::string>& texts, CacheWriter& out) {
  out.u32(static_cast<std::uint32_t>(texts.size()));
  for (const std::string& text : texts) out.text(text);
}

std::vector<std::string> read_texts(CacheReader& in) {
  std::vector<std::string> texts(in.count(4));
  for (std::string& text : texts) text = in.text();
  return texts;
}

void write_coverage(const detect::Coverage& coverage, CacheWriter& out) {
  for (const auto count : kCounts) out.u64(coverage.*count);
  out.u32(static_cast<std::uint32_t>(coverage.skipped.size()));
  for (const detect::Skipped& skipped : coverage.skipped) {
    out.text(skipped.reason);
    out.u64(skipped.count);
    out.u64(skipped.bytes);
  }
}

detect::Coverage read_coverage(CacheReader& in) {
  detect::Coverage coverage;
  for (const auto count : kCounts) coverage.*count = in.u64();
  coverage.skipped.resize(in.count(20));
  for (detect::Skipped& skipped : coverage.skipped) {
    skipped.reason = in.text();
    skipped.count = in.u64();
    skipped.bytes = in.u64();
  }
  return coverage;
}

void write_losses(const KeptAnswer& answer, CacheWriter& out) {
  out.u64(answer.loss_count);
  out.u32(static_cast<std::uint32_t>(answer.losses.size()));
  for (const Loss& loss : answer.losses) {
    out.u8(static_cast<std::uint8_t>(loss.kind));
    for (const std::string* text : {&loss.what, &loss.where, &loss.help}) out.text(*text);
  }
}

void read_losses(CacheReader& in, KeptAnswer& answer) {
  answer.loss_count = in.u64();
  answer.losses.resize(in.count(13));
  for (Loss& loss : answer.losses) {
    loss.kind = read_enum<LossKind>(in, kLossKinds - 1);
    for (std::string* text : {&loss.what, &loss.where, &loss.help}) *text = in.text();
    in.require(follows_from_state(loss.kind));
  }
  in.require(answer.losses.size() <= Ledger::kMaxEntries && answer.losses.size() <= answer.loss_count);
}

// Whether a path, ref or loss has a secret of the result in it.
bool gives_away(const KeptAnswer& answer, const std::vector<detect::Finding>& findings) {
  std::set<std::string_view> texts;
  for (const KeptPlace& place : answer.places) texts.insert({place.path, place.member});
  for (const KeptHistory& value : answer.values) {
    texts.insert(value.refs.begin(), value.refs.end());
    texts.insert(value.remotes.begin(), value.remotes.end());
  }
  for (const Loss& loss : answer.losses) texts.insert({loss.what, loss.where, loss.help});
  std::string all;
  for (const std::string_view text : texts) all.append(text).push_back('\0');
  return std::any_of(findings.begin(), findings.end(),
                     [&](const detect::Finding& finding) { return all.find(finding.secret) != std::string::npos; });
}

}  // namespace

std::string write_answer(const KeptAnswer& answer) {
  CacheWriter out;
  out.u32(static_cast<std::uint32_t>(answer.values.size()));
  for (const KeptHistory& value : answer.values) {
    out.u8(static_cast<std::uint8_t>(value.pushed));
    write_texts(value.refs, out);
    write_texts(value.remotes, out);
    out.u64(value.ref_count);
  }
  out.u8(static_cast<std::uint8_t>(answer.texts_pushed));
  out.u32(static_cast<std::uint32_t>(answer.places.size()));
  for (const KeptPlace& place : answer.places) write_place(place, out);
  write_coverage(answer.coverage, out);
  write_losses(answer, out);
  return out.take();
}

std::optional<KeptAnswer> read_answer(std::string_view payload, const detect::RuleSet& rules) {
  CacheReader in(payload);
  KeptAnswer answer;
  answer.values.resize(in.count(17));
  for (KeptHistory& value : answer.values) {
    value.pushed = read_enum<detect::PushState>(in, kLastPush);
    value.refs = read_texts(in);
    value.remotes = read_texts(in);
    value.ref_count = in.u64();
  }
  answer.texts_pushed = read_enum<detect::PushState>(in, kLastPush);
  const std::uint32_t places = in.count(57);
  in.require(places <= kMaxKeptPlaces);
  for (std::uint32_t i = 0; i < places && in.ok(); ++i) {
    answer.places.push_back(read_place(in, rules.rules().size(), answer.values.size()));
  }
  answer.coverage = read_coverage(in);
  read_losses(in, answer);
  if (!in.at_end()) return std::nullopt;
  return answer;
}

void AnswerRecorder::note(const Hit& hit, const detect::Occurrence& where) {
  // A name that is a secret cannot be named without giving it away.
  storable_ &= where.object.has_value() && answer_.places.size() < kMaxKeptPlaces;
  if (!storable_) return;
  const auto next = static_cast<std::uint32_t>(values_.size());
  KeptPlace place;
  place.object = *where.object;
  if (where.commit) place.commit = where.commit->id;
  place.path = where.path;
  place.member = where.member;
  place.place = where.place;
  place.reach = where.reach;
  place.encoding = hit.encoding;
  place.chain = hit.chain;
  place.in_head = where.in_head;
  place.rule = hit.rule;
  place.versions = where.versions;
  place.value = values_.try_emplace({hit.rule, hit.secret}, next).first->second;
  place.offset = hit.position.offset;
  answer_.places.push_back(std::move(place));
}

std::optional<std::string> AnswerRecorder::finish(const detect::ScanResult& result, const detect::RuleSet& rules) {
  const auto temporary = [](const Loss& loss) { return !follows_from_state(loss.kind); };
  if (!storable_ || std::any_of(result.losses.begin(), result.losses.end(), temporary)) return std::nullopt;
  // Losses beyond those that are kept are of unknown kinds.
  if (result.losses.size() >= Ledger::kMaxEntries) return std::nullopt;
  answer_.values.assign(values_.size(), {});
  for (const detect::Finding& finding : result.findings) {
    const auto rule = static_cast<std::uint16_t>(finding.rule - rules.rules().data());
    const auto value = values_.find({rule, finding.secret});
    if (value == values_.end()) {
      answer_.texts_pushed = finding.pushed;
    } else {
      answer_.values[value->second] = {finding.pushed, finding.refs, finding.remotes, finding.ref_count};
    }
  }
  answer_.coverage = result.coverage;
  answer_.losses = result.losses;
  answer_.loss_count = result.loss_count;
  if (gives_away(answer_, result.findings)) return std::nullopt;
  return write_answer(answer_);
}

}  // namespace tightship::scan
