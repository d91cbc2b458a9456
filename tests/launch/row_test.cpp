#include "launch/row.h"

#include <gtest/gtest.h>

#include "sample.h"

namespace tightship::launch {
namespace {

using detect::RiskClass;
using detect::Severity;
using readiness::Exposure;
using readiness::Problem;

TEST(Rows, OneValueIsOneRowAndTheWidestExposureHeadsIt) {
  Problem in_history = tracked_key();
  in_history.source = "history";
  in_history.spots = {{".env@8c1d2e3", 4, 1}, {".env.production", 9, 1}};
  Problem other = tracked_key();
  other.value_id = "00000000000000bb";
  const auto rows = rows_of({in_history, tracked_key(), other, bundled_key()});
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].head.id, "BND-VALUE");
  ASSERT_EQ(rows[0].sources.size(), 3u);
  EXPECT_EQ(rows[0].sources[0], "bundle");
  EXPECT_EQ(rows[0].rest.size(), 2u);
  EXPECT_EQ(rows[0].head.spots.size(), 3u);  // the place that two of them name is there once
  EXPECT_EQ(rows[1].head.value_id, "00000000000000bb");
}

TEST(Rows, WhatIsInTheFilesGoesBeforeItsHistory) {
  Problem in_history = tracked_key(), in_files = tracked_key();
  in_history.source = "history";
  in_history.spots = {{".env@8c1d2e3", 4, 1}};
  in_files.source = "code";
  in_files.exposure = Exposure::Local;
  in_files.spots = {{".env", 7, 1}};
  const auto rows = rows_of({in_history, in_files});
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].head.source, "code");
  EXPECT_EQ(rows[0].sources, (std::vector<std::string>{"code", "history"}));
  EXPECT_EQ(rows[0].head.spots.front().path, ".env");
  EXPECT_EQ(rows[0].head.exposure, Exposure::PrivateRepository);  // still as bad as the history makes it
}

TEST(Rows, ProblemsWithoutAValueStayApart) {
  Problem p = problem("CFG-X", "config", RiskClass::ScaleRisk, Severity::Warning, "same words", "a");
  EXPECT_EQ(rows_of({p, p}).size(), 2u);
}

TEST(Rows, AProjectHasItsOwnMind) {
  std::vector<Problem> problems{problem("A", "env", RiskClass::LaunchBlocker, Severity::Error, "a", "a"),
                                problem("B", "env", RiskClass::ScaleRisk, Severity::Error, "b", "b")};
  const auto used = apply_settings({{"A", "UNKNOWN"}, {{"B", RiskClass::LaunchBlocker}}}, problems);
  EXPECT_EQ(used, std::vector<std::string>{"A"});
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].risk_class, RiskClass::LaunchBlocker);
}

struct ClassCase {
  const char* name;
  RiskClass base;
  Severity severity;
  Exposure exposure;
  bool has_value;
  RiskClass expected;
};

class EffectiveClass : public testing::TestWithParam<ClassCase> {};

TEST_P(EffectiveClass, IsAsTheTableSays) {
  Problem p;
  p.risk_class = GetParam().base;
  p.severity = GetParam().severity;
  p.exposure = GetParam().exposure;
  if (GetParam().has_value) p.value_id = "1";
  EXPECT_EQ(effective_class(p), GetParam().expected);
}

constexpr auto kLaunch = RiskClass::LaunchBlocker, kConversion = RiskClass::ConversionBlocker,
               kScale = RiskClass::ScaleRisk;
INSTANTIATE_TEST_SUITE_P(
    All, EffectiveClass,
    testing::Values(ClassCase{"SecretOnTheWeb", kScale, Severity::Error, Exposure::Web, true, kConversion},
                    ClassCase{"SecretOnTheWebAtTheTop", kLaunch, Severity::Error, Exposure::Web, true, kLaunch},
                    ClassCase{"SecretInTheRepository", kScale, Severity::Error, Exposure::PrivateRepository, true,
                              kScale},
                    ClassCase{"RecordOnTheWeb", kScale, Severity::Error, Exposure::Web, false, kScale},
                    ClassCase{"WarningBlocksNothing", kLaunch, Severity::Warning, Exposure::Web, true, kConversion},
                    ClassCase{"WarningStaysBelow", kScale, Severity::Warning, Exposure::Web, true, kScale},
                    ClassCase{"ErrorStays", kLaunch, Severity::Error, Exposure::Local, false, kLaunch}),
    [](const auto& row) { return row.param.name; });

