// Faults of redirects and pages, each shown by nginx and told apart.

#include <functional>

#include "http_lab.h"
#include "report/problems.h"

namespace tightship::net {
namespace {

struct Fault {
  const char* name;
  Site site;
  const char* expected;  // ids of all warnings and errors
  const char* why;       // in the first of them
};

Site http(std::string text) { return {std::move(text), Site{}.root, Site{}.www}; }
Site root(std::string text) { return {Site{}.http, kHsts + std::move(text), Site{}.www}; }
Site www(std::string text) { return {Site{}.http, Site{}.root, kHsts + std::move(text)}; }
std::string header_line(const std::string& name, const std::string& value) {
  return "add_header " + name + " \"" + value + "\" always; ";
}
Site page(const std::string& headers) { return www(headers + "root WWW;"); }
Site hsts(const std::string& value) {
  const std::string line = value.empty() ? "" : header_line("Strict-Transport-Security", value);
  return {Site{}.http, Site{}.root, line + "root WWW;"};
}

const Fault kFaults[] = {
    {"Good", {}, "", ""},
    {"Loop", www("return 301 https://a.test/;"), "HTTP-LOOP",
     "https://a.test/ -> https://www.a.test/ -> https://a.test/"},
    {"LoopToItself", www("return 301 https://www.a.test/;"), "HTTP-LOOP", ""},
    {"Endless", www("location / { return 301 https://www.a.test${request_uri}x; }"), "HTTP-LOOP",
     "10 redirects, and another"},
    {"Downgrade", www("return 301 http://www.a.test/;"), "HTTP-DOWNGRADE HTTP-LOOP", ""},
    {"PlainHttp", http("root WWW;"), "HTTP-PLAIN HTTP-PLAIN",
     "http://a.test/ answers 200 instead of a redirect to https"},
    {"Temporary", http("return 302 https://$host/;"), "HTTP-TEMPORARY HTTP-TEMPORARY", "answers 302"},
    {"Temporary307", root("return 307 https://www.a.test/;"), "HTTP-TEMPORARY", "https://a.test/ answers 307"},
    {"TwoAddresses", root("root WWW;"), "HTTP-CANONICAL", "https://a.test and https://www.a.test both show a page"},
    {"ManyHops",
     www("absolute_redirect off; root WWW; location = / { return 301 /b; } location = /b { return 301 /c; } location = "
         "/c { return 301 /index.html; }"),
     "HTTP-HOPS", "https://www.a.test/ -> https://www.a.test/b -> https://www.a.test/c"},
    {"ForeignHost", www("return 301 https://elsewhere.test/landing;"), "HTTP-FOREIGN",
     "https://elsewhere.test/landing, which was not visited"},
    {"LooksLikeOurs", www("return 301 https://a.test.evil.test/;"), "HTTP-FOREIGN", ""},
    {"EndsLikeOurs", www("return 301 https://nota.test/;"), "HTTP-FOREIGN", ""},
    {"UserInUrl", www("return 301 https://a.test@elsewhere.test/;"), "HTTP-FOREIGN", ""},
    {"FileScheme", www("return 301 file:///etc/passwd;"), "HTTP-SCHEME", "file:///etc/passwd"},
    {"Script", www("return 302 javascript:alert(1);"), "HTTP-SCHEME", "javascript:alert(1)"},
    {"NoLocation", www("return 301;"), "HTTP-NO-TARGET", "status 301"},
    {"ServerError", www("return 503;"), "HTTP-STATUS", "status 503"},
    {"UnclaimedPages", www("return 404 \"<p>There isn't a GitHub Pages site here.</p>\";"), "HTTP-UNCLAIMED",
     "it leads to GitHub Pages, which answers that it has no such site"},
    {"UnclaimedBucket",
     www(header_line("x-amz-request-id", "1") +
         "location / { return 404 \"<Message>The specified bucket does not exist</Message>\"; }"),
     "HTTP-UNCLAIMED", "Amazon S3"},
    {"BucketOfNobodyKnown", www("location / { return 404 \"The specified bucket does not exist\"; }"), "HTTP-STATUS",
     "status 404"},
    {"PageAboutUnclaimed", www("location / { return 200 \"There isn't a GitHub Pages site here.\"; }"), "", ""},
    {"Password", www("return 401;"), "HTTP-STATUS", "asks for a password"},
    {"NoHsts", hsts(""), "HTTP-HSTS", "there is no Strict-Transport-Security header"},
    {"HstsOff", hsts("max-age=0"), "HTTP-HSTS", "switches it off"},
    {"HstsShort", hsts("max-age=300"), "HTTP-HSTS", "300 s only"},
    {"HstsBroken", hsts("maxage=31536000"), "HTTP-HSTS", "no usable max-age"},
    {"HstsTwice", page(header_line("Strict-Transport-Security", "max-age=1")), "HTTP-HSTS", "there 2 times"},
    {"HstsPreload", hsts("max-age=31536000; preload"), "HTTP-HSTS-PRELOAD", ""},
    {"CookieOpen", page(header_line("Set-Cookie", "theme=dark; Path=/")), "HTTP-COOKIE-SECURE", ""},
    {"CookieGood", page(header_line("Set-Cookie", "sid=x; Path=/; Secure; HttpOnly; SameSite=Lax")), "", ""},
    {"CookieOfLogin", page(header_line("Set-Cookie", "sessionid=x; Secure")),
     "HTTP-COOKIE-HTTPONLY HTTP-COOKIE-SAMESITE", ""},
    {"CookiePrefix", page(header_line("Set-Cookie", "__Host-a=x; Secure; Path=/; Domain=a.test")), "HTTP-COOKIE-PREFIX",
     ""},
    {"CookieCached",
     page(header_line("Set-Cookie", "a=x; Secure") + header_line("Cache-Control", "public, max-age=60")),
     "HTTP-CACHE-COOKIE", "may be cached for everybody"},
    {"CookieFromACache", page(header_line("Set-Cookie", "a=x; Secure") + header_line("Age", "12")), "HTTP-CACHE-COOKIE",
     "came from a cache"},
    {"CookiePrivate",
     page(header_line("Set-Cookie", "a=x; Secure") + header_line("Cache-Control", "private, max-age=60")), "", ""},
};

class HttpFaults : public ::testing::TestWithParam<Fault> {};

TEST_P(HttpFaults, IsToldApart) {
  if (!HttpLab::has_nginx()) GTEST_SKIP() << "no nginx";
  HttpLab lab;
  const auto server = lab.serve_site(GetParam().site);
  const HttpResult result = lab.run();
  const std::string text = report::render(result.report, report::Format::Text, {});
  EXPECT_EQ(ids(result.report), GetParam().expected) << text;
  EXPECT_EQ(result.report.loss_count, 0u);
  if (*GetParam().why == '\0') return;
  ASSERT_FALSE(result.report.problems.empty());
  EXPECT_NE(result.report.problems.front().why.find(GetParam().why), std::string::npos)
      << result.report.problems.front().why;
}

INSTANTIATE_TEST_SUITE_P(Nginx, HttpFaults, ::testing::ValuesIn(kFaults),
                         [](const auto& row) { return row.param.name; });

struct Files {
  const char* name;
  std::vector<std::pair<const char*, const char*>> files;
  const char* expected;
  const char* why;
};

const Files kFiles[] = {
    {"Mixed",
     {{"index.html", "<script src='http://cdn.test/a.js'></script><img src=\"http://i.test/a.png\">"}},
     "HTTP-MIXED HTTP-MIXED-PASSIVE",
     "a script with http"},
    {"MixedForm", {{"index.html", "<form action='http://www.a.test/login'>"}}, "HTTP-MIXED", "a form with http"},
    {"MixedByBase", {{"index.html", "<base href='http://a.test/'><link rel=stylesheet href=a.css>"}}, "HTTP-MIXED", ""},
    {"NotLoaded",
     {{"index.html",
       "<!-- <script src='http://x.test'></script> --><a href='http://x.test/'>x</a><textarea><script "
       "src='http://y.test'></script></textarea>"}},
     "",
     ""},
    {"Asset",
     {{"index.html", "<script src=/assets/app-4f3a9c1b.js></script>"}, {"assets/app-4f3a9c1b.js", "1"}},
     "HTTP-CACHE-ASSET",
     ""},
    {"AssetWithoutHash", {{"index.html", "<script src=/assets/app.js></script>"}, {"assets/app.js", "1"}}, "", ""},
    {"DotEnv",
     {{".env", "# production\nDEBUG=1\nexport DATABASE_URL=x\n"}},
     "HTTP-DOTENV",
     "2 variables: DATABASE_URL, DEBUG"},
    {"DotEnvIsAPage", {{".env", "<!doctype html>\n<p>not found, x=1</p>\n"}}, "", ""},
    {"DotGit", {{".git/HEAD", "ref: refs/heads/main\n"}}, "HTTP-DOTGIT", ".git is served"},
    {"DotGitDetached", {{".git/HEAD", "0123456789012345678901234567890123456789\n"}}, "HTTP-DOTGIT", ""},
    {"DotGitIsAPage", {{".git/HEAD", "<html>ref: refs/heads/main"}}, "", ""},
};

class HttpFiles : public ::testing::TestWithParam<Files> {};

TEST_P(HttpFiles, IsToldApart) {
  if (!HttpLab::has_nginx()) GTEST_SKIP() << "no nginx";
  HttpLab lab;
  for (const auto& [name, text] : GetParam().files) lab.file(name, text);
  const auto server = lab.serve_site({});
  const HttpResult result = lab.run();
  EXPECT_EQ(ids(result.report), GetParam().expected) << report::render(result.report, report::Format::Text, {});
  if (*GetParam().why == '\0') return;
  ASSERT_FALSE(result.report.problems.empty());
  EXPECT_NE(result.report.problems.front().why.find(GetParam().why), std::string::npos)
      << result.report.problems.front().why;
}

INSTANTIATE_TEST_SUITE_P(Nginx, HttpFiles, ::testing::ValuesIn(kFiles), [](const auto& row) { return row.param.name; });

class HttpSite : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!HttpLab::has_nginx()) GTEST_SKIP() << "no nginx";
  }
  HttpLab lab;
};

