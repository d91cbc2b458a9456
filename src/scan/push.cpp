#include "scan/push.h"

#include <algorithm>
#include <optional>
#include <set>

namespace tightship::scan {
namespace {

constexpr std::string_view kRemotes = "refs/remotes/";

// Takes the last word off, with the space before it; nothing when there is no space.
std::optional<std::string_view> take_last_word(std::string_view& line) {
  const std::size_t space = line.rfind(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const std::string_view word = line.substr(space + 1);
  line = line.substr(0, space);
  return word;
}

// As far as a line can be misread: git's refs hold no blank and no control character.
bool can_be_ref(std::string_view name) {
  return !name.empty() && std::none_of(name.begin(), name.end(),
                                       [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7f'; });
}

tl::unexpected<Error> strange_line(std::size_t number) {
  return fail(ErrorKind::Usage, "a line of the hook's standard input is not what git writes",
              "line " + std::to_string(number), "the hook has to pass its standard input on as it is");
}

template <class Take>
Result<std::vector<RefUpdate>> parse_lines(std::string_view input, HashKind hash, Take take_line) {
  std::vector<RefUpdate> updates;
  for (std::size_t number = 1; !input.empty(); ++number) {
    const std::size_t end = std::min(input.find('\n'), input.size());
    const std::string_view line = input.substr(0, end);
    input.remove_prefix(std::min(end + 1, input.size()));
    if (line.empty()) continue;
    RefUpdate update;
    if (!take_line(line, update) || !can_be_ref(update.remote_ref) || update.local.size != oid_size(hash) ||
        update.remote.size != oid_size(hash)) {
      return strange_line(number);
    }
    updates.push_back(std::move(update));
  }
  return updates;
}

bool take_oid(std::optional<std::string_view> word, Oid& oid) {
  const auto parsed = word ? Oid::from_hex(*word) : std::nullopt;
  if (parsed) oid = *parsed;
  return parsed.has_value();
}

// From the right: git writes the source as it was typed, which may be any revision, such as
// "main@{1 day ago}" or ":/fix it", and hold blanks.
bool take_pushed(std::string_view line, RefUpdate& update) {
  if (!take_oid(take_last_word(line), update.remote)) return false;
  update.remote_ref = take_last_word(line).value_or(std::string_view());
  if (!take_oid(take_last_word(line), update.local)) return false;
  update.local_ref = line;
  return !line.empty() && line.find('\0') == std::string_view::npos;
}

bool take_received(std::string_view line, RefUpdate& update) {
  update.remote_ref = take_last_word(line).value_or(std::string_view());
  return take_oid(take_last_word(line), update.local) && take_oid(line, update.remote);
}

// Where a remote's branches are tracked: the right sides of its fetch refspecs, up to the star; without
// any, where git would put them.
std::vector<std::string> tracking_prefixes(const git::Repository& repository, const std::string& remote) {
  std::vector<std::string> prefixes;
  bool says = false;
  for (const auto& [key, value] : repository.config) {
    if (key != "remote." + remote + ".fetch") continue;
    says = true;
    const std::size_t colon = value.find(':');
    if (colon == std::string::npos) continue;
    std::string right = value.substr(colon + 1);
    right.resize(std::min(right.find('*'), right.size()));
    // A mirror fetches into refs/ itself: its own branches say nothing of the remote.
    if (right.starts_with(kRemotes)) prefixes.push_back(std::move(right));
  }
  if (!says) prefixes.push_back(std::string(kRemotes) + remote + "/");
  return prefixes;
}

// "origin" of "remote.origin.url"; empty for other keys.
std::string_view remote_of_key(std::string_view key) {
  constexpr std::string_view kPrefix = "remote.";
  const std::size_t dot = key.rfind('.');
  return key.starts_with(kPrefix) && dot > kPrefix.size() ? key.substr(kPrefix.size(), dot - kPrefix.size())
                                                          : std::string_view();
}

// Which remote-tracking refs speak of some remotes. With "origin" and "origin/fork" the refs of the one
// lie among those of the other: the longest prefix tells whose a ref is.
class Tracking {
 public:
  Tracking(const git::Repository& repository, const std::vector<std::string>& remotes) {
    std::set<std::string_view> all(remotes.begin(), remotes.end());
    for (const auto& [key, value] : repository.config) {
      if (const std::string_view remote = remote_of_key(key); !remote.empty()) all.insert(remote);
    }
    for (const std::string_view remote : all) {
      const bool own = std::find(remotes.begin(), remotes.end(), remote) != remotes.end();
      for (std::string& prefix : tracking_prefixes(repository, std::string(remote))) {
        (own ? own_ : others_).push_back(std::move(prefix));
      }
    }
  }

  bool is_own(std::string_view ref) const { return longest(own_, ref) > longest(others_, ref); }

 private:
  static std::size_t longest(const std::vector<std::string>& prefixes, std::string_view ref) {
    std::size_t length = 0;
    for (const std::string& prefix : prefixes) {
      if (ref.starts_with(prefix)) length = std::max(length, prefix.size());
    }
    return length;
  }

  std::vector<std::string> own_, others_;
};

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
  return parse_lines(input, hash, take_pushed);
}

Result<std::vector<RefUpdate>> parse_pre_receive(std::string_view input, HashKind hash) {
  return parse_lines(input, hash, take_received);
}

std::vector<std::string> remote_names(const git::Repository& repository, std::string_view remote,
                                      std::string_view url) {
  std::vector<std::string> names;
  for (const auto& [key, value] : repository.config) {
    std::string name(remote_of_key(key));
    if (name.empty()) continue;
    if (name == remote) return {std::move(name)};
    const std::string_view last = std::string_view(key).substr(key.rfind('.') + 1);
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
  const Tracking tracking(repository, remote_names(repository, remote, url));
  for (const git::Ref& ref : refs) {
    if (tracking.is_own(ref.name)) changes.known.push_back(ref.target);
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
