#include "bundle/packed.h"

#include <brotli/decode.h>
#include <zlib.h>

#include <algorithm>
#include <memory>

namespace tightship::bundle {
namespace {

constexpr std::size_t kPiece = std::size_t{64} << 10;

struct InflateEnd {
  void operator()(z_stream* stream) const { inflateEnd(stream); }
};
struct BrotliEnd {
  void operator()(BrotliDecoderState* state) const { BrotliDecoderDestroyInstance(state); }
};

tl::unexpected<Error> corrupt(std::string_view format) {
  return fail(ErrorKind::Corrupt, std::string(format) + " data is damaged or ends early");
}
tl::unexpected<Error> too_large() { return fail(ErrorKind::Limit, "unpacks to more than is looked at"); }

const Bytef* as_zlib(std::string_view bytes) { return reinterpret_cast<const Bytef*>(bytes.data()); }

// One member after the other, as gzip has it.
Result<std::string> gunzip(std::string_view bytes, std::uint64_t most) {
  z_stream stream{};
  if (inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK) return fail(ErrorKind::Io, "zlib cannot be set up");
  const std::unique_ptr<z_stream, InflateEnd> owner(&stream);
  stream.next_in = const_cast<Bytef*>(as_zlib(bytes));  // zlib does not write there
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::string out;
  for (;;) {
    const std::size_t begin = out.size();
    if (begin > most) return too_large();
    out.resize(begin + kPiece);
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + begin);
    stream.avail_out = kPiece;
    const int said = inflate(&stream, Z_NO_FLUSH);
    out.resize(out.size() - stream.avail_out);
    if (said == Z_STREAM_END) {
      if (stream.avail_in == 0) break;
      if (inflateReset(&stream) != Z_OK) return corrupt("gzip");
    } else if (said != Z_OK || (stream.avail_in == 0 && stream.avail_out > 0)) {
      return corrupt("gzip");
    }
  }
  if (out.size() > most) return too_large();
  return out;
}

Result<std::string> unbrotli(std::string_view bytes, std::uint64_t most) {
  const std::unique_ptr<BrotliDecoderState, BrotliEnd> state(BrotliDecoderCreateInstance(nullptr, nullptr, nullptr));
  if (!state) return fail(ErrorKind::Io, "brotli cannot be set up");
  auto next_in = reinterpret_cast<const std::uint8_t*>(bytes.data());
  std::size_t left = bytes.size();
  std::string out;
  for (;;) {
    const std::size_t begin = out.size();
    if (begin > most) return too_large();
    out.resize(begin + kPiece);
    auto next_out = reinterpret_cast<std::uint8_t*>(out.data() + begin);
    std::size_t room = kPiece;
    const auto said = BrotliDecoderDecompressStream(state.get(), &left, &next_in, &room, &next_out, nullptr);
    out.resize(out.size() - room);
    if (said == BROTLI_DECODER_RESULT_SUCCESS) break;
    if (said != BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) return corrupt("brotli");
  }
  if (left > 0) return corrupt("brotli");
  if (out.size() > most) return too_large();
  return out;
}

std::uint32_t little_endian(std::string_view bytes) {
  std::uint32_t out = 0;
  for (std::size_t i = 0; i < 4; ++i) out |= std::uint32_t{static_cast<std::uint8_t>(bytes[i])} << (8 * i);
  return out;
}

}  // namespace

Packing packing_of(std::string_view path) {
  static constexpr std::string_view kTexts[] = {".js",  ".mjs", ".cjs", ".css", ".html", ".htm", ".json",
                                                ".map", ".svg", ".xml", ".txt", ".rsc",  ".sql", ".webmanifest"};
  const bool gzip = path.ends_with(".gz");
  if (!gzip && !path.ends_with(".br")) return Packing::None;
  const std::string_view inner = path.substr(0, path.size() - 3);
  const bool text = std::any_of(std::begin(kTexts), std::end(kTexts),
                                [&](std::string_view ending) { return inner.ends_with(ending); });
  return !text ? Packing::None : gzip ? Packing::Gzip : Packing::Brotli;
}

std::string_view unpacked_name(std::string_view path) {
  return packing_of(path) == Packing::None ? path : path.substr(0, path.size() - 3);
}

Result<std::string> unpack_file(Packing packing, std::string_view bytes, std::uint64_t most) {
  if (bytes.size() > kMaxPacked) return fail(ErrorKind::Limit, "larger than what is unpacked");
  switch (packing) {
    case Packing::Gzip: return gunzip(bytes, most);
    case Packing::Brotli: return unbrotli(bytes, most);
    case Packing::None: break;
  }
  return std::string(bytes);
}

bool is_packed_form_of(Packing packing, std::string_view bytes, std::string_view plain) {
  if (packing == Packing::Gzip) {
    if (bytes.size() < 18 || plain.size() > kMaxUnpacked) return false;
    const std::string_view tail = bytes.substr(bytes.size() - 8);
    if (little_endian(tail.substr(4)) != static_cast<std::uint32_t>(plain.size())) return false;
    return little_endian(tail) == crc32(0, as_zlib(plain), static_cast<uInt>(plain.size()));
  }
  const auto unpacked = unpack_file(packing, bytes, plain.size());
  return unpacked && *unpacked == plain;
}

}  // namespace tightship::bundle
