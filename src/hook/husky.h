#pragma once

// husky's files are shell scripts that people write, so our lines go into them between marks
// (hooks/husky-*). For pre-push they stand on top, and hand the input on to what follows; for pre-commit
// at the end, after what may stage files.

#include <string>
#include <string_view>

#include "base/result.h"
#include "hook/manager.h"
#include "hook/script.h"

namespace tightship::hook {

// `content` with our block. `flags` gets open_line when a line end had to be added.
std::string with_block(std::string_view content, HookKind kind, MarkFlags flags);
// What was there before with_block.
std::string without_block(std::string_view content, const Block& block);

// Fail with Config when somebody changed our block, or the file is a link out of the repository.
Result<Outcome> install_husky(const git::Repository& repository, const Manager& husky, HookKind kind);
Result<Outcome> uninstall_husky(const git::Repository& repository, const Manager& husky, HookKind kind);

}  // namespace tightship::hook
