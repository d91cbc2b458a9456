// What a commit brings as `git diff-tree` tells it.

#include "git/tree_diff.h"

#include <gtest/gtest.h>

#include <sstream>

#include "support/opened.h"
#include "support/random_history.h"

namespace tightship::git {
namespace {

using test::GitFixture;
using test::ModelTree;
using test::oid;
using test::opened;
using test::RandomHistory;
using test::trimmed;

struct Change {
  std::uint32_t mode = 0;
  std::string oid;
  std::vector<std::string> before;  // sorted
  bool new_name = false;
};

struct Diffed {
  std::map<std::string, Change> files;  // submodules too
  std::map<std::string, bool> folders;  // path: new name
  Ledger ledger;
};

void diff(const Repository& repository, const std::string& tree, const std::vector<std::string>& parents, Diffed& out,
          bool partial = false) {
  ObjectReader objects(repository, out.ledger);
  std::vector<Oid> oids;
  for (const std::string& parent : parents) oids.push_back(oid(parent));
  diff_trees(
      objects, oid(tree), oids, partial,
      [&](const TreeChange& change) {
        const std::size_t slash = change.path.rfind('/');
        if (slash != std::string::npos) EXPECT_TRUE(out.folders.contains(change.path.substr(0, slash)));
        if (change.is_tree()) {
          EXPECT_TRUE(out.folders.emplace(change.path, change.new_name).second);
          return;
        }
        Change own{change.mode, change.oid.hex(), {}, change.new_name};
        for (const Oid& before : change.before) own.before.push_back(before.hex());
        std::sort(own.before.begin(), own.before.end());
        EXPECT_TRUE(out.files.emplace(change.path, own).second) << change.path << " is told twice";
      },
      out.ledger);
}

// "oid of the commit's tree" for each commit.
std::vector<std::string> trees_of(const GitFixture& repo, const RandomHistory& history) {
  std::string input;
  for (const auto& commit : history.commits()) input += commit.id + "^{tree}\n";
  std::istringstream lines(repo.git({"cat-file", "--batch-check=%(objectname)"}, input));
  std::vector<std::string> trees;
  for (std::string line; std::getline(lines, line);) trees.push_back(line);
  return trees;
}

bool is_zero(const std::string& hex) { return hex.find_first_not_of('0') == std::string::npos; }

// One line of raw output, of one or several parents: ":100644 000000 old new M\0path\0" and alike.
struct RawChange {
  std::vector<std::string> old_modes, olds;
  std::string mode, oid;
};

std::map<std::string, RawChange> raw_changes(const GitFixture& repo, const std::vector<std::string>& args,
                                             const std::string& input) {
  std::vector<std::string> command = {"diff-tree", "-r", "-z", "--no-renames", "--no-commit-id", "--root"};
  command.insert(command.end(), args.begin(), args.end());
  const std::string out = repo.git(command, input);
  std::map<std::string, RawChange> changes;
  for (std::size_t at = 0; at < out.size();) {
    const std::string head = out.substr(at, out.find('\0', at) - at);
    at += head.size() + 1;
    const std::size_t parents = head.find_first_not_of(':');
    std::istringstream words(head.substr(parents));
    RawChange change;
    std::string word;
    for (std::size_t i = 0; i < parents && words >> word; ++i) change.old_modes.push_back(word);
    words >> change.mode;
    for (std::size_t i = 0; i < parents && words >> word; ++i) change.olds.push_back(word);
    words >> change.oid;
    const std::string path = out.substr(at, out.find('\0', at) - at);
    at += path.size() + 1;
    changes[path] = change;
  }
  return changes;
}

// What diff_trees is to say where git says this: nothing of deletions, and nothing when only the mode changed.
std::map<std::string, Change> expected_of(const std::map<std::string, RawChange>& raw) {
  std::map<std::string, Change> expected;
  for (const auto& [path, change] : raw) {
    if (is_zero(change.oid)) continue;
    if (std::find(change.olds.begin(), change.olds.end(), change.oid) != change.olds.end()) continue;
    Change own{static_cast<std::uint32_t>(std::stoul(change.mode, nullptr, 8)), change.oid, {}, false};
    for (std::size_t i = 0; i < change.olds.size(); ++i) {
      if (!is_zero(change.olds[i]) && change.old_modes[i] != "160000") own.before.push_back(change.olds[i]);
    }
    std::sort(own.before.begin(), own.before.end());
    expected[path] = own;
  }
  return expected;
}

// Whether a file or folder of that name is in the tree.
bool has_name(const ModelTree& tree, const std::string& path) {
  const auto at = tree.lower_bound(path + "/");
  return tree.contains(path) || (at != tree.end() && at->first.starts_with(path + "/"));
}

class DiffOracle : public testing::TestWithParam<std::uint64_t> {};

TEST_P(DiffOracle, SaysWhatDiffTreeSays) {
  GitFixture repo;
  const RandomHistory history(repo, {.seed = GetParam(), .commits = 70, .contents = 12, .packed = GetParam() % 2 == 0});
  const std::vector<std::string> trees = trees_of(repo, history);
  const Repository repository = opened(repo.path());
  std::size_t merges = 0, files = 0;
  for (std::size_t i = 0; i < history.size(); ++i) {
    const auto& commit = history[i];
    std::vector<std::string> parents;
    for (const std::size_t parent : commit.parents) parents.push_back(trees[parent]);
    Diffed got;
    diff(repository, trees[i], parents, got);
    EXPECT_TRUE(got.ledger.empty());
    const bool merge = parents.size() > 1;
    const auto expected = expected_of(raw_changes(repo, {merge ? "-c" : "-m", commit.id}, {}));
    ASSERT_EQ(got.files.size(), expected.size()) << "commit " << i;
    for (const auto& [path, change] : expected) {
      ASSERT_TRUE(got.files.contains(path)) << path;
      const Change& own = got.files[path];
      EXPECT_EQ(own.mode, change.mode) << path;
      EXPECT_EQ(own.oid, change.oid) << path;
      EXPECT_EQ(own.before, change.before) << path << " in commit " << i;
      const bool known =
          std::any_of(commit.parents.begin(), commit.parents.end(),
                      [&, &name = path](std::size_t parent) { return has_name(history[parent].tree, name); });
      EXPECT_EQ(own.new_name, !known) << path;
    }
    merges += merge ? 1 : 0;
    files += expected.size();
  }
  EXPECT_GT(merges, 5u);
  EXPECT_GT(files, 50u);
}

TEST_P(DiffOracle, FindsPathsAndBlobsAsTheModelHasThem) {
  GitFixture repo;
  const RandomHistory history(repo, {.seed = GetParam() + 50, .commits = 20, .contents = 12});
  const std::vector<std::string> trees = trees_of(repo, history);
  const Repository repository = opened(repo.path());
  Ledger ledger;
  ObjectReader objects(repository, ledger);
  const ModelTree& last = history.commits().back().tree;
  std::unordered_set<Oid> wanted, expected;
  for (std::size_t i = 0; i < history.size(); ++i) {
    std::istringstream lines(repo.git({"ls-tree", "-r", "-t", "-z", trees[i]}));
    std::set<std::string> named;
    for (std::string line; std::getline(lines, line, '\0');) {
      const std::size_t tab = line.find('\t');
      std::istringstream words(line.substr(0, tab));
      std::string mode, type, hex;
      words >> mode >> type >> hex;
      const std::string path = line.substr(tab + 1);
      const auto entry = find_path(objects, oid(trees[i]), path);
      ASSERT_TRUE(entry.has_value()) << path;
      EXPECT_EQ(entry->oid.hex(), hex);
      EXPECT_EQ(entry->mode, std::stoul(mode, nullptr, 8));
      named.insert(path);
      if (type != "tree") wanted.insert(entry->oid);
      if (type != "tree" && i + 1 == history.size()) expected.insert(entry->oid);
    }
    for (const auto& [path, file] : last) {
      if (!named.contains(path)) EXPECT_FALSE(find_path(objects, oid(trees[i]), path).has_value()) << path;
    }
    for (const char* nothing : {"", "/", "a.txt/", "a.txt/x", "dir//a", "no"}) {
      EXPECT_FALSE(find_path(objects, oid(trees[i]), nothing).has_value()) << nothing;
    }
  }
  EXPECT_EQ(find_in_trees(objects, {oid(trees.back())}, wanted), expected);
  EXPECT_TRUE(find_in_trees(objects, {}, wanted).empty());
  EXPECT_TRUE(ledger.empty());
}

INSTANTIATE_TEST_SUITE_P(Seeds, DiffOracle, testing::Range<std::uint64_t>(1, 7));

// --- trees that cannot be read ---

struct TwoFolders {
  TwoFolders() {
    repo.write("one/a", "1");
    repo.write("two/b", "2");
    repo.commit("before");
    before = trimmed(repo.git({"rev-parse", "HEAD^{tree}"}));
    old_one = trimmed(repo.git({"rev-parse", "HEAD:one"}));
    repo.write("one/a", "11");
    repo.write("two/b", "22");
    repo.commit("after");
    after = trimmed(repo.git({"rev-parse", "HEAD^{tree}"}));
    new_one = trimmed(repo.git({"rev-parse", "HEAD:one"}));
  }
  std::string file_of(const std::string& id) const {
    return repo.git_dir() + "/objects/" + id.substr(0, 2) + "/" + id.substr(2);
  }
  GitFixture repo;
  std::string before, after, old_one, new_one;
};

TEST(TreeDiff, AMissingTreeIsALossAndTheRestIsTold) {
  TwoFolders two;
  test::remove_tree(two.file_of(two.new_one));
  Diffed got;
  diff(opened(two.repo.path()), two.after, {two.before}, got);
  EXPECT_TRUE(got.files.contains("two/b"));
  EXPECT_FALSE(got.files.contains("one/a"));
  EXPECT_EQ(got.ledger.total(LossKind::MissingObject), 1u);
  EXPECT_EQ(got.ledger.total(), 1u);
}

TEST(TreeDiff, APromisedTreeIsNoLoss) {
  TwoFolders two;
  test::remove_tree(two.file_of(two.new_one));
  Diffed got;
  diff(opened(two.repo.path()), two.after, {two.before}, got, true);
  EXPECT_TRUE(got.files.contains("two/b"));
  EXPECT_TRUE(got.ledger.empty());
}

TEST(TreeDiff, WithoutTheOldTreeEverythingIsNew) {
  TwoFolders two;
  test::remove_tree(two.file_of(two.old_one));
  Diffed got;
  diff(opened(two.repo.path()), two.after, {two.before}, got);
  EXPECT_TRUE(got.files.contains("one/a"));
  EXPECT_TRUE(got.files.contains("two/b"));
  EXPECT_TRUE(got.files["one/a"].before.empty());
  EXPECT_EQ(got.ledger.total(), 1u);
}

TEST(TreeDiff, ADamagedTreeIsALoss) {
  TwoFolders two;
  test::remove_tree(two.file_of(two.new_one));
  test::write_file(two.file_of(two.new_one), "no zlib stream");
  Diffed got;
  diff(opened(two.repo.path()), two.after, {two.before}, got, true);
  EXPECT_TRUE(got.files.contains("two/b"));
  EXPECT_EQ(got.ledger.total(LossKind::CorruptObject), 1u);
}

TEST(TreeDiff, ABlobNamedAsATreeIsALoss) {
  GitFixture repo;
  const std::string blob = trimmed(repo.git({"hash-object", "-w", "--stdin"}, "text"));
  const std::string tree = trimmed(
      repo.git({"hash-object", "-t", "tree", "--literally", "-w", "--stdin"},
               std::string("40000 d\0", 8) + std::string(reinterpret_cast<const char*>(oid(blob).bytes.data()), 20)));
  Diffed got;
  diff(opened(repo.path()), tree, {}, got);
  EXPECT_EQ(got.ledger.total(LossKind::CorruptObject), 1u);
  EXPECT_TRUE(got.folders.contains("d"));
}

TEST(TreeDiff, FoldersAreFollowedUpToALimit) {
  GitFixture repo;
  std::string path;
  for (std::size_t depth = 0; depth < kMaxTreeDepth + 10; ++depth) path += "d/";
  repo.git({"fast-import", "--quiet"},
           "commit refs/heads/deep\ncommitter B <b@example.com> 1 +0000\ndata 0\n\nM 100644 inline " + path +
               "f\ndata 1\nx\n");
  Diffed got;
  diff(opened(repo.path()), trimmed(repo.git({"rev-parse", "deep^{tree}"})), {}, got);
  EXPECT_EQ(got.ledger.total(LossKind::LimitExceeded), 1u);
  EXPECT_EQ(got.folders.size(), kMaxTreeDepth);
}

}  // namespace
}  // namespace tightship::git
