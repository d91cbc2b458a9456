// Rules of folders in history: an audit and a scan of changes report at each path what a scan of the file
// at that path would, whichever rules go before which on the same bytes.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "detect/token_template.h"
#include "scan/audit.h"
#include "scan/changes.h"
#include "scan/content_scanner.h"
#include "support/random_history.h"

namespace tightship::scan {
namespace {

using test::GitFixture;
using test::RandomHistory;

const detect::RuleSet& rules() {
  static const detect::RuleSet set = [] {
    auto loaded = detect::RuleSet::load(std::vector<detect::RuleInput>{
        {"root.toml", "", R"(
[extend]
useDefault = false
[[rules]]
id = "root-key"
regex = '''(root_[0-9a-z]{24})'''
[[rules]]
id = "wide-key"
regex = '''((?:root|quux)_[0-9a-z]{24})'''
)"},
        {"dir.toml", "dir/", "[extend]\ndisabledRules = ['root-key']\n"},
        {"sub.toml", "dir/sub/", "[[allowlists]]\nregexes = ['^quux_']\n"},
        {"z.toml", "z/", "[[rules]]\nid = 'z-key'\nregex = '''(k = root_[0-9a-z]{24})'''\n"},
        {"lib.toml", "lib/", "[extend]\nuseDefault = false\n"}});
    if (!loaded) throw std::runtime_error(loaded.error().what);
    return std::move(*loaded);
  }();
  return set;
}

std::string content_with_keys(std::uint64_t number) {
  const auto key = [&](const char* name) {
    return detect::expand_template(std::string(name) + "_{loweralnum:24}", number / 2).value();
  };
  return "file " + std::to_string(number) + "\nk = " + key("root") + "\n" + (number % 3 == 0 ? key("quux") + "\n" : "");
}

using Reports = std::set<std::string>;  // "rule secret path"

void add(const std::vector<detect::Finding>& findings, Reports& reports) {
  for (const detect::Finding& finding : findings) {
    for (const detect::Occurrence& where : finding.occurrences) {
      reports.insert(std::string(finding.rule->id) + ' ' + finding.secret + ' ' + where.path);
    }
  }
}

// What a scan of each version of each file reports.
Reports expected(const RandomHistory& history) {
  Reports reports;
  ContentScanner scanner(rules());
  for (const auto& commit : history.commits()) {
    for (const auto& [path, file] : commit.tree) {
      if (file.mode == "160000") continue;
      const std::string content = content_with_keys(file.content);
      for (const Hit& hit : scanner.scan(as_bytes(content), path)) {
        reports.insert(std::string(rules().rules()[hit.rule].id) + ' ' + hit.secret + ' ' + path);
      }
    }
  }
  return reports;
}

class FolderRules : public testing::TestWithParam<std::uint64_t> {};

TEST_P(FolderRules, HistoryIsJudgedByThePathsOfItsFiles) {
  GitFixture repo;
  const RandomHistory history(
      repo,
      {.seed = GetParam(), .commits = 40, .contents = 40, .packed = GetParam() % 2 == 0, .content = content_with_keys});
  repo.git({"gc", "-q", "--prune=now"});
  const Reports wanted = expected(history);
  AuditOptions options;
  options.path = repo.path();
  Progress progress;
  const auto audit = audit_repository(rules(), options, progress);
  ASSERT_TRUE(audit);
  Reports audited;
  add(audit->findings, audited);
  EXPECT_EQ(audited, wanted);

  Ledger ledger;
  const auto repository = git::open_repository(repo.path(), false, ledger);
  Changes changes;
  for (const auto& commit : history.commits()) changes.wanted.push_back(*Oid::from_hex(commit.id));
  const auto scanned = scan_changes(rules(), *repository, changes, {}, progress);
  ASSERT_TRUE(scanned);
  Reports changed;
  add(scanned->findings, changed);
  EXPECT_TRUE(std::includes(wanted.begin(), wanted.end(), changed.begin(), changed.end()));
  // Of one value a commit brings, later copies of it in the same file are the same finding.
  const auto values = [](const Reports& reports) {
    std::set<std::string> out;
    for (const std::string& report : reports) out.insert(report.substr(0, report.find(' ', report.find(' ') + 1)));
    return out;
  };
  EXPECT_EQ(values(changed), values(wanted));
  std::set<std::string> ids;
  for (const std::string& report : wanted) ids.insert(report.substr(0, report.find(' ')));
  EXPECT_EQ(ids, (std::set<std::string>{"root-key", "wide-key", "z-key"}));
}

INSTANTIATE_TEST_SUITE_P(Seeds, FolderRules, testing::Range<std::uint64_t>(1, 5));

TEST(FolderRulesElsewhere, MessagesAndNamesOfRefsLieInNoFolder) {
  GitFixture repo;
  const std::string key = detect::expand_template("root_{loweralnum:24}", 1).value();
  repo.write("z/file", "x k = " + key + "\n");
  repo.write("k = " + detect::expand_template("root_{loweralnum:24}", 2).value(), "x");
  repo.commit("k = " + detect::expand_template("root_{loweralnum:24}", 3).value());
  AuditOptions options;
  options.path = repo.path();
  Progress progress;
  const auto audit = audit_repository(rules(), options, progress);
  ASSERT_TRUE(audit);
  std::map<std::string, int> ids;
  for (const detect::Finding& finding : audit->findings) ++ids[std::string(finding.rule->id)];
  EXPECT_EQ(ids, (std::map<std::string, int>{{"root-key", 2}, {"z-key", 1}}));
}

}  // namespace
}  // namespace tightship::scan
