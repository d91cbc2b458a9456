// Zones that knot signs, with right and wrong DS records in their parent.

#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <functional>

#include "net/dns_check.h"
#include "net/dns_transport.h"
#include "support/name_server.h"

namespace tightship::net {
namespace {

using testing::KnotServer;

const std::string kBase =
    "@ SOA ns1 hostmaster 1 7200 1800 1209600 3600\n@ NS ns1\n@ NS ns2\nns1 A 127.0.0.52\nns2 A 127.0.1.53\n@ A "
    "192.0.2.10\n";

// keymgr's lines are "zone. DS TAG ALGORITHM TYPE DIGEST".
std::string with_other_digest(std::string ds) {
  for (std::size_t end = ds.find('\n'); end != std::string::npos; end = ds.find('\n', end + 1)) {
    ds[end - 1] = ds[end - 1] == '0' ? '1' : '0';
  }
  return ds;
}

constexpr const char* kAlgorithms[] = {"rsasha256", "rsasha512", "ecdsap384sha384", "ed25519", "ed448"};

// As if the keys were of GOST, which hardly any resolver knows.
std::string of_other_algorithm(std::string ds) {
  for (std::size_t at; (at = ds.find(" 13 ")) != std::string::npos;) ds.replace(at, 4, " 12 ");
  return ds;
}

// Changes what came for one question before it is looked at.
using Tamper = std::function<void(const Ask&, Message&)>;

// Every record of that type in the answer.
template <class Data>
void change(Message& message, const std::function<void(Record&, Data&)>& how) {
  for (Record& record : message.answers) {
    if (Data* data = std::get_if<Data>(&record.data)) how(record, *data);
  }
}

class Dnssec : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (!KnotServer::available()) return;
    std::map<std::string, KnotServer::Zone> zones;
    for (const char* name : {"signed", "mismatch", "keysonly"}) zones[std::string(name) + ".test"] = {kBase, true};
    for (const char* algorithm : kAlgorithms)
      zones[std::string(algorithm) + ".test"] = {kBase + "@ MX 10 mx\n@ TXT \"one\" \"two\"\n@ AAAA 2001:db8::1\n",
                                                 true, algorithm};
    zones["foreign.test"] = {kBase, true};
    for (const char* name : {"nokeys", "unsigned"}) zones[std::string(name) + ".test"] = {kBase, false};
    server_ = new KnotServer(
        zones, [](std::map<std::string, KnotServer::Zone>& all, const std::map<std::string, std::string>& ds) {
          std::string parent =
              "@ SOA ns1 hostmaster 1 7200 1800 1209600 3600\n@ NS ns1\n@ NS ns2\nns1 A 127.0.0.52\nns2 A 127.0.1.53\n";
          for (const auto& entry : all) {
            const std::string label = entry.first.substr(0, entry.first.find('.'));
            parent += label + " NS ns1." + label + "\nns1." + label + " A 127.0.0.52\n";
          }
          parent += ds.at("signed.test") + with_other_digest(ds.at("mismatch.test"));
          for (const char* algorithm : kAlgorithms) parent += ds.at(std::string(algorithm) + ".test");
          parent += of_other_algorithm(ds.at("foreign.test"));
          parent += "nokeys DS 12345 13 2 " + std::string(64, 'a') + "\n";
          all["test"] = {parent, false};
        });
  }
  static void TearDownTestSuite() {
    delete server_;
    server_ = nullptr;
  }
  void SetUp() override {
    if (server_ == nullptr) GTEST_SKIP() << "knot is not installed";
  }
  static DnsOptions options(const std::string& domain, int days = 0) {
    DnsOptions options;
    options.domain = domain;
    options.transport.resolvers = {server_->resolver()};
    options.transport.timeout_ms = 400;
    options.server_port = server_->port();
    options.now = std::time(nullptr) + days * 86'400;
    return options;
  }
  static DnsResult examine(const std::string& domain, int days = 0) { return *examine_dns(options(domain, days)); }
  // The same through somebody who changes answers on their way.
  static DnsResult examine(const std::string& domain, const Tamper& tamper) {
    const DnsOptions wanted = options(domain);
    auto transport = Transport::open(wanted.transport);
    return *examine_dns(wanted, [&](const std::vector<Ask>& asks, RecordStore& store) {
      RecordStore honest;
      const auto done = transport->exchange(asks, honest);
      for (const auto& [ask, answer] : honest.answers()) {
        Answer changed = answer;
        tamper(ask, changed.message);
        store.put(ask, std::move(changed));
      }
      return done;
    });
  }
  static std::string whys(const DnsResult& result) {
    std::string out;
    for (const auto& p : result.report.problems) {
      if (p.id == "DNS-DNSSEC") out += p.why + "\n";
    }
    return out;
  }
  static std::string rows(const DnsResult& result) {
    std::string out;
    for (const auto& p : result.report.problems) {
      if (p.id == "DNS-DNSSEC") out += std::string(detect::severity_name(p.severity)) + ": " + p.title + "\n";
    }
    return out;
  }
  static KnotServer* server_;
};
KnotServer* Dnssec::server_ = nullptr;

