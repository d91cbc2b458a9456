#include "hook/global.h"

#include "hook/plain_hook.h"
#include "hook_fixture.h"

namespace tightship::hook {
namespace {

using namespace test;
using What = Outcome::What;

std::string git_value(const std::string& key) {
  const std::string out = temp_dir();
  const int status = std::system(("git config --global --get " + key + " > " + out + "/value").c_str());
  const std::string value = status == 0 ? slurp(out + "/value") : "";
  remove_tree(out);
  return value.substr(0, value.find('\n'));
}

std::vector<HookKind> all_kinds() { return {kHookKinds.begin(), kHookKinds.end()}; }

TEST(GlobalPlace, AsksWhenNothingIsSet) {
  const Home home;
  const auto place = global_place(GlobalWay::Undecided);
  ASSERT_TRUE(place);
  EXPECT_EQ(place->way, GlobalWay::Undecided);
  EXPECT_EQ(snapshot(home.dir.path).size(), 0u);
}

TEST(GlobalHooksPath, IsMadeSetAndTakenAway) {
  const Home home;
  write_file(home.config(), "[user]\n\tname = Ana\n");
  fs::create_directories(home.dir.path + "/.config");
  const auto before = snapshot(home.dir.path);
  const auto place = global_place(GlobalWay::HooksPath);
  ASSERT_TRUE(place);
  const auto installed = install_global({HookKind::PrePush}, *place, kTool);
  ASSERT_TRUE(installed) << installed.error().what;
  EXPECT_EQ(installed->front().what, What::Installed);
  const std::string folder = home.dir.path + "/.config/tightship/hooks";
  EXPECT_EQ(git_value("core.hooksPath"), folder);
  for (const std::string_view name : kPassedOn) EXPECT_TRUE(is_executable(folder + "/" + std::string(name))) << name;

  // Again, now that it is set.
  const auto between = snapshot(home.dir.path);
  const auto again = global_place(GlobalWay::Undecided);
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->ours);
  EXPECT_EQ(install_global({HookKind::PrePush}, *again, kTool)->front().what, What::Already);
  EXPECT_EQ(snapshot(home.dir.path), between);

  // A second kind takes the place of a script that only passes on, and gives it back.
  EXPECT_EQ(install_global({HookKind::PreCommit}, *again, kTool)->front().what, What::Installed);
  EXPECT_TRUE(global_status(HookKind::PreCommit, *again).active);
  EXPECT_EQ(uninstall_global({HookKind::PreCommit}, *again)->front().what, What::Removed);
  EXPECT_EQ(snapshot(home.dir.path), between);

  const auto removed = uninstall_global(all_kinds(), *again);
  ASSERT_TRUE(removed) << removed.error().what;
  EXPECT_EQ(git_value("core.hooksPath"), "");
  EXPECT_EQ(snapshot(home.dir.path), before);
}

TEST(GlobalHooksPath, AUsersFolderKeepsItsMeaning) {
  const Home home;
  const std::string folder = home.dir.path + "/my hooks";
  write_mode(folder + "/pre-push", "#!/bin/sh\nexit 0\n");
  write_file(home.config(), "[core]\n\thooksPath = ~/my hooks\n");
  const auto before = snapshot(home.dir.path);
  const auto place = global_place(GlobalWay::Undecided);
  ASSERT_TRUE(place);
  EXPECT_FALSE(place->ours);
  const auto installed = install_global({HookKind::PrePush}, *place, kTool);
  ASSERT_TRUE(installed);
  EXPECT_EQ(installed->front().chained, folder + "/pre-push.before-tightship");
  EXPECT_FALSE(fs::exists(folder + "/pre-commit"));
  EXPECT_TRUE(global_status(HookKind::PrePush, *place).active);
  ASSERT_TRUE(uninstall_global(all_kinds(), *place));
  EXPECT_EQ(snapshot(home.dir.path), before);
}

TEST(GlobalHooksPath, OneRepositoryDoesNotTakeItAway) {
  const Home home;
  const GitFixture repository;
  ASSERT_TRUE(install_global({HookKind::PrePush}, *global_place(GlobalWay::HooksPath), kTool));
  const auto before = snapshot(home.dir.path);
  EXPECT_EQ(what_of(install(repository.path())), What::Already);
  const HookStatus status = hook_status(open(repository.path()), HookKind::PrePush);
  EXPECT_TRUE(status.active);
  EXPECT_EQ(status.way, "all repositories");
  const auto left = uninstall_hook(open(repository.path()), HookKind::PrePush);
  ASSERT_TRUE(left);
  EXPECT_EQ(left->front().what, What::Absent);
  EXPECT_FALSE(left->front().notes.empty());
  EXPECT_EQ(snapshot(home.dir.path), before);
}

TEST(GlobalTemplate, ServesNewRepositories) {
  const Home home;
  write_file(home.config(), "");
  fs::create_directories(home.dir.path + "/.config");
  const auto before = snapshot(home.dir.path);
  ASSERT_TRUE(install_global({HookKind::PrePush}, *global_place(GlobalWay::Template), kTool));
  const auto place = global_place(GlobalWay::Undecided);
  ASSERT_TRUE(place);
  EXPECT_EQ(place->way, GlobalWay::Template);
  EXPECT_EQ(git_value("init.templateDir"), home.dir.path + "/.config/tightship/template");
  ASSERT_EQ(std::system(("git init -q " + home.dir.path + "/new").c_str()), 0);
  EXPECT_TRUE(hook_status(open(home.dir.path + "/new"), HookKind::PrePush).active);
  EXPECT_EQ(uninstall_hook(open(home.dir.path + "/new"), HookKind::PrePush)->front().what, What::Removed);
  remove_tree(home.dir.path + "/new");
  ASSERT_TRUE(uninstall_global(all_kinds(), *place));
  EXPECT_EQ(snapshot(home.dir.path), before);
}

TEST(GlobalTemplate, AUsersTemplateIsTaken) {
  const Home home;
  fs::create_directories(home.dir.path + "/template");
  write_file(home.config(), "[init]\n\ttemplateDir = ~/template\n");
  const auto place = global_place(GlobalWay::Undecided);
  ASSERT_TRUE(place);
  ASSERT_TRUE(install_global({HookKind::PrePush}, *place, kTool));
  EXPECT_TRUE(is_executable(home.dir.path + "/template/hooks/pre-push"));
}

TEST(GlobalPlace, RefusesWhatCannotServeAll) {
  const Home home;
  write_file(home.config(), "[core]\n\thooksPath = .githooks\n");
  EXPECT_EQ(global_place(GlobalWay::Undecided).error().kind, ErrorKind::Config);
  write_file(home.config(), "[core]\n\thooksPath = /dev/null\n");
  EXPECT_EQ(global_place(GlobalWay::Undecided).error().kind, ErrorKind::Config);
  write_file(home.config(), "[core]\n\thooksPath = ~/hooks\n");
  EXPECT_EQ(global_place(GlobalWay::Template).error().kind, ErrorKind::Config);
}

TEST(GlobalHooksPath, RefusesAForeignHookInOurFolder) {
  const Home home;
  write_mode(home.dir.path + "/.config/tightship/hooks/pre-push", "#!/bin/sh\n");
  const auto before = snapshot(home.dir.path);
  EXPECT_FALSE(install_global({HookKind::PrePush}, *global_place(GlobalWay::HooksPath), kTool));
  EXPECT_EQ(snapshot(home.dir.path), before);
}

}  // namespace
}  // namespace tightship::hook
