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
#include "base/ledger.h"
#include "detect/detector.h"
#include "detect/finding.h"
#include "detect/rule.h"
#include "scan/text.h"
#include "unpack/unpack.h"

namespace tightship::scan {

class PlainTexts;  // scan/anchor_search.h

// Bounds for hostile content, far above anything real. What lies beyond them is told by truncated().
inline constexpr std::uint64_t kMaxContent = 0x7fffffff;             // bytes that are scanned
inline constexpr std::size_t kMaxCandidates = std::size_t{1} << 20;  // confirmed in one content
inline constexpr std::size_t kMaxHits = 20'000;                      // described in one content
inline constexpr std::size_t kMaxExcerpts = 1'000;                   // hits of one content with an excerpt

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
  std::uint32_t length = 0, match_length = 0;  // bytes of the text: more than of the values when they were decoded
  std::optional<detect::Excerpt> excerpt;      // of the text as UTF-8
  Encoding encoding = Encoding::Bytes;
  std::string chain;           // "base64 > gzip": what the secret was decoded from; empty when it stands as it is
  std::string written;         // the bytes of the text that were decoded; empty as `chain`
  std::vector<HitPart> parts;  // of the same credential
  std::string member;    // of the container that was scanned; empty: the content itself. Positions are the member's
  bool of_name = false;  // it stands in the member's name

  std::string encoding_text() const;  // "utf-16le > base64"
};

// Where the hit stands; good for content that was scanned as the bytes it is.
detect::Candidate candidate_of(const Hit& hit);
// The bytes that candidate_of(hit) speaks of: `content`, or of a member, which is gone, the match alone; of a
// member and decoded, what was decoded.
Bytes ground_of(const Hit& hit, Bytes content);

// What was opened.
struct ArchiveCounts {
  std::uint64_t archives = 0, members = 0, bytes = 0;  // nested ones included; bytes: expanded
  std::uint64_t encrypted = 0;                         // members, or lists of members, under a password
  std::uint64_t media = 0;                             // members left out as compressed media
  std::uint64_t plain = 0;                             // damage in uncompressed archives, scanned as bytes
  ArchiveCounts& operator+=(const ArchiveCounts& other);
  friend bool operator==(const ArchiveCounts&, const ArchiveCounts&) = default;
};

// Into what was covered and what was left out by policy.
void add_archives(const ArchiveCounts& counts, detect::Coverage& coverage);

// Name of the compressed format that content with this head is left out for: as compressed_media, but for
// containers that are opened.
std::string_view left_out_media(Bytes head, const unpack::Limits& archives);

// A file that a rule reports by its path alone: the path stands for the secret.
Hit path_hit(std::uint16_t rule, const std::string& path);

// Whether what is encoded in the content is looked at. Names are too short and too much like base64.
enum class Decoding : std::uint8_t { On, Off };

class ContentScanner {
 public:
  // `known` (may be null) pays for many contents that have much in common, and must outlive all that were given it.
  explicit ContentScanner(const detect::RuleSet& rules, const unpack::Limits& archives = unpack::kClosed,
                          PlainTexts* known = nullptr);
  ~ContentScanner();
  ContentScanner(ContentScanner&&) noexcept;

  // Rules, by index, that are not tried from now on in what stands as it is: a caller who has no use for what they
  // find spares what they cost. In what is decoded they may still be found. Empty: all are tried.
  void leave_out(std::vector<std::uint8_t> rules);

  // All hits in `content`, by position. `path` feeds path rules; may be empty. Content in UTF-16 or
  // UTF-32 is scanned as text and as bytes: a shell that appends to such a file writes plain ASCII.
  // Linear in content.size() and in the number of candidates, whatever the length of lines.
  // What is found decoded (scan/encoded_scanner.h) stands where its encoded bytes do. A container is opened
  // (scan/container.h) when `archives` says so, and scanned member by member: positions of its hits are then not
  // those of `content`.
  std::vector<Hit> scan(Bytes content, std::string_view path, Decoding decoding = Decoding::On);
  // Whether scan() opens it: it can then not be scanned by what changed against another content.
  bool opens(Bytes content) const;

  // Whether a bound above left something out of the last answer. The caller tells the ledger.
  bool truncated() const;
  // Parts of containers that could not be read for the last answer; `where` is a member's path.
  const std::vector<Loss>& losses() const;
  // The same with the container's place before it: "app.zip!inner/.env".
  std::vector<Loss> losses_at(const std::string& where) const;
  const ArchiveCounts& counts() const;

 private:
  std::vector<Hit> scan_text(Bytes content, std::string_view path, Decoding decoding);

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
  // Position, excerpt, encoding and member come from the hit.
  void add(const Hit& hit, detect::Occurrence where);
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
