// What is public by design, a decoy or a test key is a note, through anchors, confirm, settle and check, and
// however it stands in a file. What looks alike and is not stays an error.

#include <gtest/gtest.h>

#include "detect/codec.h"
#include "detect/rule.h"
#include "scan_text.h"

namespace tightship::detect {
namespace {

using test::expand;

struct Row {
  const char* name;
  const char* text;  // a template
  const char* rule;
  Severity severity;
  Kind kind;
};

class PublicByDesign : public testing::TestWithParam<Row> {};

TEST_P(PublicByDesign, IsWhatItIs) {
  const RuleSet& rules = RuleSet::builtin();
  for (unsigned seed = 0; seed < 8; ++seed) {
    const std::string text = expand(GetParam().text, seed);
    const auto found = test::settled(rules, text);
    ASSERT_EQ(found.size(), 1u) << text;
    const Rule& rule = rules.rules()[found[0].rule];
    const CheckResult result = explain(rule, std::string_view(text).substr(found[0].start, found[0].length),
                                       std::string_view(text).substr(found[0].match_start, found[0].match_length));
    EXPECT_EQ(rule.id, GetParam().rule);
    EXPECT_EQ(result.severity.value_or(rule.severity), GetParam().severity);
    EXPECT_EQ(result.kind.value_or(rule.kind), GetParam().kind);
  }
}

constexpr Severity kNote = Severity::Note, kError = Severity::Error;
constexpr Kind kPublic = Kind::PublicByDesign, kSecret = Kind::Secret;

INSTANTIATE_TEST_SUITE_P(
    All, PublicByDesign,
    testing::Values(
        Row{"supabase_anon", "anonKey = \"{jwt:{{\"iss\":\"supabase\",\"ref\":\"{lower:20}\",\"role\":\"anon\"}}}\"",
            "jwt", kNote, kPublic},
        Row{"supabase_service_role",
            "KEY={jwt:{{\"iss\":\"supabase\",\"ref\":\"{lower:20}\",\"role\":\"service_role\"}}}\n", "jwt", kError,
            kSecret},
        Row{"supabase_publishable", "SUPABASE_KEY=sb_publishable_{base62:22}_{base62:8}\n", "supabase-publishable-key",
            kNote, kPublic},
        Row{"supabase_secret", "SUPABASE_KEY=sb_secret_{base62:22}_{base62:8}\n", "supabase-secret-key", kError,
            kSecret},
        Row{"stripe_publishable", "Stripe('pk_live_{base62:99}')", "stripe-publishable-key", kNote, kPublic},
        Row{"stripe_secret", "Stripe('sk_live_{base62:99}')", "stripe-secret-key", kError, kSecret},
        Row{"firebase_web", "  apiKey: \"AIza{base64url:35}\",\n  authDomain: \"shop.firebaseapp.com\",\n",
            "firebase-web-key", kNote, kPublic},
        Row{"sentry_dsn", "Sentry.init({{dsn: 'https://{hex:32}@o{digit:6}.ingest.us.sentry.io/{digit:7}'})",
            "sentry-dsn", kNote, kPublic},
        Row{"mapbox_public", "mapboxgl.accessToken = 'pk.eyJ1Ijoi{base62:40}.{base62:22}'", "mapbox-public-token",
            kNote, kPublic},
        Row{"mapbox_secret", "MAPBOX_TOKEN=sk.eyJ1Ijoi{base62:40}.{base62:22}\n", "mapbox-secret-token", kError,
            kSecret},
        Row{"posthog_project", "posthog.init('phc_{base62:43}')", "posthog-project-key", kNote, kPublic},
        Row{"posthog_personal", "POSTHOG_KEY=phx_{base62:43}\n", "posthog-personal-api-key", kError, kSecret},
        Row{"algolia_search", "algoliaSearchKey: '{hex:32}'", "algolia-search-key", kNote, kPublic},
        Row{"recaptcha_site", "<div class=\"g-recaptcha\" data-sitekey=\"6L{base62:38}\">", "recaptcha-site-key", kNote,
            kPublic},
        Row{"recaptcha_secret", "RECAPTCHA_SECRET_KEY=6L{base62:38}\n", "recaptcha-secret-key", kError, kSecret},
        Row{"turnstile_site", "data-sitekey=\"0x4AAAAAAA{base62:14}\"", "cloudflare-turnstile-site-key", kNote,
            kPublic},
        Row{"clerk_publishable", "CLERK_KEY=pk_live_{base64-of:clerk.acme.dev$}\n", "clerk-publishable-key", kNote,
            kPublic}),
    [](const auto& info) { return info.param.name; });

// A key id of one of the accounts that hand out decoys: 40 bits of account behind the first bit.
TEST(Decoys, OfCanarytokensAreNotes) {
  const RuleSet& rules = RuleSet::builtin();
  const std::uint64_t bits = std::uint64_t{52310077262} << 7;
  std::string raw;
  for (unsigned i = 0; i < 6; ++i) raw.push_back(static_cast<char>(bits >> (40 - 8 * i)));
  const std::string text = "aws_access_key_id = AKIA" + encode_base32(raw + "q7Zx") + "\n";
  const auto found = test::settled(rules, text);
  ASSERT_EQ(found.size(), 1u) << text;
  const std::string_view secret = std::string_view(text).substr(found[0].start, found[0].length);
  const CheckResult result = explain(rules.rules()[found[0].rule], secret, secret);
  EXPECT_EQ(result.severity, Severity::Note);
  EXPECT_EQ(result.kind, Kind::Test);
  EXPECT_NE(result.why.find("canary"), std::string::npos) << result.why;
}

}  // namespace
}  // namespace tightship::detect
