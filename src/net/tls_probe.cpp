#include "net/tls_probe.h"

#include <poll.h>

#include <algorithm>
#include <map>

#include "net/openssl_library.h"
#include "net/tls_connection.h"

namespace tightship::net {
namespace {

using Clock = TlsConnection::Clock;

// The probes that wait, and the connections that are open.
class Group {
 public:
  Group(const ProbeContext& context, const ProbeLimits& limits, std::vector<TlsProbe>& probes)
      : context_(context), limits_(limits) {
    for (TlsProbe& probe : probes) waiting_.push_back(&probe);
  }

  void run() {
    while (!waiting_.empty() || !open_.empty()) {
      open_more();
      wait();
      close_done();
    }
  }

 private:
  void open_more() {
    std::vector<TlsProbe*> later;
    for (TlsProbe* probe : waiting_) {
      if (open_.size() >= kMaxAtOnce || at_host_[probe->host] >= kMaxAtOncePerHost) {
        later.push_back(probe);
        continue;
      }
      ++at_host_[probe->host];
      open_.push_back(std::make_unique<TlsConnection>(context_, limits_, *probe));
      open_.back()->start();
    }
    waiting_ = std::move(later);
  }

  void wait() {
    polled_.clear();
    Clock::time_point next = Clock::now() + limits_.total;
    for (const auto& connection : open_) {
      if (connection->done()) return;  // its place can be taken at once
      polled_.push_back({connection->fd(), connection->events(), 0});
      next = std::min(next, connection->deadline());
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - Clock::now()).count();
    ::poll(polled_.data(), polled_.size(), static_cast<int>(std::max<std::int64_t>(left, 0)));
    const Clock::time_point now = Clock::now();
    for (std::size_t i = 0; i < open_.size(); ++i) {
      if (polled_[i].revents != 0) open_[i]->advance();
      if (!open_[i]->done() && open_[i]->deadline() <= now) open_[i]->expire();
    }
  }

  void close_done() {
    std::erase_if(open_, [&](const auto& connection) {
      if (connection->done()) --at_host_[connection->host()];
      return connection->done();
    });
  }

  const ProbeContext& context_;
  const ProbeLimits limits_;
  std::vector<TlsProbe*> waiting_;
  std::vector<std::unique_ptr<TlsConnection>> open_;
  std::map<std::size_t, std::size_t> at_host_;
  std::vector<pollfd> polled_;
};

}  // namespace

ProbeContext::ProbeContext(std::unique_ptr<State> state) : state_(std::move(state)) {}
ProbeContext::ProbeContext(ProbeContext&&) noexcept = default;
ProbeContext::~ProbeContext() = default;

Result<ProbeContext> ProbeContext::make() {
  const OpenSsl* ssl = openssl();
  if (ssl == nullptr) {
    return fail(ErrorKind::Unsupported, "OpenSSL 3 cannot be loaded", {}, "apt-get install libssl3");
  }
  auto state = std::make_unique<State>();
  state->context.reset(ssl->SSL_CTX_new(ssl->TLS_client_method()));
  if (state->context == nullptr) return fail(ErrorKind::Io, "OpenSSL cannot make a context");
  // Weak servers must be seen, not hidden behind a handshake error; what they show is judged by the caller.
  ssl->SSL_CTX_set_security_level(state->context.get(), 0);
  ssl->SSL_CTX_set_cipher_list(state->context.get(), "ALL:COMPLEMENTOFALL:@SECLEVEL=0");
  // The usual ones first, then small ones: a server whose certificate has such a key must be heard too.
  char groups[] = "X25519:P-256:X448:P-521:P-384:ffdhe2048:ffdhe3072:secp224r1:prime192v1";
  ssl->SSL_CTX_ctrl(state->context.get(), SSL_CTRL_SET_GROUPS_LIST, 0, groups);
  // The chain is judged afterwards, with the authorities that were asked for; OpenSSL would build it here as well.
  ssl->SSL_CTX_set_cert_verify_callback(
      state->context.get(), [](X509_STORE_CTX*, void*) { return 1; }, nullptr);
  ssl->SSL_CTX_set_options(state->context.get(), SSL_OP_LEGACY_SERVER_CONNECT | SSL_OP_NO_TICKET);
  return ProbeContext(std::move(state));
}

void run_probes(const ProbeContext& context, const ProbeLimits& limits, std::vector<TlsProbe>& probes) {
  Group(context, limits, probes).run();
}

}  // namespace tightship::net
