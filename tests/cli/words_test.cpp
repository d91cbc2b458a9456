#include <gtest/gtest.h>

#include "cli/output.h"
#include "cli/progress.h"
#include "cli/similar.h"
#include "cli/usage.h"

namespace tightship::cli {
namespace {

TEST(EditDistance, CountsEdits) {
  const std::tuple<const char*, const char*, std::size_t> rows[] = {
      {"", "", 0},        {"a", "", 1},        {"", "abc", 3},           {"scan", "scan", 0},
      {"scn", "scan", 1}, {"sacn", "scan", 1}, {"kitten", "sitting", 3}, {"audit", "scan", 5},
  };
  for (const auto& [a, b, distance] : rows) {
    EXPECT_EQ(edit_distance(a, b), distance) << a << " " << b;
    EXPECT_EQ(edit_distance(b, a), distance) << b << " " << a;
  }
}

TEST(EditDistance, BoundsItsWork) {
  const std::string monster(1'000'000, 'x');
  EXPECT_EQ(edit_distance(monster, "x"), monster.size());
}

TEST(SimilarNames, PutsTheNearestFirst) {
  const std::vector<std::string> names{"stripe-secret-key", "stripe-public-key", "slack-token", "github-token"};
  EXPECT_EQ(similar_names("stripe-secret-kye", names).front(), "stripe-secret-key");
  EXPECT_EQ(similar_names("stripe", names), (std::vector<std::string>{"stripe-secret-key", "stripe-public-key"}));
  EXPECT_TRUE(similar_names("zebra", names).empty());
  EXPECT_EQ(similar_names("token", names, 1), std::vector<std::string>{"slack-token"});
}

TEST(ProgressText, SaysHowFarAndNoEarlyEstimate) {
  const std::pair<ProgressSample, const char*> rows[] = {
      {{234'000'000, 382'000'000, 2, 1.0}, "scanning  61% (234/382 MB)  2 findings"},
      {{234'000'000, 382'000'000, 1, 10.0}, "scanning  61% (234/382 MB)  1 finding  6 s left"},
      {{1'000'000, 382'000'000, 0, 10.0}, "scanning   0% (1/382 MB)"},
      {{38'000'000, 382'000'000, 0, 100.0}, "scanning   9% (38/382 MB)"},
      {{382'000'000, 382'000'000, 0, 10.0}, "scanning 100% (382/382 MB)"},
      {{400'000'000, 382'000'000, 0, 10.0}, "scanning 100% (382/382 MB)"},
      {{5'000'000, 0, 0, 10.0}, "scanning  5 MB"},
      {{0, 0, 3, 0.0}, "scanning  0 MB  3 findings"},
  };
  for (const auto& [sample, text] : rows) EXPECT_EQ(progress_text(sample), text);
}

TEST(Fold, BreaksAtWordsAndKeepsIndentedLines) {
  EXPECT_EQ(fold("one two three four five six seven", 2, 22), "  one two three four\n  five six seven\n");
  EXPECT_EQ(fold("a\n\n  kept   as it is\n\nb", 0, 40), "a\n\n  kept   as it is\n\nb\n");
  EXPECT_EQ(fold("", 2, 40), "");
  const std::string word(80, 'w');
  EXPECT_EQ(fold(word, 0, 40), word + "\n");
}

TEST(RenderHelp, BriefHasOneLineAFlag) {
  bool value = false;
  Command command;
  command.name = "try";
  command.usage = "tightship try";
  command.brief = "Tries.";
  command.detail = "Says more.";
  command.flags = {{"alpha", 'a', "", "first", "does alpha", "in detail", set_true(value)},
                   {"beta", 0, "N", "second", "does beta", "", set_true(value)},
                   {"gamma", 0, "", "first", "does gamma", "", set_true(value)}};
  EXPECT_EQ(render_help(command, HelpLength::Brief, 80),
            "Tries.\n\nusage: tightship try\n\n"
            "first:\n  -a, --alpha   does alpha\n      --gamma   does gamma\n\n"
            "second:\n      --beta N  does beta\n\n"
            "tightship try --help says more\n");
  const std::string full = render_help(command, HelpLength::Full, 80);
  EXPECT_NE(full.find("Says more."), std::string::npos);
  EXPECT_NE(full.find("          in detail\n"), std::string::npos);
}

TEST(ParseTarget, TellsTheFormat) {
  using report::Format;
  const std::tuple<const char*, const char*, Format, const char*> rows[] = {
      {"sarif:out.txt", "", Format::Sarif, "out.txt"},
      {"sarif:out.txt", "json", Format::Sarif, "out.txt"},
      {"out.json", "", Format::Json, "out.json"},
      {"out.json", "sarif", Format::Sarif, "out.json"},
      {"-", "", Format::Text, "-"},
      {"-", "concise", Format::Concise, "-"},
      {"json:-", "", Format::Json, "-"},
      {"a:b.jsonl", "", Format::Jsonl, "a:b.jsonl"},
      {"dir.json/r.sarif", "", Format::Sarif, "dir.json/r.sarif"},
  };
  for (const auto& [text, format, wanted, path] : rows) {
    const auto target = parse_target(text, format);
    ASSERT_TRUE(target) << text;
    EXPECT_EQ(target->format, wanted) << text;
    EXPECT_EQ(target->path, path) << text;
  }
}

TEST(ParseTarget, RefusesToGuess) {
  for (const char* text : {"report", "report.pdf", "dir.json/report", "json:"}) {
    const auto target = parse_target(text, "");
    ASSERT_FALSE(target) << text;
    EXPECT_EQ(target.error().kind, ErrorKind::Usage);
  }
}

}  // namespace
}  // namespace tightship::cli
