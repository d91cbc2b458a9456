// DNS-DNSSEC: the link from the parent's DS records to the keys of the zone, and the zone's own signatures over the
// records at its top, at the resolver and at each name server. What is above the parent, and the proofs that a name does
// not exist, are left to resolvers that validate; they say so by SERVFAIL (DNS-ROOT).

#include <algorithm>
#include <set>

#include "net/dns_context.h"
#include "net/dnssec_zone.h"

namespace tightship::net {
namespace {

constexpr std::int64_t kSoon = 3 * 86'400;
constexpr std::string_view kDark = "DNSSEC is broken: the domain is dark for half of the internet";
constexpr std::string_view kDarkBreaks =
    "resolvers that validate (Google, Cloudflare, Quad9, many providers) answer SERVFAIL; mail and certificate "
    "renewals "
    "fail";
constexpr std::string_view kSignAgain =
    "let your DNS provider sign the zone again, or take the DS record away at the registrar";
constexpr RrType kJudged[] = {RrType::Soa, RrType::Ns, RrType::A, RrType::Aaaa, RrType::Mx, RrType::Txt};

void say(DnsContext& context, Severity severity, std::string_view title, std::string why, std::string_view breaks,
         std::string_view fix, std::string subject = {}) {
  context.problem({.id = "DNS-DNSSEC",
                   .severity = severity,
                   .risk_class = severity == Severity::Error ? kLaunch : kScale,
                   .where = context.domain,
                   .title = std::string(title),
                   .why = std::move(why),
                   .breaks = std::string(breaks),
                   .fix = std::string(fix),
                   .minutes = 20,
                   .subject = std::move(subject)});
}

void say_broken(DnsContext& context, std::string why, std::string_view fix) {
  context.facts.dnssec = DnssecState::Broken;
  say(context, Severity::Error, kDark, std::move(why), kDarkBreaks, fix);
}

std::string set_words(RrType type) { return fmt::format("the signature of the {} records", rr_type_name(type)); }

void say_expired(DnsContext& context, RrType type, const SetVerdict& verdict) {
  context.facts.dnssec = DnssecState::Broken;
  say(context, Severity::Error, "your DNSSEC signatures have expired",
      fmt::format("{} ended {} hours ago", set_words(type), -verdict.left / 3600),
      "for everybody whose resolver validates, the domain does not exist", kSignAgain);
}

void say_early(DnsContext& context, RrType type) {
  say_broken(context, fmt::format("{} begins in the future", set_words(type)),
             "set the clock of the machine that signs the zone, and sign it again");
}

// Whether the answer holds signatures over records of that type, when it holds such records.
bool has_signatures(const Answer& answer, const std::string& owner, RrType type) {
  const SignedSet set = signed_set(answer.message, owner, type);
  return set.records.empty() || !set.signatures.empty();
}

// The resolver's answer; that of a name server of the zone where the resolver refuses, or leaves signatures out.
const Answer& best_answer(DnsContext& context, RrType type) {
  const Answer& answer = context.store.get(context.domain, type);
  if (answer.pending() || (answer.conclusive() && has_signatures(answer, context.domain, type))) return answer;
  for (const NameServerFacts& server : context.facts.name_servers) {
    if (server.state != "ok") continue;
    const Answer& direct = context.store.get(context.domain, type, server_endpoint(context, server.addresses.front()));
    if (direct.pending() || direct.conclusive()) return direct;
  }
  return answer;
}

// What is wrong with a set, in words; empty when nothing is, or when it cannot be judged.
std::string fault_of(const SetVerdict& verdict, RrType type) {
  const std::string name = rr_type_name(type);
  switch (verdict.state) {
    case SetState::Wrong: return fmt::format("the signature of the {} records does not fit them", name);
    case SetState::NoKey: return fmt::format("the {} records are signed with a key that is not in the zone", name);
    case SetState::Unsigned: return fmt::format("the {} records are not signed", name);
    default: return {};
  }
}

// The signature that ends first, of those that make a resolver refuse.
struct Sets {
  std::vector<std::string> faults;
  RrType expired = RrType::Opt, early = RrType::Opt, soon = RrType::Opt;  // Opt: none
  SetVerdict worst, next;
  std::size_t good = 0;
  bool unsupported = false;
};

void take(Sets& sets, RrType type, const SetVerdict& verdict) {
  if (std::string fault = fault_of(verdict, type); !fault.empty()) sets.faults.push_back(std::move(fault));
  if (verdict.state == SetState::Unsupported) sets.unsupported = true;
  if (verdict.state == SetState::NotYet) sets.early = type;
  if (verdict.state == SetState::Expired && (sets.expired == RrType::Opt || verdict.left < sets.worst.left))
    sets.expired = type, sets.worst = verdict;
  if (verdict.state != SetState::Valid) return;
  ++sets.good;
  // Signers that sign for a day or two are not late when less than three days are left.
  const bool late = verdict.left < kSoon && verdict.left <= verdict.life / 4;
  if (late && (sets.soon == RrType::Opt || verdict.left < sets.next.left)) sets.soon = type, sets.next = verdict;
}

Sets judge_sets(DnsContext& context, const Link& link) {
  Sets sets;
  take(sets, RrType::Dnskey, link.keys);
  for (const RrType type : kJudged) {
    const Answer& answer = best_answer(context, type);
    if (!answer.conclusive()) continue;
    const SignedSet set = signed_set(answer.message, context.domain, type);
    if (set.records.empty()) continue;
    take(sets, type, judge_set(set, context.domain, link.zone_keys, context.options.now));
  }
  return sets;
}

void say_sets(DnsContext& context, const Sets& sets) {
  if (!sets.faults.empty()) return say_broken(context, fmt::format("{}", fmt::join(sets.faults, "; ")), kSignAgain);
  if (sets.expired != RrType::Opt) return say_expired(context, sets.expired, sets.worst);
  if (sets.early != RrType::Opt) return say_early(context, sets.early);
  if (sets.unsupported) context.unchecked("DNSSEC: some signatures are of an algorithm that is not verified here");
  if (sets.soon == RrType::Opt) return;
  say(context, Severity::Warning, "your DNSSEC signatures are about to expire",
      fmt::format("{} ends in {} hours", set_words(sets.soon), sets.next.left / 3600),
      "the domain then stops to exist for everybody whose resolver validates", "see why the zone is not signed again");
}

// One server that was forgotten serves old signatures while the others are fine.
void judge_servers(DnsContext& context, const Link& link) {
  for (const NameServerFacts& server : context.facts.name_servers) {
    if (server.state != "ok") continue;
    const Answer& answer =
        context.store.get(context.domain, RrType::Soa, server_endpoint(context, server.addresses.front()));
    const SignedSet set = signed_set(answer.message, context.domain, RrType::Soa);
    if (set.records.empty()) continue;
    const SetVerdict verdict = judge_set(set, context.domain, link.zone_keys, context.options.now);
    std::string fault = fault_of(verdict, RrType::Soa);
    if (verdict.state == SetState::Expired)
      fault = fmt::format("{} ended {} hours ago", set_words(RrType::Soa), -verdict.left / 3600);
    if (fault.empty()) continue;
    context.facts.dnssec = DnssecState::Broken;
    say(context, Severity::Error, fmt::format("the name server {} serves broken signatures (DNSSEC)", server.name),
        fault, "resolvers that validate refuse its answers: part of the visits wait, or fail",
        "make it copy the zone from the others, or remove it", server.name);
  }
}

void check_strength(DnsContext& context, const Lookup& keys) {
  std::set<std::string> weak;
  for (const Record* record : keys.records) {
    const std::uint8_t algorithm = data_of<DnskeyData>(*record)->algorithm;
    if (algorithm < 8) weak.insert(dnssec_algorithm_name(algorithm));
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

std::string named_words(const Link& link) {
  return fmt::format("key{} {}", link.named.size() == 1 ? "" : "s", fmt::join(link.named, ", "));
}

// Says what is wrong with the link; whether the zone's own signatures are worth looking at.
bool judge_parent_link(DnsContext& context, const Link& link, const SignedSet& keys) {
  constexpr std::string_view kEnterDs =
      "remove the DS record at the registrar, or enter the one that your DNS provider shows";
  switch (link.state) {
    case LinkState::Trusted: return true;
    case LinkState::NoKey:
      say_broken(context,
                 keys.records.empty()
                     ? std::string("the registrar has a DS record, and the zone has no keys")
                     : fmt::format("no DS record at the registrar is of a key of the zone, which has {}",
                                   counted(keys.records.size(), "key")),
                 kEnterDs);
      return false;
    case LinkState::NotSigned:
      say_broken(context,
                 fmt::format("the keys of the zone are not signed by {}, which the DS record at the registrar names",
                             named_words(link)),
                 kSignAgain);
      return false;
    case LinkState::Expired: say_expired(context, RrType::Dnskey, link.keys); return false;
    case LinkState::NotYet: say_early(context, RrType::Dnskey); return false;
    case LinkState::Unsupported: break;
  }
  context.unchecked(fmt::format("DNSSEC: the DS records are of {}, which is not verified here", link.unsupported));
  return false;
}

std::vector<const DsData*> ds_of(const Lookup& lookup) {
  std::vector<const DsData*> all;
  for (const Record* record : lookup.records) all.push_back(data_of<DsData>(*record));
  return all;
}

void check_chain(DnsContext& context, const Lookup& ds, const Lookup& keys) {
  const Answer& answer = best_answer(context, RrType::Dnskey);
  if (answer.pending()) return;
  const SignedSet set = signed_set(answer.message, context.domain, RrType::Dnskey);
  const bool stripped = !set.records.empty() && set.signatures.empty() && !answer.message.authoritative;
  const Link link = judge_link(context.domain, ds_of(ds), set, context.options.now);
  if (stripped && link.state == LinkState::NotSigned)
    return context.unchecked("DNSSEC: the resolver leaves the signatures out; --authoritative asks the zone's servers");
  context.facts.dnssec = link.state == LinkState::Unsupported ? DnssecState::Unknown : DnssecState::Signed;
  check_strength(context, keys);
  if (!judge_parent_link(context, link, set)) return;
  const Sets sets = judge_sets(context, link);
  say_sets(context, sets);
  if (context.facts.dnssec == DnssecState::Signed) judge_servers(context, link);
  if (context.facts.dnssec != DnssecState::Signed) return;
  context.pass("DNS-DNSSEC", fmt::format("the DS record is of {}, and the signatures of {} fit", named_words(link),
                                         counted(sets.good, "record set")));
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
  check_chain(context, ds, keys);
}

}  // namespace tightship::net
