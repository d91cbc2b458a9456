#include "report/finding_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/terminal_text.h"
#include "detect/generic.h"
#include "report/masked_line.h"
#include "report/place_text.h"
#include "report/words.h"

namespace tightship::report {
namespace {

using detect::Finding;
using detect::Occurrence;

constexpr std::size_t kMorePlaces = 5;  // listed beside the first
constexpr std::size_t kNamedRemotes = 3;
constexpr std::size_t kNamedRefs = 8;
constexpr std::size_t kMaxName = 48;

std::string escaped(std::string_view text, const SecretMask& mask) { return terminal_text(mask.mask(text)); }

// "a, b, and 3 more"
std::string listed(const std::vector<std::string>& items, std::size_t most, std::uint64_t total,
                   const SecretMask& mask) {
  std::vector<std::string> shown;
  for (const std::string& item : items) {
    if (shown.size() == most) break;
    shown.push_back(escaped(item, mask));
  }
  const std::uint64_t all = std::max<std::uint64_t>(total, items.size());
  std::string text = join(shown, ", ");
  if (all > shown.size()) text += fmt::format(", and {} more", with_spaces(all - shown.size()));
  return text;
}

// Why we believe it, and what a finder could do with it.
std::string label_of(const Finding& finding, const SecretMask& mask) {
  std::string label = mask.mask(finding.why);
  const std::string_view impact = finding.rule != nullptr ? finding.rule->impact : std::string_view{};
  if (!impact.empty() && label.find(impact) == std::string::npos) {
    label += (label.empty() ? "" : ": ") + std::string(impact);
  }
  if (finding.occurrences.empty()) return label;
  const std::uint32_t lines = covered_lines(finding.occurrences.front().position);
  return lines > 1 ? label + fmt::format(" ({} lines)", lines) : label;
}

std::string pushed_text(const Finding& finding, const SecretMask& mask) {
  if (finding.pushed == detect::PushState::Never) return "never pushed";
  if (finding.remotes.empty()) return "pushed";
  return "pushed to " + listed(finding.remotes, kNamedRemotes, 0, mask);
}

std::string seen_text(const Finding& finding, const SecretMask& mask) {
  std::vector<std::string> parts;
  if (finding.since) {
    parts.push_back("since " + date_text(finding.since->time, finding.since->zone_minutes) + " in " +
                    commit_text(*finding.since, mask));
  }
  parts.push_back(finding.in_head ? "still in HEAD" : "not in HEAD");
  if (finding.pushed != detect::PushState::Unknown) parts.push_back(pushed_text(finding, mask));
  if (place_count(finding) > 1) parts.push_back(counted(place_count(finding), "place"));
  return join(parts, ", ");
}

std::string also_text(const Finding& finding, const SecretMask& mask) {
  std::vector<std::string> places;
  for (std::size_t i = 1; i < finding.occurrences.size() && i <= kMorePlaces; ++i) {
    places.push_back(place_line(finding.occurrences[i], mask, Column::Left));
  }
  if (places.empty()) return {};
  const std::uint64_t more = place_count(finding) - 1 - places.size();
  return join(places, ", ") + (more > 0 ? fmt::format(", and {} more", with_spaces(more)) : "");
}

std::string id_text(const Finding& finding) {
  const std::string id = terminal_text(finding.fingerprint);
  return fmt::format("{}    not a secret? tightship allow {} --reason \"...\"", id, id);
}

std::string fix_text(const Finding& finding) {
  if (finding.rule == nullptr) return {};
  return std::string(finding.rule->rotate.empty() ? finding.rule->rotate_url : finding.rule->rotate);
}

void add_note(Diagnostic& diagnostic, std::string_view name, std::string text) {
  if (!text.empty()) diagnostic.notes.push_back({std::string(name), std::move(text)});
}

// What stands in the shown line, when it is not the value itself.
std::string encoded_text(const Finding& finding, const SecretMask& mask) {
  if (finding.occurrences.empty() || finding.occurrences.front().written.empty()) return {};
  return fmt::format("{} of {}", terminal_text(finding.occurrences.front().encoding),
                     terminal_text(mask.shown(finding)));
}

void place_source(Diagnostic& diagnostic, const Finding& finding, const SecretMask& mask) {
  if (finding.occurrences.empty()) return;
  const Occurrence& first = finding.occurrences.front();
  PlaceText place = place_text(first, mask);
  diagnostic.path = std::move(place.path);
  diagnostic.at = std::move(place.at);
  diagnostic.line = first.position.line;
  diagnostic.column = first.position.column;
  if (!first.excerpt) return;
  MaskedLine line = masked_line(finding, *first.excerpt, mask);
  const std::string_view left = first.excerpt->cut_left ? "…" : "";
  const bool cut_right = first.excerpt->cut_right && !line.text.ends_with("…");
  diagnostic.begin = static_cast<std::uint32_t>(left.size() + line.begin);
  diagnostic.end = static_cast<std::uint32_t>(left.size() + line.end);
  diagnostic.source = std::string(left) + line.text + (cut_right ? "…" : "");
}

Diagnostic diagnostic_of(const Finding& finding, const SecretMask& mask) {
  Diagnostic diagnostic;
  diagnostic.level = detect::severity_name(finding.severity);
  diagnostic.code = rule_id_of(finding);
  diagnostic.message = title_of(finding);
  diagnostic.label = label_of(finding, mask);
  place_source(diagnostic, finding, mask);
  // Without a line to point at, the reason is a note.
  if (diagnostic.line == 0 || diagnostic.source.empty()) {
    add_note(diagnostic, "why", std::move(diagnostic.label));
    diagnostic.label.clear();
  }
  add_note(diagnostic, "encoded", encoded_text(finding, mask));
  return diagnostic;
}

void add_details(Diagnostic& diagnostic, const Finding& finding, const SecretMask& mask) {
  add_note(diagnostic, "value", terminal_text(mask.shown(finding)));
  for (const detect::Fact& fact : finding.facts) {
    add_note(diagnostic, mask.mask(fact.name), escaped(fact.value, mask));
  }
  if (!finding.refs.empty()) add_note(diagnostic, "refs", listed(finding.refs, kNamedRefs, finding.ref_count, mask));
}

std::string occurrence_line(const Occurrence& occurrence, const SecretMask& mask) {
  std::vector<std::string> parts{place_line(occurrence, mask, Column::Shown)};
  if (occurrence.commit) {
    const detect::CommitInfo& commit = *occurrence.commit;
    parts.push_back(date_text(commit.time, commit.zone_minutes) + " " + terminal_text(commit_text(commit, mask)));
  }
  if (occurrence.reach != detect::Reach::Unknown) parts.push_back(std::string(detect::reach_name(occurrence.reach)));
  if (occurrence.versions > 1) parts.push_back(counted(occurrence.versions, "version"));
  if (!occurrence.encoding.empty()) parts.push_back(terminal_text(occurrence.encoding));
  return "  " + join(parts, "  ") + "\n";
}

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

// The match begins inside of the name, "PASSWORD=" of POSTGRES_PASSWORD: its line has the rest.
std::string assigned_name(const Finding& finding) {
  if (finding.rule == nullptr || !finding.rule->generic || finding.occurrences.empty()) return {};
  const Occurrence& first = finding.occurrences.front();
  const std::size_t value = first.match.find(finding.secret);
  if (!first.excerpt || !first.encoding.empty() || value == std::string::npos || finding.secret.empty()) return {};
  const std::string_view match = first.match;
  const detect::Assignment parts = detect::split_assignment(match, match.substr(value, finding.secret.size()));
  if (parts.name.empty() || parts.form.find_first_of("=:") == std::string_view::npos) return {};
  std::string name(parts.name);
  const std::string_view line = first.excerpt->text;
  if (first.excerpt->begin < value || first.excerpt->begin - value > line.size()) return name;
  std::size_t begin = first.excerpt->begin - value;
  for (; begin > 0 && name.size() < kMaxName && is_name_character(line[begin - 1]); --begin)
    name.insert(name.begin(), line[begin - 1]);
  return name.substr(std::min(name.find_first_not_of(".-"), name.size()));
}

std::string occurrence_list(const Finding& finding, const SecretMask& mask) {
  std::string text = counted(place_count(finding), "place") + ":\n";
  for (const Occurrence& occurrence : finding.occurrences) text += occurrence_line(occurrence, mask);
  const std::uint64_t more = place_count(finding) - finding.occurrences.size();
  return more > 0 ? text + fmt::format("  and {} more\n", with_spaces(more)) : text;
}

}  // namespace

std::string title_of(const Finding& finding) {
  if (finding.rule == nullptr) return "secret";
  return terminal_text(finding.rule->title.empty() ? finding.rule->id : finding.rule->title);
}

std::string subject_of(const Finding& finding, const SecretMask& mask) {
  const std::string name = assigned_name(finding);
  return name.empty() ? title_of(finding) : escaped(name, mask);
}

std::string rule_id_of(const Finding& finding) {
  return finding.rule != nullptr ? terminal_text(finding.rule->id) : std::string();
}

std::uint64_t place_count(const Finding& finding) {
  return std::max<std::uint64_t>(finding.occurrence_count, finding.occurrences.size());
}

std::string finding_text(const Finding& finding, const Options& options, const SecretMask& mask) {
  Diagnostic diagnostic = diagnostic_of(finding, mask);
  if (finding.history) add_note(diagnostic, "seen", seen_text(finding, mask));
  add_note(diagnostic, "also", also_text(finding, mask));
  add_note(diagnostic, "fix", fix_text(finding));
  add_note(diagnostic, "id", id_text(finding));
  return render_diagnostic(diagnostic, options.color, options.width);
}

std::string blocked_finding_text(const Finding& finding, std::string_view seen, const Options& options,
                                 const SecretMask& mask) {
  Diagnostic diagnostic = diagnostic_of(finding, mask);
  if (!seen.empty()) add_note(diagnostic, "seen", mask.mask(seen));
  add_note(diagnostic, "also", also_text(finding, mask));
  add_note(diagnostic, "id", terminal_text(finding.fingerprint));
  return render_diagnostic(diagnostic, options.color, options.width);
}

std::string finding_details(const Finding& finding, const Options& options, const SecretMask& mask) {
  Diagnostic diagnostic = diagnostic_of(finding, mask);
  if (finding.history) add_note(diagnostic, "seen", seen_text(finding, mask));
  add_details(diagnostic, finding, mask);
  add_note(diagnostic, "fix", fix_text(finding));
  if (finding.rule != nullptr && !finding.rule->rotate.empty()) {
    add_note(diagnostic, "at", std::string(finding.rule->rotate_url));
  }
  add_note(diagnostic, "id", id_text(finding));
  return render_diagnostic(diagnostic, options.color, options.width) + "\n" + occurrence_list(finding, mask);
}

std::string finding_concise(const Finding& finding, const SecretMask& mask) {
  const std::string place =
      finding.occurrences.empty() ? std::string("-") : place_line(finding.occurrences.front(), mask, Column::Shown);
  return fmt::format("{}: {}[{}] {} {} {}\n", place, detect::severity_name(finding.severity), rule_id_of(finding),
                     title_of(finding), terminal_text(mask.shown(finding)), terminal_text(finding.fingerprint));
}

}  // namespace tightship::report
