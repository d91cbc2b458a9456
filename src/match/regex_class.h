#pragma once

// The parts of an expression that stand for one byte: escapes and bracketed classes.

#include <optional>

#include "match/regex.h"

namespace tightship::match::regex {

// \d \D \s \S \w \W.
std::optional<ByteClass> perl_class(char letter);

// The escape at `at` (a backslash) that means one byte; moves `at` behind it.
Result<std::uint8_t> parse_escape(std::string_view text, std::size_t& at);

// The class at `at` (an opening bracket); moves `at` behind the closing one.
Result<ByteClass> parse_class(std::string_view text, std::size_t& at, bool caseless);

}  // namespace tightship::match::regex
