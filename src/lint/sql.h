#pragma once

// SQL as statements of tokens, in the dialect of PostgreSQL: quotes, dollar quotes, nested comments, E-strings,
// data of COPY ... FROM stdin, commands of psql. No grammar.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lint/tree.h"

namespace tightship::lint {

enum class SqlKind : std::uint8_t { Word, Quoted, String, Number, Symbol };

struct SqlToken {
  SqlKind kind = SqlKind::Symbol;
  std::string text;  // a Word in lower case; of Quoted and String what they mean; a Symbol as it stands
  At at;
};

struct SqlStatement {
  std::vector<SqlToken> tokens;                         // without the semicolon; never empty
  bool is(std::size_t i, std::string_view text) const;  // a Word or Symbol
  bool begins(std::initializer_list<std::string_view> words, std::size_t from = 0) const;
  bool is_name(std::size_t i) const;  // a Word or Quoted
  // The first of `words` at or after `from`, outside of brackets; the number of tokens when it is missing.
  std::size_t find(std::string_view word, std::size_t from = 0) const;
  std::size_t close(std::size_t open) const;  // of the bracket at `open`; the number of tokens when missing
};

inline constexpr std::size_t kMaxSqlTokens = 2'000'000;

// Linear. A quote or comment without end takes the rest.
std::vector<SqlStatement> sql_statements(std::string_view source);

}  // namespace tightship::lint
