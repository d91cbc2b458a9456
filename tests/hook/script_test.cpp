#include "hook/script.h"

#include <gtest/gtest.h>

#include "hook/embedded_scripts.h"
#include "hook/husky.h"
#include "hook/manager.h"
#include "support/git_fixture.h"

namespace tightship::hook {
namespace {

using test::for_each_damage;

MarkFlags some_flags() {
  MarkFlags flags;
  flags.made_folders = 2;
  flags.global = true;
  return flags;
}

TEST(HookScript, IsReadBack) {
  for (const HookKind kind : kHookKinds) {
    for (const MarkFlags& flags : {MarkFlags{}, some_flags()}) {
      const auto mark = read_script(script_text(kind, "/usr/bin/tightship", flags));
      ASSERT_TRUE(mark);
      EXPECT_EQ(mark->name, hook_name(kind));
      EXPECT_EQ(mark->version, kScriptVersion);
      EXPECT_TRUE(mark->intact);
      EXPECT_EQ(mark->flags, flags);
    }
  }
}

TEST(HookScript, EveryChangeIsSeen) {
  const std::string text = script_text(HookKind::PrePush, "/usr/bin/tightship", some_flags());
  for_each_damage(text, [&](const std::string& damaged, const std::string& how) {
    const auto mark = read_script(damaged);
    EXPECT_FALSE(mark && mark->intact) << how;
  });
  EXPECT_FALSE(read_script(text + "echo more\n")->intact);
}

TEST(HookScript, NamesThePlaceOfTightshipWhateverItHolds) {
  const std::string text = script_text(HookKind::PrePush, "/it's/a b", {});
  EXPECT_NE(text.find("\ninstalled='/it'\\''s/a b'\n"), std::string::npos);
}

TEST(HookScript, OthersScriptsAreNotOurs) {
  for (const std::string_view text :
       {std::string_view(), std::string_view("#!/bin/sh\nexec tightship hook run pre-push\n"),
        std::string_view("# tightship-hook: pre-push, version 1\n"),  // no script
        std::string_view("#!/bin/sh\n# see # tightship-hook: pre-push, version 1\n")}) {
    EXPECT_FALSE(read_script(text)) << text;
  }
}

TEST(HookScript, AMarkWithoutSumIsNotIntact) {
  for (const char* rest : {"", ", version", ", version 1", ", version 1, sum ", ", version 1, sum 0123", ", sum x"}) {
    const auto mark = read_script(std::string("#!/bin/sh\n# tightship-hook: pre-push") + rest + "\n");
    ASSERT_TRUE(mark) << rest;
    EXPECT_FALSE(mark->intact) << rest;
  }
}

TEST(HookScript, FlagsCanBeChanged) {
  const std::string text = script_text(HookKind::PreCommit, "/t", some_flags());
  EXPECT_EQ(with_flags(with_flags(text, {}), some_flags()), text);
  const auto mark = read_script(with_flags(text, {}));
  EXPECT_TRUE(mark->intact);
  EXPECT_EQ(mark->flags, MarkFlags{});
}

TEST(HookScript, ForAllRepositoriesRunsTheirOwn) {
  MarkFlags flags;
  flags.global = true;
  const std::string text = script_text(HookKind::PrePush, "", flags);
  EXPECT_EQ(text.find(".before-tightship"), std::string::npos);
  EXPECT_NE(text.find("commondir"), std::string::npos);
}

// What people have in .husky/pre-push and .husky/pre-commit.
constexpr std::string_view kHuskyFiles[] = {
    "",
    "npm test\n",
    "npm test",
    "#!/bin/sh",
    "#!/usr/bin/env sh\n. \"$(dirname -- \"$0\")/_/husky.sh\"\n\nnpm run lint && npm test\n",
    "# comment\n\nnpx lint-staged\nexit 0\n",
    "\n\n\nnpm test\n\n",
    "npm test\r\n",
    "printf '\xff\xfe'\n",
};

TEST(HuskyBlock, IsTakenOutByteForByte) {
  for (const HookKind kind : {HookKind::PrePush, HookKind::PreCommit}) {
    for (const std::string_view content : kHuskyFiles) {
      const std::string with = with_block(content, kind, {});
      const auto block = find_block(with);
      ASSERT_TRUE(block) << content;
      EXPECT_TRUE(block->mark.intact) << content;
      EXPECT_EQ(without_block(with, *block), content);
    }
  }
}

TEST(HuskyBlock, StandsWhereItRuns) {
  const auto at = [](std::string_view content, HookKind kind) {
    return find_block(with_block(content, kind, {}))->begin;
  };
  const std::string_view version8 = kHuskyFiles[4], leaves = kHuskyFiles[5];
  EXPECT_EQ(at("npm test\n", HookKind::PrePush), 0u);
  EXPECT_EQ(at("npm test\n", HookKind::PreCommit), 9u);
  EXPECT_EQ(at(version8, HookKind::PrePush),
            version8.find("\n\n") + 1);            // behind the line that loads husky.sh
  EXPECT_EQ(at(leaves, HookKind::PreCommit), 0u);  // before the exit
}

TEST(HuskyBlock, EveryChangeIsSeen) {
  const std::string text = with_block("npm test\n", HookKind::PrePush, {});
  const auto block = find_block(text);
  const std::string alone = text.substr(block->begin, block->end - block->begin);
  for_each_damage(alone, [&](const std::string& damaged, const std::string& how) {
    const auto found = find_block(damaged);
    EXPECT_FALSE(found && found->mark.intact) << how;
  });
}

TEST(CallsTightship, OnlyInLinesThatRun) {
  EXPECT_TRUE(calls_tightship("set -e\n  tightship hook run pre-push \"$@\"", HookKind::PrePush));
  EXPECT_TRUE(calls_tightship("command: ['tightship', 'hook', 'run', 'pre-push']\n", HookKind::PrePush));
  EXPECT_FALSE(calls_tightship("  # tightship hook run pre-push\n", HookKind::PrePush));
  EXPECT_FALSE(calls_tightship("tightship hook run pre-commit\n", HookKind::PrePush));
  EXPECT_FALSE(calls_tightship("", HookKind::PrePush));
}

}  // namespace
}  // namespace tightship::hook
