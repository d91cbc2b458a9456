#include <gtest/gtest.h>

#include <sstream>

#include "golden.h"
#include "report/ci_report.h"
#include "report/report.h"
#include "sample.h"

namespace tightship::report {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string github(const detect::ScanResult& result) { return render(result, Format::Github, {}); }

TEST(Github, IsAsTheGoldenFile) {
  detect::Finding gone = stripe_in_history();
  gone.occurrences.erase(gone.occurrences.begin());
  detect::ScanResult result = scan_of({stripe_finding(), pem_finding(), gone});
  result.losses = {{LossKind::ShallowHistory, "history is cut off", "8c1d2e3", "git fetch --unshallow"}};
  result.loss_count = 1;
  result.remarks = {{detect::Severity::Warning, "the range, 100% of it", "set fetch-depth: 0"},
                    {detect::Severity::Note, "not an annotation", ""}};
  expect_golden("report.github.txt", github(result));
}

TEST(Github, PlacesWhatStandsInTheTree) {
  const std::vector<std::string> lines = lines_of(github(scan_of({stripe_finding(), pem_finding()})));
  ASSERT_EQ(lines.size(), 2u);
  const std::string end = std::to_string(19 + stripe_key().size());
  EXPECT_TRUE(
      lines[0].starts_with("::error file=api/billing.py,line=31,endLine=31,col=19,endColumn=" + end + ",title="));
  EXPECT_TRUE(lines[1].starts_with("::error file=deploy/id_rsa,line=1,endLine=27,title=")) << lines[1];
}

TEST(Github, PlacesNothingThatIsNotInTheTree) {
  detect::Finding gone = stripe_in_history();
  gone.occurrences.erase(gone.occurrences.begin());
  detect::Finding message = stripe_finding();
  message.occurrences.front().place = detect::Place::CommitMessage;
  detect::Finding odd_name = stripe_finding();
  odd_name.occurrences.front().path = "a\x1b[2Jb";
  detect::Finding name_is_secret = stripe_finding();
  name_is_secret.occurrences.front().path = stripe_key();
  for (const detect::Finding& finding : {gone, message, odd_name, name_is_secret}) {
    const std::string text = github(scan_of({finding}));
    EXPECT_EQ(text.find("file="), std::string::npos) << text;
    EXPECT_NE(text.find("%0Aat: "), std::string::npos) << text;
  }
}

TEST(Github, PrefersThePlaceInTheTree) {
  detect::Finding finding = stripe_in_history();
  std::swap(finding.occurrences[0], finding.occurrences[1]);
  EXPECT_NE(github(scan_of({finding})).find("file=api/billing.py,"), std::string::npos);
}

// A name cannot end the property, the command or the line.
TEST(Github, NamesGiveNoOrders) {
  detect::Finding finding = stripe_finding();
  finding.occurrences.front().path = "x,line=1::y%0A\xe5\xaf\x86";
  finding.why = "a\n::stop-commands::t\r##[group]";
  const std::vector<std::string> lines = lines_of(github(scan_of({finding})));
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_TRUE(lines[0].starts_with("::error file=x%2Cline=1%3A%3Ay%250A\xe5\xaf\x86,line=31,"));
  EXPECT_EQ(lines[0].find('\r'), std::string::npos);
}

TEST(Github, KeepsWithinTheLimitAndSaysHowManyMore) {
  for (const std::size_t count : {10u, 11u, 40u}) {
    const std::vector<std::string> lines =
        lines_of(github(scan_of(std::vector<detect::Finding>(count, stripe_finding()))));
    const std::size_t commands = static_cast<std::size_t>(std::count_if(
        lines.begin(), lines.end(), [](const std::string& line) { return line.starts_with("::error "); }));
    EXPECT_EQ(commands, 10u);
    if (count == 10) continue;
    EXPECT_EQ(lines[9],
              "::error title=tightship::and " + std::to_string(count - 9) + " more, which the log of this step lists");
    ASSERT_EQ(lines.size(), 10 + count - 9);
    EXPECT_TRUE(lines.back().starts_with("- api/billing.py:31:19: error[stripe-secret-key]"));
  }
}

TEST(Github, IncompleteComesFirstAndNothingIsSaid) {
  detect::ScanResult broken = scan_of({stripe_finding()});
  broken.loss_count = 3;
  EXPECT_TRUE(github(broken).starts_with("::error title=tightship::incomplete: 3 pieces could not be read"));
  detect::ScanResult empty;
  EXPECT_EQ(github(empty), "::warning title=tightship::nothing was scanned\n");
  EXPECT_EQ(github(scan_of({})), "");
}

TEST(StepSummary, IsAsTheGoldenFile) {
  detect::Finding odd = stripe_finding();
  odd.occurrences.front().path = "a|b</code>`[x](y)";
  detect::ScanResult result = scan_of({odd, stripe_in_history()});
  result.job = detect::ScanResult::Job::Changes;
  result.subject = "8c1d2e3..77ab01c";
  result.coverage.files = 0;
  result.coverage.commits = 2;
  result.coverage.blobs = 9;
  result.losses = {{LossKind::MissingObject, "</pre> gone", "aa11", "git fetch"}};
  result.loss_count = 1;
  expect_golden("step_summary.md", render_step_summary(result, {}));
}

TEST(StepSummary, TellsNothingFoundFromNothingScanned) {
  EXPECT_NE(render_step_summary(scan_of({}), {}).find("### tightship: no secrets found\n"), std::string::npos);
  EXPECT_NE(render_step_summary({}, {}).find("### tightship: nothing was scanned\n"), std::string::npos);
  detect::ScanResult broken = scan_of({});
  broken.loss_count = 1;
  EXPECT_NE(render_step_summary(broken, {}).find("no secrets found in what could be read"), std::string::npos);
}

TEST(StepSummary, IsBounded) {
  detect::Finding finding = stripe_finding();
  finding.occurrences.front().path = std::string(4000, 'a') + "&&&&";
  const std::string text = render_step_summary(scan_of(std::vector<detect::Finding>(2000, finding)), {});
  EXPECT_LE(text.size(), kMaxStepSummary);
  EXPECT_NE(text.find("more, in the report"), std::string::npos);
}

}  // namespace
}  // namespace tightship::report
