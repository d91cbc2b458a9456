#include "lint/sql.h"

#include <gtest/gtest.h>

namespace tightship::lint {
namespace {

std::string shown(std::string_view source) {
  constexpr std::string_view kLetters = "wqsn.";
  std::string out;
  for (const SqlStatement& statement : sql_statements(source)) {
    for (const SqlToken& token : statement.tokens) {
      out += kLetters[static_cast<std::size_t>(token.kind)];
      out += ':' + token.text + ' ';
    }
    out += "| ";
  }
  return out;
}

struct Row {
  const char* name;
  std::string_view source, tokens;
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

class Statements : public ::testing::TestWithParam<Row> {};
TEST_P(Statements, Are) { EXPECT_EQ(shown(GetParam().source), GetParam().tokens); }

INSTANTIATE_TEST_SUITE_P(
    Rows, Statements,
    ::testing::Values(Row{"Empty", " ;; -- a\n;", ""},
                      Row{"Case", "Create TABLE \"My\"\"T\" (a INT)", "w:create w:table q:My\"T .:( w:a w:int .:) | "},
                      Row{"Strings", "select 'it''s; --', E'a\\'b;'", "w:select s:it's; -- .:, s:a'b; | "},
                      Row{"Comments", "a /* b; /* c */ d; */ e -- f;\n; g", "w:a w:e | w:g | "},
                      Row{"DollarQuotes", "do $$ a; 'b $$; x $f_1$ $$;$$ $f_1$; y $1",
                          "w:do s: a; 'b  | w:x s: $$;$$  | w:y .:$ n:1 | "},
                      Row{"CopyData", "COPY t (a) FROM stdin;\n1;'x\n\\.\nselect 1;",
                          "w:copy w:t .:( w:a .:) w:from w:stdin | w:select n:1 | "},
                      Row{"Psql", "\\restrict abc'\nselect 1", "w:select n:1 | "},
                      Row{"OpenString", "select 'abc; x", "w:select s:abc; x | "},
                      Row{"OpenDollar", "do $$ abc; x", "w:do s: abc; x | "}, Row{"OpenComment", "a /* b", "w:a | "}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(Sql, FindsOutsideOfBrackets) {
  const auto statements = sql_statements("create policy p on t using (a with b) with check (c)");
  ASSERT_EQ(statements.size(), 1u);
  const SqlStatement& s = statements[0];
  EXPECT_TRUE(s.begins({"create", "policy"}));
  EXPECT_FALSE(s.begins({"create", "table"}));
  const std::size_t with = s.find("with");
  EXPECT_TRUE(s.is(with + 1, "check"));
  EXPECT_EQ(s.close(s.find("using") + 1), with - 1);
  EXPECT_EQ(s.close(with + 2), s.tokens.size() - 1);
  const auto open = sql_statements("a ( b ( c )");
  EXPECT_EQ(open[0].close(1), open[0].tokens.size());
  EXPECT_EQ(s.tokens[with].at.line, 1u);
  EXPECT_EQ(s.tokens[with].at.column, 39u);
}

}  // namespace
}  // namespace tightship::lint
