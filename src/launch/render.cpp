#include <array>

#include "launch/report.h"

namespace tightship::launch {
namespace {

struct FormatName {
  std::string_view name, extension;
  Format format;
};

constexpr std::array<FormatName, 5> kFormats = {{
    {"text", ".txt", Format::Text},
    {"json", ".json", Format::Json},
    {"sarif", ".sarif", Format::Sarif},
    {"md", ".md", Format::Markdown},
    {"html", ".html", Format::Html},
}};

}  // namespace

std::optional<Format> parse_format(std::string_view name) {
  for (const FormatName& format : kFormats) {
    if (format.name == name) return format.format;
  }
  return std::nullopt;
}

std::optional<Format> format_of_path(std::string_view path) {
  if (path.ends_with(".sarif.json")) return Format::Sarif;
  for (const FormatName& format : kFormats) {
    if (path.ends_with(format.extension)) return format.format;
  }
  return std::nullopt;
}

std::string render(const Report& report, Format format, const Options& options) {
  switch (format) {
    case Format::Text: return render_text(report, options);
    case Format::Json: return render_json(report);
    case Format::Sarif: return render_sarif(report, options);
    case Format::Markdown: return render_markdown(report);
    case Format::Html: return render_html(report);
  }
  return {};
}

}  // namespace tightship::launch
