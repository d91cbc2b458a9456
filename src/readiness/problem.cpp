#include "readiness/problem.h"

#include <algorithm>
#include <tuple>

#include "detect/detector.h"

namespace tightship::readiness {
namespace {

using detect::RiskClass;

auto rank(const Problem& p) {
  const Spot none;
  const Spot& spot = p.spots.empty() ? none : p.spots.front();
  return std::tuple(p.risk_class, -static_cast<int>(p.severity), -static_cast<int>(p.exposure), !p.urgent, p.minutes,
                    std::string_view(spot.path), spot.line, spot.column, std::string_view(p.id),
                    std::string_view(p.subject));
}

}  // namespace

std::string_view exposure_name(Exposure exposure) {
  switch (exposure) {
    case Exposure::PrivateRepository: return "private-repository";
    case Exposure::PublicRepository: return "public-repository";
    case Exposure::Web: return "web";
    case Exposure::Local: break;
  }
  return "local";
}

std::string value_id(std::string_view value) { return detect::fingerprint("value", value); }

std::string fingerprint(const Problem& problem) {
  std::string key = problem.subject;
  key += '\0';
  if (!problem.spots.empty()) key += problem.spots.front().path;
  return detect::fingerprint(problem.id, key);
}

void sort_problems(std::vector<Problem>& problems) {
  std::stable_sort(problems.begin(), problems.end(),
                   [](const Problem& a, const Problem& b) { return rank(a) < rank(b); });
}

RiskClass raised(RiskClass risk_class) {
  return risk_class == RiskClass::ScaleRisk ? RiskClass::ConversionBlocker : RiskClass::LaunchBlocker;
}

RiskClass lowered(RiskClass risk_class) {
  return risk_class == RiskClass::LaunchBlocker ? RiskClass::ConversionBlocker : RiskClass::ScaleRisk;
}

}  // namespace tightship::readiness
