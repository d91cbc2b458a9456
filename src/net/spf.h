#pragma once

// What a receiver meets when it evaluates a domain's SPF record (RFC 7208): the tree of includes and redirects, how
// many questions it costs, and where it fails.
//
// Counted as in section 4.6.4: include, a, mx, ptr, exists and redirect are one lookup each, those of an included
// record included, again for each time that it is included. A term is void when its question has no answer: of `a`
// both kinds of addresses are missing, of `mx` the MX records; the hosts of `mx` have a limit of their own (10) and
// are no lookups. Terms with macros are counted and not followed: what they ask for depends on the mail.

#include <string>
#include <vector>

#include "net/dns_answer.h"
#include "net/spf_record.h"

namespace tightship::net {

inline constexpr unsigned kSpfLookupLimit = 10, kSpfVoidLimit = 2, kSpfMxLimit = 10;
inline constexpr unsigned kSpfFollowLimit = 200;  // terms followed, however many there are: a bound for bombs
inline constexpr unsigned kSpfDepthLimit = 20;

enum class SpfState : std::uint8_t {
  Ok,
  None,     // no record
  Several,  // more than one: permerror
  Syntax,   // permerror
  Loop,     // an include or redirect comes back: permerror
  Missing,  // an include or redirect leads to no record: permerror
  Unknown,  // could not be asked, or not yet
};

struct SpfNode {
  std::string domain;
  std::string text;  // the record
  SpfState state = SpfState::Unknown;
  std::string fault;  // of Unknown: "timed out"
  SpfRecord record;
  unsigned lookups = 0, voids = 0;  // with those of the children
  unsigned voids_v6 = 0;            // questions for AAAA without an answer where A has one: for an IPv6 sender
  struct Child {
    std::string term;  // "include:_spf.example.com"
    bool redirect = false;
    std::vector<SpfNode> node;  // exactly one
  };
  std::vector<Child> children;
  std::vector<std::string> void_terms;      // "a:old.example.com", here, not in children
  std::vector<std::string> wide_mx;         // terms whose domain has more than kSpfMxLimit MX records
  std::vector<std::string> unlike;          // TXT values that were meant as SPF and are none
  bool type99 = false;                      // asked at the root only
  std::size_t size = 0, longest_piece = 0;  // octets of the record, of its longest string
};

// Asks `store` for what it needs; to be called again until nothing is wanted.
SpfNode evaluate_spf(RecordStore& store, const std::string& domain);

// The first state that is not Ok, children included; `at` becomes its node.
SpfState worst_state(const SpfNode& node, const SpfNode** at = nullptr);

// The qualifier that mail without a match ends with: of `all` here, of the redirect's `all`; '?' without both.
char final_qualifier(const SpfNode& node, bool* said = nullptr);

// An indented tree with the count of each node: "include:_spf.example.com  3 lookups".
std::string spf_tree(const SpfNode& node);

// Domains that are included, the tree through.
std::vector<std::string> spf_includes(const SpfNode& node);

}  // namespace tightship::net
