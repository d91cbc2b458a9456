#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "scan/content_scanner.h"

namespace tightship::scan {
namespace {

using detect::Finding;
using detect::Occurrence;

// Total, so that equal input gives equal output whatever the order of adding.
auto order_key(const Occurrence& o) {
  return std::make_tuple(!o.in_head, std::string_view(o.path), std::string_view(o.member), o.position.line,
                         o.position.column, o.commit ? o.commit->time : 0, o.place, std::string_view(o.encoding));
}

bool earlier(const Occurrence& a, const Occurrence& b) {
  const auto key_a = order_key(a), key_b = order_key(b);
  return key_a != key_b ? key_a < key_b : a.object < b.object;
}

bool same_place(const Occurrence& a, const Occurrence& b) {
  const auto commit = [](const Occurrence& o) { return o.commit ? std::optional<Oid>(o.commit->id) : std::nullopt; };
  return a.place == b.place && a.path == b.path && a.member == b.member && a.position.offset == b.position.offset &&
         a.object == b.object && a.encoding == b.encoding && commit(a) == commit(b);
}

bool more_urgent(const Finding& a, const Finding& b) {
  if (a.severity != b.severity) return a.severity > b.severity;
  const auto place = [](const Finding& f) {
    const Occurrence& first = f.occurrences.front();
    return std::make_tuple(std::string_view(first.path), std::string_view(first.member), first.position.line,
                           first.position.column, f.rule->id, std::string_view(f.fingerprint));
  };
  return place(a) < place(b);
}

// Tells places apart quickly; equal hashes are compared in full.
std::size_t place_hash(const Occurrence& o) {
  const std::size_t path = std::hash<std::string>{}(o.path) + 3 * std::hash<std::string>{}(o.member);
  const std::size_t object = o.object ? static_cast<std::size_t>(o.object->prefix64()) : 0;
  const std::size_t commit = o.commit ? static_cast<std::size_t>(o.commit->id.prefix64()) : 0;
  return path ^ (o.position.offset * 0x9e3779b97f4a7c15ULL) ^ (object << 1) ^ (commit << 2);
}

struct Entry {
  Finding finding;
  std::string match;
  std::vector<HitPart> parts;                                // of any place, each once
  std::unordered_multimap<std::size_t, std::size_t> places;  // hash -> index of the occurrence
};

constexpr std::size_t kMaxParts = 8;  // of one finding

void note_parts(Entry& entry, const std::vector<HitPart>& parts) {
  for (const HitPart& part : parts) {
    const bool known = std::find(entry.parts.begin(), entry.parts.end(), part) != entry.parts.end();
    if (!known && entry.parts.size() < kMaxParts) entry.parts.push_back(part);
  }
}

// What a part tells of the whole: an id names it, and a decoy's id makes it a decoy.
void add_part(const detect::RuleSet& rules, const HitPart& part, Finding& finding) {
  const detect::Rule& rule = rules.rules()[part.rule];
  detect::CheckResult check = detect::explain(rule, part.secret, part.match);
  const detect::Kind kind = check.kind.value_or(rule.kind);
  if (kind == detect::Kind::Test) {
    finding.kind = kind;
    finding.severity = check.severity.value_or(detect::Severity::Note);
    finding.why = check.why;
  } else if (finding.why.find(part.name) == std::string::npos) {
    finding.why += fmt::format(", with its {}", part.name);
  }
  finding.facts.push_back({std::string(part.name), kind == detect::Kind::Secret ? "beside it" : part.secret});
  for (detect::Fact& fact : check.facts) finding.facts.push_back(std::move(fact));
}

}  // namespace

struct FindingSet::Impl {
  explicit Impl(const detect::RuleSet& set) : rules(set) {}
  Entry* find_or_make(const Hit& hit);

  const detect::RuleSet& rules;
  std::vector<Entry> entries;
  std::unordered_map<std::string, std::size_t> index;  // rule and secret -> entry
  std::uint64_t left_out = 0;
  std::function<void(const Hit&, const Occurrence&)> watcher;
};

Entry* FindingSet::Impl::find_or_make(const Hit& hit) {
  std::string key{static_cast<char>(hit.rule & 0xFF), static_cast<char>(hit.rule >> 8)};
  key += hit.secret;
  if (const auto known = index.find(key); known != index.end()) return &entries[known->second];
  if (entries.size() >= kMaxFindings) return nullptr;
  index.emplace(std::move(key), entries.size());
  Entry& entry = entries.emplace_back();
  entry.finding.rule = &rules.rules()[hit.rule];
  entry.finding.secret = hit.secret;
  entry.match = hit.match;
  return &entry;
}

FindingSet::FindingSet(const detect::RuleSet& rules) : impl_(std::make_unique<Impl>(rules)) {}
FindingSet::~FindingSet() = default;

void FindingSet::watch(std::function<void(const Hit&, const Occurrence&)> watcher) {
  impl_->watcher = std::move(watcher);
}

void FindingSet::add(const Hit& hit, Occurrence where) {
  where.member = hit.member;
  if (hit.of_name) where.place = detect::Place::FileName;
  if (impl_->watcher) impl_->watcher(hit, where);
  Entry* entry = impl_->find_or_make(hit);
  if (entry == nullptr) {
    ++impl_->left_out;
    return;
  }
  note_parts(*entry, hit.parts);
  where.position = hit.position;
  where.match = hit.match;
  where.match_position = hit.match_position;
  where.excerpt = hit.excerpt;
  where.encoding = hit.encoding_text();
  where.written = hit.written;
  std::vector<Occurrence>& known = entry->finding.occurrences;
  const std::size_t hash = place_hash(where);
  for (auto [at, end] = entry->places.equal_range(hash); at != end; ++at) {
    if (same_place(known[at->second], where)) return;
  }
  ++entry->finding.occurrence_count;
  if (known.size() >= kMaxOccurrences) return;
  entry->places.emplace(hash, known.size());
  known.push_back(std::move(where));
}

std::vector<Finding> FindingSet::take() {
  std::vector<Finding> findings;
  findings.reserve(impl_->entries.size());
  for (Entry& entry : impl_->entries) {
    Finding& finding = findings.emplace_back(std::move(entry.finding));
    detect::CheckResult check = detect::explain(*finding.rule, finding.secret, entry.match);
    finding.severity = check.severity.value_or(finding.rule->severity);
    finding.kind = check.kind.value_or(finding.rule->kind);
    finding.why = check.why.empty() ? std::string(finding.rule->why) : std::move(check.why);
    finding.facts = std::move(check.facts);
    std::sort(entry.parts.begin(), entry.parts.end(), [](const HitPart& a, const HitPart& b) {
      return std::tie(a.rule, a.secret) < std::tie(b.rule, b.secret);
    });
    for (const HitPart& part : entry.parts) add_part(impl_->rules, part, finding);
    finding.fingerprint = detect::fingerprint(finding.rule->id, finding.secret);
    std::sort(finding.occurrences.begin(), finding.occurrences.end(), earlier);
  }
  std::sort(findings.begin(), findings.end(), more_urgent);
  impl_->entries.clear();
  impl_->index.clear();
  return findings;
}

std::uint64_t FindingSet::left_out() const { return impl_->left_out; }

}  // namespace tightship::scan
