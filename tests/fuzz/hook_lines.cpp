// What git writes to the standard input of pre-push and pre-receive.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "scan/push.h"

namespace {
using tightship::HashKind;

void check(const tightship::Result<std::vector<tightship::scan::RefUpdate>>& updates, std::string_view input,
           HashKind hash) {
  if (!updates) return;
  std::size_t lines = 0;
  for (std::size_t at = 0; at < input.size(); ++at) {
    if (input[at] != '\n' && (at == 0 || input[at - 1] == '\n')) ++lines;
  }
  // Nothing is passed over: every line that is not empty is an update.
  if (updates->size() != lines) std::abort();
  for (const tightship::scan::RefUpdate& update : *updates) {
    const bool sized = update.local.size == oid_size(hash) && update.remote.size == oid_size(hash);
    if (!sized || update.remote_ref.empty() || update.remote_ref.find_first_of(" \n") != std::string::npos)
      std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  for (const HashKind hash : {HashKind::Sha1, HashKind::Sha256}) {
    check(tightship::scan::parse_pre_push(input, hash), input, hash);
    check(tightship::scan::parse_pre_receive(input, hash), input, hash);
  }
  return 0;
}
