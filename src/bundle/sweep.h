#pragma once

// One public file of a build, looked at once: traced values and markers by one pass over literals, providers' tokens
// by the rules, source maps for where things come from. The text may come from a folder or from a server.
//
// A Sweep is immutable and shared by threads; a Sweeper belongs to one.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ledger.h"
#include "base/result.h"
#include "bundle/marker.h"
#include "bundle/needle.h"
#include "bundle/sighting.h"
#include "bundle/trace.h"
#include "bundle/traced_value.h"
#include "detect/rule.h"
#include "match/literal_search.h"
#include "scan/content_scanner.h"

namespace tightship::bundle {

inline constexpr std::size_t kMaxSightings = 2'000;  // of one file
inline constexpr std::size_t kMaxSightsOfOne = 5;    // of one value or subject in one file
inline constexpr std::size_t kMaxVerified = 20'000;  // needle hits that are decoded in one file
inline constexpr std::uint64_t kMaxContent = std::uint64_t{1} << 30;

struct PublicFile {
  std::string shown;  // path or URL, for reports
  std::string_view content;
  // Whether the source map that the content refers to ("index.js.map") is there, and its text.
  std::function<bool(std::string_view reference)> has_map;
  std::function<std::optional<std::string>(std::string_view reference)> load_map;
};

class Sweep {
 public:
  // `names`: server-only variables whose names, close together, tell of a dump. Both `values` and `rules` must
  // outlive the sweep. Fails with Config when the literals cannot be compiled.
  static Result<Sweep> make(const std::vector<TracedValue>& values, const std::vector<std::string>& names,
                            const detect::RuleSet& rules);
  const detect::RuleSet& rules() const { return *rules_; }

 private:
  friend class Sweeper;
  Sweep() = default;
  const std::vector<TracedValue>* values_ = nullptr;
  const detect::RuleSet* rules_ = nullptr;
  std::vector<Needle> needles_;
  std::vector<std::string> names_;
  std::size_t first_marker_ = 0, first_name_ = 0;  // literals of the search: needles, markers, names
  std::optional<match::LiteralSearch> search_;
};

class Sweeper {
 public:
  Sweeper(const Sweep& sweep, Ledger& ledger);

  // Appends what is seen in `file`, and that its map is published when it is.
  void sweep(const PublicFile& file, std::vector<Sighting>& out);

 private:
  struct Found {
    std::uint64_t at = 0;
    Sighting sighting;
  };
  void search(std::string_view content, std::string_view skip, bool live);
  void take_hit(std::string_view content, const match::LiteralHit& hit, std::string_view skip, bool live);
  void trace(std::string_view content, const Needle& needle, std::uint64_t at, std::string_view skip);
  void mark(std::string_view content, const MarkerLiteral& literal, std::uint64_t at);
  void find_names(std::string_view content);
  void find_tokens(std::string_view content, const std::string& path);
  void add(std::uint64_t at, Sighting sighting);
  void locate(const PublicFile& file, std::string_view content, std::string_view map_text, bool is_map);
  void sweep_inline_map(const PublicFile& file, const std::string& json, std::vector<Sighting>& out);
  void sweep_text(const PublicFile& file, std::string_view content, std::vector<Sighting>& out);

  const Sweep& sweep_;
  Ledger& ledger_;
  scan::ContentScanner scanner_;
  match::LiteralSearch::Scratch scratch_;
  // Of the text at hand; they keep their capacity.
  std::vector<match::LiteralHit> hits_;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> names_;  // (position, name)
  std::vector<Trace> traces_;
  std::vector<Found> found_;
  std::size_t verified_ = 0;
};

}  // namespace tightship::bundle
