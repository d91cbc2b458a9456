#include "git/pack_list.h"

#include <algorithm>
#include <filesystem>

namespace tightship::git {

std::vector<std::string> list_packs(const std::string& folder, Ledger& ledger) {
  std::vector<std::string> packs, indexes;
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    std::string path = at->path().string();
    if (path.ends_with(".pack"))
      packs.push_back(std::move(path));
    else if (path.ends_with(".idx"))
      indexes.push_back(std::move(path));
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    ledger.add({LossKind::UnreadableFile, error.message(), folder, ""});
  }
  std::sort(packs.begin(), packs.end());
  for (const std::string& index : indexes) {
    const std::string pack = index.substr(0, index.size() - 4) + ".pack";
    if (!std::binary_search(packs.begin(), packs.end(), pack)) {
      ledger.add({LossKind::CorruptPack, "pack index has no pack beside it", index, "git fsck"});
    }
  }
  return packs;
}

}  // namespace tightship::git