TEST_F(HttpSite, NoPageOfASinglePageApplicationIsAFile) {
  const auto server = lab.serve_site(www("root WWW; location / { try_files $uri /index.html; }"));
  EXPECT_EQ(ids(lab.run().report), "");
}

TEST_F(HttpSite, FilesAreFoundBehindALoopToo) {
  lab.file(".env", "API_KEY=x\n");
  const auto server = lab.serve_site(www("root WWW; location = / { return 301 https://www.a.test/; }"));
  EXPECT_EQ(ids(lab.run().report), "HTTP-DOTENV HTTP-LOOP");
}

TEST_F(HttpSite, UntrustedCertificateIsARowAndTheRestIsSeen) {
  const auto server = lab.serve_site(www("return 301 https://a.test/;"));
  HttpCheckRequest request = lab.request();
  request.options.ca_file = lab.write("other.pem", testing::make_authority("Other").certificate_pem);
  EXPECT_EQ(ids(lab.run(request).report), "HTTP-CERTIFICATE HTTP-CERTIFICATE HTTP-LOOP");
}

TEST_F(HttpSite, RefusedPortsAreRows) {
  const auto server = lab.serve_site({});
  HttpCheckRequest request = lab.request();
  lab.http_port = testing::free_port();
  request.options.connect_to = lab.request().options.connect_to;
  EXPECT_EQ(ids(lab.run(request).report), "HTTP-CONNECT HTTP-CONNECT");
}

