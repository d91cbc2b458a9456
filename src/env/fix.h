#pragma once

// `tightship env --fix`: the fixes of form, file by file. A file is replaced in one step (temporary file beside it,
// fsync, rename) and keeps its mode; there is no backup beside it, which would be one more file with secrets that no
// .gitignore names: git has the version before, and --dry-run shows what would change.

#include <string>
#include <vector>

#include "base/result.h"

namespace tightship::env {

struct FileFix {
  std::string path;  // relative to the folder that was given
  std::string diff;  // values are masked
};

// Files that would change, or were changed. Examples are mended as well, encrypted files are not, and neither is what
// lies below folders that git ignores. Fails with NotFound, or Io when a file cannot be written.
Result<std::vector<FileFix>> fix_files(const std::string& path, const std::vector<std::string>& ignore, bool write);

}  // namespace tightship::env
