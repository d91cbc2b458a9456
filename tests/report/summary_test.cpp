#include <gtest/gtest.h>

#include "report/report.h"
#include "sample.h"

namespace tightship::report {
namespace {

using detect::ScanResult;
using detect::Severity;

ScanResult with_severities(std::initializer_list<Severity> severities) {
  std::vector<detect::Finding> findings;
  for (const Severity severity : severities) {
    findings.push_back(stripe_finding());
    findings.back().severity = severity;
  }
  return scan_of(std::move(findings));
}

TEST(Summary, CountsFindings) {
  EXPECT_EQ(render_summary(scan_of({}), {}), "scanned 1 234 files, 12.3 MB in 0.2 s: no secrets found\ncomplete\n");
  const ScanResult result = with_severities(
      {Severity::Error, Severity::Error, Severity::Warning, Severity::Note, Severity::Note, Severity::Note});
  EXPECT_EQ(render_summary(result, {}),
            "scanned 1 234 files, 12.3 MB in 0.2 s: 2 errors, 1 warning (3 notes hidden, -v shows them)\ncomplete\n");
  Options options;
  options.show_notes = true;
  EXPECT_EQ(render_summary(result, options),
            "scanned 1 234 files, 12.3 MB in 0.2 s: 2 errors, 1 warning, 3 notes\ncomplete\n");
}

TEST(Summary, NamesWhatWasRead) {
  ScanResult range = scan_of({});
  range.coverage = {};
  range.coverage.commits = 2;
  range.coverage.blobs = 9;
  range.coverage.bytes = 41'000;
  range.coverage.seconds = 0.011;
  EXPECT_EQ(render_summary(range, {}), "scanned 2 commits, 9 blobs, 41 kB in 11 ms: no secrets found\ncomplete\n");
  ScanResult input = scan_of({});
  input.subject = "stdin";
  input.coverage.files = 1;
  EXPECT_EQ(render_summary(input, {}), "scanned stdin, 12.3 MB in 0.2 s: no secrets found\ncomplete\n");
}

TEST(Summary, OfNothingSaysSo) {
  ScanResult result = scan_of({});
  result.coverage = {};
  result.subject = "empty\x1b";
  EXPECT_EQ(render_summary(result, {}), "warning: nothing was scanned: empty\\x1b holds nothing to read\n");
  result.subject = "stdin";
  EXPECT_EQ(render_summary(result, {}), "warning: nothing was scanned: stdin was empty\n");
}

TEST(Summary, NamesWhatPolicyLeftOut) {
  ScanResult result = scan_of({});
  result.coverage.skipped = {{"compressed media", 10, 3'000'000}, {"over 1 GiB", 2, 400'000}, {"unused", 0, 0}};
  EXPECT_EQ(render_summary(result, {}),
            "scanned 1 234 files, 12.3 MB in 0.2 s: no secrets found\n"
            "skipped by policy: 12 pieces, 3.4 MB: 10 compressed media, 2 over 1 GiB\n"
            "complete\n");
}

TEST(Summary, ListsLossesAndWhatToDo) {
  ScanResult result = scan_of({stripe_finding()});
  result.losses = {{LossKind::UnreadableFile, "permission denied", "a\nb/" + stripe_key(), "run as its owner"},
                   {LossKind::UnreadableFile, "permission denied", "c", "run as its owner"}};
  result.loss_count = 2;
  result.remarks = {{Severity::Warning, "repository rules took part\x07", "tightship rules check"}};
  EXPECT_EQ(render_summary(result, {}),
            "warning: repository rules took part\\x07\n"
            "help: tightship rules check\n"
            "scanned 1 234 files, 12.3 MB in 0.2 s: 1 error\n"
            "incomplete: 2 unreadable files\n"
            "  unreadable file: a\\nb/sk_live_…Qw8z: permission denied\n"
            "  unreadable file: c: permission denied\n"
            "help: run as its owner\n");
}

}  // namespace
}  // namespace tightship::report
