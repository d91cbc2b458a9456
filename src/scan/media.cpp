// The table behind compressed_media. Sources: the formats' own specifications (PNG, RFC 1952,
// APPNOTE.TXT, ISO/IEC 14496-12, W3C WOFF2 ...) and the IANA media type registrations.
//
// A file that is taken for media is not read any further, so a mistake here hides a secret. Hence
// the head must hold a control byte that text does not have, whatever the signature; and a zip whose
// first member is stored uncompressed is no media.

#include <algorithm>
#include <array>

#include "scan/text.h"

namespace tightship::scan {
namespace {

struct Signature {
  std::string_view bytes;
  std::string_view name;
};

using namespace std::string_view_literals;

constexpr Signature kSignatures[] = {
    {"\x89PNG\r\n\x1a\n"sv, "png"},
    {"\xff\xd8\xff"sv, "jpeg"},
    {"GIF87a"sv, "gif"},
    {"GIF89a"sv, "gif"},
    {"II*\0"sv, "tiff"},
    {"MM\0*"sv, "tiff"},
    {"\0\0\0\x0cJXL \r\n\x87\n"sv, "jpeg-xl"},
    {"\0\0\0\x0cjP  \r\n\x87\n"sv, "jpeg2000"},
    {"wOFF"sv, "woff"},
    {"wOF2"sv, "woff2"},
    {"OggS\0"sv, "ogg"},
    {"fLaC\0"sv, "flac"},
    {"\x1a\x45\xdf\xa3"sv, "matroska"},
    {"FLV\x01"sv, "flv"},
    {"\x30\x26\xb2\x75\x8e\x66\xcf\x11"sv, "asf"},
    {"\0\0\x01\xba"sv, "mpeg"},
    {"\0\0\x01\xb3"sv, "mpeg"},
    {"\x1f\x8b\x08"sv, "gzip"},
    {"\xfd\x37zXZ\0"sv, "xz"},
    {"\x28\xb5\x2f\xfd"sv, "zstd"},
    {"\x04\x22\x4d\x18"sv, "lz4"},
    {"LZIP\x01"sv, "lzip"},
    {"7z\xbc\xaf\x27\x1c"sv, "7z"},
    {"Rar!\x1a\x07"sv, "rar"},
    {"MSCF\0\0\0\0"sv, "cab"},
};

bool has_at(std::string_view head, std::size_t offset, std::string_view bytes) {
  return head.size() >= offset + bytes.size() && head.compare(offset, bytes.size(), bytes) == 0;
}

unsigned byte_at(std::string_view head, std::size_t i) { return static_cast<unsigned char>(head[i]); }

bool is_text_byte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 || byte == '\t' || byte == '\n' || byte == '\r' || byte == '\f';
}

bool has_control_byte(std::string_view head) { return !std::all_of(head.begin(), head.end(), is_text_byte); }

// "BZh", the level, and the magic of a block or of the end.
bool is_bzip2(std::string_view head) {
  return has_at(head, 0, "BZh"sv) && head.size() >= 10 && head[3] >= '1' && head[3] <= '9' &&
         (has_at(head, 4, "\x31\x41\x59\x26\x53\x59"sv) || has_at(head, 4, "\x17\x72\x45\x38\x50\x90"sv));
}

// Local file header: version, flags, method. Method 0 stores the member as it is.
bool is_zip(std::string_view head) {
  return has_at(head, 0, "PK\x03\x04"sv) && head.size() >= 10 && (byte_at(head, 8) | byte_at(head, 9)) != 0;
}

// RIFF with a size, then the form; WAVE is not compressed and not listed.
std::string_view riff_name(std::string_view head) {
  if (!has_at(head, 0, "RIFF"sv)) return {};
  if (has_at(head, 8, "WEBP"sv)) return "webp";
  if (has_at(head, 8, "AVI "sv)) return "avi";
  return {};
}

// ISO base media: size of the first box (below 64 KiB), then "ftyp" and a brand.
std::string_view iso_media_name(std::string_view head) {
  if (head.size() < 12 || !has_at(head, 0, "\0\0"sv) || !has_at(head, 4, "ftyp"sv)) return {};
  if (has_at(head, 8, "avif"sv)) return "avif";
  if (has_at(head, 8, "hei"sv) || has_at(head, 8, "mif1"sv)) return "heic";
  return "mp4";
}

// ID3v2.2 to 2.4, or an MPEG audio frame (layer III or ADTS) with a bit rate and a sample rate.
std::string_view audio_name(std::string_view head) {
  if (head.size() < 10) return {};
  const auto length_byte = [head](std::size_t i) { return byte_at(head, i) < 0x80; };
  if (has_at(head, 0, "ID3"sv) && byte_at(head, 3) >= 2 && byte_at(head, 3) <= 4 && byte_at(head, 4) == 0 &&
      length_byte(6) && length_byte(7) && length_byte(8) && length_byte(9)) {
    return "mp3";
  }
  if (byte_at(head, 0) != 0xFF) return {};
  const unsigned kind = byte_at(head, 1);
  const unsigned rates = byte_at(head, 2);
  if (kind == 0xF1 || kind == 0xF9) return (rates & 0x3C) <= 0x30 ? "aac" : "";
  const bool layer3 = kind == 0xFB || kind == 0xFA || kind == 0xF3 || kind == 0xF2;
  const bool rates_valid = (rates >> 4) != 0 && (rates >> 4) != 15 && (rates & 0x0C) != 0x0C;
  return layer3 && rates_valid ? "mp3" : "";
}

// Icon or cursor: one to 255 pictures, and the first one's reserved byte is zero.
bool is_icon(std::string_view head) {
  return (has_at(head, 0, "\0\0\x01\0"sv) || has_at(head, 0, "\0\0\x02\0"sv)) && head.size() >= 10 &&
         byte_at(head, 4) != 0 && byte_at(head, 5) == 0 && byte_at(head, 9) == 0;
}

// sfnt: version, number of tables, and the search range that follows from the number.
std::string_view font_name(std::string_view head) {
  const bool truetype = has_at(head, 0, "\0\x01\0\0"sv);
  if ((!truetype && !has_at(head, 0, "OTTO"sv)) || head.size() < 12) return {};
  const unsigned tables = byte_at(head, 4) << 8 | byte_at(head, 5);
  if (tables == 0 || tables > 64) return {};
  unsigned power = 1;
  while (power * 2 <= tables) power *= 2;
  if ((byte_at(head, 6) << 8 | byte_at(head, 7)) != power * 16) return {};
  return truetype ? "ttf" : "otf";
}

std::string_view structured_name(std::string_view head) {
  if (is_zip(head)) return "zip";
  if (is_bzip2(head)) return "bzip2";
  if (is_icon(head)) return "ico";
  for (const auto name : {riff_name(head), iso_media_name(head), audio_name(head), font_name(head)}) {
    if (!name.empty()) return name;
  }
  return {};
}

}  // namespace

std::string_view compressed_media(Bytes head_bytes) {
  const std::string_view head = as_text(head_bytes.first(std::min(head_bytes.size(), kMediaHead)));
  if (!has_control_byte(head)) return {};
  for (const Signature& signature : kSignatures) {
    if (head.starts_with(signature.bytes)) return signature.name;
  }
  return structured_name(head);
}

}  // namespace tightship::scan
