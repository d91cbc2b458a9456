#include "support/random_history.h"

#include <algorithm>
#include <sstream>
#include <stdexcept>

namespace tightship::test {
namespace {

constexpr long kFirstTime = 1700000000;

// Files and folders of the same names, so that one becomes the other now and then.
constexpr const char* kPaths[] = {"a.txt",  "b.txt",    "dir/a",      "dir/b",    "dir/sub/c", "dir/sub/d",
                                  "dir",    "dir.txt",  "dir-x/y",    "dir/sub",  "z/z/z/z",   "z/z",
                                  "sp ace", "\xc3\xbc", "lib/mod.js", "lib/mod-2"};

std::string hash_of_submodule(std::uint64_t number) {
  std::ostringstream hex;
  hex << std::hex << (number + 0x1000);
  return hex.str() + std::string(40 - hex.str().size(), '5');
}

// Takes away what cannot stand beside `path`: files on the way to it, and what lies below it.
void make_room(ModelTree& tree, const std::string& path) {
  std::erase_if(
      tree, [&](const auto& file) { return file.first.starts_with(path + "/") || path.starts_with(file.first + "/"); });
}

void put(ModelTree& tree, const std::string& path, const ModelFile& file) {
  make_room(tree, path);
  tree[path] = file;
}

std::string data(const std::string& text) { return "data " + std::to_string(text.size()) + "\n" + text + "\n"; }

}  // namespace

void RandomHistory::change_tree(ModelTree& tree, const HistoryOptions& options) {
  static constexpr const char* kModes[] = {"100644", "100644", "100644", "100755", "120000", "160000"};
  for (std::uint64_t changes = random_() % 4; changes > 0; --changes) {
    const std::string path = kPaths[random_() % std::size(kPaths)];
    if (random_() % 5 == 0) {
      tree.erase(path);
    } else if (random_() % 6 == 0 && tree.contains(path) && tree[path].mode != "160000") {
      tree[path].mode = tree[path].mode == "100644" ? "100755" : "100644";
    } else if (random_() % 6 == 0 && !tree.empty()) {
      // The same file once more, or moved.
      auto from = std::next(tree.begin(), static_cast<long>(random_() % tree.size()));
      const ModelFile file = from->second;
      if (random_() % 2 == 0) tree.erase(from);
      put(tree, path, file);
    } else {
      put(tree, path, {kModes[random_() % std::size(kModes)], random_() % options.contents});
    }
  }
}

void RandomHistory::make_commit(const HistoryOptions& options) {
  ModelCommit commit;
  const std::size_t count = commits_.size();
  if (count > 0 && (random_() % 30 != 0 || options.one_root)) {
    const std::size_t parents = random_() % 4 != 0 ? 1 : random_() % 5 != 0 ? 2 : 3;
    for (std::size_t i = 0; i < parents; ++i) {
      const std::size_t back = random_() % std::min<std::size_t>(count, parents == 1 ? 3 : 8);
      const std::size_t parent = count - 1 - back;
      if (std::find(commit.parents.begin(), commit.parents.end(), parent) == commit.parents.end()) {
        commit.parents.push_back(parent);
      }
    }
    commit.tree = commits_[commit.parents.front()].tree;
  }
  for (std::size_t i = 1; i < commit.parents.size(); ++i) {
    for (const auto& [path, file] : commits_[commit.parents[i]].tree) {
      if (random_() % 2 == 0) put(commit.tree, path, file);
    }
  }
  change_tree(commit.tree, options);
  commits_.push_back(std::move(commit));
}

std::string RandomHistory::stream_of(const HistoryOptions& options) {
  std::string out = "feature done\n";
  for (std::uint64_t i = 0; i < options.contents; ++i) {
    const std::string text = options.content ? options.content(i) : "content " + std::to_string(i) + "\n";
    out += "blob\nmark :" + std::to_string(1'000'000 + i) + "\n" + data(text);
  }
  for (std::size_t i = 0; i < commits_.size(); ++i) {
    const ModelCommit& commit = commits_[i];
    long time = kFirstTime + 60 * static_cast<long>(i);
    if (options.skew_minutes > 0) {
      time += 60 * (static_cast<long>(random_() % (2 * static_cast<unsigned>(options.skew_minutes) + 1)) -
                    options.skew_minutes);
    }
    out += "commit refs/heads/c" + std::to_string(i) + "\nmark :" + std::to_string(i + 1) +
           "\ncommitter Ben <ben@example.com> " + std::to_string(time) + " +0100\n" +
           data("commit " + std::to_string(i) + "\n");
    for (std::size_t p = 0; p < commit.parents.size(); ++p) {
      out += (p == 0 ? "from :" : "merge :") + std::to_string(commit.parents[p] + 1) + "\n";
    }
    out += "deleteall\n";
    for (const auto& [path, file] : commit.tree) {
      const std::string object =
          file.mode == "160000" ? hash_of_submodule(file.content) : ":" + std::to_string(1'000'000 + file.content);
      out += "M " + file.mode + " " + object + " " + path + "\n";
    }
  }
  return out + "done\n";
}

RandomHistory::RandomHistory(GitFixture& repo, const HistoryOptions& options) : random_(options.seed) {
  for (unsigned i = 0; i < options.commits; ++i) make_commit(options);
  const std::string marks = repo.root() + "/marks";
  repo.git({"-c", options.packed ? "fastimport.unpackLimit=1" : "fastimport.unpackLimit=1000000", "fast-import",
            "--quiet", "--export-marks=" + marks},
           stream_of(options));
  std::istringstream lines(slurp(marks));
  std::string mark, id;
  while (lines >> mark >> id) {
    const std::size_t number = std::stoul(mark.substr(1));
    if (number <= commits_.size()) commits_[number - 1].id = id;
  }
  if (commits_.back().id.empty()) throw std::runtime_error("git fast-import did not name every commit");
  repo.git({"update-ref", "refs/heads/main", commits_.back().id});
}

std::set<std::size_t> RandomHistory::reachable(const std::vector<std::size_t>& tips) const {
  std::set<std::size_t> seen;
  std::vector<std::size_t> todo = tips;
  while (!todo.empty()) {
    const std::size_t commit = todo.back();
    todo.pop_back();
    if (!seen.insert(commit).second) continue;
    todo.insert(todo.end(), commits_[commit].parents.begin(), commits_[commit].parents.end());
  }
  return seen;
}

std::set<std::string> RandomHistory::new_commits(const std::vector<std::size_t>& wanted,
                                                 const std::vector<std::size_t>& known) const {
  const std::set<std::size_t> old = reachable(known);
  std::set<std::string> ids;
  for (const std::size_t commit : reachable(wanted)) {
    if (!old.contains(commit)) ids.insert(commits_[commit].id);
  }
  return ids;
}

std::vector<std::size_t> RandomHistory::pick(std::size_t at_most, bool none_too) {
  std::vector<std::size_t> picked(none_too ? random_() % (at_most + 1) : 1 + random_() % at_most);
  for (std::size_t& commit : picked) commit = random_() % commits_.size();
  return picked;
}

}  // namespace tightship::test
