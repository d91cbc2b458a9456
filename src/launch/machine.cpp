#include <cmath>

#include "launch/report.h"
#include "launch/words.h"
#include "report/json_value.h"
#include "report/problem_json.h"
#include "report/problems.h"
#include "report/tool.h"
#include "report/words.h"

namespace tightship::launch {
namespace {

using report::Json;
using report::lossy_utf8;

constexpr int kSchemaVersion = 1;

Json row_json(const Row& row) {
  Json json = report::problem_json(row.head);
  json["seen_by"] = row.sources;
  json["also"] = Json::array();
  for (const readiness::Problem& problem : row.rest) json["also"].push_back(report::problem_json(problem));
  return json;
}

Json texts_json(const std::vector<std::string>& texts) {
  Json all = Json::array();
  for (const std::string& text : texts) all.push_back(lossy_utf8(text));
  return all;
}

Json sections_json(const Report& report) {
  Json all = Json::array();
  for (const Section& section : report.sections) {
    all.push_back({{"command", section.command},
                   {"ran", section.ran},
                   {"coverage", lossy_utf8(section.coverage)},
                   {"seconds", std::round(section.seconds * 1000) / 1000}});
  }
  return all;
}

Json hosts_json(const Report& report) {
  Json all = Json::array();
  for (const Host& host : report.hosts) {
    Json json = {{"name", lossy_utf8(host.name)},     {"address", lossy_utf8(host.address)},
                 {"alias", lossy_utf8(host.alias)},   {"proxy", lossy_utf8(host.proxy)},
                 {"issuer", lossy_utf8(host.issuer)}, {"redirect", lossy_utf8(host.redirect)}};
    if (host.tls_days) json["tls_days"] = *host.tls_days;
    all.push_back(std::move(json));
  }
  return all;
}

std::string_view setting_name(Setting setting) {
  switch (setting) {
    case Setting::Set: return "set";
    case Setting::Empty: return "empty";
    case Setting::Same: return "same";
    case Setting::Missing: break;
  }
  return "missing";
}

Json variables_json(const Report& report) {
  Json all = Json::array();
  for (const Variable& variable : report.variables) {
    Json json = {{"name", lossy_utf8(variable.name)}, {"public", variable.is_public}};
    json["settings"] = Json::object();
    for (std::size_t i = 0; i < variable.settings.size() && i < report.env_files.size(); ++i) {
      json["settings"][lossy_utf8(report.env_files[i])] = setting_name(variable.settings[i]);
    }
    all.push_back(std::move(json));
  }
  return all;
}

// The rows as a report of problems, which SARIF is made from.
readiness::Report flat(const Report& report) {
  readiness::Report out;
  out.command = "launch";
  out.subject = report.subject;
  for (const Row& row : report.rows) out.problems.push_back(row.head);
  out.losses = report.losses;
  out.loss_count = report.loss_count;
  return out;
}

}  // namespace

std::string render_json(const Report& report) {
  Json json;
  json["schema_version"] = kSchemaVersion;
  json["tool"] = {{"name", report::kToolName}, {"version", report::kToolVersion}};
  json["command"] = "launch";
  json["subject"] = lossy_utf8(report.subject);
  json["repository"] = lossy_utf8(report.repository);
  json["ready"] = report.complete() && report.count(detect::RiskClass::LaunchBlocker) == 0;
  json["complete"] = report.complete();
  json["seconds"] = std::round(report.seconds * 1000) / 1000;
  for (const detect::RiskClass risk_class : kClasses) {
    json["counts"][std::string(detect::risk_class_name(risk_class))] = report.count(risk_class);
  }
  json["ever_committed"] = report.ever_committed;
  json["rows"] = Json::array();
  for (const Row& row : report.rows) json["rows"].push_back(row_json(row));
  json["sections"] = sections_json(report);
  json["hosts"] = hosts_json(report);
  json["variables"] = variables_json(report);
  json["passed"] = report::passed_json(report.passed);
  json["not_checked"] = texts_json(report.not_checked);
  json["limits"] = texts_json(report.limits);
  json["losses"] = report::losses_json(report.losses);
  json["loss_count"] = report.loss_count;
  return report::dump(json, 2) + "\n";
}

std::string render_sarif(const Report& report, const Options& options) {
  report::Options shown;
  shown.show_notes = options.all;
  return report::render(flat(report), report::Format::Sarif, shown);
}

}  // namespace tightship::launch
