#pragma once

// Which addresses belong to the internet, and which hosts to one site.

#include <string>
#include <string_view>

struct sockaddr;

namespace tightship::net {

// Not of the internet at large: loopback, private and link-local networks, carrier NAT, multicast, unspecified and
// reserved ranges, of IPv4 and IPv6, IPv4 inside of IPv6 too.
bool is_internal(const sockaddr& address);
// The same of a numeric address in text, brackets allowed; false for a name.
bool is_internal_address(std::string_view address);
bool is_numeric_address(std::string_view host);

// "example.co.uk" of "www.example.co.uk", by the public suffix list (libpsl, loaded when first asked). Empty for a
// public suffix itself, a numeric address or a single word, and without libpsl.
std::string registrable_domain(std::string_view host);

// Hosts of one registrable domain; equal hosts always are.
bool same_site(std::string_view a, std::string_view b);

}  // namespace tightship::net
