#pragma once

// What all forms of the launch report say in the same words. Raw: the printer escapes.

#include <string>
#include <string_view>

#include "launch/report.h"

namespace tightship::launch {

inline constexpr detect::RiskClass kClasses[] = {detect::RiskClass::LaunchBlocker, detect::RiskClass::ConversionBlocker,
                                                 detect::RiskClass::ScaleRisk};

std::string_view class_heading(detect::RiskClass risk_class);  // "Launch blockers"
std::string_view class_meaning(detect::RiskClass risk_class);  // "fix before anyone visits"

// "NOT READY: 3 launch blockers, 2 conversion blockers"; "READY, with 4 scale risks"; "no problems found".
// What could not be read makes no run ready: "NOT KNOWN: ...".
std::string verdict(const Report& report);

// Titles of a list begin alike: "Secrets of .env are in git".
std::string title_words(const Row& row);
std::string spot_words(const readiness::Spot& spot);  // "vite.config.ts:9"
std::string first_place(const Row& row);              // of the head
std::string why_words(const Row& row);                // why and breaks in sentences, "seen in 4 places"
std::string fix_words(const Row& row);                // fix and commands in one line
std::string effort_words(const Row& row);             // "~20 min", or empty
std::string rotate_words(const Report& report);       // empty when nothing was ever committed
std::string loss_words(const Loss& loss);

}  // namespace tightship::launch
