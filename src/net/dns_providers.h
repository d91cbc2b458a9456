#pragma once

// What the names and addresses of well-known services look like. Facts from the services' own documentation and
// from can-i-take-over-xyz (takeovers); no list is complete, and nothing unknown is ever called wrong because of it.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "net/packet.h"

namespace tightship::net {

// A service that sends or receives mail for others. Lists are blank-separated.
struct MailProvider {
  std::string_view name;         // as in tightship.toml: "google"
  std::string_view title;        // "Google Workspace"
  std::string_view include;      // what its customers include: "_spf.google.com"
  std::string_view spf_label;    // where that record stands when not at the domain: "send"
  std::string_view mx_suffixes;  // of its mail servers
  std::string_view selectors;    // that it uses; empty: they cannot be guessed
};
std::span<const MailProvider> mail_providers();
const MailProvider* find_mail_provider(std::string_view name);
// By a host of its MX or a domain that is included.
const MailProvider* provider_of_mx(std::string_view host);
const MailProvider* provider_of_include(std::string_view domain);

// Selectors in common use, with those of every provider.
const std::vector<std::string>& common_dkim_selectors();

// A service whose names anybody can register once they are free.
struct TakeoverService {
  std::string_view suffix, title;
};
// The one that `target` belongs to, if a target of it that does not exist can be claimed; null without one.
const TakeoverService* takeover_service(std::string_view target);

// "Cloudflare", "Vercel"; empty when unknown. By the chain's names, then by the address.
std::string_view edge_of(const std::vector<std::string>& chain, const std::vector<Address>& addresses);

// Not reachable from outside: private, loopback, link-local, unique local, unspecified, shared (RFC 6598).
// "a private address (10.0.0.0/8)"; empty when public.
std::string_view private_range(const Address& address);

// "google-site-verification=..." is Google Search Console; empty when it is no known token of that kind.
std::string_view verification_service(std::string_view txt);

}  // namespace tightship::net
