// What the pages of a PDF draw, and what else is in its streams.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>

#include "support/pdf_fixture.h"
#include "unpack/pdf_filters.h"
#include "unpack/pdf_objects.h"
#include "unpack/unpack.h"

namespace tightship::unpack {
namespace {

using namespace std::string_literals;
using test::character_map;
using test::flate_stream;
using test::pdf_file;
using test::pdf_object;
using test::pdf_object_stream;
using test::pdf_stream;

struct Collector : Visitor {
  void name(std::string_view, std::size_t) override { ++names; }
  bool wants(std::string_view, Bytes) override { return true; }
  void visit(std::string_view member, Bytes content) override {
    visits[std::string(member)].emplace_back(as_text(content));
  }
  void problem(Problem problem) override { problems.push_back(std::move(problem)); }

  bool told(Problem::Kind kind) const {
    return std::any_of(problems.begin(), problems.end(), [&](const Problem& problem) { return problem.kind == kind; });
  }

  std::size_t names = 0;
  std::map<std::string, std::vector<std::string>> visits;
  std::vector<Problem> problems;
};

Collector open(const std::string& content, const Limits& limits = {}) {
  Collector collector;
  static_cast<void>(open_container(as_bytes(content), limits, collector));
  return collector;
}

// What object 4 draws.
std::string drawn(const std::string& content) {
  const Collector collector = open(content);
  EXPECT_TRUE(collector.problems.empty());
  const auto found = collector.visits.find("object 4");
  return found == collector.visits.end() ? "" : found->second.front();
}

std::string page_with(const std::string& resources) {
  return pdf_object(1, "<< /Type /Page /Contents 4 0 R /Resources " + resources + " >>");
}
// A page whose font F1 is object 5, and what it draws.
std::string drawn_by(const std::string& font, const std::string& content, const std::string& more = "") {
  return drawn(
      pdf_file(page_with("<< /Font << /F1 5 0 R >> >>") + flate_stream(4, content) + pdf_object(5, font) + more));
}

std::string composite(const std::string& entries) {
  return "<< /Type /Font /Subtype /Type0 /Encoding /Identity-H " + entries + " >>";
}
const std::string kMapped = composite("/ToUnicode 6 0 R");

struct MapRow {
  std::string name, font, lists, codes, text;
  std::string space = "<0000> <FFFF>";
};
std::ostream& operator<<(std::ostream& out, const MapRow& row) { return out << row.name; }

class PdfMap : public testing::TestWithParam<MapRow> {};

TEST_P(PdfMap, SaysWhatCodesStandFor) {
  const MapRow& row = GetParam();
  const std::string map = flate_stream(6, character_map(row.lists, row.space));
  EXPECT_EQ(drawn_by(row.font, "BT /F1 12 Tf " + row.codes + " Tj ET", map), row.text);
}

const std::string kSimple = "<< /Type /Font /Subtype /TrueType ";

INSTANTIATE_TEST_SUITE_P(
    Rows, PdfMap,
    testing::Values(
        MapRow{"Characters", kMapped, "2 beginbfchar\n<0003> <0067>\n<0024> <0068>\nendbfchar", "<000300240003>",
               "ghg"},
        MapRow{"WithoutBlanks", kMapped, "1 beginbfchar<0003><0067>endbfchar", "<0003>", "g"},
        MapRow{"Literal", kMapped, "1 beginbfchar <0128> <0067> endbfchar", "(\\001\\()", "g"},
        MapRow{"Range", kMapped, "1 beginbfrange\n<0041> <005A> <0061>\nendbfrange", "<00410042005A>", "abz"},
        MapRow{"RangeOfAnArray", kMapped, "1 beginbfrange <0001> <0003> [<0078> /underscore <0079>] endbfrange",
               "<000100020003>", "x_y"},
        MapRow{"SeveralLists", kMapped,
               "1 beginbfchar <0001> <0061> endbfchar 1 beginbfrange <0002> <0003> <0062> endbfrange 1 beginbfchar "
               "<0004> <0064> endbfchar",
               "<0001000200030004>", "abcd"},
        MapRow{"LigatureAsLetters", kMapped, "1 beginbfchar <0001> <006600660069> endbfchar", "<0001>", "ffi"},
        MapRow{"LigatureAsOne", kMapped, "1 beginbfrange <0CF2> <0CF4> <FB00> endbfrange", "<0CF20CF30CF4>", "fffifl"},
        MapRow{"Surrogates", kMapped, "1 beginbfchar <0001> <D83DDE00> endbfchar", "<0001>", "\xF0\x9F\x98\x80"},
        MapRow{"HardBlanksAndHyphens", kMapped, "2 beginbfchar <0001> <00A0> <0002> <2010> endbfchar", "<00010002>",
               " -"},
        MapRow{"NotMapped", kMapped, "1 beginbfchar <0001> <0061> endbfchar", "<000100410001>",
               "a\xEF\xBF\xBD"
               "a"},
        MapRow{"SimpleFont", kSimple + "/ToUnicode 6 0 R >>", "1 beginbfrange <01> <03> <0061> endbfrange", "<010203>",
               "abc", "<00> <FF>"},
        MapRow{"SimpleFontWithAnotherCodeSpace", kSimple + "/ToUnicode 6 0 R >>",
               "1 beginbfrange <0001> <0003> <0061> endbfrange", "<010203>", "abc"},
        MapRow{"SimpleFontNamedEncoding", kSimple + "/Encoding /WinAnsiEncoding /ToUnicode 6 0 R >>",
               "1 beginbfchar <41> <0061> endbfchar", "(AB)", "aB", "<00> <FF>"},
        MapRow{"Differences", kSimple + "/Encoding << /Differences [1 /g /h /p 5 /underscore /fi /uni0041 /a.sc] >> >>",
               "", "<01020305060708>", "ghp_fiAa"},
        MapRow{"MixedLengths", "<< /Type /Font /Subtype /Type0 /Encoding /90ms-RKSJ-H /ToUnicode 6 0 R >>",
               "1 beginbfrange <41> <43> <0061> endbfrange 1 beginbfchar <8140> <0078> endbfchar", "<41814043>", "axc",
               "<00> <80> <8140> <9FFC>"},
        MapRow{"UnicodeCodes", "<< /Type /Font /Subtype /Type0 /Encoding /UniGB-UCS2-H >>", "", "<00670068>", "gh"},
        MapRow{"NoMapAtAll", composite(""), "", "<00670068>", "gh"},
        MapRow{"RangeToTheLastCode", kMapped, "1 beginbfrange <FFFFFFF0> <FFFFFFFF> <10FF> endbfrange", "<0001>",
               "\xEF\xBF\xBD"},
        MapRow{"BrokenLists", kMapped,
               "9 beginbfchar <00 <0x> <0001> <0061> endbfchar 1 beginbfrange <0005> <0001> <00>", "<0001>",
               "\xEF\xBF\xBD"}),
    [](const auto& info) { return info.param.name; });

const std::string kMap = flate_stream(6, character_map("1 beginbfrange <0001> <001A> <0061> endbfrange"));
const std::string kDraw = flate_stream(4, "BT /F1 12 Tf <000100020003> Tj ET");

struct ChainRow {
  std::string name, objects;
  std::string text = "abc";
};
std::ostream& operator<<(std::ostream& out, const ChainRow& row) { return out << row.name; }

class PdfChain : public testing::TestWithParam<ChainRow> {};

TEST_P(PdfChain, LeadsToTheFont) { EXPECT_EQ(drawn(pdf_file(GetParam().objects)), GetParam().text); }

INSTANTIATE_TEST_SUITE_P(
    Rows, PdfChain,
    testing::Values(
        ChainRow{"Page", page_with("<< /Font << /F1 5 0 R >> >>") + kDraw + pdf_object(5, kMapped) + kMap},
        ChainRow{"AllByReference", page_with("7 0 R") + kDraw + pdf_object(5, kMapped) + kMap +
                                       pdf_object(7, "<< /Font 8 0 R >>") + pdf_object(8, "<< /F1 9 0 R >>") +
                                       pdf_object(9, "5 0 R")},
        ChainRow{"InlineFont", page_with("<< /Font << /F1 " + kMapped + " >> >>") + kDraw + kMap},
        ChainRow{"Inherited", pdf_object(1, "<< /Type /Page /Parent 2 0 R /Contents [ 4 0 R ] >>") +
                                  pdf_object(2, "<< /Type /Pages /Parent 3 0 R >>") +
                                  pdf_object(3, "<< /Type /Pages /Resources << /Font << /F1 5 0 R >> >> >>") + kDraw +
                                  pdf_object(5, kMapped) + kMap},
        ChainRow{"ParentsInACircle",
                 pdf_object(1, "<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>") +
                     pdf_object(2, "<< /Type /Pages /Parent 1 0 R >>") + kDraw,
                 "\1\2\3"},
        ChainRow{"ObjectStream", kDraw + kMap +
                                     pdf_object_stream(20, {{1, "<< /Type /Page /Contents 4 0 R /Resources 7 0 R >>"},
                                                            {7, "<< /Font << /F1 5 0 R >> >>"},
                                                            {5, kMapped}})},
        ChainRow{"Form",
                 flate_stream(4, "BT /F1 12 Tf <000100020003> Tj ET",
                              "/Type /XObject /Subtype /Form /Resources << /ProcSet [/PDF /ImageB] /Font << /F1 5 "
                              "0 R >> >>") +
                     pdf_object(5, kMapped) + kMap},
        ChainRow{"FontsOfTwoPages",
                 page_with("<< /Font << /F1 5 0 R >> >>") +
                     pdf_object(2,
                                "<< /Type /Page /Contents 9 0 R /Resources << /Font << /F1 10 0 R >> "
                                ">> >>") +
                     pdf_object(10, kSimple + ">>") + kDraw + flate_stream(9, "BT ET") + pdf_object(5, kMapped) + kMap},
        ChainRow{"NoPage",
                 pdf_object(2, "<< /Resources << /Font << /F1 5 0 R >> >> >>") + kDraw + pdf_object(5, kMapped) + kMap},
        ChainRow{"NewerObjectsLater", pdf_object(5, kSimple + ">>") + page_with("<< /Font << /F1 5 0 R >> >>") + kDraw +
                                          pdf_object(5, kMapped) + kMap},
        ChainRow{"WithoutEndobj", "1 0 obj<</Type/Page/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>\n5 0 obj" +
                                      kMapped + "\n" + kDraw + kMap},
        ChainRow{"ReferencesInACircle", page_with("7 0 R") + pdf_object(7, "8 0 R") + pdf_object(8, "7 0 R") + kDraw,
                 "\1\2\3"}),
    [](const auto& info) { return info.param.name; });

struct PlaceRow {
  std::string name, content, text;
};
std::ostream& operator<<(std::ostream& out, const PlaceRow& row) { return out << row.name; }

class PdfPlaces : public testing::TestWithParam<PlaceRow> {};

// A letter is half as wide as it is high.
TEST_P(PdfPlaces, MakeWordsAndLines) {
  std::string widths;
  for (int i = 0; i < 128; ++i) widths += "500 ";
  EXPECT_EQ(drawn_by(kSimple + "/FirstChar 0 /Widths [" + widths + "] >>", GetParam().content), GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, PdfPlaces,
    testing::Values(
        PlaceRow{"KernedTd", "BT /F1 10 Tf 1 0 0 1 8 82 Tm (ab) Tj 9.5 0 Td (cd) Tj ET", "abcd"},
        PlaceRow{"GapTd", "BT /F1 10 Tf 1 0 0 1 8 82 Tm (ab) Tj 13 0 Td (cd) Tj ET", "ab cd"},
        PlaceRow{"PlacedTm", "BT /F1 1 Tf 10 0 0 10 8 82 Tm (ab) Tj 10 0 0 10 18 82 Tm (cd) Tj ET", "abcd"},
        PlaceRow{"PlacedTmWithAGap", "BT /F1 1 Tf 10 0 0 10 8 82 Tm (ab) Tj 10 0 0 10 22 82 Tm (cd) Tj ET", "ab cd"},
        PlaceRow{"UpsideDown", "BT /F1 10 Tf 1 0 0 -1 8 82 Tm (ab) Tj 10 0 Td (cd) Tj 0 12 Td (e) Tj ET", "abcd\ne"},
        PlaceRow{"Sideways", "BT /F1 10 Tf 0 1 -1 0 50 50 Tm (ab) Tj 0 1 -1 0 50 60 Tm (cd) Tj ET", "abcd"},
        PlaceRow{
            "MovedPage",
            "/F1 10 Tf q 1 0 0 1 10 50 cm BT (ab) Tj ET Q q 1 0 0 1 20 50 cm BT (cd) Tj ET Q q 1 0 0 1 10 30 cm BT "
            "(ef) Tj ET Q",
            "abcd\nef"},
        PlaceRow{"BackToTheBegin", "BT /F1 10 Tf (ab) Tj ET BT (cd) Tj ET", "ab\ncd"},
        PlaceRow{"LetterGaps", "BT /F1 10 Tf 4 Tc (ab) Tj 18 0 Td (cd) Tj ET", "abcd"},
        PlaceRow{"WordGaps", "BT /F1 10 Tf 6 Tw (a b) Tj 21 0 Td (cd) Tj ET", "a bcd"},
        PlaceRow{"Stretched", "BT /F1 10 Tf 200 Tz (ab) Tj 20 0 Td (cd) Tj ET", "abcd"},
        PlaceRow{"Array", "BT /F1 10 Tf [(a) -60 (b) -250 (c)] TJ ET", "ab c"},
        PlaceRow{"ArrayThatMovesTheNext", "BT /F1 10 Tf [(a) -500] TJ (b) Tj ET", "a b"},
        PlaceRow{"Leading", "BT /F1 10 Tf 12 TL (a) Tj T* (b) Tj (c) ' 0 0 (d) \" ET", "a\nb\nc\nd"},
        PlaceRow{"LeadingByTD", "BT /F1 10 Tf (a) Tj 0 -12 TD (b) Tj T* (c) Tj ET", "a\nb\nc"},
        PlaceRow{"DrawnTwiceForBold", "BT /F1 10 Tf (a) Tj 0.3 0 Td (a) Tj 5 0 Td (b) Tj 0.3 0 Td (b) Tj ET", "ab"},
        PlaceRow{"TheSameLetterTwice", "BT /F1 10 Tf (o) Tj (o) Tj 10 0 Td (o) Tj ET", "ooo"},
        PlaceRow{"FontRestored", "BT /F1 10 Tf (ab) Tj q /F9 99 Tf Q 10 0 Td (cd) Tj ET", "abcd"},
        PlaceRow{"NumbersOfEveryKind",
                 "BT /F1 10 Tf 99999999999999999999e999 -inf +.5 -nan - Td (a) Tj 1 0 Td (b) Tj ET", "ab"}),
    [](const auto& info) { return info.param.name; });

TEST(Pdf, LettersWithoutAWidthAreAWord) {
  EXPECT_EQ(drawn_by(kSimple + ">>", "BT /F1 10 Tf (o) Tj (o) Tj [(k)-20(k)-400(x)] TJ ET"), "ookk x");
}

TEST(Pdf, WidthsOfACompositeFont) {
  const std::string font = composite("/ToUnicode 6 0 R /DescendantFonts [<< /DW 500 /W [1 [1000 250] 3 4 2000] >>]");
  EXPECT_EQ(
      drawn_by(font, "BT /F1 10 Tf <00010002> Tj 12.5 0 Td <0003> Tj 20 0 Td <0005> Tj 5 0 Td <0006> Tj ET", kMap),
      "abcef");
}

// What Ghostscript writes: codes of one byte, and widths by the numbers that a CMap of the font gives them.
TEST(Pdf, WidthsThroughACMapOfTheFont) {
  const std::string font =
      "<< /Type /Font /Subtype /Type0 /Encoding 7 0 R /ToUnicode 6 0 R /DescendantFonts [<< /DW 500 /W [11 [1000 250]] "
      ">>] >>";
  const std::string map = flate_stream(6, character_map("1 beginbfrange <01> <1A> <0061> endbfrange", "<00> <FF>"));
  const std::string codes = flate_stream(
      7, character_map("1 begincidrange <01> <FF> 11 endcidrange 1 begincidchar <00> 0 endcidchar", "<00> <FF>"));
  EXPECT_EQ(drawn_by(font, "BT /F1 10 Tf <0102> Tj 12.5 0 Td <03> Tj 10 0 Td <04> Tj ET", map + codes), "abc d");
}

TEST(Pdf, StreamsOfAPageAreOne) {
  const std::string objects =
      pdf_object(1, "<< /Type /Page /Contents [7 0 R 4 0 R] /Resources << /Font << /F1 5 0 R >> >> >>") +
      flate_stream(4, "<0003> Tj ET") + pdf_object(5, kMapped) + kMap + flate_stream(7, "BT /F1 12 Tf <00010002> Tj");
  const Collector collector = open(pdf_file(objects));
  EXPECT_EQ(collector.visits.at("object 7").front(), "abc");
  EXPECT_FALSE(collector.visits.contains("object 4"));
}

// Comments, names and strings that nothing draws stay where they are.
TEST(Pdf, WhatIsNotDrawnIsGivenToo) {
  const std::string content = "% a comment\n/Span << /Alt (other) >> BDC BT (shown) Tj [(a) 5 <62>] TJ (left) pop ET";
  const Collector collector = open(pdf_file(flate_stream(4, content)));
  const std::vector<std::string>& visits = collector.visits.at("object 4");
  ASSERT_EQ(visits.size(), 2u);
  EXPECT_EQ(visits[0], "shownab");
  std::string rest = content;
  for (const std::string shown : {"(shown)", "(a)", "<62>"}) {
    rest.replace(rest.find(shown), shown.size(), std::string(shown.size(), ' '));
  }
  EXPECT_EQ(visits[1], rest);
}

TEST(Pdf, ArchivesAttachedAreOpened) {
  const std::string inner = test::gzipped("inside");
  const Collector collector = open(pdf_file(flate_stream(4, inner, "/Type /EmbeddedFile")));
  EXPECT_EQ(collector.visits.at("object 4").front(), "inside");
}

std::string hex_of(const std::string& bytes) {
  std::string out;
  for (const char c : bytes) out += fmt::format("{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
  return out + ">";
}

std::string ascii85_of(const std::string& bytes) {
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += 4) {
    const std::size_t size = std::min<std::size_t>(4, bytes.size() - at);
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < 4; ++i)
      group = group << 8 | (i < size ? static_cast<unsigned char>(bytes[at + i]) : 0u);
    if (group == 0 && size == 4) {
      out += 'z';
      continue;
    }
    std::string digits(5, '!');
    for (std::size_t i = 5; i-- > 0; group /= 85) digits[i] = static_cast<char>('!' + group % 85);
    out += digits.substr(0, size + 1);
  }
  return out + "~>";
}

// Rows of eight bytes, each by another of PNG's ways.
std::string png_rows(const std::string& bytes) {
  std::string out;
  const auto at = [&](std::size_t row, std::size_t column, int up, int left) {
    if (row < static_cast<std::size_t>(up) || column < static_cast<std::size_t>(left)) return 0;
    return int{static_cast<unsigned char>(
        bytes[(row - static_cast<std::size_t>(up)) * 8 + column - static_cast<std::size_t>(left)])};
  };
  for (std::size_t row = 0; row < bytes.size() / 8; ++row) {
    const std::size_t how = row % 5;
    out += static_cast<char>(how);
    for (std::size_t i = 0; i < 8; ++i) {
      const int a = at(row, i, 0, 1), b = at(row, i, 1, 0), c = at(row, i, 1, 1), p = a + b - c;
      const int pa = std::abs(p - a), pb = std::abs(p - b), pc = std::abs(p - c);
      const std::array<int, 5> guess = {0, a, b, (a + b) / 2, pa <= pb && pa <= pc ? a : pb <= pc ? b : c};
      out += static_cast<char>(at(row, i, 0, 0) - guess[how]);
    }
  }
  return out;
}

std::string tiff_row(std::string bytes) {
  for (std::size_t i = bytes.size(); i-- > 1;) bytes[i] = static_cast<char>(bytes[i] - bytes[i - 1]);
  return bytes;
}

const std::string kPlain = "The key of the bot stands in here, and zeros: \0\0\0\0\0\0\0\0, as many."s;

struct FilterRow {
  std::string name, entries, bytes;
};
std::ostream& operator<<(std::ostream& out, const FilterRow& row) { return out << row.name; }

class PdfFilters : public testing::TestWithParam<FilterRow> {};

TEST_P(PdfFilters, AreUndone) {
  const Collector collector = open(pdf_file(pdf_stream(4, GetParam().entries, GetParam().bytes)));
  EXPECT_TRUE(collector.problems.empty());
  ASSERT_TRUE(collector.visits.contains("object 4"));
  EXPECT_EQ(collector.visits.at("object 4").front(), kPlain);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, PdfFilters,
    testing::Values(
        FilterRow{"Hex", "/Filter /ASCIIHexDecode", hex_of(kPlain)},
        FilterRow{"Ascii85", "/Filter /ASCII85Decode", ascii85_of(kPlain)},
        FilterRow{"Ascii85OfFlate", "/Filter [ /ASCII85Decode /FlateDecode ]", ascii85_of(test::packed(kPlain, 15))},
        FilterRow{"ShortNames", "/Filter [/A85 /Fl]", ascii85_of(test::packed(kPlain, 15))},
        FilterRow{"FlateOfHex", "/Filter [/FlateDecode /ASCIIHexDecode]", test::packed(hex_of(kPlain), 15)},
        FilterRow{"FlateOfFlate", "/Filter [/FlateDecode/FlateDecode]", test::packed(test::packed(kPlain, 15), 15)},
        FilterRow{"PngPredictor", "/Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 8 >>",
                  test::packed(png_rows(kPlain), 15)},
        FilterRow{"PredictorOfTheSecond",
                  "/Filter [/AHx /FlateDecode] /DecodeParms [null << /Predictor 15 /Columns 8 >>]",
                  hex_of(test::packed(png_rows(kPlain), 15))},
        FilterRow{"TiffPredictor", "/Filter /FlateDecode /DecodeParms << /Predictor 2 /Columns 64 >>",
                  test::packed(tiff_row(kPlain), 15)},
        FilterRow{"RunLengths", "/Filter /RunLengthDecode",
                  static_cast<char>(45) + kPlain.substr(0, 46) + static_cast<char>(257 - 8) + "\0"s +
                      static_cast<char>(9) + kPlain.substr(54) + static_cast<char>(128)}),
    [](const auto& info) { return info.param.name; });

TEST(PdfFilters, LzwOfTheStandardsExample) {
  // ISO 32000-1, 7.4.4.2.
  const std::string packed = "\x80\x0B\x60\x50\x22\x0C\x0C\x85\x01"s;
  const Collector collector = open(pdf_file(pdf_stream(4, "/Filter /LZWDecode", packed)));
  EXPECT_EQ(collector.visits.at("object 4").front(), "-----A---B");
}

TEST(PdfFilters, OtherOnesAreTold) {
  const auto with = [](const std::string& entries) { return open(pdf_file(pdf_stream(4, entries, "BT (a) Tj ET"))); };
  EXPECT_TRUE(with("/Filter /DCTDecode").problems.empty());
  EXPECT_TRUE(with("/Filter /DCTDecode").visits.empty());
  EXPECT_TRUE(with("/Filter /OtherDecode").told(Problem::Kind::Unsupported));
  EXPECT_TRUE(with("/Filter [/AHx /AHx /AHx /AHx /AHx]").told(Problem::Kind::Unsupported));
}

TEST(PdfFilters, DamageIsCountedAndWhatWasReadIsGiven) {
  const Collector collector = open(pdf_file(pdf_stream(4, "/Filter /ASCIIHexDecode", "6162637?64")));
  EXPECT_EQ(collector.visits.at("object 4").front(), "abc");
  EXPECT_TRUE(collector.told(Problem::Kind::Plain));
}

struct EncryptRow {
  std::string name, objects, trailer;
  bool encrypted = true;
};
std::ostream& operator<<(std::ostream& out, const EncryptRow& row) { return out << row.name; }

class PdfEncryption : public testing::TestWithParam<EncryptRow> {};

TEST_P(PdfEncryption, IsSaidByTheTrailer) {
  const Collector collector = open(pdf_file(GetParam().objects + flate_stream(4, "content"), GetParam().trailer));
  EXPECT_EQ(collector.told(Problem::Kind::Encrypted), GetParam().encrypted);
  EXPECT_EQ(collector.visits.contains("object 4"), !GetParam().encrypted);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, PdfEncryption,
    testing::Values(EncryptRow{"ByReference", "", "/Size 9 /Encrypt 9 0 R"},
                    EncryptRow{"Inline", "", "/Encrypt<</Filter/Standard>>/Size 9"},
                    EncryptRow{"TableInAStream", flate_stream(8, "x", "/Type /XRef /Encrypt 9 0 R"), "/Root 1 0 R"},
                    EncryptRow{"OfAnOlderTrailer", "trailer\n<< /Encrypt 9 0 R >>\n", "/Root 1 0 R"},
                    EncryptRow{"InAString", pdf_object(2, "<< /Title (how to set /Encrypt 5 0 R) >>"), "/Root 1 0 R",
                               false},
                    EncryptRow{"InAStringOfTheTrailer", "", "/ID [(/Encrypt 5 0 R)]", false},
                    EncryptRow{"InAnInnerDictionary", "", "/Info << /Encrypt 5 0 R >>", false},
                    EncryptRow{"InAStream", pdf_stream(2, "", "trailer << /Encrypt 5 0 R >>"), "/Root 1 0 R", false},
                    EncryptRow{"AnotherName", "", "/EncryptMetadata false", false}),
    [](const auto& info) { return info.param.name; });

TEST(PdfLimits, BombsThatLeadToFontsAreTold) {
  const std::string bomb = std::string(PdfDocument::kMaxOpened + 1, ' ');
  const Collector collector =
      open(pdf_file(flate_stream(9, bomb, "/Type /ObjStm /N 1 /First 4") + kDraw), {.ratio = 100'000});
  EXPECT_TRUE(collector.told(Problem::Kind::Limit));
  EXPECT_TRUE(collector.visits.contains("object 4"));
}

TEST(PdfLimits, TooManyObjectsAreTold) {
  std::string objects;
  for (std::size_t i = 0; i <= PdfDocument::kMaxObjects; ++i) objects += "1 0 obj ";
  EXPECT_TRUE(open(pdf_file(objects)).told(Problem::Kind::Limit));
}

TEST(PdfLimits, TextThatGrowsIsCutAndTold) {
  const std::string map = flate_stream(6, character_map("1 beginbfchar <01> <" + std::string(64, '6') + "> endbfchar"));
  const std::string content = "BT /F1 9 Tf <" + std::string(20'000, '0') + "01" + "> Tj [";
  std::string many = content;
  for (int i = 0; i < 200'000; ++i) many += "<01>";
  const std::string file = pdf_file(page_with("<< /Font << /F1 5 0 R >> >>") + flate_stream(4, many + "] TJ ET") +
                                    pdf_object(5, kSimple + "/ToUnicode 6 0 R >>") + map);
  const Collector collector = open(file, {.member = 1 << 20});
  EXPECT_TRUE(collector.told(Problem::Kind::Limit));
  EXPECT_LT(collector.visits.at("object 4").front().size(), (1u << 20) + 100);
}

// Work grows with the file, not with the product of what refers and what is referred to.
struct ReferredRow {
  std::string name, object, large;  // `object` is there many times
};
std::ostream& operator<<(std::ostream& out, const ReferredRow& row) { return out << row.name; }

class PdfReferred : public testing::TestWithParam<ReferredRow> {};

TEST_P(PdfReferred, LargeObjectsOftenAreTold) {
  std::string objects = pdf_object(2, GetParam().large);
  for (int i = 0; i < 20'000; ++i) objects += fmt::format("{} 0 obj {} endobj\n", 10 + i, GetParam().object);
  EXPECT_FALSE(open(pdf_file(objects + kDraw)).problems.empty());
}

const std::string kLarge = std::string(400'000, '(') + ")";

INSTANTIATE_TEST_SUITE_P(
    Rows, PdfReferred,
    testing::Values(ReferredRow{"Parents", "<< /Type /Page /Parent 2 0 R >>", "<< /Other [" + kLarge},
                    ReferredRow{"Contents", "<< /Type /Page /Contents 2 0 R >>", "[" + kLarge},
                    ReferredRow{"Resources", "<< /Resources 2 0 R >>", kLarge},
                    ReferredRow{"Blanks", "<< /Resources 2 0 R >>", std::string(400'000, ' ') + "7"},
                    ReferredRow{"Filters", "<< /Filter 2 0 R >> stream\nBT (a) Tj ET endstream", "[" + kLarge}),
    [](const auto& info) { return info.param.name; });

TEST(Pdf, DamagedAnywhereIsReadAsFarAsItGoes) {
  const std::string whole =
      pdf_file(page_with("<< /Font << /F1 5 0 R >> >>") + kDraw + kMap +
               pdf_object_stream(20, {{5, composite("/ToUnicode 6 0 R /DescendantFonts [<< /DW 5 /W [1 [2 3]] >>]")}}));
  for (std::size_t at = 5; at < whole.size(); ++at) {
    std::string flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x11);
    for (const std::string& content : {whole.substr(0, at), flipped, whole.substr(0, at) + whole.substr(at / 2)}) {
      const std::vector<std::uint8_t> exact(content.begin(), content.end());
      Collector collector;
      const Opened opened = open_container(exact, {}, collector);
      ASSERT_EQ(opened.containers, 1u);
      ASSERT_LE(collector.names, 8u);
    }
  }
}

}  // namespace
}  // namespace tightship::unpack
