#include "bundle/layout.h"

#include <gtest/gtest.h>

#include "bundle/folder.h"

namespace tightship::bundle {
namespace {

struct Row {
  const char* path;
  Audience audience;
};

// "+": what Layout knows of beside the path itself.
constexpr const char* kFiles[] = {"dist/client/a.js", "dist/server/entry.mjs", "build/server/index.js",
                                  "app/dist/index.html"};

const Row kRows[] = {
    {".next/static/chunks/a.js", Audience::Public},
    {".next/server/app/index.html", Audience::Public},
    {".next/server/app/shop/page.rsc", Audience::Public},
    {".next/server/app/index.segments/_full.segment.rsc", Audience::Public},
    {".next/server/app/feed/route.body", Audience::Public},
    {".next/server/app/page.js", Audience::Private},
    {".next/server/app/page.js.map", Audience::Private},
    {".next/server/app/page.js.nft.json", Audience::Private},
    {".next/server/pages/legacy.json", Audience::Public},
    {".next/server/pages/legacy.js.nft.json", Audience::Private},
    {".next/server/chunks/ssr/a.js", Audience::Private},
    {".next/required-server-files.json", Audience::Private},
    {".next/standalone/apps/web/.next/static/a.js", Audience::Public},
    {".next/standalone/apps/web/server.js", Audience::Private},
    {".next/cache/webpack/a.pack", Audience::Workshop},
    {"apps/web/.next/static/a.js", Audience::Public},
    {".output/public/_nuxt/a.js", Audience::Public},
    {".output/server/index.mjs", Audience::Private},
    {".svelte-kit/output/client/a.js", Audience::Public},
    {".svelte-kit/output/prerendered/pages/a.html", Audience::Public},
    {".svelte-kit/output/server/a.js", Audience::Private},
    {".vercel/output/static/a.js", Audience::Public},
    {".vercel/output/functions/index.func/a.js", Audience::Private},
    {".vercel/output/functions/index.prerender-fallback.html", Audience::Public},
    {"dist/client/a.js", Audience::Public},
    {"dist/server/entry.mjs", Audience::Private},
    {"build/server/index.js", Audience::Public},  // no client's half beside it
    {"dist/assets/a.js", Audience::Public},
    {"public/x.js", Audience::Public},
};

TEST(Layout, WhoGetsWhat) {
  Layout layout;
  for (const char* file : kFiles) layout.add(file);
  for (const Row& row : kRows) EXPECT_EQ(layout.audience(row.path), row.audience) << row.path;
}

TEST(Layout, Pages) {
  Layout layout;
  layout.add("dist/sub/index.html");
  layout.add("build/index.js");
  EXPECT_TRUE(layout.serves_pages("dist"));
  EXPECT_FALSE(layout.serves_pages("build"));
}

TEST(Layout, Extensions) {
  EXPECT_EQ(extension_of("a/b.HTML"), "html");
  EXPECT_EQ(extension_of("a.b/c"), "");
  EXPECT_EQ(extension_of(".env"), "");
}

}  // namespace
}  // namespace tightship::bundle
