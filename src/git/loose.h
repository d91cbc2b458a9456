#pragma once

// Loose objects: one file an object, xx/yyyy... under an object directory, a zlib stream of
// "type size\0content" (gitrepository-layout(5); git's object-file.c).
//
// What git accepts is accepted: any zlib level, stored blocks included; upper-case file names. The
// header that git wrote for some months of 2006 (binary, outside of the zlib stream) is refused, as
// git itself has done since 1.8.

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/ledger.h"
#include "base/oid.h"
#include "base/result.h"
#include "git/object.h"

namespace tightship::git {

struct LooseObject {
  Oid oid;  // as the file name says; the content is not read
  std::string path;
};

// Sorted by oid, each once. Names that are no object's ("info", "tmp_obj_x", "pack") are passed over
// as git does. A folder that cannot be read goes into `ledger`; a missing one is not a loss.
// At most kMaxLooseObjects, then LimitExceeded in `ledger`.
inline constexpr std::size_t kMaxLooseObjects = 50'000'000;
std::vector<LooseObject> list_loose(const std::string& object_dir, HashKind hash, Ledger& ledger);

struct LooseContent {
  ObjectType type = ObjectType::Blob;
  std::vector<std::uint8_t> bytes;  // without the header
};

// Fails with NotFound or Io (the file), Limit when the content is larger than `max_size`, Corrupt when
// the stream or its Adler-32 is broken, the header is none, the content is not as long as the header
// says, or bytes follow the stream. That the content hashes to its name is not checked.
//
// Memory: the file, plus the declared size (never more than 1032 times the file, deflate's best), plus
// 66 KB. Thread-safe: one decompressor a thread.
Result<LooseContent> read_loose(const std::string& path, std::uint64_t max_size);
// The same from the bytes of the file.
Result<LooseContent> parse_loose(Bytes file, std::uint64_t max_size);

}  // namespace tightship::git
