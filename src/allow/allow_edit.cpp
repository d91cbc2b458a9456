#include <fmt/format.h>

#include <algorithm>

#include "allow/allow_file.h"

// Edits are made in the text, line by line: what people wrote around the entries stays.

namespace tightship::allow {
namespace {

using Lines = std::vector<std::string>;

constexpr std::string_view kHeader = "[allow]";
constexpr std::string_view kPreface =
    "# Findings that were accepted, one line each, sorted by id. An id tells nothing of the value.\n"
    "# tightship allow ID --reason \"...\" writes a line; tightship allow --list shows what holds.\n"
    "[allow]\n";

Lines split(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1);
    lines.emplace_back(text.substr(0, end + 1));
    text.remove_prefix(end + 1);
  }
  if (!lines.empty() && !lines.back().ends_with('\n')) lines.back() += '\n';
  return lines;
}

std::string joined(const Lines& lines) {
  std::string text;
  for (const std::string& line : lines) text += line;
  return text;
}

std::string_view trimmed(std::string_view line) {
  const std::size_t begin = line.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return line.substr(begin, line.find_last_not_of(" \t\r\n") + 1 - begin);
}

bool is_comment(const std::string& line) { return trimmed(line).starts_with('#'); }

// "id = { ... }" on a line of its own.
bool is_own_line(const Entry& entry, const Lines& lines) {
  return entry.place.line == entry.end_line && entry.place.line <= lines.size() &&
         trimmed(lines[entry.place.line - 1]).starts_with(entry.id);
}

tl::unexpected<Error> by_hand(const AllowFile& file, std::uint32_t line, std::string what) {
  return fail(ErrorKind::Config, std::move(what), fmt::format("{}:{}", file.source.path, line),
              "change it there by hand");
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') out += '\\';
    if (byte < 0x20 || byte == 0x7f)
      out += fmt::format("\\u{:04X}", byte);
    else
      out += c;
  }
  return out + '"';
}

// Index of the line before which a new entry goes, or nothing when there is no [allow].
std::optional<std::size_t> place_for(const AllowFile& file, std::string_view id, const Lines& lines) {
  if (file.header_line == 0 || file.header_line > lines.size()) return std::nullopt;
  const std::size_t first = file.header_line;  // index of the line behind it
  std::size_t after = first;
  for (const Entry& entry : file.entries) {
    if (!is_own_line(entry, lines) || entry.place.line <= first) continue;
    const std::size_t at = entry.place.line - 1;
    if (entry.id < id) {
      after = std::max(after, at + 1);
      continue;
    }
    std::size_t before = at;  // above the comments that belong to it
    while (before > first && is_comment(lines[before - 1])) --before;
    return std::max(before, first);
  }
  return after;
}

}  // namespace

std::string entry_line(const Entry& entry) {
  std::string line = entry.id + " = { ";
  if (!entry.rule.empty()) line += fmt::format("rule = {}, ", quoted(entry.rule));
  line += "reason = " + quoted(entry.reason);
  if (!entry.by.empty()) line += ", by = " + quoted(entry.by);
  if (entry.added) line += ", added = " + day_text(*entry.added);
  if (entry.until) line += ", until = " + day_text(*entry.until);
  return line + " }";
}

namespace {

// The edit, or why it cannot be made.
Result<std::string> edited(const AllowFile& file, const Entry& entry) {
  Lines lines = split(file.source.text);
  const std::string line = entry_line(entry) + "\n";
  if (const Entry* old = file.find(entry.id)) {
    if (!is_own_line(*old, lines)) return by_hand(file, old->place.line, "the entry is not one line of its own");
    lines[old->place.line - 1] = line;
    return joined(lines);
  }
  if (trimmed(file.source.text).empty()) return std::string(kPreface) + line;
  if (const auto at = place_for(file, entry.id, lines)) {
    lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(*at), line);
    return joined(lines);
  }
  if (!file.entries.empty()) return by_hand(file, file.entries.front().place.line, "the file has no line [allow]");
  return joined(lines) + "\n" + std::string(kHeader) + "\n" + line;
}

// Whether `text` says what `file` says, and `entry`.
bool says(const std::string& text, const AllowFile& file, const Entry& entry) {
  const AllowFile read = parse_allow_file(text, file.source.path);
  const Entry* written = read.find(entry.id);
  if (!read.source.ok() || written == nullptr || !written->same_as(entry)) return false;
  return std::all_of(file.entries.begin(), file.entries.end(), [&](const Entry& old) {
    const Entry* kept = read.find(old.id);
    return old.id == entry.id || (kept != nullptr && kept->same_as(old));
  });
}

}  // namespace

// Lines know nothing of TOML (a text of several lines may look like a table), so what was made is read.
Result<std::string> with_entry(const AllowFile& file, const Entry& entry) {
  auto text = edited(file, entry);
  if (!text || says(*text, file, entry)) return text;
  return by_hand(file, std::max(file.header_line, 1u), "the file is not written one line an entry");
}

Result<std::string> without_entry(const AllowFile& file, std::string_view id) {
  const Entry* old = file.find(id);
  if (old == nullptr) return fail(ErrorKind::NotFound, "no entry has this id", file.source.path);
  Lines lines = split(file.source.text);
  if (!is_own_line(*old, lines)) return by_hand(file, old->place.line, "the entry is not one line of its own");
  lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(old->place.line - 1));
  return joined(lines);
}

}  // namespace tightship::allow
