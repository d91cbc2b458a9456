#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "allow/allowances.h"
#include "allow/remarks.h"
#include "detect/codec.h"
#include "detect/member_path.h"

namespace tightship::allow {
namespace {

using detect::Finding;
using detect::Occurrence;
using detect::Place;

bool is_file(const Occurrence& occurrence) {
  return occurrence.place == Place::File || occurrence.place == Place::FileName ||
         occurrence.place == Place::SymlinkTarget || occurrence.place == Place::Stdin;
}

// What one finding got: an allowance for all of it, or for single occurrences.
struct Grant {
  std::optional<detect::Allowance> whole;
  std::vector<std::optional<detect::Allowance>> places;  // empty, or one an occurrence
};

// One application, step by step.
class Application {
 public:
  Application(detect::ScanResult& result, const Allowances& allowances, const ApplyOptions& options)
      : result_(result),
        allowances_(allowances),
        options_(options),
        grants_(result.findings.size()),
        usage_(make_usage(allowances)) {}

  Applied run();

 private:
  struct PlaceOf {
    std::size_t finding = 0, occurrence = 0;
  };

  std::string locate(const Occurrence& occurrence) const;
  void grant_whole(std::size_t finding, detect::Allowance allowance);
  // Returns whether any place of the finding is below the folder.
  bool grant_below(std::size_t finding, const std::string& folder, const detect::Allowance& allowance);
  void grant_place(PlaceOf at, const detect::Allowance& allowance);
  void ask_file(std::size_t index);
  void ask_baseline(std::size_t index);
  void ask_placed(std::size_t index);
  void index_places();
  std::vector<PlaceOf> fitting(const PlacedEntry& entry, const std::string& folder) const;
  void use_placed(const PlacedEntry& entry, std::size_t list, std::size_t index);
  void split(std::size_t index, std::vector<Finding>& kept, Applied& applied);

