#include "env/fix.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "base/file.h"
#include "env/style.h"
#include "env/unified_diff.h"
#include "lint/env_files.h"
#include "lint/project.h"

namespace tightship::env {
namespace {

Result<void> replace_file(const std::string& path, std::string_view text, std::uint32_t mode) {
  std::string made = path + ".XXXXXX";
  FileDescriptor file(mkstemp(made.data()));
  const auto failed = [&](std::string_view what) {
    if (file) unlink(made.c_str());
    return fail(ErrorKind::Io, "cannot " + std::string(what) + ": " + std::system_category().message(errno), path);
  };
  if (!file) return failed("make a file beside it");
  if (fchmod(file.get(), mode & 07777) != 0) return failed("set its mode");
  while (!text.empty()) {
    const ssize_t written = write(file.get(), text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed("write");
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (fsync(file.get()) != 0) return failed("write");
  if (rename(made.c_str(), path.c_str()) != 0) return failed("replace it");
  return {};
}

bool is_text(std::string_view text) {
  return text.find('\0') == std::string_view::npos && text.find("\nsops_mac=ENC[") == std::string_view::npos &&
         !text.starts_with("-----BEGIN ");
}

}  // namespace

Result<std::vector<FileFix>> fix_files(const std::string& path, const std::vector<std::string>& ignore, bool write) {
  Ledger ledger;
  const auto project = lint::open_project(path, ledger);
  if (!project) return tl::unexpected(project.error());
  std::vector<FileFix> out;
  for (const lint::ProjectFile& file : project->files) {
    const auto name = lint::env_name(file.path);
    if (!name || file.symlink || file.below_ignored || name->role == lint::EnvRole::Encrypted) continue;
    const auto text = lint::read_project_file(*project, file.path, ledger);
    if (!text || !is_text(*text)) continue;
    const std::string fixed = fixed_style(*text, ignore);
    if (fixed == *text) continue;
    out.push_back({file.path, unified_diff(file.path, *text, fixed)});
    if (!write) continue;
    if (const auto done = replace_file(project->absolute(file.path), fixed, file.mode); !done)
      return tl::unexpected(done.error());
  }
  return out;
}

}  // namespace tightship::env
