#pragma once

// openssl s_server with certificates made for one test, and check_tls against it.

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "base/file.h"
#include "net/tls_check.h"
#include "support/certificates.h"
#include "support/git_fixture.h"
#include "support/servers.h"

namespace tightship::net {

class TlsLab {
 public:
  TlsLab() {
    write("ca.pem", root.certificate_pem);
    write("chain.pem", intermediate.certificate_pem);
  }

  std::string write(const std::string& name, const std::string& text) const {
    const std::string path = dir.path + "/" + name;
    EXPECT_TRUE(write_private_file(path, text));
    return path;
  }

  // s_server with `leaf` and the file chain.pem behind it, unless `chain` is empty.
  std::unique_ptr<testing::Process> serve(const testing::Identity& leaf, std::vector<std::string> flags = {},
                                          bool with_chain = true) {
    port = testing::free_port();
    std::vector<std::string> arguments{"openssl",
                                       "s_server",
                                       "-quiet",
                                       "-accept",
                                       (ipv6 ? "[::1]:" : "127.0.0.1:") + std::to_string(port),
                                       "-cert",
                                       write("leaf.pem", leaf.certificate_pem),
                                       "-key",
                                       write("leaf.key", leaf.key_pem)};
    if (with_chain) arguments.insert(arguments.end(), {"-cert_chain", dir.path + "/chain.pem"});
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    auto process = std::make_unique<testing::Process>(std::move(arguments));
    EXPECT_TRUE(process->wait_for_port(ipv6 ? "::1" : "127.0.0.1", port)) << "s_server did not start";
    return process;
  }

  testing::Identity leaf(const testing::CertificateSpec& spec = {}) const {
    return testing::make_certificate(spec, &intermediate);
  }

  TlsRequest request(const std::string& host = "a.test", const std::string& addresses = "127.0.0.1") const {
    TlsRequest request;
    request.hosts = {host + ":" + std::to_string(port)};
    request.resolve = {host + ":" + std::to_string(port) + ":" + addresses};
    request.ca_file = dir.path + "/ca.pem";
    request.now = testing::kNow;
    request.limits.total = std::chrono::seconds(5);
    return request;
  }

  TlsResult check(const TlsRequest& request) const {
    auto result = check_tls(request);
    EXPECT_TRUE(result) << (result ? "" : result.error().what);
    return result ? std::move(*result) : TlsResult{};
  }
  TlsResult check() const { return check(request()); }

  tightship::test::TempDir dir;
  testing::Identity root = testing::make_authority("Lab Root");
  testing::Identity intermediate = testing::make_authority("Lab Intermediate", &root);
  std::uint16_t port = 0;
  bool ipv6 = false;  // serve on ::1
};

// The problems that are no notes: "TLS-EXPIRED TLS-HOST", sorted.
inline std::string ids(const readiness::Report& report, detect::Severity least = detect::Severity::Warning) {
  std::vector<std::string> all;
  for (const readiness::Problem& problem : report.problems) {
    if (problem.severity >= least) all.push_back(problem.id);
  }
  std::sort(all.begin(), all.end());
  std::string text;
  for (const std::string& id : all) text += (text.empty() ? "" : " ") + id;
  return text;
}

inline const readiness::Problem* problem_of(const readiness::Report& report, std::string_view id) {
  for (const readiness::Problem& problem : report.problems) {
    if (problem.id == id) return &problem;
  }
  return nullptr;
}

}  // namespace tightship::net
