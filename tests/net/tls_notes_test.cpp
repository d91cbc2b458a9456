// What is worth knowing and no fault.

#include "report/problems.h"
#include "tls_lab.h"

namespace tightship::net {
namespace {

using testing::CertificateSpec;
using testing::kDay;
using testing::kNow;

struct Note {
  const char* id;
  std::int64_t before, after;  // days: the certificate's life around now
  bool there;
};

TEST(TlsNotes, AreSaidAndAreNoFaults) {
  const Note kNotes[] = {
      {"TLS-RENEWAL", 65, 25, true},
      {"TLS-RENEWAL", 30, 60, false},
      {"TLS-LIFETIME", 30, 400, true},
      {"TLS-LIFETIME", 30, 160, false},
  };
  for (const Note& row : kNotes) {
    TlsLab lab;
    CertificateSpec spec;
    spec.not_before = kNow - row.before * kDay;
    spec.not_after = kNow + row.after * kDay;
    const auto server = lab.serve(lab.leaf(spec));
    const TlsResult result = lab.check();
    const readiness::Problem* note = problem_of(result.report, row.id);
    EXPECT_EQ(note != nullptr, row.there) << row.id << report::render(result.report, report::Format::Text, {});
    if (note != nullptr) EXPECT_EQ(note->severity, detect::Severity::Note) << row.id;
    EXPECT_EQ(ids(result.report), "") << row.id;
  }
}

}  // namespace
}  // namespace tightship::net
