#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/help_topics.h"
#include "cli/similar.h"
#include "cli/stream.h"

namespace tightship::cli {
namespace {

Result<int> print(std::string_view text) {
  const auto written = write_stdout(text);
  if (!written) return tl::unexpected(written.error());
  return 0;
}

std::string topic_list() {
  std::string out = overview() + "\ntopics:\n";
  for (const HelpTopic& topic : help_topics()) {
    out += fmt::format("  tightship help {:<12}  {}\n", topic.name, topic.brief);
  }
  return out;
}

}  // namespace

std::string overview() {
  return "tightship finds leaked secrets in files and in the whole history of a git repository.\n"
         "\n"
         "  tightship scan [PATH...]   files of a work tree or any folder, or --stdin\n"
         "  tightship scan --staged    what git commit would record; --range A..B, --since REF\n"
         "  tightship audit [REPO]     every object of the repository; ends in a worklist\n"
         "  tightship launch [PATH]    everything before the first users, ranked on one screen\n"
         "  tightship handover [PATH]  what whoever takes the product over must know\n"
         "  tightship hook install     refuse pushes that carry a secret; uninstall, status\n"
         "  tightship allow ID         accept a finding, with a reason\n"
         "  tightship baseline         create, update, check: what was there before\n"
         "  tightship ci               what a CI run brings, shown as its service shows it\n"
         "  tightship config [PATH]    what a project's configuration gives away or breaks\n"
         "  tightship bundle [DIR]     what a web build gives away; --url for a deployed page\n"
         "  tightship explain RULE     what a rule means, how to rotate\n"
         "  tightship dns DOMAIN       whether a domain resolves and its mail is believed\n"
         "  tightship tls HOST...      certificates, protocols and ciphers of your hosts\n"
         "  tightship http DOMAIN      redirects, cookies, caching, files that must not be served\n"
         "  tightship git|dir|stdin    the command line of gitleaks, with its reports\n"
         "  tightship rules            list, check, explain, bench, diff, expand, import\n"
         "  tightship cache            what audits keep for the next one; clear\n"
         "  tightship help TOPIC       exit-codes, config, environment, rules, formats\n"
         "\n"
         "tightship COMMAND -h for flags, --help for more; tightship --version\n";
}

Result<int> help_command(Arguments arguments) {
  if (arguments.empty()) return print(topic_list());
  const std::string& name = arguments.front();
  std::vector<std::string> names;
  for (const HelpTopic& topic : help_topics()) {
    if (topic.name == name) return print(topic.text);
    names.emplace_back(topic.name);
  }
  if (name == "-h" || name == "--help") return print(topic_list());
  if (name == "scan") return scan_command({"--help"});
  if (name == "audit") return audit_command({"--help"});
  if (name == "bundle") return bundle_command({"--help"});
  if (name == "launch") return launch_command({"--help"});
  if (name == "ci") return ci_command({"--help"});
  if (name == "hook") return hook_command({"--help"});
  if (name == "allow") return allow_command({"--help"});
  if (name == "baseline") return baseline_command({"--help"});
  if (name == "explain") return explain_command({"--help"});
  if (name == "dns") return dns_command({"--help"});
  if (name == "tls") return tls_command({"--help"});
  if (name == "http") return http_command({"--help"});
  if (name == "git") return gitleaks_git_command({"--help"});
  if (name == "dir") return gitleaks_dir_command({"--help"});
  if (name == "stdin") return gitleaks_stdin_command({"--help"});
  const auto near = similar_names(name, names);
  return fail(ErrorKind::Usage, fmt::format("no help on '{}'", name), {},
              "topics: " + join(near.empty() ? names : near, ", "));
}

}  // namespace tightship::cli
