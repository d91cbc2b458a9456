#include "git/object.h"

#include <gtest/gtest.h>

#include <sstream>

#include "support/git_fixture.h"

namespace tightship::git {
namespace {

using test::GitFixture;

std::string lines_joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const auto& part : parts) text += part + "\n";
  return text;
}

const std::string kTree(40, 'a');
const std::string kParent(40, 'b');

// ---- against git -------------------------------------------------------------------------------

class ObjectOracle : public testing::TestWithParam<bool> {
 protected:
  GitFixture repo_{{.sha256 = GetParam(), .bare = false, .name = "repo"}};
  HashKind hash_ = GetParam() ? HashKind::Sha256 : HashKind::Sha1;
};

TEST_P(ObjectOracle, CommitAgreesWithGitLog) {
  repo_.write("a.txt", "one\n");
  repo_.commit("first\n\nbody\n");
  repo_.git({"checkout", "-q", "-b", "side"});
  repo_.commit("side");
  repo_.git({"checkout", "-q", "main"});
  repo_.commit("\n\n  odd subject  \nmore");
  repo_.git({"merge", "-q", "--no-ff", "-m", "merge", "side"});
  std::istringstream ids(repo_.git({"rev-list", "--all"}));
  int commits = 0;
  for (std::string id; std::getline(ids, id); ++commits) {
    const std::string content = repo_.git({"cat-file", "commit", id});
    const auto commit = parse_commit(as_bytes(content), hash_);
    ASSERT_TRUE(commit) << id;
    std::string parents;
    for (const Oid& parent : commit->parents) parents += (parents.empty() ? "" : " ") + parent.hex();
    std::ostringstream ours;
    ours << commit->tree.hex() << '|' << parents << '|' << commit->author.name << '|' << commit->author.email << '|'
         << commit->author.time << '|' << commit->committer.name << '|' << commit->committer.time << "\n";
    EXPECT_EQ(ours.str(), repo_.git({"log", "-1", "--format=%T|%P|%an|%ae|%at|%cn|%ct", id}));
    EXPECT_EQ(commit->author.zone_minutes, 60);
    EXPECT_EQ(std::string(commit->header) + "\n" + std::string(commit->message), content);
  }
  EXPECT_EQ(commits, 4);
}

TEST_P(ObjectOracle, TreeAgreesWithLsTree) {
  repo_.write("a.txt", "one\n");
  repo_.write("dir/b c\nd.sh", "two\n");
  repo_.git({"update-index", "--add", "--cacheinfo", "160000," + repo_.commit("x") + ",module"});
  const std::string blob = repo_.git({"hash-object", "-w", "--stdin"}, "a.txt").substr(0, 2 * oid_size(hash_));
  repo_.git({"update-index", "--add", "--cacheinfo", "120000," + blob + ",link"});
  std::string id = repo_.git({"write-tree"});
  id.pop_back();
  const std::string content = repo_.git({"cat-file", "tree", id});
  std::string ours;
  TreeReader reader(as_bytes(content), hash_);
  for (TreeEntry entry; reader.next(entry);) {
    const char* type = entry.is_tree() ? "tree" : entry.is_submodule() ? "commit" : "blob";
    char mode[16];
    std::snprintf(mode, sizeof mode, "%06o", entry.mode);
    ours += std::string(mode) + " " + type + " " + Oid::from_raw(entry.oid).hex() + "\t" + std::string(entry.name);
    ours += '\0';
    EXPECT_EQ(content.substr(entry.name_offset, entry.name.size()), entry.name);
    EXPECT_EQ(entry.is_symlink(), entry.name == "link");
  }
  EXPECT_FALSE(reader.broken());
  EXPECT_EQ(ours, repo_.git({"ls-tree", "-z", id}));
}

TEST_P(ObjectOracle, TagAgreesWithGit) {
  const std::string commit = repo_.commit("first");
  repo_.git({"tag", "-a", "-m", "release\n\nnotes", "v1"});
  const std::string content = repo_.git({"cat-file", "tag", "v1"});
  const auto tag = parse_tag(as_bytes(content), hash_);
  ASSERT_TRUE(tag);
  EXPECT_EQ(tag->target.hex(), commit);
  EXPECT_EQ(tag->target_type, "commit");
  EXPECT_EQ(tag->name, "v1");
  EXPECT_EQ(tag->tagger.name, "Ben");
  EXPECT_EQ(tag->message, "release\n\nnotes\n");
}

INSTANTIATE_TEST_SUITE_P(Hashes, ObjectOracle, testing::Bool(),
                         [](const auto& row) { return row.param ? "sha256" : "sha1"; });

