#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <optional>

#include "detect/checks.h"
#include "detect/codec.h"

// URLs that open something by themselves: their query tells who signed, what for and until when.

namespace tightship::detect {
namespace {

// The value of `name` in a query, not decoded; empty when it is not there. "&amp;" separates as "&" does.
std::string_view query_value(std::string_view url, std::string_view name) {
  for (std::size_t at = url.find(name); at != std::string_view::npos; at = url.find(name, at + 1)) {
    const bool begins = at == 0 || url[at - 1] == '?' || url[at - 1] == '&' || url[at - 1] == ';';
    if (!begins || at + name.size() >= url.size() || url[at + name.size()] != '=') continue;
    const std::string_view rest = url.substr(at + name.size() + 1);
    return rest.substr(0, rest.find_first_of("&\"' <>"));
  }
  return {};
}

std::optional<unsigned> number(std::string_view text) {
  unsigned value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = parsed.ec == std::errc{} && parsed.ptr == text.data() + text.size();
  return whole && !text.empty() ? std::optional(value) : std::nullopt;
}

// ISO 8601 in UTC, basic or extended: "20260101T000000Z", "2026-01-01T00:00:00Z", "2026-01-01".
std::optional<std::int64_t> parse_time(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c == '.') break;  // parts of a second
    if (c >= '0' && c <= '9') digits.push_back(c);
  }
  if (digits.size() < 8 || digits.size() > 14) return std::nullopt;
  digits.resize(14, '0');
  const std::string_view d = digits;
  using namespace std::chrono;
  const year_month_day date{year{static_cast<int>(*number(d.substr(0, 4)))}, month{*number(d.substr(4, 2))},
                            day{*number(d.substr(6, 2))}};
  if (!date.ok()) return std::nullopt;
  const auto time = sys_days{date} + hours{*number(d.substr(8, 2))} + minutes{*number(d.substr(10, 2))} +
                    seconds{*number(d.substr(12, 2))};
  return duration_cast<seconds>(time.time_since_epoch()).count();
}

CheckResult until(std::string why, std::optional<std::int64_t> expires) {
  CheckResult result = certain(std::move(why));
  result.expires = expires;
  if (expires) result.facts.push_back({"expires", format_time(*expires)});
  return result;
}

// The two clouds' schemes differ in names only: a start and seconds that it lives.
CheckResult check_presigned(std::string_view url, std::string_view prefix) {
  const auto value = [&](std::string_view name) { return query_value(url, fmt::format("{}-{}", prefix, name)); };
  const auto start = parse_time(value("Date"));
  const auto lifetime = number(value("Expires"));
  const std::string credential = decode_percent(value("Credential"));
  if (!start || !lifetime || std::count(credential.begin(), credential.end(), '/') < 4) return rejected();
  CheckResult result = until("a presigned URL", *start + *lifetime);
  result.facts.push_back({"signed by", fact_text(credential.substr(0, credential.find('/')))});
  return result;
}

}  // namespace

// AWS Signature Version 4 in a query: at most seven days.
CheckResult check_aws_presigned_url(std::string_view secret, std::string_view) {
  return check_presigned(secret, "X-Amz");
}

CheckResult check_google_signed_url(std::string_view secret, std::string_view) {
  return check_presigned(secret, "X-Goog");
}

// A shared access signature: `sig` is the base64 of an HMAC-SHA256; `se` tells its end, `sp` its rights.
CheckResult check_azure_sas(std::string_view secret, std::string_view) {
  const auto signature = decode_base64(decode_percent(query_value(secret, "sig")), Base64::Standard);
  if (!signature || signature->size() != 32) return rejected();
  const auto end = parse_time(decode_percent(query_value(secret, "se")));
  if (!end && query_value(secret, "si").empty()) return rejected();  // neither an end nor a stored policy
  CheckResult result = until("a shared access signature", end);
  const std::string rights = decode_percent(query_value(secret, "sp"));
  if (!rights.empty()) result.facts.push_back({"rights", fact_text(rights)});
  if (rights == "r") result.severity = Severity::Warning;
  return result;
}

// CloudFront: an end in seconds, or a policy in base64 with '-', '_' and '~' for '+', '=' and '/'.
CheckResult check_cloudfront_url(std::string_view secret, std::string_view) {
  if (const auto end = number(query_value(secret, "Expires"))) return until("a signed URL", std::int64_t{*end});
  std::string text(query_value(secret, "Policy"));
  for (char& c : text) c = c == '-' ? '+' : c == '_' ? '=' : c == '~' ? '/' : c;
  const auto policy = decode_base64(text, Base64::Standard);
  if (!policy || policy->find("\"Statement\"") == std::string::npos) return rejected();
  constexpr std::string_view kEnd = "\"AWS:EpochTime\":";
  const std::size_t at = policy->rfind(kEnd);
  if (at == std::string::npos) return until("a signed URL", std::nullopt);
  const std::string_view rest = std::string_view(*policy).substr(at + kEnd.size());
  const auto end = number(rest.substr(0, rest.find_first_not_of("0123456789")));
  return until("a signed URL", end ? std::optional<std::int64_t>(*end) : std::nullopt);
}

// Amazon Bedrock's short-term keys: base64 of a presigned call.
CheckResult check_aws_bedrock_key(std::string_view secret, std::string_view) {
  constexpr std::string_view kPrefix = "bedrock-api-key-";
  if (!secret.starts_with(kPrefix)) return rejected();
  const auto url = decode_base64(secret.substr(kPrefix.size()), Base64::Standard);
  if (!url) return rejected();
  CheckResult result = check_presigned(*url, "X-Amz");
  if (result.verdict == Verdict::Certain) result.why = "decodes to a presigned call of Bedrock";
  return result;
}

}  // namespace tightship::detect
