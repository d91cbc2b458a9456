#include "report/worklist.h"

#include <gtest/gtest.h>

#include "golden.h"
#include "report/finding_text.h"
#include "sample.h"

namespace tightship::report {
namespace {

using detect::Finding;
using detect::PushState;
using detect::ScanResult;

Finding row(const std::string& secret, const detect::Rule& rule, PushState pushed, bool in_head) {
  Finding finding = finding_of(rule, secret, occurrence_in(secret, "k = ", "", "config/old.yml", 12));
  finding.history = true;
  finding.since = commit("77ab01c");
  finding.occurrences.front().commit = commit("77ab01c");
  finding.pushed = pushed;
  finding.in_head = in_head;
  if (pushed == PushState::Pushed) finding.remotes = {"origin"};
  return finding;
}

ScanResult audit_of(std::vector<Finding> findings) {
  ScanResult result = scan_of(std::move(findings));
  result.job = ScanResult::Job::Audit;
  result.subject = "shop";
  result.coverage = {};
  result.coverage.objects = result.coverage.objects_expected = 24118;
  result.coverage.commits = 4812;
  result.coverage.refs = 14;
  result.coverage.packs = 3;
  result.coverage.loose = 112;
  result.coverage.unreachable = 61;
  result.coverage.seconds = 1.9;
  return result;
}

// `POSTGRES_PASSWORD: hunter2hunter2`, of which the rule matched from "PASSWORD" on.
Finding assigned(const std::string& before, const std::string& name, const std::string& form) {
  const std::string secret = random_text(9, 16);
  Finding finding = row(secret, rules().generic, PushState::Never, true);
  detect::Occurrence& first = finding.occurrences.front();
  first.match = name + form + secret;
  first.excerpt->text = before + first.match;
  first.excerpt->begin = static_cast<std::uint32_t>((before + name + form).size());
  first.excerpt->end = first.excerpt->begin + static_cast<std::uint32_t>(secret.size());
  return finding;
}

TEST(Worklist, CallsAnAssignedValueByItsName) {
  const auto subject = [](const Finding& finding) {
    const ScanResult result = audit_of({finding});
    return subject_of(result.findings.front(), SecretMask(result, false));
  };
  EXPECT_EQ(subject(assigned("export POSTGRES_", "PASSWORD", "=")), "POSTGRES_PASSWORD");
  EXPECT_EQ(subject(assigned("  - spring.datasource.", "password", "\": \"")), "spring.datasource.password");
  EXPECT_EQ(subject(assigned("", "token", " = ")), "token");
  EXPECT_EQ(subject(assigned("IDENTIFIED ", "BY", " ")), "generic secret");
  EXPECT_EQ(subject(stripe_in_history()), "Stripe live secret key");
  Finding encoded = assigned("", "token", " = ");
  encoded.occurrences.front().encoding = "base64";
  EXPECT_EQ(subject(encoded), "generic secret");
}

ScanResult shop() {
  static const detect::Rule wide = [] {
    detect::Rule rule = generic_rule();
    rule.title = "データベース password";
    rule.severity = detect::Severity::Error;
    rule.rotate = "change the role's password in the database";
    return rule;
  }();
  return audit_of({stripe_in_history(), row(stripe_key(2, "9f3c"), rules().stripe, PushState::Pushed, false),
                   row("hunter2hunter2", wide, PushState::Never, true), pem_finding(),
                   row(random_text(8, 30), rules().generic, PushState::Pushed, false)});
}

ScanResult incomplete() {
  ScanResult result = shop();
  result.coverage.objects = 24110;
  for (int i = 0; i < 6; ++i) {
    result.losses.push_back({LossKind::MissingObject, "named by a tree", "1f2e3d" + std::to_string(i), ""});
  }
  result.losses.push_back({LossKind::CorruptPack, "checksum differs\x1b", "pack-\n1.pack", "git fsck"});
  result.losses.push_back(
      {LossKind::ShallowHistory, "commits below are not here", "1f2e3d4", "git fetch --unshallow, then run again"});
  result.loss_count = 1300;
  return result;
}

TEST(Worklist, IsDrawnAsTheGoldenFile) {
  Options options;
  options.width = 120;
  expect_golden("audit.txt", render(shop(), Format::Text, options));
  options.width = 80;
  expect_golden("audit_80_columns.txt", render(shop(), Format::Text, options));
  options.color = true;
  expect_golden("audit_incomplete_color.txt", render(incomplete(), Format::Text, options));
  options.color = false;
  expect_golden("audit_incomplete.txt", render(incomplete(), Format::Text, options));
  expect_golden("audit_clean.txt", render(audit_of({}), Format::Text, options));
  options.audit_details = true;
  expect_golden("audit_details.txt", render(audit_of({stripe_in_history()}), Format::Text, options));
}

TEST(Worklist, NeverClaimsToBeCompleteWithLosses) {
  ScanResult counted = audit_of({}), listed = audit_of({});
  counted.loss_count = 3;
  listed.losses.push_back({LossKind::CorruptObject, "zlib stream ends early", "aa11", ""});
  for (const ScanResult& result : {counted, listed}) {
    const std::string text = render(result, Format::Text, {});
    EXPECT_NE(text.find("\nincomplete: 24 118 of 24 118 objects; "), std::string::npos) << text;
    EXPECT_EQ(text.find("\ncomplete"), std::string::npos) << text;
    EXPECT_NE(text.find("no secrets found in what could be read"), std::string::npos) << text;
  }
}

TEST(Worklist, DrawsOneRowInFull) {
  Options options;
  options.only = 1;
  expect_golden("audit_show_1.txt", render(shop(), Format::Text, options));
  options.only = 5;
  expect_golden("audit_show_5.txt", render(shop(), Format::Text, options));
  for (const std::size_t none : {0, 6}) {
    options.only = none;
    EXPECT_EQ(render(shop(), Format::Text, options),
              "there is no row " + std::to_string(none) + ": the worklist has 5 rows\n");
  }
}

struct AdviceCase {
  const char* name;
  std::vector<PushState> states;
  std::string advice;
};

class Advice : public testing::TestWithParam<AdviceCase> {};

TEST_P(Advice, FollowsTheCase) {
  std::vector<Finding> findings;
  for (const PushState state : GetParam().states) {
    findings.push_back(row(stripe_key(static_cast<std::uint32_t>(findings.size())), rules().stripe, state, true));
  }
  const ScanResult result = audit_of(std::move(findings));
  EXPECT_EQ(worklist_advice(worklist_rows(result, {}), SecretMask(result, false)), GetParam().advice);
}

constexpr PushState P = PushState::Pushed, N = PushState::Never, U = PushState::Unknown;

INSTANTIATE_TEST_SUITE_P(
    Report, Advice,
    testing::Values(
        AdviceCase{"none", {}, ""}, AdviceCase{"one_public", {P}, "rotate 1: it is on origin."},
        AdviceCase{"two_public", {P, P}, "rotate 1 and 2: both are on origin."},
        AdviceCase{"many_public", {P, P, P, P, P}, "rotate 1 to 5: all 5 are on origin."},
        AdviceCase{"public_and_local",
                   {P, P, N},
                   "rotate 1 and 2 first: both are on origin. 3 has not left this machine: rewrite history before "
                   "the first push."},
        AdviceCase{"local", {N, N}, "1 and 2 have not left this machine: rewrite history before the first push."},
        AdviceCase{"not_in_a_row",
                   {P, N, P, U},
                   "rotate 1 and 3 first: both are on origin. whether 4 was pushed is not known: rotate it as if so. "
                   "2 has not left this machine: rewrite history before the first push."}),
    [](const auto& param_info) { return param_info.param.name; });

TEST(WorklistAdvice, NamesNoRemoteWhenTheyDiffer) {
  ScanResult result = audit_of({stripe_in_history(), stripe_in_history()});
  result.findings[1].remotes = {"fork"};
  EXPECT_EQ(worklist_advice(worklist_rows(result, {}), SecretMask(result, false)),
            "rotate 1 and 2: both are on a remote.");
}

TEST(WorklistRows, HideNotesUntilAsked) {
  ScanResult result = shop();
  result.findings[0].severity = detect::Severity::Note;
  Options options;
  EXPECT_EQ(worklist_rows(result, options).size(), 4u);
  EXPECT_NE(render(result, Format::Text, options).find("1 note hidden, -v shows it"), std::string::npos);
  options.show_notes = true;
  EXPECT_EQ(worklist_rows(result, options).back(), &result.findings[0]);
}

}  // namespace
}  // namespace tightship::report
