#include <algorithm>
#include <array>

#include "base/terminal_text.h"
#include "report/finding_text.h"
#include "report/place_text.h"
#include "report/words.h"
#include "report/worklist.h"

namespace tightship::report {
namespace {

using detect::Finding;
using detect::Severity;

enum Field : std::size_t { Number, Title, Value, Since, InHead, Pushed, Places, RotateAt, kColumns };
using Row = std::array<std::string, kColumns>;

constexpr std::size_t kMaxRemotes = 16;  // columns
constexpr std::size_t kMaxValue = 24;
// Blank columns before each column.
constexpr std::array<std::size_t, kColumns> kGap = {0, 2, 2, 2, 3, 2, 3, 2};

std::string number_cell(const Finding& finding, std::size_t index) {
  if (finding.severity == Severity::Error) return std::to_string(index + 1);
  return finding.severity == Severity::Warning ? "?" : "-";
}

std::string value_cell(const Finding& finding, const SecretMask& mask) {
  const std::string shown = mask.shown(finding);
  // The armour of a PEM block says nothing that the title does not say.
  if (!mask.show_secrets() && shown.starts_with("-----BEGIN ")) return "…";
  return cut_right(shown, kMaxValue);
}

std::string pushed_cell(const Finding& finding, const SecretMask& mask) {
  switch (finding.pushed) {
    case detect::PushState::Never: return "never";
    case detect::PushState::Unknown: return "unknown";
    case detect::PushState::Pushed: break;
  }
  std::vector<std::string> names;
  for (const std::string& remote : finding.remotes) names.push_back(terminal_text(mask.mask_name(remote)));
  return names.empty() ? "yes" : cut_right(join(names, ","), kMaxRemotes);
}

std::string without_scheme(std::string_view url) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (url.starts_with(scheme)) url.remove_prefix(scheme.size());
  }
  if (url.ends_with('/')) url.remove_suffix(1);
  return terminal_text(url);
}

std::string rotate_cell(const Finding& finding, const SecretMask& mask) {
  if (finding.severity == Severity::Warning && !finding.occurrences.empty()) {
    return "look at " + place_line(finding.occurrences.front(), mask, Column::Left);
  }
  if (finding.severity == Severity::Note) return std::string(detect::kind_name(finding.kind));
  if (finding.rule == nullptr) return {};
  if (!finding.rule->rotate_url.empty()) return without_scheme(finding.rule->rotate_url);
  return terminal_text(finding.rule->rotate.empty() ? finding.rule->provider : finding.rule->rotate);
}

Row row_of(const Finding& finding, std::size_t index, const SecretMask& mask) {
  Row row;
  row[Number] = number_cell(finding, index);
  row[Title] = subject_of(finding, mask);
  row[Value] = value_cell(finding, mask);
  row[Since] = finding.since ? date_text(finding.since->time, finding.since->zone_minutes) : "-";
  row[InHead] = !finding.history ? "-" : finding.in_head ? "yes" : "no";
  row[Pushed] = pushed_cell(finding, mask);
  row[Places] = with_spaces(place_count(finding));
  row[RotateAt] = rotate_cell(finding, mask);
  return row;
}

using Widths = std::array<std::size_t, kColumns>;

std::size_t total(const Widths& widths) {
  std::size_t sum = 0;
  for (std::size_t i = 0; i < kColumns; ++i) sum += kGap[i] + widths[i];
  return sum;
}

void shrink(Widths& widths, std::size_t column, std::size_t least, std::size_t room) {
  const std::size_t sum = total(widths);
  if (sum <= room || widths[column] <= least) return;
  widths[column] = std::max(least, widths[column] - std::min(widths[column], sum - room));
}

// What is said elsewhere too gives way first. A terminal too narrow for that wraps the rows.
Widths fit(const std::vector<Row>& rows, std::size_t room) {
  Widths widths = {4, 0, 0, 10, 7, 6, 6, 0};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < kColumns; ++i) widths[i] = std::max(widths[i], display_width(row[i]));
  }
  shrink(widths, RotateAt, 24, room);
  shrink(widths, Title, 16, room);
  shrink(widths, RotateAt, 12, room);
  return widths;
}

std::string draw(const Row& row, const Widths& widths) {
  std::string line;
  for (std::size_t i = 0; i < kColumns; ++i) {
    const bool right = i == Number || i == Places;
    // A place is told by its end, everything else by its beginning.
    const bool is_place = i == RotateAt && row[i].starts_with("look at ");
    const std::string cell = is_place ? cut_left(row[i], widths[i]) : cut_right(row[i], widths[i]);
    line += std::string(kGap[i], ' ') + (right ? pad_left(cell, widths[i]) : pad_right(cell, widths[i]));
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

// "secret" stands over title and value.
std::string draw_head(const Widths& widths) {
  const std::size_t both = widths[Title] + kGap[Value] + widths[Value];
  std::string line = pad_left("#", widths[Number]) + std::string(kGap[Title], ' ') + pad_right("secret", both);
  line += std::string(kGap[Since], ' ') + pad_right("since", widths[Since]);
  line += std::string(kGap[InHead], ' ') + pad_right("in HEAD", widths[InHead]);
  line += std::string(kGap[Pushed], ' ') + pad_right("pushed", widths[Pushed]);
  line += std::string(kGap[Places], ' ') + pad_left("places", widths[Places]);
  return line + std::string(kGap[RotateAt], ' ') + "rotate at\n";
}

}  // namespace

std::string worklist_table(const std::vector<const Finding*>& findings, const Options& options,
                           const SecretMask& mask) {
  if (findings.empty()) return {};
  std::vector<Row> rows;
  for (std::size_t i = 0; i < findings.size(); ++i) rows.push_back(row_of(*findings[i], i, mask));
  const Widths widths = fit(rows, options.width);
  std::string table = draw_head(widths);
  for (const Row& row : rows) table += draw(row, widths);
  return table;
}

}  // namespace tightship::report
