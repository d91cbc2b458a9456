#include "cli/stream.h"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

#include "base/terminal_text.h"
#include "cli/terminal.h"
#include "report/markup.h"
#include "report/report.h"
#include "report/style.h"

namespace tightship::cli {
namespace {

bool messages_have_color = false;

// 0 or the errno.
int write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

// Runners that obey lines of a log. A file name must not be able to give them orders.
bool log_is_obeyed() {
  const auto is_set = [](const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr && *value != 0;
  };
  return is_set("GITHUB_ACTIONS") || is_set("TF_BUILD") || is_set("TEAMCITY_VERSION");
}

// The operating system begins its reasons with a capital.
std::string with_small_initial(std::string_view text) {
  std::string out(text);
  const auto is_small = [](char c) { return c >= 'a' && c <= 'z'; };
  if (out.size() > 1 && out[0] >= 'A' && out[0] <= 'Z' && is_small(out[1])) out[0] = static_cast<char>(out[0] + 32);
  return out;
}

void print_message(std::string level, std::string_view what, std::string where, std::string_view help) {
  report::Diagnostic diagnostic;
  diagnostic.level = std::move(level);
  diagnostic.message = with_small_initial(what);
  diagnostic.path = std::move(where);
  std::string text = report::render_diagnostic(diagnostic, messages_have_color, terminal_width(STDERR_FILENO));
  if (!help.empty()) {
    const std::string word = report::paint("help", report::Role::Help, messages_have_color);
    text += word + ": " + terminal_text(help) + "\n";
  }
  write_stderr(text);
}

}  // namespace

Result<void> write_stdout(std::string_view text) {
  const int error = write_all(STDOUT_FILENO, text);
  if (error == 0 || error == EPIPE) return {};
  return fail(ErrorKind::Io, std::strerror(error), "standard output");
}

Result<void> write_stdout_for_people(std::string_view text) {
  return log_is_obeyed() ? write_stdout(report::log_text(text)) : write_stdout(text);
}

void write_stderr(std::string_view text) {
  if (log_is_obeyed())
    write_all(STDERR_FILENO, report::log_text(text));
  else
    write_all(STDERR_FILENO, text);
}

void print_error(const Error& error) { print_message("error", error.what, error.where, error.help); }

void print_warning(std::string_view text, std::string_view help) { print_message("warning", text, "", help); }

void set_message_color(bool color) { messages_have_color = color; }

bool message_color() { return messages_have_color; }

}  // namespace tightship::cli
