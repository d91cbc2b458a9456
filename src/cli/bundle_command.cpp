#include <utility>

#include "bundle/check.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/problem_output.h"
#include "cli/rule_source.h"

namespace tightship::cli {
namespace {

struct BundleFlags {
  bundle::BundleOptions options;
  std::vector<std::string> paths;
  RuleOptions rules;
  OutputOptions output;
};

Command bundle_record(BundleFlags& flags) {
  Command command;
  command.name = "bundle";
  command.usage = "tightship bundle [FLAGS] [DIR]";
  command.brief = "Finds what a web build gives away: values of server-only variables, keys, source maps, leftovers.";
  command.detail =
      "DIR is the output of a build (dist, .next, build, out, .output ...), or a project, whose outputs are found. "
      "The values of its env files that must stay on the server are searched in every public file, also escaped, "
      "encoded or cut in pieces; so a hit is that very value, not something that looks like a key. What the "
      "framework keeps on the server is not looked at. Keys of known formats are found without any env file. Where "
      "a source map is there, the place in the source is named.\n\n"
      "--url follows a deployed page instead: its own scripts, their chunks and source maps, and five files that "
      "must not be served. Nothing of another site is requested, and without --url nothing is requested at all.";
  command.examples =
      "  tightship bundle\n"
      "  tightship bundle dist --env .env.production\n"
      "  tightship bundle .next --env-from-process STRIPE_SECRET_KEY --env-from-process DATABASE_URL\n"
      "  tightship bundle --url https://shop.example.com\n"
      "  tightship bundle -q -o bundle.sarif\n";
  constexpr std::string_view kValues = "values", kSite = "deployed page";
  command.flags = {
      {"env", 0, "FILE", kValues, "trace the secrets of this env file instead of the project's own files",
       "Read as the project's loaders read it; where they disagree, each reading is traced. Can be given several "
       "times.",
       append_text(flags.options.values.env_files)},
      {"env-from-process", 0, "NAME", kValues, "trace the value of a variable of the environment",
       "For CI, where secrets are in no file. Can be given several times.",
       append_text(flags.options.values.process_names)},
      {"values-file", 0, "FILE", kValues, "trace the values of a file: NAME=VALUE a line, taken literally", "",
       set_text(flags.options.values.values_file)},
      {"url", 0, "URL", kSite, "look at a deployed page and its own scripts instead of files",
       "Redirects are followed within the site; a private address is refused unless URL is one itself.",
       set_text(flags.options.url)},
      {"max-requests", 0, "N", kSite, "requests at the most (default 300)", "",
       set_number(flags.options.site.max_requests, 1, 10'000)},
      {"max-bytes", 0, "SIZE", kSite, "bytes that are loaded at the most (default 100M)", "",
       set_size(flags.options.site.max_bytes, 1024, std::uint64_t{4} << 30)},
      {"resolve", 0, "HOST:PORT:ADDRESS", kSite, "use this address, as curl does", "",
       append_text(flags.options.site.resolve)},
      {"ca", 0, "FILE", kSite, "authorities to trust instead of the system's", "",
       set_text(flags.options.site.ca_file)},
      {"threads", 'j', "N", "input", "threads (default: one a processor)", "",
       set_number(flags.options.threads, 1, 256)},
  };
  for (Flag& flag : rule_flags(flags.rules)) command.flags.push_back(std::move(flag));
  for (Flag& flag : output_flags(flags.output)) command.flags.push_back(std::move(flag));
  command.operands = {"DIR", 0, 1, &flags.paths};
  return command;
}

}  // namespace

Result<int> bundle_command(Arguments arguments) {
  BundleFlags flags;
  const auto go = ready(bundle_record(flags), std::move(arguments));
  if (!go) return tl::unexpected(go.error());
  if (!*go) return 0;
  const auto plan = plan_output(flags.output);
  if (!plan) return tl::unexpected(plan.error());
  if (const auto usable = check_problem_formats(*plan); !usable) return tl::unexpected(usable.error());
  if (!flags.paths.empty()) flags.options.path = flags.paths.front();
  const auto rules = load_rules(flags.rules, {flags.options.path});
  if (!rules) return tl::unexpected(rules.error());
  flags.options.rules = &rules->set();
  auto report = bundle::check_bundle(flags.options);
  if (!report) return tl::unexpected(report.error());
  return deliver(std::move(*report), *plan);
}

}  // namespace tightship::cli
