#pragma once

// The values that a PDF is written in, as text.
//
// Source: ISO 32000-1, 7.2 (lexical conventions), 7.3 (objects). Of anything that is no value what can be told: each call
// goes forward. O(value), whatever is nested how deep. Thread-safe: no shared state. Answers are views of the text.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tightship::unpack {

// The value that begins at `at` or behind blanks and comments, as it is written: a name with its slash, a dictionary
// with its brackets, "12 0 R". `at` moves behind it. Empty at the end. A bracket that closes nothing is a value.
std::string_view read_value(std::string_view text, std::size_t& at);
// Of a dictionary's entry, as it is written; empty when there is none. O(dictionary).
std::string_view find_entry(std::string_view dictionary, std::string_view key);
// A whole number from 0 on; nothing for anything else.
std::optional<std::uint32_t> read_whole(std::string_view value);
std::optional<double> read_real(std::string_view value);
bool is_pdf_blank(char c);
void skip_pdf_blanks(std::string_view text, std::size_t& at);  // and comments

}  // namespace tightship::unpack
