#include "git/commit_walk.h"

#include <algorithm>
#include <queue>
#include <unordered_map>
#include <unordered_set>

namespace tightship::git {
namespace {

// Known commits that are looked at after the last wanted one, for clocks that went wrong (git's SLOP).
constexpr unsigned kSlop = 5;

struct Node {
  Oid id, tree;
  std::vector<std::uint32_t> parents;
  std::int64_t time = 0;
  bool read = false, known = false;
  bool broken = false;                  // not here, or not a commit: told already
  bool entered = false, taken = false;  // into the queue, and out of it
};

class Walk {
 public:
  Walk(const Repository& repository, ObjectReader& objects, Ledger& ledger)
      : repository_(repository),
        objects_(objects),
        ledger_(ledger),
        shallow_(repository.shallow.begin(), repository.shallow.end()) {}

  CommitWalk run(const std::vector<Oid>& wanted, const std::vector<Oid>& known, std::size_t limit);

 private:
  struct Newest {
    std::int64_t time;
    std::uint32_t node;
    bool operator<(const Newest& other) const { return time != other.time ? time < other.time : node > other.node; }
  };

  std::uint32_t node_of(const Oid& oid);
  bool read(std::uint32_t node, bool must_be_here);
  void enqueue(std::uint32_t node);
  void mark_known(std::uint32_t node);
  void take(std::uint32_t node);
  bool settled(unsigned& slop) const;
  std::vector<NewCommit> result() const;

  const Repository& repository_;
  ObjectReader& objects_;
  Ledger& ledger_;
  std::unordered_set<Oid> shallow_;
  std::unordered_map<Oid, std::uint32_t> numbers_;
  std::vector<Node> nodes_;
  std::priority_queue<Newest> queue_;
  std::size_t wanted_ = 0;  // in the queue, and not known
  std::vector<std::uint32_t> found_;
  std::int64_t oldest_found_ = INT64_MAX;
  bool cut_off_ = false;
};

std::uint32_t Walk::node_of(const Oid& oid) {
  const auto [at, is_new] = numbers_.try_emplace(oid, static_cast<std::uint32_t>(nodes_.size()));
  if (is_new) {
    nodes_.emplace_back();
    nodes_.back().id = oid;
  }
  return at->second;
}

bool Walk::read(std::uint32_t number, bool must_be_here) {
  if (nodes_[number].read) return !nodes_[number].broken;
  nodes_[number].read = true;
  const Oid id = nodes_[number].id;
  const auto object = objects_.read(id);
  const auto commit = object && object->type == ObjectType::Commit
                          ? parse_commit(object->bytes, objects_.hash())
                          : Result<Commit>(fail(ErrorKind::Corrupt, "not a commit", id.hex()));
  if (!object || !commit) {
    nodes_[number].broken = true;
    const bool missing = !object && object.error().kind == ErrorKind::NotFound;
    if (missing && repository_.partial)
      cut_off_ = true;
    else if (must_be_here || !missing) {
      ledger_.add({missing ? LossKind::MissingObject : LossKind::CorruptObject,
                   object ? "not a readable commit" : object.error().what, id.hex(), "git fsck"});
    }
    return false;
  }
  std::vector<std::uint32_t> parents;
  if (!shallow_.contains(id)) {
    for (const Oid& parent : commit->parents) parents.push_back(node_of(parent));
  }
  Node& node = nodes_[number];
  node.tree = commit->tree;
  node.time = commit->committer.time;
  node.parents = std::move(parents);
  return true;
}

void Walk::enqueue(std::uint32_t number) {
  Node& node = nodes_[number];
  if (node.entered) return;
  node.entered = true;
  if (!node.known) ++wanted_;
  queue_.push({node.time, number});
}

// Also what was queued or found before it was told apart. Only what was read is followed: the rest comes
// through the queue.
void Walk::mark_known(std::uint32_t first) {
  std::vector<std::uint32_t> todo{first};
  while (!todo.empty()) {
    const std::uint32_t number = todo.back();
    todo.pop_back();
    Node& node = nodes_[number];
    if (node.known) continue;
    node.known = true;
    if (node.entered && !node.taken) --wanted_;
    todo.insert(todo.end(), node.parents.begin(), node.parents.end());
  }
}

// Takes a commit out of the queue and puts its parents in.
void Walk::take(std::uint32_t number) {
  Node& node = nodes_[number];
  node.taken = true;
  const bool known = node.known;
  if (!known) {
    --wanted_;
    found_.push_back(number);
    oldest_found_ = std::min(oldest_found_, node.time);
    if (shallow_.contains(node.id)) cut_off_ = true;
  }
  const std::vector<std::uint32_t> parents = node.parents;  // read() moves the nodes
  for (const std::uint32_t parent : parents) {
    if (!read(parent, !known)) continue;
    if (known) mark_known(parent);
    enqueue(parent);
  }
}

// Nothing wanted is left. But a known commit as young as a found one may still lead to it, and clocks are
// not to be trusted.
bool Walk::settled(unsigned& slop) const {
  if (wanted_ > 0 || queue_.top().time >= oldest_found_) {
    slop = kSlop;
    return false;
  }
  return slop-- == 0;
}

std::vector<NewCommit> Walk::result() const {
  // By depth first search over the found ones, so that parents come first whatever their dates say.
  std::vector<NewCommit> out;
  std::vector<std::uint8_t> state(nodes_.size(), 0);  // 1 entered, 2 done
  for (auto at = found_.rbegin(); at != found_.rend(); ++at) {
    std::vector<std::uint32_t> stack{*at};
    while (!stack.empty()) {
      const std::uint32_t number = stack.back();
      const Node& node = nodes_[number];
      if (state[number] == 2 || node.known || node.broken || !node.read) {
        stack.pop_back();
        continue;
      }
      if (state[number] == 0) {
        state[number] = 1;
        for (const std::uint32_t parent : node.parents) {
          if (state[parent] == 0) stack.push_back(parent);
        }
        continue;
      }
      state[number] = 2;
      stack.pop_back();
      NewCommit commit{node.id, node.tree, {}, {}, node.time};
      for (const std::uint32_t parent : node.parents) {
        if (nodes_[parent].broken) continue;
        commit.parents.push_back(nodes_[parent].id);
        commit.parent_known.push_back(nodes_[parent].known);
      }
      out.push_back(std::move(commit));
    }
  }
  return out;
}

CommitWalk Walk::run(const std::vector<Oid>& wanted, const std::vector<Oid>& known, std::size_t limit) {
  for (const Oid& oid : known) {
    const std::uint32_t node = node_of(oid);
    if (read(node, false)) mark_known(node);
  }
  for (const Oid& oid : known) {
    const std::uint32_t node = node_of(oid);
    if (!nodes_[node].broken) enqueue(node);
  }
  for (const Oid& oid : wanted) {
    const std::uint32_t node = node_of(oid);
    if (read(node, true)) enqueue(node);
  }
  unsigned slop = kSlop;
  while (!queue_.empty() && !settled(slop)) {
    const std::uint32_t next = queue_.top().node;
    queue_.pop();
    take(next);
    if (found_.size() > limit) return {{}, true, cut_off_};
  }
  return {result(), false, cut_off_};
}

}  // namespace

CommitWalk walk_new_commits(const Repository& repository, ObjectReader& objects, const std::vector<Oid>& wanted,
                            const std::vector<Oid>& known, std::size_t limit, Ledger& ledger) {
  return Walk(repository, objects, ledger).run(wanted, known, limit);
}

}  // namespace tightship::git
