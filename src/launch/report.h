#pragma once

// The launch report: one screen for a terminal, and the same as Markdown (a pull request), HTML (one file,
// no request to anywhere, for screen and paper), JSON and SARIF.
//
// Pure functions from data to text. Everything that comes from a repository or a server is escaped for its
// language; no value of a secret is in a Report by contract (launch/row.h). There is no score.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ledger.h"
#include "launch/row.h"
#include "readiness/problem.h"

namespace tightship::launch {

// One check that took part: what it read, or why it did not run.
struct Section {
  std::string command;   // "env"
  std::string coverage;  // "2 files, 17 variables"; or "not run: no build output found"
  bool ran = true;
  double seconds = 0;
};

// A host of the domain map; empty members are not known.
struct Host {
  std::string name, address, alias, proxy, redirect, issuer;
  std::optional<std::int64_t> tls_days;  // until the certificate ends
};

// A variable of the environment matrix: what each file says of it, in the order of `Report::env_files`.
enum class Setting : std::uint8_t { Missing, Set, Empty, Same };  // Same: the value of an earlier file
struct Variable {
  std::string name;
  bool is_public = false;
  std::vector<Setting> settings;
};

struct Report {
  std::string subject;     // "acme.com", or the folder
  std::string repository;  // "main@3f2a91c", or empty
  std::vector<Row> rows;   // rows_of()
  std::vector<readiness::Passed> passed;
  std::vector<std::string> not_checked;  // what no tool can see, and what the project switched off
  std::vector<std::string> limits;       // of the checks that ran: "what a platform keeps in its dashboard"
  std::vector<Section> sections;
  std::vector<Host> hosts;
  std::vector<std::string> env_files;
  std::vector<Variable> variables;
  std::size_t ever_committed = 0;  // keys that were ever committed and must be replaced
  std::size_t still_in_head = 0;   // of these
  std::vector<Loss> losses;
  std::uint64_t loss_count = 0;
  double seconds = 0;
  std::int64_t ended = 0;  // seconds since 1970 UTC
  bool complete() const { return loss_count == 0; }
  std::size_t count(detect::RiskClass risk_class) const;  // rows that count
};

enum class Format : std::uint8_t { Text, Json, Sarif, Markdown, Html };
std::optional<Format> parse_format(std::string_view name);
std::optional<Format> format_of_path(std::string_view path);  // .txt .json .sarif .md .html

struct Options {
  bool color = false;
  unsigned width = 100;  // at least kLeastWidth is used
  bool all = false;      // every row in full; notes too
  bool list_passed = false;
};
inline constexpr unsigned kLeastWidth = 80;
inline constexpr std::size_t kScreenLines = 40;  // of the text form without `all` and `list_passed`

std::string render(const Report& report, Format format, const Options& options);

std::string render_text(const Report& report, const Options& options);
std::string render_markdown(const Report& report);
std::string render_html(const Report& report);
std::string render_json(const Report& report);
std::string render_sarif(const Report& report, const Options& options);

}  // namespace tightship::launch
