// New commits as `git rev-list` and a walk of the whole graph tell them.

#include "git/commit_walk.h"

#include <gtest/gtest.h>

#include <sstream>

#include "support/opened.h"
#include "support/random_history.h"

namespace tightship::git {
namespace {

using test::GitFixture;
using test::oid;
using test::opened;
using test::RandomHistory;

constexpr std::size_t kNoLimit = 1'000'000;

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

struct Walked {
  CommitWalk walk;
  Ledger ledger;
  std::set<std::string> ids() const {
    std::set<std::string> out;
    for (const NewCommit& commit : walk.commits) out.insert(commit.id.hex());
    return out;
  }
};

void walk(const std::string& path, const std::vector<std::string>& wanted, const std::vector<std::string>& known,
          Walked& out, std::size_t limit = kNoLimit) {
  const Repository repository = opened(path);
  ObjectReader objects(repository, out.ledger);
  std::vector<Oid> w, k;
  for (const std::string& hex : wanted) w.push_back(oid(hex));
  for (const std::string& hex : known) k.push_back(oid(hex));
  out.walk = walk_new_commits(repository, objects, w, k, limit, out.ledger);
}

std::vector<std::string> names(const RandomHistory& history, const std::vector<std::size_t>& commits) {
  std::vector<std::string> out;
  for (const std::size_t commit : commits) out.push_back(history[commit].id);
  return out;
}

std::set<std::string> rev_list(const GitFixture& repo, const std::string& path, const std::vector<std::string>& wanted,
                               const std::vector<std::string>& known) {
  std::vector<std::string> args = {"rev-list"};
  args.insert(args.end(), wanted.begin(), wanted.end());
  for (const std::string& id : known) args.push_back("^" + id);
  std::istringstream lines(repo.git_in(path, args));
  std::set<std::string> out;
  for (std::string line; std::getline(lines, line);) out.insert(line);
  return out;
}

// What holds of every walk: parents first, each once, and what is said of parents is true.
void expect_ordered(const CommitWalk& walk, const RandomHistory& history, const std::vector<std::size_t>& known) {
  std::set<std::string> old, seen, all;
  for (const std::size_t commit : history.reachable(known)) old.insert(history[commit].id);
  for (const NewCommit& commit : walk.commits) all.insert(commit.id.hex());
  for (const NewCommit& commit : walk.commits) {
    EXPECT_TRUE(seen.insert(commit.id.hex()).second);
    ASSERT_EQ(commit.parents.size(), commit.parent_known.size());
    for (std::size_t i = 0; i < commit.parents.size(); ++i) {
      const std::string parent = commit.parents[i].hex();
      if (all.contains(parent)) EXPECT_TRUE(seen.contains(parent)) << "a child comes before its parent";
      if (commit.parent_known[i]) EXPECT_TRUE(old.contains(parent));
    }
  }
}

class WalkOracle : public testing::TestWithParam<std::uint64_t> {};

TEST_P(WalkOracle, SaysWhatRevListSays) {
  GitFixture repo;
  RandomHistory history(repo, {.seed = GetParam(), .commits = 80, .packed = GetParam() % 2 == 0});
  for (int round = 0; round < 25; ++round) {
    const auto wanted = history.pick(3, false), known = history.pick(3, true);
    Walked got;
    walk(repo.path(), names(history, wanted), names(history, known), got);
    EXPECT_EQ(got.ids(), history.new_commits(wanted, known)) << "round " << round;
    EXPECT_EQ(got.ids(), rev_list(repo, repo.path(), names(history, wanted), names(history, known)));
    EXPECT_FALSE(got.walk.cut_off || got.walk.over_limit);
    EXPECT_TRUE(got.ledger.empty());
    expect_ordered(got.walk, history, known);
    for (const NewCommit& commit : got.walk.commits) {
      for (std::size_t i = 0; i < commit.parents.size(); ++i) {
        EXPECT_NE(commit.parent_known[i], got.ids().contains(commit.parents[i].hex()));
      }
    }
  }
}

// With clocks that went wrong git itself only promises its best; a commit that is new must still be found.
TEST_P(WalkOracle, WrongClocksNeverHideANewCommit) {
  GitFixture repo;
  RandomHistory history(repo, {.seed = GetParam() + 100, .commits = 80, .skew_minutes = 400});
  std::size_t too_many = 0, exact = 0;
  for (int round = 0; round < 25; ++round) {
    const auto wanted = history.pick(3, false), known = history.pick(3, true);
    Walked got;
    walk(repo.path(), names(history, wanted), names(history, known), got);
    const auto ids = got.ids(), truth = history.new_commits(wanted, known);
    EXPECT_TRUE(std::includes(ids.begin(), ids.end(), truth.begin(), truth.end())) << "round " << round;
    expect_ordered(got.walk, history, known);
    (ids == truth ? exact : too_many) += 1;
  }
  EXPECT_GT(exact, too_many * 4);
}

INSTANTIATE_TEST_SUITE_P(Seeds, WalkOracle, testing::Range<std::uint64_t>(1, 7));

TEST(CommitWalk, StopsAtTheLimit) {
  GitFixture repo;
  RandomHistory history(repo, {.commits = 30});
  const std::size_t all = history.new_commits({29}, {}).size();
  Walked fits, over;
  walk(repo.path(), {history[29].id}, {}, fits, all);
  EXPECT_FALSE(fits.walk.over_limit);
  EXPECT_EQ(fits.walk.commits.size(), all);
  walk(repo.path(), {history[29].id}, {}, over, all - 1);
  EXPECT_TRUE(over.walk.over_limit);
}

TEST(CommitWalk, ShallowCloneEndsAtItsBoundary) {
  GitFixture repo;
  for (int i = 0; i < 6; ++i) repo.commit("one of six");
  const std::string clone = repo.root() + "/shallow";
  repo.git_in(repo.root(), {"clone", "-q", "--depth=3", "file://" + repo.path(), clone});
  const std::string head = first_line(repo.git_in(clone, {"rev-parse", "HEAD"}));
  const std::string second = first_line(repo.git_in(clone, {"rev-parse", "HEAD~1"}));
  Walked whole, part;
  walk(clone, {head}, {}, whole);
  EXPECT_EQ(whole.ids(), rev_list(repo, clone, {head}, {}));
  EXPECT_EQ(whole.walk.commits.size(), 3u);
  EXPECT_TRUE(whole.walk.commits.front().parents.empty());
  EXPECT_TRUE(whole.walk.cut_off);
  EXPECT_TRUE(whole.ledger.empty());
  walk(clone, {head}, {second}, part);
  EXPECT_EQ(part.ids(), std::set<std::string>{head});
  EXPECT_FALSE(part.walk.cut_off);
}

struct Broken {
  Broken() {
    for (int i = 0; i < 5; ++i) ids.push_back(repo.commit("number " + std::to_string(i)));
    test::remove_tree(repo.git_dir() + "/objects/" + ids[2].substr(0, 2) + "/" + ids[2].substr(2));
  }
  GitFixture repo;
  std::vector<std::string> ids;
};

TEST(CommitWalk, AMissingParentIsALoss) {
  Broken broken;
  Walked got;
  walk(broken.repo.path(), {broken.ids[4]}, {}, got);
  EXPECT_EQ(got.ids(), (std::set<std::string>{broken.ids[3], broken.ids[4]}));
  EXPECT_EQ(got.ledger.total(LossKind::MissingObject), 1u);
  EXPECT_EQ(got.ledger.total(), 1u);
  EXPECT_FALSE(got.walk.cut_off);
}

TEST(CommitWalk, APromisedParentIsNone) {
  Broken broken;
  broken.repo.git({"config", "remote.origin.promisor", "true"});
  Walked got;
  walk(broken.repo.path(), {broken.ids[4]}, {}, got);
  EXPECT_EQ(got.ids(), (std::set<std::string>{broken.ids[3], broken.ids[4]}));
  EXPECT_TRUE(got.ledger.empty());
  EXPECT_TRUE(got.walk.cut_off);
}

TEST(CommitWalk, AKnownCommitThatIsNotHereExcludesNothing) {
  Broken broken;
  Walked got;
  walk(broken.repo.path(), {broken.ids[1]}, {broken.ids[2], std::string(40, '7')}, got);
  EXPECT_EQ(got.ids(), (std::set<std::string>{broken.ids[0], broken.ids[1]}));
  EXPECT_TRUE(got.ledger.empty());
}

TEST(CommitWalk, WhatIsMissingBelowAKnownCommitIsNoLoss) {
  Broken broken;
  Walked got;
  walk(broken.repo.path(), {broken.ids[4]}, {broken.ids[3]}, got);
  EXPECT_EQ(got.ids(), std::set<std::string>{broken.ids[4]});
  EXPECT_TRUE(got.ledger.empty());
}

TEST(CommitWalk, AWantedObjectThatIsNoCommitIsALoss) {
  GitFixture repo;
  repo.write("file", "text");
  repo.commit("one");
  Walked got;
  walk(repo.path(), {first_line(repo.git({"rev-parse", "HEAD:file"}))}, {}, got);
  EXPECT_TRUE(got.walk.commits.empty());
  EXPECT_EQ(got.ledger.total(), 1u);
}

}  // namespace
}  // namespace tightship::git
