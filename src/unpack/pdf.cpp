#include "unpack/pdf.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <string_view>

namespace tightship::unpack {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kMaxDictionary = 4096;

bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == '\0'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The dictionary that ends where the keyword begins, with the "12 0 obj" before it. Empty when there is none between
// `floor` and there.
std::string_view dictionary_before(std::string_view text, std::size_t floor, std::size_t keyword) {
  std::size_t end = keyword;
  while (end > floor && is_blank(text[end - 1])) --end;
  if (!text.substr(floor, end - floor).ends_with(">>")) return {};
  const std::size_t least = std::max(floor, end - std::min(end, kMaxDictionary));
  const std::size_t object = text.substr(least, end - least).rfind(" obj");
  if (object == std::string_view::npos) return {};
  std::size_t begin = least + object;
  while (begin > least && (is_digit(text[begin - 1]) || text[begin - 1] == ' ')) --begin;
  return text.substr(begin, end - begin);
}

bool is_wanted(std::string_view dictionary) {
  constexpr std::array kOther = {"/Image"sv,     "/Length1"sv,    "/Type1C"sv,    "/CIDFontType0C"sv, "/OpenType"sv,
                                 "/XRef"sv,      "/ASCII85Dec"sv, "/ASCIIHexD"sv, "/LZWDecode"sv,     "/RunLength"sv,
                                 "/DCTDecode"sv, "/JPXDecode"sv,  "/CCITTFax"sv};
  const auto has = [&](std::string_view word) { return dictionary.find(word) != std::string_view::npos; };
  return has("/FlateDecode") && std::none_of(kOther.begin(), kOther.end(), has);
}

std::string name_of(std::string_view dictionary) {
  const std::size_t digits = dictionary.find_first_not_of(' ');
  if (digits == std::string_view::npos) return "object";
  return "object " + std::string(dictionary.substr(digits, dictionary.find(' ', digits) - digits));
}

}  // namespace

std::optional<PdfStream> PdfReader::next() {
  constexpr std::string_view kStream = "stream", kEnd = "endstream";
  const std::string_view text = as_text(content_);
  for (std::size_t at = text.find(kStream, at_); at != std::string_view::npos; at = text.find(kStream, at_)) {
    // From one keyword to the next: a text of nothing else is still read once.
    const std::string_view dictionary = dictionary_before(text, at_, at);
    at_ = at + kStream.size();
    if (dictionary.empty() || !is_wanted(dictionary)) continue;
    std::size_t begin = at_;
    if (begin < text.size() && text[begin] == '\r') ++begin;
    if (begin < text.size() && text[begin] == '\n') ++begin;
    const std::size_t end = std::min(text.find(kEnd, begin), text.size());
    at_ = end;
    return PdfStream{name_of(dictionary), content_.subspan(begin, end - begin)};
  }
  at_ = text.size();
  return std::nullopt;
}

bool PdfReader::encrypted() const {
  const std::string_view text = as_text(content_);
  for (std::size_t at = text.find("/Encrypt"); at != std::string_view::npos; at = text.find("/Encrypt", at + 1)) {
    const std::size_t behind = at + "/Encrypt"sv.size();
    if (behind < text.size() && (is_blank(text[behind]) || text[behind] == '<')) return true;
  }
  return false;
}

Inflated inflate_stream(Bytes packed, std::uint64_t limit, std::vector<std::uint8_t>& out) {
  z_stream stream{};
  if (packed.size() > std::numeric_limits<uInt>::max() || inflateInit(&stream) != Z_OK) return Inflated::Damaged;
  struct End {
    z_stream* stream;
    ~End() { inflateEnd(stream); }
  } const guard{&stream};
  stream.next_in = const_cast<Bytef*>(packed.data());  // zlib does not write to it
  stream.avail_in = static_cast<uInt>(packed.size());
  constexpr std::uint64_t kStep = std::uint64_t{256} << 10;
  int status = Z_OK;
  while (status == Z_OK) {
    if (out.size() >= limit) return Inflated::TooMuch;
    const std::size_t before = out.size();
    const auto room = static_cast<std::size_t>(std::min(kStep, limit - before));
    out.resize(before + room);
    stream.next_out = out.data() + before;
    stream.avail_out = static_cast<uInt>(room);
    status = inflate(&stream, Z_NO_FLUSH);
    out.resize(before + room - stream.avail_out);
  }
  return status == Z_STREAM_END ? Inflated::All : Inflated::Damaged;
}

namespace {

class TextReader {
 public:
  explicit TextReader(std::string_view stream) : stream_(stream) {}

  std::optional<std::string> read() && {
    while (at_ < stream_.size()) step();
    return shows_ ? std::optional(std::move(text_)) : std::nullopt;
  }

 private:
  // Of a number in an array, in thousandths of the font's size: the gap of a blank.
  static constexpr double kBlankGap = -180;
  static constexpr std::size_t kMaxOperands = 8;

  char here() const { return stream_[at_]; }
  bool begins(std::string_view with) const { return stream_.substr(at_).starts_with(with); }

