#include <algorithm>

#include "base/code_point.h"
#include "report/masked_line.h"
#include "report/place_text.h"
#include "report/sarif_value.h"

// Columns: the run says columnKind unicodeCodePoints (3.14.27). Ours count bytes; the excerpt tells the
// characters before the secret when it reaches back to the start of the line. Elsewhere the byte column
// stands, which is the same for ASCII.

namespace tightship::report {
namespace {

using detect::Excerpt;
using detect::Finding;
using detect::Occurrence;
using detect::Place;

constexpr std::string_view kMemberKind = "archive-member";

std::uint32_t characters(std::string_view text) {
  std::uint32_t count = 0;
  for (std::size_t i = 0; i < text.size(); i += decode_utf8(text, i).size) ++count;
  return count;
}

bool reaches_line_start(const Occurrence& occurrence) {
  if (!occurrence.excerpt || occurrence.excerpt->cut_left) return false;
  const Excerpt& excerpt = *occurrence.excerpt;
  if (excerpt.begin > excerpt.end || excerpt.end > excerpt.text.size()) return false;
  // In another encoding the columns of the original cannot be compared with the excerpt.
  return !occurrence.encoding.empty() || excerpt.begin + 1 == occurrence.position.column;
}

struct Columns {
  std::uint32_t start = 0, end = 0;
};

Columns columns_of(const Occurrence& occurrence) {
  const detect::Position& p = occurrence.position;
  Columns columns{std::max(p.column, 1u), std::max(p.end_column, 1u)};
  if (reaches_line_start(occurrence)) {
    const std::string_view text = occurrence.excerpt->text;
    columns.start = 1 + characters(text.substr(0, occurrence.excerpt->begin));
    if (p.end_line <= p.line && !occurrence.excerpt->cut_right) {
      columns.end = 1 + characters(text.substr(0, occurrence.excerpt->end));
    } else if (p.end_line <= p.line) {
      columns.end = columns.start + (p.end_column - std::min(p.column, p.end_column));
    }
  }
  if (p.end_line <= p.line) columns.end = std::max(columns.end, columns.start);
  return columns;
}

Json region_json(const Finding& finding, const Occurrence& occurrence, const SecretMask& mask) {
  const Columns columns = columns_of(occurrence);
  Json region;
  region["startLine"] = occurrence.position.line;
  region["startColumn"] = columns.start;
  region["endLine"] = std::max(occurrence.position.line, occurrence.position.end_line);
  region["endColumn"] = columns.end;
  region["snippet"]["text"] = lossy_utf8(mask.shown(finding));
  return region;
}

bool has_file(const Occurrence& occurrence) {
  const bool file = occurrence.place == Place::File || occurrence.place == Place::FileName ||
                    occurrence.place == Place::SymlinkTarget;
  return file && !occurrence.path.empty();
}

Json physical_json(const Finding& finding, const Occurrence& occurrence, const SecretMask& mask) {
  Json json;
  json["artifactLocation"] = {{"uri", percent_encode(path_text(occurrence, mask))}, {"uriBaseId", "%SRCROOT%"}};
  // Lines of a member are not lines of the archive.
  if (occurrence.place != Place::File || occurrence.position.line == 0 || !occurrence.member.empty()) return json;
  json["region"] = region_json(finding, occurrence, mask);
  // A context region must enclose the region (3.29.5): of several lines we have one.
  if (occurrence.excerpt && covered_lines(occurrence.position) == 1) {
    json["contextRegion"]["startLine"] = occurrence.position.line;
    json["contextRegion"]["snippet"]["text"] = lossy_utf8(masked_line(finding, *occurrence.excerpt, mask).text);
  }
  return json;
}

Json properties_json(const Occurrence& occurrence, const SecretMask& mask) {
  Json json;
  json["place"] = detect::place_name(occurrence.place);
  if (occurrence.object) json["object"] = occurrence.object->hex();
  if (occurrence.commit) json["commit"] = occurrence.commit->id.hex();
  if (occurrence.commit) put_text(json, "subject", occurrence.commit->subject, mask);
  if (!is_valid_utf8(occurrence.path)) put_masked(json, "path", path_text(occurrence, mask));
  if (!occurrence.member.empty()) {
    put_masked(json, "member", mask.mask_name(occurrence.member));
    json["line"] = occurrence.position.line;
    json["column"] = occurrence.position.column;
  }
  return json;
}

}  // namespace

std::string percent_encode(std::string_view path) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string uri;
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~/").find(c) != std::string_view::npos;
    const auto byte = static_cast<std::uint8_t>(c);
    if (plain)
      uri += c;
    else
      uri.append({'%', kDigits[byte >> 4], kDigits[byte & 15]});
  }
  return uri;
}

Json sarif_message(std::string_view text) {
  Json message;
  if (text.find("](") == std::string_view::npos) {
    message["text"] = text;
    return message;
  }
  std::string escaped;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == '\\') escaped += '\\';
    escaped += c;
  }
  message["text"] = escaped;
  return message;
}

Json sarif_location(const Finding& finding, const Occurrence& occurrence, const SecretMask& mask) {
  Json json;
  if (has_file(occurrence)) json["physicalLocation"] = physical_json(finding, occurrence, mask);
  if (!has_file(occurrence) || !occurrence.member.empty()) {
    Json logical;
    logical["fullyQualifiedName"] = place_line(occurrence, mask, Column::Shown);
    logical["kind"] = occurrence.member.empty() ? detect::place_name(occurrence.place) : kMemberKind;
    json["logicalLocations"] = Json::array({logical});
  }
  json["message"] = sarif_message(place_line(occurrence, mask, Column::Shown));
  json["properties"] = properties_json(occurrence, mask);
  return json;
}

}  // namespace tightship::report
