#include "git/pack_walk.h"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstring>
#include <mutex>

#include "base/parallel.h"

namespace tightship::git {
namespace {

// An object that others are made of, alive until the last of them has been built.
struct Slot {
  std::unique_ptr<std::uint8_t[]> data;  // null when it was not wanted, or dropped for memory
  std::uint32_t size = 0;
  std::uint32_t entry = 0;
  std::atomic<std::uint32_t> pending{0};  // children still to build
  std::unique_ptr<ObjectState> state;
  bool visited = false;  // `state` is about this object
  bool shared = false;   // other workers build from it: never dropped by its owner
  std::uint8_t head_length = 0;
  std::array<std::uint8_t, kHeadSize> head{};
  Slot* older = nullptr;  // the owner's list of slots that hold data, for dropping the oldest
  Slot* newer = nullptr;
};

struct Task {
  std::uint32_t entry = 0;
  Slot* base = nullptr;
};

// What workers have in common: the roots still to take, and subtrees that were put up for grabs.
class Queue {
 public:
  explicit Queue(std::vector<std::uint32_t> roots) : roots_(std::move(roots)) {}

  // Each worker says that it is there; the system may give fewer than were asked for.
  void join() {
    const std::lock_guard lock(mutex_);
    ++busy_;
  }

  bool next_root(Task& task) {
    const std::size_t at = next_.fetch_add(1, std::memory_order_relaxed);
    if (at >= roots_.size()) return false;
    task = {roots_[at], nullptr};
    return true;
  }
  bool someone_waits() const { return waiting_.load(std::memory_order_relaxed) > 0; }
  void offer(Task task) {
    const std::lock_guard lock(mutex_);
    offered_.push_back(task);
    changed_.notify_one();
  }
  // Waits for an offer; false when every worker waits and nothing is left.
  bool wait(Task& task) {
    std::unique_lock lock(mutex_);
    --busy_;
    ++waiting_;
    changed_.wait(lock, [&] { return !offered_.empty() || busy_ == 0; });
    --waiting_;
    if (offered_.empty()) {
      changed_.notify_all();
      return false;
    }
    ++busy_;
    task = offered_.back();
    offered_.pop_back();
    return true;
  }

 private:
  std::vector<std::uint32_t> roots_;
  std::atomic<std::size_t> next_{0};
  std::atomic<unsigned> waiting_{0};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Task> offered_;
  unsigned busy_ = 0;
};

struct Job {
  const Pack& pack;
  const PackTable& table;
  const WalkOptions& options;
  PackVisitor& visitor;
  Ledger& ledger;
  Queue& queue;
  std::uint64_t cap;  // of one worker
};

class Worker {
 public:
  Worker(Job job, unsigned number) : job_(job), number_(number), scratch_(std::make_unique<Slot>()) {
    scratch_->state = job_.visitor.make_state();
  }

  void run() {
    Task task;
    job_.queue.join();
    while (job_.queue.next_root(task) || job_.queue.wait(task)) {
      stack_.push_back(task);
      while (!stack_.empty()) {
        task = stack_.back();
        stack_.pop_back();
        process(task);
        if (stack_.size() > 1 && job_.queue.someone_waits()) give_away();
      }
    }
  }

 private:
  const PackEntry& entry_of(const Task& task) const { return job_.table.entries[task.entry]; }
  std::uint32_t child_count(std::uint32_t entry) const {
    return job_.table.child_begin[entry + 1] - job_.table.child_begin[entry];
  }

  void process(const Task& task) {
    const bool cancelled = job_.options.cancelled != nullptr && job_.options.cancelled->load(std::memory_order_relaxed);
    if (!cancelled) {
      Slot* slot = child_count(task.entry) == 0 ? scratch_.get() : take_slot();
      slot->entry = task.entry;
      slot->visited = false;
      slot->head_length = 0;
      const Result<void> built = task.base == nullptr ? build_root(*slot) : build_delta(*slot, *task.base);
      if (built) {
        finish(*slot);
      } else {
        lose(task.entry, built.error());
        if (slot != scratch_.get()) give_back(slot);
      }
    }
    if (task.base != nullptr && task.base->pending.fetch_sub(1, std::memory_order_acq_rel) == 1) {
      give_back(task.base);
    }
    if (job_.options.progress != nullptr) {
      job_.options.progress->fetch_add(job_.table.packed_size(task.entry), std::memory_order_relaxed);
    }
  }

  // A slot whose object is done: its children are next, or it is free again.
  void finish(Slot& slot) {
    if (&slot == scratch_.get()) return;
    slot.pending.store(child_count(slot.entry), std::memory_order_relaxed);
    if (slot.data != nullptr) keep(slot);
    push_children(slot);
    drop_over_cap(&slot);
  }

