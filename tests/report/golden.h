#pragma once

// Compares a text with fixtures/report/<name>; TIGHTSHIP_UPDATE_GOLDEN=1 writes it instead.

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

namespace tightship::report {

inline void expect_golden(const std::string& name, const std::string& text) {
  const std::string path = std::string(TIGHTSHIP_SOURCE_DIR) + "/fixtures/report/" + name;
  if (const char* update = std::getenv("TIGHTSHIP_UPDATE_GOLDEN"); update != nullptr && *update == '1') {
    std::ofstream(path, std::ios::binary) << text;
    return;
  }
  std::ifstream file(path, std::ios::binary);
  ASSERT_TRUE(file) << path << " is missing; TIGHTSHIP_UPDATE_GOLDEN=1 writes it";
  std::ostringstream golden;
  golden << file.rdbuf();
  EXPECT_EQ(text, golden.str()) << path;
}

}  // namespace tightship::report
