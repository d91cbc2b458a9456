#pragma once

// What a host's answers mean, in words. Pure functions of tls_check.h's facts.

#include "net/tls_check.h"
#include "readiness/problem.h"

namespace tightship::net {

// Adds problems, passed checks, what could not be checked and losses of `host`.
void judge_tls_host(const TlsHost& host, std::int64_t now, readiness::Report& report);

// The tables "hosts" and "certificates".
std::vector<readiness::FactTable> tls_facts(const std::vector<TlsHost>& hosts, std::int64_t now);

}  // namespace tightship::net
