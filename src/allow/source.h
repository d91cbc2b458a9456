#pragma once

// A file in which somebody accepts findings, whatever its format: where it is, what it says, what is
// wrong with it.

#include <string>
#include <vector>

#include "base/result.h"
#include "detect/rule_file.h"

namespace tightship::allow {

inline constexpr std::size_t kMaxFile = 16 * 1024 * 1024;  // bytes; a larger file is refused
inline constexpr std::size_t kMaxEntries = 200'000;        // of one file; further ones are a problem

struct Source {
  std::string path;  // as shown
  // Only places below count: "services/api/", in the paths that ApplyOptions::locate gives. Empty:
  // everything, also what is no file.
  std::string folder;
  std::string text;
  std::vector<detect::Problem> problems;  // in file order; at most detect::kMaxProblems
  bool ok() const;                        // no problem is an Error
};

// The problem with the line at its place filled in, unless it has one already.
void add_problem(Source& source, detect::Problem problem);

// An Error with "path:line:column". Only for a source that is not ok().
Error first_error(const Source& source);

// Whether a place is below `folder`; an empty path is below the empty folder only.
bool is_below(std::string_view path, std::string_view folder);

// 16 hexadecimal digits in lower case, as detect::fingerprint makes them.
bool is_id(std::string_view text);

}  // namespace tightship::allow
