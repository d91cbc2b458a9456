#include "git/delta.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace tightship::git {
namespace {

std::string varint(std::uint64_t value) {
  std::string out;
  for (; value >= 128; value >>= 7) out.push_back(static_cast<char>(value & 127 | 128));
  out.push_back(static_cast<char>(value));
  return out;
}

std::string copy(std::uint32_t offset, std::uint32_t length) {
  std::string out(1, static_cast<char>(0x80 | 0x0f | 0x70));
  for (int i = 0; i < 4; ++i) out.push_back(static_cast<char>(offset >> (8 * i) & 255));
  for (int i = 0; i < 3; ++i) out.push_back(static_cast<char>(length >> (8 * i) & 255));
  return out;
}

std::string insert(std::string_view text) { return static_cast<char>(text.size()) + std::string(text); }

constexpr std::string_view kBase = "0123456789";

struct Row {
  const char* name;
  std::string delta;
  std::string result;  // or what the error says
  bool good;
  std::uint32_t limit = 1000;
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

class DecodeDelta : public testing::TestWithParam<Row> {};

TEST_P(DecodeDelta, AsTheFormatSays) {
  const Row& row = GetParam();
  std::vector<DeltaOp> ops;
  const auto size = decode_delta(as_bytes(row.delta), kBase.size(), row.limit, ops);
  if (!row.good) {
    ASSERT_FALSE(size.has_value());
    EXPECT_EQ(size.error().what, row.result);
    return;
  }
  ASSERT_TRUE(size.has_value()) << size.error().what;
  std::string result(*size, '?');
  apply_delta(as_bytes(kBase), as_bytes(row.delta), ops, reinterpret_cast<std::uint8_t*>(result.data()));
  EXPECT_EQ(result, row.result);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, DecodeDelta,
    testing::Values(
        Row{"Copy", varint(10) + varint(4) + copy(3, 4), "3456", true},
        Row{"Insert", varint(10) + varint(3) + insert("abc"), "abc", true},
        Row{"Mixed", varint(10) + varint(7) + copy(0, 2) + insert("xy") + copy(7, 3), "01xy789", true},
        Row{"Empty", varint(10) + varint(0), "", true},
        Row{"ShortCopyForm", varint(10) + varint(2) + std::string("\x90\x02", 2), "01", true},
        Row{"PastEnd", varint(10) + varint(4) + copy(7, 4), "delta copies past the end of its base", false},
        Row{"FarPastEnd", varint(10) + varint(4) + copy(0xffffffff, 0xffffff), "delta copies past the end of its base",
            false},
        Row{"SizeZeroMeans64K", varint(10) + varint(65536) + std::string("\x80", 1), "object is larger than the limit",
            false, 1000},
        Row{"OtherBase", varint(11) + varint(1) + insert("a"), "delta was made for a base of another size", false},
        Row{"TooMuch", varint(10) + varint(2) + insert("abc"), "delta makes more than its size says", false},
        Row{"TooLittle", varint(10) + varint(4) + insert("abc"), "delta makes less than its size says", false},
        Row{"CutCopy", varint(10) + varint(4) + copy(3, 4).substr(0, 5), "delta ends in a copy", false},
        Row{"CutInsert",
            varint(10) + varint(4) +
                std::string("\x04"
                            "ab",
                            3),
            "delta ends in an insert", false},
        Row{"Reserved", varint(10) + varint(4) + std::string(1, '\0'), "delta has a reserved instruction", false},
        Row{"NoHeader", "", "delta ends in its header", false},
        Row{"EndlessHeader", std::string(40, '\xff'), "delta ends in its header", false},
        Row{"OverLimit", varint(10) + varint(20) + copy(0, 10) + copy(0, 10), "object is larger than the limit", false,
            19}),
    [](const auto& row) { return row.param.name; });

TEST(DecodeDeltaProperty, RandomBytesNeverReachOutside) {
  std::mt19937 random(1);
  std::vector<DeltaOp> ops;
  const std::string base(300, 'b');
  for (int round = 0; round < 20000; ++round) {
    std::string delta = varint(base.size()) + varint(random() % 400);
    while (delta.size() < 40) delta.push_back(static_cast<char>(random()));
    const auto size = decode_delta(as_bytes(delta), base.size(), 1 << 20, ops);
    if (!size) continue;
    std::uint64_t made = 0;
    for (const DeltaOp& op : ops) {
      made += op.length;
      EXPECT_LE(std::uint64_t{op.source} + op.length, op.copy ? base.size() : delta.size());
    }
    EXPECT_EQ(made, *size);
  }
}

}  // namespace
}  // namespace tightship::git
