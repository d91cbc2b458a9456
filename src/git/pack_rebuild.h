#pragma once

// An index made from a pack whose own is missing or damaged: every entry is inflated once to find
// where the next begins, then hashed (as `git index-pack` does). Slow, and only for damage.

#include "base/bytes.h"
#include "base/oid.h"
#include "git/pack_index.h"

namespace tightship::git {

// Holds the objects that could be rebuilt; fewer than the pack's header says when it is damaged too.
// `hint` is an index whose offsets may be used to go on behind a damaged entry; may be null.
PackIndex rebuild_index(Bytes pack, HashKind hash, const PackIndex* hint);

}  // namespace tightship::git
