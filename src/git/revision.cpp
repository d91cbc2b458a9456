#include "git/revision.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace tightship::git {
namespace {

constexpr std::size_t kMaxSteps = 100'000;  // of ~N
constexpr unsigned kMaxTagDepth = 64;
constexpr std::string_view kRefRules[] = {"", "refs/", "refs/tags/", "refs/heads/", "refs/remotes/"};

tl::unexpected<Error> unknown(std::string_view text) {
  return fail(ErrorKind::NotFound, "no commit, branch or tag of that name is here", std::string(text),
              "git fetch brings what a shallow or single-branch clone has left out");
}

std::optional<Oid> find_ref(const std::vector<Ref>& refs, const std::string& name) {
  const auto at = std::find_if(refs.begin(), refs.end(), [&](const Ref& ref) { return ref.name == name; });
  return at == refs.end() ? std::nullopt : std::optional(at->target);
}

// A name without suffixes, by the rules of gitrevisions(7).
Result<Oid> resolve_name(const Repository& repository, ObjectReader& objects, std::string_view text) {
  if (const auto oid = Oid::from_hex(text); oid && oid->size == oid_size(repository.hash)) {
    if (objects.contains(*oid)) return *oid;
    return unknown(text);
  }
  Ledger ignored;  // a broken ref elsewhere is not what was asked for
  const std::vector<Ref> refs = read_refs(repository, ignored);
  const std::string name = text == "@" ? "HEAD" : std::string(text);
  for (const std::string_view prefix : kRefRules) {
    if (const auto oid = find_ref(refs, std::string(prefix) + name)) return *oid;
  }
  if (const auto oid = find_ref(refs, "refs/remotes/" + name + "/HEAD")) return *oid;
  if (text.size() < 4) return unknown(text);
  std::vector<Oid> near = objects.with_prefix(text, 64);
  std::erase_if(near, [&](const Oid& oid) {
    const auto type = objects.type(oid);
    return near.size() > 1 && (!type || (*type != ObjectType::Commit && *type != ObjectType::Tag));
  });
  if (near.size() > 1)
    return fail(ErrorKind::Usage, "several objects begin like that", std::string(text), "write more digits");
  if (near.empty()) return unknown(text);
  return near.front();
}

Result<Oid> peel(ObjectReader& objects, Oid oid, bool to_commit) {
  for (unsigned depth = 0; depth < kMaxTagDepth; ++depth) {
    const auto object = objects.share(oid);
    if (!object) return tl::unexpected(object.error());
    if ((*object)->type == ObjectType::Commit) return oid;
    if ((*object)->type != ObjectType::Tag) {
      if (!to_commit) return oid;
      return fail(ErrorKind::Usage, "does not name a commit", oid.hex());
    }
    const auto tag = parse_tag((*object)->bytes, objects.hash());
    if (!tag) return tl::unexpected(tag.error());
    oid = tag->target;
  }
  return fail(ErrorKind::Corrupt, "tags of tags do not end", oid.hex());
}

Result<Oid> parent_of(const Repository& repository, ObjectReader& objects, const Oid& oid, std::size_t number,
                      std::string_view text) {
  const auto object = objects.share(oid);
  if (!object) return tl::unexpected(object.error());
  const auto commit = parse_commit((*object)->bytes, objects.hash());
  if (!commit) return tl::unexpected(commit.error());
  const bool cut = std::find(repository.shallow.begin(), repository.shallow.end(), oid) != repository.shallow.end();
  if (cut || number > commit->parents.size()) {
    return fail(ErrorKind::NotFound,
                cut ? "history is cut off there (shallow clone)" : "that commit has no such parent", std::string(text),
                cut ? "git fetch --unshallow" : "");
  }
  return commit->parents[number - 1];
}

// "~3", "^", "^2", "^{commit}" ... from `suffix` on.
Result<Oid> apply_suffix(const Repository& repository, ObjectReader& objects, Oid oid, std::string_view suffix,
                         std::string_view text) {
  while (!suffix.empty()) {
    const char kind = suffix.front();
    if (kind != '~' && kind != '^') {
      return fail(ErrorKind::Usage, "only ~N and ^N can follow a name", std::string(text));
    }
    suffix.remove_prefix(1);
    if (kind == '^' && suffix.starts_with('{')) {
      const std::size_t close = suffix.find('}');
      const std::string_view type = suffix.substr(1, close == std::string_view::npos ? close : close - 1);
      if (close == std::string_view::npos || (!type.empty() && type != "commit")) {
        return fail(ErrorKind::Usage, "only ^{} and ^{commit} are understood here", std::string(text));
      }
      const auto peeled = peel(objects, oid, type == "commit");
      if (!peeled) return peeled;
      oid = *peeled;
      suffix.remove_prefix(close + 1);
      continue;
    }
    std::size_t number = 1;
    const auto [end, error] = std::from_chars(suffix.data(), suffix.data() + suffix.size(), number);
    if (error == std::errc::result_out_of_range || number > kMaxSteps) {
      return fail(ErrorKind::Usage, "number is too large", std::string(text));
    }
    suffix.remove_prefix(static_cast<std::size_t>(end - suffix.data()));
    auto commit = peel(objects, oid, true);
    for (std::size_t i = 0; commit && kind == '~' && i < number; ++i) {
      commit = parent_of(repository, objects, *commit, 1, text);
    }
    if (commit && kind == '^' && number > 0) commit = parent_of(repository, objects, *commit, number, text);
    if (!commit) return commit;
    oid = *commit;
  }
  return oid;
}

}  // namespace

Result<Oid> resolve_revision(const Repository& repository, ObjectReader& objects, std::string_view text) {
  if (text.empty()) return fail(ErrorKind::Usage, "a revision is empty");
  const std::size_t suffix = std::min(text.find_first_of("~^"), text.size());
  if (text.find("@{") != std::string_view::npos || text.find(':') != std::string_view::npos || suffix == 0) {
    return fail(ErrorKind::Usage, "not a revision that is understood here", std::string(text),
                "name a commit, branch or tag, with ~N or ^N if need be");
  }
  const auto oid = resolve_name(repository, objects, text.substr(0, suffix));
  if (!oid) return oid;
  return apply_suffix(repository, objects, *oid, text.substr(suffix), text);
}

Result<RevisionRange> resolve_range(const Repository& repository, ObjectReader& objects, std::string_view text) {
  const auto side = [&](std::string_view name) {
    return resolve_revision(repository, objects, name.empty() ? std::string_view("HEAD") : name);
  };
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos) {
    const auto oid = side(text);
    if (!oid) return tl::unexpected(oid.error());
    return RevisionRange{{*oid}, {}};
  }
  const bool three = text.substr(dots).starts_with("...");
  const auto from = side(text.substr(0, dots));
  if (!from) return tl::unexpected(from.error());
  const auto to = side(text.substr(dots + (three ? 3 : 2)));
  if (!to) return tl::unexpected(to.error());
  return RevisionRange{{*to}, {*from}};
}

}  // namespace tightship::git
