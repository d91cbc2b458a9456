#include "cli/usage.h"

#include <fmt/format.h>

#include <algorithm>

namespace tightship::cli {
namespace {

std::string flag_head(const Flag& flag) {
  std::string head = flag.letter == 0 ? "    " : fmt::format("-{}, ", flag.letter);
  head += fmt::format("--{}", flag.name);
  if (!flag.value.empty()) head += fmt::format(" {}", flag.value);
  return head;
}

// The headings in the order in which they first appear.
std::vector<std::string_view> groups_of(const Command& command) {
  std::vector<std::string_view> groups;
  for (const Flag& flag : command.flags) {
    if (std::find(groups.begin(), groups.end(), flag.group) == groups.end()) groups.push_back(flag.group);
  }
  return groups;
}

void add_flag(const Flag& flag, HelpLength length, std::size_t column, unsigned width, std::string& out) {
  if (length == HelpLength::Brief) {
    out += fmt::format("  {:<{}}  {}\n", flag_head(flag), column, flag.brief);
    return;
  }
  out += fmt::format("  {}\n", flag_head(flag));
  out += fold(flag.brief, 10, width);
  if (!flag.detail.empty()) out += fold(flag.detail, 10, width);
  out += '\n';
}

void fold_paragraph(std::string_view text, unsigned indent, unsigned width, std::string& out) {
  std::size_t column = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(" \n"), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word.empty()) continue;
    const bool breaks = column > 0 && column + 1 + word.size() > width;
    if (breaks) out += '\n';
    if (column == 0 || breaks) {
      out.append(indent, ' ');
      column = indent;
    } else {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
  }
  out += '\n';
}

}  // namespace

std::string fold(std::string_view text, unsigned indent, unsigned width) {
  width = std::max(width, indent + 20);
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find("\n\n"), text.size());
    const std::string_view paragraph = text.substr(0, end);
    if (!out.empty()) out += '\n';
    if (paragraph.starts_with(' ')) {
      out += fmt::format("{}\n", paragraph);
    } else {
      fold_paragraph(paragraph, indent, width, out);
    }
    text.remove_prefix(std::min(end + 2, text.size()));
  }
  return out;
}

std::string render_help(const Command& command, HelpLength length, unsigned width) {
  std::string out = fmt::format("{}\n\nusage: {}\n", command.brief, command.usage);
  if (length == HelpLength::Full && !command.detail.empty()) out += "\n" + fold(command.detail, 0, width);
  std::size_t column = 0;
  for (const Flag& flag : command.flags) column = std::max(column, flag_head(flag).size());
  for (const std::string_view group : groups_of(command)) {
    out += fmt::format("\n{}:\n", group);
    for (const Flag& flag : command.flags) {
      if (flag.group == group) add_flag(flag, length, column, width, out);
    }
    if (length == HelpLength::Full) out.pop_back();  // the blank line of the last flag
  }
  if (!command.examples.empty()) out += fmt::format("\nexamples:\n{}", command.examples);
  if (length == HelpLength::Brief) out += fmt::format("\ntightship {} --help says more\n", command.name);
  return out;
}

}  // namespace tightship::cli
