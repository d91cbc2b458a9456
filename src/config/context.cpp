#include "config/context.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "detect/text_class.h"
#include "lint/dotenv.h"

namespace tightship::config {
namespace {

// Words that stand for a whole step of a path: "tests", "e2e", "docs.md".
bool has_word(std::string_view path, const auto& words) {
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= path.size(); ++i) {
    const bool cut = i == path.size() || path[i] == '/' || path[i] == '.' || path[i] == '-' || path[i] == '_';
    if (!cut) continue;
    const std::string word = detect::lowered(path.substr(begin, i - begin));
    if (std::find(words.begin(), words.end(), word) != words.end()) return true;
    begin = i + 1;
  }
  return false;
}

Severity milder(Severity severity) { return severity == Severity::Error ? Severity::Warning : Severity::Note; }

bool is_env_file(std::string_view name) {
  const bool env = name == ".env" || name.substr(0, 5) == ".env." || name.substr(0, 9) == ".dev.vars";
  return env && !is_sample_path(name);
}

// Titles begin like sentences, names of variables stay as they are.
std::string capital(std::string text) {
  if (!text.empty() && detect::is_lower(text[0])) text[0] = static_cast<char>(text[0] - 32);
  return text;
}

std::string spot(const EnvValue& value) { return fmt::format("{}:{}", value.path, value.line); }

}  // namespace

bool is_development_path(std::string_view path) {
  constexpr std::array<std::string_view, 9> kWords = {"dev",   "development",  "local",    "ci",     "test",
                                                      "debug", "devcontainer", "override", "testing"};
  return has_word(path, kWords);
}

std::string_view last_part(std::string_view path) { return path.substr(path.rfind('/') + 1); }

std::string folder_of(std::string_view path) { return std::string(path.substr(0, path.rfind('/') + 1)); }

Context::Context(const lint::Project& project, const detect::RuleSet& rules, readiness::Report& report, Ledger& ledger)
    : project_(project), rules_(rules), report_(report), ledger_(ledger), judge_(rules), scanner_(rules) {}

Problem Context::problem(const File& file, At at, std::string_view id, Severity severity, RiskClass risk) const {
  Problem made;
  made.id = id;
  made.source = "config";
  made.severity = severity;
  made.risk_class = risk;
  made.exposure = file.tracked ? Exposure::PrivateRepository : Exposure::Local;
  made.spots.push_back({file.path, at.line, at.column});
  return made;
}

void Context::add(const File& file, Problem problem) {
  if (file.sample) {
    problem.severity = milder(problem.severity);
    problem.risk_class = readiness::lowered(problem.risk_class);
  }
  const readiness::Spot& at = problem.spots.front();
  if (!seen_.insert(fmt::format("{}|{}|{}|{}", problem.id, problem.subject, at.path, at.line)).second) return;
  // The same value on the same line is told once, whichever way it was found.
  if (!problem.value_id.empty() && !seen_.insert(fmt::format("{}|{}|{}", problem.value_id, at.path, at.line)).second)
    return;
  report_.problems.push_back(std::move(problem));
}

void Context::passed(std::string_view id, std::string text) {
  report_.passed.push_back({std::string(id), std::move(text)});
}

void Context::loss(const File& file, const Error& error) {
  // What only looks like a file of that kind, or is broken on purpose, is no loss.
  // Nor is the template of a file: "{{cookiecutter.name}}/compose.yml".
  const bool made_of_it = detect::contains(file.path, "{{");
  if (file.sample || made_of_it || !seen_.insert("loss|" + file.path).second) return;
  std::string where = file.path;
  if (!error.where.empty()) where += ", " + error.where;
  const LossKind kind = error.kind == ErrorKind::Limit ? LossKind::LimitExceeded : LossKind::Unsupported;
  ledger_.add({kind, error.what, std::move(where), {}});
}

