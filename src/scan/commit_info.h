#pragma once

// A commit as reports show it.

#include <optional>

#include "base/bytes.h"
#include "base/oid.h"
#include "detect/finding.h"

namespace tightship::scan {

// Nothing when `content` cannot be read as a commit.
std::optional<detect::CommitInfo> commit_info(const Oid& id, Bytes content, HashKind hash);

}  // namespace tightship::scan
