#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "report/problem_formats.h"
#include "report/problems.h"
#include "report/sarif_value.h"
#include "report/tool.h"
#include "report/words.h"

// A host is no file of the tree: it becomes a logical location. Notes follow the rule of scans: shown with -v.

namespace tightship::report {
namespace {

using readiness::Problem;
using readiness::Report;

bool is_file(const Problem& problem) {
  return problem.source != "dns" && problem.source != "tls" && problem.source != "http";
}

Json location_json(const Problem& problem, const readiness::Spot& spot) {
  Json json;
  if (!is_file(problem) || spot.path.find("://") != std::string::npos) {
    json["logicalLocations"] = Json::array({{{"fullyQualifiedName", lossy_utf8(spot.path)}, {"kind", "resource"}}});
    return json;
  }
  Json& physical = json["physicalLocation"];
  physical["artifactLocation"] = {{"uri", percent_encode(spot.path)}, {"uriBaseId", "%SRCROOT%"}};
  if (spot.line != 0) {
    physical["region"]["startLine"] = spot.line;
    if (spot.column != 0) physical["region"]["startColumn"] = spot.column;
  }
  return json;
}

Json rule_json(const Problem& problem) {
  Json json;
  json["id"] = problem.id;
  json["defaultConfiguration"]["level"] = detect::severity_name(problem.severity);
  json["properties"] = {{"class", detect::risk_class_name(problem.risk_class)}};
  return json;
}

std::string message_of(const Problem& problem) {
  std::string text = lossy_utf8(problem.title);
  for (const std::string* part : {&problem.why, &problem.breaks}) {
    if (!part->empty()) text += ". " + lossy_utf8(*part);
  }
  if (!problem.fix.empty()) text += ". Fix: " + lossy_utf8(problem.fix);
  return text;
}

Json result_json(const Problem& problem, std::size_t rule) {
  Json json;
  json["ruleId"] = problem.id;
  json["ruleIndex"] = rule;
  json["level"] = detect::severity_name(problem.severity);
  json["message"] = sarif_message(message_of(problem));
  json["locations"] = Json::array();
  for (const readiness::Spot& spot : problem.spots) json["locations"].push_back(location_json(problem, spot));
  json["partialFingerprints"] = {{"tightship/problem/v1", readiness::fingerprint(problem)}};
  json["properties"] = {{"businessImpact", detect::risk_class_name(problem.risk_class)},
                        {"exposure", readiness::exposure_name(problem.exposure)},
                        {"minutes", problem.minutes},
                        {"command", problem.source}};
  return json;
}

Json invocation_json(const Report& report) {
  Json json;
  json["executionSuccessful"] = report.complete();
  json["toolExecutionNotifications"] = Json::array();
  for (const Loss& loss : report.losses) {
    const std::string text = loss.where.empty() ? loss.what : loss.where + ": " + loss.what;
    json["toolExecutionNotifications"].push_back({{"descriptor", {{"id", loss_kind_name(loss.kind)}}},
                                                  {"level", "error"},
                                                  {"message", sarif_message(lossy_utf8(text))}});
  }
  return json;
}

}  // namespace

std::string problems_sarif(const Report& report, const Options& options) {
  std::map<std::string_view, std::size_t> index;
  Json rules = Json::array(), results = Json::array();
  for (const Problem& problem : report.problems) {
    if (problem.severity == detect::Severity::Note && !options.show_notes) continue;
    const auto [at, is_new] = index.emplace(problem.id, index.size());
    if (is_new) rules.push_back(rule_json(problem));
    results.push_back(result_json(problem, at->second));
  }
  Json run;
  run["tool"]["driver"] = {
      {"name", kToolName}, {"version", kToolVersion}, {"semanticVersion", kToolVersion}, {"rules", std::move(rules)}};
  run["invocations"] = Json::array({invocation_json(report)});
  run["automationDetails"]["id"] = std::string(kToolName) + "/" + report.command + "/";
  run["originalUriBaseIds"]["%SRCROOT%"]["description"]["text"] = "the root of the tree that was looked at";
  run["results"] = std::move(results);
  Json log;
  log["$schema"] = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
  log["version"] = "2.1.0";
  log["runs"] = Json::array({std::move(run)});
  return dump(log, 2) + "\n";
}

}  // namespace tightship::report
