#include "net/latency.h"

#include <fmt/format.h>

#include <algorithm>

#include "detect/source_text.h"
#include "detect/toml_parser.h"

namespace tightship::net {
namespace {

constexpr std::size_t kMaxRows = 1000;

std::string toml_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    else
      out += c;
  }
  return out + "\"";
}

Result<LatencyRow> read_row(const std::string& path, const toml::table& table) {
  const auto wrong = [&](std::string_view key) {
    return fail(ErrorKind::Config, fmt::format("'{}' is missing or out of range", key),
                fmt::format("{}:{}", path, table.source().begin.line), "write it anew with --update-baseline");
  };
  LatencyRow row;
  const auto number = [&](const char* key, double max) {
    const auto value = table[key].value<double>();
    return value && *value >= 0 && *value <= max ? *value : -1;
  };
  row.url = table["url"].value_or(std::string());
  if (row.url.empty()) return wrong("url");
  const double count = number("count", 1e6);
  row.p50_ms = number("p50_ms", 1e9);
  row.p95_ms = number("p95_ms", 1e9);
  row.error_rate = number("error_rate", 1);
  if (count < 0) return wrong("count");
  if (row.p50_ms < 0) return wrong("p50_ms");
  if (row.p95_ms < 0) return wrong("p95_ms");
  if (row.error_rate < 0) return wrong("error_rate");
  row.count = static_cast<unsigned>(count);
  return row;
}

}  // namespace

double percentile(std::vector<double> values, unsigned percent) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const std::size_t rank = (values.size() * percent + 99) / 100;
  return values[std::clamp<std::size_t>(rank, 1, values.size()) - 1];
}

LatencyVerdict judge_latency(const LatencyRow& row, const LatencyRow* before) {
  LatencyVerdict verdict;
  verdict.slow = row.p95_ms > kMaxP95Ms;
  verdict.worse =
      before != nullptr && row.p95_ms > before->p95_ms * kWorseFactor && row.p95_ms > before->p95_ms + kWorseByMs;
  verdict.errors = row.error_rate > 0;
  return verdict;
}

std::string latency_toml(const std::vector<LatencyRow>& rows) {
  std::string text = "# Written by tightship http --baseline; compared on the next run.\n";
  for (const LatencyRow& row : rows) {
    text += fmt::format("\n[[latency]]\nurl = {}\ncount = {}\np50_ms = {:.1f}\np95_ms = {:.1f}\nerror_rate = {:.3f}\n",
                        toml_string(row.url), row.count, row.p50_ms, row.p95_ms, row.error_rate);
  }
  return text;
}

Result<std::vector<LatencyRow>> parse_latency(const std::string& path, std::string_view text) {
  try {
    const toml::table top = toml::parse(text, path);
    std::vector<LatencyRow> rows;
    const toml::array* list = top["latency"].as_array();
    if (list == nullptr || list->size() > kMaxRows) return fail(ErrorKind::Config, "this is no latency baseline", path);
    for (const toml::node& node : *list) {
      const toml::table* table = node.as_table();
      if (table == nullptr) return fail(ErrorKind::Config, "this is no latency baseline", path);
      auto row = read_row(path, *table);
      if (!row) return tl::unexpected(row.error());
      rows.push_back(std::move(*row));
    }
    return rows;
  } catch (const toml::parse_error& error) {
    return fail(ErrorKind::Config, std::string(error.description()),
                fmt::format("{}:{}", path, error.source().begin.line));
  } catch (const detect::TomlAssertion&) {
    return fail(ErrorKind::Config, "this line is no TOML",
                fmt::format("{}:{}", path, detect::breaking_toml_line(text)));
  }
}

}  // namespace tightship::net
