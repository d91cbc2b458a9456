#include "detect/codec.h"

#include <gtest/gtest.h>

namespace tightship::detect {
namespace {

TEST(Codec, KnownValues) {
  EXPECT_EQ(crc32("123456789"), 0xcbf43926u);
  EXPECT_EQ(crc16_xmodem("123456789"), 0x31c3u);
  EXPECT_EQ(crc24_openpgp("123456789"), 0x21cf02u);
  EXPECT_EQ(encode_hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  // From the tests of .NET's Marvin, folded to 32 bits.
  EXPECT_EQ(marvin32("", 0x004fb61a001bdbcc), 0x30ed35c1u ^ 0x00cd3c7du);
  EXPECT_EQ(marvin32("\xaf", 0x004fb61a001bdbcc), 0x48e73fc7u ^ 0x7d75ddc1u);
  EXPECT_EQ(to_base62(61, 2), "0z");
  EXPECT_EQ(to_base62(62, 2), "10");
  EXPECT_EQ(to_base36(35, 3), "00z");
}

TEST(Codec, Base58) {
  EXPECT_EQ(encode_base58("Hello World!"), "2NEpo7TZRRrLZSi2U");
  EXPECT_EQ(encode_base58(std::string(3, '\0') + "a"), "1112g");
  EXPECT_EQ(decode_base58("1112g"), std::string(3, '\0') + "a");
  EXPECT_EQ(decode_base58(""), "");
  EXPECT_EQ(decode_base58("0OIl"), std::nullopt);
  EXPECT_EQ(decode_base58(std::string(kMaxBase58 + 1, '2')), std::nullopt);
  EXPECT_EQ(decode_base58check("2NEpo7TZRRrLZSi2U"), std::nullopt);
  EXPECT_EQ(decode_base58check("1"), std::nullopt);
}

TEST(Codec, Percent) {
  EXPECT_EQ(decode_percent("a%3D%2fb"), "a=/b");
  EXPECT_EQ(decode_percent("100%"), "100%");
  EXPECT_EQ(decode_percent("%4"), "%4");
  EXPECT_EQ(decode_percent("%zz%41"), "%zzA");
}

TEST(Codec, RoundTrips) {
  std::string bytes;
  for (int i = 0; i < 40; ++i) {
    EXPECT_EQ(decode_base64(encode_base64(bytes, Base64::Standard, true), Base64::Standard), bytes);
    EXPECT_EQ(decode_base64(encode_base64(bytes, Base64::UrlSafe, false), Base64::UrlSafe), bytes);
    EXPECT_EQ(decode_base32(encode_base32(bytes)), bytes);
    EXPECT_EQ(decode_hex(encode_hex(bytes)), bytes);
    EXPECT_EQ(decode_base58(encode_base58(bytes)), bytes);
    EXPECT_EQ(decode_base58check(encode_base58check(bytes)), bytes.empty() ? std::nullopt : std::optional(bytes));
    EXPECT_EQ(decode_bech32(encode_bech32("x", bytes), "x"), bytes);
    bytes.push_back(static_cast<char>(i * 37 + 200));
  }
}

TEST(Codec, DecodersAreStrict) {
  for (const char* text : {"A", "AAAAA", "AA=A", "AA AA", "A===", "AAA\n", "AA*A", "AAAA=", "AAA=="}) {
    EXPECT_EQ(decode_base64(text, Base64::Standard), std::nullopt) << text;
  }
  EXPECT_EQ(decode_base64("ab-_", Base64::Standard), std::nullopt);
  EXPECT_EQ(decode_base64("ab+/", Base64::UrlSafe), std::nullopt);
  EXPECT_EQ(decode_base32("A0"), std::nullopt);
  EXPECT_EQ(decode_base32("B"), std::nullopt);
  EXPECT_EQ(decode_hex("abc"), std::nullopt);
  EXPECT_EQ(decode_hex("zz"), std::nullopt);
  EXPECT_EQ(decode_bech32("x1qqqqqq", "x"), std::nullopt);
  EXPECT_EQ(decode_bech32("", "x"), std::nullopt);
}

TEST(Codec, Entropy) {
  EXPECT_EQ(shannon_entropy(""), 0);
  EXPECT_EQ(shannon_entropy("aaaa"), 0);
  EXPECT_DOUBLE_EQ(shannon_entropy("abcd"), 2);
}

}  // namespace
}  // namespace tightship::detect
