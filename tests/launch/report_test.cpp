#include "launch/report.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/terminal_text.h"
#include "report/golden.h"
#include "sample.h"

namespace tightship::launch {
namespace {

using detect::RiskClass;
using detect::Severity;

constexpr Format kFormats[] = {Format::Text, Format::Json, Format::Sarif, Format::Markdown, Format::Html};

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

TEST(LaunchReport, TextIsAsTheGoldenFile) {
  report::expect_golden("launch.txt", render(sample_report(), Format::Text, {}));
}
TEST(LaunchReport, MarkdownIsAsTheGoldenFile) {
  report::expect_golden("launch.md", render(sample_report(), Format::Markdown, {}));
}
TEST(LaunchReport, HtmlIsAsTheGoldenFile) {
  report::expect_golden("launch.html", render(sample_report(), Format::Html, {}));
}
TEST(LaunchReport, JsonIsAsTheGoldenFile) {
  report::expect_golden("launch.json", render(sample_report(), Format::Json, {}));
}
TEST(LaunchReport, SarifIsAsTheGoldenFile) {
  report::expect_golden("launch.sarif", render(sample_report(), Format::Sarif, {}));
}

Report large_report() {
  Report report = sample_report();
  std::vector<readiness::Problem> problems;
  for (int i = 0; i < 300; ++i) {
    auto p =
        problem("X", "config", static_cast<RiskClass>(i % 3), Severity::Error,
                "a title of some length number " + std::to_string(i), "a/long/path/to/some/file/" + std::to_string(i));
    p.why = std::string(300, 'w');
    p.fix = std::string(300, 'f');
    problems.push_back(std::move(p));
  }
  report.rows = rows_of(std::move(problems));
  report.losses.assign(50, {LossKind::UnreadableFile, "permission denied", "a file", ""});
  report.loss_count = 60;
  return report;
}

TEST(LaunchReport, IsOneScreenHoweverMuchThereIs) {
  for (const unsigned width : {80u, 100u, 200u}) {
    Options options;
    options.width = width;
    const auto lines = lines_of(render(large_report(), Format::Text, options));
    EXPECT_LE(lines.size(), kScreenLines) << width;
    for (const std::string& line : lines) EXPECT_LE(display_width(line), width) << line;
  }
}

TEST(LaunchReport, WhatDoesNotFitIsCounted) {
  const std::string text = render(large_report(), Format::Text, {});
  std::size_t shown = 0, more = 0;
  for (const std::string& line : lines_of(text)) {
    if (holds(line, "A title of some length number")) {
      for (std::size_t at = 0; (at = line.find("number ", at)) != std::string::npos; ++at) ++shown;
    }
    if (line.starts_with("   and ")) more += std::stoul(line.substr(7));
  }
  EXPECT_EQ(shown + more, 300u) << text;
  EXPECT_TRUE(holds(text, "Not read: 57 more"));
  EXPECT_TRUE(holds(text, "Not checked:"));
}

TEST(LaunchReport, AllShowsEveryRow) {
  Options options;
  options.all = true;
  const std::string text = render(large_report(), Format::Text, options);
  for (int i = 0; i < 300; ++i) EXPECT_TRUE(holds(text, "number " + std::to_string(i))) << i;
  EXPECT_TRUE(holds(render(sample_report(), Format::Text, options), "Short TTL"));
  EXPECT_FALSE(holds(render(sample_report(), Format::Text, {}), "Short TTL"));
}

struct VerdictCase {
  const char* name;
  std::vector<readiness::Problem> problems;
  std::uint64_t losses;
  const char* words;
};
class Verdict : public testing::TestWithParam<VerdictCase> {};

TEST_P(Verdict, SaysNoMoreThanIsKnown) {
  Report report;
  report.rows = rows_of(GetParam().problems);
  report.loss_count = GetParam().losses;
  for (const Format format : {Format::Text, Format::Markdown, Format::Html}) {
    EXPECT_TRUE(holds(render(report, format, {}), GetParam().words)) << render(report, format, {});
  }
  const auto json = nlohmann::json::parse(render(report, Format::Json, {}));
  EXPECT_EQ(json["ready"], std::string(GetParam().words).starts_with("no "));
}

const readiness::Problem kBlocker = problem("A", "env", RiskClass::LaunchBlocker, Severity::Error, "t", "p");
const readiness::Problem kDoubt = problem("A", "env", RiskClass::LaunchBlocker, Severity::Warning, "t", "p");
const readiness::Problem kNote = problem("A", "env", RiskClass::LaunchBlocker, Severity::Note, "t", "p");
INSTANTIATE_TEST_SUITE_P(
    All, Verdict,
    testing::Values(VerdictCase{"Blocked", {kBlocker, kDoubt}, 0, "NOT READY: 1 launch blocker, 1 conversion blocker"},
                    VerdictCase{"BlockedAndIncomplete", {kBlocker}, 2, "NOT READY: 1 launch blocker"},
                    VerdictCase{"Incomplete", {}, 2, "NOT KNOWN: 2 pieces could not be read"},
                    VerdictCase{"Doubt", {kDoubt, kNote}, 0, "no launch blockers: 1 conversion blocker"},
                    VerdictCase{"Clean", {kNote}, 0, "no problems found in what was checked"}),
    [](const auto& row) { return row.param.name; });

Report hostile_report() {
  const std::string evil =
      "\x1b[2J</style></title><script>alert(1)</script><img src=http://x/>'\"`]()@all\n::error::\xff\xe2\x80\xae";
  Report report = sample_report();
  for (Row& row : report.rows) {
    readiness::Problem& p = row.head;
    p.title = p.why = p.breaks = p.fix = p.subject = evil;
    p.commands = {evil};
    p.spots = {{evil, 1, 1}, {evil, 2, 2}};
    row.rest.clear();
  }
  report.subject = report.repository = evil;
  report.passed = {{"X", evil}};
  report.not_checked = report.limits = {evil};
  for (Section& section : report.sections) section.coverage = evil;
  report.hosts = {{evil, evil, evil, evil, evil, evil, 1}};
  report.env_files = {evil, evil};
  for (Variable& variable : report.variables) variable.name = evil;
  report.losses = {{LossKind::UnreadableFile, evil, evil, evil}};
  report.loss_count = 1;
  return report;
}

TEST(LaunchReport, NothingForeignIsMoreThanText) {
  Options all;
  all.all = all.list_passed = true;
  for (const Format format : kFormats) {
    const std::string text = render(hostile_report(), format, all);
    EXPECT_FALSE(holds(text, "\x1b") || holds(text, "\xff") || holds(text, "\xe2\x80\xae")) << static_cast<int>(format);
    if (format == Format::Json || format == Format::Sarif) {
      EXPECT_TRUE(nlohmann::json::accept(text));
      continue;
    }
    if (format == Format::Text) continue;
    // In HTML, and inside <code>, all of them are entities; elsewhere in Markdown a backslash goes before.
    for (const std::string_view part : {"<script", "<img", "@all"}) {
      for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
        EXPECT_EQ(format, Format::Markdown) << part;
        EXPECT_EQ(text[at - 1], '\\') << part;
      }
    }
  }
}

TEST(LaunchReport, HtmlAsksNothingOfAnybody) {
  const std::string text = render(hostile_report(), Format::Html, {});
  for (const std::string_view part : {"<script", "<link", "<img", "<iframe", "<a ", "<object", "@import", "url("}) {
    EXPECT_FALSE(holds(text, part)) << part;
  }
  EXPECT_TRUE(holds(text, "default-src 'none'"));
}

TEST(LaunchReport, ALongListIsCutWhereAPullRequestHoldsIt) {
  Report report = large_report();
  for (Row& row : report.rows) row.head.why = std::string(2000, 'w');
  const std::string text = render(report, Format::Markdown, {});
  EXPECT_LT(text.size(), 65'536u);
  EXPECT_TRUE(holds(text, "The list is cut here"));
  EXPECT_TRUE(holds(text, "Not checked:"));
}

}  // namespace
}  // namespace tightship::launch
