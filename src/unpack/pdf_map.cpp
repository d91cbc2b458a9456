#include "unpack/pdf_map.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "base/utf8.h"
#include "unpack/pdf_values.h"

namespace tightship::unpack {
namespace {

unsigned digit_of(char c) {
  return c <= '9' ? static_cast<unsigned>(c - '0') : static_cast<unsigned>((c | 0x20) - 'a' + 10);
}
bool is_hex_digit(char c) { return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f'); }

// The bytes of "<0041>", up to `most`.
std::string bytes_of(std::string_view written, std::size_t most) {
  std::string bytes;
  unsigned high = 0, count = 0;
  for (const char c : written) {
    if (!is_hex_digit(c)) continue;
    if (bytes.size() >= most) break;
    if (++count % 2 == 0) bytes += static_cast<char>(high << 4 | digit_of(c));
    high = digit_of(c);
  }
  return bytes;
}

std::uint32_t number_of(std::string_view bytes) {
  std::uint32_t number = 0;
  for (const char c : bytes) number = number << 8 | static_cast<unsigned char>(c);
  return number;
}

constexpr std::size_t kMaxCode = 4;  // bytes
std::optional<std::uint32_t> code_of(std::string_view written) {
  if (!written.starts_with('<')) return std::nullopt;
  const std::string bytes = bytes_of(written, kMaxCode);
  return bytes.empty() ? std::nullopt : std::optional(number_of(bytes));
}

// Of UTF-16, big end first; a lone byte is a character.
std::vector<std::uint32_t> characters_of(std::string_view bytes) {
  std::vector<std::uint32_t> characters;
  if (bytes.size() == 1) return {number_of(bytes)};
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
    std::uint32_t unit = number_of(bytes.substr(i, 2));
    if (unit >= 0xD800 && unit < 0xDC00 && i + 3 < bytes.size()) {
      const std::uint32_t low = number_of(bytes.substr(i + 2, 2));
      if (low >= 0xDC00 && low < 0xE000) unit = 0x10000 + ((unit & 0x3FF) << 10 | (low & 0x3FF)), i += 2;
    }
    characters.push_back(unit >= 0xD800 && unit < 0xE000 ? 0xFFFD : unit);
  }
  return characters;
}

using Glyph = std::pair<std::string_view, std::uint32_t>;
constexpr std::array kGlyphs = std::to_array<Glyph>({
    {"space", ' '},        {"exclam", '!'},
    {"quotedbl", '"'},     {"numbersign", '#'},
    {"dollar", '$'},       {"percent", '%'},
    {"ampersand", '&'},    {"quotesingle", '\''},
    {"parenleft", '('},    {"parenright", ')'},
    {"asterisk", '*'},     {"plus", '+'},
    {"comma", ','},        {"hyphen", '-'},
    {"period", '.'},       {"slash", '/'},
    {"zero", '0'},         {"one", '1'},
    {"two", '2'},          {"three", '3'},
    {"four", '4'},         {"five", '5'},
    {"six", '6'},          {"seven", '7'},
    {"eight", '8'},        {"nine", '9'},
    {"colon", ':'},        {"semicolon", ';'},
    {"less", '<'},         {"equal", '='},
    {"greater", '>'},      {"question", '?'},
    {"at", '@'},           {"bracketleft", '['},
    {"backslash", '\\'},   {"bracketright", ']'},
    {"asciicircum", '^'},  {"underscore", '_'},
    {"grave", '`'},        {"braceleft", '{'},
    {"bar", '|'},          {"braceright", '}'},
    {"asciitilde", '~'},   {"minus", '-'},
    {"quoteright", '\''},  {"quoteleft", '`'},
    {"quotedblleft", '"'}, {"quotedblright", '"'},
    {"nbspace", ' '},      {"nonbreakingspace", ' '},
    {"sfthyphen", '-'},    {"softhyphen", '-'},
    {"endash", 0x2013},    {"emdash", 0x2014},
    {"bullet", 0x2022},    {"ff", 0xFB00},
    {"fi", 0xFB01},        {"fl", 0xFB02},
    {"ffi", 0xFB03},       {"ffl", 0xFB04},
    {"f_f", 0xFB00},       {"f_i", 0xFB01},
    {"f_l", 0xFB02},       {"f_f_i", 0xFB03},
    {"f_f_l", 0xFB04},     {"visiblespace", ' '},
    {"mu", 0xB5},          {"germandbls", 0xDF},
    {"adieresis", 0xE4},   {"odieresis", 0xF6},
    {"udieresis", 0xFC},   {"Adieresis", 0xC4},
    {"Odieresis", 0xD6},   {"Udieresis", 0xDC},
    {"eacute", 0xE9},
});

}  // namespace

void append_character(std::uint32_t code_point, std::string& out) {
  constexpr std::array<std::string_view, 7> kLigatures = {"ff", "fi", "fl", "ffi", "ffl", "st", "st"};
  if (code_point >= 0xFB00 && code_point < 0xFB00 + kLigatures.size()) {
    out += kLigatures[code_point - 0xFB00];
  } else if (code_point == 0xA0 || (code_point >= 0x2000 && code_point <= 0x200A) || code_point == 0x202F) {
    out += ' ';
  } else if (code_point == 0xAD || code_point == 0x2010 || code_point == 0x2011) {
    out += '-';
  } else if (code_point != 0) {
    const bool is_character = code_point < 0xD800 || (code_point >= 0xE000 && code_point <= 0x10FFFF);
    append_utf8(is_character ? code_point : 0xFFFD, out);
  }
}

std::uint32_t character_of_glyph(std::string_view name) {
  const auto hex = [](std::string_view digits) -> std::uint32_t {
    std::uint32_t code = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
    const bool whole = error == std::errc() && end == digits.data() + digits.size() && code <= 0x10FFFF;
    return whole && (code < 0xD800 || code > 0xDFFF) ? code : 0;
  };
  const auto known =
      std::find_if(kGlyphs.begin(), kGlyphs.end(), [&](const Glyph& glyph) { return glyph.first == name; });
  if (known != kGlyphs.end()) return known->second;
  if (const std::size_t dot = name.find('.'); dot != std::string_view::npos && dot > 0) {
    return character_of_glyph(name.substr(0, dot));
  }
  const char first = name.empty() ? '\0' : name.front();
  if (name.size() == 1 && ((first | 0x20) >= 'a' && (first | 0x20) <= 'z')) return static_cast<unsigned char>(first);
  if (name.size() == 7 && name.starts_with("uni")) return hex(name.substr(3));
  if (name.size() >= 5 && name.size() <= 7 && first == 'u') return hex(name.substr(1));
  return 0;
}

void PdfCharacterMap::add(std::uint32_t first, std::uint32_t last, std::string_view written) {
  if (last < first) return;
  if (written.starts_with('/')) {
    if (const std::uint32_t known = character_of_glyph(written.substr(1)); known != 0) {
      ranges_.push_back({first, last, known});
    }
    return;
  }
  if (const auto number = read_whole(written)) return ranges_.push_back({first, last, *number});
  if (!written.starts_with('<')) return;
  const std::vector<std::uint32_t> characters = characters_of(bytes_of(written, 2 * kMaxUnits));
  if (characters.empty()) return;
  const std::size_t before = before_.size();
  for (std::size_t i = 0; i + 1 < characters.size(); ++i) append_character(characters[i], before_);
  ranges_.push_back({first, last, characters.back(), static_cast<std::uint32_t>(before),
                     static_cast<std::uint32_t>(before_.size() - before)});
}

void PdfCharacterMap::add_range(std::string_view first, std::string_view last, std::string_view written) {
  const auto from = code_of(first), to = code_of(last);
  if (!from || !to) return;
  if (!written.starts_with('[')) return add(*from, *to, written);
  std::size_t at = 1;
  for (std::uint32_t code = *from; code <= *to; ++code) {
    const std::string_view next = read_value(written, at);
    if (next.empty() || next == "]") return;
    add(code, code, next);
    if (code == UINT32_MAX) return;
  }
}

PdfCharacterMap PdfCharacterMap::read(std::string_view cmap) {
  PdfCharacterMap map;
  std::size_t at = 0, wanted = 0;  // wanted: values of one entry; 0 outside of lists
  bool spaces = false;
  std::vector<std::string_view> values;
  for (std::string_view value = read_value(cmap, at); !value.empty(); value = read_value(cmap, at)) {
    if (value.starts_with("begin") || value.starts_with("end")) {
      spaces = value == "begincodespacerange";
      const bool one = value == "beginbfchar" || value == "begincidchar" || spaces;
      wanted = one ? 2 : value == "beginbfrange" || value == "begincidrange" ? 3 : 0;
      values.clear();
      continue;
    }
    if (wanted == 0) continue;
    values.push_back(value);
    if (values.size() < wanted) continue;
    if (spaces) {
      const auto low = code_of(values[0]), high = code_of(values[1]);
      const std::size_t size = bytes_of(values[0], kMaxCode).size();
      if (low && high && map.spaces_.size() < kMaxSpaces) map.spaces_.push_back({*low, *high, size});
    } else if (wanted == 2) {
      if (const auto code = code_of(values[0])) map.add(*code, *code, values[1]);
    } else {
      map.add_range(values[0], values[1], values[2]);
    }
    values.clear();
  }
  std::stable_sort(map.ranges_.begin(), map.ranges_.end(),
                   [](const Range& a, const Range& b) { return a.first < b.first; });
  return map;
}

const PdfCharacterMap::Range* PdfCharacterMap::range_of(std::uint32_t code) const {
  const auto behind = std::upper_bound(ranges_.begin(), ranges_.end(), code,
                                       [](std::uint32_t value, const Range& range) { return value < range.first; });
  return behind == ranges_.begin() || code > (behind - 1)->last ? nullptr : &*(behind - 1);
}

std::optional<std::uint32_t> PdfCharacterMap::number(std::uint32_t code) const {
  const Range* const range = range_of(code);
  return range == nullptr ? std::nullopt : std::optional(range->character + (code - range->first));
}

bool PdfCharacterMap::append(std::uint32_t code, std::string& out) const {
  const Range* const range = range_of(code);
  if (range == nullptr) return false;
  out.append(before_, range->before, range->size);
  const std::uint64_t character = std::uint64_t{range->character} + (code - range->first);
  append_character(static_cast<std::uint32_t>(std::min<std::uint64_t>(character, UINT32_MAX)), out);
  return true;
}

std::size_t PdfCharacterMap::code_size(std::string_view codes) const {
  for (std::size_t size = 1; size <= std::min(kMaxCode, codes.size()); ++size) {
    const std::uint32_t code = number_of(codes.substr(0, size));
    for (const Space& space : spaces_) {
      if (space.size != size) continue;
      bool inside = true;  // each byte in its own range
      for (std::size_t shift = 0; shift < 8 * size; shift += 8) {
        const std::uint32_t byte = code >> shift & 0xFF;
        inside &= byte >= (space.low >> shift & 0xFF) && byte <= (space.high >> shift & 0xFF);
      }
      if (inside) return size;
    }
  }
  return 0;
}

}  // namespace tightship::unpack
