#include "match/engine.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cassert>
#include <cstdlib>
#include <limits>
#include <mutex>

#include "match/behind.h"
#include "match/confirm.h"
#include "match/literal_set.h"
#include "match/short_literals.h"

namespace tightship::match {
namespace {

constexpr std::uint32_t kManyStarts = 8;  // one for each byte costs more than a look behind the anchor
constexpr std::uint32_t kFewTries = 16;   // of a pattern, for which nothing more is compiled

bool has_many_starts(const Use& use) { return use.max_offset - use.min_offset >= kManyStarts; }

// Made when a pattern is first tried, part by part: RE2 takes 0.3 ms for each expression, and most are
// never needed.
template <class T>
class Lazy {
 public:
  template <class Make>
  const T* get(Make make) {
    std::call_once(once_, [&] { value_ = make(); });
    return value_ ? &*value_ : nullptr;
  }

 private:
  std::once_flag once_;
  std::optional<T> value_;
};

struct LeadPattern {
  Lead lead;
  Re2Pattern rest;
};

struct LazyPattern {
  Lazy<Re2Pattern> re2;                     // empty only if RE2 changed its mind since the rules were compiled
  Lazy<std::vector<regex::LongRun>> runs;   // of Way::Open
  Lazy<std::vector<AnchorLiteral>> needed;  // find_needed
  Lazy<LeadPattern> lead;                   // where there is one
  Lazy<Re2Pattern> behind;                  // behind_expression, where it pays
  std::atomic<std::uint32_t> tries{0};
};

// One for each pattern, made when it is first asked for: of hundreds of patterns a push needs a handful, and
// the pages of all would cost it more than the scan.
class LazyPatterns {
 public:
  explicit LazyPatterns(std::size_t count) : slots_(count) {}
  LazyPatterns(const LazyPatterns&) = delete;
  LazyPatterns& operator=(const LazyPatterns&) = delete;
  ~LazyPatterns() {
    for (const auto& slot : slots_) delete slot.load();
  }

  LazyPattern& operator[](std::uint32_t pattern) const {
    std::atomic<LazyPattern*>& slot = slots_[pattern];
    LazyPattern* there = slot.load(std::memory_order_acquire);
    if (there != nullptr) return *there;
    auto made = std::make_unique<LazyPattern>();
    if (slot.compare_exchange_strong(there, made.get(), std::memory_order_acq_rel)) return *made.release();
    return *there;  // another thread was first
  }

 private:
  mutable std::vector<std::atomic<LazyPattern*>> slots_;
};

struct Counters {
  std::atomic<std::uint64_t> anchors{0}, prefix_passed{0}, matched{0};
};

void bump(std::atomic<std::uint64_t>& counter) { counter.fetch_add(1, std::memory_order_relaxed); }

struct Sink {
  std::span<const CompiledLiteral> literals;
  std::vector<Anchor>& out;
  std::size_t begin;  // what was in `out` before
};

// Literals end in order, but may begin out of order by as much as their widths differ: a short way
// back to the right place.
void insert_sorted(Sink& sink, Anchor anchor) {
  std::size_t place = sink.out.size();
  while (place > sink.begin && anchor < sink.out[place - 1]) --place;
  if (place > sink.begin && sink.out[place - 1] == anchor) return;
  sink.out.insert(sink.out.begin() + static_cast<std::ptrdiff_t>(place), anchor);
}

int on_literal(unsigned id, unsigned long long, unsigned long long end, unsigned, void* context) noexcept {
  Sink& sink = *static_cast<Sink*>(context);
  if (id >= sink.literals.size()) return 0;  // the pacer (match/literal_database.h)
  const std::size_t width = sink.literals[id].width;
  insert_sorted(sink, Anchor{static_cast<std::uint32_t>(end - width), static_cast<std::uint16_t>(id)});
  return 0;
}

Error named(Error error, const PatternSpec& spec) {
  error.what = fmt::format("{} (at {} of the expression)", error.what, error.where);
  error.where = spec.id;
  return error;
}

void scan_literals(std::span<const CompiledLiteral> literals, const hs_database_t& database, hs_scratch_t* space,
                   Bytes data, std::vector<Anchor>& out) {
  Sink sink{literals, out, out.size()};
  const std::string_view text = as_text(data);
  const hs_error_t status =
      hs_scan(&database, text.data(), static_cast<unsigned>(text.size()), 0, space, on_literal, &sink);
  // Only a misuse of the library gets here; going on would be a scan that saw nothing and said so.
  if (status != HS_SUCCESS) std::abort();
}

Result<PatternInfo> analyse(const PatternSpec& spec) {
  if (spec.regex.empty()) return PatternInfo{Way::Never, 0, 0, {}, {}, {}};
  auto info = analyse_any_pattern(spec.regex, spec.anchors, spec.keywords);
  if (!info) return tl::unexpected(named(info.error(), spec));
  const auto groups = regex::count_groups(spec.regex);
  if (groups && spec.secret_group > *groups) {
    return fail(ErrorKind::Config,
                fmt::format("secret group {} of an expression with {} groups", spec.secret_group, *groups),
                std::string(spec.id));
  }
  return info;
}

}  // namespace

struct Engine::Impl {
  std::vector<PatternSpec> specs;
  std::vector<std::uint8_t> own_blob;  // empty when it lies elsewhere
  Bytes blob;
  Compiled tables;           // views of the blob
  LiteralDatabase database;  // null without literals
  LazyPatterns lazy;
  std::unique_ptr<Counters[]> counters;  // when counting was asked for
  std::uint32_t max_anchor_width = 0;
  std::vector<std::uint16_t> short_literals;
  struct SearchedPattern {
    std::uint32_t pattern = 0;
    std::vector<std::uint16_t> literals;  // one of which calls for it; without any it is always searched for
  };
  std::vector<SearchedPattern> searches;  // patterns of Way::Search

