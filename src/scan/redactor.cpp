#include "scan/redactor.h"

#include <algorithm>
#include <vector>

#include "detect/detector.h"
#include "detect/member_path.h"
#include "scan/content_scanner.h"

namespace tightship::scan {
namespace {

constexpr unsigned kMaxRounds = 8;

bool is_meant(const detect::RuleSet& rules, const Hit& hit, const std::set<std::string>& ids) {
  const detect::Rule& rule = rules.rules()[hit.rule];
  if (!ids.empty()) return ids.contains(detect::fingerprint(rule.id, hit.secret));
  return detect::explain(rule, hit.secret, hit.match).severity.value_or(rule.severity) >= detect::Severity::Warning;
}

}  // namespace

Result<Redacted> redact_content(const detect::RuleSet& rules, std::string_view content, std::string_view path,
                                const std::set<std::string>& ids) {
  ContentScanner scanner(rules, unpack::Limits{});
  Redacted out{std::string(content), 0};
  for (unsigned round = 0; round < kMaxRounds; ++round) {
    std::vector<Hit> hits = scanner.scan(as_bytes(out.content), path);
    std::erase_if(hits, [&](const Hit& hit) { return !is_meant(rules, hit, ids); });
    if (hits.empty()) break;
    // The same value where it is no hit of its own (a comment that an allowance covers) goes as well.
    std::vector<std::string> values;
    for (const Hit& hit : hits) {
      if (!hit.member.empty() || scanner.opens(as_bytes(out.content))) {
        return fail(ErrorKind::Unsupported, "a secret inside of an archive cannot be replaced in place",
                    detect::shown_path(path, hit.member), "pack the archive again without it, or remove it from git");
      }
      if (hit.encoding != Encoding::Bytes) {
        return fail(ErrorKind::Unsupported, "a secret in UTF-16 or UTF-32 has to be taken out by hand",
                    std::string(path));
      }
      values.push_back(hit.written.empty() ? hit.secret : hit.written);
    }
    std::sort(values.begin(), values.end(), [](const std::string& a, const std::string& b) {
      return a.size() != b.size() ? a.size() > b.size() : a < b;
    });
    values.erase(std::unique(values.begin(), values.end()), values.end());
    for (const std::string& value : values) {
      for (std::size_t at = out.content.find(value); at != std::string::npos;
           at = out.content.find(value, at + kRedactedValue.size())) {
        out.content.replace(at, value.size(), kRedactedValue);
        ++out.replaced;
      }
    }
  }
  return out;
}

}  // namespace tightship::scan
