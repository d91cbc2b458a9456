#include "base/code_point.h"
#include "report/finding_text.h"
#include "report/json_value.h"
#include "report/masked_line.h"
#include "report/place_text.h"
#include "report/words.h"

namespace tightship::report {
namespace {

using detect::CommitInfo;
using detect::Finding;
using detect::Occurrence;

std::string_view push_name(detect::PushState pushed) {
  switch (pushed) {
    case detect::PushState::Never: return "never";
    case detect::PushState::Pushed: return "pushed";
    case detect::PushState::Unknown: break;
  }
  return "unknown";
}

Json commit_json(const CommitInfo& commit, const SecretMask& mask) {
  Json json;
  json["id"] = commit.id.hex();
  put_text(json, "subject", commit.subject, mask);
  put_text(json, "author_name", commit.author_name, mask);
  put_text(json, "author_email", commit.author_email, mask);
  json["time"] = timestamp_text(commit.time, commit.zone_minutes);
  return json;
}

Json optional_commit(const std::optional<CommitInfo>& commit, const SecretMask& mask) {
  return commit ? commit_json(*commit, mask) : Json(nullptr);
}

Json position_json(const detect::Position& position) {
  return {{"line", position.line},
          {"column", position.column},
          {"end_line", position.end_line},
          {"end_column", position.end_column},
          {"offset", position.offset}};
}

// Columns of the masked line, in bytes of its UTF-8 text.
Json excerpt_json(const Finding& finding, const detect::Excerpt& excerpt, const SecretMask& mask) {
  const MaskedLine line = masked_line(finding, excerpt, mask);
  const std::string before = lossy_utf8(std::string_view(line.text).substr(0, line.begin));
  const std::string value = lossy_utf8(std::string_view(line.text).substr(line.begin, line.end - line.begin));
  Json json;
  json["text"] = lossy_utf8(line.text);
  json["begin"] = before.size();
  json["end"] = before.size() + value.size();
  json["cut_left"] = excerpt.cut_left;
  json["cut_right"] = excerpt.cut_right;
  return json;
}

Json occurrence_json(const Finding& finding, const Occurrence& occurrence, const SecretMask& mask) {
  Json json;
  json["place"] = detect::place_name(occurrence.place);
  put_masked(json, "path", path_text(occurrence, mask));
  if (occurrence.member.empty())
    json["member"] = nullptr;
  else
    put_masked(json, "member", mask.mask_name(occurrence.member));
  json["position"] = position_json(occurrence.position);
  json["object"] = occurrence.object ? Json(occurrence.object->hex()) : Json(nullptr);
  json["commit"] = optional_commit(occurrence.commit, mask);
  json["versions"] = occurrence.versions;
  json["in_head"] = occurrence.in_head;
  json["reach"] = detect::reach_name(occurrence.reach);
  json["encoding"] = occurrence.encoding.empty() ? Json(nullptr) : Json(lossy_utf8(occurrence.encoding));
  json["excerpt"] = occurrence.excerpt ? excerpt_json(finding, *occurrence.excerpt, mask) : Json(nullptr);
  return json;
}

Json texts(const std::vector<std::string>& items, const SecretMask& mask) {
  Json json = Json::array();
  for (const std::string& item : items) json.push_back(lossy_utf8(mask.mask(item)));
  return json;
}

void put_rule(Json& json, const Finding& finding) {
  static const detect::Rule kNone;
  const detect::Rule& rule = finding.rule != nullptr ? *finding.rule : kNone;
  json["rule"] = lossy_utf8(rule.id);
  json["title"] = lossy_utf8(rule.title);
  json["provider"] = lossy_utf8(rule.provider);
  json["severity"] = detect::severity_name(finding.severity);
  json["kind"] = detect::kind_name(finding.kind);
  json["class"] = detect::risk_class_name(rule.risk_class);
  json["impact"] = lossy_utf8(rule.impact);
  json["rotate"] = {{"text", lossy_utf8(rule.rotate)}, {"url", lossy_utf8(rule.rotate_url)}};
}

void put_value(Json& json, const Finding& finding, const SecretMask& mask) {
  json["redacted"] = lossy_utf8(mask.show_secrets() ? SecretMask::redacted(finding) : mask.shown(finding));
  if (!mask.show_secrets()) return;
  json["secret"] = lossy_utf8(finding.secret);
  if (!is_valid_utf8(finding.secret)) json["secret_base64"] = base64(finding.secret);
}

void put_history(Json& json, const Finding& finding, const SecretMask& mask) {
  json["history"] = finding.history;
  json["since"] = optional_commit(finding.since, mask);
  json["in_head"] = finding.history ? Json(finding.in_head) : Json(nullptr);
  json["pushed"] = push_name(finding.pushed);
  json["remotes"] = texts(finding.remotes, mask);
  json["refs"] = texts(finding.refs, mask);
  json["ref_count"] = std::max<std::uint64_t>(finding.ref_count, finding.refs.size());
}

}  // namespace

Json finding_json(const Finding& finding, const SecretMask& mask) {
  Json json;
  json["fingerprint"] = lossy_utf8(finding.fingerprint);
  put_rule(json, finding);
  put_text(json, "why", finding.why, mask);
  put_value(json, finding, mask);
  json["facts"] = Json::array();
  for (const detect::Fact& fact : finding.facts) {
    json["facts"].push_back({{"name", lossy_utf8(mask.mask(fact.name))}, {"value", lossy_utf8(mask.mask(fact.value))}});
  }
  put_history(json, finding, mask);
  json["occurrence_count"] = place_count(finding);
  json["occurrences"] = Json::array();
  for (const Occurrence& occurrence : finding.occurrences) {
    json["occurrences"].push_back(occurrence_json(finding, occurrence, mask));
  }
  return json;
}

}  // namespace tightship::report
