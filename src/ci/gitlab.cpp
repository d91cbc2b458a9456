#include "ci/request.h"

// CI_COMMIT_BEFORE_SHA is all zeros for merge requests, for the first pipeline of a branch or tag, and
// for schedules. In pipelines for merged results CI_COMMIT_SHA is the merge.

namespace tightship::ci {
namespace {

void add(std::vector<Candidate>& candidates, const Environment& environment, std::string_view name) {
  const std::string_view text = value_of(environment, name);
  if (!text.empty() && !is_zero_oid(text)) candidates.push_back({std::string(text), std::string(name)});
}

void read_merge_request(const Environment& environment, Request& request) {
  request.target_branch = value_of(environment, "CI_MERGE_REQUEST_TARGET_BRANCH_NAME");
  request.what =
      "merge request " + std::string(value_of(environment, "CI_MERGE_REQUEST_IID")) + " into " + request.target_branch;
  add(request.bases, environment, "CI_MERGE_REQUEST_DIFF_BASE_SHA");
  add(request.bases, environment, "CI_MERGE_REQUEST_TARGET_BRANCH_SHA");
}

void read_external(const Environment& environment, Request& request) {
  request.target_branch = value_of(environment, "CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_NAME");
  request.what = "external pull request into " + request.target_branch;
  add(request.bases, environment, "CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_SHA");
}

void read_push(const Environment& environment, Request& request) {
  request.branch = value_of(environment, "CI_COMMIT_BRANCH");
  const std::string_view tag = value_of(environment, "CI_COMMIT_TAG");
  request.what = "push to " + (request.branch.empty() ? std::string(tag) : request.branch);
  add(request.bases, environment, "CI_COMMIT_BEFORE_SHA");
  request.new_branch = request.bases.empty();
}

}  // namespace

void read_gitlab(const Environment& environment, Request& request) {
  const std::string_view source = value_of(environment, "CI_PIPELINE_SOURCE");
  request.default_branch = value_of(environment, "CI_DEFAULT_BRANCH");
  request.what = std::string(source);
  add(request.heads, environment, "CI_COMMIT_SHA");
  if (!value_of(environment, "CI_MERGE_REQUEST_IID").empty()) return read_merge_request(environment, request);
  if (source == "external_pull_request_event") return read_external(environment, request);
  if (source == "push" || source.empty()) return read_push(environment, request);
  request.scope = Request::Scope::Everything;
}

}  // namespace tightship::ci
