#include "bundle/references.h"

#include <gtest/gtest.h>

#include "bundle/site_plan.h"

namespace tightship::bundle {
namespace {

using Texts = std::vector<std::string>;

Texts texts(std::string_view script) {
  Texts out;
  for (const Reference& reference : script_references(script)) out.push_back(reference.text);
  return out;
}

TEST(References, OfScripts) {
  // Vite's table of what a chunk needs, its imports, Next's flight data, a service worker's list.
  EXPECT_EQ(
      texts(R"(const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=["assets/a-1.js","assets/b-2.css"])))=>0)"),
      Texts{"assets/a-1.js"});
  EXPECT_EQ(texts(R"(import("./page-3.js");import{a}from"../vendor.mjs";)"), (Texts{"../vendor.mjs", "./page-3.js"}));
  EXPECT_EQ(texts(R"(self.__next_f.push([1,"7:I[1,[\"/_next/static/chunks/c.js\",\"static/chunks/d.js\"]]"]))"),
            (Texts{"/_next/static/chunks/c.js", "static/chunks/d.js"}));
  EXPECT_EQ(texts(R"([{url:"/precache/e.js?v=1"}])"), Texts{"/precache/e.js"});
  EXPECT_TRUE(texts(R"(require("react.js");e.endsWith(".js");`${a}/x.js`)").empty());
  EXPECT_TRUE(texts("").empty());
}

TEST(References, WebpackChunks) {
  EXPECT_EQ(webpack_chunks(R"(r.u=e=>"static/js/"+e+"."+{12:"ab34","34":"cd"}[e]+".chunk.js")"),
            (Texts{"static/js/12.ab34.chunk.js", "static/js/34.cd.chunk.js"}));
  EXPECT_EQ(webpack_chunks(R"(r.u=e=>""+({12:"shop"}[e]||e)+"-"+{12:"ab",13:"cd"}[e]+".js")"),
            (Texts{"13-cd.js", "shop-ab.js"}));
  EXPECT_EQ(webpack_chunks(R"(r.u=e=>"js/"+{1:"ab"}[e]+".js")"), Texts{"js/ab.js"});
  EXPECT_TRUE(webpack_chunks(R"(a={1:"x"}[e]+".js")").empty());
  EXPECT_TRUE(webpack_chunks(R"(+".js")").empty());
  EXPECT_TRUE(webpack_chunks(R"("".js")").empty());
}

TEST(References, BelowTheOutput) {
  EXPECT_EQ(place_below_output("/_next/static/chunks/a.js", "static/chunks/b.js"), "/_next/static/chunks/b.js");
  EXPECT_EQ(place_below_output("/app/assets/index.js", "assets/b.js"), "/app/assets/b.js");
  EXPECT_EQ(place_below_output("/index.html", "assets/b.js"), "/assets/b.js");
}

Texts added(SitePlan& plan) {
  Texts out;
  for (const net::Url& url : plan.take()) out.push_back(url.text);
  return out;
}

TEST(SitePlan, OwnFilesOnly) {
  const auto start = net::parse_url("https://www.shop.example/");
  if (!start) GTEST_SKIP() << "no libcurl";
  SitePlan plan(*start);
  plan.read_page_at(*start, R"(<script src=/a.js></script><script src=https://cdn.shop.example/b.js></script>
    <script src=https://other.example/c.js></script><script src=http://www.shop.example/d.js></script>
    <script src=/a.js#x></script><script src=data:,x></script><script>import("./e/f.js")</script>)");
  EXPECT_EQ(added(plan), (Texts{"https://www.shop.example/a.js", "https://cdn.shop.example/b.js",
                                "https://www.shop.example/e/f.js"}));
  EXPECT_EQ(plan.foreign_hosts(), std::set<std::string>{"other.example"});
  const auto local = net::parse_url("http://127.0.0.1:8080/");
  SitePlan own(*local);
  EXPECT_FALSE(own.add(*local, "http://127.0.0.1:9090/a.js")) << "another port is another server";
  EXPECT_TRUE(own.add(*local, "a.js"));
}

}  // namespace
}  // namespace tightship::bundle
