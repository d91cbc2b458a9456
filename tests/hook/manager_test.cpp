#include "hook/manager.h"

#include "hook_fixture.h"

namespace tightship::hook {
namespace {

using namespace test;
using What = Outcome::What;

// Files of a work tree, and what `hook install` makes of them.
struct Managed {
  const char* name;
  const char* file;
  const char* content;
  HookKind kind;
  What what;
  const char* manager;  // "" for a hook of git's own
  const char* paste;    // a line of what is to be pasted
};

const Managed kManaged[] = {
    {"lefthook", "lefthook.yml", "pre-commit:\n", HookKind::PrePush, What::ToPaste, "lefthook",
     "      run: tightship hook run pre-push \"{1}\" \"{2}\"\n      use_stdin: true\n"},
    {"lefthook_dot_yaml", ".lefthook.yaml", "", HookKind::PreCommit, What::ToPaste, "lefthook",
     "pre-commit:\n  commands:\n    tightship:\n      run: tightship hook run pre-commit\n"},
    {"lefthook_toml", "lefthook.toml", "", HookKind::PrePush, What::ToPaste, "lefthook",
     "[pre-push.commands.tightship]\nrun = 'tightship hook run pre-push \"{1}\" \"{2}\"'\nuse_stdin = "
     "true\n"},
    {"lefthook_json", "lefthook.json", "{}", HookKind::PrePush, What::ToPaste, "lefthook",
     "\"run\": \"tightship hook run pre-push \\\"{1}\\\" \\\"{2}\\\"\", \"use_stdin\": true"},
    {"lefthook_pasted", "lefthook.yml", "pre-push:\n  commands:\n    x:\n      run: tightship hook run pre-push {0}\n",
     HookKind::PrePush, What::Already, "lefthook", ""},
    {"simple_git_hooks", "package.json", "{\"simple-git-hooks\" :\n {\"pre-push\": \"npm test\"}}", HookKind::PrePush,
     What::ToPaste, "simple-git-hooks", "\"pre-push\": \"tightship hook run pre-push \\\"$@\\\"\"\n"},
    {"simple_git_hooks_file", ".simple-git-hooks.json", "{}", HookKind::PreCommit, What::ToPaste, "simple-git-hooks",
     "\"pre-commit\": "},
    {"only_a_dependency", "package.json", "{\"devDependencies\": {\"simple-git-hooks\": \"2\", \"husky\": \"9\"}}",
     HookKind::PrePush, What::Installed, "", ""},
    {"husky_4", "package.json", "{\"husky\": {\"hooks\": {}}}", HookKind::PrePush, What::ToPaste, "husky 4",
     "\"$HUSKY_GIT_STDIN\\\" | tightship hook run pre-push $HUSKY_GIT_PARAMS"},
    {"husky_4_file", ".huskyrc.json", "{}", HookKind::PreCommit, What::ToPaste, "husky 4",
     "\"pre-commit\": \"tightship hook run pre-commit\""},
    {"overcommit", ".overcommit.yml", "", HookKind::PrePush, What::ToPaste, "overcommit",
     "PrePush:\n  Tightship:\n    enabled: true\n    command: ['tightship', 'hook', 'run', 'pre-push']\n"},
    {"pre_commit_commits", ".pre-commit-config.yaml", "repos: []\n", HookKind::PreCommit, What::ToPaste, "pre-commit",
     "        entry: tightship hook run pre-commit\n"},
    {"pre_commit_pushes", ".pre-commit-config.yaml", "repos: []\n", HookKind::PrePush, What::Installed, "", ""},
    {"not_for_pre_receive", "lefthook.yml", "", HookKind::PreReceive, What::Installed, "", ""},
};

class WithManager : public testing::TestWithParam<Managed> {};

TEST_P(WithManager, InstallsOrSaysWhatToPaste) {
  const Home home;
  const GitFixture repository;
  const Managed& row = GetParam();
  repository.write(row.file, row.content);
  const auto before = snapshot(repository.path());
  const auto outcome = install(repository.path(), row.kind);
  ASSERT_EQ(what_of(outcome), row.what);
  EXPECT_EQ(outcome->manager, row.manager);
  EXPECT_NE(outcome->paste.find(row.paste), std::string::npos) << outcome->paste;
  if (row.what != What::Installed) {
    EXPECT_EQ(outcome->path, repository.path() + "/" + row.file);
    EXPECT_EQ(snapshot(repository.path()), before);
  }
  const HookStatus status = hook_status(open(repository.path()), row.kind);
  EXPECT_EQ(status.installed, row.what != What::ToPaste);
  EXPECT_EQ(status.active, row.what == What::Installed);  // no manager has been run here
  const auto removed = uninstall_hook(open(repository.path()), row.kind);
  ASSERT_TRUE(removed);
  const What expected = row.what == What::Installed ? What::Removed
                        : row.what == What::Already ? What::ToCut
                                                    : What::Absent;
  EXPECT_EQ(removed->front().what, expected);
  EXPECT_EQ(snapshot(repository.path()), before);
}

INSTANTIATE_TEST_SUITE_P(Table, WithManager, testing::ValuesIn(kManaged),
                         [](const auto& row) { return std::string(row.param.name); });

// What is printed counts as installed once it is pasted.
TEST(Paste, IsRecognisedWhenItIsThere) {
  const Home home;
  for (const Managed& row : kManaged) {
    if (row.what != What::ToPaste) continue;
    const GitFixture repository;
    repository.write(row.file, row.content);
    const auto outcome = install(repository.path(), row.kind);
    ASSERT_TRUE(outcome);
    repository.write(row.file, row.content + ("\n" + outcome->paste));
    EXPECT_EQ(what_of(install(repository.path(), row.kind)), What::Already) << row.name;
  }
}

TEST(Plain, GoesBesideAManagerThatAllowsIt) {
  const Home home;
  const GitFixture repository;
  repository.write("lefthook.yml", "");
  const std::string path = repository.git_dir() + "/hooks/pre-push";
  write_mode(path, "#!/bin/sh\nlefthook run pre-push \"$@\"\n");
  const auto installed = install(repository.path(), HookKind::PrePush, true);
  ASSERT_EQ(what_of(installed), What::Installed);
  EXPECT_EQ(installed->chained, path + ".before-tightship");
  EXPECT_TRUE(hook_status(open(repository.path()), HookKind::PrePush).active);
}

TEST(Plain, IsRefusedWhereHooksLookAtTheirName) {
  const Home home;
  const GitFixture repository;
  write_mode(repository.path() + "/.husky/_/pre-push", "#!/bin/sh\n");
  repository.git({"config", "core.hooksPath", ".husky/_"});
  const auto before = snapshot(repository.path());
  EXPECT_EQ(install(repository.path(), HookKind::PrePush, true).error().kind, ErrorKind::Usage);
  EXPECT_EQ(snapshot(repository.path()), before);
}

TEST(Husky, IsFoundBeforeItIsSetUp) {
  const Home home;
  const GitFixture repository;
  repository.write(".husky/pre-commit", "npm test\n");
  repository.write("package.json", "{\"devDependencies\": {\"husky\": \"^9\"}}");
  const auto installed = install(repository.path());
  ASSERT_EQ(what_of(installed), What::Installed);
  EXPECT_EQ(installed->path, repository.path() + "/.husky/pre-push");
  const HookStatus status = hook_status(open(repository.path()), HookKind::PrePush);
  EXPECT_TRUE(status.installed);
  EXPECT_FALSE(status.active);
}

TEST(Husky, Version8GetsItsHead) {
  const Home home;
  const GitFixture repository;
  repository.write(".husky/_/husky.sh", "");
  repository.git({"config", "core.hooksPath", ".husky"});
  const auto before = snapshot(repository.path());
  ASSERT_EQ(what_of(install(repository.path())), What::Installed);
  const std::string path = repository.path() + "/.husky/pre-push";
  EXPECT_TRUE(slurp(path).starts_with("#!/usr/bin/env sh\n. \"$(dirname -- \"$0\")/_/husky.sh\"\n\n# tightship-hook"));
  EXPECT_TRUE(hook_status(open(repository.path()), HookKind::PrePush).active);
  ASSERT_TRUE(uninstall_hook(open(repository.path()), HookKind::PrePush));
  EXPECT_EQ(snapshot(repository.path()), before);
}

TEST(Husky, RefusesToLoseWhatSomebodyWrote) {
  const Home home;
  const GitFixture repository;
  repository.write(".husky/_/h", "");
  repository.git({"config", "core.hooksPath", ".husky/_"});
  ASSERT_TRUE(install(repository.path()));
  const std::string path = repository.path() + "/.husky/pre-push";
  std::string text = slurp(path);
  text.insert(text.find("exit 2"), "echo more; ");
  write_file(path, text);
  EXPECT_EQ(install(repository.path()).error().kind, ErrorKind::Config);
  EXPECT_EQ(uninstall_hook(open(repository.path()), HookKind::PrePush).error().kind, ErrorKind::Config);
  EXPECT_EQ(slurp(path), text);
}

TEST(Husky, WritesThroughALinkInsideOnly) {
  const Home home;
  const GitFixture repository;
  repository.write("scripts/pre-push.sh", "npm test\n");
  fs::create_directories(repository.path() + "/.husky/_");
  fs::create_symlink("../scripts/pre-push.sh", repository.path() + "/.husky/pre-push");
  repository.git({"config", "core.hooksPath", ".husky/_"});
  ASSERT_EQ(what_of(install(repository.path())), What::Installed);
  EXPECT_TRUE(fs::is_symlink(repository.path() + "/.husky/pre-push"));
  EXPECT_NE(slurp(repository.path() + "/scripts/pre-push.sh"), "npm test\n");
  ASSERT_TRUE(uninstall_hook(open(repository.path()), HookKind::PrePush));
  EXPECT_EQ(slurp(repository.path() + "/scripts/pre-push.sh"), "npm test\n");
}

}  // namespace
}  // namespace tightship::hook
