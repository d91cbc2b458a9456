// Single objects as `git cat-file` gives them, from every layout, and from what is damaged.

#include "git/object_reader.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <random>
#include <sstream>

#include "support/opened.h"
#include "support/random_history.h"

namespace tightship::git {
namespace {

namespace fs = std::filesystem;
using test::GitFixture;
using test::oid;
using test::opened;
using test::RandomHistory;
using test::trimmed;

struct Expected {
  std::string id, type;
  std::size_t size = 0;
};

std::vector<Expected> all_objects(const GitFixture& repo, const std::string& path) {
  std::istringstream lines(repo.git_in(path, {"cat-file", "--batch-all-objects", "--batch-check"}));
  std::vector<Expected> objects;
  for (Expected object; lines >> object.id >> object.type >> object.size;) objects.push_back(object);
  return objects;
}

// The name of an object is the hash of what is in it: nothing more needs to be compared.
bool is_object(const StoredObject& object, const Expected& expected, HashKind hash) {
  return object_type_name(object.type) == expected.type && object.bytes.size() == expected.size &&
         hash_object(object.type, object.bytes, hash) == oid(expected.id);
}

// Versions of a long text, so that packs have chains of deltas.
std::string long_text(std::uint64_t number) {
  std::mt19937_64 random(number / 20);
  std::string text;
  for (int line = 0; line < 200; ++line) text += "line " + std::to_string(random()) + "\n";
  text.insert(number * 37 % text.size(), "version " + std::to_string(number) + "\n");
  return text;
}

using Commands = std::vector<std::vector<std::string>>;

struct Layout {
  const char* name;
  Commands commands;
};
void PrintTo(const Layout& layout, std::ostream* out) { *out << layout.name; }

class ReaderOracle : public testing::TestWithParam<Layout> {};

TEST_P(ReaderOracle, GivesTheObjectsThatGitGives) {
  GitFixture repo;
  const RandomHistory history(repo, {.seed = 5, .commits = 60, .contents = 80, .content = long_text});
  repo.git({"tag", "-a", "v1", "-m", "one"});
  for (const auto& command : GetParam().commands) repo.git(command);
  repo.write("later", "not packed yet\n");
  repo.commit("later");
  const std::vector<Expected> expected = all_objects(repo, repo.path());
  Ledger ledger;
  ObjectReader objects(opened(repo.path()), ledger);
  for (const Expected& object : expected) {
    ASSERT_TRUE(objects.contains(oid(object.id)));
    const auto read = objects.read(oid(object.id));
    ASSERT_TRUE(read.has_value()) << object.id << ' ' << read.error().what;
    EXPECT_TRUE(is_object(*read, object, HashKind::Sha1)) << object.id;
    const auto shared = objects.share(oid(object.id));
    ASSERT_TRUE(shared.has_value());
    EXPECT_EQ((*shared)->bytes, read->bytes);
    EXPECT_EQ(objects.share(oid(object.id))->get(), shared->get()) << "not kept";
    EXPECT_EQ(object_type_name(*objects.type(oid(object.id))), object.type);
  }
  EXPECT_TRUE(ledger.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Layouts, ReaderOracle,
    testing::Values(Layout{"Loose", {}}, Layout{"OnePack", {{"repack", "-adfq"}}},
                    Layout{"DeepDeltas", {{"repack", "-adfq", "--depth=200", "--window=80"}}},
                    Layout{"ReferenceDeltas", {{"config", "repack.usedeltabaseoffset", "false"}, {"repack", "-adfq"}}},
                    Layout{"PackAndLoose", {{"repack", "-dq"}}},
                    Layout{"OldIndex", {{"config", "pack.indexVersion", "1"}, {"repack", "-adfq"}}},
                    Layout{"SeveralPacks",
                           {{"config", "pack.packSizeLimit", "1m"},
                            {"repack", "-dq"},
                            {"commit", "-q", "--allow-empty", "-m", "x"},
                            {"repack", "-dq"}}},
                    Layout{"MultiPackIndex", {{"repack", "-adq"}, {"multi-pack-index", "write"}}}),
    [](const auto& row) { return row.param.name; });

TEST(ObjectReader, Sha256) {
  GitFixture repo({.sha256 = true});
  for (int i = 0; i < 12; ++i) {
    repo.write("file", long_text(static_cast<std::uint64_t>(i)));
    repo.commit("x");
    if (i == 8) repo.git({"repack", "-adfq"});
  }
  Ledger ledger;
  ObjectReader objects(opened(repo.path()), ledger);
  for (const Expected& object : all_objects(repo, repo.path())) {
    const auto read = objects.read(oid(object.id));
    ASSERT_TRUE(read.has_value());
    EXPECT_TRUE(is_object(*read, object, HashKind::Sha256));
  }
}

TEST(ObjectReader, ReadsThroughAlternatesOfAlternates) {
  GitFixture repo;
  const RandomHistory history(repo, {.seed = 6, .commits = 20, .packed = true});
  repo.git_in(repo.root(), {"clone", "-q", "--shared", repo.path(), "b"});
  repo.git_in(repo.root() + "/b", {"commit", "-q", "--allow-empty", "-m", "own"});
  repo.git_in(repo.root(), {"clone", "-q", "--shared", "b", "c"});
  const std::string path = repo.root() + "/c";
  Ledger ledger;
  ObjectReader objects(opened(path), ledger);
  std::size_t count = 0;
  for (const Expected& object : all_objects(repo, path)) {
    const auto read = objects.read(oid(object.id));
    ASSERT_TRUE(read.has_value());
    EXPECT_TRUE(is_object(*read, object, HashKind::Sha1));
    ++count;
  }
  EXPECT_GT(count, history.size());
}

TEST(ObjectReader, WhatIsNotThereIsNotFound) {
  GitFixture repo;
  repo.commit("x");
  Ledger ledger;
  ObjectReader objects(opened(repo.path()), ledger);
  for (const std::string hex : {std::string(40, '0'), std::string(40, 'f'), std::string(40, '7')}) {
    EXPECT_FALSE(objects.contains(oid(hex)));
    EXPECT_EQ(objects.read(oid(hex)).error().kind, ErrorKind::NotFound);
    EXPECT_EQ(objects.share(oid(hex)).error().kind, ErrorKind::NotFound);
    EXPECT_EQ(objects.type(oid(hex)).error().kind, ErrorKind::NotFound);
  }
  EXPECT_TRUE(ledger.empty());
}

TEST(ObjectReader, PrefixesFindWhatGitFinds) {
  for (const bool packed : {false, true}) {
    GitFixture repo;
    const RandomHistory history(repo, {.seed = 7, .commits = 100, .contents = 800, .packed = packed});
    Ledger ledger;
    ObjectReader objects(opened(repo.path()), ledger);
    std::size_t several = 0;
    for (std::size_t i = 0; i < history.size(); i += 5) {
      const std::string prefix = history[i].id.substr(0, 4);
      std::istringstream lines(repo.git({"rev-parse", "--disambiguate=" + prefix}));
      std::set<std::string> expected, own;
      for (std::string line; std::getline(lines, line);) expected.insert(line);
      for (const Oid& found : objects.with_prefix(prefix, 1000)) own.insert(found.hex());
      EXPECT_EQ(own, expected);
    }
    for (const char* wide : {"ab", "7f", "00", "ff"}) several += objects.with_prefix(wide, 1000).size();
    EXPECT_GT(several, 4u);
    EXPECT_EQ(objects.with_prefix("a0", 1).size(), std::min<std::size_t>(1, objects.with_prefix("a0", 9).size()));
    for (const char* none : {"", "a", "zz", "../", "ab/", "g000"}) EXPECT_TRUE(objects.with_prefix(none, 9).empty());
  }
}

// --- damage ---

std::string only_file(const std::string& folder, const std::string& extension) {
  for (const auto& file : fs::directory_iterator(folder)) {
    if (file.path().extension() == extension) {
      fs::permissions(file.path(), fs::perms::owner_all);
      return file.path().string();
    }
  }
  throw std::runtime_error("no " + extension + " in " + folder);
}

struct PackedRepo {
  PackedRepo() {
    for (int i = 0; i < 4; ++i) {
      repo.write("file", long_text(static_cast<std::uint64_t>(i)).substr(0, 900));
      repo.commit("x");
    }
    repo.git({"repack", "-adfq"});
    pack = only_file(repo.git_dir() + "/objects/pack", ".pack");
    index = only_file(repo.git_dir() + "/objects/pack", ".idx");
    objects = all_objects(repo, repo.path());
  }
  // How many objects are given that are not what git gives.
  std::size_t wrong(std::size_t& missing) const {
    Ledger ledger;
    ObjectReader reader(opened(repo.path()), ledger);
    std::size_t count = 0;
    for (const Expected& object : objects) {
      const auto read = reader.read(oid(object.id));
      if (!read)
        ++missing;
      else if (!is_object(*read, object, HashKind::Sha1))
        ++count;
    }
    return count;
  }
  GitFixture repo;
  std::string pack, index;
  std::vector<Expected> objects;
};

TEST(ObjectReaderDamage, EveryByteOfAPackIsGuarded) {
  const PackedRepo small;
  const std::string good = test::slurp(small.pack);
  std::size_t wrong = 0, missing = 0;
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string damaged = good;
    damaged[at] = static_cast<char>(damaged[at] ^ (at % 3 == 0 ? 0xff : at % 3 == 1 ? 0x01 : 0x80));
    test::write_file(small.pack, damaged);
    wrong += small.wrong(missing) > 0 ? 1 : 0;
  }
  // Streams carry a checksum; types, sizes and bases in the few bytes of a header do not.
  EXPECT_LT(wrong, good.size() / 20);
  EXPECT_GT(missing, good.size() / 2);
}

TEST(ObjectReaderDamage, OfACutPackIsGivenWhatIsLeft) {
  const PackedRepo small;
  const std::string good = test::slurp(small.pack);
  for (std::size_t length = 0; length < good.size(); length += 7) {
    test::write_file(small.pack, good.substr(0, length));
    std::size_t missing = 0;
    EXPECT_EQ(small.wrong(missing), 0u) << length;
    EXPECT_GT(missing, 0u) << length;
  }
}

TEST(ObjectReaderDamage, ACutIndexIsMadeAnew) {
  const PackedRepo small;
  const std::string good = test::slurp(small.index);
  for (std::size_t length = 0; length < good.size(); length += 7) {
    test::write_file(small.index, good.substr(0, length));
    std::size_t missing = 0;
    EXPECT_EQ(small.wrong(missing), 0u) << length;
    EXPECT_EQ(missing, 0u) << length;
  }
}

TEST(ObjectReaderDamage, HostileIndexesNeverCrash) {
  const PackedRepo small;
  const std::string good = test::slurp(small.index);
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string damaged = good;
    damaged[at] = static_cast<char>(damaged[at] ^ (at % 2 == 0 ? 0xff : 0x10));
    test::write_file(small.index, damaged);
    std::size_t missing = 0;
    small.wrong(missing);
  }
}

// As git does: another copy of the object is as good.
TEST(ObjectReaderDamage, AnotherCopyIsTaken) {
  const PackedRepo small;
  const std::string good = test::slurp(small.pack);
  small.repo.git({"init", "-q", "--bare", small.repo.root() + "/copy.git"});
  small.repo.git_in(small.repo.root() + "/copy.git", {"unpack-objects", "-q"}, good);
  fs::copy(small.repo.root() + "/copy.git/objects", small.repo.git_dir() + "/objects",
           fs::copy_options::recursive | fs::copy_options::skip_existing);
  std::string damaged = good;
  for (std::size_t at = 30; at + 20 < damaged.size(); at += 11) damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
  test::write_file(small.pack, damaged);
  std::size_t missing = 0;
  EXPECT_EQ(small.wrong(missing), 0u);
  EXPECT_EQ(missing, 0u);
}

TEST(ObjectReaderDamage, ALooseObjectThatIsNoneIsCorrupt) {
  GitFixture repo;
  const std::string id = trimmed(repo.git({"hash-object", "-w", "--stdin"}, "some text"));
  const std::string path = repo.git_dir() + "/objects/" + id.substr(0, 2) + "/" + id.substr(2);
  const std::string good = test::slurp(path);
  fs::permissions(path, fs::perms::owner_all);
  test::for_each_damage(good, [&](const std::string& damaged, const std::string& what) {
    test::write_file(path, damaged);
    Ledger ledger;
    ObjectReader objects(opened(repo.path()), ledger);
    const auto read = objects.read(oid(id));
    if (read)
      EXPECT_EQ(std::string(read->bytes.begin(), read->bytes.end()), "some text") << what;
    else
      EXPECT_EQ(read.error().where, id) << what;
  });
}

}  // namespace
}  // namespace tightship::git
