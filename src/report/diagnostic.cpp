#include <fmt/format.h>

#include <algorithm>

#include "base/terminal_text.h"
#include "report/report.h"
#include "report/style.h"
#include "report/words.h"

// Drawn part by part, top to bottom:
//
//   error[code]: message
//     --> path@at:31:19
//      |
//   31 | source
//      |   ^^^^ label
//      |
//      = name: text
//   help: text

namespace tightship::report {
namespace {

constexpr std::size_t kLeastGutter = 2;

struct Canvas {
  const Diagnostic& diagnostic;
  bool color;
  std::size_t width;   // of the terminal
  std::size_t gutter;  // digits of the line number
  std::string out;

  std::string bar() const { return std::string(gutter + 1, ' ') + "|"; }
};

// Texts that we wrote may have several lines; what they quote was escaped before and has none.
std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (true) {
    const std::size_t end = text.find('\n');
    lines.push_back(terminal_text(text.substr(0, end)));
    if (end == std::string_view::npos) return lines;
    text.remove_prefix(end + 1);
  }
}

void draw_head(Canvas& canvas) {
  const Diagnostic& d = canvas.diagnostic;
  std::string level = d.level;
  if (!d.code.empty()) level += "[" + terminal_text(d.code) + "]";
  canvas.out += paint(level, role_of_level(d.level), canvas.color) + ": " + terminal_text(d.message) + "\n";
}

void draw_place(Canvas& canvas) {
  const Diagnostic& d = canvas.diagnostic;
  if (d.path.empty() && d.at.empty()) return;
  std::string place = terminal_text(d.path) + terminal_text(d.at);
  if (d.line != 0) place += fmt::format(":{}", d.line);
  if (d.line != 0 && d.column != 0) place += fmt::format(":{}", d.column);
  canvas.out += std::string(canvas.gutter, ' ') + "--> " + paint(place, Role::Path, canvas.color) + "\n";
}

// The label stands right of the caret when it fits there, else on a line of its own.
void draw_caret(Canvas& canvas, const LineView& view, std::size_t room) {
  const Diagnostic& d = canvas.diagnostic;
  const std::string label = terminal_text(d.label);
  const std::size_t label_width = display_width(label);
  const Role role = role_of_level(d.level);
  const std::string caret(view.end - view.begin, '^');
  canvas.out += canvas.bar() + " " + std::string(view.begin, ' ') + paint(caret, role, canvas.color);
  const bool beside = view.end + 1 + label_width <= room || view.end + 1 <= room / 4;
  if (label.empty() || beside) {
    canvas.out += (label.empty() ? "" : " " + paint(label, role, canvas.color)) + "\n";
    return;
  }
  const std::size_t indent = label_width >= room ? 0 : std::min(view.begin, room - label_width);
  canvas.out += "\n" + canvas.bar() + " " + std::string(indent, ' ') + paint(label, role, canvas.color) + "\n";
}

void draw_source(Canvas& canvas) {
  const Diagnostic& d = canvas.diagnostic;
  if (d.line == 0 || (d.source.empty() && d.label.empty())) return;
  const std::size_t margin = canvas.gutter + 3;
  const std::size_t room = std::max(kMinLineWidth, canvas.width > margin ? canvas.width - margin : 0);
  const LineView view = terminal_line(d.source, d.begin, d.end, room);
  canvas.out += canvas.bar() + "\n";
  const std::string number = pad_left(std::to_string(d.line), canvas.gutter);
  canvas.out += number + (view.text.empty() ? " |\n" : " | " + view.text + "\n");
  draw_caret(canvas, view, room);
}

void draw_notes(Canvas& canvas) {
  const Diagnostic& d = canvas.diagnostic;
  if (d.notes.empty() && d.help.empty()) return;
  canvas.out += canvas.bar() + "\n";
  std::size_t name_width = 0;
  for (const Diagnostic::Note& note : d.notes) name_width = std::max(name_width, display_width(note.name));
  const std::string indent(canvas.gutter + 1, ' ');
  for (const Diagnostic::Note& note : d.notes) {
    std::string head = indent + "= " + pad_right(terminal_text(note.name) + ":", name_width + 1) + " ";
    for (const std::string& line : lines_of(note.text)) {
      canvas.out += head + line + "\n";
      head.assign(display_width(head), ' ');
    }
  }
}

void draw_help(Canvas& canvas) {
  if (canvas.diagnostic.help.empty()) return;
  std::string head = paint("help", Role::Help, canvas.color) + ": ";
  for (const std::string& line : lines_of(canvas.diagnostic.help)) {
    canvas.out += head + line + "\n";
    head = "      ";
  }
}

}  // namespace

std::string render_diagnostic(const Diagnostic& diagnostic, bool color, unsigned width) {
  const std::size_t digits = diagnostic.line == 0 ? 0 : std::to_string(diagnostic.line).size();
  Canvas canvas{diagnostic, color, width, std::max(kLeastGutter, digits), {}};
  draw_head(canvas);
  draw_place(canvas);
  draw_source(canvas);
  draw_notes(canvas);
  draw_help(canvas);
  return std::move(canvas.out);
}

}  // namespace tightship::report
