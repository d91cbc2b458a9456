#include "lint/env_files.h"

#include <gtest/gtest.h>

#include <map>

#include "support/git_fixture.h"

namespace tightship::lint {
namespace {

struct NameRow {
  const char* path;
  const char* said;  // role, and "local", "backup", "test path"; "" when it is no env file
};
void PrintTo(const NameRow& row, std::ostream* out) { *out << row.path; }
class EnvNames : public testing::TestWithParam<NameRow> {};

TEST_P(EnvNames, AreTold) {
  const auto name = env_name(GetParam().path);
  std::string said = name ? std::string(role_name(name->role)) : "";
  if (name && name->local) said += " local";
  if (name && name->backup) said += " backup";
  if (name && name->test_path) said += " test-path";
  EXPECT_EQ(said, GetParam().said);
}

INSTANTIATE_TEST_SUITE_P(All, EnvNames,
                         testing::Values(NameRow{".env", "base"}, NameRow{"a/.env.local", "local local"},
                                         NameRow{".env.production", "production"},
                                         NameRow{".env.production.local", "production local"},
                                         NameRow{"prod.env", "production"}, NameRow{".env.example", "example"},
                                         NameRow{".env.local.example", "example"}, NameRow{"env.sample", "example"},
                                         NameRow{".env-dist", "example"}, NameRow{".env.test", "test"},
                                         NameRow{".env.keys", "keys"}, NameRow{".env.vault", "encrypted"},
                                         NameRow{".env.bak", "other backup"}, NameRow{".env~", "base backup"},
                                         NameRow{"worker.env", "other"}, NameRow{"tests/.env", "base test-path"},
                                         NameRow{".envrc", ""}, NameRow{"env.ts", ""}, NameRow{".env.d.ts", ""},
                                         NameRow{".env.json", ""}, NameRow{"environment", ""}, NameRow{"env", ""},
                                         NameRow{"src/env.mjs", ""}, NameRow{"my.environment.env", "other"},
                                         NameRow{".flaskenv", "base"}, NameRow{"env.production", ""}));

class Effective : public testing::Test {
 protected:
  std::string values(const std::string& package, Loader loader, EnvMode mode) {
    files_["package.json"] = package;
    for (const auto& [path, text] : files_) test::write_file(folder_.path + "/" + path, text);
    Ledger ledger;
    const auto project = open_project(folder_.path, ledger);
    const auto env =
        effective_env(*project, "", loader, mode,
                      [&](const std::string& path) -> std::optional<std::string_view> { return files_.at(path); });
    std::string out;
    for (const auto& variable : env.variables) out += variable.key + "=" + variable.value + "@" + variable.file + " ";
    return out;
  }
  std::map<std::string, std::string> files_;
  test::TempDir folder_;
};

TEST_F(Effective, LocalBeatsModeInNextAndNotInVite) {
  files_ = {{".env", "A=base\nB=base\n"}, {".env.local", "A=local\n"}, {".env.production", "A=mode\n"}};
  EXPECT_EQ(values(R"({"dependencies":{"next":"1"}})", Loader::Next, EnvMode::Production),
            "A=local@.env.local B=base@.env ");
  EXPECT_EQ(values(R"({"dependencies":{"vite":"1"}})", Loader::Vite, EnvMode::Production),
            "A=mode@.env.production B=base@.env ");
  EXPECT_EQ(values("{}", Loader::Next, EnvMode::Test), "A=base@.env B=base@.env ");
}

TEST_F(Effective, ReferencesSeeWhatWins) {
  files_ = {{".env", "HOST=base\nURL=https://$HOST\n"}, {".env.production", "HOST=prod\n"}};
  EXPECT_EQ(values("{}", Loader::Next, EnvMode::Production), "HOST=prod@.env.production URL=https://prod@.env ");
  EXPECT_EQ(values("{}", Loader::Vite, EnvMode::Production), "HOST=prod@.env.production URL=https://prod@.env ");
}

TEST_F(Effective, NodeDotenvReadsOneFile) {
  files_ = {{".env", "A=base\n"}, {".env.production", "A=prod\n"}};
  EXPECT_EQ(values(R"({"dependencies":{"dotenv":"1"}})", Loader::NodeDotenv, EnvMode::Production), "A=base@.env ");
  EXPECT_EQ(values(R"({"dependencies":{"react-scripts":"5"}})", Loader::NodeDotenv, EnvMode::Production),
            "A=prod@.env.production ");
}

}  // namespace
}  // namespace tightship::lint
