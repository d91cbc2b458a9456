#include "net/smtp_dialogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace tightship::net {
namespace {

constexpr std::size_t kQuoted = 120;  // of what the server said

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool equal_ignoring_case(std::string_view a, std::string_view upper) {
  return std::equal(a.begin(), a.end(), upper.begin(), upper.end(),
                    [](char x, char y) { return (x >= 'a' && x <= 'z' ? static_cast<char>(x - 32) : x) == y; });
}

}  // namespace

SmtpDialogue::State SmtpDialogue::feed(std::string_view received) {
  total_ += received.size();
  pending_ += received;
  while (state_ == State::Talking) {
    const std::size_t end = pending_.find('\n');
    if (end == std::string::npos) break;
    std::string line = pending_.substr(0, end);
    pending_.erase(0, end + 1);
    if (line.ends_with('\r')) line.pop_back();
    take_line(line);
  }
  if (state_ == State::Talking && total_ > kMaxSmtpBytes) fail("it says more than 8 kB before STARTTLS");
  // Whatever follows the last answer was said in the clear, perhaps by somebody else.
  if (state_ == State::Ready && !pending_.empty()) fail("it says more after its answer to STARTTLS");
  return state_;
}

void SmtpDialogue::take_line(std::string_view line) {
  if (line.size() < 3 || !is_digit(line[0]) || !is_digit(line[1]) || !is_digit(line[2]) ||
      (line.size() > 3 && line[3] != ' ' && line[3] != '-')) {
    return fail(fmt::format("it does not speak SMTP: {}", line.substr(0, kQuoted)));
  }
  const auto digit = [&](std::size_t at) { return static_cast<unsigned>(line[at] - '0'); };
  const std::string_view text = line.size() > 4 ? line.substr(4) : std::string_view();
  if (step_ == Step::Ehlo && equal_ignoring_case(text.substr(0, text.find(' ')), "STARTTLS")) starttls_ = true;
  if (line.size() > 3 && line[3] == '-') return;
  take_reply(digit(0) * 100 + digit(1) * 10 + digit(2), line);
}

void SmtpDialogue::take_reply(unsigned code, std::string_view last_line) {
  const unsigned wanted = step_ == Step::Ehlo ? 250 : 220;
  if (code != wanted) return fail(fmt::format("it answered {}", last_line.substr(0, kQuoted)));
  if (step_ == Step::Greeting) {
    step_ = Step::Ehlo;
    to_send_ += "EHLO localhost\r\n";
  } else if (step_ == Step::Ehlo) {
    no_starttls_ = !starttls_;
    if (no_starttls_) return fail("it does not offer STARTTLS");
    step_ = Step::StartTls;
    to_send_ += "STARTTLS\r\n";  // behind EHLO, should the server have spoken before its turn
  } else {
    state_ = State::Ready;
  }
}

void SmtpDialogue::fail(std::string reason) {
  state_ = State::Failed;
  reason_ = std::move(reason);
}

std::string SmtpDialogue::take_to_send() { return std::exchange(to_send_, {}); }

}  // namespace tightship::net
