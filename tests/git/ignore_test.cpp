#include "git/ignore.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <thread>
#include <vector>

#include "support/git_fixture.h"

namespace tightship::git {
namespace {

using test::GitFixture;

struct IgnoreRow {
  const char* name;
  std::string path;
  bool folder;
};

class IgnoreOracle : public testing::TestWithParam<IgnoreRow> {};

TEST_P(IgnoreOracle, AgreesWithCheckIgnore) {
  GitFixture repo({.sha256 = false, .bare = false, .name = "a b"});
  repo.write(".gitignore", "*.log\n!keep.log\n/build/\ndeep/**/x\n# comment\n\\#hash\ntrail\\ \n");
  repo.write("sub/.gitignore", "local\n!*.log\n");
  test::write_file(repo.git_dir() + "/info/exclude", "excluded\n");
  const auto& row = GetParam();
  const std::string full = repo.path() + "/" + row.path;
  if (row.folder) {
    std::filesystem::create_directories(full);
  } else {
    test::write_file(full, "x");
  }
  const auto rules = IgnoreRules::open(repo.path());
  ASSERT_TRUE(rules) << rules.error().what;
  const bool git = repo.try_git(repo.path(), {"check-ignore", "-q", "--no-index", row.path}).exit_code == 0;
  EXPECT_EQ(rules->is_ignored(row.folder ? row.path + "/" : row.path), git);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, IgnoreOracle,
    testing::Values(IgnoreRow{"plain", "src/a.cpp", false}, IgnoreRow{"log", "a.log", false},
                    IgnoreRow{"kept", "keep.log", false}, IgnoreRow{"folder", "build", true},
                    IgnoreRow{"in_folder", "build/x/y.o", false}, IgnoreRow{"not_at_top", "sub/build", true},
                    IgnoreRow{"stars", "deep/a/b/x", false}, IgnoreRow{"nested_rule", "sub/local", false},
                    IgnoreRow{"nested_only_there", "local", false}, IgnoreRow{"nested_negation", "sub/a.log", false},
                    IgnoreRow{"info_exclude", "excluded", false}, IgnoreRow{"escaped_hash", "#hash", false},
                    IgnoreRow{"escaped_space", "trail ", false}, IgnoreRow{"newline", "a\nb.log", false},
                    IgnoreRow{"file_named_like_folder", "build", false}),
    [](const auto& row) { return row.param.name; });

TEST(IgnoreRules, LinkedWorktreesHaveThemToo) {
  GitFixture repo;
  repo.write(".gitignore", "*.log\n");
  repo.commit("one");
  const std::string linked = repo.root() + "/linked";
  repo.git({"worktree", "add", "-q", linked});
  const auto rules = IgnoreRules::open(linked);
  ASSERT_TRUE(rules) << rules.error().what;
  EXPECT_TRUE(rules->is_ignored("a.log"));
  EXPECT_FALSE(rules->is_ignored("a.txt"));
}

TEST(IgnoreRules, Sha256AndPlainFoldersAreUnsupported) {
  GitFixture repo({.sha256 = true, .bare = false, .name = "repo"});
  const auto rules = IgnoreRules::open(repo.path());
  ASSERT_FALSE(rules);
  EXPECT_EQ(rules.error().kind, ErrorKind::Unsupported);
  EXPECT_EQ(IgnoreRules::open(repo.root()).error().kind, ErrorKind::Unsupported);
}

TEST(IgnoreRules, ThreadsMayShareThem) {
  GitFixture repo;
  repo.write(".gitignore", "*.log\n");
  const auto rules = IgnoreRules::open(repo.path());
  ASSERT_TRUE(rules);
  std::vector<int> ignored(4);
  std::vector<std::thread> threads;
  for (int& count : ignored) {
    threads.emplace_back([&rules, &count] {
      for (int i = 0; i < 50; ++i) count += rules->is_ignored("d" + std::to_string(i) + "/a.log");
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(ignored, std::vector<int>(4, 50));
}

TEST(Libgit2, SaysItsVersion) { EXPECT_TRUE(libgit2_version().starts_with("libgit2 1.")) << libgit2_version(); }

}  // namespace
}  // namespace tightship::git
