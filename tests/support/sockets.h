#pragma once

// What servers of the tests need of sockets.

#include <netinet/in.h>
#include <poll.h>

#include <cstdint>

namespace tightship::testing {

inline constexpr int kTick = 20;  // ms between looks at whether to stop

inline sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// Whether there is something to read within a tick.
inline bool readable(int fd) {
  pollfd one{fd, POLLIN, 0};
  return ::poll(&one, 1, kTick) > 0;
}

}  // namespace tightship::testing
