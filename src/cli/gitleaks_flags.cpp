#include "cli/gitleaks_flags.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace tightship::cli {
namespace {

constexpr std::array<std::string_view, 9> kSwitches = {"verbose",   "no-color", "ignore-gitleaks-allow",
                                                       "no-banner", "staged",   "pre-commit",
                                                       "no-git",    "pipe",     "follow-symlinks"};

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

// A flag that is taken and of no effect, which is said.
TakeValue set_warning(GitleaksFlags& flags, std::string text) {
  return [&flags, text = std::move(text)](const std::string&) -> Result<void> {
    flags.warnings.push_back(text);
    return {};
  };
}

TakeValue set_ids(std::vector<std::string>& ids) {
  return [&ids](const std::string& text) -> Result<void> {
    for (std::size_t at = 0; at <= text.size();) {
      const std::size_t comma = std::min(text.find(',', at), text.size());
      if (comma > at) ids.push_back(text.substr(at, comma - at));
      at = comma + 1;
    }
    return {};
  };
}

// A number that stands for "as it is" when it is `neutral`, and else cannot be honoured.
TakeValue warn_unless(GitleaksFlags& flags, std::string neutral, std::string text) {
  return [&flags, neutral = std::move(neutral), text = std::move(text)](const std::string& value) -> Result<void> {
    const bool number =
        !value.empty() && std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!number) return fail(ErrorKind::Usage, "a whole number");
    if (value != neutral) flags.warnings.push_back(text);
    return {};
  };
}

TakeValue set_depth(GitleaksFlags& flags) {
  return [&flags](const std::string& text) -> Result<void> {
    unsigned depth = 0;
    if (auto taken = set_number(depth, 0, 1'000'000)(text); !taken) return taken;
    flags.archive_depth = depth;
    return {};
  };
}

std::string lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return text;
}

// One that names its value in any case of its letters.
TakeValue set_choice_caseless(std::string& target, std::vector<std::string> choices) {
  return [take = set_choice(target, std::move(choices))](const std::string& text) { return take(lower(text)); };
}

}  // namespace

std::vector<std::string> plain_arguments(std::vector<std::string> arguments) {
  std::vector<std::string> plain;
  bool only_operands = false;
  for (std::string& argument : arguments) {
    only_operands |= argument == "--";
    const std::size_t equals = argument.find('=');
    const std::string_view name = std::string_view(argument).substr(0, equals);
    const bool long_flag = !only_operands && argument.starts_with("--");
    const bool is_switch =
        long_flag && std::find(kSwitches.begin(), kSwitches.end(), name.substr(2)) != kSwitches.end();
    const std::string value = equals == std::string::npos ? "" : argument.substr(equals + 1);
    if (long_flag && argument == "--redact") {
      plain.emplace_back("--redact=100");
    } else if (is_switch && is_one_of(value, {"1", "t", "T", "true", "TRUE", "True"})) {
      plain.emplace_back(name);
    } else if (is_switch && is_one_of(value, {"0", "f", "F", "false", "FALSE", "False"})) {
      continue;
    } else {
      plain.push_back(std::move(argument));
    }
  }
  return plain;
}

std::vector<Flag> common_gitleaks_flags(GitleaksFlags& f) {
  constexpr std::string_view kRules = "rules", kReport = "report", kInput = "input", kOther = "other";
  return {
      {"config", 'c', "FILE", kRules, "the configuration: a .gitleaks.toml",
       "Else GITLEAKS_CONFIG (a file), GITLEAKS_CONFIG_TOML (its content), .gitleaks.toml of what is scanned, or the "
       "built-in rules.",
       set_text(f.config)},
      {"enable-rule", 0, "ID", kRules, "use this rule only; can be given several times", "", set_ids(f.enable_rules)},
      {"ignore-gitleaks-allow", 0, "", kRules, "report lines with a gitleaks:allow comment too", "",
       set_true(f.ignore_allow)},
      {"gitleaks-ignore-path", 'i', "PATH", kRules, "a .gitleaksignore, or a folder that has one (default .)", "",
       set_text(f.ignore_path)},
      {"baseline-path", 'b', "FILE", kRules, "do not report what this report of gitleaks or tightship has", "",
       set_text(f.baseline)},
      {"report-path", 'r', "FILE", kReport, "write a report to FILE; - is standard output", "",
       set_text(f.report_path)},
      {"report-format", 'f', "FORMAT", kReport, "json, csv, junit or sarif (default: by the extension)", "",
       set_text(f.report_format)},
      {"report-template", 0, "FILE", kReport, "of gitleaks; templates of Go are not supported", "",
       set_text(f.report_template)},
      {"redact", 0, "PERCENT", kReport, "how much of a secret is left out (default 100)",
       "gitleaks shows secrets unless told otherwise. --redact=0 shows them here.", set_number(f.redact, 0, 100)},
      {"verbose", 'v', "", kReport, "print each finding", "", set_true(f.verbose)},
      {"exit-code", 0, "N", kReport, "the status when there are findings (default 1)", "",
       set_number(f.exit_code, 0, 255)},
      {"compat", 0, "NAME", kReport, "gitleaks: also where its behaviour is a known mistake",
       "Columns, exit status of a scan that was not complete; see docs/gitleaks.md.",
       set_choice(f.compat, {"gitleaks"})},
      {"max-target-megabytes", 0, "N", kInput, "skip files over N MB", "", set_number(f.max_megabytes, 0, 1'000'000)},
      {"max-decode-depth", 0, "N", kInput, "of gitleaks: the depth is not adjustable here", "",
       warn_unless(f, "5",
                   "--max-decode-depth is of no effect: how deep encoded text is read is fixed (docs/limits.md)")},
      {"max-archive-depth", 0, "N", kInput, "archives in archives that are opened (default 4; 0: none)",
       "gitleaks opens none unless told to, and so does --compat gitleaks.", set_depth(f)},
      {"timeout", 0, "SECONDS", kInput, "stop after that time and report what was found until then", "",
       set_number(f.timeout, 0, 10'000'000)},
      {"log-level", 'l', "LEVEL", kOther, "trace, debug, info, warn, error, fatal", "",
       set_choice_caseless(f.log_level, {"trace", "debug", "info", "warn", "err", "error", "fatal"})},
      {"no-banner", 0, "", kOther, "of gitleaks: there is no banner", "",
       [](const std::string&) { return Result<void>{}; }},
      {"no-color", 0, "", kOther, "no colour", "", set_true(f.no_color)},
      {"diagnostics", 0, "LIST", kOther, "of gitleaks: profiles are not supported", "",
       set_warning(f, "--diagnostics is of no effect: tightship scan --stats says where the time goes")},
      {"diagnostics-dir", 0, "FOLDER", kOther, "of gitleaks: profiles are not supported", "",
       [](const std::string&) { return Result<void>{}; }},
  };
}

std::vector<Flag> git_gitleaks_flags(GitleaksFlags& f) {
  constexpr std::string_view kInput = "input";
  return {
      {"log-opts", 0, "OPTIONS", kInput, "limit the history: revisions and ranges as git log takes them",
       "Honoured: A..B, A...B, REF, ^REF, --not, --all, --branches, --tags, --remotes, -N, --max-count. Of others a "
       "warning says so, and more is scanned than was asked for.",
       set_text(f.log_opts)},
      {"platform", 0, "NAME", kInput, "for links: github, gitlab, azuredevops, gitea, bitbucket, none", "",
       set_choice_caseless(f.platform, {"github", "gitlab", "azuredevops", "gitea", "bitbucket", "none", "unknown"})},
  };
}

}  // namespace tightship::cli
