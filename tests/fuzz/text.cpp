// Transcoding and locating: positions never leave the original, and never run backwards.

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "scan/text.h"

namespace {

using namespace tightship;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_transcoded(Bytes content, scan::Encoding encoding) {
  const scan::Transcoded out = scan::transcode(content, encoding);
  std::uint64_t last = 0;
  for (std::uint64_t i = 0; i <= out.text.size(); ++i) {
    const std::uint64_t original = out.original_offset(i);
    require(original >= last && original <= content.size());
    last = original;
  }
  require(last == content.size());
}

void check_locate(Bytes content, std::size_t begin, std::size_t end) {
  const detect::Position at = scan::locate(content, begin, end);
  std::uint32_t line = 1, column = 1;
  for (std::size_t i = 0; i < begin; ++i) {
    column = content[i] == '\n' ? 1 : column + 1;
    line += content[i] == '\n' ? 1 : 0;
  }
  require(at.line == line && at.column == column && at.end_line >= line);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes content{data, size};
  using scan::Encoding;
  for (const Encoding encoding : {Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Utf32Le, Encoding::Utf32Be}) {
    check_transcoded(content, encoding);
  }
  const std::size_t begin = size == 0 ? 0 : data[0] % (size + 1);
  check_locate(content, begin, begin + (size - begin) / 2);
  const Encoding guessed = scan::detect_encoding(content);
  require(guessed == scan::detect_encoding(content.first(std::min<std::size_t>(size, 1024))));
  scan::compressed_media(content);
  return 0;
}
