#include "match/compiled.h"

#include <algorithm>
#include <limits>

#include "match/blob_sections.h"
#include "match/hash.h"

namespace tightship::match {
namespace {

constexpr std::size_t kMaxNumber = std::numeric_limits<std::uint16_t>::max();

std::vector<Literal> collect_literals(const std::vector<PatternInfo>& patterns) {
  std::vector<Literal> literals;
  for (const PatternInfo& pattern : patterns) {
    for (const AnchorLiteral& anchor : pattern.anchors) literals.push_back({anchor.bytes, anchor.caseless});
  }
  std::sort(literals.begin(), literals.end());
  literals.erase(std::unique(literals.begin(), literals.end()), literals.end());
  return literals;
}

// The distinct classes, sorted: a few hundred, where prefixes have thousands.
std::vector<ByteClass> collect_classes(const std::vector<PatternInfo>& patterns) {
  std::vector<ByteClass> classes;
  for (const PatternInfo& pattern : patterns) {
    classes.insert(classes.end(), pattern.prefix.begin(), pattern.prefix.end());
    for (const Required& required : pattern.required) classes.insert(classes.end(), {required.set, required.through});
  }
  std::sort(classes.begin(), classes.end());
  classes.erase(std::unique(classes.begin(), classes.end()), classes.end());
  return classes;
}

template <class Item>
std::uint32_t number_in(const std::vector<Item>& sorted, const Item& item) {
  return static_cast<std::uint32_t>(std::lower_bound(sorted.begin(), sorted.end(), item) - sorted.begin());
}

// One byte of look-around on both sides of the widest match that can have the literal.
void widen(Reach& reach, const PatternInfo& pattern, const AnchorLiteral& anchor) {
  reach.before = std::max(reach.before, anchor.max_offset + 1);
  reach.after = std::max(reach.after, pattern.max_width - anchor.min_offset + 1);
}

struct Tables {
  std::vector<ByteClass> classes;
  std::vector<CompiledLiteral> literals;
  std::vector<CompiledPattern> patterns;
  std::vector<Use> uses;
  std::vector<CompiledRequired> required;
  std::vector<std::uint16_t> prefixes;

