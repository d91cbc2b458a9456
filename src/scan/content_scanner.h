#pragma once

// One piece of content, scanned whole: the reference semantics, used for files, standard input,
// messages, names and everything that is not a delta. One object a thread.

#include <cstdint>
#include <functional>
#include <memory>
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

// Bounds for hostile content, far above anything real. What lies beyond them is told by truncated().
inline constexpr std::uint64_t kMaxContent = 0x7fffffff;      // bytes that are scanned
inline constexpr std::size_t kMaxCandidates = std::size_t{1} << 20;  // confirmed in one content
inline constexpr std::size_t kMaxHits = 20'000;               // described in one content
inline constexpr std::size_t kMaxExcerpts = 1'000;            // hits of one content with an excerpt

// What belongs to a hit, by another rule: the key id of a secret.
struct HitPart {
  std::uint16_t rule = 0;
  std::string_view name;  // owned by the RuleSet
  std::string secret, match;
  friend bool operator==(const HitPart&, const HitPart&) = default;
};

// A believed candidate with everything a finding needs of its content; owns its strings.
struct Hit {
  std::uint16_t rule = 0;
  detect::Verdict verdict = detect::Verdict::Plausible;
  std::string secret;
  std::string match;
  detect::Position position;  // of the secret, in the original bytes
  detect::Position match_position;
  std::optional<detect::Excerpt> excerpt;  // of the text as UTF-8
  Encoding encoding = Encoding::Bytes;
  std::vector<HitPart> parts;  // of the same credential
};

// Where the hit stands; good for content that was scanned as the bytes it is.
detect::Candidate candidate_of(const Hit& hit);

// A file that a rule reports by its path alone: the path stands for the secret.
Hit path_hit(std::uint16_t rule, const std::string& path);

class ContentScanner {
 public:
  explicit ContentScanner(const detect::RuleSet& rules);
  ~ContentScanner();
  ContentScanner(ContentScanner&&) noexcept;

  // All hits in `content`, by position. `path` feeds path rules; may be empty. Content in UTF-16 or
  // UTF-32 is scanned as text and as bytes: a shell that appends to such a file writes plain ASCII.
  // Linear in content.size() and in the number of candidates, whatever the length of lines.
  std::vector<Hit> scan(Bytes content, std::string_view path);

  // Hits for candidates that are already confirmed in `text` (UTF-8 or raw bytes): settles them
  // (`candidates` is then what detect::settle left), locates them, draws their excerpts.
  std::vector<Hit> describe(Bytes text, std::string_view path, std::vector<detect::Candidate>& candidates);

  // Whether a bound above left something out of the last answer. The caller tells the ledger.
  bool truncated() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Groups hits of many places into findings, one for each (rule, secret), and sorts everything.
// A place that is added twice counts once. Not thread-safe.
class FindingSet {
 public:
  static constexpr std::size_t kMaxOccurrences = 1'000;  // kept for a finding; all are counted
  static constexpr std::size_t kMaxFindings = 100'000;   // of different secrets; further ones are left out

  explicit FindingSet(const detect::RuleSet& rules);
  ~FindingSet();
  void add(const Hit& hit, detect::Occurrence where);  // position, excerpt and encoding come from the hit
  // `watcher` is called with everything that is added from now on; an empty one ends that.
  void watch(std::function<void(const Hit&, const detect::Occurrence&)> watcher);
  // Findings with label, facts, severity and fingerprint; sorted as ScanResult wants for a scan.
  std::vector<detect::Finding> take();
  std::uint64_t left_out() const;  // hits beyond kMaxFindings; the caller tells the ledger

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tightship::scan
