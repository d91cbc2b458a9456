#pragma once

// One probe as a state machine over a non-blocking socket. For tls_probe.cpp.

#include <chrono>
#include <optional>
#include <string>

#include "base/file.h"
#include "net/openssl_library.h"
#include "net/smtp_dialogue.h"
#include "net/tls_probe.h"

namespace tightship::net {

struct ProbeContext::State {
  Owned<SSL_CTX, &OpenSsl::SSL_CTX_free> context;
};

class TlsConnection {
 public:
  using Clock = std::chrono::steady_clock;
  TlsConnection(const ProbeContext& context, const ProbeLimits& limits, TlsProbe& probe);
  TlsConnection(const TlsConnection&) = delete;
  TlsConnection& operator=(const TlsConnection&) = delete;

  void start();
  bool done() const { return probe_.outcome != ProbeOutcome::Pending; }
  int fd() const { return socket_.get(); }
  short events() const;  // for poll
  Clock::time_point deadline() const;
  void advance();  // after poll said that something happened
  void expire();   // the deadline has passed
  std::size_t host() const { return probe_.host; }

 private:
  enum class Stage : std::uint8_t { Connecting, StartTls, Handshake, Hello };
  void finish(ProbeOutcome outcome, std::string failure = {});
  void connected();
  void begin_handshake();
  void send_pending();
  void receive();
  void take(std::string_view received);
  void end_of_stream();
  void shake_hands();
  void handshake_failed();
  void collect();
  void collect_chain();

  const ProbeContext& context_;
  const ProbeLimits limits_;
  TlsProbe& probe_;
  FileDescriptor socket_;
  Stage stage_ = Stage::Connecting;
  Clock::time_point started_;
  Owned<SSL, &OpenSsl::SSL_free> ssl_;
  BIO* in_ = nullptr;  // owned by ssl_
  BIO* out_ = nullptr;
  SmtpDialogue smtp_;
  std::string outbox_, hello_answer_;
  std::size_t received_ = 0;
};

}  // namespace tightship::net
