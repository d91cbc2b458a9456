#include "hook/install.h"

#include "hook/plain_hook.h"
#include "hook_fixture.h"

namespace tightship::hook {
namespace {

using namespace test;
using What = Outcome::What;

// What may be in the way of our hook; `there` is put into the hooks folder before.
struct Before {
  const char* name;
  void (*there)(const std::string& hooks);
  bool chained;  // runs too
};

void nothing(const std::string&) {}
void no_folder(const std::string& hooks) { fs::remove_all(hooks); }
void script(const std::string& hooks) { write_mode(hooks + "/pre-push", "#!/bin/sh\nexit 0\n"); }
void odd_bytes(const std::string& hooks) {
  write_mode(hooks + "/pre-push", std::string("#!/bin/sh\r\n\0\xff\xfe", 14), 0700);
}
void not_executable(const std::string& hooks) { write_mode(hooks + "/pre-push", "#!/bin/sh\n", 0644); }
void empty(const std::string& hooks) { write_mode(hooks + "/pre-push", ""); }
void link(const std::string& hooks) {
  write_mode(hooks + "/../all-hooks", "#!/bin/sh\n");
  fs::create_symlink("../all-hooks", hooks + "/pre-push");
}
void dangling(const std::string& hooks) { fs::create_symlink("nowhere", hooks + "/pre-push"); }
void sample(const std::string& hooks) { write_mode(hooks + "/pre-push.sample", "#!/bin/sh\n"); }

const Before kBefore[] = {
    {"nothing", nothing, false},
    {"no_folder", no_folder, false},
    {"script", script, true},
    {"odd_bytes", odd_bytes, true},
    {"not_executable", not_executable, false},
    {"empty", empty, true},
    {"link", link, true},
    {"dangling", dangling, false},
    {"sample", sample, false},
};

class InstallOver : public testing::TestWithParam<Before> {};

TEST_P(InstallOver, ChainsAndRestoresByteForByte) {
  const Home home;
  const GitFixture repository;
  const std::string hooks = repository.git_dir() + "/hooks", path = hooks + "/pre-push";
  fs::create_directories(hooks);
  GetParam().there(hooks);
  const auto before = snapshot(repository.path());

  const auto installed = install(repository.path());
  ASSERT_EQ(what_of(installed), What::Installed);
  EXPECT_EQ(installed->path, path);
  EXPECT_EQ(installed->chained, GetParam().chained ? path + ".before-tightship" : "");
  EXPECT_EQ(slurp(path), script_text(HookKind::PrePush, kTool, read_script(slurp(path))->flags));
  EXPECT_TRUE(is_executable(path));
  const auto between = snapshot(repository.path());

  EXPECT_EQ(what_of(install(repository.path())), What::Already);
  EXPECT_EQ(snapshot(repository.path()), between);

  const auto removed = uninstall_hook(open(repository.path()), HookKind::PrePush);
  ASSERT_TRUE(removed);
  ASSERT_EQ(removed->size(), 1u);
  EXPECT_EQ(removed->front().what, What::Removed);
  EXPECT_EQ(snapshot(repository.path()), before);
  EXPECT_EQ(uninstall_hook(open(repository.path()), HookKind::PrePush)->front().what, What::Absent);
  EXPECT_EQ(snapshot(repository.path()), before);
}

INSTANTIATE_TEST_SUITE_P(Table, InstallOver, testing::ValuesIn(kBefore),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(Install, SeveralKindsInAnyOrderLeaveNothing) {
  const Home home;
  for (const bool reverse : {false, true}) {
    const GitFixture repository;
    fs::remove_all(repository.git_dir() + "/hooks");
    const auto before = snapshot(repository.path());
    for (const HookKind kind : kHookKinds) EXPECT_EQ(what_of(install(repository.path(), kind)), What::Installed);
    auto kinds = kHookKinds;
    if (reverse) std::reverse(kinds.begin(), kinds.end());
    for (const HookKind kind : kinds) {
      EXPECT_EQ(uninstall_hook(open(repository.path()), kind)->front().what, What::Removed);
    }
    EXPECT_EQ(snapshot(repository.path()), before);
  }
}

TEST(Install, UpdatesWhatIsOursAndOld) {
  const Home home;
  const GitFixture repository;
  const std::string path = repository.git_dir() + "/hooks/pre-push";
  ASSERT_EQ(what_of(install(repository.path())), What::Installed);
  const std::string now = slurp(path);

  write_mode(path, script_text(HookKind::PrePush, "/old/place/tightship", {}));
  EXPECT_EQ(what_of(install(repository.path())), What::Updated);
  EXPECT_EQ(slurp(path), now);

  ::chmod(path.c_str(), 0644);
  EXPECT_FALSE(hook_status(open(repository.path()), HookKind::PrePush).active);
  EXPECT_EQ(what_of(install(repository.path())), What::Updated);
  EXPECT_TRUE(hook_status(open(repository.path()), HookKind::PrePush).active);
}

TEST(Install, RefusesToLoseWhatSomebodyWrote) {
  const Home home;
  const GitFixture repository;
  const std::string path = repository.git_dir() + "/hooks/pre-push";
  ASSERT_TRUE(install(repository.path()));
  write_mode(path, slurp(path) + "make check\n");
  const auto before = snapshot(repository.path());
  EXPECT_EQ(install(repository.path()).error().kind, ErrorKind::Config);
  EXPECT_EQ(uninstall_hook(open(repository.path()), HookKind::PrePush).error().kind, ErrorKind::Config);
  EXPECT_EQ(snapshot(repository.path()), before);
  const HookStatus status = hook_status(open(repository.path()), HookKind::PrePush);
  EXPECT_TRUE(status.installed && status.active && status.changed);
}

TEST(Install, KeepsAForeignHookThatReplacedOurs) {
  const Home home;
  const GitFixture repository;
  const std::string path = repository.git_dir() + "/hooks/pre-push";
  write_mode(path, "#!/bin/sh\n# first\n");
  ASSERT_TRUE(install(repository.path()));
  fs::remove(path);
  write_mode(path, "#!/bin/sh\n# second\n");
  const auto before = snapshot(repository.path());
  EXPECT_EQ(install(repository.path()).error().kind, ErrorKind::Config);
  EXPECT_EQ(snapshot(repository.path()), before);
  EXPECT_EQ(uninstall_hook(open(repository.path()), HookKind::PrePush)->front().what, What::Absent);
  EXPECT_EQ(snapshot(repository.path()), before);
}

TEST(Install, GoesOnAfterACrash) {
  const Home home;
  const GitFixture repository;
  const std::string path = repository.git_dir() + "/hooks/pre-push";
  write_mode(path, "#!/bin/sh\nexit 0\n");
  const auto before = snapshot(repository.path());
  ASSERT_TRUE(keep_as(path, path + ".before-tightship"));  // the first of its two steps
  EXPECT_EQ(what_of(install(repository.path())), What::Installed);
  ASSERT_TRUE(uninstall_hook(open(repository.path()), HookKind::PrePush));
  EXPECT_EQ(snapshot(repository.path()), before);

  ASSERT_TRUE(install(repository.path()));
  fs::remove(path);  // somebody deleted ours
  EXPECT_EQ(uninstall_hook(open(repository.path()), HookKind::PrePush)->front().what, What::Removed);
  EXPECT_EQ(snapshot(repository.path()), before);
}

TEST(Install, LeavesAHookThatCallsTightship) {
  const Home home;
  const GitFixture repository;
  write_mode(repository.git_dir() + "/hooks/pre-push", "#!/bin/sh\nexec tightship hook run pre-push \"$@\"\n");
  const auto before = snapshot(repository.path());
  EXPECT_EQ(what_of(install(repository.path())), What::Already);
  EXPECT_EQ(snapshot(repository.path()), before);
  const HookStatus status = hook_status(open(repository.path()), HookKind::PrePush);
  EXPECT_TRUE(status.installed && status.active);
  EXPECT_EQ(status.way, "by hand");
}

TEST(Install, FindsOursWherePreCommitMovedIt) {
  const Home home;
  const GitFixture repository;
  const std::string path = repository.git_dir() + "/hooks/pre-push";
  ASSERT_TRUE(install(repository.path()));
  fs::rename(path, path + ".legacy");
  write_mode(path, "#!/bin/sh\nexec \"$0.legacy\" \"$@\"\n");
  EXPECT_EQ(what_of(install(repository.path())), What::Already);
  EXPECT_TRUE(hook_status(open(repository.path()), HookKind::PrePush).active);
  EXPECT_EQ(uninstall_hook(open(repository.path()), HookKind::PrePush)->front().what, What::Removed);
  EXPECT_FALSE(fs::exists(path + ".legacy"));
  EXPECT_TRUE(fs::exists(path));
}

TEST(Install, HonoursTheUmask) {
  const Home home;
  const GitFixture repository;
  const mode_t before = ::umask(027);
  const auto installed = install(repository.path());
  ::umask(before);
  ASSERT_TRUE(installed);
  EXPECT_EQ(mode_of(installed->path), mode_t{0750});
}

// --- where git looks

TEST(Where, LinkedWorktreesShareTheHooks) {
  const Home home;
  GitFixture repository;
  repository.commit("one");
  repository.git({"worktree", "add", "-q", repository.root() + "/linked"});
  const auto installed = install(repository.root() + "/linked");
  ASSERT_TRUE(installed);
  EXPECT_EQ(installed->path, repository.git_dir() + "/hooks/pre-push");
  EXPECT_TRUE(hook_status(open(repository.path()), HookKind::PrePush).active);
}

TEST(Where, SubmodulesHaveTheirOwn) {
  const Home home;
  GitFixture module({.name = "module"}), repository;
  module.commit("one");
  repository.git({"submodule", "--quiet", "add", module.path(), "part"});
  const auto installed = install(repository.path() + "/part");
  ASSERT_TRUE(installed);
  EXPECT_EQ(installed->path, repository.git_dir() + "/modules/part/hooks/pre-push");
}

TEST(Where, BareAndOddNames) {
  const Home home;
  for (const char* name : {"shop.git", "with space", "new\nline", "bytes\xff\xfe", "it's \"$HOME\""}) {
    for (const bool bare : {false, true}) {
      const GitFixture repository({.bare = bare, .name = name});
      const auto installed = install(repository.path(), HookKind::PreReceive);
      ASSERT_TRUE(installed) << name << installed.error().what;
      EXPECT_EQ(installed->path, repository.git_dir() + "/hooks/pre-receive");
    }
  }
}

TEST(Where, EnvironmentNamesTheRepository) {
  const Home home;
  const GitFixture repository;
  const Variable dir("GIT_DIR", repository.git_dir());
  const auto installed = install(home.dir.path);
  ASSERT_TRUE(installed);
  EXPECT_EQ(installed->path, repository.git_dir() + "/hooks/pre-push");
}

struct HooksPath {
  const char* name;
  const char* file;   // of the configuration: "repository", "global", "xdg", "included", "variable", "worktree"
  const char* value;  // %W work tree, %H home
  const char* folder;
};

const HooksPath kHooksPaths[] = {
    {"relative", "repository", "hooks here", "%W/hooks here"},
    {"relative_with_dots", "repository", "./a/../b/", "%W/b"},
    {"absolute", "repository", "%H/hooks", "%H/hooks"},
    {"home", "repository", "~/my hooks", "%H/my hooks"},
    {"global", "global", "~/all", "%H/all"},
    {"global_relative", "global", ".githooks", "%W/.githooks"},
    {"xdg", "xdg", "~/all", "%H/all"},
    {"included", "included", "~/all", "%H/all"},
    {"variable", "variable", "%H/all", "%H/all"},
    {"git_folder", "repository", ".git/other", "%W/.git/other"},
};

class Configured : public testing::TestWithParam<HooksPath> {};

std::string filled(std::string text, const std::string& work_tree, const std::string& home) {
  for (const auto& [key, value] : {std::pair{"%W", work_tree}, {"%H", home}}) {
    if (const auto at = text.find(key); at != std::string::npos) text.replace(at, 2, value);
  }
  return text;
}

TEST_P(Configured, FollowsCoreHooksPath) {
  const Home home;
  const GitFixture repository;
  const HooksPath& row = GetParam();
  const std::string file = row.file, top = home.dir.path;
  const std::string section = "[core]\n\thooksPath = \"" + filled(row.value, repository.path(), top) + "\"\n";
  std::optional<Variable> variable;
  if (file == "repository")
    write_file(repository.git_dir() + "/config", slurp(repository.git_dir() + "/config") + section);
  if (file == "global") write_file(home.config(), section);
  if (file == "xdg") write_file(top + "/.config/git/config", section);
  if (file == "included") {
    write_file(top + "/more", section);
    write_file(home.config(), "[includeIf \"gitdir:" + repository.path() + "/\"]\n\tpath = more\n");
  }
  if (file == "variable") {
    write_file(top + "/elsewhere", section);
    variable.emplace("GIT_CONFIG_GLOBAL", top + "/elsewhere");
  }
  const std::string folder = filled(row.folder, repository.path(), top);
  const auto before = snapshot(repository.path());
  const auto before_home = snapshot(top);

  const auto installed = install(repository.path());
  ASSERT_EQ(what_of(installed), What::Installed);
  EXPECT_EQ(installed->path, folder + "/pre-push");
  const HookStatus status = hook_status(open(repository.path()), HookKind::PrePush);
  EXPECT_TRUE(status.active) << status.problem;
  EXPECT_EQ(status.path, folder + "/pre-push");
  // What may be committed does not name a place of this machine.
  const bool shared = folder.starts_with(repository.path()) && folder.find(".git/") == std::string::npos;
  EXPECT_EQ(slurp(installed->path).find("\ninstalled=''\n") != std::string::npos, shared);

  ASSERT_TRUE(uninstall_hook(open(repository.path()), HookKind::PrePush));
  EXPECT_EQ(snapshot(repository.path()), before);
  EXPECT_EQ(snapshot(top), before_home);
}

INSTANTIATE_TEST_SUITE_P(Table, Configured, testing::ValuesIn(kHooksPaths),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(Where, PreReceiveStartsAtTheGitDirectory) {
  const Home home;
  const GitFixture repository;
  repository.git({"config", "core.hooksPath", "server hooks"});
  EXPECT_EQ(install(repository.path(), HookKind::PreReceive)->path, repository.git_dir() + "/server hooks/pre-receive");
  EXPECT_EQ(install(repository.path())->path, repository.path() + "/server hooks/pre-push");
}

TEST(Where, SaysWhenCoreHooksPathWasSetLater) {
  const Home home;
  const GitFixture repository;
  const auto before = snapshot(repository.path());
  ASSERT_TRUE(install(repository.path()));
  repository.git({"config", "core.hooksPath", "elsewhere"});
  const HookStatus status = hook_status(open(repository.path()), HookKind::PrePush);
  EXPECT_TRUE(status.installed);
  EXPECT_FALSE(status.active);
  EXPECT_NE(status.problem.find("core.hooksPath"), std::string::npos);
  EXPECT_EQ(uninstall_hook(open(repository.path()), HookKind::PrePush)->front().what, What::Removed);
  repository.git({"config", "--unset", "core.hooksPath"});
  EXPECT_EQ(snapshot(repository.path()), before);
}

struct Refused {
  const char* name;
  void (*prepare)(const GitFixture& repository);
};

void hooks_link_out(const GitFixture& repository) {
  fs::create_directories(repository.root() + "/outside");
  fs::remove_all(repository.git_dir() + "/hooks");
  fs::create_directory_symlink(repository.root() + "/outside", repository.git_dir() + "/hooks");
}
void hooks_dangling(const GitFixture& repository) {
  fs::remove_all(repository.git_dir() + "/hooks");
  fs::create_directory_symlink(repository.root() + "/nowhere", repository.git_dir() + "/hooks");
}
void configured_link_out(const GitFixture& repository) {
  fs::create_directories(repository.root() + "/outside");
  fs::create_directory_symlink(repository.root() + "/outside", repository.path() + "/githooks");
  repository.git({"config", "core.hooksPath", "githooks/deep"});
}
void null_device(const GitFixture& repository) { repository.git({"config", "core.hooksPath", "/dev/null"}); }
void empty_value(const GitFixture& repository) { repository.git({"config", "core.hooksPath", ""}); }
void a_folder(const GitFixture& repository) { fs::create_directories(repository.git_dir() + "/hooks/pre-push"); }
void hooks_is_a_file(const GitFixture& repository) {
  fs::remove_all(repository.git_dir() + "/hooks");
  write_file(repository.git_dir() + "/hooks", "");
}
void husky_link_out(const GitFixture& repository) {
  write_mode(repository.root() + "/outside", "npm test\n");
  fs::create_directories(repository.path() + "/.husky/_");
  fs::create_symlink(repository.root() + "/outside", repository.path() + "/.husky/pre-push");
  repository.git({"config", "core.hooksPath", ".husky/_"});
}

class Refuses : public testing::TestWithParam<Refused> {};

TEST_P(Refuses, AndChangesNothing) {
  const Home home;
  const GitFixture repository;
  GetParam().prepare(repository);
  const auto before = snapshot(repository.root());
  const auto installed = install(repository.path());
  ASSERT_FALSE(installed);
  EXPECT_EQ(installed.error().kind, ErrorKind::Config) << installed.error().what;
  EXPECT_FALSE(installed.error().help.empty());
  EXPECT_FALSE(hook_status(open(repository.path()), HookKind::PrePush).active);
  EXPECT_EQ(snapshot(repository.root()), before);
}

INSTANTIATE_TEST_SUITE_P(Table, Refuses,
                         testing::Values(Refused{"hooks_link_out", hooks_link_out},
                                         Refused{"hooks_dangling", hooks_dangling},
                                         Refused{"configured_link_out", configured_link_out},
                                         Refused{"null_device", null_device}, Refused{"empty_value", empty_value},
                                         Refused{"a_folder", a_folder}, Refused{"hooks_is_a_file", hooks_is_a_file},
                                         Refused{"husky_link_out", husky_link_out}),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace tightship::hook
