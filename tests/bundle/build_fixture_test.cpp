#include "bundle/build_fixture.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "detect/codec.h"
#include "detect/token_template.h"

namespace tightship::bundle {
namespace fs = std::filesystem;

TemporaryFolder::TemporaryFolder() {
  std::string name = (fs::temp_directory_path() / "tightship-bundle-XXXXXX").string();
  path_ = mkdtemp(name.data()) != nullptr ? name : std::string();
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code error;
  if (!path_.empty()) fs::remove_all(path_, error);
}

void TemporaryFolder::write(std::string_view name, std::string_view content) const {
  const fs::path path = fs::path(path_) / name;
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << content;
}

Marks make_marks(std::uint64_t seed) {
  Marks marks;
  const auto add = [&](std::string mark, const std::string& token_template) {
    auto text = detect::expand_template(token_template, seed + marks.size());
    ASSERT_TRUE(text.has_value());
    ASSERT_EQ(text->size(), mark.size()) << mark;
    marks[std::move(mark)] = *text;
  };
  add("MARKxSTRIPExSECRETxKEYxMARKxMARK", "sk_live_{base62:24}");
  add("MARKxONLYxONxTHExSERVERxxx", "{base62:26}");
  for (const char* mark : {"MARKxDBx1", "MARKxDBx2", "MARKxDBx3", "MARKxDBx4"}) add(mark, "{base62:9}");
  for (const char* mark : {"MARKxJWTxAA", "MARKxJWTxBB", "MARKxJWTxCC"}) add(mark, "{base62:11}");
  return marks;
}

namespace {

std::string replace_marks(std::string text, const Marks& marks) {
  for (const auto& [mark, value] : marks) {
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at))
      text.replace(at, mark.size(), value);
  }
  return text;
}

}  // namespace

std::string fill(std::string_view text, const Marks& marks) {
  constexpr std::string_view kBase64 = ";base64,";
  std::string out = replace_marks(std::string(text), marks);
  const std::size_t at = out.find(kBase64);
  if (at == std::string::npos) return out;
  const std::size_t begin = at + kBase64.size(),
                    end = std::min(out.find_first_not_of(
                                       "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=", begin),
                                   out.size());
  const auto decoded = detect::decode_base64(out.substr(begin, end - begin), detect::Base64::Standard);
  if (!decoded) return out;
  return out.replace(begin, end - begin,
                     detect::encode_base64(replace_marks(*decoded, marks), detect::Base64::Standard, true));
}

std::map<std::string, std::string> fill_env(const Marks& marks) {
  std::map<std::string, std::string> variables;
  std::ifstream file(std::string(TIGHTSHIP_SOURCE_DIR) + "/fixtures/bundle/apps/env.txt");
  for (std::string line; std::getline(file, line);) {
    const std::size_t equals = line.find('=');
    std::string value = line.substr(equals + 1);
    if (value.starts_with('\'')) value = value.substr(1, value.size() - 2);
    variables[line.substr(0, equals)] = fill(value, marks);
  }
  return variables;
}

std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void fill_build(std::string_view app, const std::string& folder, const Marks& marks) {
  const fs::path from = fs::path(TIGHTSHIP_SOURCE_DIR) / "fixtures/bundle/builds" / app;
  for (const auto& entry : fs::recursive_directory_iterator(from)) {
    if (!entry.is_regular_file()) continue;
    fs::path to = fs::path(folder) / fs::relative(entry.path(), from);
    if (to.filename() == "env.txt") to.replace_filename(".env");
    fs::create_directories(to.parent_path());
    std::ofstream(to, std::ios::binary) << fill(read_text(entry.path().string()), marks);
  }
}

namespace {

TEST(BuildFixture, MarksAreReplacedInBase64Too) {
  const Marks marks = make_marks(1);
  const std::string text =
      fill(read_text(std::string(TIGHTSHIP_SOURCE_DIR) + "/fixtures/bundle/builds/webpack/dist/inline.js"), marks);
  EXPECT_EQ(text.find("MARKx"), std::string::npos);
  const std::size_t at = text.find(";base64,") + 8;
  const auto map = detect::decode_base64(text.substr(at, text.find_first_of("\n", at) - at), detect::Base64::Standard);
  ASSERT_TRUE(map.has_value());
  EXPECT_EQ(map->find("MARKx"), std::string::npos);
  EXPECT_NE(map->find(marks.at("MARKxONLYxONxTHExSERVERxxx")), std::string::npos);
}

}  // namespace
}  // namespace tightship::bundle
