// Delta-aware scanning against scanning the whole content, on dense tokens and random edits; and the
// control that shows that the comparison can fail.

#include "scan/delta_scanner.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "detect/codec.h"
#include "detect/token_template.h"
#include "git/delta.h"
#include "support/encodings.h"

namespace tightship::scan {
namespace {

using git::DeltaOp;

const detect::RuleSet& rules() { return detect::RuleSet::builtin(); }

// A content and how it came from another one.
struct Edited {
  std::string content;
  std::vector<DeltaOp> ops;
};

class Editor {
 public:
  explicit Editor(unsigned seed) : random_(seed) {
    for (const detect::Rule& rule : rules().rules()) {
      for (const std::string_view example : rule.examples) examples_.push_back(example);
    }
  }

  // Tokens, halves of tokens, keywords and filler, close together; and paragraphs that come again.
  std::string piece() {
    if (random_() % 12 == 0) {
      if (paragraphs_.size() < 12) paragraphs_.push_back(paragraph());
      return "\n\n" + paragraphs_[random_() % paragraphs_.size()] + (random_() % 8 == 0 ? "" : "\n\n");
    }
    return small_piece();
  }

  // Without a token, mostly.
  std::string paragraph() {
    std::string text;
    while (text.size() < 200 + random_() % 700) {
      text += "  return " + std::string(random_() % 30, 'f') + "(argument, 0x" + std::to_string(random_()) + ");\n";
      if (random_() % 40 == 0) text += small_piece();
    }
    return text;
  }

  std::string small_piece() {
    const auto token = *detect::expand_template(examples_[random_() % examples_.size()], random_());
    switch (random_() % 17) {
      case 12: return test::backslashed("a = " + token + "\n" + token) + (random_() % 2 == 0 ? "\n" : "");
      case 13: return "?to=" + test::percent_encoded(token) + "&" + (random_() % 4 == 0 ? "\n" : "");
      case 14: return test::backslashed(test::percent_encoded(token) + "\n" + encoded(token));
      case 15: return test::backslashed("a = \"" + token).substr(random_() % 8);
      case 16: return encoded(test::utf16("key = " + token)) + (random_() % 2 == 0 ? "\n" : "");
      case 8: return encoded(token) + (random_() % 2 == 0 ? "\n" : "");
      case 9:
        return test::wrapped(encoded("x = " + token + "\n" + token + token), 64, random_() % 2 == 0 ? "\n" : "\n  ") +
               "\n";
      case 10: return encoded(test::gzipped(token + "\n" + token));
      case 11: return encoded("some words of text " + token).substr(random_() % 30);
      case 0: return token.substr(0, random_() % (token.size() + 1));
      case 1: return token.substr(random_() % (token.size() + 1));
      case 2: return "password = \"";
      case 3: return std::string(random_() % 60, ' ');
      case 4: return "\n";
      case 5: return "x" + token;
      default: return token + (random_() % 2 == 0 ? "\n" : " ");
    }
  }

  std::string encoded(const std::string& text) {
    return random_() % 4 == 0 ? detect::encode_hex(text)
                              : detect::encode_base64(text, detect::Base64::Standard, random_() % 2 == 0);
  }

  std::string content(std::size_t pieces) {
    std::string out;
    for (std::size_t i = 0; i < pieces; ++i) out += piece();
    return out;
  }

  // Copies of stretches of `base` in any order, with insertions, cuts and moves between them.
  Edited edit(const std::string& base) {
    Edited edited;
    std::uint32_t at = 0;
    const auto copy = [&](std::uint32_t from, std::uint32_t length) {
      if (length == 0) return;
      edited.ops.push_back({length, from, true});
      edited.content.append(base, from, length);
    };
    const auto size = static_cast<std::uint32_t>(base.size());
    while (at < size) {
      const auto length = std::min<std::uint32_t>(size - at, random_() % (random_() % 3 == 0 ? 40 : 900) + 1);
      switch (random_() % 10) {
        case 0: break;  // cut out
        case 1:
          insert(edited, piece());
          copy(at, length);
          break;
        case 2:
          copy(at, length);
          insert(edited, std::string(1, 'a'));
          break;  // one byte at a seam
        case 3:
          copy(random_() % size, 0);
          copy(size - std::min(size, length), std::min(size, length));
          break;
        default: copy(at, length); break;
      }
      at += length;
    }
    return edited;
  }

 private:
  // Inserted bytes are not read through `source`, which would be an offset in a delta.
  static void insert(Edited& edited, const std::string& text) {
    if (text.empty()) return;
    edited.ops.push_back({static_cast<std::uint32_t>(text.size()), 0, false});
    edited.content += text;
  }

