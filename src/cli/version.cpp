#include "cli/version.h"

#include <fmt/format.h>
#include <git2/version.h>
#include <libdeflate.h>
#include <nettle/version.h>
#include <spdlog/version.h>
#include <toml++/impl/version.h>
#include <CLI/Version.hpp>
#include <nlohmann/json.hpp>

#include "detect/rule.h"
#include "git/ignore.h"
#include "match/engine.h"
#include "scan/anchor_search.h"

#ifndef TIGHTSHIP_VERSION
#define TIGHTSHIP_VERSION "0.1.0"
#endif

namespace tightship::cli {

std::string version_number() { return TIGHTSHIP_VERSION; }

std::string version_text(bool full) {
  std::string out = fmt::format("tightship {}\nrules {}\n", version_number(), detect::RuleSet::builtin().version());
  out += match::hyperscan_version() + "\n";
#ifdef TIGHTSHIP_RE2_VERSION
  out += "RE2 (library " TIGHTSHIP_RE2_VERSION ")\n";
#endif
  out += "libdeflate " LIBDEFLATE_VERSION_STRING "\n";
  out += scan::xxhash_version() + "\n";
  out += full ? git::libgit2_version() + "\n"
              : std::string("libgit2 " LIBGIT2_VERSION " (loaded when ignore rules are asked)\n");
  out += fmt::format("nettle {}.{}\n", NETTLE_VERSION_MAJOR, NETTLE_VERSION_MINOR);
  out += fmt::format("fmt {}.{}.{}\n", FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100);
  out += fmt::format("nlohmann/json {}.{}.{}\n", NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR,
                     NLOHMANN_JSON_VERSION_PATCH);
  out += fmt::format("toml++ {}.{}.{}\n", TOML_LIB_MAJOR, TOML_LIB_MINOR, TOML_LIB_PATCH);
  out += "CLI11 " CLI11_VERSION "\n";
  out += fmt::format("spdlog {}.{}.{}\n", SPDLOG_VER_MAJOR, SPDLOG_VER_MINOR, SPDLOG_VER_PATCH);
  return out;
}

}  // namespace tightship::cli
