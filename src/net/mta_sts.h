#pragma once

// MTA-STS policies (RFC 8461). Pure.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tightship::net {

inline constexpr std::size_t kMaxMtaStsPolicy = 64 * 1024;  // bytes (RFC 8461, 3.3)

struct MtaStsPolicy {
  std::string mode;             // "enforce", "testing", "none"
  std::vector<std::string> mx;  // lower case; "*.example.com" stands for one label
  std::uint64_t max_age = 0;    // seconds
  std::vector<std::string> errors;
};

MtaStsPolicy parse_mta_sts_policy(std::string_view text);
bool mta_sts_matches(std::string_view pattern, std::string_view host);

// The id of a record at _mta-sts: "v=STSv1; id=20260101;". Empty when it has none that counts (1 to 32 letters, digits).
std::string mta_sts_id(std::string_view record);
bool is_mta_sts_record(std::string_view text);

}  // namespace tightship::net