TEST_F(Dnssec, SignedAndSound) {
  const DnsResult result = examine("signed.test");
  EXPECT_EQ(result.facts.dnssec, DnssecState::Signed);
  EXPECT_EQ(rows(result), "");
}

TEST_F(Dnssec, NoKeyOfTheDs) {
  const DnsResult result = examine("mismatch.test");
  EXPECT_EQ(result.facts.dnssec, DnssecState::Broken);
  EXPECT_EQ(rows(result), "error: DNSSEC is broken: the domain is dark for half of the internet\n");
}

TEST_F(Dnssec, DsWithoutKeys) {
  EXPECT_EQ(rows(examine("nokeys.test")), "error: DNSSEC is broken: the domain is dark for half of the internet\n");
}

TEST_F(Dnssec, KeysWithoutDs) { EXPECT_EQ(rows(examine("keysonly.test")), "warning: DNSSEC is half done\n"); }

TEST_F(Dnssec, Unsigned) { EXPECT_EQ(rows(examine("unsigned.test")), "note: the domain is not signed (DNSSEC)\n"); }

TEST_F(Dnssec, ExpiredSignatures) {
  const DnsResult result = examine("signed.test", 20);
  EXPECT_EQ(result.facts.dnssec, DnssecState::Broken);
  EXPECT_EQ(rows(result), "error: your DNSSEC signatures have expired\n");
}

TEST_F(Dnssec, SignaturesAboutToExpire) {
  EXPECT_EQ(rows(examine("signed.test", 13)), "warning: your DNSSEC signatures are about to expire\n");
}

constexpr const char* kDark = "error: DNSSEC is broken: the domain is dark for half of the internet\n";

class DnssecAlgorithm : public Dnssec, public ::testing::WithParamInterface<const char*> {};

TEST_P(DnssecAlgorithm, WhatKnotSignsIsSound) {
  const DnsResult result = examine(std::string(GetParam()) + ".test");
  EXPECT_EQ(result.facts.dnssec, DnssecState::Signed);
  EXPECT_EQ(rows(result), "") << whys(result);
  const auto& passed = result.report.passed;
  const auto row = std::find_if(passed.begin(), passed.end(), [](const auto& p) { return p.id == "DNS-DNSSEC"; });
  ASSERT_NE(row, passed.end());
  EXPECT_NE(row->text.find("the signatures of 7 record sets fit"), std::string::npos) << row->text;
}

// A bit of each signature, of each record set in turn.
TEST_P(DnssecAlgorithm, AFlippedBitIsSeen) {
  for (const RrType type : {RrType::Soa, RrType::Ns, RrType::A, RrType::Aaaa, RrType::Mx, RrType::Txt}) {
    const DnsResult result = examine(std::string(GetParam()) + ".test", [&](const Ask& ask, Message& message) {
      if (ask.type != type || !ask.server.empty()) return;
      change<RrsigData>(message, [](Record&, RrsigData& sig) { sig.signature[sig.signature.size() / 2] ^= 1; });
    });
    EXPECT_EQ(rows(result), kDark) << rr_type_name(type);
    EXPECT_EQ(whys(result), "the signature of the " + rr_type_name(type) + " records does not fit them\n");
  }
}

INSTANTIATE_TEST_SUITE_P(Knot, DnssecAlgorithm, ::testing::ValuesIn(kAlgorithms),
                         [](const auto& row) { return std::string(row.param); });

