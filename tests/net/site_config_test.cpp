#include "net/site_config.h"

#include <gtest/gtest.h>

namespace tightship::net {
namespace {

TEST(SiteConfig, ReadsEverything) {
  const auto config = parse_site_config("t.toml",
                                        "[site]\n"
                                        "canonical = \"https://www.example.com/\"\n"
                                        "hosts = [\"App\", \"status.example.net.\", \"@\", \"app\"]\n"
                                        "[mail]\n"
                                        "providers = [\"google\"]\n"
                                        "dkim_selectors = [\"s1\", \"2026_11\"]\n"
                                        "[[route]]\n"
                                        "url = \"/health\"\n"
                                        "[[route]]\n"
                                        "url = \"https://api.example.com/\"\n"
                                        "method = \"HEAD\"\nexpect = 204\nbody_contains = \"ok\"\nmax_ms = 500\n"
                                        "[owners]\nuptime = \"ana\"\n"
                                        "[launch]\nfail_on = \"scale-risk\"\noff = [\"ENV-PERM\"]\n"
                                        "[launch.class]\nCFG-SRCMAP = \"launch-blocker\"\n");
  ASSERT_TRUE(config) << config.error().what << " " << config.error().where;
  EXPECT_EQ(config->canonical, "https://www.example.com");
  EXPECT_EQ(config->hosts, (std::vector<std::string>{"app", "status.example.net", "@"}));
  EXPECT_EQ(config->mail_providers, std::vector<std::string>{"google"});
  EXPECT_EQ(config->dkim_selectors, (std::vector<std::string>{"s1", "2026_11"}));
  ASSERT_EQ(config->routes.size(), 2u);
  EXPECT_EQ(config->routes[0].url, "/health");
  EXPECT_EQ(config->routes[0].method, "GET");
  EXPECT_EQ(config->routes[0].expect, 200u);
  EXPECT_EQ(config->routes[1].line, 9u);
  EXPECT_EQ(config->routes[1].max_ms, 500u);
  EXPECT_EQ(config->owners.at("uptime"), "ana");
  EXPECT_EQ(config->fail_on, detect::RiskClass::ScaleRisk);
  EXPECT_EQ(config->off, std::vector<std::string>{"ENV-PERM"});
  EXPECT_EQ(config->classes.at("CFG-SRCMAP"), detect::RiskClass::LaunchBlocker);
}

struct Wrong {
  const char* name;
  const char* text;
  const char* where;
  const char* what;
};

class SiteConfigErrors : public testing::TestWithParam<Wrong> {};

TEST_P(SiteConfigErrors, SaysWhatAndWhere) {
  const auto config = parse_site_config("t.toml", GetParam().text);
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().kind, ErrorKind::Config);
  EXPECT_EQ(config.error().where, GetParam().where);
  EXPECT_NE(config.error().what.find(GetParam().what), std::string::npos) << config.error().what;
}

INSTANTIATE_TEST_SUITE_P(
    Files, SiteConfigErrors,
    testing::Values(Wrong{"no_toml", "[site]\nhosts = [\n", "t.toml:2:11", ""},
                    Wrong{"bracket", "[site]\nhosts = ]\n", "t.toml:2:9", ""},
                    Wrong{"key", "[site]\nhost = [\"app\"]\n", "t.toml:2:1", "unknown key 'host'"},
                    Wrong{"section", "[sites]\n", "t.toml:1:2", "unknown key 'sites'"},
                    Wrong{"no_list", "[site]\nhosts = \"app\"\n", "t.toml:2:9", "not a list"},
                    Wrong{"no_name", "[site]\nhosts = [\"app\", \"https://x\"]\n", "t.toml:2:17", "not a name"},
                    Wrong{"no_url", "[[route]]\nexpect = 200\n", "t.toml:1:1", "no url"},
                    Wrong{"method", "[[route]]\nurl = \"/\"\nmethod = \"POST\"\n", "t.toml:1:1",
                          "neither GET nor HEAD"},
                    Wrong{"status", "[[route]]\nurl = \"/\"\nexpect = 20\n", "t.toml:3:10", "from 100 to 599"},
                    Wrong{"canonical", "[site]\ncanonical = \"example.com\"\n", "t.toml:2:13", "not a URL"},
                    Wrong{"class", "[launch.class]\nX = \"blocker\"\n", "t.toml:2:5", "is no class"},
                    Wrong{"off", "[launch]\noff = \"X\"\n", "t.toml:2:7", "not a list"},
                    Wrong{"fail_on", "[launch]\nfail_on = 1\n", "t.toml:2:11", "not a string"},
                    Wrong{"site", "site = 3\n", "t.toml:1:8", "not a table"}),
    [](const auto& info) { return info.param.name; });

TEST(SiteConfig, TooManyHosts) {
  std::string text = "[site]\nhosts = [";
  for (std::size_t i = 0; i <= kMaxSiteEntries; ++i) text += "\"h" + std::to_string(i) + "\",";
  EXPECT_FALSE(parse_site_config("t.toml", text + "]\n"));
}

TEST(SiteConfig, NamesBelowTheDomain) {
  EXPECT_EQ(full_host_name("app", "example.com"), "app.example.com");
  EXPECT_EQ(full_host_name("@", "example.com"), "example.com");
  EXPECT_EQ(full_host_name("a.example.net", "example.com"), "a.example.net");
}

}  // namespace
}  // namespace tightship::net
