#include "scan/file_list.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "scan/file_reader.h"
#include "scan/git_view.h"

namespace tightship::scan {
namespace {

using Folder = Batch::Folder;

constexpr int kOpenFolder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK;

// A folder that is still to be listed. Opened from `base` over `below`: one name, or more of them
// where the tree is so deep that the parent is not kept open.
struct Pending {
  std::shared_ptr<const Folder> base;
  std::string below;
  std::string shown, rule_path, git_path;  // each ends in '/' or is empty
  std::string real;                        // absolute
  std::shared_ptr<GitView> view;           // null: everything is listed
  unsigned depth = 0;
};

// One name after another, so that no part is followed as a symbolic link.
FileDescriptor open_below(int base, const std::string& below) {
  FileDescriptor at;
  for (std::size_t begin = 0; begin <= below.size();) {
    const std::size_t end = std::min(below.find('/', begin), below.size());
    const std::string name = below.substr(begin, end - begin);
    at = FileDescriptor(::openat(at ? at.get() : base, name.c_str(), kOpenFolder));
    if (!at) return at;
    begin = end + 1;
  }
  return at;
}

mode_t mode_at(int folder, const char* name) {
  struct stat status {};
  return ::fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 ? status.st_mode : 0;
}

bool is_git_directory(int folder) {
  const mode_t head = mode_at(folder, "HEAD");
  return (S_ISREG(head) || S_ISLNK(head)) && S_ISDIR(mode_at(folder, "objects")) && S_ISDIR(mode_at(folder, "refs"));
}

unsigned char type_of(int folder, const dirent& entry) {
  if (entry.d_type != DT_UNKNOWN) return entry.d_type;
  return static_cast<unsigned char>(IFTODT(mode_at(folder, entry.d_name)));  // file systems without types
}

struct DirCloser {
  void operator()(DIR* stream) const { ::closedir(stream); }
};
using DirStream = std::unique_ptr<DIR, DirCloser>;

// An own descriptor for the stream, since workers read files through the folder's.
DirStream open_stream(int folder) {
  const int fd = ::openat(folder, ".", kOpenFolder);
  DIR* stream = fd < 0 ? nullptr : ::fdopendir(fd);
  if (stream == nullptr && fd >= 0) ::close(fd);
  return DirStream(stream);
}

class Lister {
 public:
  Lister(const ListOptions& options, Ledger& ledger, const std::function<void(Batch)>& take, ListAnswer& answer)
      : options_(options), ledger_(ledger), take_(take), answer_(answer) {}

  void run(const ListArgument& argument);

 private:
  void start_file(const ListArgument& argument);
  void start_folder(const ListArgument& argument);
  void list(Pending pending);
  void list_entries(DIR* stream, const Pending& pending, const std::shared_ptr<const Folder>& folder);
  void meet(const dirent& entry, const Pending& pending, Batch& batch);
  void meet_folder(const std::string& name, const Pending& pending, Batch& batch);
  void hand_over(Batch& batch);
  bool enter_nested(Pending& pending, int folder);
  void use_view(const std::shared_ptr<GitView>& view, const std::string& below);
  bool is_left_out(const Pending& pending, const std::string& name) const;
  void lose(LossKind kind, std::string what, std::string where);
  bool cancelled() const { return options_.cancelled != nullptr && options_.cancelled->load(); }

