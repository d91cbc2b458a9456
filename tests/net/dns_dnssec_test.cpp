// Zones that knot signs, with right and wrong DS records in their parent.

#include <gtest/gtest.h>

#include <ctime>

#include "net/dns_check.h"
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

class Dnssec : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (!KnotServer::available()) return;
    std::map<std::string, KnotServer::Zone> zones;
    for (const char* name : {"signed", "mismatch", "keysonly"}) zones[std::string(name) + ".test"] = {kBase, true};
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
  static DnsResult examine(const std::string& domain, int days = 0) {
    DnsOptions options;
    options.domain = domain;
    options.transport.resolvers = {server_->resolver()};
    options.transport.timeout_ms = 400;
    options.server_port = server_->port();
    options.now = std::time(nullptr) + days * 86'400;
    return *examine_dns(options);
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

}  // namespace
}  // namespace tightship::net
