#include "bundle/map_reader.h"

#include <utility>

namespace tightship::bundle {

void MapReader::skip_space() {
  while (at_ < json_.size() && (json_[at_] == ' ' || json_[at_] == '\n' || json_[at_] == '\r' || json_[at_] == '\t'))
    ++at_;
}

char MapReader::peek() {
  skip_space();
  return at_ < json_.size() ? json_[at_] : '\0';
}

bool MapReader::take(char c) {
  if (peek() != c) return false;
  ++at_;
  return true;
}

// From quote to quote by memchr; a quote behind an odd number of backslashes belongs to the string.
bool MapReader::read_string(Text& out) {
  if (!take('"')) return false;
  out.begin = at_;
  for (std::uint64_t from = at_;;) {
    const std::size_t quote = json_.find('"', from);
    if (quote == std::string_view::npos) return false;
    std::uint64_t slashes = 0;
    while (quote - slashes > out.begin && json_[quote - slashes - 1] == '\\') ++slashes;
    from = quote + 1;
    if (slashes % 2 == 1) continue;
    out.end = quote;
    at_ = quote + 1;
    return true;
  }
}

bool MapReader::skip_members(char close, unsigned depth) {
  ++at_;
  if (take(close)) return true;
  for (;;) {
    Text key;
    if (close == '}' && !(read_string(key) && take(':'))) return false;
    if (!skip_value(depth + 1)) return false;
    if (take(close)) return true;
    if (!take(',')) return false;
  }
}

bool MapReader::skip_value(unsigned depth) {
  if (depth > kMaxJsonDepth) return false;
  Text text;
  switch (peek()) {
    case '"': return read_string(text);
    case '{': return skip_members('}', depth);
    case '[': return skip_members(']', depth);
    case '\0': return false;
    default: break;
  }
  const std::uint64_t begin = at_;
  while (at_ < json_.size() && std::string_view(",]} \n\r\t").find(json_[at_]) == std::string_view::npos) ++at_;
  return at_ > begin;
}

bool MapReader::read_number(std::uint32_t& out) {
  std::uint64_t value = 0;
  const char first = peek();
  if (first < '0' || first > '9') return false;
  while (at_ < json_.size() && json_[at_] >= '0' && json_[at_] <= '9') {
    value = value * 10 + static_cast<std::uint64_t>(json_[at_++] - '0');
    if (value > 0x7fffffff) return false;
  }
  out = static_cast<std::uint32_t>(value);
  return true;
}

// null stands for a source without a name, or without its content.
bool MapReader::read_strings(std::vector<Text>& out, unsigned depth) {
  if (peek() != '[') return skip_value(depth);
  ++at_;
  if (take(']')) return true;
  for (;;) {
    Text text;
    if (!(peek() == '"' ? read_string(text) : skip_value(depth + 1))) return false;
    if (out.size() >= kMaxSources) return false;
    out.push_back(text);
    if (take(']')) return true;
    if (!take(',')) return false;
  }
}

bool MapReader::read_offset(Part& part, unsigned depth) {
  if (depth > kMaxJsonDepth || !take('{')) return false;
  if (take('}')) return true;
  for (;;) {
    Text key;
    if (!read_string(key) || !take(':')) return false;
    const std::string_view name = json_.substr(key.begin, key.end - key.begin);
    if (name == "line" ? !read_number(part.line) : name == "column" ? !read_number(part.column) : !skip_value(depth))
      return false;
    if (take('}')) return true;
    if (!take(',')) return false;
  }
}

// The offset may come behind the map, so the map is remembered and read afterwards.
bool MapReader::read_section(SourceMap& map, const Part& outer, unsigned depth) {
  if (depth > kMaxJsonDepth || !take('{')) return false;
  Part part;
  std::uint64_t inner = 0;
  while (!take('}')) {
    Text key;
    if (!read_string(key) || !take(':')) return false;
    const std::string_view name = json_.substr(key.begin, key.end - key.begin);
    if (name == "map" && peek() == '{') inner = at_;
    if (name == "offset" ? !read_offset(part, depth + 1) : !skip_value(depth + 1)) return false;
    if (peek() != '}' && !take(',')) return false;
  }
  if (inner == 0) return true;
  const std::uint64_t behind = std::exchange(at_, inner);
  part.column += part.line == 0 ? outer.column : 0;
  part.line += outer.line;
  const bool good = read_object(map, std::move(part), depth + 1);
  at_ = behind;
  return good;
}

bool MapReader::read_sections(SourceMap& map, const Part& outer, unsigned depth) {
  if (depth > 4 || !take('[')) return false;  // index maps do not nest, by the standard
  if (take(']')) return true;
  for (;;) {
    if (map.parts_.size() >= kMaxSections || !read_section(map, outer, depth + 1)) return false;
    if (take(']')) return true;
    if (!take(',')) return false;
  }
}

bool MapReader::read_member(std::string_view key, SourceMap& map, Part& part, unsigned depth) {
  if (key == "sources") return read_strings(part.sources, depth);
  if (key == "sourcesContent") return read_strings(part.contents, depth);
  if (key == "mappings" && peek() == '"') return read_string(part.mappings);
  if (key == "sourceRoot" && peek() == '"') return read_string(part.root);
  if (key == "sections" && peek() == '[') return read_sections(map, part, depth);
  return skip_value(depth);
}

bool MapReader::read_object(SourceMap& map, Part part, unsigned depth) {
  if (depth > kMaxJsonDepth || !take('{')) return false;
  bool good = take('}');
  while (!good) {
    Text key;
    if (!read_string(key) || !take(':')) return false;
    if (!read_member(json_.substr(key.begin, key.end - key.begin), map, part, depth + 1)) return false;
    good = take('}');
    if (!good && !take(',')) return false;
  }
  if (!part.sources.empty()) map.parts_.push_back(std::move(part));
  return true;
}

bool MapReader::read(SourceMap& map) {
  // Some servers put ")]}'" before JSON, and maps may have it by the standard.
  if (json_.starts_with(")]}")) at_ = json_.find('\n') == std::string_view::npos ? json_.size() : json_.find('\n');
  map.json_ = json_;
  return read_object(map, {}, 0) && !map.parts_.empty();
}

}  // namespace tightship::bundle
