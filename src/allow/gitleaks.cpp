#include "allow/gitleaks.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "allow/lines.h"
#include "base/oid.h"
#include "detect/codec.h"

namespace tightship::allow {
namespace {

using Json = nlohmann::json;
using detect::Severity;

constexpr int kMaxDepth = 4;  // of a report: the array, its objects, a list in them

std::optional<std::uint32_t> line_number(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// As git and our findings write paths.
std::string plain_path(std::string_view path) {
  std::string out(path);
  std::replace(out.begin(), out.end(), '\\', '/');
  while (out.starts_with("./")) out.erase(0, 2);
  return out;
}

std::string_view trimmed(std::string_view line) {
  const std::size_t begin = line.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return line.substr(begin, line.find_last_not_of(" \t") + 1 - begin);
}

// Fields are split from the right, so that a path may hold colons.
std::optional<PlacedEntry> parse_fingerprint(std::string_view text) {
  const std::size_t before_line = text.rfind(':');
  if (before_line == std::string_view::npos || before_line == 0) return std::nullopt;
  const std::size_t before_rule = text.rfind(':', before_line - 1);
  if (before_rule == std::string_view::npos) return std::nullopt;
  const auto line = line_number(text.substr(before_line + 1));
  PlacedEntry entry;
  entry.rule = text.substr(before_rule + 1, before_line - before_rule - 1);
  std::string_view file = text.substr(0, before_rule);
  if (const std::size_t colon = file.find(':'); colon != std::string_view::npos) {
    if (const auto commit = Oid::from_hex(file.substr(0, colon))) {
      entry.commit = commit->hex();
      file.remove_prefix(colon + 1);
    }
  }
  entry.file = plain_path(file);
  if (!line || entry.rule.empty() || entry.file.empty()) return std::nullopt;
  entry.line = *line;
  return entry;
}

std::string text_of(const Json& object, const char* name) {
  const auto at = object.find(name);
  return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

// gitleaks --redact writes one word, with a percentage the beginning and dots.
bool is_redacted(std::string_view secret) { return secret.empty() || secret == "REDACTED" || secret.ends_with("..."); }

std::optional<PlacedEntry> parse_object(const Json& object) {
  if (!object.is_object()) return std::nullopt;
  PlacedEntry entry;
  entry.file = plain_path(text_of(object, "File"));
  entry.rule = text_of(object, "RuleID");
  if (const auto commit = Oid::from_hex(text_of(object, "Commit"))) entry.commit = commit->hex();
  const auto line = object.find("StartLine");
  if (line != object.end() && line->is_number_unsigned() && line->get<std::uint64_t>() <= UINT32_MAX) {
    entry.line = static_cast<std::uint32_t>(line->get<std::uint64_t>());
  }
  const std::string secret = text_of(object, "Secret");
  if (!is_redacted(secret)) entry.secret_hash = detect::sha256(secret);
  const bool has_line = line != object.end() && line->is_number_unsigned();
  if (entry.rule.empty() || (entry.secret_hash.empty() && (entry.file.empty() || !has_line))) return std::nullopt;
  return entry;
}

void add_error(PlacedList& list, std::string message, std::string label) {
  add_problem(list.source, {Severity::Error,
                            std::move(message),
                            std::move(label),
                            "gitleaks git --report-format json writes such a report",
                            {1, 1, 1},
                            "(not shown)"});
}

void read_report(const Json& report, PlacedList& list) {
  if (!report.is_array()) return add_error(list, "the report is not gitleaks'", "want a JSON array");
  if (report.size() > kMaxEntries)
    return add_error(list, "the report has too many entries", fmt::format("the limit is {}", kMaxEntries));
  for (const Json& object : report) {
    auto entry = parse_object(object);
    if (!entry) return add_error(list, "the report is not gitleaks'", "want objects with RuleID, File, StartLine");
    list.entries.push_back(std::move(*entry));
  }
}

std::string_view first_word(std::string_view id) { return id.substr(0, id.find_first_of("-_")); }

}  // namespace

PlacedList parse_gitleaks_ignore(std::string text, std::string path, std::string folder) {
  PlacedList list;
  list.source.path = std::move(path);
  list.source.folder = std::move(folder);
  list.source.text = std::move(text);
  each_line(list.source.text, [&](std::string_view raw, std::uint32_t number) {
    const std::string_view line = trimmed(raw);
    if (line.empty() || line.starts_with('#')) return;
    auto entry = list.entries.size() < kMaxEntries ? parse_fingerprint(line) : std::nullopt;
    if (!entry) {
      return add_problem(list.source, {Severity::Warning,
                                       "a line is no fingerprint of gitleaks",
                                       "passed over",
                                       "want FILE:RULE:LINE or COMMIT:FILE:RULE:LINE",
                                       {number, 1, 1},
                                       "(not shown)"});
    }
    entry->source_line = number;
    list.entries.push_back(std::move(*entry));
  });
  return list;
}

PlacedList parse_gitleaks_report(std::string_view text, std::string path, std::string folder) {
  PlacedList list;
  list.source.path = std::move(path);
  list.source.folder = std::move(folder);
  // What is nested deeper than any report is dropped while it is read.
  const auto keep = [](int depth, Json::parse_event_t, Json&) { return depth <= kMaxDepth; };
  try {
    const Json report = Json::parse(text, keep, false);
    if (report.is_discarded())
      add_error(list, "the file is not JSON", "want a report of gitleaks or a baseline of tightship");
    else
      read_report(report, list);
  } catch (const Json::exception&) {
    add_error(list, "the file is not JSON", "a number or text in it cannot be read");
  }
  return list;
}

bool looks_like_json(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && (text[first] == '[' || text[first] == '{');
}

int rule_fit(std::string_view theirs, std::string_view ours) {
  if (theirs == ours) return 2;
  return !first_word(theirs).empty() && first_word(theirs) == first_word(ours) ? 1 : 0;
}

}  // namespace tightship::allow
