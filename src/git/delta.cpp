#include "git/delta.h"

#include <cstring>

namespace tightship::git {
namespace {

// Little-endian base 128; at most 64 bits.
bool read_varint(Bytes bytes, std::size_t& at, std::uint64_t& value) {
  value = 0;
  for (unsigned shift = 0; shift < 63; shift += 7) {
    if (at == bytes.size()) return false;
    const std::uint8_t byte = bytes[at++];
    value |= std::uint64_t{byte & 127u} << shift;
    if (byte < 128) return true;
  }
  return false;
}

// The operands of a copy: bits 0-3 of `opcode` say which offset bytes follow, bits 4-6 which of the size.
// There are at most seven, so that one comparison mostly does for all of them, and they are counted near the end
// only; written out, since a loop over the bits took 6 % of an audit.
bool read_copy(Bytes delta, std::size_t& at, unsigned opcode, DeltaOp& op) {
  constexpr std::size_t kMostOperands = 7;
  const std::size_t left = delta.size() - at;
  if (left < kMostOperands && left < static_cast<std::size_t>(__builtin_popcount(opcode & 127))) return false;
  const std::uint8_t* next = delta.data() + at;
  std::uint32_t offset = 0, length = 0;
  if ((opcode & 1) != 0) offset = *next++;
  if ((opcode & 2) != 0) offset |= std::uint32_t{*next++} << 8;
  if ((opcode & 4) != 0) offset |= std::uint32_t{*next++} << 16;
  if ((opcode & 8) != 0) offset |= std::uint32_t{*next++} << 24;
  if ((opcode & 16) != 0) length = *next++;
  if ((opcode & 32) != 0) length |= std::uint32_t{*next++} << 8;
  if ((opcode & 64) != 0) length |= std::uint32_t{*next++} << 16;
  at = static_cast<std::size_t>(next - delta.data());
  op = {length == 0 ? 0x10000u : length, offset, true};
  return true;
}

tl::unexpected<Error> corrupt(const char* what) { return fail(ErrorKind::Corrupt, what); }

}  // namespace

Result<DeltaSizes> read_delta_sizes(Bytes delta, std::size_t& header_length) {
  DeltaSizes sizes;
  header_length = 0;
  if (!read_varint(delta, header_length, sizes.base) || !read_varint(delta, header_length, sizes.result)) {
    return corrupt("delta ends in its header");
  }
  return sizes;
}

Result<std::uint32_t> decode_delta(Bytes delta, std::uint64_t base_size, std::uint32_t max_result,
                                   std::vector<DeltaOp>& ops) {
  ops.clear();
  std::size_t at = 0;
  const auto sizes = read_delta_sizes(delta, at);
  if (!sizes) return tl::unexpected(sizes.error());
  if (sizes->base != base_size) return corrupt("delta was made for a base of another size");
  if (sizes->result > max_result) return fail(ErrorKind::Limit, "object is larger than the limit");
  std::uint64_t left = sizes->result;
  while (at < delta.size()) {
    const unsigned opcode = delta[at++];
    DeltaOp op;
    if ((opcode & 128) != 0) {
      if (!read_copy(delta, at, opcode, op)) return corrupt("delta ends in a copy");
      if (std::uint64_t{op.source} + op.length > base_size) {
        return corrupt("delta copies past the end of its base");
      }
    } else {
      if (opcode == 0) return corrupt("delta has a reserved instruction");
      op = {opcode, static_cast<std::uint32_t>(at), false};
      if (delta.size() - at < op.length) return corrupt("delta ends in an insert");
      at += op.length;
    }
    if (op.length > left) return corrupt("delta makes more than its size says");
    left -= op.length;
    ops.push_back(op);
  }
  if (left != 0) return corrupt("delta makes less than its size says");
  return static_cast<std::uint32_t>(sizes->result);
}

void apply_delta(Bytes base, Bytes delta, const std::vector<DeltaOp>& ops, std::uint8_t* out) {
  for (const DeltaOp& op : ops) {
    const std::uint8_t* from = (op.copy ? base : delta).data() + op.source;
    std::memcpy(out, from, op.length);
    out += op.length;
  }
}

}  // namespace tightship::git
