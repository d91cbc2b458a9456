#include <gtest/gtest.h>

#include "lint/dockerfile.h"
#include "lint/firebase_rules.h"
#include "lint/hcl.h"
#include "lint/ini.h"
#include "lint/javascript.h"
#include "lint/markup.h"
#include "lint/nginx.h"
#include "lint/sql.h"

namespace tightship::lint {
namespace {

void show(const std::vector<NginxDirective>& all, std::string& out) {
  for (const NginxDirective& one : all) {
    out += one.name;
    for (const std::string& argument : one.arguments) out += " <" + argument + ">";
    if (one.block) out += " {";
    out += one.block ? "" : ";";
    show(one.children, out);
    if (one.block) out += "}";
  }
}

std::string nginx(std::string_view text) {
  const auto all = parse_nginx(text);
  if (!all) return all.error().what + " " + all.error().where;
  std::string out;
  show(*all, out);
  return out;
}

struct Row {
  const char* name;
  std::string_view text, answer;
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }
const auto row_name = [](const auto& info) { return std::string(info.param.name); };

class Nginx : public ::testing::TestWithParam<Row> {};
TEST_P(Nginx, IsReadAs) { EXPECT_EQ(nginx(GetParam().text), GetParam().answer); }
INSTANTIATE_TEST_SUITE_P(
    Rows, Nginx,
    ::testing::Values(Row{"Server", "server { # }\n listen 80 default; location ~ \\.php$ { deny all; } }",
                          "server {listen <80> <default>;location <~> <\\.php$> {deny <all>;}}"},
                      Row{"Quotes", "add_header X \"a; 'b' \\\"c\" 'd\"';", "add_header <X> <a; 'b' \"c> <d\">;"},
                      Row{"Variables", "set $a ${b}c; log_format x '{$d}';", "set <$a> <${b}c>;log_format <x> <{$d}>;"},
                      Row{"Lua", "location / { content_by_lua_block { if x then ngx.say('}{') end } deny all; }",
                          "location </> {content_by_lua_block {}deny <all>;}"},
                      Row{"Empty", "", ""}, Row{"NotClosed", "http {\n a b;\n", "a block is not closed line 1"},
                      Row{"ClosesNothing", "a b;\n}", "a '}' closes nothing line 2"},
                      Row{"NoEnd", "a b", "a directive does not end with ';' line 1"},
                      Row{"OpenQuote", "\na 'b;", "a quote is not closed line 2"}),
    row_name);

TEST(Nginx, DepthIsBounded) {
  std::string text;
  for (int i = 0; i < 40; ++i) text += "a {";
  EXPECT_EQ(parse_nginx(text).error().kind, ErrorKind::Limit);
}

std::string firebase(std::string_view text) {
  const auto rules = parse_firebase_rules(text);
  if (!rules) return rules.error().what + " " + rules.error().where;
  std::string out = rules->service + "\n";
  for (const FirebaseAllow& allow : rules->allows) {
    out += std::to_string(allow.at.line) + " " + allow.path;
    for (const std::string& method : allow.methods) out += " " + method;
    out += ":";
    for (const std::string& token : allow.condition) out += " " + token;
    out += "\n";
  }
  return out;
}

class Firebase : public ::testing::TestWithParam<Row> {};
TEST_P(Firebase, IsReadAs) { EXPECT_EQ(firebase(GetParam().text), GetParam().answer); }
INSTANTIATE_TEST_SUITE_P(
    Rows, Firebase,
    ::testing::Values(
        Row{"Documents",
            "rules_version = '2';\nservice cloud.firestore {\n  match /databases/{database}/documents {\n"
            "    function mine(id) { return request.auth.uid == '}' + id; }\n"
            "    match /users/{id} { allow read, write: if mine(id) && true; allow get; }\n"
            "    /* { */ match /{document=**} { allow create: if request.time < timestamp.date(2026, 1, 2); } // }\n"
            "  }\n}\n",
            "cloud.firestore\n"
            "5 /databases/{database}/documents/users/{id} read write: mine ( id ) && true\n"
            "5 /databases/{database}/documents/users/{id} get:\n"
            "6 /databases/{database}/documents/{document=**} create: request.time < timestamp.date ( 2026 , 1 , 2 )\n"},
        Row{"NoSemicolon",
            "service firebase.storage { match /b/{b}/o { match /{all=**} { allow read\n allow write: if a.b == 'x'\n } "
            "} }",
            "firebase.storage\n1 /b/{b}/o/{all=**} read:\n2 /b/{b}/o/{all=**} write: a.b == 'x'\n"},
        Row{"BlockAtPath", "service x { match /a/{b}{ allow read; } }", "x\n1 /a/{b} read:\n"},
        Row{"NotClosed", "service x {\n", "a block is not closed line 2"},
        Row{"Unknown", "\nhello", "this is no statement of security rules line 2"},
        Row{"OpenFunction", "function f() {", "a function is not closed line 1"}, Row{"Empty", "", "\n"}),
    row_name);

TEST(Ini, SectionsKeysAndPlaces) {
  std::string out;
  for (const IniLine& line : parse_ini("; c\n a = b=c \r\n[s ]\n#x\nkey=\"v\"\nnothing\n_k =\n")) {
    out += line.section + "|" + line.key + "|" + line.value + "@" + std::to_string(line.at.line) + ":" +
           std::to_string(line.value_at.column) + "\n";
  }
  EXPECT_EQ(out, "|a|b=c@2:6\ns|key|v@5:6\ns|_k|@7:5\n");
  EXPECT_EQ(parse_ini("a: b=c", true)[0].value, "b=c");
  EXPECT_TRUE(parse_ini("a: b", false).empty());
}

std::string hcl(std::string_view text) {
  std::string out;
  for (const HclAttribute& one : parse_hcl(text)) {
    for (const std::string& label : one.block) out += label + ".";
    out += one.key + (one.literal ? "='" + one.value + "'" : "") + " ";
  }
  return out;
}

class Hcl : public ::testing::TestWithParam<Row> {};
TEST_P(Hcl, IsReadAs) { EXPECT_EQ(hcl(GetParam().text), GetParam().answer); }
INSTANTIATE_TEST_SUITE_P(
    Rows, Hcl,
    ::testing::Values(
        Row{"Blocks", "variable \"p\" {\n  default = \"a\\\"b\" # c\n  type = string\n}\nx = \"y\"\n",
            "variable.p.default='a\"b' variable.p.type x='y' "},
        Row{"Expressions",
            "a = \"x${var.b}\"\nc = var.d\ne = \"f\" == var.g ? 1 : 2\nh = merge({ i = \"j\" }, {})\nk = 3\n",
            "a c e h i='j' k "},
        Row{"Objects", "env = {\n  A = \"1\"\n  \"B\" = \"2\", C : \"3\"\n}\nl = [\"m\", \"n\"]\no = \"p\"\n",
            "env.A='1' env.B='2' env.C='3' l o='p' "},
        Row{"Heredoc", "a = <<-EOT\n  b = \"c\"\n  EOT\nd = \"e\"\n", "a='  b = \"c\"\n' d='e' "},
        Row{"Comments", "# a = \"1\"\n/* b = \"2\" */ c = \"3\" // d\n", "c='3' "},
        Row{"Broken", "a = \"b\nc {{ }}}} = \"d\" ${", "a='b' "}),
    row_name);

std::string xml(std::string_view text) {
  std::string out;
  for (const XmlElement& one : parse_xml(text)) {
    for (const std::string& step : one.path) out += "/" + step;
    for (const auto& [name, value] : one.attributes) out += " " + name + "=" + value;
    out += ":" + one.text + "@" + std::to_string(one.at.line) + "\n";
  }
  return out;
}

class Xml : public ::testing::TestWithParam<Row> {};
TEST_P(Xml, IsReadAs) { EXPECT_EQ(xml(GetParam().text), GetParam().answer); }
INSTANTIATE_TEST_SUITE_P(
    Rows, Xml,
    ::testing::Values(
        Row{"Elements",
            "<?xml?><!-- <no/> --><a>\n <b k = \"v&amp;&lt;\" j='w'/>\n <c> text &gt; <![CDATA[<x>]]></c></a>",
            "/a:@1\n/a/b k=v&< j=w:@2\n/a/c:text ><x>@3\n"},
        Row{"Cut", "<a><b k=\"v", "/a:@1\n"}, Row{"NoXml", "hello", ""}, Row{"Closed", "</a></b><c/>", "/c:@1\n"}),
    row_name);

// What is looked for to the end of the line, or of the file, must not be looked for again from each character.
TEST(Readers, HostileTextsAreLinear) {
  const auto many = [](std::string_view part) {
    std::string text;
    while (text.size() < 900'000) text += part;
    return text;
  };
  for (const std::string_view part : {"=/[", "'\\", "\"\\'", "`${", "({a:", "/*", "a=>{"})
    JsLexer(many(part)), js_tokens(many(part));
  parse_dockerfile("RUN " + many("<<a "));
  parse_dockerfile(many("FROM a AS b\nFROM b AS a\n"));
  static_cast<void>(parse_nginx("a_lua_block {" + many("\"\\")));
  static_cast<void>(parse_firebase_rules(many("match /{a")));
  parse_hcl(many("a = \"${"));
  parse_xml(many("<a b='c'>"));
  EXPECT_EQ(sql_statements(many("a;")).size(), 450'000u);
}

}  // namespace
}  // namespace tightship::lint
