#include "git/libgit2_library.h"

#include <dlfcn.h>

#include <memory>

#if defined(__SANITIZE_ADDRESS__)
#define TIGHTSHIP_LEAK_CHECK 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define TIGHTSHIP_LEAK_CHECK 1
#endif
#endif
#ifdef TIGHTSHIP_LEAK_CHECK
// libgit2 1.5 does not free PCRE's match data when an expression does not match.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libpcre2\n"; }
#endif

namespace tightship::git {
namespace {

constexpr const char* kNames[] = {"libgit2.so.1.5", "libgit2.so.1.9", "libgit2.so.1.8",
                                  "libgit2.so.1.7", "libgit2.so.1.6", "libgit2.so.1.4",
                                  "libgit2.so.1.3", "libgit2.so.1.2", "libgit2.so.1.1"};

template <class Function>
bool find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  return function != nullptr;
}

bool fill(void* library, Libgit2& table) {
  return find(library, "git_libgit2_init", table.init) && find(library, "git_libgit2_opts", table.opts) &&
         find(library, "git_libgit2_version", table.version) && find(library, "git_error_last", table.error_last) &&
         find(library, "git_repository_open_ext", table.repository_open_ext) &&
         find(library, "git_repository_free", table.repository_free) &&
         find(library, "git_ignore_path_is_ignored", table.ignore_path_is_ignored);
}

std::unique_ptr<const Libgit2> load() {
  for (const char* name : kNames) {
    void* library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) continue;
    auto table = std::make_unique<Libgit2>();
    if (fill(library, *table) && table->init() > 0) {
      // Fails in versions that know no such check; there is nothing to switch off then.
      table->opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
      return table;
    }
    dlclose(library);
  }
  return nullptr;
}

}  // namespace

std::string Libgit2::last_error() const {
  const git_error* error = error_last();
  return error != nullptr && error->message != nullptr ? error->message : "unknown error";
}

const Libgit2* libgit2() {
  static const std::unique_ptr<const Libgit2> library = load();
  return library.get();
}

std::mutex& libgit2_mutex() {
  static std::mutex mutex;
  return mutex;
}

}  // namespace tightship::git
