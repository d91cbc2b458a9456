#pragma once

// What git tells a pre-push or pre-receive hook (githooks(5)), and what it means for a scan.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "git/repository.h"
#include "scan/changes.h"

namespace tightship::scan {

struct RefUpdate {
  std::string local_ref;   // "refs/heads/main", "HEAD", an oid ...; empty on the receiving side
  Oid local;               // zero: the ref is deleted
  std::string remote_ref;  // "refs/heads/main"
  Oid remote;              // what it is at the remote now; zero: it is new
};

// pre-push: "LOCAL_REF LOCAL_OID REMOTE_REF REMOTE_OID" a line. pre-receive: "OLD NEW REF" a line.
// Fails with Usage at a line that is none: what was not understood cannot be let through.
Result<std::vector<RefUpdate>> parse_pre_push(std::string_view input, HashKind hash);
Result<std::vector<RefUpdate>> parse_pre_receive(std::string_view input, HashKind hash);

// The remotes of the configuration that `remote` (a name, or a URL) and `url` speak of: the one of that
// name, else all whose url or pushurl is it. Sorted.
std::vector<std::string> remote_names(const git::Repository& repository, std::string_view remote, std::string_view url);

// New to the remote is what is reachable neither from what it says it has (the old value of each ref that
// is pushed) nor from what its remote-tracking refs say it had. `refs` as git::read_refs gives them.
Changes pushed_changes(const git::Repository& repository, const std::vector<git::Ref>& refs,
                       const std::vector<RefUpdate>& updates, std::string_view remote, std::string_view url);
// New to this repository is what none of its refs reaches.
Changes received_changes(const std::vector<git::Ref>& refs, const std::vector<RefUpdate>& updates);

}  // namespace tightship::scan
