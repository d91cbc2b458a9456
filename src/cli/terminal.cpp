#include "cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

namespace tightship::cli {
namespace {

constexpr unsigned kMinWidth = 40, kDefaultWidth = 100, kMaxWidth = 400;

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

bool dumb_terminal() { return environment("TERM") == "dumb"; }

unsigned width_from_environment() {
  const std::string_view text = environment("COLUMNS");
  unsigned columns = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), columns);
  return error == std::errc{} && end == text.data() + text.size() ? columns : 0;
}

unsigned width_from_kernel(int fd) {
  winsize size{};
  return ::ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

}  // namespace

bool is_terminal(int fd) { return ::isatty(fd) == 1; }

ColorChoice parse_color(std::string_view text) {
  if (text == "always") return ColorChoice::Always;
  return text == "never" ? ColorChoice::Never : ColorChoice::Auto;
}

bool use_color(ColorChoice choice, int fd) {
  if (choice != ColorChoice::Auto) return choice == ColorChoice::Always;
  if (!environment("NO_COLOR").empty()) return false;
  const std::string_view force = environment("CLICOLOR_FORCE");
  if (!force.empty() && force != "0") return true;
  return is_terminal(fd) && !dumb_terminal();
}

unsigned terminal_width(int fd) {
  unsigned width = width_from_environment();
  if (width == 0) width = width_from_kernel(fd);
  if (width == 0) width = kDefaultWidth;
  return std::clamp(width, kMinWidth, kMaxWidth);
}

bool may_animate(int fd) { return is_terminal(fd) && !dumb_terminal() && ::tcgetpgrp(fd) == ::getpgrp(); }

}  // namespace tightship::cli
