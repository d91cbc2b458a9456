#pragma once

// Flags and commands as records: the parser, -h and --help all read the same ones.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tightship::cli {

// Takes the text of a value. Fails with Usage; `what` then says what was expected: "a whole number
// from 1 to 256".
using TakeValue = std::function<Result<void>(const std::string&)>;

struct Flag {
  std::string_view name;    // "threads": --threads
  char letter = 0;          // 'o': -o
  std::string_view value;   // "N": shown in the help; empty for a switch
  std::string_view group;   // heading in the help
  std::string_view brief;   // one line, for -h
  std::string_view detail;  // further sentences, for --help
  TakeValue take;           // called once for each use, in order; a switch gets an empty text
};

struct Operands {
  std::string_view name;  // "PATH"
  std::size_t min = 0, max = 0;
  std::vector<std::string>* values = nullptr;
};

struct Command {
  std::string_view name;    // "scan", "rules list"
  std::string_view usage;   // "tightship scan [FLAGS] [PATH...]"
  std::string_view brief;   // one line
  std::string_view detail;  // paragraphs for --help
  std::string_view examples;
  std::vector<Flag> flags;
  Operands operands;
};

TakeValue set_true(bool& target);
TakeValue set_text(std::string& target);
TakeValue append_text(std::vector<std::string>& target);
TakeValue set_number(unsigned& target, unsigned min, unsigned max);
TakeValue set_count(std::uint64_t& target);
// Bytes, with an optional k, M or G (powers of 1024): "512k", "2G".
TakeValue set_size(std::uint64_t& target, std::uint64_t min, std::uint64_t max);
TakeValue set_choice(std::string& target, std::vector<std::string> choices);

}  // namespace tightship::cli
