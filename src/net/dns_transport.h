#pragma once

// Questions to name servers and back, by c-ares: UDP with EDNS 1232, TCP when an answer is truncated. All questions
// of one call are in flight at once. Names are sent as they are: the system's search domains are never used.
//
// A server that is silent is asked `tries` times, waiting `timeout_ms`, then twice as long each time; what has not
// come `deadline_ms` after the call is given up. Answers with a wrong id, of another server or to another question
// are not taken: they count as silence.

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "net/dns_answer.h"

namespace tightship::net {

struct TransportOptions {
  std::vector<std::string> resolvers;  // "192.0.2.1", "192.0.2.1:53"; empty: those of /etc/resolv.conf
  unsigned timeout_ms = 2000;
  unsigned tries = 2;
  unsigned deadline_ms = 20'000;  // of all calls together, from the first
};

struct ServerChannels;

class Transport {
 public:
  // Fails with Usage when a resolver is no address.
  static Result<Transport> open(const TransportOptions& options);
  Transport(Transport&&) noexcept;
  ~Transport();

  // Fills `store` with an answer for each. Fails with Io when c-ares cannot begin.
  Result<void> exchange(const std::vector<Ask>& asks, RecordStore& store);
  unsigned sent() const;  // questions, without repetitions

 private:
  explicit Transport(std::unique_ptr<ServerChannels> channels);
  std::unique_ptr<ServerChannels> channels_;
};

}  // namespace tightship::net
