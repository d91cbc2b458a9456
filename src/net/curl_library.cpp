#include "net/curl_library.h"

#include <dlfcn.h>

#include <memory>

namespace tightship::net {
namespace {

// OpenSSL's flavour first: the one that tls loads too.
constexpr const char* kNames[] = {"libcurl.so.4", "libcurl-gnutls.so.4"};

template <class Function>
bool find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  return function != nullptr;
}

bool fill(void* library, CurlLibrary& table) {
  bool complete = true;
#define TIGHTSHIP_FIND(name) complete = find(library, #name, table.name) && complete;
  TIGHTSHIP_CURL_FUNCTIONS(TIGHTSHIP_FIND)
#undef TIGHTSHIP_FIND
  return complete;
}

std::unique_ptr<const CurlLibrary> load() {
  for (const char* name : kNames) {
    void* library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) continue;
    auto table = std::make_unique<CurlLibrary>();
    if (fill(library, *table) && table->curl_global_init(CURL_GLOBAL_ALL) == CURLE_OK) return table;
    dlclose(library);
  }
  return nullptr;
}

}  // namespace

const CurlLibrary* curl_library() {
  static const std::unique_ptr<const CurlLibrary> library = load();
  return library.get();
}

}  // namespace tightship::net
