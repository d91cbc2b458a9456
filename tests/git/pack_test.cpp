// Our pack reader against git's own, and against damage.

#include <gtest/gtest.h>

#include <filesystem>
#include <random>

#include "git/object_store.h"
#include "git/pack_walk.h"
#include "git/store_objects.h"
#include "support/git_fixture.h"

namespace tightship {
namespace {

using test::GitFixture;
using test::ObjectLines;

// Versions of a few files with small edits, moves and truncations: makes deep deltas.
void make_history(GitFixture& repo, unsigned seed, int commits) {
  std::mt19937 random(seed);
  std::vector<std::string> files(4);
  for (int i = 0; i < commits; ++i) {
    std::string& file = files[random() % files.size()];
    for (int line = 0; line < 12; ++line) {
      file.insert(random() % (file.size() + 1), "line " + std::to_string(random()) + " of some text\n");
    }
    if (random() % 5 == 0) file.resize(file.size() / 2);
    if (random() % 7 == 0) std::rotate(file.begin(), file.begin() + static_cast<long>(file.size() / 3), file.end());
    for (std::size_t f = 0; f < files.size(); ++f) {
      repo.write("dir" + std::to_string(f % 2) + "/file" + std::to_string(f), files[f]);
    }
    repo.commit("change " + std::to_string(i));
  }
}

git::ObjectStore open_store(const std::string& path, Ledger& ledger) {
  auto repository = git::open_repository(path, false, ledger);
  EXPECT_TRUE(repository.has_value()) << (repository ? "" : repository.error().what);
  return git::ObjectStore::open(*repository, 2, ledger);
}

struct Layout {
  const char* name;
  bool sha256;
  std::vector<std::vector<std::string>> commands;  // run by git after the history was made
};

void PrintTo(const Layout& layout, std::ostream* out) { *out << layout.name; }

class PackOracle : public testing::TestWithParam<Layout> {};

TEST_P(PackOracle, GivesTheObjectsThatGitGives) {
  GitFixture repo({.sha256 = GetParam().sha256});
  make_history(repo, 1, 40);
  repo.git({"tag", "-a", "v1", "-m", "one"});
  for (const auto& command : GetParam().commands) repo.git(command);
  repo.write("later", "not packed yet\n");
  repo.commit("later");
  const ObjectLines expected = test::lines_of(repo.git({"cat-file", "--batch-all-objects", "--batch-check"}));

  Ledger ledger;
  const git::ObjectStore store = open_store(repo.path(), ledger);
  EXPECT_EQ(store.object_count(), expected.size());
  for (const test::WalkChoice choice :
       {test::WalkChoice{1}, test::WalkChoice{4}, test::WalkChoice{1, 3000}, test::WalkChoice{3, 20000, true}}) {
    EXPECT_EQ(test::walk_objects(store, choice, ledger), expected) << choice.threads << ' ' << choice.memory_cap;
  }
  EXPECT_EQ(test::read_objects(store, expected), expected);
  EXPECT_TRUE(ledger.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Layouts, PackOracle,
    testing::Values(
        Layout{"Loose", false, {}}, Layout{"OnePack", false, {{"gc", "-q"}}},
        Layout{"DeepDeltas", false, {{"repack", "-adfq", "--depth=200", "--window=50"}}},
        Layout{"ReferenceDeltas", false, {{"config", "repack.usedeltabaseoffset", "false"}, {"repack", "-adfq"}}},
        Layout{"NoDeltas", false, {{"repack", "-adfq", "--depth=0"}}},
        Layout{"PackAndLoose", false, {{"repack", "-dq"}}},
        Layout{"MultiPackIndex", false, {{"repack", "-adq"}, {"multi-pack-index", "write"}}},
        Layout{"OldIndex", false, {{"config", "pack.indexVersion", "1"}, {"repack", "-adfq"}}},
        Layout{"Sha256", true, {{"repack", "-adfq", "--depth=50"}}}, Layout{"Sha256Loose", true, {}}),
    [](const auto& row) { return row.param.name; });

TEST(Pack, ObjectsInSeveralPacksCountOnce) {
  GitFixture repo;
  make_history(repo, 2, 10);
  repo.git({"repack", "-dq"});
  make_history(repo, 3, 10);
  repo.git({"repack", "-dq"});
  const std::string oid = repo.git({"rev-parse", "HEAD:dir0/file0"});
  // A third pack with an object that another one has already.
  const std::string name = repo.git({"pack-objects", "-q", repo.git_dir() + "/objects/pack/pack"}, oid);
  Ledger ledger;
  const git::ObjectStore store = open_store(repo.path(), ledger);
  EXPECT_EQ(store.packs().size(), 3u);
  const ObjectLines expected = test::lines_of(repo.git({"cat-file", "--batch-all-objects", "--batch-check"}));
  EXPECT_EQ(store.object_count(), expected.size());
  EXPECT_EQ(test::walk_objects(store, {2}, ledger), expected);
  EXPECT_TRUE(ledger.empty());
}

TEST(Pack, ReadsThroughAlternates) {
  GitFixture repo;
  make_history(repo, 4, 10);
  repo.git({"gc", "-q"});
  const std::string clone = repo.root() + "/a clone";
  repo.git_in(repo.root(), {"clone", "-q", "--shared", repo.path(), clone});
  Ledger ledger;
  const git::ObjectStore store = open_store(clone, ledger);
  EXPECT_EQ(test::walk_objects(store, {2}, ledger),
            test::lines_of(repo.git({"cat-file", "--batch-all-objects", "--batch-check"})));
  EXPECT_TRUE(ledger.empty());
}

TEST(Pack, WithoutItsIndexIsReadAllTheSame) {
  for (const bool references : {false, true}) {
    GitFixture repo;
    make_history(repo, 5, 20);
    repo.git({"config", "repack.usedeltabaseoffset", references ? "false" : "true"});
    repo.git({"repack", "-adfq"});
    const ObjectLines expected = test::lines_of(repo.git({"cat-file", "--batch-all-objects", "--batch-check"}));
    for (const auto& file : std::filesystem::directory_iterator(repo.git_dir() + "/objects/pack")) {
      if (file.path().extension() == ".idx") std::filesystem::remove(file.path());
    }
    Ledger ledger;
    const git::ObjectStore store = open_store(repo.path(), ledger);
    EXPECT_EQ(ledger.total(LossKind::CorruptIndex), 1u);
    EXPECT_EQ(test::walk_objects(store, {1}, ledger), expected);
    EXPECT_EQ(ledger.total(), 1u);
  }
}

// --- damage ---

struct SmallRepo {
  SmallRepo() {
    make_history(repo, 6, 3);
    repo.git({"repack", "-adfq", "--depth=10"});
    for (const auto& file : std::filesystem::directory_iterator(repo.git_dir() + "/objects/pack")) {
      if (file.path().extension() == ".pack") pack = file.path().string();
      if (file.path().extension() == ".idx") index = file.path().string();
    }
    whole = test::lines_of(repo.git({"cat-file", "--batch-all-objects", "--batch-check"}));
    std::filesystem::permissions(pack, std::filesystem::perms::owner_all);
    std::filesystem::permissions(index, std::filesystem::perms::owner_all);
  }
  GitFixture repo;
  std::string pack, index;
  ObjectLines whole;
};

// What is found must be true, and what is not found must be in the ledger.
void expect_honest(const SmallRepo& small, const std::string& what) {
  Ledger ledger;
  const git::ObjectStore store = open_store(small.repo.path(), ledger);
  const ObjectLines found = test::walk_objects(store, {1, 4000}, ledger);
  std::size_t right = 0;
  for (const std::string& line : found) right += small.whole.contains(line) ? 1 : 0;
  if (right < small.whole.size()) EXPECT_FALSE(ledger.empty()) << what;
}

TEST(PackDamage, EveryByteOfAPackIsGuarded) {
  SmallRepo small;
  const std::string good = test::slurp(small.pack);
  std::size_t quiet = 0;
  test::for_each_damage(good, [&](const std::string& damaged, const std::string& what) {
    test::write_file(small.pack, damaged);
    Ledger ledger;
    const git::ObjectStore store = open_store(small.repo.path(), ledger);
    const ObjectLines found = test::walk_objects(store, {1, 4000}, ledger);
    std::size_t wrong = 0;
    for (const std::string& line : found) wrong += small.whole.contains(line) ? 0 : 1;
    // The checksum of every stream is checked, so wrong content can only come with an entry in the
    // ledger, or from a changed type or base in a header: --verify's part, by hashing.
    if (ledger.empty() && found != small.whole) {
      ++quiet;
      EXPECT_GT(wrong, 0u) << what;
    }
  });
  // Headers are a few bytes of a hundred.
  EXPECT_LT(quiet, good.size() / 20);
}

TEST(PackDamage, EveryByteOfAnIndexIsGuarded) {
  SmallRepo small;
  const std::string good = test::slurp(small.index);
  test::for_each_damage(good, [&](const std::string& damaged, const std::string& what) {
    test::write_file(small.index, damaged);
    Ledger ledger;
    const git::ObjectStore store = open_store(small.repo.path(), ledger);
    const ObjectLines found = test::walk_objects(store, {1}, ledger);
    std::size_t wrong = 0;
    for (const std::string& line : found) wrong += small.whole.contains(line) ? 0 : 1;
    // An oid that was turned over is another name for the same content; --verify hashes it.
    if (ledger.empty()) EXPECT_LE(small.whole.size() - (found.size() - wrong), 1u) << what;
  });
}

TEST(PackDamage, SplicesNeverCrash) {
  SmallRepo small;
  const std::string good = test::slurp(small.pack);
  std::mt19937 random(7);
  for (int round = 0; round < 400; ++round) {
    std::string spliced = good;
    const std::size_t from = random() % good.size(), to = random() % good.size();
    const std::size_t length = random() % 200;
    spliced.replace(to, std::min(length, spliced.size() - to), good.substr(from, length));
    test::write_file(small.pack, spliced);
    expect_honest(small, "splice " + std::to_string(round));
  }
}

TEST(PackDamage, CyclesOfReferenceDeltasAreTold) {
  GitFixture repo;
  make_history(repo, 8, 20);
  repo.git({"config", "repack.usedeltabaseoffset", "false"});
  repo.git({"repack", "-adfq", "--depth=50"});
  std::string pack_path;
  for (const auto& file : std::filesystem::directory_iterator(repo.git_dir() + "/objects/pack")) {
    if (file.path().extension() == ".pack") pack_path = file.path().string();
  }
  Ledger ledger;
  auto pack = git::Pack::open(pack_path, HashKind::Sha1, ledger);
  ASSERT_TRUE(pack.has_value());
  const git::PackTable table = pack->build_table(1, ledger);
  std::string bytes = test::slurp(pack_path);
  std::size_t changed = 0;
  for (const git::PackEntry& entry : table.entries) {
    if (entry.kind != git::EntryKind::Delta) continue;
    const Oid own = pack->oid(entry);  // the delta names itself as its base
    std::copy(own.bytes.begin(), own.bytes.begin() + 20,
              bytes.begin() + static_cast<long>(entry.offset + entry.header_length - 20));
    ++changed;
  }
  ASSERT_GT(changed, 0u);
  std::filesystem::permissions(pack_path, std::filesystem::perms::owner_all);
  test::write_file(pack_path, bytes);
  Ledger after;
  const git::ObjectStore store = open_store(repo.path(), after);
  const ObjectLines found = test::walk_objects(store, {2}, after);
  EXPECT_EQ(after.total(LossKind::CorruptObject), changed);
  EXPECT_EQ(found.size(), table.size() - changed);
}

}  // namespace
}  // namespace tightship
