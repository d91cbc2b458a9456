#pragma once

// The client's side of SMTP up to STARTTLS (RFC 3207). Knows no sockets: it is fed what the server says and tells
// what to say next. Bounded: more than kMaxSmtpBytes without an answer to act on is a failure.

#include <cstdint>
#include <string>
#include <string_view>

namespace tightship::net {

inline constexpr std::size_t kMaxSmtpBytes = 8 * 1024;

class SmtpDialogue {
 public:
  enum class State : std::uint8_t {
    Talking,  // to_send() may hold something
    Ready,    // the TLS handshake may begin
    Failed,   // reason() says why
  };
  State feed(std::string_view received);
  State state() const { return state_; }
  // What is to be sent now; the next call gives nothing until more was fed.
  std::string take_to_send();
  // "the server does not offer STARTTLS", "it answered 554 ...": what the server said is raw.
  const std::string& reason() const { return reason_; }
  bool offers_no_starttls() const { return no_starttls_; }

 private:
  enum class Step : std::uint8_t { Greeting, Ehlo, StartTls };
  void take_line(std::string_view line);
  void take_reply(unsigned code, std::string_view last_line);
  void fail(std::string reason);

  State state_ = State::Talking;
  Step step_ = Step::Greeting;
  std::string pending_, to_send_, reason_;
  std::size_t total_ = 0;
  bool starttls_ = false, no_starttls_ = false;
};

}  // namespace tightship::net
