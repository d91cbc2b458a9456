#pragma once

// libcurl, loaded with dlopen when the first request is made: linked, it and what it needs would cost every start
// of the program several milliseconds. Included by .cpp files of this module only. The library is never unloaded.

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

namespace tightship::net {

// The members have the names of libcurl's functions.
// clang-format off
#define TIGHTSHIP_CURL_FUNCTIONS(X)                                                                              \
  X(curl_global_init) X(curl_easy_init) X(curl_easy_setopt) X(curl_easy_perform) X(curl_easy_getinfo)            \
  X(curl_easy_reset) X(curl_easy_cleanup) X(curl_easy_strerror) X(curl_slist_append) X(curl_slist_free_all)      \
  X(curl_url) X(curl_url_set) X(curl_url_get) X(curl_url_cleanup) X(curl_free) X(curl_version)
// clang-format on

struct CurlLibrary {
#define TIGHTSHIP_DECLARE(name) decltype(&::name) name = nullptr;
  TIGHTSHIP_CURL_FUNCTIONS(TIGHTSHIP_DECLARE)
#undef TIGHTSHIP_DECLARE
};

// The one table of the process, or null when no libcurl can be loaded. Thread-safe.
const CurlLibrary* curl_library();

}  // namespace tightship::net
