#pragma once

// Findings made by hand. Values are generated, so that no token stands in the tree.

#include <random>
#include <string>
#include <utility>

#include "detect/finding.h"

namespace tightship::report {

inline std::string random_text(std::uint32_t seed, std::size_t size) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  std::mt19937 random(seed);
  std::string text;
  for (std::size_t i = 0; i < size; ++i) text += kDigits[random() % kDigits.size()];
  return text;
}

inline std::string stripe_key(std::uint32_t seed = 1, const std::string& tail = "Qw8z") {
  return std::string("sk_") + "live_" + random_text(seed, 20) + tail;
}

inline std::string pem_block() {
  const std::string label = "RSA PRIVATE KEY-----";
  std::string block = "-----BEGIN " + label + "\n";
  for (std::uint32_t i = 0; i < 25; ++i) block += random_text(100 + i, 64) + "\n";
  return block + "-----END " + label;
}

inline detect::Rule stripe_rule() {
  detect::Rule rule;
  rule.id = "stripe-secret-key";
  rule.title = "Stripe live secret key";
  rule.provider = "Stripe";
  rule.prefix = "sk_live_";
  rule.why = "format valid, live mode";
  rule.impact = "moves money and reads customer data";
  rule.rotate = "roll the key in the Stripe dashboard (Developers, API keys), then read it from STRIPE_SECRET_KEY";
  rule.rotate_url = "https://dashboard.stripe.com/apikeys";
  rule.tags = {"payment"};
  return rule;
}

inline detect::Rule pem_rule() {
  detect::Rule rule;
  rule.id = "private-key";
  rule.title = "RSA private key";
  rule.prefix = "-----BEGIN ";
  rule.rotate = "make a new key pair and replace the public key wherever it is trusted";
  return rule;
}

inline detect::Rule generic_rule() {
  detect::Rule rule;
  rule.id = "generic-secret";
  rule.title = "generic secret";
  rule.severity = detect::Severity::Warning;
  rule.generic = true;
  return rule;
}

// The rules of all samples; they live as long as the program.
struct Rules {
  detect::Rule stripe = stripe_rule(), pem = pem_rule(), generic = generic_rule();
};
inline const Rules& rules() {
  static const Rules all;
  return all;
}

inline Oid oid(const std::string& head) {
  std::string hex = head;
  while (hex.size() < 40) hex += "0123456789abcdef"[hex.size() % 16];
  return *Oid::from_hex(hex);
}

inline detect::CommitInfo commit(const std::string& head = "8c1d2e3") {
  detect::CommitInfo info;
  info.id = oid(head);
  info.subject = "wire up billing";
  info.author_name = "Ana";
  info.author_email = "ana@example.org";
  info.time = 1762211400;  // 2025-11-03T23:10:00Z
  info.zone_minutes = -60;
  return info;
}

// An occurrence of `secret` in the line before + secret + after.
inline detect::Occurrence occurrence_in(const std::string& secret, const std::string& before, const std::string& after,
                                        std::string path = "api/billing.py", std::uint32_t line = 31) {
  const auto width = [](const std::string& text) { return static_cast<std::uint32_t>(text.size()); };
  detect::Occurrence occurrence;
  occurrence.path = std::move(path);
  const std::uint32_t begin = width(before), end = begin + width(secret);
  occurrence.position = {line, begin + 1, line, end + 1, 1000 + begin};
  detect::Excerpt excerpt;
  excerpt.text = before + secret + after;
  excerpt.begin = begin;
  excerpt.end = end;
  excerpt.secrets = {{begin, end, ""}};
  occurrence.excerpt = excerpt;
  return occurrence;
}

inline detect::Finding finding_of(const detect::Rule& rule, std::string secret, detect::Occurrence occurrence) {
  detect::Finding finding;
  finding.rule = &rule;
  finding.secret = std::move(secret);
  finding.fingerprint = "5d0c9a3e71b2f640";
  finding.severity = rule.severity;
  finding.why = std::string(rule.why);
  finding.occurrences = {std::move(occurrence)};
  finding.occurrence_count = 1;
  return finding;
}

inline detect::Finding stripe_finding() {
  const std::string key = stripe_key();
  return finding_of(rules().stripe, key, occurrence_in(key, "stripe.api_key = \"", "\""));
}

inline detect::Finding pem_finding() {
  const std::string block = pem_block();
  detect::Occurrence occurrence = occurrence_in(block.substr(0, block.find('\n')), "", "", "deploy/id_rsa", 1);
  occurrence.position = {1, 1, 27, 30, 0};
  detect::Finding finding = finding_of(rules().pem, block, occurrence);
  finding.why = "not encrypted, RSA 2048 bits";
  finding.fingerprint = "77aa9a3e71b2f641";
  return finding;
}

// With everything that an audit knows.
inline detect::Finding stripe_in_history() {
  detect::Finding finding = stripe_finding();
  finding.history = true;
  finding.since = commit();
  finding.in_head = true;
  finding.pushed = detect::PushState::Pushed;
  finding.remotes = {"origin"};
  finding.refs = {"refs/heads/main", "refs/tags/v1"};
  finding.ref_count = 4;
  finding.facts = {{"account", "acct_1"}};
  detect::Occurrence& first = finding.occurrences.front();
  first.commit = commit();
  first.object = oid("aa11");
  first.in_head = true;
  first.reach = detect::Reach::Head;
  first.versions = 4;
  detect::Occurrence second = first;
  second.path = "api/old.py";
  second.position.line = 7;
  second.commit = commit("77ab01c");
  second.in_head = false;
  second.reach = detect::Reach::Ref;
  second.versions = 1;
  finding.occurrences.push_back(second);
  finding.occurrence_count = 3;
  return finding;
}

inline detect::ScanResult scan_of(std::vector<detect::Finding> findings) {
  detect::ScanResult result;
  result.subject = "/home/ana/shop";
  result.findings = std::move(findings);
  result.rules_version = "2026.11 (163 rules, 5f3c9a12)";
  result.coverage.files = 1234;
  result.coverage.bytes = 12'300'000;
  result.coverage.seconds = 0.2;
  return result;
}

}  // namespace tightship::report
