// Secrets inside of encoded text: what is found and where it is said to be, against a plain decoder that tries
// everything, and whole against by deltas.

#include "scan/encoded_scanner.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>

#include "detect/token_template.h"
#include "scan/content_scanner.h"
#include "scan/delta_scanner.h"
#include "scan/encoded_hints.h"
#include "scan/escapes.h"
#include "scan/redactor.h"
#include "support/encodings.h"

namespace tightship::scan {
namespace {

using detect::Base64;
using test::backslashed;
using test::gzipped;
using test::numbered;
using test::packed;
using test::percent_encoded;
using test::PlainDecoder;
using test::RandomEncoder;
using test::utf16;
using test::wrapped;

const detect::RuleSet& rules() { return detect::RuleSet::builtin(); }

std::string token(std::uint64_t number) {
  return *detect::expand_template("ghp_{base62:30}{crc32-base62}", 3000 + number);
}

std::string base64(std::string_view text) { return detect::encode_base64(text, Base64::Standard, true); }

std::vector<Hit> scan(const std::string& text, std::string_view path = "src/app.txt") {
  ContentScanner scanner(rules());
  return scanner.scan(as_bytes(text), path);
}

std::set<std::string> tokens(const std::vector<Hit>& hits) {
  std::set<std::string> out;
  for (const Hit& hit : hits) {
    if (rules().rules()[hit.rule].id == "github-pat") out.insert(hit.secret);
  }
  return out;
}

struct Row {
  std::string name, text, chain, written;  // `written`: nothing when it is not asked for
};
std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.name; }

class EncodedSecret : public testing::TestWithParam<Row> {};

TEST_P(EncodedSecret, IsFoundWhereItStands) {
  const Row& row = GetParam();
  const std::vector<Hit> hits = scan(row.text);
  ASSERT_EQ(tokens(hits), std::set<std::string>{token(1)});
  ASSERT_EQ(hits.size(), 1u);
  const Hit& hit = hits[0];
  EXPECT_EQ(hit.chain, row.chain);
  EXPECT_EQ(row.text.substr(hit.position.offset, hit.length), hit.written);
  if (!row.written.empty()) EXPECT_EQ(hit.written, row.written);
  ASSERT_TRUE(hit.excerpt);
  const std::string shown = hit.excerpt->text.substr(hit.excerpt->begin, hit.excerpt->end - hit.excerpt->begin);
  EXPECT_TRUE(hit.written.starts_with(shown)) << shown;
}

std::string upper_hex(std::string_view bytes) {
  std::string digits = detect::encode_hex(bytes);
  for (char& c : digits) c = c >= 'a' ? static_cast<char>(c - 32) : c;
  return digits;
}

std::vector<Row> rows() {
  const std::string t = token(1), b = base64(t), url = detect::encode_base64(t, Base64::UrlSafe, false);
  const std::string env = "NAME=shop\nGITHUB_TOKEN=" + t + "\nNAME2=shop2 and more text that makes lines\n";
  const std::string hex = detect::encode_hex(t);
  const std::string upper = upper_hex(t);
  return {
      {"Base64", "key: " + b + "\n", "base64", b.substr(0, 54)},
      {"Base64Url", "key: " + url + "\n", "base64", url},
      {"BehindOneDigit", "key: n" + b + "\n", "base64", b.substr(0, 54)},
      {"BehindTwoDigits", "key: xy" + b + "\n", "base64", b.substr(0, 54)},
      {"BehindThreeDigits", "key: xyz" + b + "\n", "base64", b.substr(0, 54)},
      {"InsideAtOne", base64("x " + t + " y"), "base64", ""},
      {"InsideAtTwo", base64("xy " + t + " y"), "base64", ""},
      {"InBinary", base64(std::string("\0\1\2\xff", 4) + t + std::string("\xfe\0", 2)), "base64", ""},
      {"Hex", "0x" + hex, "hex", hex},
      {"HexOfOddParity", "a" + hex, "hex", hex},
      {"UpperHex", upper + ";", "hex", upper},
      {"Lines76", wrapped(base64(env), 76), "base64", ""},
      {"Lines64InYaml", "data: |\n    " + wrapped(base64(env), 64, "\n    ") + "\nend: true\n", "base64", ""},
      {"LinesOfWindows", wrapped(base64(env), 60, "\r\n"), "base64", ""},
      {"LinesOfHex", wrapped(detect::encode_hex(env), 60), "hex", ""},
      {"Gzip", "blob: " + base64(gzipped(env)) + "\n", "base64 > gzip", base64(gzipped(env)).substr(0, 0)},
      {"Zlib", "blob: " + base64(packed(env, 15)), "base64 > zlib", ""},
      {"GzipInLines", wrapped(base64(gzipped(env)), 40), "base64 > gzip", ""},
      {"GzipInHex", "blob: " + detect::encode_hex(gzipped(env)), "hex > gzip", detect::encode_hex(gzipped(env))},
      {"ZlibInUpperHex", "x'" + upper_hex(packed(env, 15)) + "'", "hex > zlib", ""},
      {"GzipInLinesOfHex", wrapped(detect::encode_hex(gzipped(env)), 60), "hex > gzip", ""},
      {"PowerShell", "powershell -NoProfile -EncodedCommand " + base64(utf16("$env:GH = '" + t + "'\r\nGet-Item .")),
       "base64 > utf-16le", ""},
      {"Utf16BehindOneDigit", "=x" + base64(utf16(t)), "base64 > utf-16le", ""},
      {"Utf16BehindTwoDigits", "=xy" + base64(utf16(t)), "base64 > utf-16le", ""},
      {"Utf16BigEndian", base64(utf16("key " + t, false)), "base64 > utf-16be", ""},
      {"Utf16InLines", wrapped(base64(utf16(env)), 76), "base64 > utf-16le", ""},
      {"Utf16InGzip", base64(gzipped(utf16(env))), "base64 > gzip > utf-16le", ""},
      {"Base64InUtf16InBase64", base64(utf16("key: " + b)), "base64 > utf-16le > base64", ""},
      {"Twice", base64("inner: " + b), "base64 > base64", ""},
      {"FourTimes", base64(base64(base64(b))), "base64 > base64 > base64 > base64", ""},
      {"Mixed", base64("a = " + detect::encode_hex("b = " + b)), "base64 > hex > base64", ""},
      {"NumbersInHex", "\"" + numbered(t, "\\x") + "\"", "backslash-escapes", numbered(t, "\\x")},
      {"NumbersOfUnicode", "s = '" + numbered(t, "\\u00") + "'", "backslash-escapes", numbered(t, "\\u00")},
      {"NumbersInPercent", "q=" + numbered(t, "%") + "&", "percent-encoding", numbered(t, "%")},
      {"OneLetterInUnicode", "s = '" + t.substr(0, 9) + numbered(t.substr(9, 1), "\\u00") + t.substr(10) + "'",
       "backslash-escapes", t.substr(0, 9) + numbered(t.substr(9, 1), "\\u00") + t.substr(10)},
      {"EscapedTwice", "'" + backslashed(numbered(t, "\\u00")) + "'", "backslash-escapes > backslash-escapes",
       backslashed(numbered(t, "\\u00"))},
      {"EscapesInBase64", base64("{\"k\": \"line\\n" + t + "\\n\"}"), "base64", ""},
      {"Base64InPercent", "q=%20" + numbered(b, "%"), "percent-encoding > base64", ""},
      {"Base64InEscapes", "{\"k\": \"line\\n" + numbered(b.substr(0, 9), "\\u00") + b.substr(9) + "\"}",
       "backslash-escapes > base64", ""},
      {"BesideProse", "these-are-long-words-with-dashes_and_more/" + std::string("paths ") + b, "base64", ""},
  };
}

INSTANTIATE_TEST_SUITE_P(Rows, EncodedSecret, testing::ValuesIn(rows()),
                         [](const auto& info) { return info.param.name; });

// What stands as it is, but where only what is around it being unescaped tells it.
class SecretAmongEscapes : public testing::TestWithParam<Row> {};

TEST_P(SecretAmongEscapes, IsFoundAsItStands) {
  const Row& row = GetParam();
  const std::vector<Hit> hits = scan(row.text);
  ASSERT_EQ(hits.size(), 1u);
  EXPECT_EQ(hits[0].secret, row.written);
  EXPECT_EQ(row.text.substr(hits[0].position.offset, hits[0].length), row.written);
  EXPECT_EQ(hits[0].chain, row.chain);
  EXPECT_EQ(hits[0].written, "");
  const auto redacted = redact_content(rules(), row.text, "src/app.txt", {});
  ASSERT_TRUE(redacted);
  EXPECT_EQ(redacted->content.find(row.written), std::string::npos);
}

std::vector<Row> rows_among_escapes() {
  const std::string t = token(1), hex = *detect::expand_template("{hex:40}", 4);
  return {
      {"BehindLineEnd", "{\"env\": \"A=1\\n" + t + "\\nB=2\"}", "", t},
      {"BehindTab", "printf(\"name\\t" + t + "\\n\");", "", t},
      {"BehindLineEndTwiceEscaped", R"("{\"env\": \"A=1\\n)" + t + R"(\\n\"}")", "", t},
      {"BehindUnicodeQuote", "{\"a\":\"\\u0022" + t + "\\u0022\"}", "", t},
      {"BehindPercent", "/login?to=%2Fhome%3Ftoken%3D" + t + "%26x%3D1", "", t},
      {"BehindPercentTwice", "/login?to=%252Fhome%253Ftoken%253D" + t + "%2526x", "", t},
      {"Notebook", "  \"source\": [\n   \"GITHUB_TOKEN = \\\"" + t + "\\\"\\n\"\n  ]\n", "", t},
      {"SourcesContent", "{\"version\":3,\"sourcesContent\":[\"// key\\nconst a = \\\"" + t + "\\\";\\n\"]}", "", t},
      {"ContextInEscapedQuotes", R"("{\"heroku_api\": 1, \"deepgram_api_key\": \")" + hex + R"(\"}")", "", hex},
  };
}

INSTANTIATE_TEST_SUITE_P(Rows, SecretAmongEscapes, testing::ValuesIn(rows_among_escapes()),
                         [](const auto& info) { return info.param.name; });

TEST(EncodedScanner, AnEscapeInsideOfAValueIsUndone) {
  const std::string url =
      *detect::expand_template("https://hooks.slack.com/services/T{upperalnum:10}/B{upperalnum:10}/{base62:24}", 3);
  const std::vector<Hit> hits = scan("{\"hook\": \"" + backslashed(url) + "\"}");
  ASSERT_EQ(hits.size(), 1u);
  EXPECT_EQ(rules().rules()[hits[0].rule].id, rules().rules()[scan(url)[0].rule].id);
  EXPECT_EQ(hits[0].secret, scan(url)[0].secret);
  EXPECT_EQ(hits[0].chain, "backslash-escapes");
  EXPECT_EQ(hits[0].written, backslashed(hits[0].secret));
}

TEST(EncodedScanner, WhatStandsPlainAmongEscapesIsOneFinding) {
  const std::string password = *detect::expand_template("{base62:16}", 8);
  for (const std::string& text :
       {"\"line\\nGITHUB_TOKEN=" + token(1) + "\\nnext_of_these_names\"",
        "x = \"DB_PASSWORD = \\\"" + password + "\\\"\\nMORE_OF_THESE_NAMES=1\"",
        "DB_PASSWORD = \"" + password + "\"  # see https://shop.example/?to=%2Fa_path_of_some_length"}) {
    const std::vector<Hit> hits = scan(text, "config/app.py");
    ASSERT_EQ(hits.size(), 1u) << text;
    EXPECT_EQ(hits[0].chain, "") << text;
    EXPECT_EQ(text.substr(hits[0].position.offset, hits[0].length), hits[0].secret);
  }
}

TEST(EncodedScanner, FiveTimesIsTooDeepAndTold) {
  const std::string text = base64(base64(base64(base64(base64(token(1))))));
  ContentScanner scanner(rules());
  EXPECT_TRUE(scanner.scan(as_bytes(text), "a").empty());
  EXPECT_TRUE(scanner.truncated());
}

TEST(EncodedScanner, ABombIsCutAndTold) {
  const std::string bomb = base64(gzipped(std::string(50'000'000, 'a') + token(1)));
  ContentScanner scanner(rules());
  EXPECT_TRUE(scanner.scan(as_bytes(bomb), "a").empty());
  EXPECT_TRUE(scanner.truncated());
}

TEST(EncodedScanner, PlainAndEncodedAreOneValue) {
  const std::vector<Hit> hits = scan(token(1) + "\n" + base64(token(1)) + "\n");
  ASSERT_EQ(hits.size(), 2u);
  EXPECT_EQ(hits[0].secret, hits[1].secret);
  EXPECT_EQ(hits[0].rule, hits[1].rule);
  EXPECT_EQ(hits[0].chain, "");
  EXPECT_EQ(hits[1].chain, "base64");
}

TEST(EncodedScanner, InUtf16) {
  std::string text = "\xff\xfe";
  for (const char c : "key: " + base64(token(1)) + "\r\n") text += {c, '\0'};
  const std::vector<Hit> hits = scan(text);
  ASSERT_EQ(hits.size(), 1u);
  EXPECT_EQ(hits[0].encoding_text(), "utf-16le > base64");
  EXPECT_EQ(hits[0].position.column, 13u);
}

TEST(EncodedScanner, ACommentOnTheLineAllowsIt) {
  EXPECT_TRUE(scan("key: " + base64(token(1)) + "  # tightship:allow\n").empty());
  EXPECT_TRUE(scan("key: " + base64(token(1)) + "  # tightship:allow github-pat\n").empty());
  EXPECT_EQ(scan("key: " + base64(token(1)) + "  # tightship:allow other-rule\n").size(), 1u);
}

TEST(EncodedScanner, ASpecificRuleOnTheBytesThemselvesGoesFirst) {
  const std::string jwt = *detect::expand_template(R"({jwt:{{"iss":"shop","password":"{base62:15}","sub":"1"}}})", 5);
  const std::vector<Hit> hits = scan("t = \"" + jwt + "\"\n");
  for (const Hit& hit : hits) EXPECT_EQ(hit.chain, "") << rules().rules()[hit.rule].id;
  const std::string basic =
      "Authorization: Basic " + base64("deploy:" + *detect::expand_template("{base62:15}", 5)) + "\n";
  for (const Hit& hit : scan(basic)) EXPECT_EQ(hit.chain, "") << rules().rules()[hit.rule].id;
}

TEST(EncodedScanner, ADecodedTokenGoesBeforeAGenericGuess) {
  const std::vector<Hit> hits = scan("password: " + base64(token(1)) + "\n", "config/app.yaml");
  ASSERT_EQ(hits.size(), 1u);
  EXPECT_EQ(hits[0].secret, token(1));
}

// Text ends where its last digit stands: a sanitizer sees what is read behind it.
TEST(EncodedScanner, NothingBehindTheEndIsRead) {
  const std::string whole = "k: " + base64(token(1) + " and some words behind it");
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    const std::vector<std::uint8_t> exact(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    ContentScanner scanner(rules());
    const auto hits = scanner.scan(Bytes(exact), {});
    if (size == whole.size()) EXPECT_EQ(hits.size(), 1u);
  }
}

TEST(EncodedScanner, GenericRulesWantClearText) {
  const std::string assignment = "DB_PASSWORD=" + *detect::expand_template("{base62:16}", 5) + "\n";
  EXPECT_EQ(scan(base64("NAME=shop\n" + assignment), "deploy/values.yaml").size(), 1u);
  const std::string noise = "\x90\x91\x92\x93\x94\x95\x96\x97\x98\x99";
  EXPECT_EQ(scan(base64(noise + assignment + noise), "deploy/values.yaml").size(), 0u);
}

TEST(EncodedScanner, NamesAreNotDecoded) {
  ContentScanner scanner(rules());
  EXPECT_TRUE(scanner.scan(as_bytes(base64(token(1))), "a", Decoding::Off).empty());
}

TEST(EncodedScanner, FindsWhatAPlainDecoderFinds) {
  std::size_t found = 0;
  for (unsigned seed = 1; seed <= 150; ++seed) {
    RandomEncoder encoder(seed);
    std::mt19937 random(seed);
    std::string text;
    for (unsigned i = 0; i < 4; ++i) {
      const std::string planted = random() % 4 == 0 ? "nothing here" : "token=" + token(seed * 10 + i);
      text += "line of text\n" + encoder.encode(planted, static_cast<int>(random() % 5)) + "\n";
    }
    const std::set<std::string> wanted = PlainDecoder::tokens(text), have = tokens(scan(text));
    EXPECT_EQ(have, wanted) << "seed " << seed << "\n" << text;
    found += have.size();
  }
  EXPECT_GT(found, 350u);
}

TEST(EncodedScanner, IsRedactedWithItsDigits) {
  for (const Row& row : rows()) {
    const auto redacted = redact_content(rules(), row.text, "src/app.txt", {});
    ASSERT_TRUE(redacted) << row.name;
    EXPECT_NE(redacted->content.find(kRedactedValue), std::string::npos) << row.name;
    EXPECT_TRUE(PlainDecoder::tokens(redacted->content).empty()) << row.name << "\n" << redacted->content;
  }
}

TEST(EncodedHints, AreTheSameWithoutAvx2) {
  std::mt19937 random(7);
  const std::string wide = base64(utf16("Write-Host 'these are some words of a command'"));
  const std::string filler = " \nabcdefghijABCDEFGHIJ0123456789+/-_=H4eJwxyz\x80\xff\\\\%%nu\"";
  for (int round = 0; round < 400; ++round) {
    std::string text;
    while (text.size() < 300) {
      switch (random() % 7) {
        case 0:
          text += base64(std::string(random() % 40, 'a') + token(random() % 50)).substr(random() % 8, random() % 60);
          break;
        case 1: text += detect::encode_hex(token(random() % 50)).substr(random() % 4, random() % 40); break;
        case 2: text += random() % 2 == 0 ? "H4sIAAAAAA" : "eJwLAAAAAA"; break;
        case 4: text += (random() % 2 == 0 ? "1f8b0800" : "789C") + upper_hex(token(1)).substr(0, random() % 40); break;
        case 5: text += wide.substr(random() % 9, random() % wide.size()); break;
        case 3: text += std::string(random() % 4, '\\') + numbered("a=\n", random() % 2 == 0 ? "%" : "\\x"); break;
        default:
          for (unsigned i = random() % 70; i > 0; --i) text += filler[random() % filler.size()];
      }
    }
    const Bytes data = as_bytes(text);
    for (std::size_t from = 0; from < data.size(); from += 1 + random() % 9) {
      const std::size_t end = from + random() % (data.size() - from + 1);
      ASSERT_EQ(find_hint(data, from, end), find_hint_portably(data, from, end)) << from << ' ' << end << "\n" << text;
      const Bytes before = data.first(from), behind = data.subspan(from);
      const auto is_token = [](std::uint8_t byte) { return kTokenBytes[byte]; };
      const auto stop = std::find_if_not(behind.begin(), behind.end(), is_token);
      const auto start = std::find_if_not(before.rbegin(), before.rend(), is_token);
      ASSERT_EQ(tokens_from(data, from), std::min<std::ptrdiff_t>(stop - behind.begin(), kDigitsReach)) << from;
      ASSERT_EQ(tokens_before(data, from), std::min<std::ptrdiff_t>(start - before.rbegin(), kDigitsReach)) << from;
    }
  }
}

// Short pieces may grow more than long ones: ten thousand equal characters are 64 digits.
TEST(EncodedLimit, IsToldWhereSomethingIsLeftOut) {
  struct {
    std::size_t characters;
    bool cut;
  } constexpr kRows[] = {{1000, false}, {10'240, false}, {40'000, true}, {1'000'000, true}};
  for (const auto& row : kRows) {
    ContentScanner scanner(rules());
    const std::string text = "x = \"" + base64(gzipped(std::string(row.characters, 'a'))) + "\"\n";
    EXPECT_TRUE(scanner.scan(as_bytes(text), "a.txt").empty());
    EXPECT_EQ(scanner.truncated(), row.cut) << row.characters;
  }
}

}  // namespace
}  // namespace tightship::scan
