// Faults of certificates, each shown by a real server (openssl s_server) and told apart.

#include <functional>

#include "report/problems.h"
#include "tls_lab.h"

namespace tightship::net {
namespace {

using testing::CertificateSpec;
using testing::kDay;
using testing::kNow;

struct Fault {
  const char* name;
  std::function<CertificateSpec()> spec;
  const char* expected;  // ids of all warnings and errors
  const char* why;       // what the only, or first, of them says
};

CertificateSpec with(const std::function<void(CertificateSpec&)>& change) {
  CertificateSpec spec;
  change(spec);
  return spec;
}

const Fault kFaults[] = {
    {"Good", [] { return CertificateSpec{}; }, "", ""},
    {"Expired",
     [] {
       return with([](auto& s) {
         s.not_before = kNow - 100 * kDay;
         s.not_after = kNow - 10 * kDay;
       });
     },
     "TLS-EXPIRED", "it ended on 2027-01-05, 10 days ago"},
    {"NotYetValid",
     [] {
       return with([](auto& s) {
         s.not_before = kNow + 3 * kDay;
         s.not_after = kNow + 90 * kDay;
       });
     },
     "TLS-NOT-YET", "it begins on 2027-01-18"},
    {"OtherName", [] { return with([](auto& s) {
                         s.names = {"DNS:b.test", "DNS:*.c.test"};
                       }); }, "TLS-HOST",
     "the certificate is for b.test, *.c.test"},
    {"WildcardOfAnotherDepth", [] { return with([](auto& s) { s.names = {"DNS:*.a.test"}; }); }, "TLS-HOST",
     "for *.a.test"},
    {"CommonNameOnly", [] { return with([](auto& s) { s.names.clear(); }); }, "TLS-SAN", "common name only"},
    {"EndsInFiveDays",
     [] {
       return with([](auto& s) {
         s.not_before = kNow - 85 * kDay;
         s.not_after = kNow + 5 * kDay;
       });
     },
     "TLS-EXPIRY", "it ends on 2027-01-20; 5 of its 90 days are left"},
    {"EndsInFifteenDays",
     [] {
       return with([](auto& s) {
         s.not_before = kNow - 75 * kDay;
         s.not_after = kNow + 15 * kDay;
       });
     },
     "TLS-EXPIRY", "15 of its 90 days"},
    {"ShortLivedAndFresh",
     [] {
       return with([](auto& s) {
         s.not_before = kNow - kDay;
         s.not_after = kNow + 5 * kDay;
       });
     },
     "", ""},
    {"ShortLivedAndLate",
     [] {
       return with([](auto& s) {
         s.not_before = kNow - 5 * kDay;
         s.not_after = kNow + kDay;
       });
     },
     "TLS-EXPIRY", "1 of its 6 days"},
    {"SmallRsaKey", [] { return with([](auto& s) { s.key = "RSA:1024"; }); }, "TLS-KEY", "has RSA 1024"},
    {"SmallCurve", [] { return with([](auto& s) { s.key = "secp224r1"; }); }, "TLS-KEY", "has EC secp224r1"},
    {"Sha1", [] { return with([](auto& s) { s.digest = "SHA1"; }); }, "TLS-SIG", "signed with SHA1"},
    {"ForClientsOnly", [] { return with([](auto& s) {
                              s.extensions = {{"extendedKeyUsage", "clientAuth"}};
                            }); },
     "TLS-CHAIN-INVALID", "purpose"},
    {"MustStaple", [] { return with([](auto& s) {
                          s.extensions = {{"tlsfeature", "status_request"}};
                        }); },
     "TLS-STAPLE", "staples nothing"},
    {"FourAtOnce",
     [] {
       return with([](auto& s) {
         s.names = {"DNS:b.test"};
         s.key = "RSA:1024";
         s.digest = "SHA1";
         s.not_before = kNow - 100 * kDay;
         s.not_after = kNow - kDay;
       });
     },
     "TLS-EXPIRED TLS-HOST TLS-KEY TLS-SIG", ""},
};

class TlsFaults : public ::testing::TestWithParam<Fault> {};

TEST_P(TlsFaults, IsToldApart) {
  TlsLab lab;
  const auto server =
      lab.serve(lab.leaf(GetParam().spec()), {"-cipher", "DEFAULT:@SECLEVEL=0", "-no_tls1", "-no_tls1_1"});
  const TlsResult result = lab.check();
  EXPECT_EQ(ids(result.report), GetParam().expected) << report::render(result.report, report::Format::Text, {});
  EXPECT_EQ(result.report.loss_count, 0u);
  if (!result.report.problems.empty() && *GetParam().why != '\0') {
    EXPECT_NE(result.report.problems.front().why.find(GetParam().why), std::string::npos)
        << result.report.problems.front().why;
  }
}

INSTANTIATE_TEST_SUITE_P(Servers, TlsFaults, ::testing::ValuesIn(kFaults),
                         [](const auto& row) { return row.param.name; });

TEST(TlsChain, SelfSigned) {
  TlsLab lab;
  const auto server = lab.serve(testing::make_certificate({}), {}, false);
  EXPECT_EQ(ids(lab.check().report), "TLS-SELF-SIGNED");
}

TEST(TlsChain, IncompleteWhenTheIssuerCanBeHad) {
  TlsLab lab;
  CertificateSpec spec;
  spec.extensions = {{"authorityInfoAccess", "caIssuers;URI:http://ca.test/ca.der"}};
  const auto server = lab.serve(lab.leaf(spec), {}, false);
  const TlsResult result = lab.check();
  EXPECT_EQ(ids(result.report), "TLS-CHAIN-INCOMPLETE");
  EXPECT_NE(result.report.problems.front().why.find("\"Lab Intermediate\""), std::string::npos);
}

TEST(TlsChain, UnknownIssuerIsUntrusted) {
  TlsLab lab;
  const auto server = lab.serve(lab.leaf(), {}, false);
  EXPECT_EQ(ids(lab.check().report), "TLS-UNTRUSTED");
}

TEST(TlsChain, PrivateRootThatIsSentIsUntrusted) {
  TlsLab lab;
  const testing::Identity other = testing::make_authority("Other Root");
  lab.write("chain.pem", other.certificate_pem);
  const auto server = lab.serve(testing::make_certificate({}, &other));
  const TlsResult result = lab.check();
  EXPECT_EQ(ids(result.report), "TLS-UNTRUSTED");
  EXPECT_NE(result.report.problems.front().why.find("Other Root"), std::string::npos);
}

TEST(TlsChain, ExpiredIntermediateIsNamed) {
  TlsLab lab;
  CertificateSpec old;
  old.subject = "Old Intermediate";
  old.names.clear();
  old.authority = true;
  old.not_before = kNow - 400 * kDay;
  old.not_after = kNow - 2 * kDay;
  lab.intermediate = testing::make_certificate(old, &lab.root);
  lab.write("chain.pem", lab.intermediate.certificate_pem);
  const auto server = lab.serve(lab.leaf());
  const TlsResult result = lab.check();
  EXPECT_EQ(ids(result.report), "TLS-EXPIRED");
  EXPECT_NE(result.report.problems.front().why.find("\"Old Intermediate\": it ended on"), std::string::npos);
}

TEST(TlsChain, NameConstraintsAreKept) {
  TlsLab lab;
  CertificateSpec narrow;
  narrow.subject = "Narrow Intermediate";
  narrow.names.clear();
  narrow.authority = true;
  narrow.not_after = kNow + 400 * kDay;
  narrow.extensions = {{"nameConstraints", "critical,permitted;DNS:elsewhere.test"}};
  lab.intermediate = testing::make_certificate(narrow, &lab.root);
  lab.write("chain.pem", lab.intermediate.certificate_pem);
  const auto server = lab.serve(lab.leaf());
  EXPECT_EQ(ids(lab.check().report), "TLS-CHAIN-INVALID");
}

TEST(TlsChain, RootSentAndWrongOrderAreNotes) {
  TlsLab lab;
  lab.write("chain.pem", lab.root.certificate_pem + lab.intermediate.certificate_pem);
  const auto server = lab.serve(lab.leaf());
  const TlsResult result = lab.check();
  EXPECT_EQ(ids(result.report), "");
  const readiness::Problem* order = problem_of(result.report, "TLS-CHAIN-ORDER");
  ASSERT_NE(order, nullptr);
  EXPECT_EQ(order->severity, detect::Severity::Note);
}

TEST(TlsChain, FactsAreThoseOfTheCertificate) {
  TlsLab lab;
  CertificateSpec spec;
  spec.names = {"DNS:a.test", "DNS:www.a.test", "IP:127.0.0.1"};
  const auto server = lab.serve(lab.leaf(spec), {"-alpn", "h2,http/1.1"});
  const TlsResult result = lab.check();
  ASSERT_EQ(result.hosts.size(), 1u);
  const TlsEndpoint* at = result.hosts[0].first_ok();
  ASSERT_NE(at, nullptr);
  EXPECT_EQ(at->probe.protocol, "TLSv1.3");
  EXPECT_EQ(at->probe.alpn, "h2");
  ASSERT_EQ(at->sent.size(), 2u);
  EXPECT_EQ(at->chain.built.size(), 3u);
  EXPECT_EQ(at->sent[0].names, (std::vector<std::string>{"a.test", "www.a.test"}));
  EXPECT_EQ(at->sent[0].addresses, std::vector<std::string>{"127.0.0.1"});
  EXPECT_EQ(at->sent[0].issuer, "Lab Intermediate");
  EXPECT_EQ(at->sent[0].key, "EC prime256v1");
  EXPECT_EQ(at->sent[0].signature_digest, "SHA256");
  EXPECT_EQ(days_left(at->sent[0], kNow), 60);
}

TEST(TlsChain, AddressesAreMatchedAsAddresses) {
  TlsLab lab;
  CertificateSpec spec;
  spec.names = {"IP:127.0.0.1"};
  const auto server = lab.serve(lab.leaf(spec));
  TlsRequest request = lab.request();
  request.resolve.clear();
  request.hosts = {"127.0.0.1:" + std::to_string(lab.port)};
  EXPECT_EQ(ids(lab.check(request).report), "");
}

// A name with escape codes reaches the terminal as text.
TEST(TlsChain, NamesAreEscapedInReports) {
  TlsLab lab;
  CertificateSpec spec;
  spec.subject = "\x1b]0;gotcha\x07";
  spec.names = {"DNS:evil\x1b[31m.test"};
  const auto server = lab.serve(lab.leaf(spec));
  const TlsResult result = lab.check();
  EXPECT_EQ(ids(result.report), "TLS-HOST");
  EXPECT_EQ(report::render(result.report, report::Format::Text, {}).find('\x1b'), std::string::npos);
}

TEST(TlsExpiry, FollowsTheLifetime) {
  const auto judged = [](std::int64_t lifetime, std::int64_t left) {
    Certificate certificate;
    certificate.not_after = kNow + left * kDay;
    certificate.not_before = certificate.not_after - lifetime * kDay;
    return judge_expiry(certificate, kNow);
  };
  EXPECT_EQ(judged(398, 22), Expiry::Fine);
  EXPECT_EQ(judged(398, 20), Expiry::Soon);
  EXPECT_EQ(judged(398, 6), Expiry::VerySoon);
  EXPECT_EQ(judged(90, 28), Expiry::RenewalLate);
  EXPECT_EQ(judged(90, 20), Expiry::Soon);
  EXPECT_EQ(judged(47, 16), Expiry::Fine);
  EXPECT_EQ(judged(47, 14), Expiry::Soon);
  EXPECT_EQ(judged(47, 5), Expiry::Soon);
  EXPECT_EQ(judged(47, 4), Expiry::VerySoon);
  EXPECT_EQ(judged(6, 3), Expiry::Fine);
  EXPECT_EQ(judged(6, 1), Expiry::Soon);
  EXPECT_EQ(judged(6, 0), Expiry::VerySoon);
  EXPECT_EQ(judged(90, -1), Expiry::Over);
}

}  // namespace
}  // namespace tightship::net
