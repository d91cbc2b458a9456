#include "allow/baseline.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cinttypes>

#include "support/git_fixture.h"

namespace tightship::allow {
namespace {

BaselineEntry entry(const std::string& id, const std::string& hint = "a.py") { return {id, "acme-token", hint, 0}; }

// `number` spread over the ids as a hash would be.
std::string id_of(std::uint64_t number) {
  char text[17];
  std::snprintf(text, sizeof text, "%016" PRIx64, number * 0x9e3779b97f4a7c15ULL);
  return text;
}

std::vector<BaselineEntry> entries(std::uint64_t from, std::uint64_t to) {
  std::vector<BaselineEntry> made;
  for (std::uint64_t i = from; i < to; ++i) made.push_back(entry(id_of(i)));
  return made;
}

TEST(Baseline, IsSortedAndReadBack) {
  const std::string text = baseline_text(Extent::History, {entry(id_of(2), "b c"), entry(id_of(1)), entry(id_of(2))});
  const Baseline read = parse_baseline(text, "baseline");
  ASSERT_TRUE(read.source.ok());
  EXPECT_EQ(read.extent, Extent::History);
  ASSERT_EQ(read.entries.size(), 2u);
  EXPECT_LT(read.entries[0].id, read.entries[1].id);
  ASSERT_NE(read.find(id_of(2)), nullptr);
  EXPECT_EQ(read.find(id_of(2))->hint, "b c");
  EXPECT_EQ(read.find(id_of(2))->rule, "acme-token");
  EXPECT_EQ(baseline_text(read.extent, read.entries), text);
}

TEST(Baseline, TakesOrderDoublesAndOtherLineEnds) {
  const std::string text = id_of(9) + " r p\r\n\r\n# word\r\n" + id_of(1) + " r p\r\n" + id_of(9) + " r q";
  const Baseline read = parse_baseline(text, "baseline");
  EXPECT_TRUE(read.source.ok());
  EXPECT_EQ(read.entries.size(), 2u);
  EXPECT_EQ(read.extent, Extent::WorkTree);
}

TEST(Baseline, SaysWhichLineIsWrong) {
  const auto where = [](const std::string& text) { return first_error(parse_baseline(text, "b").source).where; };
  EXPECT_EQ(where(id_of(1) + " r p\nword\n"), "b:2:1");
  EXPECT_EQ(where("# tightship baseline 1: moon\n"), "b:1:25");
  const Error conflict = first_error(parse_baseline("<<<<<<< ours\n", "b").source);
  EXPECT_NE(conflict.what.find("merge conflict"), std::string::npos);
}

TEST(Baseline, UpdateKeepsHintsOfWhatStays) {
  const Baseline old = parse_baseline(baseline_text(Extent::WorkTree, {entry(id_of(1), "old"), entry(id_of(2))}), "b");
  const BaselineUpdate update = update_baseline(old, {entry(id_of(3)), entry(id_of(1), "moved")});
  ASSERT_EQ(update.added.size(), 1u);
  EXPECT_EQ(update.added[0].id, id_of(3));
  ASSERT_EQ(update.gone.size(), 1u);
  EXPECT_EQ(update.gone[0].id, id_of(2));
  ASSERT_EQ(update.entries.size(), 2u);
  const Baseline now = parse_baseline(baseline_text(Extent::WorkTree, update.entries), "b");
  EXPECT_EQ(now.find(id_of(1))->hint, "old");
}

// Two branches of a repository that both change the baseline, merged by git itself.
struct Merge {
  const char* name;
  std::vector<BaselineEntry> base, ours, theirs;
  bool attributes = false;
};

class Merges : public testing::TestWithParam<Merge> {};

TEST_P(Merges, AreDoneByGit) {
  test::GitFixture repository;
  const auto write = [&](const std::vector<BaselineEntry>& made) {
    repository.write("baseline", baseline_text(Extent::WorkTree, made));
  };
  if (GetParam().attributes) repository.write(".gitattributes", "baseline merge=union\n");
  write(GetParam().base);
  repository.commit("base");
  repository.git({"branch", "theirs"});
  write(GetParam().ours);
  repository.commit("ours");
  repository.git({"checkout", "-q", "theirs"});
  write(GetParam().theirs);
  repository.commit("theirs");
  const auto merged = repository.try_git(repository.path(), {"merge", "-q", "--no-edit", "-"});
  ASSERT_EQ(merged.exit_code, 0) << merged.out << merged.err;
  const Baseline read = parse_baseline(test::slurp(repository.path() + "/baseline"), "baseline");
  ASSERT_TRUE(read.source.ok());
  for (const auto* side : {&GetParam().ours, &GetParam().theirs}) {
    for (const BaselineEntry& wanted : *side) {
      const auto has = [&](const std::vector<BaselineEntry>& list) {
        return std::any_of(list.begin(), list.end(), [&](const BaselineEntry& e) { return e.id == wanted.id; });
      };
      // What one side has dropped is gone, what one has added is there.
      const bool stays = has(GetParam().base) ? has(GetParam().ours) && has(GetParam().theirs) : true;
      if (stays) EXPECT_NE(read.find(wanted.id), nullptr) << wanted.id;
    }
  }
}

std::vector<BaselineEntry> with(std::vector<BaselineEntry> list, std::initializer_list<std::uint64_t> added) {
  for (const std::uint64_t number : added) list.push_back(entry(id_of(number)));
  return list;
}

INSTANTIATE_TEST_SUITE_P(
    Baseline, Merges,
    testing::Values(
        Merge{"both_add", entries(0, 40), with(entries(0, 40), {1000, 1001, 1002}), with(entries(0, 40), {2003, 2009})},
        Merge{"same_added", entries(0, 40), with(entries(0, 40), {1000}), with(entries(0, 40), {1000, 2009})},
        Merge{"one_drops", entries(0, 40), entries(5, 40), with(entries(0, 40), {2003})},
        Merge{"first_entries", {}, entries(0, 3), entries(10, 13), true},
        Merge{"neighbours", entries(0, 2), with(entries(0, 2), {7, 8, 9}), with(entries(0, 2), {5, 6}), true}),
    [](const auto& row) { return row.param.name; });

// The control: without the attribute the first entries of two branches do conflict, so the cases above
// would notice.
TEST(Baseline, NeedsTheAttributeForTheSameLine) {
  test::GitFixture repository;
  repository.write("baseline", baseline_text(Extent::WorkTree, {}));
  repository.commit("base");
  repository.git({"branch", "theirs"});
  repository.write("baseline", baseline_text(Extent::WorkTree, entries(0, 1)));
  repository.commit("ours");
  repository.git({"checkout", "-q", "theirs"});
  repository.write("baseline", baseline_text(Extent::WorkTree, entries(1, 2)));
  repository.commit("theirs");
  EXPECT_NE(repository.try_git(repository.path(), {"merge", "-q", "--no-edit", "-"}).exit_code, 0);
  EXPECT_FALSE(parse_baseline(test::slurp(repository.path() + "/baseline"), "baseline").source.ok());
}

}  // namespace
}  // namespace tightship::allow
