// Names of commits as `git rev-parse` reads them.

#include "git/revision.h"

#include <gtest/gtest.h>

#include "support/opened.h"
#include "support/random_history.h"

namespace tightship::git {
namespace {

using test::GitFixture;
using test::opened;
using test::RandomHistory;
using test::trimmed;

struct Resolver {
  explicit Resolver(const std::string& path) : repository(opened(path)), objects(repository, ledger) {}
  Result<Oid> operator()(const std::string& text) { return resolve_revision(repository, objects, text); }
  Repository repository;
  Ledger ledger;
  ObjectReader objects;
};

// What git says, or nothing.
std::string rev_parse(const GitFixture& repo, const std::string& text) {
  const auto result = repo.try_git(repo.path(), {"rev-parse", "-q", "--verify", text});
  return result.exit_code == 0 ? trimmed(result.out) : std::string();
}

void expect_same(const GitFixture& repo, Resolver& resolve, const std::string& text) {
  const auto own = resolve(text);
  EXPECT_EQ(own ? own->hex() : std::string(), rev_parse(repo, text)) << text << (own ? "" : ": " + own.error().what);
}

struct Named {
  Named() : history(repo, {.seed = 3, .commits = 60}) {
    repo.git({"tag", "light", "c10"});
    repo.git({"tag", "-a", "-m", "x", "v1.0", "c20"});
    repo.git({"tag", "-a", "-m", "x", "of-tag", "v1.0"});
    repo.git({"tag", "-a", "-m", "x", "of-tree", "c20^{tree}"});
    repo.git({"branch", "feature/deep/er", "c5"});
    repo.git({"branch", "twice", "c6"});
    repo.git({"tag", "twice", "c7"});
    repo.git({"update-ref", "refs/remotes/origin/main", history[30].id});
    repo.git({"update-ref", "refs/remotes/origin/twice", history[31].id});
    repo.git({"symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main"});
    repo.git({"update-ref", "refs/notes/own", history[32].id});
    repo.git({"update-ref", "ORIG_HEAD", history[33].id});
    repo.git({"branch", "deadbeef", "c8"});
    repo.git({"branch", "at@sign", "c9"});
    repo.git({"pack-refs", "--all", "--no-prune"});
  }
  GitFixture repo;
  RandomHistory history;
};

TEST(Revision, NamesMeanWhatGitMeans) {
  Named named;
  Resolver resolve(named.repo.path());
  for (const char* text : {"HEAD",
                           "@",
                           "main",
                           "heads/main",
                           "refs/heads/main",
                           "light",
                           "tags/light",
                           "refs/tags/light",
                           "v1.0",
                           "of-tag",
                           "of-tree",
                           "feature/deep/er",
                           "twice",
                           "heads/twice",
                           "tags/twice",
                           "origin",
                           "origin/main",
                           "origin/twice",
                           "remotes/origin/main",
                           "refs/remotes/origin/HEAD",
                           "notes/own",
                           "refs/notes/own",
                           "ORIG_HEAD",
                           "deadbeef",
                           "at@sign",
                           "nothing",
                           "heads/nothing",
                           "refs/heads/",
                           "Main",
                           "mai",
                           "origin/",
                           "/main",
                           "main/",
                           "-main",
                           "FETCH_HEAD",
                           "ma in",
                           "MAIN"}) {
    expect_same(named.repo, resolve, text);
  }
}

TEST(Revision, SuffixesMeanWhatGitMeans) {
  Named named;
  Resolver resolve(named.repo.path());
  for (const std::string base : {"HEAD", "@", "main", "c59", "c40", "v1.0", "of-tag", "of-tree", "origin", "twice"}) {
    for (const char* suffix :
         {"~",           "~0",         "~1",     "~2",  "~7",     "~60",  "~99999", "^",    "^0",  "^1",        "^2",
          "^3",          "^4",         "^^",     "^^^", "~~",     "~1^2", "^2~1",   "^2^2", "^{}", "^{commit}", "^{}~1",
          "~1^{commit}", "^{commit}^", "^0^0~0", "~01", "^{}^{}", "~x",   "~1x",    "^a",   "~ 1"}) {
      expect_same(named.repo, resolve, base + suffix);
    }
  }
}

TEST(Revision, EveryAncestorOfARandomHistory) {
  Named named;
  Resolver resolve(named.repo.path());
  for (std::size_t i = 0; i < named.history.size(); ++i) {
    const std::string name = "c" + std::to_string(i);
    ASSERT_TRUE(resolve(name).has_value());
    EXPECT_EQ(resolve(name)->hex(), named.history[i].id);
    const auto& parents = named.history[i].parents;
    for (std::size_t parent = 1; parent <= parents.size() + 1; ++parent) {
      const auto own = resolve(name + "^" + std::to_string(parent));
      EXPECT_EQ(own ? own->hex() : "", parent <= parents.size() ? named.history[parents[parent - 1]].id : "");
    }
  }
}

TEST(Revision, AbbreviatedNamesMeanWhatGitMeans) {
  Named named;
  for (const bool packed : {false, true}) {
    if (packed) named.repo.git({"repack", "-adfq"});
    if (packed) named.repo.git({"prune-packed"});
    Resolver resolve(named.repo.path());
    for (std::size_t i = 0; i < named.history.size(); i += 3) {
      const std::string id = named.history[i].id;
      std::string upper = id;
      for (char& c : upper) c = static_cast<char>(std::toupper(c));
      for (const std::size_t length : {4u, 5u, 7u, 12u, 39u, 40u})
        expect_same(named.repo, resolve, id.substr(0, length));
      expect_same(named.repo, resolve, upper.substr(0, 10));
      expect_same(named.repo, resolve, id.substr(0, 9) + "~1");
      EXPECT_FALSE(resolve(id.substr(0, 3)).has_value());
      EXPECT_FALSE(resolve(id + "0").has_value());
    }
  }
}

// Many objects, so that some share their first digits: git takes the commit, if only one is among them.
TEST(Revision, AmbiguousNamesAreToldOrGoToTheCommit) {
  GitFixture repo;
  RandomHistory history(repo, {.seed = 9, .commits = 300, .contents = 3000});
  Resolver resolve(repo.path());
  std::size_t shared = 0;
  for (const auto& commit : history.commits()) {
    const std::string prefix = commit.id.substr(0, 4);
    const std::string all = repo.git({"rev-parse", "--disambiguate=" + prefix});
    if (std::count(all.begin(), all.end(), '\n') < 2) continue;
    ++shared;
    const std::string expected = rev_parse(repo, prefix + "^{commit}");
    const auto own = resolve(prefix);
    EXPECT_EQ(own ? own->hex() : "", expected) << prefix;
    if (!own) EXPECT_EQ(own.error().kind, ErrorKind::Usage);
  }
  EXPECT_GT(shared, 3u);
}

TEST(Revision, WhatIsNotUnderstoodIsSaid) {
  Named named;
  Resolver resolve(named.repo.path());
  struct Row {
    const char* text;
    ErrorKind kind;
  };
  for (const Row row : {Row{"", ErrorKind::Usage},
                        Row{"^main", ErrorKind::Usage},
                        Row{"~1", ErrorKind::Usage},
                        Row{"main@{1}", ErrorKind::Usage},
                        Row{"@{-1}", ErrorKind::Usage},
                        Row{"@{u}", ErrorKind::Usage},
                        Row{"main:file", ErrorKind::Usage},
                        Row{":/text", ErrorKind::Usage},
                        Row{"main^{tree}", ErrorKind::Usage},
                        Row{"main^{/text}", ErrorKind::Usage},
                        Row{"main^{", ErrorKind::Usage},
                        Row{"main~x", ErrorKind::Usage},
                        Row{"main~1x", ErrorKind::Usage},
                        Row{"main^1a", ErrorKind::Usage},
                        Row{"main^-", ErrorKind::Usage},
                        Row{"main~99999999999999999999999", ErrorKind::Usage},
                        Row{"main~4000000000", ErrorKind::Usage},
                        Row{"of-tree^{commit}", ErrorKind::Usage},
                        Row{"of-tree~1", ErrorKind::Usage},
                        Row{"nothing", ErrorKind::NotFound},
                        Row{"0123456789012345678901234567890123456789", ErrorKind::NotFound}}) {
    const auto own = resolve(row.text);
    ASSERT_FALSE(own.has_value()) << row.text;
    EXPECT_EQ(own.error().kind, row.kind) << row.text << ": " << own.error().what;
  }
}

TEST(Revision, BelowAShallowBoundaryItSaysSo) {
  GitFixture repo;
  for (int i = 0; i < 5; ++i) repo.commit("x");
  const std::string clone = repo.root() + "/clone";
  repo.git_in(repo.root(), {"clone", "-q", "--depth=2", "file://" + repo.path(), clone});
  Resolver resolve(clone);
  EXPECT_EQ(resolve("HEAD~1")->hex(), trimmed(repo.git({"rev-parse", "HEAD~1"})));
  const auto below = resolve("HEAD~2");
  ASSERT_FALSE(below.has_value());
  EXPECT_EQ(below.error().kind, ErrorKind::NotFound);
  EXPECT_EQ(below.error().help, "git fetch --unshallow");
}

std::string ids(const std::vector<Oid>& oids) {
  std::string text;
  for (const Oid& oid : oids) text += oid.hex() + "\n";
  return text;
}

TEST(Range, SidesAreWhatGitSays) {
  Named named;
  Resolver resolve(named.repo.path());
  struct Row {
    const char *text, *wanted, *known;
  };
  for (const Row row :
       {Row{"c3..c9", "c9", "c3"}, Row{"c3..", "HEAD", "c3"}, Row{"..c9", "c9", "HEAD"}, Row{"c3...c9", "c9", "c3"},
        Row{"c3...", "HEAD", "c3"}, Row{"c9", "c9", ""}, Row{"v1.0..main~1", "main~1", "v1.0"},
        Row{"..", "HEAD", "HEAD"}, Row{"main^..main", "main", "main^"},
        Row{"feature/deep/er..origin", "origin", "feature/deep/er"}}) {
    const auto range = resolve_range(resolve.repository, resolve.objects, row.text);
    ASSERT_TRUE(range.has_value()) << row.text << range.error().what;
    EXPECT_EQ(ids(range->wanted), rev_parse(named.repo, row.wanted) + "\n") << row.text;
    EXPECT_EQ(ids(range->known), *row.known == 0 ? "" : rev_parse(named.repo, row.known) + "\n") << row.text;
  }
  for (const char* text : {"c3..nothing", "nothing..c3", "c3....c9", "c3..c9..c4", "^c3", "c3 c9", "c3..^c9"}) {
    EXPECT_FALSE(resolve_range(resolve.repository, resolve.objects, text).has_value()) << text;
  }
}

}  // namespace
}  // namespace tightship::git
