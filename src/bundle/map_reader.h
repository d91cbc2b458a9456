#pragma once

// The JSON of a source map, walked without a tree. Private to src/bundle.

#include <cstdint>
#include <string_view>

#include "bundle/source_map.h"

namespace tightship::bundle {

class MapReader {
 public:
  explicit MapReader(std::string_view json) : json_(json) {}
  // Fills `map`; false when the text breaks off or is no map.
  bool read(SourceMap& map);

 private:
  using Text = SourceMap::Text;
  using Part = SourceMap::Part;

  void skip_space();
  bool take(char c);  // after space
  char peek();        // after space; NUL at the end
  bool read_string(Text& out);
  bool skip_value(unsigned depth);
  bool skip_members(char close, unsigned depth);
  bool read_object(SourceMap& map, Part part, unsigned depth);
  bool read_member(std::string_view key, SourceMap& map, Part& part, unsigned depth);
  bool read_strings(std::vector<Text>& out, unsigned depth);
  bool read_sections(SourceMap& map, const Part& outer, unsigned depth);
  bool read_section(SourceMap& map, const Part& outer, unsigned depth);
  bool read_offset(Part& part, unsigned depth);
  bool read_number(std::uint32_t& out);

  std::string_view json_;
  std::uint64_t at_ = 0;
};

}  // namespace tightship::bundle
