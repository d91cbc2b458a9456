#pragma once

// DKIM keys (RFC 6376, 3.6.1; RFC 8463 for Ed25519; RFC 8301 for what is too weak), and whether a domain has any
// when no selector is known.

#include <string>
#include <string_view>
#include <vector>

#include "net/dns_answer.h"

namespace tightship::net {

struct DkimKey {
  std::string type = "rsa";         // k=, lower case
  unsigned bits = 0;                // of an RSA modulus, 256 of Ed25519; 0 when it could not be read
  bool revoked = false;             // p= is empty
  bool testing = false;             // t=y
  bool sha1_only = false;           // h= names nothing but sha1
  std::vector<std::string> errors;  // why receivers cannot use it
};
// Whether the value is meant as a key at all: it has a p tag, or begins with v=DKIM1.
bool is_dkim_key(std::string_view text);
DkimKey parse_dkim_key(std::string_view text);

struct DkimSelector {
  std::string selector, name;      // "s1", "s1._domainkey.example.com"
  std::vector<std::string> chain;  // CNAMEs
  std::size_t records = 0;         // keys at the name; more than one is a fault
  DkimKey key;                     // the first
};

enum class DkimPresence : std::uint8_t {
  Unknown,       // could not be asked, or not yet
  None,          // _domainkey does not exist, so nothing below it does (RFC 8020), or all of it is a wildcard's
  Some,          // _domainkey exists: at least one selector does
  Inconclusive,  // the server says "exists" of every name
};

struct DkimFacts {
  DkimPresence presence = DkimPresence::Unknown;
  std::string fault;
  std::vector<DkimSelector> selectors;  // that were found
  std::vector<std::string> missing;     // of `wanted`: not there, for certain
  std::size_t asked = 0;
};

// Asks for `guesses` and `wanted` selectors. `probe` is a label that nobody has made: a server that says of it, too,
// that it exists tells nothing.
DkimFacts find_dkim(RecordStore& store, const std::string& domain, const std::vector<std::string>& guesses,
                    const std::vector<std::string>& wanted, const std::string& probe);

}  // namespace tightship::net
