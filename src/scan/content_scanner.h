#pragma once

// One piece of content, scanned whole: the reference semantics, used for files, standard input,
// messages, names and everything that is not a delta. One object a thread.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "detect/detector.h"
#include "detect/finding.h"
#include "detect/rule.h"
#include "scan/text.h"

namespace tightship::scan {

// A believed candidate with everything a finding needs of its content; owns its strings.
struct Hit {
  std::uint16_t rule = 0;
  detect::Verdict verdict = detect::Verdict::Plausible;
  std::string secret;
  std::string match;
  detect::Position position;  // in the original bytes
  std::optional<detect::Excerpt> excerpt;
  Encoding encoding = Encoding::Bytes;
};

class ContentScanner {
 public:
  explicit ContentScanner(const detect::RuleSet& rules);
  ~ContentScanner();
  ContentScanner(ContentScanner&&) noexcept;

  // All hits in `content`, by position. Detects the encoding. `path` feeds path rules; may be empty.
  std::vector<Hit> scan(Bytes content, std::string_view path);

  // Hits for candidates that are already confirmed in `text` (UTF-8 or raw bytes): settles them,
  // locates them, draws their excerpts.
  std::vector<Hit> describe(Bytes text, std::string_view path, std::vector<detect::Candidate>& candidates);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Groups hits of many places into findings, one for each (rule, secret), and sorts everything.
// Not thread-safe.
class FindingSet {
 public:
  explicit FindingSet(const detect::RuleSet& rules);
  ~FindingSet();
  void add(const Hit& hit, detect::Occurrence where);  // position, excerpt and encoding come from the hit
  // Findings with label, facts, severity and fingerprint; sorted as ScanResult wants for a scan.
  std::vector<detect::Finding> take();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tightship::scan
