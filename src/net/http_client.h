#pragma once

// One request at a time, by libcurl, which is loaded when the first client is opened. Nothing is followed: a
// redirect is an answer like another. Only http and https are spoken; no credentials, no .netrc.
// A proxy is taken from the environment as curl does (https_proxy, no_proxy).
//
// Bounded whatever the server does: kMaxHeaderBytes of headers (all interim answers together), `max_body` bytes
// of body after decompression, `timeout` from the first packet to the last.

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "net/url.h"

namespace tightship::net {

inline constexpr std::size_t kMaxHeaderBytes = 64 * 1024;

struct HttpOptions {
  std::vector<std::string> resolve;     // "HOST:PORT:ADDRESS", as of curl --resolve
  std::vector<std::string> connect_to;  // "HOST:PORT:TO_HOST:TO_PORT", as of curl --connect-to
  std::string ca_file;                  // instead of the system's authorities; empty: those
  std::chrono::milliseconds connect_timeout{5'000};
  bool keep_cookies = false;  // what an answer sets is sent with the client's next request, as browsers do
};

struct HttpRequest {
  std::string url;
  std::string method = "GET";        // GET or HEAD
  std::vector<std::string> headers;  // "Name: value"
  std::size_t max_body = 1024 * 1024;
  std::chrono::milliseconds timeout{10'000};
  bool verify = true;  // of the certificate
  // No connection to an address that is not of the internet (net/address.h): what a foreign page or a redirect
  // names must not reach into the network of whoever runs this. A proxy resolves names itself: not asked then.
  bool refuse_internal = false;
};

enum class HttpFailure : std::uint8_t {
  None,
  Resolve,      // the name has no address, or no resolver answered
  Refused,      // the address answered that nothing listens there
  Unreachable,  // no connection for another reason
  Internal,     // its address is not of the internet, and refuse_internal was asked for
  Timeout,
  Certificate,  // not trusted, or for another name
  Tls,          // no handshake
  Headers,      // over kMaxHeaderBytes
  Protocol,     // what came is no HTTP, or ended early
};

struct HttpResponse {
  HttpFailure failure = HttpFailure::None;
  std::string failure_text;  // in libcurl's words; raw
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case, values raw, in order
  std::string body;                                          // at most max_body bytes, decompressed
  bool body_cut = false;                                     // there was more
  double seconds = 0;                                        // of the whole exchange
  std::string address;                                       // that was connected to
  int http_version = 0;                                      // 10, 11, 20, 30
  bool ok() const { return failure == HttpFailure::None; }
};

// The first header of that name (lower case); null without one.
const std::string* header(const HttpResponse& response, std::string_view name);
std::vector<std::string_view> all_headers(const HttpResponse& response, std::string_view name);

// Keeps its connection for the next request to the same host. Not thread-safe: one client a thread.
class HttpClient {
 public:
  // Fails with Unsupported when there is no libcurl.
  static Result<HttpClient> open(HttpOptions options);
  HttpClient(HttpClient&&) noexcept;
  HttpClient& operator=(HttpClient&&) noexcept;
  ~HttpClient();

  // Never fails as a call: what went wrong is in the response, with what had come until then.
  HttpResponse send(const HttpRequest& request);

 private:
  struct State;
  explicit HttpClient(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace tightship::net
