#pragma once

// What http_check.h's facts mean, in words. Pure functions.

#include "net/http_check.h"
#include "readiness/problem.h"

namespace tightship::net {

void judge_redirects(const HttpFacts& facts, const SiteConfig& config, readiness::Report& report);
void judge_landing(const HttpFacts& facts, readiness::Report& report);  // HSTS, cookies, caching, mixed content
void judge_dotfiles(const HttpFacts& facts, readiness::Report& report);
void judge_routes(const HttpFacts& facts, const SiteConfig& config, readiness::Report& report);
void judge_latencies(const HttpFacts& facts, const std::vector<LatencyRow>& before, readiness::Report& report);
std::vector<readiness::FactTable> http_facts(const HttpFacts& facts);

// For http_*.cpp: a problem of this command, for the web to see.
readiness::Problem http_problem(std::string id, detect::Severity severity, detect::RiskClass risk, std::string title,
                                std::string subject, std::string place);
void add_http_loss(readiness::Report& report, std::string where, std::string what);

}  // namespace tightship::net
