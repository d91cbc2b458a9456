#pragma once

// A cursor over one DNS message. Reading past the end gives zeros and makes ok() false, for good.

#include <cstdint>
#include <string>

#include "base/bytes.h"

namespace tightship::net {

class PacketReader {
 public:
  PacketReader(Bytes packet, std::size_t at, std::size_t end) : packet_(packet), at_(at), end_(end) {}

  bool ok() const { return ok_; }
  std::size_t at() const { return at_; }
  std::size_t left() const { return end_ - at_; }
  std::uint8_t u8();
  std::uint16_t u16();
  std::uint32_t u32();
  std::string bytes(std::size_t count);
  std::string rest() { return bytes(left()); }
  // A name, which must begin before the end; compression may lead to any earlier byte of the message.
  std::string name();
  void fail() {
    ok_ = false;
    at_ = end_;
  }

 private:
  bool take(std::size_t count);

  Bytes packet_;
  std::size_t at_, end_;
  bool ok_ = true;
};

}  // namespace tightship::net
