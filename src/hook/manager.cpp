#include "hook/manager.h"

#include <fmt/format.h>

#include <filesystem>
#include <vector>

#include "base/file.h"
#include "hook/file_change.h"

namespace tightship::hook {
namespace fs = std::filesystem;
namespace {

std::string text_of(const std::string& path) { return read_file(path, kMaxManagerFile).value_or(""); }

bool is_file(const std::string& path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

// Whether a JSON text has the member `"key": {`, wherever. A dependency of the same name has a text
// as its value.
bool has_section(std::string_view json, std::string_view key) {
  const std::string quoted = fmt::format("\"{}\"", key);
  for (std::size_t at = 0; (at = json.find(quoted, at)) != std::string_view::npos; at += quoted.size()) {
    const std::size_t colon = json.find_first_not_of(" \t\r\n", at + quoted.size());
    if (colon == std::string_view::npos || json[colon] != ':') continue;
    const std::size_t value = json.find_first_not_of(" \t\r\n", colon + 1);
    if (value != std::string_view::npos && json[value] == '{') return true;
  }
  return false;
}

std::optional<std::string> first_file(const std::string& top, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const std::string path = fmt::format("{}/{}", top, name);
    if (is_file(path)) return path;
  }
  return std::nullopt;
}

std::vector<std::string> lefthook_names() {
  std::vector<std::string> names;
  for (const char* stem : {"lefthook", ".lefthook", ".config/lefthook", "lefthook-local", ".lefthook-local"}) {
    for (const char* extension : {"yml", "yaml", "toml", "json"}) {
      names.push_back(fmt::format("{}.{}", stem, extension));
    }
  }
  return names;
}

// The folder .husky when core.hooksPath leads to it: ".husky/_" since version 9, ".husky" before.
std::optional<std::string> husky_of_folder(const std::string& hooks) {
  const fs::path path = hooks;
  if (path.filename() == ".husky") return hooks;
  if (path.filename() == "_" && path.parent_path().filename() == ".husky") return path.parent_path().string();
  return std::nullopt;
}

std::optional<Manager> find_husky(const git::Repository& repository, const HooksFolder& folder, HookKind kind) {
  const auto active = husky_of_folder(folder.path);
  if (active) return Manager{ManagerKind::Husky, "husky", fmt::format("{}/{}", *active, hook_name(kind)), false, true};
  const std::string dir = repository.work_tree + "/.husky";
  const bool used = type_of(dir) == FileType::Folder &&
                    text_of(repository.work_tree + "/package.json").find("\"husky\"") != std::string::npos;
  if (!used) return std::nullopt;
  return Manager{ManagerKind::Husky, "husky", fmt::format("{}/{}", dir, hook_name(kind)), false, false};
}

// A manager whose section is in package.json or in a file of its own.
std::optional<std::string> node_file(const std::string& top, std::string_view section,
                                     const std::vector<std::string>& names) {
  const std::string package = top + "/package.json";
  if (has_section(text_of(package), section)) return package;
  return first_file(top, names);
}

std::optional<Manager> find_in(const git::Repository& repository, const HooksFolder& folder, HookKind kind) {
  const std::string& top = repository.work_tree;
  auto husky = find_husky(repository, folder, kind);
  if (husky && husky->active) return husky;
  const auto make = [](ManagerKind which, std::string name, std::string file) {
    return Manager{which, std::move(name), std::move(file), false, true};
  };
  if (auto file = first_file(top, lefthook_names())) return make(ManagerKind::Lefthook, "lefthook", *file);
  if (auto file = node_file(top, "simple-git-hooks",
                            {".simple-git-hooks.json", "simple-git-hooks.json", ".simple-git-hooks.cjs",
                             ".simple-git-hooks.js", ".simple-git-hooks.mjs", "simple-git-hooks.cjs"})) {
    return make(ManagerKind::SimpleGitHooks, "simple-git-hooks", *file);
  }
  if (auto file = first_file(top, {".overcommit.yml"})) return make(ManagerKind::Overcommit, "overcommit", *file);
  if (husky) return husky;
  if (auto file = node_file(top, "husky", {".huskyrc", ".huskyrc.json"})) {
    return make(ManagerKind::Husky4, "husky 4", *file);
  }
  if (auto file = first_file(top, {".pre-commit-config.yaml"}))
    return make(ManagerKind::PreCommit, "pre-commit", *file);
  return std::nullopt;
}

Paste lefthook_paste(const Manager& manager, HookKind kind) {
  const std::string_view name = hook_name(kind);
  const std::string run =
      fmt::format("tightship hook run {}{}", name, kind == HookKind::PrePush ? " \"{1}\" \"{2}\"" : "");
  const std::string where = "into the commands of its " + std::string(name) + ", or at the end when it has none";
  if (manager.file.ends_with(".toml")) {
    return {fmt::format("[{}.commands.tightship]\nrun = '{}'\nuse_stdin = true\n", name, run), where};
  }
  if (manager.file.ends_with(".json")) {
    std::string escaped;
    for (const char c : run) escaped += c == '"' ? "\\\"" : std::string(1, c);
    return {fmt::format("\"{}\": {{\"commands\": {{\"tightship\": {{\"run\": \"{}\", \"use_stdin\": true}}}}}}\n", name,
                        escaped),
            where};
  }
  return {fmt::format("{}:\n  commands:\n    tightship:\n      run: {}\n      use_stdin: true\n", name, run), where};
}

Paste husky4_paste(HookKind kind) {
  const std::string_view where = "into \"hooks\"; join it with && to a command that is there";
  if (kind == HookKind::PreCommit) return {"\"pre-commit\": \"tightship hook run pre-commit\"\n", std::string(where)};
  return {R"("pre-push": "printf '%s\\n' \"$HUSKY_GIT_STDIN\" | tightship hook run pre-push $HUSKY_GIT_PARAMS")"
          "\n",
          std::string(where)};
}

Paste pre_commit_paste() {
  return {
      "  - repo: local\n"
      "    hooks:\n"
      "      - id: tightship\n"
      "        name: tightship\n"
      "        entry: tightship hook run pre-commit\n"
      "        language: system\n"
      "        pass_filenames: false\n"
      "        always_run: true\n"
      "        stages: [pre-commit]\n",
      "under repos:"};
}

}  // namespace

