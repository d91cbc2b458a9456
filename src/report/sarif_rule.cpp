#include <algorithm>

#include "report/sarif_value.h"

// Code scanning shows `security-severity` as critical (9.0 and over), high (7.0), medium (4.0) or low.

namespace tightship::report {
namespace {

using detect::Rule;
using detect::Severity;

// "stripe-secret-key" -> "StripeSecretKey"
std::string pascal_case(std::string_view id) {
  std::string name;
  bool start = true;
  for (const char c : id) {
    const bool lower = c >= 'a' && c <= 'z';
    const bool other = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (lower || other) name += start && lower ? static_cast<char>(c - 'a' + 'A') : c;
    start = !lower && !other;
  }
  return name;
}

std::string_view security_severity(Severity severity) {
  if (severity == Severity::Error) return "9.0";
  return severity == Severity::Warning ? "5.5" : "1.0";
}

std::string sentence(std::string_view head, std::string_view text) {
  return text.empty() ? std::string() : std::string(head) + lossy_utf8(text) + ".";
}

std::string description(const Rule& rule, std::string_view title) {
  std::string text = std::string(title) + ".";
  text += sentence(" Who finds it can act: ", rule.impact);
  return text;
}

// '<' would begin HTML and '`' code; a rule file is not ours to trust.
std::string markdown_escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (std::string_view("\\`*_[]<>").find(c) != std::string_view::npos) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

bool is_web_uri(std::string_view text) {
  if (!text.starts_with("https://")) return false;
  for (const char c : text) {
    if (c <= 0x20 || c >= 0x7f || std::string_view("\"<>\\^`{|}").find(c) != std::string_view::npos) return false;
  }
  return true;
}

Json help_json(const Rule& rule, std::string_view title) {
  const std::string rotate = rule.rotate.empty() ? "replace the secret at its provider" : lossy_utf8(rule.rotate);
  std::string text = "How to rotate: " + rotate + ".";
  std::string markdown = "**" + markdown_escaped(title) + "**\n\nHow to rotate: " + markdown_escaped(rotate) + ".";
  if (is_web_uri(rule.rotate_url)) {
    text += " " + std::string(rule.rotate_url);
    markdown += " <" + std::string(rule.rotate_url) + ">";
  }
  return {{"text", text}, {"markdown", markdown}};
}

Json tags_json(const Rule& rule) {
  Json tags = Json::array({"security", "secret"});
  for (const std::string_view tag : rule.tags) {
    Json text = lossy_utf8(tag);
    if (std::find(tags.begin(), tags.end(), text) == tags.end()) tags.push_back(std::move(text));
  }
  return tags;
}

}  // namespace

Json sarif_rule(const Rule& rule) {
  const std::string title = lossy_utf8(rule.title.empty() ? rule.id : rule.title);
  Json json;
  json["id"] = lossy_utf8(rule.id);
  if (const std::string name = pascal_case(rule.id); !name.empty()) json["name"] = name;
  json["shortDescription"]["text"] = title;
  json["fullDescription"]["text"] = description(rule, title);
  if (is_web_uri(rule.rotate_url)) json["helpUri"] = std::string(rule.rotate_url);
  json["help"] = help_json(rule, title);
  json["defaultConfiguration"]["level"] = detect::severity_name(rule.severity);
  json["properties"]["tags"] = tags_json(rule);
  json["properties"]["security-severity"] = security_severity(rule.severity);
  json["properties"]["class"] = detect::risk_class_name(rule.risk_class);
  if (!rule.provider.empty()) json["properties"]["provider"] = lossy_utf8(rule.provider);
  return json;
}

}  // namespace tightship::report
