#pragma once

// Signatures of record sets (RFC 4034, 4035, 6840): whether a key signed a set, and whether a DS record is of a key.
// Nothing is asked here, and nothing fails: what cannot be judged says so.
//
// Algorithms: RSA with SHA-1 (5, 7), SHA-256 (8) and SHA-512 (10), ECDSA P-256 (13) and P-384 (14), Ed25519 (15) and
// Ed448 (16), by nettle. Keys, signatures and records are foreign bytes: sizes are checked before anything is computed,
// RSA is bounded to kMaxRsaBits, and a set to kMaxVerifications (many keys of one tag would cost minutes otherwise).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/packet.h"

namespace tightship::net {

inline constexpr std::size_t kMaxRsaBits = 4096;       // RFC 3110
inline constexpr unsigned kMaxVerifications = 16;      // of one set
inline constexpr std::uint16_t kZoneKeyFlag = 0x0100;  // of DNSKEY
inline constexpr std::uint16_t kRevokedFlag = 0x0080;

// "RSA/SHA-256"; "algorithm 12" for those that are not verified here.
std::string dnssec_algorithm_name(std::uint8_t algorithm);
bool can_verify(std::uint8_t algorithm);

enum class Signature : std::uint8_t { Good, Wrong, Unsupported };

// `key` and `signature` as they stand in DNSKEY and RRSIG.
Signature verify_signature(std::uint8_t algorithm, std::string_view key, std::string_view message,
                           std::string_view signature);

// Of owner name and key, as a DS has it (RFC 4034, 5.1.4); nothing for digests other than SHA-1, SHA-256 and SHA-384.
std::optional<std::string> ds_digest(std::string_view owner, const DnskeyData& key, std::uint8_t type);

// Records of one owner and type, with the signatures over them. Pointers into a message.
struct SignedSet {
  std::string owner;
  RrType type = RrType::A;
  std::vector<const Record*> records;
  std::vector<const RrsigData*> signatures;
};
SignedSet signed_set(const Message& message, std::string_view owner, RrType type);

// What a signature is made of (RFC 4034, 3.1.8.1); nothing when a record has no canonical form here.
std::optional<std::string> signed_data(const RrsigData& signature, const SignedSet& set);

// From the best to the worst: of several signatures the best one counts.
enum class SetState : std::uint8_t {
  Valid,
  Expired,      // a right signature, of the past
  NotYet,       // a right signature, of the future
  Wrong,        // no signature is of these records
  NoKey,        // they are of other keys
  Unsupported,  // of algorithms that are not verified here
  Unsigned,
};
struct SetVerdict {
  SetState state = SetState::Unsigned;
  std::int64_t left = 0;  // seconds until the signature ends; negative when it has. Of Valid and Expired
  std::int64_t life = 0;  // that it was made for
};

// Whether one of `keys` signed `set` in the name of `zone`. `now` in seconds since 1970.
SetVerdict judge_set(const SignedSet& set, std::string_view zone, const std::vector<const DnskeyData*>& keys,
                     std::int64_t now);

}  // namespace tightship::net
