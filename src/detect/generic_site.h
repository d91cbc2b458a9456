#pragma once

// Where a generic candidate stands: the whole name, the form of the assignment, the line, the kind of
// file. Read from the materialised blob, never from a match's window, and so the same whether the
// candidate was found in the whole blob or inherited along a delta.

#include <cstdint>
#include <string_view>

#include "detect/detector.h"
#include "detect/file_kind.h"

namespace tightship::detect {

enum class Form : std::uint8_t { Quoted, Bare, Argument, Flag, Sql, Markup };

struct Site {
  std::string_view name;     // "spring.datasource.password": extended to both sides of the match's start
  std::string_view between;  // what stands between name and value: `": "`
  std::string_view value;
  std::string_view line;  // without its end, cut as in lines_of()
  Form form = Form::Quoted;
  char quote = 0;              // that opens the value, or 0
  char operation = 0;          // '=', ':', '>' (=> and ->), '!' (==, !=), ',', '(', ' '
  char before = 0, after = 0;  // around name and value; 0 at the ends of the blob
  bool wrapped = false;        // a call stands between operator and value: decode("...")
  bool before_word = false;    // a blank and a letter follow: prose
  bool in_string = false;      // quotes that are open on the line enclose name and value
  bool commented = false;      // the line begins as a comment
  bool names_next = false;     // a colon follows the value's quote: it is the name of what follows
  bool in_list = false;        // a quoted text stands before the name, too: `"user", "password", "x"`
  bool alternative = false;    // name and value are the two texts of `x ? "name" : "value"`
  bool goes_on = false;        // a variable is joined to the value: `"prefix-" + name`, `'prefix-' . $name`
  std::size_t sentences = 0;   // of the six lines around it, how many assign a text of several words
  FileKind kind = FileKind::Unknown;
  bool test_path = false;
  bool lock_file = false;    // what a package manager writes
  bool translation = false;  // a file of interface texts, by its path
  bool style_sheet = false;
  bool no_file = false;  // a message, or what is known of no path: prose more often than not
};

// `candidate` lies in `blob`; `path` as in settle(). O(length of the line, at most some KB).
Site read_site(std::string_view blob, std::string_view path, const Candidate& candidate);

}  // namespace tightship::detect
