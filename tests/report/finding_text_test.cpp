#include <gtest/gtest.h>

#include "golden.h"
#include "report/report.h"
#include "sample.h"

namespace tightship::report {
namespace {

using detect::Finding;
using detect::Place;

Finding at_place(Place place, const std::string& path, bool owned) {
  Finding finding = stripe_finding();
  detect::Occurrence& occurrence = finding.occurrences.front();
  occurrence.place = place;
  occurrence.path = path;
  occurrence.position.line = occurrence.position.end_line = 1;
  if (owned) occurrence.object = oid("8c1d2e3");
  return finding;
}

Finding in_line(const std::string& before, const std::string& after, const std::string& path = "api/billing.py") {
  return finding_of(rules().stripe, stripe_key(), occurrence_in(stripe_key(), before, after, path));
}

// Another candidate, which is no finding, stands in the same line.
Finding beside_another() {
  const std::string other = std::string("gh") + "p_" + random_text(9, 32) + "Zz9k";
  Finding finding = in_line("a=\"", "\" b=\"" + other + "\"");
  detect::Excerpt& excerpt = *finding.occurrences.front().excerpt;
  const auto begin = static_cast<std::uint32_t>(excerpt.text.find(other));
  excerpt.secrets.push_back({begin, begin + static_cast<std::uint32_t>(other.size()), "ghp_"});
  return finding;
}

Finding cut_at_both_ends() {
  Finding finding = in_line(random_text(3, 30) + " ", " " + random_text(4, 30));
  detect::Excerpt& excerpt = *finding.occurrences.front().excerpt;
  excerpt.cut_left = excerpt.cut_right = true;
  const auto size = static_cast<std::uint32_t>(excerpt.text.size());
  excerpt.secrets.insert(excerpt.secrets.begin(), {0, 30, ""});
  excerpt.secrets.push_back({size - 30, size, ""});
  return finding;
}

Finding in_nine_places() {
  Finding finding = stripe_finding();
  for (std::uint32_t i = 1; i < 9; ++i) {
    finding.occurrences.push_back(finding.occurrences.front());
    finding.occurrences.back().path = "copy/" + std::to_string(i) + ".py";
    finding.occurrences.back().position.line = i;
  }
  finding.occurrence_count = 18;
  return finding;
}

Finding hostile_history() {
  Finding finding = stripe_in_history();
  finding.since->subject = "\x1b[1mkey " + stripe_key() + " \u202e" + std::string(90, 'x');
  finding.since->author_name = stripe_key() + "\n";
  finding.remotes = {"origin\x07", "b", "c", "d"};
  finding.occurrences.front().path = "dir/" + stripe_key() + "/\nx\xff.py";
  return finding;
}

Finding without(void (*edit)(Finding&)) {
  Finding finding = stripe_finding();
  edit(finding);
  return finding;
}

struct Shape {
  std::string name;
  Finding finding;
};

class FindingText : public testing::TestWithParam<Shape> {};

TEST_P(FindingText, IsDrawnAsTheGoldenFile) {
  const detect::ScanResult result = scan_of({GetParam().finding});
  Options options;
  options.show_notes = true;
  expect_golden("finding_" + GetParam().name + ".txt",
                render(result, Format::Text, options) + "\n" + render(result, Format::Concise, options));
}

INSTANTIATE_TEST_SUITE_P(
    Report, FindingText,
    testing::Values(
        Shape{"plain", stripe_finding()}, Shape{"history", stripe_in_history()}, Shape{"pem", pem_finding()},
        Shape{"beside_another", beside_another()}, Shape{"cut_at_both_ends", cut_at_both_ends()},
        Shape{"twice_in_a_line", in_line("a=" + stripe_key() + " b=", "")}, Shape{"nine_places", in_nine_places()},
        Shape{"hostile_history", hostile_history()}, Shape{"line_start", in_line("", " # key")},
        Shape{"line_end", in_line("key: ", "\r")}, Shape{"tab_and_wide", in_line("\t密钥\t= ", "")},
        Shape{"path_with_newline", in_line("k=", "", "a\nb.py")},
        Shape{"path_not_utf8", in_line("k=", "", "caf\xe9.py")},
        Shape{"blob_without_name", at_place(Place::File, "", true)},
        Shape{"file_name", at_place(Place::FileName, "a/" + stripe_key() + ".txt", false)},
        Shape{"symlink", at_place(Place::SymlinkTarget, "link", false)},
        Shape{"commit_message", at_place(Place::CommitMessage, "", true)},
        Shape{"author", at_place(Place::Author, "", true)}, Shape{"committer", at_place(Place::Committer, "", true)},
        Shape{"tag_message", at_place(Place::TagMessage, "", true)}, Shape{"tagger", at_place(Place::Tagger, "", true)},
        Shape{"ref_name", at_place(Place::RefName, "refs/heads/" + stripe_key(), false)},
        Shape{"reflog", at_place(Place::Reflog, "refs/heads/main", false)},
        Shape{"git_config", at_place(Place::GitConfig, "config", false)},
        Shape{"stdin", at_place(Place::Stdin, "", false)},
        Shape{"no_excerpt", without([](Finding& f) { f.occurrences.front().excerpt.reset(); })},
        Shape{"no_occurrence", without([](Finding& f) { f.occurrences.clear(); })},
        Shape{"no_rule", without([](Finding& f) { f.rule = nullptr; })},
        Shape{"note", without([](Finding& f) { f.severity = detect::Severity::Note; })}),
    [](const auto& param_info) { return param_info.param.name; });

TEST(ScanText, SeparatesFindingsAndHidesNotes) {
  Finding note = stripe_finding();
  note.severity = detect::Severity::Note;
  const detect::ScanResult result = scan_of({stripe_finding(), pem_finding(), note});
  expect_golden("scan_two_findings.txt", render(result, Format::Text, {}));
  EXPECT_EQ(render(scan_of({note}), Format::Text, {}), "");
  EXPECT_EQ(render(scan_of({note}), Format::Concise, {}), "");
  EXPECT_EQ(render(scan_of({}), Format::Text, {}), "");
}

TEST(ScanText, ShowsSecretsOnlyWhenAsked) {
  Options options;
  const detect::ScanResult result = scan_of({stripe_finding()});
  EXPECT_EQ(render(result, Format::Text, options).find(stripe_key()), std::string::npos);
  options.show_secrets = true;
  EXPECT_NE(render(result, Format::Text, options).find("\"" + stripe_key() + "\""), std::string::npos);
  EXPECT_NE(render(result, Format::Concise, options).find(stripe_key()), std::string::npos);
}

TEST(ScanText, ToleratesAnExcerptThatContradictsItself) {
  Finding finding = stripe_finding();
  detect::Excerpt& excerpt = *finding.occurrences.front().excerpt;
  excerpt.begin = 900;
  excerpt.end = 2;
  excerpt.secrets = {{30, 900, ""}, {5, 5, ""}, {9, 2, ""}};
  const std::string text = render(scan_of({finding}), Format::Text, {});
  EXPECT_EQ(text.find(stripe_key()), std::string::npos);
  EXPECT_NE(text.find("sk_live_…Qw8z"), std::string::npos);
}

}  // namespace
}  // namespace tightship::report
