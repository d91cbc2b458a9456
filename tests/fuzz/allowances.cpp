// Files that accept findings are foreign text: reading them must end, every problem must have a place
// inside the file, and what is written must be read back as it was.

#include <cstdint>
#include <cstdlib>

#include "allow/allowances.h"
#include "base/bytes.h"

namespace {

using namespace tightship;
using namespace tightship::allow;

void check_problems(const Source& source) {
  for (const detect::Problem& problem : source.problems) {
    if (problem.place.line == 0 || problem.place.column == 0) std::abort();
  }
}

void check_allow_file(const std::string& text) {
  const AllowFile file = parse_allow_file(text, "allow.toml");
  check_problems(file.source);
  for (std::size_t i = 0; i < file.entries.size(); ++i) {
    if (!is_id(file.entries[i].id)) std::abort();
    if (i > 0 && file.entries[i - 1].id >= file.entries[i].id) std::abort();
  }
  if (!file.source.ok()) return;
  Entry added;
  added.id = "0123456789abcdef";
  added.reason = "a \"reason\"";
  const auto edited = with_entry(file, added);
  if (!edited) return;
  const AllowFile again = parse_allow_file(*edited, "allow.toml");
  const Entry* read = again.find(added.id);
  if (!again.source.ok() || read == nullptr || !read->same_as(added)) std::abort();
  for (const Entry& entry : file.entries) {
    const Entry* kept = again.find(entry.id);
    if (entry.id != added.id && (kept == nullptr || !kept->same_as(entry))) std::abort();
  }
}

void check_baseline(const std::string& text) {
  const Baseline baseline = parse_baseline(text, "baseline");
  check_problems(baseline.source);
  const std::string written = baseline_text(baseline.extent, baseline.entries);
  const Baseline again = parse_baseline(written, "baseline");
  if (again.entries.size() != baseline.entries.size() || again.extent != baseline.extent) std::abort();
  if (baseline_text(again.extent, again.entries) != written) std::abort();
}

void check_gitleaks(const std::string& text) {
  for (const PlacedList& list : {parse_gitleaks_ignore(text, "ignore"), parse_gitleaks_report(text, "report")}) {
    check_problems(list.source);
    for (const PlacedEntry& entry : list.entries) {
      if (entry.rule.empty()) std::abort();
      if (entry.secret_hash.empty() && entry.file.empty()) std::abort();
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(as_text(Bytes(data, size)));
  check_allow_file(text);
  check_baseline(text);
  check_gitleaks(text);
  return 0;
}