// ---- identities --------------------------------------------------------------------------------

struct IdentityRow {
  const char* name;
  std::string line;
  std::string who, email;
  std::int64_t time;
  std::int32_t zone;
};

class IdentityTest : public testing::TestWithParam<IdentityRow> {};

TEST_P(IdentityTest, IsReadAsGitReadsIt) {
  const auto& row = GetParam();
  const std::string content =
      lines_joined({"tree " + kTree, "author " + row.line, "committer C <c@d> 1 +0000", "", "m"});
  const auto commit = parse_commit(as_bytes(content), HashKind::Sha1);
  ASSERT_TRUE(commit);
  EXPECT_EQ(commit->author.name, row.who);
  EXPECT_EQ(commit->author.email, row.email);
  EXPECT_EQ(commit->author.time, row.time);
  EXPECT_EQ(commit->author.zone_minutes, row.zone);
  EXPECT_EQ(commit->author.raw, row.line);
  EXPECT_EQ(commit->committer.time, 1);
}

INSTANTIATE_TEST_SUITE_P(
    Lines, IdentityTest,
    testing::Values(IdentityRow{"plain", "Ana B <a@b.c> 1700000000 +0130", "Ana B", "a@b.c", 1700000000, 90},
                    IdentityRow{"west", "Ana <a@b> 5 -0800", "Ana", "a@b", 5, -480},
                    IdentityRow{"no_name", "<a@b> 5 +0000", "", "a@b", 5, 0},
                    IdentityRow{"no_email", "Ana <> 5 +0000", "Ana", "", 5, 0},
                    IdentityRow{"odd_brackets", "A <a@b> c> 7 +0000", "A", "a@b", 7, 0},
                    IdentityRow{"no_brackets", "Ana", "Ana", "", 0, 0},
                    IdentityRow{"unclosed", "Ana <a@b", "Ana", "a@b", 0, 0},
                    IdentityRow{"no_time", "Ana <a@b>", "Ana", "a@b", 0, 0},
                    IdentityRow{"no_zone", "Ana <a@b> 9", "Ana", "a@b", 9, 0},
                    IdentityRow{"negative", "Ana <a@b> -9 +0100", "Ana", "a@b", 0, 0},
                    IdentityRow{"huge_time", "Ana <a@b> 99999999999999999999 +0100", "Ana", "a@b", 0, 0},
                    IdentityRow{"huge_zone", "Ana <a@b> 9 +99999999", "Ana", "a@b", 9, 0}),
    [](const auto& row) { return row.param.name; });

// ---- damage ------------------------------------------------------------------------------------

struct CommitRow {
  const char* name;
  std::string content;
  bool good;
  std::size_t parents;
  std::string message;
};

class CommitTest : public testing::TestWithParam<CommitRow> {};

TEST_P(CommitTest, FailsOnlyWhenTreeOrParentIsUnreadable) {
  const auto& row = GetParam();
  const auto commit = parse_commit(as_bytes(row.content), HashKind::Sha1);
  ASSERT_EQ(commit.has_value(), row.good);
  if (!row.good) {
    EXPECT_EQ(commit.error().kind, ErrorKind::Corrupt);
    return;
  }
  EXPECT_EQ(commit->parents.size(), row.parents);
  EXPECT_EQ(commit->message, row.message);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, CommitTest,
    testing::Values(CommitRow{"empty", "", false, 0, ""}, CommitRow{"no_oid", "tree \n\nm", false, 0, ""},
                    CommitRow{"short_oid", "tree " + kTree.substr(1) + "\n\nm", false, 0, ""},
                    CommitRow{"long_oid", "tree " + kTree + "a\n\nm", false, 0, ""},
                    CommitRow{"sha256_oid", "tree " + kTree + std::string(24, 'a') + "\n\nm", false, 0, ""},
                    CommitRow{"bad_parent", "tree " + kTree + "\nparent zz\n\nm", false, 0, ""},
                    CommitRow{"only_tree", "tree " + kTree, true, 0, ""},
                    CommitRow{"no_author", "tree " + kTree + "\nparent " + kParent + "\n\nm", true, 1, "m"},
                    CommitRow{"octopus",
                              "tree " + kTree + "\nparent " + kParent + "\nparent " + kParent + "\nparent " + kParent +
                                  "\n\nm\n\nn",
                              true, 3, "m\n\nn"},
                    CommitRow{"nul_in_message", "tree " + kTree + "\n\n" + std::string("a\0b", 3), true, 0,
                              std::string("a\0b", 3)},
                    CommitRow{"message_without_header", "\n\ntree " + kTree, false, 0, ""}),
    [](const auto& row) { return row.param.name; });