  detect::ScanResult& result_;
  const Allowances& allowances_;
  const ApplyOptions& options_;
  std::vector<Grant> grants_;
  Usage usage_;
  std::unordered_map<std::string, std::vector<PlaceOf>> places_;       // by located path
  std::unordered_map<std::string, std::vector<std::size_t>> secrets_;  // by SHA-256
  Applied applied_;
};

namespace {

bool is_path(const Finding& finding) { return finding.rule != nullptr && finding.rule->path_only(); }

// gitleaks' line is that of the whole match, and 0 for a file that a rule reports by its path.
bool stands_at(const Finding& finding, const Occurrence& occurrence, std::uint32_t line) {
  if (is_path(finding)) return line == 0;
  return line != 0 && (occurrence.position.line == line || occurrence.match_position.line == line);
}

}  // namespace

std::string Application::locate(const Occurrence& occurrence) const {
  if (options_.locate) return options_.locate(occurrence);
  return is_file(occurrence) ? occurrence.path : std::string();
}

void Application::grant_whole(std::size_t finding, detect::Allowance allowance) {
  if (!grants_[finding].whole) grants_[finding].whole = std::move(allowance);
}

void Application::grant_place(PlaceOf at, const detect::Allowance& allowance) {
  Grant& grant = grants_[at.finding];
  grant.places.resize(result_.findings[at.finding].occurrences.size());
  auto& place = grant.places[at.occurrence];
  if (!place) place = allowance;
}

bool Application::grant_below(std::size_t finding, const std::string& folder, const detect::Allowance& allowance) {
  const std::vector<Occurrence>& occurrences = result_.findings[finding].occurrences;
  bool any = false;
  for (std::size_t i = 0; i < occurrences.size(); ++i) {
    if (!is_below(locate(occurrences[i]), folder)) continue;
    any = true;
    grant_place({finding, i}, allowance);
  }
  return any;
}

void Application::ask_file(std::size_t index) {
  const AllowFile& file = allowances_.files[index];
  FileUsage& usage = usage_.files[index];
  for (std::size_t i = 0; i < result_.findings.size(); ++i) {
    const Entry* entry = file.find(result_.findings[i].fingerprint);
    if (entry == nullptr) continue;
    const auto number = static_cast<std::size_t>(entry - file.entries.data());
    const std::string& folder = file.source.folder;
    const std::vector<Occurrence>& places = result_.findings[i].occurrences;
    const bool here = folder.empty() || std::any_of(places.begin(), places.end(),
                                                    [&](const Occurrence& o) { return is_below(locate(o), folder); });
    if (!here) continue;
    usage.matched[number] = true;
    if (entry->expired(options_.now)) continue;
    const detect::Allowance allowance{file.source.path, entry->place.line, entry->reason, entry->by};
    if (folder.empty())
      grant_whole(i, allowance);
    else
      grant_below(i, folder, allowance);
    ++usage.allowed;
    applied_.used.push_back({index, number, entry->id});
  }
}

void Application::ask_baseline(std::size_t index) {
  const Baseline& baseline = allowances_.baselines[index];
  FileUsage& usage = usage_.baselines[index];
  for (std::size_t i = 0; i < result_.findings.size(); ++i) {
    const BaselineEntry* entry = baseline.find(result_.findings[i].fingerprint);
    if (entry == nullptr) continue;
    usage.matched[static_cast<std::size_t>(entry - baseline.entries.data())] = true;
    ++usage.allowed;
    grant_whole(i, {baseline.source.path, entry->line, "in the baseline", {}});
  }
}

void Application::index_places() {
  for (std::size_t i = 0; i < result_.findings.size(); ++i) {
    const Finding& finding = result_.findings[i];
    secrets_[detect::sha256(finding.secret)].push_back(i);
    for (std::size_t k = 0; k < finding.occurrences.size(); ++k) {
      const Occurrence& occurrence = finding.occurrences[k];
      const bool file = occurrence.place == Place::File || occurrence.place == Place::Stdin || is_path(finding);
      if (file) places_[detect::shown_path(locate(occurrence), occurrence.member)].push_back({i, k});
    }
  }
}

// Occurrences that the entry means, all of one finding; see gitleaks.h.
std::vector<Application::PlaceOf> Application::fitting(const PlacedEntry& entry, const std::string& folder) const {
  const auto in_file = places_.find(entry.file.starts_with('/') ? entry.file : folder + entry.file);
  if (in_file == places_.end()) return {};
  std::vector<PlaceOf> there;
  for (const PlaceOf at : in_file->second) {
    const Occurrence& occurrence = result_.findings[at.finding].occurrences[at.occurrence];
    const bool commit_fits = entry.commit.empty() || (occurrence.commit && occurrence.commit->id.hex() == entry.commit);
    if (commit_fits && stands_at(result_.findings[at.finding], occurrence, entry.line)) there.push_back(at);
  }
  int best = 0;
  for (const PlaceOf at : there) best = std::max(best, rule_fit(entry.rule, result_.findings[at.finding].rule->id));
  std::erase_if(there, [&](PlaceOf at) { return rule_fit(entry.rule, result_.findings[at.finding].rule->id) < best; });
  const bool several =
      std::any_of(there.begin(), there.end(), [&](PlaceOf at) { return at.finding != there.front().finding; });
  // The same rule twice on a line is what the entry says: gitleaks' fingerprint has no column.
  if (several && best < 2) there.clear();
  return there;
}

void Application::use_placed(const PlacedEntry& entry, std::size_t list, std::size_t index) {
  const Source& source = allowances_.placed[list].source;
  FileUsage& usage = usage_.placed[list];
  const std::string reason = fmt::format("accepted for gitleaks' rule {}", entry.rule);
  const detect::Allowance allowance{source.path, entry.source_line, reason, {}};
  if (!entry.secret_hash.empty()) {
    const auto known = secrets_.find(entry.secret_hash);
    if (known == secrets_.end()) return;
    for (const std::size_t finding : known->second) grant_whole(finding, allowance);
    usage.matched[index] = true;
    usage.allowed += known->second.size();
    return;
  }
  const std::vector<PlaceOf> there = fitting(entry, source.folder);
  for (const PlaceOf at : there) grant_place(at, allowance);
  usage.matched[index] = !there.empty();
  usage.allowed += there.empty() ? 0 : 1;
}

void Application::ask_placed(std::size_t index) {
  if (places_.empty()) index_places();
  const PlacedList& list = allowances_.placed[index];
  for (std::size_t i = 0; i < list.entries.size(); ++i) use_placed(list.entries[i], index, i);
}

// Puts finding `index` where it belongs, or its places apart.
void Application::split(std::size_t index, std::vector<Finding>& kept, Applied& applied) {
  Finding& finding = result_.findings[index];
  Grant& grant = grants_[index];
  const auto granted = static_cast<std::size_t>(
      std::count_if(grant.places.begin(), grant.places.end(), [](const auto& place) { return place.has_value(); }));
  const bool all_kept = finding.occurrence_count <= finding.occurrences.size();
  if (!grant.whole && granted > 0 && granted == finding.occurrences.size() && all_kept) {
    grant.whole = *grant.places.front();
  }
  if (grant.whole) {
    finding.allowance = std::move(grant.whole);
    result_.allowed.push_back(std::move(finding));
    return;
  }
  applied.kept.push_back(index);
  if (granted == 0) return kept.push_back(std::move(finding));
  Finding accepted = finding;
  accepted.occurrences.clear();
  std::vector<Occurrence> rest;
  for (std::size_t i = 0; i < finding.occurrences.size(); ++i) {
    if (grant.places[i] && !accepted.allowance) accepted.allowance = grant.places[i];
    (grant.places[i] ? accepted.occurrences : rest).push_back(std::move(finding.occurrences[i]));
  }
  accepted.occurrence_count = accepted.occurrences.size();
  finding.occurrence_count -= std::min<std::uint64_t>(finding.occurrence_count, granted);
  // Were all kept places accepted, the last one stays to be shown: others were not looked at.
  if (rest.empty()) rest.push_back(accepted.occurrences.back());
  finding.occurrences = std::move(rest);
  result_.allowed.push_back(std::move(accepted));
  kept.push_back(std::move(finding));
}

Applied Application::run() {
  std::vector<std::size_t> files(allowances_.files.size());
  for (std::size_t i = 0; i < files.size(); ++i) files[i] = i;
  std::stable_sort(files.begin(), files.end(), [&](std::size_t a, std::size_t b) {
    return allowances_.files[a].source.folder.size() > allowances_.files[b].source.folder.size();
  });
  for (const std::size_t file : files) ask_file(file);
  for (std::size_t i = 0; i < allowances_.placed.size(); ++i) ask_placed(i);
  for (std::size_t i = 0; i < allowances_.baselines.size(); ++i) ask_baseline(i);
  std::vector<Finding> kept;
  for (std::size_t i = 0; i < grants_.size(); ++i) split(i, kept, applied_);
  result_.findings = std::move(kept);
  result_.hidden_notes =
      static_cast<std::uint64_t>(std::count_if(result_.findings.begin(), result_.findings.end(),
                                               [](const Finding& f) { return f.severity == detect::Severity::Note; }));
  add_remarks(allowances_, usage_, options_, result_);
  return std::move(applied_);
}

}  // namespace

Applied apply(detect::ScanResult& result, const Allowances& allowances, const ApplyOptions& options) {
  Applied applied = Application(result, allowances, options).run();
  const auto key = [](const UsedEntry& used) { return std::tuple(used.file, used.entry); };
  std::sort(applied.used.begin(), applied.used.end(),
            [&](const UsedEntry& a, const UsedEntry& b) { return key(a) < key(b); });
  return applied;
}

}  // namespace tightship::allow
