#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>

#include "golden.h"
#include "report/report.h"
#include "sample.h"

namespace tightship::report {
namespace {

using json = nlohmann::json;

Options at_time() {
  Options options;
  options.started = 1762211400;
  options.ended = 1762211402;
  return options;
}

json report_of(const detect::ScanResult& result) { return json::parse(render(result, Format::Gitlab, at_time())); }

detect::ScanResult sample() {
  detect::Finding message = stripe_finding();
  message.occurrences.front().place = detect::Place::CommitMessage;
  message.occurrences.front().path.clear();
  message.occurrences.front().object = oid("8c1d2e3");
  message.occurrences.front().commit = commit();
  detect::ScanResult result = scan_of({stripe_in_history(), pem_finding(), message});
  result.losses = {{LossKind::CorruptObject, "zlib stream ends early", "aa11", "git fsck"}};
  result.loss_count = 4;
  result.remarks = {{detect::Severity::Warning, "the range could not be told", "set GIT_DEPTH: 0"}};
  return result;
}

TEST(Gitlab, IsAsTheGoldenFile) { expect_golden("report.gitlab.json", render(sample(), Format::Gitlab, at_time())); }

// The members that schema 15.0.1 requires, with their patterns.
TEST(Gitlab, HasWhatTheSchemaRequires) {
  const json report = report_of(sample());
  EXPECT_EQ(report["version"], "15.0.1");
  const json& scan = report["scan"];
  for (const char* tool : {"analyzer", "scanner"}) {
    for (const char* member : {"id", "name", "version"}) EXPECT_FALSE(scan[tool][member].get<std::string>().empty());
    EXPECT_FALSE(scan[tool]["vendor"]["name"].get<std::string>().empty());
  }
  EXPECT_EQ(scan["type"], "secret_detection");
  EXPECT_EQ(scan["start_time"], "2025-11-03T23:10:00");
  EXPECT_EQ(scan["end_time"], "2025-11-03T23:10:02");
  for (const json& message : scan["messages"]) {
    EXPECT_TRUE(message["level"] == "info" || message["level"] == "warn");
    EXPECT_FALSE(message["value"].get<std::string>().empty());
  }
  ASSERT_EQ(report["vulnerabilities"].size(), 3u);
  for (const json& found : report["vulnerabilities"]) {
    EXPECT_FALSE(found["id"].get<std::string>().empty());
    EXPECT_LE(found["name"].get<std::string>().size(), 255u);
    EXPECT_FALSE(found["identifiers"][0]["value"].get<std::string>().empty());
    EXPECT_TRUE(std::regex_match(found["location"]["commit"]["sha"].get<std::string>(), std::regex("[0-9a-f]{7,64}")));
  }
}

TEST(Gitlab, PlacesAFinding) {
  const json report = report_of(sample());
  const json& in_file = report["vulnerabilities"][0]["location"];
  EXPECT_EQ(in_file["file"], "api/billing.py");
  EXPECT_EQ(in_file["start_line"], 31);
  EXPECT_EQ(in_file["commit"]["sha"], oid("8c1d2e3").hex());
  const json& block = report["vulnerabilities"][1]["location"];
  EXPECT_EQ(block["end_line"], 27);
  EXPECT_EQ(block["commit"]["sha"], "0000000");
  const json& message = report["vulnerabilities"][2]["location"];
  EXPECT_EQ(message["file"], "commit message of 8c1d2e3");
  EXPECT_FALSE(message.contains("start_line"));
}

TEST(Gitlab, IncompleteIsAFailure) {
  EXPECT_EQ(report_of(sample())["scan"]["status"], "failure");
  const json clean = report_of(scan_of({}));
  EXPECT_EQ(clean["scan"]["status"], "success");
  EXPECT_TRUE(clean["scan"]["messages"].empty());
  EXPECT_EQ(report_of({})["scan"]["messages"][0]["value"], "nothing was scanned");
}

TEST(Gitlab, DescriptionsAreText) {
  detect::Finding finding = stripe_finding();
  finding.why = "![x](http://example.com/y) @ana <script>";
  const std::string text = report_of(scan_of({finding}))["vulnerabilities"][0]["description"];
  EXPECT_NE(text.find("\\!\\[x\\](http\\://example.com/y) \\@ana \\<script\\>"), std::string::npos) << text;
}

TEST(Gitlab, CutsNoCharacterInTwo) {
  detect::Rule rule = stripe_rule();
  std::string title(254, 'a');
  title += "\xe5\xaf\x86";
  rule.title = title;
  detect::Finding finding = stripe_finding();
  finding.rule = &rule;
  EXPECT_EQ(report_of(scan_of({finding}))["vulnerabilities"][0]["name"], std::string(254, 'a'));
}

}  // namespace
}  // namespace tightship::report
