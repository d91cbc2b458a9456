#pragma once

// What two sets of rules, or two versions of tightship, say of the same files: `tightship rules diff`.

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "detect/finding.h"

namespace tightship::cli {

// One finding in one place. Text is raw; the value is redacted already.
struct Sighting {
  std::string path;
  std::uint32_t line = 0, column = 0;
  std::string rule, severity, fingerprint, shown;
};

struct Sightings {
  std::vector<Sighting> all;
  std::uint64_t left_out = 0;  // places beyond those that a report keeps of one finding
};

Sightings sightings_of(const detect::ScanResult& result);

// Of a JSON report (docs/formats/json.md). Fails with Corrupt when `text` is none.
Result<Sightings> read_sightings(const std::string& text, const std::string& path);

struct Difference {
  // Found: only the new set says it. Lost: only the old one. Other: both see something there, by another rule or
  // with another severity.
  enum class Kind : std::uint8_t { Lost, Found, Other } kind = Kind::Lost;
  Sighting before, after;  // of Lost only `before`, of Found only `after`
};

// Sorted by path, line, column. What both say alike is not in it. A place is the line and the column: one rule
// against another there is one difference, not two.
std::vector<Difference> differences(Sightings before, Sightings after);

// A line for each of the first `most`, then the counts by rule.
std::string difference_text(const std::vector<Difference>& differences, std::size_t most);
std::string difference_json(const std::vector<Difference>& differences);

}  // namespace tightship::cli
