#include <fmt/format.h>

#include "base/terminal_text.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/stream.h"
#include "scan/cache.h"

namespace tightship::cli {
namespace {

std::string size_text(std::uint64_t bytes) {
  if (bytes < 1'000'000) return fmt::format("{} kB", (bytes + 999) / 1000);
  return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

std::string files_text(const scan::CacheSize& size) {
  return fmt::format("{} file{}, {}", size.files, size.files == 1 ? "" : "s", size_text(size.bytes));
}

std::string status_text(const std::string& folder) {
  if (folder.empty()) {
    return "cache: off (TIGHTSHIP_CACHE=off, or neither XDG_CACHE_HOME nor HOME is an absolute path)\n";
  }
  const scan::Cache cache(folder);
  std::string out = fmt::format("cache: {}\n", terminal_text(folder));
  if (const std::string problem = cache.problem(); !problem.empty()) {
    return out + fmt::format("not used: the folder {}\n", problem);
  }
  return out + fmt::format("{} (at most {})\n", files_text(cache.size()), size_text(scan::kMaxCacheBytes));
}

std::string clear_text(const std::string& folder) {
  if (folder.empty()) return status_text(folder);
  return fmt::format("removed {} from {}\n", files_text(scan::Cache(folder).clear()), terminal_text(folder));
}

}  // namespace

Result<int> cache_command(Arguments arguments) {
  std::vector<std::string> actions;
  Command command;
  command.name = "cache";
  command.usage = "tightship cache [status|clear]";
  command.brief = "Says where the answers of earlier audits are kept and how large they are, or removes them.";
  command.detail =
      "Kept is what an audit learned of a repository's packs and of its state, so that the next one reads only "
      "what is new. No secret is in it: objects with secrets are named, and read again. It is bounded, only its "
      "owner can read it, and it can be removed at any time.\n\n"
      "audit --no-cache and TIGHTSHIP_CACHE=off leave it alone.";
  command.examples = "  tightship cache\n  tightship cache clear\n";
  command.operands = {"ACTION", 0, 1, &actions};
  const auto go = ready(command, std::move(arguments));
  if (!go) return tl::unexpected(go.error());
  if (!*go) return 0;
  const std::string action = actions.empty() ? "status" : actions.front();
  if (action != "status" && action != "clear") {
    return fail(ErrorKind::Usage, fmt::format("unrecognized command cache {}", terminal_text(action)), {},
                "tightship cache status, or tightship cache clear");
  }
  const std::string folder = scan::default_cache_folder();
  const auto written = write_stdout(action == "clear" ? clear_text(folder) : status_text(folder));
  if (!written) return tl::unexpected(written.error());
  return static_cast<int>(ExitCode::Clean);
}

}  // namespace tightship::cli
