#pragma once

// The different secrets that were found, each once, numbered. One table a thread; merged at the end.

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tightship::scan {

using ValueId = std::uint32_t;

struct Value {
  std::uint16_t rule = 0;
  std::string secret;
};

class ValueTable {
 public:
  ValueId add(std::uint16_t rule, std::string_view secret) {
    std::string key(secret);
    key.push_back(static_cast<char>(rule & 255));
    key.push_back(static_cast<char>(rule >> 8));
    const auto [at, is_new] = ids_.try_emplace(std::move(key), static_cast<ValueId>(values_.size()));
    if (is_new) values_.push_back({rule, std::string(secret)});
    return at->second;
  }
  const std::vector<Value>& values() const { return values_; }

 private:
  std::unordered_map<std::string, ValueId> ids_;
  std::vector<Value> values_;
};

}  // namespace tightship::scan
