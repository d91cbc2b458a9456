// The client against servers that mean no good, and the readers of headers and pages.

#include "net/http_client.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <zlib.h>

#include <chrono>

#include "http_lab.h"
#include "net/http_headers.h"
#include "report/problems.h"

namespace tightship::net {
namespace {

using testing::RawServer;

std::string answer(const std::string& headers, const std::string& body = "") {
  return "HTTP/1.1 200 OK\r\n" + headers + "\r\n" + body;
}

std::string gzip_bomb() {
  const std::string zeros(20 << 20, '\0');
  std::string out(1 << 20, '\0');
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(zeros.data()));
  stream.avail_in = static_cast<uInt>(zeros.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

RawServer::Serve drip(const std::string& start, const std::string& again) {
  return [=](int fd, const std::atomic<bool>& stop) {
    testing::read_some(fd, stop);
    testing::send_all(fd, start);
    for (int i = 0; i < 10'000 && !stop; ++i) {
      testing::send_all(fd, again);
      pollfd one{fd, POLLIN, 0};
      if (::poll(&one, 1, 20) > 0) return;  // the client has gone
    }
  };
}

struct Hostile {
  const char* name;
  RawServer::Serve serve;
  HttpFailure failure;
};

const Hostile kHostile[] = {
    {"Truncated", testing::answer_with(answer("Content-Length: 100\r\n", "short")), HttpFailure::Protocol},
    {"Garbage", testing::answer_with("\x01\x02\x03\x04 not http at all\r\n\r\n"), HttpFailure::Protocol},
    {"Nothing", testing::answer_with(""), HttpFailure::Protocol},
    {"Silent", [](int fd, const std::atomic<bool>& stop) { testing::wait_for_close(fd, stop); }, HttpFailure::Timeout},
    {"DripHeaders", drip("HTTP/1.1 200 OK\r\n", "X: y\r\n"), HttpFailure::Timeout},
    {"DripBody", drip("HTTP/1.1 200 OK\r\n\r\n", "."), HttpFailure::Timeout},
    {"EndlessHeaders",
     testing::answer_with("HTTP/1.1 200 OK\r\n" +
                          [] {
                            std::string s;
                            for (int i = 0; i < 5000; ++i)
                              s += "X-Filler: 0123456789012345678901234567890123456789\r\n";
                            return s;
                          }()),
     HttpFailure::Headers},
    {"OneHugeHeader", testing::answer_with("HTTP/1.1 200 OK\r\nX: " + std::string(90'000, 'x') + "\r\n\r\n"),
     HttpFailure::Headers},
    {"EndlessInterim", testing::answer_with([] {
       std::string s;
       for (int i = 0; i < 10'000; ++i) s += "HTTP/1.1 100 Continue\r\n\r\n";
       return s;
     }()),
     HttpFailure::Headers},
    {"BadChunk", testing::answer_with(answer("Transfer-Encoding: chunked\r\n", "zzzz\r\nhello")),
     HttpFailure::Protocol},
    {"BadGzip", testing::answer_with(answer("Content-Encoding: gzip\r\n", "this is no gzip")), HttpFailure::Protocol},
};

class HttpHostile : public ::testing::TestWithParam<Hostile> {};

HttpRequest quick(std::uint16_t port) {
  HttpRequest request;
  request.url = "http://127.0.0.1:" + std::to_string(port) + "/";
  request.timeout = std::chrono::milliseconds(500);
  return request;
}

TEST_P(HttpHostile, FailsInTimeAndSaysHow) {
  const RawServer server(GetParam().serve);
  auto client = HttpClient::open({});
  ASSERT_TRUE(client);
  const auto start = std::chrono::steady_clock::now();
  const HttpResponse response = client->send(quick(server.port()));
  EXPECT_EQ(response.failure, GetParam().failure) << response.failure_text;
  EXPECT_FALSE(response.failure_text.empty());
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(4));
}

// The whole check against them, on both ports: rows, no crash, in time, nothing that moves a terminal.
TEST_P(HttpHostile, WholeCheckEndsInTime) {
  const RawServer server(GetParam().serve);
  HttpCheckRequest request;
  request.domain = "a.test";
  request.timeout = std::chrono::milliseconds(300);
  for (const char* from : {"a.test:80", "a.test:443"})
    request.options.connect_to.push_back(std::string(from) + ":127.0.0.1:" + std::to_string(server.port()));
  const auto start = std::chrono::steady_clock::now();
  const auto result = check_http(request);
  ASSERT_TRUE(result);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
  EXPECT_EQ(result->facts.landing(), nullptr);
  const auto& losses = result->report.losses;
  const bool lost =
      std::any_of(losses.begin(), losses.end(), [](const Loss& l) { return l.where == "http://a.test/"; });
  const readiness::Problem* row = problem_of(result->report, "HTTP-ANSWER");
  EXPECT_EQ(lost, GetParam().failure == HttpFailure::Timeout);
  EXPECT_EQ(row != nullptr, GetParam().failure != HttpFailure::Timeout);
  if (row != nullptr) EXPECT_EQ(row->title, "http://a.test answers, but not in HTTP");
  for (const readiness::Problem& problem : result->report.problems)
    EXPECT_TRUE(problem.id == "HTTP-ANSWER" || problem.id == "HTTP-CERTIFICATE") << problem.id;
}

INSTANTIATE_TEST_SUITE_P(Servers, HttpHostile, ::testing::ValuesIn(kHostile),
                         [](const auto& row) { return row.param.name; });

TEST(HttpClientTest, BodiesAreCutAtTheLimit) {
  for (const std::string& body :
       {answer("", std::string(100'000, 'x')), answer("Content-Encoding: gzip\r\n", gzip_bomb())}) {
    const RawServer server(testing::answer_with(body));
    auto client = HttpClient::open({});
    ASSERT_TRUE(client);
    HttpRequest request = quick(server.port());
    request.max_body = 1000;
    const HttpResponse response = client->send(request);
    EXPECT_TRUE(response.ok()) << response.failure_text;
    EXPECT_TRUE(response.body_cut);
    EXPECT_EQ(response.body.size(), 1000u);
  }
}

TEST(HttpClientTest, RedirectsAreNotFollowedAndOtherSchemesNotSpoken) {
  const RawServer server(
      testing::answer_with("HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n"));
  auto client = HttpClient::open({});
  ASSERT_TRUE(client);
  const HttpResponse response = client->send(quick(server.port()));
  EXPECT_EQ(response.status, 302);
  ASSERT_NE(header(response, "location"), nullptr);
  for (const char* url : {"file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "dict://127.0.0.1/", "",
                          "http://", "http://a\nb/"}) {
    HttpRequest request;
    request.url = url;
    EXPECT_FALSE(client->send(request).ok()) << url;
  }
}

TEST(HttpClientTest, OnlyTheLastAnswersHeadersCount) {
  const RawServer server(
      testing::answer_with("HTTP/1.1 103 Early Hints\r\nSet-Cookie: early=1\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: "
                           "2\r\nX-A:  b \r\n\r\nok"));
  auto client = HttpClient::open({});
  const HttpResponse response = client->send(quick(server.port()));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(header(response, "set-cookie"), nullptr);
  ASSERT_NE(header(response, "x-a"), nullptr);
  EXPECT_EQ(*header(response, "x-a"), "b");
}

TEST(HttpClientTest, EscapesInHeadersDoNotReachTheTerminal) {
  const RawServer server(
      testing::answer_with("HTTP/1.1 302 Found\r\nServer: \x1b[2J1.0\r\nLocation: https://evil\x1b[31m.test/\r\n\r\n"));
  HttpCheckRequest request;
  request.domain = "a.test";
  for (const char* from : {"a.test:80", "a.test:443"})
    request.options.connect_to.push_back(std::string(from) + ":127.0.0.1:" + std::to_string(server.port()));
  const auto result = check_http(request);
  ASSERT_TRUE(result);
  report::Options options;
  options.show_notes = true;
  for (const report::Format format : {report::Format::Text, report::Format::Concise, report::Format::Json,
                                      report::Format::Github, report::Format::Junit}) {
    EXPECT_EQ(report::render(result->report, format, options).find('\x1b'), std::string::npos);
  }
}

TEST(Urls, AreTakenApartAsCurlDoes) {
  const auto url = parse_url("HTTPS://user:pw@WWW.A.test:443/p/../x?q#f");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->host, "www.a.test");
  EXPECT_EQ(url->origin(), "https://www.a.test");
  EXPECT_EQ(url->text.find("pw"), std::string::npos);
  EXPECT_EQ(resolve_url(*url, "//b.test/y")->text, "https://b.test/y");
  EXPECT_EQ(resolve_url(*url, "/y")->host, "www.a.test");
  EXPECT_EQ(resolve_url(*url, "javascript:alert(1)")->scheme, "javascript");
  EXPECT_FALSE(resolve_url(*url, "mailto:a@b.test")->is_http());
  EXPECT_FALSE(parse_url("a.test/x\r\nX: y"));
  EXPECT_EQ(shell_quoted("https://a.test/'; rm -rf ~; '"), "'https://a.test/%27; rm -rf ~; %27'");
}

TEST(Headers, Hsts) {
  EXPECT_TRUE(parse_hsts("max-age=31536000; includeSubDomains; preload").preload);
  EXPECT_EQ(parse_hsts("MAX-AGE = \"60\"").max_age, 60u);
  EXPECT_TRUE(parse_hsts("max-age=99999999999999999999999").valid);
  for (const char* bad : {"", ";", "max-age", "max-age=", "max-age=-1", "max-age=1x", "max-age=1; max-age=2",
                          "maxage=1", "includeSubDomains", "\"max-age=1", "max-age=\"1"}) {
    EXPECT_FALSE(parse_hsts(bad).valid) << bad;
  }
}

TEST(Headers, SetCookie) {
  const auto cookie = parse_set_cookie("__Host-sid=a=b; path=/; SECURE; httponly; samesite=strict");
  ASSERT_TRUE(cookie);
  EXPECT_EQ(cookie->name, "__Host-sid");
  EXPECT_TRUE(cookie->secure && cookie->http_only && cookie->root_path && !cookie->has_domain);
  EXPECT_EQ(cookie->same_site, SameSite::Strict);
  EXPECT_FALSE(parse_set_cookie(""));
  EXPECT_FALSE(parse_set_cookie("novalue; Secure"));
  EXPECT_FALSE(parse_set_cookie("=x"));
  for (const char* name : {"sessionid", "connect.sid", "PHPSESSID", "auth_token", "JSESSIONID", "sb-access-token"})
    EXPECT_TRUE(looks_like_session({name})) << name;
  for (const char* name : {"theme", "csrftoken", "XSRF-TOKEN", "_ga", "locale", "inside"})
    EXPECT_FALSE(looks_like_session({name})) << name;
}

TEST(Headers, CacheControl) {
  const CacheControl cache =
      parse_cache_control("Public, max-age=\"31536000\" , immutable, s-maxage=1, no-cache=\"Set-Cookie, X\"");
  EXPECT_TRUE(cache.is_public && cache.immutable && cache.no_cache && !cache.is_private && !cache.no_store);
  EXPECT_EQ(cache.max_age, 31536000u);
  EXPECT_EQ(cache.s_maxage, 1u);
  EXPECT_FALSE(parse_cache_control("max-age=soon").max_age);
}

TEST(Pages, DeepMarkupIsLinear) {
  std::string html;
  for (int i = 0; i < 200'000; ++i) html += "<div>";
  html += "<script src=//b.test/a.js>";
  EXPECT_EQ(read_page(html, *parse_url("https://a.test/")).resources.size(), 1u);
}

TEST(Pages, ResourcesAreWhatABrowserLoads) {
  const Page page = read_page(
      "<link rel='preload stylesheet' href=' http://a.test/x.css '><link rel=canonical href=/home><link rel=icon "
      "href=http://a.test/i>"
      "<script>var s = '<script src=http://no.test/>';</script><iframe src='http://f.test/'></iframe><embed "
      "src=e.swf><video src=http://v.test/>"
      "<script src='data:text/javascript,1'></script><template><img src=http://t.test/></template>",
      *parse_url("https://a.test/dir/"));
  std::string all;
  for (const Resource& resource : page.resources)
    all += std::string(resource_word(resource.kind)) + " " + resource.url.text + "\n";
  EXPECT_EQ(all,
            "a stylesheet http://a.test/x.css\na frame http://f.test/\nan object https://a.test/dir/e.swf\na media "
            "file http://v.test/\nan image http://t.test/\n");
  EXPECT_EQ(page.canonical, "https://a.test/home");
}

}  // namespace
}  // namespace tightship::net
