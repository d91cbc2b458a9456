// What new commits bring, on random histories, against a plain model of them and against the audit.

#include "scan/changes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "git/repository.h"
#include "scan/audit.h"
#include "support/opened.h"
#include "support/random_history.h"
#include "support/small_rules.h"

namespace tightship::scan {
namespace {

using test::GitFixture;
using test::ModelCommit;
using test::opened;
using test::RandomHistory;
using Values = std::set<std::string>;

// Half of the contents have keys in them; some have two, and some share theirs with another content.
Values keys_of(std::uint64_t content) {
  if (content % 2 != 0) return {};
  Values keys{test::live_key(content % 14)};
  if (content % 3 == 0) keys.insert(test::live_key(content % 22 + 100));
  return keys;
}

std::string content_with_keys(std::uint64_t content) {
  std::string text = "file " + std::to_string(content) + "\n";
  for (const std::string& key : keys_of(content)) text += "key = \"" + key + "\"\n";
  return text;
}

Values values_of(const std::vector<detect::Finding>& findings) {
  Values values;
  for (const detect::Finding& finding : findings) values.insert(finding.secret);
  return values;
}

struct Scanned {
  detect::ScanResult result;
  ChangeFacts facts;
};

Scanned scan(const GitFixture& repo, const RandomHistory& history, const std::vector<std::size_t>& wanted,
             const std::vector<std::size_t>& known, unsigned threads = 1) {
  Changes changes;
  for (const std::size_t commit : wanted) changes.wanted.push_back(*Oid::from_hex(history[commit].id));
  for (const std::size_t commit : known) changes.known.push_back(*Oid::from_hex(history[commit].id));
  Progress progress;
  Scanned scanned;
  auto result =
      scan_changes(test::small_rules(), opened(repo.path()), changes, {threads, {}}, progress, &scanned.facts);
  EXPECT_TRUE(result.has_value()) << (result ? "" : result.error().what);
  if (result) scanned.result = std::move(*result);
  return scanned;
}

bool is_file(const test::ModelFile& file) { return file.mode != "160000"; }

// The definition in scan/changes.h, on the model: a content that no parent has at that path, with a key
// that none of their versions there has, and which no known parent of a new commit has anywhere.
Values brought(const RandomHistory& history, const std::vector<std::size_t>& wanted,
               const std::vector<std::size_t>& known) {
  const std::set<std::size_t> old = history.reachable(known);
  std::set<std::uint64_t> boundary;
  std::vector<const ModelCommit*> fresh;
  for (const std::size_t number : history.reachable(wanted)) {
    if (old.contains(number)) continue;
    fresh.push_back(&history[number]);
    for (const std::size_t parent : history[number].parents) {
      if (!old.contains(parent)) continue;
      for (const auto& [path, file] : history[parent].tree) {
        if (is_file(file)) boundary.insert(file.content);
      }
    }
  }
  Values values;
  for (const ModelCommit* commit : fresh) {
    for (const auto& [path, file] : commit->tree) {
      if (!is_file(file) || boundary.contains(file.content)) continue;
      Values keys = keys_of(file.content);
      for (const std::size_t parent : commit->parents) {
        const auto before = history[parent].tree.find(path);
        if (before == history[parent].tree.end() || !is_file(before->second)) continue;
        for (const std::string& key : keys_of(before->second.content)) keys.erase(key);
      }
      values.merge(keys);
    }
  }
  return values;
}

// Keys that stand in any tree of these commits.
Values standing(const RandomHistory& history, const std::set<std::size_t>& commits) {
  Values values;
  for (const std::size_t commit : commits) {
    for (const auto& [path, file] : history[commit].tree) {
      if (is_file(file)) values.merge(keys_of(file.content));
    }
  }
  return values;
}

class ChangesOracle : public testing::TestWithParam<std::uint64_t> {};

TEST_P(ChangesOracle, FindsWhatTheCommitsBring) {
  GitFixture repo;
  RandomHistory history(
      repo,
      {.seed = GetParam(), .commits = 60, .contents = 60, .packed = GetParam() % 2 == 0, .content = content_with_keys});
  std::size_t found = 0, nothing = 0;
  for (int round = 0; round < 20; ++round) {
    const auto wanted = history.pick(3, false), known = history.pick(3, true);
    const Scanned scanned = scan(repo, history, wanted, known, 1 + static_cast<unsigned>(round) % 3);
    const Values own = values_of(scanned.result.findings);
    EXPECT_EQ(own, brought(history, wanted, known)) << "round " << round;
    EXPECT_TRUE(scanned.result.complete());
    EXPECT_EQ(scanned.facts.commits, history.new_commits(wanted, known).size());

    // A key that only the new commits have is never passed over; one that they have not is never found.
    const std::set<std::size_t> all = history.reachable(wanted), old = history.reachable(known);
    std::set<std::size_t> fresh;
    std::set_difference(all.begin(), all.end(), old.begin(), old.end(), std::inserter(fresh, fresh.end()));
    const Values in_new = standing(history, fresh), in_old = standing(history, old);
    for (const std::string& key : in_new) {
      if (!in_old.contains(key)) EXPECT_TRUE(own.contains(key)) << key;
    }
    for (const std::string& key : own) EXPECT_TRUE(in_new.contains(key)) << key;
    // What is inherited was there before, and is told apart from what is found.
    for (const std::string& key : values_of(scanned.facts.inherited)) {
      EXPECT_TRUE(in_old.contains(key)) << key;
      EXPECT_FALSE(own.contains(key)) << key;
    }
    (own.empty() ? nothing : found) += 1;
  }
  EXPECT_GT(found, 5u);
}

TEST_P(ChangesOracle, EverythingIsWhatAnAuditFinds) {
  GitFixture repo;
  RandomHistory history(repo, {.seed = GetParam() + 30, .commits = 40, .contents = 60, .content = content_with_keys});
  // An audit reads unreachable blobs too.
  repo.git({"gc", "-q", "--prune=now"});
  std::vector<std::size_t> all(history.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  AuditOptions options;
  options.path = repo.path();
  Progress progress;
  const auto audit = audit_repository(test::small_rules(), options, progress);
  ASSERT_TRUE(audit.has_value());
  const Scanned scanned = scan(repo, history, all, {}, 2);
  EXPECT_EQ(values_of(scanned.result.findings), values_of(audit->findings));
  EXPECT_FALSE(audit->findings.empty());
}

INSTANTIATE_TEST_SUITE_P(Seeds, ChangesOracle, testing::Range<std::uint64_t>(1, 9));

// More new commits than are gone through one by one: the other way to the same findings.
TEST(Changes, ALargePushFindsTheSame) {
  GitFixture repo;
  RandomHistory history(
      repo,
      {.seed = 77, .commits = 3400, .contents = 60, .one_root = true, .packed = true, .content = content_with_keys});
  std::vector<std::size_t> wanted;
  for (std::size_t i = 100; i < history.size(); ++i) wanted.push_back(i);
  for (const std::vector<std::size_t>& known : {std::vector<std::size_t>{}, {20}, {60, 90}}) {
    ASSERT_GT(history.new_commits(wanted, known).size(), 3000u);
    const Scanned scanned = scan(repo, history, wanted, known, 2);
    EXPECT_EQ(values_of(scanned.result.findings), brought(history, wanted, known));
    EXPECT_EQ(scanned.facts.commits, history.new_commits(wanted, known).size());
    EXPECT_TRUE(scanned.result.complete());
  }
}

// --- messages, names, tags ---

Scanned scan_range(const GitFixture& repo, const std::vector<std::string>& wanted,
                   const std::vector<std::string>& known) {
  Changes changes;
  const auto add = [&](const std::vector<std::string>& names, std::vector<Oid>& to) {
    for (const std::string& name : names) {
      to.push_back(*Oid::from_hex(repo.git({"rev-parse", name}).substr(0, 40)));
    }
  };
  add(wanted, changes.wanted);
  add(known, changes.known);
  Progress progress;
  Scanned scanned;
  auto result = scan_changes(test::small_rules(), opened(repo.path()), changes, {}, progress, &scanned.facts);
  EXPECT_TRUE(result.has_value()) << (result ? "" : result.error().what);
  if (result) scanned.result = std::move(*result);
  return scanned;
}

TEST(Changes, MessagesNamesAndLinksAreRead) {
  GitFixture repo;
  repo.commit("old " + test::live_key(1));
  repo.git({"tag", "old"});
  repo.write("dir-" + test::live_key(2) + "/file", "x");
  std::filesystem::create_symlink(test::live_key(3), repo.path() + "/link");
  repo.commit("new " + test::live_key(4));
  repo.git({"tag", "-a", "v1", "-m", "tag " + test::live_key(5)});
  EXPECT_EQ(values_of(scan_range(repo, {"v1"}, {"old"}).result.findings),
            (Values{test::live_key(2), test::live_key(3), test::live_key(4), test::live_key(5)}));
  EXPECT_EQ(values_of(scan_range(repo, {"main"}, {"old"}).result.findings),
            (Values{test::live_key(2), test::live_key(3), test::live_key(4)}));
  EXPECT_EQ(values_of(scan_range(repo, {"v1"}, {"main"}).result.findings), Values{test::live_key(5)});
  EXPECT_TRUE(scan_range(repo, {"v1"}, {"v1"}).result.findings.empty());
  EXPECT_TRUE(scan_range(repo, {"main"}, {"v1"}).result.findings.empty());
}

TEST(Changes, ATagOfATreeOrBlobBringsIt) {
  GitFixture repo;
  repo.commit("empty");
  const std::string blob = repo.git({"hash-object", "-w", "--stdin"}, "key " + test::live_key(1) + "\n").substr(0, 40);
  const std::string tree = repo.git({"mktree"}, "100644 blob " + blob + "\tfile\n").substr(0, 40);
  repo.git({"tag", "blob", blob});
  repo.git({"tag", "-a", "tree", "-m", "x", tree});
  EXPECT_EQ(values_of(scan_range(repo, {"blob"}, {"main"}).result.findings), Values{test::live_key(1)});
  EXPECT_EQ(values_of(scan_range(repo, {"tree"}, {"main"}).result.findings), Values{test::live_key(1)});
}

TEST(Changes, WhatIsAddedAndRemovedAgainIsFound) {
  GitFixture repo;
  repo.commit("start");
  repo.git({"tag", "start"});
  repo.write("file", "key " + test::live_key(1) + "\n");
  repo.commit("add");
  repo.write("file", "nothing\n");
  repo.commit("remove");
  const Scanned scanned = scan_range(repo, {"main"}, {"start"});
  EXPECT_EQ(values_of(scanned.result.findings), Values{test::live_key(1)});
  EXPECT_FALSE(scanned.result.findings.front().occurrences.front().in_head);
  EXPECT_TRUE(scan_range(repo, {"main"}, {"main~1"}).result.findings.empty());
}

TEST(Changes, AWantedObjectThatIsNotHereFails) {
  GitFixture repo;
  repo.commit("x");
  Changes changes;
  changes.wanted.push_back(*Oid::from_hex(std::string(40, '7')));
  Progress progress;
  const auto result = scan_changes(test::small_rules(), opened(repo.path()), changes, {}, progress);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().kind, ErrorKind::NotFound);
}

TEST(Changes, MissingBlobsAreLossesUnlessPromised) {
  GitFixture repo;
  repo.write("gone", "key " + test::live_key(1) + "\n");
  repo.write("here", "key " + test::live_key(2) + "\n");
  repo.commit("x");
  const std::string gone = repo.git({"rev-parse", "main:gone"}).substr(0, 40);
  test::remove_tree(repo.git_dir() + "/objects/" + gone.substr(0, 2) + "/" + gone.substr(2));
  const Scanned broken = scan_range(repo, {"main"}, {});
  EXPECT_EQ(values_of(broken.result.findings), Values{test::live_key(2)});
  EXPECT_FALSE(broken.result.complete());
  repo.git({"config", "remote.origin.promisor", "true"});
  const Scanned promised = scan_range(repo, {"main"}, {});
  EXPECT_EQ(values_of(promised.result.findings), Values{test::live_key(2)});
  EXPECT_TRUE(promised.result.complete());
}

}  // namespace
}  // namespace tightship::scan
