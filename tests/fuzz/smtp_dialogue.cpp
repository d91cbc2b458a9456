// A mail server's side of the talk before STARTTLS, in pieces whose length the first byte says.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "net/smtp_dialogue.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using tightship::net::SmtpDialogue;
  if (size == 0) return 0;
  const std::size_t step = std::max<std::size_t>(data[0], 1);
  std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  SmtpDialogue dialogue;
  std::string sent;
  while (!rest.empty() && dialogue.state() == SmtpDialogue::State::Talking) {
    dialogue.feed(rest.substr(0, step));
    rest.remove_prefix(std::min(step, rest.size()));
    sent += dialogue.take_to_send();
  }
  // Only these two lines are ever said, in this order, and a handshake begins after both only.
  const std::string_view all = "EHLO localhost\r\nSTARTTLS\r\n";
  if (!all.starts_with(sent)) std::abort();
  if (dialogue.state() == SmtpDialogue::State::Ready && sent != all) std::abort();
  if (dialogue.state() == SmtpDialogue::State::Failed && dialogue.reason().empty()) std::abort();
  return 0;
}
