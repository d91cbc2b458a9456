#pragma once

// Offline checks: what the bytes of a token prove by themselves. No network, no state.
// Facts and sources for each check are at its definition.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "detect/rule.h"

namespace tightship::detect {

enum class Verdict : std::uint8_t {
  Rejected,   // cannot be a token of this kind: the candidate is dropped. Only confirmed algorithms.
  Plausible,  // nothing speaks against it
  Certain,    // a checksum or a decoded structure proves the form
};

struct Fact {
  std::string name;   // "expires", "account", "role", "encrypted"
  std::string value;  // never a secret
};

struct CheckResult {
  Verdict verdict = Verdict::Plausible;
  std::string why;                   // the caret label: "checksum valid", "not encrypted, RSA 2048 bits"; may be empty
  std::optional<Severity> severity;  // instead of the rule's: an expired or encrypted one is lower
  std::optional<Kind> kind;          // instead of the rule's: a JWT with Supabase's anon role is public
  std::vector<Fact> facts;
  std::optional<std::int64_t> expires;  // seconds since 1970 UTC; judged by explain, never by a check
};

// `secret` is the candidate's secret, `match` the whole match of the rule's expression.
using Check = CheckResult (*)(std::string_view secret, std::string_view match);

Check find_check(std::string_view name);  // null when there is none of this name
std::vector<std::string_view> check_names();

// The clock, or SOURCE_DATE_EPOCH when the environment sets it: reports that can be repeated.
std::int64_t now_seconds();

}  // namespace tightship::detect
