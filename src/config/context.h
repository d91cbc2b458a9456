#pragma once

// What the checks of a run share: the project, the judge of values, the report that is being filled.
// Private to src/config.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/ledger.h"
#include "detect/file_kind.h"
#include "lint/project.h"
#include "lint/secret_value.h"
#include "lint/tree.h"
#include "readiness/problem.h"
#include "scan/content_scanner.h"

namespace tightship::config {

using detect::RiskClass;
using detect::Severity;
using lint::At;
using readiness::Exposure;
using readiness::Problem;

// A file that is being checked.
struct File {
  std::string path;  // relative to the project
  std::string_view text;
  bool tracked = false;
  bool sample = false;  // of tests, examples, documentation: judged one step milder
  std::string_view name() const { return std::string_view(path).substr(path.rfind('/') + 1); }
};

using detect::is_sample_path;
// Names of environments that are not production: "docker-compose.dev.yml", "config.local.ts".
bool is_development_path(std::string_view path);
std::string_view last_part(std::string_view path);
std::string folder_of(std::string_view path);  // "apps/web/", or empty

// A variable of the project's env files.
struct EnvValue {
  std::string value, path;
  std::uint32_t line = 0;
};

// What a variable that ends up in public code holds, as far as can be told here.
struct Inlined {
  Severity severity = Severity::Warning;
  std::string what;  // "Stripe live secret key", "value of DB_PASSWORD"
  std::string seen;  // ".env:3"; empty when only the name speaks
  std::string value_id;
};

// Where literal values are plain text by design of the format.
struct LiteralPlace {
  std::string_view id;
  std::string where;  // "the [vars] of wrangler.toml"
  std::string fix;    // one sentence
  std::vector<std::string> commands = {};
  std::string breaks = {};  // empty: what a reader of the repository can do
  std::uint32_t minutes = 15;
  bool public_web = false;       // it is served to visitors
  bool names_are_notes = false;  // stand-ins are usual here: only a format makes it a problem
};

class Context {
 public:
  Context(const lint::Project& project, const detect::RuleSet& rules, readiness::Report& report, Ledger& ledger);

  const lint::Project& project() const { return project_; }
  lint::ValueJudge& judge() { return judge_; }
  scan::ContentScanner& scanner() { return scanner_; }

  // A problem at a place of the file, to be filled and given to add().
  Problem problem(const File& file, At at, std::string_view id, Severity severity, RiskClass risk) const;
  // One step milder for a file of tests and examples.
  void add(const File& file, Problem problem);
  void passed(std::string_view id, std::string text);
  void loss(const File& file, const Error& error);

  // Reports `value` as a secret in the clear when it is one. True when it did.
  bool literal(const File& file, const LiteralPlace& place, std::string_view name, std::string_view value, At at);
  // Secrets that the scan's rules find anywhere in the text.
  void scan_text(const File& file, const LiteralPlace& place, std::string_view text, At at, bool whole_file);

  // The text of another file of the project; nothing when there is none, or it cannot be read.
  std::optional<std::string> read(std::string_view path) const;

  // What is published when the environment variable `name` is put into public code; nothing for what may be.
  std::optional<Inlined> inlined(std::string_view name);
  // The same, whatever prefix the name has.
  std::optional<Inlined> held(std::string_view name);
  const EnvValue* env_value(std::string_view name);
  const std::map<std::string, EnvValue, std::less<>>& env_values();

  bool reported(std::string_view id) const;  // a problem of that id, but for notes

 private:
  const lint::Project& project_;
  const detect::RuleSet& rules_;
  readiness::Report& report_;
  Ledger& ledger_;
  lint::ValueJudge judge_;
  scan::ContentScanner scanner_;
  std::optional<std::map<std::string, EnvValue, std::less<>>> env_;
  std::set<std::string> seen_;  // id, subject, path, line: once each
};

}  // namespace tightship::config
