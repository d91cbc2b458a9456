#include "detect/detector.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "scan_text.h"
#include "support/git_fixture.h"

namespace tightship::detect {
namespace {

using test::expand;
using test::reported;

RuleSet load(const std::string& text) {
  test::TempDir folder;
  test::write_file(folder.path + "/r.toml", "[extend]\nuseDefault = false\n" + text);
  auto rules = RuleSet::load({folder.path + "/r.toml"});
  if (!rules) throw std::runtime_error(rules.error().where + ": " + rules.error().what);
  return std::move(*rules);
}

const std::string kAcme = "[[rules]]\nid = 'acme-key'\ndescription = 'd'\nregex = '''key=(acme_[0-9a-z]{20})'''\n";
const std::string kToken = "acme_k3j9x0q2m8w1z5b7v4n6";

struct Row {
  const char* name;
  std::string rules, text, path, expected;
};
class Settle : public testing::TestWithParam<Row> {};

TEST_P(Settle, ReportsWhatNothingSpeaksAgainst) {
  EXPECT_EQ(reported(load(GetParam().rules), GetParam().text, GetParam().path), GetParam().expected);
}

const std::string kLine = "key=" + kToken;
std::string with_list(const std::string& list) { return kAcme + "[[rules.allowlists]]\n" + list; }

INSTANTIATE_TEST_SUITE_P(
    Cases, Settle,
    testing::Values(
        Row{"plain", kAcme, kLine, "", "acme-key"}, Row{"allow_comment", kAcme, kLine + " # tightship:allow", "", ""},
        Row{"allow_this_rule", kAcme, kLine + " # tightship:allow acme-key", "", ""},
        Row{"allow_this_rule_colon", kAcme, kLine + " // tightship:allow: acme-key why not", "", ""},
        Row{"allow_other_rule", kAcme, kLine + " # tightship:allow other-rule", "", "acme-key"},
        Row{"allow_with_reason", kAcme, kLine + " # tightship:allow acme-key made-up, for the docs", "", ""},
        Row{"allow_second_rule", kAcme, kLine + " # tightship:allow other-rule, acme-key why not", "", ""},
        Row{"allow_rule_in_reason", kAcme, kLine + " # tightship:allow other-rule unlike acme-key", "", "acme-key"},
        Row{"allow_two_comments", kAcme, kLine + " # tightship:allow other-rule tightship:allow acme-key", "", ""},
        Row{"allow_in_markup", kAcme, "<!-- tightship:allow --> " + kLine, "", ""},
        Row{"allow_with_prose", kAcme, kLine + " # tightship:allow because", "", ""},
        Row{"allow_gitleaks", kAcme, kLine + " # gitleaks:allow", "", ""},
        Row{"allow_line_before", kAcme, "# tightship:allow\n" + kLine, "", "acme-key"},
        Row{"allow_line_after", kAcme, kLine + "\r\n# tightship:allow", "", "acme-key"},
        Row{"stopword", with_list("stopwords = ['K3J9']\n"), kLine, "", ""},
        Row{"stopword_other", with_list("stopwords = ['zzz']\n"), kLine, "", "acme-key"},
        Row{"regex_secret", with_list("regexes = ['^acme_k']\n"), kLine, "", ""},
        Row{"regex_secret_sees_no_match", with_list("regexes = ['^key=']\n"), kLine, "", "acme-key"},
        Row{"regex_match", with_list("regexTarget = 'match'\nregexes = ['^key=']\n"), kLine, "", ""},
        Row{"regex_line", with_list("regexTarget = 'line'\nregexes = ['mock']\n"), "mock " + kLine, "", ""},
        Row{"regex_line_other_line", with_list("regexTarget = 'line'\nregexes = ['mock']\n"), "mock\n" + kLine, "",
            "acme-key"},
        Row{"path", with_list("paths = ['^test/']\n"), kLine, "test/a", ""},
        Row{"path_other", with_list("paths = ['^test/']\n"), kLine, "src/a", "acme-key"},
        Row{"path_unknown", with_list("paths = ['^test/']\n"), kLine, "", "acme-key"},
        Row{"and_both", with_list("condition = 'AND'\npaths = ['^test/']\nstopwords = ['k3j9']\n"), kLine, "test/a",
            ""},
        Row{"and_one", with_list("condition = 'AND'\npaths = ['^test/']\nstopwords = ['zzz']\n"), kLine, "test/a",
            "acme-key"},
        Row{"and_values", with_list("condition = 'AND'\nregexes = ['^acme']\nstopwords = ['k3j9']\n"), kLine, "", ""},
        Row{"global_list", kAcme + "[[allowlists]]\nstopwords = ['k3j9']\n", kLine, "", ""},
        Row{"rule_path", kAcme + "path = '''\\.env$'''\n", kLine, "a/.env", "acme-key"},
        Row{"rule_path_other", kAcme + "path = '''\\.env$'''\n", kLine, "a.txt", ""},
        Row{"rule_path_unknown", kAcme + "path = '''\\.env$'''\n", kLine, "", "acme-key"},
        Row{"entropy_low", kAcme + "entropy = 4.7\n", kLine, "", ""},
        Row{"entropy_high", kAcme + "entropy = 3\n", kLine, "", "acme-key"},
        Row{"placeholder", kAcme, "key=acme_xxxxxxxxxxxxxxxxxxxx", "", ""},
        Row{"counting", kAcme, "key=acme_0123456789abcdefghij", "", ""},
        Row{"example", kAcme, "key=acme_k3j9x0q2m8wexamplee", "", ""},
        Row{"two", kAcme, kLine + "\n" + kLine, "", "acme-key acme-key"}),
    [](const auto& test) { return std::string(test.param.name); });

const std::string kPrecedence =
    "[[rules]]\nid = 'short'\nregex = '''(acme_[0-9a-z]{20})'''\n"
    "[[rules]]\nid = 'long'\nregex = '''(acme_[0-9a-z]{20}\\.[0-9a-z]{8})'''\n"
    "[[rules]]\nid = 'same'\nregex = '''key: (acme_[0-9a-z]{20})'''\n"
    "[[rules]]\nid = 'generic'\ngeneric = true\nregex = '''secret = \"([^\"]{8,80})\"'''\n";

TEST(Precedence, PrefersLongerThenRuleOrder) {
  const RuleSet rules = load(kPrecedence);
  EXPECT_EQ(reported(rules, kToken), "short");
  EXPECT_EQ(reported(rules, kToken + ".a8d7f6g5"), "long");
  EXPECT_EQ(reported(rules, "key: " + kToken), "short");
}

TEST(Precedence, PrefersSpecificToGeneric) {
  const RuleSet rules = load(kPrecedence);
  EXPECT_EQ(reported(rules, "secret = \"" + kToken + "+tail9\""), "short");
  EXPECT_EQ(reported(rules, "secret = \"q8Zt!k20Vn4\""), "generic");
}

TEST(Precedence, PrefersCertain) {
  const RuleSet rules = load(
      "[[rules]]\nid = 'plain'\nregex = '''x(ghp_[0-9A-Za-z]{36}\\.[a-z]{9})'''\n"
      "[[rules]]\nid = 'checked'\ncheck = 'crc32-base62'\nregex = '''(ghp_[0-9A-Za-z]{36})'''\n");
  EXPECT_EQ(reported(rules, expand("xghp_{base62:30}{crc32-base62}.abcdefghi")), "checked");
  EXPECT_EQ(reported(rules, expand("xghp_{base62:36}.abcdefghi")), "plain");
}

TEST(Generic, LeavesKnownPrefixesToTheirRules) {
  const RuleSet& rules = RuleSet::builtin();
  EXPECT_EQ(reported(rules, expand("token_secret = \"ghp_{base62:36}\"")), "");  // its checksum is wrong
  EXPECT_EQ(reported(rules, expand("my_secret = \"{base62:12}!{digit:2}\"")), "generic-assignment");
}

// Cut in two, so that nobody's scanner stumbles over them here.
TEST(Detector, LeavesWhatVendorsPublishForDevelopment) {
  const RuleSet& rules = RuleSet::builtin();
  const std::string azurite =
      std::string("Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz") + "4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
  const std::string supabase = std::string("sb_secret_N7UND0UgjKTVK") + "-Uodkm0Hg_xSvEMPvz";
  const std::string recaptcha = std::string("6LeIxAcTAAAAAGG") + "-vFI1TnRWxMZNFuojJ4WifJWe";
  EXPECT_EQ(reported(rules, "AccountName=devstoreaccount1;AccountKey=" + azurite + ";BlobEndpoint=x"), "");
  EXPECT_EQ(reported(rules, "SUPABASE_SECRET_KEY=" + supabase), "");
  EXPECT_EQ(reported(rules, "RECAPTCHA_SECRET_KEY=" + recaptcha), "");
  const std::string qstash = std::string("sig_7kYjw48mh") + "Y7kAjqNGcy6cr29RJ6r";
  EXPECT_EQ(reported(rules, "QSTASH_CURRENT_SIGNING_KEY=" + qstash), "");
  const auto other = [](std::string value) {
    value[20] = value[20] == 'x' ? 'y' : 'x';
    return value;
  };
  EXPECT_NE(reported(rules, "AccountName=devstoreaccount1;AccountKey=" + other(azurite) + ";BlobEndpoint=x"), "");
  EXPECT_NE(reported(rules, "SUPABASE_SECRET_KEY=" + other(supabase)), "");
  EXPECT_NE(reported(rules, "RECAPTCHA_SECRET_KEY=" + other(recaptcha)), "");
  EXPECT_NE(reported(rules, "QSTASH_CURRENT_SIGNING_KEY=" + other(qstash)), "");
}

TEST(Detector, IsDeterministicWhateverTheOrder) {
  const RuleSet& rules = RuleSet::builtin();
  const std::string text =
      expand("password = \"{base62:12}!{digit:2}\" ghp_{base62:30}{crc32-base62} {pem:rsa}\n{jwt:{{\"a\":1}}}");
  auto forward = test::confirmed(rules, text);
  auto backward = forward;
  std::reverse(backward.begin(), backward.end());
  settle(rules, as_bytes(text), kNoFile, forward);
  settle(rules, as_bytes(text), kNoFile, backward);
  EXPECT_GE(forward.size(), 4u);
  EXPECT_EQ(forward, backward);
}

// What makes verdicts inheritable along a delta: an anchor's window decides, nothing around it.
TEST(Detector, ConfirmDependsOnTheWindowOnly) {
  const RuleSet& rules = RuleSet::builtin();
  std::string text;
  for (const Rule& rule : rules.rules()) {
    for (const std::string_view example : rule.examples) text += expand(example, 5) + "\n";
  }
  auto scratch = rules.engine().make_scratch();
  std::vector<match::Anchor> anchors;
  std::vector<match::Match> matches;
  rules.engine().find_anchors(as_bytes(text), scratch, anchors);
  ASSERT_GT(anchors.size(), rules.rules().size());
  std::size_t confirmed = 0;
  for (const match::Anchor anchor : anchors) {
    std::vector<Candidate> whole, cut;
    confirm(rules, as_bytes(text), anchor, matches, whole);
    const match::Reach reach = rules.engine().reach(anchor.literal);
    const std::uint32_t begin = anchor.position - std::min(anchor.position, reach.before);
    const std::size_t end = std::min<std::size_t>(text.size(), std::size_t{anchor.position} + reach.after);
    const std::string window = text.substr(begin, end - begin);
    confirm(rules, as_bytes(window), {anchor.position - begin, anchor.literal}, matches, cut);
    for (Candidate& candidate : cut) {
      candidate.start += begin;
      candidate.match_start += begin;
    }
    EXPECT_EQ(whole, cut) << text.substr(anchor.position, 40);
    confirmed += whole.size();
  }
  EXPECT_GT(confirmed, rules.rules().size());
}

TEST(Fingerprint, IsStableAndSeparatesItsParts) {
  EXPECT_EQ(fingerprint("stripe-secret-key", "value"), "1fda00a657a513ef");
  EXPECT_NE(fingerprint("a", "bc"), fingerprint("ab", "c"));
  EXPECT_EQ(fingerprint("a", "b").size(), 16u);
}

TEST(Explain, FallsBackToTheRule) {
  Rule plain;
  plain.why = "format valid";
  EXPECT_EQ(explain_at(plain, "s", "s", 0).why, "format valid");
  Rule generic;
  generic.generic = true;
  const std::string match = "db_password = \"abcdabcd\"";
  EXPECT_EQ(explain_at(generic, std::string_view(match).substr(15, 8), match, 0).why, "entropy 2.0 near \"password\"");
}

}  // namespace
}  // namespace tightship::detect
