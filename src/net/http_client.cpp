#include "net/http_client.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include <sys/socket.h>

#include <cstdlib>

#include "net/address.h"
#include "net/curl_library.h"

#ifndef TIGHTSHIP_VERSION
#define TIGHTSHIP_VERSION "0.1.0"
#endif

namespace tightship::net {
namespace {

constexpr const char* kUserAgent = "tightship/" TIGHTSHIP_VERSION " (launch check)";

// A list of libcurl's; empty lists are null.
class List {
 public:
  explicit List(const std::vector<std::string>& items) {
    for (const std::string& item : items) {
      curl_slist* longer = curl_library()->curl_slist_append(list_, item.c_str());
      if (longer != nullptr) list_ = longer;
    }
  }
  ~List() { curl_library()->curl_slist_free_all(list_); }
  List(const List&) = delete;
  List& operator=(const List&) = delete;
  curl_slist* get() const { return list_; }

 private:
  curl_slist* list_ = nullptr;
};

struct Transfer {
  HttpResponse response;
  std::size_t header_bytes = 0, max_body = 0;
  bool headers_over = false, refused = false;
  std::array<char, CURL_ERROR_SIZE> words{};  // of libcurl, on this failure
};

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

// A status line begins a new answer: what an interim one (1xx) said is forgotten.
void take_header(HttpResponse& response, std::string_view line) {
  if (line.starts_with("HTTP/")) return response.headers.clear();
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return;
  std::string name(trimmed(line.substr(0, colon)));
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
  response.headers.emplace_back(std::move(name), trimmed(line.substr(colon + 1)));
}

std::size_t on_header(const char* data, std::size_t size, std::size_t count, void* user) noexcept {
  Transfer& transfer = *static_cast<Transfer*>(user);
  transfer.header_bytes += size * count;
  transfer.headers_over = transfer.header_bytes > kMaxHeaderBytes;
  if (transfer.headers_over) return 0;
  take_header(transfer.response, {data, size * count});
  return size * count;
}

std::size_t on_body(const char* data, std::size_t size, std::size_t count, void* user) noexcept {
  Transfer& transfer = *static_cast<Transfer*>(user);
  std::string& body = transfer.response.body;
  const std::size_t taken = std::min(size * count, transfer.max_body - body.size());
  body.append(data, taken);
  transfer.response.body_cut = taken < size * count;
  return transfer.response.body_cut ? 0 : size * count;
}

bool has_proxy() {
  for (const char* name : {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return true;
  }
  return false;
}

// As curl's own, unless the address is an internal one.
curl_socket_t on_open_socket(void* user, curlsocktype, curl_sockaddr* address) noexcept {
  if (is_internal(address->addr)) {
    static_cast<Transfer*>(user)->refused = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

HttpFailure failure_of(CURLcode code, long os_error, const Transfer& transfer) {
  if (transfer.headers_over) return HttpFailure::Headers;
  if (transfer.refused && code == CURLE_COULDNT_CONNECT) return HttpFailure::Internal;
  if (code == CURLE_OK || (code == CURLE_WRITE_ERROR && transfer.response.body_cut)) return HttpFailure::None;
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY: return HttpFailure::Resolve;
    case CURLE_COULDNT_CONNECT: return os_error == ECONNREFUSED ? HttpFailure::Refused : HttpFailure::Unreachable;
    case CURLE_OPERATION_TIMEDOUT: return HttpFailure::Timeout;
    case CURLE_PEER_FAILED_VERIFICATION: return HttpFailure::Certificate;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE: return HttpFailure::Tls;
    default: return HttpFailure::Protocol;
  }
}

}  // namespace

struct HttpClient::State {
  explicit State(HttpOptions given)
      : options(std::move(given)), resolve(options.resolve), connect_to(options.connect_to) {}
  ~State() {
    if (handle != nullptr) curl_library()->curl_easy_cleanup(handle);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  template <class Value>
  void set(CURLoption option, Value value) {
    curl_library()->curl_easy_setopt(handle, option, value);
  }
  void prepare(const HttpRequest& request, Transfer& transfer, const List& headers);
  void finish(CURLcode code, Transfer& transfer);

  HttpOptions options;
  List resolve, connect_to;
  CURL* handle = nullptr;
};

void HttpClient::State::prepare(const HttpRequest& request, Transfer& transfer, const List& headers) {
  curl_library()->curl_easy_reset(handle);  // keeps the connections
  set(CURLOPT_URL, request.url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_NOSIGNAL, 1L);
  if (options.keep_cookies) set(CURLOPT_COOKIEFILE, "");
  set(CURLOPT_NOBODY, request.method == "HEAD" ? 1L : 0L);
  set(CURLOPT_HTTPHEADER, headers.get());
  set(CURLOPT_USERAGENT, kUserAgent);
  set(CURLOPT_ACCEPT_ENCODING, "");
  set(CURLOPT_RESOLVE, resolve.get());
  set(CURLOPT_CONNECT_TO, connect_to.get());
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_timeout.count()));
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
  set(CURLOPT_SSL_VERIFYPEER, request.verify ? 1L : 0L);
  set(CURLOPT_SSL_VERIFYHOST, request.verify ? 2L : 0L);
  if (!options.ca_file.empty()) set(CURLOPT_CAINFO, options.ca_file.c_str());
  if (request.refuse_internal && !has_proxy()) {
    set(CURLOPT_OPENSOCKETFUNCTION, &on_open_socket);
    set(CURLOPT_OPENSOCKETDATA, static_cast<void*>(&transfer));
  }
  set(CURLOPT_ERRORBUFFER, transfer.words.data());
  set(CURLOPT_HEADERFUNCTION, &on_header);
  set(CURLOPT_HEADERDATA, static_cast<void*>(&transfer));
  set(CURLOPT_WRITEFUNCTION, &on_body);
  set(CURLOPT_WRITEDATA, static_cast<void*>(&transfer));
}

void HttpClient::State::finish(CURLcode code, Transfer& transfer) {
  const CurlLibrary& curl = *curl_library();
  HttpResponse& response = transfer.response;
  long status = 0, os_error = 0, version = 0;
  const char* address = nullptr;
  curl.curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  curl.curl_easy_getinfo(handle, CURLINFO_OS_ERRNO, &os_error);
  curl.curl_easy_getinfo(handle, CURLINFO_HTTP_VERSION, &version);
  curl.curl_easy_getinfo(handle, CURLINFO_TOTAL_TIME, &response.seconds);
  curl.curl_easy_getinfo(handle, CURLINFO_PRIMARY_IP, &address);
  response.status = static_cast<int>(status);
  if (address != nullptr) response.address = address;
  response.http_version = version == CURL_HTTP_VERSION_1_0   ? 10
                          : version == CURL_HTTP_VERSION_1_1 ? 11
                          : version == CURL_HTTP_VERSION_2_0 ? 20
                          : version == CURL_HTTP_VERSION_3   ? 30
                                                             : 0;
  response.failure = failure_of(code, os_error, transfer);
  if (response.ok()) return;
  // Only of certificates and handshakes these say more than the code does, and the same every time.
  const bool precise = response.failure == HttpFailure::Certificate || response.failure == HttpFailure::Tls;
  if (transfer.headers_over)
    response.failure_text = "the headers do not end within 64 kB";
  else
    response.failure_text =
        precise && transfer.words[0] != '\0' ? transfer.words.data() : curl.curl_easy_strerror(code);
}

HttpClient::HttpClient(std::unique_ptr<State> state) : state_(std::move(state)) {}
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;
HttpClient::~HttpClient() = default;

Result<HttpClient> HttpClient::open(HttpOptions options) {
  if (curl_library() == nullptr) {
    return fail(ErrorKind::Unsupported, "libcurl cannot be loaded", {}, "apt-get install libcurl4");
  }
  auto state = std::make_unique<State>(std::move(options));
  state->handle = curl_library()->curl_easy_init();
  if (state->handle == nullptr) return fail(ErrorKind::Io, "libcurl cannot make a handle");
  return HttpClient(std::move(state));
}

HttpResponse HttpClient::send(const HttpRequest& request) {
  Transfer transfer;
  transfer.max_body = request.max_body;
  if (const auto url = parse_url(request.url); !url || !url->is_http()) {
    transfer.response.failure = HttpFailure::Protocol;
    transfer.response.failure_text = "this is no http URL";
    return std::move(transfer.response);
  }
  const List headers(request.headers);
  state_->prepare(request, transfer, headers);
  const CURLcode code = curl_library()->curl_easy_perform(state_->handle);
  state_->finish(code, transfer);
  state_->set(CURLOPT_ERRORBUFFER, static_cast<char*>(nullptr));
  return std::move(transfer.response);
}

const std::string* header(const HttpResponse& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return &value;
  }
  return nullptr;
}

std::vector<std::string_view> all_headers(const HttpResponse& response, std::string_view name) {
  std::vector<std::string_view> all;
  for (const auto& [key, value] : response.headers) {
    if (key == name) all.emplace_back(value);
  }
  return all;
}

}  // namespace tightship::net
