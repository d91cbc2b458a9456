#pragma once

// Names of commits as people and CI systems write them (gitrevisions(7)), the part that ranges need:
// full and abbreviated oids, refs by git's rules (main, origin/main, tags/v1, refs/...), HEAD, @, and any
// of the suffixes ~N, ^N, ^{}, ^{commit}. Ranges: A..B and A...B (either side may be
// empty: HEAD). Both mean what B has since it left A: of new commits there is no difference.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "git/object_reader.h"
#include "git/repository.h"

namespace tightship::git {

// Fails with NotFound, or Usage (ambiguous, or a syntax that is not supported: what, where).
Result<Oid> resolve_revision(const Repository& repository, ObjectReader& objects, std::string_view text);

struct RevisionRange {
  std::vector<Oid> wanted, known;
};
// `text` is one range or revision; a lone revision B wants everything that B reaches.
Result<RevisionRange> resolve_range(const Repository& repository, ObjectReader& objects, std::string_view text);

}  // namespace tightship::git
