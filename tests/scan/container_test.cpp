// Findings inside of containers: where they are said to stand, in files and in histories.

#include "scan/container.h"

#include <gtest/gtest.h>

#include "detect/member_path.h"
#include "scan/audit_fixture.h"
#include "scan/changes.h"
#include "scan/redactor.h"
#include "support/archive_fixture.h"

namespace tightship::test {
namespace {

using namespace std::string_literals;
using scan::ContentScanner;
using scan::Hit;

std::string env(std::uint64_t number) { return "first\n  KEY = \"" + token(number) + "\"\n"; }

std::vector<Hit> hits_in(const std::string& content, std::string_view path = "app.zip",
                         const unpack::Limits& limits = {}) {
  ContentScanner scanner(detect::RuleSet::builtin(), limits);
  return scanner.scan(as_bytes(content), path);
}

TEST(Container, AHitSaysItsMemberLineAndColumn) {
  const std::vector<Hit> hits = hits_in(make_archive("zip", "none", {{"a.txt", "none\n"}, {"inner/.env", env(1)}}));
  ASSERT_EQ(hits.size(), 1u);
  EXPECT_EQ(hits[0].secret, token(1));
  EXPECT_EQ(hits[0].member, "inner/.env");
  EXPECT_EQ(hits[0].position.line, 2u);
  EXPECT_EQ(hits[0].position.column, 10u);
  ASSERT_TRUE(hits[0].excerpt);
  EXPECT_NE(hits[0].excerpt->text.find("KEY = "), std::string::npos);
}

TEST(Container, ACompressedFileHasNoMember) {
  const std::vector<Hit> hits = hits_in(make_archive("raw", "gzip", {{"", env(1)}}), "app.log.gz");
  ASSERT_EQ(hits.size(), 1u);
  EXPECT_EQ(hits[0].member, "");
  EXPECT_EQ(hits[0].position.line, 2u);
}

TEST(Container, MembersInUtf16AreRead) {
  std::string wide = "\xff\xfe";
  for (const char c : env(1)) wide += {c, '\0'};
  const std::vector<Hit> hits = hits_in(make_archive("zip", "none", {{"w.txt", wide}}));
  ASSERT_EQ(hits.size(), 1u);
  EXPECT_EQ(hits[0].encoding, scan::Encoding::Utf16Le);
  EXPECT_EQ(hits[0].member, "w.txt");
}

TEST(Container, NamesOfMembersAreScannedOnce) {
  const std::string inner = make_archive("zip", "none", {{"x", "x"}, {"y", "y"}});
  const std::vector<Hit> hits = hits_in(make_archive("ustar", "none", {{token(1) + ".zip", inner}}));
  ASSERT_EQ(hits.size(), 1u);
  EXPECT_TRUE(hits[0].of_name);
  EXPECT_EQ(hits[0].member, token(1) + ".zip");
}

TEST(Container, OfADamagedOneWhatLiesOpenIsFoundOnce) {
  std::string tar = make_archive("ustar", "none", {{"a", env(1)}, {"b", env(2)}});
  tar.resize(512 + 512 + 512 + 100);  // in the middle of b's content
  const std::vector<Hit> hits = hits_in(tar, "a.tar");
  std::multiset<std::string> secrets;
  for (const Hit& hit : hits) secrets.insert(hit.secret);
  EXPECT_EQ(secrets, (std::multiset<std::string>{token(1), token(2)}));
}

TEST(Container, IsLeftAloneWhenTold) {
  EXPECT_TRUE(hits_in(make_archive("zip", "none", {{"a", env(1)}}), "a.zip", {.depth = 0}).empty());
  EXPECT_EQ(scan::left_out_media(as_bytes("\x1f\x8b\x08\0\0\0\0\0\0\0"), {.depth = 0}), "gzip");
  EXPECT_EQ(scan::left_out_media(as_bytes(std::string_view("\x1f\x8b\x08\0\0\0\0\0\0\0", 10)), {}), "");
}

TEST(Container, PicturesInsideAreLeftOut) {
  ContentScanner scanner(detect::RuleSet::builtin(), unpack::Limits{});
  const std::string zip =
      make_archive("zip", "none", {{"a.png", std::string("\x89PNG\r\n\x1a\n") + env(1)}, {"b", env(2)}});
  EXPECT_EQ(scanner.scan(as_bytes(zip), "a.zip").size(), 1u);
  EXPECT_EQ(scanner.counts().media, 1u);
  EXPECT_EQ(scanner.counts().members, 2u);
  EXPECT_TRUE(scanner.losses().empty());
}

TEST(Container, WhatCannotBeReadIsTold) {
  ContentScanner scanner(detect::RuleSet::builtin(), unpack::Limits{});
  const std::string gz = make_archive("ustar", "gzip", {{"a", env(1)}});
  scanner.scan(as_bytes(gz.substr(0, gz.size() / 2)), "a.tgz");
  const auto losses = scanner.losses_at("a.tgz");
  ASSERT_EQ(losses.size(), 1u);
  EXPECT_EQ(losses[0].kind, LossKind::UnreadArchive);
  EXPECT_TRUE(losses[0].where.starts_with("a.tgz"));
  const std::string secret = make_archive("zip", "none", {{"a", env(1)}}, "zip:encryption=traditional", "pw");
  scanner.scan(as_bytes(secret), "a.zip");
  EXPECT_TRUE(scanner.losses().empty());
  EXPECT_EQ(scanner.counts().encrypted, 1u);
}

// Rules and allow lists see the member, the archive, and both joined.
class MemberPaths : public testing::TestWithParam<std::pair<std::string, bool>> {};

TEST_P(MemberPaths, AllowListsSee) {
  const TempDir dir;
  write_file(dir.path + "/rules.toml",
             "[extend]\nuseDefault = true\n[[allowlists]]\npaths = ['''" + GetParam().first + "''']\n");
  const auto rules = detect::RuleSet::load({dir.path + "/rules.toml"});
  ASSERT_TRUE(rules.has_value()) << rules.error().what;
  ContentScanner scanner(*rules, unpack::Limits{});
  const std::string zip = make_archive("zip", "none", {{"inner/.env", env(1)}});
  EXPECT_EQ(scanner.scan(as_bytes(zip), "dist/app.zip").empty(), GetParam().second) << GetParam().first;
}

INSTANTIATE_TEST_SUITE_P(Rows, MemberPaths,
                         testing::Values(std::pair{"^inner/\\.env$"s, true}, std::pair{"^dist/app\\.zip!inner/"s, true},
                                         std::pair{"^dist/app\\.zip$"s, true}, std::pair{"^app"s, false},
                                         std::pair{"^dist/other"s, false}));

TEST(Container, CannotBeRedacted) {
  const std::string zip = make_archive("zip", "none", {{"a", env(1)}}, "zip:compression=store");
  const auto redacted = scan::redact_content(detect::RuleSet::builtin(), zip, "a.zip", {});
  ASSERT_FALSE(redacted.has_value());
  EXPECT_EQ(redacted.error().kind, ErrorKind::Unsupported);
  EXPECT_EQ(redacted.error().where, "a.zip!a");
}

// Versions of archives in a pack, many of them deltas of one another.
class ArchiveHistory : public testing::Test {
 protected:
  void SetUp() override {
    std::string filler;
    for (int i = 0; i < 3000; ++i) filler += "row " + std::to_string(i * 7919 % 10007) + "\n";
    for (std::uint64_t version = 0; version < 8; ++version) {
      const std::vector<ArchiveMember> members = {{"data/rows.txt", filler + std::to_string(version)},
                                                  {"conf/.env", env(version / 2)},
                                                  {"tail.txt", filler.substr(version * 100)}};
      repo.write("stored.zip", make_archive("zip", "none", members, "zip:compression=store"));
      repo.write("packed.zip", make_archive("zip", "none", members));
      repo.write("plain.tar", make_archive("ustar", "none", members));
      repo.write("deep.tgz", make_archive("ustar", "gzip", {{"in.zip", make_archive("zip", "none", members)}}));
      repo.write("log.gz",
                 make_archive("raw", "gzip", {{"", filler + env(100 + version / 2) + std::to_string(version)}}));
      repo.commit("version " + std::to_string(version));
    }
    repo.git({"gc", "-q", "--aggressive"});
  }

