#include "lint/dockerfile.h"

#include <gtest/gtest.h>

namespace tightship::lint {
namespace {

std::string shown(std::string_view text) {
  std::string out;
  for (const DockerInstruction& one : parse_dockerfile(text).instructions) {
    out += std::to_string(one.at.line) + " " + one.name + (one.exec_form ? "!" : "");
    for (const DockerWord& flag : one.flags) out += " <" + flag.text + ">";
    for (const DockerWord& word : one.words) out += " [" + word.text + "]";
    for (const std::string& body : one.heredocs) out += " {" + body + "}";
    out += "\n";
  }
  return out;
}

struct Row {
  const char* name;
  std::string_view text, instructions;
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

class Instructions : public ::testing::TestWithParam<Row> {};
TEST_P(Instructions, Are) { EXPECT_EQ(shown(GetParam().text), GetParam().instructions); }

INSTANTIATE_TEST_SUITE_P(
    Rows, Instructions,
    ::testing::Values(
        Row{"Empty", "# syntax=docker/dockerfile:1\n\n", ""},
        Row{"Case", "from node:20 as Build\nrun echo hi\r\n", "1 FROM [node:20] [as] [Build]\n2 RUN [echo] [hi]\n"},
        Row{"Continued", "ENV A=1 \\\n  # why\n\n  B=\"2 3\" \\  \n  C='4'\nCMD x",
            "1 ENV [A=1] [B=2 3] [C=4]\n6 CMD [x]\n"},
        Row{"Flags", "COPY --from=build --chown=1:1 a\\ b c", "1 COPY <--from=build> <--chown=1:1> [a b] [c]\n"},
        Row{"ExecForm", "CMD [ \"a\", \"b \\\" c\" ]", "1 CMD! [a] [b \" c]\n"},
        Row{"NoExecForm", "RUN [ -f a ] && b", "1 RUN [[] [-f] [a] []] [&&] [b]\n"},
        Row{"Heredoc", "RUN <<EOF cat > x\nFROM no\nEOF\nCOPY <<-'E' /a\n\tb\n\tE\nUSER u",
            "1 RUN [<<EOF] [cat] [>] [x] {FROM no\n}\n4 COPY [<<-E] [/a] {b\n}\n7 USER [u]\n"},
        Row{"OpenHeredoc", "RUN <<EOF\nUSER u", "1 RUN [<<EOF] {}\n2 USER [u]\n"},
        Row{"Escape", "# escape=`\nRUN dir C:\\ `\n && b", "2 RUN [dir] [C:\\] [&&] [b]\n"},
        Row{"OpenEnd", "RUN a \\", "1 RUN [a]\n"}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(Dockerfile, PairsOfEnvAndArg) {
  const auto file = parse_dockerfile("ENV OLD a b\nENV A=1 B=\nARG C\nARG D=x=y\n");
  std::string out;
  for (const DockerInstruction& one : file.instructions) {
    for (const auto& pair : one.pairs()) {
      out += pair.name.text + (pair.has_value ? "=" + pair.value.text : "") + "@" +
             std::to_string(pair.value.at.column) + " ";
    }
  }
  EXPECT_EQ(out, "OLD=a b@9 A=1@7 B=@11 C@0 D=x=y@7 ");
}

TEST(Dockerfile, TheLastStageAndWhatItIsBuiltFromShip) {
  const auto file = parse_dockerfile("ARG V\nFROM a AS base\nFROM base AS build\nFROM b AS other\nFROM base\n");
  EXPECT_EQ(file.stages, 4u);
  EXPECT_EQ(file.instructions[0].stage, 0u);
  EXPECT_TRUE(file.ships(1));
  EXPECT_FALSE(file.ships(2));
  EXPECT_FALSE(file.ships(3));
  EXPECT_TRUE(file.ships(4));
  EXPECT_FALSE(file.ships(0));
  EXPECT_FALSE(parse_dockerfile("FROM a AS a\nFROM a AS a").ships(0));
}

TEST(Dockerfile, ValuesOfFlags) {
  const auto file = parse_dockerfile("RUN --mount=type=secret,id=npm --network x");
  EXPECT_EQ(file.instructions[0].flag("mount"), "type=secret,id=npm");
  EXPECT_EQ(file.instructions[0].flag("network"), "true");
  EXPECT_EQ(file.instructions[0].flag("from"), "");
}

}  // namespace
}  // namespace tightship::lint
