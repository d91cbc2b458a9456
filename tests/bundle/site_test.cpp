#include "bundle/site.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "bundle/build_fixture.h"
#include "bundle/check.h"
#include "detect/token_template.h"
#include "net/http_client.h"

namespace tightship::bundle {
namespace {

struct Reply {
  std::string body;
  int status = 200;
  std::string headers = {};  // "Location: /x\r\n"
};
using Handler = std::function<Reply(const std::string& path)>;

// One thread, one request a connection; good for tests only.
class Server {
 public:
  explicit Server(Handler handler) : handler_(std::move(handler)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(listener_, 64), 0);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
  }
  ~Server() {
    stop_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  std::string url(std::string_view path = "/") const { return fmt::format("http://127.0.0.1:{}{}", port_, path); }
  int port() const { return port_; }
  std::multiset<std::string> asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

 private:
  void run() {
    while (!stop_) {
      const int connection = ::accept(listener_, nullptr, nullptr);
      if (connection < 0) continue;
      answer(connection);
      ::close(connection);
    }
  }
  void answer(int connection) {
    std::string request;
    char buffer[4096];
    while (request.find("\r\n\r\n") == std::string::npos) {
      const ssize_t got = ::read(connection, buffer, sizeof buffer);
      if (got <= 0) return;
      request.append(buffer, static_cast<std::size_t>(got));
    }
    const std::size_t begin = request.find(' ') + 1;
    const std::string path = request.substr(begin, request.find(' ', begin) - begin);
    {
      const std::lock_guard lock(mutex_);
      asked_.insert(path);
    }
    const Reply reply = handler_(path);
    const std::string text = fmt::format("HTTP/1.1 {} X\r\nContent-Length: {}\r\nConnection: close\r\n{}\r\n{}",
                                         reply.status, reply.body.size(), reply.headers, reply.body);
    for (std::size_t done = 0; done < text.size();) {
      const ssize_t wrote = ::send(connection, text.data() + done, text.size() - done, MSG_NOSIGNAL);
      if (wrote <= 0) return;
      done += static_cast<std::size_t>(wrote);
    }
  }

  Handler handler_;
  int listener_ = -1, port_ = 0;
  std::atomic<bool> stop_{false};
  mutable std::mutex mutex_;
  std::multiset<std::string> asked_;
  std::thread thread_;
};

Handler files(std::map<std::string, std::string> all) {
  return [all = std::move(all)](const std::string& path) {
    const auto found = all.find(path);
    return found == all.end() ? Reply{"not here", 404} : Reply{found->second};
  };
}

class Site : public testing::Test {
 protected:
  void SetUp() override {
    if (!net::HttpClient::open(net::HttpOptions{})) GTEST_SKIP() << "no libcurl";
    folder_.write(".env", "SESSION_SECRET=" + secret_ + "\n");
    folder_.write("package.json", "{}");
  }
  Result<readiness::Report> check(const std::string& url, SiteOptions site = {}) {
    BundleOptions options;
    options.path = folder_.path();
    options.url = url;
    options.site = std::move(site);
    return check_bundle(options);
  }
  static std::vector<std::string> rows(const Result<readiness::Report>& report) {
    std::vector<std::string> out;
    EXPECT_TRUE(report.has_value()) << (report ? "" : report.error().what);
    if (!report) return out;
    for (const readiness::Problem& problem : report->problems) {
      const std::string& url = problem.spots.at(0).path;
      out.push_back(problem.id + " " + url.substr(url.find('/', 8)));
    }
    std::sort(out.begin(), out.end());
    return out;
  }
  TemporaryFolder folder_;
  const std::string secret_ = detect::expand_template("{base62:30}\"{base62:10}", 4).value_or("");
  const std::string escaped_ = secret_.substr(0, 30) + "\\" + secret_.substr(30);
  const std::string stripe_ = detect::expand_template("sk_live_{base62:24}", 4).value_or("");
};

TEST_F(Site, FollowsItsOwnScripts) {
  const std::string map =
      R"({"version":3,"sources":["src/a.js"],"sourcesContent":["// )" + stripe_ + R"("],"mappings":"AAAA"})";
  Server server(files(
      {{"/", "<script type=module src=/assets/index.js></script><script src=http://cdn.other.example/x.js></script>"},
       {"/assets/index.js", "import(\"./lazy.js\");const m=[\"assets/dep.js\"]"},
       {"/assets/lazy.js", "x('" + escaped_ + "')\n//# sourceMappingURL=lazy.js.map"},
       {"/assets/lazy.js.map", map},
       {"/assets/dep.js", "1"}}));
  const auto report = check(server.url());
  EXPECT_EQ(rows(report),
            (std::vector<std::string>{"BND-ENV-VALUE /assets/lazy.js", "BND-HTTP-MIXED /",
                                      "BND-MAP-PUBLISHED /assets/lazy.js", "BND-SECRET /assets/lazy.js.map"}));
  EXPECT_TRUE(report->complete());
  EXPECT_EQ(server.asked().count("/assets/dep.js"), 1u);
  EXPECT_EQ(server.asked().count("/assets/lazy.js"), 1u) << "asked for once";
}

TEST_F(Site, ProbesAreTakenByTheirContent) {
  Server good(files({{"/", "<html></html>"},
                     {"/.env", "KEY=1\nSESSION_SECRET=" + secret_ + "\n"},
                     {"/.git/HEAD", "ref: refs/heads/main\n"}}));
  EXPECT_EQ(rows(check(good.url())),
            (std::vector<std::string>{"BND-DOTFILES /.env", "BND-DOTFILES /.git/HEAD", "BND-ENV-VALUE /.env"}));
  // A single-page app answers everything with its page.
  Server fallback([](const std::string&) {
    return Reply{"<!doctype html><html><script>KEY=1\n</script><script src=/a.js></script></html>"};
  });
  EXPECT_TRUE(rows(check(fallback.url())).empty());
}

TEST_F(Site, RedirectsStayWithinTheSite) {
  std::atomic<int> reached{0};
  Server other([&](const std::string&) {
    ++reached;
    return Reply{"secret"};
  });
  Server server([&](const std::string& path) {
    if (path == "/") return Reply{"", 302, "Location: /home\r\n"};
    if (path == "/home") return Reply{"<script src=/moved.js></script>"};
    if (path == "/moved.js") return Reply{"", 301, "Location: " + other.url("/x.js") + "\r\n"};
    return Reply{"", 404};
  });
  const auto report = check(server.url());
  ASSERT_TRUE(report.has_value());
  EXPECT_FALSE(report->complete()) << "a script that leads away is told";
  EXPECT_EQ(reached, 0);
  Server loop([](const std::string&) { return Reply{"", 302, "Location: /\r\n"}; });
  EXPECT_FALSE(check(loop.url()).has_value());
}

TEST_F(Site, BoundsAreTold) {
  Server endless([](const std::string& path) {
    if (path == "/") return Reply{"<script src=/a/1.js></script>"};
    const int number = std::atoi(path.c_str() + 3);
    return Reply{fmt::format("import('./{}.js');import('./{}.js')", number * 2, number * 2 + 1)};
  });
  SiteOptions site;
  site.max_requests = 40;
  const auto report = check(endless.url(), site);
  ASSERT_TRUE(report.has_value());
  EXPECT_FALSE(report->complete());
  EXPECT_LE(endless.asked().size(), 40u);
  Server big([](const std::string& path) {
    return Reply{path == "/" ? "<script src=/a.js></script>" : std::string(3'000'000, 'x')};
  });
  SiteOptions small;
  small.max_bytes = 1'000'000;
  const auto cut = check(big.url(), small);
  ASSERT_TRUE(cut.has_value());
  EXPECT_FALSE(cut->complete());
}

// What a public page names must not reach into the network that this runs in. 127.0.0.1 stands for both here: the
// name of the page is a public one, its address is not.
TEST_F(Site, PrivateAddressesAreRefused) {
  std::atomic<int> reached{0};
  Server server([&](const std::string&) {
    ++reached;
    return Reply{"<html></html>"};
  });
  net::HttpOptions options;
  options.resolve = {fmt::format("shop.example.com:{}:127.0.0.1", server.port())};
  options.connect_timeout = std::chrono::milliseconds(1000);
  auto client = net::HttpClient::open(std::move(options));
  ASSERT_TRUE(client.has_value());
  net::HttpRequest request;
  request.url = fmt::format("http://shop.example.com:{}/", server.port());
  request.refuse_internal = true;
  EXPECT_EQ(client->send(request).failure, net::HttpFailure::Internal);
  EXPECT_EQ(reached, 0);
  request.refuse_internal = false;
  EXPECT_TRUE(client->send(request).ok());
}

TEST_F(Site, NoAnswerIsAnError) {
  std::string url;
  {
    Server server([](const std::string&) { return Reply{"", 500}; });
    EXPECT_FALSE(check(server.url()).has_value());
    url = server.url();
  }
  EXPECT_FALSE(check(url).has_value());
  EXPECT_FALSE(check("ftp://example.com/").has_value());
}

}  // namespace
}  // namespace tightship::bundle
