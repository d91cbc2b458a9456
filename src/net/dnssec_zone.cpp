#include "net/dnssec_zone.h"

#include <fmt/format.h>

#include <algorithm>

namespace tightship::net {
namespace {

constexpr std::uint8_t kSha1Digest = 1;

bool known_digest(std::uint8_t type) { return type == 1 || type == 2 || type == 4; }

bool can_judge(const DsData& ds) { return known_digest(ds.digest_type) && can_verify(ds.algorithm); }

// Those that count.
std::vector<const DsData*> judged_of(const std::vector<const DsData*>& all) {
  std::vector<const DsData*> judged;
  std::copy_if(all.begin(), all.end(), std::back_inserter(judged), [](const DsData* ds) { return can_judge(*ds); });
  const auto better = [](const DsData* ds) { return ds->digest_type != kSha1Digest; };
  if (std::any_of(judged.begin(), judged.end(), better)) std::erase_if(judged, std::not_fn(better));
  return judged;
}

std::string words_for_unsupported(const std::vector<const DsData*>& all) {
  for (const DsData* ds : all) {
    if (!can_verify(ds->algorithm)) return dnssec_algorithm_name(ds->algorithm);
  }
  return all.empty() ? std::string() : fmt::format("digest type {}", all.front()->digest_type);
}

bool is_of(const DsData& ds, std::string_view zone, const DnskeyData& key) {
  const bool same = ds.key_tag == key.key_tag && ds.algorithm == key.algorithm;
  return same && (key.flags & kRevokedFlag) == 0 && ds_digest(zone, key, ds.digest_type) == ds.digest;
}

LinkState state_of(const SetVerdict& keys) {
  switch (keys.state) {
    case SetState::Valid: return LinkState::Trusted;
    case SetState::Expired: return LinkState::Expired;
    case SetState::NotYet: return LinkState::NotYet;
    case SetState::Unsupported: return LinkState::Unsupported;
    default: return LinkState::NotSigned;
  }
}

}  // namespace

Link judge_link(std::string_view zone, const std::vector<const DsData*>& ds, const SignedSet& keys, std::int64_t now) {
  Link link;
  const std::vector<const DsData*> judged = judged_of(ds);
  if (judged.empty()) {
    link.unsupported = words_for_unsupported(ds);
    return link;
  }
  std::vector<const DnskeyData*> named;
  for (const Record* record : keys.records) {
    const DnskeyData& key = *data_of<DnskeyData>(*record);
    if ((key.flags & kZoneKeyFlag) == 0) continue;
    if ((key.flags & kRevokedFlag) == 0) link.zone_keys.push_back(&key);
    const auto names_it = [&](const DsData* one) { return is_of(*one, zone, key); };
    if (std::none_of(judged.begin(), judged.end(), names_it)) continue;
    named.push_back(&key);
    link.named.push_back(key.key_tag);
  }
  link.state = LinkState::NoKey;
  if (named.empty()) return link;
  link.keys = judge_set(keys, zone, named, now);
  link.state = state_of(link.keys);
  if (link.state == LinkState::Unsupported) link.unsupported = "a key of an unusual size";
  return link;
}

}  // namespace tightship::net
