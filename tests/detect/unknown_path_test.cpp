// An audit meets contents before it knows their paths: what any path would keep must be kept until then.

#include <gtest/gtest.h>

#include <algorithm>

#include "detect/scan_text.h"
#include "detect/token_template.h"

namespace tightship::detect {
namespace {

constexpr const char* kTexts[] = {"password = \"{base62:9}\"\n",
                                  "DB_PASSWORD={base62:8}\n",
                                  "  password: {lower:9}\n",
                                  "password = {lower:8}\n",
                                  "\"api_key\": \"{hex:32}\"\n",
                                  "secret: '{lower:6}{digit:3}'\n",
                                  "mysql -u root --password={lower:7}\n",
                                  "auth_token = '{base62:20}'\n",
                                  "password: {lower:6}\n",
                                  "pass=\"{lower:7}{digit:1}\"\n",
                                  "client_secret: {lower:12}\n",
                                  "  secret_key: \"{lower:5}-{lower:5}\"\n",
                                  "token={alnum:9}\n",
                                  "set password to '{lower:8}'\n"};
constexpr const char* kPaths[] = {
    "a.env",          "a.yml", "a.properties", "a.json",     "README.md",      "run.sh",
    "a.xml",          "a.sql", "main.tf",      "a.py",       "a.js",           "a.c",
    "A.java",         "a.qqq", "LICENSE",      "tests/a.py", "examples/a.yml", "package-lock.json",
    "locales/de.json"};

TEST(UnknownPath, KeepsWhatAnyPathKeeps) {
  const RuleSet& rules = RuleSet::builtin();
  std::size_t kept = 0, differs = 0, rescued = 0;
  for (const char* text : kTexts) {
    for (std::uint64_t seed = 0; seed < 120; ++seed) {
      const std::string content = *expand_template(text, seed);
      auto unknown = test::confirmed(rules, content);
      settle(rules, as_bytes(content), {}, unknown);
      std::size_t here = 0;
      for (const char* path : kPaths) {
        const auto known = test::settled(rules, content, path);
        for (const Candidate& candidate : known) {
          EXPECT_NE(std::find(unknown.begin(), unknown.end(), candidate), unknown.end()) << content << path;
        }
        here += known.empty() ? 0 : 1;
      }
      kept += here;
      rescued += here != 0 && test::settled(rules, content, "LICENSE").empty();
      differs += here != 0 && here != std::size(kPaths);
    }
  }
  EXPECT_GT(kept, 500u);
  EXPECT_GT(differs, 20u);  // the path matters at all
  EXPECT_GT(rescued, 0u);   // a file of no known kind would have dropped them
}

}  // namespace
}  // namespace tightship::detect
