#pragma once

// Objects that were read lately, up to a number of bytes; the ones not used for longest go first.

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <unordered_map>
#include <utility>

#include "git/object_store.h"

namespace tightship::git {

using SharedObject = std::shared_ptr<const StoredObject>;

// Not thread-safe. An object larger than a quarter of the budget is not kept.
template <class Key, class Hash = std::hash<Key>>
class ObjectCache {
 public:
  explicit ObjectCache(std::size_t budget) : budget_(budget) {}

  SharedObject find(const Key& key) {
    const auto at = map_.find(key);
    if (at == map_.end()) return nullptr;
    order_.splice(order_.begin(), order_, at->second);
    return at->second->second;
  }

  void add(const Key& key, SharedObject object) {
    const std::size_t size = object->bytes.size() + kOverhead;
    if (size > budget_ / 4 || map_.contains(key)) return;
    used_ += size;
    order_.emplace_front(key, std::move(object));
    map_.emplace(key, order_.begin());
    while (used_ > budget_) drop_last();
  }

 private:
  static constexpr std::size_t kOverhead = 160;  // of the list, the table, the object

  void drop_last() {
    used_ -= order_.back().second->bytes.size() + kOverhead;
    map_.erase(order_.back().first);
    order_.pop_back();
  }

  using Order = std::list<std::pair<Key, SharedObject>>;
  std::size_t budget_, used_ = 0;
  Order order_;  // used last first
  std::unordered_map<Key, typename Order::iterator, Hash> map_;
};

}  // namespace tightship::git
