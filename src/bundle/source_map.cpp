#include "bundle/source_map.h"

#include <algorithm>
#include <cstring>

#include "base/code_point.h"
#include "bundle/map_reader.h"
#include "bundle/unescape.h"

namespace tightship::bundle {
namespace {

int vlq_digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

// One number at `at`, which is moved behind it; false when there is none, or one beyond 32 bits.
bool read_vlq(std::string_view text, std::size_t& at, std::int64_t& out) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift <= 30; shift += 5) {
    const int digit = at < text.size() ? vlq_digit(text[at]) : -1;
    if (digit < 0) return false;
    ++at;
    value |= static_cast<std::uint64_t>(digit & 31) << shift;
    if ((digit & 32) == 0) {
      out = (value & 1) != 0 ? -static_cast<std::int64_t>(value >> 1) : static_cast<std::int64_t>(value >> 1);
      return true;
    }
  }
  return false;
}

// The running values of a mapping: column, source, line, column of the source.
struct Segment {
  std::int64_t column = 0, source = 0, line = 0, original_column = 0;
  bool has_source = false;
};

// Moves `segment` on by the fields at `at`; false at anything that is no segment.
bool read_segment(std::string_view text, std::size_t& at, Segment& segment) {
  std::int64_t fields[5] = {};
  std::size_t count = 0;
  while (count < 5 && at < text.size() && text[at] != ',' && text[at] != ';') {
    if (!read_vlq(text, at, fields[count++])) return false;
  }
  if (count == 0) return false;
  segment.column += fields[0];
  segment.has_source = count >= 4;
  if (!segment.has_source) return true;
  segment.source += fields[1];
  segment.line += fields[2];
  segment.original_column += fields[3];
  return true;
}

bool fits(std::int64_t value) { return value >= 0 && value < 0x7fffffff; }

// The segment of line `line` with a source and the greatest column up to `column`; both 0-based. A segment without a
// source marks what the build tool put in itself, such as the values of Vite's define: asked is where it was put.
std::optional<Segment> find_segment(std::string_view text, std::uint32_t line, std::uint32_t column) {
  Segment segment;
  std::optional<Segment> best;
  std::uint32_t current = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == ';') {
      if (++current > line) break;
      segment.column = 0;
      ++at;
    } else if (text[at] == ',') {
      ++at;
    } else if (!read_segment(text, at, segment)) {
      return std::nullopt;
    } else if (segment.has_source && current == line && segment.column <= static_cast<std::int64_t>(column)) {
      best = segment;
    }
  }
  return best;
}

// Moves line and column over the JSON string `text`.
void count_lines(std::string_view text, std::uint32_t& line, std::uint32_t& column) {
  line = column = 1;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      ++column;
      continue;
    }
    ++i;
    if (i < text.size() && text[i] == 'n') {
      ++line;
      column = 1;
      continue;
    }
    if (i < text.size() && text[i] == 'u') i += 4;
    ++column;
  }
}

bool is_web_name(std::string_view source) { return source.find("://") != std::string_view::npos; }

}  // namespace

Result<SourceMap> SourceMap::open(std::string_view json) {
  SourceMap map;
  if (!MapReader(json).read(map)) return fail(ErrorKind::Corrupt, "no source map, or a broken one");
  return map;
}

std::optional<OriginalPosition> SourceMap::name_source(const Part& part, std::size_t source, std::uint32_t line,
                                                       std::uint32_t column) const {
  if (source >= part.sources.size()) return std::nullopt;
  const auto text = [&](const Text& t) { return unescape_js(json_.substr(t.begin, t.end - t.begin)); };
  std::string name = text(part.sources[source]);
  if (name.empty()) return std::nullopt;
  const std::string root = text(part.root);
  if (!root.empty() && !is_web_name(name) && name.front() != '/') name = root + (root.ends_with('/') ? "" : "/") + name;
  return OriginalPosition{std::move(name), line, column};
}

