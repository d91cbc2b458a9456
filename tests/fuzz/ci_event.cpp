// Event files of GitHub Actions, and the request that is read from them.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "ci/event.h"
#include "ci/request.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string content(reinterpret_cast<const char*>(data), size);
  const auto event = tightship::ci::parse_event(content);
  if (event) {
    for (const auto& [path, value] : *event) {
      if (value.size() > tightship::ci::kMaxEventText) std::abort();
    }
  }
  const tightship::ci::FileReader read = [&](const std::string&, std::uint64_t) {
    return tightship::Result<std::string>(content);
  };
  for (const char* name : {"push", "pull_request", "pull_request_target", "merge_group"}) {
    const tightship::ci::Request request = tightship::ci::read_request(
        {{"GITHUB_ACTIONS", "true"}, {"GITHUB_EVENT_NAME", name}, {"GITHUB_EVENT_PATH", "event.json"}}, read);
    // Whatever the file says, a range has a head, or it is said why there is none.
    const bool range = request.scope == tightship::ci::Request::Scope::Range;
    if (range && request.heads.empty() && request.problems.empty()) std::abort();
  }
  return 0;
}
