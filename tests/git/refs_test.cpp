#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

#include "git/repository.h"
#include "support/git_fixture.h"
#include "support/opened.h"

namespace tightship::git {
namespace {

using test::GitFixture;
using test::opened;

// "oid name symbolic" of the refs under refs/, as for-each-ref shows them.
std::string shown(const std::vector<Ref>& refs) {
  std::string text;
  for (const Ref& ref : refs) {
    if (ref.name.starts_with("refs/")) text += ref.target.hex() + " " + ref.name + " " + ref.symbolic + "\n";
  }
  return text;
}

const Ref* find(const std::vector<Ref>& refs, const std::string& name) {
  for (const Ref& ref : refs) {
    if (ref.name == name) return &ref;
  }
  return nullptr;
}

class RefsOracle : public testing::TestWithParam<bool> {
 protected:
  GitFixture repo_{{.sha256 = GetParam(), .bare = false, .name = "a b"}};
  void expect_same(const std::string& path) {
    Ledger ledger;
    const auto refs = read_refs(opened(path), ledger);
    EXPECT_EQ(shown(refs), repo_.git_in(path, {"for-each-ref", "--format=%(objectname) %(refname) %(symref)"}));
    const Ref* head = find(refs, "HEAD");
    ASSERT_NE(head, nullptr);
    EXPECT_EQ(head->target.hex() + "\n", repo_.git_in(path, {"rev-parse", "HEAD"}));
    EXPECT_TRUE(ledger.empty());
  }
};

TEST_P(RefsOracle, LoosePackedAndSymbolic) {
  repo_.commit("one");
  repo_.git({"tag", "-a", "-m", "x", "v1"});
  repo_.git({"tag", "light"});
  repo_.git({"branch", "feature/deep/er"});
  repo_.git({"notes", "add", "-m", "note"});
  repo_.write("s.txt", "dirty");
  repo_.git({"stash", "push", "-q", "-u"});
  repo_.git({"symbolic-ref", "refs/heads/alias", "refs/heads/main"});
  expect_same(repo_.path());
  repo_.git({"pack-refs", "--all"});
  expect_same(repo_.path());
  repo_.commit("two");  // loose over packed
  repo_.git({"branch", "-q", "-D", "feature/deep/er"});
  expect_same(repo_.path());
  repo_.git({"checkout", "-q", "--detach"});
  expect_same(repo_.path());
}

TEST_P(RefsOracle, LinkedWorktrees) {
  repo_.commit("one");
  const std::string linked = repo_.root() + "/linked tree";
  repo_.git({"worktree", "add", "-q", "-b", "side", linked});
  repo_.git_in(linked, {"update-ref", "refs/worktree/own", "HEAD"});
  repo_.git_in(linked, {"update-ref", "ORIG_HEAD", "HEAD"});
  repo_.git({"update-ref", "refs/worktree/main-own", "HEAD"});
  expect_same(repo_.path());
  expect_same(linked);
  Ledger ledger;
  const auto from_main = read_refs(opened(repo_.path()), ledger);
  const auto from_linked = read_refs(opened(linked), ledger);
  for (const char* name : {"worktrees/linked-tree/HEAD", "worktrees/linked-tree/ORIG_HEAD",
                           "worktrees/linked-tree/refs/worktree/own", "refs/worktree/main-own"}) {
    EXPECT_NE(find(from_main, name), nullptr) << name;
  }
  EXPECT_EQ(find(from_main, "worktrees/linked-tree/HEAD")->symbolic, "refs/heads/side");
  for (const char* name : {"main-worktree/HEAD", "main-worktree/refs/worktree/main-own", "refs/worktree/own"}) {
    EXPECT_NE(find(from_linked, name), nullptr) << name;
  }
  EXPECT_EQ(find(from_linked, "HEAD")->symbolic, "refs/heads/side");
  EXPECT_TRUE(ledger.empty());
}

TEST_P(RefsOracle, CloneWithRemoteHead) {
  repo_.commit("one");
  const std::string clone = repo_.root() + "/clone";
  repo_.git({"clone", "-q", repo_.path(), clone});
  repo_.git_in(clone, {"fetch", "-q", "origin"});
  expect_same(clone);
  Ledger ledger;
  const auto refs = read_refs(opened(clone), ledger);
  EXPECT_NE(find(refs, "FETCH_HEAD"), nullptr);
  EXPECT_EQ(find(refs, "refs/remotes/origin/HEAD")->symbolic, "refs/remotes/origin/main");
}

INSTANTIATE_TEST_SUITE_P(Hashes, RefsOracle, testing::Bool(),
                         [](const auto& row) { return row.param ? "sha256" : "sha1"; });

struct BrokenRow {
  const char* name;
  std::string file, content;  // below .git; {} stands for the commit
  LossKind kind;
  std::uint64_t losses;
};

class BrokenRef : public testing::TestWithParam<BrokenRow> {};

TEST_P(BrokenRef, IsALossAndTheOthersAreRead) {
  const auto& row = GetParam();
  GitFixture repo;
  const std::string commit = repo.commit("one");
  std::string content = row.content;
  if (const auto at = content.find("{}"); at != std::string::npos) content.replace(at, 2, commit);
  test::write_file(repo.git_dir() + "/" + row.file, content);
  Ledger ledger;
  const auto refs = read_refs(opened(repo.path()), ledger);
  EXPECT_EQ(ledger.total(), row.losses);
  EXPECT_EQ(ledger.total(row.kind), row.losses);
  ASSERT_NE(find(refs, "refs/heads/main"), nullptr);
  EXPECT_EQ(find(refs, "refs/heads/main")->target.hex(), commit);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, BrokenRef,
    testing::Values(BrokenRow{"empty", "refs/heads/x", "", LossKind::CorruptIndex, 1},
                    BrokenRow{"text", "refs/heads/x", "nonsense\n", LossKind::CorruptIndex, 1},
                    BrokenRow{"zero", "refs/heads/x", std::string(40, '0') + "\n", LossKind::CorruptIndex, 1},
                    BrokenRow{"too_long", "refs/heads/x", "{}0\n", LossKind::CorruptIndex, 1},
                    BrokenRow{"circle", "refs/heads/x", "ref: refs/heads/x\n", LossKind::CorruptIndex, 1},
                    BrokenRow{"unborn_head_is_none", "HEAD", "ref: refs/heads/new\n", LossKind::CorruptIndex, 0},
                    BrokenRow{"huge", "refs/heads/x", std::string(70'000, 'a'), LossKind::LimitExceeded, 1},
                    BrokenRow{"pseudo", "ORIG_HEAD", "junk\n", LossKind::CorruptIndex, 1},
                    BrokenRow{"packed", "packed-refs", "# pack-refs\n{} refs/heads/ok\nbad line\n",
                              LossKind::CorruptIndex, 1},
                    BrokenRow{"dangling_is_none", "refs/remotes/origin/HEAD", "ref: refs/remotes/origin/gone\n",
                              LossKind::CorruptIndex, 0},
                    BrokenRow{"empty_fetch_head_is_none", "FETCH_HEAD", "", LossKind::CorruptIndex, 0},
                    BrokenRow{"lock_is_none", "refs/heads/x.lock", "junk", LossKind::CorruptIndex, 0},
                    BrokenRow{"dot_is_none", "refs/heads/.x", "junk", LossKind::CorruptIndex, 0},
                    BrokenRow{"space_behind_is_fine", "refs/heads/x", "{} trailing\n", LossKind::CorruptIndex, 0}),
    [](const auto& row) { return row.param.name; });

TEST(Refs, UnbornHeadIsNoLoss) {
  GitFixture repo;
  Ledger ledger;
  EXPECT_TRUE(read_refs(opened(repo.path()), ledger).empty());
  EXPECT_TRUE(ledger.empty());
}

TEST(Refs, OctopusMergeHeadNamesEach) {
  GitFixture repo;
  const std::string one = repo.commit("one"), two = repo.commit("two");
  test::write_file(repo.git_dir() + "/MERGE_HEAD", one + "\n" + two + "\n");
  Ledger ledger;
  int merge_heads = 0;
  for (const Ref& ref : read_refs(opened(repo.path()), ledger)) merge_heads += ref.name == "MERGE_HEAD";
  EXPECT_EQ(merge_heads, 2);
}

TEST(Refs, HostileNamesAreKeptRaw) {
  GitFixture repo;
  const std::string commit = repo.commit("one"), name = "refs/heads/\x1b[31m\xff\nx";
  test::write_file(repo.git_dir() + "/" + name, commit + "\n");
  Ledger ledger;
  EXPECT_NE(find(read_refs(opened(repo.path()), ledger), name), nullptr);
}

TEST(Refs, LinksOutOfTheRepositoryAreNotFollowed) {
  GitFixture repo;
  const std::string commit = repo.commit("one");
  test::write_file(repo.root() + "/outside/x", commit + "\n");
  std::filesystem::create_directory_symlink(repo.root() + "/outside", repo.git_dir() + "/refs/heads/out");
  std::filesystem::create_directory_symlink("..", repo.git_dir() + "/refs/heads/circle");
  std::filesystem::create_symlink("refs/heads/main", repo.git_dir() + "/refs/heads/old-style");
  Ledger ledger;
  const auto refs = read_refs(opened(repo.path()), ledger);
  EXPECT_EQ(find(refs, "refs/heads/out/x"), nullptr);
  EXPECT_EQ(ledger.total(LossKind::Unsupported), 2u);
  ASSERT_NE(find(refs, "refs/heads/old-style"), nullptr);
  EXPECT_EQ(find(refs, "refs/heads/old-style")->symbolic, "refs/heads/main");
}

TEST(PackedRefs, DamageNeverCrashesAndIsNoted) {
  const std::string oid(40, 'a');
  const std::string good = "# pack-refs with: peeled fully-peeled sorted \n" + oid + " refs/tags/v1\n^" + oid + "\n" +
                           oid + " refs/tags/v2\n";
  Ledger clean;
  EXPECT_EQ(parse_packed_refs(good, HashKind::Sha1, clean).size(), 2u);
  EXPECT_TRUE(clean.empty());
  std::size_t noted = 0;
  test::for_each_damage(good, [&](const std::string& damaged, const std::string& name) {
    Ledger ledger;
    const auto refs = parse_packed_refs(damaged, HashKind::Sha1, ledger);
    EXPECT_LE(refs.size(), 3u) << name;
    noted += ledger.empty() ? 0 : 1;
    if (refs.size() < 2 && damaged.size() == good.size()) {
      EXPECT_FALSE(ledger.empty()) << name;
    }
  });
  EXPECT_GT(noted, 200u);
}

TEST(PackedRefs, AnotherWidthIsDamage) {
  Ledger ledger;
  EXPECT_TRUE(parse_packed_refs(std::string(40, 'a') + " refs/heads/x\n", HashKind::Sha256, ledger).empty());
  EXPECT_EQ(ledger.total(LossKind::CorruptIndex), 1u);
}

}  // namespace
}  // namespace tightship::git
