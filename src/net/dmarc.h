#pragma once

// DMARC as of RFC 9989 (May 2026, which replaces RFC 7489): the record, and the tree walk that finds it.

#include <string>
#include <vector>

#include "net/dns_answer.h"
#include "net/tag_list.h"

namespace tightship::net {

inline constexpr unsigned kDmarcQueryLimit = 8;  // RFC 9989, 4.10

enum class Policy : std::uint8_t { None, Quarantine, Reject };
std::string_view policy_name(Policy policy);

struct DmarcUri {
  std::string text;
  std::optional<ReportUri> uri;
};  // no uri: malformed

struct DmarcRecord {
  std::string text;
  Policy p = Policy::None, sp = Policy::None, np = Policy::None;  // sp and np as they act when not said
  bool has_p = false, has_sp = false, has_np = false;
  bool testing = false;  // t=y
  char psd = 'u';        // y, n, u
  bool strict_dkim = false, strict_spf = false;
  int pct = -1;  // removed in RFC 9989; -1: not there
  std::vector<DmarcUri> rua, ruf;
  std::vector<std::string> errors;   // the record is not what was meant, or is not applied at all
  std::vector<std::string> remarks;  // removed tags, unknown tags, order
  bool applies = true;               // receivers act on it
};

// "v=DMARC1" at the beginning, blanks allowed around the equals sign and behind it, then the end or a semicolon.
bool is_dmarc_record(std::string_view text);
// `text` satisfies is_dmarc_record.
DmarcRecord parse_dmarc_record(std::string_view text);

enum class DmarcState : std::uint8_t {
  Found,
  None,
  Several,  // more than one at the domain itself: receivers drop all, and go on upwards
  Unknown,  // something on the way could not be asked, or not yet
};

struct DmarcDiscovery {
  DmarcState state = DmarcState::Unknown;
  std::string fault;         // of Unknown
  std::string location;      // whose record it is: the domain, or one above it
  std::string organization;  // the organizational domain, as far as the walk tells
  DmarcRecord record;
  std::size_t own_records = 0;        // DMARC records at _dmarc of the domain itself
  std::vector<std::string> strays;    // other TXT values there
  std::vector<std::string> indented;  // records that begin with blanks: not recognised
  bool at_apex = false;               // a record stands at the domain instead of at _dmarc
  // What acts on mail from the domain: p at its own record, sp or p of one above.
  Policy effective() const;
};

// Asks `store` for what it needs; to be called again until nothing is wanted.
DmarcDiscovery discover_dmarc(RecordStore& store, const std::string& domain);

// "_dmarc" names of the walk above `domain`, nearest first, the domain itself included; at most kDmarcQueryLimit.
std::vector<std::string> dmarc_walk(const std::string& domain);

}  // namespace tightship::net
