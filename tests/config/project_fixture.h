#pragma once

// A project made of a few files, and what `check_config` says about it, one line a problem:
// "CFG-FLY error fly.toml:4 API_KEY". Values of secrets are made up from templates in braces: {{stripe}}.

#include <map>
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

}  // namespace tightship::test