  Impl(std::vector<PatternSpec> given, Bytes lying, const Compiled& opened, LiteralDatabase loaded)
      : specs(std::move(given)), blob(lying), tables(opened), database(std::move(loaded)), lazy(specs.size()) {
    for (const CompiledLiteral& literal : tables.literals) {
      max_anchor_width = std::max<std::uint32_t>(max_anchor_width, literal.width);
      if (literal.width > kShortAnchorWidth) continue;
      short_literals.push_back(static_cast<std::uint16_t>(&literal - tables.literals.data()));
    }
    for (std::uint32_t i = 0; i < tables.patterns.size(); ++i) {
      if (way_of(i) == Way::Search) searches.push_back({i, {}});
    }
    for (std::size_t id = 0; !searches.empty() && id < tables.literals.size(); ++id) {
      for (const Use& use : tables.uses_of(static_cast<std::uint16_t>(id))) {
        const auto searched = std::find_if(searches.begin(), searches.end(), [&](const SearchedPattern& search) {
          return search.pattern == use.pattern;
        });
        if (searched != searches.end()) searched->literals.push_back(static_cast<std::uint16_t>(id));
      }
    }
  }

  Way way_of(std::uint32_t pattern) const { return static_cast<Way>(tables.patterns[pattern].way); }

  const Re2Pattern* re2(std::uint32_t pattern) const {
    return lazy[pattern].re2.get([&]() -> std::optional<Re2Pattern> {
      const PatternSpec& spec = specs[pattern];
      auto made = way_of(pattern) == Way::Window ? Re2Pattern::compile(spec.regex, spec.secret_group)
                                                 : Re2Pattern::compile_whole(spec.regex, spec.secret_group);
      assert(made);
      return made ? std::optional(std::move(*made)) : std::nullopt;
    });
  }

  const LeadPattern* lead(std::uint32_t pattern) const {
    return lazy[pattern].lead.get([&]() -> std::optional<LeadPattern> {
      const PatternSpec& spec = specs[pattern];
      auto found = find_lead(spec.regex, spec.anchors);
      if (!found) return std::nullopt;
      auto rest = Re2Pattern::compile_whole(found->rest, 0);  // of an unknown number of groups yet
      const auto groups = regex::count_groups(spec.regex);
      if (!rest || !groups || rest->groups() != *groups) return std::nullopt;
      if (spec.secret_group > 0) rest = Re2Pattern::compile_whole(found->rest, spec.secret_group);
      return LeadPattern{std::move(*found), std::move(*rest)};
    });
  }

  // Null also where the expression does not show what is behind its anchors.
  const Re2Pattern* behind_after_few(std::uint32_t pattern) const {
    if (lazy[pattern].tries.fetch_add(1, std::memory_order_relaxed) < kFewTries) return nullptr;
    return behind(pattern);
  }

  const Re2Pattern* behind(std::uint32_t pattern) const {
    return lazy[pattern].behind.get([&]() -> std::optional<Re2Pattern> {
      const std::string expression = behind_expression(specs[pattern].regex, specs[pattern].anchors);
      if (expression.empty()) return std::nullopt;
      auto made = Re2Pattern::compile_whole(expression, 0);
      return made ? std::optional(std::move(*made)) : std::nullopt;
    });
  }

  bool needs_other_words(Bytes data, Starts starts, std::uint32_t pattern) const {
    const PatternSpec& spec = specs[pattern];
    if (spec.keywords.empty() || way_of(pattern) != Way::Open) return false;
    const auto* needed =
        lazy[pattern].needed.get([&] { return std::optional(find_needed(spec.regex, spec.anchors, spec.keywords)); });
    return !needed->empty() && !has_word(data, starts, *needed);
  }

