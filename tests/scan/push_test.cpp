// The lines that git gives to its hooks, and what a remote is taken to have.

#include "scan/push.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "support/git_fixture.h"

namespace tightship::scan {
namespace {

using test::GitFixture;

const std::string kA(40, 'a'), kB(40, 'b'), kZero(40, '0');

struct Line {
  const char* name;
  std::string input;
  // "local_ref local remote_ref remote" of what is read; "refused" when it is.
  std::string expected;
};
void PrintTo(const Line& line, std::ostream* out) { *out << line.name; }

std::string shown(const Result<std::vector<RefUpdate>>& updates) {
  if (!updates) return updates.error().kind == ErrorKind::Usage ? "refused" : "another error";
  std::string text;
  for (const RefUpdate& update : *updates) {
    text += "[" + update.local_ref + "|" + update.local.hex().substr(0, 2) + "|" + update.remote_ref + "|" +
            update.remote.hex().substr(0, 2) + "]";
  }
  return text;
}

class PrePush : public testing::TestWithParam<Line> {};
TEST_P(PrePush, ReadsWhatGitWrites) {
  EXPECT_EQ(shown(parse_pre_push(GetParam().input, HashKind::Sha1)), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Lines, PrePush,
    testing::Values(
        Line{"Nothing", "", ""}, Line{"EmptyLines", "\n\n", ""},
        Line{"Update", "refs/heads/main " + kA + " refs/heads/main " + kB + "\n",
             "[refs/heads/main|aa|refs/heads/main|bb]"},
        Line{"WithoutLineEnd", "refs/heads/m " + kA + " refs/heads/m " + kB, "[refs/heads/m|aa|refs/heads/m|bb]"},
        Line{"NewBranch", "HEAD " + kA + " refs/heads/new " + kZero + "\n", "[HEAD|aa|refs/heads/new|00]"},
        Line{"Deletion", "(delete) " + kZero + " refs/heads/old " + kB + "\n", "[(delete)|00|refs/heads/old|bb]"},
        Line{"SeveralRefs", "a " + kA + " refs/heads/a " + kB + "\nb " + kB + " refs/heads/b " + kA + "\n",
             "[a|aa|refs/heads/a|bb][b|bb|refs/heads/b|aa]"},
        // git writes the source as it was typed, and that may be any revision.
        Line{"SourceWithBlanks", "main@{1 day ago} " + kA + " refs/heads/x " + kB + "\n",
             "[main@{1 day ago}|aa|refs/heads/x|bb]"},
        Line{"SourceByMessage", ":/fix  it all " + kA + " refs/heads/x " + kZero + "\n",
             "[:/fix  it all|aa|refs/heads/x|00]"},
        Line{"SourceThatLooksLikeOids", kA + " " + kB + " refs/x " + kA + " refs/y " + kB + "\n",
             "[" + kA + " " + kB + " refs/x|aa|refs/y|bb]"},
        Line{"UpperCase", "m " + std::string(40, 'A') + " refs/heads/m " + kB + "\n", "[m|aa|refs/heads/m|bb]"},
        Line{"RefWithStrangeBytes",
             "m " + kA +
                 " refs/heads/\xff\x01"
                 " " +
                 kB + "\n",
             "refused"},
        Line{"ThreeWords", kA + " refs/heads/m " + kB + "\n", "refused"}, Line{"OneWord", "main\n", "refused"},
        Line{"Blank", " \n", "refused"}, Line{"Blanks", "   \n", "refused"},
        Line{"EmptySource", " " + kA + " refs/heads/m " + kB + "\n", "refused"},
        Line{"EmptyTarget", "m " + kA + "  " + kB + "\n", "refused"},
        Line{"BlankAtEnd", "m " + kA + " refs/heads/m " + kB + " \n", "refused"},
        Line{"CarriageReturn", "m " + kA + " refs/heads/m " + kB + "\r\n", "refused"},
        Line{"Tabs", "m\t" + kA + "\trefs/heads/m\t" + kB + "\n", "refused"},
        Line{"ShortOid", "m " + kA.substr(1) + " refs/heads/m " + kB + "\n", "refused"},
        Line{"LongOid", "m " + kA + "a refs/heads/m " + kB + "\n", "refused"},
        Line{"NoHex", "m " + std::string(40, 'g') + " refs/heads/m " + kB + "\n", "refused"},
        Line{"OtherHash", "m " + std::string(64, 'a') + " refs/heads/m " + std::string(64, 'b') + "\n", "refused"},
        Line{"MixedHashes", "m " + kA + " refs/heads/m " + std::string(64, 'b') + "\n", "refused"},
        Line{"SecondLineIsWrong", "m " + kA + " refs/heads/m " + kB + "\nx\n", "refused"},
        Line{"ZeroByte", std::string("m\0 ", 3) + kA + " refs/heads/m " + kB + "\n", "refused"},
        Line{"ZeroByteInTarget", "m " + kA + std::string(" refs/heads/\0m ", 15) + kB + "\n", "refused"}),
    [](const auto& row) { return row.param.name; });

class PreReceive : public testing::TestWithParam<Line> {};
TEST_P(PreReceive, ReadsWhatGitWrites) {
  EXPECT_EQ(shown(parse_pre_receive(GetParam().input, HashKind::Sha1)), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Lines, PreReceive,
    testing::Values(Line{"Nothing", "", ""},
                    Line{"Update", kB + " " + kA + " refs/heads/main\n", "[|aa|refs/heads/main|bb]"},
                    Line{"NewBranch", kZero + " " + kA + " refs/heads/main\n", "[|aa|refs/heads/main|00]"},
                    Line{"Deletion", kB + " " + kZero + " refs/heads/main\n", "[|00|refs/heads/main|bb]"},
                    Line{"Two", kB + " " + kA + " r1\n" + kA + " " + kB + " r2\n", "[|aa|r1|bb][|bb|r2|aa]"},
                    Line{"TwoWords", kB + " " + kA + "\n", "refused"},
                    Line{"FourWords", kB + " " + kA + " a b\n", "refused"},
                    Line{"EmptyRef", kB + " " + kA + " \n", "refused"},
                    Line{"CarriageReturn", kB + " " + kA + " refs/heads/m\r\n", "refused"},
                    Line{"NoHex", "x " + kA + " refs/heads/m\n", "refused"},
                    Line{"OtherHash", std::string(64, 'b') + " " + std::string(64, 'a') + " r\n", "refused"}),
    [](const auto& row) { return row.param.name; });

TEST(HookLines, Sha256) {
  const std::string a(64, 'a'), b(64, 'b');
  EXPECT_EQ(shown(parse_pre_push("m " + a + " r " + b + "\n", HashKind::Sha256)), "[m|aa|r|bb]");
  EXPECT_EQ(shown(parse_pre_push("m " + kA + " r " + kB + "\n", HashKind::Sha256)), "refused");
  EXPECT_EQ(shown(parse_pre_receive(b + " " + a + " r\n", HashKind::Sha256)), "[|aa|r|bb]");
}

TEST(HookLines, TheErrorNamesTheLineAndNotItsText) {
  const auto updates = parse_pre_push("m " + kA + " refs/heads/m " + kB + "\n\nsecret\n", HashKind::Sha1);
  ASSERT_FALSE(updates.has_value());
  EXPECT_EQ(updates.error().where, "line 3");
  EXPECT_EQ(updates.error().what.find("secret"), std::string::npos);
}

// --- what a remote is taken to have ---

git::Repository with_config(const std::vector<std::pair<std::string, std::string>>& config) {
  git::Repository repository;
  repository.config = config;
  return repository;
}

Oid numbered(char digit) { return Oid::from_hex(std::string(40, digit)).value(); }

std::string known(const Changes& changes) {
  std::string text;
  for (const Oid& oid : changes.known) text += oid.hex().substr(0, 1);
  std::sort(text.begin(), text.end());
  return text;
}

TEST(RemoteNames, ByNameElseByUrl) {
  const auto repository = with_config({{"remote.origin.url", "git@host:a.git"},
                                       {"remote.mirror.url", "git@host:a.git"},
                                       {"remote.fork.pushurl", "git@host:b.git"},
                                       {"remote.with.dot.url", "git@host:c.git"},
                                       {"remote.pushdefault", "origin"}});
  using Names = std::vector<std::string>;
  EXPECT_EQ(remote_names(repository, "origin", "git@host:a.git"), Names{"origin"});
  EXPECT_EQ(remote_names(repository, "git@host:a.git", "git@host:a.git"), (Names{"mirror", "origin"}));
  EXPECT_EQ(remote_names(repository, "git@host:b.git", "git@host:b.git"), Names{"fork"});
  EXPECT_EQ(remote_names(repository, "with.dot", "x"), Names{"with.dot"});
  EXPECT_EQ(remote_names(repository, "git@host:d.git", "git@host:d.git"), Names{});
}

const std::vector<git::Ref> kRefs = {{"HEAD", numbered('1'), ""},
                                     {"refs/heads/main", numbered('1'), ""},
                                     {"refs/remotes/origin/main", numbered('2'), ""},
                                     {"refs/remotes/origin/fork/main", numbered('3'), ""},
                                     {"refs/remotes/other/main", numbered('4'), ""},
                                     {"refs/remotes/originals/main", numbered('5'), ""},
                                     {"refs/tags/v1", numbered('6'), ""}};

std::vector<RefUpdate> one_update(char local, char remote) {
  return {{"refs/heads/main", numbered(local), "refs/heads/main", numbered(remote)}};
}

TEST(PushedChanges, KnownIsWhatTheRemoteSaysAndWhatIsTracked) {
  const auto repository =
      with_config({{"remote.origin.url", "u"}, {"remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*"}});
  EXPECT_EQ(known(pushed_changes(repository, kRefs, one_update('7', '8'), "origin", "u")), "238");
  EXPECT_EQ(known(pushed_changes(repository, kRefs, one_update('7', '0'), "origin", "u")), "23");
  EXPECT_EQ(known(pushed_changes(repository, kRefs, one_update('7', '8'), "v", "v")), "8")
      << "a URL that no remote has";
}

TEST(PushedChanges, RefsOfAnotherRemoteAreNotThisOnes) {
  const auto repository = with_config({{"remote.origin.url", "u"},
                                       {"remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*"},
                                       {"remote.origin/fork.url", "v"},
                                       {"remote.origin/fork.fetch", "+refs/heads/*:refs/remotes/origin/fork/*"}});
  EXPECT_EQ(known(pushed_changes(repository, kRefs, one_update('7', '0'), "origin", "u")), "2");
  EXPECT_EQ(known(pushed_changes(repository, kRefs, one_update('7', '0'), "origin/fork", "v")), "3");
}

TEST(PushedChanges, AMirrorsOwnBranchesSayNothing) {
  const auto repository = with_config({{"remote.origin.url", "u"}, {"remote.origin.fetch", "+refs/*:refs/*"}});
  EXPECT_EQ(known(pushed_changes(repository, kRefs, one_update('7', '0'), "origin", "u")), "");
}

TEST(PushedChanges, WantedAreTheNewValuesAndTheNamesOfNewRefs) {
  const auto repository = with_config({{"remote.origin.url", "u"}});
  std::vector<RefUpdate> updates = one_update('7', '0');
  updates.push_back({"(delete)", numbered('0'), "refs/heads/old", numbered('8')});
  updates.push_back({"refs/tags/v2", numbered('9'), "refs/tags/v2", numbered('6')});
  const Changes changes = pushed_changes(repository, {}, updates, "origin", "u");
  EXPECT_EQ(changes.wanted, (std::vector<Oid>{numbered('7'), numbered('9')}));
  EXPECT_EQ(changes.names, std::vector<std::string>{"refs/heads/main"});
  EXPECT_EQ(known(changes), "68");
}

TEST(ReceivedChanges, KnownIsWhatTheRefsReach) {
  const Changes changes = received_changes(kRefs, one_update('7', '8'));
  EXPECT_EQ(known(changes), "1234568");
  EXPECT_EQ(changes.wanted, std::vector<Oid>{numbered('7')});
}

// What git really writes, for the sources that have blanks in them.
TEST(HookLines, OfARealPushWithBlanksInItsSource) {
  GitFixture repo;
  repo.commit("fix it all");
  repo.commit("second");
  repo.git_in(repo.root(), {"init", "-q", "--bare", "remote.git"});
  test::write_file(repo.git_dir() + "/hooks/pre-push", "#!/bin/sh\ncat > ../lines\n");
  std::filesystem::permissions(repo.git_dir() + "/hooks/pre-push", std::filesystem::perms::owner_all);
  repo.git({"push", "-q", "../remote.git", ":/fix it:refs/heads/x", "HEAD:refs/heads/y"});
  const auto updates = parse_pre_push(test::slurp(repo.root() + "/lines"), HashKind::Sha1);
  ASSERT_TRUE(updates.has_value());
  ASSERT_EQ(updates->size(), 2u);
  EXPECT_EQ((*updates)[0].remote_ref, "refs/heads/x");
  EXPECT_EQ((*updates)[0].local.hex() + "\n", repo.git({"rev-parse", "HEAD~1"}));
}

}  // namespace
}  // namespace tightship::scan
