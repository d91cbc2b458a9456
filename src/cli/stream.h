#pragma once

// Text to standard output and standard error, by write(2): unbuffered, so that both keep their order.

#include <string_view>

#include "base/result.h"

namespace tightship::cli {

// Writes everything. A reader that went away (`| head`) is no failure: the rest is dropped silently.
// Fails with Io ("no space left on device").
Result<void> write_stdout(std::string_view text);

// The same for text that no machine reads. Where the log of a CI job is obeyed (GitHub Actions, Azure
// Pipelines, TeamCity), nothing in it is a command (report/markup.h). So it is with all of standard error.
Result<void> write_stdout_for_people(std::string_view text);

// Failures are dropped: there is nowhere left to say so.
void write_stderr(std::string_view text);

// "error: what", "--> where", "help: ..." on stderr, escaped and coloured.
void print_error(const Error& error);
void print_warning(std::string_view text, std::string_view help = {});

// Which colours messages on stderr have; set once by --color.
void set_message_color(bool color);
bool message_color();

}  // namespace tightship::cli