  bool goes_on(Bytes data, Starts starts, std::uint32_t pattern) const {
    if (way_of(pattern) != Way::Open) return false;
    const auto* runs = lazy[pattern].runs.get([&] {
      const auto tree = regex::parse(specs[pattern].regex, regex::Bounds::Cut);
      return tree ? std::optional(regex::long_runs(*tree)) : std::nullopt;
    });
    return runs == nullptr || has_long_run(data, starts, tables.patterns[pattern], *runs);
  }

  std::optional<Match> confirm_one(Bytes data, std::uint32_t position, std::uint32_t width, const Use& use,
                                   bool& open) const {
    Counters* const count = counters ? &counters[use.pattern] : nullptr;
    if (count != nullptr) bump(count->anchors);
    if (!may_match(data, position, width, use, tables)) return std::nullopt;
    const LeadPattern* led = has_many_starts(use) ? lead(use.pattern) : nullptr;
    const auto starts =
        led != nullptr ? start_behind_lead(data, position, use, tables) : possible_starts(data, position, use, tables);
    if (!starts || needs_other_words(data, *starts, use.pattern)) return std::nullopt;
    if (count != nullptr) bump(count->prefix_passed);
    const auto found = match_at_anchor(data, *starts, position, width, use, led, open);
    if (!found) return std::nullopt;
    if (count != nullptr) bump(count->matched);
    return Match{use.pattern, found->match.begin, found->match.end, found->secret.begin, found->secret.end};
  }

  std::optional<GroupedMatch> match_at_anchor(Bytes data, Starts starts, std::uint32_t position, std::uint32_t width,
                                              const Use& use, const LeadPattern* led, bool& open) const {
    const CompiledPattern& info = tables.patterns[use.pattern];
    const bool many = has_many_starts(use);
    if (many && led == nullptr) {
      const Re2Pattern* after = behind_after_few(use.pattern);
      if (after != nullptr && !follows(data, position + width, info, *after)) return std::nullopt;
    }
    const bool all = goes_on(data, starts, use.pattern);
    open |= all;
    if (led != nullptr) return match_behind_lead(data, position, use, width, all, info, led->lead, led->rest);
    const Re2Pattern* pattern = re2(use.pattern);
    if (pattern == nullptr) return std::nullopt;
    auto found = all ? leftmost_match_in_all(data, starts, position + width, info, tables, *pattern)
                     : leftmost_match(data, starts, position + width, info, tables, *pattern);
    // The literal may stand in a match where the expression has no anchor. What few tries say of that must be
    // what many say.
    const Re2Pattern* after = found && many ? behind(use.pattern) : nullptr;
    if (after != nullptr && !follows(data, position + width, info, *after)) return std::nullopt;
    return found;
  }

