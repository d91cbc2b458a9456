#pragma once

// The form of a cache file: "TSCACHE1", the key it was written for (32 bytes), a payload, and the
// SHA-256 of all that. Numbers of the payload are little-endian.
//
// A cache file is foreign bytes: it may be cut, mixed up, of another version, or made to hurt. The
// digest finds damage; everything that a payload says is checked again by whoever reads it, since a
// digest says nothing about intent. Whatever is wrong: the file counts as not there.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/oid.h"

namespace tightship::scan {

using CacheKey = Oid;  // a SHA-256

// SHA-256 under a domain of our own, of `text`.
CacheKey cache_digest(std::string_view text);

std::string seal(const CacheKey& key, std::string_view payload);
// The payload; nothing when `file` is damaged or was written for another key. A view of `file`.
std::optional<std::string_view> unseal(const CacheKey& key, std::string_view file);

class CacheWriter {
 public:
  void u8(std::uint8_t value) { out_.push_back(static_cast<char>(value)); }
  void u32(std::uint32_t value) { number(value, 4); }
  void u64(std::uint64_t value) { number(value, 8); }
  void text(std::string_view value) {
    u32(static_cast<std::uint32_t>(value.size()));
    out_ += value;
  }
  void raw(Bytes value) { out_ += as_text(value); }
  void reserve(std::size_t bytes) { out_.reserve(out_.size() + bytes); }
  const std::string& str() const { return out_; }
  std::string take() { return std::move(out_); }

 private:
  void number(std::uint64_t value, unsigned bytes) {
    char buffer[8];
    for (unsigned i = 0; i < bytes; ++i) buffer[i] = static_cast<char>(value >> (8 * i) & 255);
    out_.append(buffer, bytes);
  }
  std::string out_;
};

// Never reads past the end: after the first thing that is not there, ok() is false and all answers are
// zero or empty.
class CacheReader {
 public:
  explicit CacheReader(std::string_view in) : in_(in) {}
  bool ok() const { return ok_; }
  bool at_end() const { return ok_ && at_ == in_.size(); }
  std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
  std::uint64_t u64() { return number(8); }
  std::string_view text() { return bytes(u32()); }
  std::string_view bytes(std::size_t size) {
    if (!has(size)) return {};
    at_ += size;
    return in_.substr(at_ - size, size);
  }
  // How many elements follow, each of at least `size` bytes: never more than there is room for, so
  // that a count can be allocated.
  std::uint32_t count(std::size_t size) {
    const std::uint32_t n = u32();
    if (n > (in_.size() - at_) / size) return refuse(), 0;
    return n;
  }
  void refuse() { ok_ = false; }
  bool require(bool condition) {
    ok_ &= condition;
    return ok_;
  }

 private:
  bool has(std::size_t size) {
    ok_ &= size <= in_.size() - at_;
    return ok_;
  }
  std::uint64_t number(unsigned size) {
    if (!has(size)) return 0;
    std::uint64_t value = 0;
    for (unsigned i = 0; i < size; ++i) {
      value |= std::uint64_t{static_cast<std::uint8_t>(in_[at_ + i])} << (8 * i);
    }
    at_ += size;
    return value;
  }

  std::string_view in_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace tightship::scan
