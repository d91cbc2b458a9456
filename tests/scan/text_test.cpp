#include "scan/text.h"

#include <gtest/gtest.h>

#include <string>

namespace tightship::scan {
namespace {

using namespace std::string_literals;

// `text` (code points) in `encoding`, without a mark.
std::string encode(const std::u32string& text, Encoding encoding) {
  const bool wide = encoding == Encoding::Utf32Le || encoding == Encoding::Utf32Be;
  const bool little = encoding == Encoding::Utf16Le || encoding == Encoding::Utf32Le;
  std::string out;
  const auto unit = [&](std::uint32_t value, int width) {
    for (int i = 0; i < width; ++i) out.push_back(static_cast<char>(value >> 8 * (little ? i : width - 1 - i)));
  };
  for (const char32_t c : text) {
    if (wide) {
      unit(c, 4);
    } else if (c < 0x10000) {
      unit(c, 2);
    } else {
      unit(0xD800 + ((c - 0x10000) >> 10), 2);
      unit(0xDC00 + ((c - 0x10000) & 0x3FF), 2);
    }
  }
  return out;
}

struct DetectRow {
  std::string name;
  std::string content;
  Encoding want;
};
class DetectEncoding : public testing::TestWithParam<DetectRow> {};

TEST_P(DetectEncoding, Names) { EXPECT_EQ(detect_encoding(as_bytes(GetParam().content)), GetParam().want); }

const std::u32string kEnv = U"DATABASE_URL=postgres://app@db/app\r\nPORT=3000\r\n";
const std::u32string kRussian = U"\u043f\u0430\u0440\u043e\u043b\u044c = 42; \u043a\u043e\u0434 = x1\n";

INSTANTIATE_TEST_SUITE_P(
    Rows, DetectEncoding,
    testing::Values(DetectRow{"Empty", "", Encoding::Bytes}, DetectRow{"Ascii", "PORT=3000\n", Encoding::Bytes},
                    DetectRow{"Utf8Mark", "\xEF\xBB\xBFPORT=3000\n", Encoding::Bytes},
                    DetectRow{"Latin1", "name = caf\xE9\n", Encoding::Bytes},
                    DetectRow{"Utf16LeMark", "\xFF\xFE" + encode(U"x", Encoding::Utf16Le), Encoding::Utf16Le},
                    DetectRow{"Utf16BeMark", "\xFE\xFF" + encode(U"x", Encoding::Utf16Be), Encoding::Utf16Be},
                    DetectRow{"Utf32LeMark", "\xFF\xFE\0\0"s + encode(U"x", Encoding::Utf32Le), Encoding::Utf32Le},
                    DetectRow{"Utf32BeMark", "\0\0\xFE\xFF"s + encode(U"x", Encoding::Utf32Be), Encoding::Utf32Be},
                    DetectRow{"Utf16LeBare", encode(kEnv, Encoding::Utf16Le), Encoding::Utf16Le},
                    DetectRow{"Utf16BeBare", encode(kEnv, Encoding::Utf16Be), Encoding::Utf16Be},
                    DetectRow{"Utf32LeBare", encode(kEnv, Encoding::Utf32Le), Encoding::Utf32Le},
                    DetectRow{"Utf32BeBare", encode(kEnv, Encoding::Utf32Be), Encoding::Utf32Be},
                    DetectRow{"Utf16LeRussian", encode(kRussian, Encoding::Utf16Le), Encoding::Utf16Le},
                    DetectRow{"Utf16BeRussian", encode(kRussian, Encoding::Utf16Be), Encoding::Utf16Be},
                    DetectRow{"Utf32LeRussian", encode(kRussian, Encoding::Utf32Le), Encoding::Utf32Le},
                    DetectRow{"OneNul", "PORT=3000\0PORT=3001\nHOST=localhost\n"s, Encoding::Bytes},
                    DetectRow{"AllNul", std::string(4096, '\0'), Encoding::Bytes},
                    DetectRow{"NulSeparated", "a=1\0b=22\0cc=3\0d=44\0"s, Encoding::Bytes}),
    [](const auto& row) { return row.param.name; });

TEST(DetectEncoding, LooksAtTheFirst1024BytesOnly) {
  const std::string head = std::string(1024, 'a');
  EXPECT_EQ(detect_encoding(as_bytes(head + encode(kEnv, Encoding::Utf16Le))), Encoding::Bytes);
}

struct CodecRow {
  std::string name;
  Encoding encoding;
  std::string mark;
};
class Transcode : public testing::TestWithParam<CodecRow> {};

INSTANTIATE_TEST_SUITE_P(Rows, Transcode,
                         testing::Values(CodecRow{"Utf16Le", Encoding::Utf16Le, ""},
                                         CodecRow{"Utf16Be", Encoding::Utf16Be, ""},
                                         CodecRow{"Utf32Le", Encoding::Utf32Le, ""},
                                         CodecRow{"Utf32Be", Encoding::Utf32Be, ""},
                                         CodecRow{"Utf16LeMark", Encoding::Utf16Le, "\xFF\xFE"},
                                         CodecRow{"Utf16BeMark", Encoding::Utf16Be, "\xFE\xFF"},
                                         CodecRow{"Utf32LeMark", Encoding::Utf32Le, "\xFF\xFE\0\0"s},
                                         CodecRow{"Utf32BeMark", Encoding::Utf32Be, "\0\0\xFE\xFF"s}),
                         [](const auto& row) { return row.param.name; });

// One, two, three and four bytes of UTF-8, often enough to cross several marks.
std::u32string mixed_text() {
  std::u32string text;
  for (int i = 0; i < 500; ++i) text += U"k=v \u00e9\u20ac\U0001F511;\n";
  return text;
}

TEST_P(Transcode, MapsEveryCharacterToItsOriginalBytes) {
  const std::u32string text = mixed_text();
  const std::string content = GetParam().mark + encode(text, GetParam().encoding);
  const Transcoded out = transcode(as_bytes(content), GetParam().encoding);
  std::uint64_t offset = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t before = encode(text.substr(i, 1), GetParam().encoding).size();
    const std::size_t width = text[i] < 0x80 ? 1 : text[i] < 0x800 ? 2 : text[i] < 0x10000 ? 3 : 4;
    const std::uint64_t original = out.original_offset(offset);
    ASSERT_EQ(content.substr(original, before), encode(text.substr(i, 1), GetParam().encoding)) << i;
    ASSERT_EQ(out.original_offset(offset + width - 1), original);  // inside of the character
    offset += width;
  }
  EXPECT_EQ(offset, out.text.size());
  EXPECT_EQ(out.original_offset(offset), content.size());
  EXPECT_EQ(out.text.substr(0, 14), "k=v \u00e9\u20ac\U0001F511;");
}

struct DamageRow {
  std::string name;
  Encoding encoding;
  std::string content, want;
};
class TranscodeDamage : public testing::TestWithParam<DamageRow> {};

TEST_P(TranscodeDamage, BecomesReplacementCharacters) {
  const Transcoded out = transcode(as_bytes(GetParam().content), GetParam().encoding);
  EXPECT_EQ(out.text, GetParam().want);
  EXPECT_EQ(out.original_offset(out.text.size()), GetParam().content.size());
}

INSTANTIATE_TEST_SUITE_P(Rows, TranscodeDamage,
                         testing::Values(DamageRow{"OddByteAtEnd", Encoding::Utf16Le, "a\0b\0c"s, "ab\uFFFD"},
                                         DamageRow{"HighAlone", Encoding::Utf16Le,
                                                   "\x00\xD8"
                                                   "a\0"s,
                                                   "\uFFFD"
                                                   "a"},
                                         DamageRow{"HighAtEnd", Encoding::Utf16Le, "a\0\x00\xD8"s, "a\uFFFD"},
                                         DamageRow{"LowAlone", Encoding::Utf16Be, "\xDC\x00\0a"s,
                                                   "\uFFFD"
                                                   "a"},
                                         DamageRow{"TwoHighs", Encoding::Utf16Be, "\xD8\x00\xD8\x00\xDC\x00"s,
                                                   "\uFFFD\U00010000"},
                                         DamageRow{"SurrogateIn32", Encoding::Utf32Le, "\x00\xD8\0\0a\0\0\0"s,
                                                   "\uFFFD"
                                                   "a"},
                                         DamageRow{"TooLarge", Encoding::Utf32Le, "\0\0\x11\0a\0\0\0"s,
                                                   "\uFFFD"
                                                   "a"},
                                         DamageRow{"Cut32", Encoding::Utf32Be, "\0\0\0a\0\0"s, "a\uFFFD"},
                                         DamageRow{"MarkOnly", Encoding::Utf16Le, "\xFF\xFE", ""}),
                         [](const auto& row) { return row.param.name; });

struct LocateRow {
  std::string name;
  std::string content;
  std::uint64_t begin, end;
  std::uint32_t line, column, end_line, end_column;
};
class Locate : public testing::TestWithParam<LocateRow> {};

TEST_P(Locate, CountsLinesAndBytes) {
  const LocateRow& row = GetParam();
  const detect::Position at = locate(as_bytes(row.content), row.begin, row.end);
  EXPECT_EQ(at.line, row.line);
  EXPECT_EQ(at.column, row.column);
  EXPECT_EQ(at.end_line, row.end_line);
  EXPECT_EQ(at.end_column, row.end_column);
  EXPECT_EQ(at.offset, row.begin);
}

INSTANTIATE_TEST_SUITE_P(Rows, Locate,
                         testing::Values(LocateRow{"Start", "abc\n", 0, 3, 1, 1, 1, 4},
                                         LocateRow{"SecondLine", "a\nbcd\n", 3, 5, 2, 2, 2, 4},
                                         LocateRow{"NoLineEnd", "a\nbcd", 2, 5, 2, 1, 2, 4},
                                         LocateRow{"CrLf", "a\r\nbc\r\n", 3, 5, 2, 1, 2, 3},
                                         LocateRow{"LoneCr", "a\rb\rc\n", 4, 5, 1, 5, 1, 6},
                                         LocateRow{"TwoLines", "x=a\nb\nc", 2, 5, 1, 3, 2, 2},
                                         LocateRow{"EndsWithLineEnd", "x=a\nb", 2, 4, 1, 3, 2, 1},
                                         LocateRow{"EmptyLines", "\n\n\nx", 3, 4, 4, 1, 4, 2},
                                         LocateRow{"BytesNotCharacters", "caf\xC3\xA9 x", 6, 7, 1, 7, 1, 8},
                                         LocateRow{"Empty", "", 0, 0, 1, 1, 1, 1}),
                         [](const auto& row) { return row.param.name; });

struct MediaRow {
  std::string name;
  std::string head;
  std::string want;
};
class CompressedMedia : public testing::TestWithParam<MediaRow> {};

TEST_P(CompressedMedia, Names) { EXPECT_EQ(compressed_media(as_bytes(GetParam().head)), GetParam().want); }

INSTANTIATE_TEST_SUITE_P(Known, CompressedMedia,
                         testing::Values(MediaRow{"Png", "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"s, "png"},
                                         MediaRow{"Jpeg", "\xFF\xD8\xFF\xE0\0\x10JFIF\0\x01\x01\0\0\x01"s, "jpeg"},
                                         MediaRow{"Gif", "GIF89a\x10\0\x10\0\x80\0\0\xFF\xFF\xFF"s, "gif"},
                                         MediaRow{"Webp", "RIFF\x24\x01\0\0WEBPVP8 "s, "webp"},
                                         MediaRow{"Ico", "\0\0\x01\0\x02\0\x10\x10\0\0\x01\0\x20\0\x68\x04"s, "ico"},
                                         MediaRow{"Woff2", "wOF2\0\x01\0\0\0\0\x3C\x14\0\x0F\0\0"s, "woff2"},
                                         MediaRow{"Ttf",
                                                  "\0\x01\0\0\0\x0C\0\x80\0\x03\0\x40"
                                                  "DSIG"s,
                                                  "ttf"},
                                         MediaRow{"Mp3Tag", "ID3\x04\0\0\0\0\x01\x23TSSE\0\0"s, "mp3"},
                                         MediaRow{"Mp3Frame", "\xFF\xFB\x90\x64\0\0\0\0\0\0\0\0\0\0\0\0"s, "mp3"},
                                         MediaRow{"Mp4",
                                                  "\0\0\0\x20"
                                                  "ftypisom\0\0\x02\0"s,
                                                  "mp4"},
                                         MediaRow{"Avif",
                                                  "\0\0\0\x20"
                                                  "ftypavif\0\0\0\0"s,
                                                  "avif"},
                                         MediaRow{"Ogg", "OggS\0\x02\0\0\0\0\0\0\0\0\x2E\x1B"s, "ogg"},
                                         MediaRow{"Flac", "fLaC\0\0\0\x22\x10\0\x10\0\0\0\x0E\0"s, "flac"},
                                         MediaRow{"Webm", "\x1A\x45\xDF\xA3\x9F\x42\x86\x81\x01"s, "matroska"},
                                         MediaRow{"Avi", "RIFF\x24\x01\0\0AVI LIST"s, "avi"},
                                         MediaRow{"ZipDeflated", "PK\x03\x04\x14\0\0\0\x08\0\x21\0\0\0\0\0"s, "zip"},
                                         MediaRow{"Gzip", "\x1F\x8B\x08\0\0\0\0\0\0\x03"s, "gzip"},
                                         MediaRow{"Bzip2", "BZh91AY&SY\x01\x02"s, "bzip2"},
                                         MediaRow{"Xz",
                                                  "\xFD"
                                                  "7zXZ\0\0\x04"s,
                                                  "xz"},
                                         MediaRow{"Zstd", "\x28\xB5\x2F\xFD\x04\x58\x19\0\0"s, "zstd"},
                                         MediaRow{"SevenZip", "7z\xBC\xAF\x27\x1C\0\x04"s, "7z"},
                                         MediaRow{"Rar", "Rar!\x1A\x07\x01\0"s, "rar"}),
                         [](const auto& row) { return row.param.name; });

// What may hold readable text, or is text that begins like a picture.
INSTANTIATE_TEST_SUITE_P(Scanned, CompressedMedia,
                         testing::Values(MediaRow{"Empty", "", ""}, MediaRow{"Text", "GITHUB_TOKEN=abc\n", ""},
                                         MediaRow{"AboutGif", "GIF89a is a format\n", ""},
                                         MediaRow{"AboutId3", "ID3 tags are described here", ""},
                                         MediaRow{"AboutBzip2", "BZh91AY&SY is how bzip2 begins", ""},
                                         MediaRow{"AboutRiff", "RIFF....WEBP is how it begins", ""},
                                         MediaRow{"AboutBmp", "BM stands for bitmap", ""},
                                         MediaRow{"ZipStored", "PK\x03\x04\x14\0\0\0\0\0\x21\0\0\0\0\0"s, ""},
                                         MediaRow{"Pdf", "%PDF-1.7\n%\xE2\xE3\xCF\xD3\n"s, ""},
                                         MediaRow{"Elf",
                                                  "\x7F"
                                                  "ELF\x02\x01\x01\0\0\0\0\0\0\0\0\0"s,
                                                  ""},
                                         MediaRow{"Exe", "MZ\x90\0\x03\0\0\0\x04\0\0\0\xFF\xFF\0\0"s, ""},
                                         MediaRow{"JavaClass", "\xCA\xFE\xBA\xBE\0\0\0\x34\0\x1D"s, ""},
                                         MediaRow{"Wasm", "\0asm\x01\0\0\0"s, ""},
                                         MediaRow{"Sqlite", "SQLite format 3\0"s, ""},
                                         MediaRow{"Access", "\0\x01\0\0Standard Jet"s, ""},
                                         MediaRow{"Utf16Text",
                                                  "\xFF\xFEG\0I\0F\0"
                                                  "8\0"
                                                  "9\0"
                                                  "a\0"s,
                                                  ""},
                                         MediaRow{"Utf16Bare",
                                                  "P\0N\0G\0=\0"
                                                  "1\0"s,
                                                  ""},
                                         MediaRow{"PngCut", "\x89PNG\r\n", ""}),
                         [](const auto& row) { return row.param.name; });

TEST(EncodingName, IsStable) {
  EXPECT_EQ(encoding_name(Encoding::Bytes), "");
  EXPECT_EQ(encoding_name(Encoding::Utf16Le), "utf-16le");
  EXPECT_EQ(encoding_name(Encoding::Utf32Be), "utf-32be");
}

}  // namespace
}  // namespace tightship::scan
