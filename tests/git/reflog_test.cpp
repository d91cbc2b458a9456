#include <gtest/gtest.h>

#include "git/repository.h"
#include "support/git_fixture.h"

namespace tightship::git {
namespace {

using test::GitFixture;

std::vector<ReflogEntry> entries_of(const std::string& path, Ledger& ledger) {
  const auto repository = open_repository(path, false, ledger);
  if (!repository) throw std::runtime_error(repository.error().what);
  return read_reflogs(*repository, ledger);
}

// Newest first, as `git reflog show` does.
std::string shown(const std::vector<ReflogEntry>& entries, const std::string& ref) {
  std::string text;
  for (auto it = entries.rbegin(); it != entries.rend(); ++it) {
    if (it->ref == ref) text += it->to.hex() + " " + it->message + "\n";
  }
  return text;
}

class ReflogOracle : public testing::TestWithParam<bool> {};

TEST_P(ReflogOracle, AgreesWithGitReflog) {
  GitFixture repo({.sha256 = GetParam(), .bare = false, .name = "repo"});
  repo.commit("one");
  repo.commit("two");
  repo.git({"reset", "-q", "--hard", "HEAD~1"});
  repo.git({"checkout", "-q", "-b", "topic/x"});
  repo.commit("three");
  const std::string linked = repo.root() + "/side tree";
  repo.git({"worktree", "add", "-q", "-b", "side", linked});
  repo.git_in(linked, {"commit", "-q", "--allow-empty", "-m", "in the linked one"});

  Ledger ledger;
  const auto entries = entries_of(repo.path(), ledger);
  for (const std::string ref :
       {"HEAD", "refs/heads/main", "refs/heads/topic/x", "refs/heads/side", "worktrees/side-tree/HEAD"}) {
    const std::string git = repo.git({"reflog", "show", "--format=%H %gs", ref});
    EXPECT_FALSE(git.empty()) << ref;
    EXPECT_EQ(shown(entries, ref), git) << ref;
  }
  const auto from_linked = entries_of(linked, ledger);
  EXPECT_EQ(shown(from_linked, "HEAD"), repo.git_in(linked, {"reflog", "show", "--format=%H %gs", "HEAD"}));
  EXPECT_EQ(shown(from_linked, "main-worktree/HEAD"), shown(entries, "HEAD"));
  EXPECT_EQ(from_linked.size(), entries.size());
  EXPECT_TRUE(ledger.empty());
}

INSTANTIATE_TEST_SUITE_P(Hashes, ReflogOracle, testing::Bool(),
                         [](const auto& row) { return row.param ? "sha256" : "sha1"; });

TEST(Reflog, TellsWhereALineIs) {
  GitFixture repo;
  const std::string one = repo.commit("one"), two = repo.commit("two");
  repo.git({"worktree", "add", "-q", "-b", "side", repo.root() + "/side"});
  Ledger ledger;
  bool found = false, linked = false;
  for (const auto& entry : entries_of(repo.path(), ledger)) {
    linked |= entry.file == "worktrees/side/logs/HEAD";
    if (entry.ref != "refs/heads/main" || entry.line != 2) continue;
    found = true;
    EXPECT_EQ(entry.from.hex(), one);
    EXPECT_EQ(entry.to.hex(), two);
    EXPECT_EQ(entry.file, "logs/refs/heads/main");
    EXPECT_EQ(entry.identity, "Ben <ben@example.com> 1700000060 +0100");
  }
  EXPECT_TRUE(found);
  EXPECT_TRUE(linked);
}

TEST(Reflog, EveryCutAndFlipKeepsTheOtherLine) {
  GitFixture repo;
  repo.commit("one");
  const std::string file = repo.git_dir() + "/logs/refs/heads/main";
  const std::string line = test::slurp(file);
  Ledger none;
  const auto repository = open_repository(repo.path(), false, none);
  ASSERT_TRUE(repository);
  std::size_t losses = 0;
  test::for_each_damage(line.substr(0, 83), [&](const std::string& damaged, const std::string& name) {
    test::write_file(file, damaged + "\n" + line);
    Ledger ledger;
    std::size_t whole = 0;
    for (const auto& entry : read_reflogs(*repository, ledger)) whole += entry.file == "logs/refs/heads/main";
    EXPECT_GE(whole, 1u) << name;
    EXPECT_EQ(ledger.total(), ledger.total(LossKind::CorruptIndex)) << name;
    losses += ledger.total();
  });
  EXPECT_GT(losses, 100u);
}

}  // namespace
}  // namespace tightship::git
