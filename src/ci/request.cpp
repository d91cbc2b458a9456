#include "ci/request.h"

#include <algorithm>
#include <array>

namespace tightship::ci {
namespace {

struct ProviderRecord {
  std::string_view name, help;
};

// By Provider.
constexpr std::array<ProviderRecord, 7> kProviders = {{
    {"no known CI service", "git fetch --unshallow, then run again"},
    {"GitHub Actions", "set fetch-depth: 0 at actions/checkout"},
    {"GitLab CI", "set the variable GIT_DEPTH: 0 for the job"},
    {"Bitbucket Pipelines", "set clone: depth: full in bitbucket-pipelines.yml"},
    {"CircleCI", "use the checkout step with method: full"},
    {"Jenkins", "switch the shallow clone off (CloneOption shallow: false) and fetch the target branch too"},
    {"Azure Pipelines", "set fetchDepth: 0 at the checkout step"},
}};

Provider detect_provider(const Environment& environment) {
  const auto is = [&](std::string_view name) { return !value_of(environment, name).empty(); };
  // Forgejo and Gitea say GITHUB_ACTIONS too, and write the same event file.
  if (is("GITHUB_ACTIONS")) return Provider::GitHub;
  if (is("GITLAB_CI")) return Provider::GitLab;
  if (is("BITBUCKET_COMMIT")) return Provider::Bitbucket;
  if (is("CIRCLECI")) return Provider::CircleCi;
  if (is("TF_BUILD")) return Provider::Azure;
  return is("JENKINS_URL") ? Provider::Jenkins : Provider::None;
}

void read_provider(const Environment& environment, const FileReader& read, Request& request) {
  switch (request.provider) {
    case Provider::GitHub: return read_github(environment, read, request);
    case Provider::GitLab: return read_gitlab(environment, request);
    case Provider::Bitbucket: return read_bitbucket(environment, request);
    case Provider::CircleCi: return read_circleci(environment, request);
    case Provider::Jenkins: return read_jenkins(environment, request);
    case Provider::Azure: return read_azure(environment, request);
    case Provider::None: break;
  }
  request.what = "this checkout";
  request.base_not_told = true;
}

void read_overrides(const Environment& environment, Request& request) {
  const std::string_view base = value_of(environment, "TIGHTSHIP_BASE");
  const std::string_view head = value_of(environment, "TIGHTSHIP_HEAD");
  if (!head.empty()) request.heads = {{std::string(head), "TIGHTSHIP_HEAD", true}};
  if (base.empty() || is_zero_oid(base)) return;
  request.bases = {{std::string(base), "TIGHTSHIP_BASE", true}};
  request.scope = Request::Scope::Range;
  request.new_branch = request.base_not_told = false;
  request.problems.clear();
}

}  // namespace

std::string_view provider_name(Provider provider) { return kProviders[static_cast<std::size_t>(provider)].name; }
std::string_view history_help(Provider provider) { return kProviders[static_cast<std::size_t>(provider)].help; }

std::string_view value_of(const Environment& environment, std::string_view name) {
  const auto found = environment.find(name);
  return found == environment.end() ? std::string_view{} : std::string_view(found->second);
}

std::string_view branch_of_ref(std::string_view ref) {
  constexpr std::string_view kHeads = "refs/heads/";
  return ref.starts_with(kHeads) ? ref.substr(kHeads.size()) : std::string_view{};
}

bool is_zero_oid(std::string_view text) {
  return text.size() >= 40 && std::all_of(text.begin(), text.end(), [](char c) { return c == '0'; });
}

Request read_request(const Environment& environment, const FileReader& read) {
  Request request;
  request.provider = detect_provider(environment);
  read_provider(environment, read, request);
  read_overrides(environment, request);
  return request;
}

}  // namespace tightship::ci
