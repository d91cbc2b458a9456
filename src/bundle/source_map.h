#pragma once

// A source map (ECMA-426, revision 3), read as far as a question needs: where sources, their contents and the
// mappings stand is found in one pass over the JSON that copies nothing; mappings are decoded when a position is
// asked for, up to its line. Index maps ("sections") are read too, as Turbopack writes them.
//
// The text is foreign: every bound is checked, nesting ends at kMaxJsonDepth, at most kMaxSources sources count,
// and what cannot be read gives no position.
//
// The map keeps views into the text, which must outlive it. Thread-safe once opened.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tightship::bundle {

inline constexpr unsigned kMaxJsonDepth = 64;
inline constexpr std::size_t kMaxSources = 200'000;
inline constexpr std::size_t kMaxSections = 50'000;

struct OriginalPosition {
  std::string source;                  // as the map names it: "webpack://shop/./src/pay.js"
  std::uint32_t line = 0, column = 0;  // 1-based
};

class SourceMap {
 public:
  // Fails with Corrupt when `json` is no object of this kind.
  static Result<SourceMap> open(std::string_view json);

  // Of a place in the generated file; both 1-based, the column in UTF-16 units as maps count. Nothing where no
  // mapping reaches. O(size of the mappings).
  std::optional<OriginalPosition> original(std::uint32_t line, std::uint32_t column) const;

  // Of a byte of the map's own text, when it is inside of a source's content. The column counts bytes.
  std::optional<OriginalPosition> inside(std::uint64_t offset) const;

  std::size_t source_count() const;
  bool has_contents() const;  // some source has its content in the map

 private:
  struct Text {  // of a string of the JSON, without its quotes
    std::uint64_t begin = 0, end = 0;
  };
  struct Part {
    std::uint32_t line = 0, column = 0;  // 0-based, where it begins in the generated file
    std::vector<Text> sources, contents;
    Text mappings, root;
  };
  friend class MapReader;
  std::optional<OriginalPosition> name_source(const Part& part, std::size_t source, std::uint32_t line,
                                              std::uint32_t column) const;
  std::optional<OriginalPosition> find_in(const Part& part, std::uint32_t line, std::uint32_t column) const;

  std::string_view json_;
  std::vector<Part> parts_;
};

// A source's name as a path of the project: "webpack://shop/./src/pay.js" and "../../src/pay.js" are "src/pay.js".
std::string source_path(std::string_view source);

// The column in UTF-16 units, 1-based, of what stands behind `before` in its line.
std::uint32_t utf16_column(std::string_view before);

// The reference of the last `//# sourceMappingURL=` (or `/*# ... */`) of a file; empty without one.
std::string_view source_map_reference(std::string_view content);

}  // namespace tightship::bundle
