#include <algorithm>
#include <unordered_map>

#include "git/object_reader.h"
#include "scan/commit_info.h"
#include "scan/message_place.h"
#include "scan/state_cache.h"

namespace tightship::scan {
namespace {

using detect::Place;

std::optional<git::ObjectType> type_of(const KeptPlace& kept) {
  switch (kept.place) {
    case Place::FileName: return kept.member.empty() ? std::nullopt : std::optional(git::ObjectType::Blob);
    case Place::File:
    case Place::SymlinkTarget: return git::ObjectType::Blob;
    case Place::CommitMessage:
    case Place::Author:
    case Place::Committer: return git::ObjectType::Commit;
    case Place::TagMessage:
    case Place::Tagger: return git::ObjectType::Tag;
    default: return std::nullopt;
  }
}

class Replay {
 public:
  Replay(const detect::RuleSet& rules, const unpack::Limits& archives, const git::Repository& repository)
      : objects_(repository, ledger_), scanner_(rules, archives) {}

  std::optional<std::pair<Hit, detect::Occurrence>> place(const KeptPlace& kept) {
    if (!look_at(kept)) return std::nullopt;
    const auto hit = std::find_if(hits_.begin(), hits_.end(), [&](const auto& known) {
      return known.second == kept.place && known.first.rule == kept.rule && known.first.encoding == kept.encoding &&
             known.first.chain == kept.chain && known.first.position.offset == kept.offset &&
             known.first.member == kept.member;
    });
    if (hit == hits_.end()) return std::nullopt;
    detect::Occurrence where;
    where.place = kept.place;
    where.path = kept.path;
    where.object = kept.object;
    where.versions = kept.versions;
    where.in_head = kept.in_head;
    where.reach = kept.reach;
    if (kept.commit) {
      where.commit = describe(*kept.commit);
      if (!where.commit) return std::nullopt;
    }
    return std::pair(hit->first, std::move(where));
  }

  bool lost_something() const { return !ledger_.empty(); }

 private:
  // Places of one object at one path come one after the other.
  bool look_at(const KeptPlace& kept) {
    const auto type = type_of(kept);
    if (!type) return false;
    // The path of a message is no path: the rules do not see it.
    const std::string& path = *type == git::ObjectType::Blob && !kept.path.empty() ? kept.path : no_file_;
    if (kept.object == object_ && path == path_ && *type == type_) return true;
    hits_.clear();
    const auto object = objects_.share(kept.object);
    if (!object || (*object)->type != *type) return false;
    const Bytes content = (*object)->bytes;
    for (Hit& hit : scanner_.scan(content, path)) add(std::move(hit), content, *type);
    object_ = kept.object;
    path_ = path;
    type_ = *type;
    return !scanner_.truncated();
  }

  void add(Hit hit, Bytes content, git::ObjectType type) {
    if (type == git::ObjectType::Blob) {
      if (hit.of_name) {
        hits_.emplace_back(std::move(hit), Place::FileName);
        return;
      }
      for (const Place as : {Place::File, Place::SymlinkTarget}) hits_.emplace_back(hit, as);
      return;
    }
    const MessagePlace part = message_place(as_text(content), hit.position.offset, type == git::ObjectType::Tag);
    hits_.emplace_back(moved_to_part(std::move(hit), content, part), part.place);
  }

  std::optional<detect::CommitInfo> describe(const Oid& id) {
    const auto [at, is_new] = commits_.try_emplace(id);
    if (!is_new) return at->second;
    const auto object = objects_.share(id);
    const bool is_commit = object && (*object)->type == git::ObjectType::Commit;
    if (is_commit) at->second = commit_info(id, (*object)->bytes, objects_.hash());
    return at->second;
  }

  Ledger ledger_;
  git::ObjectReader objects_;
  ContentScanner scanner_;
  const std::string no_file_{detect::kNoFile};
  Oid object_;
  std::string path_;
  git::ObjectType type_ = git::ObjectType::Blob;
  std::vector<std::pair<Hit, Place>> hits_;
  std::unordered_map<Oid, std::optional<detect::CommitInfo>> commits_;
};

using ValueKey = std::pair<std::uint16_t, std::string>;

}  // namespace

std::optional<ReplayedPlaces> replay_places(const KeptAnswer& answer, const detect::RuleSet& rules,
                                            const unpack::Limits& archives, const git::Repository& repository) {
  ReplayedPlaces places;
  if (answer.places.empty()) return places;
  Replay replay(rules, archives, repository);
  std::vector<const ValueKey*> keys(answer.values.size());
  std::map<ValueKey, std::uint32_t> values;
  for (const KeptPlace& kept : answer.places) {
    auto place = replay.place(kept);
    if (!place) return std::nullopt;
    // Numbers of values and secrets must go one to one, or histories would be mixed up.
    const auto known = values.try_emplace({place->first.rule, place->first.secret}, kept.value).first;
    if (known->second != kept.value) return std::nullopt;
    const ValueKey*& key = keys[kept.value];
    if (key != nullptr && key != &known->first) return std::nullopt;
    key = &known->first;
    places.push_back(std::move(*place));
  }
  if (replay.lost_something()) return std::nullopt;
  return places;
}

void replay_history(const KeptAnswer& answer, const ReplayedPlaces& places, const detect::RuleSet& rules,
                    std::vector<detect::Finding>& findings) {
  std::map<ValueKey, std::uint32_t> values;
  for (std::size_t i = 0; i < places.size(); ++i) {
    values.try_emplace({places[i].first.rule, places[i].first.secret}, answer.places[i].value);
  }
  for (detect::Finding& finding : findings) {
    finding.history = true;
    const auto rule = static_cast<std::uint16_t>(finding.rule - rules.rules().data());
    const auto value = values.find({rule, finding.secret});
    finding.pushed = answer.texts_pushed;
    if (value != values.end()) {
      const KeptHistory& kept = answer.values[value->second];
      finding.pushed = kept.pushed;
      finding.refs = kept.refs;
      finding.remotes = kept.remotes;
      finding.ref_count = kept.ref_count;
    }
    for (const detect::Occurrence& occurrence : finding.occurrences) {
      finding.in_head |= occurrence.in_head;
      if (!occurrence.commit) continue;
      if (!finding.since || occurrence.commit->time < finding.since->time) finding.since = occurrence.commit;
    }
  }
}

}  // namespace tightship::scan
