#pragma once

// Who made a report, as JSON and SARIF say it.

#include <string_view>

namespace tightship::report {

inline constexpr std::string_view kToolName = "tightship";
#ifdef TIGHTSHIP_VERSION
inline constexpr std::string_view kToolVersion = TIGHTSHIP_VERSION;
#else
inline constexpr std::string_view kToolVersion = "0.1.0";
#endif
inline constexpr std::string_view kToolUri = "";  // home page; left out of reports while empty

}  // namespace tightship::report
