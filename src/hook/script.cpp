#include "hook/script.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>

#include "hook/embedded_scripts.h"

namespace tightship::hook {
namespace {

constexpr std::string_view kMark = "# tightship-hook: ";
constexpr std::string_view kBlockEnd = "# tightship-hook end\n";
constexpr std::string_view kVersion = ", version ", kSum = ", sum ";
constexpr std::string_view kToolLine = "\ninstalled=", kBefore = "\nbefore=";
constexpr std::size_t kSumDigits = 16;
constexpr std::size_t kMarkWithin = 512;  // bytes from the start of a script in which its mark begins

// FNV-1a, 64 bits.
std::uint64_t fnv(std::string_view text, std::uint64_t hash = 0xcbf29ce484222325u) {
  for (const char c : text) hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001b3u;
  return hash;
}

// Of `text` without its digits [at, at + kSumDigits).
std::string sum_without(std::string_view text, std::size_t at) {
  return fmt::format("{:016x}", fnv(text.substr(at + kSumDigits), fnv(text.substr(0, at))));
}

// Replaces the line of `text` that begins with `from` (which starts with a line end) by whole lines.
void replace_line(std::string& text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  if (at == std::string::npos) return;
  const std::size_t end = text.find('\n', at + 1);
  text.replace(at + 1, end - at, to);
}

std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

std::string flags_text(const MarkFlags& flags) {
  std::string out;
  if (flags.made_folders > 0) out += fmt::format(", made {} folder", flags.made_folders);
  if (flags.made_folders > 1) out += 's';
  if (flags.global) out += ", for all repositories";
  if (flags.new_file) out += ", made the file";
  if (flags.open_line) out += ", ended the line before";
  return out;
}

// Completes the mark of a text of hooks/: sum and flags.
std::string sealed(std::string text, const MarkFlags& flags) {
  const std::size_t line_end = text.find('\n', text.find(kMark));
  text.insert(line_end, flags_text(flags));
  text.insert(line_end, std::string(kSumDigits, '0'));
  text.insert(line_end, kSum);
  const std::size_t at = line_end + kSum.size();
  return text.replace(at, kSumDigits, sum_without(text, at));
}

std::string for_all(std::string text, bool global) {
  if (global) replace_line(text, kBefore, embedded_script("own-hook"));
  return text;
}

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

bool take_number(std::string_view& text, unsigned& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

void take_flags(std::string_view rest, MarkFlags& flags) {
  std::string_view folders = rest;
  if (take(folders, ", made ") && take_number(folders, flags.made_folders)) {
    if (flags.made_folders > kMaxMadeFolders) flags.made_folders = 0;
    take(folders, " folder");
    take(folders, "s");
    rest = folders;
  }
  flags.global = take(rest, ", for all repositories");
  flags.new_file = take(rest, ", made the file");
  flags.open_line = take(rest, ", ended the line before");
}

// The mark at `at` of `text`, which is summed as a whole.
std::optional<Mark> mark_at(std::string_view text, std::size_t at) {
  std::string_view rest = text.substr(at);
  rest = rest.substr(0, rest.find('\n'));
  if (!take(rest, kMark)) return std::nullopt;
  Mark mark;
  mark.name = rest.substr(0, rest.find(','));
  rest.remove_prefix(mark.name.size());
  if (!take(rest, kVersion) || !take_number(rest, mark.version)) return mark;
  if (!take(rest, kSum) || rest.size() < kSumDigits) return mark;
  const std::size_t digits = static_cast<std::size_t>(rest.data() - text.data());
  mark.intact = rest.substr(0, kSumDigits) == sum_without(text, digits);
  take_flags(rest.substr(kSumDigits), mark.flags);
  return mark;
}

// Where a line begins with `prefix`, from `from` on.
std::size_t find_line(std::string_view text, std::string_view prefix, std::size_t from) {
  for (std::size_t at = from; (at = text.find(prefix, at)) != std::string_view::npos; ++at) {
    if (at == 0 || text[at - 1] == '\n') return at;
  }
  return std::string_view::npos;
}

}  // namespace

std::string script_text(HookKind kind, std::string_view tool, const MarkFlags& flags) {
  std::string text = for_all(std::string(embedded_script(hook_name(kind))), flags.global);
  replace_line(text, kToolLine, fmt::format("installed={}\n", quoted(tool)));
  return sealed(std::move(text), flags);
}

std::string pass_on_text(const MarkFlags& flags) {
  return sealed(for_all(std::string(embedded_script("pass-on")), true), flags);
}

std::string block_text(HookKind kind, const MarkFlags& flags) {
  return sealed(std::string(embedded_script(fmt::format("husky-{}", hook_name(kind)))), flags);
}

std::string with_flags(std::string text, const MarkFlags& flags) {
  const std::size_t sum = text.find(kSum, text.find(kMark));
  text.erase(sum, text.find('\n', sum) - sum);
  return sealed(std::move(text), flags);
}

std::optional<Mark> read_script(std::string_view content) {
  const std::size_t at = find_line(content.substr(0, kMarkWithin), kMark, 0);
  if (at == std::string_view::npos || !content.starts_with("#!")) return std::nullopt;
  auto mark = mark_at(content, at);
  if (mark && mark->name.starts_with("husky-")) return std::nullopt;  // a block in somebody's file
  return mark;
}

std::optional<Block> find_block(std::string_view content) {
  const std::size_t begin = find_line(content, kMark, 0);
  if (begin == std::string_view::npos) return std::nullopt;
  const std::size_t last = find_line(content, kBlockEnd, begin);
  Block block{begin, last == std::string_view::npos ? content.size() : last + kBlockEnd.size(), {}};
  const auto mark = mark_at(content.substr(begin, block.end - begin), 0);
  if (!mark) return std::nullopt;
  block.mark = *mark;
  return block;
}

}  // namespace tightship::hook
