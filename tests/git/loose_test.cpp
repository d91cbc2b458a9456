#include "git/loose.h"

#include <gtest/gtest.h>
#include <libdeflate.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <random>

#include "support/git_fixture.h"

namespace tightship::git {
namespace {

using test::GitFixture;

constexpr std::uint64_t kLarge = std::uint64_t{1} << 30;

std::string deflated(const std::string& content, int level = 6) {
  libdeflate_compressor* compressor = libdeflate_alloc_compressor(level);
  std::string out(libdeflate_zlib_compress_bound(compressor, content.size()), '\0');
  out.resize(libdeflate_zlib_compress(compressor, content.data(), content.size(), out.data(), out.size()));
  libdeflate_free_compressor(compressor);
  return out;
}

std::string with_header(const std::string& header, const std::string& content) {
  return header + std::string(1, '\0') + content;
}

std::string random_bytes(std::size_t size) {
  std::mt19937 random(7);
  std::string text(size, '\0');
  for (char& c : text) c = static_cast<char>(random());
  return text;
}

class LooseOracle : public testing::TestWithParam<bool> {};

TEST_P(LooseOracle, AgreesWithCatFile) {
  GitFixture repo({.sha256 = GetParam(), .bare = false, .name = "re po\n"});
  repo.write("small.txt", "hello\n");
  repo.write("empty.txt", "");
  repo.write("dir/large.txt", std::string(300'000, 'z') + "end");
  repo.write("noise.bin", random_bytes(200'000));
  repo.commit("first");
  repo.git({"tag", "-a", "-m", "note", "v1"});
  repo.write("stored.bin", random_bytes(150'000) + "x");
  repo.git({"-c", "core.looseCompression=0", "add", "-A"});
  repo.commit("second");

  Ledger ledger;
  const HashKind hash = GetParam() ? HashKind::Sha256 : HashKind::Sha1;
  const auto objects = list_loose(repo.git_dir() + "/objects", hash, ledger);
  std::string listed, expected = repo.git({"cat-file", "--batch-all-objects", "--batch"}), ours;
  for (const LooseObject& object : objects) {
    const auto content = read_loose(object.path, kLarge);
    ASSERT_TRUE(content) << object.path << ": " << content.error().what;
    ours += object.oid.hex() + " " + std::string(object_type_name(content->type)) + " " +
            std::to_string(content->bytes.size()) + "\n" + std::string(as_text(content->bytes)) + "\n";
  }
  EXPECT_TRUE(ours == expected);
  EXPECT_GE(objects.size(), 9u);
  EXPECT_TRUE(ledger.empty());
}

INSTANTIATE_TEST_SUITE_P(Hashes, LooseOracle, testing::Bool(),
                         [](const auto& row) { return row.param ? "sha256" : "sha1"; });

struct LooseRow {
  const char* name;
  std::string file;
  bool good;
  ErrorKind error = ErrorKind::Corrupt;
  std::uint64_t max_size = kLarge;
};

class LooseTest : public testing::TestWithParam<LooseRow> {};

TEST_P(LooseTest, IsAcceptedOrRefusedAsGitDoes) {
  const auto& row = GetParam();
  const auto content = parse_loose(as_bytes(row.file), row.max_size);
  ASSERT_EQ(content.has_value(), row.good);
  if (!row.good) {
    EXPECT_EQ(content.error().kind, row.error) << content.error().what;
  }
}

const std::string kZeros(200'000, '\0');

INSTANTIATE_TEST_SUITE_P(
    Rows, LooseTest,
    testing::Values(LooseRow{"small", deflated(with_header("blob 2", "ab")), true},
                    LooseRow{"empty_blob", deflated(with_header("blob 0", "")), true},
                    LooseRow{"stored", deflated(with_header("blob 200000", kZeros), 0), true},
                    LooseRow{"large", deflated(with_header("blob 200000", kZeros)), true},
                    LooseRow{"at_limit", deflated(with_header("blob 2", "ab")), true, ErrorKind::Corrupt, 2},
                    LooseRow{"over_limit", deflated(with_header("blob 2", "ab")), false, ErrorKind::Limit, 1},
                    LooseRow{"large_over_limit", deflated(with_header("blob 200000", kZeros)), false, ErrorKind::Limit,
                             199'999},
                    LooseRow{"size_too_small", deflated(with_header("blob 1", "ab")), false},
                    LooseRow{"size_too_large", deflated(with_header("blob 3", "ab")), false},
                    LooseRow{"bomb", deflated(with_header("blob 5", kZeros)), false},
                    LooseRow{"bomb_beyond_the_head", deflated(with_header("blob 150000", kZeros)), false},
                    LooseRow{"large_size_too_large", deflated(with_header("blob 200001", kZeros)), false},
                    LooseRow{"declares_more_than_deflate_can", deflated(with_header("blob 999999999", kZeros)), false},
                    LooseRow{"size_overflows", deflated(with_header("blob 99999999999999999999", "ab")), false},
                    LooseRow{"size_wraps", deflated(with_header("blob 18446744073709551615", "ab")), false,
                             ErrorKind::Corrupt, ~std::uint64_t{0}},
                    LooseRow{"leading_zero", deflated(with_header("blob 02", "ab")), false},
                    LooseRow{"negative", deflated(with_header("blob -2", "ab")), false},
                    LooseRow{"no_size", deflated(with_header("blob ", "ab")), false},
                    LooseRow{"space_after_size", deflated(with_header("blob 2 ", "ab")), false},
                    LooseRow{"two_spaces", deflated(with_header("blob  2", "ab")), false},
                    LooseRow{"no_nul", deflated("blob 2"), false},
                    LooseRow{"unknown_type", deflated(with_header("blub 2", "ab")), false},
                    LooseRow{"upper_case_type", deflated(with_header("BLOB 2", "ab")), false},
                    LooseRow{"header_too_long", deflated(with_header("blob " + std::string(40, '1'), "ab")), false},
                    LooseRow{"garbage_behind", deflated(with_header("blob 2", "ab")) + "x", false},
                    LooseRow{"garbage_behind_large", deflated(with_header("blob 200000", kZeros)) + "x", false},
                    LooseRow{"empty_file", "", false}, LooseRow{"not_zlib", "blob 2", false}),
    [](const auto& row) { return row.param.name; });

TEST(LooseDamage, EveryCutAndFlipIsCorrupt) {
  const std::string good = deflated(with_header("blob 26", "some words, some words too"));
  const auto whole = parse_loose(as_bytes(good), kLarge);
  ASSERT_TRUE(whole);
  test::for_each_damage(good, [&](const std::string& damaged, const std::string& name) {
    const auto content = parse_loose(as_bytes(damaged), kLarge);
    // The level bits of the zlib header change nothing that is decoded.
    if (content) {
      EXPECT_EQ(content->bytes, whole->bytes) << name;
    } else {
      EXPECT_EQ(content.error().kind, ErrorKind::Corrupt) << name;
    }
  });
}

TEST(LooseDamage, ContentIsGuardedByTheChecksum) {
  const std::string good = deflated(with_header("blob 200000", kZeros), 0);
  std::string damaged = good;
  damaged[100'000] = 'x';
  const auto content = parse_loose(as_bytes(damaged), kLarge);
  ASSERT_FALSE(content);
  EXPECT_EQ(content.error().kind, ErrorKind::Corrupt);
}

TEST(ReadLoose, NamesTheFile) {
  test::TempDir dir;
  EXPECT_EQ(read_loose(dir.path + "/absent", kLarge).error().kind, ErrorKind::NotFound);
  test::write_file(dir.path + "/bad", "nonsense");
  const auto bad = read_loose(dir.path + "/bad", kLarge);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().kind, ErrorKind::Corrupt);
  EXPECT_EQ(bad.error().where, dir.path + "/bad");
  ASSERT_EQ(mkfifo((dir.path + "/fifo").c_str(), 0600), 0);
  EXPECT_EQ(read_loose(dir.path + "/fifo", kLarge).error().kind, ErrorKind::Io);
}

TEST(ListLoose, PassesOverWhatIsNoObject) {
  test::TempDir dir;
  const std::string rest(38, '1');
  const std::vector<std::string> names = {
      "ab/" + rest, "ab/tmp_obj_x", "ab/" + rest + "1", "ab/" + std::string(38, 'g'), "pack/pack-1.pack", "info/packs",
      "zz/" + rest, "abc/" + rest,  "01/" + rest};
  for (const std::string& name : names) test::write_file(dir.path + "/" + name, "");
  Ledger ledger;
  const auto objects = list_loose(dir.path, HashKind::Sha1, ledger);
  ASSERT_EQ(objects.size(), 2u);
  EXPECT_EQ(objects[0].oid.hex(), "01" + rest);
  EXPECT_EQ(objects[1].oid.hex(), "ab" + rest);
  EXPECT_EQ(objects[1].path, dir.path + "/ab/" + rest);
  EXPECT_TRUE(list_loose(dir.path + "/absent", HashKind::Sha1, ledger).empty());
  EXPECT_TRUE(ledger.empty());
}

TEST(ListLoose, AFolderThatCannotBeReadIsALoss) {
  if (geteuid() == 0) GTEST_SKIP() << "root reads everything";
  test::TempDir dir;
  test::write_file(dir.path + "/ab/" + std::string(38, '1'), "");
  ASSERT_EQ(chmod((dir.path + "/ab").c_str(), 0), 0);
  Ledger ledger;
  EXPECT_TRUE(list_loose(dir.path, HashKind::Sha1, ledger).empty());
  EXPECT_EQ(ledger.total(LossKind::UnreadableFile), 1u);
}

}  // namespace
}  // namespace tightship::git
