#include <gtest/gtest.h>

#include "report/ci_report.h"
#include "report/report.h"
#include "sample.h"

// Secrets are planted in every text that comes from a repository; no output may show more of one than
// its fixed prefix and its last four characters.

namespace tightship::report {
namespace {

using detect::Finding;
using detect::ScanResult;

constexpr std::size_t kFindings = 4;

class Planter {
 public:
  explicit Planter(std::uint32_t seed) : random_(seed) {
    for (std::size_t i = 0; i < kFindings; ++i) {
      const std::string body = random_text(static_cast<std::uint32_t>(random_()), 12 + random_() % 40);
      secrets_.push_back(random_() % 2 == 0 ? "sk_live_" + body : body);
    }
  }

  // Some of the secrets, with something between them that does or does not separate.
  std::string text() {
    static const std::vector<std::string> kBetween = {"",       " ",    "\n", "\t", "\x1b[0m",
                                                      "\u202e", "\xff", "密", "/",  "\""};
    std::string text;
    for (std::size_t i = 0; i < 1 + random_() % 4; ++i) {
      text += kBetween[random_() % kBetween.size()] + secrets_[random_() % kFindings];
    }
    return text + kBetween[random_() % kBetween.size()];
  }

  detect::CommitInfo commit_info() {
    detect::CommitInfo info = commit();
    info.subject = text();
    info.author_name = text();
    info.author_email = text();
    return info;
  }

  detect::Occurrence occurrence(const std::string& secret) {
    detect::Occurrence occurrence =
        occurrence_in(secret, text(), text(), text(), 1 + static_cast<std::uint32_t>(random_() % 99));
    occurrence.place = static_cast<detect::Place>(random_() % 12);
    if (random_() % 2 == 0) occurrence.commit = commit_info();
    if (random_() % 2 == 0) occurrence.object = oid("ab");
    occurrence.excerpt->cut_left = random_() % 2 == 0;
    occurrence.excerpt->cut_right = random_() % 2 == 0;
    if (random_() % 4 == 0) occurrence.excerpt->secrets.clear();
    return occurrence;
  }

  Finding finding(std::size_t index) {
    Finding finding = finding_of(rules().stripe, secrets_[index], occurrence(secrets_[index]));
    for (std::size_t i = random_() % 5; i > 0; --i) finding.occurrences.push_back(occurrence(secrets_[index]));
    finding.severity = random_() % 2 == 0 ? detect::Severity::Error : detect::Severity::Warning;
    finding.why = text();
    finding.facts = {{text(), text()}};
    finding.history = random_() % 2 == 0;
    if (finding.history) finding.since = commit_info();
    finding.pushed = static_cast<detect::PushState>(random_() % 3);
    finding.remotes = {text(), text()};
    finding.refs = {text()};
    return finding;
  }

  ScanResult result() {
    std::vector<Finding> findings;
    for (std::size_t i = 0; i < kFindings; ++i) findings.push_back(finding(i));
    ScanResult result = scan_of(std::move(findings));
    result.job = random_() % 2 == 0 ? ScanResult::Job::Audit : ScanResult::Job::Scan;
    result.subject = text();
    result.losses = {{LossKind::CorruptObject, text(), text(), text()}};
    result.loss_count = 1;
    result.remarks = {{detect::Severity::Warning, text(), text()}};
    result.coverage.skipped = {{text(), 1, 1}};
    return result;
  }

  const std::vector<std::string>& secrets() const { return secrets_; }

 private:
  std::mt19937 random_;
  std::vector<std::string> secrets_;
};

// Every five characters in a row of the random part, in the clear or in base64 by a reader of the JSON.
void expect_hidden(std::string output, const std::vector<std::string>& secrets, const std::string& what) {
  // The digits of an escaped ellipsis, in JSON and in URIs, are no part of the tail after it.
  for (const std::string escaped : {"\\u2026", "%E2%80%A6"}) {
    for (std::size_t at; (at = output.find(escaped)) != std::string::npos;) output.replace(at, escaped.size(), "…");
  }
  for (const std::string& secret : secrets) {
    const std::size_t from = secret.starts_with("sk_live_") ? 8 : 0;
    for (std::size_t i = from; i + 5 <= secret.size(); ++i) {
      ASSERT_EQ(output.find(secret.substr(i, 5)), std::string::npos) << what << "\n" << output;
    }
  }
}

std::string decoded_base64(const std::string& output) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string decoded;
  for (std::size_t at = output.find("_base64\": \""); at != std::string::npos; at = output.find("_base64\": \"", at)) {
    at += 11;
    std::uint32_t bits = 0;
    int have = 0;
    for (; output[at] != '"' && output[at] != '='; ++at) {
      bits = bits << 6 | static_cast<std::uint32_t>(kDigits.find(output[at]));
      have += 6;
      if (have >= 8) decoded += static_cast<char>(bits >> (have -= 8) & 0xff);
    }
    decoded += '\n';
  }
  return decoded;
}

TEST(NoSecret, IsInAnyOutputUnlessAskedFor) {
  for (std::uint32_t seed = 0; seed < 120; ++seed) {
    Planter planter(seed);
    const ScanResult result = planter.result();
    Options options;
    options.width = 40 + seed % 100;
    options.color = seed % 2 == 0;
    options.audit_details = true;
    for (const Format format : {Format::Text, Format::Concise, Format::Json, Format::Jsonl, Format::Sarif,
                                Format::Github, Format::Gitlab, Format::Junit}) {
      const std::string output = render(result, format, options);
      expect_hidden(output, planter.secrets(), "format " + std::to_string(static_cast<int>(format)));
      if (format == Format::Json) expect_hidden(decoded_base64(output), planter.secrets(), "base64");
    }
    options.only = 1 + seed % kFindings;
    expect_hidden(render(result, Format::Text, options), planter.secrets(), "one row");
    expect_hidden(render_summary(result, options), planter.secrets(), "summary");
    expect_hidden(render_step_summary(result, options), planter.secrets(), "step summary");
  }
}

// The test above could pass because nothing is shown at all.
TEST(NoSecret, TheSameTextsShowThemWhenAsked) {
  Planter planter(1);
  const ScanResult result = planter.result();
  Options options;
  options.show_secrets = true;
  for (const Format format :
       {Format::Concise, Format::Json, Format::Jsonl, Format::Sarif, Format::Github, Format::Gitlab, Format::Junit}) {
    const std::string output = render(result, format, options);
    for (const std::string& secret : planter.secrets()) {
      EXPECT_NE(output.find(secret), std::string::npos) << static_cast<int>(format);
    }
  }
}

}  // namespace
}  // namespace tightship::report
