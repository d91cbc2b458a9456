#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/file.h"
#include "base/terminal_text.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/stream.h"
#include "convert/rules.h"
#include "lint/tree.h"

namespace tightship::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string output = "-";
  std::vector<std::string> paths;
};

Command record(Options& options) {
  Command command;
  command.name = "rules import";
  command.usage = "tightship rules import [-o FILE] YAML...";
  command.brief = "Converts rules of Kingfisher 1.x and Nosey Parker to ours.";
  command.detail =
      "YAML is a file, or a folder whose .yml and .yaml files are taken. What has no counterpart here (validation "
      "over the network, checksums in Liquid) is left out, and a note on standard error says so for each rule. A rule "
      "whose expression RE2 does not take is not converted. Each rule is tried on its own examples.";
  command.examples =
      "  tightship rules import acme.yml -o .tightship/rules.toml\n"
      "  tightship rules check .tightship/rules.toml\n";
  command.flags = {
      {"output", 'o', "FILE", "report", "write to FILE instead of standard output", "", set_text(options.output)}};
  command.operands = {"YAML", 1, 10'000, &options.paths};
  return command;
}

bool is_yaml(const fs::path& path) { return path.extension() == ".yml" || path.extension() == ".yaml"; }

std::vector<std::string> files_of(const std::string& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) return {path};
  std::vector<std::string> files;
  for (fs::recursive_directory_iterator at(path, error), end; !error && at != end; at.increment(error)) {
    if (at->is_regular_file(error) && is_yaml(at->path())) files.push_back(at->path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

void tell(const std::string& path, const convert::Imported& imported) {
  for (const convert::ImportNote& note : imported.notes) {
    write_stderr(fmt::format("note: {}{}{}: {}\n", terminal_text(path), note.rule.empty() ? "" : ": ",
                             terminal_text(note.rule), terminal_text(note.text)));
  }
}

}  // namespace

Result<int> rules_import_command(Arguments arguments) {
  Options options;
  const auto go = ready(record(options), std::move(arguments));
  if (!go) return tl::unexpected(go.error());
  if (!*go) return 0;
  std::string toml;
  std::size_t rules = 0, refused = 0, files = 0;
  for (const std::string& path : options.paths) {
    for (const std::string& file : files_of(path)) {
      const auto yaml = read_file(file, lint::kMaxTreeText);
      if (!yaml) return tl::unexpected(yaml.error());
      auto imported = convert::import_rules(*yaml, fs::path(file).filename().string());
      if (!imported) {
        Error error = imported.error();
        error.where = error.where.empty() ? file : file + ": " + error.where;
        return tl::unexpected(error);
      }
      tell(file, *imported);
      toml += (toml.empty() ? "" : "\n") + imported->toml;
      rules += imported->rules;
      refused += imported->refused;
      ++files;
    }
  }
  if (options.output != "-") {
    if (const auto writable = check_writable(options.output); !writable) return tl::unexpected(writable.error());
  }
  const auto written = options.output == "-" ? write_stdout(toml) : write_private_file(options.output, toml);
  if (!written) return tl::unexpected(written.error());
  write_stderr(fmt::format("converted {} rules of {} files, {} not\n", rules, files, refused));
  return 0;
}

}  // namespace tightship::cli
