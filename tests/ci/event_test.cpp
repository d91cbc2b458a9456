#include "ci/event.h"

#include <gtest/gtest.h>

#include "support/git_fixture.h"

namespace tightship::ci {
namespace {

Event parsed(const std::string& json) { return parse_event(json).value_or(Event{{"failed", ""}}); }

TEST(Event, TakesTheMembersThatARangeNeeds) {
  const std::string folder = std::string(TIGHTSHIP_SOURCE_DIR) + "/fixtures/ci/";
  EXPECT_EQ(parsed(test::slurp(folder + "push.json")), (Event{{"after", "@AFTER@"},
                                                              {"before", "@BEFORE@"},
                                                              {"deleted", "false"},
                                                              {"ref", "@REF@"},
                                                              {"repository.default_branch", "main"}}));
  EXPECT_EQ(parsed(test::slurp(folder + "pull_request.json")),
            (Event{{"after", "@HEAD@"},
                   {"before", "3333333333333333333333333333333333333333"},
                   {"number", "12"},
                   {"pull_request.base.ref", "main"},
                   {"pull_request.base.sha", "@BASE@"},
                   {"pull_request.head.sha", "@HEAD@"},
                   {"pull_request.number", "12"},
                   {"repository.default_branch", "main"}}));
  EXPECT_EQ(parsed(test::slurp(folder + "merge_group.json")).at("merge_group.head_sha"), "@HEAD@");
}

TEST(Event, TakesThemAtTheirPlaceAlone) {
  EXPECT_EQ(parsed(R"({"x": {"before": "a"}, "list": [{"before": "b"}, "c"], "a.before": "d"})"), Event{});
  EXPECT_EQ(parsed(R"({"pull_request": [{"base": {"sha": "a"}}], "pull_request.base": {"sha": "b"}})").count("before"),
            0u);
  EXPECT_EQ(parsed(R"({"before": "a", "before": "b"})"), (Event{{"before", "b"}}));
  EXPECT_EQ(parsed(R"({"before": "a", "before": null})"), Event{});
  EXPECT_EQ(parsed(R"({"before": {"after": "a"}, "after": ["b"], "ref": 1.5})"), Event{});
  EXPECT_EQ(parsed(R"({"before": ")" + std::string(kMaxEventText + 1, 'a') + R"("})"), Event{});
  EXPECT_EQ(parsed(R"({"before": ")" + std::string(kMaxEventText, 'a') + R"("})").size(), 1u);
}

struct Broken {
  std::string json;
  ErrorKind kind;
};

TEST(Event, RefusesWhatIsNoEvent) {
  std::string deep, nested;
  for (std::size_t i = 0; i < kMaxEventDepth + 1; ++i) deep += "[";
  for (std::size_t i = 0; i < 100'000; ++i) nested += "{\"a\":";
  for (const Broken& row : std::initializer_list<Broken>{{"", ErrorKind::Corrupt},
                                                         {"null", ErrorKind::Corrupt},
                                                         {"[]", ErrorKind::Corrupt},
                                                         {"\"before\"", ErrorKind::Corrupt},
                                                         {"{\"before\": \"a\"", ErrorKind::Corrupt},
                                                         {"{} x", ErrorKind::Corrupt},
                                                         {"{\"a\": \"\xff\"}", ErrorKind::Corrupt},
                                                         {"{\"a\": 1e999}", ErrorKind::Corrupt},
                                                         {deep, ErrorKind::Limit},
                                                         {nested, ErrorKind::Limit},
                                                         {std::string(kMaxEventSize + 1, ' '), ErrorKind::Limit}}) {
    const auto event = parse_event(row.json);
    ASSERT_FALSE(event) << row.json.substr(0, 40);
    EXPECT_EQ(event.error().kind, row.kind) << row.json.substr(0, 40);
  }
}

TEST(Event, SurvivesDamage) {
  const std::string json = R"({"before":"a","pull_request":{"base":{"sha":"b"},"number":1}})";
  test::for_each_damage(json, [](const std::string& damaged, const std::string& name) {
    const auto event = parse_event(damaged);
    if (event) {
      EXPECT_LE(event->size(), 3u) << name;
    }
  });
}

}  // namespace
}  // namespace tightship::ci
