#include "git/repository.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "git/repository_alternates.h"
#include "support/git_fixture.h"

namespace tightship::git {
namespace {

namespace fs = std::filesystem;
using test::GitFixture;

// Sets variables for one test.
class Variables {
 public:
  explicit Variables(std::vector<std::pair<std::string, std::string>> values) : values_(std::move(values)) {
    for (const auto& [name, value] : values_) setenv(name.c_str(), value.c_str(), 1);
  }
  Variables(const Variables&) = delete;
  Variables& operator=(const Variables&) = delete;
  ~Variables() {
    for (const auto& [name, value] : values_) unsetenv(name.c_str());
  }

 private:
  std::vector<std::pair<std::string, std::string>> values_;
};

std::string without_newline(std::string text) {
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

// What git itself says of `folder`: git directory, common directory, and top of the work tree.
void expect_as_git(const GitFixture& repo, const std::string& folder) {
  Ledger ledger;
  const auto found = open_repository(folder, false, ledger);
  ASSERT_TRUE(found) << found.error().what << " " << found.error().where;
  const auto ask = [&](const char* question) {
    return without_newline(repo.git_in(folder, {"rev-parse", "--path-format=absolute", question}));
  };
  EXPECT_EQ(found->git_dir, ask("--git-dir"));
  EXPECT_EQ(found->common_dir, ask("--git-common-dir"));
  if (!found->bare) {
    EXPECT_EQ(found->work_tree, ask("--show-toplevel"));
  }
  EXPECT_EQ(found->bare, ask("--is-bare-repository") == "true");
  EXPECT_EQ(found->hash == HashKind::Sha256, ask("--show-object-format") == "sha256");
  EXPECT_TRUE(ledger.empty());
}

struct FolderRow {
  const char* name;
  bool sha256, bare;
  const char* repo;
  const char* below;
};

class Discovery : public testing::TestWithParam<FolderRow> {};

TEST_P(Discovery, AgreesWithGit) {
  const auto& row = GetParam();
  GitFixture repo({.sha256 = row.sha256, .bare = row.bare, .name = row.repo});
  fs::create_directories(repo.path() + "/" + row.below);
  expect_as_git(repo, repo.path() + "/" + row.below);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, Discovery,
    testing::Values(FolderRow{"top", false, false, "repo", ""}, FolderRow{"deep", false, false, "repo", "a/b/c"},
                    FolderRow{"sha256", true, false, "repo", "a"}, FolderRow{"spaces", false, false, "a b", "c d"},
                    FolderRow{"newline", false, false, "a\nb", "c"}, FolderRow{"bare", false, true, "repo.git", ""},
                    FolderRow{"bare_sha256", true, true, "repo.git", ""},
                    FolderRow{"inside_bare", false, true, "repo.git", "refs/heads"}),
    [](const auto& row) { return row.param.name; });

TEST(Repository, GitDirectoryLeadsToItsWorkTree) {
  GitFixture repo;
  Ledger ledger;
  const auto found = open_repository(repo.git_dir(), false, ledger);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->git_dir, repo.git_dir());
  EXPECT_EQ(found->work_tree, repo.path());
}

TEST(Repository, AFileLeadsToItsRepository) {
  GitFixture repo;
  repo.write("dir/file", "x");
  Ledger ledger;
  const auto found = open_repository(repo.path() + "/dir/file", false, ledger);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->work_tree, repo.path());
}

TEST(Repository, LinkedWorktreesAndSubmodules) {
  GitFixture repo, library;
  library.commit("lib");
  repo.commit("one");
  const std::string linked = repo.root() + "/linked tree";
  repo.git({"worktree", "add", "-q", "-b", "side", linked});
  repo.git({"submodule", "add", "-q", library.path(), "sub module"});
  expect_as_git(repo, linked);
  expect_as_git(repo, repo.path() + "/sub module");
  Ledger ledger;
  const auto found = open_repository(repo.path(), false, ledger);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->worktree_git_dirs, std::vector<std::string>{repo.git_dir() + "/worktrees/linked-tree"});
  const auto inside = open_repository(repo.git_dir() + "/worktrees/linked-tree", false, ledger);
  ASSERT_TRUE(inside);
  EXPECT_EQ(inside->work_tree, linked);
  EXPECT_TRUE(ledger.empty());
}

