#include "unpack/format.h"

#include <algorithm>
#include <array>

namespace tightship::unpack {
namespace {

using namespace std::string_view_literals;

struct Signature {
  std::string_view bytes;
  Format format;
};

constexpr Signature kSignatures[] = {
    {"\x1f\x8b\x08"sv, Format::Gzip},
    {"\xfd\x37zXZ\0"sv, Format::Xz},
    {"\x28\xb5\x2f\xfd"sv, Format::Zstd},
    {"\x04\x22\x4d\x18"sv, Format::Lz4},
    {"LZIP\x01"sv, Format::Lzip},
    {"7z\xbc\xaf\x27\x1c"sv, Format::SevenZip},
    {"PK\x05\x06\0\0\0\0"sv, Format::Zip},  // without members
    {"\xed\xab\xee\xdb\x03"sv, Format::Rpm},
    {"%PDF-"sv, Format::Pdf},
    {"!<arch>\ndebian-"sv, Format::Deb},  // of a library the members lie open: nothing to gain
};

// The newest version that a local header may ask for (APPNOTE 4.4.3.2), with room to grow.
constexpr unsigned char kMaxZipVersion = 99;

bool is_zip(std::string_view head) {
  if (head.starts_with("PK\x07\x08"sv)) head.remove_prefix(4);  // what is left of a split archive
  return head.size() >= 8 && head.starts_with("PK\x03\x04"sv) && static_cast<unsigned char>(head[4]) <= kMaxZipVersion;
}

// "BZh", the level, and the magic of a block or of the end.
bool is_bzip2(std::string_view head) {
  return head.size() >= 10 && head.starts_with("BZh"sv) && head[3] >= '1' && head[3] <= '9' &&
         (head.substr(4, 6) == "\x31\x41\x59\x26\x53\x59"sv || head.substr(4, 6) == "\x17\x72\x45\x38\x50\x90"sv);
}

// "newc" with and without checksum; the inode follows in hexadecimal.
bool is_cpio(std::string_view head) {
  if (head.size() < 14 || (!head.starts_with("070701"sv) && !head.starts_with("070702"sv))) return false;
  return std::all_of(head.begin() + 6, head.begin() + 14,
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); });
}

constexpr std::size_t kZipEnd = 22;

std::uint64_t little(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

// The end record of a central directory without a comment, at the very end (APPNOTE 4.3.16). It says how
// many members there are, how long their directory is, and where it begins.
bool ends_as_zip(std::string_view content) {
  if (content.size() < 2 * kZipEnd) return false;
  const std::string_view end = content.substr(content.size() - kZipEnd);
  if (!end.starts_with("PK\x05\x06\0\0\0\0"sv) || end.substr(20) != "\0\0"sv) return false;
  const std::uint64_t members = little(end.substr(8, 2)), directory = little(end.substr(12, 4));
  if (members == 0 || members != little(end.substr(10, 2))) return false;
  if (directory + little(end.substr(16, 4)) + kZipEnd > content.size()) return false;
  return content.substr(content.size() - kZipEnd - directory).starts_with("PK\x01\x02"sv);
}

constexpr std::size_t kTarMark = 257, kTarSum = 148, kTarSumSize = 8;

// The sum of a header's bytes, its own field counted as blanks.
std::uint32_t tar_sum(std::string_view header) {
  std::uint32_t sum = kTarSumSize * ' ';
  for (std::size_t i = 0; i < kFormatHead; ++i) {
    if (i < kTarSum || i >= kTarSum + kTarSumSize) sum += static_cast<unsigned char>(header[i]);
  }
  return sum;
}

bool is_tar(std::string_view content) {
  if (content.size() < kFormatHead || content.substr(kTarMark, 5) != "ustar"sv) return false;
  std::uint32_t stated = 0;
  std::string_view digits = content.substr(kTarSum, kTarSumSize);
  while (digits.starts_with(' ')) digits.remove_prefix(1);
  for (const char c : digits) {
    if (c < '0' || c > '7') break;
    stated = stated * 8 + static_cast<std::uint32_t>(c - '0');
  }
  return stated == tar_sum(content);
}

}  // namespace

std::string_view format_name(Format format) {
  constexpr std::array kNames = {""sv,    "zip"sv,  "7z"sv,    "tar"sv, "cpio"sv, "deb"sv,  "rpm"sv, "zip"sv,
                                 "pdf"sv, "gzip"sv, "bzip2"sv, "xz"sv,  "lzip"sv, "zstd"sv, "lz4"sv};
  return kNames[static_cast<std::size_t>(format)];
}

Format format_of(Bytes content) {
  const std::string_view head = as_text(content.first(std::min(content.size(), kFormatHead)));
  for (const Signature& signature : kSignatures) {
    if (head.starts_with(signature.bytes)) return signature.format;
  }
  if (is_zip(head)) return Format::Zip;
  if (is_bzip2(head)) return Format::Bzip2;
  if (is_cpio(head)) return Format::Cpio;
  if (is_tar(head)) return Format::Tar;
  return ends_as_zip(as_text(content)) ? Format::ZipBehind : Format::None;
}

bool may_begin_container(Bytes head) {
  return format_of(head.first(std::min<std::size_t>(head.size(), 16))) != Format::None;
}

Bytes zip_behind(Bytes content) {
  const std::string_view end = as_text(content).substr(content.size() - kZipEnd);
  return content.subspan(content.size() - kZipEnd - little(end.substr(12, 4)) - little(end.substr(16, 4)));
}

bool lies_open(Format format) {
  return format == Format::Zip || format == Format::Tar || format == Format::Cpio || format == Format::Deb ||
         has_more_than_members(format);
}

bool has_more_than_members(Format format) { return format == Format::ZipBehind || format == Format::Pdf; }

}  // namespace tightship::unpack
