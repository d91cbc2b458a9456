// For bench/env/loaders.py: env files as our readers read them. Standard input: a JSON list of texts; output: for each an
// object of loader ids, each an object of the variables, or "error". Values are printed: only for made-up texts.

#include <fstream>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "lint/dotenv.h"

int main() {
  using namespace tightship::lint;
  using Json = nlohmann::json;
  const std::string input{std::istreambuf_iterator<char>(std::cin), {}};
  Json out = Json::array();
  for (const Json& text : Json::parse(input)) {
    Json row = Json::object();
    const std::string bytes = text;
    for (const Loader loader : kLoaders) {
      const EnvFile file = read_env(bytes, loader);
      Json values = Json::object();
      for (const auto i : file.effective)
        values[file.entries[i].key] = file.entries[i].has_value ? Json(file.entries[i].value) : Json();
      row[std::string(loader_id(loader))] = file.error && loader != Loader::Bash ? Json("error") : values;
    }
    out.push_back(row);
  }
  std::cout << out.dump(-1, ' ', false, Json::error_handler_t::replace) << "\n";
}
