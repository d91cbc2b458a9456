// Every loader on the lines that were measured on the loaders themselves (fixtures/env/loaders.json).

#include "lint/dotenv.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

namespace tightship::lint {
namespace {

using Json = nlohmann::json;

const std::map<std::string, Loader> kNames = {{"node_dotenv", Loader::NodeDotenv},
                                              {"node_builtin", Loader::NodeEnvFile},
                                              {"next", Loader::Next},
                                              {"vite", Loader::Vite},
                                              {"dotenvx", Loader::Dotenvx},
                                              {"python", Loader::PythonDotenv},
                                              {"ruby", Loader::RubyDotenv},
                                              {"compose", Loader::Compose},
                                              {"docker_run", Loader::DockerRun},
                                              {"godotenv", Loader::Godotenv},
                                              {"bash", Loader::Bash}};

Json measured() {
  std::ifstream file(TIGHTSHIP_SOURCE_DIR "/fixtures/env/loaders.json");
  return Json::parse(file);
}

// The only commands of the fixture: `echo hi` says hi, anything else says nothing.
std::string run(std::string_view command) { return command == "echo hi" ? "hi\n" : ""; }

Json read_as_json(const std::string& text, Loader loader) {
  ReadOptions options;
  options.run = run;
  const EnvFile file = read_env(text, loader, options);
  if (file.error && loader != Loader::Bash) return "error";
  Json out = Json::object();
  for (const auto i : file.effective) {
    const EnvEntry& entry = file.entries[i];
    if (entry.has_value)
      out[entry.key] = entry.value;
    else
      out[entry.key] = nullptr;
  }
  return out;
}

TEST(Dotenv, EveryMeasuredLineInEveryLoader) {
  const Json cases = measured();
  ASSERT_EQ(cases.size(), 39u);
  std::size_t compared = 0;
  for (const auto& [name, row] : cases.items()) {
    for (const auto& [loader, wanted] : row.at("loaders").items()) {
      ASSERT_TRUE(kNames.count(loader)) << loader;
      const bool fails = wanted.contains("error");
      const Json said = read_as_json(row.at("text"), kNames.at(loader));
      EXPECT_EQ(said, fails ? Json("error") : wanted) << name << " in " << loader;
      ++compared;
    }
  }
  EXPECT_GE(compared, 429u);
}

struct Line {
  Loader loader;
  const char* text;
  const char* wanted;  // JSON
};
void PrintTo(const Line& line, std::ostream* out) { *out << loader_id(line.loader) << " on " << line.text; }
class Found : public testing::TestWithParam<Line> {};
TEST_P(Found, AsTheLoader) {
  EXPECT_EQ(read_as_json(GetParam().text, GetParam().loader), Json::parse(GetParam().wanted));
}

// What bench/env/loaders.py found on the loaders beyond the fixture.
INSTANTIATE_TEST_SUITE_P(Random, Found,
                         testing::Values(Line{Loader::NodeEnvFile, "A==\\n\nexport A='", R"({"A":"=\\n"})"},
                                         Line{Loader::NodeEnvFile, "A='x=y", R"({"'x":"y"})"},
                                         Line{Loader::NodeEnvFile, "B=x\t\n", "{\"B\":\"x\\t\"}"},
                                         Line{Loader::NodeEnvFile, "B= \n \n\nB=", R"({"B":"","\n\nB":""})"},
                                         Line{Loader::Vite, "B=${B:-d}x\n", R"({"B":"dx"})"},
                                         Line{Loader::Dotenvx, "B=''C_${A}", R"({"B":"''C_${A}"})"},
                                         Line{Loader::Next, "A=$A x\n", R"("error")"},
                                         Line{Loader::NodeDotenv, "A=\n'x'\n", R"({"A":"x"})"},
                                         Line{Loader::PythonDotenv, "A='it\\'s' # c\n", R"({"A":"it's"})"}));

}  // namespace
}  // namespace tightship::lint
