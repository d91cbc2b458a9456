#include <fmt/format.h>

#include "base/terminal_text.h"
#include "cli/allowance_source.h"
#include "cli/commands.h"
#include "cli/explain_line.h"
#include "cli/rule_source.h"
#include "cli/similar.h"
#include "cli/stream.h"
#include "cli/terminal.h"
#include "cli/usage.h"
#include "detect/rule.h"

#include <unistd.h>

namespace tightship::cli {
namespace {

constexpr unsigned kIndent = 2;

// Rule files are foreign text: everything of theirs passes terminal_text.
class Sheet {
 public:
  explicit Sheet(unsigned width) : width_(width) {}

  void heading(const detect::Rule& rule) {
    text_ += fmt::format("{}: {}\n", terminal_text(rule.id), terminal_text(rule.title));
    text_ += fmt::format("{}, {}, {}", detect::severity_name(rule.severity), detect::kind_name(rule.kind),
                         detect::risk_class_name(rule.risk_class));
    if (!rule.provider.empty()) text_ += fmt::format(", {}", terminal_text(rule.provider));
    text_ += '\n';
  }
  void section(std::string_view title, std::string_view body) {
    if (body.empty()) return;
    text_ += fmt::format("\n{}\n{}", title, fold(terminal_text(body), kIndent, width_));
  }
  void list(std::string_view title, const std::vector<std::string_view>& rows) {
    if (rows.empty()) return;
    text_ += fmt::format("\n{}\n", title);
    for (const std::string_view row : rows) text_ += fmt::format("{:{}}{}\n", "", kIndent, terminal_text(row));
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
  unsigned width_;
};

std::string format_facts(const detect::Rule& rule) {
  std::string facts;
  if (!rule.prefix.empty()) facts += fmt::format("starts with {}; ", rule.prefix);
  if (!rule.check.empty()) facts += fmt::format("checked offline by {}; ", rule.check);
  if (rule.entropy > 0) facts += fmt::format("entropy over {:g} bits a character; ", rule.entropy);
  if (rule.generic) facts += "generic: judged by name, form of the assignment, shape and entropy of the value; ";
  if (!rule.why.empty()) facts += fmt::format("said under the caret: {}; ", rule.why);
  if (!facts.empty()) facts.resize(facts.size() - 2);
  return facts;
}

std::string explanation(const detect::Rule& rule, unsigned width) {
  Sheet sheet(width);
  sheet.heading(rule);
  sheet.section("what it opens", rule.impact);
  sheet.section("how to rotate it", rule.rotate);
  sheet.list("where", rule.rotate_url.empty() ? std::vector<std::string_view>{} : std::vector{rule.rotate_url});
  sheet.section("format", format_facts(rule));
  sheet.list("expression", {rule.regex});
  sheet.list("for these folders only", rule.folders);
  sheet.list("switched off below", rule.off_below);
  sheet.list("source", rule.source.empty() ? std::vector<std::string_view>{} : std::vector{rule.source});
  sheet.list("reported (templates; tightship rules expand makes one up)", rule.examples);
  sheet.list("not reported, though it looks alike", rule.counterexamples);
  return sheet.take();
}

Result<int> unknown_rule(const detect::RuleSet& rules, const std::string& id) {
  std::vector<std::string> names;
  for (const detect::Rule& rule : rules.rules()) names.emplace_back(rule.id);
  auto near = similar_names(id, names, 5);
  if (near.empty()) near = similar_names(id.substr(0, id.find('-')), names, 5);  // at least the vendor
  return fail(ErrorKind::Usage, fmt::format("no rule is called '{}'", id), {},
              near.empty() ? "tightship rules list" : "similar rules: " + join(near, ", "));
}

}  // namespace

Result<int> explain_command(Arguments arguments) {
  RuleOptions options;
  AllowOptions allow;
  std::vector<std::string> names;
  Command command;
  command.name = "explain";
  command.usage = "tightship explain [FLAGS] RULE | FILE:LINE";
  command.brief = "Says what a rule finds and how to rotate it; or why something in a line was or was not reported.";
  command.detail =
      "With FILE:LINE every match of a rule in that line is listed with what decided: its own form, a check, an allow "
      "list, a comment, another rule on the same bytes, .tightship/allow.toml, a baseline, and the file that says so.";
  command.examples =
      "  tightship explain stripe-secret-key\n"
      "  tightship explain api/billing.py:31\n";
  command.flags = rule_flags(options);
  for (Flag& flag : allow_flags(allow)) command.flags.push_back(std::move(flag));
  command.operands = {"RULE or FILE:LINE", 1, 1, &names};
  const auto go = ready(command, std::move(arguments));
  if (!go) return tl::unexpected(go.error());
  if (!*go) return 0;
  if (const auto place = parse_line_of_file(names.front())) {
    const auto text = explain_line(*place, options, allow);
    if (!text) return tl::unexpected(text.error());
    const auto said = write_stdout(*text);
    if (!said) return tl::unexpected(said.error());
    return 0;
  }
  const auto rules = load_rules(options, {});
  if (!rules) return tl::unexpected(rules.error());
  const detect::Rule* rule = rules->set().find(names.front());
  if (rule == nullptr) return unknown_rule(rules->set(), names.front());
  const auto written = write_stdout(explanation(*rule, terminal_width(STDOUT_FILENO)));
  if (!written) return tl::unexpected(written.error());
  return 0;
}

}  // namespace tightship::cli
