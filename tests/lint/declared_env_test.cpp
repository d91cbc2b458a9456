#include "lint/declared_env.h"

#include <gtest/gtest.h>

namespace tightship::lint {
namespace {

std::string said(std::string_view text) {
  std::string out;
  for (const DeclaredEnv& env : read_declared_env(text, "env.ts")) {
    out += "[" + env.client_prefix + "]";
    for (const DeclaredVariable& variable : env.variables) {
      out += variable.side == Side::Server ? " s:" : variable.side == Side::Client ? " c:" : " -:";
      out += variable.name + "@" + std::to_string(variable.at.line);
    }
  }
  return out;
}

TEST(DeclaredEnv, ServerClientShared) {
  EXPECT_EQ(said(R"(import { createEnv } from "@t3-oss/env-nextjs"
export const env = createEnv({
  server: {
    DATABASE_URL: z.string().url(),
    "QUOTED": z.string().refine((s) => ({ inner: s })),
  },
  client: { NEXT_PUBLIC_A: z.string() },
  shared: { NODE_ENV: z.enum(["a"]) },
  runtimeEnv: { DATABASE_URL: process.env.DATABASE_URL },
}))"),
            "[NEXT_PUBLIC_] s:DATABASE_URL@4 s:QUOTED@5 c:NEXT_PUBLIC_A@7 -:NODE_ENV@8");
}

TEST(DeclaredEnv, Prefixes) {
  EXPECT_EQ(said("import '@t3-oss/env-core'; createEnv({ clientPrefix: 'PUBLIC_', client: { A: 1 } })"),
            "[PUBLIC_] c:A@1");
  EXPECT_EQ(said("import '@t3-oss/env-core'; createEnv({ clientPrefix: prefix(), client: { A: 1 } })"), "[] c:A@1");
  EXPECT_EQ(said("import '@t3-oss/env-nuxt'; createEnv({ server: { A: 1, ...rest } })"), "[NUXT_PUBLIC_] s:A@1");
}

TEST(DeclaredEnv, NothingElse) {
  EXPECT_EQ(said("createEnv(options)"), "");
  EXPECT_EQ(said("createEnv({ server: servers })"), "");
  EXPECT_EQ(said("makeEnv({ server: { A: 1 } }) // createEnv"), "");
  EXPECT_EQ(said("createEnv({ server: { A"), "[] s:A@1");
}

}  // namespace
}  // namespace tightship::lint
