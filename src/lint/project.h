#pragma once

// The files of a project as the quick checks see them: what is there (tracked or not), which of it git ignores
// and which it tracks, the frameworks in use, and the loaders that really read env files.
//
// Walks a folder without following symbolic links; never enters .git, node_modules and other folders of
// dependencies, virtual environments, caches, and repositories inside of the repository. Bounded: kMaxFiles files, kMaxDepth folders down; beyond that a
// loss. Works without git: then nothing is tracked or ignored.

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/ledger.h"
#include "base/result.h"
#include "lint/dotenv.h"

namespace tightship::lint {

inline constexpr std::size_t kMaxProjectFiles = 200'000;
inline constexpr unsigned kMaxProjectDepth = 64;
inline constexpr std::uint64_t kMaxTextFile = std::uint64_t{4} << 20;  // of files that are read

struct ProjectFile {
  std::string path;  // relative to the project's root, separated by '/'; raw bytes
  std::uint64_t size = 0;
  std::uint32_t mode = 0;      // as stat says
  bool tracked = false;        // in git's index
  bool below_ignored = false;  // in a folder that git ignores: written by a build, more often than not
  bool symlink = false;
};

enum class Framework : std::uint8_t {
  Next,
  Vite,
  CreateReactApp,
  Expo,
  Nuxt,
  SvelteKit,
  Astro,
  Gatsby,
  VueCli,
  Remix,
  Angular,
  Storybook,
  Parcel,
  Rsbuild,
  Express,
  Rails,
  Django,
  Flask,
  FastApi,
  Laravel,
  Go,
  Supabase,
  Prisma,
  Docker,
  Compose
};
std::string_view framework_name(Framework framework);

// A variable of this name ends up in the pages that visitors load.
struct PublicPrefix {
  std::string prefix;   // "NEXT_PUBLIC_"
  std::string_view by;  // "Next.js"
};

struct LoaderUse {
  Loader loader;
  std::string folder;  // "apps/web/" whose manifest names it; empty: the root
  std::string why;     // "next in package.json"
  std::string file;    // exactly this env file is read by it (compose env_file, --env-file); empty: those by name
};

struct Project {
  std::string root;                                           // absolute, without a '/' at the end
  std::string repository;                                     // absolute work tree of git, empty without one
  std::string prefix;                                         // of the root below the work tree: "apps/web/", or empty
  std::vector<ProjectFile> files;                             // sorted by path
  std::vector<std::pair<std::string, Framework>> frameworks;  // folder ("" or "apps/web/") and what it is
  std::vector<PublicPrefix> public_prefixes;                  // of the frameworks in use; never an empty one
  std::vector<LoaderUse> loaders;
  const ProjectFile* find(std::string_view path) const;
  bool uses(Framework framework) const;
  std::string absolute(std::string_view path) const { return root + "/" + std::string(path); }
  // Whether git ignores it (relative to the root). False without git. libgit2 is loaded when first asked.
  bool is_ignored(std::string_view path) const;
  // The public prefix that `name` begins with, or null.
  const PublicPrefix* public_prefix_of(std::string_view name) const;
  // Loaders that read the env file at `path`, each once: those of its own folder, else of the nearest one above
  // that has any; and those that name the file. Empty when none is known.
  std::vector<Loader> loaders_of(std::string_view path) const;

  struct Ignore;
  mutable std::shared_ptr<Ignore> ignore;  // opened when first asked
};

// `path` is a folder (or a file, then of its folder). Fails with NotFound. What cannot be read goes into `ledger`.
Result<Project> open_project(const std::string& path, Ledger& ledger);

// The text of a project's file, up to `max_size`; a failure goes into `ledger` and gives nothing.
std::optional<std::string> read_project_file(const Project& project, std::string_view path, Ledger& ledger,
                                             std::uint64_t max_size = kMaxTextFile);

}  // namespace tightship::lint
