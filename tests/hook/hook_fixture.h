#pragma once

// Repositories with hooks: everything of a folder as text, so that two states can be compared byte for
// byte, and a tightship that is no more than a record of how it was called.

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "git/repository.h"
#include "hook/install.h"
#include "support/git_fixture.h"

namespace tightship::test {

namespace fs = std::filesystem;

// Path to "type mode content" of everything under `root`, links not followed.
inline std::map<std::string, std::string> snapshot(const std::string& root) {
  std::map<std::string, std::string> out;
  for (fs::recursive_directory_iterator it(root), end; it != end; ++it) {
    const std::string path = it->path().string();
    struct stat status {};
    ::lstat(path.c_str(), &status);
    std::string text = std::to_string(status.st_mode) + " ";
    if (it->is_symlink()) {
      text += fs::read_symlink(path).string();
    } else if (it->is_regular_file()) {
      text += slurp(path);
    }
    out[path.substr(root.size())] = text;
  }
  return out;
}

inline void write_mode(const std::string& path, std::string_view content, unsigned mode = 0755) {
  write_file(path, content);
  ::chmod(path.c_str(), mode);
}

// Sets a variable of this process for the life of the object.
class Variable {
 public:
  Variable(const char* name, const std::optional<std::string>& value) : name_(name) {
    if (const char* old = ::getenv(name)) old_ = old;
    set(value);
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable() { set(old_); }

 private:
  void set(const std::optional<std::string>& value) const {
    if (value) {
      ::setenv(name_, value->c_str(), 1);
    } else {
      ::unsetenv(name_);
    }
  }
  const char* name_;
  std::optional<std::string> old_;
};

// A home without any configuration, for this process and the git that it asks.
struct Home {
  TempDir dir;
  Variable home{"HOME", dir.path}, xdg{"XDG_CONFIG_HOME", dir.path + "/.config"};
  Variable system{"GIT_CONFIG_NOSYSTEM", "1"}, global{"GIT_CONFIG_GLOBAL", std::nullopt};
  std::string config() const { return dir.path + "/.gitconfig"; }
};

inline git::Repository open(const std::string& path) {
  Ledger ledger;
  auto repository = git::open_repository(path, true, ledger);
  if (!repository) throw std::runtime_error(repository.error().what);
  return *repository;
}

inline constexpr const char* kTool = "/opt/tight ship/it's/tightship";

inline Result<hook::Outcome> install(const std::string& path, hook::HookKind kind = hook::HookKind::PrePush,
                                     bool plain = false) {
  return hook::install_hook(open(path), kind, {kTool, plain});
}

inline hook::Outcome::What what_of(const Result<hook::Outcome>& outcome) {
  EXPECT_TRUE(outcome) << outcome.error().what << " " << outcome.error().where;
  return outcome ? outcome->what : hook::Outcome::What::Absent;
}

}  // namespace tightship::test
