#include "detect/value_filter.h"

#include <algorithm>
#include <string>

#include "detect/member_path.h"

namespace tightship::detect {
namespace {

bool any_found(const std::vector<const LazyRegex*>& regexes, std::string_view text) {
  return std::any_of(regexes.begin(), regexes.end(), [&](const LazyRegex* regex) { return regex->found_in(text); });
}

// What accepts a container accepts what is in it.
bool path_found(const std::vector<const LazyRegex*>& regexes, std::string_view path) {
  const PathParts parts = split_path(path);
  if (parts.member.empty()) return any_found(regexes, path);
  const auto found = [&](std::string_view text) { return any_found(regexes, text); };
  return found(parts.container) || path_has(path, found);
}

bool has_stopword(const AllowlistFilter& filter, std::string_view secret) {
  return !filter.list->stopwords.empty() && filter.stopwords.found_in(secret);
}

bool same_commit(std::string_view listed, std::string_view commit) {
  const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b; };
  return std::equal(listed.begin(), listed.end(), commit.begin(), commit.end(), same);
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

bool names_commit(const Allowlist& list, std::string_view commit) {
  return !commit.empty() && std::any_of(list.commits.begin(), list.commits.end(),
                                        [&](std::string_view listed) { return same_commit(listed, commit); });
}

// Every list that is given must match; one that cannot be answered (an unknown commit or path) does not.
bool all_match(const AllowlistFilter& filter, const Surroundings& around) {
  const Allowlist& list = *filter.list;
  if (!list.commits.empty() && !names_commit(list, around.commit)) return false;
  if (!filter.paths.empty() && (around.path.empty() || !path_found(filter.paths, around.path))) return false;
  if (!filter.regexes.empty() && !any_found(filter.regexes, target_text(list, around))) return false;
  return list.stopwords.empty() || has_stopword(filter, around.secret);
}

bool any_match(const AllowlistFilter& filter, const Surroundings& around) {
  const Allowlist& list = *filter.list;
  if (!filter.paths.empty() && !around.path.empty() && path_found(filter.paths, around.path)) return true;
  if (!list.folder.empty()) {  // confirm, which knows no path, left the value to here
    return has_stopword(filter, around.secret) || any_found(filter.regexes, target_text(list, around));
  }
  return list.regex_target == Allowlist::Target::Line && any_found(filter.regexes, around.line);
}

}  // namespace

bool value_is_allowed(const std::vector<AllowlistFilter>& lists, std::string_view secret, std::string_view match) {
  return std::any_of(lists.begin(), lists.end(), [&](const AllowlistFilter& filter) {
    const Allowlist& list = *filter.list;
    const Surroundings around{secret, match, {}, {}};
    if (!list.folder.empty()) return false;
    if (list.all_must_match) return !needs_place(list) && all_match(filter, around);
    if (has_stopword(filter, secret)) return true;
    return list.regex_target != Allowlist::Target::Line && any_found(filter.regexes, target_text(list, around));
  });
}

bool place_is_allowed(const std::vector<AllowlistFilter>& lists, const Surroundings& around) {
  return std::any_of(lists.begin(), lists.end(), [&](const AllowlistFilter& filter) {
    if (!needs_place(*filter.list)) return false;  // answered by confirm
    if (!around.path.starts_with(filter.list->folder)) return false;
    return filter.list->all_must_match ? all_match(filter, around) : any_match(filter, around);
  });
}

bool commit_is_allowed(const std::vector<AllowlistFilter>& lists, const Surroundings& around) {
  return std::any_of(lists.begin(), lists.end(), [&](const AllowlistFilter& filter) {
    if (filter.list->commits.empty() || !around.path.starts_with(filter.list->folder)) return false;
    return filter.list->all_must_match ? all_match(filter, around) : names_commit(*filter.list, around.commit);
  });
}

StopWords::StopWords(const std::vector<std::string_view>& words) {
  if (words.size() <= kFew) {  // not worth a table, and the built-in lists are all so
    few_ = words;
    return;
  }
  buckets_.resize(kBuckets);
  for (const std::string_view word : words) {
    if (word.size() == 1) single_.push_back(word[0]);
    if (word.size() > 1) buckets_[bucket(word[0], word[1])].push_back(word);
  }
}

bool StopWords::found_in(std::string_view secret) const {
  std::string lower(secret);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  if (buckets_.empty()) {
    return std::any_of(few_.begin(), few_.end(),
                       [&](std::string_view word) { return !word.empty() && lower.find(word) != std::string::npos; });
  }
  if (lower.find_first_of(single_) != std::string::npos) return true;
  for (std::size_t at = 0; at + 1 < lower.size(); ++at) {
    const std::string_view rest = std::string_view(lower).substr(at);
    for (const std::string_view word : buckets_[bucket(rest[0], rest[1])]) {
      if (rest.starts_with(word)) return true;
    }
  }
  return false;
}

}  // namespace tightship::detect
