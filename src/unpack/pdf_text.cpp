#include "unpack/pdf_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>
#include <vector>

#include "unpack/pdf_values.h"

namespace tightship::unpack {
namespace {

struct Matrix {
  double a = 1, b = 0, c = 0, d = 1, e = 0, f = 0;
};

// First `m`, then `n`.
Matrix product(const Matrix& m, const Matrix& n) {
  return {m.a * n.a + m.b * n.c, m.a * n.b + m.b * n.d,       m.c * n.a + m.d * n.c,
          m.c * n.b + m.d * n.d, m.e * n.a + m.f * n.c + n.e, m.e * n.b + m.f * n.d + n.f};
}

struct Point {
  double x = 0, y = 0;
};

struct State {
  Matrix to_page;
  const PdfFont* font = nullptr;
  double size = 1, letter_gap = 0, word_gap = 0, stretch = 1, leading = 0;
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

class TextReader {
 public:
  TextReader(std::string_view stream, const FontOf& font_of, std::uint64_t limit)
      : stream_(stream), font_of_(font_of), limit_(limit) {}

  std::optional<PdfText> read() && {
    while (at_ < stream_.size() && !out_.cut) step();
    return shows_ ? std::optional(std::move(out_)) : std::nullopt;
  }

 private:
  // In sizes of the font: a gap that is a blank, a step to another line, and a step back that is no kerning.
  static constexpr double kBlankGap = 0.18, kLineStep = 0.2, kBackStep = -0.3;
  static constexpr double kSamePlace = 0.1;
  static constexpr std::size_t kMaxOperands = 8;
  static constexpr std::size_t kMaxStates = 256;
  static constexpr std::size_t kMaxPieces = 4096;  // of one array, until they are taken for drawn

  // What an operator gets: strings, and in arrays numbers between them.
  struct Piece {
    std::size_t begin = 0, end = 0;         // of a string in the stream
    std::size_t first_byte = 0, bytes = 0;  // of it in bytes_
    double move = 0;
    bool hex = false;
  };
  // How the pen came where it is since the last text.
  enum class Moved : std::uint8_t { Not, Along, To };

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
    } else if (is_letter(c) || c == '\'' || c == '"') {
      read_operator();
    } else if (c == '/') {
      const std::size_t end = std::min(stream_.find_first_of(" \r\n\t\f/[]<>()%", at_ + 1), stream_.size());
      name_ = stream_.substr(at_ + 1, end - at_ - 1);
      at_ = end;
    } else {
      in_array_ = c == '[' || (in_array_ && c != ']');
      at_ += c == '<' ? 2 : 1;
    }
  }

  void read_number() {
    double number = 0;
    if (here() == '+') ++at_;
    const char* const begin = stream_.data() + at_;
    const auto [end, error] = std::from_chars(begin, stream_.data() + stream_.size(), number);
    at_ += error == std::errc() || end > begin ? static_cast<std::size_t>(end - begin) : 1;
    if (in_array_) return add_piece({.move = number});
    if (operands_.size() == kMaxOperands) operands_.erase(operands_.begin());
    operands_.push_back(number);
  }

  void add_piece(Piece piece) {
    if (pieces_.size() >= kMaxPieces) show();
    pieces_.push_back(piece);
  }

  // (text), with balanced parentheses.
  void read_literal() {
    const std::size_t begin = at_, first = bytes_.size();
    unsigned depth = 1;
    for (++at_; at_ < stream_.size(); ++at_) {
      const char c = here();
      if (c == '\\') {
        read_escape();
        continue;
      }
      depth += c == '(' ? 1 : 0;
      if (c == ')' && --depth == 0) break;
      bytes_ += c;
    }
    at_ = std::min(at_ + 1, stream_.size());
    add_string(begin, first, false);
  }

  void add_string(std::size_t begin, std::size_t first, bool hex) {
    if (pieces_.size() < kMaxPieces) {
      pieces_.push_back({begin, at_, first, bytes_.size() - first, 0, hex});
      return;
    }
    const std::string last = bytes_.substr(first);
    show();
    bytes_ = last;
    pieces_.push_back({begin, at_, 0, last.size(), 0, hex});
  }

