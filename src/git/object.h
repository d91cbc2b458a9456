#pragma once

// Parsers of git's object contents (gitformat: Documentation/git-commit-tree, user-manual "object
// storage format"). All take foreign bytes: nothing is trusted, nothing is copied, views point into
// the input. Damaged input never crashes; a parser gives what it could read and says that it broke.

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/oid.h"
#include "base/result.h"

namespace tightship::git {

enum class ObjectType : std::uint8_t { Commit = 1, Tree = 2, Blob = 3, Tag = 4 };
std::string_view object_type_name(ObjectType type);

struct Identity {  // "Ana <ana@example.com> 1700000000 +0100"
  std::string_view name, email;
  std::int64_t time = 0;  // seconds since 1970 UTC; 0 when unreadable
  std::int32_t zone_minutes = 0;
  std::string_view raw;  // the whole line after "author "
};

struct Commit {
  Oid tree;
  std::vector<Oid> parents;
  Identity author, committer;
  std::string_view header;   // everything before the blank line (gpgsig, mergetag, encoding ...)
  std::string_view message;  // everything after it
};
// Fails with Corrupt when the tree line or a parent line is unreadable.
Result<Commit> parse_commit(Bytes content, HashKind hash);
std::string_view subject_of(std::string_view message);  // first non-blank line

struct Tag {
  Oid target;
  std::string_view target_type, name;
  Identity tagger;
  std::string_view message;  // with a signature, if there is one
};
Result<Tag> parse_tag(Bytes content, HashKind hash);

struct TreeEntry {
  std::uint32_t mode = 0;  // octal as in git: 0100644, 040000 (tree), 0120000 (symlink), 0160000 (submodule)
  std::string_view name;
  Bytes oid;                      // raw
  std::uint32_t name_offset = 0;  // in the tree's bytes
  bool is_tree() const { return (mode & 0170000) == 0040000; }
  bool is_symlink() const { return (mode & 0170000) == 0120000; }
  bool is_submodule() const { return (mode & 0170000) == 0160000; }
};
// Reads entries one after another; next() is false at the end or at damage (then broken() is true).
class TreeReader {
 public:
  TreeReader(Bytes content, HashKind hash) : content_(content), oid_size_(oid_size(hash)) {}
  bool next(TreeEntry& entry);
  bool broken() const { return broken_; }

 private:
  Bytes content_;
  std::size_t oid_size_, at_ = 0;
  bool broken_ = false;
};

}  // namespace tightship::git
