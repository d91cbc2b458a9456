#pragma once

// What compiling makes of the patterns: tables of plain numbers and the library's database in one blob,
// which is used where it lies. Opening it allocates nothing but the database: a process that lives for
// five milliseconds cannot afford to build 600 vectors first.
//
// The blob is in the machine's byte order and does not travel: it is embedded in the program.

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "match/engine.h"
#include "match/literal_database.h"
#include "match/pattern.h"

namespace tightship::match {

// A pattern that has this literal as an anchor, or, of Way::Search, is called for by it.
struct Use {
  std::uint32_t pattern = 0;
  std::uint32_t min_offset = 0, max_offset = 0;  // of the literal in a match
};

struct CompiledLiteral {
  std::array<char, kMaxAnchorWidth> bytes{};  // lower case when caseless
  std::uint8_t width = 0, caseless = 0;
  std::uint16_t unused = 0;
  std::uint32_t first_use = 0, uses = 0;
  Reach reach;
  std::string_view text() const { return {bytes.data(), width}; }
};

struct CompiledRequired {
  std::uint32_t set = 0, through = 0;  // in Compiled::classes
  std::uint32_t min_offset = 0, max_offset = 0;
};

struct CompiledPattern {
  std::uint32_t way = 0;  // Way
  std::uint32_t min_width = 0, max_width = 0;
  std::uint32_t first_prefix = 0, prefixes = 0;
  std::uint32_t first_required = 0, required = 0;
};

// Views into a blob.
struct Compiled {
  std::span<const ByteClass> classes;         // each once
  std::span<const CompiledLiteral> literals;  // each once, sorted; the index is the id
  std::span<const CompiledPattern> patterns;
  std::span<const Use> uses;                   // by literal, then pattern
  std::span<const CompiledRequired> required;  // by pattern
  std::span<const std::uint16_t> prefixes;     // by pattern; numbers of classes
  std::string_view library;                    // hs_version() of the one that made the database
  Bytes database;

  std::span<const Use> uses_of(std::uint16_t literal) const {
    return uses.subspan(literals[literal].first_use, literals[literal].uses);
  }
  std::span<const std::uint16_t> prefix_of(const CompiledPattern& pattern) const {
    return prefixes.subspan(pattern.first_prefix, pattern.prefixes);
  }
  std::span<const CompiledRequired> required_of(const CompiledPattern& pattern) const {
    return required.subspan(pattern.first_required, pattern.required);
  }
};

inline constexpr std::size_t kBlobAlignment = 8;

std::vector<Literal> literals_of(const Compiled& compiled);

// Identifies specs by what a compiled form depends on.
std::uint64_t hash_specs(const std::vector<PatternSpec>& specs);

// Fails with Limit when there are more than 65535 literals or classes, with Config when the library
// refuses the literals.
Result<std::vector<std::uint8_t>> compile_blob(const std::vector<PatternInfo>& patterns, std::uint64_t spec_hash);

// Views of `blob`, which begins at a multiple of kBlobAlignment. Fails with Corrupt for anything but what
// compile_blob returned for the same specs. O(blob): it has a checksum.
Result<Compiled> open_blob(Bytes blob, std::uint64_t spec_hash, std::size_t pattern_count);

}  // namespace tightship::match
