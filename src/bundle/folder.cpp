#include "bundle/folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <mutex>
#include <utility>

#include "base/file.h"
#include "base/parallel.h"
#include "bundle/html.h"
#include "bundle/layout.h"
#include "bundle/left_behind.h"
#include "bundle/mixed.h"
#include "bundle/packed.h"
#include "scan/file_list.h"
#include "scan/file_reader.h"
#include "scan/text.h"

namespace tightship::bundle {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxPackage = std::uint64_t{1} << 20;
constexpr std::uint64_t kMaxMap = std::uint64_t{256} << 20;

bool is_folder(const std::string& path) {
  struct ::stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

bool is_there(const std::string& path) {
  struct ::stat info {};
  return ::lstat(path.c_str(), &info) == 0;
}

std::string joined(const std::string& folder, std::string_view name) {
  return folder == "." || folder.empty() ? std::string(name)
                                         : fmt::format("{}{}{}", folder, folder.ends_with('/') ? "" : "/", name);
}

std::string real_path(const std::string& path) {
  std::error_code error;
  const fs::path real = fs::canonical(path.empty() ? "." : path, error);
  return error ? path : real.string();
}

// What Layout must know of where the folder is: from ".next" on, when it lies in one; else its own name.
std::string context_of(const std::string& path) {
  const std::string real = real_path(path);
  for (const std::string_view folder : {"/.next", "/.output", "/.svelte-kit", "/.vercel"}) {
    const std::size_t at = real.rfind(folder);
    if (at == std::string::npos) continue;
    if (at + folder.size() == real.size() || real[at + folder.size()] == '/') return real.substr(at + 1);
  }
  return real.substr(real.rfind('/') + 1);
}

void add_outputs(const std::string& project, std::vector<BuildFolder>& out) {
  for (const std::string_view folder : output_folders()) {
    std::string path = joined(project, folder);
    if (is_folder(path)) out.push_back({std::move(path), std::string(folder), false});
  }
}

std::vector<std::string> folders_of(const std::string& path) {
  constexpr std::size_t kMost = 1'000;
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator at(path.empty() ? "." : path, error), end; !error && at != end && names.size() < kMost;
       at.increment(error)) {
    std::error_code unknown;
    if (at->is_directory(unknown) && !at->is_symlink(unknown)) names.push_back(at->path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

// "apps/web" and "web": the packages of a workspace.
void add_packages(const std::string& project, std::vector<BuildFolder>& out) {
  for (const std::string& name : folders_of(project)) {
    if (name == "node_modules" || name.starts_with('.')) continue;
    const std::string folder = joined(project, name);
    if (is_there(joined(folder, "package.json"))) add_outputs(folder, out);
    if (name != "apps" && name != "packages" && name != "sites" && name != "services") continue;
    for (const std::string& inner : folders_of(folder)) {
      const std::string package = joined(folder, inner);
      if (is_there(joined(package, "package.json"))) add_outputs(package, out);
    }
  }
}

bool is_output_name(const std::string& path) {
  const std::string real = real_path(path);
  const std::string name = real.substr(real.rfind('/') + 1);
  const auto outputs = output_folders();
  return std::find(outputs.begin(), outputs.end(), name) != outputs.end();
}

struct Item {
  std::string path;    // shown and opened
  std::string layout;  // for Layout
  const BuildFolder* build = nullptr;
};

struct Listing {
  std::vector<Item> items;
  Layout layout;
};

void list_build(const BuildFolder& build, Ledger& ledger, FolderCounts& counts, Listing& listing,
                std::vector<Sighting>& out) {
  const auto argument = scan::look_at_argument(build.path);
  if (!argument) {
    ledger.add({LossKind::UnreadableFile, argument.error().what, build.path, {}});
    return;
  }
  if (is_there(joined(build.path, ".git"))) out.push_back(left_behind(joined(build.path, ".git"), "git folder"));
  const std::string& prefix = argument->shown;
  scan::ListAnswer answer;
  scan::list_files(
      *argument, {true, nullptr, nullptr}, ledger,
      [&](scan::Batch batch) {
        for (const scan::FoundFile& file : batch.files) {
          std::string shown = batch.shown(file);
          if (file.kind != scan::FoundFile::Kind::Content) {
            counts.symlinks += file.kind == scan::FoundFile::Kind::Symlink;
            continue;
          }
          const std::size_t skip = prefix.empty() ? 0 : std::min(prefix.size() + 1, shown.size());
          std::string layout = argument->is_folder ? build.context + "/" + shown.substr(skip) : build.context;
          listing.layout.add(layout);
          listing.items.push_back({std::move(shown), std::move(layout), &build});
        }
      },
      answer);
}

LossKind loss_of(const Error& error) {
  if (error.kind == ErrorKind::Limit) return LossKind::LimitExceeded;
  return error.kind == ErrorKind::Corrupt ? LossKind::UnreadArchive : LossKind::UnreadableFile;
}

// Reads and sweeps the items that the counter gives out, until none is left.
class Worker {
 public:
  Worker(const Sweep& sweep, Ledger& ledger) : sweeper_(sweep, ledger), reader_(kMaxContent), ledger_(ledger) {}

  void run(const std::vector<Item>& items, std::atomic<std::size_t>& next) {
    for (std::size_t i = next++; i < items.size(); i = next++) sweep_item(items[i]);
  }

  std::vector<Sighting> sightings;
  FolderCounts counts;

 private:
  void sweep_item(const Item& item);
  void sweep_packed(const Item& item);
  void sweep_content(const Item& item, std::string_view content);
  void lose(Loss loss, const std::string& path) {
    loss.where = path;
    ledger_.add(std::move(loss));
  }

  Sweeper sweeper_;
  scan::FileReader reader_;
  Ledger& ledger_;
};

// A reference is relative to the file; a map elsewhere, on another server say, is not beside it.
std::string map_path(const std::string& file, std::string_view reference) {
  const std::size_t query = reference.find_first_of("?#");
  reference = reference.substr(0, query);
  if (reference.empty() || reference.find("://") != std::string_view::npos || reference.front() == '/') return {};
  const std::size_t slash = file.rfind('/');
  return slash == std::string::npos ? std::string(reference) : file.substr(0, slash + 1) + std::string(reference);
}

void Worker::sweep_item(const Item& item) {
  if (packing_of(item.path) != Packing::None) return sweep_packed(item);
  auto opened = scan::open_file(AT_FDCWD, item.path);
  if (opened.loss) return lose(std::move(*opened.loss), item.path);
  if (!opened.file.is_regular()) return;
  scan::ReadAnswer read = reader_.read(opened.file);
  if (read.loss) lose(std::move(*read.loss), item.path);
  const std::string_view content = as_text(read.content);
  if (const auto left = judge_left_behind(item.path, content)) sightings.push_back(*left);
  if (!read.media.empty()) {
    ++counts.media;
    return;
  }
  sweep_content(item, content);
  reader_.shrink();
}

// A twin of a file that is swept anyway is not looked at again.
void Worker::sweep_packed(const Item& item) {
  const Packing packing = packing_of(item.path);
  const auto bytes = read_file(item.path, kMaxPacked);
  if (!bytes) return lose({loss_of(bytes.error()), bytes.error().what, {}, {}}, item.path);
  const auto plain = read_file(std::string(unpacked_name(item.path)), kMaxContent);
  if (plain && is_packed_form_of(packing, *bytes, *plain)) return void(++counts.twins);
  const auto content = unpack_file(packing, *bytes);
  if (!content) return lose({loss_of(content.error()), content.error().what, {}, {}}, item.path);
  if (const auto left = judge_left_behind(std::string(unpacked_name(item.path)), *content)) {
    sightings.push_back(*left);
    sightings.back().spot.path = item.path;
  }
  if (!scan::compressed_media(as_bytes(*content)).empty()) return void(++counts.media);
  sweep_content(item, *content);
}

void Worker::sweep_content(const Item& item, std::string_view content) {
  ++counts.files;
  counts.bytes += content.size();
  PublicFile file{item.path, content, {}, {}};
  file.has_map = [&](std::string_view reference) {
    const std::string path = map_path(item.path, reference);
    return !path.empty() && is_there(path);
  };
  file.load_map = [&](std::string_view reference) -> std::optional<std::string> {
    auto text = read_file(map_path(item.path, reference), kMaxMap);
    return text ? std::optional(std::move(*text)) : std::nullopt;
  };
  sweeper_.sweep(file, sightings);
  find_mixed(item.path, content, is_page(unpacked_name(item.path), content), sightings);
}

// "main": "dist/index.js", "start": "node dist/main": the folder is run or imported, by the package's own words.
bool is_named_by_package(const BuildFolder& build) {
  const std::size_t slash = build.path.rfind('/');
  const auto text =
      read_file((slash == std::string::npos ? "" : build.path.substr(0, slash + 1)) + "package.json", kMaxPackage);
  if (!text) return false;
  for (std::size_t at = text->find(build.context); at != std::string::npos; at = text->find(build.context, at + 1)) {
    const char before = at > 0 ? (*text)[at - 1] : ' ',
               after = at + build.context.size() < text->size() ? (*text)[at + build.context.size()] : ' ';
    if ((after == '/' || after == '"') && (before == '/' || before == '"' || before == ' ')) return true;
  }
  return false;
}

// An output that nobody asked for, that has no page, and that the package itself runs or exports.
bool is_server_build(const BuildFolder& build, const Layout& layout) {
  if (build.asked || (build.context != "dist" && build.context != "build" && build.context != "out")) return false;
  return !layout.serves_pages(build.context) && is_named_by_package(build);
}

// Sources of a site have an index.html too (Vite), beside the manifest that outputs do not have.
bool is_project(const std::string& path) {
  if (!is_folder(path) || is_output_name(path)) return false;
  return is_there(joined(path, "package.json")) || !is_there(joined(path, "index.html"));
}

}  // namespace

Result<std::vector<BuildFolder>> find_builds(const std::string& path, Wanted wanted) {
  if (!is_there(path)) return fail(ErrorKind::NotFound, "no such file or folder", path);
  std::vector<BuildFolder> builds;
  const bool project = is_project(path);
  if (project) {
    add_outputs(path, builds);
    add_packages(path, builds);
  }
  if (!builds.empty()) return builds;
  const bool sources = project && is_there(joined(path, "package.json"));
  if (sources || (wanted == Wanted::Outputs && !is_output_name(path))) {
    return fail(ErrorKind::NotFound, "there is no build output in the project", path,
                "build it first (npm run build), or name the folder: tightship bundle PATH");
  }
  builds.push_back({path, context_of(path), true});
  return builds;
}

FolderCounts sweep_folders(const std::vector<BuildFolder>& builds, const Sweep& sweep, unsigned threads, Ledger& ledger,
                           std::vector<Sighting>& out) {
  FolderCounts counts;
  std::vector<Item> items;
  for (const BuildFolder& build : builds) {
    Listing listing;
    std::vector<Sighting> seen;
    list_build(build, ledger, counts, listing, seen);
    if (is_server_build(build, listing.layout)) {
      counts.server_builds.push_back(build.path);
      counts.private_files += listing.items.size();
      continue;
    }
    std::move(seen.begin(), seen.end(), std::back_inserter(out));
    for (Item& item : listing.items) {
      if (listing.layout.audience(item.layout) == Audience::Public)
        items.push_back(std::move(item));
      else
        ++counts.private_files;
    }
  }
  std::vector<Worker> workers;
  const unsigned wanted = std::min<unsigned>(thread_count(threads), static_cast<unsigned>(items.size() / 4 + 1));
  for (unsigned i = 0; i < wanted; ++i) workers.emplace_back(sweep, ledger);
  std::atomic<std::size_t> next{0};
  run_threads(wanted, [&](unsigned i) { workers[i].run(items, next); });
  for (Worker& worker : workers) {
    std::move(worker.sightings.begin(), worker.sightings.end(), std::back_inserter(out));
    counts.files += worker.counts.files;
    counts.bytes += worker.counts.bytes;
    counts.media += worker.counts.media;
    counts.twins += worker.counts.twins;
  }
  return counts;
}

}  // namespace tightship::bundle
