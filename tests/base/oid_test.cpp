#include "base/oid.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tightship {
namespace {

std::string digits(std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out.push_back("0123456789abcdef"[(i * 7 + 3) % 16]);
  return out;
}

TEST(Oid, ReadsAndWritesBothWidths) {
  for (const std::size_t width : {40, 64}) {
    const auto oid = Oid::from_hex(digits(width));
    ASSERT_TRUE(oid);
    EXPECT_EQ(oid->hex(), digits(width));
    EXPECT_EQ(oid->raw().size(), width / 2);
    EXPECT_EQ(Oid::from_raw(oid->raw()), *oid);
    EXPECT_EQ(oid->short_hex(), digits(width).substr(0, 7));
  }
}

TEST(Oid, ReadsUpperCase) {
  std::string upper = digits(40);
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  EXPECT_EQ(Oid::from_hex(upper), Oid::from_hex(digits(40)));
}

TEST(Oid, RefusesEverythingElse) {
  const std::string good = digits(40);
  const std::vector<std::string> bad = {"",
                                        good.substr(1),
                                        good + "0",
                                        digits(63),
                                        digits(65),
                                        "g" + good.substr(1),
                                        good.substr(1) + "g",
                                        " " + good.substr(1),
                                        "-" + good.substr(1),
                                        std::string(40, '\0')};
  for (const std::string& text : bad) EXPECT_FALSE(Oid::from_hex(text)) << text;
}

TEST(Oid, ComparesAllBytes) {
  const Oid a = *Oid::from_hex(std::string(39, '0') + "1");
  const Oid b = *Oid::from_hex(std::string(39, '0') + "2");
  EXPECT_NE(a, b);
  EXPECT_LT(a, b);
  EXPECT_FALSE(a.is_zero());
  EXPECT_TRUE(Oid::from_hex(std::string(40, '0'))->is_zero());
}

TEST(Oid, TellsWidthsApart) { EXPECT_NE(*Oid::from_hex(std::string(40, '0')), *Oid::from_hex(std::string(64, '0'))); }

TEST(Oid, TakesNoMoreThan32RawBytes) {
  const std::vector<std::uint8_t> raw(40, 0xab);
  EXPECT_EQ(Oid::from_raw(raw).raw().size(), 32U);
}

}  // namespace
}  // namespace tightship
