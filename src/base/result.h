#pragma once

// How a call of ours fails: a value, never an exception.
//
// `what` is a sentence in lower case without a full stop that says what is wrong; `where` is the
// file, object or argument it is about (empty when `what` says it); `help` is a command or an
// edit that mends it (may be empty). None of them ever holds a secret.

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace tightship {

enum class ErrorKind {
  Usage,        // the command line asks for something that cannot be
  Config,       // a configuration or rule file is wrong
  NotFound,     // a file, repository, ref or object is not there
  Io,           // the operating system refused
  Corrupt,      // bytes that break their own format
  Limit,        // valid perhaps, but over a stated bound
  Unsupported,  // valid, and known not to be handled
};

struct Error {
  ErrorKind kind = ErrorKind::Io;
  std::string what;
  std::string where;
  std::string help;
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(ErrorKind kind, std::string what, std::string where = {}, std::string help = {}) {
  return tl::unexpected<Error>(Error{kind, std::move(what), std::move(where), std::move(help)});
}

}  // namespace tightship
