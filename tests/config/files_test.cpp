// Registries, infrastructure, AI tools, private files; and what a run as a whole promises.

#include <gtest/gtest.h>

#include <map>

#include "config/project_fixture.h"
#include "detect/token_template.h"

namespace tightship::config {
namespace {

using test::ProjectFiles;
using test::row_name;
using Row = test::ProjectRow;

class Files : public ::testing::TestWithParam<Row> {};
TEST_P(Files, Say) { EXPECT_EQ(test::said(GetParam().files), GetParam().said); }

INSTANTIATE_TEST_SUITE_P(
    Registries, Files,
    ::testing::Values(
        Row{"Npmrc",
            {{".npmrc", "; x\nregistry=https://registry.npmjs.org/\n//registry.npmjs.org/:_authToken={{npm}}\n"}},
            "CFG-REGISTRY error .npmrc:3 _authToken\n"},
        Row{"NpmrcReference",
            {{".npmrc", "//registry.npmjs.org/:_authToken=${NPM_TOKEN}\n//npm.pkg.github.com/:_authToken=\n"}},
            ""},
        Row{"Yarn",
            {{".yarnrc.yml", "npmScopes:\n  x:\n    npmAuthToken: {{npm}}\nnpmAuthToken: '${NPM_TOKEN:-}'\n"}},
            "CFG-REGISTRY error .yarnrc.yml:3 npmAuthToken\n"},
        Row{"Bun",
            {{"bunfig.toml",
              "[install.scopes]\nx = { token = \"{{npm}}\", url = \"https://r/\" }\ny = { token = \"$NPM_TOKEN\" }\n"}},
            "CFG-REGISTRY error bunfig.toml:2 token\n"},
        Row{"Nuget",
            {{"NuGet.Config",
              "<configuration><packageSourceCredentials><x>\n<add key=\"Username\" value=\"u\"/>\n<add "
              "key=\"ClearTextPassword\" value=\"{{github}}\"/></x></packageSourceCredentials></configuration>"}},
            "CFG-REGISTRY error NuGet.Config:3 password\n"},
        Row{"Maven",
            {{"settings.xml",
              "<settings><servers><server><id>a</id>\n<password>{{github}}</password></"
              "server><server><password>${env.P}</password></server></servers></settings>"}},
            "CFG-REGISTRY error settings.xml:2 password\n"},
        Row{"Composer",
            {{"auth.json", R"j({"github-oauth": {"github.com": "{{github}}"}})j"}},
            "CFG-REGISTRY error auth.json:1 access_token\n"},
        Row{"Cargo",
            {{".cargo/credentials.toml",
              "[registry]\ntoken = \"{{random}}\"\n[registries.own]\ntoken = \"{{github}}\"\n"},
             {".cargo/config.toml", "[registry]\ndefault = \"own\"\n"}},
            "CFG-REGISTRY error .cargo/credentials.toml:4 registry_token\nCFG-REGISTRY warning "
            ".cargo/credentials.toml:2 registry_token\n"},
        Row{"Netrc",
            {{".netrc", "machine api.github.com\n login x\n password {{github}}\n"}},
            "CFG-REGISTRY error .netrc:3 password\n"}),
    row_name);

INSTANTIATE_TEST_SUITE_P(
    Others, Files,
    ::testing::Values(
        Row{"Tfvars", {{"prod.tfvars", "region = \"eu\"\ngh = \"{{github}}\"\n"}}, "CFG-TF error prod.tfvars:2 gh\n"},
        Row{"Terraform",
            {{"main.tf",
              "variable \"key\" {\n  default = \"{{github}}\"\n}\nprovider \"x\" {\n  token = \"{{github}}\"\n  other "
              "= var.key\n  third = \"${var.key}\"\n}\n"}},
            "CFG-TF error main.tf:2 key\nCFG-TF error main.tf:5 token\n"},
        Row{"State",
            {{"terraform.tfstate", R"j({"version": 4, "resources": [{"type": "x"}]})j"}},
            "CFG-TF-STATE error terraform.tfstate:1 terraform.tfstate\n"},
        Row{"EmptyState", {{"terraform.tfstate", R"j({"version": 4, "resources": []})j"}}, ""},
        Row{"Mcp",
            {{".mcp.json",
              "{\"mcpServers\": {\"a\": {\"command\": \"npx\", \"args\": [\"-y\", \"x\",\n\"--api-key={{openai}}\"], "
              "\"env\": {\n\"GH\": \"{{github}}\", \"B\": \"${B}\"},\n\"headers\": {\"Authorization\": \"Bearer "
              "{{github}}\"}}}}"}},
            "CFG-MCP error .mcp.json:2 api-key\nCFG-MCP error .mcp.json:3 GH\nCFG-MCP error .mcp.json:4 "
            "Authorization_TOKEN\n"},
        Row{"McpInputs",
            {{".vscode/mcp.json", R"j({"inputs": [], "servers": {"a": {"env": {"TOKEN": "${input:token}"}}}})j"}},
            ""},
        Row{"Codex",
            {{".codex/config.toml", "[mcp_servers.a]\ncommand = \"x\"\nenv = { GH = \"{{github}}\" }\n"}},
            "CFG-MCP error .codex/config.toml:3 GH\n"},
        Row{"AiText", {{"CLAUDE.md", "# Keys\nuse {{github}}\n"}}, "CFG-AI-FILES error CLAUDE.md:2 github-pat\n"},
        Row{"Har",
            {{"x.har", R"j({"log": {"entries": [{"request": {"headers": [{"name": "Cookie"}]}}]}})j"},
             {"y.har", R"j({"log": {"entries": []}})j"}},
            "CFG-PRIVATE-FILE warning x.har:0 x.har\n"},
        Row{"KeyStore",
            {{"release.keystore", std::string("\xfe\xed\xfe\xed\0\0\0\2", 8)}},
            "CFG-PRIVATE-FILE warning release.keystore:0 release.keystore\n"},
        Row{"NoKeyStore", {{"release.keystore", "nothing"}}, ""},
        Row{"Database",
            {{"prod.sqlite", std::string("SQLite format 3\0", 16)}},
            "CFG-PRIVATE-FILE warning prod.sqlite:0 prod.sqlite\n"},
        Row{"DatabaseOfWords",
            {{"search.db", std::string("SQLite format 3\0", 16) +
                               "..tabledocs CREATE VIRTUAL TABLE docs USING fts5(slug, body, tokenize=porter)\x07user"},
             {"app.db", std::string("SQLite format 3\0", 16) + "..tableusers CREATE TABLE users (id int)"}},
            "CFG-PRIVATE-FILE warning app.db:0 app.db\n"},
        Row{"Dump",
            {{"backup.sql", "INSERT INTO users VALUES (1, 'a@b.c', '$2b$10$abcdefghijklmnopqrstuv');\n"},
             {"schema.sql", "create table users (id int);\n"}},
            "CFG-PRIVATE-FILE warning backup.sql:0 backup.sql\n"}),
    row_name);

// A key whose certificate no other machine believes is a step milder.
TEST(Files, KeysOfThisMachine) {
  const std::string pem = detect::expand_template("{pem:ec}\n", 5).value();
  const auto report = test::report_of({{"certs/localhost.key", pem}, {"certs/server.key", pem}});
  std::map<std::string, detect::Severity> said;
  for (const auto& problem : report.problems) said[problem.spots[0].path] = problem.severity;
  ASSERT_EQ(said.size(), 2u);
  EXPECT_LT(said["certs/localhost.key"], said["certs/server.key"]);
}

// Notes too: what is known and no alarm.
TEST(Files, Notes) {
  const auto notes = [](const ProjectFiles& files) { return test::said(files, true); };
  EXPECT_EQ(notes({{"Dockerfile", "FROM node\nARG NPM_TOKEN\n"}}), "CFG-DOCKER-ARG note Dockerfile:2 NPM_TOKEN\n");
  const std::string key = detect::expand_template("{pem-escaped:pkcs8}", 5).value();
  EXPECT_EQ(notes({{"a/service.json", "{\n\"type\": \"service_account\", \"private_key\": \"" + key + "\"}"}}),
            "CFG-GCP-KEY error a/service.json:2 private_key\n");
  EXPECT_EQ(notes({{".github/workflows/a.yml",
                    "on: push\njobs:\n  a:\n    steps:\n      - uses: some/action@v1\n      - run: deploy "
                    "--token ${{ secrets.TOKEN }}\n"}}),
            "CFG-GHA-ARGUMENT note .github/workflows/a.yml:6 secrets.TOKEN\nCFG-GHA-UNPINNED note "
            ".github/workflows/a.yml:5 some/action\n");
  EXPECT_EQ(notes({{".github/workflows/a.yml",
                    "on: push\nenv:\n  TOKEN: ${{ secrets.TOKEN }}\njobs:\n  a:\n    steps:\n      - run: x\n"}}),
            "CFG-GHA-WIDE note .github/workflows/a.yml:3 TOKEN\n");
  EXPECT_EQ(notes({{"supabase/config.toml",
                    "[auth]\nsite_url = \"http://localhost:3000\"\n[auth.email]\nenable_confirmations = false\n"}}),
            "CFG-SUPA-CONFIRM note supabase/config.toml:4 enable_confirmations\nCFG-SUPA-SITE note "
            "supabase/config.toml:2 site_url\n");
}

TEST(Files, OnlyTrackedOrNotIgnored) {
  const ProjectFiles files = {{".gitignore", "*.tfvars\n"}, {"fly.toml", "[env]\nA = \"{{stripe}}\"\n"}};
  test::GitFixture repo;
  for (const auto& [path, text] : files) repo.write(path, test::with_tokens(text));
  repo.commit("files");
  repo.write("prod.tfvars", test::with_tokens("gh = \"{{github}}\"\n"));
  repo.write("new.tf", test::with_tokens("x \"y\" {\n gh = \"{{github}}\"\n}\n"));
  const auto report = check_config({.path = repo.path()}).value();
  ASSERT_EQ(report.problems.size(), 2u);
  EXPECT_EQ(report.problems[0].spots[0].path, "fly.toml");
  EXPECT_EQ(report.problems[0].exposure, readiness::Exposure::PrivateRepository);
  EXPECT_EQ(report.problems[1].spots[0].path, "new.tf");
  EXPECT_EQ(report.problems[1].exposure, readiness::Exposure::Local);
}

TEST(Files, DevVarsAreReportedWhenTracked) {
  const ProjectFiles files = {{".dev.vars", "GH={{github}}\n"}};
  EXPECT_EQ(test::said(files, false, true), "CFG-DEV-VARS error .dev.vars:1 GH\n");
  EXPECT_EQ(test::said(files), "");
}

TEST(Files, EqualValuesHaveOneId) {
  const auto report = test::report_of({{"fly.toml", "[env]\nA = \"{{stripe}}\"\n"},
                                       {"render.yaml", "services:\n  - envVars: [{key: B, value: {{stripe}}}]\n"}});
  ASSERT_EQ(report.problems.size(), 2u);
  EXPECT_EQ(report.problems[0].value_id, report.problems[1].value_id);
  EXPECT_EQ(report.problems[0].value_id, readiness::value_id(test::with_tokens("{{stripe}}")));
}

TEST(Files, WhatCannotBeParsedIsALoss) {
  const auto report = test::report_of({{"fly.toml", "[env\n"},
                                       {"vercel.json", "{"},
                                       {"compose.yaml", "a: [\n"},
                                       {"tests/fly.toml", "[env\n"},
                                       {"{{cookiecutter.name}}/compose.yml", "{% if x %}\n"}});
  EXPECT_EQ(report.loss_count, 3u);
  EXPECT_FALSE(report.complete());
}

TEST(Files, OneFileCanBeAskedFor) {
  const test::TempDir folder;
  test::write_file(folder.path + "/fly.toml", test::with_tokens("[env]\nA = \"{{stripe}}\"\n"));
  test::write_file(folder.path + "/vercel.json", test::with_tokens("{\"env\": {\"A\": \"{{github}}\"}}"));
  const auto report = check_config({.path = folder.path + "/fly.toml"}).value();
  ASSERT_EQ(report.problems.size(), 1u);
  EXPECT_EQ(report.problems[0].id, "CFG-FLY");
}

TEST(Files, AFolderOrFileIsKnownByWhatLiesAbove) {
  test::GitFixture repo;
  repo.write("a/supabase/config.toml", "[functions.f]\nverify_jwt = false\n");
  repo.write("a/supabase/migrations/20250101000000_x.sql", "create table t (id int);");
  repo.commit("files");
  const std::string supabase = repo.path() + "/a/supabase";
  EXPECT_EQ(check_config({.path = supabase}).value().problems.size(), 2u);
  EXPECT_EQ(check_config({.path = supabase + "/migrations"}).value().problems.size(), 1u);
  const auto one = check_config({.path = supabase + "/config.toml"}).value();
  ASSERT_EQ(one.problems.size(), 1u);
  EXPECT_EQ(one.problems[0].spots[0].path, supabase + "/config.toml");
}

TEST(Files, AFolderOutsideOfGitGoesByItsName) {
  const test::TempDir folder;
  test::write_file(folder.path + "/supabase/config.toml", "[functions.f]\nverify_jwt = false\n");
  EXPECT_EQ(check_config({.path = folder.path + "/supabase"}).value().problems.size(), 1u);
}

TEST(Files, AMissingPathIsAnError) {
  const auto report = check_config({.path = "/nowhere/at/all"});
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().kind, ErrorKind::NotFound);
}

}  // namespace
}  // namespace tightship::config
