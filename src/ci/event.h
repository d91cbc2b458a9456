#pragma once

// The event file of GitHub Actions (GITHUB_EVENT_PATH): the JSON of the webhook that started the run.
// Titles, messages and branch names in it are written by strangers; it is read like any foreign file.

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tightship::ci {

inline constexpr std::size_t kMaxEventSize = std::size_t{32} << 20;  // GitHub sends at most 25 MB
inline constexpr std::size_t kMaxEventDepth = 64;
inline constexpr std::size_t kMaxEventText = 1024;  // bytes of a value that is taken

// The few members that a range needs, by dotted path: "pull_request.base.sha". Absent, null, of another
// type, or longer than kMaxEventText: not in the map. Of a member that comes twice the last one counts.
using Event = std::map<std::string, std::string, std::less<>>;

// Keeps nothing but those members while it reads. Fails with Corrupt when it is no JSON object, with
// Limit over kMaxEventSize or kMaxEventDepth. Not recursive.
Result<Event> parse_event(std::string_view json);

}  // namespace tightship::ci
