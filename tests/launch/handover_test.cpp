#include "launch/handover.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "detect/token_template.h"
#include "launch/project_facts.h"
#include "report/golden.h"
#include "sample.h"

namespace tightship::launch {
namespace {

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

HandoverFacts sample_facts() {
  HandoverFacts facts;
  facts.product = "acme.com";
  facts.commit = "main@3f2a91c";
  facts.made = 1'790'000'000;
  facts.hosts = sample_report().hosts;
  facts.variables = {{"STRIPE_SECRET_KEY", {".env.example", ".env.production"}, true, false},
                     {"VITE_URL", {".env"}, false, true}};
  facts.secret_stores = {"GitHub Actions secrets: FLY_API_TOKEN (.github/workflows/deploy.yml)"};
  facts.deploys = {{"fly.toml", "Fly.io app", "fly deploy", "fly releases"}};
  facts.scripts = {"npm run build (package.json)"};
  facts.audited = true;
  facts.ever_committed = 7;
  facts.in_head = 1;
  facts.owners = {{"uptime", "ana@example.com"}};
  return facts;
}

TEST(Handover, ANewDocumentIsAsTheGoldenFile) {
  const auto text = handover(sample_facts(), "");
  ASSERT_TRUE(text);
  report::expect_golden("handover.md", *text);
}

TEST(Handover, WhatPeopleWroteStays) {
  std::string text = *handover(sample_facts(), "");
  const std::size_t blank = text.find("- [ ] Who can deploy:");
  text.replace(blank, 21, "- [x] Who can deploy: Ana");
  text = "Read me first.\n" + text + "\n## Our own chapter\n";
  HandoverFacts later = sample_facts();
  later.ever_committed = 9;
  const auto again = handover(later, text);
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->starts_with("Read me first.\n"));
  EXPECT_TRUE(holds(*again, "- [x] Who can deploy: Ana"));
  EXPECT_TRUE(again->ends_with("\n## Our own chapter\n"));
  EXPECT_TRUE(holds(*again, "9 keys were ever committed"));
  EXPECT_FALSE(holds(*again, "7 keys were ever committed"));
  EXPECT_EQ(*handover(later, *again), *again);  // nothing moves when nothing changed
}

TEST(Handover, ASectionThatWasTakenOutStaysOut) {
  std::string text = *handover(sample_facts(), "");
  const std::size_t begin = text.find("<!-- tightship:begin redirects -->");
  const std::string end = "<!-- tightship:end redirects -->";
  text.erase(begin, text.find(end) + end.size() - begin);
  EXPECT_EQ(*handover(sample_facts(), text), text);
}

TEST(Handover, ADocumentWithoutMarkersIsContinued) {
  const auto text = handover(sample_facts(), "# Our notes\nby hand");
  ASSERT_TRUE(text);
  EXPECT_TRUE(text->starts_with("# Our notes\nby hand\n\n# Handover"));
}

TEST(Handover, BrokenMarkersChangeNothing) {
  const std::string good = *handover(sample_facts(), "");
  const std::string end = "<!-- tightship:end secrets -->";
  std::string without_end = good;
  without_end.erase(without_end.find(end), end.size());
  for (const std::string& text : {without_end, good + good}) {
    const auto result = handover(sample_facts(), text);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ErrorKind::Corrupt);
  }
}

// A file name must not end the section it stands in.
TEST(Handover, ForeignTextIsOnlyText) {
  HandoverFacts facts = sample_facts();
  const std::string evil = "<!-- tightship:end secrets --> <script> | x\n# y";
  facts.product = facts.commit = evil;
  facts.variables = {{evil, {evil}, true, false}};
  facts.secret_stores = facts.scripts = {evil};
  facts.deploys = {{evil, evil, evil, evil}};
  facts.owners = {{evil, evil}};
  facts.hosts = {{evil, evil, evil, evil, evil, evil, 3}};
  const auto text = handover(facts, "");
  ASSERT_TRUE(text);
  const auto again = handover(facts, *text);
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(*again, *text);
  EXPECT_FALSE(holds(*text, "\n# y"));
}

TEST(ProjectFacts, NamesWithoutValues) {
  const auto root = std::filesystem::temp_directory_path() / ("tightship-facts-" + std::to_string(::getpid()));
  const auto write = [&](const std::string& path, const std::string& text) {
    std::filesystem::create_directories((root / path).parent_path());
    std::ofstream(root / path) << text;
  };
  write(".env.example", "API_TOKEN=\nNEXT_PUBLIC_URL=https://acme.io\nPORT=3000\n");
  const std::string value = *detect::expand_template("{base62:16}", 3);
  write(".env", "API_TOKEN=" + value + "\n");
  write(".env.production", "API_TOKEN=" + value + "\nNEXT_PUBLIC_URL=\n");
  write("package.json", R"({"dependencies":{"next":"16"},"scripts":{"build":"next build","lint":"x"}})");
  write("fly.toml", "app = \"acme\"\n");
  write(".github/workflows/deploy.yml",
        "run: fly deploy\nenv: ${{ secrets.FLY_API_TOKEN }} ${{ secrets.GITHUB_TOKEN }}\n");
  Ledger ledger;
  const auto project = lint::open_project(root.string(), ledger);
  ASSERT_TRUE(project);
  HandoverFacts facts;
  add_project_facts(*project, ledger, facts);
  Report report;
  add_variable_matrix(*project, ledger, report);
  std::filesystem::remove_all(root);
  ASSERT_EQ(facts.variables.size(), 3u);
  EXPECT_EQ(facts.variables[0].name, "API_TOKEN");
  EXPECT_TRUE(facts.variables[0].is_secret);
  EXPECT_EQ(facts.variables[0].files.size(), 3u);
  EXPECT_EQ(report.env_files, (std::vector<std::string>{".env", ".env.production"}));  // no example
  ASSERT_EQ(report.variables.size(), 2u);
  EXPECT_EQ(report.variables[0].settings, (std::vector<Setting>{Setting::Set, Setting::Same}));
  EXPECT_EQ(report.variables[1].settings, (std::vector<Setting>{Setting::Missing, Setting::Empty}));
  EXPECT_TRUE(report.variables[1].is_public);
  EXPECT_TRUE(facts.variables[1].is_public);
  EXPECT_FALSE(facts.variables[2].is_secret);
  EXPECT_EQ(facts.secret_stores,
            std::vector<std::string>{"GitHub Actions secrets: FLY_API_TOKEN (.github/workflows/deploy.yml)"});
  ASSERT_EQ(facts.deploys.size(), 2u);
  EXPECT_EQ(facts.scripts, std::vector<std::string>{"npm run build (package.json)"});
  EXPECT_FALSE(holds(*handover(facts, ""), value));
}

}  // namespace
}  // namespace tightship::launch
