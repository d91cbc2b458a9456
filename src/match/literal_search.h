#pragma once

// All places of some literals in some bytes, in one pass of Hyperscan. For what is known at run time only: the
// values of a project's own variables. Rules have their Engine.
//
// Immutable after construction; safe from many threads, with a Scratch for each.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace tightship::match {

struct SearchLiteral {
  std::string bytes;      // at least 3; lower case when caseless
  bool caseless = false;  // of ASCII letters
};

struct LiteralHit {
  std::uint32_t begin = 0;    // of the literal's first byte
  std::uint32_t literal = 0;  // index into the literals
  friend auto operator<=>(const LiteralHit&, const LiteralHit&) = default;
};

class LiteralSearch {
 public:
  static constexpr std::size_t kMaxHits = std::size_t{1} << 20;  // of one find()

  class Scratch {
   public:
    Scratch(Scratch&&) noexcept;
    Scratch& operator=(Scratch&&) noexcept;
    ~Scratch();

   private:
    friend class LiteralSearch;
    struct Impl;
    explicit Scratch(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
  };

  // Fails with Config when Hyperscan refuses a literal or one is shorter than 3 bytes. No literals: no hits.
  static Result<LiteralSearch> compile(std::vector<SearchLiteral> literals);
  LiteralSearch(LiteralSearch&&) noexcept;
  LiteralSearch& operator=(LiteralSearch&&) noexcept;
  ~LiteralSearch();

  Scratch make_scratch() const;

  // Appends the hits, ordered by end. False when there were more than kMaxHits, of which the first are given.
  // `data` is at most 2^32 - 1 bytes.
  bool find(Bytes data, Scratch& scratch, std::vector<LiteralHit>& out) const;

 private:
  struct Impl;
  explicit LiteralSearch(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tightship::match
