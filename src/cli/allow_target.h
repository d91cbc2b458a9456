#pragma once

// The allow file that a command edits.

#include <string>
#include <vector>

#include "allow/allow_file.h"
#include "base/file.h"
#include "base/result.h"

namespace tightship::cli {

struct AllowTarget {
  std::string root, name;  // name: relative to the root of the work tree
  allow::AllowFile file;   // empty when it is not there
  std::string path() const { return root + "/" + name; }
};

// Of the work tree that holds `folder` ("": the working directory), or of `folder` itself when it was
// given and lies below the root. Fails with Config after having drawn every problem of the file, with
// NotFound, or with Usage for a bare repository.
Result<AllowTarget> open_allow_target(const std::string& folder);

// Held while a file of a .tightship folder is read, changed and replaced, so that two commands at once lose
// nothing. Waits for the other one. Gone with the process, whatever becomes of it.
class ConfigLock {
 public:
  // Of root/name's folder, which is made. Fails with Io, or Config when it is a symbolic link.
  static Result<ConfigLock> take(const std::string& root, const std::string& name);

 private:
  FileDescriptor folder_;
};

// Replaces the file of the target, and makes its folder.
Result<void> write_allow_target(const AllowTarget& target, const std::string& text);

// The same for any file of a .tightship folder.
Result<void> write_config_file(const std::string& path, const std::string& text);

// Fails with Usage when `text` (of the flag `name`) is too long, no UTF-8, or holds a secret itself.
Result<void> check_written_text(std::string_view name, const std::string& text);

// Findings of the work tree, for what is written down about them.
struct KnownFinding {
  std::string id, rule, place;  // place: "api/billing.py:31", escaped
};
Result<std::vector<KnownFinding>> known_findings(const std::string& root);

}  // namespace tightship::cli
