#pragma once

// Lines of a range that later commits of it moved: annotations point into the checked-out tree.

#include <vector>

#include "base/oid.h"
#include "detect/finding.h"
#include "git/repository.h"

namespace tightship::cli {

// For every finding whose first place in a file still stands at the tip, but in another version of the
// file: the place in that version comes first, without a commit. Where its line cannot be found there,
// the occurrence is no longer said to be in the tree (`in_head`); the finding still is.
void add_tip_lines(const git::Repository& repository, const std::vector<Oid>& tips, detect::ScanResult& result);

}  // namespace tightship::cli
