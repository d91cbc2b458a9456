#include "lint/dotenv_parts.h"

#include <algorithm>

namespace tightship::lint {
namespace {

// Width of the character at `at` when it is one of `points`, given in UTF-8.
template <class Points>
std::size_t width_of_any(std::string_view text, std::size_t at, const Points& points) {
  for (const std::string_view point : points) {
    if (text.substr(at).starts_with(point)) return point.size();
  }
  return 0;
}

constexpr std::array<std::string_view, 17> kUnicodeSpaces = {
    "\xC2\xA0",     "\xE1\x9A\x80", "\xE2\x80\x80", "\xE2\x80\x81", "\xE2\x80\x82", "\xE2\x80\x83",
    "\xE2\x80\x84", "\xE2\x80\x85", "\xE2\x80\x86", "\xE2\x80\x87", "\xE2\x80\x88", "\xE2\x80\x89",
    "\xE2\x80\x8A", "\xE2\x80\xA8", "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F"};

std::size_t wide_space(std::string_view text, std::size_t at) {
  const auto c = static_cast<unsigned char>(text[at]);
  if (c != 0xC2 && c != 0xE1 && c != 0xE2 && c != 0xE3) return 0;
  if (text.substr(at).starts_with("\xE3\x80\x80")) return 3;
  return width_of_any(text, at, kUnicodeSpaces);
}

}  // namespace

template <class Drop>
Source Source::filtered(std::string_view original, char stand_in, Drop drop) {
  Source source(original);
  if (original.find('\r') == std::string_view::npos) return source;
  source.owned_.reserve(original.size());
  for (std::size_t i = 0; i < original.size(); ++i) {
    const char c = original[i];
    if (c != '\r') {
      source.owned_.push_back(c);
    } else if (drop(i)) {
      source.removed_.push_back(static_cast<std::uint32_t>(source.owned_.size()));
    } else {
      source.owned_.push_back(stand_in);
    }
  }
  source.text = {source.owned_.data(), source.owned_.size()};
  return source;
}

Source Source::without_crlf(std::string_view original) {
  return filtered(original, '\r', [&](std::size_t i) { return i + 1 < original.size() && original[i + 1] == '\n'; });
}

Source Source::with_newlines(std::string_view original) {
  return filtered(original, '\n', [&](std::size_t i) { return i + 1 < original.size() && original[i + 1] == '\n'; });
}

Source Source::without_cr(std::string_view original) {
  return filtered(original, '\r', [](std::size_t) { return true; });
}

std::size_t Source::original_offset(std::size_t offset) const {
  return offset +
         static_cast<std::size_t>(std::upper_bound(removed_.begin(), removed_.end(), offset) - removed_.begin());
}

std::size_t js_space(std::string_view text, std::size_t at) {
  if (at >= text.size()) return 0;
  if (is_ascii_space(text[at])) return 1;
  return text.substr(at).starts_with("\xEF\xBB\xBF") ? 3 : wide_space(text, at);
}

std::size_t go_space(std::string_view text, std::size_t at) {
  if (at >= text.size()) return 0;
  if (is_ascii_space(text[at])) return 1;
  return text.substr(at).starts_with("\xC2\x85") ? 2 : wide_space(text, at);
}

std::size_t go_blank(std::string_view text, std::size_t at) {
  if (at >= text.size()) return 0;
  if (is_ascii_space(text[at])) return text[at] == '\n' ? 0 : 1;
  return text.substr(at).starts_with("\xC2\x85") || text.substr(at).starts_with("\xC2\xA0") ? 2 : 0;
}

std::string_view trim_ascii(std::string_view text) {
  while (!text.empty() && is_ascii_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_ascii_space(text.back())) text.remove_suffix(1);
  return text;
}

std::size_t skip_space(std::string_view text, std::size_t at, SpaceWidth space) {
  for (std::size_t width = space(text, at); width > 0; width = space(text, at)) at += width;
  return at;
}

std::size_t next_go_statement(std::string_view text, std::size_t at) {
  for (;;) {
    at = skip_space(text, at, go_space);
    if (at >= text.size() || text[at] != '#') return std::min(at, text.size());
    at = std::min(text.find('\n', at), text.size());
  }
}

std::string_view trim_left(std::string_view text, SpaceWidth space) { return text.substr(skip_space(text, 0, space)); }

std::string_view trim_right(std::string_view text, SpaceWidth space) {
  for (;;) {
    std::size_t width = 0;
    for (std::size_t back = 1; back <= 3 && back <= text.size() && width == 0; ++back) {
      if (space(text, text.size() - back) == back) width = back;
    }
    if (width == 0) return text;
    text.remove_suffix(width);
  }
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  std::size_t at = text.find(from);
  if (at == std::string::npos) return;
  std::string out;
  std::size_t begin = 0;
  for (; at != std::string::npos; at = text.find(from, begin)) {
    out.append(text, begin, at - begin).append(to);
    begin = at + from.size();
  }
  text = out.append(text, begin);
}

std::size_t expected_entries(std::string_view text) {
  constexpr std::size_t kMost = std::size_t{1} << 16;
  const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
  return std::min(lines, kMost);
}

EnvEntry& Collector::add(std::string_view key, std::size_t key_at, std::string_view raw, std::size_t value_at) {
  EnvEntry entry;
  entry.key = key;
  entry.raw = raw;
  entry.offset = static_cast<std::uint32_t>(source_.original_offset(key_at));
  const std::size_t at = raw.empty() ? value_at : static_cast<std::size_t>(raw.data() - source_.text.data());
  entry.value_offset = static_cast<std::uint32_t>(source_.original_offset(at));
  file_.entries.push_back(std::move(entry));
  return file_.entries.back();
}

std::optional<std::string> Collector::own(std::string_view name) const {
  const auto found = defined_.find(std::string(name));
  if (found == defined_.end()) return std::nullopt;
  return found->second;
}

std::optional<std::string> Collector::outer(std::string_view name) const {
  return options_.environment ? options_.environment(name) : std::nullopt;
}

std::optional<std::string> Collector::value_of(std::string_view name, bool outer_first) const {
  auto first = outer_first ? outer(name) : own(name);
  return first ? first : outer_first ? own(name) : outer(name);
}

void Collector::define(const EnvEntry& entry) {
  if (refers_) defined_[entry.key] = entry.value;
}

void Collector::give_up(std::string what, std::size_t at) {
  if (file_.error) return;
  file_.error = std::move(what);
  file_.error_line = static_cast<std::uint32_t>(source_.original_offset(at));
}

}  // namespace tightship::lint
