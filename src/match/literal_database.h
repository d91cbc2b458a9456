#pragma once

// A Hyperscan database of plain literals, and the scratch space to scan with it. (The only place
// where Hyperscan, or Vectorscan, is included.)

#include <hs/hs.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace tightship::match {

struct Literal {
  std::string bytes;  // lower case when caseless
  bool caseless = false;
  friend auto operator<=>(const Literal&, const Literal&) = default;
};

struct DatabaseDeleter {
  void operator()(hs_database_t* database) const { hs_free_database(database); }
};
struct ScratchDeleter {
  void operator()(hs_scratch_t* scratch) const { hs_free_scratch(scratch); }
};
using LiteralDatabase = std::unique_ptr<hs_database_t, DatabaseDeleter>;
using LiteralScratch = std::unique_ptr<hs_scratch_t, ScratchDeleter>;

// How the bytes are given to the search. Block takes them as they are. For Vectored, hs_scan_vector is called with
// one piece: Hyperscan then leaves out the second automaton that it builds for inputs of up to 70 bytes, which takes
// more than half of the time to compile (700 literals of 8 bytes: 7 ms instead of 20), and searches as fast. For
// what is compiled in every run.
enum class Input : std::uint8_t { Block, Vectored };

// Ids are indices into `literals`; matches of the id behind the last are of no literal, and to be ignored.
// Literals of less than 3 bytes are left to short_literals.h: they would slow down the search for all. For any
// x86-64. Null when there are no others.
Result<LiteralDatabase> compile_literals(const std::vector<Literal>& literals, Input input = Input::Block);

std::vector<std::uint8_t> serialize_database(const hs_database_t& database);

// Null when this library cannot run it.
LiteralDatabase deserialize_database(Bytes bytes);

// Aborts when out of memory.
LiteralScratch make_literal_scratch(const hs_database_t& database);

}  // namespace tightship::match
