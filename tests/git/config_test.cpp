#include "git/config_file.h"

#include <gtest/gtest.h>

#include "git/repository.h"
#include "support/git_fixture.h"

namespace tightship::git {
namespace {

struct ConfigRow {
  const char* name;
  std::string content;
};

class ConfigOracle : public testing::TestWithParam<ConfigRow> {};

// "key\nvalue\0" as `git config --list -z`; git shows a name without "=" without the newline.
std::string listed(const ConfigValues& values) {
  std::string text;
  for (const auto& [key, value] : values) text += key + "\n" + value + std::string(1, '\0');
  return text;
}

TEST_P(ConfigOracle, AgreesWithGit) {
  test::GitFixture repo;
  const std::string file = repo.root() + "/config file";
  test::write_file(file, GetParam().content);
  const auto git = repo.try_git(repo.path(), {"config", "--list", "-z", "--file", file});
  const auto ours = parse_config(GetParam().content);
  ASSERT_EQ(ours.has_value(), git.exit_code == 0) << git.err;
  if (ours) {
    EXPECT_EQ(listed(*ours), git.out);
  } else {
    EXPECT_EQ(ours.error().kind, ErrorKind::Corrupt);
    EXPECT_NE(git.err.find("bad config " + ours.error().where + " "), std::string::npos)
        << git.err << " ours: " << ours.error().where;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Rows, ConfigOracle,
    testing::Values(
        ConfigRow{"empty", ""}, ConfigRow{"plain", "[core]\n\tbare = false\n\tEditor = vi -e\n"},
        ConfigRow{"case", "[CoRe]\nBaRe = TRUE\n[Remote \"OriGin\"]\nURL=x\n"},
        ConfigRow{"dotted_section", "[remote.OriGin]\nurl = x\n"},
        ConfigRow{"subsection_escapes", "[a \"x\\\"y\\\\z\\q ]\"]\nb = c\n"},
        ConfigRow{"space_before_subsection", "[a   \"b\"]\nc=d\n"}, ConfigRow{"same_line", "[a] b = c\n[d]e=f\n"},
        ConfigRow{"comments", "# x\n; y\n[a] # z\nb = c # d\ne = \"f # g\" ; h\n"},
        ConfigRow{"escapes", "[a]\nb = x\\ty\\nz\\\\ \\\" \\bq\n"},
        ConfigRow{"quotes", "[a]\nb = one \"two  three\" four\nc = \"\"\nd = \"  x  \"  \n"},
        ConfigRow{"continued", "[a]\nb = one \\\n  two\\\nthree\nc = d\n"},
        ConfigRow{"continued_in_quotes", "[a]\nb = \"one \\\n  two\"\n"}, ConfigRow{"empty_value", "[a]\nb =\nc = \n"},
        ConfigRow{"trailing_space", "[a]\nb = c  d   \n"}, ConfigRow{"crlf", "[a]\r\nb = c\r\n# x\r\nd = \"e\"\r\n"},
        ConfigRow{"bom", "\xEF\xBB\xBF[a]\nb = c\n"}, ConfigRow{"no_last_newline", "[a]\nb = c"},
        ConfigRow{"backslash_at_end", "[a]\nb = c\\"}, ConfigRow{"repeated", "[a]\nb = 1\nb = 2\n[a]\nb = 3\n"},
        ConfigRow{"include_not_followed", "[include]\npath = /etc/passwd\n[a]\nb = c\n"},
        ConfigRow{"utf8", "[a]\nb = \xC3\xA4\xFF\n"}, ConfigRow{"bad_unclosed_header", "[a\nb = c\n"},
        ConfigRow{"bad_header_end", "[a \"b\" ]\n"}, ConfigRow{"bad_newline_in_subsection", "[a \"b\nc\"]\n"},
        ConfigRow{"bad_key", "[a]\n1b = c\n"}, ConfigRow{"bad_key_inside", "[a]\nb_c = d\n"},
        ConfigRow{"bad_comment_for_value", "[a]\nb # c\n"}, ConfigRow{"bad_escape", "[a]\nb = \\x\n"},
        ConfigRow{"bad_open_quote", "[a]\nb = \"c\nd = e\n"}, ConfigRow{"bad_third_line", "[a]\nb = c\n=d\n"}),
    [](const auto& row) { return row.param.name; });

TEST(ReadConfig, ANameAloneIsTrue) {
  EXPECT_EQ(read_config("[core]\nbare\n").values, (ConfigValues{{"core.bare", "true"}}));
}

TEST(ReadConfig, GoesOnAfterABadLine) {
  const auto config = read_config("[a]\nb = c\n!!\nd = \"open\n[e]\nf = g\n");
  EXPECT_EQ(config.values, (ConfigValues{{"a.b", "c"}, {"e.f", "g"}}));
  ASSERT_EQ(config.errors.size(), 2u);
  EXPECT_EQ(config.errors[0].where, "line 3");
  EXPECT_EQ(config.errors[1].where, "line 4");
}

TEST(ReadConfig, ErrorsAreBounded) {
  std::string content;
  for (int i = 0; i < 1000; ++i) content += "!\n";
  EXPECT_EQ(read_config(content).errors.size(), kMaxConfigErrors);
}

TEST(ReadConfig, Booleans) {
  for (const auto* on : {"true", "TRUE", "yes", "on", "1", "-2"}) EXPECT_TRUE(config_is_true(on)) << on;
  for (const auto* off : {"false", "", "no", "off", "0", "truex"}) EXPECT_FALSE(config_is_true(off)) << off;
}

TEST(ConfigDamage, NeverCrashes) {
  const std::string good = "\xEF\xBB\xBF[core]\r\n\tbare = \"a\\n\" b # c\n[remote \"x\\\"y\"]\nurl = a\\\n b\nflag\n";
  ASSERT_TRUE(parse_config(good));
  std::size_t refused = 0;
  test::for_each_damage(good, [&](const std::string& damaged, const std::string& name) {
    const auto config = parse_config(damaged);
    if (config) return;
    ++refused;
    EXPECT_EQ(config.error().kind, ErrorKind::Corrupt) << name;
    EXPECT_TRUE(config.error().where.starts_with("line ")) << name;
  });
  EXPECT_GT(refused, 20u);
}

}  // namespace
}  // namespace tightship::git
