#include "cli/gitleaks_rules.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <utility>

#include "cli/problem.h"
#include "detect/rule_file.h"

namespace tightship::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kConfigName = ".gitleaks.toml";
constexpr const char* kFileVariable = "GITLEAKS_CONFIG";
constexpr const char* kTextVariable = "GITLEAKS_CONFIG_TOML";

struct Choice {
  std::string path;
  std::optional<std::string> text;
  bool from_source = false;
};

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

Choice choose(const GitleaksFlags& flags, const std::string& source) {
  if (!flags.config.empty()) return {flags.config, {}, false};
  if (const std::string path = variable(kFileVariable); !path.empty()) return {path, {}, false};
  if (const std::string text = variable(kTextVariable); !text.empty()) return {{}, text, false};
  const fs::path file = fs::path(source) / kConfigName;
  std::error_code ignored;
  const bool there = fs::is_directory(source, ignored) && fs::exists(file, ignored);
  return there ? Choice{file.lexically_normal().string(), {}, true} : Choice{};
}

// All problems of what could not be used; the number of errors.
std::size_t draw_all(const Choice& choice) {
  auto file =
      choice.text
          ? Result<detect::RuleFile>(detect::parse_rule_file(kTextVariable, *choice.text, detect::Dialect::Gitleaks))
          : detect::read_rule_file(choice.path, detect::Dialect::Gitleaks);
  if (!file) return 0;
  detect::check_expressions(*file);
  return draw_problems(*file);
}

detect::Remark took_part(const Choice& choice) {
  const std::string name = choice.text ? std::string(kTextVariable) : choice.path;
  detect::Remark remark{
      detect::Severity::Note,
      fmt::format("{} took part: {}", choice.from_source ? "rules of what was scanned" : "rules", name),
      {}};
  if (choice.from_source) remark.help = "name another configuration with --config";
  return remark;
}

}  // namespace

Result<GitleaksRules> load_gitleaks_rules(const GitleaksFlags& flags, const std::string& source) {
  const Choice choice = choose(flags, source);
  GitleaksRules loaded;
  const bool has_config = !choice.path.empty() || choice.text;
  if (!has_config && flags.enable_rules.empty() && !flags.ignore_allow) return loaded;
  detect::LoadOptions options;
  options.dialect = detect::Dialect::Gitleaks;
  options.text = choice.text;
  options.text_name = kTextVariable;
  options.ignore_comments = flags.ignore_allow;
  options.only = flags.enable_rules;
  std::vector<std::string> files;
  if (!choice.path.empty()) files.push_back(choice.path);
  auto rules = detect::RuleSet::load(files, options);
  if (!rules) {
    const std::size_t problems = has_config ? draw_all(choice) : 0;
    if (problems == 0) return tl::unexpected(rules.error());
    return fail(ErrorKind::Config, fmt::format("{} problem{} in the configuration: nothing was scanned", problems,
                                               problems == 1 ? "" : "s"));
  }
  for (const detect::RuleFile* file : detect::files_of(*rules)) draw_problems(*file);
  loaded.rules.custom = std::move(*rules);
  loaded.config_path = choice.path;
  if (has_config) loaded.rules.remarks.push_back(took_part(choice));
  return loaded;
}

}  // namespace tightship::cli
