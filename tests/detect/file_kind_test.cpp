#include "detect/file_kind.h"

#include <gtest/gtest.h>

namespace tightship::detect {
namespace {

struct PathCase {
  const char* path;
  bool in_tests;
};

class InTests : public testing::TestWithParam<PathCase> {};
TEST_P(InTests, IsToldByWholeNames) { EXPECT_EQ(is_in_tests(GetParam().path), GetParam().in_tests) << GetParam().path; }

INSTANTIATE_TEST_SUITE_P(Paths, InTests,
                         testing::Values(PathCase{"tests/pay.py", true}, PathCase{"src/__mocks__/a.ts", true},
                                         PathCase{"a/Test/b", true}, PathCase{"src/pay.spec.ts", true},
                                         PathCase{"pay_test.go", true}, PathCase{"lib/test_pay.py", true},
                                         PathCase{"latest/pay.py", false}, PathCase{"contest.py", false},
                                         PathCase{"src/aspect.ts", false}, PathCase{"docs/a.md", false},
                                         PathCase{"test", false}, PathCase{"", false}));

TEST(FileKind, NamesOfFilesTellTheLanguage) {
  EXPECT_EQ(file_kind(".env.production"), FileKind::Environment);
  EXPECT_EQ(file_kind("a/Dockerfile"), FileKind::Shell);
  EXPECT_EQ(file_kind("a/b.YML"), FileKind::Yaml);
  EXPECT_EQ(file_kind("a/b"), FileKind::Unknown);
}

}  // namespace
}  // namespace tightship::detect
