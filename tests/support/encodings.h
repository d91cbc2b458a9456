#pragma once

// Secrets encoded in chains of encodings, and a decoder that looks for them in the plainest way there is: every
// run of digits at every alignment, every link of lines, again and again. What scan/encoded_scanner finds is
// compared with what it finds.

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "detect/check.h"
#include "detect/codec.h"

namespace tightship::test {

// Of the format that `window` asks for: 15 + 16 is gzip, 15 is zlib.
inline std::string packed(std::string_view text, int window) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}
inline std::string gzipped(std::string_view text) { return packed(text, 15 + 16); }

inline std::string wrapped(std::string_view text, std::size_t width, std::string_view line_end = "\n") {
  std::string out;
  for (std::size_t at = 0; at < text.size(); at += width) {
    out += (at == 0 ? "" : std::string(line_end)) + std::string(text.substr(at, width));
  }
  return out;
}

inline std::string unpacked(const std::string& data) {
  z_stream stream{};
  inflateInit2(&stream, 15 + 32);
  std::string out(1 << 20, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
  stream.avail_in = static_cast<uInt>(data.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  inflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

// As a JSON string, without its quotes; some characters as numbers, as several encoders write them.
inline std::string backslashed(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '/': out += "\\/"; break;
      case '\n': out += "\\n"; break;
      case '+':
      case '=':
      case '&': out += fmt::format("\\u{:04X}", static_cast<unsigned>(c)); break;
      default: out += c;
    }
  }
  return out;
}

// All but letters, digits and what may stand everywhere in a URL.
inline std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain =
        std::isalnum(static_cast<unsigned char>(c)) != 0 || std::string_view("-_.~").find(c) != std::string_view::npos;
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
  }
  return out;
}

// Every character as a number behind `sign`: "\\x", "\\u00", "%".
inline std::string numbered(std::string_view text, std::string_view sign) {
  std::string out;
  for (const char c : text) out += fmt::format("{}{:02x}", sign, static_cast<unsigned>(static_cast<unsigned char>(c)));
  return out;
}

// ASCII in UTF-16, without a byte order mark.
inline std::string utf16(std::string_view text, bool little = true) {
  std::string out;
  for (const char c : text) out += little ? std::string{c, '\0'} : std::string{'\0', c};
  return out;
}

// Encodes a text `depth` times, each time otherwise.
class RandomEncoder {
 public:
  explicit RandomEncoder(unsigned seed) : random_(seed) {}

  std::string encode(std::string text, int depth) {
    for (int i = 0; i < depth; ++i) text = around(once(text));
    return text;
  }

 private:
  std::string once(const std::string& text) {
    using detect::Base64;
    switch (random_() % 11) {
      case 9: return detect::encode_base64(utf16(text, random_() % 2 == 0), Base64::Standard, true);
      case 10: return detect::encode_hex(random_() % 2 == 0 ? gzipped(text) : packed(text, 15));
      case 6: return "\"a line\\n" + backslashed(text) + "\"";
      case 7: return "https://shop.example/?next=" + percent_encoded(" " + text);
      case 8: return numbered(text, random_() % 2 == 0 ? "\\x" : "\\u00");
      case 0: return detect::encode_base64(text, Base64::UrlSafe, random_() % 2 == 0);
      case 1: return detect::encode_hex(text);
      case 2: return detect::encode_base64(gzipped(text), Base64::Standard, true);
      case 3:
        return wrapped(detect::encode_base64(text, Base64::Standard, true), 76, random_() % 2 == 0 ? "\n" : "\r\n    ");
      case 4: return detect::encode_base64(packed(text, 15), Base64::Standard, true);
      default: return detect::encode_base64(text, Base64::Standard, random_() % 2 == 0);
    }
  }
  std::string around(const std::string& text) {
    switch (random_() % 4) {
      case 0: return "key: " + text + "\n";
      case 1: return "{\"data\": \"" + text + "\", \"size\": 7}";
      case 2: return "# made by hand, keep\nvalue = '" + text + "'\nnext line of the file\n";
      default: return text;
    }
  }
  std::mt19937 random_;
};

// The GitHub tokens in a text, encoded up to `depth` times.
class PlainDecoder {
 public:
  static std::set<std::string> tokens(const std::string& text, int depth = 4) {
    PlainDecoder decoder;
    decoder.look(text, depth);
    return decoder.found_;
  }

 private:
  static bool is_digit(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view("+/-_").find(c) != std::string_view::npos;
  }

