#include "bundle/values.h"

#include <gtest/gtest.h>

#include "bundle/build_fixture.h"
#include "detect/token_template.h"

namespace tightship::bundle {
namespace {

std::string token(std::string_view text, std::uint64_t seed = 1) {
  return detect::expand_template(text, seed).value_or("");
}

struct Gathered {
  Values values;
  std::string weight(std::string_view name, std::string_view part = {}) const {
    for (const TracedValue& value : values.traced) {
      if (value.name == name && value.part == part) return value.weight == Weight::Certain ? "certain" : "possible";
    }
    return "no";
  }
};

Gathered gather(const std::string& env, const std::string& package = R"({"dependencies":{"next":"16"}})") {
  TemporaryFolder folder;
  folder.write("package.json", package);
  folder.write(".env", env);
  Ledger ledger;
  const auto project = lint::open_project(folder.path(), ledger);
  EXPECT_TRUE(project.has_value());
  auto values = gather_values(&*project, {}, detect::RuleSet::builtin(), ledger);
  EXPECT_TRUE(values.has_value());
  return {std::move(*values)};
}

TEST(Values, WhatIsTraced) {
  const std::string password = token("{base62:14}", 2);
  const Gathered got = gather(
      "STRIPE_SECRET_KEY=" + token("sk_live_{base62:24}") + "\n" + "DATABASE_URL=postgres://shop:" + password +
      "@db.example.com/shop\n" + "JWT_SECRET=" + token("{base62:40}", 3) + "\n" + "ADMIN_PASSWORD=administrator\n" +
      "RANDOM_THING=" + token("{base62:32}", 4) + "\n" + "NEXT_PUBLIC_API_KEY=" + token("{base62:32}", 5) + "\n" +
      "STRIPE_PRICE_ID=" + token("price_{base62:24}", 6) + "\n" + "PUBLIC_URL=https://shop.example.com\n" +
      "NODE_ENV=production\nPORT=3000\nDEBUG_TOKEN=true\nSMTP_PASSWORD=changeme\nAPI_SECRET=short\n" +
      "STRIPE_PUBLISHABLE_KEY=" + token("pk_live_{base62:24}", 7) + "\n");
  EXPECT_EQ(got.weight("STRIPE_SECRET_KEY"), "certain");
  EXPECT_EQ(got.weight("DATABASE_URL"), "certain");
  EXPECT_EQ(got.weight("DATABASE_URL", "password"), "certain");
  EXPECT_EQ(got.weight("JWT_SECRET"), "certain");
  EXPECT_NE(got.weight("ADMIN_PASSWORD"), "certain") << "a word that any page may hold";
  EXPECT_EQ(got.weight("RANDOM_THING"), "possible");
  for (const char* name : {"NEXT_PUBLIC_API_KEY", "STRIPE_PRICE_ID", "PUBLIC_URL", "NODE_ENV", "PORT", "DEBUG_TOKEN",
                           "SMTP_PASSWORD", "API_SECRET", "STRIPE_PUBLISHABLE_KEY"}) {
    EXPECT_EQ(got.weight(name), "no") << name;
  }
}

// Next.js cuts an unquoted value at '#' and expands '$'; other loaders of the same file do not.
TEST(Values, EachReadingOfALineIsTraced) {
  const std::string head = token("{base62:20}", 8), tail = token("{base62:20}", 9);
  const Gathered got = gather("JWT_SECRET=" + head + "#" + tail + "\n");
  ASSERT_EQ(got.values.traced.size(), 2u);
  EXPECT_EQ(got.values.traced[0].value.size() + got.values.traced[1].value.size(), 61u);
}

TEST(Values, MadePublicOnPurpose) {
  const std::string value = token("{base62:32}", 10);
  EXPECT_EQ(gather("MAP_TOKEN=" + value + "\nNEXT_PUBLIC_MAP_TOKEN=" + value + "\n").weight("MAP_TOKEN"), "no");
  const std::string live = token("sk_live_{base62:24}", 11);
  EXPECT_EQ(gather("STRIPE=" + live + "\nNEXT_PUBLIC_STRIPE=" + live + "\n").weight("STRIPE"), "certain")
      << "by its format";
}

TEST(Values, PrefixesAreTheProjects) {
  const std::string line = "VITE_STRIPE=" + token("sk_live_{base62:24}") + "\n";
  EXPECT_EQ(gather(line, R"({"devDependencies":{"vite":"8"}})").weight("VITE_STRIPE"), "no");
  EXPECT_EQ(gather(line, R"({"dependencies":{"next":"16"}})").weight("VITE_STRIPE"), "certain")
      << "nothing public for Next.js";
}

// createEnv of t3-env names what stays on the server.
TEST(Values, DeclaredForTheServer) {
  TemporaryFolder folder;
  folder.write("package.json", R"({"dependencies":{"next":"16","@t3-oss/env-nextjs":"1"}})");
  folder.write("src/env.ts", R"(import { createEnv } from "@t3-oss/env-nextjs";
    export const env = createEnv({ server: { PARTNER_ID: z.string() }, client: { NEXT_PUBLIC_X: z.string() } });)");
  folder.write(".env", "PARTNER_ID=" + token("{base62:32}", 4) + "\nOTHER_ID=" + token("{base62:32}", 5) + "\n");
  Ledger ledger;
  const auto project = lint::open_project(folder.path(), ledger);
  ASSERT_TRUE(project.has_value());
  const auto values = gather_values(&*project, {}, detect::RuleSet::builtin(), ledger);
  ASSERT_TRUE(values.has_value());
  const Gathered got{*values};
  EXPECT_EQ(got.weight("PARTNER_ID"), "certain");
  EXPECT_EQ(got.weight("OTHER_ID"), "no") << "an id, as far as its name says";
}

TEST(Values, WhatIsNotThereIsAnError) {
  Ledger ledger;
  const auto& rules = detect::RuleSet::builtin();
  EXPECT_FALSE(gather_values(nullptr, {{"/nonexistent/.env"}, {}, {}}, rules, ledger).has_value());
  EXPECT_FALSE(gather_values(nullptr, {{}, {"TIGHTSHIP_NO_SUCH_VARIABLE"}, {}}, rules, ledger).has_value());
  TemporaryFolder folder;
  folder.write("values", "no assignment\n");
  EXPECT_FALSE(gather_values(nullptr, {{}, {}, folder.path() + "/values"}, rules, ledger).has_value());
}

}  // namespace
}  // namespace tightship::bundle
