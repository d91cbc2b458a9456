#include "net/openssl_library.h"

#include <dlfcn.h>

namespace tightship::net {
namespace {

template <class Function>
bool find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  return function != nullptr;
}

bool fill(void* ssl, void* crypto, OpenSsl& table) {
  bool complete = true;
#define TIGHTSHIP_FIND_SSL(name) complete = find(ssl, #name, table.name) && complete;
#define TIGHTSHIP_FIND_CRYPTO(name) complete = find(crypto, #name, table.name) && complete;
  TIGHTSHIP_SSL_FUNCTIONS(TIGHTSHIP_FIND_SSL)
  TIGHTSHIP_CRYPTO_FUNCTIONS(TIGHTSHIP_FIND_CRYPTO)
#undef TIGHTSHIP_FIND_SSL
#undef TIGHTSHIP_FIND_CRYPTO
  return complete;
}

std::unique_ptr<const OpenSsl> load() {
  void* crypto = dlopen("libcrypto.so.3", RTLD_NOW | RTLD_LOCAL);
  void* ssl = crypto == nullptr ? nullptr : dlopen("libssl.so.3", RTLD_NOW | RTLD_LOCAL);
  auto table = std::make_unique<OpenSsl>();
  if (ssl == nullptr || !fill(ssl, crypto, *table)) return nullptr;
  return table;
}

}  // namespace

const OpenSsl* openssl() {
  static const std::unique_ptr<const OpenSsl> library = load();
  return library.get();
}

}  // namespace tightship::net
