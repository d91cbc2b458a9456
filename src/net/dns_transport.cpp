#include "net/dns_transport.h"

#include <ares.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/random.h>
#include <sys/time.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <set>

namespace tightship::net {
namespace {

using Clock = std::chrono::steady_clock;
constexpr unsigned kUdpSize = 1232;  // DNS flag day 2020: no fragments

// One resolver, or one name server, and the questions that it has not answered yet.
struct Channel {
  ares_channel handle = nullptr;
  bool recursive = true;
  std::map<ares_socket_t, short> sockets;  // what poll shall wait for
  std::set<std::uint16_t> ids;             // in flight

  Channel() = default;
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;
  ~Channel() {
    if (handle != nullptr) ares_destroy(handle);
  }
};

// One question in flight; freed when its answer, or its failure, has been put into the store.
struct Flight {
  Ask ask;
  std::uint16_t id = 0;
  Channel* channel = nullptr;
  RecordStore* store = nullptr;
  std::size_t* open = nullptr;
  std::vector<Ask>* plain = nullptr;  // to be repeated without EDNS
  bool edns = true;
};

void note_socket(void* data, ares_socket_t socket, int readable, int writable) noexcept {
  auto& sockets = static_cast<Channel*>(data)->sockets;
  if (readable == 0 && writable == 0)
    sockets.erase(socket);
  else
    sockets[socket] = static_cast<short>((readable != 0 ? POLLIN : 0) | (writable != 0 ? POLLOUT : 0));
}

Answer failed(AnswerState state) {
  Answer answer;
  answer.state = state;
  return answer;
}

Answer read_answer(int status, const unsigned char* packet, int size) {
  if (packet == nullptr || size <= 0) {
    const bool silent = status == ARES_ETIMEOUT || status == ARES_ECANCELLED || status == ARES_EDESTRUCTION;
    return failed(silent ? AnswerState::Timeout : AnswerState::Unreachable);
  }
  auto message = parse_message(Bytes(packet, static_cast<std::size_t>(size)));
  Answer answer;
  answer.state = message && message->response ? AnswerState::Answered : AnswerState::Broken;
  if (!message)
    answer.problem = message.error().what;
  else if (!message->response)
    answer.problem = "the question came back instead of an answer";
  else
    answer.message = std::move(*message);
  return answer;
}

void take_answer(void* data, int status, int, unsigned char* packet, int size) noexcept {
  const std::unique_ptr<Flight> flight(static_cast<Flight*>(data));
  flight->channel->ids.erase(flight->id);
  --*flight->open;
  try {
    Answer answer = read_answer(status, packet, size);
    const bool refuses_edns = answer.state == AnswerState::Answered && flight->edns &&
                              answer.message.rcode == static_cast<unsigned>(Rcode::FormErr);
    if (refuses_edns) flight->plain->push_back(flight->ask);
    flight->store->put(flight->ask, std::move(answer));
  } catch (const std::exception&) {  // out of memory: the question stays without an answer
  }
}

// Not to be guessed from outside: with the port it is all that tells a forged answer.
std::uint16_t fresh_id(Channel& channel) {
  std::uint16_t id = 0;
  do {
    if (::getrandom(&id, sizeof(id), 0) != sizeof(id)) id = static_cast<std::uint16_t>(id + 1);
  } while (!channel.ids.insert(id).second);
  return id;
}

}  // namespace

struct ServerChannels {
  TransportOptions options;
  std::map<std::string, Channel> channels;  // by server; "" is the resolver
  Clock::time_point deadline{};
  unsigned sent = 0;
  bool library = false;

