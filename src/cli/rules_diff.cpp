#include "cli/rules_diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>

#include "base/terminal_text.h"
#include "report/secret_mask.h"

namespace tightship::cli {
namespace {

using Json = nlohmann::ordered_json;
using Kind = Difference::Kind;

auto place_of(const Sighting& s) { return std::tie(s.path, s.line, s.column); }
auto key_of(const Sighting& s) { return std::tie(s.path, s.line, s.column, s.rule, s.severity, s.fingerprint); }
bool by_key(const Sighting& a, const Sighting& b) { return key_of(a) < key_of(b); }

std::string text_at(const Json& object, const char* name) {
  const auto member = object.find(name);
  return member != object.end() && member->is_string() ? member->get<std::string>() : std::string();
}

std::uint32_t number_at(const Json& object, const char* name) {
  const auto member = object.find(name);
  return member != object.end() && member->is_number_unsigned() ? member->get<std::uint32_t>() : 0;
}

void read_finding(const Json& finding, Sightings& out) {
  Sighting sighting;
  sighting.rule = text_at(finding, "rule");
  sighting.severity = text_at(finding, "severity");
  sighting.fingerprint = text_at(finding, "fingerprint");
  sighting.shown = text_at(finding, "redacted");
  const auto places = finding.find("occurrences");
  if (places == finding.end() || !places->is_array()) return;
  for (const Json& place : *places) {
    if (!place.is_object()) continue;
    sighting.path = text_at(place, "path");
    const auto position = place.find("position");
    if (position != place.end() && position->is_object()) {
      sighting.line = number_at(*position, "line");
      sighting.column = number_at(*position, "column");
    }
    out.all.push_back(sighting);
  }
  const std::uint64_t count = number_at(finding, "occurrence_count");
  out.left_out += count - std::min<std::uint64_t>(count, places->size());
}

// Those of one place: what both say goes, then one of each side makes a pair.
void compare_place(std::vector<Sighting> before, std::vector<Sighting> after, std::vector<Difference>& out) {
  std::vector<Sighting> lost, found;
  std::set_difference(before.begin(), before.end(), after.begin(), after.end(), std::back_inserter(lost), by_key);
  std::set_difference(after.begin(), after.end(), before.begin(), before.end(), std::back_inserter(found), by_key);
  const std::size_t pairs = std::min(lost.size(), found.size());
  for (std::size_t i = 0; i < pairs; ++i) out.push_back({Kind::Other, lost[i], found[i]});
  for (std::size_t i = pairs; i < lost.size(); ++i) out.push_back({Kind::Lost, lost[i], {}});
  for (std::size_t i = pairs; i < found.size(); ++i) out.push_back({Kind::Found, {}, found[i]});
}

std::vector<Sighting> take_place(const std::vector<Sighting>& all, std::size_t& at, const Sighting& place) {
  std::vector<Sighting> taken;
  while (at < all.size() && place_of(all[at]) == place_of(place)) taken.push_back(all[at++]);
  return taken;
}

std::string where(const Sighting& s) { return fmt::format("{}:{}:{}", terminal_text(s.path), s.line, s.column); }
std::string what(const Sighting& s) {
  return fmt::format("{}[{}] {}", terminal_text(s.severity), terminal_text(s.rule), terminal_text(s.shown));
}

std::string line_of(const Difference& difference) {
  switch (difference.kind) {
    case Kind::Lost: return fmt::format("- {}: {}\n", where(difference.before), what(difference.before));
    case Kind::Found: return fmt::format("+ {}: {}\n", where(difference.after), what(difference.after));
    case Kind::Other: break;
  }
  return fmt::format("~ {}: {} -> {}\n", where(difference.after), what(difference.before), what(difference.after));
}

// Lost, found and other of each rule; the rule of the new side, but of the old one for what is lost.
std::map<std::string, std::array<std::uint64_t, 3>> counts_by_rule(const std::vector<Difference>& differences) {
  std::map<std::string, std::array<std::uint64_t, 3>> counts;
  for (const Difference& d : differences) {
    const std::string& rule = d.kind == Kind::Lost ? d.before.rule : d.after.rule;
    ++counts[rule][static_cast<std::size_t>(d.kind)];
  }
  return counts;
}

std::string count_table(const std::vector<Difference>& differences) {
  std::string out = fmt::format("{:<44}{:>8}{:>8}{:>8}\n", "rule", "lost", "found", "other");
  std::array<std::uint64_t, 3> total{};
  for (const auto& [rule, counts] : counts_by_rule(differences)) {
    out += fmt::format("{:<44}{:>8}{:>8}{:>8}\n", terminal_text(rule), counts[0], counts[1], counts[2]);
    for (std::size_t i = 0; i < total.size(); ++i) total[i] += counts[i];
  }
  return out + fmt::format("{:<44}{:>8}{:>8}{:>8}\n", "all", total[0], total[1], total[2]);
}

Json sighting_json(const Sighting& s) {
  return {{"path", s.path},         {"line", s.line},      {"column", s.column},          {"rule", s.rule},
          {"severity", s.severity}, {"redacted", s.shown}, {"fingerprint", s.fingerprint}};
}

}  // namespace

Sightings sightings_of(const detect::ScanResult& result) {
  const report::SecretMask mask(result, false);
  Sightings out;
  for (const detect::Finding& finding : result.findings) {
    Sighting sighting;
    if (finding.rule != nullptr) sighting.rule = finding.rule->id;
    sighting.severity = detect::severity_name(finding.severity);
    sighting.fingerprint = finding.fingerprint;
    sighting.shown = mask.shown(finding);
    for (const detect::Occurrence& occurrence : finding.occurrences) {
      sighting.path = mask.mask(occurrence.path);
      sighting.line = occurrence.position.line;
      sighting.column = occurrence.position.column;
      out.all.push_back(sighting);
    }
    out.left_out +=
        finding.occurrence_count - std::min<std::uint64_t>(finding.occurrence_count, finding.occurrences.size());
  }
  return out;
}

Result<Sightings> read_sightings(const std::string& text, const std::string& path) {
  const Json report = Json::parse(text, nullptr, false);
  const auto findings = report.is_object() ? report.find("findings") : report.end();
  if (!report.is_object() || findings == report.end() || !findings->is_array()) {
    return fail(ErrorKind::Corrupt, "this is no JSON report of tightship", path, "tightship scan -f json -o FILE");
  }
  Sightings out;
  for (const Json& finding : *findings) {
    if (finding.is_object()) read_finding(finding, out);
  }
  return out;
}

std::vector<Difference> differences(Sightings before, Sightings after) {
  std::sort(before.all.begin(), before.all.end(), by_key);
  std::sort(after.all.begin(), after.all.end(), by_key);
  std::vector<Difference> out;
  std::size_t b = 0, a = 0;
  while (b < before.all.size() || a < after.all.size()) {
    const bool old_first =
        a == after.all.size() || (b < before.all.size() && place_of(before.all[b]) < place_of(after.all[a]));
    const Sighting place = old_first ? before.all[b] : after.all[a];
    auto old_ones = take_place(before.all, b, place);
    compare_place(std::move(old_ones), take_place(after.all, a, place), out);
  }
  return out;
}

std::string difference_text(const std::vector<Difference>& differences, std::size_t most) {
  if (differences.empty()) return "no difference\n";
  std::string out;
  for (std::size_t i = 0; i < differences.size() && i < most; ++i) out += line_of(differences[i]);
  if (differences.size() > most) out += fmt::format("and {} more (--limit)\n", differences.size() - most);
  return out + "\n" + count_table(differences);
}

std::string difference_json(const std::vector<Difference>& differences) {
  constexpr std::array<std::string_view, 3> kNames = {"lost", "found", "other"};
  Json out = Json::array();
  for (const Difference& d : differences) {
    Json json = {{"kind", kNames[static_cast<std::size_t>(d.kind)]}};
    if (d.kind != Kind::Found) json["before"] = sighting_json(d.before);
    if (d.kind != Kind::Lost) json["after"] = sighting_json(d.after);
    out.push_back(std::move(json));
  }
  return Json{{"schema_version", 1}, {"differences", std::move(out)}}.dump(2, ' ', true,
                                                                           Json::error_handler_t::replace) +
         "\n";
}

}  // namespace tightship::cli
