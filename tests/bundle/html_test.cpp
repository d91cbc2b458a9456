#include "bundle/html.h"

#include <gtest/gtest.h>

#include "bundle/mixed.h"

namespace tightship::bundle {
namespace {

TEST(Html, Loads) {
  const Page page = read_page(R"(<!doctype html><base href="/app/"><script src="a.js?x=1&amp;y=2"></script>
    <link rel="modulepreload" href="/b.js"><link rel=preload as=script href=c.js><link rel=stylesheet href=d.css>
    <link rel=manifest href=m.json><img src=e.png><form action=/f><template><script src=t.js></script></template>)");
  EXPECT_EQ(page.base, "/app/");
  std::vector<std::string> scripts;
  for (const Load& load : page.loads) {
    if (load.kind == LoadKind::Script) scripts.push_back(load.url);
  }
  EXPECT_EQ(scripts, (std::vector<std::string>{"a.js?x=1&y=2", "/b.js", "c.js", "t.js"}));
  EXPECT_EQ(page.loads.size(), 8u);
}

// A tree builder takes minutes for these.
TEST(Html, ManyOpenTags) {
  std::string deep = "<body>";
  for (int i = 0; i < 200'000; ++i) deep += "<b><p>";
  const Page page = read_page(deep + "<script src=last.js>");
  ASSERT_EQ(page.loads.size(), 1u);
  EXPECT_EQ(page.loads[0].offset, deep.size());
  EXPECT_TRUE(read_page("").loads.empty());
}

TEST(Html, TextIsNoTag) {
  const Page page = read_page(R"(<title><script src=a.js></title><textarea><img src=b.png></textarea>
    <script>var x = "<script src=c.js>";</script><style><link rel=stylesheet href=d.css></style><img src=e.png)");
  EXPECT_TRUE(page.loads.empty());
}

TEST(Html, CharacterReferences) {
  const Page page =
      read_page("<img src='http:&#47;&#x2F;a.example/?a=1&amp;b=2&copy=3&#0;&unknown;&#99999999;&#x20AC;'>");
  ASSERT_EQ(page.loads.size(), 1u);
  EXPECT_EQ(page.loads[0].url, "http://a.example/?a=1&b=2&copy=3\xEF\xBF\xBD&unknown;\xEF\xBF\xBD\xE2\x82\xAC");
}

std::vector<std::string> mixed(std::string_view html) {
  std::vector<Sighting> sightings;
  find_mixed("index.html", html, true, sightings);
  std::vector<std::string> out;
  for (const Sighting& sighting : sightings)
    out.push_back((sighting.exact ? "active " : "passive ") + sighting.subject);
  return out;
}

TEST(Html, MixedContent) {
  EXPECT_EQ(mixed("<script src=http://a.example/x.js></script>"),
            std::vector<std::string>{"active a.example (script)"});
  EXPECT_EQ(mixed("<img src=http://a.example:80/x.png>"), std::vector<std::string>{"passive a.example:80 (img)"});
  EXPECT_TRUE(mixed("<a href=http://a.example>x</a><svg xmlns=http://www.w3.org/2000/svg></svg>").empty());
  EXPECT_TRUE(mixed("<script src=http://localhost:3000/x.js></script>").empty());
  EXPECT_TRUE(
      mixed("<meta http-equiv=Content-Security-Policy content=upgrade-insecure-requests><img src=http://a.example/b>")
          .empty());
  EXPECT_TRUE(mixed("<!-- <script src=http://a.example/x.js></script> -->").empty());
}

TEST(Html, Pages) {
  EXPECT_TRUE(is_page("a.html", ""));
  EXPECT_TRUE(is_page("", " <!DOCTYPE HTML><p>"));
  EXPECT_FALSE(is_page("a.js", "<html>"));
  EXPECT_FALSE(is_page("", "{}"));
}

}  // namespace
}  // namespace tightship::bundle
