// A look at the index without reading it: versions 2 and 3 hold every path as it is. Version 4 cuts what
// paths have in common, and a split index leaves most of them to another file: those are not told from
// the bytes.

#include <string_view>

#include "base/bytes.h"
#include "base/file.h"
#include "git/index_file.h"
#include "git/repository.h"

namespace tightship::git {
namespace {

constexpr std::size_t kVersionAt = 7;  // its last byte; the others are zero

bool holds_paths_as_they_are(std::string_view index) {
  if (index.size() <= kVersionAt || !index.starts_with("DIRC")) return false;
  const char version = index[kVersionAt];
  // The extension's name with the first byte of its size; a path that ends so only costs the short cut.
  return (version == 2 || version == 3) && index.find(std::string_view("link\0", 5)) == std::string_view::npos;
}

}  // namespace

bool index_may_name(const Repository& repository, std::string_view part) {
  const auto content = read_file(repository.index_file, kMaxIndexSize);
  if (!content) return content.error().kind != ErrorKind::NotFound;
  return !holds_paths_as_they_are(*content) || content->find(part) != std::string::npos;
}

}  // namespace tightship::git
