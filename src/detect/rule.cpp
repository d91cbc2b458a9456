#include "detect/rule.h"

#include <array>

namespace tightship::detect {
namespace {

constexpr std::array<std::string_view, 3> kSeverities = {"note", "warning", "error"};
constexpr std::array<std::string_view, 4> kKinds = {"secret", "public-by-design", "identifier", "test"};
constexpr std::array<std::string_view, 3> kRiskClasses = {"launch-blocker", "conversion-blocker", "scale-risk"};

// Enumerators are numbered from 0 in the order of their names.
template <class E, std::size_t N>
std::optional<E> parse_name(const std::array<std::string_view, N>& names, std::string_view name) {
  for (std::size_t i = 0; i < N; ++i) {
    if (names[i] == name) return static_cast<E>(i);
  }
  return std::nullopt;
}

}  // namespace

std::string_view severity_name(Severity severity) { return kSeverities[static_cast<std::size_t>(severity)]; }
std::string_view kind_name(Kind kind) { return kKinds[static_cast<std::size_t>(kind)]; }
std::string_view risk_class_name(RiskClass risk_class) { return kRiskClasses[static_cast<std::size_t>(risk_class)]; }

std::optional<Severity> parse_severity(std::string_view name) { return parse_name<Severity>(kSeverities, name); }
std::optional<Kind> parse_kind(std::string_view name) { return parse_name<Kind>(kKinds, name); }
std::optional<RiskClass> parse_risk_class(std::string_view name) { return parse_name<RiskClass>(kRiskClasses, name); }

}  // namespace tightship::detect
