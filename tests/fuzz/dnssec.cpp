#include "net/dnssec.h"

#include <cstdint>
#include <cstdlib>

#include "net/dnssec_zone.h"

// A message whose records are judged by the keys that it brings itself: no key, signature or name may do more than fail.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tightship::net;
  const auto message = parse_message(tightship::Bytes(data, size));
  if (!message || message->answers.empty()) return 0;
  std::vector<const DnskeyData*> keys;
  std::vector<const DsData*> ds;
  for (const Record& record : message->answers) {
    if (const auto* key = data_of<DnskeyData>(record)) keys.push_back(key);
    if (const auto* one = data_of<DsData>(record)) ds.push_back(one);
  }
  const std::string owner = message->answers.front().name;
  for (const RrType type : {RrType::Dnskey, RrType::Soa, RrType::Ns, RrType::A, RrType::Txt, RrType::Caa}) {
    const SignedSet set = signed_set(*message, owner, type);
    const SetVerdict verdict = judge_set(set, owner, keys, 1'800'000'000);
    if (set.signatures.empty() && verdict.state != SetState::Unsigned) std::abort();
  }
  const Link link = judge_link(owner, ds, signed_set(*message, owner, RrType::Dnskey), 1'800'000'000);
  if (link.state == LinkState::Trusted && link.named.empty()) std::abort();
  // The bytes as a key, a message and a signature of every algorithm.
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string_view key = text.substr(0, size / 2), signature = text.substr(size / 2);
  for (unsigned algorithm = 0; algorithm < 256; ++algorithm) {
    const auto number = static_cast<std::uint8_t>(algorithm);
    const Signature made = verify_signature(number, key, text, signature);
    if (made == Signature::Good || (made == Signature::Wrong && !can_verify(number))) std::abort();
  }
  return 0;
}
