#include "base/terminal_text.h"

#include <algorithm>
#include <vector>

#include "base/code_point.h"

// A text is first taken apart into cells: what is drawn as one, with its columns and the bytes it came
// from. Escapes, cuts and carets are then questions about cells, and no character is ever split.

namespace tightship {
namespace {

constexpr std::string_view kEllipsis = "…";

struct Cell {
  std::string text;
  std::size_t width = 0;
  std::size_t begin = 0, end = 0;  // bytes of the input
};

std::string hex(char32_t value, std::size_t least_digits) {
  std::string digits;
  for (; value != 0 || digits.size() < least_digits; value >>= 4) {
    digits.push_back("0123456789abcdef"[value & 15]);
  }
  std::reverse(digits.begin(), digits.end());
  return digits;
}

std::string escape(const CodePoint& point) {
  if (!point.valid) return "\\x" + hex(point.value, 2);
  switch (point.value) {
    case '\n': return "\\n";
    case '\r': return "\\r";
    case '\t': return "\\t";
    default: break;
  }
  if (point.value < 0x80) return "\\x" + hex(point.value, 2);
  return "\\u{" + hex(point.value, 1) + "}";
}

class Cells {
 public:
  enum class Tabs { Escape, Expand };
  Cells(std::string_view raw, Tabs tabs) : raw_(raw), tabs_(tabs) {
    for (std::size_t i = 0; i < raw.size();) i += add(i);
  }
  std::vector<Cell> take() { return std::move(cells_); }

 private:
  std::size_t add(std::size_t offset) {
    const CodePoint point = decode_utf8(raw_, offset);
    const Glyph glyph = point.valid ? glyph_of(point.value) : Glyph::Control;
    const std::size_t end = offset + point.size;
    if (glyph == Glyph::Mark && marks_ < kMaxMarks) {
      cells_.back().text.append(raw_.substr(offset, point.size));
      cells_.back().end = end;
      ++marks_;
      return point.size;
    }
    const bool printable = glyph == Glyph::Narrow || glyph == Glyph::Wide;
    if (printable) {
      push({std::string(raw_.substr(offset, point.size)), glyph == Glyph::Wide ? 2u : 1u, offset, end});
    } else if (point.value == '\t' && tabs_ == Tabs::Expand) {
      const std::size_t width = kTabStop - column_ % kTabStop;
      push({std::string(width, ' '), width, offset, end});
    } else {
      std::string text = escape(point);
      const std::size_t width = text.size();
      push({std::move(text), width, offset, end});
    }
    marks_ = printable && point.value != ' ' ? 0 : kMaxMarks;
    return point.size;
  }

  void push(Cell cell) {
    column_ += cell.width;
    cells_.push_back(std::move(cell));
  }

