#include "push/message.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/terminal_text.h"
#include "report/finding_text.h"
#include "report/secret_mask.h"
#include "report/style.h"
#include "report/summary.h"
#include "report/words.h"

namespace tightship::push {
namespace {

using report::counted;

constexpr std::size_t kMaxDrawn = 10;       // findings in full; the rest by number
constexpr std::size_t kCommandColumn = 44;  // where notes begin, when the command is shorter

std::string painted_head(std::string_view head, bool color) { return report::paint(head, report::Role::Error, color); }

std::string draw_findings(const std::vector<const detect::Finding*>& findings, const FixPlan* plan,
                          const report::Options& options, const report::SecretMask& mask) {
  std::string text;
  for (std::size_t i = 0; i < findings.size() && i < kMaxDrawn; ++i) {
    std::string_view seen;
    if (plan != nullptr) {
      const auto at = plan->seen.find(findings[i]->fingerprint);
      if (at != plan->seen.end()) seen = at->second;
    }
    text += report::blocked_finding_text(*findings[i], seen, options, mask) + "\n";
  }
  if (findings.size() > kMaxDrawn) text += fmt::format("and {} more\n\n", findings.size() - kMaxDrawn);
  return text;
}

// A command of ours is built from names in the repository: what would not survive a terminal is escaped.
std::string step_line(std::size_t number, const FixStep& step, const report::SecretMask& mask) {
  const std::string command = terminal_text(mask.mask_name(step.command));
  std::string line = fmt::format("  {}. {}", number, command);
  if (step.note.empty()) return line + "\n";
  if (command.size() > kCommandColumn) return line + "\n       (" + step.note + ")\n";
  return line + std::string(kCommandColumn - command.size() + 2, ' ') + step.note + "\n";
}

std::string steps_text(const FixPlan& plan, const report::SecretMask& mask) {
  std::string text;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) text += step_line(i + 1, plan.steps[i], mask);
  if (plan.way == FixWay::Rebase) {
    text += "\nif a later commit conflicts: git add the file without the secret, then git rebase --continue\n";
  }
  return text;
}

std::string public_text(const Blocked& blocked, const report::SecretMask& mask) {
  std::string text;
  for (const detect::Finding* finding : blocked.findings) {
    const auto at = blocked.already_public.find(finding->fingerprint);
    if (at == blocked.already_public.end()) continue;
    text +=
        "already public: " + terminal_text(mask.shown(*finding)) + " has been on " + terminal_text(at->second.remote);
    if (at->second.commit) {
      const detect::CommitInfo& commit = *at->second.commit;
      text += " since " + report::date_text(commit.time, commit.zone_minutes) + " (" + commit.id.short_hex() + ")";
    }
    text += ": rotate it first\n";
    const detect::Rule* rule = finding->rule;
    if (rule != nullptr && !rule->rotate.empty()) text += "  " + std::string(rule->rotate) + "\n";
  }
  return text;
}

std::string advice_text(const Blocked& blocked, const report::SecretMask& mask) {
  const std::string known = public_text(blocked, mask);
  const bool several = blocked.findings.size() > 1;
  const bool all_public = blocked.already_public.size() >= blocked.findings.size();
  std::string text = known.empty() ? "" : known + "\n";
  if (!all_public) {
    text += fmt::format("Nothing has left this machine, so {} need not be rotated. ", !known.empty() ? "the rest"
                                                                                      : several      ? "they"
                                                                                                     : "the secret");
  }
  if (blocked.plan.steps.empty()) {
    return text +
           "Take it out before you push: " + (blocked.plan.why.empty() ? "rewrite what holds it" : blocked.plan.why) +
           "\n";
  }
  text += several ? "Take them out of what is pushed" : "Take it out of what is pushed";
  if (!blocked.plan.why.empty()) text += " (" + blocked.plan.why + ")";
  return text + ":\n\n" + steps_text(blocked.plan, mask);
}

std::string allow_lines(const std::vector<const detect::Finding*>& findings, std::string_view bypass,
                        std::string_view consequence) {
  std::string text = "\nnot a secret?   tightship allow " + terminal_text(findings.front()->fingerprint) +
                     " --reason \"...\"   (a reviewed line in .tightship/allow.toml)\n";
  return text + "push anyway?    " + std::string(bypass) + "   (" + std::string(consequence) + ")\n";
}

std::string what_blocks(const Blocked& blocked) {
  std::string text = counted(blocked.findings.size(), "secret");
  if (blocked.plan.bad_commits == 0 || blocked.commits == 0) return text + " in what is pushed";
  const std::string remote = terminal_text(blocked.remote);
  if (blocked.commits == 1) return text + fmt::format(" in the commit that {} does not have yet", remote);
  return text + fmt::format(" in {} of the {} commits that {} does not have yet", blocked.plan.bad_commits,
                            report::with_spaces(blocked.commits), remote);
}

}  // namespace

std::string checked_line(const detect::ScanResult& result) {
  const detect::Coverage& coverage = result.coverage;
  std::string text = "checked ";
  if (result.job == detect::ScanResult::Job::Staged)
    text += counted(coverage.files, "staged file");
  else
    text += counted(coverage.commits, "commit") + ", " + counted(coverage.blobs, "new blob");
  return text + ", " + report::bytes_text(coverage.bytes) + " in " + report::duration_text(coverage.seconds) + "\n";
}

std::string blocked_push(const Blocked& blocked, const report::Options& options) {
  const report::SecretMask mask(blocked.result, false);
  std::string text =
      painted_head("tightship: push blocked", options.color) + ": " + mask.mask(what_blocks(blocked)) + "\n\n";
  text += draw_findings(blocked.findings, &blocked.plan, options, mask);
  text += report::remarks_text(blocked.result, options, mask);
  text += advice_text(blocked, mask);
  text +=
      allow_lines(blocked.findings, "git push --no-verify", "skips all hooks; the secret is then public: rotate it");
  text += "\n" + checked_line(blocked.result);
  if (!report::is_complete(blocked.result)) text += report::completeness_text(blocked.result, options, mask);
  return text;
}

std::string blocked_commit(const detect::ScanResult& result, const std::vector<const detect::Finding*>& findings,
                           const report::Options& options) {
  const report::SecretMask mask(result, false);
  std::string text = painted_head("tightship: commit blocked", options.color) + ": " +
                     counted(findings.size(), "secret") + " in what is staged\n\n";
  text += draw_findings(findings, nullptr, options, mask);
  text += report::remarks_text(result, options, mask);
  text += "Take it out of the file, git add it again, and commit.\n";
  std::string allow = allow_lines(findings, "git commit --no-verify", "skips all hooks");
  const std::size_t push = allow.find("push anyway?  ");
  if (push != std::string::npos) allow.replace(push, 14, "commit anyway?");
  return text + allow + "\n" + checked_line(result);
}

std::string blocked_receive(const detect::ScanResult& result, const std::vector<const detect::Finding*>& findings,
                            const report::Options& options) {
  const report::SecretMask mask(result, false);
  std::string text = painted_head("tightship: push refused", options.color) + ": " +
                     counted(findings.size(), "secret") + " in what was pushed; nothing of it was kept\n\n";
  text += draw_findings(findings, nullptr, options, mask);
  text += report::remarks_text(result, options, mask);
  text +=
      "It has reached this server and no further: whoever runs it may have seen it. Take it out of the commits\n"
      "that were refused, and push again; tightship hook install on your side says how, before it leaves.\n";
  return text + "\n" + checked_line(result);
}

}  // namespace tightship::push
