#include <fmt/format.h>

#include "launch/page_style.h"
#include "launch/report.h"
#include "launch/words.h"
#include "report/markup.h"
#include "report/words.h"

// One file that asks nothing of anybody: no script, no image, no font, no link that is followed by itself. The
// policy in its head says so to the browser too, so that even a mistake of ours could not send anything.

namespace tightship::launch {
namespace {

using detect::RiskClass;
using report::html_text;

std::string element(std::string_view tag, std::string_view raw) {
  return fmt::format("<{0}>{1}</{0}>", tag, html_text(raw));
}

std::string cell(std::string_view raw) { return element("td", raw); }

std::string_view class_token(RiskClass risk_class) { return detect::risk_class_name(risk_class); }

std::string places_html(const Row& row) {
  if (row.head.spots.size() < 2) return {};
  std::string text = fmt::format("<details><summary>{}</summary><ul>", report::counted(row.head.spots.size(), "place"));
  for (const readiness::Spot& spot : row.head.spots) text += "<li>" + element("code", spot_words(spot)) + "</li>";
  return text + "</ul></details>";
}

std::string fix_html(const Row& row) {
  std::string text;
  if (!row.head.fix.empty()) text += "<p class=\"fix\"><b>Fix</b> " + html_text(row.head.fix) + "</p>";
  if (row.head.commands.empty()) return text;
  text += "<pre>";
  for (const std::string& command : row.head.commands) text += html_text(command) + "\n";
  return text + "</pre>";
}

std::string row_html(const Row& row, std::size_t number) {
  std::string text = fmt::format("<li class=\"{}\" value=\"{}\"><h3>{}</h3>", class_token(row.head.risk_class), number,
                                 html_text(title_words(row)));
  text += "<p class=\"place\"><span class=\"source\">" + html_text(row.head.source) + "</span> " +
          element("code", first_place(row));
  if (const std::string effort = effort_words(row); !effort.empty()) {
    text += " <span class=\"effort\">" + html_text(effort) + "</span>";
  }
  text += "</p>";
  if (const std::string why = why_words(row); !why.empty()) text += element("p", why);
  return text + fix_html(row) + places_html(row) + "</li>\n";
}

std::string class_html(const Report& report, RiskClass risk_class, std::size_t& number) {
  std::string rows;
  for (const Row& row : report.rows) {
    if (row.head.risk_class == risk_class && counts(row)) rows += row_html(row, ++number);
  }
  if (rows.empty()) return {};
  return fmt::format("<section><h2>{} <small>{}</small></h2>\n<ol>\n{}</ol></section>\n", class_heading(risk_class),
                     class_meaning(risk_class), rows);
}

std::string hosts_html(const Report& report) {
  if (report.hosts.empty()) return {};
  std::string text =
      "<section><h2>Domain map</h2><div class=\"wide\"><table><thead><tr><th>host</th><th>points to</th><th>proxy</th>"
      "<th>certificate</th><th>redirects to</th></tr></thead><tbody>\n";
  for (const Host& host : report.hosts) {
    const std::string days = host.tls_days ? fmt::format("{} days", *host.tls_days) : std::string();
    text += "<tr>" + cell(host.name) + cell(host.alias.empty() ? host.address : host.alias) + cell(host.proxy) +
            cell(host.issuer.empty() ? days : days + ", " + host.issuer) + cell(host.redirect) + "</tr>\n";
  }
  return text + "</tbody></table></div></section>\n";
}

std::string_view setting_words(Setting setting) {
  switch (setting) {
    case Setting::Set: return "set";
    case Setting::Empty: return "empty";
    case Setting::Same: return "same value";
    case Setting::Missing: break;
  }
  return "missing";
}

std::string setting_html(Setting setting) {
  return fmt::format("<td class=\"{}\">{}</td>", setting == Setting::Missing ? "missing" : "there",
                     setting_words(setting));
}

std::string variables_html(const Report& report) {
  if (report.variables.empty()) return {};
  std::string text = "<section><h2>Environment</h2><div class=\"wide\"><table><thead><tr><th>variable</th>";
  for (const std::string& file : report.env_files) text += element("th", file);
  text += "</tr></thead><tbody>\n";
  for (const Variable& variable : report.variables) {
    text += "<tr><td>" + element("code", variable.name);
    if (variable.is_public) text += " <span class=\"source\">public</span>";
    text += "</td>";
    for (const Setting setting : variable.settings) text += setting_html(setting);
    text += "</tr>\n";
  }
  return text + "</tbody></table></div></section>\n";
}

// Keys that must be replaced, with a box to tick on paper.
std::string rotation_html(const Report& report) {
  std::string items;
  for (const Row& row : report.rows) {
    const bool rotate = !row.head.value_id.empty() && row.head.severity == detect::Severity::Error;
    if (rotate)
      items += "<li>&#9744; " + html_text(title_words(row)) + " " + element("code", first_place(row)) + "</li>\n";
  }
  if (items.empty()) return {};
  return "<section><h2>Rotation list</h2><ul class=\"boxes\">\n" + items + "</ul></section>\n";
}

std::string list_html(std::string_view heading, const std::vector<std::string>& items) {
  if (items.empty()) return {};
  std::string text = fmt::format("<section><h2>{}</h2><ul>\n", heading);
  for (const std::string& item : items) text += element("li", item) + "\n";
  return text + "</ul></section>\n";
}

std::string losses_html(const Report& report) {
  std::vector<std::string> items;
  for (const Loss& loss : report.losses) items.push_back(loss_words(loss));
  if (report.loss_count > items.size()) items.push_back(fmt::format("{} more", report.loss_count - items.size()));
  return list_html("Not read", items);
}

std::string limits_html(const Report& report) {
  std::vector<std::string> items;
  for (const Section& section : report.sections) {
    if (!section.ran) items.push_back(section.command + ": " + section.coverage);
  }
  for (const auto* list : {&report.not_checked, &report.limits}) items.insert(items.end(), list->begin(), list->end());
  return list_html("Not checked", items);
}

std::string passed_html(const Report& report) {
  if (report.passed.empty()) return {};
  std::string text = fmt::format("<section><details><summary>Passed {}</summary><ul>\n",
                                 report::counted(report.passed.size(), "check"));
  for (const readiness::Passed& passed : report.passed) {
    text += "<li>" + element("code", passed.id) + " " + html_text(passed.text) + "</li>\n";
  }
  return text + "</ul></details></section>\n";
}

std::string checked_html(const Report& report) {
  std::string text = "<footer><p>Checked:";
  for (const Section& section : report.sections) {
    if (section.ran) text += " " + element("b", section.command) + " " + html_text(section.coverage) + ";";
  }
  return text + fmt::format("</p><p>tightship {}, {}</p></footer>\n", TIGHTSHIP_VERSION,
                            report::timestamp_text(report.ended, 0));
}

std::string_view mood(const Report& report) {
  if (report.count(RiskClass::LaunchBlocker) > 0) return "launch-blocker";
  if (!report.complete() || report.count(RiskClass::ConversionBlocker) > 0) return "conversion-blocker";
  return "clear";
}

}  // namespace

std::string render_html(const Report& report) {
  std::string text = fmt::format(kPageHead, html_text(report.subject), kPageStyle);
  text += fmt::format("<header class=\"{}\"><h1>{}</h1><p>{}", mood(report), html_text(verdict(report)),
                      element("code", report.subject));
  if (!report.repository.empty()) text += " at " + element("code", report.repository);
  text += "</p></header>\n<main>\n";
  std::size_t number = 0;
  for (const RiskClass risk_class : kClasses) text += class_html(report, risk_class, number);
  text += rotation_html(report) + hosts_html(report) + variables_html(report);
  text += losses_html(report) + limits_html(report) + passed_html(report);
  return text + "</main>\n" + checked_html(report) + "</body></html>\n";
}

}  // namespace tightship::launch
