#include <fmt/format.h>

#include "ci/event.h"
#include "ci/request.h"

// push: before..after. pull_request: base.sha..head.sha; what is checked out is refs/pull/N/merge, which
// brings nothing of its own. pull_request_target checks out the base, so head.sha is usually not here.

namespace tightship::ci {
namespace {

std::string_view get(const Event& event, std::string_view path) {
  const auto found = event.find(path);
  return found == event.end() ? std::string_view{} : std::string_view(found->second);
}

void add(std::vector<Candidate>& candidates, std::string_view text, std::string_view source) {
  if (!text.empty() && !is_zero_oid(text)) candidates.push_back({std::string(text), std::string(source)});
}

void read_push(const Event& event, const Environment& environment, Request& request) {
  std::string_view ref = get(event, "ref");
  if (ref.empty()) ref = value_of(environment, "GITHUB_REF");
  request.branch = branch_of_ref(ref);
  request.what = "push to " + std::string(request.branch.empty() ? ref : request.branch);
  if (get(event, "deleted") == "true" || is_zero_oid(get(event, "after"))) {
    request.scope = Request::Scope::Nothing;
    return;
  }
  add(request.heads, get(event, "after"), "after of the event");
  if (request.heads.empty()) request.problems.emplace_back("the event says no after");
  add(request.heads, value_of(environment, "GITHUB_SHA"), "GITHUB_SHA");
  add(request.bases, get(event, "before"), "before of the event");
  request.new_branch = is_zero_oid(get(event, "before"));
  if (request.bases.empty() && !request.new_branch) request.problems.emplace_back("the event says no before");
}

void read_pull_request(const Event& event, const Environment& environment, Request& request) {
  request.target_branch = get(event, "pull_request.base.ref");
  if (request.target_branch.empty()) request.target_branch = value_of(environment, "GITHUB_BASE_REF");
  std::string_view number = get(event, "pull_request.number");
  if (number.empty()) number = get(event, "number");
  request.what = fmt::format("pull request {} into {}", number, request.target_branch);
  add(request.heads, get(event, "pull_request.head.sha"), "pull_request.head.sha of the event");
  add(request.bases, get(event, "pull_request.base.sha"), "pull_request.base.sha of the event");
  if (request.heads.empty()) request.problems.emplace_back("the event says no pull_request.head.sha");
}

void read_merge_group(const Event& event, Request& request) {
  request.target_branch = branch_of_ref(get(event, "merge_group.base_ref"));
  request.what = "merge group into " + request.target_branch;
  add(request.heads, get(event, "merge_group.head_sha"), "merge_group.head_sha of the event");
  add(request.bases, get(event, "merge_group.base_sha"), "merge_group.base_sha of the event");
  if (request.heads.empty()) request.problems.emplace_back("the event says no merge_group.head_sha");
}

Result<Event> read_event(const Environment& environment, const FileReader& read) {
  const std::string path(value_of(environment, "GITHUB_EVENT_PATH"));
  if (path.empty()) return fail(ErrorKind::NotFound, "GITHUB_EVENT_PATH is not set");
  const auto content = read(path, kMaxEventSize);
  if (!content) return fail(content.error().kind, "the event file cannot be read: " + content.error().what);
  return parse_event(*content);
}

}  // namespace

void read_github(const Environment& environment, const FileReader& read, Request& request) {
  const std::string_view name = value_of(environment, "GITHUB_EVENT_NAME");
  request.what = name.empty() ? "unnamed event" : std::string(name);
  const bool push = name == "push", group = name == "merge_group";
  const bool pull_request = name == "pull_request" || name == "pull_request_target";
  if (!push && !group && !pull_request) {
    request.scope = Request::Scope::Everything;
    return;
  }
  const auto event = read_event(environment, read);
  if (!event) {
    request.problems.push_back(event.error().what);
    return;
  }
  request.default_branch = get(*event, "repository.default_branch");
  if (push)
    read_push(*event, environment, request);
  else if (group)
    read_merge_group(*event, request);
  else
    read_pull_request(*event, environment, request);
}

}  // namespace tightship::ci
