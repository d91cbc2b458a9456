// The installed scripts under a real git, with a tightship that writes down how it was called.

#include <gtest/gtest.h>

#include "hook/global.h"
#include "hook/husky.h"
#include "hook/plain_hook.h"
#include "hook_fixture.h"

namespace tightship::hook {
namespace {

using namespace test;

constexpr const char* kOnlySystem = "/usr/bin:/bin";

// A repository, a bare one to push to, and what the hooks wrote down.
struct Stage {
  explicit Stage(const std::string& name = "repo") : repository({.name = name}) {
    fs::create_directories(log);
    fs::create_directories(bin);
    repository.git({"init", "-q", "--bare", remote});
    repository.commit("one");
    tightship(bin + "/tightship", 0);
  }

  // Writes arguments and input to `log`/tightship and ends with `status`.
  void tightship(const std::string& file, int status) const { recorder(file, "tightship", status); }
  void recorder(const std::string& file, const std::string& name, int status) const {
    write_mode(file, "#!/bin/sh\n{ printf '%s\\n' \"$@\"; echo --; cat; } > '" + log + "/" + name + "'\necho " + name +
                         " >> '" + log + "/order'\nexit " + std::to_string(status) + "\n");
  }
  GitResult push(const std::vector<std::string>& refs = {"main"}) const {
    std::vector<std::string> args = {"push", remote};
    args.insert(args.end(), refs.begin(), refs.end());
    return repository.try_git(repository.path(), args);
  }
  std::string read(const std::string& name) const {
    return fs::exists(log + "/" + name) ? slurp(log + "/" + name) : std::string("nothing");
  }
  std::string input(const std::string& name) const {
    const std::string text = read(name);
    const auto at = text.find("--\n");
    return at == std::string::npos ? text : text.substr(at + 3);
  }
  std::string on_remote() const { return repository.git_in(remote, {"for-each-ref"}); }
  std::string hook(const char* name = "pre-push") const { return repository.git_dir() + "/hooks/" + name; }