detect::ScanResult one_finding(const detect::Rule& rule, const std::string& secret, const std::string& path) {
  detect::Finding finding;
  finding.rule = &rule;
  finding.secret = secret;
  finding.fingerprint = "5d0c9a3e71b2f640";
  finding.severity = Severity::Error;
  finding.why = "checksum valid";
  finding.history = finding.in_head = true;
  finding.pushed = detect::PushState::Pushed;
  detect::Occurrence occurrence;
  occurrence.path = path;
  occurrence.position = {31, 19, 31, 40, 900};
  finding.occurrences = {occurrence};
  finding.occurrence_count = 1;
  detect::ScanResult result;
  result.findings = {finding};
  return result;
}

TEST(FromFindings, NamesTheRuleAndNeverTheValue) {
  detect::Rule rule;
  rule.id = "acme-key";
  rule.title = "Acme key";
  rule.prefix = "ak_";
  rule.impact = "moves money";
  rule.rotate = "roll it";
  const std::string secret = "ak_" + std::string(24, 'q') + "zz88";
  const auto problems = from_findings(one_finding(rule, secret, "src/" + secret + ".py"), "code");
  ASSERT_EQ(problems.size(), 1u);
  const Problem& p = problems.front();
  EXPECT_EQ(p.id, "acme-key");
  EXPECT_EQ(p.title, "Acme key in your code, and pushed");
  EXPECT_EQ(p.exposure, Exposure::PrivateRepository);
  EXPECT_EQ(p.value_id, readiness::value_id(secret));
  EXPECT_EQ(p.spots.front().line, 31u);
  for (const std::string* text : {&p.title, &p.why, &p.breaks, &p.fix, &p.subject, &p.spots.front().path}) {
    EXPECT_EQ(text->find(secret), std::string::npos) << *text;
  }
  EXPECT_NE(p.breaks.find("moves money"), std::string::npos);
  EXPECT_NE(p.fix.find("roll it"), std::string::npos);
}

TEST(FromFindings, WhatWasMadeForTestsIsAStepLess) {
  detect::Rule rule;
  const auto class_in = [&](const char* path, const char* why) {
    auto result = one_finding(rule, std::string(20, 'k'), path);
    result.findings[0].why = why;
    return from_findings(result, "code").front().risk_class;
  };
  for (const char* path : {"src/pay.py", "latest/pay.py", "docker/pay.env", ".github/workflows/pay.yml"})
    EXPECT_EQ(class_in(path, "format valid"), kLaunch) << path;
  for (const char* path : {"tests/fixtures/pay.py", "README.md", "src/pay.test.ts", ".ddev/config.yaml"})
    EXPECT_EQ(class_in(path, "format valid"), kConversion) << path;
  EXPECT_EQ(class_in("tests/fixtures/pay.py", "checksum valid"), kLaunch);
  rule.prefix = "ak_";
  EXPECT_EQ(class_in("README.md", "format valid"), kLaunch);
  EXPECT_EQ(class_in("docs/README.md", "format valid"), kConversion);
}

TEST(FromFindings, WhatAFormShowsAsAHintIsAStepLess) {
  detect::Rule rule;
  const auto class_of = [&](const std::string& before) {
    auto result = one_finding(rule, std::string(20, 'k'), "src/form.tsx");
    detect::Excerpt excerpt;
    excerpt.text = before + std::string(20, 'k') + "\"";
    excerpt.begin = static_cast<std::uint32_t>(before.size());
    excerpt.end = excerpt.begin + 20;
    result.findings[0].occurrences[0].excerpt = excerpt;
    result.findings[0].why = "format valid";
    return from_findings(result, "code").front().risk_class;
  };
  for (const char* before : {"<input placeholder=\"", "  placeholder: \"", "placeholder={`", "\"placeholder\" : '"})
    EXPECT_EQ(class_of(before), kConversion) << before;
  for (const char* before : {"<input value=\"", "placeholder: \"x\", key: \"", ""})
    EXPECT_EQ(class_of(before), kLaunch) << before;
}

