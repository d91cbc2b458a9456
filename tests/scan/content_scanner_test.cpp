#include "scan/content_scanner.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/small_rules.h"

namespace tightship::scan {
namespace {

using namespace std::string_literals;
using test::live_key;
using test::small_rules;
using test::test_key;

std::vector<Hit> scan(const std::string& content, std::string_view path = "f") {
  return ContentScanner(small_rules()).scan(as_bytes(content), path);
}

std::string widen(const std::string& text, int width, bool little) {
  std::string out;
  for (const char c : text) {
    std::string unit(static_cast<std::size_t>(width), '\0');
    unit[little ? 0 : unit.size() - 1] = c;
    out += unit;
  }
  return out;
}

struct PlaceRow {
  std::string name;
  std::string before, after;
  std::uint32_t line, column;
};
class Places : public testing::TestWithParam<PlaceRow> {};

TEST_P(Places, AreThoseOfTheBytes) {
  const PlaceRow& row = GetParam();
  const std::string key = live_key(1);
  const auto hits = scan(row.before + key + row.after);
  ASSERT_EQ(hits.size(), 1U);
  EXPECT_EQ(hits[0].secret, key);
  EXPECT_EQ(hits[0].position.offset, row.before.size());
  EXPECT_EQ(hits[0].position.line, row.line);
  EXPECT_EQ(hits[0].position.column, row.column);
  EXPECT_EQ(hits[0].position.end_column, row.column + key.size());
  EXPECT_EQ(hits[0].encoding, Encoding::Bytes);
}

INSTANTIATE_TEST_SUITE_P(Rows, Places,
                         testing::Values(PlaceRow{"Alone", "", "", 1, 1}, PlaceRow{"First", "", "\nx\n", 1, 1},
                                         PlaceRow{"Last", "a\nb\n  ", "", 3, 3},
                                         PlaceRow{"CrLf", "a\r\nb = ", "\r\nc\r\n", 2, 5},
                                         PlaceRow{"Latin1", "caf\xE9 = ", "\n", 1, 8},
                                         PlaceRow{"Utf8Mark", "\xEF\xBB\xBF", "\n", 1, 4},
                                         PlaceRow{"AfterNul", "bin\0\x01\n\0"s, "\0tail"s, 2, 2}),
                         [](const auto& row) { return row.param.name; });

struct WideRow {
  std::string name, mark;
  int width;
  bool little;
  Encoding encoding;
};
class Wide : public testing::TestWithParam<WideRow> {};

TEST_P(Wide, PositionsNameOriginalBytes) {
  const WideRow& row = GetParam();
  const std::string key = live_key(2), before = "HOST=localhost\r\nKEY=";
  const std::string content = row.mark + widen(before + key + "\r\nEND=1\r\n", row.width, row.little);
  const auto hits = scan(content);
  ASSERT_EQ(hits.size(), 1U);
  const auto width = static_cast<std::size_t>(row.width);
  const detect::Position& at = hits[0].position;
  EXPECT_EQ(hits[0].secret, key);
  EXPECT_EQ(hits[0].encoding, row.encoding);
  EXPECT_EQ(content.substr(at.offset, key.size() * width), widen(key, row.width, row.little));
  EXPECT_EQ(at.line, 2U);
  EXPECT_EQ(at.column, 4 * width + 1);
  EXPECT_EQ(at.end_column, (4 + key.size()) * width + 1);
  ASSERT_TRUE(hits[0].excerpt);
  EXPECT_EQ(hits[0].excerpt->text, "KEY=" + key);
}

INSTANTIATE_TEST_SUITE_P(Rows, Wide,
                         testing::Values(WideRow{"Utf16Le", "", 2, true, Encoding::Utf16Le},
                                         WideRow{"Utf16Be", "", 2, false, Encoding::Utf16Be},
                                         WideRow{"Utf32Le", "", 4, true, Encoding::Utf32Le},
                                         WideRow{"Utf32Be", "", 4, false, Encoding::Utf32Be},
                                         WideRow{"Utf16LeMark", "\xFF\xFE", 2, true, Encoding::Utf16Le},
                                         WideRow{"Utf16BeMark", "\xFE\xFF", 2, false, Encoding::Utf16Be},
                                         WideRow{"Utf32LeMark", "\xFF\xFE\0\0"s, 4, true, Encoding::Utf32Le},
                                         WideRow{"Utf32BeMark", "\0\0\xFE\xFF"s, 4, false, Encoding::Utf32Be}),
                         [](const auto& row) { return row.param.name; });

TEST(ContentScanner, FindsWhatAShellAppendedToAUtf16File) {
  const std::string wide = "\xFF\xFE" + widen("KEY=" + live_key(3) + "\r\n", 2, true);
  const auto hits = scan(wide + "KEY=" + live_key(4) + "\n");
  ASSERT_EQ(hits.size(), 2U);
  EXPECT_EQ(hits[0].secret, live_key(3));
  EXPECT_EQ(hits[1].secret, live_key(4));
  EXPECT_EQ(hits[1].position.offset, wide.size() + 4);
  EXPECT_EQ(hits[1].encoding, Encoding::Bytes);
}

TEST(ContentScanner, FindsTheLastLineOfTwelveMegabytes) {
  std::string content;
  while (content.size() < 12'000'000) content += "nothing to see in this line, nor in any other\n";
  const std::size_t lines = content.size() / 46;
  const auto hits = scan(content + live_key(5));
  ASSERT_EQ(hits.size(), 1U);
  EXPECT_EQ(hits[0].position.line, lines + 1);
  EXPECT_EQ(hits[0].position.column, 1U);
}

TEST(ContentScanner, FindsWhatLiesAcrossSlices) {
  for (std::size_t shift = 0; shift < 40; ++shift) {
    const std::string content = std::string((256 << 10) - shift, ' ') + live_key(6) + " x";
    ASSERT_EQ(scan(content).size(), 1U) << shift;
  }
}

// Bounded output, and time that does not grow with the square: 60 000 keys in one line.
TEST(ContentScanner, StaysLinearInOneLongLine) {
  std::string line;
  for (std::uint64_t i = 0; line.size() < 5'000'000; ++i)
    line += "\"" + live_key(i % 500) + "\":" + std::string(40, 'x');
  const auto hits = scan(line);
  ASSERT_EQ(hits.size(), kMaxHits);
  std::size_t shown = 0;
  for (const Hit& hit : hits) {
    if (!hit.excerpt) continue;
    ++shown;
    ASSERT_LE(hit.excerpt->text.size(), detect::kMaxExcerpt);
    ASSERT_EQ(hit.excerpt->text.substr(hit.excerpt->begin, hit.excerpt->end - hit.excerpt->begin), hit.secret);
  }
  EXPECT_EQ(shown, kMaxExcerpts);
}

TEST(ContentScanner, SaysThatSomethingWasLeftOut) {
  std::string line;
  for (std::size_t i = 0; i <= kMaxHits; ++i) line += live_key(1) + "\n";
  ContentScanner scanner(small_rules());
  EXPECT_EQ(scanner.scan(as_bytes(line), "f").size(), kMaxHits);
  EXPECT_TRUE(scanner.truncated());
  scanner.scan(as_bytes("x"), "f");
  EXPECT_FALSE(scanner.truncated());
}

TEST(Excerpt, MasksEveryCandidateOfTheLine) {
  // The second one is allowed in this folder: not reported, masked all the same.
  const std::string content = "first\na=" + live_key(1) + " b=" + test_key(2) + "\nlast";
  const auto hits = scan(content, "vendor/x");
  ASSERT_EQ(hits.size(), 1U);
  const detect::Excerpt& excerpt = *hits[0].excerpt;
  EXPECT_EQ(excerpt.text, "a=" + live_key(1) + " b=" + test_key(2));
  ASSERT_EQ(excerpt.secrets.size(), 2U);
  EXPECT_EQ(excerpt.text.substr(excerpt.secrets[0].begin, 33), live_key(1));
  EXPECT_EQ(excerpt.text.substr(excerpt.secrets[1].begin, 33), test_key(2));
  EXPECT_EQ(excerpt.secrets[0].keep, "shp_live_");
  EXPECT_EQ(excerpt.secrets[1].keep, "shp_test_");
  EXPECT_FALSE(excerpt.cut_left || excerpt.cut_right);
}

TEST(Excerpt, OfALongLineIsCutAroundTheSecret) {
  const std::string content = std::string(3000, 'a') + " " + live_key(1) + " " + std::string(3000, 'b');
  const auto hits = scan(content);
  ASSERT_EQ(hits.size(), 1U);
  const detect::Excerpt& excerpt = *hits[0].excerpt;
  EXPECT_EQ(excerpt.text.size(), detect::kMaxExcerpt);
  EXPECT_TRUE(excerpt.cut_left && excerpt.cut_right);
  EXPECT_EQ(excerpt.text.substr(excerpt.begin, excerpt.end - excerpt.begin), live_key(1));
}

TEST(Excerpt, CutsNoCharacter) {
  for (int shift = 0; shift < 3; ++shift) {
    std::string wide(static_cast<std::size_t>(shift), 'a');
    for (int i = 0; i < 600; ++i) wide += "\u20ac";
    const auto hits = scan(wide + " " + live_key(1) + " " + wide);
    ASSERT_EQ(hits.size(), 1U);
    const std::string& text = hits[0].excerpt->text;
    EXPECT_NE(static_cast<unsigned char>(text.front()) & 0xC0, 0x80);
    EXPECT_TRUE(text.ends_with("\u20ac")) << shift;
  }
}

}  // namespace
}  // namespace tightship::scan
