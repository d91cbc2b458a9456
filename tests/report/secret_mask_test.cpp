#include "report/secret_mask.h"

#include <gtest/gtest.h>

#include "report/place_text.h"
#include "sample.h"

namespace tightship::report {
namespace {

detect::ScanResult with_secrets(const std::vector<std::string>& secrets) {
  std::vector<detect::Finding> findings;
  for (const std::string& secret : secrets) findings.push_back(finding_of(rules().generic, secret, {}));
  return scan_of(std::move(findings));
}

TEST(SecretMask, ReplacesEveryValueWhereverItStands) {
  const std::string a = stripe_key(1), b = random_text(2, 12);
  const detect::ScanResult result = scan_of({stripe_finding(), finding_of(rules().generic, b, {})});
  EXPECT_EQ(mask_secrets(a + " and " + b + a + "x" + b, result), "sk_live_…Qw8z and …sk_live_…Qw8zx…");
  EXPECT_EQ(mask_secrets(b, result), "…");
  EXPECT_EQ(mask_secrets("", result), "");
  EXPECT_EQ(mask_secrets(a.substr(0, a.size() - 1), result), a.substr(0, a.size() - 1));
}

TEST(SecretMask, TakesTheLongestOfValuesThatBeginAlike) {
  const std::string base = random_text(3, 10);
  const detect::ScanResult result = with_secrets({base, base + "abc", base + "abcdefgh", base + "abd"});
  EXPECT_EQ(mask_secrets("<" + base + "abcdefg>", result), "<…defg>");
  EXPECT_EQ(mask_secrets("<" + base + "abcdefgh>", result), "<…>");
  EXPECT_EQ(mask_secrets("<" + base + "abe>", result), "<…abe>");
  EXPECT_EQ(mask_secrets("<" + base + "zzz>", result), "<…zzz>");
}

TEST(SecretMask, OfValuesAcrossOneAnotherShowsNoTail) {
  const std::string text = random_text(4, 60);
  const detect::ScanResult result = with_secrets({text.substr(0, 40), text.substr(30)});
  EXPECT_EQ(mask_secrets("a" + text + "b", result), "a…b");
  const detect::ScanResult inside = with_secrets({text, text.substr(52)});
  EXPECT_EQ(mask_secrets("a" + text + "b", inside), "a…b");
  EXPECT_EQ(SecretMask(inside, false).shown(inside.findings.front()), "…");
}

TEST(SecretMask, LeavesOrdinaryWordsOfNotesAndVeryShortValues) {
  detect::ScanResult result = with_secrets({"example-password", "changeme", "abc"});
  for (detect::Finding& finding : result.findings) finding.severity = detect::Severity::Note;
  EXPECT_EQ(mask_secrets("changeme/abc.py", result), "changeme/abc.py");
  EXPECT_EQ(mask_secrets("x example-password", result), "x …");
  result.findings[1].severity = detect::Severity::Warning;
  EXPECT_EQ(mask_secrets("changeme/abc.py", result), "…/abc.py");
  EXPECT_EQ(SecretMask(result, false).shown(result.findings[2]), "…");
}

// A path that leads nowhere is of no use: words and numbers are told apart from what somebody made up.
TEST(SecretMask, LeavesPlainWordsInNames) {
  const std::string made_up = random_text(5, 14);
  const detect::ScanResult result =
      with_secrets({"traefik", "traefik-2024", "20250101", "letters-only-but-long", made_up});
  const SecretMask mask(result, false);
  EXPECT_EQ(mask.mask("traefik/20250101_init.sql"), "…/…_init.sql");
  EXPECT_EQ(mask.mask_name("traefik/20250101_init.sql"), "traefik/20250101_init.sql");
  EXPECT_FALSE(mask.hides_in_name("docs/traefik"));
  EXPECT_EQ(mask.mask_name("traefik/traefik-2024/" + made_up + ".env"), "traefik/…/….env");
  EXPECT_EQ(mask.mask_name("letters-only-but-long"), "…long");
  EXPECT_TRUE(mask.hides_in_name(made_up));
}

// A file's own name that holds the value is masked in full.
TEST(SecretMask, MasksTheNameThatAFindingStandsIn) {
  detect::Finding named = finding_of(rules().generic, "traefik", {});
  detect::Occurrence inside, name;
  inside.place = detect::Place::File;
  name.place = detect::Place::FileName;
  inside.path = name.path = "etc/traefik.env";
  named.occurrences = {inside, name};
  const detect::ScanResult result = scan_of({named});
  const SecretMask mask(result, false);
  EXPECT_EQ(place_text(inside, mask).path, "etc/traefik.env");
  EXPECT_EQ(place_text(name, mask).path, "name of etc/….env");
}

TEST(SecretMask, ShowsSecretsWhenAsked) {
  const detect::ScanResult result = scan_of({stripe_finding()});
  const SecretMask mask(result, true);
  EXPECT_EQ(mask.mask("k=" + stripe_key()), "k=" + stripe_key());
  EXPECT_EQ(mask.shown(result.findings.front()), stripe_key());
}

// Against a search for each value by itself.
TEST(SecretMask, AgreesWithANaiveSearch) {
  std::mt19937 random(5);
  for (int round = 0; round < 300; ++round) {
    const auto word = [&](std::size_t size) {
      std::string text;
      for (std::size_t i = 0; i < size; ++i) text += "ab"[random() % 2];
      return text;
    };
    std::vector<std::string> secrets;
    for (int i = 0; i < 8; ++i) secrets.push_back(word(kLeastGuarded + random() % 6));
    const std::string text = word(40);
    std::string covered(text.size(), '.');
    for (const std::string& secret : secrets) {
      for (std::size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at + 1)) {
        covered.replace(at, secret.size(), secret.size(), '#');
      }
    }
    const detect::ScanResult result = with_secrets(secrets);
    std::string found(text.size(), '.');
    for (const SecretMask::Span& span : SecretMask(result, false).find(text)) {
      found.replace(span.begin, span.end - span.begin, span.end - span.begin, '#');
    }
    EXPECT_EQ(found, covered) << text;
  }
}

}  // namespace
}  // namespace tightship::report
