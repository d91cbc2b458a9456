#pragma once

// What was found, as tables (Report::facts): hosts, name servers, mail.

#include <vector>

#include "net/dns_check.h"

namespace tightship::net {

std::vector<readiness::FactTable> dns_tables(const DomainFacts& facts, bool mail_only);

}  // namespace tightship::net
