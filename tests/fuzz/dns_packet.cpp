#include "net/packet.h"

#include <cstdint>
#include <cstdlib>

#include "net/dns_answer.h"
#include "net/dns_expect.h"

// Whatever comes: no name is over its limit, and every name that was read can be sent again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tightship::net;
  const auto message = parse_message(tightship::Bytes(data, size));
  if (!message) return 0;
  for (const Question& question : message->questions) {
    if (!encode_name(question.name)) std::abort();
    if (!encode_query(question, {})) std::abort();
  }
  for (const Record& record : message->answers) {
    if (!encode_name(record.name)) std::abort();
    (void)record_value(record);
  }
  return 0;
}
