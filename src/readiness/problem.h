#pragma once

// What the quick checks say (env, config, bundle, dns, tls, http), and what `launch` ranks: problems of a
// product that is about to meet its users. One model for all of them, so that a secret which stands in an env
// file, in the bundle and in the history is one row of the launch report.
//
// No member ever holds the value of a secret: a variable is named, a value is told by its kind and length.
// Names, paths and hosts are raw bytes; whoever prints them escapes them.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/ledger.h"
#include "detect/rule.h"

namespace tightship::readiness {

// Who can see the thing that is wrong, from the narrowest to the widest.
enum class Exposure : std::uint8_t { Local, PrivateRepository, PublicRepository, Web };
std::string_view exposure_name(Exposure exposure);  // "local", "private-repository", ...: stable

// Where something stands. A file: path, line and column, 1-based, 0 when they do not apply. A host: `path` is
// what was asked ("_dmarc.example.com", "www.example.com:443", "https://example.com/.env") and line is 0.
struct Spot {
  std::string path;
  std::uint32_t line = 0, column = 0;
};

struct Problem {
  std::string id;      // "ENV-TRACKED": stable, documented
  std::string source;  // the command: "env", "bundle", "dns" ...
  detect::Severity severity = detect::Severity::Warning;
  detect::RiskClass risk_class = detect::RiskClass::ScaleRisk;
  Exposure exposure = Exposure::Local;
  std::string title;                  // "Stripe secret key is public in your site code": one line, in founders' words
  std::string why;                    // what is the case, one sentence: "exact value of STRIPE_SECRET_KEY (.env:4)"
  std::string breaks;                 // what breaks or who can do what: "anyone can refund charges"
  std::string fix;                    // what to do, one sentence; commands and edits in it are exact
  std::vector<std::string> commands;  // to paste, in order; may be empty
  std::uint32_t minutes = 0;          // effort of the fix, roughly
  std::string subject;                // the variable, table, host or file that it is about; part of the fingerprint
  std::vector<Spot> spots;            // at least one; the first is the place to go to
  // value_id() of the secret value that it is about; empty without one. Problems and findings of the same value
  // are one row of `launch`.
  std::string value_id;
  bool urgent = false;  // strangers find it within hours: before the others of its class, whatever the effort
};

// Of the value alone, whatever found it: equal values have equal ids, and no value can be told from one.
std::string value_id(std::string_view value);

// Truncated hash of id, subject and path of the first spot, never of the line: an edit above it keeps it.
// 16 hexadecimal digits.
std::string fingerprint(const Problem& problem);

// A check that was made and found nothing wrong: "DMARC-POLICY", "example.com: p=reject".
struct Passed {
  std::string id, text;
};

// What was seen and is no problem by itself, for people and for other tools: the hosts with their addresses, the
// redirects. Cells are raw text; a row has one a column.
struct FactTable {
  std::string name;                  // "hosts": heading of the text form, key of the JSON form
  std::vector<std::string> columns;  // "host", "days left"; keys of the JSON form, with _ for blanks
  std::vector<std::vector<std::string>> rows;
};

struct Report {
  std::string command;            // "env"
  std::string subject;            // what was looked at, as given: ".", "example.com"
  std::vector<Problem> problems;  // sorted by sort_problems
  std::vector<Passed> passed;
  std::vector<FactTable> facts;          // shown above the problems; may be empty
  std::vector<std::string> not_checked;  // "signup, password reset": what no run of this command can say
  std::vector<Loss> losses;              // what could not be read or reached; at most Ledger::kMaxEntries
  std::uint64_t loss_count = 0;
  std::string coverage;  // "14 files, 212 variables": one line, what was really read
  double seconds = 0;
  bool complete() const { return loss_count == 0; }
};

// Class, then severity (errors first), exposure (widest first), urgent ones, effort (least first), path, line, id: the
// order of the reports.
void sort_problems(std::vector<Problem>& problems);

// The class one step up for what anyone on the web can see, one step down for what is only local; a note keeps
// its class.
detect::RiskClass raised(detect::RiskClass risk_class);
detect::RiskClass lowered(detect::RiskClass risk_class);

}  // namespace tightship::readiness
