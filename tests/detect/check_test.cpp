#include "detect/check.h"
#include "detect/codec.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "detect/detector.h"
#include "scan_text.h"

namespace tightship::detect {
namespace {

using test::expand;

struct Row {
  const char* check;
  const char* secret;  // a template
  Verdict verdict;
  const char* why;  // part of the label; empty: not looked at
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.check << " " << row.secret; }

class Checks : public testing::TestWithParam<Row> {};

TEST_P(Checks, JudgesEverySeed) {
  const Check check = find_check(GetParam().check);
  ASSERT_NE(check, nullptr);
  for (std::uint64_t seed = 0; seed < 16; ++seed) {
    const std::string secret = expand(GetParam().secret, seed);
    const CheckResult result = check(secret, secret);
    EXPECT_EQ(result.verdict, GetParam().verdict) << secret;
    EXPECT_NE(result.why.find(GetParam().why), std::string::npos) << result.why;
  }
}

constexpr Verdict kCertain = Verdict::Certain, kPlausible = Verdict::Plausible, kRejected = Verdict::Rejected;

INSTANTIATE_TEST_SUITE_P(
    Checksums, Checks,
    testing::Values(Row{"crc32-base62", "ghp_{base62:30}{crc32-base62}", kCertain, "checksum valid"},
                    Row{"crc32-base62", "npm_{base62:30}{crc32-base62}", kCertain, ""},
                    Row{"crc32-base62", "ghp_{base62:36}", kRejected, ""},
                    Row{"crc32-base62", "ghp_{base62:6}", kRejected, ""}, Row{"crc32-base62", "", kRejected, ""},
                    Row{"grafana-crc32", "glsa_{alnum:32}_{crc32-le-hex:38-1}", kCertain, ""},
                    Row{"grafana-crc32", "glsa_{alnum:32}_{crc32-hex:38-1}", kRejected, ""},
                    Row{"atlassian-crc32", "ATATT3{base64url:80}={crc32-HEX:all}", kCertain, ""},
                    Row{"atlassian-crc32", "ATATT3{base64url:80}={crc32-hex:all}{upper:1}", kRejected, ""},
                    Row{"atlassian-crc32", "ATBB{alnum:24}{crc32-HEX:all}", kCertain, ""},
                    Row{"cloudflare-crc32", "cfk_{base62:40}{crc32-hex}", kCertain, ""},
                    Row{"cloudflare-crc32", "cfut_{base62:40}{crc32-hex}", kCertain, ""},
                    Row{"cloudflare-crc32", "cfut_{base62:40}{hex:8}", kRejected, ""},
                    Row{"confluent-crc32", "cflt{base64:54}{crc32-le-base64}", kCertain, ""},
                    Row{"confluent-crc32", "cflt{base64:60}", kRejected, ""},
                    Row{"zuplo-crc32", "zpka_{base62:32}_{crc32-hex:33-1}", kCertain, ""},
                    Row{"zuplo-crc32", "zpka_{base62:32}-{crc32-hex:33-1}", kRejected, ""},
                    Row{"gitlab-routable", "glpat-{base64url:40}.01.1a{crc32-base36:all}", kCertain, ""},
                    Row{"gitlab-routable", "glpat-{base64url:40}.01.1a0000000", kPlausible, ""},
                    Row{"age-key", "{age-key}", kCertain, ""},
                    Row{"age-key", "AGE-SECRET-KEY-1{repeat:Q:58}", kRejected, ""},
                    Row{"nats-seed", "{nkey:user}", kCertain, ""}, Row{"nats-seed", "{nkey:account}", kCertain, ""},
                    Row{"nats-seed", "SUA{base32:55}", kRejected, ""}, Row{"nats-seed", "SUA", kRejected, ""}));

INSTANTIATE_TEST_SUITE_P(Azure, Checks,
                         testing::Values(Row{"azure-key", "{azure-key:+ASt}", kCertain, "Azure Storage"},
                                         Row{"azure-key", "{azure-key:ACDb}", kCertain, "Cosmos"},
                                         Row{"azure-key", "{azure-key:APIM}", kCertain, ""},
                                         Row{"azure-key", "{azure-key:+ASb}", kCertain, ""},
                                         Row{"azure-key", "{azure-key:AzSe}", kCertain, ""},
                                         Row{"azure-key", "{azure-key:AzFu}", kCertain, ""},
                                         Row{"azure-key", "{azure-key:AzCa}", kCertain, ""},
                                         Row{"azure-key", "{base64:42}AzSe{base64:6}", kRejected, ""},
                                         Row{"azure-key", "{base64:76}+ASt{base64:5}A==", kPlausible, ""},
                                         Row{"azure-cask", "{base62:52}JQQJ99BAAC{base62:18}{base62:4}", kPlausible,
                                             ""},
                                         Row{"azure-ad-secret", "{base62:3}18Q~{base62:34}", kPlausible, ""}));

INSTANTIATE_TEST_SUITE_P(
    Structures, Checks,
    testing::Values(
        Row{"jwt", "{jwt:{{\"sub\":\"{hex:8}\",\"exp\":1900000000}}}", kCertain, "signed with HS256"},
        Row{"jwt", "{jwt:{{\"sub\":\"1234567890\",\"name\":\"John Doe\"}}}", kRejected, ""},
        Row{"jwt", "{jwt:no json}", kRejected, ""}, Row{"jwt", "{jwt:[1,2]}", kRejected, ""},
        Row{"jwt", "{base64url-of:{{\"alg\":\"HS256\"}}}.{base64url-of:{{\"a\":1}}}.{base64url:20}", kRejected, ""},
        Row{"jwt", "{base64url-of:{{\"alg\":\"none\"}}}.{base64url-of:{{\"a\":1}}}.", kCertain, "unsigned"},
        Row{"jwt", "{base64url-of:{{\"typ\":\"JWT\"}}}.{base64url-of:{{\"a\":1}}}.{base64url:43}", kRejected, ""},
        Row{"jwt", "{jwt:{{\"iss\":\"supabase\",\"role\":\"anon\"}}}", kCertain, "public by design"},
        Row{"jwt", "{jwt:{{\"iss\":\"supabase\",\"role\":\"service_role\"}}}", kCertain, "service_role"},
        Row{"sentry-org-token", "sntrys_{base64-of:{{\"iat\":1,\"org\":\"{word}\"}}}_{base64-of:{base62:32}}", kCertain,
            ""},
        Row{"sentry-org-token", "sntrys_{base64-of:{{\"iat\":1}}}_{base64-of:{base62:32}}", kRejected, ""},
        Row{"sentry-org-token", "sntrys_{base64-of:{{\"iat\":1,\"org\":\"x\"}}}_{base64-of:{base62:9}}", kRejected, ""},
        Row{"grafana-cloud", "glc_{base64-of:{{\"o\":\"1\",\"n\":\"a\",\"k\":\"{hex:9}\"}}}", kCertain, ""},
        Row{"grafana-cloud", "glc_{base64-of:{{\"o\":\"1\",\"n\":\"a\"}}}", kRejected, ""},
        Row{"grafana-api-key", "{base64-of:{{\"k\":\"{hex:9}\",\"n\":\"a\",\"id\":1}}}", kCertain, ""},
        Row{"grafana-api-key", "{base64-of:{{\"k\":1,\"n\":\"a\",\"id\":1}}}", kRejected, ""},
        Row{"aws-key-id", "AKIAY{base32:15}", kPlausible, "account"},
        Row{"aws-key-id", "AKIAI{base32:15}", kPlausible, ""}, Row{"aws-key-id", "AKIA{repeat:0:16}", kRejected, ""},
        Row{"aws-key-id", "AKIA", kRejected, ""}, Row{"pypi-macaroon", "{pypi-token}", kCertain, ""},
        Row{"pypi-macaroon", "pypi-AgEI{base64url:100}", kRejected, ""},
        Row{"discord-token", "{discord-token}", kCertain, "bot id"},
        Row{"discord-token", "M{base62:25}.{base62:6}.{base62:38}", kRejected, ""}));

INSTANTIATE_TEST_SUITE_P(
    Keys, Checks,
    testing::Values(Row{"pem-private-key", "{pem:rsa}", kCertain, "not encrypted, RSA 2048 bits"},
                    Row{"pem-private-key", "{pem-escaped:rsa}", kCertain, "RSA 2048 bits"},
                    Row{"pem-private-key", "{pem:ec}", kCertain, "EC P-256"},
                    Row{"pem-private-key", "{pem:dsa}", kCertain, "DSA 1024"},
                    Row{"pem-private-key", "{pem:pkcs8}", kCertain, "RSA 2048 bits"},
                    Row{"pem-private-key", "{pem:ed25519}", kCertain, "Ed25519"},
                    Row{"pem-private-key", "{pem:encrypted}", kCertain, "encrypted with a passphrase"},
                    Row{"pem-private-key", "{pem:rsa-encrypted}", kCertain, "encrypted with a passphrase"},
                    Row{"pem-private-key", "{pem:openssh}", kCertain, "ssh-ed25519"},
                    Row{"pem-private-key", "{pem:openssh-encrypted}", kCertain, "aes256-ctr"},
                    Row{"pem-private-key", "{pem:ssh2}", kCertain, "3des-cbc"},
                    Row{"pem-private-key",
                        "-----BEGIN RSA PRIVATE {one:KEY}-----\n{base64:400}\n-----END RSA PRIVATE KEY-----", kRejected,
                        ""},
                    Row{"pem-private-key", "-----BEGIN {one:RSA} PRIVATE KEY-----\n...\n-----END RSA PRIVATE KEY-----",
                        kRejected, ""},
                    Row{"pem-private-key", "-----BEGIN", kRejected, ""}, Row{"pem-private-key", "", kRejected, ""},
                    Row{"google-service-account", "{pem-escaped:pkcs8}", kCertain, "service-account file"},
                    Row{"pgp-private-key", "{pgp-key:open}", kCertain, "not encrypted"},
                    Row{"pgp-private-key", "{pgp-key:encrypted}", kCertain, "encrypted with a passphrase"},
                    Row{"putty-private-key", "{putty-key:open}", kCertain, "not encrypted"},
                    Row{"putty-private-key", "{putty-key:encrypted}", kCertain, "passphrase"},
                    Row{"putty-private-key",
                        "PuTTY-User-Key-File-2: ssh-rsa\nPublic-Lines: 1\nAAAA\nPrivate-Lines: 1\n", kRejected, ""}));

INSTANTIATE_TEST_SUITE_P(Urls, Checks, testing::Values(Row{"url-credentials", "", kRejected, ""}));

INSTANTIATE_TEST_SUITE_P(
    Wallets, Checks,
    testing::Values(
        Row{"bip39", "{bip39:12}", kCertain, "12 words, checksum valid"},
        Row{"bip39", "{bip39:24}", kCertain, "24 words"},
        // A vector of BIP-39 itself.
        Row{"bip39", "legal winner thank year wave sausage worth useful legal winner thank {one:yellow}", kCertain, ""},
        Row{"bip39", "legal winner thank year wave sausage worth useful legal winner thank {one:year}", kRejected, ""},
        Row{"bip39", "{repeat:abandon :11}{one:about}", kRejected, ""},
        Row{"bip39", "{bip39:12} {word}", kRejected, ""}, Row{"bip39", "", kRejected, ""},
        Row{"extended-key", "{base58check:xprv}", kCertain, "checksum valid"},
        Row{"extended-key", "{base58check:tprv}", kCertain, "test network"},
        Row{"extended-key", "{base58check:wif}", kRejected, ""}, Row{"extended-key", "xprv{base58:107}", kRejected, ""},
        Row{"wallet-import-key", "{base58check:wif}", kCertain, "checksum valid"},
        Row{"wallet-import-key", "K{base58:51}", kRejected, ""}, Row{"wallet-import-key", "", kRejected, ""},
        Row{"secp256k1-key", "0x{hex:64}", kPlausible, ""}, Row{"secp256k1-key", "{repeat:0:64}", kRejected, ""},
        Row{"secp256k1-key", "{repeat:f:64}", kRejected, ""}, Row{"secp256k1-key", "{hex:63}", kRejected, ""},
        Row{"secp256k1-key", "ac0974be{hex:56}", kPlausible, "development chains"}));

INSTANTIATE_TEST_SUITE_P(
    Stores, Checks,
    testing::Values(Row{"der-rsa-key", "{der-key:rsa}", kCertain, "RSA 2048 bits"},
                    Row{"der-rsa-key", "{der-key:pkcs8}", kCertain, "RSA 2048 bits"},
                    Row{"der-rsa-key", "{der-key:ec}", kRejected, ""}, Row{"der-rsa-key", "", kRejected, ""},
                    Row{"pkcs12-key", "{key-store:pkcs12}", kRejected, ""},  // the bag, not what it holds
                    Row{"java-key", "", kRejected, ""}, Row{"java-key", "{base62:200}", kRejected, ""}));

INSTANTIATE_TEST_SUITE_P(
    Encoded, Checks,
    testing::Values(Row{"basic-credentials", "{base64-of:ana:{base62:16}}", kCertain, "a user and a password"},
                    Row{"basic-credentials", "{base64-of:{base62:16}}", kRejected, ""},
                    Row{"basic-credentials", "{base64-of::{base62:16}}", kRejected, ""},
                    Row{"basic-credentials", "{base64-of:ana:password}", kRejected, ""},
                    Row{"basic-credentials", "{base62:15}", kRejected, ""},
                    Row{"base64-text", "{base64-of:{base62:16}}", kCertain, "decodes to text"},
                    Row{"base64-text", "{base64-of:secret}", kRejected, ""},
                    Row{"base64-private-key", "{base64-of:{pem:rsa}}", kCertain, "RSA 2048 bits"},
                    Row{"base64-private-key", "{base64-of:{base62:99}}", kRejected, ""},
                    Row{"bare-private-key", "{base64-of:{der-key:rsa}}", kCertain, "RSA 2048 bits"},
                    Row{"bare-private-key", "{base64-of:{der-key:pkcs8}}", kCertain, "RSA 2048 bits"},
                    Row{"bare-private-key", "MIIEpAIBAAKC{base64:400}", kRejected, ""},
                    Row{"cloudflare-tunnel",
                        "{base64-of:{{\"a\":\"{hex:32}\",\"t\":\"{uuid}\",\"s\":\"{base64-of:{base62:32}}\"}}}",
                        kCertain, ""},
                    Row{"cloudflare-tunnel", "{base64-of:{{\"a\":\"{hex:32}\"}}}", kRejected, ""},
                    Row{"azure-devops-pat", "{azure-devops-pat}", kCertain, "checksum valid"},
                    Row{"azure-devops-pat", "{lower:52}", kPlausible, ""}));

constexpr const char* kSigned =
    "https://x.s3.amazonaws.com/a?X-Amz-Credential=ASIAX{base32:15}%2F20260101%2Fus-east-1%2Fs3%2Faws4_request"
    "&X-Amz-Date=20260101T000000Z&X-Amz-Expires=3600&X-Amz-Signature={hex:64}";

INSTANTIATE_TEST_SUITE_P(
    SignedUrls, Checks,
    testing::Values(
        Row{"aws-presigned-url", kSigned, kCertain, "presigned"},
        Row{"aws-presigned-url", "https://x/?X-Amz-Credential=a/b/c/d/e&X-Amz-Date=20261301T000000Z", kRejected, ""},
        Row{"google-signed-url", kSigned, kRejected, ""},
        Row{"azure-sas", "sv=2023-11-03&se=2036-01-01T00%3A00%3A00Z&sp=rl&sig={base64-of:{base62:32}}", kCertain, ""},
        Row{"azure-sas", "sv=2023-11-03&se=2036-01-01&sp=rl&sig={base64-of:{base62:30}}", kRejected, ""},
        Row{"azure-sas", "sv=2023-11-03&sp=rl&sig={base64-of:{base62:32}}", kRejected, ""},
        Row{"cloudfront-signed-url", "https://x/?Expires=1999999999&Signature=a", kCertain, ""},
        Row{"cloudfront-signed-url", "https://x/?Policy=abcd&Signature=a", kRejected, ""},
        Row{"connection-string", "{base62:12}", kPlausible, ""},
        Row{"connection-string", "{one:password|<secret>|changeme}", kRejected, ""},
        Row{"plain-password", "{one:$PASS|none|root|password}", kRejected, ""},
        Row{"plain-password", "{base62:12}", kPlausible, ""},
        Row{"internal-host", "billing.acme.internal:8080", kPlausible, ""},
        Row{"internal-host", "metadata.google.internal", kRejected, ""}));

TEST(CheckResults, SignedUrlsExpire) {
  const std::string url = expand(kSigned, 1);
  EXPECT_EQ(find_check("aws-presigned-url")(url, url).expires, 1767225600 + 3600);
  const std::string sas = "sv=2023-11-03&se=2026-01-01T00%3A00%3A00Z&sp=rl&sig=" + expand("{base64-of:{base62:32}}", 1);
  EXPECT_EQ(find_check("azure-sas")(sas, sas).expires, 1767225600);
}

TEST(CheckResults, ConnectionStringsNameTheirHost) {
  const auto check = find_check("connection-string");
  const CheckResult far = check("x7Qp-39", "Server=tcp:db.acme.io,1433;Password=x7Qp-39");
  ASSERT_EQ(far.facts.size(), 1u);
  EXPECT_EQ(far.facts[0].value, "db.acme.io");
  EXPECT_EQ(far.severity, std::nullopt);
  EXPECT_EQ(check("x7Qp-39", "Host=localhost;Password=x7Qp-39").severity, Severity::Note);
}

TEST(CheckResults, LinesOfANetrcAreJudgedByTheirHost) {
  const auto check = [](const std::string& host, const std::string& password) {
    return find_check("netrc")(password, "machine " + host + "\n login bob\n password " + password);
  };
  const std::string generated = expand("{base62:20}123", 1);
  EXPECT_EQ(check("git.acme.io", generated).verdict, kPlausible);
  EXPECT_EQ(check("git.acme.io", generated).severity, std::nullopt);
  EXPECT_EQ(check("git.acme.io", "bobWill-know7").severity, Severity::Warning);
  EXPECT_EQ(check("localhost", "x7Qp-39k").severity, Severity::Note);
  EXPECT_EQ(check("site.example.com", "x7Qp-39k").verdict, kRejected);
}

// As ssh-keygen -l prints it.
TEST(CheckResults, PrivateKeysNameTheirPublicHalf) {
  const auto fingerprint = [](const std::string& text, const char* name) -> std::string {
    for (const Fact& fact : find_check(name)(text, text).facts) {
      if (fact.name == "fingerprint") return fact.value;
    }
    return "none";
  };
  for (const char* kind : {"{pem:rsa}", "{pem:ec}", "{pem:ed25519}", "{pem:openssh}", "{pem:openssh-encrypted}"}) {
    const std::string value = fingerprint(expand(kind, 3), "pem-private-key");
    EXPECT_TRUE(value.starts_with("SHA256:")) << kind << value;
    EXPECT_EQ(value.size(), 50u) << kind;
  }
}

// One byte of a key's body turned into another base64 character leaves its structure or breaks it,
// but an armor checksum or a whole-token checksum always notices.
TEST(Checks, NoticeOneChangedByte) {
  struct {
    const char* check;
    const char* secret;
  } constexpr kRows[] = {{"crc32-base62", "ghp_{base62:30}{crc32-base62}"},
                         {"age-key", "{age-key}"},
                         {"nats-seed", "{nkey:user}"},
                         {"zuplo-crc32", "zpka_{base62:32}_{crc32-hex:33-1}"}};
  for (const auto& row : kRows) {
    const std::string secret = expand(row.secret);
    for (std::size_t i = secret.size() - 20; i < secret.size(); ++i) {
      std::string other = secret;
      other[i] = other[i] == 'A' ? 'C' : 'A';
      ASSERT_NE(other, secret);
      EXPECT_EQ(find_check(row.check)(other, other).verdict, kRejected) << row.check << " " << i;
    }
  }
}

TEST(Checks, AreTotal) {
  for (const std::string_view name : check_names()) {
    const std::string token = expand("{pem:rsa}\n{jwt:{{\"exp\":1}}} {pypi-token} {putty-key:open}");
    for (std::size_t cut = 0; cut < token.size(); cut += 7) {
      const std::string_view part = std::string_view(token).substr(cut);
      (void)find_check(name)(part, part);
      (void)find_check(name)(part.substr(0, part.size() / 2), part);
    }
  }
  EXPECT_EQ(find_check("no-such-check"), nullptr);
}

TEST(Checks, UrlPasswords) {
  struct {
    const char* password;
    const char* url;
    Verdict verdict;
    const char* severity;
  } constexpr kRows[] = {
      {"pR3t7yGood9", "postgres://app:pR3t7yGood9@db.acme.io/x", kPlausible, ""},
      {"postgres", "postgres://postgres:postgres@localhost/x", kRejected, ""},
      {"postgres", "postgres://postgres:postgres@db.acme.io/x", kPlausible, "note"},
      {"pR3t7yGood9", "redis://:pR3t7yGood9@redis:6379", kPlausible, "note"},
      {"${PASS}", "mysql://root:${PASS}@db.acme.io", kRejected, ""},
      {"pR3t7yGood9", "https://u:pR3t7yGood9@example.com", kRejected, ""},
      {"your_password", "https://u:your_password@git.acme.io", kRejected, ""},
      {"typeinastrongpassword", "postgres://u:typeinastrongpassword@db.acme.io/x", kRejected, ""},
      {"yourpasswordhere", "postgres://u:yourpasswordhere@db.acme.io/x", kRejected, ""},
      {"enter-password", "mysql://u:enter-password@db.acme.io/x", kRejected, ""},
      {"testpass", "mysql://u:testpass@db:3306/x", kRejected, ""},
      {"testpass", "mysql://u:testpass@db.acme.io/x", kPlausible, "note"},
      {"strongpass", "mysql://u:strongpass@db.acme.io/x", kPlausible, ""},
  };
  for (const auto& row : kRows) {
    const CheckResult result = find_check("url-credentials")(row.password, row.url);
    EXPECT_EQ(result.verdict, row.verdict) << row.url;
    EXPECT_EQ(result.severity ? severity_name(*result.severity) : "", row.severity) << row.url;
  }
}

TEST(Checks, JdbcPasswords) {
  const auto severity = [](const std::string& url) {
    const CheckResult result = find_check("jdbc-password")("k3j9x0q2Vn", url + "k3j9x0q2Vn");
    if (result.verdict == kRejected) return std::string("rejected");
    return std::string(result.severity ? severity_name(*result.severity) : "");
  };
  EXPECT_EQ(severity("jdbc:postgresql://db.acme.io:5432/shop?user=app&password="), "");
  EXPECT_EQ(severity("jdbc:oracle:thin:@db.acme.io:1521/shop?password="), "");
  EXPECT_EQ(severity("jdbc:derby://localhost:1527/shop;user=app;password="), "note");
  EXPECT_EQ(severity("jdbc:sqlserver://mssql;user=app;password="), "note");
  EXPECT_EQ(severity("jdbc:mysql://db.example.com/shop?password="), "rejected");
  EXPECT_EQ(severity("jdbc:mysql://${HOST}/shop?password="), "rejected");
}

TEST(Checks, BasicCredentials) {
  struct {
    const char* check;
    const char* credentials;
    Verdict verdict;
    const char* severity;
  } constexpr kRows[] = {
      {"basic-header", "deploy:k3j9x0q2Vn", kPlausible, ""},
      {"basic-header", "testuser:testpass123", kPlausible, ""},
      {"basic-header", "client_id:client_secret", kPlausible, "note"},
      {"basic-header", "user:enter-your-password", kRejected, ""},
      {"basic-credentials", "deploy:k3j9x0q2Vn", Verdict::Certain, ""},
      {"basic-credentials", "customUser:customPass", kRejected, ""},
  };
  for (const auto& row : kRows) {
    const std::string secret = encode_base64(row.credentials, Base64::Standard, true);
    const CheckResult result = find_check(row.check)(secret, "Basic " + secret);
    EXPECT_EQ(result.verdict, row.verdict) << row.credentials;
    EXPECT_EQ(result.severity ? severity_name(*result.severity) : "", row.severity) << row.credentials;
  }
}

TEST(Explain, ExpiryLowersSeverity) {
  Rule rule;
  rule.check = "jwt";
  const std::string token = expand("{jwt:{{\"exp\":1700000000}}}");
  const CheckResult before = explain_at(rule, token, token, 1699999999);
  const CheckResult after = explain_at(rule, token, token, 1700000000);
  EXPECT_FALSE(before.severity);
  EXPECT_EQ(after.severity, Severity::Warning);
  EXPECT_NE(after.why.find("expired"), std::string::npos);
  const auto fact =
      std::find_if(after.facts.begin(), after.facts.end(), [](const Fact& f) { return f.name == "expires"; });
  ASSERT_NE(fact, after.facts.end());
  EXPECT_EQ(fact->value, "2023-11-14 22:13 UTC");
}

// The account of the posts that describe the encoding; the key id is theirs too, in two pieces.
TEST(Explain, NamesTheAwsAccount) {
  Rule rule;
  rule.check = "aws-key-id";
  const std::string id = std::string("ASIAQNZGKIQY") + "56JQ7WML";
  const CheckResult result = explain_at(rule, id, id, 0);
  ASSERT_EQ(result.facts.size(), 1u);
  EXPECT_EQ(result.facts[0].value, "029608264753");
}

}  // namespace
}  // namespace tightship::detect
