#include "cli/tip_lines.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "base/ledger.h"
#include "git/object.h"
#include "git/object_reader.h"
#include "git/tree_diff.h"

namespace tightship::cli {
namespace {

using detect::Finding;
using detect::Occurrence;

// Tips that are tags or no commits have no checked-out tree: nothing is said of them.
std::vector<Oid> trees_of(git::ObjectReader& objects, const std::vector<Oid>& tips) {
  std::vector<Oid> trees;
  for (const Oid& tip : tips) {
    const auto object = objects.share(tip);
    if (!object || (*object)->type != git::ObjectType::Commit) continue;
    const auto commit = git::parse_commit((*object)->bytes, objects.hash());
    if (commit) trees.push_back(commit->tree);
  }
  return trees;
}

// Where the shown line of `from` is in `content`, as an occurrence there.
std::optional<Occurrence> found_again(const Occurrence& from, std::string_view content) {
  if (!from.excerpt || from.excerpt->text.empty() || from.is_transcoded() || !from.member.empty()) return std::nullopt;
  const std::size_t at = content.find(from.excerpt->text);
  if (at == std::string_view::npos) return std::nullopt;
  const std::size_t offset = at + from.excerpt->begin;
  const std::string_view before = content.substr(0, offset);
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  Occurrence found = from;
  found.position.offset = offset;
  found.position.line = static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n')) + 1;
  found.position.column = static_cast<std::uint32_t>(offset - line_start) + 1;
  found.position.end_line = found.position.line + (from.position.end_line - from.position.line);
  if (from.position.end_line == from.position.line) {
    found.position.end_column = found.position.column + (from.position.end_column - from.position.column);
  }
  found.commit.reset();
  return found;
}

bool stands_as_it_is(git::ObjectReader& objects, const std::vector<Oid>& trees, const Occurrence& occurrence) {
  return std::any_of(trees.begin(), trees.end(), [&](const Oid& tree) {
    const auto entry = git::find_path(objects, tree, occurrence.path);
    return entry && entry->oid == occurrence.object;
  });
}

std::optional<Occurrence> at_tip(git::ObjectReader& objects, const std::vector<Oid>& trees, const Occurrence& from) {
  for (const Oid& tree : trees) {
    const auto entry = git::find_path(objects, tree, from.path);
    const auto blob = entry ? objects.share(entry->oid) : Result<std::shared_ptr<const git::StoredObject>>{};
    if (!entry || !blob) continue;
    auto found = found_again(from, as_text((*blob)->bytes));
    if (!found) continue;
    found->object = entry->oid;
    return found;
  }
  return std::nullopt;
}

}  // namespace

void add_tip_lines(const git::Repository& repository, const std::vector<Oid>& tips, detect::ScanResult& result) {
  Ledger unused;
  git::ObjectReader objects(repository, unused);
  const std::vector<Oid> trees = trees_of(objects, tips);
  for (Finding& finding : result.findings) {
    const auto first = std::find_if(finding.occurrences.begin(), finding.occurrences.end(), [](const Occurrence& o) {
      return o.place == detect::Place::File && o.in_head && o.object.has_value();
    });
    if (first == finding.occurrences.end() || stands_as_it_is(objects, trees, *first)) continue;
    auto found = at_tip(objects, trees, *first);
    first->in_head = false;
    if (!found) continue;
    ++finding.occurrence_count;
    finding.occurrences.insert(finding.occurrences.begin(), std::move(*found));
  }
}

}  // namespace tightship::cli