TEST(Repository, LinkedWorktreeOfABareRepositoryHasAWorkTree) {
  GitFixture repo;
  repo.commit("one");
  const std::string bare = repo.root() + "/bare.git", linked = repo.root() + "/linked";
  repo.git({"clone", "-q", "--bare", repo.path(), bare});
  repo.git_in(bare, {"worktree", "add", "-q", linked, "main"});
  expect_as_git(repo, linked);
}

TEST(Repository, SymbolicLinkAsDotGit) {
  GitFixture repo;
  fs::rename(repo.git_dir(), repo.root() + "/elsewhere");
  fs::create_directory_symlink("../elsewhere", repo.git_dir());
  Ledger ledger;
  const auto found = open_repository(repo.path(), false, ledger);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->git_dir, repo.root() + "/elsewhere");
  EXPECT_EQ(found->work_tree, repo.path());
}

TEST(Repository, CoreWorktreeIsRelativeToTheGitDirectory) {
  GitFixture repo;
  fs::create_directories(repo.root() + "/tree");
  repo.git({"config", "core.worktree", "../../tree"});
  Ledger ledger;
  const auto found = open_repository(repo.path(), false, ledger);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->work_tree, repo.root() + "/tree");
}

TEST(Repository, WorktreeConfigurationCounts) {
  GitFixture repo;
  repo.git({"config", "extensions.worktreeConfig", "true"});
  repo.git({"config", "--worktree", "my.key", "Value"});
  Ledger ledger;
  const auto found = open_repository(repo.path(), false, ledger);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->config_value("my.key"), "Value");
  EXPECT_EQ(found->config_value("my.other"), std::nullopt);
}

TEST(Repository, ShallowAndPartialClones) {
  GitFixture repo;
  repo.commit("one");
  const std::string two = repo.commit("two");
  const std::string shallow = repo.root() + "/shallow", partial = repo.root() + "/partial";
  repo.git({"clone", "-q", "--depth=1", "file://" + repo.path(), shallow});
  repo.git({"config", "uploadpack.allowFilter", "true"});
  repo.git({"clone", "-q", "--no-checkout", "--filter=blob:none", "file://" + repo.path(), partial});
  Ledger ledger;
  const auto whole = open_repository(repo.path(), false, ledger);
  const auto cut = open_repository(shallow, false, ledger);
  const auto lazy = open_repository(partial, false, ledger);
  ASSERT_TRUE(whole && cut && lazy);
  EXPECT_TRUE(whole->shallow.empty());
  EXPECT_FALSE(whole->partial);
  ASSERT_EQ(cut->shallow.size(), 1u);
  EXPECT_EQ(cut->shallow[0].hex(), two);
  EXPECT_TRUE(lazy->partial);
  test::write_file(shallow + "/.git/shallow", two + "\nnonsense\n");
  EXPECT_EQ(open_repository(shallow, false, ledger)->shallow.size(), 1u);
  EXPECT_EQ(ledger.total(LossKind::CorruptIndex), 1u);
}

// ---- formats -----------------------------------------------------------------------------------

struct FormatRow {
  const char* name;
  std::string config;
  bool good;
};

class Format : public testing::TestWithParam<FormatRow> {};

TEST_P(Format, IsKnownOrUnsupported) {
  GitFixture repo;
  test::write_file(repo.git_dir() + "/config", GetParam().config);
  Ledger ledger;
  const auto found = open_repository(repo.path(), false, ledger);
  ASSERT_EQ(found.has_value(), GetParam().good);
  if (!found) {
    EXPECT_EQ(found.error().kind, ErrorKind::Unsupported);
  }
  EXPECT_TRUE(ledger.empty());
}

std::string version(const char* number, const char* extension) {
  return std::string("[core]\nrepositoryformatversion = ") + number + "\n[extensions]\n" + extension + "\n";
}

