#include <algorithm>

#include "report/ci_report.h"
#include "report/ci_text.h"
#include "report/finding_text.h"
#include "report/json_value.h"
#include "report/markup.h"
#include "report/place_text.h"
#include "report/summary.h"
#include "report/tool.h"
#include "report/words.h"

// Source: the JSON schema "Report format for GitLab Secret Detection" 15.0.1. Descriptions are GitLab
// Flavored Markdown. `raw_source_code_extract` is meant to be unsanitized: it holds the redacted value.

namespace tightship::report {
namespace {

using detect::Finding;
using detect::Occurrence;
using detect::ScanResult;
using detect::Severity;

constexpr std::size_t kMaxName = 255;       // bytes of `name`, by the schema
constexpr std::size_t kMaxSolution = 7000;  // of `solution`
constexpr std::size_t kMaxDescription = 16'384;
constexpr std::string_view kNoCommit = "0000000";  // what is not committed has no other name

// At most `most` bytes, cut between characters.
std::string cut(std::string text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<std::uint8_t>(text[most]) & 0xC0) == 0x80) --most;
  text.resize(most);
  return text;
}

std::string utc(std::int64_t time) { return timestamp_text(time, 0).substr(0, 19); }

Json tool_json() {
  Json json = {{"id", kToolName}, {"name", kToolName}, {"version", kToolVersion}, {"vendor", {{"name", kToolName}}}};
  if (!kToolUri.empty()) json["url"] = kToolUri;
  return json;
}

std::string_view severity_text(const Finding& finding) {
  if (finding.severity == Severity::Error) return "Critical";
  return finding.severity == Severity::Warning ? "Medium" : "Info";
}

Json messages_json(const ScanResult& result, const Options& options, const SecretMask& mask) {
  Json messages = Json::array();
  const auto add = [&](std::string_view level, const std::string& text) {
    messages.push_back({{"level", level}, {"value", lossy_utf8(text)}});
  };
  if (const std::string missing = incompleteness(result, options, mask); !missing.empty()) add("warn", missing);
  if (nothing_was_scanned(result)) add("warn", "nothing was scanned");
  for (const detect::Remark& remark : result.remarks) {
    const std::string help = remark.help.empty() ? "" : "; help: " + remark.help;
    if (remark.text.empty()) continue;
    add(remark.severity == Severity::Note ? "info" : "warn", mask.mask(remark.text + help));
  }
  return messages;
}

// An incomplete scan is a failure: GitLab would take its empty list for "all fixed".
Json scan_json(const ScanResult& result, const Options& options, const SecretMask& mask) {
  Json json;
  json["analyzer"] = tool_json();
  json["scanner"] = tool_json();
  json["type"] = "secret_detection";
  json["start_time"] = utc(options.started);
  json["end_time"] = utc(std::max(options.started, options.ended));
  json["status"] = is_complete(result) ? "success" : "failure";
  json["messages"] = messages_json(result, options, mask);
  return json;
}

Json commit_json(const detect::CommitInfo& commit, const SecretMask& mask) {
  Json json;
  std::string author = mask.mask(commit.author_name);
  if (!commit.author_email.empty()) author += " <" + mask.mask(commit.author_email) + ">";
  json["author"] = lossy_utf8(mask.mask(author));
  json["date"] = timestamp_text(commit.time, commit.zone_minutes);
  json["message"] = lossy_utf8(mask.mask(commit.subject));
  json["sha"] = commit.id.hex();
  return json;
}

Json location_json(const Finding& finding, const SecretMask& mask) {
  Json json;
  json["commit"] = {{"sha", kNoCommit}};
  if (finding.occurrences.empty()) return json;
  const Occurrence& first = finding.occurrences.front();
  if (first.commit) json["commit"] = commit_json(*first.commit, mask);
  const bool is_file = first.place == detect::Place::File && !first.path.empty();
  json["file"] = lossy_utf8(is_file ? path_text(first, mask) : place_text(first, mask).path);
  if (is_file && first.position.line > 0 && first.member.empty()) {
    json["start_line"] = first.position.line;
    json["end_line"] = std::max(first.position.line, first.position.end_line);
  }
  return json;
}

std::string description_of(const Finding& finding, const SecretMask& mask) {
  std::string text = markdown_text(value_and_reason(finding, mask)) + "\n\nAt ";
  text += markdown_text(first_place(finding, mask));
  if (place_count(finding) > 1) text += ", " + counted(place_count(finding), "place") + " in all";
  return cut(text + ".", kMaxDescription);
}

std::string whole_title(const Finding& finding) { return cut(lossy_utf8(title_of(finding)), kMaxName); }

Json identifiers_json(const Finding& finding) {
  const std::string rule = finding.rule != nullptr ? lossy_utf8(finding.rule->id) : std::string("secret");
  return Json::array({{{"type", "tightship_rule_id"}, {"name", "tightship rule " + rule}, {"value", rule}}});
}

Json vulnerability_json(const Finding& finding, const SecretMask& mask) {
  Json json;
  json["id"] = lossy_utf8(finding.fingerprint);
  json["category"] = "secret_detection";
  json["name"] = whole_title(finding);
  json["description"] = description_of(finding, mask);
  json["severity"] = severity_text(finding);
  if (const std::string fix = rotation_text(finding); !fix.empty()) {
    json["solution"] = cut(markdown_text(fix), kMaxSolution);
  }
  json["location"] = location_json(finding, mask);
  json["identifiers"] = identifiers_json(finding);
  json["raw_source_code_extract"] = lossy_utf8(mask.shown(finding));
  return json;
}

}  // namespace

std::string render_gitlab(const ScanResult& result, const Options& options, const SecretMask& mask) {
  Json json;
  json["version"] = kGitlabSchema;
  json["scan"] = scan_json(result, options, mask);
  json["vulnerabilities"] = Json::array();
  for (const Finding* finding : reported_findings(result, options)) {
    json["vulnerabilities"].push_back(vulnerability_json(*finding, mask));
  }
  return dump(json, 2) + "\n";
}

}  // namespace tightship::report