  void look(const std::string& text, int depth) {
    if (!seen_.emplace(depth, text).second) return;
    for (std::size_t at = text.find("ghp_"); at != std::string::npos; at = text.find("ghp_", at + 1)) {
      const std::string token = text.substr(at, 40);
      const bool glued = at > 0 && (std::isalnum(static_cast<unsigned char>(text[at - 1])) != 0 || text[at - 1] == '_');
      const bool longer = at + 40 < text.size() && std::isalnum(static_cast<unsigned char>(text[at + 40])) != 0;
      const bool whole =
          token.size() == 40 && token.substr(34) == detect::to_base62(detect::crc32(token.substr(4, 30)), 6);
      if (whole && !glued && !longer) found_.insert(token);
    }
    if (depth == 0) return;
    for (const char sign : {'\\', '%'}) {
      const std::string plain = unescaped(text, sign);
      if (plain != text) look(plain, depth - 1);
    }
    std::vector<std::string> runs, chains;
    std::string chain, last;
    std::size_t last_end = 0;
    for (std::size_t i = 0; i < text.size();) {
      std::size_t end = i;
      while (end < text.size() && is_digit(text[end])) ++end;
      if (end == i) {
        ++i;
        continue;
      }
      const std::string run = text.substr(i, end - i), between = text.substr(last_end, i - last_end);
      const bool line_end = std::count(between.begin(), between.end(), '\n') == 1 &&
                            between.find_first_not_of(" \t\r\n") == std::string::npos;
      if (last.size() >= 32 && last.size() % 4 == 0 && run.size() <= last.size() && line_end) {
        chain += run;
      } else {
        chains.push_back(chain);
        chain = run;
      }
      runs.push_back(run);
      last = run;
      last_end = end;
      i = end;
    }
    chains.push_back(chain);
    runs.insert(runs.end(), chains.begin(), chains.end());
    for (const std::string& run : runs) decode(run, depth);
  }

  static std::string unescaped(const std::string& text, char sign) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
      const char next = at + 1 < text.size() ? text[at + 1] : '\0';
      const std::size_t skip = sign == '%' ? 1 : next == 'x' ? 2 : next == 'u' ? 4 : 0;
      if (text[at] != sign) {
        out += text[at];
      } else if (const std::size_t simple = std::string_view("nrt\"'/\\").find(next);
                 sign != '%' && simple != std::string_view::npos) {
        out += "\n\r\t\"'/\\"[simple];
        ++at;
      } else if (const auto byte = detect::decode_hex(text.substr(std::min(at + skip, text.size()), 2));
                 skip > 0 && byte && byte->size() == 1 && (skip < 4 || text.compare(at, 4, "\\u00") == 0)) {
        out += *byte;
        at += skip + 1;
      } else {
        out += text[at];
      }
    }
    return out;
  }

  // Unpacked, and of UTF-16 the bytes that are not NUL.
  static std::string opened(std::string text) {
    if (text.starts_with("\x1f\x8b") || text.starts_with("x\x9c") || text.starts_with("x\xda")) text = unpacked(text);
    if (static_cast<std::size_t>(std::count(text.begin(), text.end(), '\0')) * 3 > text.size()) std::erase(text, '\0');
    return text;
  }

  void decode(const std::string& run, int depth) {
    constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (std::size_t skip = 0; skip < 4; ++skip) {
      std::string text;
      std::size_t bits = 0, count = 0;
      for (const char c : run.substr(std::min(skip, run.size()))) {
        bits = (bits << 6 | kAlphabet.find(c == '-' ? '+' : c == '_' ? '/' : c)) & 0xFFFF;
        count += 6;
        if (count < 8) continue;
        count -= 8;
        text += static_cast<char>(bits >> count & 0xFF);
      }
      look(opened(text), depth - 1);
    }
    for (std::size_t begin = 0; begin < run.size();) {
      std::size_t end = begin;
      while (end < run.size() && std::isxdigit(static_cast<unsigned char>(run[end])) != 0) ++end;
      for (std::size_t skip = 0; skip < 2 && end - begin >= 32; ++skip) {
        const std::string digits = run.substr(begin + skip, (end - begin - skip) / 2 * 2);
        if (const auto text = detect::decode_hex(digits)) look(opened(*text), depth - 1);
      }
      begin = end + 1;
    }
  }

  std::set<std::string> found_;
  std::set<std::pair<int, std::string>> seen_;
};

}  // namespace tightship::test
