#pragma once

// The handover document: what whoever takes a product over must know, as Markdown. Facts that can be found are
// written between markers, and written anew each time; everything else is left to people, and stays.
//
//   <!-- tightship:begin secrets -->
//   ... facts, replaced by the next run
//   <!-- tightship:end secrets -->
//
// What stands outside of the markers is never touched: headings may be renamed, moved and translated, blanks
// filled in, sections removed (their markers with them: a section that lacks its markers is not added again once
// the document has any).
//
// No values: variables by name. All foreign text is escaped for Markdown.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "launch/report.h"

namespace tightship::launch {

struct VariableFact {
  std::string name;
  std::vector<std::string> files;  // that set or document it
  bool is_secret = false, is_public = false;
};

// A file that says where something runs or how it gets there.
struct DeployFact {
  std::string file;      // "fly.toml"
  std::string what;      // "Fly.io app"
  std::string command;   // "fly deploy"; empty when the file does not tell
  std::string rollback;  // "fly releases, then fly deploy --image"; empty when it has no usual way
};

struct HandoverFacts {
  std::string product;    // domain or folder
  std::string commit;     // "main@3f2a91c", or empty
  std::int64_t made = 0;  // seconds since 1970 UTC
  std::vector<Host> hosts;
  std::vector<VariableFact> variables;     // sorted by name
  std::vector<std::string> secret_stores;  // "GitHub Actions secrets: A, B (.github/workflows/deploy.yml)"
  std::vector<DeployFact> deploys;
  std::vector<std::string> scripts;             // "npm run build (package.json)"
  std::size_t ever_committed = 0, in_head = 0;  // keys, of the audit
  bool audited = false;
  std::map<std::string, std::string> owners;  // of tightship.toml
  std::string snapshot;                       // file of the expected DNS records, or empty
};

// A new document, or `existing` with the facts in it replaced. Fails with Corrupt when a marker of `existing` has
// no partner or stands twice: nothing is then replaced.
Result<std::string> handover(const HandoverFacts& facts, std::string_view existing);

}  // namespace tightship::launch
