#include <nlohmann/json.hpp>

#include "push/message.h"
#include "report/place_text.h"
#include "report/secret_mask.h"

namespace tightship::push {
namespace {

using Json = nlohmann::ordered_json;

Json steps_of(const FixPlan& plan, const report::SecretMask& mask) {
  Json steps = Json::array();
  for (const FixStep& step : plan.steps) {
    Json json;
    json["kind"] = step.kind == FixStep::Kind::Run ? "run" : "edit";
    json["command"] = mask.mask_name(step.command);
    if (!step.note.empty()) json["note"] = step.note;
    steps.push_back(std::move(json));
  }
  return steps;
}

Json finding_of(const detect::Finding& finding, const Blocked& blocked, const report::SecretMask& mask) {
  Json json;
  json["id"] = finding.fingerprint;
  json["rule"] = finding.rule == nullptr ? "" : std::string(finding.rule->id);
  json["secret"] = report::SecretMask::redacted(finding);
  Json places = Json::array();
  for (const detect::Occurrence& where : finding.occurrences) {
    Json place;
    place["place"] = std::string(detect::place_name(where.place));
    if (!where.path.empty()) place["path"] = report::path_text(where, mask);
    if (!where.member.empty()) place["member"] = mask.mask_name(where.member);
    place["line"] = where.position.line;
    place["column"] = where.position.column;
    if (where.commit) place["commit"] = where.commit->id.hex();
    places.push_back(std::move(place));
  }
  json["places"] = std::move(places);
  json["public"] = blocked.already_public.contains(finding.fingerprint);
  return json;
}

}  // namespace

std::string fix_plan_json(const Blocked& blocked) {
  const report::SecretMask mask(blocked.result, false);
  Json json;
  json["schema"] = "tightship-fix-plan-1";
  json["blocked"] = !blocked.findings.empty();
  json["complete"] = blocked.result.complete();
  json["remote"] = mask.mask_name(blocked.remote);
  json["commits"] = blocked.commits;
  json["way"] = std::string(fix_way_name(blocked.plan.way));
  if (!blocked.plan.why.empty()) json["why"] = blocked.plan.why;
  Json findings = Json::array();
  for (const detect::Finding* finding : blocked.findings) findings.push_back(finding_of(*finding, blocked, mask));
  json["findings"] = std::move(findings);
  json["steps"] = steps_of(blocked.plan, mask);
  json["remarks"] = Json::array();
  for (const detect::Remark& remark : blocked.result.remarks) {
    json["remarks"].push_back({{"severity", std::string(detect::severity_name(remark.severity))},
                               {"text", mask.mask(remark.text)},
                               {"help", mask.mask(remark.help)}});
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace tightship::push
