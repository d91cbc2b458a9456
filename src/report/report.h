#pragma once

// Every output format of a ScanResult, and the one renderer for findings, configuration errors and
// rule errors. Pure functions from data to text: nothing is opened or written here.
//
// Guarantees: no secret is in the output unless `show_secrets`; nothing from a repository reaches
// the text form without base/terminal_text.h; the same result gives the same bytes.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "detect/finding.h"

namespace tightship::report {

enum class Format : std::uint8_t { Text, Concise, Json, Jsonl, Sarif, Github, Gitlab, Junit };
std::optional<Format> parse_format(std::string_view name);
std::optional<Format> format_of_path(std::string_view path);  // by extension: .json .jsonl .sarif .txt .xml

struct Options {
  bool color = false;
  unsigned width = 100;  // columns of the terminal; text only
  bool show_secrets = false;
  bool show_notes = false;              // -v: findings of severity Note too
  bool audit_details = false;           // audit: also draw every finding (text)
  std::int64_t started = 0, ended = 0;  // seconds since 1970 UTC; only the GitLab report says them
  std::optional<std::size_t> only;      // audit --show N: draw this row of the worklist in full
};

// The report (stdout). Text of a scan: the findings; of an audit: the worklist.
std::string render(const detect::ScanResult& result, Format format, const Options& options);

// The last lines (stderr for a scan, part of the report for an audit): what was covered, complete or
// not and why, how many findings. Text.
std::string render_summary(const detect::ScanResult& result, const Options& options);

// "sk_live_…Qw8z": fixed prefix, ellipsis, the last 4 characters when at least 20 are random.
std::string redact(std::string_view secret, std::string_view prefix);

// One annotated place in a text, in the manner of rustc: used for findings and for errors in
// configuration and rule files alike.
struct Diagnostic {
  std::string level;  // "error", "warning", "note"
  std::string code;   // rule id, or empty
  std::string message;
  std::string path;  // raw; escaped here
  std::string at;    // "@8c1d2e3" or empty: between path and line
  std::uint32_t line = 0, column = 0;
  std::string source;                // the line, raw; secrets masked by the caller
  std::uint32_t begin = 0, end = 0;  // bytes of `source` under the caret
  std::string label;
  struct Note {
    std::string name, text;
  };
  std::vector<Note> notes;  // "= name: text"
  std::string help;
};
std::string render_diagnostic(const Diagnostic& diagnostic, bool color, unsigned width);

}  // namespace tightship::report
