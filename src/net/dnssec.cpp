#include "net/dnssec.h"

#include <algorithm>

namespace tightship::net {
namespace {

constexpr std::uint8_t kDnssecProtocol = 3;
constexpr unsigned kClassIn = 1;

void put16(std::string& out, unsigned value) {
  out += static_cast<char>(value >> 8 & 0xff);
  out += static_cast<char>(value & 0xff);
}

void put32(std::string& out, std::uint32_t value) {
  put16(out, value >> 16);
  put16(out, value & 0xffff);
}

bool put_name(std::string& out, std::string_view name) {
  const auto wire = encode_name(name);
  if (wire) out.append(reinterpret_cast<const char*>(wire->data()), wire->size());
  return wire.has_value();
}

bool put_data(std::string& out, const Address& address) {
  out.append(reinterpret_cast<const char*>(address.bytes.data()), address.v6 ? 16 : 4);
  return true;
}
bool put_data(std::string& out, const NameData& data) { return put_name(out, data.name); }
bool put_data(std::string& out, const MxData& mx) {
  put16(out, mx.preference);
  return put_name(out, mx.host);
}
bool put_data(std::string& out, const SoaData& soa) {
  const bool named = put_name(out, soa.primary) && put_name(out, soa.mailbox);
  for (const std::uint32_t value : {soa.serial, soa.refresh, soa.retry, soa.expire, soa.minimum}) put32(out, value);
  return named;
}
bool put_data(std::string& out, const TxtData& txt) {
  for (const std::string& piece : txt.pieces) {
    out += static_cast<char>(piece.size());
    out += piece;
  }
  return true;
}
bool put_data(std::string& out, const DsData& ds) {
  put16(out, ds.key_tag);
  out += static_cast<char>(ds.algorithm);
  out += static_cast<char>(ds.digest_type);
  out += ds.digest;
  return true;
}
bool put_data(std::string& out, const DnskeyData& key) {
  out += key.rdata;
  return true;
}
// Of the other types the spelling in which they came is not kept.
template <class Data>
bool put_data(std::string&, const Data&) {
  return false;
}

// RFC 4034, 6.2.
std::optional<std::string> canonical_data(const Record& record) {
  std::string out;
  const bool known = std::visit([&](const auto& data) { return put_data(out, data); }, record.data);
  return known ? std::optional(std::move(out)) : std::nullopt;
}

// Seconds until a 32-bit time of a signature, by serial arithmetic (RFC 4034, 3.1.5).
std::int64_t seconds_until(std::uint32_t time, std::int64_t now) {
  return static_cast<std::int32_t>(time - static_cast<std::uint32_t>(now));
}

// What a set that a wildcard stands for was signed as (RFC 4035, 5.3.2).
std::string signed_owner(const RrsigData& signature, const std::string& owner) {
  if (signature.labels >= label_count(owner)) return owner;
  const std::string_view rest = last_labels(owner, signature.labels);
  return rest.empty() ? "*" : "*." + std::string(rest);
}

SetVerdict verdict_of(const RrsigData& signature, SetState state, std::int64_t now) {
  SetVerdict verdict;
  verdict.left = seconds_until(signature.expiration, now);
  verdict.life = static_cast<std::int32_t>(signature.expiration - signature.inception);
  const bool early = seconds_until(signature.inception, now) > 0;
  verdict.state = state != SetState::Valid ? state
                  : verdict.left <= 0      ? SetState::Expired
                  : early                  ? SetState::NotYet
                                           : SetState::Valid;
  return verdict;
}

bool may_have_made(const DnskeyData& key, const RrsigData& signature) {
  return (key.flags & kZoneKeyFlag) != 0 && key.protocol == kDnssecProtocol && key.algorithm == signature.algorithm &&
         key.key_tag == signature.key_tag;
}

SetVerdict judge_signature(const RrsigData& signature, const SignedSet& set, const std::vector<const DnskeyData*>& keys,
                           std::int64_t now, unsigned& left) {
  if (!can_verify(signature.algorithm)) return {SetState::Unsupported, 0, 0};
  const auto data = signed_data(signature, set);
  if (!data) return {SetState::Unsupported, 0, 0};
  SetVerdict verdict{SetState::NoKey, 0, 0};
  for (const DnskeyData* key : keys) {
    if (!may_have_made(*key, signature)) continue;
    if (left == 0) return {SetState::Unsupported, 0, 0};
    --left;
    const Signature made = verify_signature(signature.algorithm, key->key, *data, signature.signature);
    if (made == Signature::Good) return verdict_of(signature, SetState::Valid, now);
    verdict.state = made == Signature::Wrong ? SetState::Wrong : SetState::Unsupported;
  }
  return verdict;
}

}  // namespace

SignedSet signed_set(const Message& message, std::string_view owner, RrType type) {
  SignedSet set{std::string(owner), type, {}, {}};
  for (const Record& record : message.answers) {
    if (record.name != owner) continue;
    if (record.type == type) set.records.push_back(&record);
    const RrsigData* signature = data_of<RrsigData>(record);
    if (signature != nullptr && signature->covered == static_cast<std::uint16_t>(type))
      set.signatures.push_back(signature);
  }
  return set;
}

std::optional<std::string> signed_data(const RrsigData& signature, const SignedSet& set) {
  std::vector<std::string> all;
  for (const Record* record : set.records) {
    auto data = canonical_data(*record);
    if (!data || data->size() > 0xffff) return std::nullopt;
    all.push_back(std::move(*data));
  }
  std::sort(all.begin(), all.end());  // as unsigned bytes, which char_traits<char> compares by
  all.erase(std::unique(all.begin(), all.end()), all.end());
  std::string out = signature.head, head;
  if (!put_name(out, signature.signer) || !put_name(head, signed_owner(signature, set.owner))) return std::nullopt;
  put16(head, static_cast<unsigned>(set.type));
  put16(head, kClassIn);
  put32(head, signature.original_ttl);
  for (const std::string& data : all) {
    out += head;
    put16(out, static_cast<unsigned>(data.size()));
    out += data;
  }
  return out;
}

SetVerdict judge_set(const SignedSet& set, std::string_view zone, const std::vector<const DnskeyData*>& keys,
                     std::int64_t now) {
  SetVerdict best;
  unsigned left = kMaxVerifications;
  for (const RrsigData* signature : set.signatures) {
    const bool in_form =
        signature->signer == zone && is_in_zone(set.owner, zone) && signature->labels <= label_count(set.owner);
    const SetVerdict verdict =
        in_form ? judge_signature(*signature, set, keys, now, left) : SetVerdict{SetState::NoKey, 0, 0};
    const bool later = verdict.state == best.state && verdict.left > best.left;
    if (verdict.state < best.state || later) best = verdict;
  }
  return best;
}

}  // namespace tightship::net
