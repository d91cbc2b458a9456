// What a server answers to a hand-made ClientHello, in one piece and byte by byte.

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "net/tls_hello.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tightship;
  const Bytes all(data, size);
  const net::HelloAnswer whole = net::read_hello_answer(all);
  // Once it is decided, more bytes change nothing; and it is decided by the whole at the latest.
  if (size <= 512) {
    for (std::size_t length = 0; length <= size; ++length) {
      const net::HelloAnswer part = net::read_hello_answer(all.first(length));
      if (part.reply == net::HelloReply::NeedMore) continue;
      if (part.reply != whole.reply || part.version != whole.version || part.cipher != whole.cipher ||
          part.alert != whole.alert)
        std::abort();
      break;
    }
  }
  return 0;
}
