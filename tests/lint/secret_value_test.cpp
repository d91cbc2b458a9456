#include "lint/secret_value.h"

#include <gtest/gtest.h>

#include "detect/token_template.h"

namespace tightship::lint {
namespace {

std::string expand(std::string_view text) {
  auto made = detect::expand_template(text, 7);
  return made ? *made : "<<" + made.error().what + ">>";
}

struct Row {
  const char* name;
  const char* value;  // a template
  ValueKind kind;
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.name << "=" << row.value; }

class Judged : public testing::TestWithParam<Row> {};

TEST_P(Judged, IsOfTheKind) {
  ValueJudge judge;
  const Judgement said = judge.judge(GetParam().name, expand(GetParam().value));
  EXPECT_EQ(static_cast<int>(said.kind), static_cast<int>(GetParam().kind)) << said.title << ": " << said.why;
}

INSTANTIATE_TEST_SUITE_P(
    Values, Judged,
    testing::Values(
        Row{"A", "", ValueKind::Empty}, Row{"A", "  ", ValueKind::Empty},
        Row{"DB_PASSWORD", "$DB_PASSWORD", ValueKind::Reference}, Row{"DB_PASSWORD", "${{X:-y}", ValueKind::Reference},
        Row{"TOKEN", "op://vault/item/field", ValueKind::Reference},
        Row{"TOKEN", "vault:secret/data/x#y", ValueKind::Reference},
        Row{"TOKEN", "arn:aws:secretsmanager:eu-west-1:1:secret:x", ValueKind::Reference},
        Row{"TOKEN", "%TOKEN%", ValueKind::Reference},
        Row{"TOKEN", "projects/p/secrets/s/versions/1", ValueKind::Reference},
        Row{"TOKEN", "encrypted:{base64:40}", ValueKind::Encrypted},
        Row{"TOKEN", "ENC[AES256_GCM,data:x]", ValueKind::Encrypted},
        Row{"JWT_SECRET", "changeme", ValueKind::Placeholder},
        Row{"API_KEY", "your-api-key-here", ValueKind::Placeholder},
        Row{"API_KEY", "<api key>", ValueKind::Placeholder}, Row{"API_KEY", "xxxxxxxx", ValueKind::Placeholder},
        Row{"JWT_SECRET", "random string that is unique to every install", ValueKind::Placeholder},
        Row{"DB_PASSWORD", "acmeshop-password", ValueKind::Plain},
        Row{"EXPO_PUBLIC_MAGIC_API_KEY", "pk_test_{HEX:16}", ValueKind::Public},
        Row{"API_KEY", "TODO", ValueKind::Placeholder}, Row{"API_KEY", "Acme API token", ValueKind::Placeholder},
        Row{"PORT", "3000", ValueKind::Plain}, Row{"NODE_ENV", "production", ValueKind::Plain},
        Row{"TOKEN_URL", "https://auth.acme.io/token", ValueKind::Plain},
        Row{"PASSWORD_MIN_LENGTH", "12", ValueKind::Plain}, Row{"API_URL", "https://api.acme.io", ValueKind::Plain},
        Row{"ENABLE_TOKEN", "true", ValueKind::Plain}, Row{"STRIPE_KEY", "sk_live_{base62:24}", ValueKind::Secret},
        Row{"X", "sk_test_{base62:24}", ValueKind::Test},
        Row{"NEXT_PUBLIC_STRIPE", "pk_live_{base62:24}", ValueKind::Public},
        Row{"NEXT_PUBLIC_MAPS", "AIza{base62:35}", ValueKind::Conditional},
        Row{"VITE_DB", "postgres://shop:{base62:16}@db.acme.io:5432/shop", ValueKind::Secret},
        Row{"VITE_SUPABASE_KEY",
            R"({jwt:{{"iss":"supabase","ref":"{lower:20}","role":"service_role","iat":1700000000,"exp":2015000000}}})",
            ValueKind::Secret},
        Row{"VITE_SUPABASE_ANON_KEY",
            R"({jwt:{{"iss":"supabase","ref":"{lower:20}","role":"anon","iat":1700000000,"exp":2015000000}}})",
            ValueKind::Public},
        Row{"SESSION_SECRET", "{base62:32}", ValueKind::NamedSecret},
        Row{"DB_PASSWORD", "{base62:9}&3", ValueKind::NamedSecret},
        Row{"NEXT_PUBLIC_SESSION_SECRET", "{base62:32}", ValueKind::NamedSecret},
        Row{"COMMIT", "{hex:40}", ValueKind::Plain}));

TEST(SecretValue, ServiceRoleIsKnown) {
  ValueJudge judge;
  const auto said = judge.judge(
      "X",
      expand(
          R"({jwt:{{"iss":"supabase","ref":"{lower:20}","role":"service_role","iat":1700000000,"exp":2015000000}}})"));
  EXPECT_TRUE(said.service_role);
  EXPECT_TRUE(said.secret_by_format());
}

TEST(SecretValue, Modes) {
  EXPECT_EQ(mode_of("S", "sk_live_0123456789abcdef"), Mode::Live);
  EXPECT_EQ(mode_of("S", "rzp_test_0123456789abc"), Mode::Test);
  EXPECT_EQ(mode_of("PLAID_ENV", "sandbox"), Mode::Test);
  EXPECT_EQ(mode_of("S", "olive_oil_is_good_food"), Mode::Unknown);
  EXPECT_EQ(mode_of("S", "live"), Mode::Unknown);
}

TEST(SecretValue, Names) {
  for (const char* name : {"DB_PASSWORD", "stripeSecretKey", "API_KEY", "NEXT_PUBLIC_AUTH_TOKEN", "SECRET_KEY_BASE",
                           "APP_KEY", "DBPASSWORD"}) {
    EXPECT_TRUE(is_secret_name(name)) << name;
  }
  for (const char* name : {"PASSWORD_MIN_LENGTH", "TOKEN_URL", "PUBLIC_KEY", "STRIPE_PUBLISHABLE_KEY", "MAX_TOKENS",
                           "RECAPTCHA_SITE_KEY", "SUPABASE_ANON_KEY", "AWS_ACCESS_KEY_ID", "KEYBOARD", "PORT"}) {
    EXPECT_FALSE(is_secret_name(name)) << name;
  }
  for (const char* name :
       {"SESSION_SECRET", "JWT_SECRET", "SECRET_KEY", "APP_KEY", "NEXTAUTH_SECRET", "ENCRYPTION_KEY"})
    EXPECT_TRUE(is_signing_name(name)) << name;
  for (const char* name :
       {"GOOGLE_CLIENT_SECRET", "STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET", "AWS_SECRET_ACCESS_KEY"})
    EXPECT_FALSE(is_signing_name(name)) << name;
}

TEST(UrlValue, Splits) {
  const auto url = split_url("postgres://u:p#w@h.acme.io:5432/db?sslmode=disable");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->user, "u");
  EXPECT_EQ(url->password, "p#w");
  EXPECT_EQ(url->host, "h.acme.io");
  EXPECT_EQ(url->port, "5432");
  EXPECT_EQ(url->query, "sslmode=disable");
  EXPECT_EQ(split_url("http://[::1]:3000/x")->host, "[::1]");
  EXPECT_FALSE(split_url("localhost:3000"));
  EXPECT_FALSE(split_url("://x"));
  EXPECT_FALSE(split_url("http://"));
}

TEST(UrlValue, Hosts) {
  for (const char* host : {"localhost", "127.0.0.1", "127.9.9.9", "0.0.0.0", "[::1]", "app.localhost", "LOCALHOST"})
    EXPECT_TRUE(is_local_host(host)) << host;
  for (const char* host : {"acme.io", "128.0.0.1", "localhost.acme.io", "10.0.0.1"})
    EXPECT_FALSE(is_local_host(host)) << host;
  for (const char* host : {"10.0.0.1", "172.16.0.1", "db", "x.internal", "a.svc.cluster.local"})
    EXPECT_TRUE(is_private_host(host)) << host;
  for (const char* host : {"172.32.0.1", "8.8.8.8", "acme.io"}) EXPECT_FALSE(is_private_host(host)) << host;
  EXPECT_TRUE(is_tunnel_host("a1b2.ngrok-free.app"));
  EXPECT_FALSE(is_tunnel_host("ngrok.com"));
}

}  // namespace
}  // namespace tightship::lint
