#pragma once

// nginx on a free port of 127.0.0.1 with a configuration for one test, and check_http against it.

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

#include "net/http_check.h"
#include "tls_lab.h"

namespace tightship::net {

inline constexpr const char* kHsts = "add_header Strict-Transport-Security \"max-age=31536000\" always;";

// What the three parts of a site do: directives of an nginx server block. WWW stands for the folder with its files.
struct Site {
  std::string http = "return 301 https://$host$request_uri;";
  std::string root = std::string(kHsts) + "return 301 https://www.a.test$request_uri;";
  std::string www = std::string(kHsts) + "root WWW;";
};

class HttpLab : public TlsLab {
 public:
  static bool has_nginx() { return !testing::find_program("nginx").empty(); }

  HttpLab() { file("index.html", "<!doctype html><title>hello</title><p>hello"); }

  void file(const std::string& name, const std::string& text) const {
    const std::filesystem::path path = dir.path + "/www/" + name;
    std::filesystem::create_directories(path.parent_path());
    std::filesystem::permissions(dir.path, std::filesystem::perms::owner_all | std::filesystem::perms::others_all);
    ASSERT_TRUE(write_shared_file(path.string(), text));
  }

  std::unique_ptr<testing::Process> serve_site(Site site) {
    testing::CertificateSpec spec;
    spec.names = {"DNS:a.test", "DNS:www.a.test", "DNS:app.a.test"};
    spec.not_before = 1'700'000'000;  // curl judges by the clock
    spec.not_after = 4'000'000'000;
    const testing::Identity identity = leaf(spec);
    write("site.pem", identity.certificate_pem + intermediate.certificate_pem);
    write("site.key", identity.key_pem);
    http_port = testing::free_port();
    port = testing::free_port();
    write("nginx.conf", configuration(site));
    auto process = std::make_unique<testing::Process>(std::vector<std::string>{
        testing::find_program("nginx"), "-e", "stderr", "-p", dir.path, "-c", dir.path + "/nginx.conf"});
    EXPECT_TRUE(process->wait_for_port("127.0.0.1", port)) << "nginx did not start";
    return process;
  }

  HttpCheckRequest request() const {
    HttpCheckRequest request;
    request.domain = "a.test";
    request.options.ca_file = dir.path + "/ca.pem";
    for (const std::string host : {"a.test", "www.a.test", "app.a.test"}) {
      request.options.connect_to.push_back(host + ":80:127.0.0.1:" + std::to_string(http_port));
      request.options.connect_to.push_back(host + ":443:127.0.0.1:" + std::to_string(port));
    }
    return request;
  }

  HttpResult run(const HttpCheckRequest& request) const {
    auto result = check_http(request);
    EXPECT_TRUE(result) << (result ? "" : result.error().what);
    return result ? std::move(*result) : HttpResult{};
  }
  HttpResult run() const { return run(request()); }

  std::uint16_t http_port = 0;

 private:
  std::string block(const std::string& listen, const std::string& name, std::string body) const {
    for (std::size_t at; (at = body.find("WWW")) != std::string::npos;) body.replace(at, 3, dir.path + "/www");
    return "server { listen 127.0.0.1:" + listen + "; server_name " + name + "; " + body + " }\n";
  }

  std::string configuration(const Site& site) const {
    const std::string tls = std::to_string(port) + " ssl";
    std::string text = "daemon off; master_process off; pid " + dir.path + "/pid; events {}\nhttp { access_log off;\n";
    for (const char* kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"})
      text += std::string(kind) + "_temp_path " + dir.path + "/tmp;\n";
    text += "types { text/html html; application/javascript js; }\n";
    text += "ssl_certificate " + dir.path + "/site.pem; ssl_certificate_key " + dir.path + "/site.key;\n";
    text += block(std::to_string(http_port), "a.test www.a.test", site.http);
    return text + block(tls, "a.test", site.root) + block(tls, "www.a.test", site.www) + "}\n";
  }
};

}  // namespace tightship::net
