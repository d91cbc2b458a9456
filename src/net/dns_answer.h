#pragma once

// What came back for one question, and all of it for a run.
//
// Checks are written as plain functions over the store: what they ask for and is not there yet is noted and read as
// "pending", nothing else; the driver (dns_check.h) fetches all that was noted at once and runs the checks again,
// until nothing is missing. So every query that can be in flight is, and a check is tested without a network.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "net/packet.h"

namespace tightship::net {

enum class AnswerState : std::uint8_t {
  Pending,      // not asked yet
  Answered,     // a message came; its rcode may be anything
  Timeout,      // nothing came in time
  Unreachable,  // no server took the question
  Broken,       // what came is no DNS message
  Unsendable,   // the name cannot be asked for
};

struct Answer {
  AnswerState state = AnswerState::Pending;
  std::string problem;  // of Broken and Unsendable: what is wrong
  Message message;

  bool pending() const { return state == AnswerState::Pending; }
  // A message that says yes or no: no error code but NXDOMAIN, and not cut.
  bool conclusive() const;
  // What is wrong, in words, when it is not conclusive: "timed out", "SERVFAIL".
  std::string fault() const;
};

struct Ask {
  std::string name;
  RrType type = RrType::A;
  std::string server;  // "192.0.2.1:53"; empty: the resolver
  friend bool operator<(const Ask& a, const Ask& b) {
    return std::tie(a.name, a.type, a.server) < std::tie(b.name, b.type, b.server);
  }
};

// Of one name and type, its chain of CNAMEs followed.
struct Lookup {
  AnswerState state = AnswerState::Pending;
  std::string fault;      // as Answer::fault
  bool nxdomain = false;  // of the last name of the chain
  bool loop = false;      // the chain comes back to itself, or is longer than kMaxChain
  bool authentic = false;
  std::vector<std::string> chain;      // targets, in order; empty without a CNAME
  std::vector<const Record*> records;  // of the type, at the last name; owned by the store
  std::string name;                    // the last name

  bool pending() const { return state == AnswerState::Pending; }
  bool known() const { return state == AnswerState::Answered && fault.empty(); }
  // No such record, and that for certain.
  bool absent() const { return known() && records.empty(); }
};

inline constexpr std::size_t kMaxChain = 16;        // CNAMEs followed
inline constexpr std::size_t kMaxQuestions = 3000;  // of one run; more are not asked (overflowed())

class RecordStore {
 public:
  const Answer& get(std::string_view name, RrType type, std::string_view server = {});
  Lookup lookup(std::string_view name, RrType type);
  void put(const Ask& ask, Answer answer) { answers_[ask] = std::move(answer); }
  // What was asked for since the last call and is not here.
  std::vector<Ask> take_wanted();
  bool overflowed() const { return overflowed_; }
  const std::map<Ask, Answer>& answers() const { return answers_; }

  // Names in `zone` are asked of `server` from now on.
  void route(std::string zone, std::string server) { zone_ = std::move(zone), zone_server_ = std::move(server); }
  const std::string& zone_server() const { return zone_server_; }

 private:
  const Answer& find(Ask ask);

  std::map<Ask, Answer> answers_;
  std::set<Ask> wanted_;
  std::string zone_, zone_server_;
  bool overflowed_ = false;
};

// The pieces of every TXT record joined (RFC 7208, 3.3), in answer order.
std::vector<std::string> txt_values(const Lookup& lookup);

}  // namespace tightship::net
