#pragma once

// What the answer of an audit depends on, as one digest: the program, the rules, and the state of the
// repository by its file system's word.
//
// Packs and their indexes count with name, size, inode, both time stamps in nanoseconds and the
// checksum at their end; loose objects with name, size, inode and time stamps; refs, reflogs, shallow
// boundaries and configuration with their content. A file that is changed in place gets another ctime,
// which cannot be set back without changing the clock or writing to the device: that, and a change
// within the same tick of the clock (4 ms) as the one before, is the limit of this. `--verify` is for
// those who want to know, and uses no cache.

#include <string>
#include <vector>

#include "detect/rule.h"
#include "git/repository.h"
#include "scan/cache_file.h"
#include "unpack/unpack.h"

namespace tightship::scan {

// Files whose configuration is scanned; some need not be there.
std::vector<std::string> config_files(const git::Repository& repository);

// Size, inode, time stamps and last bytes of a file that git never changes; of a missing one that it is missing.
void add_file_identity(const std::string& path, CacheWriter& out);

struct StateKey {
  std::string name;  // of the cache file: one for each repository, work tree and set of rules
  CacheKey key;      // of its state
};
// A stat for each pack and loose object. Ref names and messages were read by the caller.
StateKey state_key(const detect::RuleSet& rules, const unpack::Limits& archives, const git::Repository& repository,
                   const std::vector<git::Ref>& refs, const std::vector<git::ReflogEntry>& reflogs);

}  // namespace tightship::scan
