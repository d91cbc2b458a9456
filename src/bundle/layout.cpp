#include "bundle/layout.h"

#include <algorithm>
#include <array>
#include <optional>

namespace tightship::bundle {
namespace {

constexpr std::array<std::string_view, 10> kOutputs{
    "dist", ".next",  "build",           "out", ".output", ".svelte-kit/output", ".vercel/output",
    "www",  "public", "storybook-static"};

// What stands behind the last `folder` in `path`, or nothing.
std::optional<std::string_view> behind(std::string_view path, std::string_view folder) {
  for (std::size_t from = std::string_view::npos;;) {
    const std::size_t at = path.rfind(folder, from);
    if (at == std::string_view::npos) return std::nullopt;
    const std::size_t end = at + folder.size();
    if ((at == 0 || path[at - 1] == '/') && end < path.size() && path[end] == '/') return path.substr(end + 1);
    if (at == 0) return std::nullopt;
    from = at - 1;
  }
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

// Prerendered pages and their data; the .js beside them and what it needs (.nft.json) stay on the server.
bool is_prerendered(std::string_view rest) {
  const std::string extension = extension_of(rest);
  if (rest.starts_with("server/app/")) return is_one_of(extension, {"html", "rsc", "body"});
  if (!rest.starts_with("server/pages/")) return false;
  return extension == "html" || (extension == "json" && !rest.ends_with(".nft.json"));
}

Audience next_audience(std::string_view rest) {
  if (rest.starts_with("cache/") || rest.starts_with("dev/") || rest.starts_with("diagnostics/") ||
      rest.starts_with("trace")) {
    return Audience::Workshop;
  }
  if (rest.starts_with("static/") || rest.starts_with("standalone/public/")) return Audience::Public;
  return is_prerendered(rest) ? Audience::Public : Audience::Private;
}

Audience svelte_audience(std::string_view rest) {
  if (!rest.starts_with("output/")) return Audience::Workshop;
  return rest.starts_with("output/client/") || rest.starts_with("output/prerendered/") ? Audience::Public
                                                                                       : Audience::Private;
}

Audience vercel_audience(std::string_view rest) {
  if (rest.starts_with("output/static/")) return Audience::Public;
  return rest.find(".prerender-fallback.") != std::string_view::npos ? Audience::Public : Audience::Private;
}

std::string_view parent(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

}  // namespace

std::vector<std::string_view> output_folders() { return {kOutputs.begin(), kOutputs.end()}; }

std::string extension_of(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return {};
  std::string extension(name.substr(dot + 1));
  for (char& c : extension) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return extension;
}

void Layout::add(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const bool page = is_one_of(extension_of(path), {"html", "htm", "xhtml"}) ||
                    is_one_of(name, {"asset-manifest.json", "manifest.webmanifest", "index.html.gz"});
  for (std::string_view folder = parent(path); !folder.empty(); folder = parent(folder)) {
    const std::string_view last = folder.substr(folder.rfind('/') + 1);
    if (last == "client") clients_.emplace(parent(folder));
    if (last == "server") servers_.emplace(parent(folder));
    if (page) with_pages_.emplace(folder);
  }
}

bool Layout::serves_pages(std::string_view folder) const { return with_pages_.contains(folder); }

Audience Layout::audience(std::string_view path) const {
  if (const auto rest = behind(path, ".next")) return next_audience(*rest);
  if (const auto rest = behind(path, ".output"))
    return rest->starts_with("public/") ? Audience::Public : Audience::Private;
  if (const auto rest = behind(path, ".svelte-kit")) return svelte_audience(*rest);
  if (const auto rest = behind(path, ".vercel")) return vercel_audience(*rest);
  for (std::string_view folder = parent(path); !folder.empty(); folder = parent(folder)) {
    if (folder.substr(folder.rfind('/') + 1) != "server") continue;
    if (clients_.contains(parent(folder))) return Audience::Private;
  }
  return Audience::Public;
}

}  // namespace tightship::bundle
