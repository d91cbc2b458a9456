#include <fmt/format.h>

#include "launch/report.h"
#include "launch/words.h"
#include "report/markup.h"
#include "report/words.h"

// GitHub flavoured. Foreign text stands in <code> or escaped, so that a file name is no mention and no link.

namespace tightship::launch {
namespace {

using detect::RiskClass;
using report::html_text;
using report::markdown_text;

constexpr std::size_t kMaxBytes = 60'000;  // a comment of a pull request holds 65 536 characters

std::string code(std::string_view raw) { return raw.empty() ? std::string() : "<code>" + html_text(raw) + "</code>"; }

std::string row_text(const Row& row, std::size_t number) {
  std::string text = fmt::format("{}. **{}** {} {}", number, markdown_text(title_words(row)), code(row.head.source),
                                 code(first_place(row)));
  if (const std::string why = why_words(row); !why.empty()) text += "  \n   " + markdown_text(why);
  if (!row.head.fix.empty()) {
    text += "  \n   Fix: " + markdown_text(row.head.fix);
    if (const std::string effort = effort_words(row); !effort.empty()) text += " (" + markdown_text(effort) + ")";
  }
  for (const std::string& command : row.head.commands) text += "  \n   " + code(command);
  return text + "\n";
}

std::string class_text(const Report& report, RiskClass risk_class, std::size_t& number) {
  std::string text;
  for (const Row& row : report.rows) {
    if (row.head.risk_class == risk_class && counts(row)) text += row_text(row, ++number);
  }
  if (text.empty()) return {};
  return fmt::format("\n### {} ({})\n\n{}", class_heading(risk_class), class_meaning(risk_class), text);
}

std::string hosts_text(const Report& report) {
  if (report.hosts.empty()) return {};
  std::string text =
      "\n### Domain map\n\n| host | points to | proxy | certificate | redirects to |\n|---|---|---|---|---|\n";
  for (const Host& host : report.hosts) {
    std::string certificate = host.tls_days ? fmt::format("{} days", *host.tls_days) : std::string();
    if (!host.issuer.empty()) certificate += ", " + markdown_text(host.issuer);
    text += fmt::format("| {} | {} | {} | {} | {} |\n", code(host.name),
                        code(host.alias.empty() ? host.address : host.alias), markdown_text(host.proxy), certificate,
                        code(host.redirect));
  }
  return text;
}

std::string list_text(std::string_view heading, const std::vector<std::string>& items) {
  if (items.empty()) return {};
  std::string text = fmt::format("\n{}\n\n", heading);
  for (const std::string& item : items) text += "- " + markdown_text(item) + "\n";
  return text;
}

std::string passed_text(const Report& report) {
  if (report.passed.empty()) return {};
  std::string text =
      fmt::format("\n<details><summary>Passed {}</summary>\n\n", report::counted(report.passed.size(), "check"));
  for (const readiness::Passed& passed : report.passed) {
    text += "- " + markdown_text(passed.id) + " " + markdown_text(passed.text) + "\n";
  }
  return text + "\n</details>\n";
}

std::vector<std::string> limits_of(const Report& report) {
  std::vector<std::string> items;
  for (const Section& section : report.sections) {
    if (!section.ran) items.push_back(section.command + ": " + section.coverage);
  }
  for (const auto* list : {&report.not_checked, &report.limits}) items.insert(items.end(), list->begin(), list->end());
  return items;
}

std::vector<std::string> losses_of(const Report& report) {
  std::vector<std::string> items;
  for (const Loss& loss : report.losses) items.push_back(loss_words(loss));
  if (report.loss_count > items.size()) {
    items.push_back(fmt::format("{} more", report::with_spaces(report.loss_count - items.size())));
  }
  return items;
}

}  // namespace

std::string render_markdown(const Report& report) {
  std::string text = fmt::format("## {}\n\n{}", verdict(report), code(report.subject));
  if (!report.repository.empty()) text += " at " + code(report.repository);
  text += "\n";
  std::size_t number = 0;
  for (const RiskClass risk_class : kClasses) text += class_text(report, risk_class, number);
  if (text.size() > kMaxBytes) {
    text.resize(text.rfind('\n', kMaxBytes) + 1);
    text += "\nThe list is cut here: the text, JSON and HTML forms have all of it.\n";
  }
  if (const std::string rotate = rotate_words(report); !rotate.empty()) text += "\n" + rotate + "\n";
  if (text.size() < kMaxBytes) text += hosts_text(report);
  text += list_text("Not read:", losses_of(report));
  text += list_text("Not checked:", limits_of(report));
  if (text.size() < kMaxBytes) text += passed_text(report);
  return text;
}

}  // namespace tightship::launch