  void step() {
    const char c = here();
    if (c == '(') return read_literal();
    if (c == '<' && !begins("<<")) return read_digits();
    if (c == '%') {
      at_ = std::min(stream_.find_first_of("\r\n", at_), stream_.size());
    } else if (is_digit(c) || c == '-' || c == '+' || c == '.') {
      read_number();
    } else if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '\'' || c == '"') {
      read_operator();
    } else if (c == '/') {
      at_ = std::min(stream_.find_first_of(" \r\n\t\f/[]<>()", at_ + 1), stream_.size());
    } else {
      in_array_ = c == '[' || (in_array_ && c != ']');
      ++at_;
    }
  }

  void read_number() {
    double number = 0;
    if (here() == '+') ++at_;
    const char* const begin = stream_.data() + at_;
    const auto [end, error] = std::from_chars(begin, stream_.data() + stream_.size(), number);
    at_ += error == std::errc() || end > begin ? static_cast<std::size_t>(end - begin) : 1;
    if (in_array_) {
      if (number < kBlankGap) pending_ += ' ';
      return;
    }
    if (operands_.size() == kMaxOperands) operands_.erase(operands_.begin());
    operands_.push_back(number);
  }

  // (text), with balanced parentheses.
  void read_literal() {
    unsigned depth = 1;
    for (++at_; at_ < stream_.size(); ++at_) {
      const char c = here();
      if (c == '\\') {
        read_escape();
        continue;
      }
      depth += c == '(' ? 1 : 0;
      if (c == ')' && --depth == 0) break;
      pending_ += c;
    }
    ++at_;
  }

  // Leaves `at_` at the last byte of it.
  void read_escape() {
    if (++at_ >= stream_.size()) return;
    constexpr std::string_view kNames = "nrtbf", kBytes = "\n\r\t\b\f";
    const char c = here();
    if (const std::size_t known = kNames.find(c); known != std::string_view::npos) {
      pending_ += kBytes[known];
    } else if (c >= '0' && c <= '7') {
      unsigned byte = 0, digits = 0;
      for (;
           digits < 3 && at_ + digits < stream_.size() && stream_[at_ + digits] >= '0' && stream_[at_ + digits] <= '7';
           ++digits) {
        byte = byte * 8 + static_cast<unsigned>(stream_[at_ + digits] - '0');
      }
      at_ += digits - 1;
      pending_ += static_cast<char>(byte & 0xFF);
    } else if (c != '\n' && c != '\r') {
      pending_ += c;
    }
  }

  // <48656c>, or <00480065>, whose codes have two bytes.
  void read_digits() {
    std::string bytes;
    unsigned high = 0, count = 0;
    for (++at_; at_ < stream_.size() && here() != '>'; ++at_) {
      const char c = here(), lower = static_cast<char>(c | 0x20);
      if (!is_digit(c) && (lower < 'a' || lower > 'f')) continue;
      const auto digit = static_cast<unsigned>(is_digit(c) ? c - '0' : lower - 'a' + 10);
      if (++count % 2 == 0) bytes += static_cast<char>(high << 4 | digit);
      high = digit;
    }
    ++at_;
    bool wide = bytes.size() >= 2 && bytes.size() % 2 == 0;
    for (std::size_t i = 0; i < bytes.size(); i += 2) wide &= bytes[i] == 0;
    for (std::size_t i = wide ? 1 : 0; i < bytes.size(); i += wide ? 2 : 1) pending_ += bytes[i];
  }

  void end_line() {
    if (!text_.empty() && text_.back() != '\n') text_ += '\n';
  }
  void show() {
    shows_ = true;
    text_ += pending_;
  }

  double operand(std::size_t from_last) const {
    return operands_.size() > from_last ? operands_[operands_.size() - 1 - from_last] : 0;
  }

  void read_operator() {
    const std::size_t begin = at_++;
    while (at_ < stream_.size() &&
           ((here() >= 'A' && here() <= 'Z') || (here() >= 'a' && here() <= 'z') || here() == '*'))
      ++at_;
    const std::string_view name = stream_.substr(begin, at_ - begin);
    if (name == "Tj" || name == "TJ") {
      show();
    } else if (name == "'" || name == "\"") {
      end_line();
      show();
    } else if (name == "T*") {
      end_line();
    } else if (name == "Td" || name == "TD") {
      if (operand(0) != 0) {
        end_line();
      } else if (!text_.empty() && text_.back() != ' ') {
        text_ += ' ';
      }
    } else if (name == "Tm") {
      if (operand(0) != line_) end_line();
      line_ = operand(0);
    } else if (name == "ID") {  // a picture between its keywords
      at_ = std::min(stream_.find("EI", at_), stream_.size());
    }
    pending_.clear();
    operands_.clear();
    in_array_ = false;
  }

  std::string_view stream_;
  std::size_t at_ = 0;
  std::string text_, pending_;  // pending_: strings whose operator follows
  std::vector<double> operands_;
  double line_ = 0;  // of the last text matrix
  bool in_array_ = false, shows_ = false;
};

}  // namespace

std::optional<std::string> read_pdf_text(Bytes stream) {
  const std::string_view text = as_text(stream);
  if (text.find("BT") == std::string_view::npos) return std::nullopt;
  return TextReader(text).read();
}

}  // namespace tightship::unpack
