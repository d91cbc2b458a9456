#pragma once

// What a YAML, JSON or TOML file says, as one kind of tree, so that a rule about a key is written once. Every
// key and value knows where it stands. Values are texts, as they stand in the file without quotes and escapes.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tightship::lint {

struct At {
  std::uint32_t line = 0, column = 0;  // 1-based, columns in bytes
};

struct Member;

struct Node {
  enum class Kind : std::uint8_t { Scalar, List, Map };
  Kind kind = Kind::Scalar;
  bool quoted = false;          // a Scalar that can only be a text: "5432" against 5432
  At at;                        // of its first character
  std::string text;             // of a Scalar
  std::string tag;              // of YAML: "!vault", "!Ref"; empty for the standard ones
  std::vector<Node> items;      // of a List
  std::vector<Member> members;  // of a Map, in the order of the file

  bool is_scalar() const { return kind == Kind::Scalar; }
  bool is_list() const { return kind == Kind::List; }
  bool is_map() const { return kind == Kind::Map; }
  // Of a Map: the first member of that name, or nullptr.
  const Node* find(std::string_view key) const;
  // Along keys joined by '/': "build/env". nullptr when some step is missing.
  const Node* at_path(std::string_view path) const;
  std::string text_of(std::string_view key) const;               // of a member that is a Scalar; else empty
  std::vector<std::string> list_of(std::string_view key) const;  // of texts; a lone text is a list of it
};

struct Member {
  std::string key;
  At at;  // of the key
  Node value;
};

// Bounds of all three readers.
inline constexpr std::size_t kMaxTreeText = 4 * 1024 * 1024;  // bytes
inline constexpr std::size_t kMaxTreeNodes = 200'000;         // what aliases stand for counts
inline constexpr std::size_t kMaxTreeDepth = 64;

}  // namespace tightship::lint
