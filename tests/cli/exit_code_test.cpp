#include "cli/exit_code.h"

#include <gtest/gtest.h>

namespace tightship::cli {
namespace {

using detect::Severity;

struct Row {
  const char* name;
  std::vector<Severity> findings;
  bool complete;
  ExitPolicy policy;
  int status;
};

class ExitStatus : public testing::TestWithParam<Row> {};

TEST_P(ExitStatus, SaysWhatTheTableSays) {
  const Row& row = GetParam();
  detect::ScanResult result;
  for (const Severity severity : row.findings) result.findings.emplace_back().severity = severity;
  result.loss_count = row.complete ? 0 : 1;
  EXPECT_EQ(exit_status(result, row.policy), row.status);
}

constexpr ExitPolicy kDefault{};
constexpr ExitPolicy kErrorsOnly{Severity::Error, false, false, 1};
constexpr ExitPolicy kNotesToo{Severity::Note, false, false, 1};
constexpr ExitPolicy kComplete{Severity::Warning, true, false, 1};
constexpr ExitPolicy kZero{Severity::Warning, false, true, 1};
constexpr ExitPolicy kSeven{Severity::Warning, false, false, 7};

INSTANTIATE_TEST_SUITE_P(
    Table, ExitStatus,
    testing::Values(Row{"clean", {}, true, kDefault, 0}, Row{"found", {Severity::Error}, true, kDefault, 1},
                    Row{"found_incomplete", {Severity::Error}, false, kDefault, 1},
                    Row{"incomplete", {}, false, kDefault, 3},
                    Row{"note_below_threshold", {Severity::Note}, true, kDefault, 0},
                    Row{"note_below_threshold_incomplete", {Severity::Note}, false, kDefault, 3},
                    Row{"warning_at_threshold", {Severity::Warning}, true, kDefault, 1},
                    Row{"warning_below_error", {Severity::Warning}, true, kErrorsOnly, 0},
                    Row{"one_of_several_counts", {Severity::Note, Severity::Error}, true, kErrorsOnly, 1},
                    Row{"note_counts_when_told", {Severity::Note}, true, kNotesToo, 1},
                    Row{"required_complete_found", {Severity::Error}, false, kComplete, 3},
                    Row{"required_complete_is", {Severity::Error}, true, kComplete, 1},
                    Row{"exit_zero_found", {Severity::Error}, true, kZero, 0},
                    Row{"exit_zero_incomplete", {Severity::Error}, false, kZero, 3},
                    Row{"own_code_found", {Severity::Error}, false, kSeven, 7},
                    Row{"own_code_clean", {}, true, kSeven, 0}, Row{"own_code_incomplete", {}, false, kSeven, 3}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace tightship::cli
