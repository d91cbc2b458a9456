#include "ci/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "git/commit_walk.h"
#include "git/object_reader.h"
#include "git/revision.h"

// A..B is what B reaches and A does not, so no merge base is looked for: on branches that went apart it
// is the same set. What a new branch brings is told from the default branch alone: two branches that are
// pushed at once must not excuse each other.

namespace tightship::ci {
namespace {

constexpr std::size_t kMaxWalk = 200'000;  // commits of a range in a shallow clone; more is scanned as a whole
constexpr std::size_t kLeastPrefix = 7;    // digits of an abbreviated id

class Planner {
 public:
  Planner(const Request& request, const git::Repository& repository)
      : request_(request),
        repository_(repository),
        refs_(git::read_refs(repository, ledger_)),
        objects_(repository, ledger_) {
    plan_.provider = request.provider;
    plan_.what = request.what;
    plan_.remarks = request.remarks;
  }
  Plan make();

 private:
  std::optional<Oid> find(const Candidate& candidate);
  std::optional<Oid> find_head();
  bool find_known(const Oid& head);
  bool brings_anything(const Oid& head);
  std::string_view base_help(bool branch_is_known) const;
  std::string why_no_base() const;
  bool know_branch(const std::string& name);
  std::string default_branch() const;
  std::optional<Oid> ref(std::string_view name) const;
  bool is_cut_off();
  void everything(const std::string& why, std::string_view help);
  void note(bool warning, std::string text, std::string_view help = {}) {
    plan_.remarks.push_back({warning, std::move(text), std::string(help)});
  }
  std::string_view help() const { return history_help(request_.provider); }

