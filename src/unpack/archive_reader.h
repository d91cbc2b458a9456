#pragma once

// One container in memory, read member by member through libarchive: only the reader that its first bytes
// ask for, no others.
//
// Nothing is written anywhere, and names are labels: no path is opened, no link followed. libarchive sees
// the bytes through memory, and gives up on what is malformed. Its readers trust some sizes of a header for
// an allocation (the window of a stream, the table of a 7z); those pages are not touched before data fill them.
//
// One object a thread, moved never. Names are decoded as UTF-8 whatever the locale of the process.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "unpack/format.h"

namespace tightship::unpack {

class ArchiveReader {
 public:
  // `content` must outlive the reader.
  ArchiveReader(Bytes content, Format format);
  ~ArchiveReader();

  // Member: a file. Other: a folder, link or device. Damaged: the rest cannot be read.
  enum class Step : std::uint8_t { Member, Other, End, Damaged };
  Step next();

  // Of the member that next() came to. Empty for the one stream of a compressed file.
  const std::string& name() const;
  bool encrypted() const;

  enum class Data : std::uint8_t { All, TooMuch, Damaged, Unsupported, Encrypted };
  // Appends to `out` until the member ends or `out` has `limit` bytes. After anything but All what was
  // read so far is in `out`. May be called again with a higher limit after TooMuch, and not otherwise.
  Data read(std::uint64_t limit, std::vector<std::uint8_t>& out);

  // What read() would give, passed over; adds how many bytes had to be expanded for that to `passed`. To be
  // called for what is not read to its end: next() alone would expand a bomb without a bound.
  Data skip(std::uint64_t limit, std::uint64_t& passed);

  const std::string& problem() const;  // libarchive's own words, lower case; they hold no content
  bool asks_for_password() const;      // something in the container is encrypted, as far as it was read

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tightship::unpack
