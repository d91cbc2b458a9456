#include <algorithm>
#include <unordered_map>
#include <vector>

#include "report/allowed.h"
#include "report/ci_text.h"
#include "report/finding_text.h"
#include "report/json_report.h"
#include "report/sarif_value.h"
#include "report/summary.h"
#include "report/tool.h"
#include "report/words.h"

namespace tightship::report {
namespace {

using detect::Finding;
using detect::Rule;
using detect::ScanResult;

constexpr std::size_t kMaxLocations = 100;  // as many as code scanning keeps of one result

// Rules that occur, in the order of their first finding. Findings without one get no ruleIndex.
struct UsedRules {
  std::vector<const Rule*> rules;
  std::unordered_map<const Rule*, std::size_t> index;
};

// Accepted ones are results with a suppression (3.27.23): code scanning shows them as dismissed.
std::vector<const Finding*> with_allowed(std::vector<const Finding*> findings, const ScanResult& result) {
  for (const Finding& finding : result.allowed) findings.push_back(&finding);
  return findings;
}

UsedRules used_rules(const std::vector<const Finding*>& findings) {
  UsedRules used;
  for (const Finding* finding : findings) {
    if (finding->rule == nullptr) continue;
    if (used.index.emplace(finding->rule, used.rules.size()).second) used.rules.push_back(finding->rule);
  }
  return used;
}

// "Stripe live secret key sk_live_…Qw8z: format valid, live mode"
std::string message_of(const Finding& finding, const SecretMask& mask) {
  std::string text = finding.rule != nullptr ? lossy_utf8(finding.rule->title) : std::string("secret");
  text += " " + lossy_utf8(mask.shown(finding));
  if (!finding.why.empty()) text += ": " + lossy_utf8(mask.mask(finding.why));
  return text;
}

Json result_properties(const Finding& finding, const SecretMask& mask) {
  Json json;
  json["kind"] = detect::kind_name(finding.kind);
  json["occurrenceCount"] = place_count(finding);
  if (finding.history) {
    json["inHead"] = finding.in_head;
    json["pushed"] = finding.pushed == detect::PushState::Pushed  ? "pushed"
                     : finding.pushed == detect::PushState::Never ? "never"
                                                                  : "unknown";
  }
  if (finding.since) json["since"] = timestamp_text(finding.since->time, finding.since->zone_minutes);
  for (const detect::Fact& fact : finding.facts) {
    json["facts"].push_back({{"name", lossy_utf8(mask.mask(fact.name))}, {"value", lossy_utf8(mask.mask(fact.value))}});
  }
  return json;
}

// Code scanning follows an alert by `primaryLocationLineHash`, which its upload action computes from the
// line in the checked-out tree. A line of history is not there: without ours the alert would be a new one
// whenever the file changes. Where the line is there, ours would only contradict the action's.
Json fingerprints_json(const Finding& finding, const SecretMask& mask) {
  const std::string fingerprint = lossy_utf8(finding.fingerprint);
  Json json = {{"tightship/v1", fingerprint}};
  const bool in_tree = !finding.occurrences.empty() && place_in_tree(finding, mask) == &finding.occurrences.front();
  if (!in_tree) json["primaryLocationLineHash"] = fingerprint + ":1";
  return json;
}

Json result_json(const Finding& finding, const UsedRules& used, const SecretMask& mask) {
  Json json;
  json["ruleId"] = finding.rule != nullptr ? lossy_utf8(finding.rule->id) : std::string("secret");
  if (finding.rule != nullptr) json["ruleIndex"] = used.index.at(finding.rule);
  json["level"] = detect::severity_name(finding.severity);
  json["message"] = sarif_message(message_of(finding, mask));
  json["locations"] = Json::array();
  // All of them must change before the secret is out (3.27.12), so all are locations, none just related.
  for (std::size_t i = 0; i < finding.occurrences.size() && i < kMaxLocations; ++i) {
    json["locations"].push_back(sarif_location(finding, finding.occurrences[i], mask));
  }
  json["partialFingerprints"] = fingerprints_json(finding, mask);
  if (finding.allowance) json["suppressions"] = Json::array({sarif_suppression(*finding.allowance, mask)});
  json["properties"] = result_properties(finding, mask);
  return json;
}

Json notification(std::string_view id, std::string_view level, const std::string& text) {
  Json json;
  if (!id.empty()) json["descriptor"]["id"] = id;
  json["level"] = level;
  json["message"] = sarif_message(text);
  return json;
}

std::string loss_text(const Loss& loss, const SecretMask& mask) {
  std::string text = mask.mask(loss.what);
  if (!loss.where.empty()) text += (text.empty() ? "" : ": ") + mask.mask_name(loss.where);
  if (!loss.help.empty()) text += "; help: " + mask.mask(loss.help);
  return lossy_utf8(text);
}

// Losses make an execution unsuccessful (3.20.14): a log without results must not pass for clean.
Json invocation_json(const ScanResult& result, const SecretMask& mask) {
  Json json;
  json["executionSuccessful"] = is_complete(result);
  json["toolExecutionNotifications"] = Json::array();
  Json& notifications = json["toolExecutionNotifications"];
  for (const Loss& loss : result.losses) {
    notifications.push_back(notification(loss_kind_name(loss.kind), "error", loss_text(loss, mask)));
  }
  if (const std::uint64_t more = loss_count(result) - result.losses.size(); more > 0) {
    notifications.push_back(notification("", "error", counted(more, "more piece") + " could not be read"));
  }
  for (const detect::Remark& remark : result.remarks) {
    const std::string text = remark.help.empty() ? remark.text : remark.text + "; help: " + remark.help;
    notifications.push_back(notification("", detect::severity_name(remark.severity), lossy_utf8(mask.mask(text))));
  }
  if (nothing_was_scanned(result)) notifications.push_back(notification("", "warning", "nothing was scanned"));
  return json;
}

Json driver_json(const ScanResult& result, const UsedRules& used) {
  Json json;
  json["name"] = kToolName;
  json["version"] = kToolVersion;
  json["semanticVersion"] = kToolVersion;
  if (!kToolUri.empty()) json["informationUri"] = kToolUri;
  json["rules"] = Json::array();
  for (const Rule* rule : used.rules) json["rules"].push_back(sarif_rule(*rule));
  if (!result.rules_version.empty()) json["properties"]["rulesVersion"] = lossy_utf8(result.rules_version);
  return json;
}

}  // namespace

std::string render_sarif(const ScanResult& result, const Options& options, const SecretMask& mask) {
  const std::vector<const Finding*> findings = reported_findings(result, options);
  const std::vector<const Finding*> results = with_allowed(findings, result);
  const UsedRules used = used_rules(results);
  Json run;
  run["tool"]["driver"] = driver_json(result, used);
  run["invocations"] = Json::array({invocation_json(result, mask)});
  run["columnKind"] = "unicodeCodePoints";
  run["originalUriBaseIds"]["%SRCROOT%"]["description"]["text"] = "the root of the scanned tree";
  run["results"] = Json::array();
  for (const Finding* finding : results) run["results"].push_back(result_json(*finding, used, mask));
  Json log;
  log["$schema"] = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
  log["version"] = "2.1.0";
  log["runs"] = Json::array({run});
  return dump(log, 2) + "\n";
}

}  // namespace tightship::report
