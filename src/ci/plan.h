#pragma once

// Which commits a CI run has to scan, found in the repository that was checked out.
//
// Guarantees: a range is used only when all of its commits are here; whenever it cannot be known, or
// reaches below a shallow boundary, the plan is to scan everything that is here, the remarks say why and
// which setting of the service mends it. Nothing is ever passed over silently. A head that is not here is
// a loss, since no scan of this clone can see it.

#include <string>
#include <vector>

#include "base/ledger.h"
#include "base/oid.h"
#include "ci/request.h"
#include "git/repository.h"

namespace tightship::ci {

struct Plan {
  enum class Scan : std::uint8_t { Range, Everything, Nothing };
  Scan scan = Scan::Everything;
  Provider provider = Provider::None;
  std::string what;                // "push to main"
  std::vector<Oid> wanted, known;  // of a range, as for scan::Changes
  std::string range;               // "8c1d2e3..77ab01c": for people
  std::vector<Remark> remarks;
  std::vector<Loss> losses;
};

// Reads refs, and the new commits of the range when the clone is shallow. Never fails: what cannot be
// read makes it a plan for everything.
Plan plan_scan(const Request& request, const git::Repository& repository);

}  // namespace tightship::ci
