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
    const auto tag = parse_tag(bytes, hash);
    if (!tag) continue;
    std::size_t sum = tag->target_type.size() + tag->name.size() + tag->message.size();
    if (sum > size) std::abort();
    for (const std::string_view view : {tag->name, tag->message, tag->tagger.name, tag->tagger.email}) {
      for (const char c : view) sum += static_cast<unsigned char>(c);
    }
    volatile std::size_t touched = sum;
    (void)touched;
  }
  return 0;
}
