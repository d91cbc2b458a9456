#pragma once

// Everything that may accept findings, and its application to the result of a scan.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "allow/allow_file.h"
#include "allow/baseline.h"
#include "allow/day.h"
#include "allow/gitleaks.h"
#include "base/result.h"
#include "detect/finding.h"

namespace tightship::allow {

struct Allowances {
  std::vector<AllowFile> files;
  std::vector<Baseline> baselines;
  std::vector<PlacedList> placed;  // .gitleaksignore, reports of gitleaks
  bool empty() const { return files.empty() && baselines.empty() && placed.empty(); }
};

// .tightship/allow.toml as it stands in a git object: `name` is what messages call it. Fails with Config,
// Error::where is "name:line:column".
Result<Allowances> parse(std::string text, std::string name);

// The files of the folder `root`: .tightship/allow.toml and .gitleaksignore; those that are not there are
// no failure. `shown` stands before their names in messages ("", "shop/"). Fails with Config as above, Io
// or Limit. A symbolic link is not followed: it could lead out of the repository.
Result<Allowances> load(const std::string& root, const std::string& shown = {});

// What the scan has seen of what the entries speak of: who matched nothing can only be told from that.
enum class Covered : std::uint8_t {
  Part,      // a range, some files, standard input
  WorkTree,  // every file of a work tree, not its history
  Folder,    // everything there is: a folder in no repository
  History,   // an audit
};

struct ApplyOptions {
  Day now;
  Covered covered = Covered::Part;
  // Where an occurrence lies, in the terms of Source::folder and of gitleaks' entries. By default its
  // path, of files and their names; nothing for what is no file.
  std::function<std::string(const detect::Occurrence&)> locate;
};

// An entry of allow.toml that accepted a finding.
struct UsedEntry {
  std::size_t file = 0, entry = 0;  // Allowances::files[file].entries[entry]
  std::string fingerprint;
};

struct Applied {
  // findings[i] of the result was findings[kept[i]] before: for what is kept beside the findings.
  std::vector<std::size_t> kept;
  std::vector<UsedEntry> used;  // sorted, each once
};

// Moves accepted findings to result.allowed, and says in result.remarks which files took part, which
// entries have expired, and which matched nothing when `covered` can tell. An expired entry accepts
// nothing. The first that accepts is named: allow files (the deepest folder first), then .gitleaksignore,
// then baselines; all that match count as used.
//
// A finding whose places are not all accepted stays with the others. When places of it were not kept
// (there are over 1 000), only an entry that holds everywhere accepts it.
Applied apply(detect::ScanResult& result, const Allowances& allowances, const ApplyOptions& options);

}  // namespace tightship::allow
