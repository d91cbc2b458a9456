#include "base/terminal_text.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "base/code_point.h"

namespace tightship {
namespace {

struct EscapeCase {
  const char* name;
  std::string raw;
  std::string shown;
  std::size_t width;
};

class Escapes : public testing::TestWithParam<EscapeCase> {};

TEST_P(Escapes, AreVisible) {
  EXPECT_EQ(terminal_text(GetParam().raw), GetParam().shown);
  EXPECT_EQ(display_width(GetParam().raw), GetParam().width);
}

INSTANTIATE_TEST_SUITE_P(
    TerminalText, Escapes,
    testing::Values(
        EscapeCase{"empty", "", "", 0}, EscapeCase{"plain", "a b~", "a b~", 4},
        EscapeCase{"nul", std::string("a\0b", 3), "a\\x00b", 6}, EscapeCase{"line_ends", "a\r\nb", "a\\r\\nb", 6},
        EscapeCase{"tab", "a\tb", "a\\tb", 4}, EscapeCase{"colour_sequence", "\x1b[31mred", "\\x1b[31mred", 11},
        EscapeCase{"title_sequence", "\x1b]0;x\x07", "\\x1b]0;x\\x07", 12}, EscapeCase{"del", "\x7f", "\\x7f", 4},
        EscapeCase{"c1_as_utf8", "\xc2\x9b", "\\u{9b}", 6}, EscapeCase{"c1_as_byte", "\x9b", "\\x9b", 4},
        EscapeCase{"bidi_override", "\u202egpj", "\\u{202e}gpj", 11},
        EscapeCase{"bidi_isolate", "\u2066", "\\u{2066}", 8},
        EscapeCase{"zero_width_space", "a\u200b", "a\\u{200b}", 9},
        EscapeCase{"byte_order_mark", "\ufeff", "\\u{feff}", 8}, EscapeCase{"line_separator", "\u2028", "\\u{2028}", 8},
        EscapeCase{"tag_character", "\U000e0041", "\\u{e0041}", 9},
        EscapeCase{"variation_selector", "a\ufe0f", "a\\u{fe0f}", 9},
        EscapeCase{"hangul_filler", "\u3164", "\\u{3164}", 8}, EscapeCase{"soft_hyphen", "\u00ad", "\\u{ad}", 6},
        EscapeCase{"lone_continuation", "\x80", "\\x80", 4}, EscapeCase{"overlong", "\xc0\xaf", "\\xc0\\xaf", 8},
        EscapeCase{"overlong_three", "\xe0\x80\xaf", "\\xe0\\x80\\xaf", 12},
        EscapeCase{"surrogate", "\xed\xa0\x80", "\\xed\\xa0\\x80", 12},
        EscapeCase{"over_unicode", "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80", 16},
        EscapeCase{"truncated", "\xe4\xb8", "\\xe4\\xb8", 8}, EscapeCase{"latin1", "caf\xe9", "caf\\xe9", 7},
        EscapeCase{"accent", "caf\u00e9", "caf\u00e9", 4}, EscapeCase{"cjk", "\u4e2d\u6587", "\u4e2d\u6587", 4},
        EscapeCase{"fullwidth", "\uff21", "\uff21", 2}, EscapeCase{"emoji", "\U0001f511", "\U0001f511", 2},
        EscapeCase{"mark_on_base", "e\u0301x", "e\u0301x", 2}, EscapeCase{"mark_without_base", "\u0301", "\\u{301}", 7},
        EscapeCase{"mark_on_space", " \u0301", " \\u{301}", 8},
        EscapeCase{"too_many_marks", "e\u0301\u0301\u0301\u0301\u0301", "e\u0301\u0301\u0301\u0301\\u{301}", 8}),
    [](const auto& param_info) { return param_info.param.name; });

TEST(TerminalText, OfRandomBytesIsVisibleAndStaysTheSame) {
  std::mt19937 random(7);
  for (int round = 0; round < 3000; ++round) {
    std::string raw(random() % 24, '\0');
    for (char& c : raw) c = static_cast<char>(random());
    const std::string shown = terminal_text(raw);
    for (std::size_t i = 0; i < shown.size();) {
      const CodePoint point = decode_utf8(shown, i);
      ASSERT_TRUE(point.valid);
      const Glyph glyph = glyph_of(point.value);
      ASSERT_TRUE(glyph == Glyph::Narrow || glyph == Glyph::Wide || glyph == Glyph::Mark);
      i += point.size;
    }
    EXPECT_EQ(terminal_text(shown), shown);
    EXPECT_EQ(display_width(shown), display_width(raw));
  }
}

TEST(CutText, KeepsWholeCharactersWithinTheWidth) {
  EXPECT_EQ(cut_right("abcdef", 6), "abcdef");
  EXPECT_EQ(cut_right("abcdef", 4), "abc…");
  EXPECT_EQ(cut_right("\u4e2d\u6587\u5b57", 4), "\u4e2d…");
  EXPECT_EQ(cut_right("ab\x1b", 4), "ab…");
  EXPECT_EQ(cut_right("abc", 0), "");
  EXPECT_EQ(cut_left("src/deep/file.c", 8), "…/file.c");
  EXPECT_EQ(cut_left("\u4e2d\u6587\u5b57", 4), "…\u5b57");
  EXPECT_EQ(cut_left("abc", 3), "abc");
}

struct LineCase {
  const char* name;
  std::string raw;
  std::size_t begin, end, width;
  std::string shown;
  std::size_t first, last;
};

class Lines : public testing::TestWithParam<LineCase> {};

TEST_P(Lines, PutTheFocusUnderItsColumns) {
  const LineCase& c = GetParam();
  const LineView view = terminal_line(c.raw, c.begin, c.end, c.width);
  EXPECT_EQ(view.text, c.shown);
  EXPECT_EQ(view.begin, c.first);
  EXPECT_EQ(view.end, c.last);
}

const std::string kHundred(100, 'a');

INSTANTIATE_TEST_SUITE_P(
    TerminalLine, Lines,
    testing::Values(LineCase{"plain", "key = XYZ;", 6, 9, 40, "key = XYZ;", 6, 9},
                    LineCase{"at_start", "XYZ rest", 0, 3, 40, "XYZ rest", 0, 3},
                    LineCase{"at_end", "key XYZ", 4, 7, 40, "key XYZ", 4, 7},
                    LineCase{"line_end_dropped", "key XYZ\r\n", 4, 7, 40, "key XYZ", 4, 7},
                    LineCase{"tabs", "\tk\tXYZ", 3, 6, 40, "    k   XYZ", 8, 11},
                    LineCase{"wide_before", "\u4e2d\u6587=XYZ", 7, 10, 40, "\u4e2d\u6587=XYZ", 5, 8},
                    LineCase{"combining_before", "e\u0301=XYZ", 4, 7, 40, "e\u0301=XYZ", 2, 5},
                    LineCase{"escape_before", "\x1b=XYZ", 2, 5, 40, "\\x1b=XYZ", 5, 8},
                    LineCase{"wide_inside", "k=\u4e2d\u6587", 2, 8, 40, "k=\u4e2d\u6587", 2, 6},
                    LineCase{"begins_inside_a_character", "\u4e2d=", 1, 3, 40, "\u4e2d=", 0, 2},
                    LineCase{"empty_focus", "abc", 1, 1, 40, "abc", 1, 2},
                    LineCase{"empty_focus_at_end", "abc", 3, 3, 40, "abc", 3, 4},
                    LineCase{"out_of_range", "abc", 9, 12, 40, "abc", 3, 4},
                    LineCase{"reversed", "abc", 2, 1, 40, "abc", 2, 3}, LineCase{"empty", "", 0, 0, 40, "", 0, 1},
                    LineCase{"cut_right_side", "XYZ" + kHundred, 0, 3, 20, "XYZ" + std::string(15, 'a') + "…", 0, 3},
                    LineCase{"cut_left_side", kHundred + "XYZ", 100, 103, 20, "…" + std::string(15, 'a') + "XYZ", 16,
                             19},
                    LineCase{"cut_both_sides", kHundred + "XYZ" + kHundred, 100, 103, 20,
                             "…" + std::string(8, 'a') + "XYZ" + std::string(7, 'a') + "…", 9, 12},
                    LineCase{"focus_too_wide", "k=" + kHundred, 2, 102, 20, "…" + std::string(18, 'a') + "…", 1, 19},
                    LineCase{"narrow_terminal", kHundred, 0, 1, 1, std::string(14, 'a') + "…", 0, 1}),
    [](const auto& param_info) { return param_info.param.name; });

TEST(TerminalLine, OfMegabytesIsCutAroundTheFocus) {
  std::string line(std::size_t{3} << 20, 'x');
  line.replace(2000000, 3, "KEY");
  const LineView view = terminal_line(line, 2000000, 2000003, 40);
  EXPECT_EQ(display_width(view.text), 40u);
  EXPECT_EQ(terminal_text(view.text).find("KEY"), view.begin + 2);  // the mark has three bytes, one column
}

TEST(TerminalLine, NeverExceedsItsWidth) {
  std::mt19937 random(11);
  for (int round = 0; round < 3000; ++round) {
    std::string raw(random() % 80, '\0');
    for (char& c : raw) c = static_cast<char>(random());
    const std::size_t width = kMinLineWidth + random() % 30;
    const LineView view = terminal_line(raw, random() % 90, random() % 90, width);
    EXPECT_LE(display_width(view.text), width);
    EXPECT_LT(view.begin, view.end);
    EXPECT_LE(view.end, width + 1);
  }
}

}  // namespace
}  // namespace tightship
