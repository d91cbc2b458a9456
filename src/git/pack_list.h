#pragma once

// Names of the packs of an object directory.

#include <string>
#include <vector>

#include "base/ledger.h"

namespace tightship::git {

// Paths of the packs in `folder` (…/objects/pack), sorted. An index without its pack is a loss, and so is
// a folder that cannot be read; one that is not there is an empty one.
std::vector<std::string> list_packs(const std::string& folder, Ledger& ledger);

}  // namespace tightship::git
