#include "net/packet.h"

#include <gtest/gtest.h>

#include "support/git_fixture.h"
#include "support/name_server.h"

namespace tightship::net {
namespace {

using testing::wire_name;
using testing::wire_record;
using testing::wire_txt;

std::string query(const std::string& name, RrType type, bool edns = false) {
  QueryOptions options;
  options.id = 0x1234;
  options.udp_size = edns ? 1232 : 0;
  const auto bytes = encode_query({name, type}, options);
  return std::string(as_text(*bytes));
}

std::string answer(const std::string& name, RrType type, const std::vector<std::string>& records) {
  std::string out = testing::answer_head(query(name, type), 0x8580, static_cast<unsigned>(records.size()));
  for (const std::string& record : records) out += record;
  return out;
}

Result<Message> parse(const std::string& bytes) { return parse_message(as_bytes(bytes)); }

const std::string kOwner = "\xc0\x0c";

TEST(Packet, WritesWhatServersRead) {
  const std::string with = query("Example.COM.", RrType::Mx, true);
  const auto message = parse(with);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->id, 0x1234);
  ASSERT_EQ(message->questions.size(), 1u);
  EXPECT_EQ(message->questions[0].name, "example.com");
  EXPECT_EQ(message->questions[0].type, RrType::Mx);
  EXPECT_EQ(with.size(), query("example.com", RrType::Mx).size() + 11);
}

TEST(Packet, ReadsEveryType) {
  const std::string key = std::string("\x01\x00\x03\x0d", 4) + "key";
  const std::string bytes = answer(
      "example.com", RrType::A,
      {wire_record(kOwner, 1, std::string("\xc0\x00\x02\x01", 4)),
       wire_record(kOwner, 28, std::string("\x20\x01\x0d\xb8", 4) + std::string(11, '\0') + "\1"),
       wire_record(kOwner, 15, std::string("\0\x0a", 2) + "\2mx" + kOwner), wire_record(kOwner, 16, "\3one\3two"),
       wire_record(kOwner, 257, std::string("\x80\5", 2) + "Issueca.example"),
       wire_record(kOwner, 6, wire_name("ns.example.com") + wire_name("host.example.com") + std::string(20, '\1')),
       wire_record(kOwner, 43, std::string("\x30\x39\x0d\x02", 4) + "digest"), wire_record(kOwner, 48, key),
       wire_record(kOwner, 52, "\3\1\1data"), wire_record(kOwner, 51, std::string("\1\0\0\x0a\0", 5)),
       wire_record(kOwner, 47, wire_name("next.example.com") + std::string("\0\1\x40\1\1\x40", 6)),
       wire_record(kOwner, 47, wire_name("next.example.com") + '\0' + '\x11' + std::string(16, '\0') + '\x80')});
  const auto message = parse(bytes);
  ASSERT_TRUE(message) << message.error().what;
  ASSERT_EQ(message->answers.size(), 12u);
  EXPECT_EQ(data_of<Address>(message->answers[0])->text, "192.0.2.1");
  EXPECT_EQ(data_of<Address>(message->answers[1])->text, "2001:db8::1");
  EXPECT_EQ(data_of<MxData>(message->answers[2])->host, "mx.example.com");
  EXPECT_EQ(data_of<MxData>(message->answers[2])->preference, 10);
  EXPECT_EQ(data_of<TxtData>(message->answers[3])->pieces, (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(data_of<CaaData>(message->answers[4])->tag, "issue");
  EXPECT_EQ(data_of<CaaData>(message->answers[4])->value, "ca.example");
  EXPECT_EQ(data_of<SoaData>(message->answers[5])->mailbox, "host.example.com");
  EXPECT_EQ(data_of<DsData>(message->answers[6])->key_tag, 12345);
  EXPECT_EQ(data_of<DnskeyData>(message->answers[7])->algorithm, 13);
  EXPECT_EQ(data_of<TlsaData>(message->answers[8])->data, "data");
  EXPECT_EQ(data_of<Nsec3paramData>(message->answers[9])->iterations, 10);
  EXPECT_EQ(data_of<NsecData>(message->answers[10])->next, "next.example.com");
  EXPECT_FALSE(data_of<NsecData>(message->answers[10])->no_name);
  EXPECT_TRUE(data_of<NsecData>(message->answers[11])->no_name);
  EXPECT_EQ(message->answers[0].ttl, 300u);
  EXPECT_TRUE(message->authoritative);
}

// RFC 4034, 5.4: the key of dskey.example.com. and its tag.
TEST(Packet, KeyTagOfTheRfc) {
  const std::string rdata =
      std::string("\x01\x00\x03\x05", 4) +
      std::string(
          "\x01\x03\xd2\x2a\x6c\xa7\x7f\x35\xb8\x93\x20\x6f\xd3\x5e\x4c\x50\x6d\x83\x78\x84\x37\x09\xb9\x7e\x04\x16",
          26);
  // Not the RFC's whole key; the sum is made here by hand, so that the byte order is held.
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < rdata.size(); ++i) sum += static_cast<std::uint8_t>(rdata[i]) * (i % 2 == 0 ? 256u : 1u);
  sum += sum >> 16;
  const auto message = parse(answer("example.com", RrType::Dnskey, {wire_record(kOwner, 48, rdata)}));
  ASSERT_TRUE(message);
  EXPECT_EQ(data_of<DnskeyData>(message->answers.at(0))->key_tag, sum & 0xffff);
}

struct Broken {
  const char* name;
  std::string record;
};

class BrokenPackets : public ::testing::TestWithParam<Broken> {};

TEST_P(BrokenPackets, AreRefused) {
  const auto message = parse(answer("example.com", RrType::A, {GetParam().record}));
  ASSERT_FALSE(message);
  EXPECT_EQ(message.error().kind, ErrorKind::Corrupt);
}

INSTANTIATE_TEST_SUITE_P(
    Forms, BrokenPackets,
    ::testing::Values(
        Broken{"short_address", wire_record(kOwner, 1, std::string("\xc0\x00\x02", 3))},
        Broken{"long_address", wire_record(kOwner, 1, std::string("\xc0\x00\x02\x01\x01", 5))},
        Broken{"pointer_to_itself", wire_record("\xc0\x1d", 1, std::string("\xc0\x00\x02\x01", 4))},
        Broken{"pointer_forwards", wire_record("\xc0\xff", 1, std::string("\xc0\x00\x02\x01", 4))},
        Broken{"pointers_in_a_circle", wire_record("\xc0\x1f\xc0\x1d", 1, std::string("\xc0\x00\x02\x01", 4))},
        Broken{"reserved_label", wire_record("\x80\x0c", 1, std::string("\xc0\x00\x02\x01", 4))},
        Broken{"txt_past_the_end", wire_record(kOwner, 16, "\x7fno")}, Broken{"empty_txt", wire_record(kOwner, 16, "")},
        Broken{"mx_without_a_host", wire_record(kOwner, 15, std::string("\0\1", 2))},
        Broken{"caa_without_a_tag", wire_record(kOwner, 257, std::string("\0\0x", 3))},
        Broken{"nsec_window_of_none", wire_record(kOwner, 47, wire_name("a.b") + std::string("\0\0", 2))},
        Broken{"nsec_window_over_its_size",
               wire_record(kOwner, 47, wire_name("a.b") + '\0' + '\x21' + std::string(33, 'x'))},
        Broken{"nsec_window_cut", wire_record(kOwner, 47, wire_name("a.b") + '\0' + '\x11' + "x")},
        Broken{"soa_cut", wire_record(kOwner, 6, wire_name("a.b") + wire_name("c.d") + "1234")},
        Broken{"rest_behind_a_name", wire_record(kOwner, 5, wire_name("a.b") + "x")},
        Broken{
            "name_of_many_labels",
            wire_record(kOwner, 5,
                        wire_name(std::string(
                            "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a."
                            "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a."
                            "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a")))}),
    [](const auto& info) { return info.param.name; });

TEST(Packet, DamageNeverBreaksTheReader) {
  const std::string whole =
      answer("example.com", RrType::Mx,
             {wire_record(kOwner, 15, std::string("\0\x0a", 2) + "\2mx" + kOwner),
              wire_record(kOwner, 16, wire_txt("v=spf1 -all")), wire_record(kOwner, 5, wire_name("a.b"))});
  ASSERT_TRUE(parse(whole));
  test::for_each_damage(whole, [&](const std::string& damaged, const std::string&) {
    const auto message = parse(damaged);
    if (!message)
      EXPECT_EQ(message.error().kind, ErrorKind::Corrupt);
    else
      for (const Record& record : message->answers) EXPECT_TRUE(encode_name(record.name)) << record.name;
  });
}

TEST(Names, BytesSurviveTheirText) {
  const std::string bytes = std::string("\4a.b\\\2\x00\xff", 8) + std::string("\3COM\0", 5);
  const auto message = parse(answer("x.y", RrType::Cname, {wire_record(kOwner, 5, bytes)}));
  ASSERT_TRUE(message) << message.error().what;
  const std::string& text = data_of<NameData>(message->answers.at(0))->name;
  EXPECT_EQ(text, "a\\.b\\\\.\\000\\255.com");
  const auto back = encode_name(text);
  ASSERT_TRUE(back);
  EXPECT_EQ(as_text(*back).substr(0, 8), bytes.substr(0, 8));
  EXPECT_EQ(label_count(text), 3u);
  EXPECT_EQ(parent_name(text), "\\000\\255.com");
}

TEST(Names, Limits) {
  EXPECT_TRUE(encode_name(std::string(63, 'a') + ".com"));
  EXPECT_FALSE(encode_name(std::string(64, 'a') + ".com"));
  EXPECT_FALSE(encode_name("a..b"));
  EXPECT_FALSE(encode_name(".a"));
  EXPECT_FALSE(encode_name("a\\"));
  EXPECT_FALSE(encode_name("a\\300"));
  std::string longest;
  for (int i = 0; i < 127; ++i) longest += "a.";
  EXPECT_TRUE(encode_name(longest));
  EXPECT_FALSE(encode_name(longest + "a"));
}

TEST(Names, Zones) {
  EXPECT_TRUE(is_in_zone("www.example.com", "example.com"));
  EXPECT_TRUE(is_in_zone("example.com", "example.com"));
  EXPECT_FALSE(is_in_zone("notexample.com", "example.com"));
  EXPECT_FALSE(is_in_zone("a\\.example.com", "example.com"));
  EXPECT_EQ(last_labels("a.b.c", 2), "b.c");
  EXPECT_EQ(parent_name("com"), "");
}

TEST(Endpoints, AddressesAndPorts) {
  EXPECT_EQ(parse_endpoint("192.0.2.1")->port, 0);
  EXPECT_EQ(parse_endpoint("192.0.2.1:53")->port, 53);
  EXPECT_TRUE(parse_endpoint("2001:db8::1")->address.v6);
  EXPECT_EQ(parse_endpoint("[2001:db8::1]:5353")->port, 5353);
  for (const char* bad : {"", "example.com", "192.0.2.1:", "192.0.2.1:0", "192.0.2.1:65536", "[::1", "192.0.2"}) {
    EXPECT_FALSE(parse_endpoint(bad)) << bad;
  }
}

}  // namespace
}  // namespace tightship::net
