#pragma once

// Problems of every kind for the tests of the launch report.

#include <string>

#include "launch/report.h"

namespace tightship::launch {

inline readiness::Problem problem(std::string id, std::string source, detect::RiskClass risk_class,
                                  detect::Severity severity, std::string title, std::string path) {
  readiness::Problem p;
  p.id = std::move(id);
  p.source = std::move(source);
  p.risk_class = risk_class;
  p.severity = severity;
  p.title = std::move(title);
  p.subject = p.title;
  p.spots = {{std::move(path), 9, 1}};
  return p;
}

inline readiness::Problem bundled_key() {
  readiness::Problem p = problem("BND-VALUE", "bundle", detect::RiskClass::LaunchBlocker, detect::Severity::Error,
                                 "Stripe secret key is public in your site code", "dist/assets/index-a1.js");
  p.exposure = readiness::Exposure::Web;
  p.why = "exact value of STRIPE_SECRET_KEY (.env.production:4)";
  p.breaks = "anyone can refund or read customers";
  p.fix = "roll the key at Stripe, remove define:{'process.env'} in vite.config.ts:9, rebuild";
  p.minutes = 20;
  p.value_id = "00000000000000aa";
  return p;
}

inline readiness::Problem tracked_key() {
  readiness::Problem p = problem("ENV-TRACKED", "env", detect::RiskClass::LaunchBlocker, detect::Severity::Error,
                                 ".env.production is tracked", ".env.production");
  p.exposure = readiness::Exposure::PrivateRepository;
  p.value_id = "00000000000000aa";
  return p;
}

inline Report sample_report() {
  using detect::RiskClass;
  using detect::Severity;
  Report report;
  report.subject = "acme.com";
  report.repository = "main@3f2a91c";
  readiness::Problem dmarc = problem("DMARC-PRESENT", "dns", RiskClass::LaunchBlocker, Severity::Error,
                                     "Your emails will be rejected by Gmail and Outlook", "_dmarc.acme.com");
  dmarc.spots.front().line = 0;
  dmarc.why = "no DMARC record";
  dmarc.commands = {"TXT _dmarc \"v=DMARC1; p=none; rua=mailto:dmarc@acme.com\""};
  report.rows =
      rows_of({bundled_key(), tracked_key(), dmarc,
               problem("ENV-DRIFT-MISSING", "env", RiskClass::ConversionBlocker, Severity::Error,
                       "STRIPE_WEBHOOK_SECRET missing in production", ".env.production"),
               problem("CFG-SRCMAP", "config", RiskClass::ScaleRisk, Severity::Warning, "source maps published",
                       "vite.config.ts"),
               problem("TLS-PROTO", "tls", RiskClass::ScaleRisk, Severity::Warning, "TLS 1.0 accepted", "acme.com:443"),
               problem("DNS-TTL", "dns", RiskClass::ScaleRisk, Severity::Note, "short TTL", "acme.com")});
  report.passed = {{"DNS-ROOT", "acme.com resolves"}, {"TLS-HOST", "www.acme.com"}};
  report.not_checked = {"signup", "password reset", "webhooks", "rate limits", "backups"};
  report.limits = {"what a platform keeps in its dashboard"};
  report.sections = {{"env", "2 files, 17 variables", true, 0.01}, {"bundle", "no build output found", false, 0}};
  report.hosts = {
      {"www.acme.com", "203.0.113.7", "acme.example-host.net", "Cloudflare", "https://acme.com/", "R11", 61}};
  report.env_files = {".env", ".env.production"};
  report.variables = {{"STRIPE_SECRET_KEY", false, {Setting::Set, Setting::Same}},
                      {"VITE_URL", true, {Setting::Empty, Setting::Missing}}};
  report.ever_committed = 7;
  report.seconds = 4.1;
  report.ended = 1'790'000'000;
  return report;
}

}  // namespace tightship::launch
