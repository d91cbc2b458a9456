#include "match/literal_search.h"

#include <utility>

#include "match/literal_database.h"
#include "match/literal_set.h"

namespace tightship::match {

struct LiteralSearch::Impl {
  std::vector<std::uint32_t> sizes;  // of literal i
  LiteralDatabase database;          // null without literals
};

struct LiteralSearch::Scratch::Impl {
  LiteralScratch scratch;
};

namespace {

struct Collector {
  const std::vector<std::uint32_t>* sizes = nullptr;
  std::vector<LiteralHit>* hits = nullptr;
  std::size_t most = 0;
  bool cut = false;
};

int on_match(unsigned id, unsigned long long, unsigned long long to, unsigned, void* context) noexcept {
  auto& collector = *static_cast<Collector*>(context);
  if (id >= collector.sizes->size()) return 0;
  if (collector.hits->size() >= collector.most) {
    collector.cut = true;
    return 1;
  }
  collector.hits->push_back({static_cast<std::uint32_t>(to - (*collector.sizes)[id]), id});
  return 0;
}

}  // namespace

Result<LiteralSearch> LiteralSearch::compile(std::vector<SearchLiteral> literals) {
  auto impl = std::make_unique<Impl>();
  std::vector<Literal> given;
  given.reserve(literals.size());
  for (SearchLiteral& literal : literals) {
    if (literal.bytes.size() < kMinAnchorWidth) return fail(ErrorKind::Config, "a literal is shorter than 3 bytes");
    impl->sizes.push_back(static_cast<std::uint32_t>(literal.bytes.size()));
    given.push_back({std::move(literal.bytes), literal.caseless});
  }
  if (!given.empty()) {
    auto database = compile_literals(given, Input::Vectored);
    if (!database) return tl::unexpected(database.error());
    impl->database = std::move(*database);
  }
  return LiteralSearch(std::move(impl));
}

LiteralSearch::Scratch LiteralSearch::make_scratch() const {
  auto scratch = std::make_unique<Scratch::Impl>();
  if (impl_->database) scratch->scratch = make_literal_scratch(*impl_->database);
  return Scratch(std::move(scratch));
}

bool LiteralSearch::find(Bytes data, Scratch& scratch, std::vector<LiteralHit>& out) const {
  if (!impl_->database || data.empty()) return true;
  Collector collector{&impl_->sizes, &out, out.size() + kMaxHits, false};
  const char* const bytes = as_text(data).data();
  const auto size = static_cast<unsigned>(data.size());
  hs_scan_vector(impl_->database.get(), &bytes, &size, 1, 0, scratch.impl_->scratch.get(), on_match, &collector);
  return !collector.cut;
}

LiteralSearch::LiteralSearch(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LiteralSearch::LiteralSearch(LiteralSearch&&) noexcept = default;
LiteralSearch& LiteralSearch::operator=(LiteralSearch&&) noexcept = default;
LiteralSearch::~LiteralSearch() = default;
LiteralSearch::Scratch::Scratch(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LiteralSearch::Scratch::Scratch(Scratch&&) noexcept = default;
LiteralSearch::Scratch& LiteralSearch::Scratch::operator=(Scratch&&) noexcept = default;
LiteralSearch::Scratch::~Scratch() = default;

}  // namespace tightship::match
