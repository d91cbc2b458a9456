#pragma once

// What dns needs from modules that it must not know: the rules, for secrets in TXT records. Shared by dns, launch and
// handover.

#include <string>
#include <string_view>
#include <vector>

#include "net/dns_check.h"
#include "scan/content_scanner.h"

namespace tightship::cli {

std::vector<net::TextSecret> secrets_in(scan::ContentScanner& scanner, std::string_view text);

// "https://www.example.com" is about example.com.
std::string domain_of(const std::string& canonical);

}  // namespace tightship::cli
