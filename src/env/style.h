#pragma once

// The checks of form of dotenv-linter 4, under its names and by its rules: DuplicatedKey, EndingBlankLine,
// ExtraBlankLine, IncorrectDelimiter, KeyWithoutValue, LeadingCharacter, LowercaseKey, QuoteCharacter,
// SchemaViolation, SpaceCharacter, SubstitutionKey, TrailingWhitespace, UnorderedKey, ValueWithoutQuotes. Its
// switches work: `# dotenv-linter:off LowercaseKey, UnorderedKey` and `:on`, and DOTENV_LINTER_IGNORE_CHECKS.
//
// Where its advice breaks a file in a loader that is in use the fix is left out (quotes that protect # and $).
// One pass: 20 000 keys take some milliseconds. Pure.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "env/schema.h"

namespace tightship::env {

struct StyleNote {
  std::string_view check;  // "UnorderedKey"
  std::uint32_t line = 0;
  std::string message;  // "The FOO key should go before the ZAP key": names of variables, no values
};

std::vector<std::string_view> style_checks();  // all 14 names

// `schema` may be null. `ignore`: names of checks that are not made. `role`: of the file, as lint::role_name says it;
// what a schema requires in files of other roles only may be missing. Sorted by line, then name.
std::vector<StyleNote> check_style(std::string_view text, const Schema* schema, const std::vector<std::string>& ignore,
                                   std::string_view role = {});

// The text with everything mended that can be without changing a value that some loader reads. Idempotent: what
// comes out is left as it is. Keys keep their comments above them when they are sorted.
std::string fixed_style(std::string_view text, const std::vector<std::string>& ignore);

}  // namespace tightship::env