INSTANTIATE_TEST_SUITE_P(
    Rows, Format,
    testing::Values(FormatRow{"no_config", "", true}, FormatRow{"v1_plain", version("1", ""), true},
                    FormatRow{"v2", version("2", ""), false}, FormatRow{"no_number", version("one", ""), false},
                    FormatRow{"v1_known", version("1", "noop\npreciousObjects = true\nworktreeConfig = true"), true},
                    FormatRow{"v1_sha1", version("1", "objectFormat = sha1"), true},
                    FormatRow{"v1_md5", version("1", "objectFormat = md5"), false},
                    FormatRow{"v0_sha256", version("0", "objectFormat = sha256"), false},
                    FormatRow{"v1_files", version("1", "refStorage = files"), true},
                    FormatRow{"v1_reftable", version("1", "refStorage = reftable"), false},
                    FormatRow{"v1_unknown", version("1", "fancy = true"), false},
                    FormatRow{"v0_unknown", version("0", "fancy = true"), true}),
    [](const auto& row) { return row.param.name; });

TEST(Repository, ADamagedConfigLineIsALossOnly) {
  GitFixture repo;
  test::write_file(repo.git_dir() + "/config", "[core]\nbare = false\n!!\n[remote \"o\"]\nurl = x\n");
  Ledger ledger;
  const auto found = open_repository(repo.path(), false, ledger);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->config_value("remote.o.url"), "x");
  EXPECT_EQ(ledger.total(LossKind::CorruptIndex), 1u);
}

// ---- not a repository --------------------------------------------------------------------------

struct AbsentRow {
  const char* name;
  std::string dot_git;  // content of a file .git
};

class Absent : public testing::TestWithParam<AbsentRow> {};

TEST_P(Absent, IsNotFound) {
  test::TempDir dir;
  if (!GetParam().dot_git.empty()) test::write_file(dir.path + "/.git", GetParam().dot_git);
  Ledger ledger;
  const auto found = open_repository(dir.path, false, ledger);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, ErrorKind::NotFound);
}

INSTANTIATE_TEST_SUITE_P(Rows, Absent,
                         testing::Values(AbsentRow{"nothing", ""}, AbsentRow{"junk", "junk\n"},
                                         AbsentRow{"no_path", "gitdir: \n"}, AbsentRow{"gone", "gitdir: ../gone\n"},
                                         AbsentRow{"itself", "gitdir: .git\n"},
                                         AbsentRow{"nul", std::string("gitdir: a\0b\n", 12)},
                                         AbsentRow{"huge", "gitdir: " + std::string(100'000, 'x')}),
                         [](const auto& row) { return row.param.name; });

TEST(Repository, APathThatIsNotThere) {
  test::TempDir dir;
  Ledger ledger;
  EXPECT_EQ(open_repository(dir.path + "/gone", false, ledger).error().kind, ErrorKind::NotFound);
}

// ---- environment -------------------------------------------------------------------------------

TEST(Environment, CountsOnlyWhenAsked) {
  GitFixture repo, other;
  const Variables variables({{"GIT_DIR", other.git_dir()}});
  Ledger ledger;
  EXPECT_EQ(open_repository(repo.path(), false, ledger)->git_dir, repo.git_dir());
  const auto found = open_repository(repo.path(), true, ledger);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->git_dir, other.git_dir());
  EXPECT_EQ(found->work_tree, repo.path());
}

TEST(Environment, RelativeGitDirAsHooksSeeIt) {
  GitFixture repo;
  const Variables variables({{"GIT_DIR", ".git"}, {"GIT_WORK_TREE", "."}});
  Ledger ledger;
  const auto found = open_repository(repo.path(), true, ledger);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->git_dir, repo.git_dir());
  EXPECT_EQ(found->work_tree, repo.path());
}

TEST(Environment, QuarantineOfAReceivingServer) {
  GitFixture repo({.sha256 = false, .bare = true, .name = "server.git"});
  const std::string incoming = repo.path() + "/objects/incoming-x";
  fs::create_directories(incoming);
  const Variables variables(
      {{"GIT_OBJECT_DIRECTORY", incoming}, {"GIT_ALTERNATE_OBJECT_DIRECTORIES", repo.path() + "/objects"}});
  Ledger ledger;
  const auto found = open_repository(repo.path(), true, ledger);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->object_dirs, (std::vector<std::string>{incoming, repo.path() + "/objects"}));
}