  // Leaves `at_` at the last byte of it.
  void read_escape() {
    if (++at_ >= stream_.size()) return;
    constexpr std::string_view kNames = "nrtbf", kBytes = "\n\r\t\b\f";
    const char c = here();
    if (const std::size_t known = kNames.find(c); known != std::string_view::npos) {
      bytes_ += kBytes[known];
    } else if (c >= '0' && c <= '7') {
      unsigned byte = 0, digits = 0;
      for (;
           digits < 3 && at_ + digits < stream_.size() && stream_[at_ + digits] >= '0' && stream_[at_ + digits] <= '7';
           ++digits) {
        byte = byte * 8 + static_cast<unsigned>(stream_[at_ + digits] - '0');
      }
      at_ += digits - 1;
      bytes_ += static_cast<char>(byte & 0xFF);
    } else if (c == '\r' && at_ + 1 < stream_.size() && stream_[at_ + 1] == '\n') {
      ++at_;
    } else if (c != '\n' && c != '\r') {
      bytes_ += c;
    }
  }

  // <48656c>
  void read_digits() {
    const std::size_t begin = at_, first = bytes_.size();
    unsigned high = 0, count = 0;
    for (++at_; at_ < stream_.size() && here() != '>'; ++at_) {
      const char c = here(), lower = static_cast<char>(c | 0x20);
      if (!is_digit(c) && (lower < 'a' || lower > 'f')) continue;
      const auto digit = static_cast<unsigned>(is_digit(c) ? c - '0' : lower - 'a' + 10);
      if (++count % 2 == 0) bytes_ += static_cast<char>(high << 4 | digit);
      high = digit;
    }
    if (count % 2 == 1) bytes_ += static_cast<char>(high << 4);
    at_ = std::min(at_ + 1, stream_.size());
    add_string(begin, first, true);
  }

  // Shows what is pending.
  void show() {
    shows_ = true;
    if (out_.rest.empty()) out_.rest = stream_;
    for (const Piece& piece : pieces_) {
      if (piece.end == 0) {
        advance(-piece.move / 1000 * state_.size * state_.stretch);
        continue;
      }
      std::fill(out_.rest.begin() + static_cast<std::ptrdiff_t>(piece.begin),
                out_.rest.begin() + static_cast<std::ptrdiff_t>(piece.end), ' ');
      show(std::string_view(bytes_).substr(piece.first_byte, piece.bytes), piece.hex);
    }
    pieces_.clear();
    bytes_.clear();
  }

  void advance(double by) {
    text_.e += by * text_.a;
    text_.f += by * text_.b;
  }

  void show(std::string_view codes, bool hex) {
    if (codes.empty()) return;
    const Matrix pen = product(text_, state_.to_page);
    const std::size_t kept = out_.drawn.size();
    separate(pen);
    const std::size_t begin = out_.drawn.size();
    std::optional<double> width = 0;
    if (state_.font != nullptr) {
      width = show_codes(codes);
    } else {
      show_unknown(codes, hex);
      width.reset();
    }
    const std::string_view shown = std::string_view(out_.drawn).substr(begin);
    if (is_again(pen, shown)) {
      out_.drawn.resize(kept);
    } else {
      last_begin_ = begin;
      last_size_ = shown.size();
      start_ = {pen.e, pen.f};
    }
    if (width) advance(*width);
    const Matrix now = product(text_, state_.to_page);
    end_ = {now.e, now.f};
    width_known_ = width.has_value();
    moved_ = Moved::Not;
    out_.cut |= out_.drawn.size() >= limit_;
  }

  // Letters are made bold by drawing them twice.
  bool is_again(const Matrix& pen, std::string_view shown) const {
    const double em = std::hypot(pen.a, pen.b) * std::abs(state_.size);
    const bool is_there = moved_ != Moved::Not && std::hypot(pen.e - start_.x, pen.f - start_.y) < kSamePlace * em;
    return is_there && shown == std::string_view(out_.drawn).substr(last_begin_, last_size_);
  }

  // Their width, when the font says it.
  std::optional<double> show_codes(std::string_view codes) {
    std::optional<double> width = 0;
    while (!codes.empty() && out_.drawn.size() < limit_) {
      const PdfFont::Code code = state_.font->next(codes);
      state_.font->append(code, out_.drawn);
      codes.remove_prefix(code.size);
      const auto glyph = state_.font->width(code.value);
      if (!glyph || !width) {
        width.reset();
        continue;
      }
      const double word_gap = code.size == 1 && code.value == ' ' ? state_.word_gap : 0;
      *width += (*glyph * state_.size + state_.letter_gap + word_gap) * state_.stretch;
    }
    return width;
  }

  // In a font that is not there: ASCII, or <00480065>, whose codes have two bytes.
  void show_unknown(std::string_view bytes, bool hex) {
    bool wide = hex && bytes.size() >= 2 && bytes.size() % 2 == 0;
    for (std::size_t i = 0; i < bytes.size(); i += 2) wide = wide && bytes[i] == 0;
    for (std::size_t i = wide ? 1 : 0; i < bytes.size(); i += wide ? 2 : 1) out_.drawn += bytes[i];
  }

