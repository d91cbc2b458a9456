#include "report/place_text.h"

#include <fmt/format.h>

#include "base/terminal_text.h"
#include "detect/member_path.h"

namespace tightship::report {
namespace {

using detect::Occurrence;
using detect::Place;

constexpr std::size_t kMaxSubject = 50;  // columns
constexpr std::size_t kMaxAuthor = 30;

// The commit or tag that an occurrence outside of any file belongs to.
std::string owner(const Occurrence& occurrence, const SecretMask& mask) {
  if (occurrence.object) return occurrence.object->short_hex();
  if (occurrence.commit) return occurrence.commit->id.short_hex();
  return mask.mask_name(occurrence.path);
}

std::string file_name(const Occurrence& occurrence, const SecretMask& mask) {
  const std::string blob = occurrence.object ? "blob " + occurrence.object->short_hex() : std::string("(no name)");
  return detect::shown_path(occurrence.path.empty() ? blob : path_text(occurrence, mask),
                            mask.mask_name(occurrence.member));
}

std::string at_commit(const Occurrence& occurrence) {
  return occurrence.commit ? "@" + occurrence.commit->id.short_hex() : std::string();
}

}  // namespace

std::string path_text(const Occurrence& occurrence, const SecretMask& mask) {
  const bool holds_it = occurrence.place == Place::FileName || occurrence.place == Place::RefName;
  return holds_it ? mask.mask(occurrence.path) : mask.mask_name(occurrence.path);
}

PlaceText place_text(const Occurrence& occurrence, const SecretMask& mask) {
  switch (occurrence.place) {
    case Place::File: return {file_name(occurrence, mask), at_commit(occurrence)};
    case Place::FileName: return {"name of " + file_name(occurrence, mask), at_commit(occurrence)};
    case Place::SymlinkTarget: return {"target of symlink " + file_name(occurrence, mask), at_commit(occurrence)};
    case Place::CommitMessage: return {"commit message of " + owner(occurrence, mask), {}};
    case Place::Author: return {"author of " + owner(occurrence, mask), {}};
    case Place::Committer: return {"committer of " + owner(occurrence, mask), {}};
    case Place::TagMessage: return {"tag message of " + owner(occurrence, mask), {}};
    case Place::Tagger: return {"tagger of " + owner(occurrence, mask), {}};
    case Place::RefName: return {"name of ref " + path_text(occurrence, mask), {}};
    case Place::Reflog: return {"reflog of " + mask.mask_name(occurrence.path), {}};
    case Place::GitConfig: return {"git config $GIT_DIR/" + mask.mask_name(occurrence.path), {}};
    case Place::Stdin: return {mask.mask_name(detect::shown_path("stdin", occurrence.member)), {}};
  }
  return {file_name(occurrence, mask), {}};
}

std::string place_line(const Occurrence& occurrence, const SecretMask& mask, Column column) {
  const PlaceText place = place_text(occurrence, mask);
  std::string line = terminal_text(place.path) + terminal_text(place.at);
  if (occurrence.position.line == 0) return line;
  line += fmt::format(":{}", occurrence.position.line);
  if (column == Column::Shown && occurrence.position.column != 0)
    line += fmt::format(":{}", occurrence.position.column);
  return line;
}

std::string commit_text(const detect::CommitInfo& commit, const SecretMask& mask) {
  std::string text = commit.id.short_hex();
  if (!commit.subject.empty()) text += fmt::format(" \"{}\"", cut_right(mask.mask(commit.subject), kMaxSubject));
  const std::string& author = commit.author_name.empty() ? commit.author_email : commit.author_name;
  if (!author.empty()) text += fmt::format(" ({})", cut_right(mask.mask(author), kMaxAuthor));
  return text;
}

}  // namespace tightship::report
