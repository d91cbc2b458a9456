#include <fmt/format.h>

#include <algorithm>

#include "base/terminal_text.h"
#include "report/words.h"
#include "report/worklist.h"

namespace tightship::report {
namespace {

using detect::Finding;
using detect::PushState;

// Row numbers of one case, and their findings.
struct Group {
  std::vector<std::size_t> numbers;
  std::vector<const Finding*> findings;
};

// "1, 2 and 3"; neighbours of three or more as a range: "1 to 12 and 15".
std::string number_list(const std::vector<std::size_t>& numbers) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < numbers.size();) {
    std::size_t last = i;
    while (last + 1 < numbers.size() && numbers[last + 1] == numbers[last] + 1) ++last;
    if (last - i >= 3) {
      parts.push_back(fmt::format("{} to {}", numbers[i], numbers[last]));
      i = last + 1;
    } else {
      parts.push_back(std::to_string(numbers[i++]));
    }
  }
  return join_and(parts);
}

// The remote that has all of them, when there is exactly one such.
std::string where_pushed(const Group& group, const SecretMask& mask) {
  const std::vector<std::string>& remotes = group.findings.front()->remotes;
  const bool same = remotes.size() == 1 && std::all_of(group.findings.begin(), group.findings.end(),
                                                       [&](const Finding* f) { return f->remotes == remotes; });
  return same ? terminal_text(mask.mask_name(remotes.front())) : "a remote";
}

std::string are_text(std::size_t count) {
  if (count == 1) return "it is";
  return count == 2 ? "both are" : fmt::format("all {} are", with_spaces(count));
}

std::string pushed_sentence(const Group& group, bool all, const SecretMask& mask) {
  return fmt::format("rotate {}{}: {} on {}.", number_list(group.numbers), all ? "" : " first",
                     are_text(group.numbers.size()), where_pushed(group, mask));
}

std::string local_sentence(const Group& group) {
  return fmt::format("{} {} not left this machine: rewrite history before the first push.", number_list(group.numbers),
                     group.numbers.size() == 1 ? "has" : "have");
}

std::string unknown_sentence(const Group& group) {
  return fmt::format("whether {} {} pushed is not known: rotate {} as if so.", number_list(group.numbers),
                     group.numbers.size() == 1 ? "was" : "were", group.numbers.size() == 1 ? "it" : "them");
}

}  // namespace

std::string worklist_advice(const std::vector<const Finding*>& rows, const SecretMask& mask) {
  Group pushed, local, unknown;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i]->severity != detect::Severity::Error) continue;
    Group& group = rows[i]->pushed == PushState::Pushed  ? pushed
                   : rows[i]->pushed == PushState::Never ? local
                                                         : unknown;
    group.numbers.push_back(i + 1);
    group.findings.push_back(rows[i]);
  }
  std::vector<std::string> sentences;
  const bool all = local.numbers.empty() && unknown.numbers.empty();
  if (!pushed.numbers.empty()) sentences.push_back(pushed_sentence(pushed, all, mask));
  if (!unknown.numbers.empty()) sentences.push_back(unknown_sentence(unknown));
  if (!local.numbers.empty()) sentences.push_back(local_sentence(local));
  return join(sentences, " ");
}

}  // namespace tightship::report
