#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "report/problems.h"

namespace tightship::report {
namespace {

readiness::Report with_facts() {
  readiness::Report report;
  report.command = "tls";
  report.facts.push_back({"hosts", {"host", "days left"}, {{"a.example:443", "89"}, {"\x1b[31mb\n", "7"}, {"c"}}});
  report.facts.push_back({"redirects", {"from"}, {}});
  return report;
}

TEST(ProblemFacts, TextIsATableWithoutControlCharacters) {
  EXPECT_EQ(render(with_facts(), Format::Text, {}),
            "hosts\n"
            "  host           days left\n"
            "  a.example:443  89\n"
            "  \\x1b[31mb\\n    7\n"
            "  c\n");
}

TEST(ProblemFacts, LongCellsAreCutInTextOnly) {
  readiness::Report report;
  report.facts.push_back({"hosts", {"host"}, {{std::string(500, 'x')}}});
  EXPECT_EQ(render(report, Format::Text, {}).find(std::string(61, 'x')), std::string::npos);
  EXPECT_NE(render(report, Format::Json, {}).find(std::string(500, 'x')), std::string::npos);
}

TEST(ProblemFacts, JsonHasOneObjectARow) {
  const auto json = nlohmann::json::parse(render(with_facts(), Format::Json, {}));
  ASSERT_EQ(json["facts"]["hosts"].size(), 3u);
  EXPECT_EQ(json["facts"]["hosts"][0]["days_left"], "89");
  EXPECT_FALSE(json["facts"]["hosts"][2].contains("days_left"));
  EXPECT_TRUE(json["facts"]["redirects"].empty());
}

TEST(ProblemFacts, ReportsWithoutFactsSayNothingOfThem) {
  EXPECT_EQ(render(readiness::Report{}, Format::Text, {}), "");
  EXPECT_FALSE(nlohmann::json::parse(render(readiness::Report{}, Format::Json, {})).contains("facts"));
}

}  // namespace
}  // namespace tightship::report
