#include "report/json_report.h"

#include <array>
#include <cmath>

#include "report/allowed.h"
#include "report/json_value.h"
#include "report/summary.h"
#include "report/tool.h"

namespace tightship::report {
namespace {

using detect::ScanResult;

constexpr int kSchemaVersion = 1;

Json tool_json(const ScanResult& result) {
  return {{"name", kToolName}, {"version", kToolVersion}, {"rules", lossy_utf8(result.rules_version)}};
}

std::string_view job_name(ScanResult::Job job) {
  switch (job) {
    case ScanResult::Job::Audit: return "audit";
    case ScanResult::Job::Changes: return "changes";
    case ScanResult::Job::Staged: return "staged";
    case ScanResult::Job::Scan: break;
  }
  return "scan";
}

Json counts_json(const ScanResult& result) {
  std::array<std::uint64_t, 3> counts{};
  for (const detect::Finding& finding : result.findings) ++counts[static_cast<std::size_t>(finding.severity) % 3];
  return {{"error", counts[2]}, {"warning", counts[1]}, {"note", counts[0]}, {"allowed", result.allowed.size()}};
}

Json losses_json(const ScanResult& result, const SecretMask& mask) {
  Json losses = Json::array();
  for (const Loss& loss : result.losses) {
    Json json;
    json["kind"] = loss_kind_name(loss.kind);
    put_text(json, "what", loss.what, mask);
    put_masked(json, "where", mask.mask_name(loss.where));
    put_text(json, "help", loss.help, mask);
    losses.push_back(std::move(json));
  }
  return losses;
}

Json remarks_json(const ScanResult& result, const SecretMask& mask) {
  Json remarks = Json::array();
  for (const detect::Remark& remark : result.remarks) {
    Json json;
    json["severity"] = detect::severity_name(remark.severity);
    put_text(json, "text", remark.text, mask);
    put_text(json, "help", remark.help, mask);
    remarks.push_back(std::move(json));
  }
  return remarks;
}

Json coverage_json(const detect::Coverage& c, const SecretMask& mask) {
  Json json = {{"objects", c.objects},
               {"objects_expected", c.objects_expected},
               {"blobs", c.blobs},
               {"trees", c.trees},
               {"commits", c.commits},
               {"tags", c.tags},
               {"packs", c.packs},
               {"loose", c.loose},
               {"unreachable", c.unreachable},
               {"refs", c.refs},
               {"reflog_entries", c.reflog_entries},
               {"files", c.files},
               {"bytes", c.bytes},
               {"packed_bytes", c.packed_bytes},
               {"archives", c.archives},
               {"archive_members", c.archive_members},
               {"archive_bytes", c.archive_bytes}};
  json["skipped"] = Json::array();
  for (const detect::Skipped& skipped : c.skipped) {
    json["skipped"].push_back(
        {{"reason", lossy_utf8(mask.mask(skipped.reason))}, {"count", skipped.count}, {"bytes", skipped.bytes}});
  }
  json["seconds"] = std::isfinite(c.seconds) ? std::round(c.seconds * 1000) / 1000 : 0.0;
  return json;
}

}  // namespace

Json report_json(const ScanResult& result, const SecretMask& mask) {
  Json json;
  json["schema_version"] = kSchemaVersion;
  json["tool"] = tool_json(result);
  json["job"] = job_name(result.job);
  put_masked(json, "subject", mask.mask_name(result.subject));
  json["complete"] = is_complete(result);
  json["counts"] = counts_json(result);
  json["losses"] = losses_json(result, mask);
  json["loss_count"] = loss_count(result);
  json["remarks"] = remarks_json(result, mask);
  json["coverage"] = coverage_json(result.coverage, mask);
  return json;
}

std::string render_json(const ScanResult& result, const SecretMask& mask) {
  Json json = report_json(result, mask);
  json["findings"] = Json::array();
  for (const detect::Finding& finding : result.findings) json["findings"].push_back(finding_json(finding, mask));
  json["allowed"] = Json::array();
  for (const detect::Finding& finding : result.allowed) json["allowed"].push_back(allowed_json(finding, mask));
  return dump(json, 2) + "\n";
}

std::string render_jsonl(const ScanResult& result, const SecretMask& mask) {
  std::string lines;
  for (const detect::Finding& finding : result.findings) {
    Json json = {{"type", "finding"}};
    json.update(finding_json(finding, mask));
    lines += dump(json, -1) + "\n";
  }
  for (const detect::Finding& finding : result.allowed) {
    Json json = {{"type", "allowed"}};
    json.update(allowed_json(finding, mask));
    lines += dump(json, -1) + "\n";
  }
  Json summary = {{"type", "summary"}};
  summary.update(report_json(result, mask));
  return lines + dump(summary, -1) + "\n";
}

}  // namespace tightship::report
