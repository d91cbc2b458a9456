#pragma once

// The MTA-STS policy of a domain by HTTPS: a verified certificate, no redirect followed, at most kMaxMtaStsPolicy bytes
// (RFC 8461, 3.3). Never fails: what went wrong is in the answer.

#include <string>

#include "net/dns_check.h"
#include "net/http_client.h"

namespace tightship::net {

FetchedText fetch_policy(const HttpOptions& options, const std::string& url);

}  // namespace tightship::net
