#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "golden.h"
#include "report/report.h"
#include "sample.h"

namespace tightship::report {
namespace {

using nlohmann::json;

detect::ScanResult sample() {
  detect::ScanResult result = scan_of({stripe_in_history(), pem_finding()});
  result.coverage.skipped = {{"over 1 GiB", 2, 400}};
  result.losses = {{LossKind::CorruptObject, "zlib stream ends early", "aa11", "git fsck"}};
  result.loss_count = 4;
  result.remarks = {{detect::Severity::Warning, "repository rules took part", ""}};
  return result;
}

TEST(Json, IsAsTheGoldenFile) {
  expect_golden("report.json", render(sample(), Format::Json, {}));
  expect_golden("report.jsonl", render(sample(), Format::Jsonl, {}));
}

TEST(Json, HasWhatAFindingHas) {
  const json report = json::parse(render(sample(), Format::Json, {}));
  EXPECT_EQ(report["schema_version"], 1);
  EXPECT_EQ(report["tool"]["name"], "tightship");
  EXPECT_EQ(report["complete"], false);
  EXPECT_EQ(report["loss_count"], 4);
  EXPECT_EQ(report["losses"].size(), 1u);
  EXPECT_EQ(report["counts"]["error"], 2);
  ASSERT_EQ(report["findings"].size(), 2u);
  const json& finding = report["findings"][0];
  EXPECT_EQ(finding["rule"], "stripe-secret-key");
  EXPECT_EQ(finding["redacted"], "sk_live_…Qw8z");
  EXPECT_FALSE(finding.contains("secret"));
  EXPECT_EQ(finding["since"]["time"], "2025-11-03T22:10:00-01:00");
  EXPECT_EQ(finding["in_head"], true);
  EXPECT_EQ(finding["occurrence_count"], 3);
  ASSERT_EQ(finding["occurrences"].size(), 2u);
  EXPECT_EQ(finding["occurrences"][0]["place"], "file");
  EXPECT_EQ(finding["occurrences"][0]["position"]["column"], 19);
  const json& excerpt = finding["occurrences"][0]["excerpt"];
  const std::string text = excerpt["text"];
  EXPECT_EQ(text.substr(excerpt["begin"], excerpt["end"].get<std::size_t>() - excerpt["begin"].get<std::size_t>()),
            "sk_live_…Qw8z");
}

TEST(Json, KeepsBytesThatAreNoUtf8) {
  detect::Finding finding = stripe_finding();
  finding.occurrences.front().path = "caf\xe9.py";
  const json report = json::parse(render(scan_of({finding}), Format::Json, {}));
  const json& occurrence = report["findings"][0]["occurrences"][0];
  EXPECT_EQ(occurrence["path"], "caf\uFFFD.py");
  EXPECT_EQ(occurrence["path_base64"], "Y2Fm6S5weQ==");
}

TEST(Json, IsAsciiWhateverTheRepositoryHolds) {
  detect::Finding finding = stripe_in_history();
  finding.since->subject = "\x1b[2J\x7f\u009b\u202e\xff\n";
  finding.occurrences.front().path = finding.since->subject;
  finding.occurrences.front().excerpt->text += finding.since->subject;
  for (const Format format : {Format::Json, Format::Jsonl, Format::Sarif}) {
    for (const char c : render(scan_of({finding}), format, {})) {
      ASSERT_TRUE(c == '\n' || (c >= 0x20 && c < 0x7f)) << static_cast<int>(c);
    }
  }
}

TEST(Json, HasTheSecretOnlyWhenAsked) {
  Options options;
  options.show_secrets = true;
  const json report = json::parse(render(scan_of({stripe_finding()}), Format::Json, options));
  EXPECT_EQ(report["findings"][0]["secret"], stripe_key());
  EXPECT_EQ(report["findings"][0]["redacted"], "sk_live_…Qw8z");
}

TEST(Jsonl, IsOneFindingALineAndASummary) {
  std::istringstream lines(render(sample(), Format::Jsonl, {}));
  std::vector<json> parsed;
  for (std::string line; std::getline(lines, line);) parsed.push_back(json::parse(line));
  ASSERT_EQ(parsed.size(), 3u);
  EXPECT_EQ(parsed[0]["type"], "finding");
  EXPECT_EQ(parsed[0]["fingerprint"], "5d0c9a3e71b2f640");
  EXPECT_EQ(parsed[2]["type"], "summary");
  EXPECT_EQ(parsed[2]["loss_count"], 4);
  EXPECT_FALSE(parsed[2].contains("findings"));
}

}  // namespace
}  // namespace tightship::report
