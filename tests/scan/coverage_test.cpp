// One repository with a token in every place that git has room for one. All are found at defaults,
// each with its place named.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "detect/codec.h"
#include "detect/member_path.h"
#include "scan/audit_fixture.h"
#include "support/archive_fixture.h"
#include "support/encodings.h"

namespace tightship::test {
namespace {

struct Expected {
  std::string name;
  std::uint64_t token = 0;
  detect::Place place = detect::Place::File;
  std::string path;
  std::uint32_t line = 1;
  detect::Reach reach = detect::Reach::Head;
};

std::string utf16le(const std::string& text) {
  std::string out = "\xff\xfe";
  for (const char c : text) out += {c, '\0'};
  return out;
}

// The repository is made once; every row looks for its own token.
class Coverage : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    repo_ = new GitFixture;
    make();
    result_ = new detect::ScanResult(audit(repo_->path()));
  }
  static void TearDownTestSuite() {
    delete result_;
    delete repo_;
  }

  static void make() {
    GitFixture& r = *repo_;
    r.write("README", "shop\n");
    r.write(".gitattributes", "nodiff.txt -diff\n");
    r.commit("start");
    make_files(r);
    make_branches(r);
    make_merges(r);
    make_objects(r);
  }

  static void make_files(GitFixture& r) {
    r.write("current.txt", "a\nkey " + token(1) + "\n");
    r.write("removed.txt", token(2) + "\n");
    r.write("nodiff.txt", token(3) + "\n");
    r.write("nul.bin", std::string("\0\1\0", 3) + token(4) + std::string("\0", 1));
    r.write("utf16.txt", utf16le("first\r\nkey = " + token(5) + "\r\n"));
    r.write("node_modules/pkg/index.js", "const k = '" + token(6) + "'\n");
    r.write("site.zip", make_archive("zip", "none", {{"config/.env", "A=1\nKEY=" + token(51) + "\n"}}));
    r.write("dump.sql.gz", make_archive("raw", "gzip", {{"", "-- dump\n-- " + token(52) + "\n"}}));
    r.write("image.tar", make_archive("ustar", "none",
                                      {{"layer.tar", make_archive("ustar", "gzip", {{"root/.npmrc", token(53)}})}}));
    r.write("package-lock.json", "{\"k\": \"" + token(7) + "\"}\n");
    r.write("image.svg", "<svg><!-- " + token(8) + " --></svg>\n");
    std::string large;
    while (large.size() < 12'000'000) large += "some text that means nothing at all, line after line\n";
    r.write("large.txt", large + token(9) + "\n");
    r.write("long-line.js", std::string(2'500'000, 'a') + ' ' + token(10) + ' ' + std::string(2'500'000, 'b'));
    r.write("dir/" + token(11) + ".txt", "named\n");
    make_encoded(r);
    std::filesystem::create_symlink("/nowhere/" + token(12), r.path() + "/link");
    r.commit("add files");
    std::filesystem::remove(r.path() + "/removed.txt");
    r.commit("remove a file");
  }

  // Encoded, and in versions that git keeps as deltas: the encoded bytes change in one of them.
  static void make_encoded(GitFixture& r) {
    const auto base64 = [](const std::string& text) {
      return detect::encode_base64(text, detect::Base64::Standard, true);
    };
    std::string filler;
    for (int i = 0; i < 60; ++i) filler += "a line that stays, number " + std::to_string(i) + "\n";
    const auto env = [](const std::string& name, const std::string& value) {
      return name + "=1\nTOKEN=" + value + "\nB=a value that makes another line\n";
    };
    r.write("deploy/secret.yaml", "kind: Secret\ndata:\n  token: " + base64(token(40)) + "\n");
    r.write("url.txt",
            filler + detect::encode_base64("x=" + token(41), detect::Base64::UrlSafe, false) + "\n" + filler);
    r.write("hex.txt", filler + detect::encode_hex(token(42)) + "\n" + filler);
    r.write("wrapped.txt", filler + wrapped(base64(env("A", token(43))), 64) + "\n" + filler);
    r.write("packed.txt", filler + "blob: " + base64(gzipped("token = " + token(44) + "\n")) + "\n" + filler);
    r.write("nested.txt", filler + base64("inner: " + base64(token(45))) + "\n" + filler);
    r.commit("encoded");
    r.write("url.txt", "top\n" + filler + detect::encode_base64("yz=" + token(46), detect::Base64::UrlSafe, false) +
                           "\n" + filler);
    r.write("wrapped.txt", filler + wrapped(base64(env("AB", token(47))), 64) + "\n" + filler);
    r.commit("other values");
    r.git({"repack", "-q", "-adf", "--depth=50", "--window=50"});
  }

