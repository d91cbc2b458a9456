#include "hook/global.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "hook/file_change.h"
#include "hook/git_config.h"
#include "hook/plain_hook.h"

namespace tightship::hook {
namespace {

constexpr const char* kHooksPath = "core.hooksPath";
constexpr const char* kTemplateDir = "init.templateDir";

// XDG_CONFIG_HOME/tightship, or nothing when there is no home.
std::optional<std::string> own_folder() {
  const char* config = std::getenv("XDG_CONFIG_HOME");
  if (config != nullptr && config[0] == '/') return std::string(config) + "/tightship";
  const char* home = std::getenv("HOME");
  if (home == nullptr || home[0] != '/') return std::nullopt;
  return std::string(home) + "/.config/tightship";
}

Result<GlobalPlace> place_of_hooks_path(const ConfigSetting& setting, const std::string& own) {
  if (!setting.value.starts_with('/')) {
    return fail(ErrorKind::Config, "core.hooksPath is relative: it names a folder in each repository", setting.origin,
                "tightship hook install in each of them");
  }
  if (const FileType type = type_of(setting.value);
      type != FileType::Folder && type != FileType::Absent && type_of(real_path(setting.value)) != FileType::Folder) {
    return fail(ErrorKind::Config, "git runs no hooks: core.hooksPath names what is no folder", setting.value,
                "git config --show-origin --get-all core.hooksPath");
  }
  return GlobalPlace{GlobalWay::HooksPath, setting.value, setting.value == own + "/hooks", setting.value,
                     setting.origin};
}

HooksFolder folder_of(const GlobalPlace& place) {
  HooksFolder folder;
  folder.path = place.folder;
  folder.for_all = true;
  return folder;
}

std::string_view key_of(const GlobalPlace& place) {
  return place.way == GlobalWay::Template ? kTemplateDir : kHooksPath;
}

// What the setting names: of a template the folder above its hooks.
std::string value_of(const GlobalPlace& place) {
  constexpr std::size_t kTail = std::string_view("/hooks").size();
  return place.way == GlobalWay::Template ? place.folder.substr(0, place.folder.size() - kTail) : place.folder;
}

bool passes_on(const GlobalPlace& place) { return place.ours && place.way == GlobalWay::HooksPath; }

Serves serves(const GlobalPlace& place) {
  if (place.way == GlobalWay::Template) return Serves::Copies;
  return place.ours ? Serves::All : Serves::Repository;
}

std::optional<Mark> mark_of(const GlobalPlace& place, std::string_view name) {
  const std::string path = fmt::format("{}/{}", place.folder, name);
  if (type_of(path) != FileType::Regular) return std::nullopt;
  return read_script(read_hook(path));
}

bool is_pass_on(const std::optional<Mark>& mark) { return mark && mark->intact && mark->name == "pass-on"; }

// For every hook without a script in our folder, one that runs the repository's own.
Result<void> write_pass_ons(const GlobalPlace& place) {
  const std::string text = pass_on_text({});
  for (const std::string_view name : kPassedOn) {
    const std::string path = fmt::format("{}/{}", place.folder, name);
    const bool absent = type_of(path) == FileType::Absent;
    if (!absent && (!is_pass_on(mark_of(place, name)) || (read_hook(path) == text && is_executable(path)))) continue;
    if (const auto written = replace_file(path, text, script_mode()); !written) return written;
  }
  return {};
}

Result<void> remove_pass_ons(const GlobalPlace& place) {
  for (const std::string_view name : kPassedOn) {
    if (!is_pass_on(mark_of(place, name))) continue;
    if (const auto removed = remove_file(fmt::format("{}/{}", place.folder, name)); !removed) return removed;
  }
  return {};
}

// Hooks of the user's own in our folder, or of ours: while there are any, it stays.
bool has_other_hooks(const GlobalPlace& place) {
  return std::any_of(kPassedOn.begin(), kPassedOn.end(), [&](std::string_view name) {
    return type_of(fmt::format("{}/{}", place.folder, name)) != FileType::Absent && !is_pass_on(mark_of(place, name));
  });
}

Result<void> dissolve(const GlobalPlace& place) {
  if (passes_on(place)) {
    if (const auto removed = remove_pass_ons(place); !removed) return removed;
  }
  if (!place.setting.empty()) {
    if (const auto unset = unset_global(std::string(key_of(place))); !unset) return unset;
  }
  // FOLDER/hooks and FOLDER, of a template also the folder between them.
  remove_folders(place.folder, place.way == GlobalWay::Template ? 3 : 2);
  return {};
}

Result<void> announce(const GlobalPlace& place) {
  if (!place.setting.empty()) return {};
  return set_global(std::string(key_of(place)), value_of(place));
}

}  // namespace

Result<GlobalPlace> global_place(GlobalWay wanted) {
  const auto hooks_path = global_path_setting(kHooksPath);
  if (!hooks_path) return tl::unexpected(hooks_path.error());
  const auto template_dir = global_path_setting(kTemplateDir);
  if (!template_dir) return tl::unexpected(template_dir.error());
  const auto own = own_folder();
  if (*hooks_path) {
    if (wanted == GlobalWay::Template) {
      return fail(ErrorKind::Config, "hooks of a template would not be run: core.hooksPath is set",
                  (*hooks_path)->origin, "tightship hook install --global installs there");
    }
    return place_of_hooks_path(**hooks_path, own.value_or(""));
  }
  if (*template_dir && wanted != GlobalWay::HooksPath) {
    const std::string& value = (*template_dir)->value;
    return GlobalPlace{GlobalWay::Template, value + "/hooks", own && value == *own + "/template", value,
                       (*template_dir)->origin};
  }
  if (!own) return fail(ErrorKind::Config, "neither HOME nor XDG_CONFIG_HOME is set");
  const std::string folder = *own + (wanted == GlobalWay::Template ? "/template/hooks" : "/hooks");
  return GlobalPlace{wanted, folder, true, {}, {}};
}

Result<std::vector<Outcome>> install_global(const std::vector<HookKind>& kinds, const GlobalPlace& place,
                                            const std::string& tool) {
  std::vector<Outcome> results;
  for (const HookKind kind : kinds) {
    auto result = install_plain(folder_of(place), kind, tool, serves(place));
    if (!result) return tl::unexpected(result.error());
    results.push_back(std::move(*result));
  }
  if (passes_on(place)) {
    if (const auto written = write_pass_ons(place); !written) return tl::unexpected(written.error());
  }
  // Last, so that git is never led to a folder that is half full.
  if (const auto announced = announce(place); !announced) return tl::unexpected(announced.error());
  return results;
}

Result<std::vector<Outcome>> uninstall_global(const std::vector<HookKind>& kinds, const GlobalPlace& place) {
  std::vector<Outcome> results;
  for (const HookKind kind : kinds) {
    auto result = uninstall_plain(folder_of(place), kind);
    if (!result) return tl::unexpected(result.error());
    results.push_back(std::move(*result));
  }
  if (!place.ours) return results;
  const auto done =
      has_other_hooks(place) ? (passes_on(place) ? write_pass_ons(place) : Result<void>{}) : dissolve(place);
  if (!done) return tl::unexpected(done.error());
  return results;
}

HookStatus global_status(HookKind kind, const GlobalPlace& place) {
  const PlainHook hook = look_at(folder_of(place), kind);
  HookStatus status;
  status.kind = kind;
  status.path = hook.path;
  status.installed = (hook.mark && hook.mark->name == hook_name(kind)) || hook.calls_us;
  if (!status.installed) return status;
  status.way = place.way == GlobalWay::Template ? "new repositories" : "all repositories";
  if (hook.mark) status.version = hook.mark->version;
  status.changed = hook.mark && !hook.mark->intact;
  status.active = hook.runs && !place.setting.empty();
  if (hook.kept_runs && !(hook.mark && hook.mark->flags.global)) status.chained = hook.kept;
  if (place.setting.empty()) status.problem = "no configuration leads git to this folder";
  if (!hook.runs) status.problem = "the file is not executable, so git ignores it";
  return status;
}

}  // namespace tightship::hook
