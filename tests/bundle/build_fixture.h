#pragma once

// The outputs of real build tools under fixtures/bundle/builds, with made-up values in the place of their marks.

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace tightship::bundle {

// Removed when it goes out of scope.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::string& path() const { return path_; }
  // Writes a file below it, with its folders.
  void write(std::string_view name, std::string_view content) const;

 private:
  std::string path_;
};

// Marks and what replaces them: of the same size each.
using Marks = std::map<std::string, std::string, std::less<>>;
Marks make_marks(std::uint64_t seed);

// `text` with every mark replaced, also inside of base64 data URLs.
std::string fill(std::string_view text, const Marks& marks);

// The variables of fixtures/bundle/apps/env.txt, filled.
std::map<std::string, std::string> fill_env(const Marks& marks);

// Copies builds/APP to `folder`, filled; env.txt becomes .env.
void fill_build(std::string_view app, const std::string& folder, const Marks& marks);

std::string read_text(const std::string& path);

}  // namespace tightship::bundle
