#pragma once

// .tightship/allow.toml: findings that were accepted, with a reason. Format: docs/allow.md.
//
//   [allow]
//   5d0c9a3e71b2f640 = { rule = "stripe-secret-key", reason = "documented example", by = "Ana", added = 2026-11-24 }
//
// One line an entry, under its id, sorted by it. Ids are evenly distributed, so the entries of two
// branches nearly always land at different lines, and git merges them without asking; an entry is a
// single line, so no merge can mix the keys of two. A reviewer sees one added line.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "allow/day.h"
#include "allow/source.h"
#include "base/result.h"

namespace tightship::allow {

// Where it is kept, relative to the root of a work tree (or to a folder of it: docs/allow.md).
inline constexpr std::string_view kAllowFile = ".tightship/allow.toml";
inline constexpr std::size_t kMaxReason = 1000;  // bytes of a reason, a name

struct Entry {
  std::string id;      // fingerprint of the finding
  std::string rule;    // for readers; may be empty
  std::string reason;  // never empty
  std::string by;
  std::optional<Day> added;
  std::optional<Day> until;  // the last day on which it holds
  detect::FilePlace place;   // of its id
  std::uint32_t end_line = 0;

  bool expired(Day now) const { return until && *until < now; }
  // The same id, reason, name and dates, wherever they stand.
  bool same_as(const Entry& other) const;
};

struct AllowFile {
  Source source;
  std::vector<Entry> entries;     // sorted by id, each id once
  std::uint32_t header_line = 0;  // of "[allow]"; 0 when the table is written otherwise, or not there
  const Entry* find(std::string_view id) const;
};

// Never fails: what is wrong is in source.problems, and everything else is there. A problem never shows
// what stands where an id should: somebody may have put the secret there.
AllowFile parse_allow_file(std::string text, std::string path, std::string folder = {});

// Reads and parses. Fails with NotFound, Io or Limit.
Result<AllowFile> read_allow_file(const std::string& path);

// The line of an entry, without its end. Values are escaped; `entry` holds UTF-8.
std::string entry_line(const Entry& entry);

// The text of `file` with `entry` in its place, or instead of the one with the same id; everything else
// stays as it is, comments too. Fails with Config when the entry to be replaced, or the table, was
// written by hand in another form than that above: help says where.
Result<std::string> with_entry(const AllowFile& file, const Entry& entry);
// Without the line of `id`. Fails with NotFound, or as above.
Result<std::string> without_entry(const AllowFile& file, std::string_view id);

}  // namespace tightship::allow
