#pragma once

// Annotations of a GitHub Actions step. Source: "Workflow commands for GitHub Actions". GitHub keeps 10 of each
// level a step and drops the rest without a word, so the tenth says how many there are, and the rest are plain
// lines of the log.

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "detect/rule.h"

namespace tightship::report {

struct Annotation {
  std::string command;  // without a line end
  std::string plain;    // the same as a line of the log
};

class Annotations {
 public:
  void add(detect::Severity severity, Annotation annotation);
  std::string text() const;

 private:
  std::array<std::vector<Annotation>, 3> levels_;  // errors, warnings, notices
};

std::string_view annotation_level(detect::Severity severity);  // "error", "warning", "notice"

}  // namespace tightship::report
