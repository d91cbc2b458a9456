#include "net/idn.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <idn2.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace tightship::net {
namespace {

// libidn2's functions; null when it cannot be loaded.
struct Idn {
  decltype(&::idn2_to_ascii_8z) to_ascii = nullptr;
  decltype(&::idn2_to_unicode_8z8z) to_unicode = nullptr;
  decltype(&::idn2_strerror) words = nullptr;
  decltype(&::idn2_free) release = nullptr;
};

template <class Function>
bool find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  return function != nullptr;
}

std::unique_ptr<const Idn> load() {
  void* library = dlopen("libidn2.so.0", RTLD_NOW | RTLD_LOCAL);
  auto idn = std::make_unique<Idn>();
  const bool complete = library != nullptr && find(library, "idn2_to_ascii_8z", idn->to_ascii) &&
                        find(library, "idn2_to_unicode_8z8z", idn->to_unicode) &&
                        find(library, "idn2_strerror", idn->words) && find(library, "idn2_free", idn->release);
  return complete ? std::move(idn) : nullptr;
}

const Idn* idn() {
  static const std::unique_ptr<const Idn> library = load();
  return library.get();
}

bool is_ascii(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return (c & 0x80) != 0; });
}

bool has_foreign_label(std::string_view ascii) {
  return ascii.starts_with("xn--") || ascii.find(".xn--") != std::string_view::npos;
}

std::string taken(char* text) {
  const std::string out = text == nullptr ? "" : text;
  idn()->release(text);
  return out;
}

}  // namespace

Result<std::string> ascii_name(std::string_view name) {
  if (is_ascii(name)) return std::string(name);
  if (idn() == nullptr) {
    return fail(ErrorKind::Unsupported, "libidn2 cannot be loaded, which turns such names into ASCII",
                std::string(name), "apt-get install libidn2-0, or write the name in its xn-- form");
  }
  const std::string text(name);
  char* ascii = nullptr;
  const int status = text.find('\0') != std::string::npos
                         ? IDN2_DISALLOWED
                         : idn()->to_ascii(text.c_str(), &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
  if (status != IDN2_OK) {
    return fail(ErrorKind::Usage, fmt::format("this is no domain name: {}", idn()->words(status)), text,
                "example.com, without a scheme and a path");
  }
  return taken(ascii);
}

std::string unicode_name(std::string_view ascii) {
  if (!has_foreign_label(ascii) || idn() == nullptr) return {};
  char* text = nullptr;
  if (idn()->to_unicode(std::string(ascii).c_str(), &text, IDN2_NONTRANSITIONAL) != IDN2_OK) return {};
  std::string name = taken(text);
  const auto back = ascii_name(name);
  return back && *back == ascii && name != ascii ? name : std::string();
}

std::vector<readiness::FactTable> names_table(const std::vector<std::string>& hosts) {
  readiness::FactTable table{"names", {"name", "in the DNS"}, {}};
  for (const std::string& host : hosts) {
    if (std::string name = unicode_name(host); !name.empty()) table.rows.push_back({std::move(name), host});
  }
  if (table.rows.empty()) return {};
  return {std::move(table)};
}

std::string name_both_ways(std::string_view ascii) {
  const std::string name = unicode_name(ascii);
  return name.empty() ? std::string(ascii) : fmt::format("{} ({})", name, ascii);
}

}  // namespace tightship::net