  std::mt19937 random_;
  std::vector<std::string_view> examples_;
  std::vector<std::string> paragraphs_;
};

struct Difference {
  std::size_t found = 0, missing = 0, extra = 0;
  std::size_t pieces = 0, wrong_pieces = 0;  // encoded ones
};

std::vector<detect::Candidate> candidates(const AnchorScan& scan) {
  std::vector<detect::Candidate> out;
  for (const AnchorScan::Found& found : scan.found) out.push_back(found.candidate);
  std::sort(out.begin(), out.end());
  return out;
}

// Chains of edits, each scanned as a delta of the one before and whole.
Difference compare(unsigned seed, int chains, int length, bool control) {
  Editor editor(seed);
  PlainTexts plain(256);  // few, so that they push each other out
  DeltaScanner delta(rules(), Decoding::On, &plain), whole(rules());
  if (control) delta.skip_reconfirmation_for_test();
  Difference difference;
  for (int chain = 0; chain < chains; ++chain) {
    std::string base = editor.content(60);
    AnchorScan state, next, reference;
    whole.scan_whole(as_bytes(base), state);
    for (int step = 0; step < length; ++step) {
      const Edited edited = editor.edit(base);
      delta.scan_delta(as_bytes(edited.content), edited.ops, static_cast<std::uint32_t>(base.size()), state, next);
      whole.scan_whole(as_bytes(edited.content), reference);
      const auto have = candidates(next), want = candidates(reference);
      std::vector<detect::Candidate> missing, extra;
      std::set_difference(want.begin(), want.end(), have.begin(), have.end(), std::back_inserter(missing));
      std::set_difference(have.begin(), have.end(), want.begin(), want.end(), std::back_inserter(extra));
      difference.found += want.size();
      difference.missing += missing.size();
      difference.extra += extra.size();
      difference.pieces += reference.encoded.size();
      difference.wrong_pieces += next.encoded == reference.encoded ? 0 : 1;
      if (!control) EXPECT_EQ(next.marks, reference.marks) << "seed " << seed << " chain " << chain << " step " << step;
      base = edited.content + editor.piece();
      whole.scan_whole(as_bytes(base), state);
      if (step % 2 == 0) continue;
      delta.scan_whole(as_bytes(edited.content), next);
      EXPECT_EQ(next.marks, reference.marks);
      EXPECT_EQ(next.encoded, reference.encoded);
      base = edited.content;  // every other step stands on the inherited state itself
      std::swap(state, next);
    }
  }
  return difference;
}

TEST(DeltaScanner, FindsWhatAScanOfTheWholeFinds) {
  std::size_t found = 0, pieces = 0;
  for (unsigned seed = 1; seed <= 4; ++seed) {
    const Difference difference = compare(seed, 12, 12, false);
    EXPECT_EQ(difference.missing, 0u) << "seed " << seed;
    EXPECT_EQ(difference.extra, 0u) << "seed " << seed;
    EXPECT_EQ(difference.wrong_pieces, 0u) << "seed " << seed;
    pieces += difference.pieces;
    found += difference.found;
  }
  EXPECT_GT(pieces, 2000u);
  EXPECT_GT(found, 5000u);  // dense enough to mean something
}

TEST(DeltaScanner, ControlWithoutReconfirmationFails) {
  const Difference difference = compare(1, 12, 12, true);
  EXPECT_GT(difference.missing, difference.found / 100);
  EXPECT_GT(difference.extra, difference.found / 100);
  EXPECT_GT(difference.wrong_pieces, 20u);
}

// One token, and edits exactly at its edges.
TEST(DeltaScanner, EdgesOfATokenAreSeen) {
  const std::string token = *detect::expand_template("ghp_{base62:30}{crc32-base62}", 5);
  const std::string filler(200, '.');
  DeltaScanner scanner(rules());
  AnchorScan base, delta, whole;
  const std::string content = filler + token + filler;
  scanner.scan_whole(as_bytes(content), base);
  ASSERT_EQ(base.found.size(), 1u);
  for (std::uint32_t cut = 195; cut <= 245; ++cut) {
    for (const std::string& put : {std::string(), std::string("a"), std::string(" ")}) {
      std::vector<DeltaOp> ops{{cut, 0, true}};
      if (!put.empty()) ops.push_back({static_cast<std::uint32_t>(put.size()), 0, false});
      const auto rest = static_cast<std::uint32_t>(content.size()) - cut;
      ops.push_back({rest, cut, true});
      const std::string edited = content.substr(0, cut) + put + content.substr(cut);
      scanner.scan_delta(as_bytes(edited), ops, static_cast<std::uint32_t>(content.size()), base, delta);
      scanner.scan_whole(as_bytes(edited), whole);
      EXPECT_EQ(delta.found, whole.found) << cut << " '" << put << "'";
      EXPECT_EQ(delta.marks, whole.marks) << cut << " '" << put << "'";
    }
  }
}

// Begin and end of the content are edges too: \b there is true without a neighbour.
TEST(DeltaScanner, EndsOfTheContentAreEdges) {
  const std::string token = *detect::expand_template("ghp_{base62:30}{crc32-base62}", 6);
  const std::string filler(300, 'x');
  DeltaScanner scanner(rules());
  AnchorScan base, delta, whole;
  const std::string content = filler + token + filler;
  scanner.scan_whole(as_bytes(content), base);
  EXPECT_EQ(base.found.size(), 0u);
  const std::vector<DeltaOp> ops{{static_cast<std::uint32_t>(token.size()), 300, true}};
  scanner.scan_delta(as_bytes(token), ops, static_cast<std::uint32_t>(content.size()), base, delta);
  scanner.scan_whole(as_bytes(token), whole);
  EXPECT_EQ(whole.found.size(), 1u);
  EXPECT_EQ(delta.found, whole.found);
}

}  // namespace
}  // namespace tightship::scan
