#pragma once

// Short forms that tests of git objects share. Each throws when it fails, which GoogleTest reports.

#include <stdexcept>
#include <string>

#include "git/repository.h"

namespace tightship::test {

// As the commands open a repository: `path` is its folder, and nothing above it is asked.
inline git::Repository opened(const std::string& path) {
  Ledger ledger;
  auto repository = git::open_repository(path, false, ledger);
  if (!repository) throw std::runtime_error(repository.error().what + " " + repository.error().where);
  return *repository;
}

inline Oid oid(const std::string& hex) { return Oid::from_hex(hex).value(); }

// What git printed, without the line end.
inline std::string trimmed(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

}  // namespace tightship::test
