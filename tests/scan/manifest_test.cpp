// Values of Kubernetes Secrets are judged as what they decode to, under their keys.

#include "scan/manifest.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "detect/codec.h"
#include "detect/token_template.h"
#include "scan/content_scanner.h"
#include "scan/redactor.h"

namespace tightship::scan {
namespace {

std::string base64(std::string_view text) { return detect::encode_base64(text, detect::Base64::Standard, true); }
std::string password() { return *detect::expand_template("{base62:12}!{digit:2}", 7); }

std::string manifest(const std::string& body, const std::string& kind = "Secret") {
  return "apiVersion: v1\nkind: " + kind + "\nmetadata:\n  name: shop\ntype: Opaque\n" + body;
}

struct Row {
  std::string name, text;
  std::string secret;            // nothing: no finding
  std::string chain = "base64";  // empty: as it stands
};
std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.name; }

class ManifestValueIs : public testing::TestWithParam<Row> {};

TEST_P(ManifestValueIs, JudgedDecoded) {
  const Row& row = GetParam();
  ContentScanner scanner(detect::RuleSet::builtin());
  const std::vector<Hit> hits = scanner.scan(as_bytes(row.text), "deploy/secret.yaml");
  if (row.secret.empty()) {
    for (const Hit& hit : hits) ADD_FAILURE() << hit.secret << " by " << hit.chain;
    return;
  }
  ASSERT_EQ(hits.size(), 1u);
  EXPECT_EQ(hits[0].secret, row.secret);
  EXPECT_EQ(hits[0].chain, row.chain);
  const std::string_view shown = std::string_view(row.text).substr(hits[0].position.offset, hits[0].length);
  const std::string written = row.chain.empty() ? row.secret : base64(row.secret);
  EXPECT_EQ(shown, written.substr(0, shown.size()));
  EXPECT_GE(shown.size() * 3, written.size() * 3 - 6) << "all but padding";
}

std::vector<Row> rows() {
  const std::string p = password(), short_one = *detect::expand_template("{base62:6}#{digit:2}", 3);
  const std::string long_one = *detect::expand_template("{base62:40}", 3);
  const std::string stripe = *detect::expand_template("sk_live_{base62:24}", 3);
  return {
      {"Password", manifest("data:\n  DB_PASSWORD: " + base64(p) + "\n"), p},
      {"ShortPassword", manifest("data:\n  password: " + base64(short_one) + "\n"), short_one},
      {"LongPassword", manifest("data:\n  api-token: " + base64(long_one) + "\n"), long_one},
      {"WithLineEnd", manifest("data:\n  DB_PASSWORD: " + base64(p + "\n") + "\n"), p},
      {"Quoted", manifest("data:\n  DB_PASSWORD: \"" + base64(p) + "\"\n"), p},
      {"AmongOthers",
       manifest("data:\n  host: " + base64("db.example.com") + "\n  DB_PASSWORD: " + base64(p) +
                "\n  user: " + base64("shop") + "\n"),
       p},
      {"KindBehind", "data:\n  DB_PASSWORD: " + base64(p) + "\nkind: Secret\n", p},
      {"Json", R"({"kind": "Secret", "data": {"DB_PASSWORD": ")" + base64(p) + R"("}, "apiVersion": "v1"})", p},
      {"JsonWithoutBlanks", R"({"apiVersion":"v1","data":{"DB_PASSWORD":")" + base64(p) + R"("},"kind":"Secret"})", p},
      {"ByItsProvider", manifest("data:\n  STRIPE_SECRET_KEY: " + base64(stripe) + "\n"), stripe},
      {"StandIn", manifest("data:\n  DB_PASSWORD: " + base64("changeme") + "\n"), ""},
      {"StandInOfWords", manifest("data:\n  DB_PASSWORD: " + base64("your-password-here") + "\n"), ""},
      {"Reference", manifest("data:\n  DB_PASSWORD: " + base64("${DB_PASSWORD}") + "\n"), ""},
      {"PublicName", manifest("data:\n  secretName: " + base64(p) + "\n"), ""},
      {"StringData", manifest("stringData:\n  DB_PASSWORD: " + p + "\n"), p, ""},
      {"StringDataIsNotDecoded",
       manifest("data:\n  a: Yg==\nstringData:\n  DB_PASSWORD: " + base64("changeme-changeme") + "\n"),
       base64("changeme-changeme"), ""},
  };
}

INSTANTIATE_TEST_SUITE_P(Rows, ManifestValueIs, testing::ValuesIn(rows()),
                         [](const auto& info) { return info.param.name; });

// What holds for a manifest says nothing of the next one in the file, nor of one of another kind.
TEST(ManifestValue, OtherManifestsAreNotOfIt) {
  const std::string value = base64("changeme-changeme");
  for (const std::string& text :
       {manifest("data:\n  DB_PASSWORD: " + value + "\n", "ConfigMap"),
        manifest("data:\n  DB_PASSWORD: " + value + "\n", "SealedSecret"),
        manifest("data:\n  a: b\n") + "---\n" + manifest("data:\n  DB_PASSWORD: " + value + "\n", "ConfigMap")}) {
    ContentScanner scanner(detect::RuleSet::builtin());
    for (const Hit& hit : scanner.scan(as_bytes(text), "deploy/map.yaml")) {
      EXPECT_EQ(hit.chain, "") << text;
    }
  }
}

TEST(ManifestValue, IsRedactedOnce) {
  const std::string text = manifest("data:\n  DB_PASSWORD: " + base64(password()) + "\n");
  const auto redacted = redact_content(detect::RuleSet::builtin(), text, "deploy/secret.yaml", {});
  ASSERT_TRUE(redacted);
  EXPECT_EQ(redacted->replaced, 1u);
  EXPECT_EQ(redacted->content, manifest("data:\n  DB_PASSWORD: " + std::string(kRedactedValue) + "\n"));
}

}  // namespace
}  // namespace tightship::scan