  ~ServerChannels() {
    channels.clear();
    if (library) ares_library_cleanup();
  }
  Result<Channel*> channel(const std::string& server);
  Result<void> open(Channel& channel, const std::string& servers);
  void send(const Ask& ask, bool edns, RecordStore& store, std::size_t& open, std::vector<Ask>& plain);
  void wait(std::size_t& open);
  void poll_once(int limit_ms);
};

Result<void> ServerChannels::open(Channel& channel, const std::string& servers) {
  ares_options setup{};
  setup.flags = ARES_FLAG_NOCHECKRESP | ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES | ARES_FLAG_EDNS;
  setup.timeout = static_cast<int>(options.timeout_ms);
  setup.tries = static_cast<int>(options.tries);
  setup.ednspsz = kUdpSize;
  setup.sock_state_cb = note_socket;
  setup.sock_state_cb_data = &channel;
  const int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_EDNSPSZ | ARES_OPT_SOCK_STATE_CB;
  int status = ares_init_options(&channel.handle, &setup, mask);
  if (status == ARES_SUCCESS && !servers.empty()) status = ares_set_servers_ports_csv(channel.handle, servers.c_str());
  if (status == ARES_SUCCESS) return {};
  return fail(ErrorKind::Io, fmt::format("cannot begin to ask name servers: {}", ares_strerror(status)), servers);
}

Result<Channel*> ServerChannels::channel(const std::string& server) {
  const auto [at, fresh] = channels.try_emplace(server);
  if (!fresh) return &at->second;
  at->second.recursive = server.empty();
  const auto opened = open(at->second, server.empty() ? fmt::format("{}", fmt::join(options.resolvers, ",")) : server);
  if (!opened) return tl::unexpected(opened.error());
  return &at->second;
}

void ServerChannels::send(const Ask& ask, bool edns, RecordStore& store, std::size_t& open, std::vector<Ask>& plain) {
  const auto to = channel(ask.server);
  if (!to) return store.put(ask, failed(AnswerState::Unreachable));
  Channel& channel = **to;
  QueryOptions query;
  query.id = fresh_id(channel);
  query.recursion = channel.recursive;
  query.dnssec = true;
  query.unchecked = ask.type == RrType::Dnskey;  // a validating resolver hides keys that do not fit
  query.udp_size = static_cast<std::uint16_t>(edns ? kUdpSize : 0);
  const auto packet = encode_query({ask.name, ask.type}, query);
  if (!packet) {
    channel.ids.erase(query.id);
    Answer answer = failed(AnswerState::Unsendable);
    answer.problem = packet.error().what;
    return store.put(ask, std::move(answer));
  }
  ++open;
  ++sent;
  auto flight = std::make_unique<Flight>(Flight{ask, query.id, &channel, &store, &open, &plain, edns});
  ares_send(channel.handle, packet->data(), static_cast<int>(packet->size()), take_answer, flight.release());
}

void ServerChannels::poll_once(int limit_ms) {
  std::vector<pollfd> fds;
  std::vector<ares_channel> owners;
  timeval next{limit_ms / 1000, (limit_ms % 1000) * 1000};
  for (auto& entry : channels) {
    timeval room{};
    next = *ares_timeout(entry.second.handle, &next, &room);
    for (const auto& socket : entry.second.sockets) {
      fds.push_back({socket.first, socket.second, 0});
      owners.push_back(entry.second.handle);
    }
  }
  const auto wait_ms = static_cast<int>(next.tv_sec * 1000 + (next.tv_usec + 999) / 1000);
  if (::poll(fds.data(), fds.size(), wait_ms) > 0) {
    for (std::size_t i = 0; i < fds.size(); ++i) {
      const bool in = (fds[i].revents & (POLLIN | POLLERR | POLLHUP)) != 0, out = (fds[i].revents & POLLOUT) != 0;
      if (in || out) ares_process_fd(owners[i], in ? fds[i].fd : ARES_SOCKET_BAD, out ? fds[i].fd : ARES_SOCKET_BAD);
    }
  }
  for (auto& entry : channels) ares_process_fd(entry.second.handle, ARES_SOCKET_BAD, ARES_SOCKET_BAD);  // time-outs
}

void ServerChannels::wait(std::size_t& open) {
  while (open > 0) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) break;
    poll_once(static_cast<int>(std::min<long long>(left, 1000)));
  }
  if (open > 0) {
    for (auto& entry : channels) ares_cancel(entry.second.handle);  // calls take_answer for each
  }
}

Transport::Transport(std::unique_ptr<ServerChannels> channels) : channels_(std::move(channels)) {}
Transport::Transport(Transport&&) noexcept = default;
Transport::~Transport() = default;

Result<Transport> Transport::open(const TransportOptions& options) {
  for (const std::string& resolver : options.resolvers) {
    if (const auto endpoint = parse_endpoint(resolver); !endpoint) return tl::unexpected(endpoint.error());
  }
  auto channels = std::make_unique<ServerChannels>();
  channels->options = options;
  channels->library = ares_library_init(ARES_LIB_INIT_ALL) == ARES_SUCCESS;
  if (!channels->library) return fail(ErrorKind::Io, "cannot begin to ask name servers");
  return Transport(std::move(channels));
}

Result<void> Transport::exchange(const std::vector<Ask>& asks, RecordStore& store) {
  ServerChannels& channels = *channels_;
  if (channels.sent == 0) channels.deadline = Clock::now() + std::chrono::milliseconds(channels.options.deadline_ms);
  if (const auto resolver = channels.channel({}); !resolver) return tl::unexpected(resolver.error());
  std::size_t open = 0;
  std::vector<Ask> plain, unused;
  for (const Ask& ask : asks) channels.send(ask, true, store, open, plain);
  channels.wait(open);
  for (const Ask& ask : plain) channels.send(ask, false, store, open, unused);
  channels.wait(open);
  return {};
}

unsigned Transport::sent() const { return channels_->sent; }

}  // namespace tightship::net
