#include "cli/parse.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "cli/similar.h"

namespace tightship::cli {
namespace {

std::string option_spec(const Flag& flag) {
  return flag.letter == 0 ? fmt::format("--{}", flag.name) : fmt::format("-{},--{}", flag.letter, flag.name);
}

tl::unexpected<Error> usage(const Command& command, std::string what, std::string help = {}) {
  if (help.empty()) help = fmt::format("tightship {} -h lists the flags", command.name);
  return fail(ErrorKind::Usage, std::move(what), {}, std::move(help));
}

tl::unexpected<Error> unknown_flag(const Command& command, const std::string& given) {
  const std::string name = given.substr(0, given.find('='));
  std::vector<std::string> names{"--help"};
  for (const Flag& flag : command.flags) names.push_back(fmt::format("--{}", flag.name));
  const auto near = similar_names(name, names);
  return usage(command, fmt::format("unrecognized flag {}", name),
               near.empty() ? "" : "similar flags: " + join(near, ", "));
}

bool is_flag(const std::string& argument) { return argument.size() > 1 && argument[0] == '-'; }

// What CLI11 would misread: a value of a switch as a truth value, and in "--name= x" the x as the value.
Result<void> check_equals(const Command& command, const std::vector<std::string>& arguments) {
  for (const std::string& argument : arguments) {
    if (argument == "--") break;
    const std::size_t equals = argument.find('=');
    if (!argument.starts_with("--") || equals == std::string::npos) continue;
    const std::string name = argument.substr(2, equals - 2);
    for (const Flag& flag : command.flags) {
      if (flag.name != name) continue;
      if (flag.value.empty()) return usage(command, fmt::format("flag --{} takes no value", name));
      if (equals + 1 == argument.size()) return usage(command, fmt::format("flag --{} needs a value", name));
    }
  }
  return {};
}

// What CLI11 collected, in the order of Command::flags.
struct Collected {
  std::vector<std::vector<std::string>> values;  // one list a flag; a switch has one entry a use
  std::vector<std::string> operands, unknown;
  bool brief_help = false, full_help = false;
};

Result<Collected> collect(const Command& command, std::vector<std::string> arguments) {
  Collected out;
  const std::string last = arguments.empty() ? "" : arguments.back();
  try {
    CLI::App app;
    app.set_help_flag();
    app.allow_extras();
    const CLI::Option* brief = app.add_flag("-h");
    const CLI::Option* full = app.add_flag("--help");
    std::vector<const CLI::Option*> options;
    for (const Flag& flag : command.flags) {
      CLI::Option* option = flag.value.empty() ? app.add_flag(option_spec(flag))
                                               : app.add_option(option_spec(flag), CLI::callback_t{})->expected(1);
      options.push_back(option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll));
    }
    std::reverse(arguments.begin(), arguments.end());  // as App::parse wants them
    app.parse(std::move(arguments));
    for (const CLI::Option* option : options) out.values.push_back(option->results());
    out.brief_help = brief->count() > 0;
    out.full_help = full->count() > 0;
    out.operands = app.remaining();
  } catch (const CLI::ArgumentMismatch&) {
    return usage(command, fmt::format("flag {} needs a value", last));
  } catch (const CLI::Error& error) {
    return usage(command, fmt::format("unusable arguments ({})", error.get_name()));
  }
  return out;
}

// CLI11 leaves operands and unknown flags in one list. What stands after "--" is an operand whatever
// it looks like.
void split_unknown(Collected& collected) {
  std::vector<std::string> operands;
  bool only_operands = false;
  for (std::string& argument : collected.operands) {
    if (only_operands || !is_flag(argument)) {
      operands.push_back(std::move(argument));
    } else if (argument == "--") {
      only_operands = true;
    } else {
      collected.unknown.push_back(std::move(argument));
    }
  }
  collected.operands = std::move(operands);
}

Result<void> take_flags(const Command& command, const Collected& collected) {
  for (std::size_t i = 0; i < command.flags.size(); ++i) {
    const Flag& flag = command.flags[i];
    for (const std::string& value : collected.values[i]) {
      const auto taken = flag.take(flag.value.empty() ? std::string() : value);
      if (taken) continue;
      return usage(command, fmt::format("invalid value '{}' for --{}", value, flag.name),
                   fmt::format("--{} takes {}", flag.name, taken.error().what));
    }
  }
  return {};
}

Result<void> take_operands(const Command& command, std::vector<std::string> given) {
  const Operands& wanted = command.operands;
  if (given.size() > wanted.max) {
    return usage(command, fmt::format("unexpected argument '{}'", given[wanted.max]),
                 fmt::format("usage: {}", command.usage));
  }
  if (given.size() < wanted.min) {
    return usage(command, fmt::format("{} is missing", wanted.name), fmt::format("usage: {}", command.usage));
  }
  if (wanted.values != nullptr) *wanted.values = std::move(given);
  return {};
}

}  // namespace

Result<Parsed> parse(const Command& command, std::vector<std::string> arguments) {
  if (const auto checked = check_equals(command, arguments); !checked) return tl::unexpected(checked.error());
  auto collected = collect(command, std::move(arguments));
  if (!collected) return tl::unexpected(collected.error());
  if (collected->full_help) return Parsed::FullHelp;
  if (collected->brief_help) return Parsed::BriefHelp;
  split_unknown(*collected);
  if (!collected->unknown.empty()) return unknown_flag(command, collected->unknown.front());
  auto taken = take_flags(command, *collected);
  if (taken) taken = take_operands(command, std::move(collected->operands));
  if (!taken) return tl::unexpected(taken.error());
  return Parsed::Ready;
}

}  // namespace tightship::cli
