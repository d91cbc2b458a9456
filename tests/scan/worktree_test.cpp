#include "scan/worktree.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "scan/file_reader.h"
#include "support/git_fixture.h"
#include "support/small_rules.h"

namespace tightship::scan {
namespace {

namespace fs = std::filesystem;
using Paths = std::vector<std::string>;
using test::live_key;
using test::small_rules;
using test::write_file;

detect::ScanResult scan(WorktreeOptions options) {
  Progress progress;
  auto result = scan_worktree(small_rules(), options, progress);
  EXPECT_TRUE(result) << result.error().what;
  return result ? std::move(*result) : detect::ScanResult{};
}
detect::ScanResult scan_paths(const Paths& paths) { return scan({.paths = paths}); }

// "path" of every place, sorted; with the name of the place when it is not a file's content.
Paths places(const detect::ScanResult& result, const std::string& below = {}) {
  Paths out;
  for (const detect::Finding& finding : result.findings) {
    for (const detect::Occurrence& where : finding.occurrences) {
      std::string path = where.path.substr(where.path.starts_with(below) ? below.size() : 0);
      if (where.place != detect::Place::File) path += " (" + std::string(detect::place_name(where.place)) + ")";
      out.push_back(path);
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::uint64_t skipped(const detect::ScanResult& result, const std::string& word) {
  for (const auto& skip : result.coverage.skipped) {
    if (skip.reason.find(word) != std::string::npos) return skip.count;
  }
  return 0;
}

class Folder : public testing::Test {
 protected:
  std::string at(const std::string& name) const { return dir_.path + "/" + name; }
  void write(const std::string& name, const std::string& content) const { write_file(at(name), content); }
  detect::ScanResult scan_all() const { return scan_paths({dir_.path}); }
  Paths found() const { return places(scan_all(), dir_.path + "/"); }
  test::TempDir dir_;
};

TEST_F(Folder, FindsInEveryFileOutsideOfGit) {
  write("a.txt", "k = " + live_key(1));
  write("b/c/d.txt", live_key(2) + "\n");
  write("b/.hidden", live_key(3));
  write(".gitignore", "*.txt\n");
  const auto result = scan_all();
  EXPECT_EQ(places(result, dir_.path + "/"), (Paths{"a.txt", "b/.hidden", "b/c/d.txt"}));
  EXPECT_EQ(result.coverage.files, 4U);
  EXPECT_TRUE(result.complete());
  EXPECT_EQ(result.rules_version, small_rules().version());
}

TEST_F(Folder, GivesTheSameAnswerWithAnyNumberOfThreads) {
  for (std::uint64_t i = 0; i < 300; ++i) {
    write("d" + std::to_string(i % 7) + "/f" + std::to_string(i), live_key(i % 50));
  }
  const auto one = scan({.paths = {dir_.path}, .threads = 1});
  const auto many = scan({.paths = {dir_.path}, .threads = 6});
  ASSERT_EQ(one.findings.size(), 50U);
  ASSERT_EQ(many.findings.size(), 50U);
  for (std::size_t i = 0; i < 50; ++i) EXPECT_EQ(one.findings[i].fingerprint, many.findings[i].fingerprint);
  EXPECT_EQ(places(one), places(many));
  EXPECT_EQ(one.coverage.bytes, many.coverage.bytes);
}

TEST_F(Folder, DoesNotFollowSymlinksButReadsTheirTarget) {
  const test::TempDir outside;
  write_file(outside.path + "/secret", live_key(1));
  write("real", "nothing");
  fs::create_symlink(outside.path + "/secret", at("file"));
  fs::create_directory_symlink(outside.path, at("folder"));
  fs::create_directory_symlink(".", at("loop"));
  fs::create_symlink("/keys/" + live_key(2), at("target"));
  EXPECT_EQ(found(), (Paths{"target (symlink-target)"}));
}

TEST_F(Folder, FollowsASymlinkThatIsAnArgument) {
  write("real/x", live_key(1));
  fs::create_symlink("real/x", at("file"));
  fs::create_directory_symlink("real", at("folder"));
  EXPECT_EQ(places(scan_paths({at("file")}), dir_.path + "/"), Paths{"file"});
  EXPECT_EQ(places(scan_paths({at("folder")}), dir_.path + "/"), Paths{"folder/x"});
}

TEST_F(Folder, SkipsPipesAndSocketsWithoutHanging) {
  write("x", live_key(1));
  ASSERT_EQ(::mkfifo(at("fifo").c_str(), 0600), 0);
  const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, at("s").c_str(), sizeof address.sun_path - 1);
  ASSERT_EQ(::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  const auto result = scan_all();
  ::close(fd);
  EXPECT_EQ(places(result, dir_.path + "/"), Paths{"x"});
  EXPECT_EQ(skipped(result, "sockets"), 2U);
  EXPECT_TRUE(result.complete());
}

TEST_F(Folder, CountsCompressedMediaAsSkipped) {
  write("p.png", "\x89PNG\r\n\x1a\n" + live_key(1));
  const auto result = scan_all();
  EXPECT_TRUE(result.findings.empty());
  EXPECT_EQ(skipped(result, "compressed"), 1U);
  EXPECT_TRUE(result.complete());
}

// As root every file can be read, so that the scan is run by a child without that right.
TEST_F(Folder, SaysWhatItMayNotRead) {
  write("open", live_key(1));
  write("closed", live_key(2));
  write("folder/x", live_key(3));
  fs::permissions(dir_.path, fs::perms(0755));
  fs::permissions(at("open"), fs::perms(0644));
  fs::permissions(at("closed"), fs::perms(0));
  fs::permissions(at("folder"), fs::perms(0));
  const auto& rules = small_rules();
  const pid_t child = fork();
  if (child == 0) {
    if (::geteuid() == 0 && (::setegid(65534) != 0 || ::seteuid(65534) != 0)) _exit(9);
    Progress progress;
    const auto result = scan_worktree(rules, {.paths = {dir_.path}, .threads = 1}, progress);
    const bool good = result && result->loss_count == 2 && result->findings.size() == 1 &&
                      result->losses[0].where == at("closed") && result->losses[1].where == at("folder") &&
                      result->losses[0].kind == LossKind::UnreadableFile &&
                      result->losses[1].what == "permission denied";
    _exit(good ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST_F(Folder, LosesWhatIsOverTheLimit) {
  write("x", live_key(1));
  write("y", std::string(100, ' ') + live_key(2));
  const auto result = scan({.paths = {dir_.path}, .max_file_size = 100});
  EXPECT_EQ(places(result, dir_.path + "/"), Paths{"x"});
  ASSERT_EQ(result.losses.size(), 1U);
  EXPECT_EQ(result.losses[0].kind, LossKind::LimitExceeded);
  EXPECT_EQ(result.losses[0].where, at("y"));
}

TEST_F(Folder, ScansNamesOnce) {
  const std::string folder = "d-" + live_key(1);
  write(folder + "/a", "x");
  write(folder + "/b", "x");
  write("f-" + live_key(2) + "\n\x1b[31m", "x");
  const auto result = scan_all();
  EXPECT_EQ(places(result, dir_.path + "/"),
            (Paths{folder + " (file-name)", "f-" + live_key(2) + "\n\x1b[31m (file-name)"}));
  EXPECT_EQ(result.findings[0].occurrences[0].position.offset, dir_.path.size() + 3);
}

TEST_F(Folder, ReadsBinaryFilesAndUtf16) {
  write("bin", std::string("\x7f"
                           "ELF\0\0",
                           6) +
                   live_key(1) + std::string(3, '\0'));
  std::string wide = "\xFF\xFE";
  for (const char c : "K=" + live_key(2)) wide += {c, '\0'};
  write("wide", wide);
  const auto result = scan_all();
  EXPECT_EQ(places(result, dir_.path + "/"), (Paths{"bin", "wide"}));
  EXPECT_EQ(result.findings[1].occurrences[0].encoding, "utf-16le");
  EXPECT_EQ(result.findings[1].occurrences[0].position.column, 7U);
}

TEST_F(Folder, LeavesGitDirectoriesOut) {
  write("mirror/HEAD", "ref: refs/heads/main\n");
  write("mirror/objects/x", live_key(1));
  write("mirror/refs/x", "");
  write("x", live_key(2));
  const auto result = scan_all();
  EXPECT_EQ(places(result, dir_.path + "/"), Paths{"x"});
  EXPECT_EQ(skipped(result, "git directories"), 1U);
}

TEST_F(Folder, GoesDeep) {
  std::string path = "d";
  for (int i = 0; i < 200; ++i) path += "/d";
  write(path + "/x", live_key(1));
  EXPECT_EQ(found(), Paths{path + "/x"});
}

TEST_F(Folder, RefusesWhatCannotBeScanned) {
  Progress progress;
  const auto kind = [&](const std::string& path) {
    return scan_worktree(small_rules(), {.paths = {path}}, progress).error().kind;
  };
  ASSERT_EQ(::mkfifo(at("fifo").c_str(), 0600), 0);
  EXPECT_EQ(kind(at("none")), ErrorKind::NotFound);
  EXPECT_EQ(kind(at("fifo")), ErrorKind::Usage);
  EXPECT_EQ(kind("/dev/null"), ErrorKind::Usage);
  const test::GitFixture bare({.bare = true});
  EXPECT_EQ(kind(bare.path()), ErrorKind::Usage);
}

TEST_F(Folder, StopsWhenItIsCancelled) {
  write("x", live_key(1));
  Progress progress;
  progress.cancelled = true;
  const auto result = scan_worktree(small_rules(), {.paths = {dir_.path}}, progress);
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->findings.empty());
  EXPECT_FALSE(result->complete());
}

class WorkTree : public testing::Test {
 protected:
  Paths found(WorktreeOptions options = {}) const {
    if (options.paths.empty()) options.paths = {git_.path()};
    return places(scan(options), git_.path() + "/");
  }
  test::GitFixture git_;
};

TEST_F(WorkTree, ReadsTrackedAndUntrackedButNotIgnored) {
  git_.write(".gitignore", "*.log\n/build/\nkept.env\n");
  git_.write("kept.env", live_key(1));
  git_.git({"add", "-f", "kept.env"});
  git_.write("src/tracked", live_key(2));
  git_.commit("first");
  git_.write("src/untracked", live_key(3));
  git_.write("x.log", live_key(4));
  git_.write("build/out", live_key(5));
  EXPECT_EQ(found(), (Paths{"kept.env", "src/tracked", "src/untracked"}));
  EXPECT_EQ(found({.no_ignore = true}), (Paths{"build/out", "kept.env", "src/tracked", "src/untracked", "x.log"}));
}

TEST_F(WorkTree, ScansWhatIsNamedThoughIgnored) {
  git_.write(".gitignore", "*.log\n/build/\n");
  git_.write("x.log", live_key(1));
  git_.write("build/deep/out", live_key(2));
  EXPECT_EQ(found({.paths = {git_.path() + "/x.log"}}), Paths{"x.log"});
  EXPECT_EQ(found({.paths = {git_.path() + "/build"}}), Paths{"build/deep/out"});
}

TEST_F(WorkTree, FindsForcedFilesInIgnoredFolders) {
  git_.write(".gitignore", "/build/\n");
  git_.write("build/forced", live_key(1));
  git_.write("build/other", live_key(2));
  git_.git({"add", "-f", "build/forced"});
  EXPECT_EQ(found(), Paths{"build/forced"});
}

TEST_F(WorkTree, DoesNotMissADeletedFile) {
  git_.write("gone", live_key(1));
  git_.write("kept", live_key(2));
  git_.commit("first");
  fs::remove(git_.path() + "/gone");
  const auto result = scan_paths({git_.path()});
  EXPECT_EQ(places(result, git_.path() + "/"), Paths{"kept"});
  EXPECT_TRUE(result.complete());
}

TEST_F(WorkTree, NeverEntersDotGit) {
  write_file(git_.git_dir() + "/notes", live_key(1));
  EXPECT_EQ(found({.no_ignore = true}), Paths{});
}

TEST_F(WorkTree, ScansNestedRepositoriesByTheirOwnRules) {
  git_.write(".gitignore", "*.log\n");
  git_.write("nested/x.log", live_key(1));
  git_.write("nested/y.tmp", live_key(2));
  git_.write("nested/.gitignore", "*.tmp\n!*.log\n");
  git_.git_in(git_.path() + "/nested", {"init", "-q"});
  EXPECT_EQ(found(), Paths{"nested/x.log"});
}

TEST_F(WorkTree, IsNotBlindedByAnEmptyDotGit) {
  git_.write("sub/x", live_key(1));
  fs::create_directory(git_.path() + "/sub/.git");
  EXPECT_EQ(found(), Paths{"sub/x"});
}

TEST_F(WorkTree, PathsForRulesAreThoseOfTheRepository) {
  git_.write("vendor/x", test::test_key(1));  // the rule allows it in vendor/
  EXPECT_EQ(found({.paths = {git_.path() + "/vendor"}}), Paths{});
  EXPECT_EQ(found({.paths = {git_.path() + "/vendor/x"}}), Paths{});
}

TEST_F(WorkTree, ScansEverythingWhenTheIndexIsDamaged) {
  git_.write(".gitignore", "*.log\n");
  git_.write("x.log", live_key(1));
  git_.git({"add", "-f", "x.log"});
  write_file(git_.git_dir() + "/index", "DIRC damaged");
  const auto result = scan_paths({git_.path()});
  EXPECT_EQ(places(result, git_.path() + "/"), Paths{"x.log"});
  EXPECT_EQ(result.remarks.size(), 1U);
}

TEST_F(WorkTree, ShowsPathsAsTheyWereTyped) {
  git_.write("src/x", live_key(1));
  const fs::path before = fs::current_path();
  fs::current_path(git_.path());
  const Paths none = places(scan_paths({})), dot = places(scan_paths({"./src/"})),
              plain = places(scan_paths({"src/x"}));
  fs::current_path(git_.path() + "/src");
  const Paths up = places(scan_paths({".."}));
  fs::current_path(before);
  EXPECT_EQ(none, Paths{"src/x"});
  EXPECT_EQ(dot, Paths{"src/x"});
  EXPECT_EQ(plain, Paths{"src/x"});
  EXPECT_EQ(up, Paths{"../src/x"});
}

TEST_F(Folder, ReaderSaysThatAFileGrewShrankOrWasReplaced) {
  const auto change = [&](auto&& what) {
    write("x", "0123456789");
    OpenAnswer opened = open_file(AT_FDCWD, at("x"));
    what();
    FileReader reader(1000);
    const ReadAnswer answer = reader.read(opened.file);
    return answer.loss ? std::string(loss_kind_name(answer.loss->kind)) : std::string(as_text(answer.content));
  };
  EXPECT_EQ(change([] {}), "0123456789");
  EXPECT_EQ(change([&] { fs::resize_file(at("x"), 20); }), "changed-file");
  EXPECT_EQ(change([&] { fs::resize_file(at("x"), 2); }), "changed-file");
  EXPECT_EQ(change([&] { fs::last_write_time(at("x"), fs::file_time_type{}); }), "changed-file");
  EXPECT_EQ(open_file(AT_FDCWD, at("gone")).loss->kind, LossKind::ChangedFile);
  fs::create_symlink("x", at("link"));
  EXPECT_EQ(open_file(AT_FDCWD, at("link")).loss->kind, LossKind::ChangedFile);
}

// Standard input: a pipe that holds `content`.
Result<detect::ScanResult> scan_pipe(const std::string& content, std::uint64_t limit) {
  int ends[2];
  EXPECT_EQ(::pipe(ends), 0);
  EXPECT_EQ(::write(ends[1], content.data(), content.size()), static_cast<ssize_t>(content.size()));
  ::close(ends[1]);
  Progress progress;
  auto result = scan_stream(small_rules(), ends[0], "stdin", {.max_file_size = limit}, progress);
  ::close(ends[0]);
  return result;
}

TEST(ScanStream, ReadsToTheEnd) {
  const auto result = scan_pipe("a\nb = " + live_key(1) + "\n", 1000);
  ASSERT_TRUE(result);
  EXPECT_EQ(places(*result), Paths{"stdin (stdin)"});
  EXPECT_EQ(result->findings[0].occurrences[0].position.line, 2U);
  EXPECT_TRUE(result->complete());
}

TEST(ScanStream, SaysThatItStoppedAtTheLimit) {
  const std::string content = live_key(1) + "\n" + live_key(2);
  const auto cut = scan_pipe(content, 40);
  EXPECT_EQ(cut->findings.size(), 1U);
  EXPECT_EQ(cut->losses.at(0).kind, LossKind::LimitExceeded);
  EXPECT_TRUE(scan_pipe(content, content.size())->complete());
}

TEST(ScanStream, FailsOnAClosedDescriptor) {
  Progress progress;
  EXPECT_EQ(scan_stream(small_rules(), -1, "stdin", {}, progress).error().kind, ErrorKind::Io);
}

}  // namespace
}  // namespace tightship::scan