  GitFixture repo;
};

std::set<std::string> member_places(const detect::ScanResult& result) {
  std::set<std::string> out;
  for (const detect::Finding& finding : result.findings) {
    for (const detect::Occurrence& where : finding.occurrences) {
      out.insert(finding.secret + ' ' + detect::shown_path(where.path, where.member) + ':' +
                 std::to_string(where.position.line) + ' ' + std::to_string(where.versions));
    }
  }
  return out;
}

TEST_F(ArchiveHistory, EveryVersionIsOpenedAndOneSecretIsOneFinding) {
  const detect::ScanResult result = audit(repo.path());
  EXPECT_EQ(result.findings.size(), 8u);
  EXPECT_TRUE(result.complete());
  std::set<std::string> want;
  for (std::uint64_t i = 0; i < 4; ++i) {
    for (const char* place :
         {"stored.zip!conf/.env:2", "packed.zip!conf/.env:2", "plain.tar!conf/.env:2", "deep.tgz!in.zip!conf/.env:2"}) {
      want.insert(token(i) + ' ' + place + " 2");
    }
    want.insert(token(100 + i) + " log.gz:3002 2");
  }
  EXPECT_EQ(member_places(result), want);
  EXPECT_EQ(result.coverage.archives, 8u * 6u);
}

TEST_F(ArchiveHistory, DeltasThreadsCacheAndLooseObjectsDoNotShow) {
  const auto want = member_places(audit(repo.path()));
  EXPECT_EQ(member_places(audit(repo.path(), {.whole_blobs = true})), want);
  EXPECT_EQ(member_places(audit(repo.path(), {.threads = 1})), want);
  const TempDir cache;
  for (int run = 0; run < 3; ++run) {
    const auto result = audit(repo.path(), {.cache_folder = cache.path + "/c"});
    EXPECT_EQ(member_places(result), want);
    EXPECT_EQ(result.coverage.archives, 8u * 6u);
    if (run == 1) repo.git({"tag", "t"});  // another state: only the pack is known
  }
  // With other bounds nothing of that is believed.
  EXPECT_TRUE(audit(repo.path(), {.cache_folder = cache.path + "/c", .archives = {.depth = 0}}).findings.size() < 8u);
  repo.git({"unpack-objects", "-q"}, repo.git({"pack-objects", "--all", "--stdout"}));
  EXPECT_EQ(member_places(audit(repo.path())), want);
}

TEST_F(ArchiveHistory, WhatCannotBeReadIsToldFromTheCacheToo) {
  const std::string gz = make_archive("ustar", "gzip", {{"a", std::string(3000, 'a') + env(1)}});
  repo.write("cut.tgz", gz.substr(0, gz.size() / 2));
  repo.commit("cut");
  repo.git({"gc", "-q"});
  const TempDir cache;
  for (int run = 0; run < 3; ++run) {
    const auto result = audit(repo.path(), {.cache_folder = cache.path + "/c"});
    EXPECT_EQ(result.losses.size(), 1u) << run;
    EXPECT_FALSE(result.complete()) << run;
    if (run == 1) repo.git({"tag", "t"});
  }
}

TEST_F(ArchiveHistory, ARangeBringsWhatItsArchivesBring) {
  const auto repository = [&] {
    Ledger ledger;
    return *git::open_repository(repo.path(), false, ledger);
  }();
  scan::Changes changes;
  changes.wanted = {*Oid::from_hex(trimmed(repo.git({"rev-parse", "HEAD"})))};
  changes.known = {*Oid::from_hex(trimmed(repo.git({"rev-parse", "HEAD~2"})))};
  scan::Progress progress;
  const auto result = scan::scan_changes(detect::RuleSet::builtin(), repository, changes, {}, progress);
  ASSERT_TRUE(result.has_value());
  std::set<std::string> secrets;
  for (const auto& finding : result->findings) secrets.insert(finding.secret);
  EXPECT_EQ(secrets, (std::set<std::string>{token(3), token(103)})) << "older ones were known";
}

}  // namespace
}  // namespace tightship::test
