#include "match/engine.h"

#include <fmt/format.h>

#include <array>
#include <atomic>
#include <cassert>
#include <cstdlib>
#include <limits>
#include <mutex>

#include "match/confirm.h"

namespace tightship::match {
namespace {

// Made when a pattern is first tried: RE2 takes 0.1 ms for each, and most are never needed.
struct LazyPattern {
  std::once_flag once;
  std::optional<Re2Pattern> re2;  // empty only if RE2 changed its mind since the rules were compiled
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

Result<PatternInfo> analyse(const PatternSpec& spec) {
  auto info = analyse_pattern(spec.regex, spec.anchors);
  if (!info) return tl::unexpected(named(info.error(), spec));
  const auto tree = regex::parse(spec.regex);
  if (tree && spec.secret_group > tree->groups) {
    return fail(
        ErrorKind::Config,
        fmt::format("secret group {} of an expression with {} groups", spec.secret_group, tree->groups),
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
  std::unique_ptr<LazyPattern[]> lazy;
  std::unique_ptr<Counters[]> counters;  // when counting was asked for
  std::uint32_t max_anchor_width = 0;

  Impl(std::vector<PatternSpec> given, Bytes lying, const Compiled& opened, LiteralDatabase loaded)
      : specs(std::move(given)), blob(lying), tables(opened), database(std::move(loaded)),
        lazy(std::make_unique<LazyPattern[]>(specs.size())) {
    for (const CompiledLiteral& literal : tables.literals) {
      max_anchor_width = std::max<std::uint32_t>(max_anchor_width, literal.width);
    }
  }

  const Re2Pattern* re2(std::uint32_t pattern) const {
    LazyPattern& entry = lazy[pattern];
    std::call_once(entry.once, [&] {
      auto made = Re2Pattern::compile(specs[pattern].regex, specs[pattern].secret_group);
      assert(made);
      if (made) entry.re2 = std::move(*made);
    });
    return entry.re2 ? &*entry.re2 : nullptr;
  }

  std::optional<Match> confirm_one(Bytes data, std::uint32_t position, std::uint32_t width,
                                   const Use& use) const {
    Counters* const count = counters ? &counters[use.pattern] : nullptr;
    if (count != nullptr) bump(count->anchors);
    const auto starts = possible_starts(data, position, use, tables);
    if (!starts) return std::nullopt;
    if (count != nullptr) bump(count->prefix_passed);
    const Re2Pattern* pattern = re2(use.pattern);
    if (!pattern) return std::nullopt;
    const auto found =
        leftmost_match(data, *starts, position + width, tables.patterns[use.pattern], tables, *pattern);
    if (!found) return std::nullopt;
    if (count != nullptr) bump(count->matched);
    return Match{use.pattern, found->match.begin, found->match.end, found->secret.begin, found->secret.end};
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
  if (!impl_->database || data.empty()) return;
  assert(data.size() <= std::numeric_limits<std::uint32_t>::max());
  Sink sink{impl_->tables.literals, out, out.size()};
  const std::string_view text = as_text(data);
  const hs_error_t status =
      hs_scan(impl_->database.get(), text.data(), static_cast<unsigned>(text.size()), 0,
              scratch.impl_->space.get(), on_literal, &sink);
  // Only a misuse of the library gets here; going on would be a scan that saw nothing and said so.
  if (status != HS_SUCCESS) std::abort();
}

void Engine::confirm(Bytes data, Anchor anchor, std::vector<Match>& out) const {
  const auto width = anchor_width(anchor.literal);
  assert(anchor.position <= data.size() && width <= data.size() - anchor.position);
  for (const Use& use : impl_->tables.uses_of(anchor.literal)) {
    if (const auto match = impl_->confirm_one(data, anchor.position, width, use)) out.push_back(*match);
  }
}

Reach Engine::reach(std::uint16_t literal) const { return impl_->tables.literals[literal].reach; }

std::uint32_t Engine::anchor_width(std::uint16_t literal) const {
  return impl_->tables.literals[literal].width;
}

std::uint32_t Engine::max_anchor_width() const { return impl_->max_anchor_width; }

std::size_t Engine::literal_count() const { return impl_->tables.literals.size(); }

std::size_t Engine::pattern_count() const { return impl_->tables.patterns.size(); }

std::uint32_t Engine::max_width(std::uint32_t pattern) const { return impl_->tables.patterns[pattern].max_width; }

std::string_view Engine::literal_bytes(std::uint16_t literal) const {
  return impl_->tables.literals[literal].text();
}

void Engine::set_counting(bool on) {
  impl_->counters = on ? std::make_unique<Counters[]>(pattern_count()) : nullptr;
}

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
