#include "git/ignore.h"

#include <utility>

#include "git/libgit2_library.h"

namespace tightship::git {

struct IgnoreRules::Impl {
  const Libgit2* library = nullptr;
  git_repository* repository = nullptr;

  Impl() = default;
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    if (repository == nullptr) return;
    const std::lock_guard lock(libgit2_mutex());
    library->repository_free(repository);
  }
};

IgnoreRules::IgnoreRules(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
IgnoreRules::IgnoreRules(IgnoreRules&&) noexcept = default;
IgnoreRules& IgnoreRules::operator=(IgnoreRules&&) noexcept = default;
IgnoreRules::~IgnoreRules() = default;

Result<IgnoreRules> IgnoreRules::open(const std::string& work_tree) {
  auto impl = std::make_unique<Impl>();
  impl->library = libgit2();
  if (impl->library == nullptr) {
    return fail(ErrorKind::NotFound, "libgit2 cannot be loaded, so ignore rules are unknown", {},
                "apt install libgit2-1.5");
  }
  const std::lock_guard lock(libgit2_mutex());
  const int status =
      impl->library->repository_open_ext(&impl->repository, work_tree.c_str(), GIT_REPOSITORY_OPEN_NO_SEARCH, nullptr);
  if (status != 0) {
    impl->repository = nullptr;
    return fail(ErrorKind::Unsupported, "libgit2 cannot open it: " + impl->library->last_error(), work_tree);
  }
  return IgnoreRules(std::move(impl));
}

bool IgnoreRules::is_ignored(const std::string& path) const {
  const std::lock_guard lock(libgit2_mutex());
  int ignored = 0;
  const int status = impl_->library->ignore_path_is_ignored(&ignored, impl_->repository, path.c_str());
  // When in doubt a file is scanned.
  return status == 0 && ignored != 0;
}

std::string libgit2_version() {
  const Libgit2* library = libgit2();
  if (library == nullptr) return "libgit2 not found";
  int major = 0, minor = 0, patch = 0;
  library->version(&major, &minor, &patch);
  return "libgit2 " + std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch);
}

}  // namespace tightship::git