  void push_children(Slot& slot) {
    const auto begin = job_.table.children.begin() + job_.table.child_begin[slot.entry];
    const auto end = job_.table.children.begin() + job_.table.child_begin[slot.entry + 1];
    const auto heavier = [&](std::uint32_t a, std::uint32_t b) { return job_.table.weight[a] < job_.table.weight[b]; };
    const auto heaviest = std::max_element(begin, end, heavier);
    stack_.push_back({*heaviest, &slot});  // popped last
    for (auto child = end; child != begin;) {
      if (--child != heaviest) stack_.push_back({*child, &slot});
    }
  }

  Result<void> build_root(Slot& slot) {
    const PackEntry& entry = job_.table.entries[slot.entry];
    slot.size = entry.size;
    if (entry.kind == EntryKind::ExternalDelta) return build_external(slot);
    const Bytes stream = job_.pack.stream(job_.table, slot.entry);
    // Looking first pays only where it can save more than it costs (about 2 us).
    constexpr std::uint32_t kWorthLooking = 4096;
    if (job_.options.look_at_heads && entry.size >= kWorthLooking) {
      slot.head_length = static_cast<std::uint8_t>(inflater_.inflate_head(stream, slot.head.data(), kHeadSize));
      if (slot.head_length == kHeadSize && !wants(slot)) return {};
    }
    allocate(slot);
    const auto used = inflater_.inflate(stream, slot.data.get(), slot.size);
    if (!used) return tl::unexpected(used.error());
    set_head(slot);
    if (job_.options.look_at_heads && !wants(slot)) return {};
    visit(slot, nullptr, nullptr);
    return {};
  }

  Result<void> build_external(Slot& slot) {
    auto content = read_packed(job_.pack, job_.table, slot.entry, inflater_, job_.options);
    if (!content) return tl::unexpected(content.error());
    slot.size = static_cast<std::uint32_t>(content->size());
    allocate(slot);
    std::copy(content->begin(), content->end(), slot.data.get());
    set_head(slot);
    if (job_.options.look_at_heads && !wants(slot)) return {};
    visit(slot, nullptr, nullptr);
    return {};
  }

  Result<void> build_delta(Slot& slot, Slot& base) {
    const PackEntry& entry = job_.table.entries[slot.entry];
    if (delta_.size() < entry.size) delta_.resize(entry.size + entry.size / 2);
    const Bytes delta(delta_.data(), entry.size);
    const auto used = inflater_.inflate(job_.pack.stream(job_.table, slot.entry), delta_.data(), entry.size);
    if (!used) return tl::unexpected(used.error());
    const auto size = decode_delta(delta, base.size, kMaxObjectSize, ops_);
    if (!size) return tl::unexpected(size.error());
    slot.size = *size;
    if (job_.options.look_at_heads && head_of_delta(slot, base, delta) && !wants(slot)) return {};
    if (base.data == nullptr) {
      auto restored = restore(base);
      if (!restored) return restored;
    }
    allocate(slot);
    apply_delta({base.data.get(), base.size}, delta, ops_, slot.data.get());
    set_head(slot);
    if (job_.options.look_at_heads && !wants(slot)) return {};
    visit(slot, base.visited ? &ops_ : nullptr, &base);
    return {};
  }

  // The first bytes of a delta's result without its base's content; false when they cannot be told.
  bool head_of_delta(Slot& slot, const Slot& base, Bytes delta) const {
    const std::size_t wanted = std::min<std::size_t>(slot.size, kHeadSize);
    std::size_t have = 0;
    for (const DeltaOp& op : ops_) {
      if (have == wanted) break;
      const std::size_t length = std::min<std::size_t>(op.length, wanted - have);
      if (op.copy && std::size_t{op.source} + length > base.head_length) return false;
      std::memcpy(slot.head.data() + have, (op.copy ? base.head.data() : delta.data()) + op.source, length);
      have += length;
    }
    slot.head_length = static_cast<std::uint8_t>(have);
    return have == wanted;
  }

  void set_head(Slot& slot) const {
    slot.head_length = static_cast<std::uint8_t>(std::min<std::size_t>(slot.size, kHeadSize));
    std::memcpy(slot.head.data(), slot.data.get(), slot.head_length);
  }

  bool wants(const Slot& slot) { return job_.visitor.wants(number_, slot.entry, {slot.head.data(), slot.head_length}); }

  void visit(Slot& slot, const std::vector<DeltaOp>* ops, const Slot* base) {
    const PackObject object{slot.entry,
                            job_.table.entries[slot.entry].type,
                            {slot.data.get(), slot.size},
                            ops,
                            base != nullptr ? base->size : 0};
    job_.visitor.visit(number_, object, ops != nullptr ? base->state.get() : nullptr, *slot.state,
                       &slot != scratch_.get());
    slot.visited = true;
  }

  // The content of a base that was not wanted itself, or was dropped for memory.
  Result<void> restore(Slot& base) {
    const auto content = read_packed(job_.pack, job_.table, base.entry, inflater_, job_.options);
    if (!content) return tl::unexpected(content.error());
    allocate(base);
    std::copy(content->begin(), content->end(), base.data.get());
    keep(base);
    drop_over_cap(&base);
    return {};
  }