  const ListOptions& options_;
  Ledger& ledger_;
  const std::function<void(Batch)>& take_;
  ListAnswer& answer_;
  std::vector<Pending> stack_;
  std::vector<std::shared_ptr<GitView>> views_;  // for their remarks
};

void Lister::lose(LossKind kind, std::string what, std::string where) {
  if (where.ends_with('/') && where.size() > 1) where.pop_back();
  ledger_.add({kind, std::move(what), where.empty() ? "." : std::move(where), {}});
}

void Lister::use_view(const std::shared_ptr<GitView>& view, const std::string& below) {
  views_.push_back(view);
  if (options_.expected_bytes != nullptr) *options_.expected_bytes += view->tracked_bytes(below);
}

void Lister::hand_over(Batch& batch) {
  if (batch.files.empty()) return;
  take_({batch.folder, std::exchange(batch.files, {})});
}

bool Lister::is_left_out(const Pending& pending, const std::string& name) const {
  if (pending.view == nullptr) return false;
  const std::string path = pending.git_path + name;
  return !pending.view->is_tracked(path) && pending.view->is_ignored(path);
}

void Lister::meet_folder(const std::string& name, const Pending& pending, Batch& batch) {
  const std::string git_path = pending.git_path + name + "/";
  if (pending.view != nullptr && !pending.view->has_tracked(git_path) && pending.view->is_ignored(git_path)) {
    ++answer_.ignored;
    return;
  }
  batch.files.push_back({name, FoundFile::Kind::NameOnly});
  if (pending.depth >= kMaxDepth) {
    return lose(LossKind::LimitExceeded, "folders are nested deeper than the limit", pending.shown + name);
  }
  Pending child = pending;
  if (pending.depth < kOpenFolders) {
    child.base = batch.folder;
    child.below = name;
  } else {
    child.below += "/" + name;
  }
  child.shown += name + "/";
  child.rule_path += name + "/";
  child.git_path = git_path;
  child.real += "/" + name;
  ++child.depth;
  stack_.push_back(std::move(child));
}

void Lister::meet(const dirent& entry, const Pending& pending, Batch& batch) {
  const std::string name = entry.d_name;
  if (name == "." || name == ".." || name == ".git") return;
  const unsigned char type = type_of(batch.folder->fd.get(), entry);
  if (type == DT_DIR) return meet_folder(name, pending, batch);
  if (is_left_out(pending, name)) {
    ++answer_.ignored;
    return;
  }
  if (type == DT_REG || type == DT_UNKNOWN) {  // one of unknown type has just vanished: reading will tell
    batch.files.push_back({name, FoundFile::Kind::Content});
  } else if (type == DT_LNK) {
    batch.files.push_back({name, FoundFile::Kind::Symlink});
  } else {
    ++answer_.special;
    batch.files.push_back({name, FoundFile::Kind::NameOnly});
  }
}

void Lister::list_entries(DIR* stream, const Pending& pending, const std::shared_ptr<const Folder>& folder) {
  Batch batch{folder, {}};
  for (;;) {
    errno = 0;
    const dirent* entry = ::readdir(stream);
    if (entry == nullptr && errno != 0) lose(LossKind::UnreadableFile, system_reason(errno), pending.shown);
    if (entry == nullptr || cancelled()) break;
    meet(*entry, pending, batch);
    if (batch.files.size() >= kBatch) hand_over(batch);
  }
  hand_over(batch);
}

// Whether the folder is to be listed. A work tree of its own is listed by its own rules.
bool Lister::enter_nested(Pending& pending, int folder) {
  if (mode_at(folder, ".git") != 0) {
    auto view = GitView::open(pending.real, !options_.no_ignore);
    if (view && (*view)->root() == pending.real) {
      pending.view = *view;
      pending.git_path.clear();
      use_view(*view, {});
    }
    return true;
  }
  const bool tracked = pending.view != nullptr && pending.view->has_tracked(pending.git_path);
  if (tracked || !is_git_directory(folder)) return true;
  ++answer_.git_directories;
  return false;
}

void Lister::list(Pending pending) {
  auto folder = std::make_shared<Folder>();
  folder->fd = open_below(pending.base->fd.get(), pending.below);
  const DirStream stream = folder->fd ? open_stream(folder->fd.get()) : nullptr;
  if (stream == nullptr) {
    const bool gone = errno == ENOENT || errno == ENOTDIR || errno == ELOOP;
    return lose(gone ? LossKind::ChangedFile : LossKind::UnreadableFile,
                gone ? "vanished before it was listed" : system_reason(errno), pending.shown);
  }
  if (pending.depth > 0 && !enter_nested(pending, folder->fd.get())) return;
  folder->shown = pending.shown;
  folder->rule_path = pending.rule_path;
  list_entries(stream.get(), pending, folder);
}

// "sub/folder/" for a folder below `root`, empty for the root itself.
std::string path_below(const std::string& root, const std::string& folder) {
  std::string below = folder.substr(std::min(folder.size(), root.size()));
  below.erase(0, below.starts_with('/') ? 1 : 0);
  return below.empty() ? below : below + "/";
}

void Lister::start_file(const ListArgument& argument) {
  const std::size_t slash = argument.real.rfind('/');
  const std::string parent = slash == 0 ? "/" : argument.real.substr(0, slash);
  auto folder = std::make_shared<Folder>();
  folder->fd = FileDescriptor(::open(parent.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!folder->fd) return lose(LossKind::UnreadableFile, system_reason(errno), argument.shown);
  folder->alias = argument.shown;
  if (const auto view = GitView::open(parent, false)) {
    folder->rule_path = path_below((*view)->root(), parent);
  } else if (!argument.shown.starts_with('/')) {
    folder->rule_path = argument.shown.substr(0, argument.shown.rfind('/') + 1);
  }
  take_({folder, {{argument.real.substr(slash + 1), FoundFile::Kind::Content}}});
}

void Lister::start_folder(const ListArgument& argument) {
  auto root = std::make_shared<Folder>();
  root->fd = FileDescriptor(::open(argument.real.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!root->fd) return lose(LossKind::UnreadableFile, system_reason(errno), argument.shown);
  Pending pending;
  pending.base = root;
  pending.below.assign(1, '.');  // = "." makes g++ 12 warn of overlapping copies
  pending.shown = argument.shown.empty() || argument.shown.ends_with('/') ? argument.shown : argument.shown + "/";
  pending.real = argument.real == "/" ? "" : argument.real;
  if (auto view = GitView::open(argument.real, !options_.no_ignore)) {
    const std::string below = path_below((*view)->root(), argument.real);
    pending.git_path = pending.rule_path = below;
    use_view(*view, below);
    // An ignored folder that is asked for by name is scanned whole.
    const bool asked_for = !below.empty() && !(*view)->has_tracked(below) && (*view)->is_ignored(below);
    if (!asked_for) pending.view = *view;
  }
  stack_.push_back(std::move(pending));
}

void Lister::run(const ListArgument& argument) {
  if (argument.is_folder) {
    start_folder(argument);
  } else {
    start_file(argument);
  }
  while (!stack_.empty() && !cancelled()) {
    Pending next = std::move(stack_.back());
    stack_.pop_back();
    list(std::move(next));
  }
  for (const auto& view : views_) {
    answer_.remarks.insert(answer_.remarks.end(), view->remarks().begin(), view->remarks().end());
  }
}

// "./src//" is shown as "src".
std::string shown_argument(std::string path) {
  while (path.starts_with("./")) path.erase(0, std::min(path.find_first_not_of('/', 2), path.size()));
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path == "." ? std::string{} : path;
}

}  // namespace

Result<ListArgument> look_at_argument(const std::string& path) {
  const std::unique_ptr<char, void (*)(void*)> real(::realpath(path.c_str(), nullptr), std::free);
  struct stat status {};
  if (real == nullptr || ::stat(real.get(), &status) != 0) {
    return fail(errno == ENOENT || errno == ENOTDIR ? ErrorKind::NotFound : ErrorKind::Io, system_reason(errno), path);
  }
  if (!S_ISDIR(status.st_mode) && !S_ISREG(status.st_mode)) {
    return fail(ErrorKind::Usage, "is neither a file nor a folder", path, "tightship scan --stdin < PATH");
  }
  ListArgument argument{shown_argument(path), real.get(), S_ISDIR(status.st_mode)};
  if (argument.is_folder) {
    const auto view = GitView::open(argument.real, false);
    if (!view && view.error().kind == ErrorKind::Usage) {
      return fail(ErrorKind::Usage, view.error().what, path, view.error().help);
    }
  }
  return argument;
}

void list_files(const ListArgument& argument, const ListOptions& options, Ledger& ledger,
                const std::function<void(Batch)>& take, ListAnswer& answer) {
  Lister(options, ledger, take, answer).run(argument);
}

}  // namespace tightship::scan
