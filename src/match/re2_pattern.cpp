#include "match/re2_pattern.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <array>
#include <cassert>

namespace tightship::match {
namespace {

// For program and DFA together; 250 patterns are never all in use. Wide repeats need a long program.
constexpr std::int64_t kMemory = 1 << 20, kMemoryForWide = 8 << 20;
constexpr std::size_t kWideExpression = 2 * 1024;
constexpr std::uint64_t kWideRepeats = 500;  // in sum: short of memory for its automaton, RE2 is 20 times slower

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

std::unique_ptr<RE2> build(const regex::Tree& tree) {
  RE2::Options options;
  options.set_encoding(RE2::Options::EncodingLatin1);
  options.set_log_errors(false);
  bool wide = tree.re2.size() > kWideExpression;
  std::uint64_t repeats = 0;
  for (const regex::Node& node : tree.nodes) repeats += node.max;
  wide = wide || repeats >= kWideRepeats;
  options.set_max_mem(wide ? kMemoryForWide : kMemory);
  return std::make_unique<RE2>(piece(tree.re2), options);
}

Result<void> check(const RE2& re2) {
  if (re2.ok()) return {};
  return regex::fail_at(0, fmt::format("expression is refused by RE2: {}", re2.error()));
}

}  // namespace

struct Re2Pattern::Impl {
  std::unique_ptr<RE2> re2;
  std::uint32_t secret_group = 0;
  int groups = 0;

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

Result<Re2Pattern> Re2Pattern::compile(std::string_view expression, std::uint32_t secret_group) {
  const auto tree = regex::parse(expression);
  if (!tree) return tl::unexpected(tree.error());
  assert(secret_group <= tree->groups);
  auto impl = std::make_unique<Impl>(Impl{build(*tree), secret_group, static_cast<int>(tree->groups)});
  if (const auto fine = check(*impl->re2); !fine) return tl::unexpected(fine.error());
  return Re2Pattern(std::move(impl));
}

std::optional<GroupedMatch> Re2Pattern::match_at(std::string_view text, std::uint32_t start) const {
  const re2::StringPiece all = piece(text);
  // Asked without groups first: the automaton stops at the first byte that cannot be.
  if (impl_->groups > 0 && !impl_->re2->Match(all, start, all.size(), RE2::ANCHOR_START, nullptr, 0)) return std::nullopt;
  std::array<re2::StringPiece, regex::kMaxGroups + 1> parts;
  if (!impl_->re2->Match(all, start, all.size(), RE2::ANCHOR_START, parts.data(), impl_->groups + 1)) {
    return std::nullopt;
  }
  const auto span = [&](const re2::StringPiece& part) {
    const auto begin = static_cast<std::uint32_t>(part.data() - text.data());
    return Span{begin, begin + static_cast<std::uint32_t>(part.size())};
  };
  return GroupedMatch{span(parts[0]), span(impl_->secret(parts))};
}

std::optional<Span> Re2Pattern::find_from(std::string_view text, std::uint32_t start) const {
  const re2::StringPiece all = piece(text);
  re2::StringPiece part;
  if (!impl_->re2->Match(all, start, all.size(), RE2::UNANCHORED, &part, 1)) return std::nullopt;
  const auto begin = static_cast<std::uint32_t>(part.data() - text.data());
  return Span{begin, begin + static_cast<std::uint32_t>(part.size())};
}

Result<void> check_re2(const regex::Tree& tree) { return check(*build(tree)); }

}  // namespace tightship::match
