#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "base/terminal_text.h"
#include "launch/report.h"
#include "launch/words.h"
#include "report/style.h"
#include "report/words.h"

// One screen: a blocker takes at most three lines, a conversion blocker one, scale risks share lines. What does
// not fit is counted and named with the flag that shows it.

namespace tightship::launch {
namespace {

using detect::RiskClass;
using report::paint;
using report::Role;

constexpr std::size_t kPlaceWidth = 36;
constexpr std::size_t kLossesOnScreen = 3;

// Rows of each class that are drawn; shrunk from the least important on until the screen holds all.
using Limits = std::array<std::size_t, 3>;
constexpr Limits kMost = {8, 12, 12}, kLeast = {4, 3, 3};

struct Canvas {
  const Report& report;
  const Options& options;
  std::size_t width;
  Limits limits;
  std::string out;
  std::size_t number = 0;  // of the last row
};

Role role_of(RiskClass risk_class) {
  if (risk_class == RiskClass::LaunchBlocker) return Role::Error;
  return risk_class == RiskClass::ConversionBlocker ? Role::Warning : Role::Plain;
}

void line(Canvas& canvas, const std::string& text) { canvas.out += text + "\n"; }

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

void draw_head(Canvas& canvas) {
  const Report& r = canvas.report;
  std::string head = "tightship launch  " + terminal_text(r.subject);
  if (!r.repository.empty()) head += "  repo " + terminal_text(r.repository);
  head += "  " + report::duration_text(r.seconds);
  line(canvas, cut_right(head, canvas.width));
  const bool blocked = r.count(RiskClass::LaunchBlocker) > 0;
  line(canvas, paint(verdict(r), blocked ? Role::Error : Role::Plain, canvas.options.color));
}

// Rows of one title, which are told in one line where space is short.
struct Group {
  std::vector<const Row*> rows;
  const Row& first() const { return *rows.front(); }
};

std::string place_text(const Group& group) {
  const std::string place = cut_left(first_place(group.first()), kPlaceWidth);
  return group.rows.size() == 1 ? place : place + fmt::format(", {} more", group.rows.size() - 1);
}

// " 1 Title                              bundle  dist/a.js:1"
void draw_title(Canvas& canvas, const Group& group) {
  const Row& row = group.first();
  const std::string right = terminal_text(row.head.source) + "  " + place_text(group);
  const std::string number = fmt::format("{:>2} ", canvas.number + 1);
  canvas.number += group.rows.size();
  const std::size_t taken = number.size() + display_width(right) + 2;
  const std::size_t left = canvas.width > taken + 20 ? canvas.width - taken : 20;
  const std::string title = cut_right(title_words(row), left);
  const Role role = role_of(row.head.risk_class);
  const std::string gap(left - std::min(left, display_width(title)) + 2, ' ');
  line(canvas, number + paint(title, role, canvas.options.color) + gap + right);
}

// Whole when everything is asked for, else one line.
void draw_part(Canvas& canvas, std::string_view label, const std::string& text, const std::string& right) {
  if (text.empty()) return;
  const std::size_t taken = 3 + label.size() + (right.empty() ? 0 : right.size() + 2);
  const std::size_t left = canvas.width > taken + 10 ? canvas.width - taken : 10;
  const std::string shown = canvas.options.all ? terminal_text(text) : cut_right(text, left);
  std::string drawn = "   " + paint(label, Role::Help, canvas.options.color) + shown;
  if (!right.empty()) drawn += std::string(left - std::min(left, display_width(text)) + 2, ' ') + right;
  line(canvas, drawn);
}

void draw_row(Canvas& canvas, const Group& group, bool in_full) {
  draw_title(canvas, group);
  if (!in_full) return;
  const Row& row = group.first();
  draw_part(canvas, "", why_words(row), "");
  draw_part(canvas, "Fix  ", fix_words(row), effort_words(row));
  if (!canvas.options.all) return;
  for (std::size_t i = 1; i < row.head.spots.size(); ++i) {
    draw_part(canvas, "also ", spot_words(row.head.spots[i]), "");
  }
}

// Titles of several groups in as few lines as they need.
void draw_together(Canvas& canvas, const std::vector<Group>& groups, std::size_t shown) {
  std::string current;
  for (std::size_t i = 0; i < shown; ++i) {
    const std::size_t more = groups[i].rows.size();
    const std::string count = more > 1 ? fmt::format(" ({})", more) : "";
    const std::string title = cut_right(title_words(groups[i].first()), canvas.width - 12) + count;
    if (!current.empty() && display_width(current) + display_width(title) + 6 > canvas.width) {
      line(canvas, "   " + current);
      current.clear();
    }
    current += (current.empty() ? "" : " | ") + title;
    canvas.number += more;
  }
  if (!current.empty()) line(canvas, "   " + current);
}

// A blocker is a row of its own, and so is every row when all are asked for.
std::vector<Group> groups_of(const Canvas& canvas, RiskClass risk_class) {
  const bool apart = canvas.options.all || risk_class == RiskClass::LaunchBlocker;
  std::vector<Group> groups;
  std::map<std::pair<std::string_view, std::string_view>, std::size_t> known;
  for (const Row& row : canvas.report.rows) {
    if (row.head.risk_class != risk_class || !(counts(row) || canvas.options.all)) continue;
    const auto [at, is_new] = known.try_emplace({row.head.id, row.head.title}, groups.size());
    if (is_new || apart)
      groups.push_back({{&row}});
    else
      groups[at->second].rows.push_back(&row);
  }
  return groups;
}

std::size_t row_count(const std::vector<Group>& groups, std::size_t begin) {
  std::size_t count = 0;
  for (std::size_t i = begin; i < groups.size(); ++i) count += groups[i].rows.size();
  return count;
}

void draw_class(Canvas& canvas, RiskClass risk_class) {
  const std::vector<Group> groups = groups_of(canvas, risk_class);
  if (groups.empty()) return;
  const std::string heading = upper(class_heading(risk_class));
  line(canvas, "");
  line(canvas,
       paint(heading, role_of(risk_class), canvas.options.color) + fmt::format("  ({})", class_meaning(risk_class)));
  const bool all = canvas.options.all;
  const std::size_t most = all ? groups.size() : canvas.limits[static_cast<std::size_t>(risk_class)];
  const std::size_t shown = std::min(groups.size(), most);
  if (risk_class == RiskClass::ScaleRisk && !all)
    draw_together(canvas, groups, shown);
  else
    for (std::size_t i = 0; i < shown; ++i) draw_row(canvas, groups[i], all || risk_class == RiskClass::LaunchBlocker);
  const std::size_t more = row_count(groups, shown);
  canvas.number += more;
  if (more > 0) line(canvas, fmt::format("   and {} more (--all)", report::with_spaces(more)));
}

void draw_hosts(Canvas& canvas) {
  if (canvas.report.hosts.empty() || !canvas.options.all) return;
  line(canvas, "\nDOMAIN MAP");
  for (const Host& host : canvas.report.hosts) {
    std::string text = report::pad_right(terminal_text(host.name), 28) + "  " +
                       terminal_text(host.alias.empty() ? host.address : host.alias);
    if (!host.proxy.empty()) text += "  via " + terminal_text(host.proxy);
    if (host.tls_days) text += fmt::format("  certificate: {} days", *host.tls_days);
    if (!host.redirect.empty()) text += "  to " + terminal_text(host.redirect);
    line(canvas, " " + text);
  }
}

void draw_passed(Canvas& canvas) {
  const std::size_t count = canvas.report.passed.size();
  if (count == 0) return;
  const bool listed = canvas.options.list_passed;
  line(canvas, fmt::format("Passed {}{}", report::counted(count, "check"), listed ? "" : "  (--passed lists them)"));
  if (!listed) return;
  for (const readiness::Passed& passed : canvas.report.passed) {
    line(canvas, fmt::format("   {}  {}", terminal_text(passed.id), terminal_text(passed.text)));
  }
}

void draw_losses(Canvas& canvas) {
  const std::vector<Loss>& losses = canvas.report.losses;
  const std::size_t shown = canvas.options.all ? losses.size() : std::min(losses.size(), kLossesOnScreen);
  for (std::size_t i = 0; i < shown; ++i) {
    line(canvas, cut_right("Not read: " + loss_words(losses[i]), canvas.width));
  }
  const std::uint64_t more = canvas.report.loss_count - std::min<std::uint64_t>(canvas.report.loss_count, shown);
  if (more > 0) line(canvas, fmt::format("Not read: {} more", report::with_spaces(more)));
}

void draw_not_checked(Canvas& canvas) {
  std::vector<std::string> parts;
  for (const Section& section : canvas.report.sections) {
    if (!section.ran) parts.push_back(section.command + " (" + section.coverage + ")");
  }
  for (const std::string& text : canvas.report.not_checked) parts.push_back(text);
  const std::size_t limits = canvas.report.limits.size();
  if (limits > 0 && !canvas.options.all) parts.push_back(fmt::format("{} more limits of the checks (--all)", limits));
  if (canvas.options.all) parts.insert(parts.end(), canvas.report.limits.begin(), canvas.report.limits.end());
  if (parts.empty()) return;
  // The limits are said in full, on as many lines as they need.
  std::string current = "Not checked:";
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::string part = terminal_text(parts[i]) + (i + 1 < parts.size() ? "," : "");
    if (display_width(current) + display_width(part) + 1 > canvas.width) {
      line(canvas, current);
      current = "  ";
    }
    current += " " + part;
  }
  line(canvas, current);
}

void draw_checked(Canvas& canvas) {
  std::vector<std::string> parts;
  for (const Section& section : canvas.report.sections) {
    if (!section.ran) continue;
    parts.push_back(section.command + (section.coverage.empty() ? "" : " " + section.coverage));
  }
  if (!parts.empty()) line(canvas, cut_right("Checked: " + report::join(parts, "; "), canvas.width));
}

std::string draw(const Report& report, const Options& options, const Limits& limits) {
  Canvas canvas{report, options, std::max(options.width, kLeastWidth), limits, {}};
  draw_head(canvas);
  for (const RiskClass risk_class : kClasses) draw_class(canvas, risk_class);
  draw_hosts(canvas);
  line(canvas, "");
  if (const std::string rotate = rotate_words(report); !rotate.empty()) line(canvas, rotate);
  draw_losses(canvas);
  draw_checked(canvas);
  draw_not_checked(canvas);
  draw_passed(canvas);
  return canvas.out;
}

bool fits(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) <= kScreenLines;
}

bool shrink(Limits& limits) {
  for (std::size_t i = limits.size(); i-- > 0;) {
    if (limits[i] == kLeast[i]) continue;
    --limits[i];
    return true;
  }
  return false;
}

}  // namespace

std::string render_text(const Report& report, const Options& options) {
  Limits limits = kMost;
  std::string text = draw(report, options, limits);
  const bool one_screen = !options.all && !options.list_passed;
  while (one_screen && !fits(text) && shrink(limits)) text = draw(report, options, limits);
  return text;
}

}  // namespace tightship::launch