// What becomes of a finding in a place: its severity and its class.
struct PlaceCase {
  const char* name;
  const char* provider;  // "": a generic guess
  Severity severity;
  const char* secret;
  const char* path;
  Severity said;
  RiskClass risk_class;
};
void PrintTo(const PlaceCase& row, std::ostream* out) { *out << row.name; }
class FindingsByPlace : public testing::TestWithParam<PlaceCase> {};
TEST_P(FindingsByPlace, CountAsTheTableSays) {
  detect::Rule rule;
  rule.provider = GetParam().provider;
  rule.generic = rule.provider.empty();
  auto result = one_finding(rule, GetParam().secret, GetParam().path);
  result.findings[0].why = "format valid";
  result.findings[0].severity = GetParam().severity;
  const Problem said = from_findings(result, "code").front();
  EXPECT_EQ(said.severity, GetParam().said);
  EXPECT_EQ(said.risk_class, GetParam().risk_class);
}

constexpr auto kError = Severity::Error, kWarning = Severity::Warning, kNote = Severity::Note;
constexpr auto kRandom = "x9Kd2pQa7LmW4zTr";
INSTANTIATE_TEST_SUITE_P(
    All, FindingsByPlace,
    testing::Values(PlaceCase{"Guess", "", kWarning, kRandom, "src/a.py", kWarning, kLaunch},
                    PlaceCase{"GuessInDocker", "", kWarning, kRandom, "docker/compose.yml", kWarning, kLaunch},
                    PlaceCase{"GuessInTests", "", kWarning, kRandom, "src/a.test.ts", kNote, kConversion},
                    PlaceCase{"GuessInAnExample", "", kWarning, kRandom, ".env.example", kNote, kConversion},
                    PlaceCase{"GuessInProse", "", kWarning, kRandom, "README.md", kNote, kConversion},
                    PlaceCase{"Word", "", kWarning, "hunter2", "src/a.py", kNote, kLaunch},
                    PlaceCase{"Words", "", kWarning, "link-password-2", "src/a.py", kNote, kLaunch},
                    PlaceCase{"Passphrase", "", kWarning, "qrtz-vblm-wxkp-hjdn", "src/a.py", kWarning, kLaunch},
                    PlaceCase{"TextOfALanguage", "", kWarning, kRandom, "resources/lang/de/forms.php", kNote, kLaunch},
                    PlaceCase{"OthersCode", "", kWarning, kRandom, ".yarn/releases/yarn.cjs", kNote, kLaunch},
                    PlaceCase{"HashOfALockFile", "Acme", kWarning, kRandom, "web/i18n.lock", kNote, kLaunch},
                    PlaceCase{"PasswordInProse", "Acme", kError, kRandom, "README.md", kError, kConversion},
                    PlaceCase{"TokenInTests", "Acme", kError, kRandom, "tests/a.py", kError, kConversion},
                    PlaceCase{"MaybeTokenInTests", "Acme", kWarning, kRandom, "tests/a.py", kNote, kConversion},
                    PlaceCase{"MaybeToken", "Acme", kWarning, kRandom, "src/a.py", kWarning, kLaunch},
                    PlaceCase{"OwnKeyInTests", "Laravel", kError, kRandom, "tests/.env.ci", kError, kConversion},
                    PlaceCase{"OwnKey", "Laravel", kError, kRandom, ".env", kError, kLaunch},
                    PlaceCase{"KeyOfThisMachine", "Private key", kError, kRandom, "https/localhost.key", kError,
                              kConversion}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace tightship::launch
