// `tightship handover`: what whoever takes the product over must know.

#include <fmt/format.h>

#include "base/file.h"
#include "base/terminal_text.h"
#include "cli/cache_flag.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/interrupt.h"
#include "cli/launch_domain.h"
#include "cli/launch_gather.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/stream.h"
#include "launch/handover.h"
#include "launch/project_facts.h"
#include "net/idn.h"
#include "net/site_config.h"

namespace tightship::cli {
namespace {

constexpr std::uint64_t kMaxDocument = std::uint64_t{16} << 20;

struct HandoverFlags {
  LaunchRequest request;
  CacheOptions cache;
  std::vector<std::string> paths;
  std::string output, config;
  DomainRequest domain;
  bool no_history = false, quiet = false;
};

Command handover_record(HandoverFlags& flags) {
  Command command;
  command.name = "handover";
  command.usage = "tightship handover [FLAGS] [PATH]";
  command.brief = "Writes what whoever takes the product over must know, as Markdown.";
  command.detail =
      "Variables by name and where they are set, secret stores, deployment files with their usual commands and ways "
      "back, keys that were ever committed. Values are never in it. Facts stand between markers "
      "(<!-- tightship:begin secrets -->); what is outside of them is for people: blanks to fill in, chapters of your "
      "own. --domain adds hosts, certificates and redirects. With -o FILE a document that is there keeps all of that, "
      "and only its facts are written anew.";
  command.examples =
      "  tightship handover > HANDOVER.md\n"
      "  tightship handover -o HANDOVER.md          # again, later\n"
      "  tightship handover --domain example.com -o HANDOVER.md\n";
  constexpr std::string_view kInput = "input", kReport = "report";
  command.flags = {
      {"output", 'o', "FILE", kReport, "write FILE, keeping what people wrote in it", "", set_text(flags.output)},
      {"quiet", 'q', "", kReport, "no progress and no warnings", "", set_true(flags.quiet)},
      {"no-history", 0, "", kInput, "do not look for keys that were ever committed", "", set_true(flags.no_history)},
      {"config", 0, "FILE", kInput, "instead of the tightship.toml of PATH", "", set_text(flags.config)},
      cache_flag(flags.cache, kInput),
  };
  for (Flag& flag : domain_flags(flags.domain)) command.flags.push_back(std::move(flag));
  command.operands = {"PATH", 0, 1, &flags.paths};
  return command;
}

// From the audit: how many keys must be replaced.
Result<void> add_rotation(const HandoverFlags& flags, launch::HandoverFacts& facts, launch::Report& report) {
  if (flags.no_history || facts.commit.empty()) return {};
  LaunchGather gather(report);
  scan::Progress progress;
  const InterruptGuard interrupts(progress);
  const ProgressLine line(progress, !flags.quiet);
  const auto rules = load_rules(flags.request.rules, {flags.request.path});
  if (!rules) return tl::unexpected(rules.error());
  for (const LaunchJob& job : secret_jobs(flags.request, rules->set(), progress)) {
    const Delivery delivery = job.work();
    if (auto done = delivery(gather); !done) return done;
  }
  gather.finish({});
  facts.audited = true;
  facts.ever_committed = report.ever_committed;
  facts.in_head = report.still_in_head;
  return {};
}

Result<std::string> existing_text(const std::string& path) {
  if (path.empty()) return std::string();
  auto text = read_file(path, kMaxDocument);
  if (!text && text.error().kind == ErrorKind::NotFound) return std::string();
  return text;
}

void say_losses(const std::vector<Loss>& losses, bool quiet) {
  for (const Loss& loss : losses) {
    if (!quiet) print_warning(loss.where.empty() ? loss.what : loss.where + ": " + loss.what, loss.help);
  }
}

}  // namespace

Result<int> handover_command(Arguments arguments) {
  HandoverFlags flags;
  const auto go = ready(handover_record(flags), std::move(arguments));
  if (!go) return tl::unexpected(go.error());
  if (!*go) return 0;
  if (!flags.paths.empty()) flags.request.path = flags.paths.front();
  flags.request.cache_folder = flags.cache.folder();
  if (const auto prepared = prepare_domain(flags.domain); !prepared) return tl::unexpected(prepared.error());
  const auto existing = existing_text(flags.output);
  if (!existing) return tl::unexpected(existing.error());
  const auto site = site_config_of(flags.config, flags.request);
  if (!site) return tl::unexpected(site.error());
  Ledger ledger;
  const auto project = lint::open_project(flags.request.path, ledger);
  if (!project) return tl::unexpected(project.error());

  launch::HandoverFacts facts;
  facts.product = project->root.substr(project->root.rfind('/') + 1);
  facts.commit = repository_words(flags.request.path);
  facts.made = report_time();
  facts.owners = site->owners;
  launch::add_project_facts(*project, ledger, facts);
  launch::Report report;
  if (const auto done = add_rotation(flags, facts, report); !done) return tl::unexpected(done.error());
  if (!flags.domain.domain.empty()) {
    LaunchGather gather(report);
    facts.product = net::name_both_ways(flags.domain.domain);
    facts.snapshot = flags.domain.expect_file;
    flags.domain.site = *site;
    flags.domain.now = facts.made;
    scan::Progress progress;
    const InterruptGuard interrupts(progress);
    LaunchLanes lanes(domain_lanes(flags.domain, facts.hosts));
    lanes.wait(progress.cancelled);
    if (progress.cancelled) return static_cast<int>(ExitCode::Interrupted);  // the document stays as it was
    if (const auto done = lanes.deliver(gather); !done) return tl::unexpected(done.error());
  }
  auto document = launch::handover(facts, *existing);
  if (!document) {
    document.error().where = flags.output;
    return tl::unexpected(document.error());
  }
  const auto written = flags.output.empty() ? write_stdout(*document) : write_private_file(flags.output, *document);
  if (!written) return tl::unexpected(written.error());
  say_losses(ledger.entries(), flags.quiet);
  say_losses(report.losses, flags.quiet);
  return static_cast<int>(ledger.empty() && report.complete() ? ExitCode::Clean : ExitCode::Incomplete);
}

}  // namespace tightship::cli
