#pragma once

// Commands to paste. Names come from repositories: what a shell or SQL would read in them is quoted. Private to
// src/config.

#include <string>
#include <string_view>
#include <vector>

namespace tightship::config {

// One word for a POSIX shell; plain when nothing in it needs quotes.
std::string shell_word(std::string_view text);

// Stops tracking the file, and ignores `pattern` when one is given.
std::vector<std::string> untrack(std::string_view path, std::string_view pattern = {});

// "public.Users" as SQL: public."Users".
std::string sql_name(std::string_view full);

}  // namespace tightship::config
