// Audits with and without what earlier ones remembered say the same, whatever happened to the repository
// or to the cache in between; and the cache holds no secret.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cctype>
#include <filesystem>
#include <random>
#include <thread>

#include "report/report.h"
#include "scan/audit_fixture.h"
#include "scan/cache.h"
#include "scan/state_cache.h"
#include "support/small_rules.h"

namespace tightship::test {
namespace {

namespace fs = std::filesystem;

struct Answer {
  std::string report;
  std::uint64_t total = 0, done = 0;  // packed bytes to read, and gone over
  bool complete = false;
};

Answer run_audit(const std::string& path, const std::string& folder,
                 const detect::RuleSet& rules = detect::RuleSet::builtin()) {
  scan::AuditOptions options;
  options.path = path;
  options.threads = 2;
  options.cache_folder = folder;
  scan::Progress progress;
  auto result = scan::audit_repository(rules, options, progress);
  EXPECT_TRUE(result.has_value()) << (result ? "" : result.error().what);
  if (!result) return {};
  result->coverage.seconds = 0;
  report::Options all;
  all.show_secrets = all.show_notes = true;
  return {report::render(*result, report::Format::Json, all), progress.total, progress.done, result->complete()};
}

// Answered without even opening a pack.
bool from_state(const Answer& answer) { return answer.total == 0; }

std::vector<std::string> files_in(const std::string& folder) {
  std::vector<std::string> files;
  if (!fs::exists(folder)) return files;
  for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  return files;
}

std::string only_file(const std::string& folder, char kind) {
  std::string found;
  for (const std::string& file : files_in(folder)) {
    if (fs::path(file).filename().string()[0] != kind) continue;
    EXPECT_TRUE(found.empty()) << file;
    found = file;
  }
  return found;
}

// Tokens in a file with several versions, a UTF-16 file, a symlink, a commit's and a tag's message, an
// object that nothing names, the configuration and a reflog.
void fill(GitFixture& repo) {
  std::string text;
  for (int i = 0; i < 200; ++i) text += "line " + std::to_string(i) + " of a file that is long enough\n";
  repo.write("src/a.txt", text + token(1) + "\n");
  repo.write("clean.txt", text);
  repo.commit("first");
  repo.write("src/a.txt", token(2) + "\n" + text + token(1) + "\n");
  std::string wide = "\xff\xfe";
  for (const char c : "key = " + token(3) + "\r\n") wide += {c, '\0'};
  repo.write("wide.txt", wide);
  fs::create_symlink("/nowhere/" + token(4), repo.path() + "/link");
  repo.commit("second " + token(5));
  repo.git({"tag", "-a", "v1", "-m", "release\n\n" + token(6)});
  repo.git({"branch", "side"});
  repo.git({"update-ref", "refs/remotes/origin/main", "HEAD"});
  repo.git({"hash-object", "-w", "--stdin"}, token(7) + "\n");
  repo.git({"config", "remote.origin.url", "https://bot:" + token(8) + "@example.com/shop.git"});
  repo.write("src/a.txt", token(2) + "\n" + text);
  repo.commit("third");
}

struct CacheTest : testing::Test {
  TempDir home;
  std::string folder = home.path + "/cache/tightship";
};

struct Layout {
  std::string name;
  bool sha256 = false, packed = false;
};

class EveryLayout : public testing::TestWithParam<Layout> {};

TEST_P(EveryLayout, SecondAuditReadsNothingAndSaysTheSame) {
  GitOptions options;
  options.sha256 = GetParam().sha256;
  GitFixture repo(options);
  fill(repo);
  if (GetParam().packed) repo.git({"repack", "-adfq"});
  const TempDir home;
  const std::string folder = home.path + "/tightship";
  const Answer plain = run_audit(repo.path(), "");
  const Answer first = run_audit(repo.path(), folder), second = run_audit(repo.path(), folder);
  EXPECT_EQ(plain.report, first.report);
  EXPECT_EQ(plain.report, second.report);
  EXPECT_TRUE(second.complete);
  EXPECT_TRUE(from_state(second));
  EXPECT_EQ(from_state(first), !GetParam().packed);  // there is no pack to read
  for (std::uint64_t i = 1; i <= 8; ++i) EXPECT_NE(second.report.find(token(i)), std::string::npos) << i;
}

INSTANTIATE_TEST_SUITE_P(Layouts, EveryLayout,
                         testing::Values(Layout{"loose"}, Layout{"packed", false, true}, Layout{"sha256", true, true}),
                         [](const auto& row) { return row.param.name; });

TEST_F(CacheTest, HoldsNoSecretAndIsPrivate) {
  GitFixture repo;
  fill(repo);
  repo.git({"repack", "-adq"});
  run_audit(repo.path(), folder);
  EXPECT_EQ(files_in(folder).size(), 2u);  // the state, and a pack
  for (const std::string& file : files_in(folder)) {
    const std::string content = slurp(file);
    for (std::uint64_t i = 1; i <= 8; ++i) EXPECT_EQ(content.find(token(i)), std::string::npos) << file << i;
    EXPECT_EQ(fs::status(file).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  }
  EXPECT_EQ(fs::status(folder).permissions(), fs::perms::owner_all);
}

TEST_F(CacheTest, KeepsNothingOfASecretInAName) {
  GitFixture repo;
  repo.write("dir/" + token(1) + "/file.txt", token(2) + "\n");
  repo.commit("one");
  repo.git({"repack", "-adq"});
  const Answer first = run_audit(repo.path(), folder), second = run_audit(repo.path(), folder);
  EXPECT_EQ(first.report, second.report);
  EXPECT_TRUE(files_in(folder).empty());
}

// A name that is no finding by itself, and the value of one elsewhere.
TEST_F(CacheTest, KeepsNothingOfANameThatASecretHasToo) {
  const std::string value = "hull" + token(1).substr(4, 20);
  write_file(home.path + "/rules.toml", R"(
[extend]
useDefault = false
[[rules]]
id = "hull-key"
description = "Hull key"
regex = '''hullkey=(hull[0-9A-Za-z]{20})'''
)");
  const auto rules = detect::RuleSet::load({home.path + "/rules.toml"});
  ASSERT_TRUE(rules) << rules.error().what;
  GitFixture repo;
  repo.write(value + "/a.txt", "hullkey=" + value + "\n");
  repo.commit("one");
  repo.git({"repack", "-adq"});
  const Answer answer = run_audit(repo.path(), folder, *rules);
  EXPECT_NE(answer.report.find(value), std::string::npos);
  EXPECT_TRUE(files_in(folder).empty());
}

TEST_F(CacheTest, NothingIsWrittenIntoTheRepository) {
  GitFixture repo;
  fill(repo);
  const auto listing = [&] {
    std::string all;
    for (const auto& entry : fs::recursive_directory_iterator(repo.path())) {
      struct stat status {};
      ::lstat(entry.path().c_str(), &status);
      all += entry.path().string() + ' ' + std::to_string(status.st_ctim.tv_sec) + '.' +
             std::to_string(status.st_ctim.tv_nsec) + '\n';
    }
    return all;
  };
  const std::string before = listing();
  run_audit(repo.path(), folder);
  run_audit(repo.path(), folder);
  EXPECT_EQ(before, listing());
}

TEST_F(CacheTest, OtherRulesGetTheirOwnAnswer) {
  GitFixture repo;
  fill(repo);
  repo.git({"repack", "-adq"});
  const Answer builtin = run_audit(repo.path(), folder);
  const Answer small = run_audit(repo.path(), folder, small_rules());
  EXPECT_EQ(small.report, run_audit(repo.path(), "", small_rules()).report);
  EXPECT_NE(small.report, builtin.report);
  EXPECT_EQ(builtin.report, run_audit(repo.path(), folder).report);
}

// After a change only what is new is read: the pack is known, though the state is another.
TEST_F(CacheTest, ReadsOnlyNewObjectsAfterACommit) {
  GitFixture repo;
  fill(repo);
  repo.git({"repack", "-adq"});
  run_audit(repo.path(), folder);
  // Whoever removes the state's file leaves the pack's.
  fs::remove(only_file(folder, 's'));
  repo.write("new.txt", token(20) + "\n");
  repo.commit("new");
  const Answer second = run_audit(repo.path(), folder);
  EXPECT_EQ(second.report, run_audit(repo.path(), "").report);
  EXPECT_NE(second.report.find(token(20)), std::string::npos);
  EXPECT_FALSE(from_state(second));
  EXPECT_EQ(second.done, second.total);  // passed over as a whole: walked ones lack header and trailer
}

// git does so to a pack that has an object which is written once more.
TEST_F(CacheTest, NewTimesOfAWholePackAreNoReasonToReadIt) {
  GitFixture repo;
  fill(repo);
  repo.git({"repack", "-adq"});
  run_audit(repo.path(), folder);
  for (const std::string& file : files_in(repo.git_dir() + "/objects/pack")) {
    fs::last_write_time(file, fs::file_time_type::clock::now() + std::chrono::seconds(5));
  }
  const Answer second = run_audit(repo.path(), folder);
  EXPECT_FALSE(from_state(second));
  EXPECT_EQ(second.done, second.total);
  EXPECT_EQ(second.report, run_audit(repo.path(), "").report);
  EXPECT_TRUE(from_state(run_audit(repo.path(), folder)));
}

TEST_F(CacheTest, ALostObjectIsToldEachTime) {
  GitFixture repo;
  fill(repo);
  const std::string blob = trimmed(repo.git({"rev-parse", "HEAD:clean.txt"}));
  fs::remove(repo.git_dir() + "/objects/" + blob.substr(0, 2) + "/" + blob.substr(2));
  const Answer first = run_audit(repo.path(), folder), second = run_audit(repo.path(), folder);
  EXPECT_FALSE(second.complete);
  EXPECT_EQ(first.report, second.report);
  EXPECT_EQ(first.report, run_audit(repo.path(), "").report);
}

TEST_F(CacheTest, AShallowCloneIsRemembered) {
  GitFixture repo;
  fill(repo);
  const std::string clone = repo.root() + "/clone";
  repo.git({"clone", "-q", "--depth=1", "file://" + repo.path(), clone});
  const Answer first = run_audit(clone, folder), second = run_audit(clone, folder);
  EXPECT_EQ(first.report, second.report);
  EXPECT_FALSE(second.complete);
  EXPECT_TRUE(from_state(second));
}

// Writes into a file that git takes for unchangeable, and sets its modification time back.
void change_in_place(const std::string& path, std::size_t at) {
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  fs::permissions(path, fs::perms::owner_write, fs::perm_options::add);
  const int fd = ::open(path.c_str(), O_RDWR);
  char byte = 0;
  ASSERT_EQ(::pread(fd, &byte, 1, static_cast<off_t>(at)), 1);
  byte = static_cast<char>(~byte);
  ASSERT_EQ(::pwrite(fd, &byte, 1, static_cast<off_t>(at)), 1);
  const timespec times[2] = {status.st_atim, status.st_mtim};
  ::futimens(fd, times);
  ::close(fd);
}

TEST_F(CacheTest, APackChangedInPlaceIsReadAgain) {
  GitFixture repo;
  fill(repo);
  repo.git({"repack", "-adfq"});
  EXPECT_TRUE(run_audit(repo.path(), folder).complete);
  std::string pack;
  for (const std::string& file : files_in(repo.git_dir() + "/objects/pack")) {
    if (file.ends_with(".pack")) pack = file;
  }
  change_in_place(pack, fs::file_size(pack) / 2);
  const Answer damaged = run_audit(repo.path(), folder), again = run_audit(repo.path(), folder);
  EXPECT_FALSE(damaged.complete);
  EXPECT_EQ(damaged.report, again.report);
  EXPECT_EQ(damaged.report, run_audit(repo.path(), "").report);
}

TEST_F(CacheTest, ALooseObjectChangedInPlaceIsReadAgain) {
  GitFixture repo;
  fill(repo);
  EXPECT_TRUE(run_audit(repo.path(), folder).complete);
  const std::string blob = trimmed(repo.git({"rev-parse", "HEAD:clean.txt"}));
  change_in_place(repo.git_dir() + "/objects/" + blob.substr(0, 2) + "/" + blob.substr(2), 20);
  EXPECT_FALSE(run_audit(repo.path(), folder).complete);
}

// --- hostile and damaged caches ---

TEST_F(CacheTest, ADamagedFileIsNoFile) {
  const scan::Cache cache(folder);
  const scan::CacheKey key = scan::cache_digest("key");
  const std::string name = "s-" + key.hex().substr(0, 40);
  ASSERT_TRUE(cache.store(name, key, "the payload of a file"));
  ASSERT_EQ(cache.load(name, key), "the payload of a file");
  const std::string file = folder + "/" + name, whole = slurp(file);
  for_each_damage(whole, [&](const std::string& damaged, const std::string& what) {
    write_file(file, damaged);
    EXPECT_FALSE(cache.load(name, key)) << what;
  });
  write_file(file, whole);
  EXPECT_TRUE(cache.load(name, key));
  EXPECT_FALSE(cache.load(name, scan::cache_digest("another key")));
  fs::rename(file, folder + "/p-" + key.hex().substr(0, 40));
  EXPECT_FALSE(cache.load("p-" + key.hex().substr(0, 40), scan::cache_digest("of another file")));
}

// Damage behind a right digest: made by somebody, not by a disk. Nothing crashes, and what is said of a
// secret is said of one that is there.
TEST_F(CacheTest, AForgedFileInventsNothing) {
  GitFixture repo;
  repo.write("a.txt", "x\n" + token(1) + "\n");
  repo.commit("one " + token(2));
  repo.git({"repack", "-adq"});
  const Answer plain = run_audit(repo.path(), folder);
  for (const char kind : {'s', 'p'}) {
    const std::string file = only_file(folder, kind), whole = slurp(file);
    const std::string payload = whole.substr(40, whole.size() - 72);
    const scan::CacheKey key = Oid::from_raw(as_bytes(std::string_view(whole).substr(8, 32)));
    std::size_t number = 0;
    for_each_damage(payload, [&](const std::string& damaged, const std::string& what) {
      if (number++ % 7 != 0) return;
      if (kind == 'p') fs::remove(only_file(folder, 's'));
      write_file(file, scan::seal(key, damaged));
      fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
      const Answer answer = run_audit(repo.path(), folder);
      for (std::size_t at = 0; (at = answer.report.find("ghp_", at)) != std::string::npos; ++at) {
        const std::string secret = answer.report.substr(at, token(1).size());
        const bool whole_one =
            std::all_of(secret.begin() + 4, secret.end(), [](unsigned char c) { return std::isalnum(c); });
        EXPECT_TRUE(!whole_one || secret == token(1) || secret == token(2)) << what;
      }
    });
    write_file(file, whole);
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
  }
  EXPECT_EQ(run_audit(repo.path(), folder).report, plain.report);
}

struct Unsafe {
  std::string name;
  void (*make)(const std::string& folder, const std::string& file);
};

class UnsafeFolder : public testing::TestWithParam<Unsafe> {};

TEST_P(UnsafeFolder, IsNotUsed) {
  const TempDir home;
  const std::string folder = home.path + "/tightship";
  const scan::Cache cache(folder);
  const scan::CacheKey key = scan::cache_digest("key");
  const std::string name = "p-" + key.hex().substr(0, 40);
  ASSERT_TRUE(cache.store(name, key, "payload"));
  ASSERT_TRUE(cache.load(name, key));
  GetParam().make(folder, folder + "/" + name);
  EXPECT_FALSE(cache.load(name, key));
}

INSTANTIATE_TEST_SUITE_P(
    Ways, UnsafeFolder,
    testing::Values(
        Unsafe{"OpenFolder", [](const std::string& folder, const std::string&) { ::chmod(folder.c_str(), 0755); }},
        Unsafe{"OpenFile", [](const std::string&, const std::string& file) { ::chmod(file.c_str(), 0644); }},
        Unsafe{"LinkedFolder",
               [](const std::string& folder, const std::string&) {
                 fs::rename(folder, folder + ".real");
                 fs::create_symlink(folder + ".real", folder);
               }},
        Unsafe{"LinkedFile",
               [](const std::string&, const std::string& file) {
                 fs::rename(file, file + ".real");
                 fs::create_symlink(file + ".real", file);
               }},
        Unsafe{"Pipe",
               [](const std::string&, const std::string& file) {
                 fs::remove(file);
                 ::mkfifo(file.c_str(), 0600);
               }},
        Unsafe{"FolderInPlaceOfAFile",
               [](const std::string&, const std::string& file) {
                 fs::remove(file);
                 fs::create_directory(file);
               }}),
    [](const auto& row) { return row.param.name; });

TEST_F(CacheTest, ALinkInPlaceOfTheFolderIsNotFollowedWhenWriting) {
  fs::create_directories(home.path + "/cache");
  fs::create_directories(home.path + "/elsewhere");
  fs::create_symlink(home.path + "/elsewhere", folder);
  const scan::CacheKey key = scan::cache_digest("key");
  EXPECT_FALSE(scan::Cache(folder).store("s-" + key.hex().substr(0, 40), key, "payload"));
  EXPECT_TRUE(files_in(home.path + "/elsewhere").empty());
  EXPECT_EQ(scan::Cache(folder).problem(), "is a symbolic link");
}

TEST_F(CacheTest, DropsTheLeastRecentlyUsedFirst) {
  const scan::Cache cache(folder, 40'000);
  const std::string payload(9'000, 'x');
  std::vector<std::string> names;
  const scan::CacheKey key = scan::cache_digest("key");
  for (int i = 0; i < 5; ++i) names.push_back("p-" + scan::cache_digest(std::to_string(i)).hex().substr(0, 40));
  const auto age = [&](int i, int minutes) {
    fs::last_write_time(folder + "/" + names[static_cast<std::size_t>(i)],
                        fs::file_time_type::clock::now() - std::chrono::minutes(minutes));
  };
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(cache.store(names[static_cast<std::size_t>(i)], key, payload));
  for (int i = 0; i < 4; ++i) age(i, 100 - i);
  ASSERT_TRUE(cache.load(names[0], key));  // used: the next oldest goes
  write_file(folder + "/notes.txt", "not ours");
  ASSERT_TRUE(cache.store(names[4], key, payload));
  EXPECT_TRUE(cache.load(names[0], key));
  EXPECT_FALSE(cache.load(names[1], key));
  for (const int i : {2, 3, 4}) EXPECT_TRUE(cache.load(names[static_cast<std::size_t>(i)], key)) << i;
  EXPECT_LE(cache.size().bytes, 40'000u);
  EXPECT_EQ(cache.clear().files, 4u);
  EXPECT_EQ(slurp(folder + "/notes.txt"), "not ours");
}

TEST_F(CacheTest, WritersAtOnceLeaveOneWholeFile) {
  const scan::CacheKey key = scan::cache_digest("key");
  const std::string name = "s-" + key.hex().substr(0, 40);
  ASSERT_TRUE(scan::Cache(folder).store(name, key, std::string(100'000, 'a')));
  std::vector<std::thread> threads;
  for (const char letter : {'a', 'b', 'c'}) {
    threads.emplace_back([&, letter] {
      const scan::Cache cache(folder);
      for (int i = 0; i < 40; ++i) {
        cache.store(name, key, std::string(100'000, letter));
        const auto seen = cache.load(name, key);
        ASSERT_TRUE(seen);
        EXPECT_EQ(seen->find_first_not_of((*seen)[0]), std::string::npos);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(files_in(folder).size(), 1u);
}

TEST(CacheFolder, FollowsTheEnvironment) {
  const auto with = [](const char* xdg, const char* home, const char* choice) {
    const std::pair<const char*, const char*> all[] = {
        {"XDG_CACHE_HOME", xdg}, {"HOME", home}, {"TIGHTSHIP_CACHE", choice}};
    std::vector<std::pair<const char*, std::optional<std::string>>> before;
    for (const auto& [name, value] : all) {
      const char* old = std::getenv(name);
      before.emplace_back(name, old != nullptr ? std::optional<std::string>(old) : std::nullopt);
      if (value != nullptr)
        ::setenv(name, value, 1);
      else
        ::unsetenv(name);
    }
    std::string folder = scan::default_cache_folder();
    for (const auto& [name, value] : before) {
      if (value)
        ::setenv(name, value->c_str(), 1);
      else
        ::unsetenv(name);
    }
    return folder;
  };
  EXPECT_EQ(with("/x", "/h", nullptr), "/x/tightship");
  EXPECT_EQ(with(nullptr, "/h", nullptr), "/h/.cache/tightship");
  EXPECT_EQ(with("relative", "/h", nullptr), "/h/.cache/tightship");
  EXPECT_EQ(with("", "", nullptr), "");
  EXPECT_EQ(with(nullptr, nullptr, nullptr), "");
  EXPECT_EQ(with("/x", "/h", "off"), "");
}

// --- whatever happens to a repository between two audits ---

class Life {
 public:
  Life(GitFixture& repo, unsigned seed) : repo_(repo), random_(seed) {}

  // One thing that people do. Returns what, for messages.
  std::string step() {
    switch (pick(12)) {
      case 0:
      case 1:
      case 2: return commit(true);
      case 3: return commit(false);
      case 4: return git({"repack", "-adq"});
      case 5: return git({"repack", "-dq"});
      case 6: return git({"gc", "-q", "--prune=now"});
      case 7: return branch();
      case 8: return git({"tag", "-f", "-a", "t" + std::to_string(pick(3)), "-m", "tag " + token(100 + pick(9))});
      case 9: return forget();
      case 10: return git({"config", "user.note", token(200 + pick(4))});
      default: return lose();
    }
  }

 private:
  unsigned pick(unsigned n) { return static_cast<unsigned>(random_() % n); }

  std::string git(const std::vector<std::string>& args) {
    repo_.try_git(repo_.path(), args);
    std::string all;
    for (const std::string& arg : args) all += arg + ' ';
    return all;
  }

  std::string commit(bool with_token) {
    const std::string file = std::string("dir") + std::to_string(pick(3)) + "/f" + std::to_string(pick(4));
    std::string text;
    for (int i = 0; i < 60; ++i) text += "line " + std::to_string(i + static_cast<int>(pick(2))) + " of " + file + "\n";
    repo_.write(file, text + (with_token ? token(pick(12)) : "no token") + "\n" + text);
    const std::string message = pick(5) == 0 ? "message " + token(50 + pick(3)) : "message";
    repo_.try_git(repo_.path(), {"add", "-A"});
    repo_.try_git(repo_.path(), {"commit", "-q", "--no-verify", "-m", message});  // may fail when a tree was lost
    return "commit " + file;
  }

  std::string branch() {
    const std::string name = "b" + std::to_string(pick(3));
    if (pick(2) == 0) return git({"branch", "-D", name});
    if (pick(2) == 0) return git({"checkout", "-q", "-B", name, "HEAD~1"});
    return git({"update-ref", "refs/remotes/origin/" + name, "HEAD"});
  }

  // A history that nothing reaches any more, and then is not there any more.
  std::string forget() {
    git({"reset", "-q", "--hard", "HEAD~1"});
    git({"reflog", "expire", "--expire=now", "--all"});
    return "forget a commit" + (pick(2) == 0 ? ", prune " + git({"prune", "--expire=now"}) : std::string());
  }

  // A loose blob that the disk lost.
  std::string lose() {
    std::vector<std::string> loose;
    for (const auto& entry : fs::recursive_directory_iterator(repo_.git_dir() + "/objects")) {
      const std::string name = entry.path().filename().string();
      if (entry.is_regular_file() && name.size() == 38) loose.push_back(entry.path().string());
    }
    if (loose.empty() || pick(3) != 0) return "nothing";
    std::sort(loose.begin(), loose.end());
    fs::remove(loose[pick(static_cast<unsigned>(loose.size()))]);
    return "lose an object";
  }

  GitFixture& repo_;
  std::mt19937 random_;
};

class LongLife : public testing::TestWithParam<unsigned> {};

TEST_P(LongLife, RememberingChangesNoAnswer) {
  GitFixture repo;
  const TempDir home;
  const std::string folder = home.path + "/tightship";
  repo.write("start.txt", token(0) + "\n");
  repo.commit("start");
  Life life(repo, GetParam());
  std::string story;
  unsigned remembered = 0;
  for (int i = 0; i < 14; ++i) {
    story += life.step() + '\n';
    const std::string plain = run_audit(repo.path(), "").report;
    ASSERT_EQ(run_audit(repo.path(), folder).report, plain) << story;
    const Answer again = run_audit(repo.path(), folder);
    ASSERT_EQ(again.report, plain) << story;
    remembered += from_state(again);
  }
  EXPECT_GT(remembered, 0u) << story;
}

INSTANTIATE_TEST_SUITE_P(Seeds, LongLife, testing::Range(1u, 9u));

}  // namespace
}  // namespace tightship::test
