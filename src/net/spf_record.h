#pragma once

// One SPF record (RFC 7208, sections 4.6 and 12) as terms, with everything that is wrong with it. Pure.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "net/packet.h"

namespace tightship::net {

enum class SpfKind : std::uint8_t { All, Include, A, Mx, Ptr, Ip4, Ip6, Exists, Redirect, Exp, UnknownModifier };

struct SpfTerm {
  SpfKind kind = SpfKind::All;
  char qualifier = '+';
  std::string text;    // as written
  std::string domain;  // of include, a, mx, ptr, exists, redirect, exp; empty: the domain itself; macros unexpanded
  bool macro = false;  // the domain depends on the mail: it cannot be looked up in advance
  int prefix4 = -1, prefix6 = -1;  // -1: not said
  Address address;                 // ip4, ip6
};

struct SpfFault {
  std::string term;  // as written; may be empty
  std::string what;  // "there is no mechanism 'ipv4'"
  std::string help;  // "ip4:192.0.2.1"; may be empty
};

struct SpfRecord {
  std::vector<SpfTerm> terms;     // the readable ones, in order
  std::vector<SpfFault> errors;   // each makes receivers give up (permerror)
  std::vector<SpfFault> remarks;  // harmless to receivers, and not what was meant
  bool has_all() const;
};

// Whether receivers take a TXT value for an SPF record: "v=spf1", then a space or nothing (4.5).
bool is_spf_record(std::string_view text);
// Whether somebody meant it to be one: leading blanks or quotes, "v=spf 1", "spf1 include:...".
bool looks_like_spf(std::string_view text);

// `text` satisfies is_spf_record.
SpfRecord parse_spf_record(std::string_view text);

}  // namespace tightship::net
