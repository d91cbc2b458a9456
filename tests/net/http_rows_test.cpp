// Rows that need a server which is slow, fails now and then, or says too much.

#include <poll.h>

#include "http_lab.h"
#include "report/problems.h"

namespace tightship::net {
namespace {

using testing::RawServer;

// Answers each request of a connection after `wait_ms`, with `status`.
RawServer::Serve slow(int wait_ms, const std::string& status = "200 OK") {
  return [=](int fd, const std::atomic<bool>& stop) {
    while (!stop && !testing::read_until(fd, "\r\n\r\n", stop).empty()) {
      ::poll(nullptr, 0, wait_ms);
      testing::send_all(fd, "HTTP/1.1 " + status + "\r\nContent-Length: 2\r\n\r\nok");
    }
  };
}

class HttpRows : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!HttpLab::has_nginx()) GTEST_SKIP() << "no nginx";
  }
  // A route of the site that another server answers.
  HttpCheckRequest with_route(const RawServer& server, std::uint32_t max_ms) const {
    HttpCheckRequest request = lab.request();
    request.config.routes = {{"http://api.a.test/slow", "GET", 200, "", max_ms, 1}};
    request.options.connect_to.push_back("api.a.test:80:127.0.0.1:" + std::to_string(server.port()));
    return request;
  }
  HttpLab lab;
};

TEST_F(HttpRows, ASlowRoute) {
  const auto site = lab.serve_site({});
  const RawServer server(slow(60));
  EXPECT_EQ(ids(lab.run(with_route(server, 20)).report), "ROUTE-SLOW");
  EXPECT_EQ(ids(lab.run(with_route(server, 9000)).report), "");
}

TEST_F(HttpRows, ASlowAnswer) {
  const auto site = lab.serve_site({});
  const RawServer server(slow(520));
  HttpCheckRequest request = with_route(server, 0);
  request.latency = 1;
  EXPECT_EQ(ids(lab.run(request).report), "LATENCY-P95");
}

TEST_F(HttpRows, SlowerThanBefore) {
  const auto site = lab.serve_site({});
  const RawServer server(slow(80));
  HttpCheckRequest request = with_route(server, 0);
  request.latency = 1;
  request.baseline =
      lab.write("latency.toml",
                latency_toml({{"http://api.a.test/slow", 20, 1, 2, 0}, {"https://www.a.test/", 20, 9000, 9000, 0}}));
  const HttpResult result = lab.run(request);
  EXPECT_EQ(ids(result.report), "LATENCY-WORSE");
}

TEST_F(HttpRows, FailsNowAndThen) {
  const auto site = lab.serve_site({});
  const RawServer server(slow(0, "503 Service Unavailable"));
  HttpCheckRequest request = with_route(server, 0);
  request.latency = 2;
  EXPECT_EQ(ids(lab.run(request).report), "LATENCY-ERRORS ROUTE-STATUS");
}

// The page comes, and then nothing: one question after the other must not wait its time out at every host.
TEST_F(HttpRows, SilenceBehindThePageEndsInTime) {
  const RawServer silent([](int fd, const std::atomic<bool>& stop) { testing::wait_for_close(fd, stop); });
  const std::string files =
      "location ~ ^/\\.(env|git) { proxy_pass http://127.0.0.1:" + std::to_string(silent.port()) + "; } ";
  Site site;
  site.root = std::string(kHsts) + files + "location / { return 301 https://www.a.test$request_uri; }";
  site.www = std::string(kHsts) + files + "root WWW;";
  const auto server = lab.serve_site(site);
  HttpCheckRequest request = lab.request();
  request.config.hosts = {"app"};
  request.timeout = std::chrono::milliseconds(1000);
  const auto start = std::chrono::steady_clock::now();
  const HttpResult result = lab.run(request);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(8));
  EXPECT_EQ(ids(result.report), "");
  // Four files of the site at once; of a.test and app.a.test the first only.
  EXPECT_EQ(result.report.loss_count, 6u) << report::render(result.report, report::Format::Text, {});
}

TEST_F(HttpRows, NotesOfAPage) {
  Site site;
  site.http = "return 301 https://www.a.test/;";
  site.www = std::string(kHsts) + "add_header X-Powered-By Express always; root WWW;";
  const auto server = lab.serve_site(site);
  const HttpResult result = lab.run();
  EXPECT_EQ(ids(result.report), "");
  for (const char* id : {"HTTP-HTTPS-FIRST", "HTTP-VERSION", "HTTP-HEADERS"}) {
    const readiness::Problem* row = problem_of(result.report, id);
    ASSERT_NE(row, nullptr) << id;
    EXPECT_EQ(row->severity, detect::Severity::Note) << id;
  }
  EXPECT_NE(problem_of(result.report, "HTTP-VERSION")->why.find("x-powered-by: Express"), std::string::npos);
}

constexpr const char* kWithSubdomains =
    "add_header Strict-Transport-Security \"max-age=31536000; includeSubDomains\" always;";

// The redirect of the root says it, the page at www does not.
TEST_F(HttpRows, HstsCutsAHostWithoutHttpsOff) {
  Site site;
  site.root = std::string(kWithSubdomains) + "return 301 https://www.a.test$request_uri;";
  const auto server = lab.serve_site(site);
  HttpCheckRequest request = lab.request();
  request.config.hosts = {"old", "app"};
  request.options.connect_to.push_back("old.a.test:80:127.0.0.1:" + std::to_string(lab.http_port));
  request.options.connect_to.push_back("old.a.test:443:127.0.0.1:" + std::to_string(testing::free_port()));
  const HttpResult result = lab.run(request);
  const readiness::Problem* row = problem_of(result.report, "HTTP-HSTS-SUBDOMAIN");
  ASSERT_NE(row, nullptr) << report::render(result.report, report::Format::Text, {});
  EXPECT_EQ(row->subject, "old.a.test");
  EXPECT_EQ(row->why, "a.test sends includeSubDomains, and old.a.test has no working https");
  EXPECT_EQ(ids(result.report).find("HTTP-HSTS-SUBDOMAIN HTTP-HSTS-SUBDOMAIN"), std::string::npos);
}

// The host listens, with a certificate that no browser takes for it.
TEST_F(HttpRows, HstsCutsAHostWithAnotherCertificateOff) {
  Site site;
  site.root = std::string(kWithSubdomains) + "return 301 https://www.a.test$request_uri;";
  const auto server = lab.serve_site(site);
  HttpCheckRequest request = lab.request();
  request.config.hosts = {"old"};
  for (const char* port : {"80", "443"})
    request.options.connect_to.push_back("old.a.test:" + std::string(port) +
                                         ":127.0.0.1:" + std::to_string(port[0] == '8' ? lab.http_port : lab.port));
  EXPECT_NE(problem_of(lab.run(request).report, "HTTP-HSTS-SUBDOMAIN"), nullptr);
}

}  // namespace
}  // namespace tightship::net
