#pragma once

// `tightship bundle`: what a build gives away to anyone who opens the page. A folder of a build, a project with its
// builds, or a deployed page.

#include <string>
#include <vector>

#include "base/result.h"
#include "bundle/folder.h"
#include "bundle/site.h"
#include "bundle/values.h"
#include "detect/rule.h"
#include "readiness/problem.h"

namespace tightship::bundle {

struct BundleOptions {
  std::string path = ".";  // of the build or the project
  Wanted wanted = Wanted::Anything;
  std::string url;  // instead of what lies at `path`, which still gives the values
  ValueSources values;
  SiteOptions site;                        // of url
  unsigned threads = 0;                    // 0: one a processor
  const detect::RuleSet* rules = nullptr;  // null: the built-in ones
};

// No network without a url. Fails with NotFound when there is no build at `path`, with Usage for what the options
// name and is not there.
Result<readiness::Report> check_bundle(const BundleOptions& options);

}  // namespace tightship::bundle
