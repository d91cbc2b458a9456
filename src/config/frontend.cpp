#include "config/frontend.h"

#include <fmt/format.h>

#include <array>

#include "detect/text_class.h"

namespace tightship::config {
namespace {

// Inside of JSON.stringify( ... ) and String( ... ), else the same.
void unwrap(const lint::JsFile& code, std::uint32_t& begin, std::uint32_t& end) {
  std::uint32_t next = begin;
  const std::string callee = code.dotted(begin, &next);
  const bool wraps = callee == "JSON.stringify" || callee == "String" || callee == "stringify";
  if (!wraps || !code.is(next, "(") || code.match(next) + 1 != end) return;
  end = code.match(next);
  begin = next + 1;
}

std::string in_quotes(std::string text) {
  const bool quoted = text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.front() == text.back();
  return quoted ? text.substr(1, text.size() - 2) : text;
}

}  // namespace

std::set<std::string> names_of_whole_environment(const lint::JsFile& code) {
  std::set<std::string> names;
  for (std::uint32_t i = 0; i + 3 < code.tokens().size(); ++i) {
    if (!code.is(i, "loadEnv") || !code.is(i + 1, "(")) continue;
    const std::uint32_t close = code.match(i + 1);
    const bool empty_prefix = close >= 2 && close < code.tokens().size() && code.is_string(close - 1) &&
                              code.value(close - 1).empty() && code.is(close - 2, ",");
    // The text of an empty template is a token of no bytes; of a list of prefixes one may be empty as well.
    if (empty_prefix && i >= 2 && code.is(i - 1, "=")) names.emplace(code.text(i - 2));
  }
  return names;
}

bool is_whole_environment(const lint::JsFile& code, std::uint32_t begin, std::uint32_t end,
                          const std::set<std::string>& names) {
  unwrap(code, begin, end);
  if (code.is(begin, "{") && code.match(begin) + 1 == end) {
    for (std::uint32_t i = begin + 1; i + 1 < end; ++i) {
      if (!code.is(i, "...")) continue;
      std::uint32_t next = i + 1;
      const std::string name = code.dotted(i + 1, &next);
      const bool whole = name == "process.env" || names.count(name) > 0;
      if (whole && (code.is(next, ",") || code.is(next, "}"))) return true;
    }
    return false;
  }
  std::uint32_t next = begin;
  const std::string name = code.dotted(begin, &next);
  if (next != end && !code.is(next, "as")) return false;
  return name == "process.env" || names.count(name) > 0;
}

std::string variable_of(const lint::JsFile& code, std::uint32_t begin, std::uint32_t end,
                        const std::set<std::string>& names) {
  unwrap(code, begin, end);
  std::uint32_t next = begin;
  const std::string name = code.dotted(begin, &next);
  if (next < end && !code.is(next, "||") && !code.is(next, "??") && !code.is(next, "!") && !code.is(next, "as"))
    return {};
  const std::size_t dot = name.rfind('.');
  if (dot == std::string::npos) return {};
  const std::string object = name.substr(0, dot);
  return object == "process.env" || names.count(object) > 0 ? name.substr(dot + 1) : std::string();
}

std::uint32_t literal_of(const lint::JsFile& code, std::uint32_t begin, std::uint32_t end) {
  unwrap(code, begin, end);
  return begin + 1 == end && code.is_string(begin) ? begin : lint::kNoJs;
}

void check_replaced(Context& context, const File& file, const lint::JsFile& code, const lint::JsProperty& property,
                    const std::set<std::string>& names, const Replaced& what) {
  const std::string name(what.key.substr(what.key.rfind('.') + 1));
  if (context.project().public_prefix_of(name) != nullptr) return;
  if (const std::uint32_t literal = literal_of(code, property.begin, property.end); literal != lint::kNoJs) {
    LiteralPlace place{what.id, what.where, what.fix};
    place.public_web = true;
    place.breaks = "every visitor of the site gets it with the page's scripts";
    context.literal(file, place, name, in_quotes(code.value(literal)), code.at(literal));
    return;
  }
  const std::string variable = variable_of(code, property.begin, property.end, names);
  if (variable.empty()) return;
  const auto found = context.inlined(variable);
  if (!found) return;
  Problem problem =
      context.problem(file, code.at(property.key_token), what.id, found->severity, RiskClass::LaunchBlocker);
  problem.exposure = Exposure::Web;
  problem.title = fmt::format("The {} is put into your site's code by {}", found->what, what.where);
  problem.why = found->seen.empty()
                    ? fmt::format("{} is replaced by the value of {}, whose name says secret", what.key, variable)
                    : fmt::format("{} is replaced by the value of {} ({})", what.key, variable, found->seen);
  problem.breaks = "every visitor of the site gets it with the page's scripts";
  problem.fix = what.fix;
  problem.minutes = 30;
  problem.subject = variable;
  problem.value_id = found->value_id;
  context.add(file, std::move(problem));
}

void whole_environment(Context& context, const File& file, At at, std::string_view id, const std::string& where,
                       const std::string& fix) {
  Problem problem = context.problem(file, at, id, Severity::Error, RiskClass::LaunchBlocker);
  problem.exposure = Exposure::Web;
  problem.title = "All environment variables of the build are put into your site's code";
  problem.why =
      fmt::format("{} replaces process.env as a whole: the bundle holds the database URL and every key", where);
  problem.breaks = "every visitor of the site gets all secrets of the build with the page's scripts";
  problem.fix = fix;
  problem.minutes = 20;
  problem.subject = "process.env";
  context.add(file, std::move(problem));
}

void check_source_map(Context& context, const File& file, At at, std::string_view key, std::string_view value,
                      const std::string& fix) {
  const bool hidden = detect::contains(value, "hidden");
  if (deletes_source_maps(file.text)) return;
  Problem problem =
      context.problem(file, at, "CFG-SRCMAP", hidden ? Severity::Note : Severity::Warning, RiskClass::ScaleRisk);
  problem.exposure = Exposure::Web;
  problem.title = hidden ? "Source maps are built; they must not be uploaded with the site"
                         : "Your site's original source code is published with it";
  problem.why = fmt::format("{} is {}: source maps lie beside the scripts", key, value);
  problem.breaks = "anyone reads the code with its comments and dead branches, as it was written";
  problem.fix = fix;
  problem.minutes = 5;
  problem.subject = key;
  context.add(file, std::move(problem));
}

bool deletes_source_maps(std::string_view text) {
  constexpr std::array<std::string_view, 4> kWords = {"filesToDeleteAfterUpload", "deleteSourcemapsAfterUpload",
                                                      "deleteFilesAfterUpload", "hideSourceMaps: true"};
  for (const std::string_view word : kWords) {
    if (detect::contains(text, word)) return true;
  }
  return false;
}

}  // namespace tightship::config