  void search_one(Bytes data, std::uint32_t pattern, std::vector<Match>& out) const {
    const Re2Pattern* expression = re2(pattern);
    if (expression == nullptr) return;
    const std::string_view text = as_text(data);
    for (std::uint32_t at = 0; at <= text.size();) {
      const auto found = expression->search_from(text, at);
      if (!found) return;
      out.push_back({pattern, found->match.begin, found->match.end, found->secret.begin, found->secret.end});
      at = std::max(found->match.end, found->match.begin + 1);
    }
  }
};

struct Engine::Scratch::Impl {
  LiteralScratch space;  // null without literals
};

Engine::Scratch::Scratch(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Engine::Scratch::Scratch(Scratch&&) noexcept = default;
Engine::Scratch& Engine::Scratch::operator=(Scratch&&) noexcept = default;
Engine::Scratch::~Scratch() = default;

Engine::Engine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;
Engine::~Engine() = default;

Result<Engine> Engine::compile(std::vector<PatternSpec> specs) {
  std::vector<PatternInfo> patterns;
  for (const PatternSpec& spec : specs) {
    auto info = analyse(spec);
    if (!info) return tl::unexpected(info.error());
    patterns.push_back(std::move(*info));
  }
  auto blob = compile_blob(patterns, hash_specs(specs));
  if (!blob) return tl::unexpected(blob.error());
  auto engine = deserialize(*blob, std::move(specs));
  if (engine) engine->impl_->own_blob = std::move(*blob);  // moving keeps the bytes where they are
  return engine;
}

std::vector<std::uint8_t> Engine::serialize() const { return {impl_->blob.begin(), impl_->blob.end()}; }

Result<Engine> Engine::deserialize(Bytes blob, std::vector<PatternSpec> specs) {
  const auto tables = open_blob(blob, hash_specs(specs), specs.size());
  if (!tables) return tl::unexpected(tables.error());
  LiteralDatabase database;
  if (tables->library == hs_version()) database = deserialize_database(tables->database);
  if (!database) {
    auto compiled = compile_literals(literals_of(*tables));
    if (!compiled) return tl::unexpected(compiled.error());
    database = std::move(*compiled);
  }
  return Engine(std::make_unique<Impl>(std::move(specs), blob, *tables, std::move(database)));
}

Engine::Scratch Engine::make_scratch() const {
  auto impl = std::make_unique<Scratch::Impl>();
  if (impl_->database) impl->space = make_literal_scratch(*impl_->database);
  return Scratch(std::move(impl));
}

void Engine::find_anchors(Bytes data, Scratch& scratch, std::vector<Anchor>& out) const {
  if (data.empty()) return;
  assert(data.size() <= std::numeric_limits<std::uint32_t>::max());
  const std::size_t before = out.size();
  const Compiled& tables = impl_->tables;
  if (impl_->database) scan_literals(tables.literals, *impl_->database, scratch.impl_->space.get(), data, out);
  if (impl_->short_literals.empty()) return;
  for (const std::uint16_t id : impl_->short_literals) {
    find_short_literal(data, tables.literals[id].text(), tables.literals[id].caseless != 0, id, out);
  }
  std::sort(out.begin() + static_cast<std::ptrdiff_t>(before), out.end());
}

bool Engine::confirm(Bytes data, Anchor anchor, std::vector<Match>& out, std::span<const std::uint8_t> left_out) const {
  const auto width = anchor_width(anchor.literal);
  assert(anchor.position <= data.size() && width <= data.size() - anchor.position);
  bool open = false;
  for (const Use& use : impl_->tables.uses_of(anchor.literal)) {
    if (!impl_->searches.empty() && impl_->way_of(use.pattern) == Way::Search) continue;
    if (!left_out.empty() && left_out[use.pattern] != 0) continue;
    if (const auto match = impl_->confirm_one(data, anchor.position, width, use, open)) out.push_back(*match);
  }
  return open;
}

bool Engine::searches() const { return !impl_->searches.empty(); }

void Engine::search(Bytes data, const std::vector<std::uint8_t>& seen, std::vector<Match>& out) const {
  for (const auto& [pattern, literals] : impl_->searches) {
    const auto is_seen = [&](std::uint16_t literal) { return seen[literal] != 0; };
    if (literals.empty() || std::any_of(literals.begin(), literals.end(), is_seen)) {
      impl_->search_one(data, pattern, out);
    }
  }
}

std::optional<std::string_view> Engine::secret_alone(std::uint32_t pattern, std::string_view text) const {
  // Without a lead the search is for the same place, and much cheaper: the lead takes what is before it.
  const LeadPattern* led = impl_->lead(pattern);
  const Re2Pattern* re2 = led != nullptr ? &led->rest : impl_->re2(pattern);
  const auto found = re2 ? re2->filled_secret(text) : std::nullopt;
  if (!found) return std::nullopt;
  return text.substr(found->begin, found->end - found->begin);
}

Reach Engine::reach(std::uint16_t literal) const { return impl_->tables.literals[literal].reach; }

std::uint32_t Engine::anchor_width(std::uint16_t literal) const { return impl_->tables.literals[literal].width; }

std::uint32_t Engine::max_anchor_width() const { return impl_->max_anchor_width; }

std::size_t Engine::literal_count() const { return impl_->tables.literals.size(); }

std::size_t Engine::pattern_count() const { return impl_->tables.patterns.size(); }

std::uint32_t Engine::max_width(std::uint32_t pattern) const { return impl_->tables.patterns[pattern].max_width; }

std::string_view Engine::literal_bytes(std::uint16_t literal) const { return impl_->tables.literals[literal].text(); }

void Engine::set_counting(bool on) { impl_->counters = on ? std::make_unique<Counters[]>(pattern_count()) : nullptr; }

std::vector<Engine::Cost> Engine::pattern_costs() const {
  std::vector<Cost> costs(pattern_count());
  for (std::size_t i = 0; impl_->counters && i < costs.size(); ++i) {
    const Counters& counters = impl_->counters[i];
    costs[i] = {counters.anchors.load(), counters.prefix_passed.load(), counters.matched.load()};
  }
  return costs;
}

std::string hyperscan_version() {
  // The two share name and API; the last free Hyperscan is 5.4.2, Vectorscan goes on from there.
  const std::string_view full = hs_version();
  const std::string version(full.substr(0, full.find(' ')));
  const bool vectorscan = HS_MAJOR > 5 || HS_MINOR > 4 || HS_PATCH > 2;
  return (vectorscan ? "Vectorscan " : "Hyperscan ") + version;
}

}  // namespace tightship::match
