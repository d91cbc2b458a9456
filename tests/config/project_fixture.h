#pragma once

// A project made of a few files, and what `check_config` says about it, one line a problem:
// "CFG-FLY error fly.toml:4 API_KEY". Values of secrets are made up from templates in braces: {{stripe}}.

#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "config/check.h"
#include "support/git_fixture.h"

namespace tightship::test {

using ProjectFiles = std::map<std::string, std::string>;

// {{stripe}}, {{openai}}, {{github}}, {{npm}}, {{service}} (a service_role JWT), {{anon}}, {{random}}, {{user}} (a default).
std::string with_tokens(std::string text);

// Sorted lines; notes are left out unless wanted. `tracked`: the files are committed to a repository.
std::string said(const ProjectFiles& files, bool notes = false, bool tracked = false);

readiness::Report report_of(const ProjectFiles& files, bool tracked = false);

// A row of a table of projects.
struct ProjectRow {
  const char* name;
  ProjectFiles files;
  const char* said;  // without notes
};
inline void PrintTo(const ProjectRow& row, std::ostream* out) { *out << row.name; }
inline const auto row_name = [](const auto& info) { return std::string(info.param.name); };

}  // namespace tightship::test