TEST_F(HttpSite, ConfiguredCanonicalAddressIsHeld) {
  const auto server = lab.serve_site({});
  HttpCheckRequest request = lab.request();
  request.config.canonical = "https://a.test";
  const HttpResult result = lab.run(request);
  EXPECT_EQ(ids(result.report), "HTTP-CANONICAL");
  EXPECT_NE(result.report.problems[0].why.find("tightship.toml says https://a.test"), std::string::npos);
}

TEST_F(HttpSite, RoutesAreTried) {
  lab.file("health", "status: ok");
  const auto server = lab.serve_site({});
  HttpCheckRequest request = lab.request();
  request.config.path = "tightship.toml";
  request.config.routes = {{"/health", "GET", 200, "ok", 5000, 3},
                           {"/health", "HEAD", 200, "", 0, 4},
                           {"/health", "GET", 200, "broken", 0, 5},
                           {"/gone", "GET", 200, "", 0, 6},
                           {"https://a.test/", "GET", 301, "", 0, 7}};
  const HttpResult result = lab.run(request);
  EXPECT_EQ(ids(result.report), "ROUTE-BODY ROUTE-STATUS");
  EXPECT_EQ(result.facts.routes.size(), 5u);
  ASSERT_NE(problem_of(result.report, "ROUTE-STATUS"), nullptr);
  EXPECT_EQ(problem_of(result.report, "ROUTE-STATUS")->spots.back().line, 6u);
}

TEST_F(HttpSite, ConfiguredHostsAreFollowedToo) {
  const auto server = lab.serve_site({});
  HttpCheckRequest request = lab.request();
  request.config.hosts = {"app"};
  const HttpResult result = lab.run(request);
  ASSERT_EQ(result.facts.others.size(), 2u);
  EXPECT_EQ(result.facts.others[0].url, "http://app.a.test/");
}