std::optional<OriginalPosition> SourceMap::find_in(const Part& part, std::uint32_t line, std::uint32_t column) const {
  const std::string_view mappings = json_.substr(part.mappings.begin, part.mappings.end - part.mappings.begin);
  const auto segment = find_segment(mappings, line, column);
  if (!segment) return std::nullopt;
  if (!fits(segment->source) || !fits(segment->line) || !fits(segment->original_column)) return std::nullopt;
  return name_source(part, static_cast<std::size_t>(segment->source), static_cast<std::uint32_t>(segment->line) + 1,
                     static_cast<std::uint32_t>(segment->original_column) + 1);
}

std::optional<OriginalPosition> SourceMap::original(std::uint32_t line, std::uint32_t column) const {
  if (line == 0 || column == 0) return std::nullopt;
  const std::uint32_t row = line - 1, at = column - 1;
  const Part* last = nullptr;
  for (const Part& part : parts_) {
    if (part.line < row || (part.line == row && part.column <= at)) {
      if (last == nullptr || std::pair(last->line, last->column) <= std::pair(part.line, part.column)) last = &part;
    }
  }
  if (last == nullptr) return std::nullopt;
  return find_in(*last, row - last->line, row == last->line ? at - last->column : at);
}

std::optional<OriginalPosition> SourceMap::inside(std::uint64_t offset) const {
  for (const Part& part : parts_) {
    for (std::size_t i = 0; i < part.contents.size(); ++i) {
      const Text& content = part.contents[i];
      if (offset < content.begin || offset >= content.end) continue;
      std::uint32_t line = 0, column = 0;
      count_lines(json_.substr(content.begin, offset - content.begin), line, column);
      return name_source(part, i, line, column);
    }
  }
  return std::nullopt;
}

std::size_t SourceMap::source_count() const {
  std::size_t count = 0;
  for (const Part& part : parts_) count += part.sources.size();
  return count;
}

bool SourceMap::has_contents() const {
  return std::any_of(parts_.begin(), parts_.end(), [](const Part& part) {
    return std::any_of(part.contents.begin(), part.contents.end(), [](const Text& t) { return t.end > t.begin; });
  });
}

std::string source_path(std::string_view source) {
  if (const auto scheme = source.find("://"); scheme != std::string_view::npos) {
    source.remove_prefix(scheme + 3);
    const auto slash = source.find('/');  // behind the name of the project
    source.remove_prefix(slash == std::string_view::npos ? 0 : slash + 1);
  }
  if (source.starts_with("[project]/")) source.remove_prefix(10);
  while (source.starts_with("./") || source.starts_with("../")) source.remove_prefix(source[1] == '/' ? 2 : 3);
  return std::string(source);
}

std::uint32_t utf16_column(std::string_view before) {
  std::uint32_t column = 1;
  for (std::size_t at = 0; at < before.size();) {
    const CodePoint point = decode_utf8(before, at);
    column += point.valid && point.value > 0xFFFF ? 2 : 1;
    at += point.size;
  }
  return column;
}

std::string_view source_map_reference(std::string_view content) {
  constexpr std::string_view kMark = "# sourceMappingURL=";
  std::size_t mark = content.size();
  // By memrchr: rfind goes byte by byte, and most scripts have no reference.
  do {
    const void* sign = mark == 0 ? nullptr : memrchr(content.data(), '#', mark);
    if (sign == nullptr) return {};
    mark = static_cast<std::size_t>(static_cast<const char*>(sign) - content.data());
  } while (!content.substr(mark).starts_with(kMark));
  if (mark < 2) return {};
  const std::string_view opening = content.substr(mark - 2, 2);
  if (opening != "//" && opening != "/*") return {};
  const std::string_view rest = content.substr(mark + kMark.size());
  const std::size_t end = rest.find_first_of(" \t\r\n*\"'");
  return rest.substr(0, end);
}

}  // namespace tightship::bundle
