#include "git/inflate.h"

#include <libdeflate.h>
#include <zlib.h>

#include <algorithm>

namespace tightship::git {

struct Inflater::Impl {
  libdeflate_decompressor* whole = libdeflate_alloc_decompressor();
  z_stream head{};
  bool head_ready = false;

  Impl() = default;
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    libdeflate_free_decompressor(whole);
    if (head_ready) inflateEnd(&head);
  }
};

Inflater::Inflater() : impl_(std::make_unique<Impl>()) {}
Inflater::~Inflater() = default;
Inflater::Inflater(Inflater&&) noexcept = default;
Inflater& Inflater::operator=(Inflater&&) noexcept = default;

Result<std::size_t> Inflater::inflate(Bytes packed, std::uint8_t* out, std::size_t size) {
  std::size_t consumed = 0;
  std::size_t produced = 0;
  const libdeflate_result result =
      libdeflate_zlib_decompress_ex(impl_->whole, packed.data(), packed.size(), out, size, &consumed, &produced);
  if (result == LIBDEFLATE_INSUFFICIENT_SPACE) {
    return fail(ErrorKind::Corrupt, "zlib stream is longer than its object says");
  }
  if (result != LIBDEFLATE_SUCCESS) return fail(ErrorKind::Corrupt, "zlib stream is damaged");
  if (produced != size) return fail(ErrorKind::Corrupt, "zlib stream is shorter than its object says");
  return consumed;
}

std::size_t Inflater::inflate_head(Bytes packed, std::uint8_t* out, std::size_t wanted) {
  z_stream& stream = impl_->head;
  if (!impl_->head_ready) {
    if (inflateInit(&stream) != Z_OK) return 0;
    impl_->head_ready = true;
  } else if (inflateReset(&stream) != Z_OK) {
    return 0;
  }
  // zlib only reads its input; the interface predates const.
  stream.next_in = const_cast<Bytef*>(packed.data());
  stream.avail_in = static_cast<uInt>(std::min<std::size_t>(packed.size(), 1 << 16));
  stream.next_out = out;
  stream.avail_out = static_cast<uInt>(wanted);
  const int status = ::inflate(&stream, Z_SYNC_FLUSH);
  if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) return 0;
  return wanted - stream.avail_out;
}

}  // namespace tightship::git
