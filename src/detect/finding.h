#pragma once

// What a scan says: findings (one a secret value), where they occur, and what was covered.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ledger.h"
#include "base/oid.h"
#include "detect/check.h"
#include "detect/rule.h"

namespace tightship::detect {

enum class Place : std::uint8_t {
  File,      // content of a file or blob; `path` may be empty for a blob that no tree names
  FileName,  // the name of a file or folder; `path` is it
  SymlinkTarget,
  CommitMessage,  // `path` is empty
  Author,         // name or e-mail
  Committer,
  TagMessage,
  Tagger,
  RefName,    // `path` is the ref
  Reflog,     // message of a reflog entry; `path` is the ref
  GitConfig,  // `path` is relative to the git directory: "config"
  Stdin,
};
std::string_view place_name(Place place);  // "file", "commit-message", ...: stable, used in reports

// 1-based; columns count bytes of the original file. For UTF-16 and other encodings: of its bytes.
struct Position {
  std::uint32_t line = 0, column = 0, end_line = 0, end_column = 0;  // end: one past the last byte
  std::uint64_t offset = 0;                                          // of the secret's first byte in the original
};

inline constexpr std::size_t kMaxMessage = 64 * 1024;

struct CommitInfo {
  Oid id;
  std::string subject, author_name, author_email;
  std::string message;    // all of it, subject included; at most kMaxMessage bytes
  std::int64_t time = 0;  // committer time, seconds since 1970 UTC
  std::int64_t author_time = 0;
  std::int32_t zone_minutes = 0;  // committer's offset from UTC
};

// The line that is shown, as raw bytes (reports escape and cut it). Every candidate in it is listed
// in `secrets`, and is masked whether or not it is reported.
struct Excerpt {
  struct Span {
    std::uint32_t begin = 0, end = 0;
    std::string_view keep;  // fixed prefix that may be shown; static or owned by the RuleSet
  };
  std::string text;                  // at most kMaxExcerpt bytes around the secret
  std::vector<Span> secrets;         // sorted, not overlapping
  std::uint32_t begin = 0, end = 0;  // the secret of this occurrence inside `text`; end is cut to it
  bool cut_left = false, cut_right = false;
};
inline constexpr std::size_t kMaxExcerpt = 512;

enum class Reach : std::uint8_t { Unknown, Head, Ref, ReflogOnly, Unreachable };
std::string_view reach_name(Reach reach);  // "head", "ref", "reflog-only", "unreachable", "unknown"

struct Occurrence {
  Place place = Place::File;
  std::string path;    // raw bytes, separated by '/'
  std::string member;  // of the container at `path`: "inner/.env", "layer.tar!etc/app.conf". Positions are its
  Position position;
  std::string match;  // the whole match, which holds the secret; in memory only, as it
  Position match_position;
  std::optional<Oid> object;         // the blob, commit or tag that holds the bytes
  std::optional<CommitInfo> commit;  // for history: the commit that introduced it
  std::uint32_t versions = 1;        // blobs in which it stands at this path
  bool in_head = false;
  Reach reach = Reach::Unknown;
  std::optional<Excerpt> excerpt;
  // What the secret was decoded from, outermost first: "utf-16le", "base64 > gzip", "utf-16le > base64"; empty for
  // bytes as they are. `position` and `excerpt` are of the encoded bytes; `match` is decoded.
  std::string encoding;
  std::string written;  // the encoded bytes of the text, when it was decoded; in memory only
  bool is_transcoded() const { return encoding.starts_with("utf-"); }  // the text is not the object's bytes
};

enum class PushState : std::uint8_t { Unknown, Never, Pushed };

// By what a finding was accepted (src/allow).
struct Allowance {
  std::string file;        // ".tightship/allow.toml", as shown
  std::uint32_t line = 0;  // in it; 0 when it has none
  std::string reason, by;  // as somebody wrote them; may be empty
};

struct Finding {
  const Rule* rule = nullptr;  // of the RuleSet that was used
  std::string secret;          // in memory only; reports never write it unless told to
  std::string fingerprint;
  Severity severity = Severity::Error;
  Kind kind = Kind::Secret;
  std::string why;  // caret label
  std::vector<Fact> facts;
  std::vector<Occurrence> occurrences;  // sorted: in HEAD first, then path, line, commit time
  std::uint64_t occurrence_count = 0;   // all, also those not kept
  // From history, when it was read:
  bool history = false;
  std::optional<CommitInfo> since;  // oldest introducing commit
  bool in_head = false;
  PushState pushed = PushState::Unknown;
  std::vector<std::string> remotes;  // that have it, by remote-tracking refs
  std::vector<std::string> refs;     // that reach it: a few, sorted
  std::uint64_t ref_count = 0;
  std::optional<Allowance> allowance;  // of those in ScanResult::allowed
};

struct Skipped {
  std::string reason;  // "compressed media (png, jpeg, ...)", "over 1 GiB", "ignored by .gitignore"
  std::uint64_t count = 0, bytes = 0;
};

// All counts are of what was really read.
struct Coverage {
  std::uint64_t objects = 0, objects_expected = 0;
  std::uint64_t blobs = 0, trees = 0, commits = 0, tags = 0;
  std::uint64_t packs = 0, loose = 0, unreachable = 0, refs = 0, reflog_entries = 0;
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;  // expanded
  std::uint64_t packed_bytes = 0;
  std::uint64_t archives = 0, archive_members = 0, archive_bytes = 0;  // opened, nested ones too; bytes: expanded
  std::vector<Skipped> skipped;                                        // left out by policy; not a loss
  double seconds = 0;
};

// A line of the result that is neither finding nor loss: "repository rules took part: .tightship/rules.toml".
struct Remark {
  Severity severity = Severity::Note;
  std::string text, help;
};

struct ScanResult {
  enum class Job : std::uint8_t { Scan, Audit, Changes, Staged };
  Job job = Job::Scan;
  std::string subject;            // what was scanned, as given or as found: path of the tree, "stdin"
  std::vector<Finding> findings;  // sorted: severity, then what to do first (audit) or path and line (scan)
  // Accepted: in no count and without effect on the status. A finding that is accepted in some places
  // only is in both lists, each time with its places. Sorted like findings.
  std::vector<Finding> allowed;
  std::uint64_t hidden_notes = 0;  // findings of severity Note; kept in `findings` all the same
  std::vector<Loss> losses;        // at most Ledger::kMaxEntries
  std::uint64_t loss_count = 0;
  std::vector<Remark> remarks;
  Coverage coverage;
  std::string rules_version;
  bool complete() const { return loss_count == 0; }
};

}  // namespace tightship::detect