  static void make_branches(GitFixture& r) {
    r.git({"checkout", "-q", "-b", "other"});
    r.write("other.txt", token(13) + "\n");
    r.commit("other branch");
    r.git({"checkout", "-q", "-b", "side", "main"});
    r.write("tagged.txt", token(14) + "\n");
    r.commit("only a tag has this");
    r.git({"tag", "light"});
    r.write("pull.txt", token(15) + "\n");
    r.commit("a pull request");
    r.git({"update-ref", "refs/pull/7/head", "HEAD"});
    r.git({"checkout", "-q", "main"});
    r.git({"branch", "-qD", "side"});
    r.git({"notes", "add", "-m", "note " + token(16), "main"});
    r.commit("message with " + token(17) + "\n\nand more");
    r.git({"tag", "-a", "v1", "-m", "release\n\nkey " + token(18)});
    const std::string blob = trimmed(r.git({"hash-object", "-w", "--stdin"}, token(19) + "\n"));
    r.git({"tag", "blob-tag", blob});
    // Written by hand: names in git's environment are the fixture's.
    const std::string parent = trimmed(r.git({"rev-parse", "HEAD"})),
                      tree = trimmed(r.git({"rev-parse", "HEAD^{tree}"}));
    const std::string commit = trimmed(r.git({"hash-object", "-t", "commit", "-w", "--stdin"},
                                             "tree " + tree + "\nparent " + parent + "\nauthor Bob " + token(21) +
                                                 " <bob@example.com> 1700000000 +0000\ncommitter Ana " + token(20) +
                                                 " <ana@example.com> 1700000000 +0000\n\nnames\n"));
    r.git({"reset", "-q", "--hard", commit});
    r.git({"branch", "feature/" + token(22)});
  }

  static void make_merges(GitFixture& r) {
    r.git({"checkout", "-q", "-b", "topic", "main"});
    r.write("conflict.txt", "ours\n");
    r.commit("topic");
    r.git({"checkout", "-q", "main"});
    r.write("conflict.txt", "theirs\n");
    r.commit("main");
    r.try_git(r.path(), {"merge", "-q", "--no-commit", "topic"});
    r.write("conflict.txt", "both\n" + token(23) + "\n");  // put in while resolving
    r.write("merge-only.txt", token(24) + "\n");           // only the merge has it
    r.commit("merge topic");
  }

  static void make_objects(GitFixture& r) {
    r.write("current.txt", "a\nkey " + token(1) + "\nstash " + token(25) + "\n");
    r.git({"add", "current.txt"});
    r.write("current.txt", "a\nkey " + token(1) + "\nstash " + token(26) + "\n");
    r.write("untracked.txt", token(27) + "\n");
    r.git({"stash", "push", "-q", "--include-untracked"});
    r.write("reset.txt", token(28) + "\n");
    r.commit("to be reset");
    r.git({"reset", "-q", "--hard", "HEAD~1"});
    r.git({"hash-object", "-w", "--stdin"}, "dangling " + token(29) + "\n");
    r.git({"hash-object", "-w", "--stdin"}, make_archive("zip", "none", {{"a.txt", "dangling " + token(54) + "\n"}}));
    // Packed and unreachable: nothing names it, and it lies in the pack.
    const std::string lost = trimmed(r.git({"hash-object", "-w", "--stdin"}, "packed " + token(30) + "\n"));
    std::string all = r.git({"rev-list", "--objects", "--all", "--no-object-names"}) + lost + "\n";
    r.git({"pack-objects", "-q", r.git_dir() + "/objects/pack/pack"}, all);
    r.git({"prune-packed", "-q"});
    r.git({"remote", "add", "origin", "https://bot:" + token(31) + "@example.com/shop.git"});
    r.write("reset2.txt", "x\n");
    r.git({"-c", "user.name=logger", "commit", "-q", "--allow-empty", "-m", "reflog " + token(32)});
    r.git({"reset", "-q", "--hard", "HEAD~1"});
  }

