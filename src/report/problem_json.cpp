#include "report/problem_json.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "report/problem_formats.h"
#include "report/tool.h"

namespace tightship::report {
namespace {

using readiness::Problem;
using readiness::Report;

constexpr int kSchemaVersion = 1;

// Bytes that are no UTF-8 are kept beside the readable form.
void put(Json& object, const std::string& name, std::string_view raw) {
  std::string text = lossy_utf8(raw);
  if (text != raw) object[name + "_base64"] = base64(raw);
  object[name] = std::move(text);
}

Json spots_json(const std::vector<readiness::Spot>& spots) {
  Json all = Json::array();
  for (const readiness::Spot& spot : spots) {
    Json json;
    put(json, "path", spot.path);
    if (spot.line != 0) json["line"] = spot.line;
    if (spot.column != 0) json["column"] = spot.column;
    all.push_back(std::move(json));
  }
  return all;
}

Json counts_json(const Report& report) {
  std::array<std::uint64_t, 3> classes{};
  for (const Problem& problem : report.problems) ++classes[static_cast<std::size_t>(problem.risk_class) % 3];
  Json json;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    json[std::string(detect::risk_class_name(static_cast<detect::RiskClass>(i)))] = classes[i];
  }
  return json;
}

std::string key_of(std::string column) {
  std::replace(column.begin(), column.end(), ' ', '_');
  return column;
}

Json facts_json(const std::vector<readiness::FactTable>& facts) {
  Json all = Json::object();
  for (const readiness::FactTable& table : facts) {
    Json rows = Json::array();
    for (const auto& row : table.rows) {
      Json json = Json::object();
      for (std::size_t i = 0; i < std::min(row.size(), table.columns.size()); ++i) {
        put(json, key_of(table.columns[i]), row[i]);
      }
      rows.push_back(std::move(json));
    }
    all[key_of(table.name)] = std::move(rows);
  }
  return all;
}

Json report_members(const Report& report) {
  Json json;
  json["schema_version"] = kSchemaVersion;
  json["tool"] = {{"name", kToolName}, {"version", kToolVersion}};
  json["command"] = report.command;
  put(json, "subject", report.subject);
  json["complete"] = report.complete();
  put(json, "coverage", report.coverage);
  json["seconds"] = std::round(report.seconds * 1000) / 1000;
  json["counts"] = counts_json(report);
  json["passed"] = passed_json(report.passed);
  if (!report.facts.empty()) json["facts"] = facts_json(report.facts);
  json["not_checked"] = Json::array();
  for (const std::string& text : report.not_checked) json["not_checked"].push_back(lossy_utf8(text));
  json["losses"] = losses_json(report.losses);
  json["loss_count"] = report.loss_count;
  return json;
}

}  // namespace

Json problem_json(const Problem& problem) {
  Json json;
  json["id"] = problem.id;
  json["fingerprint"] = readiness::fingerprint(problem);
  json["source"] = problem.source;
  json["severity"] = detect::severity_name(problem.severity);
  json["class"] = detect::risk_class_name(problem.risk_class);
  json["exposure"] = readiness::exposure_name(problem.exposure);
  put(json, "title", problem.title);
  put(json, "why", problem.why);
  put(json, "breaks", problem.breaks);
  put(json, "fix", problem.fix);
  json["commands"] = Json::array();
  for (const std::string& command : problem.commands) json["commands"].push_back(lossy_utf8(command));
  json["minutes"] = problem.minutes;
  put(json, "subject", problem.subject);
  json["spots"] = spots_json(problem.spots);
  if (!problem.value_id.empty()) json["value_id"] = problem.value_id;
  return json;
}

Json passed_json(const std::vector<readiness::Passed>& passed) {
  Json all = Json::array();
  for (const readiness::Passed& check : passed) all.push_back({{"id", check.id}, {"text", lossy_utf8(check.text)}});
  return all;
}

Json losses_json(const std::vector<Loss>& losses) {
  Json all = Json::array();
  for (const Loss& loss : losses) {
    Json json;
    json["kind"] = loss_kind_name(loss.kind);
    put(json, "what", loss.what);
    put(json, "where", loss.where);
    put(json, "help", loss.help);
    all.push_back(std::move(json));
  }
  return all;
}

std::string problems_json(const Report& report) {
  Json json = report_members(report);
  json["problems"] = Json::array();
  for (const Problem& problem : report.problems) json["problems"].push_back(problem_json(problem));
  return dump(json, 2) + "\n";
}

std::string problems_jsonl(const Report& report) {
  std::string text;
  for (const Problem& problem : report.problems) {
    Json json = {{"type", "problem"}};
    json.update(problem_json(problem));
    text += dump(json, -1) + "\n";
  }
  Json last = {{"type", "report"}};
  last.update(report_members(report));
  return text + dump(last, -1) + "\n";
}

}  // namespace tightship::report
