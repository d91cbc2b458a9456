#include "git/index_file.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "support/git_fixture.h"
#include "support/opened.h"

namespace tightship::git {
namespace {

using test::GitFixture;
using test::opened;

// As `git ls-files --stage -z`.
std::string shown(const std::vector<IndexEntry>& entries) {
  std::string text;
  for (const auto& entry : entries) {
    char mode[16];
    std::snprintf(mode, sizeof mode, "%06o", entry.mode);
    text += std::string(mode) + " " + entry.oid.hex() + " " + std::to_string(entry.stage) + "\t" + entry.path;
    text += '\0';
  }
  return text;
}

struct IndexRow {
  const char* name;
  bool sha256;
  const char* version;
};

class IndexOracle : public testing::TestWithParam<IndexRow> {
 protected:
  GitFixture repo_{{.sha256 = GetParam().sha256, .bare = false, .name = "repo"}};
  void expect_same() {
    const auto entries = read_index(opened(repo_.path()));
    ASSERT_TRUE(entries) << entries.error().what;
    EXPECT_FALSE(entries->empty());
    EXPECT_EQ(shown(*entries), repo_.git({"ls-files", "--stage", "-z"}));
    expect_names(*entries);
  }
  // Of what is in some path it says so; of anything else it may say so, in a version that cuts names.
  void expect_names(const std::vector<IndexEntry>& entries) {
    const Repository repository = opened(repo_.path());
    for (const IndexEntry& entry : entries) {
      EXPECT_TRUE(index_may_name(repository, entry.path));
      EXPECT_TRUE(index_may_name(repository, std::string_view(entry.path).substr(entry.path.size() / 2)));
    }
    const char version = test::slurp(repository.index_file)[7];
    const bool split = test::slurp(repository.index_file).find(std::string("link\0", 5)) != std::string::npos;
    EXPECT_EQ(index_may_name(repository, "/.tightship/"), version == 4 || split);
  }
};

TEST_P(IndexOracle, AgreesWithLsFiles) {
  for (int i = 0; i < 40; ++i) repo_.write("dir" + std::to_string(i % 3) + "/f" + std::to_string(i), "x");
  repo_.write("with space\nand newline", "y");
  repo_.write(std::string(200, 'a') + "/" + std::string(200, 'b') + "/" + std::string(200, 'c'), "deep");
  repo_.git({"update-index", "--index-version", GetParam().version});
  repo_.commit("one");
  repo_.git({"update-index", "--index-version", GetParam().version});
  expect_same();
  EXPECT_EQ(test::slurp(repo_.git_dir() + "/index")[7],
            GetParam().version[0] == '3' ? '\2' : GetParam().version[0] - '0');
}

TEST_P(IndexOracle, ConflictsAndFlags) {
  repo_.write("f", "base\n");
  repo_.write("g", "1");
  repo_.commit("base");
  repo_.git({"checkout", "-q", "-b", "side"});
  repo_.write("f", "side\n");
  repo_.commit("side");
  repo_.git({"checkout", "-q", "main"});
  repo_.write("f", "main\n");
  repo_.commit("main");
  EXPECT_NE(repo_.try_git(repo_.path(), {"merge", "side"}).exit_code, 0);
  repo_.write("later", "2");
  repo_.git({"add", "-N", "later"});
  repo_.git({"update-index", "--skip-worktree", "g"});
  repo_.git({"update-index", "--index-version", GetParam().version});
  expect_same();
  const auto entries = read_index(opened(repo_.path()));
  for (const auto& entry : *entries) {
    EXPECT_EQ(entry.intent_to_add, entry.path == "later");
    EXPECT_EQ(entry.skip_worktree, entry.path == "g");
    EXPECT_EQ(entry.stage != 0, entry.path == "f");
  }
}

TEST_P(IndexOracle, SplitIndex) {
  for (int i = 0; i < 200; ++i) {
    // Older than the index, or git takes each for possibly changed and replaces it.
    repo_.write("f" + std::to_string(i), "x");
    const std::filesystem::path file = repo_.path() + "/f" + std::to_string(i);
    std::filesystem::last_write_time(file, std::filesystem::last_write_time(file) - std::chrono::hours(1));
  }
  repo_.git({"config", "splitIndex.maxPercentChange", "100"});
  repo_.git({"update-index", "--index-version", GetParam().version});
  repo_.commit("one");
  repo_.git({"update-index", "--split-index"});
  expect_same();
  repo_.write("f7", "changed");
  repo_.write("new", "file");
  std::filesystem::remove(repo_.path() + "/f100");
  for (int i = 120; i < 190; ++i) std::filesystem::remove(repo_.path() + "/f" + std::to_string(i));
  repo_.git({"add", "-A"});
  const auto parsed = parse_index_content(as_bytes(test::slurp(repo_.git_dir() + "/index")), opened(repo_.path()).hash);
  ASSERT_TRUE(parsed && parsed->link);  // else the test proves nothing
  EXPECT_LT(parsed->entries.size(), 100u);
  expect_same();
}

INSTANTIATE_TEST_SUITE_P(Rows, IndexOracle,
                         testing::Values(IndexRow{"sha1_v2", false, "2"}, IndexRow{"sha1_v3", false, "3"},
                                         IndexRow{"sha1_v4", false, "4"}, IndexRow{"sha256_v2", true, "2"},
                                         IndexRow{"sha256_v4", true, "4"}),
                         [](const auto& row) { return row.param.name; });

TEST(Index, AMissingFileIsEmpty) {
  GitFixture repo;
  const auto entries = read_index(opened(repo.path()));
  ASSERT_TRUE(entries);
  EXPECT_TRUE(entries->empty());
}

TEST(Index, TheEnvironmentNamesAnother) {
  GitFixture repo;
  repo.write("f", "x");
  repo.commit("one");
  std::filesystem::copy_file(repo.git_dir() + "/index", repo.root() + "/other");
  repo.write("g", "y");
  repo.git({"add", "g"});
  setenv("GIT_INDEX_FILE", (repo.root() + "/other").c_str(), 1);
  Ledger ledger;
  const auto repository = open_repository(repo.path(), true, ledger);
  unsetenv("GIT_INDEX_FILE");
  ASSERT_TRUE(repository);
  EXPECT_EQ(read_index(*repository)->size(), 1u);
}

TEST(Index, ALostSharedFileIsAnError) {
  GitFixture repo;
  repo.write("f", "x");
  repo.commit("one");
  repo.git({"update-index", "--split-index"});
  for (const auto& entry : std::filesystem::directory_iterator(repo.git_dir())) {
    if (entry.path().filename().string().starts_with("sharedindex.")) std::filesystem::remove(entry.path());
  }
  const auto entries = read_index(opened(repo.path()));
  ASSERT_FALSE(entries);
  EXPECT_EQ(entries.error().kind, ErrorKind::Corrupt);
}

class IndexDamage : public testing::TestWithParam<const char*> {};

TEST_P(IndexDamage, EveryCutAndFlipIsAnError) {
  GitFixture repo;
  repo.write("dir/a", "x");
  repo.write("dir/b", "y");
  repo.commit("one");
  repo.git({"update-index", "--index-version", GetParam()});
  if (GetParam()[0] == '2') repo.git({"update-index", "--split-index"});
  const std::string good = test::slurp(repo.git_dir() + "/index");
  ASSERT_TRUE(parse_index_content(as_bytes(good), HashKind::Sha1));
  std::size_t parsed = 0;
  test::for_each_damage(good, [&](std::string damaged, const std::string& name) {
    const auto checked = parse_index_content(as_bytes(damaged), HashKind::Sha1);
    ASSERT_FALSE(checked) << name;
    EXPECT_TRUE(checked.error().kind == ErrorKind::Corrupt || checked.error().kind == ErrorKind::Unsupported) << name;
    // Without a checksum the damage reaches the parser itself.
    if (damaged.size() < 20) return;
    damaged.replace(damaged.size() - 20, 20, std::string(20, '\0'));
    const auto content = parse_index_content(as_bytes(damaged), HashKind::Sha1);
    if (content) {
      ++parsed;
      EXPECT_LE(content->entries.size(), 2u) << name;
      if (content->link) merge_split_index({}, *content);
    } else {
      EXPECT_NE(content.error().kind, ErrorKind::Io) << name;
    }
  });
  EXPECT_GT(parsed, 100u);
}

INSTANTIATE_TEST_SUITE_P(Versions, IndexDamage, testing::Values("2", "4"),
                         [](const auto& row) { return std::string("v") + row.param; });

std::string header(char version, char count) {
  return std::string("DIRC\0\0\0", 7) + version + std::string(3, '\0') + count;
}

struct RefusedRow {
  const char* name;
  std::string content;  // without the trailer
  ErrorKind kind;
};

class RefusedIndex : public testing::TestWithParam<RefusedRow> {};

TEST_P(RefusedIndex, HasTheRightKind) {
  const std::string content = GetParam().content + std::string(20, '\0');
  const auto entries = parse_index(as_bytes(content), HashKind::Sha1);
  ASSERT_FALSE(entries);
  EXPECT_EQ(entries.error().kind, GetParam().kind) << entries.error().what;
}

INSTANTIATE_TEST_SUITE_P(
    Rows, RefusedIndex,
    testing::Values(RefusedRow{"empty", "", ErrorKind::Corrupt}, RefusedRow{"magic", "DIRX", ErrorKind::Corrupt},
                    RefusedRow{"version_1", header(1, 0), ErrorKind::Unsupported},
                    RefusedRow{"version_5", header(5, 0), ErrorKind::Unsupported},
                    RefusedRow{"count", header(2, 9), ErrorKind::Corrupt},
                    RefusedRow{"nameless", header(2, 1) + std::string(64, '\0'), ErrorKind::Corrupt},
                    RefusedRow{"needed_extension", header(2, 0) + "zzzz" + std::string(4, '\0'),
                               ErrorKind::Unsupported},
                    RefusedRow{"extension_cut", header(2, 0) + "TREE" + "\x7f\x7f\x7f\x7f", ErrorKind::Corrupt},
                    RefusedRow{"split", header(2, 0) + "link" + std::string("\0\0\0\x14", 4) + std::string(20, 'b'),
                               ErrorKind::Unsupported}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace tightship::git
