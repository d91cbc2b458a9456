#pragma once

// zlib streams (RFC 1950) of known inflated size, as git stores objects.
//
// Whole streams go through libdeflate, 2-3 times as fast as zlib; the first bytes of a stream (to
// recognise media before paying for the rest) through zlib, which can stop early.
// One object a thread; nothing is shared.

#include <cstdint>
#include <memory>

#include "base/bytes.h"
#include "base/result.h"

namespace tightship::git {

class Inflater {
 public:
  Inflater();
  ~Inflater();
  Inflater(Inflater&&) noexcept;
  Inflater& operator=(Inflater&&) noexcept;

  // Inflates the stream at the start of `packed` into exactly `size` bytes at `out`; bytes after
  // the stream are ignored. The Adler-32 is checked: a flipped bit is a loss, never a silent one.
  // Fails with Corrupt. Returns the length of the stream.
  Result<std::size_t> inflate(Bytes packed, std::uint8_t* out, std::size_t size);

  // The first `wanted` bytes of the stream at most, into `out`. Returns how many there are: fewer
  // when the stream is shorter or damaged.
  std::size_t inflate_head(Bytes packed, std::uint8_t* out, std::size_t wanted);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tightship::git
