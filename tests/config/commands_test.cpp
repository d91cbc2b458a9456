#include "config/commands.h"

#include <gtest/gtest.h>

#include "config/project_fixture.h"

namespace tightship::config {
namespace {

TEST(Commands, NamesOfRepositoriesAreQuoted) {
  EXPECT_EQ(shell_word("a/b-c.tf"), "a/b-c.tf");
  EXPECT_EQ(shell_word("a b"), "'a b'");
  EXPECT_EQ(shell_word("$(x)`y`;'z"), "'$(x)`y`;'\\''z'");
  EXPECT_EQ(shell_word(""), "''");
  EXPECT_EQ(untrack("-x", "*.tf"), (std::vector<std::string>{"git rm --cached -- -x", "echo '*.tf' >> .gitignore"}));
  EXPECT_EQ(sql_name("public.users"), "public.users");
  EXPECT_EQ(sql_name("public.My\"T"), "public.\"My\"\"T\"");
}

TEST(Commands, AHostileNameIsOneWordOfTheCommand) {
  const auto state = test::report_of({{"a;rm -rf ~/.tfstate", R"({"resources": [{}]})"}});
  ASSERT_EQ(state.problems.size(), 1u);
  EXPECT_EQ(state.problems[0].commands[0], "git rm --cached -- 'a;rm -rf ~/.tfstate'");
  const auto table =
      test::report_of({{"supabase/migrations/20250101000000_x.sql", "create table \"a; drop table b\" (id int);"}});
  ASSERT_EQ(table.problems.size(), 1u);
  EXPECT_EQ(table.problems[0].commands[0], "alter table public.\"a; drop table b\" enable row level security;");
}

}  // namespace
}  // namespace tightship::config