TEST(CommitDamage, NeverCrashesAndNamesCorrupt) {
  const std::string content = lines_joined({"tree " + kTree, "parent " + kParent, "author A <a@b> 1 +0000",
                                            "committer C <c@d> 1 +0000", "gpgsig x", " y", "", "m"});
  test::for_each_damage(content, [&](const std::string& damaged, const std::string& name) {
    const auto commit = parse_commit(as_bytes(damaged), HashKind::Sha1);
    if (commit) {
      EXPECT_LE(commit->header.size() + commit->message.size(), damaged.size()) << name;
    } else {
      EXPECT_EQ(commit.error().kind, ErrorKind::Corrupt) << name;
    }
  });
}

TEST(CommitSignature, StaysInTheHeader) {
  const std::string content = lines_joined(
      {"tree " + kTree, "author A <a@b> 1 +0000", "committer C <c@d> 2 +0000", "gpgsig x", " ", " y", "", "m"});
  const auto commit = parse_commit(as_bytes(content), HashKind::Sha1);
  ASSERT_TRUE(commit);
  EXPECT_NE(commit->header.find("\n y\n"), std::string_view::npos);
  EXPECT_EQ(commit->message, "m\n");
}

TEST(SubjectOf, IsTheFirstLineThatIsNotBlank) {
  EXPECT_EQ(subject_of("one\ntwo"), "one");
  EXPECT_EQ(subject_of("\n \n\t two \r\nthree"), "two");
  EXPECT_EQ(subject_of(""), "");
  EXPECT_EQ(subject_of("\n\n"), "");
}

struct TagRow {
  const char* name;
  std::string content;
  bool good;
};

class TagTest : public testing::TestWithParam<TagRow> {};

TEST_P(TagTest, NeedsObjectTypeAndName) {
  const auto tag = parse_tag(as_bytes(GetParam().content), HashKind::Sha1);
  ASSERT_EQ(tag.has_value(), GetParam().good);
  if (!tag) {
    EXPECT_EQ(tag.error().kind, ErrorKind::Corrupt);
  }
}

INSTANTIATE_TEST_SUITE_P(Rows, TagTest,
                         testing::Values(TagRow{"empty", "", false},
                                         TagRow{"no_type", "object " + kTree + "\ntag x\n\nm", false},
                                         TagRow{"no_name", "object " + kTree + "\ntype commit\n\nm", false},
                                         TagRow{"bad_object", "object 12\ntype commit\ntag x\n\nm", false},
                                         TagRow{"no_tagger", "object " + kTree + "\ntype commit\ntag x\n\nm", true},
                                         TagRow{"no_message", "object " + kTree + "\ntype commit\ntag x", true}),
                         [](const auto& row) { return row.param.name; });

struct TreeRow {
  const char* name;
  std::string content;
  std::size_t entries;
  bool broken;
};

std::string entry(const std::string& mode, const std::string& name) {
  return mode + " " + name + std::string(1, '\0') + std::string(20, 'x');
}

class TreeTest : public testing::TestWithParam<TreeRow> {};

TEST_P(TreeTest, ReadsUpToTheDamage) {
  TreeReader reader(as_bytes(GetParam().content), HashKind::Sha1);
  std::size_t entries = 0;
  for (TreeEntry one; reader.next(one);) ++entries;
  EXPECT_EQ(entries, GetParam().entries);
  EXPECT_EQ(reader.broken(), GetParam().broken);
  TreeEntry after;
  EXPECT_FALSE(reader.next(after));
}

INSTANTIATE_TEST_SUITE_P(
    Rows, TreeTest,
    testing::Values(TreeRow{"empty", "", 0, false},
                    TreeRow{"two", entry("100644", "a") + entry("40000", "b"), 2, false},
                    TreeRow{"zero_padded_mode", entry("040000", "b"), 1, false},
                    TreeRow{"slash_in_name", entry("100644", "../x"), 1, false},
                    TreeRow{"empty_name", entry("100644", "a") + entry("100644", ""), 1, true},
                    TreeRow{"no_mode", entry("100644", "a") + entry("", "b"), 1, true},
                    TreeRow{"mode_not_octal", entry("100648", "b"), 0, true},
                    TreeRow{"mode_too_long", entry("777777777777777", "b"), 0, true},
                    TreeRow{"oid_cut", entry("100644", "a") + entry("100644", "b").substr(0, 20), 1, true},
                    TreeRow{"no_nul", "100644 name", 0, true}, TreeRow{"only_mode", "100644", 0, true}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace tightship::git
