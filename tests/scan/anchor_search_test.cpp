// What is remembered of texts without anchors, against the search itself.

#include "scan/anchor_search.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "detect/rule.h"
#include "detect/token_template.h"

namespace tightship::scan {
namespace {

using match::Anchor;

const match::Engine& engine() { return detect::RuleSet::builtin().engine(); }

std::vector<Anchor> found_by_engine(const std::string& text) {
  match::Engine::Scratch scratch = engine().make_scratch();
  std::vector<Anchor> anchors;
  engine().find_anchors(as_bytes(text), scratch, anchors);
  return anchors;
}

std::vector<Anchor> found_by(AnchorSearch& search, const std::string& text) {
  std::vector<Anchor> anchors;
  search.announce(as_bytes(text));
  search.find(as_bytes(text), anchors);
  return anchors;
}

std::string token(unsigned seed) { return *detect::expand_template("ghp_{base62:30}{crc32-base62}", seed); }

std::string lines(unsigned seed, std::size_t size) {
  std::mt19937 random(seed);
  std::string text;
  while (text.size() < size) {
    text += "  call_" + std::to_string(random() % 1000) + "(" + std::string(random() % 50, 'x') + ");\n";
  }
  return text;
}

// Paragraphs of a small stock, of which some hold tokens, cut anywhere: mostly what was there before, at other places
// and with other ends.
TEST(AnchorSearch, FindsWhatTheEngineFinds) {
  std::mt19937 random(7);
  std::vector<std::string> stock;
  for (unsigned i = 0; i < 40; ++i) {
    stock.push_back(lines(i, 50 + random() % (i % 10 == 0 ? 9000u : 600u)) + (i % 3 == 0 ? token(i) : "") +
                    (i % 5 == 0 ? "" : "\n\n"));
  }
  PlainTexts plain(1 << 10);
  AnchorSearch search(engine(), &plain);
  std::size_t anchors = 0;
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (unsigned i = random() % 12; i > 0; --i) text += stock[random() % stock.size()];
    text.erase(0, random() % (text.size() + 1) / 4);
    text.resize(text.size() - random() % (text.size() + 1) / 4);
    const auto want = found_by_engine(text);
    ASSERT_EQ(found_by(search, text), want) << "round " << round;
    anchors += want.size();
  }
  EXPECT_GT(anchors, 1000u);
}

// The first bytes of the token are at the end of a piece that was plain before.
TEST(AnchorSearch, SeesAnAnchorOverTheEndOfAKnownPiece) {
  const std::string piece = "\n" + lines(1, 700), begun = piece + "  ghp";
  PlainTexts plain(1 << 10);
  AnchorSearch search(engine(), &plain);
  EXPECT_TRUE(found_by(search, begun).empty());
  EXPECT_TRUE(found_by(search, begun + "\n\n" + piece).empty());
  const std::string whole = begun + token(3).substr(3) + "\n\n" + piece;
  EXPECT_FALSE(found_by_engine(whole).empty());
  EXPECT_EQ(found_by(search, whole), found_by_engine(whole));
}

// Without blank lines pieces end anywhere: at every place an anchor goes on in the next piece.
TEST(AnchorSearch, SeesAnAnchorOverTheEndOfTheLongestPiece) {
  const std::string filler = lines(4, 9000), secret = token(4);
  for (std::size_t at = 4096 - secret.size(); at <= 4096; ++at) {
    PlainTexts plain(1 << 10);
    AnchorSearch search(engine(), &plain);
    std::string text = filler;
    text.replace(at, secret.size(), secret);
    std::string begun = text;  // up to the end of the piece it is the same
    if (at < 4096) begun.replace(4096, secret.size(), secret.size(), ' ');
    ASSERT_EQ(found_by(search, begun), found_by_engine(begun)) << at;
    ASSERT_FALSE(found_by_engine(text).empty());
    ASSERT_EQ(found_by(search, text), found_by_engine(text)) << at;
  }
}

// What was looked up of a piece is a text of its own elsewhere, with an anchor at its end.
TEST(AnchorSearch, SeesAnAnchorBehindTheEndOfAPiece) {
  const std::string piece = lines(5, 300), text = piece + "\n" + token(5) + "\n" + lines(6, 900);
  for (std::size_t size = piece.size(); size < piece.size() + 60; ++size) {
    PlainTexts plain(1 << 10);
    AnchorSearch search(engine(), &plain);
    ASSERT_EQ(found_by(search, text), found_by_engine(text));
    const std::string cut = text.substr(0, size);
    ASSERT_EQ(found_by(search, cut), found_by_engine(cut)) << size;
  }
}

TEST(AnchorSearch, SearchesOnceWhatComesAgain) {
  const std::string text = lines(1, 3000) + "\n" + lines(2, 3000) + "\n" + lines(3, 3000);
  ASSERT_TRUE(found_by_engine(text).empty());
  PlainTexts plain(1 << 10);
  AnchorSearch first(engine(), &plain), second(engine(), &plain);
  found_by(first, text);
  EXPECT_GE(first.searched_bytes(), text.size());
  found_by(second, "/* new */\n\n" + text);
  EXPECT_LT(second.searched_bytes(), text.size() / 2);
}

TEST(AnchorSearch, AnswersSeveralAnnouncedTextsInTurn) {
  PlainTexts plain(1 << 10);
  AnchorSearch search(engine(), &plain);
  const std::vector<std::string> texts{"", lines(1, 2000), "x = " + token(1),
                                       lines(2, 100) + token(2) + lines(3, 5000)};
  for (int round = 0; round < 2; ++round) {
    for (const std::string& text : texts) search.announce(as_bytes(text));
    for (const std::string& text : texts) {
      std::vector<Anchor> anchors;
      search.find(as_bytes(text), anchors);
      EXPECT_EQ(anchors, found_by_engine(text));
    }
  }
}

// A stretch that is said to have no hint is asked for none.
TEST(AnchorSearch, RemembersPiecesWithoutHints) {
  const std::string text = "\n" + lines(1, 600) + "\n" + lines(2, 600) + "\n" + lines(3, 600);
  PlainTexts plain(1 << 10);
  AnchorSearch search(engine(), &plain);
  found_by(search, text);
  std::vector<Stretch> free;
  search.tell_hint_free(0, free);
  EXPECT_TRUE(free.empty());  // nobody has looked
  search.note_hint_free(0, {{0, static_cast<std::uint32_t>(text.size())}});
  found_by(search, "\n" + text);
  search.tell_hint_free(100, free);
  ASSERT_FALSE(free.empty());
  for (const Stretch& stretch : free) {
    EXPECT_EQ(text[stretch.begin - 101], '\n');
    EXPECT_EQ(text[stretch.end - 101], '\n');
  }
}

}  // namespace
}  // namespace tightship::scan