TEST(Environment, CeilingStopsTheSearch) {
  GitFixture repo;
  fs::create_directories(repo.path() + "/a/b");
  const Variables variables({{"GIT_CEILING_DIRECTORIES", "/nowhere:" + repo.path()}});
  Ledger ledger;
  EXPECT_FALSE(open_repository(repo.path() + "/a/b", true, ledger));
  EXPECT_TRUE(open_repository(repo.path(), true, ledger));
}

// ---- alternates --------------------------------------------------------------------------------

TEST(Alternates, SharedClonesOfSharedClones) {
  GitFixture repo;
  repo.commit("one");
  const std::string second = repo.root() + "/se cond", third = repo.root() + "/third";
  repo.git({"clone", "-q", "--shared", repo.path(), second});
  repo.git({"clone", "-q", "--shared", second, third});
  Ledger ledger;
  const auto found = open_repository(third, false, ledger);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->object_dirs,
            (std::vector<std::string>{third + "/.git/objects", second + "/.git/objects", repo.git_dir() + "/objects"}));
  EXPECT_TRUE(ledger.empty());
}

struct AlternatesRow {
  const char* name;
  std::string content;             // of objects/info/alternates
  std::vector<std::string> found;  // beside our own, relative to the temporary folder
  std::uint64_t missing;
};

class Alternates : public testing::TestWithParam<AlternatesRow> {};

TEST_P(Alternates, AreReadAsGitReadsThem) {
  GitFixture repo;
  for (const char* name : {"/x", "/y y", "/z\n\"z"}) fs::create_directories(repo.root() + name);
  test::write_file(repo.root() + "/x/info/alternates", "../y y\n../x\n" + repo.git_dir() + "/objects\n");
  test::write_file(repo.git_dir() + "/objects/info/alternates", GetParam().content);
  Ledger ledger;
  const auto found = open_repository(repo.path(), false, ledger);
  ASSERT_TRUE(found);
  std::vector<std::string> expected = {repo.git_dir() + "/objects"};
  for (const auto& name : GetParam().found) expected.push_back(repo.root() + "/" + name);
  EXPECT_EQ(found->object_dirs, expected);
  EXPECT_EQ(ledger.total(LossKind::MissingObject), GetParam().missing);
  EXPECT_EQ(ledger.total(), GetParam().missing);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, Alternates,
    testing::Values(AlternatesRow{"empty", "", {}, 0}, AlternatesRow{"cycle", "../../../x\n", {"x", "y y"}, 0},
                    AlternatesRow{"comment_and_blank", "# ../../../x\n\n../../../y y\n", {"y y"}, 0},
                    AlternatesRow{"quoted", "\"../../../z\\n\\\"z\"\n", {"z\n\"z"}, 0},
                    AlternatesRow{"octal", "\"../../../\\171 y\"\n", {"y y"}, 0},
                    AlternatesRow{"no_last_newline", "../../../y y", {"y y"}, 0},
                    AlternatesRow{"twice", "../../../y y\n../../../y y/\n", {"y y"}, 0},
                    AlternatesRow{"missing", "../../../gone\n../../../y y\n", {"y y"}, 1},
                    AlternatesRow{"open_quote", "\"../../../x\n../../../y y\n", {"y y"}, 1}),
    [](const auto& row) { return row.param.name; });

TEST(Alternates, DepthIsBoundedAsInGit) {
  test::TempDir dir;
  for (int i = 0; i < 12; ++i) {
    test::write_file(dir.path + "/" + std::to_string(i) + "/info/alternates", "../" + std::to_string(i + 1) + "\n");
  }
  fs::create_directories(dir.path + "/12");
  Ledger ledger;
  EXPECT_EQ(all_object_dirs(dir.path + "/0", "", "/", ledger).size(), 7u);
  EXPECT_EQ(ledger.total(LossKind::LimitExceeded), 1u);
}

}  // namespace
}  // namespace tightship::git
