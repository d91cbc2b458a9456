#pragma once

// Whether the keys of a zone are those that its parent vouches for: one link of a chain of trust (RFC 4035, 5.2; RFC
// 6840, 5.11). A DS record counts when its digest and its algorithm can be verified here; when there are others only,
// the zone is as good as unsigned, for every validating resolver that knows no more. A digest of SHA-1 does not count
// beside a better one (RFC 4509).

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "net/dnssec.h"

namespace tightship::net {

enum class LinkState : std::uint8_t {
  Trusted,      // a key that a DS record names signed the set of keys
  NoKey,        // no DS record is of a key of the zone
  NotSigned,    // the key that a DS record names did not sign the set of keys, or not these keys
  Expired,      // it did, until a time that is over
  NotYet,       // it did, from a time that is to come
  Unsupported,  // no DS record can be judged here
};

struct Link {
  LinkState state = LinkState::Unsupported;
  SetVerdict keys;                           // of the set of keys, when a key is named by a DS record
  std::vector<const DnskeyData*> zone_keys;  // all that may sign records of the zone
  std::vector<std::uint16_t> named;          // tags of the keys that a DS record names
  std::string unsupported;                   // what could not be judged, in words
};

// `ds` as the parent gives them, `keys` the set of DNSKEY records of `zone`.
Link judge_link(std::string_view zone, const std::vector<const DsData*>& ds, const SignedSet& keys, std::int64_t now);

}  // namespace tightship::net
