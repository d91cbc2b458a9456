#include "hook/husky.h"

#include <fmt/format.h>

#include <filesystem>

#include "base/file.h"
#include "hook/file_change.h"
#include "hook/plain_hook.h"

namespace tightship::hook {
namespace fs = std::filesystem;
namespace {

// What husky before version 9 wants at the top of its files.
constexpr std::string_view kHead8 = "#!/usr/bin/env sh\n. \"$(dirname -- \"$0\")/_/husky.sh\"\n\n";

// Behind the last of the leading lines that must stay first: "#!", and the one that loads husky.sh and
// runs the file once more from there.
std::size_t top_of(std::string_view content) {
  std::size_t top = 0, at = 0;
  while (at < content.size()) {
    const std::size_t end = std::min(content.find('\n', at), content.size() - 1) + 1;
    const std::string_view line = content.substr(at, end - at);
    const bool loads = line.find("husky.sh") != std::string_view::npos;
    const bool skipped = loads || line.starts_with('#') || line.find_first_not_of(" \t\r\n") == std::string_view::npos;
    if (!skipped) break;
    at = end;
    if (loads || line.starts_with("#!")) top = end;
  }
  return top;
}

// A script that ends before its last line: what is added there would never run.
bool leaves_early(std::string_view content) {
  for (std::size_t at = 0; at < content.size();) {
    const std::string_view line = content.substr(at, content.find('\n', at) - at);
    if (line == "exit" || line.starts_with("exit ") || line.starts_with("exec ")) return true;
    at += line.size() + 1;
  }
  return false;
}

bool is_version_8(const Manager& husky) {
  const std::string folder = fs::path(husky.file).parent_path().string() + "/_";
  return type_of(folder + "/husky.sh") != FileType::Absent && type_of(folder + "/h") == FileType::Absent;
}

struct HuskyFile {
  std::string path;  // links resolved
  std::string content;
  FileType type = FileType::Absent;
};

Result<HuskyFile> open_file(const git::Repository& repository, const Manager& husky) {
  const auto real = inside(repository, husky.file);
  if (!real) return tl::unexpected(real.error());
  HuskyFile file{*real, {}, type_of(*real)};
  if (file.type == FileType::Absent) return file;
  if (file.type != FileType::Regular) return fail(ErrorKind::Config, "not a regular file", husky.file);
  auto content = read_file(*real, kMaxHookSize);
  if (!content) return tl::unexpected(content.error());
  file.content = std::move(*content);
  return file;
}

Outcome outcome(HookKind kind, Outcome::What what, const Manager& husky) {
  Outcome result;
  result.kind = kind;
  result.what = what;
  result.path = husky.file;
  result.manager = husky.name;
  return result;
}

Outcome installed(HookKind kind, Outcome::What what, const Manager& husky) {
  Outcome result = outcome(kind, what, husky);
  if (what != Outcome::What::Already) {
    result.notes.emplace_back("commit the file, and everybody who uses husky here has the hook");
  }
  if (!husky.active) {
    result.notes.emplace_back(
        "husky is not set up in this clone yet, so git does not run it: npm install, or npx husky");
  }
  return result;
}

Result<Outcome> write_new(const HuskyFile& file, const Manager& husky, HookKind kind) {
  MarkFlags flags;
  flags.new_file = true;
  const std::string head(is_version_8(husky) ? kHead8 : "");
  const auto written = replace_file(file.path, head + block_text(kind, flags), script_mode());
  if (!written) return tl::unexpected(written.error());
  return installed(kind, Outcome::What::Installed, husky);
}

Result<Outcome> replace_block(const HuskyFile& file, const Block& block, const Manager& husky, HookKind kind) {
  if (!block.mark.intact) {
    return changed_by_hand(husky.file, "take out the lines of tightship, then install again");
  }
  const std::string text = block_text(kind, block.mark.flags);
  std::string changed = file.content;
  changed.replace(block.begin, block.end - block.begin, text);
  if (changed == file.content || block.mark.version > kScriptVersion) {
    return installed(kind, Outcome::What::Already, husky);
  }
  const auto written = replace_file(file.path, changed, mode_of(file.path).value_or(script_mode()));
  if (!written) return tl::unexpected(written.error());
  return installed(kind, Outcome::What::Updated, husky);
}

}  // namespace

std::string with_block(std::string_view content, HookKind kind, MarkFlags flags) {
  const bool at_end = kind == HookKind::PreCommit && !leaves_early(content);
  const std::size_t at = at_end ? content.size() : top_of(content);
  std::string out(content.substr(0, at));
  flags.open_line = !out.empty() && out.back() != '\n';
  if (flags.open_line) out += '\n';
  out += block_text(kind, flags);
  return out.append(content.substr(at));
}

std::string without_block(std::string_view content, const Block& block) {
  std::string out(content.substr(0, block.begin));
  if (block.mark.flags.open_line && out.ends_with('\n')) out.pop_back();
  return out.append(content.substr(block.end));
}

Result<Outcome> install_husky(const git::Repository& repository, const Manager& husky, HookKind kind) {
  auto file = open_file(repository, husky);
  if (!file) return tl::unexpected(file.error());
  if (file->type == FileType::Absent) return write_new(std::move(*file), husky, kind);
  if (const auto block = find_block(file->content)) return replace_block(*file, *block, husky, kind);
  if (husky.calls_us) return installed(kind, Outcome::What::Already, husky);
  const auto written =
      replace_file(file->path, with_block(file->content, kind, {}), mode_of(file->path).value_or(script_mode()));
  if (!written) return tl::unexpected(written.error());
  Outcome result = installed(kind, Outcome::What::Installed, husky);
  if (is_version_8(husky) && !is_executable(husky.file)) {
    result.notes.emplace_back("the file is not executable, so git does not run it: chmod +x");
  }
  return result;
}

Result<Outcome> uninstall_husky(const git::Repository& repository, const Manager& husky, HookKind kind) {
  const auto file = open_file(repository, husky);
  if (!file) return tl::unexpected(file.error());
  const auto block = find_block(file->content);
  if (!block) {
    return outcome(kind, husky.calls_us ? Outcome::What::ToCut : Outcome::What::Absent, husky);
  }
  if (!block->mark.intact) return changed_by_hand(husky.file, "take out the lines of tightship yourself");
  const std::string rest = without_block(file->content, *block);
  const bool made_by_us = block->mark.flags.new_file && (rest.empty() || rest == kHead8);
  const auto done = made_by_us ? remove_file(file->path)
                               : replace_file(file->path, rest, mode_of(file->path).value_or(script_mode()));
  if (!done) return tl::unexpected(done.error());
  return outcome(kind, Outcome::What::Removed, husky);
}

}  // namespace tightship::hook
