#include <array>

#include "report/ci_report.h"
#include "report/finding_text.h"
#include "report/json_report.h"
#include "report/report.h"
#include "report/secret_mask.h"
#include "report/worklist.h"

namespace tightship::report {
namespace {

using detect::Finding;
using detect::ScanResult;

struct FormatName {
  std::string_view name, extension;
  Format format;
};

constexpr std::array<FormatName, 8> kFormats = {{
    {"text", ".txt", Format::Text},
    {"concise", "", Format::Concise},
    {"json", ".json", Format::Json},
    {"jsonl", ".jsonl", Format::Jsonl},
    {"sarif", ".sarif", Format::Sarif},
    {"github", "", Format::Github},
    {"gitlab", "", Format::Gitlab},
    {"junit", ".xml", Format::Junit},
}};

bool is_hidden(const Finding& finding, const Options& options) {
  return finding.severity == detect::Severity::Note && !options.show_notes;
}

std::string render_text(const ScanResult& result, const Options& options, const SecretMask& mask) {
  if (result.job == ScanResult::Job::Audit) return render_worklist(result, options, mask);
  std::string text;
  for (const Finding& finding : result.findings) {
    if (is_hidden(finding, options)) continue;
    if (!text.empty()) text += "\n";
    text += finding_text(finding, options, mask);
  }
  return text;
}

std::string render_concise(const ScanResult& result, const Options& options, const SecretMask& mask) {
  std::string text;
  for (const Finding& finding : result.findings) {
    if (!is_hidden(finding, options)) text += finding_concise(finding, mask);
  }
  return text;
}

}  // namespace

std::optional<Format> parse_format(std::string_view name) {
  for (const FormatName& format : kFormats) {
    if (format.name == name) return format.format;
  }
  return std::nullopt;
}

std::optional<Format> format_of_path(std::string_view path) {
  // "audit.sarif.json" is how some consumers want SARIF named; the other name is the one that GitLab asks for.
  if (path.ends_with(".sarif.json")) return Format::Sarif;
  if (path.ends_with("gl-secret-detection-report.json")) return Format::Gitlab;
  for (const FormatName& format : kFormats) {
    if (!format.extension.empty() && path.ends_with(format.extension)) return format.format;
  }
  return std::nullopt;
}

std::string render(const ScanResult& result, Format format, const Options& options) {
  const SecretMask mask(result, options.show_secrets);
  switch (format) {
    case Format::Text: return render_text(result, options, mask);
    case Format::Concise: return render_concise(result, options, mask);
    case Format::Json: return render_json(result, mask);
    case Format::Jsonl: return render_jsonl(result, mask);
    case Format::Sarif: return render_sarif(result, options, mask);
    case Format::Github: return render_github(result, options, mask);
    case Format::Gitlab: return render_gitlab(result, options, mask);
    case Format::Junit: return render_junit(result, options, mask);
  }
  return {};
}

}  // namespace tightship::report
