#pragma once

// Which refs of a push carry which bad commits.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "git/commit_walk.h"
#include "push/plan.h"

namespace tightship::push {

// What one commit brings.
struct BadCommit {
  std::set<std::string> files;     // to be edited
  std::set<std::string> archives;  // to be packed anew, or to leave git
  std::set<std::string> ids;       // fingerprints
  bool message = false, author = false;
  std::set<std::string> names;  // files whose name is the secret
  bool only_message() const { return message && files.empty() && archives.empty() && names.empty() && !author; }
};

struct BadRef {
  const scan::RefUpdate* update = nullptr;
  std::string branch;                   // "main"; empty when it is no branch
  std::string tag;                      // "v1"; empty when it is no tag
  bool current = false;                 // HEAD's branch, or a detached HEAD
  bool forced = false;                  // the remote has commits there that this push drops
  bool over_limit = false;              // too many new commits to list
  std::vector<git::NewCommit> commits;  // new ones, parents before children
  std::vector<Oid> bad;                 // those of them that bring secrets, in that order
  std::vector<Oid> boundary;            // known parents
  bool merge_above = false;             // a merge at or above the lowest bad commit
};

struct Affected {
  std::map<Oid, BadCommit> commits;
  std::set<std::string> tag_messages;  // names of tags whose message is bad
  std::set<std::string> bad_names;     // refs whose name is the secret
  std::set<std::string> loose_blobs;   // oids of blobs without a commit
  bool gone_in_tip = false;            // some secret does not stand in the tip any more
  std::vector<BadRef> refs;
};

Affected find_affected(const PushContext& push, git::ObjectReader& objects,
                       const std::vector<const detect::Finding*>& findings);

}  // namespace tightship::push