bool calls_tightship(std::string_view content, HookKind kind) {
  // overcommit's form is a list of words.
  const std::string plain = fmt::format("tightship hook run {}", hook_name(kind));
  const std::string list = fmt::format("'tightship', 'hook', 'run', '{}'", hook_name(kind));
  while (!content.empty()) {
    const std::string_view line = content.substr(0, content.find('\n'));
    content.remove_prefix(std::min(line.size() + 1, content.size()));
    const std::size_t text = line.find_first_not_of(" \t");
    if (text == std::string_view::npos || line[text] == '#') continue;
    if (line.find(plain) != std::string_view::npos || line.find(list) != std::string_view::npos) return true;
  }
  return false;
}

std::optional<Manager> find_manager(const git::Repository& repository, const HooksFolder& folder, HookKind kind) {
  if (repository.bare || repository.work_tree.empty() || kind == HookKind::PreReceive) return std::nullopt;
  auto manager = find_in(repository, folder, kind);
  if (manager) manager->calls_us = calls_tightship(text_of(manager->file), kind);
  return manager;
}

Paste paste_for(const Manager& manager, HookKind kind) {
  const std::string_view name = hook_name(kind);
  switch (manager.kind) {
    case ManagerKind::Husky: return {};
    case ManagerKind::Husky4: return husky4_paste(kind);
    case ManagerKind::Lefthook: return lefthook_paste(manager, kind);
    case ManagerKind::SimpleGitHooks:
      return {fmt::format("\"{0}\": \"tightship hook run {0} \\\"$@\\\"\"\n", name),
              "join it with && to a command that is there, then: npx simple-git-hooks"};
    case ManagerKind::Overcommit:
      return {fmt::format("{}:\n  Tightship:\n    enabled: true\n    command: ['tightship', 'hook', 'run', '{}']\n",
                          kind == HookKind::PrePush ? "PrePush" : "PreCommit", name),
              "then: overcommit --sign"};
    case ManagerKind::PreCommit: return pre_commit_paste();
  }
  return {};
}

}  // namespace tightship::hook