// Not only of the site itself: a further host, and the one that redirects to it.
TEST_F(HttpSite, FilesOfEveryHostAreAskedFor) {
  lab.file(".env", "API_KEY=x\n");
  Site site;
  site.root = std::string(kHsts) +
              "location / { return 301 https://www.a.test$request_uri; } location = /.env { root WWW; } location = "
              "/.git/HEAD { return 200 \"ref: refs/heads/main\"; }";
  site.www = std::string(kHsts) + "root WWW; location = /.env { return 404; }";
  const auto server = lab.serve_site(site);
  HttpCheckRequest request = lab.request();
  request.config.hosts = {"app"};
  const HttpResult result = lab.run(request);
  // app.a.test has no server block of its own: nginx takes the first, that of the root.
  EXPECT_EQ(ids(result.report), "HTTP-DOTENV HTTP-DOTENV HTTP-DOTGIT HTTP-DOTGIT");
  EXPECT_EQ(problem_of(result.report, "HTTP-DOTENV")->spots.front().path, "https://a.test/.env");
}

TEST_F(HttpSite, BaselineIsWrittenThenCompared) {
  const auto server = lab.serve_site({});
  HttpCheckRequest request = lab.request();
  request.latency = 2;
  request.baseline = lab.dir.path + "/latency.toml";
  EXPECT_EQ(ids(lab.run(request).report), "");
  const auto stored = read_file(request.baseline);
  ASSERT_TRUE(stored);
  const auto rows = parse_latency(request.baseline, *stored);
  ASSERT_TRUE(rows);
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_EQ((*rows)[0].url, "https://www.a.test/");
  EXPECT_EQ((*rows)[0].count, 2u);
  EXPECT_EQ(ids(lab.run(request).report), "");
  EXPECT_EQ(*read_file(request.baseline), *stored);
}

TEST_F(HttpSite, FactsAreTheMapOfRedirects) {
  const auto server = lab.serve_site(www("add_header cf-ray 8f0-FRA; root WWW;"));
  const HttpResult result = lab.run();
  ASSERT_EQ(result.facts.starts.size(), 4u);
  EXPECT_EQ(result.facts.starts[0].hops.size(), 3u);
  ASSERT_NE(result.facts.landing(), nullptr);
  EXPECT_EQ(result.facts.landing()->last().url.text, "https://www.a.test/");
  EXPECT_EQ(proxy_of(result.facts.landing()->last().response), "Cloudflare");
  const auto& row = result.report.facts.at(0).rows.at(0);
  EXPECT_EQ(row[0], "http://a.test/");
  EXPECT_EQ(row[1], "301 301 200");
  EXPECT_EQ(row[2], "https://www.a.test/");
}

TEST(HttpRequestTest, RefusesWhatIsNoDomain) {
  for (const char* text : {"", "a b", "a.test:8443", "-x'"}) {
    HttpCheckRequest request;
    request.domain = text;
    EXPECT_FALSE(check_http(request)) << text;
  }
}

TEST(Latency, FixedLimits) {
  const LatencyRow before{"u", 20, 100, 200, 0};
  const auto judged = [&](double p95, double errors, const LatencyRow* stored) {
    return judge_latency({"u", 20, 10, p95, errors}, stored);
  };
  EXPECT_FALSE(judged(500, 0, nullptr).slow);
  EXPECT_TRUE(judged(501, 0, nullptr).slow);
  EXPECT_FALSE(judged(250, 0, &before).worse);  // exactly both limits
  EXPECT_TRUE(judged(251, 0, &before).worse);
  const LatencyRow quick{"u", 20, 5, 10, 0};
  EXPECT_FALSE(judged(59, 0, &quick).worse);  // far over 1.25, but not 50 ms more
  EXPECT_TRUE(judged(61, 0, &quick).worse);
  EXPECT_TRUE(judged(10, 0.05, nullptr).errors);
}

TEST(Latency, PercentilesAreNearestRank) {
  EXPECT_EQ(percentile({}, 95), 0);
  EXPECT_EQ(percentile({3}, 50), 3);
  EXPECT_EQ(percentile({4, 1, 3, 2}, 50), 2);
  std::vector<double> twenty;
  for (int i = 1; i <= 20; ++i) twenty.push_back(i);
  EXPECT_EQ(percentile(twenty, 95), 19);
}

TEST(Latency, WhatIsWrittenIsRead) {
  const std::vector<LatencyRow> rows{{"https://a.test/?q=\"x\\\n", 20, 1.5, 2.5, 0.25}};
  const auto read = parse_latency("f", latency_toml(rows));
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ((*read)[0].url, rows[0].url);
  EXPECT_EQ((*read)[0].error_rate, 0.25);
  for (const char* bad :
       {"", "latency = 1", "[[latency]]\nurl = 1", "[[latency]]\nurl='u'\ncount=-1\np50_ms=1\np95_ms=1\nerror_rate=0",
        "[[latency]]\nurl='u'\ncount=1\np50_ms=1\np95_ms=1\nerror_rate=2", "[[latency", "latency=[1]"}) {
    EXPECT_FALSE(parse_latency("f", bad)) << bad;
  }
}

}  // namespace
}  // namespace tightship::net
