#include "scan/commit_info.h"

#include "git/object.h"

namespace tightship::scan {

std::optional<detect::CommitInfo> commit_info(const Oid& id, Bytes content, HashKind hash) {
  const auto commit = git::parse_commit(content, hash);
  if (!commit) return std::nullopt;
  detect::CommitInfo info;
  info.id = id;
  info.subject = git::subject_of(commit->message);
  info.message = commit->message.substr(0, detect::kMaxMessage);
  info.author_time = commit->author.time;
  info.author_name = commit->author.name;
  info.author_email = commit->author.email;
  info.time = commit->committer.time;
  info.zone_minutes = commit->committer.zone_minutes;
  return info;
}

}  // namespace tightship::scan
