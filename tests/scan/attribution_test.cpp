// Random histories: delta-aware = whole blobs, and paths, commits and reach = a slow reference made of
// git commands.

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <random>
#include <sstream>

#include "scan/audit_fixture.h"

namespace tightship::test {
namespace {

// Edits, moves, truncations, renames, merges and octopus merges over a few branches; every file
// carries some tokens of a small set, so that each stands in many blobs.
class RandomHistory {
 public:
  RandomHistory(GitFixture& repo, unsigned seed) : repo_(repo), random_(seed) {}

  void make(int steps) {
    change();
    repo_.commit("first");
    for (int step = 0; step < steps; ++step) {
      const unsigned choice = random_() % 10;
      if (choice == 0)
        branch();
      else if (choice == 1)
        merge(1);
      else if (choice == 2 && branches_.size() > 3)
        merge(2);
      else if (choice == 3)
        rename();
      else
        change();
      repo_.commit("step " + std::to_string(step));
    }
    repo_.git({"tag", "-a", "v1", "-m", "tagged"});
    // Merges leave trees and blobs of their own behind; the reference looks at commits only.
    std::filesystem::remove(repo_.git_dir() + "/AUTO_MERGE");
    repo_.git({"reflog", "expire", "--expire=all", "--all"});
    repo_.git({"prune", "--expire=now"});
  }

 private:
  std::string path() { return dirs_[random_() % 3] + "f" + std::to_string(random_() % 3) + ".txt"; }

  void change() {
    const std::string file = path();
    std::string& text = texts_[file];
    for (int i = 0; i < 6; ++i) {
      const std::string line =
          random_() % 3 == 0 ? token(random_() % 12) + "\n" : "word " + std::to_string(random_()) + " and more of it\n";
      text.insert(random_() % (text.size() + 1), line);
    }
    if (random_() % 6 == 0) text.resize(text.size() / 2);
    if (random_() % 6 == 0) std::rotate(text.begin(), text.begin() + static_cast<long>(text.size() / 4), text.end());
    repo_.write(file, text);
  }

  void branch() {
    branches_.push_back("b" + std::to_string(branches_.size()));
    repo_.git({"checkout", "-q", "-b", branches_.back()});
    change();
  }

  void merge(std::size_t count) {
    if (branches_.empty()) return change();
    std::vector<std::string> command{"merge", "-q", "-s", "ours", "--no-commit", "--no-ff"};
    if (count == 1 && random_() % 2 == 0) command[3] = "ort", command.insert(command.begin() + 4, {"-X", "theirs"});
    for (std::size_t i = 0; i < count; ++i) command.push_back(branches_[random_() % branches_.size()]);
    repo_.try_git(repo_.path(), command);
    for (auto& [file, text] : texts_) {
      if (std::filesystem::exists(repo_.path() + "/" + file)) text = slurp(repo_.path() + "/" + file);
    }
    if (random_() % 2 == 0) change();  // content that only the merge has
  }

  void rename() {
    const std::string from = path(), to = path();
    if (!std::filesystem::exists(repo_.path() + "/" + from)) return change();
    std::filesystem::create_directories(std::filesystem::path(repo_.path() + "/" + to).parent_path());
    std::filesystem::rename(repo_.path() + "/" + from, repo_.path() + "/" + to);
    texts_[to] = texts_[from];
  }

