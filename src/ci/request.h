#pragma once

// What a CI service says is to be scanned: from its environment and event file alone, before any
// repository is looked at. Sources: the lists of predefined variables of each service.

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tightship::ci {

enum class Provider : std::uint8_t { None, GitHub, GitLab, Bitbucket, CircleCi, Jenkins, Azure };
std::string_view provider_name(Provider provider);  // "GitHub Actions"; "no known CI service"
// What to change so that the whole history is there: "set fetch-depth: 0 at actions/checkout".
std::string_view history_help(Provider provider);

using Environment = std::map<std::string, std::string, std::less<>>;
using FileReader = std::function<Result<std::string>(const std::string& path, std::uint64_t max_size)>;

struct Remark {
  bool warning = false;
  std::string text, help;  // raw: may hold names that strangers chose
};

// The name of a commit, and who says so: {"8c1d2e3...", "before of the event"}.
struct Candidate {
  std::string text, source;
  bool any_revision = false;  // may be a ref too; else only an object id, whole or abbreviated
};

struct Request {
  enum class Scope : std::uint8_t {
    Range,       // head..bases
    Everything,  // the event has no range: a schedule, a manual run
    Nothing,     // a branch was deleted
  };
  Provider provider = Provider::None;
  std::string what;  // "push to main", "pull request 12 into main", "schedule"
  Scope scope = Scope::Range;
  std::vector<Candidate> heads;  // the first that is here is meant; none: HEAD
  std::vector<Candidate> bases;  // all that are here were known before
  bool new_branch = false;       // the service says that nothing was there before
  bool base_not_told = false;    // the service never says what was there before
  std::string branch;            // that is pushed; empty for tags and pull requests
  std::string target_branch;     // where a pull request goes
  std::string default_branch;    // empty: not told
  std::vector<Remark> remarks;
  std::vector<std::string> problems;  // why the range cannot be known: everything is scanned instead
};

// TIGHTSHIP_BASE and TIGHTSHIP_HEAD, when set, go before what the service says.
Request read_request(const Environment& environment, const FileReader& read);

// The value, or empty.
std::string_view value_of(const Environment& environment, std::string_view name);
// "refs/heads/main" -> "main"; empty when it is no branch.
std::string_view branch_of_ref(std::string_view ref);
bool is_zero_oid(std::string_view text);

// Each service by itself; read_request chooses.
void read_github(const Environment& environment, const FileReader& read, Request& request);
void read_gitlab(const Environment& environment, Request& request);
void read_bitbucket(const Environment& environment, Request& request);
void read_circleci(const Environment& environment, Request& request);
void read_jenkins(const Environment& environment, Request& request);
void read_azure(const Environment& environment, Request& request);

}  // namespace tightship::ci
