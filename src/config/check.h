#pragma once

// `tightship config`: what the configuration of a project gives away or breaks. Build tools, hosting platforms,
// databases, containers, workflows, servers, registries, infrastructure, AI tools; docs/checks/config.md says
// what each check means.
//
// An Error needs a structural fact (a parsed file, an exact key) and, where it is about a secret, a value that is
// one by its format (lint/secret_value.h). A name alone is a Warning. What refers to a value elsewhere (${X},
// secretKeyRef, op://...) is never a problem. Files of tests and examples are judged one step milder.

#include <string>

#include "base/result.h"
#include "detect/rule.h"
#include "readiness/problem.h"

namespace tightship::config {

struct ConfigOptions {
  std::string path = ".";                  // a folder, or a file: then that file alone
  const detect::RuleSet* rules = nullptr;  // null: the built-in ones
};

// Reads tracked and not ignored files of the work tree (of a plain folder: all), each once and only when its name
// or kind says that a check is about it; node_modules, vendor and symbolic links are not entered. Fails with
// NotFound. What cannot be read or parsed is a loss of the report.
Result<readiness::Report> check_config(const ConfigOptions& options);

}  // namespace tightship::config
