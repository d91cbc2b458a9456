#include "lint/javascript.h"

#include <gtest/gtest.h>

#include "lint/javascript_objects.h"

namespace tightship::lint {
namespace {

std::string shown(std::string_view source) {
  constexpr std::string_view kLetters = "NnSTRO";
  std::string out;
  for (const JsToken& token : js_tokens(source)) {
    if (!out.empty()) out += ' ';
    out += kLetters[static_cast<std::size_t>(token.kind)];
    out += ':';
    out += js_text(source, token);
  }
  return out;
}

struct Row {
  const char* name;
  std::string_view source, tokens;
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

class Tokens : public ::testing::TestWithParam<Row> {};
TEST_P(Tokens, Are) { EXPECT_EQ(shown(GetParam().source), GetParam().tokens); }

INSTANTIATE_TEST_SUITE_P(
    Rows, Tokens,
    ::testing::Values(
        Row{"Empty", "", ""}, Row{"Shebang", "#!/usr/bin/env node\na", "N:a"},
        Row{"Comments", "a // 'b'\n/* \" */ c /* open", "N:a N:c"},
        Row{"Strings", "'a\\'b' \"c//d\"", "S:'a\\'b' S:\"c//d\""},
        Row{"StringOverLines", "'a\\\nb' c", "S:'a\\\nb' N:c"},
        Row{"OpenString", "<p>it's</p>\nx = 'y'", "O:< N:p O:> N:it O:' N:s O:< O:/ N:p O:> N:x O:= S:'y'"},
        Row{"Template", "`a${b}c${ {d:1} }e` f", "T:a O:${ N:b O:} T:c O:${ O:{ N:d O:: n:1 O:} O:} T:e N:f"},
        Row{"TemplateInTemplate", "`a${`b${c}`}d`", "T:a O:${ T:b O:${ N:c O:} T: O:} T:d"},
        Row{"OpenTemplate", "`a\\`b", "T:a\\`b"}, Row{"Regex", "x = /[/']\\//gi; y", "N:x O:= R:/[/']\\//gi O:; N:y"},
        Row{"RegexAfterKeyword", "return /'/", "N:return R:/'/"},
        Row{"Division", "a / b / 'c'", "N:a O:/ N:b O:/ S:'c'"},
        Row{"DivisionAfterBracket", "(a) / 2 / b[0] / 'x'", "O:( N:a O:) O:/ n:2 O:/ N:b O:[ n:0 O:] O:/ S:'x'"},
        Row{"Long", "a=>b?.c??d!==e...f", "N:a O:=> N:b O:?. N:c O:?? N:d O:!== N:e O:... N:f"},
        Row{"Numbers", "1.5e3 0xff 10n .5", "n:1.5e3 n:0xff n:10n n:.5"},
        Row{"Names", "$a _b #c @d \xc3\xa9", "N:$a N:_b N:#c N:@d N:\xc3\xa9"}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(Javascript, ValuesAreDecoded) {
  constexpr std::string_view source = R"('a\n\x41\u00e9\u{1F600}\ud83d\ude00\q\
b')";
  EXPECT_EQ(js_value(source, js_tokens(source)[0]), "a\nA\xc3\xa9\xf0\x9f\x98\x80\xf0\x9f\x98\x80qb");
}

TEST(Javascript, BoundedByTheMostThatIsWanted) { EXPECT_EQ(js_tokens("a b c d", 2).size(), 2u); }

std::string paths(std::string_view source) {
  const JsFile file(source);
  std::string out;
  for (const JsProperty& property : file.properties()) {
    std::string value;
    for (std::uint32_t i = property.begin; i < property.end; ++i) value += file.text(i);
    out += file.path(property) + (property.spread ? "..." : "") + "=" + value + "\n";
  }
  return out;
}

TEST(JsObjects, KeysAndValuesOfAConfiguration) {
  EXPECT_EQ(
      paths("export default defineConfig(({ mode }) => {\n"
            "  const env = loadEnv(mode, '.', '');\n"
            "  return { 'build': { sourcemap: true, }, define: { 'process.env': env }, ...rest, ['k']: a ? b : c }\n"
            "})"),
      "mode=mode\n"
      "build={sourcemap:true,}\n"
      "define={'process.env':env}\n"
      "...=rest\n"
      "k=a?b:c\n"
      "build/sourcemap=true\n"
      "define/process.env=env\n");
}

TEST(JsObjects, CallsStandInThePath) {
  EXPECT_EQ(paths("module.exports = { plugins: [new webpack.DefinePlugin({ 'process.env': 1 })] }"),
            "plugins=[newwebpack.DefinePlugin({'process.env':1})]\n"
            "plugins/DefinePlugin()/process.env=1\n");
  const JsFile second("cors(a, { origin: true })");
  ASSERT_EQ(second.objects().size(), 1u);
  EXPECT_EQ(second.objects()[0].callee, "cors");
  EXPECT_EQ(paths("x = { y: { z: 1 } }"), "y={z:1}\ny/z=1\n");
  EXPECT_EQ(JsFile("x = { y: 1 }").objects()[0].bound, "x");
}

TEST(JsObjects, FindsByTheEndOfAPath) {
  const JsFile file("export default { a: { b: 1 }, c: { a: { b: 2 } }, ab: { b: 3 } }");
  std::string found;
  for (const JsProperty* property : file.find_path("a/b")) found += std::string(file.text(property->begin)) + " ";
  EXPECT_EQ(found, "1 2 ");
  const JsProperty* outer = file.find_path("c").front();
  ASSERT_NE(file.object_of(*outer), nullptr);
  EXPECT_NE(file.find(*file.object_of(*outer), "a"), nullptr);
  EXPECT_EQ(file.find(*file.object_of(*outer), "b"), nullptr);
}

TEST(JsObjects, DottedNames) {
  const JsFile file("process.env['A_B'].c(x)");
  std::uint32_t next = 0;
  EXPECT_EQ(file.dotted(0, &next), "process.env.A_B.c");
  EXPECT_EQ(file.text(next), "(");
}

TEST(JsObjects, BrokenCodeEnds) {
  for (const std::string_view source :
       {"{", "({a:", "({a:[(", "})", "({[", "({...", "({a,,b:})", "`${{a:", "({a:{b:}}"}) {
    paths(source);
  }
  std::string deep;
  for (int i = 0; i < 20'000; ++i) deep += "({a:";
  paths(deep.substr(0, 4000));
}

}  // namespace
}  // namespace tightship::lint
