#include "net/mta_sts.h"

#include <fmt/format.h>

#include <charconv>

#include "detect/text_class.h"
#include "net/dns_name.h"
#include "net/tag_list.h"

namespace tightship::net {
namespace {

constexpr std::uint64_t kMaxAge = 31'557'600;  // a year

void take_age(MtaStsPolicy& policy, std::string_view value) {
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), policy.max_age);
  if (error != std::errc() || end != value.data() + value.size() || policy.max_age > kMaxAge) {
    policy.errors.push_back("max_age is no number of seconds up to a year");
  }
}

void take(MtaStsPolicy& policy, std::string_view key, std::string_view value) {
  if (key == "mode") {
    policy.mode = std::string(value);
    if (value != "enforce" && value != "testing" && value != "none") {
      policy.errors.push_back("mode is neither enforce nor testing nor none");
    }
  }
  if (key == "max_age") take_age(policy, value);
  if (key == "mx") policy.mx.push_back(canonical_name(value));
}

}  // namespace

MtaStsPolicy parse_mta_sts_policy(std::string_view text) {
  MtaStsPolicy policy;
  bool version = false, age = false, first = true;
  for (const std::string_view line : split(text.substr(0, kMaxMtaStsPolicy), '\n')) {
    if (line.empty()) continue;
    const std::size_t colon = line.find(':');
    const std::string_view key = trimmed(line.substr(0, colon));
    const std::string_view value =
        colon == std::string_view::npos ? std::string_view() : trimmed(line.substr(colon + 1));
    if (colon == std::string_view::npos) policy.errors.push_back("a line has no ':'");
    if (std::exchange(first, false) && key == "version") version = value == "STSv1";
    age = age || key == "max_age";
    take(policy, key, value);
  }
  if (!version) policy.errors.push_back("it does not begin with version: STSv1");
  if (policy.mode.empty()) policy.errors.push_back("mode is missing");
  if (!age) policy.errors.push_back("max_age is missing");
  if (policy.mx.empty() && policy.mode != "none") policy.errors.push_back("mx is missing");
  return policy;
}

bool mta_sts_matches(std::string_view pattern, std::string_view host) {
  if (!pattern.starts_with("*.")) return pattern == host;
  return label_count(host) == label_count(pattern) && parent_name(host) == pattern.substr(2);
}

bool is_mta_sts_record(std::string_view text) {
  return text.starts_with("v=STSv1") && (text.size() == 7 || trimmed(text.substr(7)).starts_with(';'));
}

std::string mta_sts_id(std::string_view record) {
  const TagList list = parse_tag_list(record);
  const Tag* id = list.find("id");
  if (id == nullptr || id->value.empty() || id->value.size() > 32) return {};
  return detect::all(id->value, detect::is_alphanumeric) ? std::string(id->value) : std::string();
}

}  // namespace tightship::net
