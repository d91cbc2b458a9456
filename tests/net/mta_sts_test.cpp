// The MTA-STS policy of a domain, by real DNS (knot) and real HTTPS (nginx).

#include <gtest/gtest.h>

#include <ctime>

#include "http_lab.h"
#include "net/dns_check.h"
#include "net/policy_fetch.h"
#include "support/name_server.h"

namespace tightship::net {
namespace {

using testing::CertificateSpec;
using testing::KnotServer;

const std::string kPolicy = "version: STSv1\nmode: enforce\nmx: mx.a.test\nmax_age: 604800\n";

enum class Cert { Good, OtherName, Expired, SelfSigned };

struct Case {
  const char* name;
  Cert certificate;
  std::string serves;    // directives of the location
  std::string policy;    // the file behind it
  const char* severity;  // "": no row
  const char* why;
};

const Case kCases[] = {
    {"Good", Cert::Good, "", kPolicy, "", ""},
    {"ForgetsTheServer", Cert::Good, "", "version: STSv1\nmode: enforce\nmx: other.test\nmax_age: 604800\n", "error",
     "mx.a.test is not in the policy (mode: enforce)"},
    {"CertificateOfAnotherName", Cert::OtherName, "", kPolicy, "error", "certificate"},
    {"CertificateExpired", Cert::Expired, "", kPolicy, "error", "certificate"},
    {"CertificateOfNobody", Cert::SelfSigned, "", kPolicy, "error", "certificate"},
    {"Redirect", Cert::Good, "return 301 https://a.test/mta-sts.txt;", kPolicy, "error",
     "answers 301 (redirects are not followed)"},
    {"RedirectToAFile", Cert::Good, "return 302 file:///etc/passwd;", kPolicy, "error", "answers 302"},
    {"NotThere", Cert::Good, "return 404;", kPolicy, "error", "answers 404"},
    {"Oversized", Cert::Good, "", kPolicy + std::string(80'000, '\n'), "error", "is longer than 64 kB"},
    {"OfAnotherType", Cert::Good, "types { } default_type text/html;", kPolicy, "warning", "media type is text/html"},
    {"Empty", Cert::Good, "", "", "error", ""},
    {"Escapes", Cert::Good, "", "version: STSv1\nmode: \x1b[2J\nmx: mx.a.test\nmax_age: 1\n", "error",
     "mode is neither"},
};

class MtaSts : public ::testing::TestWithParam<Case> {
 protected:
  static void SetUpTestSuite() {
    if (!KnotServer::available()) return;
    names_ = new KnotServer({{"a.test",
                              {"@ SOA ns1 hostmaster 1 7200 1800 1209600 3600\n@ NS ns1\nns1 A 127.0.0.52\n@ MX 10 mx\n"
                               "mx A 192.0.2.25\n_mta-sts TXT \"v=STSv1; id=1;\"\n",
                               false}}});
  }
  static void TearDownTestSuite() {
    delete names_;
    names_ = nullptr;
  }
  void SetUp() override {
    if (names_ == nullptr || !HttpLab::has_nginx()) GTEST_SKIP() << "no knot, or no nginx";
  }

  testing::Identity identity() const {
    CertificateSpec spec;  // libcurl judges by the clock
    spec.names = {GetParam().certificate == Cert::OtherName ? "DNS:www.a.test" : "DNS:mta-sts.a.test"};
    spec.not_before = 1'700'000'000;
    spec.not_after = GetParam().certificate == Cert::Expired ? 1'710'000'000 : 4'000'000'000;
    return GetParam().certificate == Cert::SelfSigned ? testing::make_certificate(spec) : lab.leaf(spec);
  }

  std::unique_ptr<testing::Process> serve() {
    const testing::Identity one = identity();
    lab.write("site.pem", one.certificate_pem + lab.intermediate.certificate_pem);
    lab.write("site.key", one.key_pem);
    lab.file(".well-known/mta-sts.txt", GetParam().policy);
    lab.port = testing::free_port();
    std::string text =
        "daemon off; master_process off; pid " + lab.dir.path + "/pid; events {}\nhttp { access_log off;\n";
    for (const char* kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"})
      text += std::string(kind) + "_temp_path " + lab.dir.path + "/tmp;\n";
    text += "default_type text/plain; server { listen 127.0.0.1:" + std::to_string(lab.port) +
            " ssl; ssl_certificate " + lab.dir.path + "/site.pem; ssl_certificate_key " + lab.dir.path +
            "/site.key; root " + lab.dir.path + "/www; location = /.well-known/mta-sts.txt { " + GetParam().serves +
            " } } }\n";
    lab.write("nginx.conf", text);
    auto process = std::make_unique<testing::Process>(std::vector<std::string>{
        testing::find_program("nginx"), "-e", "stderr", "-p", lab.dir.path, "-c", lab.dir.path + "/nginx.conf"});
    EXPECT_TRUE(process->wait_for_port("127.0.0.1", lab.port)) << "nginx did not start";
    return process;
  }

  DnsResult examine() const {
    HttpOptions http;
    http.ca_file = lab.dir.path + "/ca.pem";
    http.connect_to = {"mta-sts.a.test:443:127.0.0.1:" + std::to_string(lab.port)};
    DnsOptions options;
    options.domain = "a.test";
    options.mail_only = true;
    options.transport.resolvers = {names_->resolver()};
    options.transport.timeout_ms = 400;
    options.now = std::time(nullptr);
    options.fetch = [http](const std::string& url) { return fetch_policy(http, url); };
    auto result = examine_dns(options);
    EXPECT_TRUE(result);
    return result ? std::move(*result) : DnsResult{};
  }

  static KnotServer* names_;
  HttpLab lab;
};
KnotServer* MtaSts::names_ = nullptr;

TEST_P(MtaSts, IsJudged) {
  const auto server = serve();
  const DnsResult result = examine();
  const readiness::Problem* row = problem_of(result.report, "MTASTS");
  if (*GetParam().severity == '\0') {
    EXPECT_EQ(row, nullptr) << row->why;
    EXPECT_EQ(result.facts.mta_sts_mode, "enforce");
    return;
  }
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(detect::severity_name(row->severity), GetParam().severity) << row->why;
  EXPECT_NE(row->why.find(GetParam().why), std::string::npos) << row->why;
}

INSTANTIATE_TEST_SUITE_P(Servers, MtaSts, ::testing::ValuesIn(kCases), [](const auto& row) { return row.param.name; });

// What never ends is given up, and is no policy.
TEST(MtaStsFetch, EndlessAnswerIsCut) {
  const testing::RawServer server([](int fd, const std::atomic<bool>& stop) {
    testing::read_some(fd, stop);
    testing::send_all(fd, "HTTP/1.1 200 OK\r\n\r\n");
    for (int i = 0; i < 1000 && !stop; ++i) testing::send_all(fd, std::string(1024, 'x'));
  });
  const FetchedText text = fetch_policy({}, "http://127.0.0.1:" + std::to_string(server.port()) + "/");
  EXPECT_TRUE(text.reached);
  EXPECT_TRUE(text.cut);
}

}  // namespace
}  // namespace tightship::net
