// Rows as the source of moby/patternmatcher 0.6 decides them.

#include "lint/docker_ignore.h"

#include <gtest/gtest.h>

namespace tightship::lint {
namespace {

struct Row {
  const char* patterns;
  const char* path;
  bool excluded;
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.patterns << " on " << row.path; }
class Patterns : public testing::TestWithParam<Row> {};

TEST_P(Patterns, AsDocker) {
  const DockerIgnore rules = DockerIgnore::parse(GetParam().patterns);
  EXPECT_FALSE(rules.error());
  EXPECT_EQ(rules.excludes(GetParam().path), GetParam().excluded);
}

INSTANTIATE_TEST_SUITE_P(
    All, Patterns,
    testing::Values(Row{".env", ".env", true}, Row{".env", "apps/.env", false}, Row{"**/.env", "apps/web/.env", true},
                    Row{"**/.env", ".env", true}, Row{"**/.env*", "apps/.env.local", true},
                    Row{".env*", ".env.production", true}, Row{".env.*", ".env", false}, Row{"*.env", "prod.env", true},
                    Row{"*.env", "a/prod.env", false}, Row{"*\n!.env", ".env", false},
                    Row{".env\n!.env", ".env", false}, Row{"!.env\n.env", ".env", true},
                    Row{"apps", "apps/web/.env", true}, Row{"apps/", "apps/.env", true},
                    Row{"/apps", "apps/.env", true}, Row{"./apps", "apps/.env", true},
                    Row{"apps/**", "apps/web/.env", true}, Row{"apps/*/.env", "apps/web/.env", true},
                    Row{"apps/*/.env", "apps/a/b/.env", false}, Row{"apps/**/.env", "apps/.env", true},
                    Row{"apps/**/.env", "apps/a/b/.env", true}, Row{"# .env", ".env", false},
                    Row{"  .env  ", ".env", true}, Row{".en?", ".env", true}, Row{".en[a-z]", ".env", true},
                    Row{".en[^a-z]", ".env", false}, Row{"\\.env", ".env", true}, Row{"**", "any/thing", true},
                    Row{"**env", "a/.env", true}, Row{"node_modules", ".env", false},
                    Row{"*\n!apps\napps/web", "apps/web/.env", true}, Row{"*\n!apps/web", "apps/web/.env", false},
                    Row{"\xEF\xBB\xBF.env", ".env", true}, Row{".env\r\n.x", ".env", true}));

TEST(DockerIgnore, AnOpenBracketIsAnError) {
  EXPECT_TRUE(DockerIgnore::parse("a[b").error());
  EXPECT_TRUE(DockerIgnore::parse("!").error());
  EXPECT_FALSE(DockerIgnore::parse("").error());
}

TEST(DockerCopy, SourcesOfTheContext) {
  const auto said = docker_copies(
      "FROM node AS build\nCOPY package*.json ./\nCOPY . .\nFROM nginx\nCOPY --from=build /app/dist /x\nADD [\"a b\", "
      "\"/x\"]\n");
  std::string all;
  for (const auto& copy : said) all += copy.source + ":" + std::to_string(copy.line) + (copy.ships ? "+ " : " ");
  EXPECT_EQ(all, "package*.json:2 .:3 a b:6+ ");
}

TEST(DockerCopy, Covers) {
  EXPECT_TRUE(copy_covers(".", ".env"));
  EXPECT_TRUE(copy_covers("./", "a/.env"));
  EXPECT_TRUE(copy_covers("apps/", "apps/web/.env"));
  EXPECT_TRUE(copy_covers(".env*", ".env.local"));
  EXPECT_FALSE(copy_covers("src", ".env"));
  EXPECT_TRUE(copy_covers("*", ".env"));
}

}  // namespace
}  // namespace tightship::lint