  Home home;
  GitFixture repository;
  std::string log = home.dir.path + "/log", bin = home.dir.path + "/bin", remote = home.dir.path + "/remote.git";
  Variable path{"PATH", bin + ":" + kOnlySystem};
};

struct Verdicts {
  const char* name;
  int tightship, before;
};

class BothHooks : public testing::TestWithParam<Verdicts> {};

TEST_P(BothHooks, GetTheSameAndBothMustAgree) {
  const Stage stage("a repo's\nname");
  const auto& [name, ours, theirs] = GetParam();
  stage.tightship(stage.bin + "/tightship", ours);
  stage.recorder(stage.hook(), "before", theirs);
  ASSERT_TRUE(install(stage.repository.path()));
  stage.repository.git({"tag", "-a", "v1", "-m", "tag"});

  const GitResult pushed = stage.push({"main", "v1", "main:refs/heads/other"});
  const bool passes = ours == 0 && theirs == 0;
  EXPECT_EQ(pushed.exit_code == 0, passes) << pushed.err;
  EXPECT_EQ(stage.on_remote().empty(), !passes);
  const std::string input = stage.input("tightship");
  EXPECT_EQ(std::count(input.begin(), input.end(), '\n'), 3);
  EXPECT_EQ(stage.read("tightship"), "hook\nrun\npre-push\n" + stage.remote + "\n" + stage.remote + "\n--\n" + input);
  if (ours != 0) {
    EXPECT_EQ(stage.read("before"), "nothing");
  } else {
    EXPECT_EQ(stage.read("before"), stage.remote + "\n" + stage.remote + "\n--\n" + input);
  }
}

INSTANTIATE_TEST_SUITE_P(Table, BothHooks,
                         testing::Values(Verdicts{"both_pass", 0, 0}, Verdicts{"ours_blocks", 1, 0},
                                         Verdicts{"theirs_blocks", 0, 7}, Verdicts{"both_block", 3, 7}),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(Script, KeepsTheExitStatusOfEither) {
  const Stage stage;
  const auto run = [&] {
    const int status = std::system(("'" + stage.hook() + "' a b < /dev/null").c_str());
    return WEXITSTATUS(status);
  };
  ASSERT_TRUE(install(stage.repository.path()));
  stage.tightship(stage.bin + "/tightship", 3);
  EXPECT_EQ(run(), 3);
  ASSERT_TRUE(uninstall_hook(open(stage.repository.path()), HookKind::PrePush));
  stage.recorder(stage.hook(), "before", 7);
  ASSERT_TRUE(install(stage.repository.path()));
  EXPECT_EQ(run(), 3);
  stage.tightship(stage.bin + "/tightship", 0);
  EXPECT_EQ(run(), 7);
  EXPECT_EQ(stage.read("before"), "a\nb\n--\n");  // no input is no input, not an empty line
}

TEST(Script, NobodyNeedsToReadALongInput) {
  const Stage stage;
  const std::string oid = stage.repository.git({"rev-parse", "HEAD"});
  std::string refs;
  for (int i = 0; i < 2000; ++i) refs += "create refs/heads/branch-" + std::to_string(i) + " " + oid;
  stage.repository.git({"update-ref", "--stdin"}, refs);
  write_mode(stage.hook(), "#!/bin/sh\nexit 0\n");
  write_mode(stage.bin + "/tightship", "#!/bin/sh\nexit 0\n");
  ASSERT_TRUE(install(stage.repository.path()));
  const GitResult pushed = stage.push({"refs/heads/*"});
  EXPECT_EQ(pushed.exit_code, 0) << pushed.err;
  EXPECT_EQ(pushed.err.find("rror"), std::string::npos) << pushed.err;

  stage.recorder(stage.hook() + ".before-tightship", "before", 0);
  stage.tightship(stage.bin + "/tightship", 0);
  EXPECT_EQ(stage.push({"refs/heads/*:refs/heads/again/*"}).exit_code, 0);
  EXPECT_GT(stage.input("before").size(), std::size_t{1} << 17);
  EXPECT_EQ(stage.input("before"), stage.input("tightship"));
}

TEST(Script, DoesNotRunWhatGitDidNotRun) {
  const Stage stage;
  stage.recorder(stage.hook(), "before", 1);
  ::chmod(stage.hook().c_str(), 0644);
  ASSERT_TRUE(install(stage.repository.path()));
  EXPECT_EQ(stage.push().exit_code, 0);
  EXPECT_EQ(stage.read("before"), "nothing");
}

TEST(Script, FollowsALinkToTheHookFromBefore) {
  const Stage stage;
  stage.recorder(stage.repository.git_dir() + "/all-hooks", "before", 0);
  fs::create_symlink("../all-hooks", stage.hook());
  ASSERT_TRUE(install(stage.repository.path()));
  EXPECT_EQ(stage.push().exit_code, 0);
  EXPECT_EQ(stage.input("before"), stage.input("tightship"));
}

// --- tightship went away

TEST(Missing, BlocksAndSaysHowToGoOn) {
  const Stage stage;
  ASSERT_TRUE(install(stage.repository.path()));
  fs::remove(stage.bin + "/tightship");
  const GitResult pushed = stage.push();
  EXPECT_NE(pushed.exit_code, 0);
  EXPECT_EQ(stage.on_remote(), "");
  EXPECT_TRUE(pushed.err.starts_with("tightship: push blocked: ")) << pushed.err;
  for (const char* part : {"PATH", kTool, "help: ", "git push --no-verify", "git config tightship.missing pass"}) {
    EXPECT_NE(pushed.err.find(part), std::string::npos) << part << "\n" << pushed.err;
  }
}

TEST(Missing, PassesWhenTheUserSaysSo) {
  const Stage stage;
  stage.recorder(stage.hook(), "before", 0);
  ASSERT_TRUE(install(stage.repository.path()));
  fs::remove(stage.bin + "/tightship");
  stage.repository.git({"config", "tightship.missing", "pass"});
  const GitResult pushed = stage.push();
  EXPECT_EQ(pushed.exit_code, 0) << pushed.err;
  EXPECT_NE(pushed.err.find("not checked"), std::string::npos);
  EXPECT_NE(stage.input("before"), "nothing");  // the hook from before runs all the same
}

TEST(Missing, TakesThePlaceItWasInstalledFrom) {
  const Stage stage;
  const std::string elsewhere = stage.home.dir.path + "/else where/it's/tightship";
  ASSERT_TRUE(install_hook(open(stage.repository.path()), HookKind::PrePush, {elsewhere, false}));
  fs::remove(stage.bin + "/tightship");
  stage.tightship(elsewhere, 0);
  EXPECT_EQ(stage.push().exit_code, 0);
  EXPECT_NE(stage.read("tightship"), "nothing");
}

TEST(Missing, CommitsAndDeliveriesToo) {
  const Stage stage;
  ASSERT_TRUE(install(stage.repository.path(), HookKind::PreCommit));
  ASSERT_TRUE(install(stage.remote, HookKind::PreReceive));
  fs::remove(stage.bin + "/tightship");
  const GitResult committed =
      stage.repository.try_git(stage.repository.path(), {"commit", "--allow-empty", "-m", "two"});
  EXPECT_NE(committed.exit_code, 0);
  EXPECT_TRUE(committed.err.starts_with("tightship: commit blocked: ")) << committed.err;
  const GitResult pushed = stage.push();
  EXPECT_NE(pushed.exit_code, 0);
  EXPECT_NE(pushed.err.find("tightship: push refused: "), std::string::npos) << pushed.err;
  EXPECT_EQ(stage.on_remote(), "");
}

// --- other kinds, other places

TEST(OtherKinds, PreCommitRunsAfterWhatMayStageFiles) {
  const Stage stage;
  stage.recorder(stage.hook("pre-commit"), "before", 0);
  ASSERT_TRUE(install(stage.repository.path(), HookKind::PreCommit));
  const auto commit = [&] {
    return stage.repository.try_git(stage.repository.path(), {"commit", "--allow-empty", "-m", "x"}).exit_code == 0;
  };
  EXPECT_TRUE(commit());
  EXPECT_EQ(stage.read("order"), "before\ntightship\n");
  stage.tightship(stage.bin + "/tightship", 1);
  EXPECT_FALSE(commit());
  stage.tightship(stage.bin + "/tightship", 0);
  stage.recorder(stage.hook("pre-commit") + ".before-tightship", "before", 1);
  EXPECT_FALSE(commit());
}

TEST(OtherKinds, PreReceiveRefusesAtTheRemote) {
  const Stage stage;
  stage.recorder(stage.remote + "/hooks/pre-receive", "before", 0);
  ASSERT_TRUE(install(stage.remote, HookKind::PreReceive));
  stage.tightship(stage.bin + "/tightship", 1);
  EXPECT_NE(stage.push().exit_code, 0);
  EXPECT_EQ(stage.on_remote(), "");
  stage.tightship(stage.bin + "/tightship", 0);
  EXPECT_EQ(stage.push().exit_code, 0);
  EXPECT_TRUE(stage.read("tightship").starts_with("hook\nrun\npre-receive\n--\n"));
  EXPECT_EQ(stage.input("before"), stage.input("tightship"));
}

TEST(OtherPlaces, ALinkedWorktreeIsServed) {
  const Stage stage;
  const std::string linked = stage.home.dir.path + "/linked tree";
  stage.repository.git({"worktree", "add", "-q", "-b", "linked", linked});
  stage.recorder(stage.hook(), "before", 0);
  ASSERT_TRUE(install(linked));
  EXPECT_EQ(stage.repository.try_git(linked, {"push", stage.remote, "HEAD:refs/heads/x"}).exit_code, 0);
  EXPECT_EQ(stage.input("before"), stage.input("tightship"));
}

TEST(OtherPlaces, ARelativeHooksPathIsServed) {
  const Stage stage;
  stage.repository.git({"config", "core.hooksPath", "my hooks"});
  stage.recorder(stage.repository.path() + "/my hooks/pre-push", "before", 0);
  ASSERT_TRUE(install(stage.repository.path()));
  EXPECT_EQ(stage.push().exit_code, 0);
  EXPECT_EQ(stage.input("before"), stage.input("tightship"));
}

TEST(OtherPlaces, WhatPreCommitMovedStillRunsTheHookFromBefore) {
  const Stage stage;
  stage.recorder(stage.hook(), "before", 0);
  ASSERT_TRUE(install(stage.repository.path()));
  fs::rename(stage.hook(), stage.hook() + ".legacy");
  write_mode(stage.hook(), "#!/bin/sh\nexec \"$0.legacy\" \"$@\"\n");
  EXPECT_EQ(stage.push().exit_code, 0);
  EXPECT_NE(stage.read("tightship"), "nothing");
  EXPECT_EQ(stage.input("before"), stage.input("tightship"));
}

// Installed twice, pre-commit finds ours in its place, and ours keeps its own hook of the first time, which
// refuses to be run from inside of itself.
TEST(OtherPlaces, PreCommitsOwnHookIsNotRunInsideOfItself) {
  const Stage stage;
  const std::string own =
      "#!/bin/sh\n# File generated by pre-commit: https://pre-commit.com\n"
      "[ -z \"$PRE_COMMIT_RUNNING_LEGACY\" ] || exit 7\n[ -x \"$0.legacy\" ] || exit 0\n"
      "PRE_COMMIT_RUNNING_LEGACY=1 exec \"$0.legacy\" \"$@\"\n";
  write_mode(stage.hook(), own);
  ASSERT_TRUE(install(stage.repository.path()));
  EXPECT_EQ(stage.push().exit_code, 0) << "chained in its usual place it runs";
  fs::rename(stage.hook(), stage.hook() + ".legacy");
  write_mode(stage.hook(), own);
  EXPECT_EQ(stage.push().exit_code, 0);
  EXPECT_NE(stage.read("tightship"), "nothing");
  const auto removed = uninstall_hook(open(stage.repository.path()), HookKind::PrePush);
  ASSERT_TRUE(removed);
  EXPECT_EQ(removed->front().what, Outcome::What::Removed);
  EXPECT_FALSE(fs::exists(stage.hook() + ".legacy"));
  EXPECT_FALSE(fs::exists(stage.hook() + ".before-tightship"));
  EXPECT_EQ(test::slurp(stage.hook()), own);
}

// --- husky: its own hook is one line that runs .husky/NAME with sh -e

struct HuskyStage : Stage {
  HuskyStage() {
    for (const char* name : {"pre-push", "pre-commit"}) {
      write_mode(repository.path() + "/.husky/_/" + name,
                 "#!/bin/sh\nexec sh -e .husky/" + std::string(name) + " \"$@\"\n");
    }
    repository.git({"config", "core.hooksPath", ".husky/_"});
  }
  std::string file(const char* name) const { return repository.path() + "/.husky/" + name; }
  bool commit() const {
    return repository.try_git(repository.path(), {"commit", "--allow-empty", "-m", "x"}).exit_code == 0;
  }
};

TEST(Husky, BothReadTheInputAndBothMustAgree) {
  const HuskyStage stage;
  const std::string theirs = "cat > '" + stage.log + "/before'\nexit $(cat '" + stage.log + "/status')\n";
  write_mode(stage.file("pre-push"), theirs, 0644);
  write_file(stage.log + "/status", "0");
  const auto installed = install(stage.repository.path());
  ASSERT_TRUE(installed);
  EXPECT_EQ(installed->manager, "husky");
  EXPECT_EQ(stage.push().exit_code, 0);
  EXPECT_EQ(stage.read("before"), stage.input("tightship"));
  EXPECT_TRUE(stage.read("tightship").starts_with("hook\nrun\npre-push\n" + stage.remote + "\n"));

  write_file(stage.log + "/status", "4");
  EXPECT_NE(stage.push({"main:b"}).exit_code, 0);
  write_file(stage.log + "/status", "0");
  stage.tightship(stage.bin + "/tightship", 1);
  EXPECT_NE(stage.push({"main:b"}).exit_code, 0);
  fs::remove(stage.bin + "/tightship");
  const GitResult pushed = stage.push({"main:b"});
  EXPECT_NE(pushed.exit_code, 0);
  EXPECT_TRUE(pushed.err.starts_with("tightship: push blocked: ")) << pushed.err;

  ASSERT_TRUE(uninstall_hook(open(stage.repository.path()), HookKind::PrePush));
  EXPECT_EQ(slurp(stage.file("pre-push")), theirs);
  EXPECT_EQ(mode_of(stage.file("pre-push")), mode_t{0644});
}

TEST(Husky, AFileOfOursGoesAgain) {
  const HuskyStage stage;
  const auto before = snapshot(stage.repository.path());
  EXPECT_EQ(what_of(install(stage.repository.path())), Outcome::What::Installed);
  EXPECT_EQ(what_of(install(stage.repository.path())), Outcome::What::Already);
  EXPECT_TRUE(hook_status(open(stage.repository.path()), HookKind::PrePush).active);
  EXPECT_EQ(stage.push().exit_code, 0);
  EXPECT_NE(stage.read("tightship"), "nothing");
  ASSERT_TRUE(uninstall_hook(open(stage.repository.path()), HookKind::PrePush));
  fs::remove_all(stage.repository.git_dir() + "/objects");
  auto after = snapshot(stage.repository.path());
  for (const auto& [path, content] : after) EXPECT_EQ(before.count(path), 1u) << path;
}

TEST(Husky, PreCommitKeepsAFailureOfTheLastLine) {
  const HuskyStage stage;
  write_mode(stage.file("pre-commit"), "false && true\n");  // which sh -e does not stop at
  EXPECT_FALSE(stage.commit());
  ASSERT_TRUE(install(stage.repository.path(), HookKind::PreCommit));
  EXPECT_FALSE(stage.commit());
  EXPECT_EQ(stage.read("tightship"), "nothing");
  ASSERT_TRUE(uninstall_hook(open(stage.repository.path()), HookKind::PreCommit));
  write_mode(stage.file("pre-commit"), "true\n");
  ASSERT_TRUE(install(stage.repository.path(), HookKind::PreCommit));
  EXPECT_TRUE(stage.commit());
  EXPECT_NE(stage.read("tightship"), "nothing");
}

// --- for all repositories

struct GlobalStage : Stage {
  std::string folder() const { return home.dir.path + "/.config/tightship/hooks"; }
  // The fixture's git reads no configuration of a home.
  GitResult git(const std::string& where, std::vector<std::string> args) const {
    args.insert(args.begin(), {"-c", "core.hooksPath=" + folder()});
    return repository.try_git(where, args);
  }
};

TEST(Global, RunsTheRepositorysOwnHookToo) {
  const GlobalStage stage;
  const auto place = global_place(GlobalWay::HooksPath);
  ASSERT_TRUE(place);
  ASSERT_TRUE(install_global({HookKind::PrePush}, *place, kTool));
  const std::string& main = stage.repository.path();
  const std::string linked = stage.home.dir.path + "/linked", bare = stage.home.dir.path + "/bare.git";
  stage.repository.git({"worktree", "add", "-q", "-b", "linked", linked});
  stage.repository.git({"clone", "-q", "--bare", main, bare});
  stage.recorder(stage.hook(), "before", 0);
  stage.recorder(bare + "/hooks/pre-push", "bare", 0);
  stage.recorder(stage.remote + "/hooks/pre-receive", "received", 0);
  stage.recorder(stage.hook("commit-msg"), "message", 0);

  EXPECT_EQ(stage.git(main, {"push", stage.remote, "main:a"}).exit_code, 0);
  EXPECT_EQ(stage.input("before"), stage.input("tightship"));
  EXPECT_NE(stage.input("received"), "nothing");
  fs::remove(stage.log + "/before");
  EXPECT_EQ(stage.git(linked, {"push", stage.remote, "main:b"}).exit_code, 0);
  EXPECT_EQ(stage.input("before"), stage.input("tightship"));
  EXPECT_EQ(stage.git(bare, {"push", stage.remote, "main:c"}).exit_code, 0);
  EXPECT_EQ(stage.input("bare"), stage.input("tightship"));
  EXPECT_EQ(stage.git(main, {"commit", "-q", "--allow-empty", "-m", "x"}).exit_code, 0);
  EXPECT_NE(stage.read("message"), "nothing");

  stage.recorder(stage.hook(), "before", 1);
  EXPECT_NE(stage.git(main, {"push", stage.remote, "main:d"}).exit_code, 0);
}

TEST(Global, DoesNotRunItselfThroughALink) {
  const GlobalStage stage;
  ASSERT_TRUE(install_global({HookKind::PrePush}, *global_place(GlobalWay::HooksPath), kTool));
  fs::remove_all(stage.repository.git_dir() + "/hooks");
  fs::create_directory_symlink(stage.folder(), stage.repository.git_dir() + "/hooks");
  EXPECT_EQ(stage.git(stage.repository.path(), {"push", stage.remote, "main"}).exit_code, 0);
  EXPECT_EQ(stage.read("order"), "tightship\n");
}

}  // namespace
}  // namespace tightship::hook
