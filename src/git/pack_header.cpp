#include "git/pack_header.h"

namespace tightship::git {
namespace {

bool read_size(Bytes bytes, std::size_t& at, EntryHeader& header) {
  if (bytes.empty()) return false;
  std::uint8_t byte = bytes[at++];
  header.type = byte >> 4 & 7;
  header.size = byte & 15u;
  for (unsigned shift = 4; byte >= 128; shift += 7) {
    if (at == bytes.size() || shift > 56) return false;
    byte = bytes[at++];
    header.size |= std::uint64_t{byte & 127u} << shift;
  }
  return true;
}

// Big-endian base 128 in which every continuation adds one, so that each number has one spelling.
bool read_distance(Bytes bytes, std::size_t& at, std::uint64_t& distance) {
  if (at == bytes.size()) return false;
  std::uint8_t byte = bytes[at++];
  distance = byte & 127u;
  while (byte >= 128) {
    if (at == bytes.size() || distance > (std::uint64_t{1} << 55)) return false;
    byte = bytes[at++];
    distance = ((distance + 1) << 7) | (byte & 127u);
  }
  return distance != 0;
}

}  // namespace

bool read_entry_header(Bytes bytes, std::size_t oid_size, EntryHeader& header) {
  header = {};
  std::size_t at = 0;
  if (!read_size(bytes, at, header)) return false;
  if (header.type == 0 || header.type == 5) return false;
  if (header.type == kOffsetDelta && !read_distance(bytes, at, header.base_distance)) return false;
  if (header.type == kReferenceDelta) {
    if (bytes.size() - at < oid_size) return false;
    header.base_oid = bytes.subspan(at, oid_size);
    at += oid_size;
  }
  header.length = static_cast<std::uint32_t>(at);
  return true;
}

}  // namespace tightship::git
