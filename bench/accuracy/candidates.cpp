// What the generic rules match in a folder, before the model judges it: one JSON object a line with
// path, byte offset, length, features and the hand-written rule that drops it ("" for none). The first
// line names the features. Input of train.py; values are never printed.
//
// usage: generic_candidates FOLDER

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "detect/detector.h"
#include "detect/generic.h"
#include "detect/generic_features.h"

namespace {

using namespace tightship;
using Json = nlohmann::json;

std::vector<detect::Candidate> generic_candidates(const detect::RuleSet& rules, Bytes text,
                                                  match::Engine::Scratch& scratch) {
  std::vector<match::Anchor> anchors;
  std::vector<match::Match> matches;
  std::vector<detect::Candidate> found;
  rules.engine().find_anchors(text, scratch, anchors);
  for (const match::Anchor& anchor : anchors) detect::confirm(rules, text, anchor, matches, found);
  std::erase_if(found, [&](const detect::Candidate& c) { return !rules.rules()[c.rule].generic; });
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

void print(const detect::RuleSet& rules, const std::string& path, std::string_view text,
           const detect::Candidate& candidate) {
  const detect::Site site = detect::read_site(text, path, candidate);
  Json row;
  row["path"] = path;
  row["start"] = candidate.start;
  row["length"] = candidate.length;
  row["rule"] = rules.rules()[candidate.rule].id;
  row["fault"] = detect::place_fault(site);
  row["features"] = detect::generic_features(site);
  fmt::print("{}\n", row.dump(-1, ' ', true, Json::error_handler_t::replace));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return std::fputs("usage: generic_candidates FOLDER\n", stderr), 2;
  const std::filesystem::path root = argv[1];
  const detect::RuleSet& rules = detect::RuleSet::builtin();
  auto scratch = rules.engine().make_scratch();
  fmt::print("{}\n", Json(detect::feature_names()).dump());
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    const std::string path = entry.path().lexically_relative(root).generic_string();
    if (!entry.is_regular_file() || path.starts_with(".git/")) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    if (text.find('\0') != std::string::npos) continue;
    for (const detect::Candidate& candidate : generic_candidates(rules, as_bytes(text), scratch))
      print(rules, path, text, candidate);
  }
  return 0;
}
