#pragma once

// What is known of the terminal: only what the environment and the kernel say.

#include <string_view>

namespace tightship::cli {

enum class ColorChoice { Auto, Always, Never };
ColorChoice parse_color(std::string_view text);  // "auto", "always", "never"; anything else is Auto

// `fd` is where the text goes. --color first, then NO_COLOR, CLICOLOR_FORCE, TERM=dumb, then whether
// it is a terminal.
bool use_color(ColorChoice choice, int fd);

bool is_terminal(int fd);

// Columns: COLUMNS, then the terminal of `fd`, then 100; always within 40..400.
unsigned terminal_width(int fd);

// Whether a line may be drawn over and over on `fd`: a terminal, not dumb, and our process group is in
// its foreground.
bool may_animate(int fd);

}  // namespace tightship::cli
