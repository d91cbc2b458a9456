// Office documents and PDF: what an editor or a printer cut into pieces is found whole, where it stands.

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <string>
#include <vector>

#include "detect/token_template.h"
#include "scan/content_scanner.h"
#include "scan/office_text.h"
#include "support/archive_fixture.h"
#include "support/encodings.h"
#include "support/pdf_fixture.h"

namespace tightship::scan {
namespace {

std::string token() { return *detect::expand_template("ghp_{base62:30}{crc32-base62}", 41); }

std::vector<Hit> scan(const std::string& content, std::string_view path) {
  ContentScanner scanner(detect::RuleSet::builtin(), unpack::Limits{});
  return scanner.scan(as_bytes(content), path);
}

std::string word(const std::string& paragraphs) {
  return R"(<?xml version="1.0" encoding="UTF-8"?>)"
         "\n<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>" +
         paragraphs + "</w:body></w:document>";
}

std::string run(const std::string& text) {
  return "<w:r w:rsidRPr=\"00A1\"><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">" + text + "</w:t></w:r>";
}

struct Row {
  std::string name, member, xml;
  std::string secret;
  std::string chain;    // empty: it stands in one piece
  std::string written;  // from its first byte to its last
};
std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.name; }

class OfficeText : public testing::TestWithParam<Row> {};

TEST_P(OfficeText, IsReadAsOne) {
  const Row& row = GetParam();
  const std::vector<Hit> hits = scan(test::make_archive("zip", "none", {{row.member, row.xml}}), "doc.bin");
  ASSERT_EQ(hits.size(), 1u);
  const Hit& hit = hits[0];
  EXPECT_EQ(hit.secret, row.secret);
  EXPECT_EQ(hit.chain, row.chain);
  EXPECT_EQ(hit.member, row.member);
  EXPECT_EQ(row.xml.substr(hit.position.offset, hit.length), row.written);
  EXPECT_EQ(hit.written, row.chain.empty() ? "" : row.written);
  const detect::Position there = locate(as_bytes(row.xml), hit.position.offset, hit.position.offset + hit.length);
  EXPECT_EQ(std::pair(hit.position.line, hit.position.column), std::pair(there.line, there.column));
}

std::vector<Row> rows() {
  const std::string t = token(), a = t.substr(0, 13), b = t.substr(13, 9), c = t.substr(22);
  const std::string password = *detect::expand_template("{base62:9}&{digit:3}", 4);
  const std::string escaped = password.substr(0, 9) + "&amp;" + password.substr(10);
  const std::string gap = "</w:t></w:r><w:r w:rsidRPr=\"00A1\"><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">";
  const std::string cut = a + gap + b + "</w:t></w:r><w:proofErr w:type=\"spellEnd\"/><w:r><w:t>" + c;
  const std::string sheet =
      "<?xml version=\"1.0\"?>\n<sst "
      "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><si><r><t>key " +
      a + "</t></r><r><t>" + b + c + "</t></r></si></sst>";
  const std::string odt =
      "<?xml version=\"1.0\"?>\n<office:document-content "
      "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\">"
      "<text:p>key <text:span text:style-name=\"T1\">" +
      a + "</text:span>" + b + c + "</text:p></office:document-content>";
  return {
      {"WordInOnePiece", "word/document.xml", word("<w:p>" + run("key " + t) + "</w:p>"), t, "", t},
      {"WordInRuns", "word/document.xml",
       word("<w:p>" + run("key " + a) + run(b) + "<w:proofErr w:type=\"spellEnd\"/><w:r><w:t>" + c +
            "</w:t></w:r></w:p><w:p>" + run("next") + "</w:p>"),
       t, "xml-text", cut},
      {"WordWithEntities", "word/document.xml",
       word("<w:p>" + run("DB_PASSWORD = &quot;" + escaped + "&quot;") + "</w:p>"), password, "xml-text", escaped},
      {"Spreadsheet", "xl/sharedStrings.xml", sheet, t, "xml-text", a + "</t></r><r><t>" + b + c},
      {"OpenDocument", "content.xml", odt, t, "xml-text", a + "</text:span>" + b + c},
  };
}

INSTANTIATE_TEST_SUITE_P(Rows, OfficeText, testing::ValuesIn(rows()), [](const auto& info) { return info.param.name; });

TEST(OfficeText, ParagraphsAndCellsDoNotRunTogether) {
  const std::string t = token();
  EXPECT_TRUE(scan(test::make_archive("zip", "none",
                                      {{"word/document.xml", word("<w:p>" + run(t.substr(0, 20)) + "</w:p><w:p>" +
                                                                  run(t.substr(20)) + "</w:p>")}}),
                   "a.docx")
                  .empty());
}

TEST(OfficeText, OfDamagedXmlIsWhatCanBeTold) {
  const std::string whole = word("<w:p>" + run("a &amp; &#x41;&#66; &nothing; &#xFFFFFFFF; <") + "</w:p>");
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    const std::vector<std::uint8_t> exact(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    const DecodedText text = read_office_text(Bytes(exact));
    for (std::uint32_t at = 0; at < text.text.size(); ++at) {
      const Stretch place = text.origin(at, at + 1);
      ASSERT_LE(place.begin, place.end);
      ASSERT_LE(place.end, size);
    }
  }
  EXPECT_EQ(read_office_text(as_bytes(word("<w:p>" + run("&#x41;&#66; &no; x") + "</w:p>"))).text, "AB &no; x\n");
}

std::string pdf(const std::string& dictionary, const std::string& stream) {
  return test::pdf_file(test::pdf_stream(7, dictionary, stream));
}

struct PdfRow {
  std::string name, operators;
  bool found = true;
};
std::ostream& operator<<(std::ostream& out, const PdfRow& row) { return out << row.name; }

class PdfText : public testing::TestWithParam<PdfRow> {};

TEST_P(PdfText, IsReadAsItIsDrawn) {
  const PdfRow& row = GetParam();
  const std::vector<Hit> hits = scan(pdf("/Filter /FlateDecode", test::packed(row.operators, 15)), "a.pdf");
  ASSERT_EQ(hits.size(), row.found ? 1u : 0u);
  if (!row.found) return;
  EXPECT_EQ(hits[0].secret, token());
  EXPECT_EQ(hits[0].member, "object 7");
}

std::vector<PdfRow> pdf_rows() {
  const std::string t = token(), a = t.substr(0, 13), b = t.substr(13);
  std::string hex, wide;
  for (const char c : t)
    hex += fmt::format("{:02x}", static_cast<unsigned>(c)), wide += fmt::format("00{:02X}", static_cast<unsigned>(c));
  return {
      {"Literal", "BT /F1 12 Tf 72 712 Td (key: " + t + ") Tj ET"},
      {"Kerned", "BT [(key: )-250(" + a + ") -12.5 (" + b + ")] TJ ET"},
      {"Hex", "BT <" + hex + "> Tj ET"},
      {"WideHex", "BT <" + wide + "> Tj ET"},
      {"Escaped", "BT (\\(" + a + "\\\n" + b + "\\)) Tj ET"},
      {"PlacedPieces", "BT 1 0 0 1 72 700 Tm (" + a + ") Tj ET BT 1 0 0 1 99.5 700 Tm (" + b + ") Tj ET"},
      {"NotText", "{\"key\": \"" + t + "\"}"},
      {"GapOfABlank", "BT [(" + a + ") -333 (" + b + ")] TJ ET", false},
      {"TwoLines", "BT (" + a + ") Tj 0 -14 Td (" + b + ") Tj ET", false},
  };
}

INSTANTIATE_TEST_SUITE_P(Rows, PdfText, testing::ValuesIn(pdf_rows()),
                         [](const auto& info) { return info.param.name; });

TEST(PdfText, WhatIsNotCompressedIsStillSeen) {
  const std::string t = token();
  for (const auto& [content, member] : {std::pair("BT (" + t + ") Tj ET", "object 7"), std::pair("BT % " + t, "")}) {
    const std::vector<Hit> hits = scan(pdf("", content), "a.pdf");
    ASSERT_EQ(hits.size(), 1u);
    EXPECT_EQ(hits[0].member, member);
  }
}

// Once each, where it is: what is drawn is not looked at as bytes again.
TEST(PdfText, WhatIsDrawnAndWhatIsNotAreBothSeen) {
  const std::string other = *detect::expand_template("ghp_{base62:30}{crc32-base62}", 42);
  const std::string content =
      "q % " + other + "\nBT (DB_PASSWORD = 'Vq8-xT2mLw7e') Tj 0 -14 Td (key " + token() + ") Tj ET";
  std::vector<Hit> hits = scan(pdf("/Filter /FlateDecode", test::packed(content, 15)), "a.pdf");
  ASSERT_EQ(hits.size(), 3u);
  EXPECT_EQ(hits[0].secret, "Vq8-xT2mLw7e");
  EXPECT_EQ(hits[1].secret, token());
  EXPECT_EQ(hits[1].position.line, 2u);
  EXPECT_EQ(hits[2].secret, other);
  EXPECT_EQ(hits[2].position.offset, content.find(other));
}

// As a browser prints it: glyphs by their numbers, cut where letters are kerned.
TEST(PdfText, GlyphNumbersAreReadThroughTheFont) {
  const std::string t = token();
  std::string map = "100 beginbfchar\n", pieces;
  for (int i = 0; i < 95; ++i) map += fmt::format("<{:04X}> <{:04X}>\n", 3 + i, 32 + i);
  for (std::size_t i = 0; i < t.size(); ++i) {
    pieces += fmt::format("<{:04X}> Tj {} 0 Td ", t[i] - 32 + 3, i % 7 == 0 ? 4.8 : 5.0);
  }
  const std::string font =
      "<< /Type /Font /Subtype /Type0 /Encoding /Identity-H /ToUnicode 6 0 R /DescendantFonts [<< /DW 500 >>] >>";
  const std::string file = test::pdf_file(
      test::pdf_object_stream(
          2, {{1, "<< /Type /Page /Contents 4 0 R /Resources << /Font << /F4 5 0 R >> >> >>"}, {5, font}}) +
      test::flate_stream(4, "BT /F4 10 Tf 1 0 0 -1 8 82 Tm " + pieces + "ET") +
      test::flate_stream(6, test::character_map(map + "endbfchar")));
  const std::vector<Hit> hits = scan(file, "printed.pdf");
  ASSERT_EQ(hits.size(), 1u);
  EXPECT_EQ(hits[0].secret, t);
  EXPECT_EQ(hits[0].member, "object 4");
}

TEST(PdfText, ABombIsCutAndTold) {
  ContentScanner scanner(detect::RuleSet::builtin(), unpack::Limits{});
  const std::string bomb = pdf("/Filter /FlateDecode", test::packed(std::string(60'000'000, 'a'), 15));
  EXPECT_TRUE(scanner.scan(as_bytes(bomb), "a.pdf").empty());
  ASSERT_EQ(scanner.losses().size(), 1u);
  EXPECT_EQ(scanner.losses()[0].kind, LossKind::UnreadArchive);
}

TEST(PdfText, ADamagedStreamGivesWhatItCanAndIsCounted) {
  ContentScanner scanner(detect::RuleSet::builtin(), unpack::Limits{});
  std::string stream = test::packed("BT (" + token() + ") Tj ET", 15);
  stream.back() = static_cast<char>(stream.back() ^ 1);
  EXPECT_EQ(scanner.scan(as_bytes(pdf("/Filter /FlateDecode", stream)), "a.pdf").size(), 1u);
  EXPECT_EQ(scanner.counts().plain, 1u);
  EXPECT_TRUE(scanner.losses().empty());
}

TEST(PdfText, AnEncryptedOneIsCounted) {
  ContentScanner scanner(detect::RuleSet::builtin(), unpack::Limits{});
  std::string content = pdf("/Filter /FlateDecode", test::packed("BT (" + token() + ") Tj ET", 15));
  content.insert(content.find("/Root"), "/Encrypt 9 0 R ");
  EXPECT_TRUE(scanner.scan(as_bytes(content), "a.pdf").empty());
  EXPECT_EQ(scanner.counts().encrypted, 1u);
}

}  // namespace
}  // namespace tightship::scan
