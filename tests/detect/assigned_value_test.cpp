#include "detect/assigned_value.h"

#include <gtest/gtest.h>

namespace tightship::detect {
namespace {

struct Row {
  const char* match;
  const char* value;  // "" when no literal stands there
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.match; }

class AssignedValue : public testing::TestWithParam<Row> {};
TEST_P(AssignedValue, IsRead) { EXPECT_EQ(assigned_value(GetParam().match), GetParam().value); }

INSTANTIATE_TEST_SUITE_P(
    Forms, AssignedValue,
    testing::Values(Row{R"(password = "a1b2c3", user)", "a1b2c3"}, Row{"PASSWORD=a1b2c3\nX", "a1b2c3"},
                    Row{"password: a1b2c3 # note", "a1b2c3"}, Row{R"(password": "a1b2c3",)", "a1b2c3"},
                    Row{R"(password\": \"a1b2c3\",)", "a1b2c3"}, Row{"password'] = 'a1b2c3';", "a1b2c3"},
                    Row{"password: String = \"a1b2c3\"", "a1b2c3"}, Row{"password => 'a1b2c3'", "a1b2c3"},
                    Row{"password := `a1b2c3`", "a1b2c3"}, Row{"password == \"a1b2c3\")", "a1b2c3"},
                    Row{"setPassword(\"a1b2c3\")", "a1b2c3"}, Row{"PASSWORD\", \"a1b2c3\")", "a1b2c3"},
                    Row{"password = new String(\"a1b2c3\")", "a1b2c3"},
                    Row{"key = Base64.decode(\"a1b2c3\")", "a1b2c3"}, Row{"secret = b\"a1b2c3\"", "a1b2c3"},
                    Row{"password>a1b2c3</password>", "a1b2c3"}, Row{"password\" value=\"a1b2c3\" />", "a1b2c3"},
                    Row{"token=a1b2c3&user=x", "a1b2c3"}, Row{"Password=a1b2c3;Encrypt=1", "a1b2c3"},
                    Row{"password =\n    \"a1b2c3\"", "a1b2c3"}, Row{"--password a1b2c3 shop", "a1b2c3"},
                    Row{"--token 'a1b2c3' shop", "a1b2c3"}, Row{"identified by 'a1b2c3';", "a1b2c3"},
                    Row{"IDENTIFIED BY a1b2c3 x", "a1b2c3"},
                    Row{"identified with mysql_native_password by 'a1b2c3'", "a1b2c3"},
                    Row{"PASSWORD 'a1b2c3'", "a1b2c3"}, Row{"PASSWORD:-a1b2c3}", "a1b2c3"},
                    Row{"PASSWORD:-'a1b2c3'}", "a1b2c3"}, Row{"PASSWORD:=a1b2c3}", "a1b2c3"},
                    Row{"password: |\n  a1b2c3\nother: x", "a1b2c3"}, Row{"password: >2-\r\n  a1b2c3\r\nx", "a1b2c3"},
                    Row{"PASSWORD:+a1b2c3}\n", "a1b2c3"}, Row{"password:-a1b2c3\n", "-a1b2c3"}));

INSTANTIATE_TEST_SUITE_P(NoLiteral, AssignedValue,
                         testing::Values(Row{"password: |\n  a1b2c3\n  d4\nx", ""}, Row{"password: >-\na1b2c3\nx", ""},
                                         Row{"password: |\n  a1b2c3", ""}, Row{"password: > a1b2c3\n  x\ny", ""},
                                         Row{"", ""}, Row{"password", ""}, Row{"password = \"a1 b2\"", ""},
                                         Row{"password = \"cut off by the win", ""}, Row{"password = read(x)", ""},
                                         Row{"password = $OTHER", ""}, Row{"password = other;\n", ""},
                                         Row{"password:\n  name: x", ""}, Row{"password = [1, 2]", ""},
                                         Row{"password>", ""}, Row{"password = ", ""}, Row{"password\\", ""},
                                         Row{"password = b", "b"}, Row{"PASSWORD:?a1b2c3}", ""},
                                         Row{"PASSWORD:?a1b2c3", ""}, Row{"password: \"", ""}));

// Every beginning of every form is read without leaving the text, as a window at the end of a file is.
TEST_P(AssignedValue, StaysInside) {
  const std::string_view whole = GetParam().match;
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    const std::string cut(whole.substr(0, size));
    const std::string_view value = assigned_value(cut);
    if (value.empty()) continue;
    EXPECT_GE(value.data(), cut.data());
    EXPECT_LE(value.data() + value.size(), cut.data() + cut.size());
  }
}

}  // namespace
}  // namespace tightship::detect
