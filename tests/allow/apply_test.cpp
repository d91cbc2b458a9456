#include <gtest/gtest.h>
#include <unistd.h>

#include <map>

#include "allow/allowances.h"
#include "detect/detector.h"
#include "support/git_fixture.h"

namespace tightship::allow {
namespace {

using detect::Finding;
using detect::Occurrence;
using detect::Place;
using detect::ScanResult;

const detect::Rule& rule(std::string_view id) {
  static std::map<std::string, detect::Rule> rules;
  detect::Rule& made = rules[std::string(id)];
  made.id = rules.find(std::string(id))->first;
  return made;
}

Occurrence at(std::string path, std::uint32_t line, Place place = Place::File) {
  Occurrence made;
  made.path = std::move(path);
  made.position.line = line;
  made.place = place;
  return made;
}

Finding finding(std::string secret, std::vector<Occurrence> places, std::string_view rule_id = "acme-token") {
  Finding made;
  made.rule = &rule(rule_id);
  made.secret = std::move(secret);
  made.fingerprint = detect::fingerprint(rule_id, made.secret);
  made.occurrences = std::move(places);
  made.occurrence_count = made.occurrences.size();
  return made;
}

ScanResult result_of(std::vector<Finding> findings) {
  ScanResult result;
  result.findings = std::move(findings);
  return result;
}

AllowFile allow_file(const std::vector<std::pair<std::string, std::string>>& ids, std::string folder = {}) {
  std::string text = "[allow]\n";
  for (const auto& [id, more] : ids) text += id + " = { reason = \"x\"" + more + " }\n";
  return parse_allow_file(text, folder + "allow.toml", folder);
}

ApplyOptions on(std::string_view day, Covered covered = Covered::Part) {
  ApplyOptions options;
  options.now = *parse_day(day);
  options.covered = covered;
  return options;
}

bool said(const ScanResult& result, std::string_view text) {
  return std::any_of(result.remarks.begin(), result.remarks.end(),
                     [&](const detect::Remark& remark) { return remark.text.find(text) != std::string::npos; });
}

TEST(Apply, MovesAcceptedFindings) {
  ScanResult result = result_of({finding("one", {at("a", 1)}), finding("two", {at("a", 2)})});
  result.findings[1].severity = detect::Severity::Note;
  const std::string id = result.findings[0].fingerprint;
  Allowances allowances;
  allowances.files.push_back(allow_file({{id, ", by = \"Ana\""}}));
  const Applied applied = apply(result, allowances, on("2026-11-24"));
  ASSERT_EQ(result.findings.size(), 1u);
  EXPECT_EQ(result.findings[0].secret, "two");
  EXPECT_EQ(result.hidden_notes, 1u);
  EXPECT_EQ(applied.kept, std::vector<std::size_t>{1});
  ASSERT_EQ(result.allowed.size(), 1u);
  ASSERT_TRUE(result.allowed[0].allowance);
  EXPECT_EQ(result.allowed[0].allowance->file, "allow.toml");
  EXPECT_EQ(result.allowed[0].allowance->line, 2u);
  EXPECT_EQ(result.allowed[0].allowance->by, "Ana");
  ASSERT_EQ(applied.used.size(), 1u);
  EXPECT_EQ(applied.used[0].fingerprint, id);
  EXPECT_TRUE(said(result, "allow.toml: 1 finding allowed"));
}

TEST(Apply, AcceptsNothingAfterTheLastDay) {
  Allowances allowances;
  const std::string id = detect::fingerprint("acme-token", "one");
  allowances.files.push_back(allow_file({{id, ", until = 2026-11-24"}}));
  ScanResult last = result_of({finding("one", {at("a", 1)})}), after = last;
  EXPECT_EQ(apply(last, allowances, on("2026-11-24")).used.size(), 1u);
  EXPECT_TRUE(last.findings.empty());
  EXPECT_EQ(apply(after, allowances, on("2026-11-25", Covered::History)).used.size(), 0u);
  EXPECT_EQ(after.findings.size(), 1u);
  EXPECT_TRUE(said(after, "has expired"));
  EXPECT_FALSE(said(after, "matched nothing"));
}

TEST(Apply, SaysWhatMatchedNothingOnlyWhenItCanKnow) {
  Allowances allowances;
  allowances.files.push_back(allow_file({{"0123456789abcdef", ""}}));
  allowances.baselines.push_back(parse_baseline("fedcba9876543210 r p\n", "base"));
  for (const auto& [covered, file, baseline] :
       {std::tuple(Covered::Part, false, false), std::tuple(Covered::WorkTree, true, true),
        std::tuple(Covered::Folder, true, true), std::tuple(Covered::History, true, false)}) {
    ScanResult result = result_of({});
    apply(result, allowances, on("2026-11-24", covered));
    EXPECT_EQ(said(result, "allow.toml matched nothing"), file);
    EXPECT_EQ(said(result, "base matched nothing"), baseline);
  }
  ScanResult incomplete = result_of({});
  incomplete.loss_count = 1;
  apply(incomplete, allowances, on("2026-11-24", Covered::History));
  EXPECT_FALSE(said(incomplete, "matched nothing"));
}

TEST(Apply, KeepsNestedFilesInTheirFolder) {
  Allowances allowances;
  const std::string id = detect::fingerprint("acme-token", "one");
  allowances.files.push_back(allow_file({{id, ""}}, "api/"));
  ScanResult inside = result_of({finding("one", {at("api/a", 1), at("api/b", 1)})});
  apply(inside, allowances, on("2026-11-24"));
  EXPECT_TRUE(inside.findings.empty());

  ScanResult both = result_of({finding("one", {at("api/a", 1), at("apix/a", 1), at("", 0, Place::CommitMessage)})});
  const Applied applied = apply(both, allowances, on("2026-11-24"));
  ASSERT_EQ(both.findings.size(), 1u);
  EXPECT_EQ(both.findings[0].occurrence_count, 2u);
  EXPECT_EQ(both.findings[0].occurrences[0].path, "apix/a");
  ASSERT_EQ(both.allowed.size(), 1u);
  EXPECT_EQ(both.allowed[0].occurrences.size(), 1u);
  EXPECT_EQ(applied.kept, std::vector<std::size_t>{0});

  ScanResult outside = result_of({finding("one", {at("web/a", 1)})});
  EXPECT_TRUE(apply(outside, allowances, on("2026-11-24")).used.empty());
  EXPECT_EQ(outside.findings.size(), 1u);
}

TEST(Apply, NamesTheDeepestFile) {
  Allowances allowances;
  const std::string id = detect::fingerprint("acme-token", "one");
  allowances.files.push_back(allow_file({{id, ""}}, "api/"));
  allowances.files.push_back(allow_file({{id, ""}}, "api/deep/"));
  ScanResult result = result_of({finding("one", {at("api/deep/a", 1)})});
  EXPECT_EQ(apply(result, allowances, on("2026-11-24")).used.size(), 2u);
  ASSERT_EQ(result.allowed.size(), 1u);
  EXPECT_EQ(result.allowed[0].allowance->file, "api/deep/allow.toml");
}

TEST(Apply, DoesNotAcceptPlacesThatWereNotKept) {
  Allowances nested, whole;
  const std::string id = detect::fingerprint("acme-token", "one");
  nested.files.push_back(allow_file({{id, ""}}, "api/"));
  whole.files.push_back(allow_file({{id, ""}}));
  ScanResult result = result_of({finding("one", {at("api/a", 1)})});
  result.findings[0].occurrence_count = 2000;
  ScanResult other = result;
  apply(result, nested, on("2026-11-24"));
  ASSERT_EQ(result.findings.size(), 1u);
  EXPECT_EQ(result.findings[0].occurrence_count, 1999u);
  EXPECT_FALSE(result.findings[0].occurrences.empty());
  apply(other, whole, on("2026-11-24"));
  EXPECT_TRUE(other.findings.empty());
}

Allowances ignoring(const std::string& line, std::string folder = {}) {
  Allowances allowances;
  allowances.placed.push_back(parse_gitleaks_ignore(line, ".gitleaksignore", std::move(folder)));
  return allowances;
}

TEST(Apply, TakesGitleaksEntriesByPlace) {
  const auto left = [](const std::string& line, std::vector<Finding> findings) {
    ScanResult result = result_of(std::move(findings));
    apply(result, ignoring(line), on("2026-11-24"));
    return result.findings.size();
  };
  EXPECT_EQ(left("a:jwt:1", {finding("one", {at("a", 1)})}), 0u);
  EXPECT_EQ(left("a:jwt:2", {finding("one", {at("a", 1)})}), 1u);
  EXPECT_EQ(left("b:jwt:1", {finding("one", {at("a", 1)})}), 1u);
  // The same line holds two secrets: the vendor tells, or nothing does.
  const std::vector<Finding> two{finding("one", {at("a", 1)}), finding("two", {at("a", 1)}, "stripe-secret-key")};
  EXPECT_EQ(left("a:stripe-access-token:1", two), 1u);
  EXPECT_EQ(left("a:jwt:1", two), 2u);
}

TEST(Apply, TakesCommitsOfGitleaksEntriesSeriously) {
  Finding found = finding("one", {at("a", 1)});
  found.occurrences[0].commit.emplace();
  found.occurrences[0].commit->id = *Oid::from_hex(std::string(40, 'b'));
  for (const auto& [commit, rest] : {std::pair('b', 0u), std::pair('c', 1u)}) {
    ScanResult result = result_of({found});
    apply(result, ignoring(std::string(40, commit) + ":a:jwt:1"), on("2026-11-24"));
    EXPECT_EQ(result.findings.size(), rest);
  }
}

TEST(Apply, TakesGitleaksReportsByValue) {
  Allowances allowances;
  allowances.placed.push_back(parse_gitleaks_report(
      R"([{"RuleID":"jwt","File":"elsewhere","StartLine":9,"Secret":"one"},
          {"RuleID":"jwt","File":"a","StartLine":2,"Secret":"REDACTED"}])",
      "report.json"));
  ScanResult result =
      result_of({finding("one", {at("a", 1)}), finding("two", {at("a", 2)}), finding("three", {at("a", 3)})});
  apply(result, allowances, on("2026-11-24", Covered::Folder));
  ASSERT_EQ(result.findings.size(), 1u);
  EXPECT_EQ(result.findings[0].secret, "three");
  EXPECT_EQ(result.allowed.size(), 2u);
}

TEST(Load, ReadsWhatIsThereAndFollowsNoLink) {
  const test::TempDir dir;
  EXPECT_TRUE(load(dir.path).value().empty());
  test::write_file(dir.path + "/.tightship/allow.toml", "[allow]\n0123456789abcdef = { reason = \"x\" }\n");
  test::write_file(dir.path + "/.gitleaksignore", "a:b:1\n");
  const auto loaded = load(dir.path, "shop/");
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->files.at(0).source.path, "shop/.tightship/allow.toml");
  EXPECT_EQ(loaded->placed.at(0).entries.size(), 1u);
  test::write_file(dir.path + "/.tightship/allow.toml", "[allow]\nx = 1\n");
  const auto broken = load(dir.path);
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().where, ".tightship/allow.toml:2:1");
  const test::TempDir linked;
  test::write_file(linked.path + "/.tightship/other", "");
  ASSERT_EQ(::symlink((dir.path + "/.gitleaksignore").c_str(), (linked.path + "/.gitleaksignore").c_str()), 0);
  EXPECT_FALSE(load(linked.path));
}

}  // namespace
}  // namespace tightship::allow
