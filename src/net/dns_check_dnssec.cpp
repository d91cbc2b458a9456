// DNS-DNSSEC. No chain is validated: what is compared are the DS records of the parent with the keys of the zone, and
// what is read are the dates of signatures. That finds what takes whole domains down; a resolver that validates says
// the rest by SERVFAIL (DNS-ROOT).

#include <nettle/sha1.h>
#include <nettle/sha2.h>

#include <algorithm>
#include <optional>
#include <set>

#include "net/dns_context.h"

namespace tightship::net {
namespace {

constexpr std::int64_t kSoon = 3 * 86'400;
constexpr std::uint16_t kZoneKey = 0x0100;

// Of owner name and key, as a DS has it (RFC 4034, 5.1.4); nothing for a digest type that is not known.
std::optional<std::string> digest_of(const std::string& owner, const DnskeyData& key, std::uint8_t type) {
  const auto name = encode_name(owner);
  if (!name) return std::nullopt;
  const auto run = [&](auto context, auto init, auto update, auto finish, std::size_t size) {
    std::string out(size, '\0');
    init(&context);
    update(&context, name->size(), name->data());
    update(&context, key.rdata.size(), reinterpret_cast<const std::uint8_t*>(key.rdata.data()));
    finish(&context, size, reinterpret_cast<std::uint8_t*>(out.data()));
    return out;
  };
  if (type == 1) return run(sha1_ctx{}, nettle_sha1_init, nettle_sha1_update, nettle_sha1_digest, SHA1_DIGEST_SIZE);
  if (type == 2)
    return run(sha256_ctx{}, nettle_sha256_init, nettle_sha256_update, nettle_sha256_digest, SHA256_DIGEST_SIZE);
  if (type == 4)
    return run(sha512_ctx{}, nettle_sha384_init, nettle_sha512_update, nettle_sha384_digest, SHA384_DIGEST_SIZE);
  return std::nullopt;
}

std::string_view weak_algorithm(std::uint8_t algorithm) {
  switch (algorithm) {
    case 1: return "RSA/MD5";
    case 3:
    case 6: return "DSA/SHA-1";
    case 5:
    case 7: return "RSA/SHA-1";
    default: return {};
  }
}

void say(DnsContext& context, Severity severity, std::string title, std::string why, std::string breaks,
         std::string fix) {
  context.problem({.id = "DNS-DNSSEC",
                   .severity = severity,
                   .risk_class = severity == Severity::Error ? kLaunch : kScale,
                   .where = context.domain,
                   .title = std::move(title),
                   .why = std::move(why),
                   .breaks = std::move(breaks),
                   .fix = std::move(fix),
                   .minutes = 20});
}

// Whether any DS is of any key; nothing when none of them has a digest that we know.
std::optional<bool> any_match(const DnsContext& context, const Lookup& ds, const Lookup& keys) {
  bool judged = false;
  for (const Record* record : ds.records) {
    const DsData& wanted = *data_of<DsData>(*record);
    for (const Record* other : keys.records) {
      const DnskeyData& key = *data_of<DnskeyData>(*other);
      const auto digest = digest_of(context.domain, key, wanted.digest_type);
      if (digest) judged = true;
      const bool same = digest == wanted.digest && key.key_tag == wanted.key_tag && key.algorithm == wanted.algorithm;
      if (digest && same && (key.flags & kZoneKey) != 0) return true;
    }
  }
  if (keys.records.empty()) return false;
  return judged ? std::optional(false) : std::nullopt;
}

// Seconds until a 32-bit time of a signature, by serial arithmetic (RFC 4034, 3.1.5).
std::int64_t seconds_until(std::uint32_t time, std::int64_t now) {
  return static_cast<std::int32_t>(time - static_cast<std::uint32_t>(now));
}

void check_signatures(DnsContext& context) {
  std::int64_t least = 0;
  std::uint16_t of = 0;
  bool any = false;
  for (const RrType type : {RrType::Soa, RrType::Dnskey, RrType::A, RrType::Mx}) {
    const Answer& answer = context.store.get(context.domain, type);
    if (answer.state != AnswerState::Answered) continue;
    for (const Record& record : answer.message.answers) {
      const RrsigData* sig = data_of<RrsigData>(record);
      if (sig == nullptr || !is_in_zone(context.domain, sig->signer)) continue;
      const std::int64_t left = seconds_until(sig->expiration, context.options.now);
      // Signers that sign for a day or two are not late when less than three days are left.
      const std::int64_t life = static_cast<std::int32_t>(sig->expiration - sig->inception);
      if (left > 0 && left > life / 4) continue;
      if (!any || left < least) least = left, of = sig->covered;
      any = true;
    }
  }
  const std::string what = fmt::format("the signature of the {} records", rr_type_name(static_cast<RrType>(of)));
  if (any && least <= 0) {
    say(context, Severity::Error, "your DNSSEC signatures have expired",
        fmt::format("{} ended {} hours ago", what, -least / 3600),
        "for everybody whose resolver validates, the domain does not exist",
        "let your DNS provider sign the zone again, or take the DS record away at the registrar");
    context.facts.dnssec = DnssecState::Broken;
  } else if (any && least < kSoon) {
    say(context, Severity::Warning, "your DNSSEC signatures are about to expire",
        fmt::format("{} ends in {} hours", what, least / 3600),
        "the domain then stops to exist for everybody whose resolver validates",
        "see why the zone is not signed again");
  }
}

void check_strength(DnsContext& context, const Lookup& keys) {
  std::set<std::string_view> weak;
  for (const Record* record : keys.records) {
    const std::string_view name = weak_algorithm(data_of<DnskeyData>(*record)->algorithm);
    if (!name.empty()) weak.insert(name);
  }
  if (!weak.empty()) {
    say(context, Severity::Warning, "the zone is signed with an algorithm of the past",
        fmt::format("its keys are of {}", fmt::join(weak, ", ")), "resolvers begin to treat it as unsigned",
        "roll the keys to ECDSA P-256 (algorithm 13)");
  }
  const Lookup param = context.lookup(context.domain, RrType::Nsec3param);
  for (const Record* record : param.records) {
    const unsigned iterations = data_of<Nsec3paramData>(*record)->iterations;
    if (iterations == 0) continue;
    return say(context, Severity::Warning, "the zone hashes its names too often",
               fmt::format("NSEC3 has {} extra iterations; RFC 9276 says 0", iterations),
               "resolvers treat such zones as unsigned, or refuse them", "set the iterations to 0, without a salt");
  }
}

void say_no_match(DnsContext& context, const Lookup& keys) {
  context.facts.dnssec = DnssecState::Broken;
  say(context, Severity::Error, "DNSSEC is broken: the domain is dark for half of the internet",
      keys.records.empty()
          ? std::string("the registrar has a DS record, and the zone has no keys")
          : fmt::format("no DS record at the registrar is of one of the {} keys of the zone", keys.records.size()),
      "resolvers that validate (Google, Cloudflare, Quad9, many providers) answer SERVFAIL; mail and certificate "
      "renewals fail",
      "remove the DS record at the registrar, or enter the one that your DNS provider shows");
}

}  // namespace

void check_dnssec(DnsContext& context) {
  const Lookup ds = context.lookup(context.domain, RrType::Ds), keys = context.lookup(context.domain, RrType::Dnskey);
  if (!ds.known() || !keys.known()) return;
  if (ds.records.empty() && keys.records.empty()) {
    context.facts.dnssec = DnssecState::Unsigned;
    return say(context, Severity::Note, "the domain is not signed (DNSSEC)", "there is no DS record and no key",
               "nothing; answers of name servers can be forged on the way",
               "switch it on at your DNS provider if it enters the DS record by itself");
  }
  if (ds.records.empty()) {
    context.facts.dnssec = DnssecState::KeysOnly;
    return say(context, Severity::Warning, "DNSSEC is half done",
               "the zone is signed, and the registrar has no DS record", "the signatures protect nobody",
               "enter the DS record that your DNS provider shows at the registrar");
  }
  const auto match = any_match(context, ds, keys);
  if (!match) return context.unchecked("DNSSEC: the DS records have digests of an unknown type");
  if (!*match) return say_no_match(context, keys);
  context.facts.dnssec = DnssecState::Signed;
  check_signatures(context);
  check_strength(context, keys);
  if (context.facts.dnssec == DnssecState::Signed) context.pass("DNS-DNSSEC", "signed, and the DS record is of a key");
}

}  // namespace tightship::net