  GitFixture& repo_;
  std::mt19937 random_;
  std::vector<std::string> branches_;
  std::vector<std::string> dirs_{"", "a/", "a/b/"};
  std::map<std::string, std::string> texts_;
};

// What the audit must say of a (token, path), found out by looking at every tree of every commit.
struct Told {
  std::string first_commit;
  std::int64_t first_time = 0;
  std::set<std::string> versions;
  bool in_head = false;
};
using Reference = std::map<std::pair<std::string, std::string>, Told>;

std::vector<std::string> words(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> out;
  for (std::string word; in >> word;) out.push_back(word);
  return out;
}

Reference slow_reference(const GitFixture& repo) {
  std::map<std::string, std::set<std::string>> tokens_of;  // blob -> its tokens
  const auto tree_of = [&](const std::string& commit) {
    std::set<std::pair<std::string, std::string>> entries;  // path, blob
    std::istringstream lines(repo.git({"ls-tree", "-r", commit}));
    for (std::string line; std::getline(lines, line);) {
      const std::size_t tab = line.find('\t');
      entries.emplace(line.substr(tab + 1), words(line.substr(0, tab))[2]);
    }
    return entries;
  };
  const auto tokens_in = [&](const std::string& blob) {
    const auto [at, is_new] = tokens_of.try_emplace(blob);
    if (!is_new) return at->second;
    const std::string text = repo.git({"cat-file", "blob", blob});
    for (std::uint64_t i = 0; i < 12; ++i) {
      for (std::size_t pos = text.find(token(i)); pos != std::string::npos; pos = text.find(token(i), pos + 1)) {
        const bool left =
            pos == 0 || !(std::isalnum(static_cast<unsigned char>(text[pos - 1])) || text[pos - 1] == '_');
        const std::size_t end = pos + token(i).size();
        const bool right =
            end == text.size() || !(std::isalnum(static_cast<unsigned char>(text[end])) || text[end] == '_');
        if (left && right) at->second.insert(token(i));
      }
    }
    return at->second;
  };
  Reference reference;
  std::map<std::string, std::set<std::pair<std::string, std::string>>> trees;
  std::istringstream commits(repo.git({"log", "--all", "--format=%H %ct %P"}));
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(commits, line);) rows.push_back(words(line));
  for (const auto& row : rows) trees[row[0]] = tree_of(row[0]);
  for (const auto& row : rows) {
    for (const auto& entry : trees[row[0]]) {
      bool brought = true;
      for (std::size_t p = 2; p < row.size(); ++p) brought &= !trees[row[p]].contains(entry);
      if (!brought) continue;
      for (const std::string& secret : tokens_in(entry.second)) {
        Told& told = reference[{secret, entry.first}];
        const std::int64_t time = std::stoll(row[1]);
        const bool older =
            told.first_commit.empty() || std::pair(time, row[0]) < std::pair(told.first_time, told.first_commit);
        if (older) told.first_commit = row[0], told.first_time = time;
        told.versions.insert(entry.second);
      }
    }
  }
  for (const auto& [path, blob] : tree_of("HEAD")) {
    for (const std::string& secret : tokens_in(blob)) reference[{secret, path}].in_head = true;
  }
  return reference;
}

void expect_as_reference(const GitFixture& repo, const detect::ScanResult& result) {
  const Reference reference = slow_reference(repo);
  std::set<std::pair<std::string, std::string>> seen;
  for (const detect::Finding& finding : result.findings) {
    for (const detect::Occurrence& where : finding.occurrences) {
      const auto told = reference.find({finding.secret, where.path});
      ASSERT_TRUE(told != reference.end())
          << where.path << ' ' << finding.rule->id << ' ' << where.object->hex() << ' ' << where.position.line << ':'
          << where.position.column << ' ' << (where.commit ? where.commit->id.hex() : "no commit");
      ASSERT_TRUE(where.commit.has_value()) << where.path;
      EXPECT_EQ(where.commit->id.hex(), told->second.first_commit) << where.path;
      EXPECT_EQ(where.in_head, told->second.in_head) << where.path;
      EXPECT_EQ(where.versions, told->second.versions.size()) << where.path;
      seen.insert(told->first);  // a file may hold a token twice
    }
  }
  EXPECT_EQ(seen.size(), reference.size());
  // Which refs reach a secret: git's own answer for the commits that brought it.
  for (const detect::Finding& finding : result.findings) {
    std::set<std::string> refs;
    for (const detect::Occurrence& where : finding.occurrences) {
      for (std::string& ref :
           words(repo.git({"for-each-ref", "--format=%(refname)", "--contains", where.commit->id.hex()}))) {
        refs.insert(std::move(ref));
      }
    }
    std::set<std::string> told(finding.refs.begin(), finding.refs.end());
    told.erase("HEAD");
    for (const std::string& ref : refs) {
      if (finding.ref_count <= finding.refs.size()) EXPECT_TRUE(told.contains(ref)) << ref;
    }
  }
}

class RandomAudit : public testing::TestWithParam<unsigned> {};

TEST_P(RandomAudit, SaysWhatTheSlowReferenceSays) {
  GitFixture repo;
  RandomHistory(repo, GetParam()).make(45);
  const detect::ScanResult loose = audit(repo.path());
  expect_as_reference(repo, loose);
  repo.git({"repack", "-adfq", "--depth=100", "--window=30"});
  const detect::ScanResult packed = audit(repo.path());
  EXPECT_EQ(places(packed), places(loose));
  scan::AuditOptions whole;
  whole.whole_blobs = true;
  EXPECT_EQ(places(audit(repo.path(), whole)), places(packed));
  scan::AuditOptions tight;
  tight.memory_cap = 4096;
  tight.threads = 4;
  EXPECT_EQ(places(audit(repo.path(), tight)), places(packed));
  EXPECT_TRUE(packed.complete());
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomAudit, testing::Range(1u, 7u));

TEST(Audit, TellsPushedFromLocal) {
  GitFixture repo;
  repo.write("a.txt", token(1) + "\n");
  repo.commit("public");
  const std::string remote = repo.root() + "/remote.git";
  repo.git_in(repo.root(), {"init", "-q", "--bare", remote});
  repo.git({"remote", "add", "origin", remote});
  repo.git({"push", "-q", "origin", "HEAD:main"});
  repo.git({"fetch", "-q", "origin"});
  repo.write("b.txt", token(2) + "\n");
  repo.commit("local");
  std::filesystem::remove(repo.path() + "/a.txt");
  repo.commit("gone");
  const detect::ScanResult result = audit(repo.path());
  const detect::Finding* is_public = finding_of(result, token(1));
  const detect::Finding* local = finding_of(result, token(2));
  ASSERT_TRUE(is_public != nullptr && local != nullptr);
  EXPECT_EQ(is_public->pushed, detect::PushState::Pushed);
  EXPECT_EQ(is_public->remotes, std::vector<std::string>{"origin"});
  EXPECT_FALSE(is_public->in_head);
  EXPECT_EQ(local->pushed, detect::PushState::Never);
  EXPECT_TRUE(local->in_head);
  EXPECT_EQ(&result.findings[0], is_public);  // what is public comes first
}

struct Incomplete {
  const char* name;
  std::vector<std::string> clone;
  LossKind kind;
};
void PrintTo(const Incomplete& row, std::ostream* out) { *out << row.name; }

class IncompleteAudit : public testing::TestWithParam<Incomplete> {};

TEST_P(IncompleteAudit, IsNamedAsSuch) {
  GitFixture origin;
  for (int i = 0; i < 5; ++i) {
    origin.write("f" + std::to_string(i), "text " + std::to_string(i) + "\n");
    origin.commit("c" + std::to_string(i));
  }
  origin.git({"config", "uploadpack.allowFilter", "true"});
  const std::string clone = origin.root() + "/clone";
  std::vector<std::string> command{"clone", "-q", "--no-checkout"};
  command.insert(command.end(), GetParam().clone.begin(), GetParam().clone.end());
  command.insert(command.end(), {"file://" + origin.path(), clone});
  origin.git_in(origin.root(), command);
  const detect::ScanResult result = audit(clone);
  EXPECT_FALSE(result.complete());
  ASSERT_FALSE(result.losses.empty());
  EXPECT_EQ(result.losses[0].kind, GetParam().kind);
  EXPECT_FALSE(result.losses[0].help.empty());
}

INSTANTIATE_TEST_SUITE_P(Clones, IncompleteAudit,
                         testing::Values(Incomplete{"Shallow", {"--depth=2"}, LossKind::ShallowHistory},
                                         Incomplete{"Blobless", {"--filter=blob:none"}, LossKind::PartialClone},
                                         Incomplete{"Treeless", {"--filter=tree:0"}, LossKind::PartialClone}),
                         [](const auto& row) { return row.param.name; });

TEST(Audit, NamesAMissingObjectAndFindsTheRest) {
  GitFixture repo;
  repo.write("gone.txt", "this blob will be deleted\n");
  repo.write("kept.txt", token(3) + "\n");
  repo.commit("both");
  const std::string blob = trimmed(repo.git({"rev-parse", "HEAD:gone.txt"}));
  std::filesystem::remove(repo.git_dir() + "/objects/" + blob.substr(0, 2) + "/" + blob.substr(2));
  const detect::ScanResult result = audit(repo.path());
  EXPECT_NE(finding_of(result, token(3)), nullptr);
  ASSERT_EQ(result.loss_count, 1u);
  EXPECT_EQ(result.losses[0].kind, LossKind::MissingObject);
  EXPECT_NE(result.losses[0].where.find(blob), std::string::npos);
  EXPECT_LT(result.coverage.objects, result.coverage.objects_expected);
}

TEST(Audit, ReadsSha256Repositories) {
  GitFixture repo({.sha256 = true});
  repo.write("a/b.txt", token(4) + "\n");
  const std::string commit = repo.commit("sha256");
  repo.git({"repack", "-adq"});
  const detect::ScanResult result = audit(repo.path());
  const detect::Finding* finding = finding_of(result, token(4));
  ASSERT_NE(finding, nullptr);
  EXPECT_EQ(finding->occurrences[0].path, "a/b.txt");
  EXPECT_EQ(finding->occurrences[0].commit->id.hex(), trimmed(commit));
  EXPECT_TRUE(result.complete());
  EXPECT_FALSE(result.remarks.empty());
}

TEST(Audit, ReadsBareRepositoriesAndLinkedWorktrees) {
  GitFixture repo;
  repo.write("a.txt", token(5) + "\n");
  repo.commit("a");
  const std::string tree = repo.root() + "/linked tree";
  repo.git({"worktree", "add", "-q", "--detach", tree});
  write_file(tree + "/b.txt", token(6) + "\n");
  repo.git_in(tree, {"add", "-A"});
  repo.git_in(tree, {"commit", "-qm", "only in the linked worktree"});
  for (const std::string& path : {repo.path(), tree, repo.git_dir()}) {
    const detect::ScanResult result = audit(path);
    ASSERT_NE(finding_of(result, token(5)), nullptr) << path;
    const detect::Finding* linked = finding_of(result, token(6));
    ASSERT_NE(linked, nullptr) << path;
    EXPECT_LE(linked->occurrences[0].reach, detect::Reach::Ref) << path;
  }
  const std::string bare = repo.root() + "/bare.git";
  repo.git_in(repo.root(), {"clone", "-q", "--bare", repo.path(), bare});
  EXPECT_NE(finding_of(audit(bare), token(5)), nullptr);
}

TEST(Audit, VerifyFindsContentUnderAWrongName) {
  GitFixture repo;
  repo.write("a.txt", "one\n");
  repo.write("b.txt", "two\n");
  repo.commit("x");
  const auto file_of = [&](const std::string& name) {
    const std::string oid = trimmed(repo.git({"rev-parse", "HEAD:" + name}));
    return repo.git_dir() + "/objects/" + oid.substr(0, 2) + "/" + oid.substr(2);
  };
  std::filesystem::permissions(file_of("b.txt"), std::filesystem::perms::owner_all);
  write_file(file_of("b.txt"), slurp(file_of("a.txt")));
  EXPECT_TRUE(audit(repo.path()).complete());
  scan::AuditOptions options;
  options.verify = true;
  const detect::ScanResult result = audit(repo.path(), options);
  EXPECT_EQ(result.loss_count, 1u);
  EXPECT_EQ(result.losses.at(0).kind, LossKind::CorruptObject);
}

}  // namespace
}  // namespace tightship::test
