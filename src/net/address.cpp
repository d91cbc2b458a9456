#include "net/address.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <cstring>
#include <memory>

#include <libpsl.h>

namespace tightship::net {
namespace {

struct Range {
  std::uint32_t network;
  unsigned bits;
};
// IANA's special-purpose registry (RFC 6890 and later), as far as a page is never served from it.
constexpr Range kInternal4[] = {
    {0x00000000, 8},  {0x0A000000, 8},  {0x64400000, 10}, {0x7F000000, 8}, {0xA9FE0000, 16}, {0xAC100000, 12},
    {0xC0000000, 24}, {0xC0A80000, 16}, {0xC6120000, 15}, {0xE0000000, 4}, {0xF0000000, 4},
};

bool is_internal4(std::uint32_t address) {
  for (const Range& range : kInternal4) {
    if ((address ^ range.network) >> (32 - range.bits) == 0) return true;
  }
  return false;
}

std::uint32_t last_four(const std::uint8_t* bytes) {
  return std::uint32_t{bytes[12]} << 24 | std::uint32_t{bytes[13]} << 16 | std::uint32_t{bytes[14]} << 8 | bytes[15];
}

bool is_internal6(const in6_addr& address) {
  const std::uint8_t* b = address.s6_addr;
  constexpr std::uint8_t kZero[12] = {}, kMapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF},
                         kNat64[12] = {0, 0x64, 0xFF, 0x9B};
  if (std::memcmp(b, kZero, 12) == 0) return true;  // ::, ::1 and the deprecated form of IPv4
  if (std::memcmp(b, kMapped, 12) == 0 || std::memcmp(b, kNat64, 12) == 0) return is_internal4(last_four(b));
  return (b[0] & 0xFE) == 0xFC || (b[0] == 0xFE && (b[1] & 0xC0) >= 0x80) || b[0] == 0xFF;
}

std::string unbracketed(std::string_view text) {
  if (text.size() >= 2 && text.front() == '[' && text.back() == ']') text = text.substr(1, text.size() - 2);
  return std::string(text);
}

// libpsl's functions; null when it cannot be loaded.
struct Psl {
  decltype(&::psl_latest) latest = nullptr;
  decltype(&::psl_registrable_domain) registrable = nullptr;
  decltype(&::psl_free) release = nullptr;
  psl_ctx_t* list = nullptr;
  ~Psl() {
    if (list != nullptr) release(list);
  }
};

std::unique_ptr<const Psl> load_psl() {
  void* library = dlopen("libpsl.so.5", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return nullptr;
  auto psl = std::make_unique<Psl>();
  psl->latest = reinterpret_cast<decltype(psl->latest)>(dlsym(library, "psl_latest"));
  psl->registrable = reinterpret_cast<decltype(psl->registrable)>(dlsym(library, "psl_registrable_domain"));
  psl->release = reinterpret_cast<decltype(psl->release)>(dlsym(library, "psl_free"));
  if (psl->latest == nullptr || psl->registrable == nullptr || psl->release == nullptr) return nullptr;
  psl->list = psl->latest(nullptr);
  return psl->list != nullptr ? std::move(psl) : nullptr;
}

}  // namespace

bool is_internal(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in in{};
    std::memcpy(&in, &address, sizeof in);
    return is_internal4(ntohl(in.sin_addr.s_addr));
  }
  if (address.sa_family != AF_INET6) return true;
  sockaddr_in6 in{};
  std::memcpy(&in, &address, sizeof in);
  return is_internal6(in.sin6_addr);
}

bool is_internal_address(std::string_view address) {
  const std::string text = unbracketed(address);
  in_addr four{};
  if (inet_pton(AF_INET, text.c_str(), &four) == 1) return is_internal4(ntohl(four.s_addr));
  in6_addr six{};
  return inet_pton(AF_INET6, text.c_str(), &six) == 1 && is_internal6(six);
}

bool is_numeric_address(std::string_view host) {
  const std::string text = unbracketed(host);
  in6_addr out{};
  return inet_pton(AF_INET, text.c_str(), &out) == 1 || inet_pton(AF_INET6, text.c_str(), &out) == 1;
}

std::string registrable_domain(std::string_view host) {
  static const std::unique_ptr<const Psl> psl = load_psl();
  if (psl == nullptr || is_numeric_address(host) || host.find('.') == std::string_view::npos) return {};
  const std::string name(host);
  const char* domain = psl->registrable(psl->list, name.c_str());
  return domain != nullptr ? domain : std::string();
}

bool same_site(std::string_view a, std::string_view b) {
  if (a == b) return true;
  const std::string domain = registrable_domain(a);
  return !domain.empty() && domain == registrable_domain(b);
}

}  // namespace tightship::net
