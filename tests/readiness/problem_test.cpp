#include "readiness/problem.h"

#include <gtest/gtest.h>

namespace tightship::readiness {
namespace {

using detect::RiskClass;
using detect::Severity;

Problem of(std::string id, RiskClass risk_class, Severity severity, Exposure exposure, std::uint32_t minutes,
           std::string path) {
  Problem p;
  p.id = std::move(id);
  p.risk_class = risk_class;
  p.severity = severity;
  p.exposure = exposure;
  p.minutes = minutes;
  p.spots = {{std::move(path), 1, 1}};
  return p;
}

TEST(Problem, WorstComesFirst) {
  std::vector<Problem> problems = {
      of("8", RiskClass::ScaleRisk, Severity::Error, Exposure::Web, 1, "a"),
      of("7", RiskClass::ConversionBlocker, Severity::Error, Exposure::Web, 1, "a"),
      of("6", RiskClass::LaunchBlocker, Severity::Warning, Exposure::Web, 1, "a"),
      of("5", RiskClass::LaunchBlocker, Severity::Error, Exposure::Local, 1, "a"),
      of("4", RiskClass::LaunchBlocker, Severity::Error, Exposure::Web, 9, "a"),
      of("3", RiskClass::LaunchBlocker, Severity::Error, Exposure::Web, 5, "b"),
      of("2", RiskClass::LaunchBlocker, Severity::Error, Exposure::Web, 5, "a"),
      of("1", RiskClass::LaunchBlocker, Severity::Error, Exposure::Web, 60, "z"),
  };
  problems.back().urgent = true;
  sort_problems(problems);
  std::string order;
  for (const Problem& p : problems) order += p.id;
  EXPECT_EQ(order, "12345678");
}

TEST(Problem, TheFingerprintIsOfTheThingNotOfTheLine) {
  Problem p = of("ENV-TRACKED", RiskClass::LaunchBlocker, Severity::Error, Exposure::Local, 1, ".env");
  p.subject = "KEY";
  const std::string id = fingerprint(p);
  EXPECT_EQ(id.size(), 16u);
  p.spots.front().line = 40;
  p.title = "other words";
  EXPECT_EQ(fingerprint(p), id);
  for (const auto change : {0, 1, 2}) {
    Problem other = p;
    (change == 0 ? other.id : change == 1 ? other.subject : other.spots.front().path) += "x";
    EXPECT_NE(fingerprint(other), id) << change;
  }
  // Where one part ends and the next begins is part of it.
  Problem moved = p;
  moved.subject = "KEY.";
  moved.spots.front().path = "env";
  EXPECT_NE(fingerprint(moved), id);
}

TEST(Problem, AValueIsTheSameWhoeverFoundIt) {
  EXPECT_EQ(value_id("hunter22"), value_id("hunter22"));
  EXPECT_NE(value_id("hunter22"), value_id("hunter23"));
  EXPECT_EQ(value_id("hunter22").find("hunter"), std::string::npos);
}

TEST(Problem, ClassesGoUpAndDownOneStep) {
  EXPECT_EQ(raised(RiskClass::ScaleRisk), RiskClass::ConversionBlocker);
  EXPECT_EQ(raised(RiskClass::ConversionBlocker), RiskClass::LaunchBlocker);
  EXPECT_EQ(raised(RiskClass::LaunchBlocker), RiskClass::LaunchBlocker);
  EXPECT_EQ(lowered(RiskClass::LaunchBlocker), RiskClass::ConversionBlocker);
  EXPECT_EQ(lowered(RiskClass::ConversionBlocker), RiskClass::ScaleRisk);
  EXPECT_EQ(lowered(RiskClass::ScaleRisk), RiskClass::ScaleRisk);
}

}  // namespace
}  // namespace tightship::readiness
