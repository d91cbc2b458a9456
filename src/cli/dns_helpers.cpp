#include "cli/dns_helpers.h"

#include <utility>

#include "detect/check.h"
#include "detect/detector.h"

namespace tightship::cli {

std::string domain_of(const std::string& canonical) {
  std::string host = canonical.substr(canonical.find("://") + 3);
  host = host.substr(0, host.find_first_of(":/"));
  return host.starts_with("www.") ? host.substr(4) : host;
}

std::vector<net::TextSecret> secrets_in(scan::ContentScanner& scanner, std::string_view text) {
  std::vector<net::TextSecret> secrets;
  for (const scan::Hit& hit : scanner.scan(as_bytes(text), {})) {
    const detect::Rule& rule = detect::RuleSet::builtin().rules()[hit.rule];
    const auto severity = detect::explain(rule, hit.secret, hit.match).severity.value_or(rule.severity);
    if (severity < detect::Severity::Warning) continue;
    secrets.push_back({std::string(rule.title), readiness::value_id(hit.secret), severity});
  }
  return secrets;
}

}  // namespace tightship::cli
