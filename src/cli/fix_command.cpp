// `tightship fix plan`: what a push would bring, and how to get secrets out of it; for people before a push
// and, as JSON, for editors.

#include <algorithm>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/hook_allowances.h"
#include "cli/progress.h"
#include "cli/rule_source.h"
#include "cli/stream.h"
#include "cli/terminal.h"
#include "git/repository.h"
#include "push/push_scan.h"
#include "report/secret_mask.h"
#include "report/summary.h"
#include "scan/cache.h"

#include <unistd.h>

namespace tightship::cli {
namespace {

struct FixFlags {
  RuleOptions rules;
  std::string format = "text";
  std::vector<std::string> operands;  // "plan", then REMOTE
};

Command fix_record(FixFlags& flags) {
  Command command;
  command.name = "fix";
  command.usage = "tightship fix plan [FLAGS] [REMOTE]";
  command.brief = "Says how to get the secrets out of the commits that REMOTE does not have yet.";
  command.detail =
      "Looks at what a push of the current branch would bring (REMOTE: the branch's own, else origin). Nothing "
      "is run and nothing is changed; the commands are for you. The status is 1 when there is something to fix.";
  command.examples = "  tightship fix plan\n  tightship fix plan --format json\n";
  command.flags = {{"format", 'f', "FORMAT", "report", "text or json", "", set_choice(flags.format, {"text", "json"})}};
  for (Flag& flag : rule_flags(flags.rules)) command.flags.push_back(std::move(flag));
  command.operands = {"plan", 1, 2, &flags.operands};
  return command;
}

const git::Ref* find_ref(const std::vector<git::Ref>& refs, std::string_view name) {
  const auto at = std::find_if(refs.begin(), refs.end(), [&](const git::Ref& ref) { return ref.name == name; });
  return at == refs.end() ? nullptr : &*at;
}

// The branch that HEAD is on, or HEAD itself, as git would push it to the branch of the same name.
Result<scan::RefUpdate> current_update(const git::Repository& repository, const std::vector<git::Ref>& refs,
                                       const std::string& remote) {
  const git::Ref* head = find_ref(refs, "HEAD");
  if (head == nullptr) return fail(ErrorKind::NotFound, "there is no commit yet", repository.git_dir);
  scan::RefUpdate update;
  update.local_ref = head->symbolic.empty() ? "HEAD" : head->symbolic;
  update.local = head->target;
  update.remote_ref = head->symbolic.empty() ? "refs/heads/HEAD" : head->symbolic;
  update.remote.size = head->target.size;
  constexpr std::string_view kHeads = "refs/heads/";
  if (update.remote_ref.starts_with(kHeads)) {
    const git::Ref* tracking = find_ref(refs, "refs/remotes/" + remote + "/" + update.remote_ref.substr(kHeads.size()));
    if (tracking != nullptr) update.remote = tracking->target;
  }
  return update;
}

std::string remote_of(const git::Repository& repository, const std::vector<git::Ref>& refs) {
  const git::Ref* head = find_ref(refs, "HEAD");
  constexpr std::string_view kHeads = "refs/heads/";
  if (head != nullptr && head->symbolic.starts_with(kHeads)) {
    const auto remote = repository.config_value("branch." + head->symbolic.substr(kHeads.size()) + ".remote");
    if (remote) return std::string(*remote);
  }
  return "origin";
}

}  // namespace

Result<int> fix_command(Arguments arguments) {
  FixFlags flags;
  const auto go = ready(fix_record(flags), std::move(arguments));
  if (!go) return tl::unexpected(go.error());
  if (!*go) return 0;
  if (flags.operands.front() != "plan")
    return fail(ErrorKind::Usage, "tightship fix knows only plan", {}, "tightship fix plan");
  Ledger ledger;
  const auto repository = git::open_repository(".", true, ledger);
  if (!repository) return tl::unexpected(repository.error());
  const std::vector<git::Ref> refs = git::read_refs(*repository, ledger);
  const std::string remote = flags.operands.size() > 1 ? flags.operands[1] : remote_of(*repository, refs);
  auto update = current_update(*repository, refs, remote);
  if (!update) return tl::unexpected(update.error());
  std::vector<std::string> roots;
  if (!repository->work_tree.empty()) roots.push_back(repository->work_tree);
  const auto rules = load_rules(flags.rules, roots);
  if (!rules) return tl::unexpected(rules.error());
  const auto threshold = push::configured_threshold(*repository);
  if (!threshold) return tl::unexpected(threshold.error());
  const push::PushRequest request{*repository, refs, {*update}, remote, "", *threshold, scan::default_cache_folder()};
  HookAllowances allowances(*repository, flags.rules.no_repo_config);
  if (const auto loaded = allowances.load(refs, request.updates); !loaded) return tl::unexpected(loaded.error());
  scan::Progress progress;
  const auto answer =
      push::scan_push(rules->set(), request, progress, [&](detect::ScanResult& result) { allowances.apply(result); });
  if (!answer) return tl::unexpected(answer.error());
  const push::Blocked blocked = answer->blocked(remote);
  report::Options options;
  options.color = use_color(ColorChoice::Auto, STDOUT_FILENO);
  options.width = terminal_width(STDOUT_FILENO);
  const bool clean = answer->blocking.empty();
  const report::SecretMask mask(answer->result, false);
  const std::string text = flags.format == "json" ? push::fix_plan_json(blocked)
                           : clean                ? report::remarks_text(answer->result, options, mask) +
                                         "nothing to fix: " + push::checked_line(answer->result)
                                   : push::blocked_push(blocked, options);
  const auto written = write_stdout(text);
  if (!written) return tl::unexpected(written.error());
  if (!clean) return static_cast<int>(ExitCode::Findings);
  return static_cast<int>(answer->result.complete() ? ExitCode::Clean : ExitCode::Incomplete);
}

}  // namespace tightship::cli
