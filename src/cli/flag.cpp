#include "cli/flag.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "cli/similar.h"

namespace tightship::cli {
namespace {

tl::unexpected<Error> expected(std::string what) { return fail(ErrorKind::Usage, std::move(what)); }

// The leading digits of `text` as a number; `rest` is what follows them. Nothing without a digit or
// on overflow.
std::optional<std::uint64_t> leading_number(std::string_view text, std::string_view& rest) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{}) return std::nullopt;
  rest = text.substr(static_cast<std::size_t>(end - text.data()));
  return value;
}

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::string_view rest;
  const auto value = leading_number(text, rest);
  return rest.empty() ? value : std::nullopt;
}

std::optional<unsigned> unit_shift(std::string_view unit) {
  if (unit.empty()) return 0;
  if (unit == "k" || unit == "K") return 10;
  if (unit == "m" || unit == "M") return 20;
  if (unit == "g" || unit == "G") return 30;
  return std::nullopt;
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  std::string_view unit;
  const auto value = leading_number(text, unit);
  const auto shift = unit_shift(unit);
  if (!value || !shift || *value > (UINT64_MAX >> *shift)) return std::nullopt;
  return *value << *shift;
}

}  // namespace

TakeValue set_true(bool& target) {
  return [&target](const std::string&) -> Result<void> {
    target = true;
    return {};
  };
}

TakeValue set_text(std::string& target) {
  return [&target](const std::string& text) -> Result<void> {
    target = text;
    return {};
  };
}

TakeValue append_text(std::vector<std::string>& target) {
  return [&target](const std::string& text) -> Result<void> {
    target.push_back(text);
    return {};
  };
}

TakeValue set_number(unsigned& target, unsigned min, unsigned max) {
  return [&target, min, max](const std::string& text) -> Result<void> {
    const auto value = whole_number(text);
    if (!value || *value < min || *value > max) {
      return expected(fmt::format("a whole number from {} to {}", min, max));
    }
    target = static_cast<unsigned>(*value);
    return {};
  };
}

TakeValue set_count(std::uint64_t& target) {
  return [&target](const std::string& text) -> Result<void> {
    const auto value = whole_number(text);
    if (!value) return expected("a whole number");
    target = *value;
    return {};
  };
}

TakeValue set_size(std::uint64_t& target, std::uint64_t min, std::uint64_t max) {
  return [&target, min, max](const std::string& text) -> Result<void> {
    const auto value = parse_size(text);
    if (!value || *value < min || *value > max) {
      return expected(fmt::format("a size from {} to {} bytes, as 4096, 512k, 64M or 2G", min, max));
    }
    target = *value;
    return {};
  };
}

TakeValue set_choice(std::string& target, std::vector<std::string> choices) {
  return [&target, choices = std::move(choices)](const std::string& text) -> Result<void> {
    if (std::find(choices.begin(), choices.end(), text) == choices.end()) {
      return expected("one of " + join(choices, ", "));
    }
    target = text;
    return {};
  };
}

}  // namespace tightship::cli
