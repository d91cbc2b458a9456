#pragma once

// Signs of a build that should not meet its users: addresses of a developer's machine, development builds, SDKs that
// belong on a server. Each is a literal that the one pass over the content finds, and a judgement of what stands
// around it, since libraries mention most of these in passing.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tightship::bundle {

enum class MarkerKind : std::uint8_t {
  Localhost,    // "http://localhost:3000/api"
  Staging,      // "https://api.staging.acme.com", tunnels
  PrivateHost,  // "http://10.0.0.7", "https://db.internal"
  DevBuild,
  BrowserKey,  // dangerouslyAllowBrowser switched on
  AdminSdk,    // a server SDK in client code
  ClientAuth,  // a password is compared with one that stands in the code
  Gemini,      // the host of Google's Generative Language API; no finding by itself
};

struct MarkerLiteral {
  std::string_view bytes;
  MarkerKind kind;
};
const std::vector<MarkerLiteral>& marker_literals();

struct Mark {
  MarkerKind kind = MarkerKind::Localhost;
  std::string subject;               // "http://localhost:3000", "Stripe's server SDK"
  std::uint64_t begin = 0, end = 0;  // in the content
};

// Decides on a literal at `at`. O(1): looks at a few hundred bytes.
std::optional<Mark> judge_marker(const MarkerLiteral& literal, std::string_view content, std::uint64_t at);

}  // namespace tightship::bundle
