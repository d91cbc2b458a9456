#include "net/dns_answer.h"

#include <algorithm>

namespace tightship::net {
namespace {

const Answer kPending;

// Follows the CNAMEs of one message from `name`; false when the chain loops.
bool follow(const Message& message, Lookup& out) {
  for (;;) {
    const auto cname = std::find_if(message.answers.begin(), message.answers.end(),
                                    [&](const Record& r) { return r.type == RrType::Cname && r.name == out.name; });
    if (cname == message.answers.end()) return true;
    const NameData* target = data_of<NameData>(*cname);
    const bool seen = std::find(out.chain.begin(), out.chain.end(), target->name) != out.chain.end();
    if (seen || target->name == out.name || out.chain.size() >= kMaxChain) return false;
    out.name = target->name;
    out.chain.push_back(out.name);
  }
}

// Some signers (Cloudflare, Route 53) answer NOERROR for a name that does not exist, and say so in its NSEC record.
bool is_denied(const Message& message, const std::string& name) {
  return std::any_of(message.authority.begin(), message.authority.end(), [&](const Record& record) {
    const NsecData* nsec = data_of<NsecData>(record);
    return nsec != nullptr && nsec->no_name && record.name == name;
  });
}

void collect(const Message& message, RrType type, Lookup& out) {
  for (const Record& record : message.answers) {
    if (record.type == type && record.name == out.name) out.records.push_back(&record);
  }
}

}  // namespace

bool Answer::conclusive() const {
  const bool said =
      message.rcode == static_cast<unsigned>(Rcode::NoError) || message.rcode == static_cast<unsigned>(Rcode::NxDomain);
  return state == AnswerState::Answered && said && !message.truncated;
}

std::string Answer::fault() const {
  switch (state) {
    case AnswerState::Pending: return "not asked";
    case AnswerState::Timeout: return "timed out";
    case AnswerState::Unreachable: return "no server could be reached";
    case AnswerState::Broken:
    case AnswerState::Unsendable: return problem;
    case AnswerState::Answered: break;
  }
  if (conclusive()) return {};
  return message.truncated ? "the answer is cut, over TCP, too" : rcode_name(message.rcode);
}

// A server of the zone that knows only who to ask: the name is in a zone below.
bool is_referral(const Answer& answer) {
  const Message& message = answer.message;
  const bool answered = answer.state == AnswerState::Answered && !message.authoritative && message.answers.empty();
  return answered && message.rcode == 0 &&
         std::any_of(message.authority.begin(), message.authority.end(),
                     [](const Record& record) { return record.type == RrType::Ns; });
}

const Answer& RecordStore::find(Ask ask) {
  const auto found = answers_.find(ask);
  if (found != answers_.end()) return found->second;
  if (answers_.size() + wanted_.size() >= kMaxQuestions)
    overflowed_ = true;
  else
    wanted_.insert(std::move(ask));
  return kPending;
}

const Answer& RecordStore::get(std::string_view name, RrType type, std::string_view server) {
  Ask ask{canonical_name(name), type, std::string(server)};
  const bool routed = server.empty() && !zone_server_.empty() && is_in_zone(ask.name, zone_);
  // The DS records of a zone are its parent's.
  if (!routed || (type == RrType::Ds && ask.name == zone_)) return find(std::move(ask));
  const Answer& answer = find({ask.name, type, zone_server_});
  return is_referral(answer) ? find(std::move(ask)) : answer;
}

Lookup RecordStore::lookup(std::string_view name, RrType type) {
  Lookup out;
  out.name = canonical_name(name);
  for (;;) {
    const std::string asked = out.name;
    const Answer& answer = get(asked, type);
    out.state = answer.state;
    if (answer.pending()) return out;
    out.fault = answer.fault();
    if (!out.fault.empty()) return out;
    out.nxdomain = answer.message.rcode == static_cast<unsigned>(Rcode::NxDomain);
    out.authentic = answer.message.authentic;
    out.loop = !follow(answer.message, out);
    if (out.loop) return out;
    collect(answer.message, type, out);
    out.nxdomain = out.nxdomain || (out.records.empty() && is_denied(answer.message, out.name));
    // A server that does not resolve gives its own part of the chain only.
    const bool partial = out.name != asked && out.records.empty() && !answer.message.recursion_available;
    if (!partial || (out.nxdomain && is_in_zone(out.name, zone_) && !zone_.empty())) return out;
    out.nxdomain = false;
  }
}

std::vector<Ask> RecordStore::take_wanted() {
  const std::set<Ask> wanted = std::exchange(wanted_, {});
  return {wanted.begin(), wanted.end()};
}

std::vector<std::string> txt_values(const Lookup& lookup) {
  std::vector<std::string> values;
  for (const Record* record : lookup.records) {
    const TxtData* txt = data_of<TxtData>(*record);
    if (txt == nullptr) continue;
    std::string value;
    for (const std::string& piece : txt->pieces) value += piece;
    values.push_back(std::move(value));
  }
  return values;
}

}  // namespace tightship::net