  void lose(std::uint32_t entry, const Error& error) {
    const std::string place = job_.pack.place(job_.table.entries[entry].offset);
    std::vector<std::uint32_t> lost{entry};
    for (std::size_t i = 0; i < lost.size(); ++i) {
      const PackEntry& e = job_.table.entries[lost[i]];
      const LossKind kind = error.kind == ErrorKind::Limit      ? LossKind::LimitExceeded
                            : error.kind == ErrorKind::NotFound ? LossKind::MissingObject
                                                                : LossKind::CorruptObject;
      job_.ledger.add({kind, i == 0 ? error.what : "its base is lost: " + error.what,
                       job_.pack.oid(e).hex() + " in " + (i == 0 ? place : job_.pack.place(e.offset)),
                       "git fsck --full"});
      lost.insert(lost.end(), job_.table.children.begin() + job_.table.child_begin[lost[i]],
                  job_.table.children.begin() + job_.table.child_begin[lost[i] + 1]);
    }
  }

  // --- memory ---

  void allocate(Slot& slot) {
    if (&slot == scratch_.get()) {
      if (scratch_capacity_ < slot.size || slot.data == nullptr) {
        scratch_capacity_ = std::size_t{slot.size} + slot.size / 2 + 64;
        slot.data.reset(new std::uint8_t[scratch_capacity_]);
      }
    } else {
      slot.data.reset(new std::uint8_t[slot.size + 1]);  // never of size zero
    }
  }

  Slot* take_slot() {
    if (free_.empty()) {
      free_.push_back(std::make_unique<Slot>());
      free_.back()->state = job_.visitor.make_state();
    }
    Slot* slot = free_.back().release();
    free_.pop_back();
    slot->shared = false;
    return slot;
  }

  // Any worker may be the one that is through with a slot. One that was shared is in nobody's list.
  void give_back(Slot* slot) {
    if (!slot->shared) forget(*slot);
    slot->data.reset();
    free_.emplace_back(slot);
  }

  void keep(Slot& slot) {
    if (slot.shared) return;
    slot.older = newest_;
    slot.newer = nullptr;
    (newest_ != nullptr ? newest_->newer : oldest_) = &slot;
    newest_ = &slot;
    held_ += slot.size;
  }

  void forget(Slot& slot) {
    const bool listed = slot.older != nullptr || slot.newer != nullptr || oldest_ == &slot;
    if (!listed) return;
    (slot.older != nullptr ? slot.older->newer : oldest_) = slot.newer;
    (slot.newer != nullptr ? slot.newer->older : newest_) = slot.older;
    slot.older = slot.newer = nullptr;
    held_ -= slot.size;
  }

  void drop_over_cap(const Slot* in_use) {
    while (held_ > job_.cap && oldest_ != nullptr && oldest_ != in_use) {
      Slot* slot = oldest_;
      forget(*slot);
      slot->data.reset();
    }
  }

  // Puts the task that was to come last (a heavy one) up for whoever waits.
  void give_away() {
    const Task task = stack_.front();
    if (task.base != nullptr && !task.base->shared) {
      if (task.base->data == nullptr) return;  // dropped: only its owner may build it again
      forget(*task.base);
      task.base->shared = true;
    }
    stack_.erase(stack_.begin());
    job_.queue.offer(task);
  }

  Job job_;
  unsigned number_;
  Inflater inflater_;
  std::vector<Task> stack_;
  std::unique_ptr<Slot> scratch_;  // for objects that nothing is made of
  std::size_t scratch_capacity_ = 0;
  std::vector<std::uint8_t> delta_;
  std::vector<DeltaOp> ops_;
  std::vector<std::unique_ptr<Slot>> free_;
  Slot* oldest_ = nullptr;
  Slot* newest_ = nullptr;
  std::uint64_t held_ = 0;
};

// Heavy trees first, so that no worker is left with a long one at the end; the rest in pack order,
// which is the order of the disk.
std::vector<std::uint32_t> roots_to_walk(const PackTable& table, unsigned types) {
  std::vector<std::uint32_t> roots;
  std::uint64_t total = 0;
  for (const std::uint32_t root : table.roots) {
    if ((types >> static_cast<unsigned>(table.entries[root].type) & 1) == 0) continue;
    roots.push_back(root);
    total += table.weight[root];
  }
  const auto is_heavy = [&](std::uint32_t root) { return table.weight[root] > total / 64; };
  const auto light = std::stable_partition(roots.begin(), roots.end(), is_heavy);
  std::sort(roots.begin(), light, [&](std::uint32_t a, std::uint32_t b) { return table.weight[a] > table.weight[b]; });
  return roots;
}

}  // namespace

void walk_pack(const Pack& pack, const PackTable& table, const WalkOptions& options, PackVisitor& visitor,
               Ledger& ledger) {
  const unsigned threads = std::max(1u, options.threads);
  Queue queue(roots_to_walk(table, options.types));
  const Job job{pack, table, options, visitor, ledger, queue, options.memory_cap / threads};
  run_threads(threads, [&](unsigned number) { Worker(job, number).run(); });
}

}  // namespace tightship::git
