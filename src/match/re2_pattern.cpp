#include "match/re2_pattern.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <mutex>
#include <string>
#include <vector>

#include "match/byte_class.h"

namespace tightship::match {
namespace {

// For program and DFA together; 250 patterns are never all in use. Wide repeats need a long program.
constexpr std::int64_t kMemory = 1 << 20, kMemoryForWide = 8 << 20;
constexpr std::size_t kWideExpression = 2 * 1024;
constexpr std::uint64_t kWideRepeats = 500;  // in sum: short of memory for its automaton, RE2 is 20 times slower

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

std::unique_ptr<RE2> build(std::string_view expression, bool wide, RE2::Options::Encoding encoding) {
  RE2::Options options;
  options.set_encoding(encoding);
  options.set_log_errors(false);
  options.set_max_mem(wide ? kMemoryForWide : kMemory);
  return std::make_unique<RE2>(piece(expression), options);
}

std::unique_ptr<RE2> build_exact(const regex::Tree& tree) {
  bool wide = tree.re2.size() > kWideExpression;
  std::uint64_t repeats = 0;
  for (const regex::Node& node : tree.nodes) repeats += node.max;
  wide = wide || repeats >= kWideRepeats;
  return build(tree.re2, wide, RE2::Options::EncodingLatin1);
}

std::unique_ptr<RE2> build_loose(const regex::Tree& tree) {
  bool wide = tree.loose.size() > kWideExpression;
  std::uint64_t repeats = 0;
  for (const regex::Node& node : tree.nodes) repeats += node.max >= regex::kWideRepeat ? node.min : node.max;
  wide = wide || repeats >= kWideRepeats;
  return build(tree.loose, wide, RE2::Options::EncodingLatin1);
}

bool is_beyond_ascii(std::string_view expression) {
  const bool wide_bytes = std::any_of(expression.begin(), expression.end(), [](char c) { return c < 0; });
  return wide_bytes || expression.find("\\p") != std::string_view::npos ||
         expression.find("\\P") != std::string_view::npos;
}

Result<void> check(const RE2& re2) {
  if (re2.ok()) return {};
  return regex::fail_at(0, fmt::format("expression is refused by RE2: {}", re2.error()));
}

}  // namespace

struct Re2Pattern::Impl {
  Impl(std::unique_ptr<RE2> compiled, std::uint32_t group)
      : re2(std::move(compiled)), secret_group(group), groups(re2->NumberOfCapturingGroups()) {}

  std::unique_ptr<RE2> re2;
  std::uint32_t secret_group;
  int groups;
  // Where `re2` is regex::Tree::loose, what makes sure of its matches.
  std::vector<regex::LongRun> too_long;
  std::string exact;
  mutable std::once_flag made_exact;
  mutable std::unique_ptr<RE2> exact_re2;  // for the match that goes further than it may; mostly none does

  // Of the expression as it was written. `count` parts, of which the first is the match.
  bool match(std::string_view text, std::uint32_t start, RE2::Anchor anchor, re2::StringPiece* parts, int count) const {
    const re2::StringPiece all = piece(text);
    if (too_long.empty()) return re2->Match(all, start, all.size(), anchor, parts, count);
    re2::StringPiece whole;
    re2::StringPiece* const first = count > 0 ? parts : &whole;
    if (!re2->Match(all, start, all.size(), anchor, nullptr, 0)) return false;
    re2->Match(all, start, all.size(), anchor, first, std::max(count, 1));
    const Bytes found = as_bytes(std::string_view(first->data(), first->size()));
    const auto is_in = [&](const regex::LongRun& run) { return has_run(found, run); };
    if (std::none_of(too_long.begin(), too_long.end(), is_in)) return true;
    std::call_once(made_exact, [&] { exact_re2 = build(exact, true, RE2::Options::EncodingLatin1); });
    return exact_re2->Match(all, start, all.size(), anchor, parts, count);
  }

