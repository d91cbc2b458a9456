#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "scan/content_scanner.h"
#include "support/small_rules.h"

namespace tightship::scan {
namespace {

using test::live_key;
using test::small_rules;
using test::test_key;

Hit hit_of(const std::string& content) { return ContentScanner(small_rules()).scan(as_bytes(content), "").at(0); }

detect::Occurrence at(const std::string& path) {
  detect::Occurrence where;
  where.path = path;
  return where;
}

TEST(FindingSet, JoinsPlacesOfOneSecret) {
  FindingSet set(small_rules());
  set.add(hit_of("\n" + live_key(1)), at("b"));
  set.add(hit_of(live_key(1)), at("b"));
  set.add(hit_of(live_key(1)), at("a"));
  const auto findings = set.take();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].secret, live_key(1));
  EXPECT_EQ(findings[0].occurrence_count, 3U);
  ASSERT_EQ(findings[0].occurrences.size(), 3U);
  EXPECT_EQ(findings[0].occurrences[0].path, "a");
  EXPECT_EQ(findings[0].occurrences[1].position.line, 1U);
  EXPECT_EQ(findings[0].occurrences[2].position.line, 2U);
}

TEST(FindingSet, CountsAPlaceOnce) {
  FindingSet set(small_rules());
  for (int i = 0; i < 3; ++i) set.add(hit_of(live_key(1)), at("a"));
  detect::Occurrence name = at("a");
  name.place = detect::Place::FileName;
  set.add(hit_of(live_key(1)), name);
  const auto findings = set.take();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].occurrence_count, 2U);
}

TEST(FindingSet, SaysWhatTheRuleSays) {
  FindingSet set(small_rules());
  set.add(hit_of(test_key(1)), at("a"));
  const auto findings = set.take();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].rule->id, "ship-test-key");
  EXPECT_EQ(findings[0].severity, detect::Severity::Note);
  EXPECT_EQ(findings[0].kind, detect::Kind::Test);
  EXPECT_EQ(findings[0].why, "format valid, test");
  EXPECT_EQ(findings[0].fingerprint, detect::fingerprint("ship-test-key", test_key(1)));
}

TEST(FindingSet, SortsBySeverityThenPlace) {
  FindingSet set(small_rules());
  set.add(hit_of(test_key(1)), at("a"));
  set.add(hit_of(live_key(1)), at("z"));
  set.add(hit_of("\n" + live_key(2)), at("b"));
  set.add(hit_of(live_key(3)), at("b"));
  std::vector<std::string> order;
  for (const auto& finding : set.take()) order.push_back(finding.secret);
  EXPECT_EQ(order, (std::vector<std::string>{live_key(3), live_key(2), live_key(1), test_key(1)}));
}

TEST(FindingSet, PutsHeadFirst) {
  FindingSet set(small_rules());
  set.add(hit_of(live_key(1)), at("a"));
  detect::Occurrence head = at("z");
  head.in_head = true;
  set.add(hit_of(live_key(1)), head);
  EXPECT_EQ(set.take().at(0).occurrences.at(0).path, "z");
}

TEST(FindingSet, KeepsABoundedNumberAndCountsAll) {
  FindingSet set(small_rules());
  const Hit hit = hit_of(live_key(1));
  const std::size_t all = FindingSet::kMaxOccurrences + 50;
  for (std::size_t i = 0; i < all; ++i) set.add(hit, at(std::to_string(i)));
  const auto findings = set.take();
  EXPECT_EQ(findings.at(0).occurrences.size(), FindingSet::kMaxOccurrences);
  EXPECT_EQ(findings.at(0).occurrence_count, all);
}

TEST(FindingSet, DoesNotDependOnTheOrderOfAdding) {
  const std::vector<std::string> contents = {live_key(1), "x " + live_key(1), test_key(2), live_key(3)};
  const auto answer = [&](bool reverse) {
    FindingSet set(small_rules());
    for (std::size_t i = 0; i < contents.size(); ++i) {
      const std::size_t which = reverse ? contents.size() - 1 - i : i;
      set.add(hit_of(contents[which]), at("p" + std::to_string(which)));
    }
    std::string text;
    for (const auto& finding : set.take()) {
      text += finding.fingerprint;
      for (const auto& where : finding.occurrences)
        text += " " + where.path + ":" + std::to_string(where.position.column);
    }
    return text;
  };
  EXPECT_EQ(answer(false), answer(true));
}

detect::Finding only_finding(const std::string& text) {
  const detect::RuleSet& rules = detect::RuleSet::builtin();
  FindingSet set(rules);
  for (const Hit& hit : ContentScanner(rules).scan(as_bytes(text), detect::kNoFile)) set.add(hit, at("a"));
  auto findings = set.take();
  EXPECT_EQ(findings.size(), 1U);
  return findings.empty() ? detect::Finding{} : findings[0];
}

std::string pair_with(const std::string& key_id) {
  return *detect::expand_template("aws_access_key_id = " + key_id + "\naws_secret_access_key = {base64:40}\n", 1);
}

TEST(FindingSet, TellsThePartsOfOneCredential) {
  const std::string text = pair_with("AKIAY{base32:15}");
  const detect::Finding finding = only_finding(text);
  EXPECT_EQ(finding.rule->id, "aws-secret-access-key");
  EXPECT_NE(finding.why.find("with its key id"), std::string::npos) << finding.why;
  ASSERT_EQ(finding.facts.size(), 2U);
  EXPECT_EQ(finding.facts[0].name, "key id");
  EXPECT_EQ(finding.facts[0].value, text.substr(20, 20));
  EXPECT_EQ(finding.facts[1].name, "account");
}

}  // namespace
}  // namespace tightship::scan
