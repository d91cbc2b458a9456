#include "lint/project.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include "lint/manifests.h"
#include "support/git_fixture.h"

namespace tightship::lint {
namespace {

using test::write_file;

std::string names(const std::vector<Loader>& loaders) {
  std::string out;
  for (const Loader loader : loaders) out += (out.empty() ? "" : " ") + std::string(loader_id(loader));
  return out;
}

TEST(Project, KnowsTrackedIgnoredAndBuiltFiles) {
  test::GitFixture git;
  const std::string root = git.path();
  write_file(root + "/.gitignore", ".env.local\ndist/\n");
  write_file(root + "/.env", "A=1\n");
  write_file(root + "/.env.local", "B=1\n");
  write_file(root + "/dist/.env", "C=1\n");
  write_file(root + "/node_modules/x/.env", "D=1\n");
  git.git({"add", ".env", ".gitignore"});
  Ledger ledger;
  const auto project = open_project(root, ledger);
  ASSERT_TRUE(project) << project.error().what;
  EXPECT_TRUE(ledger.empty());
  ASSERT_NE(project->find(".env"), nullptr);
  EXPECT_TRUE(project->find(".env")->tracked);
  EXPECT_FALSE(project->find(".env.local")->tracked);
  EXPECT_TRUE(project->is_ignored(".env.local"));
  EXPECT_FALSE(project->is_ignored(".env.production"));
  ASSERT_NE(project->find("dist/.env"), nullptr);
  EXPECT_TRUE(project->find("dist/.env")->below_ignored);
  EXPECT_EQ(project->find("node_modules/x/.env"), nullptr);
}

TEST(Project, ASubfolderOfARepositoryIsAProject) {
  test::GitFixture git;
  const std::string root = git.path();
  write_file(root + "/.gitignore", "apps/web/.env.local\n");
  write_file(root + "/apps/web/.env", "A=1\n");
  git.git({"add", "."});
  Ledger ledger;
  const auto project = open_project(root + "/apps/web", ledger);
  ASSERT_TRUE(project);
  EXPECT_EQ(project->prefix, "apps/web/");
  EXPECT_TRUE(project->find(".env")->tracked);
  EXPECT_TRUE(project->is_ignored(".env.local"));
}

TEST(Project, FindsFrameworksPrefixesAndLoaders) {
  const test::TempDir folder;
  write_file(folder.path + "/package.json",
             R"({"dependencies":{"next":"16","dotenv":"18"},"scripts":{"seed":"node --env-file=.env.seed seed.js"}})");
  write_file(folder.path + "/api/requirements.txt", "# x\nfastapi==1\npython-dotenv>=1\n");
  write_file(folder.path + "/web/package.json", R"({"devDependencies":{"vite":"8","astro":"5"}})");
  write_file(folder.path + "/docker-compose.yml",
             "services:\n  a:\n    env_file:\n      - .env.docker\n      - path: ./api/.env\n        required: false\n "
             "   image: x\n");
  write_file(folder.path + "/run.sh", "set -a\n. ./.env.shell\ndocker run --env-file .env.run x\n# . .env.not\n");
  write_file(folder.path + "/ruby/Gemfile", "gem \"rails\"\ngem 'dotenv-rails'\n");
  Ledger ledger;
  const auto project = open_project(folder.path, ledger);
  ASSERT_TRUE(project);
  EXPECT_TRUE(project->uses(Framework::Next));
  EXPECT_TRUE(project->uses(Framework::Rails));
  EXPECT_FALSE(project->uses(Framework::Django));
  ASSERT_NE(project->public_prefix_of("NEXT_PUBLIC_X"), nullptr);
  EXPECT_EQ(project->public_prefix_of("NEXT_PUBLIC_X")->by, "Next.js");
  EXPECT_NE(project->public_prefix_of("PUBLIC_X"), nullptr);
  EXPECT_EQ(project->public_prefix_of("EXPO_PUBLIC_X"), nullptr);
  EXPECT_EQ(names(project->loaders_of(".env")), "node-dotenv next");
  EXPECT_EQ(names(project->loaders_of("sub/.env")), "node-dotenv next");
  EXPECT_EQ(names(project->loaders_of(".env.seed")), "node-dotenv node-env-file next");
  EXPECT_EQ(names(project->loaders_of("api/.env")), "python-dotenv compose");
  EXPECT_EQ(names(project->loaders_of("web/.env.production")), "vite");
  EXPECT_EQ(names(project->loaders_of(".env.docker")), "node-dotenv next compose");
  EXPECT_EQ(names(project->loaders_of(".env.shell")), "node-dotenv next bash");
  EXPECT_EQ(names(project->loaders_of(".env.run")), "node-dotenv next docker-run");
  EXPECT_EQ(names(project->loaders_of("ruby/.env")), "ruby-dotenv");
}

TEST(Project, ReadsTheConfigurationOfVite) {
  const test::TempDir folder;
  write_file(folder.path + "/apps/web/package.json", R"({"devDependencies":{"vite":"8"}})");
  write_file(folder.path + "/apps/web/vite.config.ts",
             "export default defineConfig(({ mode }) => ({ envPrefix: ['VITE_', 'APP_', ''],\n"
             "  envDir: path.resolve(__dirname, '../..') }))\n");
  write_file(folder.path + "/apps/admin/vite.config.js", "export default { envDir: './env', envPrefix: 'ADM_' }\n");
  write_file(folder.path + "/apps/odd/vite.config.js", "export default { envDir: dir('a', 'b'), envPrefix: prefix }\n");
  Ledger ledger;
  const auto project = open_project(folder.path, ledger);
  ASSERT_TRUE(project);
  EXPECT_TRUE(ledger.empty());
  for (const char* name : {"VITE_X", "APP_X", "ADM_X"}) EXPECT_NE(project->public_prefix_of(name), nullptr) << name;
  EXPECT_EQ(project->public_prefix_of("DB_X"), nullptr);
  EXPECT_EQ(names(project->loaders_of(".env")), "vite");
  EXPECT_EQ(names(project->loaders_of("apps/admin/env/.env.production")), "vite");
  EXPECT_EQ(names(project->loaders_of("apps/odd/.env")), "vite");  // of the root
}

TEST(Project, GoesThroughNoSymbolicLink) {
  const test::TempDir folder, other;
  write_file(other.path + "/.env", "A=1\n");
  ASSERT_EQ(symlink(other.path.c_str(), (folder.path + "/out").c_str()), 0);
  Ledger ledger;
  const auto project = open_project(folder.path, ledger);
  ASSERT_TRUE(project);
  ASSERT_EQ(project->files.size(), 1u);
  EXPECT_TRUE(project->files[0].symlink);
}

TEST(Project, AMissingFolderIsAnError) {
  Ledger ledger;
  const auto project = open_project("/nonexistent/x", ledger);
  ASSERT_FALSE(project);
  EXPECT_EQ(project.error().kind, ErrorKind::NotFound);
}

TEST(ComposeEnvFiles, AllForms) {
  const auto said = compose_env_files(
      "a:\n  env_file: .env.a # x\nb:\n  env_file: [\".env.b\", .env.c]\nc:\n  env_file:\n  - .env.d\n  environment:\n "
      " - X=1\n");
  std::string all;
  for (const auto& file : said) all += file.path + ":" + std::to_string(file.line) + " ";
  EXPECT_EQ(all, ".env.a:2 .env.b:4 .env.c:4 .env.d:7 ");
}

}  // namespace
}  // namespace tightship::lint
