#pragma once

// What compiling makes of the patterns, apart from the library's database: everything that is
// stored. The rest of an engine follows from it.

#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "match/engine.h"
#include "match/literal_database.h"
#include "match/pattern.h"

namespace tightship::match {

// A pattern that has this literal as an anchor.
struct Use {
  std::uint32_t pattern = 0;
  std::uint32_t min_offset = 0, max_offset = 0;  // of the literal in a match
};

struct Tables {
  std::vector<PatternInfo> patterns;
  std::vector<Literal> literals;       // each once, sorted; the index is the id
  std::vector<std::vector<Use>> uses;  // of each literal, by pattern
  std::vector<Reach> reach;            // of each literal
};

// Fails with Limit when there are more than 65535 literals.
Result<Tables> build_tables(std::vector<PatternInfo> patterns);

// Identifies specs by what a compiled form depends on.
std::uint64_t hash_specs(const std::vector<PatternSpec>& specs);

struct StoredTables {
  std::vector<PatternInfo> patterns;
  std::string library;  // hs_version() of the one that made the database
  Bytes database;       // a view into the blob
};

// The blob: docs in the .cpp. `load_tables` fails with Corrupt for anything but what `store_tables`
// returned for the same specs.
std::vector<std::uint8_t> store_tables(const Tables& tables, std::uint64_t spec_hash,
                                       std::string_view library, Bytes database);
Result<StoredTables> load_tables(Bytes blob, std::uint64_t spec_hash, std::size_t pattern_count);

}  // namespace tightship::match
