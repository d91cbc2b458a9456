#include "report/problems.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "golden.h"

namespace tightship::report {
namespace {

using readiness::Problem;
using readiness::Report;

Problem tracked() {
  Problem p;
  p.id = "ENV-TRACKED";
  p.source = "env";
  p.severity = detect::Severity::Error;
  p.risk_class = detect::RiskClass::LaunchBlocker;
  p.exposure = readiness::Exposure::PrivateRepository;
  p.title = ".env is tracked by git";
  p.why = "it holds 3 secrets: DATABASE_URL, STRIPE_SECRET_KEY and SESSION_SECRET";
  p.breaks = "everyone who can read the repository can charge cards and read the database";
  p.fix = "stop tracking it, then replace the three values";
  p.commands = {"git rm --cached .env", "echo .env >> .gitignore"};
  p.minutes = 20;
  p.subject = ".env";
  p.spots = {{".env", 4, 1}, {"apps/web/.env", 2, 1}};
  return p;
}

Problem dmarc() {
  Problem p;
  p.id = "DMARC-PRESENT";
  p.source = "dns";
  p.severity = detect::Severity::Warning;
  p.risk_class = detect::RiskClass::ConversionBlocker;
  p.exposure = readiness::Exposure::Web;
  p.title = "your e-mails may be rejected";
  p.why = "there is no DMARC record";
  p.subject = "example.com";
  p.spots = {{"_dmarc.example.com", 0, 0}};
  return p;
}

Problem quiet() {
  Problem p = dmarc();
  p.id = "DNS-TTL";
  p.severity = detect::Severity::Note;
  p.risk_class = detect::RiskClass::ScaleRisk;
  p.title = "records live long in caches";
  return p;
}

Report sample() {
  Report report;
  report.command = "env";
  report.subject = ".";
  report.problems = {tracked(), dmarc(), quiet()};
  report.passed = {{"ENV-PERM", ".env: mode 0600"}};
  report.not_checked = {"signup and password reset"};
  report.losses = {{LossKind::UnreadableFile, "permission denied", "secret/.env", "sudo chown $USER secret/.env"}};
  report.loss_count = 3;
  report.coverage = "2 files, 17 variables";
  return report;
}

constexpr Format kFormats[] = {Format::Text,  Format::Concise, Format::Json, Format::Jsonl,
                               Format::Sarif, Format::Github,  Format::Junit};

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST(Problems, TextIsAsTheGoldenFile) { expect_golden("problems.txt", render(sample(), Format::Text, {})); }
TEST(Problems, SarifIsAsTheGoldenFile) { expect_golden("problems.sarif", render(sample(), Format::Sarif, {})); }
TEST(Problems, JsonIsAsTheGoldenFile) { expect_golden("problems.json", render(sample(), Format::Json, {})); }
TEST(Problems, GithubIsAsTheGoldenFile) { expect_golden("problems.github", render(sample(), Format::Github, {})); }
TEST(Problems, JunitIsAsTheGoldenFile) { expect_golden("problems.junit.xml", render(sample(), Format::Junit, {})); }

TEST(Problems, SummarySaysWhatWasReadAndWhatWasNot) {
  EXPECT_EQ(render_summary(sample(), {}),
            "warning: secret/.env: permission denied\n"
            "help: sudo chown $USER secret/.env\n"
            "warning: and 2 more\n"
            "env: 2 files, 17 variables; 1 launch blocker, 1 conversion blocker (1 note: -v shows them); incomplete: "
            "see the warnings above\n");
  Report clean;
  clean.command = "env";
  EXPECT_EQ(render_summary(clean, {}), "env: no problems\n");
}

TEST(Problems, NotesAreForThoseWhoAsk) {
  Options all;
  all.show_notes = true;
  for (const Format format : kFormats) {
    EXPECT_TRUE(holds(render(sample(), format, all), "records live long")) << static_cast<int>(format);
    const bool machine = format == Format::Json || format == Format::Jsonl;
    EXPECT_EQ(holds(render(sample(), format, {}), "records live long"), machine) << static_cast<int>(format);
  }
}

// Names come from repositories and servers.
TEST(Problems, NothingForeignMovesATerminal) {
  Report report = sample();
  const std::string evil = "a\x1b]0;x\x07\n::error::<script>\xff\xe2\x80\xae";
  Problem& p = report.problems.front();
  p.title = p.why = p.breaks = p.fix = p.subject = evil;
  p.commands = {evil};
  p.spots = {{evil, 1, 1}, {evil, 0, 0}};
  report.subject = report.coverage = evil;
  report.passed = {{"X", evil}};
  report.losses.front().what = report.losses.front().where = report.losses.front().help = evil;
  for (const Format format : kFormats) {
    const std::string text = render(report, format, {});
    EXPECT_FALSE(holds(text, "\x1b") || holds(text, "\x07") || holds(text, "\xff") || holds(text, "\xe2\x80\xae"))
        << static_cast<int>(format);
    EXPECT_FALSE(holds(text, "\n::error::<script>")) << static_cast<int>(format);
  }
  EXPECT_FALSE(holds(render_summary(report, {}), "\x1b"));
  EXPECT_FALSE(holds(render(report, Format::Junit, {}), "<script>"));
}

TEST(Problems, JsonKeepsBytesThatAreNoText) {
  Report report = sample();
  report.problems.front().spots.front().path = "a\xff";
  const auto json = nlohmann::json::parse(render(report, Format::Json, {}));
  EXPECT_EQ(json["problems"][0]["spots"][0]["path_base64"], "Yf8=");
  for (const std::string_view line : {"problem", "report"}) {
    EXPECT_TRUE(holds(render(report, Format::Jsonl, {}), "{\"type\":\"" + std::string(line) + "\"")) << line;
  }
}

}  // namespace
}  // namespace tightship::report
