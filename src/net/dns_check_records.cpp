// DNS-CNAME-COEXIST and DNS-TTL: what can be seen in the answers of a whole run.

#include <algorithm>
#include <set>

#include "net/dns_context.h"

namespace tightship::net {
namespace {

constexpr std::uint32_t kLongTtl = 86'400, kShortTtl = 60;

struct Owner {
  std::set<std::string> aliases, others;  // CNAME targets; names of other types
};

bool is_beside_allowed(RrType type) { return type == RrType::Rrsig || type == RrType::Nsec || type == RrType::Cname; }

std::map<std::string, Owner> owners_of(const DnsContext& context) {
  std::map<std::string, Owner> owners;
  for (const auto& [ask, answer] : context.store.answers()) {
    if (answer.state != AnswerState::Answered || !is_in_zone(ask.name, context.domain)) continue;
    for (const Record& record : answer.message.answers) {
      if (!is_in_zone(record.name, context.domain)) continue;
      Owner& owner = owners[record.name];
      if (record.type == RrType::Cname)
        owner.aliases.insert(data_of<NameData>(record)->name);
      else if (!is_beside_allowed(record.type))
        owner.others.insert(rr_type_name(record.type));
    }
  }
  return owners;
}

void check_coexistence(DnsContext& context) {
  for (const auto& [name, owner] : owners_of(context)) {
    if (owner.aliases.empty() || (owner.aliases.size() == 1 && owner.others.empty())) continue;
    const bool several = owner.aliases.size() > 1;
    context.problem({.id = "DNS-CNAME-COEXIST",
                     .severity = Severity::Error,
                     .risk_class = kLaunch,
                     .where = name,
                     .title = fmt::format("{} is an alias and something else at once", name),
                     .why = several ? std::string("it has several CNAME records")
                                    : fmt::format("it has a CNAME record and {}", fmt::join(owner.others, ", ")),
                     .breaks = "which of them a visitor or a mail server gets is chance (RFC 2181, 10.1)",
                     .fix = "keep the CNAME alone, or replace it by the addresses it leads to"});
  }
}

void judge_ttl(DnsContext& context, const std::string& name, RrType type, const std::set<std::uint32_t>& ttls) {
  const std::string what = fmt::format("the {} records of {}", rr_type_name(type), name);
  if (ttls.size() > 1) {
    context.problem({.id = "DNS-TTL",
                     .severity = Severity::Error,
                     .risk_class = kScale,
                     .where = name,
                     .title = fmt::format("{} have different lifetimes", what),
                     .why = fmt::format("their TTLs are {} s; of one set they must be equal (RFC 2181, 5.2)",
                                        fmt::join(ttls, ", ")),
                     .breaks = "resolvers forget a part of them, and answer with the rest",
                     .fix = "give them one TTL"});
  }
  if (*ttls.rbegin() > kLongTtl) {
    context.problem({.id = "DNS-TTL",
                     .severity = Severity::Warning,
                     .risk_class = kScale,
                     .where = name,
                     .title = fmt::format("a change of {} takes days to arrive", what),
                     .why = fmt::format("the TTL is {} s, more than a day", *ttls.rbegin()),
                     .breaks = "after a move or a mistake, visitors keep the old answer that long",
                     .fix = "lower the TTL to 3600 before the launch"});
  } else if (*ttls.begin() < kShortTtl && context.options.authoritative) {
    context.problem({.id = "DNS-TTL",
                     .severity = Severity::Note,
                     .risk_class = kScale,
                     .where = name,
                     .title = fmt::format("{} live for seconds only", what),
                     .why = fmt::format("the TTL is {} s", *ttls.begin()),
                     .breaks = "every visit asks anew, and an outage of the name servers is felt at once",
                     .fix = "raise the TTL to 300 when the move is over"});
  }
}

void check_ttls(DnsContext& context) {
  std::map<std::pair<std::string, RrType>, std::set<std::uint32_t>> ttls;
  for (const auto& [ask, answer] : context.store.answers()) {
    const bool counts = ask.type == RrType::A || ask.type == RrType::Aaaa || ask.type == RrType::Mx;
    if (answer.state != AnswerState::Answered || !counts) continue;
    for (const Record& record : answer.message.answers) {
      const bool judged = record.type == ask.type || record.type == RrType::Cname;
      if (judged && is_in_zone(record.name, context.domain)) ttls[{record.name, record.type}].insert(record.ttl);
    }
  }
  // A resolver counts lifetimes down: two answers of a CNAME may be a second apart.
  for (auto& [key, values] : ttls) {
    if (key.second == RrType::Cname) values = {*values.rbegin()};
    judge_ttl(context, key.first, key.second, values);
  }
}

}  // namespace

void check_records(DnsContext& context) {
  check_coexistence(context);
  check_ttls(context);
}

}  // namespace tightship::net
