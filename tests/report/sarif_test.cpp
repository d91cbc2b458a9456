#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "golden.h"
#include "report/report.h"
#include "report/sarif_value.h"
#include "sample.h"

namespace tightship::report {
namespace {

using json = nlohmann::json;

json run_of(const detect::ScanResult& result, const Options& options = {}) {
  const json log = json::parse(render(result, Format::Sarif, options));
  EXPECT_EQ(log["version"], "2.1.0");
  EXPECT_EQ(log["runs"].size(), 1u);
  return log["runs"][0];
}

detect::ScanResult sample() {
  detect::Finding message = stripe_finding();
  message.occurrences.front().place = detect::Place::CommitMessage;
  message.occurrences.front().path.clear();
  message.occurrences.front().object = oid("8c1d2e3");
  detect::ScanResult result = scan_of({stripe_in_history(), pem_finding(), message});
  result.losses = {{LossKind::CorruptObject, "zlib stream ends early", "aa11", "git fsck"}};
  result.loss_count = 4;
  return result;
}

TEST(Sarif, IsAsTheGoldenFile) { expect_golden("report.sarif", render(sample(), Format::Sarif, {})); }

TEST(Sarif, ResultsReferToTheRulesThatOccur) {
  const json run = run_of(sample());
  const json& rules_json = run["tool"]["driver"]["rules"];
  ASSERT_EQ(rules_json.size(), 2u);
  EXPECT_EQ(rules_json[0]["name"], "StripeSecretKey");
  EXPECT_EQ(rules_json[0]["defaultConfiguration"]["level"], "error");
  EXPECT_EQ(rules_json[0]["helpUri"], "https://dashboard.stripe.com/apikeys");
  ASSERT_EQ(run["results"].size(), 3u);
  for (const json& result : run["results"]) {
    EXPECT_EQ(rules_json[result["ruleIndex"].get<std::size_t>()]["id"], result["ruleId"]);
    EXPECT_FALSE(result["message"]["text"].get<std::string>().empty());
    EXPECT_GE(result["locations"].size(), 1u);
    EXPECT_TRUE(result["partialFingerprints"].contains("tightship/v1"));
  }
}

// Code scanning follows alerts by them: the value alone decides, not the line.
TEST(Sarif, FingerprintsSurviveAMove) {
  detect::Finding moved = stripe_finding();
  moved.occurrences.front().position.line = 99;
  moved.occurrences.front().path = "src/billing.py";
  const auto prints = [](const detect::Finding& finding) {
    return run_of(scan_of({finding}))["results"][0]["partialFingerprints"];
  };
  EXPECT_EQ(prints(stripe_finding()), prints(moved));
  EXPECT_EQ(prints(moved), json({{"tightship/v1", moved.fingerprint}}));
  detect::Finding gone = stripe_in_history();
  gone.occurrences.erase(gone.occurrences.begin());
  EXPECT_EQ(prints(gone)["primaryLocationLineHash"], gone.fingerprint + ":1");
  EXPECT_FALSE(prints(stripe_in_history()).contains("primaryLocationLineHash"));
}

TEST(Sarif, PlacesTheSecret) {
  const json run = run_of(sample());
  const json& first = run["results"][0];
  const json& location = first["locations"][0]["physicalLocation"];
  EXPECT_EQ(location["artifactLocation"]["uri"], "api/billing.py");
  EXPECT_EQ(location["artifactLocation"]["uriBaseId"], "%SRCROOT%");
  EXPECT_EQ(location["region"]["startLine"], 31);
  EXPECT_EQ(location["region"]["startColumn"], 19);
  EXPECT_EQ(location["region"]["endColumn"], 19 + static_cast<int>(stripe_key().size()));
  EXPECT_EQ(location["region"]["snippet"]["text"], "sk_live_…Qw8z");
  EXPECT_EQ(location["contextRegion"]["snippet"]["text"], "stripe.api_key = \"sk_live_…Qw8z\"");
  EXPECT_EQ(first["locations"].size(), 2u);
  const json& pem = run["results"][1]["locations"][0]["physicalLocation"];
  EXPECT_EQ(pem["region"]["endLine"], 27);
  EXPECT_FALSE(pem.contains("contextRegion"));
  const json& message = run["results"][2]["locations"][0];
  EXPECT_FALSE(message.contains("physicalLocation"));
  EXPECT_EQ(message["logicalLocations"][0]["kind"], "commit-message");
}

TEST(Sarif, CountsColumnsInCharacters) {
  const std::string key = stripe_key();
  const detect::Finding finding = finding_of(rules().stripe, key, occurrence_in(key, "密钥 é = ", ""));
  const json region = run_of(scan_of({finding}))["results"][0]["locations"][0]["physicalLocation"]["region"];
  EXPECT_EQ(region["startColumn"], 8);
  EXPECT_EQ(region["endColumn"], 8 + static_cast<int>(key.size()));
  detect::Finding cut = finding;
  cut.occurrences.front().excerpt->cut_left = true;
  const json bytes = run_of(scan_of({cut}))["results"][0]["locations"][0]["physicalLocation"]["region"];
  EXPECT_EQ(bytes["startColumn"], 13);
}

TEST(Sarif, SaysWhetherTheRunWasComplete) {
  const json broken = run_of(sample())["invocations"][0];
  EXPECT_EQ(broken["executionSuccessful"], false);
  ASSERT_EQ(broken["toolExecutionNotifications"].size(), 2u);
  EXPECT_EQ(broken["toolExecutionNotifications"][0]["descriptor"]["id"], "corrupt-object");
  EXPECT_EQ(broken["toolExecutionNotifications"][1]["message"]["text"], "3 more pieces could not be read");
  const json whole = run_of(scan_of({}))["invocations"][0];
  EXPECT_EQ(whole["executionSuccessful"], true);
  EXPECT_TRUE(whole["toolExecutionNotifications"].empty());
}

TEST(Sarif, LeavesNotesOutUntilAsked) {
  detect::Finding note = stripe_finding();
  note.severity = detect::Severity::Note;
  EXPECT_TRUE(run_of(scan_of({note}))["results"].empty());
  Options options;
  options.show_notes = true;
  EXPECT_EQ(run_of(scan_of({note}), options)["results"][0]["level"], "note");
}

TEST(Sarif, BoundsLocations) {
  detect::Finding finding = stripe_finding();
  finding.occurrences.resize(300, finding.occurrences.front());
  const json result = run_of(scan_of({finding}))["results"][0];
  EXPECT_EQ(result["locations"].size(), 100u);
  EXPECT_EQ(result["properties"]["occurrenceCount"], 300);
}

TEST(PercentEncode, LeavesOnlyUnreservedBytes) {
  EXPECT_EQ(percent_encode("a/b-c_d.e~f"), "a/b-c_d.e~f");
  EXPECT_EQ(percent_encode("c:\\a b?#%"), "c%3A%5Ca%20b%3F%23%25");
  EXPECT_EQ(percent_encode("\xe9\n密"), "%E9%0A%E5%AF%86");
}

TEST(SarifMessage, HoldsNoLinkOfTheRepository) {
  EXPECT_EQ(sarif_message("a[0](x)").at("text"), "a\\[0\\](x)");
  EXPECT_EQ(sarif_message("a[0] (x)").at("text"), "a[0] (x)");
}

}  // namespace
}  // namespace tightship::report
