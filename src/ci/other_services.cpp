#include "ci/request.h"

namespace tightship::ci {
namespace {

bool add(std::vector<Candidate>& candidates, const Environment& environment, std::string_view name) {
  const std::string_view text = value_of(environment, name);
  if (text.empty() || is_zero_oid(text)) return false;
  candidates.push_back({std::string(text), std::string(name)});
  return true;
}

std::string named(std::string_view what, std::string_view number, std::string_view into) {
  return std::string(what) + " " + std::string(number) + " into " + std::string(into);
}

// "refs/heads/main", "origin/main" and "main" alike.
std::string plain_branch(std::string_view text) {
  if (const std::string_view branch = branch_of_ref(text); !branch.empty()) return std::string(branch);
  if (text.starts_with("refs/")) return {};
  return std::string(text.starts_with("origin/") ? text.substr(7) : text);
}

}  // namespace

// Ids may be abbreviated. What a push replaced is never said.
void read_bitbucket(const Environment& environment, Request& request) {
  add(request.heads, environment, "BITBUCKET_COMMIT");
  request.target_branch = value_of(environment, "BITBUCKET_PR_DESTINATION_BRANCH");
  if (const std::string_view number = value_of(environment, "BITBUCKET_PR_ID"); !number.empty()) {
    request.what = named("pull request", number, request.target_branch);
    add(request.bases, environment, "BITBUCKET_PR_DESTINATION_COMMIT");
    return;
  }
  request.target_branch.clear();
  request.branch = value_of(environment, "BITBUCKET_BRANCH");
  request.what =
      "push to " + (request.branch.empty() ? std::string(value_of(environment, "BITBUCKET_TAG")) : request.branch);
  request.base_not_told = true;
}

// pipeline.git.base_revision is no variable: the job hands it over as TIGHTSHIP_BASE.
void read_circleci(const Environment& environment, Request& request) {
  add(request.heads, environment, "CIRCLE_SHA1");
  request.branch = value_of(environment, "CIRCLE_BRANCH");
  request.what =
      "push to " + (request.branch.empty() ? std::string(value_of(environment, "CIRCLE_TAG")) : request.branch);
  request.base_not_told = true;
}

// The last successful build, not the last one: commits that failed are scanned again until they are gone.
void read_jenkins(const Environment& environment, Request& request) {
  add(request.heads, environment, "GIT_COMMIT");
  request.target_branch = value_of(environment, "CHANGE_TARGET");
  if (!request.target_branch.empty()) {
    request.what = named("change", value_of(environment, "CHANGE_ID"), request.target_branch);
    return;
  }
  std::string_view branch = value_of(environment, "BRANCH_NAME");
  if (branch.empty()) branch = value_of(environment, "GIT_BRANCH");
  request.branch = plain_branch(branch);
  request.what = "build of " + request.branch;
  if (!add(request.bases, environment, "GIT_PREVIOUS_SUCCESSFUL_COMMIT")) request.base_not_told = true;
}

// BUILD_SOURCEVERSION of a pull request is the merge of both; what a push replaced is never said.
void read_azure(const Environment& environment, Request& request) {
  const std::string_view reason = value_of(environment, "BUILD_REASON");
  request.target_branch = plain_branch(value_of(environment, "SYSTEM_PULLREQUEST_TARGETBRANCH"));
  if (!request.target_branch.empty()) {
    request.what =
        named("pull request", value_of(environment, "SYSTEM_PULLREQUEST_PULLREQUESTID"), request.target_branch);
    add(request.heads, environment, "SYSTEM_PULLREQUEST_SOURCECOMMITID");
    add(request.heads, environment, "BUILD_SOURCEVERSION");
    return;
  }
  if (reason == "Schedule" || reason == "Manual") {
    request.what = reason == "Schedule" ? "schedule" : "manual run";
    request.scope = Request::Scope::Everything;
    return;
  }
  add(request.heads, environment, "BUILD_SOURCEVERSION");
  request.branch = plain_branch(value_of(environment, "BUILD_SOURCEBRANCH"));
  request.what =
      "push to " + (request.branch.empty() ? std::string(value_of(environment, "BUILD_SOURCEBRANCH")) : request.branch);
  request.base_not_told = true;
}

}  // namespace tightship::ci
