// What the registrar says of a domain beside what the domain says itself: the parent's zone has a server of its own.

#include <gtest/gtest.h>

#include "net/dns_check.h"
#include "support/name_server.h"
#include "tls_lab.h"

namespace tightship::net {
namespace {

using testing::KnotServer;

constexpr const char* kParentAddress = "127.0.2.54";

std::string child() {
  return "@ SOA ns1 hostmaster 1 7200 1800 1209600 3600\n@ NS ns1\n@ NS ns2\nns1 A 127.0.0.52\nns2 A 127.0.1.53\n@ A "
         "192.0.2.10\nwww CNAME @\n@ MX 0 .\n@ TXT \"v=spf1 -all\"\n_dmarc TXT \"v=DMARC1; p=reject\"\n";
}

// Delegates each zone to the two servers that it names, moved.test to one that it has left.
std::string parent() {
  std::string text = "@ SOA nsp hostmaster 1 7200 1800 1209600 3600\n@ NS nsp\nnsp A 127.0.2.54\n";
  for (const std::string name : {"same", "moved"}) {
    text += name + " NS ns1." + name + "\nns1." + name + " A 127.0.0.52\n";
    text += name + " NS " + (name == "moved" ? "old.provider.example.\n" : "ns2.same\nns2.same A 127.0.1.53\n");
  }
  return text;
}

class Delegation : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!KnotServer::available()) GTEST_SKIP() << "knot is not installed";
    zones = std::make_unique<KnotServer>(std::map<std::string, KnotServer::Zone>{
        {"same.test", {child()}}, {"moved.test", {child()}}, {"test", {parent()}}});
    above = std::make_unique<KnotServer>(std::map<std::string, KnotServer::Zone>{{"test", {parent()}}}, kParentAddress,
                                         zones->port());
  }
  DnsResult examine(const std::string& domain) const {
    DnsOptions options;
    options.domain = domain;
    options.transport.resolvers = {zones->resolver()};
    options.transport.timeout_ms = 400;
    options.server_port = zones->port();
    auto result = examine_dns(options);
    EXPECT_TRUE(result);
    return result ? std::move(*result) : DnsResult{};
  }
  std::unique_ptr<KnotServer> zones, above;
};

TEST_F(Delegation, OtherServersThanTheZonesOwn) {
  const DnsResult result = examine("moved.test");
  const readiness::Problem* row = problem_of(result.report, "DNS-NS-PARENT");
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(row->severity, detect::Severity::Warning);
  EXPECT_EQ(row->why,
            "the registrar names ns1.moved.test, old.provider.example, the zone ns1.moved.test, ns2.moved.test");
}

TEST_F(Delegation, TheSameServers) {
  const DnsResult result = examine("same.test");
  EXPECT_EQ(problem_of(result.report, "DNS-NS-PARENT"), nullptr);
  const auto& passed = result.report.passed;
  EXPECT_TRUE(std::any_of(passed.begin(), passed.end(), [](const auto& p) { return p.id == "DNS-NS-PARENT"; }));
}

}  // namespace
}  // namespace tightship::net
