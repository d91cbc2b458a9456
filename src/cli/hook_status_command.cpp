#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/terminal_text.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/hook_output.h"
#include "cli/stream.h"
#include "git/repository.h"
#include "hook/git_config.h"
#include "hook/global.h"
#include "hook/install.h"
#include "hook/script.h"
#include "report/json_value.h"

namespace tightship::cli {
namespace {

using hook::HookStatus;
using report::Json;

struct StatusFlags {
  HookFlags hook;
  std::string format = "text";
};

struct Everything {
  std::string repository;  // the git directory; empty with --global
  std::string tightship;   // where a shell finds it
  bool missing_passes = false;
  std::vector<HookStatus> hooks;
};

Command status_record(StatusFlags& flags) {
  Command command;
  command.name = "hook status";
  command.usage = "tightship hook status [FLAGS] [PATH]";
  command.brief = "Says which hooks of tightship are there, and whether git runs them.";
  command.detail =
      "The status is 0 when at least one is there and git runs each that is there; 1 when there is none, or "
      "one "
      "that git does not run.";
  command.examples = "  tightship hook status --format json\n";
  command.flags = hook_flags(flags.hook);
  command.flags.push_back(
      {"format", 'f', "FORMAT", "report", "text or json", "", set_choice(flags.format, {"text", "json"})});
  command.operands = {"PATH", 0, 1, &flags.hook.paths};
  return command;
}

std::string hook_text(const HookStatus& status) {
  const std::string_view name = hook::hook_name(status.kind);
  std::string out;
  if (status.installed) {
    out = fmt::format("{:<12} {}: {}", name, status.active ? "active" : "not active", terminal_text(status.path));
    out += fmt::format(" ({}", status.way);
    if (status.version > 0) out += fmt::format(", version {}", status.version);
    out += ")\n";
  } else {
    out = fmt::format("{:<12} not installed\n", name);
  }
  if (!status.chained.empty()) {
    const std::string_view order = status.kind == hook::HookKind::PreCommit ? "runs after" : "then runs";
    out += fmt::format("{:<12} {} {}\n", "", order, terminal_text(status.chained));
  }
  if (!status.problem.empty()) out += fmt::format("{:<12} {}\n", "", terminal_text(status.problem));
  return out;
}

std::string text_of(const Everything& all) {
  std::string out;
  for (const HookStatus& status : all.hooks) out += hook_text(status);
  const std::string_view policy =
      all.missing_passes ? "hooks let pass when it is missing" : "hooks block when it is missing";
  out += fmt::format("{:<12} {}; {}\n", "tightship",
                     all.tightship.empty() ? "not on PATH" : terminal_text(all.tightship), policy);
  return out;
}

void put(Json& object, const std::string& name, const std::string& raw) {
  if (raw.empty()) {
    object[name] = nullptr;
  } else {
    static const detect::ScanResult nothing;  // no finding, so nothing to mask
    report::put_text(object, name, raw, report::SecretMask(nothing, false));
  }
}

Json json_of(const HookStatus& status) {
  Json out{{"kind", hook::hook_name(status.kind)}, {"installed", status.installed}, {"active", status.active}};
  put(out, "way", status.way);
  put(out, "path", status.path);
  out["version"] = status.version > 0 ? Json(status.version) : Json(nullptr);
  out["current"] = status.version == hook::kScriptVersion;
  out["changed"] = status.changed;
  put(out, "chained", status.chained);
  put(out, "problem", status.problem);
  return out;
}

std::string json_text(const Everything& all) {
  Json out = Json::object();
  put(out, "repository", all.repository);
  put(out, "tightship", all.tightship);
  out["missing"] = all.missing_passes ? "pass" : "block";
  out["hooks"] = Json::array();
  for (const HookStatus& status : all.hooks) out["hooks"].push_back(json_of(status));
  return report::dump(out, 2) + "\n";
}

bool passes(const Result<std::optional<hook::ConfigSetting>>& setting) {
  return setting && *setting && (*setting)->value == "pass";
}

Result<Everything> look_everywhere(const std::vector<hook::HookKind>& kinds) {
  const auto place = hook::global_place(hook::GlobalWay::Undecided);
  if (!place) return tl::unexpected(place.error());
  Everything all;
  for (const hook::HookKind kind : kinds) all.hooks.push_back(hook::global_status(kind, *place));
  all.missing_passes = passes(hook::global_path_setting("tightship.missing"));
  return all;
}

Result<Everything> look_here(const HookFlags& flags, const std::vector<hook::HookKind>& kinds) {
  Ledger ledger;
  const auto repository = git::open_repository(flags.paths.empty() ? "." : flags.paths.front(), true, ledger);
  if (!repository) return tl::unexpected(repository.error());
  Everything all;
  all.repository = repository->git_dir;
  for (const hook::HookKind kind : kinds) all.hooks.push_back(hook::hook_status(*repository, kind));
  all.missing_passes = passes(hook::path_setting(repository->git_dir, "tightship.missing"));
  return all;
}

int status_of(const std::vector<HookStatus>& hooks) {
  const bool any = std::any_of(hooks.begin(), hooks.end(), [](const HookStatus& h) { return h.installed; });
  const bool all_run =
      std::all_of(hooks.begin(), hooks.end(), [](const HookStatus& h) { return h.active || !h.installed; });
  return static_cast<int>(any && all_run ? ExitCode::Clean : ExitCode::Findings);
}

}  // namespace

Result<int> hook_status_command(Arguments arguments) {
  StatusFlags flags;
  const auto go = ready(status_record(flags), std::move(arguments));
  if (!go) return tl::unexpected(go.error());
  if (!*go) return 0;
  if (const auto checked = check_hook_flags(flags.hook); !checked) return tl::unexpected(checked.error());
  auto kinds = flags.hook.kinds();
  if (kinds.empty()) kinds.assign(hook::kHookKinds.begin(), hook::kHookKinds.end());
  auto all = flags.hook.global ? look_everywhere(kinds) : look_here(flags.hook, kinds);
  if (!all) return tl::unexpected(all.error());
  all->tightship = path_of_tightship();
  const auto written = write_stdout(flags.format == "json" ? json_text(*all) : text_of(*all));
  if (!written) return tl::unexpected(written.error());
  return status_of(all->hooks);
}

}  // namespace tightship::cli
