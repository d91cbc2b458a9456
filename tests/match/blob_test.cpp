#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "match/engine.h"
#include "match/pattern_samples.h"

namespace tightship::match {
namespace {

using testing::Random;

std::vector<PatternSpec> specs() {
  return {{"one", R"(\b(key_[0-9a-f]{8})\b)", 0, {}},
          {"two", R"x((?i)[\w-]{0,20}(?:token|passwd)\s{0,3}=\s{0,3}"([^"]{4,20})")x", 0, {}},
          {"three", R"([0-9]{4,6}:ZZ_[a-z]{3})", 0, {"ZZ_"}}};
}

constexpr std::string_view kText =
    R"(key_0123abcd my-TOKEN = "swordfish" 12345:ZZ_abc key_0123abcde passwd="x" 1:ZZ_abc)";

std::vector<Match> scan(const Engine& engine) {
  auto scratch = engine.make_scratch();
  std::vector<Anchor> anchors;
  std::vector<Match> matches;
  engine.find_anchors(as_bytes(kText), scratch, anchors);
  for (const Anchor anchor : anchors) engine.confirm(as_bytes(kText), anchor, matches);
  return matches;
}

// Damage that goes unnoticed must not be harmful: the engine still answers.
bool corrupt_or_works(Bytes blob) {
  const auto engine = Engine::deserialize(blob, specs());
  if (!engine) return engine.error().kind == ErrorKind::Corrupt;
  scan(*engine);
  return true;
}

TEST(Blob, RoundTripFindsTheSame) {
  const auto engine = Engine::compile(specs());
  ASSERT_TRUE(engine);
  const auto expected = scan(*engine);
  ASSERT_EQ(expected.size(), 3U);
  const auto blob = engine->serialize();
  const auto loaded = Engine::deserialize(blob, specs());
  ASSERT_TRUE(loaded) << loaded.error().what;
  EXPECT_EQ(scan(*loaded), expected);
  EXPECT_EQ(loaded->serialize(), blob);
  ASSERT_EQ(loaded->literal_count(), engine->literal_count());
  for (std::uint16_t literal = 0; literal < engine->literal_count(); ++literal) {
    EXPECT_EQ(loaded->literal_bytes(literal), engine->literal_bytes(literal));
    EXPECT_EQ(loaded->reach(literal).before, engine->reach(literal).before);
    EXPECT_EQ(loaded->reach(literal).after, engine->reach(literal).after);
  }
}

TEST(Blob, CompilingTwiceGivesTheSameBytes) {
  EXPECT_EQ(Engine::compile(specs())->serialize(), Engine::compile(specs())->serialize());
}

TEST(Blob, OtherSpecsAreCorrupt) {
  const auto blob = Engine::compile(specs())->serialize();
  const auto refused = [&](auto change) {
    auto other = specs();
    change(other);
    const auto engine = Engine::deserialize(blob, other);
    return !engine && engine.error().kind == ErrorKind::Corrupt;
  };
  EXPECT_TRUE(refused([](auto& s) { s[0].id = "uno"; }));
  EXPECT_TRUE(refused([](auto& s) { s[0].regex = "key_[0-9a-f]{8}"; }));
  EXPECT_TRUE(refused([](auto& s) { s[0].secret_group = 1; }));
  EXPECT_TRUE(refused([](auto& s) { s[2].anchors.clear(); }));
  EXPECT_TRUE(refused([](auto& s) { s.pop_back(); }));
  EXPECT_TRUE(refused([](auto& s) { std::swap(s[0], s[1]); }));
  EXPECT_TRUE(refused([](auto& s) { s.clear(); }));
}

TEST(Blob, EveryTruncationIsCorrupt) {
  const auto blob = Engine::compile(specs())->serialize();
  for (std::size_t size = 0; size < blob.size(); ++size) {
    const auto engine = Engine::deserialize(Bytes(blob).first(size), specs());
    ASSERT_FALSE(engine) << size;
    ASSERT_EQ(engine.error().kind, ErrorKind::Corrupt) << size;
  }
  auto longer = blob;
  longer.push_back(0);
  EXPECT_FALSE(Engine::deserialize(longer, specs()));
}

TEST(Blob, EveryFlippedByteIsCorrupt) {
  const auto blob = Engine::compile(specs())->serialize();
  Random random(3);
  for (std::size_t at = 0; at < blob.size(); ++at) {
    auto damaged = blob;
    damaged[at] = static_cast<std::uint8_t>(damaged[at] ^ (1U << testing::below(random, 8)));
    const auto engine = Engine::deserialize(damaged, specs());
    ASSERT_FALSE(engine) << at;
    ASSERT_EQ(engine.error().kind, ErrorKind::Corrupt) << at;
  }
}

TEST(Blob, RandomDamageIsNoHarm) {
  const auto blob = Engine::compile(specs())->serialize();
  Random random(9);
  for (int round = 0; round < 2000; ++round) {
    std::vector<std::uint8_t> damaged = blob;
    const std::size_t at = testing::below(random, damaged.size());
    const std::size_t size = 1 + testing::below(random, std::min<std::size_t>(64, damaged.size() - at));
    switch (testing::below(random, 3)) {
      case 0:
        damaged.erase(damaged.begin() + static_cast<std::ptrdiff_t>(at),
                      damaged.begin() + static_cast<std::ptrdiff_t>(at + size));
        break;
      case 1: damaged.insert(damaged.end(), damaged.begin() + static_cast<std::ptrdiff_t>(at), damaged.end()); break;
      default: std::memset(damaged.data() + at, static_cast<int>(testing::below(random, 256)), size); break;
    }
    ASSERT_TRUE(corrupt_or_works(damaged)) << round;
  }
}

TEST(Version, NamesTheLibrary) {
  const std::string version = hyperscan_version();
  EXPECT_TRUE(version.starts_with("Hyperscan 5.") || version.starts_with("Vectorscan 5.")) << version;
  EXPECT_EQ(version.find(' '), version.rfind(' '));
}

}  // namespace
}  // namespace tightship::match