  void add_pattern(const PatternInfo& info);
  void add_literals(const std::vector<Literal>& all, const std::vector<PatternInfo>& patterns);
};

void Tables::add_pattern(const PatternInfo& info) {
  CompiledPattern pattern;
  pattern.way = static_cast<std::uint32_t>(info.way);
  pattern.min_width = info.min_width;
  pattern.max_width = info.max_width;
  pattern.first_prefix = static_cast<std::uint32_t>(prefixes.size());
  pattern.prefixes = static_cast<std::uint32_t>(info.prefix.size());
  pattern.first_required = static_cast<std::uint32_t>(required.size());
  pattern.required = static_cast<std::uint32_t>(info.required.size());
  for (const ByteClass& set : info.prefix) prefixes.push_back(static_cast<std::uint16_t>(number_in(classes, set)));
  for (const Required& item : info.required) {
    required.push_back(
        {number_in(classes, item.set), number_in(classes, item.through), item.min_offset, item.max_offset});
  }
  patterns.push_back(pattern);
}

void Tables::add_literals(const std::vector<Literal>& all, const std::vector<PatternInfo>& infos) {
  std::vector<std::vector<Use>> by_literal(all.size());
  literals.resize(all.size());
  for (std::uint32_t index = 0; index < infos.size(); ++index) {
    for (const AnchorLiteral& anchor : infos[index].anchors) {
      const std::uint32_t id = number_in(all, Literal{anchor.bytes, anchor.caseless});
      by_literal[id].push_back(Use{index, anchor.min_offset, anchor.max_offset});
      if (infos[index].way != Way::Search) widen(literals[id].reach, infos[index], anchor);
    }
  }
  for (std::size_t id = 0; id < all.size(); ++id) {
    CompiledLiteral& literal = literals[id];
    std::copy(all[id].bytes.begin(), all[id].bytes.end(), literal.bytes.begin());
    literal.width = static_cast<std::uint8_t>(all[id].bytes.size());
    literal.caseless = all[id].caseless;
    literal.first_use = static_cast<std::uint32_t>(uses.size());
    literal.uses = static_cast<std::uint32_t>(by_literal[id].size());
    uses.insert(uses.end(), by_literal[id].begin(), by_literal[id].end());
  }
}

template <class Item>
bool is_within(std::uint32_t first, std::uint32_t count, std::span<const Item> items) {
  return first <= items.size() && count <= items.size() - first;
}

// What confirm relies on. Damage never gets here (the checksum), a mistake of ours might.
bool is_sound(const CompiledPattern& pattern, const Compiled& all) {
  if (pattern.way > static_cast<std::uint32_t>(Way::Never)) return false;
  if (pattern.max_width > kMaxMatchWidth || pattern.min_width > pattern.max_width) return false;
  if (pattern.prefixes > kMaxPrefix || pattern.prefixes > pattern.min_width) return false;
  if (!is_within(pattern.first_prefix, pattern.prefixes, all.prefixes)) return false;
  if (!is_within(pattern.first_required, pattern.required, all.required)) return false;
  const auto required = all.required_of(pattern);
  return std::all_of(required.begin(), required.end(), [&](const CompiledRequired& item) {
    return item.min_offset <= item.max_offset && item.max_offset < pattern.max_width && item.set < all.classes.size() &&
           item.through < all.classes.size();
  });
}

bool is_sound(const CompiledLiteral& literal, const Compiled& all) {
  if (literal.width == 0 || literal.width > kMaxAnchorWidth) return false;
  return is_within(literal.first_use, literal.uses, all.uses);
}

bool is_sound(const Compiled& all) {
  return std::all_of(all.patterns.begin(), all.patterns.end(), [&](const auto& item) { return is_sound(item, all); }) &&
         std::all_of(all.literals.begin(), all.literals.end(), [&](const auto& item) { return is_sound(item, all); }) &&
         std::all_of(all.prefixes.begin(), all.prefixes.end(), [&](auto set) { return set < all.classes.size(); }) &&
         std::all_of(all.uses.begin(), all.uses.end(), [&](const Use& use) {
           return use.pattern < all.patterns.size() && use.min_offset <= use.max_offset &&
                  use.max_offset <= all.patterns[use.pattern].max_width;
         });
}

}  // namespace

std::vector<Literal> literals_of(const Compiled& compiled) {
  std::vector<Literal> literals;
  for (const CompiledLiteral& literal : compiled.literals) {
    literals.push_back({std::string(literal.text()), literal.caseless != 0});
  }
  return literals;
}

std::uint64_t hash_specs(const std::vector<PatternSpec>& specs) {
  std::vector<std::uint64_t> parts;
  const auto add = [&parts](std::string_view text) { parts.push_back(hash_bytes(as_bytes(text))); };
  for (const PatternSpec& spec : specs) {
    add(spec.id);
    add(spec.regex);
    parts.push_back(spec.secret_group);
    parts.push_back(spec.anchors.size());
    for (const std::string& anchor : spec.anchors) add(anchor);
  }
  return hash_bytes({reinterpret_cast<const std::uint8_t*>(parts.data()), parts.size() * sizeof parts[0]});
}

Result<std::vector<std::uint8_t>> compile_blob(const std::vector<PatternInfo>& patterns, std::uint64_t spec_hash) {
  const std::vector<Literal> literals = collect_literals(patterns);
  Tables tables;
  tables.classes = collect_classes(patterns);
  if (literals.size() > kMaxNumber) return fail(ErrorKind::Limit, "more than 65535 literals");
  if (tables.classes.size() > kMaxNumber) return fail(ErrorKind::Limit, "more than 65535 classes of bytes");
  for (const PatternInfo& pattern : patterns) tables.add_pattern(pattern);
  tables.add_literals(literals, patterns);
  const auto database = compile_literals(literals);
  if (!database) return tl::unexpected(database.error());
  const std::vector<std::uint8_t> serialized = *database ? serialize_database(**database) : std::vector<std::uint8_t>{};
  return write_blob({tables.classes, tables.literals, tables.patterns, tables.uses, tables.required, tables.prefixes,
                     hs_version(), serialized},
                    spec_hash);
}

Result<Compiled> open_blob(Bytes blob, std::uint64_t spec_hash, std::size_t pattern_count) {
  const auto read = read_blob(blob);
  if (!read) return tl::unexpected(read.error());
  if (read->spec_hash != spec_hash || read->compiled.patterns.size() != pattern_count) {
    return fail(ErrorKind::Corrupt, "compiled form belongs to other rules", "compiled rules");
  }
  if (!is_sound(read->compiled)) return fail(ErrorKind::Corrupt, "tables are wrong", "compiled rules");
  return read->compiled;
}

}  // namespace tightship::match
