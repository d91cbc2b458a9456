#pragma once

#include <span>
#include <string_view>

namespace tightship::cli {

struct HelpTopic {
  std::string_view name, brief, text;
};

std::span<const HelpTopic> help_topics();

}  // namespace tightship::cli