TEST_F(Dnssec, ChangedRecords) {
  const DnsResult result = examine("signed.test", [](const Ask& ask, Message& message) {
    if (ask.type == RrType::A && ask.name == "signed.test")
      change<Address>(message, [](Record&, Address& address) { address.bytes[3] ^= 1; });
  });
  EXPECT_EQ(rows(result), kDark);
  EXPECT_EQ(whys(result), "the signature of the A records does not fit them\n");
}

TEST_F(Dnssec, AnAddedRecord) {
  const DnsResult result = examine("signed.test", [](const Ask& ask, Message& message) {
    if (ask.type != RrType::Ns || ask.name != "signed.test") return;
    Record more = message.answers.front();
    std::get<NameData>(more.data).name = "evil.test";
    message.answers.push_back(more);
  });
  EXPECT_EQ(whys(result), "the signature of the NS records does not fit them\n");
}

TEST_F(Dnssec, OrderAndTtlOfRecordsDoNotMatter) {
  const DnsResult result = examine("signed.test", [](const Ask&, Message& message) {
    std::reverse(message.answers.begin(), message.answers.end());
    for (Record& record : message.answers) record.ttl /= 2;
  });
  EXPECT_EQ(rows(result), "") << whys(result);
}

TEST_F(Dnssec, KeysThatAreNotSignedByTheOneThatTheParentNames) {
  const DnsResult result = examine("signed.test", [](const Ask& ask, Message& message) {
    if (ask.type == RrType::Dnskey)
      change<RrsigData>(message, [](Record&, RrsigData& sig) { sig.signature[0] ^= 0x40; });
  });
  EXPECT_EQ(rows(result), kDark);
  EXPECT_NE(whys(result).find("are not signed by key"), std::string::npos) << whys(result);
}

TEST_F(Dnssec, AKeyThatTheParentDoesNotVouchFor) {
  const DnsResult result = examine("signed.test", [](const Ask& ask, Message& message) {
    if (ask.type != RrType::Dnskey) return;
    change<DnskeyData>(message, [](Record&, DnskeyData& key) {
      key.rdata.back() ^= 1;
      key.key.back() ^= 1;
    });
  });
  EXPECT_EQ(whys(result), "no DS record at the registrar is of a key of the zone, which has 1 key\n");
}

// A server of the zone that gives no signatures, while the resolver does.
TEST_F(Dnssec, OneServerServesOldSignatures) {
  const DnsResult result = examine("signed.test", [](const Ask& ask, Message& message) {
    if (!ask.server.starts_with("127.0.1.53") || ask.type != RrType::Soa) return;
    change<RrsigData>(message, [](Record&, RrsigData& sig) { sig.signature[5] ^= 1; });
  });
  EXPECT_EQ(rows(result), "error: the name server ns2.signed.test serves broken signatures (DNSSEC)\n");
  EXPECT_EQ(result.facts.dnssec, DnssecState::Broken);
}

void strip(Message& message) {
  std::erase_if(message.answers, [](const Record& record) { return record.type == RrType::Rrsig; });
}

TEST_F(Dnssec, AResolverWithoutSignaturesIsPassedOver) {
  const DnsResult result = examine("signed.test", [](const Ask& ask, Message& message) {
    if (!ask.server.empty()) return;
    strip(message);
    message.authoritative = false;
  });
  EXPECT_EQ(rows(result), "") << whys(result);
  EXPECT_EQ(result.facts.dnssec, DnssecState::Signed);
}

TEST_F(Dnssec, AZoneWithoutSignatures) {
  const DnsResult result = examine("signed.test", [](const Ask&, Message& message) { strip(message); });
  EXPECT_EQ(rows(result), kDark);
}

// What no DS record lets us judge is not called broken: resolvers take it for unsigned.
TEST_F(Dnssec, UnknownAlgorithmIsNotJudged) {
  const DnsResult result = examine("foreign.test");
  EXPECT_EQ(rows(result), "");
  EXPECT_EQ(result.facts.dnssec, DnssecState::Unknown);
  const auto& said = result.report.not_checked;
  const auto row = std::find_if(said.begin(), said.end(), [](const auto& text) { return text.starts_with("DNSSEC"); });
  ASSERT_NE(row, said.end());
  EXPECT_NE(row->find("GOST R 34.10-2001"), std::string::npos) << *row;
}

}  // namespace
}  // namespace tightship::net