bool Context::literal(const File& file, const LiteralPlace& place, std::string_view name, std::string_view value,
                      At at) {
  const lint::Judgement found = judge_.judge(name, value);
  const bool test = found.kind == lint::ValueKind::Test;
  if (!found.secret_like() && !test) return false;
  // A password of a service on this machine opens nothing elsewhere.
  const auto url = found.credential_url ? lint::split_url(value) : std::nullopt;
  const bool local = url && (lint::is_local_host(url->host) || lint::is_private_host(url->host));
  const bool by_format = found.secret_by_format();
  const bool note = test || local || (!by_format && place.names_are_notes);
  const Severity severity = note ? Severity::Note : by_format ? Severity::Error : Severity::Warning;
  Problem made = problem(file, at, place.id, severity, RiskClass::LaunchBlocker);
  const std::string what = found.service_role    ? "Supabase's service_role key"
                           : found.title.empty() ? fmt::format("value of {}", name)
                                                 : found.title;
  made.title = fmt::format("{} is written into {}", capital(what), place.where);
  made.why = by_format || test
                 ? fmt::format("{}: {}", name, found.why.empty() ? "the value has the format of a secret" : found.why)
                 : fmt::format("{} has a value in the clear that looks like a secret", name);
  made.breaks = !place.breaks.empty() ? place.breaks
                : found.rule != nullptr && !found.rule->impact.empty()
                    ? fmt::format("whoever can read the file: {}", found.rule->impact)
                    : "whoever can read the file can use it";
  made.fix = place.fix;
  made.commands = place.commands;
  made.minutes = place.minutes;
  made.subject = name;
  made.value_id = readiness::value_id(found.secret.empty() ? value : std::string_view(found.secret));
  if (place.public_web) made.exposure = Exposure::Web;
  add(file, std::move(made));
  return true;
}

void Context::scan_text(const File& file, const LiteralPlace& place, std::string_view text, At at, bool whole_file) {
  for (const scan::Hit& hit : scanner_.scan(as_bytes(text), file.path)) {
    const detect::Rule& rule = rules_.rules()[hit.rule];
    if (rule.kind != detect::Kind::Secret || rule.generic || rule.path_only()) continue;
    const detect::CheckResult said = detect::explain(rule, hit.secret, hit.match);
    const detect::Kind kind = said.kind.value_or(rule.kind);
    const Severity severity = std::min(said.severity.value_or(rule.severity), rule.severity);
    if (kind != detect::Kind::Secret || severity == Severity::Note) continue;
    const At found = whole_file ? At{hit.position.line, hit.position.column} : at;
    Problem made = problem(file, found, place.id, severity, RiskClass::LaunchBlocker);
    made.title = fmt::format("{} is written into {}", capital(std::string(rule.title)), place.where);
    made.why = said.why.empty() ? std::string(rule.why) : said.why;
    made.breaks = !place.breaks.empty() ? place.breaks : fmt::format("whoever can read the file: {}", rule.impact);
    made.fix = place.fix;
    made.commands = place.commands;
    made.minutes = place.minutes;
    made.subject = rule.id;
    made.value_id = readiness::value_id(hit.secret);
    add(file, std::move(made));
  }
}

std::optional<std::string> Context::read(std::string_view path) const {
  const lint::ProjectFile* file = project_.find(path);
  if (file == nullptr || file->symlink) return std::nullopt;
  Ledger told_elsewhere;
  return lint::read_project_file(project_, file->path, told_elsewhere);
}

const std::map<std::string, EnvValue, std::less<>>& Context::env_values() {
  if (env_) return *env_;
  env_.emplace();
  for (const lint::ProjectFile& entry : project_.files) {
    if (entry.symlink || !is_env_file(last_part(entry.path))) continue;
    const auto text = lint::read_project_file(project_, entry.path, ledger_);
    if (!text) continue;
    for (const lint::EnvEntry& line : lint::read_env_text(*text).entries) {
      // The value that says most: a real one over a stand-in.
      EnvValue& kept = (*env_)[line.key];
      if (kept.path.empty() || kept.value.size() < line.literal.size()) kept = {line.literal, entry.path, line.line};
    }
  }
  return *env_;
}

const EnvValue* Context::env_value(std::string_view name) {
  const auto found = env_values().find(name);
  return found == env_values().end() ? nullptr : &found->second;
}

std::optional<Inlined> Context::inlined(std::string_view name) {
  return project_.public_prefix_of(name) != nullptr ? std::nullopt : held(name);
}

std::optional<Inlined> Context::held(std::string_view name) {
  const EnvValue* value = env_value(name);
  if (value != nullptr && !value->value.empty()) {
    const lint::Judgement found = judge_.judge(name, value->value);
    if (found.secret_like()) {
      const bool by_format = found.secret_by_format();
      return Inlined{
          by_format ? Severity::Error : Severity::Warning, found.title, spot(*value),
          readiness::value_id(found.secret.empty() ? std::string_view(value->value) : std::string_view(found.secret))};
    }
    if (found.kind == lint::ValueKind::Public || found.kind == lint::ValueKind::Identifier) return std::nullopt;
  }
  if (!lint::is_secret_name(name)) return std::nullopt;
  return Inlined{Severity::Warning, fmt::format("value of {}", name), {}, {}};
}

bool Context::reported(std::string_view id) const {
  return std::any_of(report_.problems.begin(), report_.problems.end(),
                     [&](const Problem& problem) { return problem.id == id && problem.severity != Severity::Note; });
}

}  // namespace tightship::config
