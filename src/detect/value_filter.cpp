#include "detect/value_filter.h"

#include <algorithm>
#include <string>

namespace tightship::detect {
namespace {

bool any_found(const std::vector<const LazyRegex*>& regexes, std::string_view text) {
  return std::any_of(regexes.begin(), regexes.end(),
                     [&](const LazyRegex* regex) { return regex->found_in(text); });
}

bool has_stopword(const Allowlist& list, std::string_view secret) {
  if (list.stopwords.empty()) return false;
  std::string lower(secret);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return std::any_of(list.stopwords.begin(), list.stopwords.end(), [&](std::string_view word) {
    return !word.empty() && lower.find(word) != std::string::npos;
  });
}

bool needs_place(const Allowlist& list) {
  return !list.folder.empty() || !list.paths.empty() || !list.commits.empty() ||
         (!list.regexes.empty() && list.regex_target == Allowlist::Target::Line);
}

std::string_view target_text(const Allowlist& list, const Surroundings& around) {
  switch (list.regex_target) {
    case Allowlist::Target::Secret: return around.secret;
    case Allowlist::Target::Match: return around.match;
    case Allowlist::Target::Line: return around.line;
  }
  return around.secret;
}

// Every list that is given must match; one that cannot be answered (commits, an unknown path) does not.
bool all_match(const AllowlistFilter& filter, const Surroundings& around) {
  const Allowlist& list = *filter.list;
  if (!list.commits.empty()) return false;
  if (!filter.paths.empty() && (around.path.empty() || !any_found(filter.paths, around.path))) return false;
  if (!filter.regexes.empty() && !any_found(filter.regexes, target_text(list, around))) return false;
  return list.stopwords.empty() || has_stopword(list, around.secret);
}

bool any_match(const AllowlistFilter& filter, const Surroundings& around) {
  const Allowlist& list = *filter.list;
  if (!filter.paths.empty() && !around.path.empty() && any_found(filter.paths, around.path)) return true;
  if (!list.folder.empty()) {  // confirm, which knows no path, left the value to here
    return has_stopword(list, around.secret) || any_found(filter.regexes, target_text(list, around));
  }
  return list.regex_target == Allowlist::Target::Line && any_found(filter.regexes, around.line);
}

}  // namespace

bool value_is_allowed(const std::vector<AllowlistFilter>& lists, std::string_view secret,
                      std::string_view match) {
  return std::any_of(lists.begin(), lists.end(), [&](const AllowlistFilter& filter) {
    const Allowlist& list = *filter.list;
    const Surroundings around{secret, match, {}, {}};
    if (!list.folder.empty()) return false;
    if (list.all_must_match) return !needs_place(list) && all_match(filter, around);
    if (has_stopword(list, secret)) return true;
    return list.regex_target != Allowlist::Target::Line &&
           any_found(filter.regexes, target_text(list, around));
  });
}

bool place_is_allowed(const std::vector<AllowlistFilter>& lists, const Surroundings& around) {
  return std::any_of(lists.begin(), lists.end(), [&](const AllowlistFilter& filter) {
    if (!needs_place(*filter.list)) return false;  // answered by confirm
    if (!around.path.starts_with(filter.list->folder)) return false;
    return filter.list->all_must_match ? all_match(filter, around) : any_match(filter, around);
  });
}

}  // namespace tightship::detect
