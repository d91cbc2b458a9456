#include <gtest/gtest.h>

#include "golden.h"
#include "report/report.h"
#include "sample.h"

namespace tightship::report {
namespace {

std::string junit(const detect::ScanResult& result, bool notes = false) {
  Options options;
  options.show_notes = notes;
  return render(result, Format::Junit, options);
}

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST(Junit, IsAsTheGoldenFile) {
  detect::Finding odd = stripe_finding();
  odd.occurrences.front().path = "a&b/<c>\"d'";
  detect::ScanResult result = scan_of({odd, pem_finding(), stripe_in_history()});
  result.losses = {{LossKind::CorruptObject, "zlib <stream> ends early", "aa11", "git fsck"}};
  result.loss_count = 1;
  result.remarks = {{detect::Severity::Warning, "a & b", ""}};
  expect_golden("report.junit.xml", junit(result));
}

TEST(Junit, ACleanScanPassesAndSaysWhatWasCovered) {
  const std::string text = junit(scan_of({}));
  EXPECT_TRUE(holds(text, " tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\">"));
  EXPECT_TRUE(holds(text, "1 234 files, 12.3 MB"));
  EXPECT_FALSE(holds(text, "<failure") || holds(text, "<error") || holds(text, "<skipped"));
}

TEST(Junit, IncompleteIsAnError) {
  detect::ScanResult result = scan_of({});
  result.loss_count = 2;
  const std::string text = junit(result);
  EXPECT_TRUE(holds(text, " errors=\"1\""));
  EXPECT_TRUE(holds(text, "<error message=\"incomplete: 2 pieces could not be read\">"));
}

TEST(Junit, NothingScannedDoesNotPass) {
  const std::string text = junit({});
  EXPECT_TRUE(holds(text, " skipped=\"1\""));
  EXPECT_TRUE(holds(text, "<skipped message=\"nothing was scanned\"/>"));
}

TEST(Junit, NotesDoNotFail) {
  detect::Finding note = stripe_finding();
  note.severity = detect::Severity::Note;
  EXPECT_TRUE(holds(junit(scan_of({note})), " tests=\"1\" failures=\"0\""));
  EXPECT_TRUE(holds(junit(scan_of({note}), true), " tests=\"2\" failures=\"0\""));
  note.severity = detect::Severity::Warning;
  EXPECT_TRUE(holds(junit(scan_of({note})), " tests=\"2\" failures=\"1\""));
}

TEST(Junit, ControlCharactersAreNoXml) {
  detect::Finding finding = stripe_finding();
  finding.why = std::string("a\x01\x0c\xff]]>") + '\0';
  const std::string text = junit(scan_of({finding}));
  for (const char c : text) EXPECT_TRUE(c == '\n' || static_cast<std::uint8_t>(c) >= 0x20);
  EXPECT_FALSE(holds(text, "]]>"));
}

}  // namespace
}  // namespace tightship::report