  // What stands between the end of the last text and where the pen is now.
  void separate(const Matrix& pen) {
    const bool new_line = std::exchange(new_line_, false);
    if (out_.drawn.empty() || new_line) return end_line();
    const double norm = std::hypot(pen.a, pen.b);
    const double em = norm * std::abs(state_.size) * (state_.font == nullptr ? 1 : state_.font->em());
    const double x = pen.e - end_.x, y = pen.f - end_.y;
    const double along = (x * pen.a + y * pen.b) / norm, across = std::abs(y * pen.a - x * pen.b) / norm;
    if (!(em > 0)) return moved_ == Moved::Not ? void() : end_line();
    if (across > kLineStep * em || along < kBackStep * em) return end_line();
    const bool gap = width_known_ || moved_ == Moved::Not ? along > kBlankGap * em : moved_ == Moved::Along;
    if (gap && out_.drawn.back() != ' ') out_.drawn += ' ';
  }
  void end_line() {
    if (!out_.drawn.empty() && out_.drawn.back() != '\n') out_.drawn += '\n';
  }

  double operand(std::size_t from_last) const {
    return operands_.size() > from_last ? operands_[operands_.size() - 1 - from_last] : 0;
  }
  Matrix matrix() const { return {operand(5), operand(4), operand(3), operand(2), operand(1), operand(0)}; }

  void move_line(double x, double y) {
    line_ = product({1, 0, 0, 1, x, y}, line_);
    text_ = line_;
    moved_ = Moved::Along;
  }
  void next_line() {
    move_line(0, -state_.leading);
    new_line_ = true;
  }

  void read_operator() {
    const std::size_t begin = at_++;
    while (at_ < stream_.size() && (is_letter(here()) || here() == '*')) ++at_;
    run(stream_.substr(begin, at_ - begin));
    pieces_.clear();
    bytes_.clear();
    operands_.clear();
    in_array_ = false;
  }

  void run(std::string_view name) {
    if (name == "Tj" || name == "TJ") {
      show();
    } else if (name == "'") {
      next_line();
      show();
    } else if (name == "\"") {
      state_.word_gap = operand(1);
      state_.letter_gap = operand(0);
      next_line();
      show();
    } else if (name == "T*") {
      next_line();
    } else if (name == "Td" || name == "TD") {
      if (name == "TD") state_.leading = -operand(0);
      move_line(operand(1), operand(0));
    } else if (name == "Tm") {
      line_ = text_ = matrix();
      moved_ = Moved::To;
    } else if (name == "BT") {
      line_ = text_ = {};
      moved_ = Moved::To;
    } else if (name == "ID") {  // a picture between its keywords
      at_ = std::min(stream_.find("EI", at_), stream_.size());
    } else {
      set_state(name);
    }
  }

  void set_state(std::string_view name) {
    if (name == "Tf") {
      state_.font = font_of_(name_);
      state_.size = operand(0);
    } else if (name == "Tc") {
      state_.letter_gap = operand(0);
    } else if (name == "Tw") {
      state_.word_gap = operand(0);
    } else if (name == "Tz") {
      state_.stretch = operand(0) / 100;
    } else if (name == "TL") {
      state_.leading = operand(0);
    } else if (name == "cm") {
      state_.to_page = product(matrix(), state_.to_page);
    } else if (name == "q") {
      if (saved_.size() < kMaxStates) {
        saved_.push_back(state_);
      } else {
        ++not_saved_;
      }
    } else if (name == "Q") {
      if (not_saved_ > 0) {
        --not_saved_;
      } else if (!saved_.empty()) {
        state_ = saved_.back();
        saved_.pop_back();
      }
    }
  }

  std::string_view stream_;
  const FontOf& font_of_;
  std::uint64_t limit_;
  std::size_t at_ = 0;
  PdfText out_;
  // Operands of the operator that follows.
  std::vector<Piece> pieces_;
  std::string bytes_;
  std::vector<double> operands_;
  std::string_view name_;
  bool in_array_ = false;

  State state_;
  std::vector<State> saved_;
  std::uint64_t not_saved_ = 0;
  Matrix line_, text_;
  Point start_, end_;                           // of the last text, on the page
  std::size_t last_begin_ = 0, last_size_ = 0;  // of it in `drawn`
  bool width_known_ = true, new_line_ = false, shows_ = false;
  Moved moved_ = Moved::Not;
};

}  // namespace

std::optional<PdfText> read_pdf_text(Bytes stream, const FontOf& font_of, std::uint64_t limit) {
  const std::string_view text = as_text(stream);
  if (text.find("BT") == std::string_view::npos) return std::nullopt;
  return TextReader(text, font_of, limit).read();
}

}  // namespace tightship::unpack
