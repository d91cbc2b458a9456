// Each check fires on its case and is silent on near misses: rows of files (templates of tokens) and what is said.

#include "env/check.h"

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <map>

#include "detect/token_template.h"
#include "support/git_fixture.h"

namespace tightship::env {
namespace {

std::string expand(std::string_view text) {
  if (text.find('{') == std::string_view::npos) return std::string(text);
  auto made = detect::expand_template(text, 7);
  return made ? *made : "<<" + made.error().what + ">>";
}

using Files = std::map<std::string, std::string>;

struct Case {
  const char* name;
  Files files;                      // tracked, unless their path begins with "untracked:"
  std::vector<std::string> wanted;  // "ENV-TRACKED error .env"; in order of id, severity, path
  std::vector<std::string> absent;  // ids that must not be there
};
void PrintTo(const Case& row, std::ostream* out) { *out << row.name; }

readiness::Report report_of(const test::GitFixture& git, const Files& files, const EnvOptions& base = {}) {
  for (const auto& [path, text] : files) {
    const bool untracked = path.starts_with("untracked:");
    const std::string name = untracked ? path.substr(10) : path;
    test::write_file(git.path() + "/" + name, expand(text));
    if (!untracked) git.git({"add", "-f", name});
  }
  EnvOptions options = base;
  options.path = git.path();
  const auto report = check_env(options);
  return report ? *report : readiness::Report{};
}

bool says(const readiness::Report& report, const std::string& wanted) {
  for (const auto& problem : report.problems) {
    const std::string said =
        problem.id + " " + std::string(detect::severity_name(problem.severity)) + " " + problem.spots.front().path;
    if (said == wanted) return true;
  }
  return false;
}

std::string all(const readiness::Report& report) {
  std::string out;
  for (const auto& problem : report.problems) {
    out += problem.id + " " + std::string(detect::severity_name(problem.severity)) + " " + problem.spots.front().path +
           ": " + problem.title + "\n";
  }
  return out;
}

class Check : public testing::TestWithParam<Case> {};

TEST_P(Check, SaysWhatItMust) {
  const test::GitFixture git;
  const auto report = report_of(git, GetParam().files);
  for (const std::string& wanted : GetParam().wanted)
    EXPECT_TRUE(says(report, wanted)) << wanted << "\n" << all(report);
  for (const std::string& absent : GetParam().absent) {
    for (const auto& problem : report.problems) EXPECT_NE(problem.id, absent) << all(report);
  }
  EXPECT_TRUE(report.complete());
}

const char* const kNext = R"({"dependencies":{"next":"16"}})";
const char* const kDotenv = R"({"dependencies":{"dotenv":"18"}})";
// Braces of JSON are doubled in templates.
std::string json(std::string text) {
  std::string out;
  for (const char c : text) out += c == '{' ? "{{" : std::string(1, c);
  return out;
}

INSTANTIATE_TEST_SUITE_P(
    Exposure, Check,
    testing::Values(
        Case{
            "tracked", {{".env", "STRIPE_KEY=sk_live_{base62:24}\n"}}, {"ENV-TRACKED error .env"}, {"ENV-NOT-IGNORED"}},
        Case{"tracked by name only", {{".env", "DB_PASSWORD={base62:9}&3zz\n"}}, {"ENV-TRACKED warning .env"}, {}},
        Case{"tracked without secrets",
             {{".env", "PORT=3000\nNEXT_TELEMETRY_DISABLED=1\nDB_PASSWORD=\nTOKEN=changeme\n"}},
             {},
             {"ENV-TRACKED"}},
        Case{"tracked example",
             {{".env.example", "STRIPE_KEY=\nDB_PASSWORD=your-password\n"}},
             {},
             {"ENV-TRACKED", "ENV-EXAMPLE-REAL"}},
        Case{"tracked and encrypted",
             {{".env", "DOTENV_PUBLIC_KEY=02{hex:64}\nSTRIPE_KEY=encrypted:{base64:80}\n"}},
             {},
             {"ENV-TRACKED", "ENV-PARTLY-ENCRYPTED"}},
        Case{"partly encrypted",
             {{".env", "A=encrypted:{base64:80}\nSTRIPE_KEY=sk_live_{base62:24}\n"}},
             {"ENV-PARTLY-ENCRYPTED error .env"},
             {}},
        Case{"keys file", {{".env.keys", "DOTENV_PRIVATE_KEY={hex:64}\n"}}, {"ENV-KEYS-FILE error .env.keys"}, {}},
        Case{"image of tests",
             {{"Dockerfile", "FROM node\nCOPY . .\n"}, {".env.testing", "APP_KEY=base64:{base64:43}=\n"}},
             {"ENV-DOCKER-CONTEXT note Dockerfile"},
             {}},
        Case{"fixture",
             {{"tests/fixtures/.env", "STRIPE_KEY=sk_live_{base62:24}\n"}},
             {"ENV-TRACKED note tests/fixtures/.env"},
             {}},
        Case{"not ignored",
             {{"untracked:.env.local", "STRIPE_KEY=sk_live_{base62:24}\n"}},
             {"ENV-NOT-IGNORED warning .env.local"},
             {"ENV-TRACKED"}},
        Case{"ignored",
             {{".gitignore", ".env*\n"}, {"untracked:.env.local", "STRIPE_KEY=sk_live_{base62:24}\n"}},
             {},
             {"ENV-NOT-IGNORED", "ENV-TRACKED"}},
        Case{"ignore taken back",
             {{".gitignore", ".env*\n!.env.local\n"}, {"untracked:.env.local", "STRIPE_KEY=sk_live_{base62:24}\n"}},
             {"ENV-IGNORE-NEGATED warning .gitignore", "ENV-NOT-IGNORED warning .env.local"},
             {}},
        Case{"docker copies it",
             {{"Dockerfile", "FROM node\nCOPY . .\n"}, {"untracked:.env", "STRIPE_KEY=sk_live_{base62:24}\n"}},
             {"ENV-DOCKER-CONTEXT error Dockerfile"},
             {}},
        Case{"docker leaves it out",
             {{"Dockerfile", "FROM node\nCOPY . .\n"},
              {".dockerignore", "**/.env*\n"},
              {"untracked:.env", "STRIPE_KEY=sk_live_{base62:24}\n"}},
             {},
             {"ENV-DOCKER-CONTEXT"}},
        Case{"docker copies other things",
             {{"Dockerfile", "FROM node\nCOPY src ./src\n"}, {"untracked:.env", "STRIPE_KEY=sk_live_{base62:24}\n"}},
             {},
             {"ENV-DOCKER-CONTEXT"}},
        Case{"docker in a stage that is not shipped",
             {{"Dockerfile", "FROM node AS b\nCOPY . .\nFROM nginx\nCOPY --from=b /dist /x\n"},
              {"untracked:.env", "STRIPE_KEY=sk_live_{base62:24}\n"}},
             {"ENV-DOCKER-CONTEXT warning Dockerfile"},
             {}},
        Case{"served",
             {{"package.json", "{{}"}, {"untracked:public/.env", "STRIPE_KEY=sk_live_{base62:24}\n"}},
             {"ENV-WEBROOT error public/.env"},
             {}},
        Case{"a folder called public without a site",
             {{"untracked:lib/public/.env", "STRIPE_KEY=sk_live_{base62:24}\n"}},
             {},
             {"ENV-WEBROOT"}},
        Case{"npm ships it",
             {{"package.json", R"({{"name":"x","version":"1.0.0","files":["dist",".env"]})"},
              {"untracked:.env", "STRIPE_KEY=sk_live_{base62:24}\n"}},
             {"ENV-PUBLISH error .env"},
             {}},
        Case{"npm does not",
             {{"package.json", R"({{"name":"x","version":"1.0.0","files":["dist"]})"},
              {"untracked:.env", "STRIPE_KEY=sk_live_{base62:24}\n"}},
             {},
             {"ENV-PUBLISH"}}),
    [](const auto& info) {
      std::string name = info.param.name;
      std::replace_if(
          name.begin(), name.end(), [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
      return name;
    });

INSTANTIATE_TEST_SUITE_P(
    Secrets, Check,
    testing::Values(
        Case{"public secret",
             {{"package.json", json(kNext)}, {".env", "NEXT_PUBLIC_STRIPE=sk_live_{base62:24}\n"}},
             {"ENV-PUBLIC-SECRET error .env"},
             {}},
        Case{"public by name",
             {{"package.json", json(kNext)}, {".env", "NEXT_PUBLIC_SESSION_SECRET={base62:32}\n"}},
             {"ENV-PUBLIC-SECRET warning .env"},
             {}},
        Case{"public by design",
             {{"package.json", json(kNext)}, {".env", "NEXT_PUBLIC_STRIPE=pk_live_{base62:24}\n"}},
             {},
             {"ENV-PUBLIC-SECRET", "ENV-TRACKED"}},
        Case{"another tool's prefix",
             {{"package.json", json(kNext)}, {"untracked:.env", "VITE_STRIPE=sk_live_{base62:24}\n"}},
             {},
             {"ENV-PUBLIC-SECRET"}},
        Case{"public database",
             {{"package.json", json(R"({"devDependencies":{"vite":"8"}})")},
              {".env", "VITE_DB=postgres://shop:{base62:16}@db.acme.io/shop\n"}},
             {"ENV-PUBLIC-DB error .env"},
             {}},
        Case{
            "public service role",
            {{"package.json", json(kNext)},
             {".env",
              R"(NEXT_PUBLIC_KEY={jwt:{{"iss":"supabase","ref":"{lower:20}","role":"service_role","iat":1700000000,"exp":2015000000}}})"
              "\n"}},
            {"ENV-PUBLIC-SERVICE-ROLE error .env"},
            {}},
        Case{
            "public anon",
            {{"package.json", json(kNext)},
             {".env",
              R"(NEXT_PUBLIC_KEY={jwt:{{"iss":"supabase","ref":"{lower:20}","role":"anon","iat":1700000000,"exp":2015000000}}})"
              "\n"}},
            {},
            {"ENV-PUBLIC-SERVICE-ROLE", "ENV-PUBLIC-SECRET"}},
        Case{"maps key",
             {{"package.json", json(kNext)}, {".env", "NEXT_PUBLIC_MAPS=AIza{base62:35}\n"}},
             {"ENV-PUBLIC-SECRET warning .env"},
             {}},
        Case{"live in development",
             {{"untracked:.env.development", "STRIPE_KEY=sk_live_{base62:24}\n"}},
             {"ENV-LIVE-IN-DEV error .env.development"},
             {"ENV-TEST-IN-PROD"}},
        Case{"test in production",
             {{"untracked:.env.production", "STRIPE_KEY=sk_test_{base62:24}\n"}},
             {"ENV-TEST-IN-PROD error .env.production"},
             {"ENV-LIVE-IN-DEV"}},
        Case{"modes in place",
             {{"untracked:.env.production", "STRIPE_KEY=sk_live_{base62:24}\n"},
              {"untracked:.env.development", "STRIPE_KEY=sk_test_{base62:24}\n"}},
             {},
             {"ENV-LIVE-IN-DEV", "ENV-TEST-IN-PROD", "ENV-MIXED-MODE"}},
        Case{"mixed modes",
             {{"untracked:.env.production", "A=sk_live_{base62:24}\nB=pk_test_{base62:24}\n"}},
             {"ENV-MIXED-MODE error .env.production"},
             {}},
        Case{"shared secret",
             {{"untracked:.env.production", "API_TOKEN={base62:40}\n"},
              {"untracked:.env.development", "API_TOKEN={base62:40}\n"}},
             {"ENV-SHARED-SECRET warning .env.development"},
             {}},
        Case{"real in example",
             {{".env.example", "STRIPE_KEY=sk_live_{base62:24}\n"}},
             {"ENV-EXAMPLE-REAL error .env.example"},
             {"ENV-TRACKED"}},
        Case{"local database in example",
             {{".env.example", "DATABASE_URL=postgres://app:{base62:16}@localhost:5432/app\n"}},
             {},
             {"ENV-EXAMPLE-REAL"}},
        Case{"stand-in in production",
             {{"untracked:.env.production", "JWT_SECRET=changeme\n"}},
             {"ENV-PLACEHOLDER error .env.production"},
             {"ENV-WEAK-SECRET"}},
        Case{"stand-in elsewhere", {{"untracked:.env", "JWT_SECRET=changeme\n"}}, {}, {"ENV-PLACEHOLDER"}},
        Case{"weak",
             {{"untracked:.env.production", "SESSION_SECRET={one:sunshine7}\n"}},
             {"ENV-WEAK-SECRET error .env.production"},
             {}},
        Case{"strong",
             {{"untracked:.env.production", "SESSION_SECRET={base64:44}\nGOOGLE_CLIENT_SECRET=abc123\n"}},
             {},
             {"ENV-WEAK-SECRET"}},
        Case{"framework default",
             {{"untracked:.env.production", "JWT_SECRET=super-secret-jwt-token-with-at-least-32-characters-long\n"}},
             {"ENV-WEAK-SECRET error .env.production"},
             {}},
        Case{"default login",
             {{"untracked:.env.production", "DATABASE_URL=postgres://postgres:postgres@db.acme.io/x\n"}},
             {"ENV-DEFAULT-CREDS error .env.production"},
             {}},
        Case{"superuser",
             {{"untracked:.env.production", "DATABASE_URL=postgres://postgres:{base62:20}@db.acme.io/x\n"}},
             {"ENV-SUPERUSER-DB note .env.production"},
             {"ENV-DEFAULT-CREDS"}},
        Case{"own user",
             {{"untracked:.env.production", "DATABASE_URL=postgres://app:{base62:20}@db.acme.io/x\n"}},
             {},
             {"ENV-SUPERUSER-DB", "ENV-DEFAULT-CREDS"}},
        Case{"classic token",
             {{"untracked:.env", "GH=ghp_{base62:30}{crc32-base62}\n"}},
             {"ENV-STALE-KEY note .env"},
             {}}),
    [](const auto& info) {
      std::string name = info.param.name;
      std::replace_if(
          name.begin(), name.end(), [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
      return name;
    });

INSTANTIATE_TEST_SUITE_P(
    Production, Check,
    testing::Values(
        Case{"localhost",
             {{"untracked:.env.production", "NEXTAUTH_URL=http://localhost:3000\n"}},
             {"ENV-LOCALHOST-PROD error .env.production"},
             {"ENV-HTTP-PROD"}},
        Case{"localhost elsewhere",
             {{"untracked:.env", "URL=http://localhost:3000\n"}, {".env.example", "URL=http://localhost:3000\n"}},
             {},
             {"ENV-LOCALHOST-PROD"}},
        Case{"tracked base", {{".env", "URL=http://localhost:3000\n"}}, {"ENV-LOCALHOST-PROD warning .env"}, {}},
        Case{"tracked base of a developer",
             {{".env", "FASTAPI_ENV=development\nURL=http://localhost:3000\n"}},
             {},
             {"ENV-LOCALHOST-PROD"}},
        Case{"listens",
             {{"untracked:.env.production", "HOST=0.0.0.0\nBIND_ADDRESS=127.0.0.1\n"}},
             {},
             {"ENV-LOCALHOST-PROD"}},
        Case{"tunnel",
             {{"untracked:.env.production", "HOOK_URL=https://a1b2.ngrok-free.app/x\n"}},
             {"ENV-LOCALHOST-PROD error .env.production"},
             {}},
        Case{"http",
             {{"untracked:.env.production", "API_URL=http://api.acme.io\n"}},
             {"ENV-HTTP-PROD warning .env.production"},
             {}},
        Case{"http inside",
             {{"untracked:.env.production",
               "API_URL=http://api:8080\nB=http://x.svc.cluster.local\nC=https://api.acme.io\n"}},
             {},
             {"ENV-HTTP-PROD"}},
        Case{"debug", {{"untracked:.env.production", "DEBUG=true\n"}}, {"ENV-DEBUG-PROD error .env.production"}, {}},
        Case{"no debug",
             {{"untracked:.env.production", "DEBUG=false\nNODE_ENV=production\nLOG_LEVEL=info\n"}},
             {},
             {"ENV-DEBUG-PROD"}},
        Case{"debug names",
             {{"untracked:.env.production", "DEBUG=app:*\n"}},
             {"ENV-DEBUG-PROD warning .env.production"},
             {}},
        Case{"tls off",
             {{"untracked:.env.production", "NODE_TLS_REJECT_UNAUTHORIZED=0\n"}},
             {"ENV-TLS-OFF error .env.production"},
             {}},
        Case{"tls on",
             {{"untracked:.env.production",
               "NODE_TLS_REJECT_UNAUTHORIZED=1\nDATABASE_URL=postgres://a:{base62:20}@db:5432/x?sslmode=disable\n"}},
             {},
             {"ENV-TLS-OFF"}},
        Case{"cors", {{"untracked:.env.production", "CORS_ORIGIN=*\n"}}, {"ENV-CORS-STAR warning .env.production"}, {}},
        Case{"no cors",
             {{"untracked:.env.production", "CORS_ORIGIN=https://acme.io\nGLOB=*\n"}},
             {},
             {"ENV-CORS-STAR"}}),
    [](const auto& info) {
      std::string name = info.param.name;
      std::replace_if(
          name.begin(), name.end(), [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
      return name;
    });

INSTANTIATE_TEST_SUITE_P(
    Reading, Check,
    testing::Values(
        Case{"cut at hash",
             {{"package.json", json(kDotenv)}, {"untracked:.env", "DB_PASSWORD={base62:5}#{base62:8}\n"}},
             {"ENV-PARSE-DIVERGE error .env"},
             {}},
        Case{"quoted hash",
             {{"package.json", json(kDotenv)},
              {"untracked:.env", "DB_PASSWORD='{base62:5}#{base62:8}'\nB=x # comment\n"}},
             {},
             {"ENV-PARSE-DIVERGE"}},
        Case{"cut at dollar",
             {{"package.json", json(kNext)}, {"untracked:.env", "SMTP_PASSWORD={one:pa}$ssw0rd\n"}},
             {"ENV-PARSE-DIVERGE error .env"},
             {"ENV-UNDEFINED-REF"}},
        Case{"dollar that node dotenv keeps",
             {{"package.json", json(kDotenv)}, {"untracked:.env", "SMTP_PASSWORD={one:pa}$ssw0rd\n"}},
             {},
             {"ENV-PARSE-DIVERGE"}},
        Case{"reference that is defined",
             {{"package.json", json(kNext)}, {"untracked:.env", "H=acme.io\nURL=https://${{H}/x\n"}},
             {},
             {"ENV-PARSE-DIVERGE"}},
        Case{"compose refuses",
             {{"compose.yml", "services:\n  a:\n    env_file: .env\n"}, {"untracked:.env", "A=\"open\nB=1\n"}},
             {"ENV-PARSE-DIVERGE error .env"},
             {}},
        Case{"unknown loader",
             {{"untracked:.env", "DB_PASSWORD={base62:5}#{base62:8}\n"}},
             {"ENV-PARSE-DIVERGE warning .env"},
             {}},
        Case{"command that is run",
             {{"Gemfile", "gem 'dotenv'\n"}, {".env", "TOKEN=$(curl -s https://x.acme.io)\n"}},
             {"ENV-CMD-EXEC error .env"},
             {}},
        Case{"command that is text",
             {{"package.json", json(kDotenv)}, {".env", "TOKEN=$(curl -s https://x.acme.io)\n"}},
             {"ENV-CMD-EXEC warning .env"},
             {}},
        Case{"no command", {{"Gemfile", "gem 'dotenv'\n"}, {".env", "A='$(x)'\nB=$x\n"}}, {}, {"ENV-CMD-EXEC"}},
        Case{"undefined reference",
             {{"package.json", json(kNext)}, {"untracked:.env.production", "URL=https://${{HOSTT}/x\n"}},
             {"ENV-UNDEFINED-REF error .env.production"},
             {"ENV-PARSE-DIVERGE"}},
        Case{"reference into another file",
             {{"package.json", json(kNext)},
              {"untracked:.env", "HOSTT=a.io\n"},
              {"untracked:.env.production", "URL=https://${{HOSTT}/x\n"}},
             {},
             {"ENV-UNDEFINED-REF"}},
        Case{
            "cut key", {{"untracked:.env", "K=-----BEGIN PRIVATE KEY-----\nabc\n"}}, {"ENV-PEM-BROKEN error .env"}, {}},
        Case{"whole key",
             {{"untracked:.env", "K=\"-----BEGIN X-----\\nabc\\n-----END X-----\\n\"\n"}},
             {},
             {"ENV-PEM-BROKEN"}},
        Case{"broken JSON", {{"untracked:.env", "C={{\"a\": 1,\n"}}, {"ENV-JSON-BROKEN warning .env"}, {}},
        Case{"JSON", {{"untracked:.env", "C={{\"a\": 1}\nD={{x}\nE=[a-z]+\n"}}, {}, {"ENV-JSON-BROKEN"}},
        Case{"invisible", {{"untracked:.env", "A=abc\xE2\x80\x8B\n"}}, {"ENV-INVISIBLE warning .env"}, {}},
        Case{"prose", {{"untracked:.env", "A=\"it\xE2\x80\x99s a title here\"\n"}}, {}, {"ENV-INVISIBLE"}},
        Case{"twice", {{"untracked:.env", "A=1\nA=2\n"}}, {"ENV-DUP-CONFLICT warning .env"}, {}},
        Case{"twice the same", {{"untracked:.env", "A=1\nA=1\n"}}, {}, {"ENV-DUP-CONFLICT"}},
        Case{"shadowed",
             {{"package.json", json(kNext)},
              {"untracked:.env.local", "A=local\n"},
              {"untracked:.env.production", "A=prod\n"}},
             {"ENV-SHADOWED note .env.local"},
             {}}),
    [](const auto& info) {
      std::string name = info.param.name;
      std::replace_if(
          name.begin(), name.end(), [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
      return name;
    });

INSTANTIATE_TEST_SUITE_P(
    Drift, Check,
    testing::Values(
        Case{"missing in production",
             {{".env.example", "A=\nB=\n"}, {"untracked:.env.production", "A=1\n"}},
             {"ENV-DRIFT-MISSING warning .env.example"},
             {}},
        Case{"optional",
             {{".env.example", "A=\n# optional\nB=\n"}, {"untracked:.env.production", "A=1\n"}},
             {},
             {"ENV-DRIFT-MISSING"}},
        Case{"in the base",
             {{".env.example", "A=\nB=\n"}, {"untracked:.env.production", "A=1\n"}, {"untracked:.env", "B=1\n"}},
             {},
             {"ENV-DRIFT-MISSING"}},
        Case{"code reads it",
             {{".env.example", "AA=\n"}, {"src/x.ts", "f(process.env.AA); f(process.env.NEW_KEY);\n"}},
             {"ENV-DRIFT-MISSING warning src/x.ts"},
             {}},
        Case{"code has a default",
             {{".env.example", "AA=\n"},
              {"src/x.ts", "f(process.env.AA); f(process.env.NEW_KEY ?? 'x'); process.env.NODE_ENV\n"}},
             {},
             {"ENV-DRIFT-MISSING"}},
        Case{"code goes on without it",
             {{".env.example", "AA=\n"},
              {"src/a.ts",
               "const KEY = process.env.NEW_KEY;\nif (!KEY) {{ return; }\nconst n = Number(process.env.LIMIT) || 10;\n"
               "const m = parseInt(process.env.MOST, 10) || 5;\nconst t = process.env.TOKEN_A || process.env.TOKEN_B;\n"
               "// process.env.SOME_VAR\n/* process.env.OTHER */ const u = process.env.SITE?.trim();\n"},
              {"config/a.rb",
               "threads = ENV.fetch('MOST_THREADS') {{ 3 }\nx = Integer(ENV.fetch(\"WORKERS\") {{ 1 })\n"},
              {"config/app.php", "return ['url' => env('ASSETS')];\n"},
              {"src/a.rs", "let a = env::var(\"SOME\").ok();\nif let Ok(b) = std::env::var(\"MORE\") {{}\n"},
              {"scripts/x.ts", "f(process.env.BY_HAND)\n"},
              {"eslint.config.mjs", "f(process.env.LINT)\n"},
              {"src/b.ts", "f(process.env.AA, process.env.SENTRY_ORG)\n"}},
             {},
             {"ENV-DRIFT-MISSING"}},
        Case{
            "code stops without it",
            {{".env.example", "AA=\n"},
             {"src/x.ts",
              "f(process.env.AA);\nconst key = process.env.NEW_KEY;\nif (!key) {{\n  throw new Error('no key');\n}\n"}},
            {"ENV-DRIFT-MISSING warning src/x.ts"},
            {}},
        Case{"commented example",
             {{".env.example", "AA=\n# NEW_KEY=\n"}, {"src/x.ts", "f(process.env.AA, process.env.NEW_KEY);\n"}},
             {},
             {"ENV-DRIFT-MISSING"}},
        Case{"nothing reads it",
             {{".env.example", "AA=\nOLD=\n"}, {"src/x.ts", "f(process.env.AA);\n"}},
             {"ENV-DRIFT-EXTRA note .env.example"},
             {}},
        Case{"a script reads it",
             {{".env.example", "AA=\nOLD=\n"}, {"src/x.ts", "f(process.env.AA);\n"}, {"run.sh", "echo $OLD\n"}},
             {},
             {"ENV-DRIFT-EXTRA"}},
        Case{"type",
             {{".env.example", "PORT=3000\n"}, {"untracked:.env", "PORT=abc\n"}},
             {"ENV-DRIFT-TYPE warning .env"},
             {}},
        Case{"declared sides",
             {{"package.json", json(kNext)},
              {"src/env.ts", json("import { createEnv } from '@t3-oss/env-nextjs';\ncreateEnv({ server: { "
                                  "NEXT_PUBLIC_KEY: s, DB: s }, client: { SITE: s, NEXT_PUBLIC_SITE: s } })\n")}},
             {"ENV-DECLARED-SIDE error src/env.ts"},
             {}},
        Case{"declared sides that fit",
             {{"package.json", json(kNext)},
              {"src/env.ts", json("import { createEnv } from '@t3-oss/env-nextjs';\ncreateEnv({ server: { DB: s }, "
                                  "client: { NEXT_PUBLIC_SITE: s }, shared: { NODE_ENV: s } })\n")}},
             {},
             {"ENV-DECLARED-SIDE"}},
        Case{"no type",
             {{".env.example", "PORT=3000\nB=true\nC=x\nD=3600\n"}, {"untracked:.env", "PORT=8080\nB=0\nC=1\nD=2h\n"}},
             {},
             {"ENV-DRIFT-TYPE"}}),
    [](const auto& info) {
      std::string name = info.param.name;
      std::replace_if(
          name.begin(), name.end(), [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
      return name;
    });

TEST(CheckEnv, SignInComesBackToAnotherHost) {
  const test::GitFixture git;
  const Files files = {{"untracked:.env.production",
                        "AUTH_URL=https://acme.vercel.app\nNEXT_PUBLIC_SITE_URL=https://www.acme.io\n"
                        "GITHUB_CALLBACK_URL=https://acme.dev/back\nSTRIPE_REDIRECT_URI=https://acme.io/ok\n"
                        "DOCS_URL=https://docs.other.io\n"},
                       {"untracked:.env.development", "AUTH_URL=https://dev.acme.test\n"}};
  const auto count = [&](const EnvOptions& options) {
    std::string subjects;
    for (const auto& problem : report_of(git, files, options).problems) {
      if (problem.id == "ENV-CALLBACK-HOST") subjects += problem.subject + " ";
    }
    return subjects;
  };
  EXPECT_EQ(count({.canonical_host = "acme.io"}), "AUTH_URL GITHUB_CALLBACK_URL ");
  EXPECT_EQ(count({}), "") << "without a host there is nothing to compare with";
}

TEST(CheckEnv, ReadableByEveryUser) {
  const test::GitFixture git;
  const Files files = {{".gitignore", ".env*\n"},
                       {"untracked:.env", "STRIPE_KEY=sk_live_{base62:24}\n"},
                       {"untracked:.env.local", "PORT=3000\n"}};
  static_cast<void>(report_of(git, files));
  const auto said = [&](mode_t mode) {
    for (const char* name : {"/.env", "/.env.local"}) EXPECT_EQ(chmod((git.path() + name).c_str(), mode), 0);
    EnvOptions options;
    options.path = git.path();
    const auto report = check_env(options);
    std::string paths;
    for (const auto& problem : report->problems) {
      if (problem.id == "ENV-PERM") paths += problem.spots.front().path + " ";
    }
    return paths;
  };
  EXPECT_EQ(said(0644), ".env ") << "the other has no secrets";
  EXPECT_EQ(said(0640), "") << "a group is chosen";
  EXPECT_EQ(said(0600), "");
  EXPECT_EQ(said(0777), "") << "a file system without modes";
}

TEST(CheckEnv, UploadedWithTheSource) {
  const test::GitFixture git;
  const std::string secret = "STRIPE_KEY=sk_live_{base62:24}\n";
  const Files files = {{"a/.gcloudignore", ".git\n"},
                       {"untracked:a/.env", secret},
                       {"b/.gcloudignore", ".git\n#!include:.gitignore\n"},
                       {"b/.gitignore", ".env*\n"},
                       {"untracked:b/.env", secret},
                       {"c/.vercelignore", "docs\n"},
                       {"untracked:c/.env.local", secret},
                       {"untracked:c/.env.production", secret},
                       {"d/.vercelignore", "**/.env\n"},
                       {"untracked:d/x/.env", secret}};
  std::string paths;
  for (const auto& problem : report_of(git, files).problems) {
    if (problem.id == "ENV-UPLOAD") paths += problem.spots.front().path + " ";
  }
  EXPECT_EQ(paths, "a/.env c/.env.production ");
}

TEST(CheckEnv, WhatTheSchemaSaysOfAValue) {
  const test::GitFixture git;
  test::write_file(git.path() + "/schema.json",
                   R"({"version":"1.0","allow_other_keys":true,"entries":{"PIN":{"secret":true},
                      "MAP_TOKEN":{"public":true},"NEXT_PUBLIC_PIN":{"secret":true},
                      "LIVE":{"required":true,"envs":["production"]}}})");
  const Files files = {{".env", expand("PIN={base62:20}\nNEXT_PUBLIC_PIN=1\n")},
                       {".env.staging", expand("MAP_TOKEN={base62:24}\n")},
                       {".env.production", "A=1\n"}};
  EnvOptions options;
  options.schema = git.path() + "/schema.json";
  const auto report = report_of(git, files, options);
  EXPECT_TRUE(says(report, "ENV-TRACKED warning .env")) << all(report);
  EXPECT_FALSE(says(report, "ENV-TRACKED warning .env.staging")) << all(report);
  EXPECT_TRUE(says(report, "SchemaViolation warning .env")) << all(report);
  EXPECT_TRUE(says(report, "SchemaViolation warning .env.production")) << all(report);
  EXPECT_FALSE(says(report, "SchemaViolation warning .env.staging")) << all(report);
  EXPECT_TRUE(says(report_of(git, {}), "ENV-TRACKED warning .env.staging")) << "without the schema";
}

TEST(CheckEnv, SecretsOfTheHistory) {
  test::GitFixture git;
  git.write("sub/.env", expand("STRIPE_KEY=sk_live_{base62:24}\n"));
  git.commit("begin");
  git.git({"rm", "-q", "sub/.env"});
  git.write("README.md", "x\n");
  git.commit("take it out");
  const auto report = report_of(git, {});
  EXPECT_TRUE(says(report, "ENV-HISTORY error sub/.env")) << all(report);
  EXPECT_FALSE(says(report_of(git, {}, {.history = false}), "ENV-HISTORY error sub/.env"));
}

TEST(CheckEnv, ARenamedFileSaysNothingNew) {
  test::GitFixture git;
  const std::string old = expand("A_PASSWORD={base62:20}\n"), more = expand("B_PASSWORD=x{base62:19}\n");
  git.write("deploy/app.env", old);
  git.write("deploy/more.env", more);
  git.commit("begin");
  git.git({"rm", "-q", "-r", "deploy"});
  git.write("env/app.env", old);
  git.commit("move it");
  const auto report = report_of(git, {});
  EXPECT_TRUE(says(report, "ENV-TRACKED warning env/app.env")) << all(report);
  EXPECT_TRUE(says(report, "ENV-HISTORY warning deploy/more.env")) << all(report);
  EXPECT_FALSE(says(report, "ENV-HISTORY warning deploy/app.env")) << all(report);
}

TEST(CheckEnv, KeysOfTestsInTheHistoryAreForTests) {
  test::GitFixture git;
  const std::string key = expand("APP_KEY=base64:{base64:43}=\n");
  for (const char* name : {".env.testing", ".env.travis", "scripts/ci/.env.mysql", ".env.mock"}) git.write(name, key);
  git.write(".env.other", key);
  git.commit("begin");
  git.git({"rm", "-q", "-r", "."});
  git.write("README.md", "x\n");
  git.commit("take them out");
  const auto report = report_of(git, {});
  for (const auto& problem : report.problems) {
    const bool other = problem.subject == ".env.other";
    EXPECT_EQ(problem.severity, other ? detect::Severity::Error : detect::Severity::Note) << problem.subject;
  }
  EXPECT_TRUE(says(report, "ENV-HISTORY error .env.other")) << all(report);
  EXPECT_TRUE(says(report, "ENV-HISTORY note .env.testing")) << all(report);
}

TEST(CheckEnv, TheSevenFaultsThatAStyleCheckerDoesNotSee) {
  const test::GitFixture git;
  const auto report = report_of(
      git,
      {{"package.json", json(R"({"dependencies":{"next":"16"}})")},
       {".env.production",
        "NEXT_PUBLIC_STRIPE_SECRET=sk_live_{base62:24}\nDATABASE_URL=postgres://shop:p#{base62:8}@db.acme.io/shop\n"
        "SMTP_PASSWORD={one:pa}$ssw0rd\nJWT_SECRET=changeme\nDEBUG=true\nNEXTAUTH_URL=http://"
        "localhost:3000\nTOKEN=$(curl -s https://x.acme.io)\n"}});
  for (const char* id : {"ENV-PUBLIC-SECRET error", "ENV-TRACKED error", "ENV-PLACEHOLDER error",
                         "ENV-DEBUG-PROD error", "ENV-LOCALHOST-PROD error", "ENV-CMD-EXEC warning"}) {
    EXPECT_TRUE(says(report, std::string(id) + " .env.production")) << id << "\n" << all(report);
  }
  std::string cut;
  for (const auto& problem : report.problems) {
    if (problem.id == "ENV-PARSE-DIVERGE" && problem.severity == detect::Severity::Error) cut += problem.subject + " ";
  }
  EXPECT_NE(cut.find("DATABASE_URL"), std::string::npos) << cut;
  EXPECT_NE(cut.find("SMTP_PASSWORD"), std::string::npos) << cut;
}

TEST(CheckEnv, NoValueIsEverSaid) {
  const test::GitFixture git;
  const std::string secret = expand("sk_live_{base62:24}");
  const auto report =
      report_of(git, {{"package.json", json(kNext)},
                      {".env.production", "NEXT_PUBLIC_A=" + secret + "\nPASSWORD=" + std::string("hunter2") +
                                              "#hunter3hunter\nSESSION_SECRET={one:sunshine7}\n"}});
  ASSERT_FALSE(report.problems.empty());
  for (const auto& problem : report.problems) {
    for (const std::string& text : {problem.title, problem.why, problem.breaks, problem.fix, problem.subject}) {
      for (const char* part : {"hunter", "sunshine"}) EXPECT_EQ(text.find(part), std::string::npos) << text;
      EXPECT_EQ(text.find(secret), std::string::npos) << text;
    }
  }
}

TEST(CheckEnv, IgnoredIdsAreNotSaid) {
  const test::GitFixture git;
  const Files files = {{"untracked:.env.production", "DEBUG=true\n"}};
  EXPECT_TRUE(says(report_of(git, files), "ENV-DEBUG-PROD error .env.production"));
  EXPECT_FALSE(says(report_of(git, files, {.ignore = {"ENV-DEBUG-PROD"}}), "ENV-DEBUG-PROD error .env.production"));
}

}  // namespace
}  // namespace tightship::env
