#include "bundle/value_rule.h"

#include "base/bytes.h"
#include "detect/detector.h"
#include "scan/content_scanner.h"

namespace tightship::bundle {

Known known_by(const detect::Rule& rule, std::string_view secret, std::string_view match) {
  const detect::CheckResult result = detect::explain(rule, secret, match);
  Known known;
  known.rule = &rule;
  known.kind = result.kind.value_or(rule.kind);
  known.severity = result.severity.value_or(rule.severity);
  known.why = result.why.empty() ? std::string(rule.why) : result.why;
  return known;
}

std::optional<Known> known_value(const detect::RuleSet& rules, std::string_view name, std::string_view value) {
  std::string line(name);
  line += "=\"";
  line += value;
  line += "\"\n";
  scan::ContentScanner scanner(rules);
  for (const scan::Hit& hit : scanner.scan(as_bytes(line), ".env")) {
    const detect::Rule& rule = rules.rules()[hit.rule];
    if (rule.generic || rule.path_only()) continue;
    // A URL's rule takes the password; the whole is known by it, too.
    if (hit.secret != value && value.find("://") == std::string_view::npos) continue;
    return known_by(rule, hit.secret, hit.match);
  }
  return std::nullopt;
}

}  // namespace tightship::bundle
