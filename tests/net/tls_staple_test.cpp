// OCSP answers that openssl s_server staples, and a handshake over IPv6.

#include "report/problems.h"
#include "tls_lab.h"

namespace tightship::net {
namespace {

using testing::CertificateSpec;
using testing::kDay;
using testing::kNow;
using testing::StapleSpec;

enum class Signer { Issuer, Responder, Stranger };

struct Case {
  const char* name;
  bool must_staple;
  StapleSpec staple;
  Signer signer;
  bool of_another_certificate;
  Staple judged;
  const char* expected;  // ids of all warnings and errors
  const char* why;
};

constexpr StapleSpec kGood, kRevoked{.revoked = true}, kPast{.from = kNow - 9 * kDay, .until = kNow - 2 * kDay},
    kFuture{.from = kNow + kDay, .until = kNow + 9 * kDay};

const Case kCases[] = {
    {"Good", false, kGood, Signer::Issuer, false, Staple::Good, "", ""},
    {"GoodOfResponder", false, kGood, Signer::Responder, false, Staple::Good, "", ""},
    {"Revoked", false, kRevoked, Signer::Issuer, false, Staple::Revoked, "TLS-REVOKED", "the authority says so"},
    {"Expired", false, kPast, Signer::Issuer, false, Staple::Expired, "TLS-STAPLE", "is of the past"},
    {"OfTheFuture", false, kFuture, Signer::Issuer, false, Staple::Unusable, "TLS-STAPLE", "cannot be used"},
    {"OfAnotherCertificate", false, kGood, Signer::Issuer, true, Staple::Unusable, "TLS-STAPLE", "another certificate"},
    {"SignedByAStranger", false, kGood, Signer::Stranger, false, Staple::Unusable, "TLS-STAPLE", "not signed by"},
    {"MustStapleAndGood", true, kGood, Signer::Issuer, false, Staple::Good, "", ""},
    {"MustStapleAndExpired", true, kPast, Signer::Issuer, false, Staple::Expired, "TLS-STAPLE",
     "must-staple extension, and the stapled answer is of the past"},
    {"MustStapleAndRevoked", true, kRevoked, Signer::Issuer, false, Staple::Revoked, "TLS-REVOKED", ""},
};

class TlsStaple : public ::testing::TestWithParam<Case> {
 protected:
  CertificateSpec spec() const {
    CertificateSpec spec;
    if (GetParam().must_staple) spec.extensions = {{"tlsfeature", "status_request"}};
    return spec;
  }
  testing::Identity signer() const {
    CertificateSpec spec;
    spec.subject = "Responder";
    spec.names.clear();
    spec.extensions = {{"extendedKeyUsage", "OCSPSigning"}};
    if (GetParam().signer == Signer::Responder) return testing::make_certificate(spec, &lab.intermediate);
    return GetParam().signer == Signer::Issuer ? lab.intermediate : testing::make_authority("Stranger");
  }
  TlsLab lab;
};

TEST_P(TlsStaple, IsJudged) {
  const testing::Identity leaf = lab.leaf(spec());
  const testing::Identity other = lab.leaf();
  const std::string response = testing::make_staple(GetParam().staple, GetParam().of_another_certificate ? other : leaf,
                                                    lab.intermediate, signer());
  const auto server = lab.serve(leaf, {"-status_file", lab.write("staple.der", response)});
  const TlsResult result = lab.check();
  EXPECT_EQ(ids(result.report), GetParam().expected) << report::render(result.report, report::Format::Text, {});
  ASSERT_NE(result.hosts.at(0).first_ok(), nullptr);
  EXPECT_EQ(result.hosts[0].first_ok()->staple, GetParam().judged);
  if (*GetParam().why == '\0') return;
  ASSERT_FALSE(result.report.problems.empty());
  EXPECT_NE(result.report.problems[0].why.find(GetParam().why), std::string::npos) << result.report.problems[0].why;
}

INSTANTIATE_TEST_SUITE_P(Servers, TlsStaple, ::testing::ValuesIn(kCases),
                         [](const auto& row) { return row.param.name; });

TEST(TlsStapleBytes, GarbageIsUnusable) {
  TlsLab lab;
  const testing::Identity leaf = lab.leaf();
  const auto store = TrustStore::open(lab.dir.path + "/ca.pem", kNow);
  ASSERT_TRUE(store);
  const std::string good = testing::make_staple({}, leaf, lab.intermediate, lab.intermediate);
  const SentChain none({}), garbage({"no certificate"});
  EXPECT_EQ(store->judge_staple(none, ""), Staple::None);
  EXPECT_EQ(store->judge_staple(none, good), Staple::Unusable);
  EXPECT_EQ(store->judge_staple(garbage, good), Staple::Unusable);
  for (std::size_t cut = 1; cut < good.size(); cut += 7)
    EXPECT_EQ(store->judge_staple(none, good.substr(0, cut)), Staple::Unusable) << cut;
}

bool has_ipv6_loopback() {
  const testing::RawServer server(testing::answer_with(""), true);
  return server.port() != 0;
}

TEST(TlsIpv6, HandshakeOverIt) {
  if (!has_ipv6_loopback()) GTEST_SKIP() << "no ::1 on this machine";
  TlsLab lab;
  lab.ipv6 = true;
  const auto server = lab.serve(lab.leaf());
  const TlsResult result = lab.check(lab.request("a.test", "::1"));
  EXPECT_EQ(ids(result.report), "");
  EXPECT_TRUE(result.report.complete());
  const TlsEndpoint* at = result.hosts.at(0).first_ok();
  ASSERT_NE(at, nullptr);
  EXPECT_TRUE(at->ipv6);
  EXPECT_EQ(at->address, "::1");
  EXPECT_EQ(at->probe.protocol, "TLSv1.3");
  EXPECT_EQ(at->chain.built.size(), 3u);
}

// The certificate of an address, asked for by address.
TEST(TlsIpv6, AddressInTheCertificate) {
  if (!has_ipv6_loopback()) GTEST_SKIP() << "no ::1 on this machine";
  TlsLab lab;
  lab.ipv6 = true;
  CertificateSpec spec;
  spec.names = {"IP:::1"};
  const auto server = lab.serve(lab.leaf(spec));
  TlsRequest request = lab.request();
  request.resolve.clear();
  request.hosts = {"[::1]:" + std::to_string(lab.port)};
  EXPECT_EQ(ids(lab.check(request).report), "");
}

// IPv4 is dead and IPv6 works: the other way round is tested with the rest of the families.
TEST(TlsIpv6, Ipv4Dead) {
  if (!has_ipv6_loopback()) GTEST_SKIP() << "no ::1 on this machine";
  TlsLab lab;
  lab.ipv6 = true;
  const auto server = lab.serve(lab.leaf());
  const TlsResult result = lab.check(lab.request("a.test", "127.0.0.1,::1"));
  EXPECT_EQ(ids(result.report), "TLS-FAMILY");
  EXPECT_EQ(problem_of(result.report, "TLS-FAMILY")->title, "a.test works over IPv6 only");
}

}  // namespace
}  // namespace tightship::net