  std::string_view raw_;
  Tabs tabs_;
  std::vector<Cell> cells_;
  std::size_t column_ = 0;
  unsigned marks_ = kMaxMarks;  // on the last cell; full when it cannot carry one
};

std::vector<Cell> cells_of(std::string_view raw, Cells::Tabs tabs = Cells::Tabs::Escape) {
  return Cells(raw, tabs).take();
}

std::size_t width_of(const std::vector<Cell>& cells) {
  std::size_t width = 0;
  for (const Cell& cell : cells) width += cell.width;
  return width;
}

std::string join(const std::vector<Cell>& cells, std::size_t first, std::size_t last) {
  std::string text;
  for (std::size_t i = first; i < last; ++i) text += cells[i].text;
  return text;
}

// Cells [first, last) that are drawn; a side that is cut has a column for its mark.
struct Window {
  std::size_t first = 0, last = 0;
};

// Grows from the focus, to both sides in turn, as long as `width` allows.
Window window_around(const std::vector<Cell>& cells, Window focus, std::size_t width) {
  const std::size_t room = width - 2;  // both marks; the line is known not to fit
  Window window{focus.first, focus.first};
  std::size_t used = 0;
  const auto take = [&](std::size_t i) {
    if (used + cells[i].width > room) return false;
    used += cells[i].width;
    return true;
  };
  while (window.last < focus.last && take(window.last)) ++window.last;
  if (window.last < focus.last) return window;
  bool left = true, right = true;
  while (left || right) {
    left = left && window.first > 0 && take(window.first - 1);
    if (left) --window.first;
    right = right && window.last < cells.size() && take(window.last);
    if (right) ++window.last;
  }
  return window;
}

Window focus_cells(const std::vector<Cell>& cells, std::size_t begin, std::size_t end) {
  Window focus;
  while (focus.first < cells.size() && cells[focus.first].end <= begin) ++focus.first;
  focus.last = focus.first;
  while (focus.last < cells.size() && cells[focus.last].begin < end) ++focus.last;
  return focus;
}

// A line may be megabytes long; what can come into sight lies this near to the focus.
constexpr std::size_t kNear = 8192;

std::string_view without_line_end(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

LineView draw(const std::vector<Cell>& cells, Window focus, Window window, bool more_left, bool more_right) {
  LineView view;
  more_left = more_left || window.first > 0;
  more_right = more_right || window.last < cells.size();
  std::size_t column = more_left ? 1 : 0;
  if (more_left) view.text += kEllipsis;
  view.begin = view.end = column;
  for (std::size_t i = window.first; i < window.last; ++i) {
    if (i == focus.first) view.begin = column;
    column += cells[i].width;
    if (i < focus.last) view.end = column;
    view.text += cells[i].text;
  }
  if (focus.first >= window.last) view.begin = column;
  if (more_right) view.text += kEllipsis;
  view.end = std::max(view.end, view.begin + 1);
  return view;
}

// Most text is: taking it apart would be in vain.
bool is_printable_ascii(std::string_view raw) {
  return std::all_of(raw.begin(), raw.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

}  // namespace

std::string terminal_text(std::string_view raw) {
  if (is_printable_ascii(raw)) return std::string(raw);
  const std::vector<Cell> cells = cells_of(raw);
  return join(cells, 0, cells.size());
}

std::size_t display_width(std::string_view raw) {
  return is_printable_ascii(raw) ? raw.size() : width_of(cells_of(raw));
}

std::string cut_right(std::string_view raw, std::size_t width) {
  const std::vector<Cell> cells = cells_of(raw);
  if (width_of(cells) <= width) return join(cells, 0, cells.size());
  if (width == 0) return {};
  std::size_t last = 0;
  for (std::size_t used = 1; last < cells.size() && used + cells[last].width <= width; ++last) {
    used += cells[last].width;
  }
  return join(cells, 0, last).append(kEllipsis);
}

std::string cut_left(std::string_view raw, std::size_t width) {
  const std::vector<Cell> cells = cells_of(raw);
  if (width_of(cells) <= width) return join(cells, 0, cells.size());
  if (width == 0) return {};
  std::size_t first = cells.size();
  for (std::size_t used = 1; first > 0 && used + cells[first - 1].width <= width; --first) {
    used += cells[first - 1].width;
  }
  return std::string(kEllipsis) + join(cells, first, cells.size());
}

LineView terminal_line(std::string_view raw, std::size_t begin, std::size_t end, std::size_t width) {
  raw = without_line_end(raw);
  width = std::max(width, kMinLineWidth);
  begin = std::min(begin, raw.size());
  end = std::clamp(end, begin, raw.size());
  const std::size_t from = begin > kNear ? begin - kNear : 0;
  const std::size_t to = raw.size() - begin > kNear ? begin + kNear : raw.size();
  const std::vector<Cell> cells = cells_of(raw.substr(from, to - from), Cells::Tabs::Expand);
  const Window focus = focus_cells(cells, begin - from, std::min(end, to) - from);
  const bool more_left = from > 0, more_right = to < raw.size();
  const bool fits = !more_left && !more_right && width_of(cells) <= width;
  const Window window = fits ? Window{0, cells.size()} : window_around(cells, focus, width);
  return draw(cells, focus, window, more_left, more_right);
}

}  // namespace tightship
