#include "detect/generic_site.h"

#include <gtest/gtest.h>

#include <string>

#include "detect/generic.h"
#include "detect/generic_features.h"
#include "detect/generic_model.h"
#include "scan_text.h"

namespace tightship::detect {
namespace {

// The candidate whose match begins at `from` and whose value is `value`.
Candidate candidate(const std::string& text, const std::string& from, const std::string& value) {
  Candidate c;
  c.match_start = static_cast<std::uint32_t>(text.find(from));
  c.start = static_cast<std::uint32_t>(text.find(value, c.match_start + from.size()));
  c.length = static_cast<std::uint32_t>(value.size());
  c.match_length = c.start + c.length - c.match_start;
  return c;
}

TEST(Site, IsRead) {
  const std::string text = "first\n  \"spring.db.password\": \"a1b2c3\", x\nlast";
  const Site site = read_site(text, "conf/app.json", candidate(text, "password", "a1b2c3"));
  EXPECT_EQ(site.name, "spring.db.password");
  EXPECT_EQ(site.between, "\": \"");
  EXPECT_EQ(site.value, "a1b2c3");
  EXPECT_EQ(site.line, "  \"spring.db.password\": \"a1b2c3\", x");
  EXPECT_EQ(site.form, Form::Quoted);
  EXPECT_EQ(site.operation, ':');
  EXPECT_EQ(site.quote, '"');
  EXPECT_EQ(site.after, '"');
  EXPECT_EQ(site.kind, FileKind::Json);
  EXPECT_FALSE(site.in_string);
  EXPECT_FALSE(site.commented);
}

TEST(Site, KnowsForms) {
  const auto form = [](const std::string& text, const std::string& from, const std::string& value) {
    return read_site(text, "a.py", candidate(text, from, value)).form;
  };
  EXPECT_EQ(form("DB_PASSWORD=a1b2c3", "PASSWORD", "a1b2c3"), Form::Bare);
  EXPECT_EQ(form("getenv(\"PASSWORD\", \"a1b2c3\")", "PASSWORD", "a1b2c3"), Form::Argument);
  EXPECT_EQ(form("x --db-password a1b2c3", "-password", "a1b2c3"), Form::Flag);
  EXPECT_EQ(form("IDENTIFIED BY 'a1b2c3'", "IDENTIFIED", "a1b2c3"), Form::Sql);
  EXPECT_EQ(form("<password>a1b2c3</password>", "password", "a1b2c3"), Form::Markup);
}

TEST(Site, SeesTheLine) {
  const std::string comment = "# password: a1b2c3\n";
  EXPECT_TRUE(read_site(comment, "", candidate(comment, "password", "a1b2c3")).commented);
  const std::string inner = "dsn = \"user=x password=a1b2c3 db\"";
  EXPECT_TRUE(read_site(inner, "a.go", candidate(inner, "password", "a1b2c3")).in_string);
  const std::string prose = "password: pelican or what you like";
  EXPECT_TRUE(read_site(prose, "a.md", candidate(prose, "password", "pelican")).before_word);
}

TEST(Site, CountsSentencesAround) {
  const std::string text =
      "\"a\": \"Log in now\",\n\"b\": \"Forgot it\",\n\"password\": \"Contrasenya\",\n\"c\": \"Try again\",\n\"d\": "
      "1\n";
  EXPECT_EQ(read_site(text, "x.json", candidate(text, "password", "Contrasenya")).sentences, 3u);
  const std::string alone = "\"password\": \"Contrasenya\"";
  EXPECT_EQ(read_site(alone, "x.json", candidate(alone, "password", "Contrasenya")).sentences, 0u);
}

TEST(Site, AWordInAMessageIsProse) {
  const std::string word = "git config credential.helper = pelican", random = "the password = Q8zt!k20Vn4";
  EXPECT_EQ(place_fault(read_site(word, kNoFile, candidate(word, "credential", "pelican"))), "prose");
  EXPECT_EQ(place_fault(read_site(word, "a.env", candidate(word, "credential", "pelican"))), "");
  EXPECT_EQ(place_fault(read_site(random, kNoFile, candidate(random, "password", "Q8zt!k20Vn4"))), "");
}

TEST(FileKind, IsByName) {
  EXPECT_EQ(file_kind("a/.env.production"), FileKind::Environment);
  EXPECT_EQ(file_kind("Dockerfile.dev"), FileKind::Shell);
  EXPECT_EQ(file_kind("x/main.TS"), FileKind::JavaScript);
  EXPECT_EQ(file_kind("LICENSE"), FileKind::Unknown);
  EXPECT_EQ(file_kind("a.qqq"), FileKind::Other);
  EXPECT_EQ(file_kind(""), FileKind::Unknown);
}

TEST(FileKind, KnowsLocksAndTranslations) {
  for (const char* path :
       {"package-lock.json", "a/yarn.lock", "Cargo.lock", "composer.lock", "go.sum", "x/package-lock.json.bak"})
    EXPECT_TRUE(is_lock_file(path)) << path;
  for (const char* path : {"lock.py", "package.json", "locks/a.json"}) EXPECT_FALSE(is_lock_file(path)) << path;
  for (const char* path : {"public/intl/messages/ca-ES.json", "config/locales/devise.en.yml", "src/i18n/de.ts",
                           "messages_pt_BR.properties", "po/fr.po", "app/values-nl/strings.xml", "de.json"})
    EXPECT_TRUE(is_translation(path)) << path;
  for (const char* path : {"config/app.json", "src/language.py", "docker-compose.yml", "main.go", "a.rb", "be/x.json"})
    EXPECT_FALSE(is_translation(path)) << path;
}

TEST(FileKind, KnowsStyleSheets) {
  for (const char* path : {"a/site.css", "bootstrap.css.scss", "x.LESS"}) EXPECT_TRUE(is_style_sheet(path)) << path;
  for (const char* path : {"css", "a.css.js", "css/a.env"}) EXPECT_FALSE(is_style_sheet(path)) << path;
}

struct Place {
  const char* path;
  const char* text;
  const char* fault;
};
class Places : public testing::TestWithParam<Place> {};
TEST_P(Places, SpeakAgainst) {
  const std::string text = GetParam().text;
  const std::size_t name = text.find("pass");
  const std::string value = text.find("pelican") != std::string::npos ? "pelican" : "Q8zt!k20Vn4";
  Candidate c = candidate(text, "pass", value);
  ASSERT_NE(name, std::string::npos);
  EXPECT_EQ(place_fault(read_site(text, GetParam().path, c)), GetParam().fault);
}
INSTANTIATE_TEST_SUITE_P(
    All, Places,
    testing::Values(
        Place{"a.env", "password=pelican\n", ""}, Place{"a.py", "password = pelican\n", "reference"},
        Place{"a.py", "# password = pelican\n", ""}, Place{"yarn.lock", "password \"Q8zt!k20Vn4\"", "lock file"},
        Place{"locales/es.json", "\"password\": \"pelican\"", "translation"},
        Place{"locales/es.json", "\"password\": \"Q8zt!k20Vn4\"", ""},
        Place{"a.md", "password: pelican or so", "prose"}, Place{"a.py", "password.encode(\"Q8zt!k20Vn4\")", "call"},
        Place{"a.py", "check_password(\"Q8zt!k20Vn4\")", ""}, Place{"a.py", "the non-pass pelican", "prose"},
        Place{"a.js", "\"x\":[\"New pass\"],\"Q8zt!k20Vn4\": [\"y\"]", "key"},
        Place{"a.js", "\\\"pass\\\",\\\"Q8zt!k20Vn4\\\":\\\"y\\\"", "key"},
        Place{"a.js", "[\"pass\",\"Q8zt!k20Vn4\"]", ""}, Place{"a.ts", "ok ? \"pass\"\n  : \"pelican\"", "alternative"},
        Place{"a.ts", "{ok: 1, \"pass\": \"pelican\"}", ""}, Place{"a.vue", "x.pass = pelican ? 1 : 2", "prose"},
        Place{"a.tpl", "{{- $pass = pelican $length }}", "prose"},
        Place{"a.scss", "input[type=pass]:pelican,", "style sheet"},
        Place{"a.py", "\"pass\": os.environ.get('pelican'),", "reference"},
        Place{"a.js", "{pass: app.get(\"pelican\")}", "reference"}, Place{"a.js", "pass = decode(\"Q8zt!k20Vn4\")", ""},
        Place{"a.js", "f(x ? 'the pass' : pelican)", "reference"},
        Place{"a.py", "(\"user\", \"pass\", \"pelican\")", "key"},
        Place{"a.py", "(\"user\", \"pass\", \"Q8zt!k20Vn4\")", ""}, Place{"a.py", "login(\"pass\", \"pelican\")", ""},
        Place{"a.yml", "urn:k8s:pass:pelican", "path"}, Place{"a.yml", "k8s: pass: pelican", ""},
        Place{"a.clj", "(quit pass :pelican)", "reference"}, Place{"a.x", "(quit [pass] :pelican)", "constant"},
        Place{"a.x", "x[pass] = pelican", ""}, Place{"a.x", "x(pass) : pelican", ""},
        Place{"a.yaml", "{{- $pass = pelican .Values.x }}", "prose"}, Place{"a.js", "pass = \"pelican\" + name", "cut"},
        Place{"a.php", "'pass' => 'pelican' . $name", "cut"}, Place{"a.php", "'pass' => 'pelican'.$name", "cut"},
        Place{"a.js", "pass = \"pelican\" + \"x\"", ""}, Place{"a.js", "pass = \"pelican\".trim()", ""},
        Place{"a.js", "pass = \"Q8zt!k20Vn4\" + name", ""},
        Place{"schema.graphql", "  password: pelican\n", "reference"},
        Place{"a.md", "new pass : pelican 1.2 and later", "prose"}));

TEST(Place, OfTheNameOfASecretKeptElsewhere) {
  const auto fault = [](const std::string& path, const std::string& text, const std::string& name,
                        const std::string& value) {
    return place_fault(read_site(text, path, candidate(text, name, value)));
  };
  EXPECT_EQ(fault("a.yaml", "  caSecret: shopsecret\n", "Secret", "shopsecret"), "reference");
  EXPECT_EQ(fault("a.yaml", "- secret: root-ca5\n", "secret", "root-ca5"), "reference");
  EXPECT_EQ(fault("a.yaml", "- secret: \"root-ca5\"\n", "secret", "root-ca5"), "");
  EXPECT_EQ(fault("a.env", "secret=root-ca5\n", "secret", "root-ca5"), "");
  EXPECT_EQ(fault("a.yaml", "secret: k2-x9-q4z\n", "secret", "k2-x9-q4z"), "");
  EXPECT_EQ(fault("a.md", "  # password: who.password }\n", "password", "who.password"), "reference");
  EXPECT_EQ(fault("a.md", "  # password: pelican.words }\n", "password", "pelican.words"), "");
}

TEST(Place, OfAClassOfAModule) {
  const auto fault = [](const std::string& text) {
    return place_fault(read_site(text, "a.json", candidate(text, "token", "i0.ElementRef")));
  };
  EXPECT_EQ(fault("\"deps: [{ token: i0.ElementRef }, { token: i1.X }]\""), "reference");
  EXPECT_EQ(fault("\"x: { token: i0.ElementRef, y: 1}\""), "reference");
  EXPECT_EQ(fault("token: i0.ElementRef\n}"), "");
  EXPECT_EQ(fault("token=i0.ElementRef }"), "");
  EXPECT_EQ(fault("\"token\": \"i0.ElementRef\" }"), "");
}

TEST(Place, InAListOfCapitals) {
  const auto fault = [](const std::string& text, const std::string& value) {
    return place_fault(read_site(text, "a.md", candidate(text, "PASSWORD", value)));
  };
  EXPECT_EQ(fault("- `PGUSER`, `PGPASSWORD`, `PGDATABASE`", "PGDATABASE"), "key");
  EXPECT_EQ(fault("[\"USER\",\"PASSWORD\",\"NO_TOGGLE\"]", "NO_TOGGLE"), "key");
  EXPECT_EQ(fault("login(\"PASSWORD\", \"PELICAN\")", "PELICAN"), "");
  EXPECT_EQ(fault("[\"USER\", \"PASSWORD\", \"PELICAN7\"]", "PELICAN7"), "");
}

TEST(Place, OfAPieceOfAText) {
  const auto fault = [](const std::string& path, const std::string& text, const std::string& value) {
    return place_fault(read_site(text, path, candidate(text, "oken", value)));
  };
  EXPECT_EQ(fault("a.js", "{token: \"variable-2\"}", "variable-2"), "constant");
  EXPECT_EQ(fault("a.js", "if (state.prevToken == \"variable-3\")", "variable-3"), "constant");
  EXPECT_EQ(fault("a.js", "{authToken: \"variable-2\"}", "variable-2"), "");
  EXPECT_EQ(fault("a.js", "{token: \"variable-27\"}", "variable-27"), "");
  EXPECT_EQ(fault("a.env", "token=variable-2", "variable-2"), "");
}

TEST(Place, OfATokenOfABadge) {
  const auto fault = [](const std::string& text) {
    return place_fault(read_site(text, "a.md", candidate(text, "token", "q8Zt4k20Vn")));
  };
  EXPECT_EQ(fault("[x](https://codecov.io/gh/a/b/graph/badge.svg?token=q8Zt4k20Vn)"), "public name");
  EXPECT_EQ(fault("<img src=\"https://img.shields.io/x/master?style=a&token=q8Zt4k20Vn\">"), "public name");
  EXPECT_EQ(fault("badge (https://acme.io/x?token=q8Zt4k20Vn)"), "");
  EXPECT_EQ(fault("badge token=q8Zt4k20Vn"), "");
}

TEST(Place, OfAValueThatRepeatsItsName) {
  const std::string text = "CLIENT_CREDENTIALS: \"clientCredentials\", OTHER_CREDENTIALS: \"clientCredentials\"";
  EXPECT_EQ(place_fault(read_site(text, "a.ts", candidate(text, "CREDENTIALS", "clientCredentials"))), "stand-in");
  const Candidate other{candidate(text, "OTHER_CREDENTIALS", "clientCredentials")};
  EXPECT_EQ(place_fault(read_site(text, "a.ts", other)), "");
  const std::string password = "MYSQL_ROOT_PASSWORD=mysqlrootpassword", token = "TOKEN_OPERATOR = intern('operator')";
  EXPECT_EQ(place_fault(read_site(password, "a.yml", candidate(password, "PASSWORD", "mysqlrootpassword"))), "");
  EXPECT_EQ(place_fault(read_site(token, "a.py", candidate(token, "TOKEN", "operator"))), "stand-in");
  const std::string tail = "SHOP__REDIS_PASSWORD=redis_password", other_tail = "SHOP__REDIS_PASSWORD=shop_password";
  EXPECT_EQ(place_fault(read_site(tail, "a.env", candidate(tail, "PASSWORD", "redis_password"))), "stand-in");
  EXPECT_EQ(place_fault(read_site(other_tail, "a.env", candidate(other_tail, "PASSWORD", "shop_password"))), "");
}

TEST(Place, OfAVariableInATextAboutCode) {
  const std::string member = "  secret: secret.base32,\n", variable = "  loginPassword: passwordHash,\n";
  EXPECT_EQ(place_fault(read_site(member, "a.md", candidate(member, "secret", "secret.base32"))), "reference");
  EXPECT_EQ(place_fault(read_site(variable, "a.md", candidate(variable, "Password", "passwordHash"))), "reference");
}

TEST(Place, OfAWordOfAGrammar) {
  const std::string made = "createToken('GTE0PRE', '^x')", given = "setToken('GTE0PRE9KQ8Z7W4N2B')";
  EXPECT_EQ(place_fault(read_site(made, "a.js", candidate(made, "Token", "GTE0PRE"))), "constant");
  EXPECT_EQ(place_fault(read_site(given, "a.js", candidate(given, "Token", "GTE0PRE9KQ8Z7W4N2B"))), "");
}

// Every feature has a name, and no two the same one.
TEST(Features, AreNamed) {
  std::vector<std::string> names = feature_names();
  EXPECT_EQ(names.size(), kFeatureCount);
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
}

TEST(Model, TellsTheObvious) {
  const auto score = [](const std::string& path, const std::string& text, const std::string& value) {
    return generic_score(generic_features(read_site(text, path, candidate(text, "pass", value))));
  };
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const std::string value = test::expand("{base62:14}!{digit:2}", seed);
    EXPECT_GT(score("conf/app.env", "DB_password=" + value + "\n", value), 0) << seed;
    EXPECT_GT(score("src/app.py", "password = \"" + value + "\"\n", value), 0) << seed;
  }
  EXPECT_LT(score("src/app.js", "passwordField: \"forgotPasswordLink\",\n", "forgotPasswordLink"), 0);
  EXPECT_LT(score("src/app.js", "passwordMode: \"confirmOnSubmit\",\n", "confirmOnSubmit"), 0);
}

}  // namespace
}  // namespace tightship::detect
