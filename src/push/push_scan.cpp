#include "push/push_scan.h"

#include <fmt/format.h>

#include <algorithm>

#include "detect/file_kind.h"
#include "scan/audit.h"

namespace tightship::push {
namespace {

constexpr std::uint64_t kMaxAudited = std::uint64_t{2} << 30;  // packed bytes

bool has_tracking_refs(const std::vector<git::Ref>& refs) {
  return std::any_of(refs.begin(), refs.end(),
                     [](const git::Ref& ref) { return ref.name.starts_with("refs/remotes/"); });
}

// Of a shallow clone: git pushes what is here, and the remote may have the rest or refuse. Nothing that
// leaves was passed over, so it is said and does not block.
void say_cut_off(const PushRequest& request, detect::ScanResult& result) {
  const bool shallow = !request.repository.shallow.empty();
  result.remarks.push_back(
      {detect::Severity::Warning,
       std::string(shallow ? "shallow" : "partial") +
           " clone: the history of what is pushed ends before it meets what the remote has; what lies "
           "below was not looked at",
       shallow ? "git fetch --unshallow looks at all of it" : ""});
}

// Not when only some of its places were kept: the others may be anywhere.
bool is_guess_in_tests(const detect::Finding& finding) {
  const auto in_tests = [](const detect::Occurrence& where) {
    return where.place == detect::Place::File && detect::is_in_tests(where.path);
  };
  return finding.rule != nullptr && finding.rule->generic && finding.severity == detect::Severity::Warning &&
         !finding.occurrences.empty() && finding.occurrence_count <= finding.occurrences.size() &&
         std::all_of(finding.occurrences.begin(), finding.occurrences.end(), in_tests);
}

detect::Remark passed_remark(const std::vector<const detect::Finding*>& passed) {
  const detect::Occurrence& first = passed.front()->occurrences.front();
  std::string text =
      passed.size() == 1
          ? "a value that looks like a secret passes, since it stands in tests: "
          : fmt::format("{} values that look like secrets pass, since they stand in tests: ", passed.size());
  text += fmt::format("{}:{}", first.path, first.position.line);
  if (passed.size() > 1) text += fmt::format(" and {} more", passed.size() - 1);
  return {detect::Severity::Note, std::move(text), "git config tightship.severity warning blocks them too"};
}

bool is_promisor(const PushRequest& request) {
  const auto names = scan::remote_names(request.repository, request.remote, request.url);
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    return request.repository.config_value("remote." + name + ".promisor").value_or("") == "true";
  });
}

// git fetches such blobs while it pushes them to another remote than the one that keeps them.
void add_promised(std::uint64_t count, detect::ScanResult& result) {
  result.losses.push_back({LossKind::PartialClone,
                           "partial clone: " + std::to_string(count) + (count == 1 ? " file" : " files") +
                               " of what is pushed are still at the promisor remote",
                           result.subject, "git fetch --refetch --no-filter, then push again"});
  result.loss_count += count;
}

// Whether the values that block are on a remote already: the whole history is asked, which only a push
// that is blocked anyway pays for.
std::map<std::string, PublicSince> find_public(const detect::RuleSet& rules, const PushRequest& request,
                                               const std::vector<const detect::Finding*>& blocking,
                                               git::ObjectReader& objects) {
  std::map<std::string, PublicSince> known;
  if (!has_tracking_refs(request.refs) || objects.packed_bytes() > kMaxAudited) return known;
  scan::AuditOptions options;
  options.path = ".";
  options.cache_folder = request.cache_folder;
  scan::Progress progress;
  const auto audit = scan::audit_repository(rules, options, progress);
  if (!audit) return known;
  for (const detect::Finding& finding : audit->findings) {
    if (finding.pushed != detect::PushState::Pushed || finding.remotes.empty()) continue;
    const bool blocks = std::any_of(blocking.begin(), blocking.end(), [&](const detect::Finding* own) {
      return own->fingerprint == finding.fingerprint;
    });
    if (blocks) known[finding.fingerprint] = {finding.remotes.front(), finding.since};
  }
  return known;
}

}  // namespace

Result<Threshold> configured_threshold(const git::Repository& repository) {
  const auto value = repository.config_value("tightship.severity");
  if (!value) return Threshold{};
  const auto severity = detect::parse_severity(*value);
  if (severity) return Threshold{*severity, true};
  return fail(ErrorKind::Config, "not a severity: note, warning or error", "tightship.severity",
              "git config tightship.severity warning");
}

std::vector<const detect::Finding*> blocking_findings(detect::ScanResult& result, const Threshold& threshold) {
  std::vector<const detect::Finding*> blocking, passed;
  for (const detect::Finding& finding : result.findings) {
    if (finding.severity < threshold.severity) continue;
    (!threshold.tests && is_guess_in_tests(finding) ? passed : blocking).push_back(&finding);
  }
  if (!passed.empty()) result.remarks.push_back(passed_remark(passed));
  std::stable_sort(blocking.begin(), blocking.end(),
                   [](const detect::Finding* a, const detect::Finding* b) { return a->severity > b->severity; });
  return blocking;
}

Result<PushAnswer> scan_push(const detect::RuleSet& rules, const PushRequest& request, scan::Progress& progress,
                             const std::function<void(detect::ScanResult&)>& amend) {
  const scan::Changes changes =
      scan::pushed_changes(request.repository, request.refs, request.updates, request.remote, request.url);
  PushAnswer answer;
  auto result = scan::scan_changes(rules, request.repository, changes, {0, request.cache_folder, request.archives},
                                   progress, &answer.facts);
  if (!result) return tl::unexpected(result.error());
  answer.result = std::move(*result);
  if (answer.facts.cut_off) say_cut_off(request, answer.result);
  if (answer.facts.promised > 0 && !is_promisor(request)) add_promised(answer.facts.promised, answer.result);
  if (amend) amend(answer.result);
  answer.blocking = blocking_findings(answer.result, request.threshold);
  if (answer.blocking.empty()) return answer;
  Ledger ignored;
  git::ObjectReader objects(request.repository, ignored);
  const PushContext context{request.repository, request.refs, request.updates, changes.known, request.remote};
  answer.plan = plan_fix(context, objects, answer.blocking);
  answer.already_public = find_public(rules, request, answer.blocking, objects);
  return answer;
}

}  // namespace tightship::push
