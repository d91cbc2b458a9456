// The words and the order of fields are gitleaks' (report/*.go of 8.30); the escaping is that of Go's
// encoders, because scripts compare and cut these files as text.
#include "report/gitleaks.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "base/code_point.h"
#include "report/json_value.h"
#include "report/tool.h"

namespace tightship::report {
namespace {

// Shortest digits of the float, as Go prints a float32.
Json float_json(float value) {
  if (value == std::floor(value)) return static_cast<int>(value);
  char text[32];
  const auto [end, error] = std::to_chars(text, text + sizeof text, value);
  double shown = 0;
  std::from_chars(text, end, shown);
  return shown;
}

Json row_json(const GitleaksRow& row) {
  Json json;
  json["RuleID"] = row.rule_id;
  json["Description"] = lossy_utf8(row.description);
  json["StartLine"] = row.start_line;
  json["EndLine"] = row.end_line;
  json["StartColumn"] = row.start_column;
  json["EndColumn"] = row.end_column;
  json["Match"] = lossy_utf8(row.match);
  json["Secret"] = lossy_utf8(row.secret);
  json["File"] = lossy_utf8(row.file);
  json["SymlinkFile"] = lossy_utf8(row.symlink_file);
  json["Commit"] = row.commit;
  if (!row.link.empty()) json["Link"] = lossy_utf8(row.link);
  json["Entropy"] = float_json(row.entropy);
  json["Author"] = lossy_utf8(row.author);
  json["Email"] = lossy_utf8(row.email);
  json["Date"] = row.date;
  json["Message"] = lossy_utf8(row.message);
  json["Tags"] = row.tags;
  json["Fingerprint"] = lossy_utf8(row.fingerprint);
  return json;
}

// Go's encoder writes these so that a report can stand inside HTML.
std::string html_safe(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  for (std::size_t i = 0; i < json.size(); ++i) {
    const std::string_view rest = json.substr(i);
    if (json[i] == '<' || json[i] == '>' || json[i] == '&') {
      out += fmt::format("\\u{:04x}", static_cast<unsigned char>(json[i]));
    } else if (rest.starts_with("\xE2\x80\xA8") || rest.starts_with("\xE2\x80\xA9")) {
      out += rest[2] == '\xA8' ? "\\u2028" : "\\u2029";
      i += 2;
    } else {
      out += json[i];
    }
  }
  return out;
}

std::string dump_like_go(const Json& json, char indent) {
  return html_safe(json.dump(1, indent, false, Json::error_handler_t::replace));
}

std::string render_json(const std::vector<GitleaksRow>& rows) {
  Json all = Json::array();
  for (const GitleaksRow& row : rows) all.push_back(row_json(row));
  return dump_like_go(all, ' ') + "\n";
}

std::string csv_field(std::string_view text) {
  const bool leads_with_space =
      !text.empty() && (text[0] == ' ' || text[0] == '\t' || text[0] == '\v' || text[0] == '\f');
  const bool quoted = text == "\\." || leads_with_space || text.find_first_of(",\"\r\n") != std::string_view::npos;
  if (!quoted) return std::string(text);
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

std::string csv_line(const std::vector<std::string>& fields) {
  std::string line;
  for (const std::string& field : fields)
    line += (line.empty() && &field == fields.data() ? "" : ",") + csv_field(field);
  return line + "\n";
}

std::string render_csv(const std::vector<GitleaksRow>& rows) {
  if (rows.empty()) return {};
  const bool links = !rows.front().link.empty();
  std::vector<std::string> head{"RuleID",    "Commit",  "File",        "SymlinkFile", "Secret", "Match",
                                "StartLine", "EndLine", "StartColumn", "EndColumn",   "Author", "Message",
                                "Date",      "Email",   "Fingerprint", "Tags"};
  if (links) head.emplace_back("Link");
  std::string out = csv_line(head);
  for (const GitleaksRow& row : rows) {
    std::vector<std::string> line{row.rule_id,
                                  row.commit,
                                  row.file,
                                  row.symlink_file,
                                  row.secret,
                                  row.match,
                                  std::to_string(row.start_line),
                                  std::to_string(row.end_line),
                                  std::to_string(row.start_column),
                                  std::to_string(row.end_column),
                                  row.author,
                                  row.message,
                                  row.date,
                                  row.email,
                                  row.fingerprint,
                                  fmt::format("{}", fmt::join(row.tags, " "))};
    if (links) line.push_back(row.link);
    out += csv_line(line);
  }
  return out;
}

// What XML 1.0 cannot hold becomes U+FFFD.
std::string go_xml(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_utf8(text, at);
    const std::string_view bytes = text.substr(at, point.size);
    at += point.size;
    const bool allowed = point.valid &&
                         (point.value >= 0x20 || point.value == '\t' || point.value == '\n' || point.value == '\r') &&
                         point.value != 0xFFFE && point.value != 0xFFFF;
    switch (allowed ? point.value : 0) {
      case '"': out += "&#34;"; break;
      case '\'': out += "&#39;"; break;
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '\t': out += "&#x9;"; break;
      case '\n': out += "&#xA;"; break;
      case '\r': out += "&#xD;"; break;
      case 0: out += "\xEF\xBF\xBD"; break;
      default: out += bytes;
    }
  }
  return out;
}

std::string sentence_of(const GitleaksRow& row) {
  const std::string place =
      fmt::format("{} has detected a secret in file {}, line {}", row.rule_id, row.file, row.start_line);
  return row.commit.empty() ? place + "." : fmt::format("{}, at commit {}.", place, row.commit);
}

std::string render_junit(const std::vector<GitleaksRow>& rows) {
  std::string out = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
      "\t<testsuite failures=\"{0}\" name=\"gitleaks\" tests=\"{0}\" time=\"\">",
      rows.size());
  for (const GitleaksRow& row : rows) {
    out += fmt::format("\n\t\t<testcase classname=\"{}\" file=\"{}\" name=\"{}\" time=\"\">\n", go_xml(row.description),
                       go_xml(row.file), go_xml(sentence_of(row)));
    out += fmt::format("\t\t\t<failure message=\"{}\" type=\"{}\">{}</failure>\n\t\t</testcase>",
                       go_xml(sentence_of(row)), go_xml(row.description), go_xml(dump_like_go(row_json(row), '\t')));
  }
  return out + (rows.empty() ? "" : "\n\t") + "</testsuite>\n</testsuites>";
}

Json sarif_region(const GitleaksRow& row) {
  Json region;
  region["startLine"] = row.start_line;
  region["startColumn"] = row.start_column;
  region["endLine"] = row.end_line;
  region["endColumn"] = row.end_column;
  region["snippet"]["text"] = lossy_utf8(row.secret);
  return region;
}

Json sarif_result(const GitleaksRow& row) {
  const std::string at = row.commit.empty() ? "." : fmt::format(" at commit {}.", row.commit);
  Json result;
  result["message"]["text"] =
      lossy_utf8(fmt::format("{} has detected secret for file {}{}", row.rule_id, row.file, at));
  result["ruleId"] = row.rule_id;
  Json location;
  location["physicalLocation"]["artifactLocation"]["uri"] =
      lossy_utf8(row.symlink_file.empty() ? row.file : row.symlink_file);
  location["physicalLocation"]["region"] = sarif_region(row);
  result["locations"] = Json::array({location});
  Json prints;
  prints["commitSha"] = row.commit;
  prints["email"] = lossy_utf8(row.email);
  prints["author"] = lossy_utf8(row.author);
  prints["date"] = row.date;
  prints["commitMessage"] = lossy_utf8(row.message);
  result["partialFingerprints"] = prints;
  result["properties"]["tags"] = row.tags;
  return result;
}

// The driver keeps gitleaks' name: services tell alerts of one tool from those of another by it, and
// would close them all and open them again. Who it really was is in fullName.
std::string render_sarif(const std::vector<GitleaksRow>& rows, const std::vector<detect::Rule>& rules) {
  Json driver;
  driver["name"] = "gitleaks";
  driver["fullName"] = fmt::format("{} {}, in gitleaks' shape", kToolName, kToolVersion);
  driver["semanticVersion"] = "v8.0.0";
  driver["informationUri"] = "https://github.com/gitleaks/gitleaks";
  driver["rules"] = Json::array();
  for (const detect::Rule& rule : rules) {
    Json entry;
    entry["id"] = rule.id;
    entry["shortDescription"]["text"] = lossy_utf8(rule.title);
    driver["rules"].push_back(entry);
  }
  Json run;
  run["tool"]["driver"] = driver;
  run["results"] = Json::array();
  for (const GitleaksRow& row : rows) run["results"].push_back(sarif_result(row));
  Json sarif;
  sarif["$schema"] = "https://json.schemastore.org/sarif-2.1.0.json";
  sarif["version"] = "2.1.0";
  sarif["runs"] = Json::array({run});
  return dump_like_go(sarif, ' ') + "\n";
}

}  // namespace

std::string render_gitleaks(const std::vector<GitleaksRow>& rows, const std::vector<detect::Rule>& rules,
                            GitleaksFormat format) {
  switch (format) {
    case GitleaksFormat::Json: return render_json(rows);
    case GitleaksFormat::Csv: return render_csv(rows);
    case GitleaksFormat::Junit: return render_junit(rows);
    case GitleaksFormat::Sarif: return render_sarif(rows, rules);
  }
  return {};
}

}  // namespace tightship::report