  const Request& request_;
  const git::Repository& repository_;
  Ledger ledger_;  // what the scan itself will meet again
  std::vector<git::Ref> refs_;
  git::ObjectReader objects_;
  Plan plan_;
  std::string base_name_;
};

std::optional<Oid> Planner::ref(std::string_view name) const {
  const auto found = std::find_if(refs_.begin(), refs_.end(), [&](const git::Ref& r) { return r.name == name; });
  return found == refs_.end() ? std::nullopt : std::optional<Oid>(found->target);
}

std::optional<Oid> Planner::find(const Candidate& candidate) {
  const std::string_view text = candidate.text;
  const bool hex =
      text.size() >= kLeastPrefix && text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
  if (const auto oid = Oid::from_hex(text)) return objects_.contains(*oid) ? oid : std::nullopt;
  if (hex && !candidate.any_revision) {
    const std::vector<Oid> oids = objects_.with_prefix(text, 2);
    return oids.size() == 1 ? std::optional<Oid>(oids.front()) : std::nullopt;
  }
  if (!candidate.any_revision) return std::nullopt;
  const auto oid = git::resolve_revision(repository_, objects_, text);
  return oid && objects_.contains(*oid) ? std::optional<Oid>(*oid) : std::nullopt;
}

// A tag's object may be missing where its commit is here: then the tag's message is not scanned.
std::optional<Oid> Planner::find_head() {
  for (const Candidate& candidate : request_.heads) {
    const auto oid = find(candidate);
    if (!oid) continue;
    if (&candidate != &request_.heads.front()) {
      note(true,
           fmt::format("{} {} is not in this clone: scanned is {} {}", request_.heads.front().source,
                       request_.heads.front().text, candidate.source, candidate.text),
           help());
    }
    return oid;
  }
  if (request_.heads.empty()) return ref("HEAD");
  const Candidate& wanted = request_.heads.front();
  plan_.losses.push_back(
      {LossKind::MissingObject, wanted.source + " is not in this clone", wanted.text, std::string(help())});
  return std::nullopt;
}

std::string Planner::default_branch() const {
  if (!request_.default_branch.empty()) return request_.default_branch;
  constexpr std::string_view kOrigin = "refs/remotes/origin/";
  for (const git::Ref& r : refs_) {
    if (r.name == "refs/remotes/origin/HEAD" && r.symbolic.starts_with(kOrigin))
      return r.symbolic.substr(kOrigin.size());
  }
  for (const std::string name : {"main", "master"}) {
    if (ref(std::string(kOrigin) + name)) return name;
  }
  return {};
}

// Of every remote; where there is none, the local branch.
bool Planner::know_branch(const std::string& name) {
  if (name.empty()) return false;
  constexpr std::string_view kRemotes = "refs/remotes/";
  for (const git::Ref& r : refs_) {
    if (!r.name.starts_with(kRemotes)) continue;
    const std::size_t slash = r.name.find('/', kRemotes.size());
    if (slash != std::string::npos && r.name.compare(slash + 1, std::string::npos, name) == 0)
      plan_.known.push_back(r.target);
  }
  if (plan_.known.empty() && name != request_.branch) {
    if (const auto local = ref("refs/heads/" + name)) plan_.known.push_back(*local);
  }
  std::erase_if(plan_.known, [&](const Oid& oid) { return !objects_.contains(oid); });
  if (!plan_.known.empty()) base_name_ = name;
  return !plan_.known.empty();
}

// Why no base that the service names can be used.
std::string Planner::why_no_base() const {
  if (!request_.bases.empty()) {
    const Candidate& base = request_.bases.front();
    return fmt::format("{} {} is not in this clone ({})", base.source, base.text,
                       repository_.shallow.empty() ? "a forced push may have replaced it" : "it is shallow");
  }
  if (request_.provider == Provider::None) return "no CI service that tightship knows says what was there before";
  if (request_.base_not_told)
    return fmt::format("{} does not say what was there before", provider_name(request_.provider));
  if (!request_.new_branch) return "the commits to compare with are not told";
  return fmt::format("{} is new", request_.branch.empty() ? request_.what : request_.branch);
}

// False: everything is to be scanned, and it was said why.
bool Planner::find_known(const Oid& head) {
  for (const Candidate& candidate : request_.bases) {
    const auto oid = find(candidate);
    if (!oid) continue;
    if (plan_.known.empty()) base_name_ = oid->short_hex();
    plan_.known.push_back(*oid);
  }
  if (!plan_.known.empty()) return true;
  std::string why = why_no_base();
  const std::string base = request_.target_branch.empty() ? default_branch() : request_.target_branch;
  const bool own = !request_.branch.empty() && request_.branch == base;
  const bool here = !own && know_branch(base);
  // That a new branch brings nothing to the default branch can be; of any other push we would be guessing.
  if (here && (request_.new_branch || brings_anything(head))) {
    note(!request_.bases.empty(), fmt::format("{}: scanned is what {} does not have", why, base));
    return true;
  }
  if (own)
    why += ", and it is the default branch";
  else if (here)
    why += fmt::format(", and {} has it already", base);
  else if (!base.empty())
    why += fmt::format(", and branch {} is not here either", base);
  everything(why, base_help(own || here));
  return false;
}

// What would have told the base.
std::string_view Planner::base_help(bool branch_is_known) const {
  const bool here = branch_is_known || request_.provider == Provider::None;
  if (!repository_.shallow.empty() || !here) return help();
  return request_.base_not_told ? "set TIGHTSHIP_BASE to the commit to compare with" : "";
}

bool Planner::brings_anything(const Oid& head) {
  Ledger unused;
  const git::CommitWalk walk = git::walk_new_commits(repository_, objects_, {head}, plan_.known, kMaxWalk, unused);
  return walk.over_limit || !walk.commits.empty();
}

bool Planner::is_cut_off() {
  if (repository_.shallow.empty()) return false;
  Ledger unused;
  const git::CommitWalk walk =
      git::walk_new_commits(repository_, objects_, plan_.wanted, plan_.known, kMaxWalk, unused);
  return walk.cut_off || walk.over_limit;
}

void Planner::everything(const std::string& why, std::string_view help) {
  plan_.scan = Plan::Scan::Everything;
  plan_.wanted.clear();
  plan_.known.clear();
  plan_.range.clear();
  note(true, why + ": everything that is here is scanned", help);
}

Plan Planner::make() {
  if (request_.scope == Request::Scope::Nothing) {
    plan_.scan = Plan::Scan::Nothing;
    return std::move(plan_);
  }
  if (request_.scope == Request::Scope::Everything) {
    plan_.scan = Plan::Scan::Everything;
    note(false, fmt::format("{} has no range of commits: everything is scanned", request_.what));
    return std::move(plan_);
  }
  if (!request_.problems.empty()) {
    everything(request_.problems.front(), repository_.shallow.empty() ? "" : help());
    return std::move(plan_);
  }
  const auto head = find_head();
  if (!head) {
    everything("the commits to scan are not in this clone", help());
    return std::move(plan_);
  }
  if (!find_known(*head)) return std::move(plan_);
  plan_.scan = Plan::Scan::Range;
  plan_.wanted = {*head};
  plan_.range = base_name_ + ".." + head->short_hex();
  if (is_cut_off()) {
    everything(fmt::format("the history of this clone is cut off inside {}", plan_.range), help());
  }
  return std::move(plan_);
}

}  // namespace

Plan plan_scan(const Request& request, const git::Repository& repository) {
  return Planner(request, repository).make();
}

}  // namespace tightship::ci
