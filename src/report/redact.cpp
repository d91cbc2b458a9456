#include <algorithm>

#include "report/report.h"

namespace tightship::report {
namespace {

constexpr std::size_t kTail = 4;          // last characters that are shown,
constexpr std::size_t kLeastRandom = 20;  // when at least so many are random

bool is_graphic(char c) { return c > 0x20 && c < 0x7f; }

// The armour line of a PEM block is format, whatever prefix the rule names.
std::string_view pem_header(std::string_view secret) {
  constexpr std::string_view kBegin = "-----BEGIN ";
  constexpr std::size_t kMaxLabel = 48;
  if (!secret.starts_with(kBegin)) return {};
  const std::size_t end = secret.substr(0, kBegin.size() + kMaxLabel).find("-----", kBegin.size());
  if (end == std::string_view::npos) return {};
  const std::string_view label = secret.substr(kBegin.size(), end - kBegin.size());
  const bool is_label = std::all_of(
      label.begin(), label.end(), [](char c) { return c == ' ' || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
  return is_label ? secret.substr(0, end + 5) : std::string_view{};
}

}  // namespace

std::string redact(std::string_view secret, std::string_view prefix) {
  if (const std::string_view header = pem_header(secret); !header.empty()) return std::string(header) + "…";
  if (!secret.starts_with(prefix)) prefix = {};
  std::string shown(prefix);
  shown += "…";
  const std::string_view random = secret.substr(prefix.size());
  if (random.size() < kLeastRandom) return shown;
  const std::string_view tail = random.substr(random.size() - kTail);
  if (std::all_of(tail.begin(), tail.end(), is_graphic)) shown += tail;
  return shown;
}

}  // namespace tightship::report
