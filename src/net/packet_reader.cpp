#include "net/packet_reader.h"

#include "net/dns_name.h"

namespace tightship::net {
namespace {

constexpr std::uint8_t kPointer = 0xc0;

}  // namespace

bool PacketReader::take(std::size_t count) {
  if (!ok_ || count > left()) {
    fail();
    return false;
  }
  at_ += count;
  return true;
}

std::uint8_t PacketReader::u8() { return take(1) ? packet_[at_ - 1] : std::uint8_t{0}; }

std::uint16_t PacketReader::u16() {
  if (!take(2)) return 0;
  return static_cast<std::uint16_t>(packet_[at_ - 2] << 8 | packet_[at_ - 1]);
}

std::uint32_t PacketReader::u32() {
  const std::uint32_t high = u16();
  return high << 16 | u16();
}

std::string PacketReader::bytes(std::size_t count) {
  if (!take(count)) return {};
  return std::string(as_text(packet_.subspan(at_ - count, count)));
}

// Labels are read at `from`; after the first pointer, `at_` stays where the name ends in this record. `lowest` is
// what the next pointer must stay below: it falls with each one, so their number is bounded by the message.
std::string PacketReader::name() {
  std::string text;
  std::size_t octets = 1, from = at_, lowest = at_, end = end_;
  bool jumped = false;
  while (ok_) {
    if (from >= end) return fail(), std::string();
    const std::uint8_t length = packet_[from];
    if (length == 0) {
      if (!jumped) at_ = from + 1;
      return text;
    }
    if ((length & kPointer) == kPointer) {
      if (from + 1 >= end) return fail(), std::string();
      const std::size_t target = static_cast<std::size_t>(length & 0x3f) << 8 | packet_[from + 1];
      if (!jumped) at_ = from + 2;
      if (target >= lowest) return fail(), std::string();
      jumped = true;
      from = lowest = target;
      end = packet_.size();
      continue;
    }
    octets += length + 1u;
    if ((length & kPointer) != 0 || octets > kMaxNameOctets || length >= end - from) return fail(), std::string();
    if (!text.empty()) text += '.';
    append_label(text, as_text(packet_.subspan(from + 1, length)));
    from += length + 1u;
  }
  return {};
}

}  // namespace tightship::net
