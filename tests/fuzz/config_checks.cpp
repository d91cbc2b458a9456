// Every check on foreign text: the first line of the input names the file, the rest is what it holds. Whatever the
// bytes, the checks end, and what they say is complete.

#include <cstdint>
#include <cstdlib>

#include "base/bytes.h"
#include "config/checks.h"
#include "config/dispatch.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tightship;
  const std::string_view input = as_text(Bytes(data, size));
  const std::size_t cut = input.find('\n');
  if (cut == std::string_view::npos || cut > 200) return 0;

  lint::Project project;
  project.root = "/nonexistent";
  readiness::Report report;
  Ledger ledger;
  config::Context context(project, detect::RuleSet::builtin(), report, ledger);
  config::File file;
  file.path = input.substr(0, cut);
  file.text = input.substr(cut + 1);
  file.tracked = true;
  for (const config::Dispatch* one : config::checks_of(file.path)) one->check(context, file);
  if (config::is_supabase_migration(file.path)) {
    config::check_supabase_migrations(context, {{file, std::string(file.text)}}, {"a", "profiles"});
  }
  for (const readiness::Problem& problem : report.problems) {
    if (problem.id.empty() || problem.title.empty() || problem.fix.empty() || problem.spots.empty()) std::abort();
  }
  return 0;
}
