#include "net/tls_connection.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

// Memory BIOs are between OpenSSL and the socket: what comes is counted, SIGPIPE cannot happen, and STARTTLS and
// hand-made hellos go the same way.

namespace tightship::net {
namespace {

const OpenSsl& ssl() { return *openssl(); }

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

bool parse_address(const std::string& text, std::uint16_t port, Address& out) {
  auto* v4 = reinterpret_cast<sockaddr_in*>(&out.storage);
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&out.storage);
  if (::inet_pton(AF_INET, text.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(port);
    out.size = sizeof(sockaddr_in);
  } else if (::inet_pton(AF_INET6, text.c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(port);
    out.size = sizeof(sockaddr_in6);
  }
  return out.size != 0;
}

bool is_address(const std::string& text) {
  Address ignored;
  return parse_address(text, 0, ignored);
}

int protocol_number(TlsVersion version) {
  switch (version) {
    case TlsVersion::Tls10: return TLS1_VERSION;
    case TlsVersion::Tls11: return TLS1_1_VERSION;
    case TlsVersion::Tls12: return TLS1_2_VERSION;
    case TlsVersion::Tls13: return TLS1_3_VERSION;
    case TlsVersion::Any: break;
  }
  return 0;
}

ProbeOutcome connect_outcome(int error) {
  if (error == ECONNREFUSED) return ProbeOutcome::Refused;
  return error == ETIMEDOUT ? ProbeOutcome::NoAnswer : ProbeOutcome::Unreachable;
}

}  // namespace

TlsConnection::TlsConnection(const ProbeContext& context, const ProbeLimits& limits, TlsProbe& probe)
    : context_(context), limits_(limits), probe_(probe), started_(Clock::now()) {}

void TlsConnection::finish(ProbeOutcome outcome, std::string failure) {
  probe_.outcome = outcome;
  probe_.failure = std::move(failure);
  probe_.seconds = std::chrono::duration<double>(Clock::now() - started_).count();
  ssl_.reset();
  socket_ = FileDescriptor();
}

void TlsConnection::start() {
  Address address;
  if (!parse_address(probe_.address, probe_.port, address)) {
    return finish(ProbeOutcome::Unreachable, "this is no IP address");
  }
  socket_ = FileDescriptor(::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket_) return finish(ProbeOutcome::Unreachable, std::strerror(errno));
  const int on = 1;
  ::setsockopt(fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(fd(), reinterpret_cast<const sockaddr*>(&address.storage), address.size) == 0) return connected();
  if (errno != EINPROGRESS) finish(connect_outcome(errno), std::strerror(errno));
}

short TlsConnection::events() const {
  return static_cast<short>(stage_ == Stage::Connecting || !outbox_.empty() ? POLLOUT : POLLIN);
}

TlsConnection::Clock::time_point TlsConnection::deadline() const {
  return started_ + (stage_ == Stage::Connecting ? std::min(limits_.connect, limits_.total) : limits_.total);
}

void TlsConnection::expire() {
  const double limit = std::chrono::duration<double>(deadline() - started_).count();
  if (stage_ == Stage::Connecting)
    return finish(ProbeOutcome::NoAnswer, fmt::format("no connection within {} s", limit));
  finish(ProbeOutcome::Slow, fmt::format("no handshake within {} s", limit));
}

void TlsConnection::connected() {
  if (probe_.starttls == StartTls::Smtp) {
    stage_ = Stage::StartTls;
    return;
  }
  begin_handshake();
}

void TlsConnection::begin_handshake() {
  if (probe_.hello) {
    stage_ = Stage::Hello;
    outbox_ += client_hello_bytes(*probe_.hello);
    return;
  }
  stage_ = Stage::Handshake;
  ssl_.reset(ssl().SSL_new(context_.state().context.get()));
  in_ = ssl().BIO_new(ssl().BIO_s_mem());
  out_ = ssl().BIO_new(ssl().BIO_s_mem());
  if (ssl_ == nullptr || in_ == nullptr || out_ == nullptr) return finish(ProbeOutcome::Failed, "out of memory");
  ssl().BIO_ctrl(in_, BIO_C_SET_BUF_MEM_EOF_RETURN, -1, nullptr);  // empty means "later", not "the end"
  ssl().SSL_set_bio(ssl_.get(), in_, out_);
  const int version = protocol_number(probe_.version);
  ssl().SSL_ctrl(ssl_.get(), SSL_CTRL_SET_MIN_PROTO_VERSION, version == 0 ? TLS1_VERSION : version, nullptr);
  ssl().SSL_ctrl(ssl_.get(), SSL_CTRL_SET_MAX_PROTO_VERSION, version, nullptr);
  ssl().SSL_ctrl(ssl_.get(), SSL_CTRL_SET_TLSEXT_STATUS_REQ_TYPE, TLSEXT_STATUSTYPE_ocsp, nullptr);
  if (!probe_.server_name.empty() && !is_address(probe_.server_name)) {
    ssl().SSL_ctrl(ssl_.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                   const_cast<char*>(probe_.server_name.c_str()));
  }
  if (probe_.starttls == StartTls::No) {
    static constexpr unsigned char kAlpn[] = "\x02h2\x08http/1.1";
    ssl().SSL_set_alpn_protos(ssl_.get(), kAlpn, sizeof kAlpn - 1);
  }
  ssl().SSL_set_connect_state(ssl_.get());
  shake_hands();
}

void TlsConnection::advance() {
  if (stage_ == Stage::Connecting) {
    int error = 0;
    socklen_t size = sizeof error;
    if (::getsockopt(fd(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
    if (error != 0) return finish(connect_outcome(error), std::strerror(error));
    connected();
  } else if (outbox_.empty()) {
    receive();
  }
  if (!done()) send_pending();
}

void TlsConnection::send_pending() {
  while (!outbox_.empty()) {
    const ssize_t sent = ::send(fd(), outbox_.data(), outbox_.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      outbox_.erase(0, static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      return;
    } else if (errno != EINTR) {
      outbox_.clear();  // an alert or the end may still be there to be read
      return;
    }
  }
}

void TlsConnection::receive() {
  std::array<char, 16 * 1024> buffer;
  const ssize_t size = ::recv(fd(), buffer.data(), buffer.size(), 0);
  if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return;
  if (size <= 0) return end_of_stream();
  received_ += static_cast<std::size_t>(size);
  if (received_ > kMaxProbeBytes)
    return finish(ProbeOutcome::NotTls, "it sends over 1 MB before the handshake is done");
  take({buffer.data(), static_cast<std::size_t>(size)});
}

void TlsConnection::take(std::string_view received) {
  if (stage_ == Stage::StartTls) {
    const SmtpDialogue::State state = smtp_.feed(received);
    outbox_ += smtp_.take_to_send();
    if (state == SmtpDialogue::State::Failed) return finish(ProbeOutcome::NoStartTls, smtp_.reason());
    if (state == SmtpDialogue::State::Ready) begin_handshake();
  } else if (stage_ == Stage::Hello) {
    hello_answer_ += received;
    probe_.answer = read_hello_answer(as_bytes(hello_answer_));
    if (probe_.answer.reply == HelloReply::Accepted) finish(ProbeOutcome::Done);
    if (probe_.answer.reply == HelloReply::Alert) finish(ProbeOutcome::Alert, alert_words(probe_.answer.alert));
    if (probe_.answer.reply == HelloReply::NotTls) finish(ProbeOutcome::NotTls, "what it answers is no TLS");
  } else {
    ssl().BIO_write(in_, received.data(), static_cast<int>(received.size()));
    shake_hands();
  }
}

void TlsConnection::end_of_stream() {
  if (stage_ == Stage::StartTls) return finish(ProbeOutcome::NoStartTls, "it closed the connection before STARTTLS");
  finish(ProbeOutcome::Closed, "it closed the connection during the handshake");
}

void TlsConnection::shake_hands() {
  ssl().ERR_clear_error();
  const int result = ssl().SSL_do_handshake(ssl_.get());
  const int error = result == 1 ? SSL_ERROR_NONE : ssl().SSL_get_error(ssl_.get(), result);
  std::array<char, 4096> buffer;
  for (int size = 0; (size = ssl().BIO_read(out_, buffer.data(), static_cast<int>(buffer.size()))) > 0;) {
    outbox_.append(buffer.data(), static_cast<std::size_t>(size));
  }
  if (result == 1) {
    collect();
    send_pending();  // a polite server waits for the last message
    return finish(ProbeOutcome::Done);
  }
  if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) handshake_failed();
}

void TlsConnection::handshake_failed() {
  const unsigned long code = ssl().ERR_peek_error();
  const int reason = ERR_GET_REASON(code);
  const char* words = ssl().ERR_reason_error_string(code);
  ssl().ERR_clear_error();
  send_pending();
  if (reason >= SSL_AD_REASON_OFFSET) {
    return finish(ProbeOutcome::Alert, alert_words(static_cast<unsigned>(reason - SSL_AD_REASON_OFFSET)));
  }
  if (reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_HTTP_REQUEST || reason == SSL_R_UNEXPECTED_MESSAGE ||
      reason == SSL_R_BAD_RECORD_TYPE || reason == SSL_R_PACKET_LENGTH_TOO_LONG ||
      reason == SSL_R_HTTPS_PROXY_REQUEST) {
    return finish(ProbeOutcome::NotTls, "what it answers is no TLS");
  }
  finish(ProbeOutcome::Failed, words == nullptr ? "the handshake failed" : words);
}

void TlsConnection::collect() {
  probe_.protocol = ssl().SSL_get_version(ssl_.get());
  if (const SSL_CIPHER* cipher = ssl().SSL_get_current_cipher(ssl_.get())) {
    probe_.cipher = ssl().SSL_CIPHER_get_name(cipher);
    const int exchange = ssl().SSL_CIPHER_get_kx_nid(cipher);
    probe_.forward_secrecy = exchange == NID_kx_any || exchange == NID_kx_ecdhe || exchange == NID_kx_dhe;
  }
  const unsigned char* alpn = nullptr;
  unsigned length = 0;
  ssl().SSL_get0_alpn_selected(ssl_.get(), &alpn, &length);
  if (alpn != nullptr) probe_.alpn.assign(reinterpret_cast<const char*>(alpn), length);
  unsigned char* staple = nullptr;
  const long size = ssl().SSL_ctrl(ssl_.get(), SSL_CTRL_GET_TLSEXT_STATUS_REQ_OCSP_RESP, 0, &staple);
  if (size > 0 && staple != nullptr) {
    probe_.staple.assign(reinterpret_cast<const char*>(staple), static_cast<std::size_t>(size));
  }
  collect_chain();
}

void TlsConnection::collect_chain() {
  const STACK_OF(X509)* chain = ssl().SSL_get_peer_cert_chain(ssl_.get());
  for (int i = 0; i < stack_size(chain); ++i) {
    unsigned char* der = nullptr;
    const int size = ssl().i2d_X509(stack_item<X509>(chain, i), &der);
    if (size <= 0) continue;
    probe_.chain.emplace_back(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
    ssl().CRYPTO_free(der, __FILE__, __LINE__);
  }
}

}  // namespace tightship::net
