#pragma once

// Expected records of a domain, as TOML that a person can edit: written by `dns --snapshot`, compared by `--expect`.
//
//   domain = "example.com"
//   ignore = ["@ TXT", "blog *"]             # name and type, or any type
//   [[record]]
//   name = "@"                               # relative to the domain; "other.example.net." is whole
//   type = "MX"
//   value = ["10 mail.example.com"]          # as a set; [] when there must be none
//   ttl = 300                                # may be left out
//   [[record]]
//   name = "www"
//   type = "A"
//   any_of = ["192.0.2.1", "192.0.2.2"]      # at least one of these, and nothing else
//
// Names are compared without case and final dot, addresses by value, TXT by its joined pieces.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "net/packet.h"

namespace tightship::net {

inline constexpr std::size_t kMaxExpectedRecords = 2000;

struct ExpectedRecord {
  std::string name;  // whole, canonical
  RrType type = RrType::A;
  std::vector<std::string> values;  // normalised, sorted
  bool any_of = false;
  std::optional<std::uint32_t> ttl;
  std::uint32_t line = 0;  // of the file; 0 when it was observed
};

struct IgnoredRecord {
  std::string name;
  std::optional<RrType> type;
};

struct ExpectedZone {
  std::string path, domain;
  std::vector<ExpectedRecord> records;
  std::vector<IgnoredRecord> ignored;
  bool ignores(std::string_view name, RrType type) const;
};

// Fails with Config, `where` is "path:line:column", or as read_file does. `domain` is what relative names belong to,
// and what a domain in the file must be.
Result<ExpectedZone> parse_expected_zone(const std::string& path, std::string_view text, const std::string& domain);
Result<ExpectedZone> read_expected_zone(const std::string& path, const std::string& domain);

// The file's text; parse_expected_zone gives the same records back.
std::string write_expected_zone(const std::string& domain, std::vector<ExpectedRecord> records);

// A record's data in the normal form: "10 mail.example.com", "0 issue letsencrypt.org", the joined TXT. Empty for
// types that have none here (SOA, RRSIG, DNSKEY): those are not compared.
std::string record_value(const Record& record);
std::string normal_value(RrType type, std::string_view text);
std::optional<RrType> parse_rr_type(std::string_view name);

}  // namespace tightship::net
