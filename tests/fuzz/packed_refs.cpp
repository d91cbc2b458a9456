#include "git/repository.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <utility>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tightship::git;
  using tightship::HashKind;
  for (const auto hash : {HashKind::Sha1, HashKind::Sha256}) {
    tightship::Ledger ledger;
    const auto refs = parse_packed_refs(tightship::as_text({data, size}), hash, ledger);
    for (const Ref& ref : refs) {
      if (ref.name.empty() || ref.name.find('\n') != std::string::npos) std::abort();
    }
    if (refs.empty() && size > 1 && data[0] != '#' && ledger.empty()) std::abort();
  }
  return 0;
}
