#include "launch/handover.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "report/markup.h"
#include "report/words.h"

namespace tightship::launch {
namespace {

using report::html_text;
using report::markdown_text;

std::string code(std::string_view raw) { return raw.empty() ? std::string() : "<code>" + html_text(raw) + "</code>"; }

std::string codes(const std::vector<std::string>& items) {
  std::vector<std::string> shown;
  for (const std::string& item : items) shown.push_back(code(item));
  return report::join(shown, ", ");
}

std::string domains(const HandoverFacts& facts) {
  if (facts.hosts.empty()) return "Not looked at: run with `--domain`.\n";
  std::string text = "| host | points to | proxy |\n|---|---|---|\n";
  for (const Host& host : facts.hosts) {
    text += fmt::format("| {} | {} | {} |\n", code(host.name), code(host.alias.empty() ? host.address : host.alias),
                        markdown_text(host.proxy));
  }
  if (!facts.snapshot.empty()) text += "\nExpected records: " + code(facts.snapshot) + "\n";
  return text;
}

std::string certificates(const HandoverFacts& facts) {
  std::string rows;
  for (const Host& host : facts.hosts) {
    if (!host.tls_days) continue;
    const std::string day = report::date_text(facts.made + *host.tls_days * 86'400, 0);
    rows +=
        fmt::format("| {} | {} | {} ({} days) |\n", code(host.name), markdown_text(host.issuer), day, *host.tls_days);
  }
  return rows.empty() ? "Not looked at: run with `--domain`.\n" : "| host | issuer | ends |\n|---|---|---|\n" + rows;
}

std::string redirects(const HandoverFacts& facts) {
  std::string rows;
  for (const Host& host : facts.hosts) {
    if (!host.redirect.empty()) rows += fmt::format("| {} | {} |\n", code(host.name), code(host.redirect));
  }
  return rows.empty() ? "None found, or not looked at.\n" : "| from | to |\n|---|---|\n" + rows;
}

std::string variables(const HandoverFacts& facts) {
  std::string text;
  for (const std::string& store : facts.secret_stores) text += "- " + markdown_text(store) + "\n";
  if (facts.variables.empty()) return text.empty() ? "No env files and no secret stores found.\n" : text;
  text += (text.empty() ? "" : "\n") + std::string("| variable | kind | in |\n|---|---|---|\n");
  for (const VariableFact& variable : facts.variables) {
    const std::string_view kind = variable.is_secret ? "secret" : variable.is_public ? "public" : "";
    text += fmt::format("| {} | {} | {} |\n", code(variable.name), kind, codes(variable.files));
  }
  return text;
}

std::string deployment(const HandoverFacts& facts) {
  std::string text;
  for (const DeployFact& fact : facts.deploys) {
    text += fmt::format("- {} {}", code(fact.file), markdown_text(fact.what));
    if (!fact.command.empty()) text += ": " + code(fact.command);
    text += "\n";
  }
  for (const std::string& script : facts.scripts) text += "- " + code(script) + "\n";
  return text.empty() ? "No deployment files found.\n" : text;
}

std::string rollback(const HandoverFacts& facts) {
  std::string text;
  for (const DeployFact& fact : facts.deploys) {
    if (!fact.rollback.empty())
      text += fmt::format("- {}: {}\n", markdown_text(fact.what), markdown_text(fact.rollback));
  }
  return text.empty() ? "No usual way is known for what was found.\n" : text;
}

std::string rotation(const HandoverFacts& facts) {
  if (!facts.audited) return "The history was not audited: `tightship audit`.\n";
  if (facts.ever_committed == 0) return "No key was ever committed.\n";
  return fmt::format(
      "{} committed, {} still in HEAD: `tightship audit` lists what to replace first.\n",
      facts.ever_committed == 1 ? "1 key was ever" : fmt::format("{} keys were ever", facts.ever_committed),
      facts.in_head);
}

std::string owners(const HandoverFacts& facts) {
  std::string text;
  for (const auto& [what, who] : facts.owners)
    text += fmt::format("- {}: {}\n", markdown_text(what), markdown_text(who));
  return text.empty() ? "None in `tightship.toml` `[owners]`.\n" : text;
}

std::string made(const HandoverFacts& facts) {
  std::string text = "Facts of " + report::date_text(facts.made, 0);
  if (!facts.commit.empty()) text += " at " + code(facts.commit);
  return text + ".\n";
}

struct Chapter {
  std::string_view name, heading;
  std::string (*facts)(const HandoverFacts&);
  std::string_view blanks;  // for people; written once
};

constexpr std::array kChapters = {
    Chapter{"made", "", made, ""},
    Chapter{"domains", "Domains and DNS", domains,
            "- [ ] Registrar, and who can sign in:\n- [ ] Renewal of the domain:\n"},
    Chapter{"certificates", "Certificates", certificates, "- [ ] How they are renewed:\n"},
    Chapter{"redirects", "Redirects", redirects, ""},
    Chapter{"secrets", "Secrets and variables", variables,
            "- [ ] Where production values are set, and who can read them:\n- [ ] How one is replaced:\n"},
    Chapter{"rotation", "Rotation", rotation, "- [ ] Keys replaced, with date:\n"},
    Chapter{"deployment", "Deployment", deployment, "- [ ] Who can deploy:\n- [ ] Steps that no file says:\n"},
    Chapter{"rollback", "Rollback", rollback,
            "- [ ] Last time it was tried:\n- [ ] What cannot be rolled back (migrations):\n"},
    Chapter{"owners", "Owners", owners,
            "- [ ] Uptime:\n- [ ] Billing and its webhooks:\n- [ ] Mail deliverability:\n- [ ] Support:\n"},
};

constexpr std::string_view kByHand =
    "\n## Backups\n\n- [ ] Where:\n- [ ] How long they are kept:\n- [ ] Last restore that was tried:\n";

std::string begin_marker(std::string_view name) { return fmt::format("<!-- tightship:begin {} -->", name); }
std::string end_marker(std::string_view name) { return fmt::format("<!-- tightship:end {} -->", name); }

std::string block(const Chapter& chapter, const HandoverFacts& facts) {
  return begin_marker(chapter.name) + "\n" + chapter.facts(facts) + end_marker(chapter.name);
}

std::string new_document(const HandoverFacts& facts) {
  std::string text = "# Handover: " + markdown_text(facts.product) + "\n\n";
  for (const Chapter& chapter : kChapters) {
    if (!chapter.heading.empty()) text += fmt::format("\n## {}\n\n", chapter.heading);
    text += block(chapter, facts) + "\n";
    if (!chapter.blanks.empty()) text += "\n" + std::string(chapter.blanks);
  }
  return text + std::string(kByHand);
}

bool stands_twice(std::string_view text, std::string_view marker) {
  const std::size_t first = text.find(marker);
  return first != std::string_view::npos && text.find(marker, first + marker.size()) != std::string_view::npos;
}

struct Found {
  std::size_t begin = 0, end = 0;  // with the markers
};

// Nothing when the section is not there.
Result<std::optional<Found>> find_block(std::string_view text, std::string_view name) {
  const std::string begin = begin_marker(name), end = end_marker(name);
  const std::size_t from = text.find(begin), to = text.find(end);
  if (from == std::string_view::npos && to == std::string_view::npos) return std::optional<Found>();
  const bool paired = from != std::string_view::npos && to != std::string_view::npos && from < to;
  if (!paired || stands_twice(text, begin) || stands_twice(text, end)) {
    return fail(ErrorKind::Corrupt, fmt::format("the markers of '{}' are not one pair", name), {},
                fmt::format("put {} before and {} behind its facts, once", begin, end));
  }
  return std::optional<Found>({from, to + end.size()});
}

}  // namespace

Result<std::string> handover(const HandoverFacts& facts, std::string_view existing) {
  if (existing.find("<!-- tightship:begin ") == std::string_view::npos) {
    const std::string_view gap = existing.empty() || existing.ends_with('\n') ? "" : "\n";
    return std::string(existing) + std::string(gap) + (existing.empty() ? "" : "\n") + new_document(facts);
  }
  std::string text(existing);
  for (const Chapter& chapter : kChapters) {
    const auto found = find_block(text, chapter.name);
    if (!found) return tl::unexpected(found.error());
    if (*found) text.replace((*found)->begin, (*found)->end - (*found)->begin, block(chapter, facts));
  }
  return text;
}

}  // namespace tightship::launch
