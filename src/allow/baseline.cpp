#include "allow/baseline.h"

#include <fmt/format.h>

#include <algorithm>

#include "allow/lines.h"

namespace tightship::allow {
namespace {

constexpr std::string_view kHead = "# tightship baseline 1: ";
constexpr std::string_view kWorkTree = "work tree", kHistory = "history";
constexpr std::string_view kPreface =
    "# One line a secret: id, rule, a path where it stood. Not the place but the id counts; order and doubled\n"
    "# lines do not matter. tightship baseline update drops what is gone.\n";

bool by_id(const BaselineEntry& a, const BaselineEntry& b) { return a.id < b.id; }

void sort_and_unite(std::vector<BaselineEntry>& entries) {
  std::stable_sort(entries.begin(), entries.end(), by_id);
  const auto same = [](const BaselineEntry& a, const BaselineEntry& b) { return a.id == b.id; };
  entries.erase(std::unique(entries.begin(), entries.end(), same), entries.end());
}

void read_head(std::string_view line, std::uint32_t number, Baseline& baseline) {
  if (!line.starts_with(kHead)) return;
  const std::string_view extent = line.substr(kHead.size());
  if (extent == kHistory) baseline.extent = Extent::History;
  if (extent == kHistory || extent == kWorkTree) return;
  add_problem(baseline.source, {detect::Severity::Error,
                                "the baseline was made from something unknown",
                                "want work tree or history",
                                "",
                                {number, kHead.size() + 1, 1},
                                {}});
}

// The word that `rest` begins with, which is taken off together with one space.
std::string_view take_word(std::string_view& rest) {
  const std::size_t end = std::min(rest.find(' '), rest.size());
  const std::string_view word = rest.substr(0, end);
  rest.remove_prefix(std::min(rest.size(), end + 1));
  return word;
}

void read_line(std::string_view line, std::uint32_t number, Baseline& baseline) {
  std::string_view rest = line;
  BaselineEntry entry;
  entry.id = take_word(rest);
  if (!is_id(entry.id)) {
    const bool conflict = is_conflict_marker(line);
    // The line is not shown: it may be anything, a secret too.
    return add_problem(baseline.source,
                       {detect::Severity::Error,
                        conflict ? "the baseline has an unsolved merge conflict" : "a line does not begin with an id",
                        conflict ? "take the lines of both sides, remove this one" : "want 16 hexadecimal digits",
                        conflict ? "then run: tightship baseline update" : "",
                        {number, 1, 1},
                        "(not shown)"});
  }
  if (baseline.entries.size() >= kMaxEntries) {
    return add_problem(baseline.source, {detect::Severity::Error,
                                         "there are too many entries",
                                         fmt::format("the limit is {}", kMaxEntries),
                                         "",
                                         {number, 1, 1},
                                         {}});
  }
  entry.rule = take_word(rest);
  entry.hint = rest;
  entry.line = number;
  baseline.entries.push_back(std::move(entry));
}

std::string one_line(std::string_view text) {
  std::string out(text);
  std::erase_if(out, [](char c) { return c == '\n' || c == '\r'; });
  return out;
}

}  // namespace

const BaselineEntry* Baseline::find(std::string_view id) const {
  const auto at = std::lower_bound(entries.begin(), entries.end(), id,
                                   [](const BaselineEntry& e, std::string_view wanted) { return e.id < wanted; });
  return at != entries.end() && at->id == id ? &*at : nullptr;
}

Baseline parse_baseline(std::string text, std::string path) {
  Baseline baseline;
  baseline.source.path = std::move(path);
  baseline.source.text = std::move(text);
  each_line(baseline.source.text, [&](std::string_view line, std::uint32_t number) {
    if (line.starts_with('#')) return read_head(line, number, baseline);
    if (line.find_first_not_of(" \t") != std::string_view::npos) read_line(line, number, baseline);
  });
  sort_and_unite(baseline.entries);
  return baseline;
}

std::string baseline_text(Extent extent, const std::vector<BaselineEntry>& entries) {
  std::vector<BaselineEntry> sorted = entries;
  sort_and_unite(sorted);
  std::string text(kHead);
  text += extent == Extent::History ? kHistory : kWorkTree;
  text += '\n';
  text += kPreface;
  for (const BaselineEntry& entry : sorted) {
    text += fmt::format("{} {} {}\n", entry.id, one_line(entry.rule), one_line(entry.hint));
  }
  return text;
}

BaselineUpdate update_baseline(const Baseline& old, std::vector<BaselineEntry> found) {
  sort_and_unite(found);
  BaselineUpdate update;
  std::set_difference(found.begin(), found.end(), old.entries.begin(), old.entries.end(),
                      std::back_inserter(update.added), by_id);
  std::set_difference(old.entries.begin(), old.entries.end(), found.begin(), found.end(),
                      std::back_inserter(update.gone), by_id);
  std::set_intersection(old.entries.begin(), old.entries.end(), found.begin(), found.end(),
                        std::back_inserter(update.entries), by_id);
  update.entries.insert(update.entries.end(), update.added.begin(), update.added.end());
  std::sort(update.entries.begin(), update.entries.end(), by_id);
  return update;
}

}  // namespace tightship::allow
