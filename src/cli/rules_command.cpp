#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/terminal_text.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/problem.h"
#include "cli/rule_source.h"
#include "cli/stream.h"
#include "cli/subcommands.h"
#include "detect/rule.h"
#include "detect/rule_file.h"
#include "detect/token_template.h"

namespace tightship::cli {
namespace {

constexpr Subcommand kCommands[] = {
    {"list", "", "all rules that take part", rules_list_command},
    {"check", "[FILE...]", "every problem of rule files", rules_check_command},
    {"explain", "RULE", "what a rule means, how to rotate", explain_command},
    {"bench", "PATH...", "what each rule costs on real files", rules_bench_command},
    {"diff", "OLD NEW [PATH...]", "what two sets of rules find differently", rules_diff_command},
    {"import", "[-o FILE] YAML...", "rules of Kingfisher and Nosey Parker as ours", rules_import_command},
    {"expand", "TEMPLATE", "a made-up token, for tests of rules", rules_expand_command},
};

constexpr Family kRules = {"rules", "Lists, checks, explains and measures rules.", kCommands,
                           "tightship rules COMMAND --help for flags, tightship help rules for the file format"};

Result<int> print(const std::string& text) {
  const auto written = write_stdout(text);
  if (!written) return tl::unexpected(written.error());
  return static_cast<int>(ExitCode::Clean);
}

std::string rules_text(const detect::RuleSet& rules) {
  std::size_t width = 0;
  for (const detect::Rule& rule : rules.rules()) width = std::max(width, rule.id.size());
  std::string out;
  for (const detect::Rule& rule : rules.rules()) {
    out += fmt::format("{:<{}}  {:<7}  {}\n", rule.id, width, detect::severity_name(rule.severity), rule.title);
  }
  return out;
}

nlohmann::ordered_json rule_json(const detect::Rule& rule) {
  return {{"id", rule.id},
          {"title", rule.title},
          {"provider", rule.provider},
          {"severity", detect::severity_name(rule.severity)},
          {"kind", detect::kind_name(rule.kind)},
          {"class", detect::risk_class_name(rule.risk_class)},
          {"generic", rule.generic},
          {"check", rule.check},
          {"impact", rule.impact},
          {"rotate", rule.rotate},
          {"rotate_url", rule.rotate_url},
          {"source", rule.source},
          {"tags", rule.tags}};
}

std::string rules_json(const detect::RuleSet& rules) {
  nlohmann::ordered_json out{{"version", rules.version()}, {"rules", nlohmann::ordered_json::array()}};
  for (const detect::Rule& rule : rules.rules()) out["rules"].push_back(rule_json(rule));
  // A custom rule file may hold bytes that are no UTF-8.
  return out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

// Says everything that is wrong with the file. Returns whether it can be used.
bool check_file(const std::string& path) {
  const auto file = detect::check_rule_file(path, detect::RuleSet::builtin(), rules_folder(path));
  if (!file) {
    print_error(file.error());
    return false;
  }
  draw_problems(*file);
  if (!file->ok()) return false;
  write_stderr(fmt::format("{}: {} rule{}, {}\n", terminal_text(path), file->rules.size(),
                           file->rules.size() == 1 ? "" : "s", file->problems.empty() ? "no problem" : "usable"));
  return true;
}

}  // namespace

Result<int> rules_command(Arguments arguments) { return run_family(kRules, std::move(arguments)); }

Result<int> rules_list_command(Arguments arguments) {
  RuleOptions options;
  std::string format = "text";
  Command command;
  command.name = "rules list";
  command.usage = "tightship rules list [FLAGS]";
  command.brief = "Lists the rules that a scan of the current folder would use.";
  command.flags = rule_flags(options);
  command.flags.push_back(
      {"format", 'f', "FORMAT", "output", "text or json", "", set_choice(format, {"text", "json"})});
  const auto go = ready(command, std::move(arguments));
  if (!go) return tl::unexpected(go.error());
  if (!*go) return 0;
  const auto rules = load_rules(options, {});
  if (!rules) return tl::unexpected(rules.error());
  return print(format == "json" ? rules_json(rules->set()) : rules_text(rules->set()));
}

Result<int> rules_check_command(Arguments arguments) {
  std::vector<std::string> files;
  Command command;
  command.name = "rules check";
  command.usage = "tightship rules check [FILE...]";
  command.brief = "Says every problem of rule files; without FILE of .tightship/rules.toml.";
  command.operands = {"FILE", 0, 1000, &files};
  const auto go = ready(command, std::move(arguments));
  if (!go) return tl::unexpected(go.error());
  if (!*go) return 0;
  if (files.empty()) files.emplace_back(kRepositoryRules);
  bool good = true;
  for (const std::string& file : files) good = check_file(file) && good;
  return static_cast<int>(good ? ExitCode::Clean : ExitCode::CannotRun);
}

Result<int> rules_expand_command(Arguments arguments) {
  std::uint64_t seed = 1;
  std::vector<std::string> templates;
  Command command;
  command.name = "rules expand";
  command.usage = "tightship rules expand [--seed N] TEMPLATE";
  command.brief = "Prints a made-up token: the same template and seed give the same one everywhere.";
  command.examples = "  tightship rules expand 'ghp_{base62:30}{crc32-base62}' --seed 7\n";
  command.flags = {{"seed", 0, "N", "input", "which of the possible tokens (default 1)", "", set_count(seed)}};
  command.operands = {"TEMPLATE", 1, 1, &templates};
  const auto go = ready(command, std::move(arguments));
  if (!go) return tl::unexpected(go.error());
  if (!*go) return 0;
  const auto token = detect::expand_template(templates.front(), seed);
  if (!token) return tl::unexpected(token.error());
  return print(*token + "\n");
}

}  // namespace tightship::cli
