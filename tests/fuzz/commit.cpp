#include "git/object.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <utility>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tightship::git;
  using tightship::HashKind;
  const tightship::Bytes bytes(data, size);
  for (const auto hash : {HashKind::Sha1, HashKind::Sha256}) {
    const auto commit = parse_commit(bytes, hash);
    if (!commit) continue;
    // Views must lie within the input: touch every byte of them.
    std::size_t sum = commit->header.size() + commit->message.size();
    if (sum > size) std::abort();
    for (const auto& who : {commit->author, commit->committer}) {
      for (const std::string_view view : {who.name, who.email, who.raw}) {
        for (const char c : view) sum += static_cast<unsigned char>(c);
      }
    }
    for (const char c : subject_of(commit->message)) sum += static_cast<unsigned char>(c);
    if (sum == 0) std::abort();  // a commit that parses has a header
  }
  return 0;
}
