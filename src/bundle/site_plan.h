#pragma once

// Which of a site's files are asked for: from what was read to what is to be read. Pure; the requests are made by
// bundle/site.cpp.

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "bundle/references.h"
#include "net/url.h"

namespace tightship::bundle {

// Collects URLs of one site, each once.
class SitePlan {
 public:
  explicit SitePlan(net::Url start) : start_(std::move(start)) {}

  // What a page, a script or a manifest at `from` names. Nothing of another site is added.
  void read_page_at(const net::Url& from, std::string_view html);
  void read_script_at(const net::Url& from, std::string_view script);

  // Adds `reference` on the page `base` when it leads to the same site, over http or https, and is new.
  bool add(const net::Url& base, std::string_view reference);
  bool is_ours(const net::Url& url) const;

  // Takes what was added since the last call, in the order in which it was found.
  std::vector<net::Url> take();
  const std::set<std::string>& foreign_hosts() const { return foreign_; }  // of scripts; at most 20

 private:
  net::Url start_;
  std::set<std::string, std::less<>> known_;
  std::vector<net::Url> next_;
  std::set<std::string> foreign_;
};

// What "static/chunks/a.js" means in the script at `path`: build tools name files from the root of their output,
// which is where the first folder of the name stands in the script's own path. "/_next/static/chunks/a.js".
std::string place_below_output(std::string_view path, std::string_view name);

}  // namespace tightship::bundle
