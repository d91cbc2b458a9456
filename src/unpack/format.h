#pragma once

// Which bytes are a container: an archive of members, or one compressed stream. Told by content only,
// never by the name. Sources: APPNOTE.TXT, POSIX ustar, RFC 1952 and 8878, the formats of xz, bzip2, lz4,
// lzip, 7z, deb(5), cpio(5) and rpm.

#include <cstdint>
#include <string_view>

#include "base/bytes.h"

namespace tightship::unpack {

enum class Format : std::uint8_t {
  None,
  Zip,
  SevenZip,
  Tar,
  Cpio,
  Deb,
  Rpm,        // members
  ZipBehind,  // a zip that a program stands before: pyz, executable jar
  Pdf,        // streams as members
  Gzip,
  Bzip2,
  Xz,
  Lzip,
  Zstd,
  Lz4,  // one stream, which may be a tar
};
std::string_view format_name(Format format);  // "zip", "7z" ...; empty for None

// Looks at the first kFormatHead bytes, and at the last 22 for ZipBehind. No text is taken for a container.
inline constexpr std::size_t kFormatHead = 512;
Format format_of(Bytes content);

// The same by the first 16 bytes: true for every format but Tar and ZipBehind, whose marks are elsewhere.
bool may_begin_container(Bytes head);

// What the offsets of a zip behind a program count from: some writers count from the zip's own beginning.
Bytes zip_behind(Bytes content);

// Whether something of it can be read without opening it: members that are not compressed, a program.
bool lies_open(Format format);

// Whether something stands beside its members, which is given as well.
bool has_more_than_members(Format format);

}  // namespace tightship::unpack
