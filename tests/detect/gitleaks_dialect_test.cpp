// Rules in gitleaks' dialect: what its own program would report of the same text.

#include <gtest/gtest.h>

#include "detect/detector.h"
#include "detect/rule_file.h"
#include "scan_text.h"

namespace tightship::detect {
namespace {

Result<RuleSet> load(std::string text, std::vector<std::string> only = {}) {
  LoadOptions options;
  options.dialect = Dialect::Gitleaks;
  options.text = std::move(text);
  options.text_name = ".gitleaks.toml";
  options.only = std::move(only);
  return RuleSet::load(std::vector<RuleInput>{}, options);
}

std::vector<Candidate> scan(const RuleSet& rules, std::string_view text, std::string_view path) {
  auto scratch = rules.engine().make_scratch();
  std::vector<match::Anchor> anchors;
  std::vector<match::Match> matches;
  std::vector<Candidate> found;
  std::vector<std::uint8_t> seen(rules.engine().literal_count());
  rules.engine().find_anchors(as_bytes(text), scratch, anchors);
  for (const auto anchor : anchors) {
    seen[anchor.literal] = 1;
    confirm(rules, as_bytes(text), anchor, matches, found);
  }
  search(rules, as_bytes(text), seen, matches, found);
  settle(rules, as_bytes(text), path, found);
  return found;
}

// "rule=secret rule=secret", by position.
std::string reported(const RuleSet& rules, std::string_view text, std::string_view path) {
  std::string out;
  for (const Candidate& candidate : scan(rules, text, path)) {
    if (!out.empty()) out += ' ';
    out += std::string(rules.rules()[candidate.rule].id) + "=" +
           std::string(text.substr(candidate.start, candidate.length));
  }
  return out;
}

struct Row {
  const char* name;
  std::string config, text;
  const char* path;
  const char* reported;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

class GitleaksDialect : public ::testing::TestWithParam<Row> {};

TEST_P(GitleaksDialect, ReportsWhatGitleaksReports) {
  const auto rules = load(GetParam().config);
  ASSERT_TRUE(rules) << rules.error().what << " " << rules.error().where;
  EXPECT_EQ(reported(*rules, GetParam().text, GetParam().path), GetParam().reported);
}

std::string rule(const std::string& more, const std::string& regex = "acme_([a-z]*)([0-9]*)") {
  return "[[rules]]\nid = 'acme'\nregex = '''" + regex + "'''\n" + more;
}

std::string allow(const std::string& more) { return rule("[[rules.allowlists]]\n" + more); }

// 'acme' counts only with an id at most a line away.
std::string with_id(const std::string& more = "") {
  return rule("[[rules.required]]\nid = 'acme-id'\nwithinLines = 1\n") +
         "[[rules]]\nid = 'acme-id'\nregex = 'id-[0-9]'\n" + more;
}

INSTANTIATE_TEST_SUITE_P(
    Rows, GitleaksDialect,
    ::testing::Values(
        Row{"OnlyTheFilesRules", rule(""), "acme_abc " + test::expand("ghp_{base62:30}{crc32-base62}", 1), "a",
            "acme=abc"},
        Row{"FirstGroupThatIsNotEmpty", rule(""), "acme_42", "a", "acme=42"},
        Row{"WholeMatchWithoutGroups", rule("", "acme_[a-z]+"), "x acme_abc", "a", "acme=acme_abc"},
        Row{"SecretGroup", rule("secretGroup = 2\n"), "acme_ab12", "a", "acme=12"},
        Row{"LineEndsAreCutOff", rule("", "\\n?acme_[a-z]+\\n"), "\nacme_abc\n", "a", "acme=acme_abc"},
        Row{"PlaceholdersToo", rule("", "acme_([a-z]+)"), "acme_example acme_xxxxxxxx", "a",
            "acme=example acme=xxxxxxxx"},
        Row{"Entropy", rule("entropy = 2\n", "acme_([a-z]+)"), "acme_aaaabbbb acme_abcdefgh", "a", "acme=abcdefgh"},
        Row{"KeywordInTheFile", rule("keywords = ['Token']\n"), "acme_abc # TOKEN", "a", "acme=abc"},
        Row{"KeywordMissing", rule("keywords = ['Token']\n"), "acme_abc", "a", ""},
        Row{"Stopword", allow("stopwords = ['test']\n"), "acme_mytest acme_mine", "a", "acme=mine"},
        Row{"StopwordOfOneLetter", allow("stopwords = ['z']\n"), "acme_az acme_ab", "a", "acme=ab"},
        Row{"RegexOnSecret", allow("regexes = ['^a']\n"), "acme_ab acme_ba", "a", "acme=ba"},
        Row{"RegexOnMatch", allow("regexTarget = 'match'\nregexes = ['^acme_a']\n"), "acme_ab acme_ba", "a", "acme=ba"},
        Row{"RegexOnLine", allow("regexTarget = 'line'\nregexes = ['# no']\n"), "acme_a # no\nacme_b", "a", "acme=b"},
        Row{"Path", allow("paths = ['^docs/']\n"), "acme_ab", "docs/a", ""},
        Row{"AndNeedsBoth", allow("condition = 'AND'\npaths = ['^docs/']\nstopwords = ['x']\n"), "acme_ax acme_ab",
            "docs/a", "acme=ab"},
        Row{"AndWithoutThePath", allow("condition = '&&'\npaths = ['^docs/']\nstopwords = ['x']\n"), "acme_ax", "src/a",
            "acme=ax"},
        Row{"CommitsAreUnknownHere", allow("commits = ['0123']\n"), "acme_ab", "a", "acme=ab"},
        Row{"PathRule", rule("path = '''\\.env$'''\n"), "acme_ab", "a.env", "acme=ab"},
        Row{"PathRuleElsewhere", rule("path = '''\\.env$'''\n"), "acme_ab", "a.txt", ""},
        Row{"AllowComment", rule(""), "acme_ab # gitleaks:allow\nacme_cd", "a", "acme=cd"},
        Row{"SkipReport", rule("skipReport = true\n"), "acme_ab", "a", ""},
        Row{"EveryRuleReports", rule("") + "\n[[rules]]\nid = 'other'\nregex = 'acme_[a-z]{2,}'\n", "acme_abc", "a",
            "other=acme_abc acme=abc"},
        Row{"GenericGivesWay", rule("") + "\n[[rules]]\nid = 'generic-key'\nregex = 'me_([a-z]{3})'\n", "acme_abcdef",
            "a", "acme=abcdef"},
        Row{"GenericOnAnotherLine", rule("") + "\n[[rules]]\nid = 'generic-key'\nregex = '_n([a-z]{2})'\n",
            "acme_xnab\nx_nab", "a", "acme=xnab generic-key=ab"},
        Row{"RequiredIsNear", with_id(), "acme_abc\nid-1", "a", "acme=abc acme-id=id-1"},
        Row{"RequiredIsFar", with_id(), "acme_abc\n\nid-1", "a", "acme-id=id-1"},
        Row{"RequiredIsNotReported", with_id("skipReport = true\n"), "acme_abc\nid-1", "a", "acme=abc"},
        Row{"GenericStaysWhereTheOtherLacksItsId", with_id("[[rules]]\nid = 'generic-key'\nregex = 'me_([a-z]{3})'\n"),
            "acme_abcdef", "a", "generic-key=abc"},
        Row{"NoParts",
            rule("[[rules.parts]]\nid = 'acme-id'\nname = 'id'\n") + "[[rules]]\nid = 'acme-id'\nregex = 'id-[0-9]'\n",
            "acme_abc\nid-1", "a", "acme=abc acme-id=id-1"},
        Row{"NoLiteral", rule("", "[a-f]{2}-[0-9]{2}"), "ab-12", "a", "acme=ab-12"}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(GitleaksConfig, ARepeatWithoutBoundsIsFollowedToItsEnd) {
  const auto rules = load(rule("", "acme_([a-z]+);"));
  ASSERT_TRUE(rules);
  const std::string secret(1000, 'a');
  EXPECT_EQ(reported(*rules, "x acme_" + secret + "; y", "a"), "acme=" + secret);
}

TEST(GitleaksConfig, CannotRequireABuiltInRule) {
  const std::string id(RuleSet::builtin().rules().front().id);
  const auto rules = load("[extend]\nuseDefault = true\n" + rule("[[rules.required]]\nid = '" + id + "'\n"));
  ASSERT_FALSE(rules);
  EXPECT_EQ(rules.error().what,
            "rule 'acme' requires the built-in rule '" + id + "': a rule of gitleaks can require such rules only");
}

TEST(GitleaksConfig, ExtendsTheBuiltInRulesWhenAsked) {
  const auto alone = load(rule("")), with = load("[extend]\nuseDefault = true\n" + rule(""));
  ASSERT_TRUE(alone && with);
  EXPECT_EQ(alone->rules().size(), 1u);
  EXPECT_EQ(with->rules().size(), RuleSet::builtin().rules().size() + 1);
  EXPECT_EQ(with->find("acme")->dialect, Dialect::Gitleaks);
  EXPECT_EQ(with->rules().front().dialect, Dialect::Own);
}

TEST(GitleaksConfig, OnlyTheRulesThatAreNamed) {
  const std::string two = rule("") + "\n[[rules]]\nid = 'other'\nregex = 'other_x'\n";
  EXPECT_EQ(load(two, {"other"})->rules().size(), 1u);
  EXPECT_FALSE(load(two, {"othre"}));
}

TEST(GitleaksConfig, UrlIsNoError) {
  const auto rules = load("[extend]\nurl = 'https://example.com/rules.toml'\n" + rule(""));
  ASSERT_TRUE(rules);
  EXPECT_EQ(files_of(*rules).front()->problems.size(), 1u);
}

TEST(Commits, AreAllowedWhereTheyAreKnown) {
  const std::string commit = "0123456789abcdef0123456789abcdef01234567";
  const auto rules = load(allow("commits = ['0123456789ABCDEF0123456789abcdef01234567']\n"));
  const auto both = load(allow("condition = 'AND'\ncommits = ['" + commit + "']\npaths = ['^docs/']\n"));
  ASSERT_TRUE(rules && both);
  const std::string text = "acme_ab";
  const Candidate candidate = scan(*rules, text, "a").front();
  EXPECT_TRUE(names_commits(*rules));
  EXPECT_TRUE(commit_is_allowed(*rules, as_bytes(text), "a", candidate, commit));
  EXPECT_FALSE(commit_is_allowed(*rules, as_bytes(text), "a", candidate, std::string(40, '1')));
  EXPECT_FALSE(commit_is_allowed(*both, as_bytes(text), "a", candidate, commit));
  EXPECT_TRUE(commit_is_allowed(*both, as_bytes(text), "docs/a", candidate, commit));
  EXPECT_FALSE(names_commits(*load(rule(""))));
}

struct PathRow {
  const char* name;
  const char* regex;
  const char* path;
  bool reported;
  bool asks_every_name;  // the last part of a path says nothing
};

void PrintTo(const PathRow& row, std::ostream* out) { *out << row.name; }

class FilePaths : public ::testing::TestWithParam<PathRow> {};

TEST_P(FilePaths, ReportFilesByTheirPath) {
  const PathRow& row = GetParam();
  const auto rules = load("[[rules]]\nid = 'file'\npath = '''" + std::string(row.regex) + "'''\n");
  ASSERT_TRUE(rules) << rules.error().what;
  EXPECT_TRUE(has_path_rules(*rules));
  EXPECT_EQ(rules_of_path(*rules, row.path).size(), row.reported ? 1u : 0u);
  const std::string_view path = row.path;
  const std::string_view last = path.substr(path.rfind('/') + 1);
  if (row.reported) {
    EXPECT_TRUE(name_may_matter(*rules, last));
  }
  EXPECT_EQ(name_may_matter(*rules, "zzz"), row.asks_every_name);
}

INSTANTIATE_TEST_SUITE_P(Rows, FilePaths,
                         ::testing::Values(PathRow{"Extension", "(?i)(?:^|\\/)[^\\/]+\\.p(?:12|fx)$", "a/key.P12", true,
                                                   false},
                                           PathRow{"Name", "(?:^|/)id_rsa$", "home/.ssh/id_rsa", true, false},
                                           PathRow{"NameAtTheRoot", "(?:^|/)id_rsa$", "id_rsa", true, false},
                                           PathRow{"OtherName", "(?:^|/)id_rsa$", "my_id_rsa", false, false},
                                           PathRow{"Folder", "(?:^|/)secrets/", "a/secrets/b", true, true},
                                           PathRow{"AnyCharacter", "conf.*key$", "conf/a/key", true, true},
                                           PathRow{"Alternatives", "a_key|b_key$", "a_key/x", true, true},
                                           PathRow{"Suffix", "\\.keystore$", "x/app.keystore", true, false}),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(FileRules, ObeyAllowLists) {
  const auto rules = load("[[rules]]\nid = 'file'\npath = 'key$'\n[[allowlists]]\npaths = ['^test/']\n");
  ASSERT_TRUE(rules);
  EXPECT_EQ(rules_of_path(*rules, "a/key").size(), 1u);
  EXPECT_EQ(rules_of_path(*rules, "test/key").size(), 0u);
}

}  // namespace
}  // namespace tightship::detect
