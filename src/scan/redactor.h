#pragma once

// Content without its secrets.

#include <set>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "detect/rule.h"

namespace tightship::scan {

inline constexpr std::string_view kRedactedValue = "REMOVED";

struct Redacted {
  std::string content;
  std::size_t replaced = 0;
};

// Puts kRedactedValue in the place of every secret of severity Warning or more; of `ids` only (fingerprints),
// when there are any. Everything else keeps its bytes. Content with several layers (a secret inside of another
// match) is scanned again until nothing is left. Of a secret that is encoded its digits are replaced, and what is
// encoded around it is then no longer whole; of one that is packed as well, all that is encoded with it. Fails with
// Unsupported for a secret in UTF-16 or UTF-32, and for one inside of an archive, which would be damaged.
Result<Redacted> redact_content(const detect::RuleSet& rules, std::string_view content, std::string_view path,
                                const std::set<std::string>& ids);

}  // namespace tightship::scan