  void expect(const Expected& row) const {
    const detect::Finding* finding = finding_of(*result_, token(row.token));
    ASSERT_NE(finding, nullptr) << row.name;
    const auto fits = [&](const detect::Occurrence& where) {
      return where.place == row.place && detect::shown_path(where.path, where.member) == row.path &&
             where.position.line == row.line && where.reach == row.reach;
    };
    std::string have;
    for (const detect::Occurrence& where : finding->occurrences) {
      have += std::string(detect::place_name(where.place)) + " '" + where.path + "' line " +
              std::to_string(where.position.line) + ' ' + std::string(detect::reach_name(where.reach)) + "\n";
    }
    EXPECT_TRUE(std::any_of(finding->occurrences.begin(), finding->occurrences.end(), fits)) << row.name << "\n"
                                                                                             << have;
  }

  static GitFixture* repo_;
  static detect::ScanResult* result_;
};

GitFixture* Coverage::repo_ = nullptr;
detect::ScanResult* Coverage::result_ = nullptr;

TEST_F(Coverage, FindsEveryPlaceAtDefaults) {
  using detect::Place;
  using detect::Reach;
  const Expected rows[] = {
      {"current file", 1, Place::File, "current.txt", 2},
      {"removed later", 2, Place::File, "removed.txt"},
      {"-diff in .gitattributes", 3, Place::File, "nodiff.txt"},
      {"blob with NUL", 4, Place::File, "nul.bin"},
      {"UTF-16", 5, Place::File, "utf16.txt", 2},
      {"node_modules", 6, Place::File, "node_modules/pkg/index.js"},
      {"lock file", 7, Place::File, "package-lock.json"},
      {"svg", 8, Place::File, "image.svg"},
      {"zip", 51, Place::File, "site.zip!config/.env", 2},
      {"gzip", 52, Place::File, "dump.sql.gz", 2},
      {"layer of an image", 53, Place::File, "image.tar!layer.tar!root/.npmrc"},
      {"dangling zip", 54, Place::File, "!a.txt", 1, Reach::Unreachable},
      {"5 MB line", 10, Place::File, "long-line.js"},
      {"file name", 11, Place::FileName, "dir/" + token(11) + ".txt"},
      {"symlink target", 12, Place::SymlinkTarget, "link"},
      {"base64", 40, Place::File, "deploy/secret.yaml", 3},
      {"base64url, as it was", 41, Place::File, "url.txt", 61},
      {"base64url, as it is", 46, Place::File, "url.txt", 62},
      {"hex", 42, Place::File, "hex.txt", 61},
      {"base64 in lines, as it was", 43, Place::File, "wrapped.txt", 61},
      {"base64 in lines, as it is", 47, Place::File, "wrapped.txt", 61},
      {"gzip in base64", 44, Place::File, "packed.txt", 61},
      {"base64 in base64", 45, Place::File, "nested.txt", 61},
      {"other branch", 13, Place::File, "other.txt", 1, Reach::Ref},
      {"tag-only commit", 14, Place::File, "tagged.txt", 1, Reach::Ref},
      {"refs/pull", 15, Place::File, "pull.txt", 1, Reach::Ref},
      {"commit message", 17, Place::CommitMessage, ""},
      {"tag message", 18, Place::TagMessage, "refs/tags/v1", 3, Reach::Ref},
      {"tag on a blob", 19, Place::File, "", 1, Reach::Ref},
      {"committer", 20, Place::Committer, ""},
      {"author", 21, Place::Author, ""},
      {"ref name", 22, Place::RefName, "refs/heads/feature/" + token(22), 1, Reach::Ref},
      {"conflict resolution", 23, Place::File, "conflict.txt", 2},
      {"merge only", 24, Place::File, "merge-only.txt"},
      {"stash, index", 25, Place::File, "current.txt", 3, Reach::Ref},
      {"stash, work tree", 26, Place::File, "current.txt", 3, Reach::Ref},
      {"stash, untracked", 27, Place::File, "untracked.txt", 1, Reach::Ref},
      {"reset away", 28, Place::File, "reset.txt", 1, Reach::ReflogOnly},
      {"dangling blob", 29, Place::File, "", 1, Reach::Unreachable},
      {"packed, unreachable", 30, Place::File, "", 1, Reach::Unreachable},
  };
  for (const Expected& row : rows) expect(row);
  EXPECT_TRUE(result_->complete());
  EXPECT_EQ(result_->coverage.objects, result_->coverage.objects_expected);
}

