#include "detect/generic.h"

#include <gtest/gtest.h>

#include "detect/codec.h"
#include "detect/placeholder.h"
#include "detect/stand_in.h"
#include "scan_text.h"

namespace tightship::detect {
namespace {

struct Row {
  const char* name;
  const char* value;
  const char* fault;  // "" when it may be a secret
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.name << " = " << row.value; }

class GenericValues : public testing::TestWithParam<Row> {};
TEST_P(GenericValues, AreJudged) {
  EXPECT_EQ(value_fault({GetParam().name, " = \"", GetParam().value}), GetParam().fault);
}

INSTANTIATE_TEST_SUITE_P(Believed, GenericValues,
                         testing::Values(Row{"password", "q8Zt!k20Vn4", ""}, Row{"db_password", "Tr0ub4dor&3x", ""},
                                         Row{"password", "pelican", ""}, Row{"password", "@k8#(zz0!", ""},
                                         Row{"api_key", "9f86d081884c7d659a2feaa0c55ad015", ""},
                                         Row{"secret", "kX92+/mQ0aZ7r1Lw", ""}, Row{"secret", "/X92+/mQ0aZ7r1Lw", ""},
                                         Row{"access_key", "b1946ac92492d2347c6235b4d2611184", ""},
                                         Row{"password", "#7AC455x", ""}));

INSTANTIATE_TEST_SUITE_P(
    Dropped, GenericValues,
    testing::Values(
        Row{"password", "k2!", "short"}, Row{"password", "${DB_PASSWORD}", "reference"},
        Row{"password", "{{ vault_password }}", "text"}, Row{"password", "{{vault.password}}", "reference"},
        Row{"password", "<your-own>", "reference"}, Row{"password", "%(password)s", "reference"},
        Row{"password", "$DB_PASSWORD", "reference"}, Row{"secret", "process.env.SECRET9", "reference"},
        Row{"token", "sk_{token}9", "reference"}, Row{"token", "r8_{base62:37}", "reference"},
        Row{"token", "k2{}Zt!k20Vn4", ""}, Row{"token", "q8{t!k20}Vn4", ""},
        Row{"secret", "os.environ['X9']", "reference"}, Row{"secret", "getSecret('a9')", "reference"},
        Row{"secret", "arn:aws:secretsmanager:x9", "reference"}, Row{"password", "###ORACLE_PWD###", "reference"},
        Row{"password", "/run/secrets/db9", "path"}, Row{"secret", "https://acme.io/x9", "path"},
        Row{"secret", "app9.secret.json", "path"}, Row{"password", "password123", "stand-in"},
        Row{"password", "my-password", "stand-in"}, Row{"secret", "clientSecret", "stand-in"},
        Row{"password", "somePassword!", "stand-in"}, Row{"password", "Mot de passe oublié", "text"},
        Row{"password", "пароль1234", "text"}, Row{"minipass", "^7.1.2", "version"},
        Row{"secret", "1b4e28ba-2fa1-11d2-883f-0016d3cca427", "uuid"}, Row{"secret", "2026-11-24", "number"},
        Row{"token", "eyJ0eXBlIjoic2V...", "cut"}, Row{"credentials", "same-origin", "constant"},
        Row{"password", "REMOVED", "constant"}, Row{"password", "UTF-8", "constant"},
        Row{"password_hash", "q8Zt!k20Vn4", "public name"}, Row{"public_key_secret", "q8Zt!k20Vn4", "public name"},
        Row{"tokenId", "q8Zt!k20Vn4", "public name"}, Row{"passwordEncoder", "q8Zt!k20Vn4", "public name"},
        Row{"secretName", "q8Zt!k20Vn4", "public name"}, Row{"passkey_color", "#7AC455", "colour"},
        Row{"nextPageToken", "q8Zt!k20Vn4", "public name"}, Row{"bypass", "q8Zt!k20Vn4", "public name"},
        Row{"API_KEY_RATE_LIMIT", "60/minute1", "public name"}, Row{"password-protected", "ECMA-376", "public name"},
        Row{"api_key", "60/minute", "rate"}, Row{"adminPasswordKey", "replica9-password", "public name"},
        Row{"reset_password_at", "datetime9", "public name"}, Row{"password-stdin", "q8Zt!k20Vn4", "public name"},
        Row{"encrypted_password_iv", "q8Zt!k20Vn4", "public name"}, Row{"accessToken", ")?.[1]?.split(", "reference"},
        Row{"authkey", "--advertise-routes=172.31.42.0/24", "option"}, Row{"password", "--q8Zt!k20Vn4", ""},
        Row{"password", "^[-]{0,2}pass[-]?(word|wd)?", "pattern"}, Row{"password", "^q8Zt!k20Vn4", ""},
        Row{"password", "typeinastrongpassword", "stand-in"}, Row{"password", "enter-password", "stand-in"},
        Row{"password", "wrong-password", "stand-in"}, Row{"private_key", "disabled", "stand-in"},
        Row{"secret_key", "sk-test1", "stand-in"}, Row{"api_key", "tr_preview_1234567890", "stand-in"},
        Row{"password", "sk-test-horse1", ""}, Row{"api_key", "sk-k3j9x0q2", ""},
        Row{"api_key", "sk-test-48151623", ""}, Row{"password", "strongbox", ""},
        Row{"@acme/api-key", "workspace:^", "reference"}, Row{"password", "'$2'", "reference"},
        Row{"token", "1*tchar", "pattern"}, Row{"credential-updater", "1.0.8-debian-12-r0", "version"},
        Row{"password", "10.20.30-Q8zt!k20Vn4", ""}, Row{"passwordMtime", "2006-01-02T15:04:05Z", "number"},
        Row{"password", "2006-01-02TQ8zt!k20", ""}, Row{"token", "1*k2x9", ""}, Row{"password", "xxxx", "stand-in"},
        Row{"password", "digest", "constant"}, Row{"update_password", "always", "public name"},
        Row{"HTTPPasswordMgr", "urllib2", "public name"}));

TEST(Assignment, IsSplit) {
  const std::string match = "\"api_key\": \"abc\"";
  const std::string_view text = std::string_view(match).substr(1);
  const Assignment assignment = split_assignment(text, text.substr(11, 3));
  EXPECT_EQ(assignment.name, "api_key");
  EXPECT_EQ(assignment.value, "abc");
  EXPECT_EQ(telling_word("STRIPE_API_KEY_LIVE"), "API_KEY");
  EXPECT_EQ(telling_word("x"), "x");
}

TEST(GenericValue, OfAJwtThatIsNone) {
  const auto fault = [](const std::string& value) { return value_fault({"token", " = \"", value}); };
  const std::string good = test::expand("{jwt:{{\"sub\":\"shop-7\"}}}");
  const std::string sample = test::expand("{jwt:{{\"sub\":\"1234567890\",\"name\":\"John Doe\"}}}");
  ASSERT_EQ(good.find("<<"), std::string::npos);
  EXPECT_EQ(fault(good), "");
  EXPECT_EQ(fault(good.substr(0, good.rfind('.'))), "");
  EXPECT_EQ(fault(sample), "sample");
  EXPECT_EQ(fault(good.substr(0, good.find('.'))), "sample");
  EXPECT_EQ(fault(good.substr(0, good.size() - 1)), "sample");
  EXPECT_EQ(fault(good + ".k2x9.q8Zt"), "");
}

TEST(Placeholder, IsTold) {
  for (const char* value : {"",
                            "xxxxxxxxxxxxxxxx",
                            "0000000000000000",
                            "1234567890123456",
                            "abcdefghijklmnop",
                            "deadbeefdeadbeef",
                            "ABCD1234ABCD1234",
                            "k3j9EXAMPLEKEYa8",
                            "your_token_here",
                            "qwertyuiopasdfgh",
                            "a1b2c3d4e5f6a1b2",
                            "fedcba9876543210",
                            "k3j9****a8d7f6g5",
                            "changeme",
                            "a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6",
                            "asdfqwer1234asdf",
                            "51HG3kLFakeKeyk3j9x0q2",
                            "generate-with-openssl-9",
                            "CHANGE_THIS_TO_9_CHARS",
                            "minimum-32-letters"}) {
    EXPECT_TRUE(is_placeholder(value)) << value;
  }
  for (const char* value : {"k3j9x0q2", "qwer1234", "asdfqwer12k4asdf"}) EXPECT_FALSE(is_placeholder(value)) << value;
}

TEST(Placeholder, SpellsText) {
  const auto spells = [](const std::string& text) { return spells_text(encode_base64(text, Base64::Standard, true)); };
  EXPECT_TRUE(spells("ilikethemverymuchandmore"));
  EXPECT_TRUE(spells("this is no secret_at-all"));
  EXPECT_FALSE(spells("ilikethem"));
  EXPECT_FALSE(spells("ilikethemverymuch99andmore"));
  EXPECT_FALSE(spells_text("k3j9x0q2k3j9x0q7k3j9x0qZk3j9x0qy"));
  EXPECT_FALSE(spells_text("not base64 at all, is it"));
}

// Random tokens of every alphabet must pass.
TEST(Placeholder, IsNotRandom) {
  int taken = 0;
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    for (const char* text : {"{hex:32}", "{base62:20}", "{base64url:40}", "{digit:24}", "{hex:64}", "{lower:24}"}) {
      const std::string value = test::expand(text, seed);
      taken += is_placeholder(value) ? 1 : 0;
    }
  }
  EXPECT_LE(taken, 2);
}

struct Word {
  const char* value;
  bool stands_in, asks;
};
class StandIns : public testing::TestWithParam<Word> {};
TEST_P(StandIns, AreTold) {
  EXPECT_EQ(is_stand_in(GetParam().value), GetParam().stands_in) << GetParam().value;
  EXPECT_EQ(asks_for_secret(GetParam().value), GetParam().asks) << GetParam().value;
}
INSTANTIATE_TEST_SUITE_P(All, StandIns,
                         testing::Values(Word{"typeinastrongpassword", true, true},
                                         Word{"yourpasswordhere", true, true}, Word{"ENTER-PASSWORD", true, true},
                                         Word{"put your token here!", true, true},
                                         Word{"insert_secret_key", true, true}, Word{"wrongpassword", true, false},
                                         Word{"customPass", true, false}, Word{"test123", true, false},
                                         Word{"aaaa", true, false}, Word{"", false, false},
                                         Word{"strongpassword", false, false}, Word{"secure", false, false},
                                         Word{"enterprise", false, false}, Word{"settoken123456", false, false},
                                         Word{"hunter2", false, false}, Word{"enterq8password", false, false}));

}  // namespace
}  // namespace tightship::detect
