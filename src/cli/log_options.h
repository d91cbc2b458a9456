#pragma once

// The options of `git log` that --log-opts takes, as far as they say which commits are meant.

#include <string>
#include <vector>

#include "base/result.h"
#include "git/object_reader.h"
#include "git/repository.h"

namespace tightship::cli {

struct LogOptions {
  std::vector<Oid> wanted, known;    // both empty: everything
  std::vector<std::string> ignored;  // options that are not honoured
};

// Splits at blanks and quotes as a shell does, and resolves. Fails as git::resolve_range.
Result<LogOptions> parse_log_options(const std::string& text, const git::Repository& repository,
                                     git::ObjectReader& objects);

}  // namespace tightship::cli
