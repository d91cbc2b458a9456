#include "bundle/sweep.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "bundle/layout.h"
#include "bundle/packed.h"
#include "bundle/source_map.h"
#include "detect/codec.h"
#include "scan/text.h"

namespace tightship::bundle {
namespace {

constexpr std::string_view kMapMark = "sourceMappingURL=";

// "data:application/json;charset=utf-8;base64,": the JSON behind it, or nothing.
std::optional<std::string> decode_data_url(std::string_view reference) {
  const std::size_t comma = reference.find(',');
  if (comma == std::string_view::npos) return std::nullopt;
  const std::string_view head = reference.substr(0, comma), body = reference.substr(comma + 1);
  if (!head.ends_with(";base64")) return detect::decode_percent(body);
  return detect::decode_base64(body, detect::Base64::Standard);
}

bool is_data_url(std::string_view reference) { return reference.starts_with("data:"); }

std::string position_text(const OriginalPosition& position) {
  const std::string path = source_path(position.source);
  return fmt::format("{}:{}:{}", path.empty() ? position.source : path, position.line, position.column);
}

// Hyperscan searches eight bytes of a literal at once and builds automata for the rest: 700 literals of up to 48
// bytes took 52 ms to compile, their last eight bytes 20 ms. What stands before these is compared at a hit.
constexpr std::size_t kTail = 8;
std::string_view tail_of(std::string_view literal) {
  return literal.size() > kTail ? literal.substr(literal.size() - kTail) : literal;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Begin of the whole literal whose tail begins at `tail`; nothing when it does not stand there.
std::optional<std::uint64_t> begin_of(std::string_view literal, bool caseless, std::string_view content,
                                      std::uint64_t tail) {
  const std::uint64_t before = literal.size() - tail_of(literal).size();
  if (tail < before) return std::nullopt;
  const std::string_view there = content.substr(tail - before, before);
  const bool same = std::equal(there.begin(), there.end(), literal.begin(),
                               [&](char a, char b) { return (caseless ? lower(a) : a) == b; });
  return same ? std::optional(tail - before) : std::nullopt;
}

bool is_map_name(std::string_view path) { return unpacked_name(path).ends_with(".map"); }

// What browsers run, or read while they run it. In the sources of a map and in texts an address calls nothing.
bool is_live(std::string_view path) {
  const std::string_view file = unpacked_name(path.substr(0, path.find_first_of("?#")));
  const std::string extension = extension_of(file);
  for (const std::string_view live : {"", "js", "mjs", "cjs", "html", "htm", "xhtml", "rsc", "body", "json"}) {
    if (extension == live) return true;
  }
  return false;
}

// Fonts and pictures as data are long runs of letters in which any short prefix of a token occurs by chance.
bool is_in_data_url(std::string_view content, std::uint64_t at) {
  const auto inside = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
  };
  while (at > 0 && inside(content[at - 1])) --at;
  return at >= 8 && content.substr(at - 8, 8) == ";base64,";
}

// Whether what the rule finds says nothing about a page. Names of internal hosts: the markers judge them with more of
// what stands around. Rules that judge by names: a minified script has none that mean something.
bool is_of_no_use(const detect::Rule& rule) {
  return rule.generic || rule.path_only() || (rule.kind == detect::Kind::Identifier && rule.provider.empty());
}

}  // namespace

Result<Sweep> Sweep::make(const std::vector<TracedValue>& values, const std::vector<std::string>& names,
                          const detect::RuleSet& rules) {
  Sweep sweep;
  sweep.values_ = &values;
  sweep.rules_ = &rules;
  for (std::size_t i = 0; i < values.size(); ++i) {
    append_needles(values[i].value, static_cast<std::uint32_t>(i), sweep.needles_);
  }
  std::vector<match::SearchLiteral> literals;
  for (const Needle& needle : sweep.needles_) literals.push_back({std::string(tail_of(needle.bytes)), needle.caseless});
  sweep.first_marker_ = literals.size();
  for (const MarkerLiteral& marker : marker_literals()) literals.push_back({std::string(tail_of(marker.bytes)), false});
  sweep.first_name_ = literals.size();
  for (const std::string& name : names) {
    if (name.size() < 3) continue;
    literals.push_back({std::string(tail_of(name)), false});
    sweep.names_.push_back(name);
  }
  auto search = match::LiteralSearch::compile(std::move(literals));
  if (!search) return tl::unexpected(search.error());
  sweep.search_ = std::move(*search);
  return sweep;
}

Sweeper::Sweeper(const Sweep& sweep, Ledger& ledger)
    : sweep_(sweep), ledger_(ledger), scanner_(*sweep.rules_), scratch_(sweep.search_->make_scratch()) {
  std::vector<std::uint8_t> left_out;
  for (const detect::Rule& rule : sweep.rules_->rules()) left_out.push_back(is_of_no_use(rule) ? 1 : 0);
  scanner_.leave_out(std::move(left_out));
}

void Sweeper::add(std::uint64_t at, Sighting sighting) {
  if (found_.size() >= kMaxSightings) return;
  const auto same = [&](const Found& found) {
    const Sighting& other = found.sighting;
    return other.sight == sighting.sight && other.index == sighting.index && other.subject == sighting.subject &&
           other.secret == sighting.secret;
  };
  if (std::count_if(found_.begin(), found_.end(), same) >= static_cast<std::ptrdiff_t>(kMaxSightsOfOne)) return;
  found_.push_back({at, std::move(sighting)});
}

void Sweeper::trace(std::string_view content, const Needle& needle, std::uint64_t at, std::string_view skip) {
  const char* const place = content.data() + at;
  if (!skip.empty() && place >= skip.data() && place < skip.data() + skip.size()) return;
  const auto known = [&](const Trace& trace) {
    return trace.value == needle.value && trace.exact && at >= trace.begin && at < trace.end;
  };
  if (std::any_of(traces_.rbegin(), traces_.rbegin() + std::min<std::ptrdiff_t>(16, std::ssize(traces_)), known))
    return;
  if (++verified_ > kMaxVerified) return;
  const auto trace = verify(*sweep_.values_, needle, content, at);
  if (!trace) return;
  // "administrator" as a part of a longer word is no password.
  const bool possible = (*sweep_.values_)[needle.value].weight == Weight::Possible;
  if (possible && trace->how.empty() && !stands_alone(content, trace->begin, trace->end)) return;
  traces_.push_back(*trace);
}

void Sweeper::mark(std::string_view content, const MarkerLiteral& literal, std::uint64_t at) {
  const auto mark = judge_marker(literal, content, at);
  if (!mark) return;
  Sighting sighting;
  sighting.sight = Sight::Marker;
  sighting.index = static_cast<std::uint32_t>(mark->kind);
  sighting.subject = mark->subject;
  add(mark->begin, std::move(sighting));
}

void Sweeper::take_hit(std::string_view content, const match::LiteralHit& hit, std::string_view skip, bool live) {
  if (hit.literal < sweep_.first_marker_) {
    const Needle& needle = sweep_.needles_[hit.literal];
    if (const auto at = begin_of(needle.bytes, needle.caseless, content, hit.begin)) trace(content, needle, *at, skip);
  } else if (hit.literal < sweep_.first_name_) {
    const MarkerLiteral& literal = marker_literals()[hit.literal - sweep_.first_marker_];
    const auto at = live ? begin_of(literal.bytes, false, content, hit.begin) : std::nullopt;
    if (at) mark(content, literal, *at);
  } else if (const auto at = begin_of(sweep_.names_[hit.literal - sweep_.first_name_], false, content, hit.begin)) {
    names_.emplace_back(*at, hit.literal);
  }
}

void Sweeper::search(std::string_view content, std::string_view skip, bool live) {
  hits_.clear();
  names_.clear();
  traces_.clear();
  verified_ = 0;
  bool complete = sweep_.search_->find(as_bytes(content), scratch_, hits_);
  for (const match::LiteralHit& hit : hits_) take_hit(content, hit, skip, live);
  complete = complete && verified_ <= kMaxVerified;
  if (!complete)
    ledger_.add({LossKind::LimitExceeded, "more places that look like traced values than are decoded", {}, {}});
}

// Five different names within two kilobytes, each as a key of something. With values when one is assigned a string.
void Sweeper::find_names(std::string_view content) {
  constexpr std::size_t kNames = 5, kReach = 2048;
  std::sort(names_.begin(), names_.end());
  std::erase_if(names_, [&](const auto& name) {
    std::uint64_t end = name.first;
    while (end < content.size() && (content[end] == '_' || (content[end] >= 'A' && content[end] <= 'Z') ||
                                    (content[end] >= '0' && content[end] <= '9'))) {
      ++end;
    }
    if (!stands_alone(content, name.first, end)) return true;
    const std::string_view after = content.substr(end, 4);
    const std::size_t mark = after.find_first_not_of("\"'\\ ");
    return mark == std::string_view::npos || after[mark] != ':';
  });
  for (std::size_t i = 0; i + kNames <= names_.size(); ++i) {
    std::vector<std::uint32_t> distinct;
    for (std::size_t j = i; j < names_.size() && names_[j].first < names_[i].first + kReach; ++j) {
      if (std::find(distinct.begin(), distinct.end(), names_[j].second) == distinct.end())
        distinct.push_back(names_[j].second);
    }
    if (distinct.size() < kNames) continue;
    Sighting sighting;
    sighting.sight = Sight::Names;
    sighting.subject = fmt::format("{} names", distinct.size());
    return add(names_[i].first, std::move(sighting));
  }
}

void Sweeper::find_tokens(std::string_view content, const std::string& path) {
  if (content.size() > scan::kMaxContent) {
    ledger_.add({LossKind::LimitExceeded, "larger than 2 GiB: not searched for tokens", path, {}});
    return;
  }
  for (const scan::Hit& hit : scanner_.scan(as_bytes(content), path)) {
    const detect::Rule& rule = sweep_.rules_->rules()[hit.rule];
    if (is_of_no_use(rule) || hit.encoding != scan::Encoding::Bytes) continue;
    if (is_in_data_url(content, hit.position.offset)) continue;
    Sighting sighting;
    sighting.sight = Sight::Rule;
    sighting.index = hit.rule;
    sighting.secret = hit.secret;
    sighting.match = hit.match;
    add(hit.position.offset, std::move(sighting));
  }
  if (scanner_.truncated()) ledger_.add({LossKind::LimitExceeded, "more tokens than are described", path, {}});
}

// Lines, columns and, by the map, the places in the sources.
void Sweeper::locate(const PublicFile& file, std::string_view content, std::string_view map_text, bool is_map) {
  std::sort(found_.begin(), found_.end(), [](const Found& a, const Found& b) { return a.at < b.at; });
  std::optional<SourceMap> map;
  if (auto opened = map_text.empty() ? tl::unexpected(Error{}) : SourceMap::open(map_text)) map = std::move(*opened);
  scan::LineCursor cursor;
  for (Found& found : found_) {
    cursor.advance(as_bytes(content), found.at);
    const std::string_view before = content.substr(cursor.line_start, found.at - cursor.line_start);
    found.sighting.spot = {file.shown, cursor.line, static_cast<std::uint32_t>(before.size() + 1)};
    if (!map) continue;
    const auto origin = is_map ? map->inside(found.at) : map->original(cursor.line, utf16_column(before));
    if (origin) found.sighting.original = position_text(*origin);
  }
}

void Sweeper::sweep_text(const PublicFile& file, std::string_view content, std::vector<Sighting>& out) {
  found_.clear();
  const bool is_map = is_map_name(file.shown);
  const std::string_view reference = is_map ? std::string_view() : source_map_reference(content);
  std::optional<std::string> inner;  // the map inside of the file; code that only writes such references has none
  if (is_data_url(reference)) inner = decode_data_url(reference);
  if (inner && !SourceMap::open(*inner)) inner.reset();
  const bool data = inner.has_value();
  search(content, data ? reference : std::string_view(), is_live(file.shown));
  for (const Trace& trace : traces_) {
    Sighting sighting;
    sighting.sight = Sight::Value;
    sighting.index = trace.value;
    sighting.how = trace.how;
    sighting.exact = trace.exact;
    add(trace.begin, std::move(sighting));
  }
  find_names(content);
  find_tokens(data ? content.substr(0, static_cast<std::size_t>(reference.data() - content.data())) : content,
              file.shown);
  const bool published = !reference.empty() && !is_data_url(reference) && file.has_map && file.has_map(reference);
  std::optional<std::string> map;
  if (published && !found_.empty() && file.load_map) map = file.load_map(reference);
  if (published || data) {
    Sighting sighting;
    sighting.sight = data ? Sight::InlineMap : Sight::Map;
    add(static_cast<std::uint64_t>(reference.data() - content.data()) - kMapMark.size(), std::move(sighting));
  }
  if (found_.empty()) return;
  locate(file, content, is_map ? content : std::string_view(map ? *map : std::string_view()), is_map);
  for (Found& found : found_) out.push_back(std::move(found.sighting));
  if (inner) sweep_inline_map(file, *inner, out);
}

// The map's own text is swept as a file; what is seen in it stands where the file's map stands.
void Sweeper::sweep_inline_map(const PublicFile& file, const std::string& json, std::vector<Sighting>& out) {
  const readiness::Spot spot = out.back().spot;  // of the reference: nothing stands behind it
  const std::size_t first = out.size();
  sweep_text({file.shown + ".map", json, {}, {}}, json, out);
  for (std::size_t i = first; i < out.size(); ++i) {
    out[i].spot = spot;
    if (out[i].sight == Sight::Value && out[i].how.empty()) out[i].how = "in the source map inside of the file";
  }
}

void Sweeper::sweep(const PublicFile& file, std::vector<Sighting>& out) { sweep_text(file, file.content, out); }

}  // namespace tightship::bundle