  const re2::StringPiece& secret(const std::array<re2::StringPiece, regex::kMaxGroups + 1>& parts) const {
    if (secret_group > 0) return parts[secret_group].data() ? parts[secret_group] : parts[0];
    for (int i = 1; i <= groups; ++i) {
      if (parts[static_cast<std::size_t>(i)].data()) return parts[static_cast<std::size_t>(i)];
    }
    return parts[0];
  }
};

Re2Pattern::Re2Pattern(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Re2Pattern::Re2Pattern(Re2Pattern&&) noexcept = default;
Re2Pattern& Re2Pattern::operator=(Re2Pattern&&) noexcept = default;
Re2Pattern::~Re2Pattern() = default;

Result<Re2Pattern> Re2Pattern::make(const regex::Tree& tree, std::uint32_t secret_group) {
  if (tree.loose.empty()) return make(build_exact(tree), secret_group);
  auto made = make(build_loose(tree), secret_group);
  if (!made) return made;
  made->impl_->too_long = tree.too_long;
  made->impl_->exact = tree.re2;
  return made;
}

Result<Re2Pattern> Re2Pattern::make(std::unique_ptr<re2::RE2> re2, std::uint32_t secret_group) {
  if (const auto fine = check(*re2); !fine) return tl::unexpected(fine.error());
  const int groups = re2->NumberOfCapturingGroups();
  if (groups > static_cast<int>(regex::kMaxGroups)) {
    return regex::fail_at(0, fmt::format("more than {} groups", regex::kMaxGroups));
  }
  assert(secret_group <= static_cast<std::uint32_t>(groups));
  return Re2Pattern(std::make_unique<Impl>(std::move(re2), secret_group));
}

Result<Re2Pattern> Re2Pattern::compile(std::string_view expression, std::uint32_t secret_group) {
  const auto tree = regex::parse(expression);
  if (!tree) return tl::unexpected(tree.error());
  return make(*tree, secret_group);
}

Result<Re2Pattern> Re2Pattern::compile_whole(std::string_view expression, std::uint32_t secret_group) {
  if (const auto tree = regex::parse(expression, regex::Bounds::Cut)) return make(*tree, secret_group);
  const bool utf8 = is_beyond_ascii(expression);
  return make(build(expression, true, utf8 ? RE2::Options::EncodingUTF8 : RE2::Options::EncodingLatin1), secret_group);
}

std::optional<GroupedMatch> Re2Pattern::match_at(std::string_view text, std::uint32_t start) const {
  // Asked without groups first: the automaton stops at the first byte that cannot be.
  if (impl_->too_long.empty() && impl_->groups > 0 && !matches_at(text, start)) return std::nullopt;
  return grouped(text, start, RE2::ANCHOR_START);
}

bool Re2Pattern::matches_at(std::string_view text, std::uint32_t start) const {
  return impl_->match(text, start, RE2::ANCHOR_START, nullptr, 0);
}

std::optional<GroupedMatch> Re2Pattern::search_from(std::string_view text, std::uint32_t start) const {
  if (impl_->too_long.empty() && !impl_->match(text, start, RE2::UNANCHORED, nullptr, 0)) return std::nullopt;
  return grouped(text, start, RE2::UNANCHORED);
}

std::optional<GroupedMatch> Re2Pattern::grouped(std::string_view text, std::uint32_t start, int anchor) const {
  std::array<re2::StringPiece, regex::kMaxGroups + 1> parts;
  if (!impl_->match(text, start, static_cast<RE2::Anchor>(anchor), parts.data(), impl_->groups + 1)) {
    return std::nullopt;
  }
  const auto span = [&](const re2::StringPiece& part) {
    const auto begin = static_cast<std::uint32_t>(part.data() - text.data());
    return Span{begin, begin + static_cast<std::uint32_t>(part.size())};
  };
  return GroupedMatch{span(parts[0]), span(impl_->secret(parts))};
}

std::optional<Span> Re2Pattern::filled_secret(std::string_view text) const {
  std::array<re2::StringPiece, regex::kMaxGroups + 1> parts;
  if (!impl_->match(text, 0, RE2::UNANCHORED, parts.data(), impl_->groups + 1)) return std::nullopt;
  re2::StringPiece secret = impl_->secret_group > 0 ? impl_->secret(parts) : parts[0];
  for (int i = 1; impl_->secret_group == 0 && i <= impl_->groups; ++i) {
    if (parts[static_cast<std::size_t>(i)].empty()) continue;
    secret = parts[static_cast<std::size_t>(i)];
    break;
  }
  const auto begin = static_cast<std::uint32_t>(secret.data() - text.data());
  return Span{begin, begin + static_cast<std::uint32_t>(secret.size())};
}

std::uint32_t Re2Pattern::groups() const { return static_cast<std::uint32_t>(impl_->groups); }

std::optional<Span> Re2Pattern::find_from(std::string_view text, std::uint32_t start) const {
  re2::StringPiece part;
  if (!impl_->match(text, start, RE2::UNANCHORED, &part, 1)) return std::nullopt;
  const auto begin = static_cast<std::uint32_t>(part.data() - text.data());
  return Span{begin, begin + static_cast<std::uint32_t>(part.size())};
}

Result<void> check_re2(const regex::Tree& tree) { return check(*build_exact(tree)); }

namespace regex {
namespace {

// RE2 gives up on programs of some 16 000 instructions (an instruction for each range of a class, and one
// that leads to it) and on nested counts whose product is over 1000.
constexpr std::uint64_t kSurelyFits = 8000;

std::uint64_t ranges_of(const ByteClass& set) {
  std::uint64_t ranges = 0, before = 0;  // before: whether the last byte of the word before is in
  for (const std::uint64_t word : set) {
    ranges += static_cast<std::uint64_t>(std::popcount(word & ~(word << 1 | before)));
    before = word >> 63;
  }
  return ranges;
}

// The largest product of nested counts.
std::uint64_t nested_counts(const Tree& tree) {
  std::vector<std::uint64_t> products;
  for (const Node& node : tree.nodes) {
    std::uint64_t product = 1;
    for (const std::uint32_t child : node.children) product = std::max(product, products[child]);
    if (node.kind == Kind::Repeat) product *= std::max<std::uint32_t>(node.max, 1);
    products.push_back(std::min<std::uint64_t>(product, kRe2MaxRepeat + 1));
  }
  return products.back();
}

std::uint64_t size_of(const Tree& tree) {
  std::vector<std::uint64_t> sizes;
  for (const Node& node : tree.nodes) {
    std::uint64_t size = node.kind == Kind::Class ? 2 * ranges_of(node.set) : 2;
    for (const std::uint32_t child : node.children) size += sizes[child];
    const bool loop = std::find(tree.loops.begin(), tree.loops.end(), sizes.size()) != tree.loops.end();
    if (node.kind == Kind::Repeat) size *= std::max<std::uint32_t>(loop ? node.min : node.max, 1);
    sizes.push_back(std::min(size, 2 * kSurelyFits));
  }
  return sizes.back();
}

}  // namespace

Result<std::uint32_t> count_groups(std::string_view expression) {
  const auto tree = parse(expression, Bounds::Cut);
  if (tree && size_of(*tree) <= kSurelyFits && nested_counts(*tree) <= kRe2MaxRepeat) return tree->groups;
  const auto compiled = Re2Pattern::compile_whole(expression, 0);
  if (compiled) return compiled->groups();
  return tl::unexpected(tree ? compiled.error() : tree.error());
}

}  // namespace regex

}  // namespace tightship::match
