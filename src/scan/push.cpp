#include "scan/push.h"

#include <algorithm>
#include <array>

namespace tightship::scan {
namespace {

// The names of refs hold no space, so neither does anything else on a line.
std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (!line.empty()) {
    const std::size_t space = std::min(line.find(' '), line.size());
    words.push_back(line.substr(0, space));
    line.remove_prefix(std::min(space + 1, line.size()));
  }
  return words;
}

tl::unexpected<Error> strange_line(std::size_t number) {
  return fail(ErrorKind::Usage, "a line of the hook's standard input is not what git writes",
              "line " + std::to_string(number), "the hook has to pass its standard input on as it is");
}

template <class Make>
Result<std::vector<RefUpdate>> parse_lines(std::string_view input, HashKind hash, std::size_t width, Make make) {
  std::vector<RefUpdate> updates;
  for (std::size_t number = 1; !input.empty(); ++number) {
    const std::size_t end = std::min(input.find('\n'), input.size());
    const std::string_view line = input.substr(0, end);
    input.remove_prefix(std::min(end + 1, input.size()));
    if (line.empty()) continue;
    const std::vector<std::string_view> words = words_of(line);
    RefUpdate update;
    if (words.size() != width || !make(words, update) || update.local.size != oid_size(hash) ||
        update.remote.size != oid_size(hash)) {
      return strange_line(number);
    }
    updates.push_back(std::move(update));
  }
  return updates;
}

bool take(std::string_view word, Oid& oid) {
  const auto parsed = Oid::from_hex(word);
  if (parsed) oid = *parsed;
  return parsed.has_value();
}

// Where a remote's branches are tracked: the right sides of its fetch refspecs, up to the star.
std::vector<std::string> tracking_prefixes(const git::Repository& repository, const std::string& remote) {
  std::vector<std::string> prefixes;
  for (const auto& [key, value] : repository.config) {
    if (key != "remote." + remote + ".fetch") continue;
    const std::size_t colon = value.find(':');
    if (colon == std::string::npos) continue;
    const std::string right = value.substr(colon + 1);
    prefixes.push_back(right.substr(0, right.find('*')));
  }
  if (prefixes.empty()) prefixes.push_back("refs/remotes/" + remote + "/");
  return prefixes;
}

bool tracks(const std::vector<std::string>& prefixes, std::string_view ref) {
  return std::any_of(prefixes.begin(), prefixes.end(), [&](const std::string& prefix) {
    // A mirror fetches into refs/ itself: its own branches say nothing of the remote.
    return prefix.starts_with("refs/remotes/") && ref.starts_with(prefix);
  });
}

void add_wanted(const std::vector<RefUpdate>& updates, Changes& changes) {
  for (const RefUpdate& update : updates) {
    if (!update.remote.is_zero()) changes.known.push_back(update.remote);
    if (update.local.is_zero()) continue;
    changes.wanted.push_back(update.local);
    if (update.remote.is_zero()) changes.names.push_back(update.remote_ref);
  }
}

}  // namespace

Result<std::vector<RefUpdate>> parse_pre_push(std::string_view input, HashKind hash) {
  return parse_lines(input, hash, 4, [](const std::vector<std::string_view>& words, RefUpdate& update) {
    update.local_ref = words[0];
    update.remote_ref = words[2];
    return take(words[1], update.local) && take(words[3], update.remote);
  });
}

Result<std::vector<RefUpdate>> parse_pre_receive(std::string_view input, HashKind hash) {
  return parse_lines(input, hash, 3, [](const std::vector<std::string_view>& words, RefUpdate& update) {
    update.remote_ref = words[2];
    return take(words[0], update.remote) && take(words[1], update.local);
  });
}

std::vector<std::string> remote_names(const git::Repository& repository, std::string_view remote, std::string_view url) {
  constexpr std::string_view kPrefix = "remote.";
  std::vector<std::string> names;
  for (const auto& [key, value] : repository.config) {
    const std::size_t dot = key.rfind('.');
    if (!key.starts_with(kPrefix) || dot <= kPrefix.size()) continue;
    std::string name = key.substr(kPrefix.size(), dot - kPrefix.size());
    if (name == remote) return {std::move(name)};
    const std::string_view last = std::string_view(key).substr(dot + 1);
    if ((last == "url" || last == "pushurl") && (value == url || value == remote)) names.push_back(std::move(name));
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

Changes pushed_changes(const git::Repository& repository, const std::vector<git::Ref>& refs,
                       const std::vector<RefUpdate>& updates, std::string_view remote, std::string_view url) {
  Changes changes;
  add_wanted(updates, changes);
  for (const std::string& name : remote_names(repository, remote, url)) {
    const std::vector<std::string> prefixes = tracking_prefixes(repository, name);
    for (const git::Ref& ref : refs) {
      if (tracks(prefixes, ref.name)) changes.known.push_back(ref.target);
    }
  }
  return changes;
}

Changes received_changes(const std::vector<git::Ref>& refs, const std::vector<RefUpdate>& updates) {
  Changes changes;
  add_wanted(updates, changes);
  for (const git::Ref& ref : refs) {
    if (ref.name.starts_with("refs/")) changes.known.push_back(ref.target);
  }
  return changes;
}

}  // namespace tightship::scan