TEST_F(Coverage, NamesThePlaceOfNotesConfigAndReflog) {
  const detect::Finding* note = finding_of(*result_, token(16));
  ASSERT_NE(note, nullptr);
  EXPECT_EQ(note->occurrences[0].place, detect::Place::File);
  EXPECT_EQ(note->occurrences[0].path.size(), 40u);  // notes are filed under the commit's id
  ASSERT_TRUE(note->occurrences[0].commit.has_value());
  EXPECT_NE(std::find(note->refs.begin(), note->refs.end(), "refs/notes/commits"), note->refs.end());

  const detect::Finding* config = finding_of(*result_, token(31));
  ASSERT_NE(config, nullptr);
  EXPECT_EQ(config->occurrences[0].place, detect::Place::GitConfig);
  EXPECT_EQ(config->occurrences[0].path, "config");

  const detect::Finding* reflog = finding_of(*result_, token(32));
  ASSERT_NE(reflog, nullptr);
  const auto in_reflog = [](const detect::Occurrence& where) { return where.place == detect::Place::Reflog; };
  EXPECT_TRUE(std::any_of(reflog->occurrences.begin(), reflog->occurrences.end(), in_reflog));
}

TEST_F(Coverage, TheLastLineOfALargeTextIsLocated) {
  const detect::Finding* finding = finding_of(*result_, token(9));
  ASSERT_NE(finding, nullptr);
  const std::string text = repo_->git({"show", "HEAD:large.txt"});
  const auto lines = static_cast<std::uint32_t>(std::count(text.begin(), text.end(), '\n'));
  EXPECT_EQ(finding->occurrences[0].position.line, lines);
  EXPECT_EQ(finding->occurrences[0].position.column, 1u);
}

// Nothing is written into the repository, and nothing that it names is run.
TEST_F(Coverage, LeavesTheRepositoryAsItWas) {
  const auto listing = [&] {
    std::string out;
    for (const auto& file : std::filesystem::recursive_directory_iterator(repo_->path())) {
      out += file.path().string() + ' ' +
             std::to_string(
                 std::filesystem::last_write_time(file.symlink_status().type() == std::filesystem::file_type::symlink
                                                      ? file.path().parent_path()
                                                      : file.path())
                     .time_since_epoch()
                     .count()) +
             "\n";
    }
    return out;
  };
  const std::string before = listing();
  audit(repo_->path());
  EXPECT_EQ(listing(), before);
}

TEST_F(Coverage, WholeBlobScanningGivesTheSame) {
  scan::AuditOptions options;
  options.whole_blobs = true;
  EXPECT_EQ(places(audit(repo_->path(), options)), places(*result_));
}

TEST_F(Coverage, ThreadsDoNotShow) {
  for (const unsigned threads : {1u, 3u, 8u}) {
    scan::AuditOptions options;
    options.threads = threads;
    EXPECT_EQ(places(audit(repo_->path(), options)), places(*result_)) << threads;
  }
}

}  // namespace
}  // namespace tightship::test
