#include "report/secret_mask.h"

#include <algorithm>

#include "report/report.h"

// All values are sorted. Of those that begin the text at some position the longest is found from its
// predecessor in that order: every value that begins the text begins the predecessor as well, so it is
// the predecessor itself or on its chain of ever shorter values that begin it.

namespace tightship::report {
namespace {

// What a rule of paths finds is a path, which is no secret.
bool is_path(const detect::Finding& finding) { return finding.rule != nullptr && finding.rule->path_only(); }

bool is_guarded(const detect::Finding& finding) {
  if (is_path(finding)) return false;
  const bool note = finding.severity == detect::Severity::Note;
  return finding.secret.size() >= (note ? kLeastGuardedNote : kLeastGuarded);
}

// Words as people write them, "Traefik", "my-name", or digits alone. Capitals inside are somebody's invention.
bool is_word(std::string_view value) {
  const auto is_lower = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  const auto is_joint = [](char c) { return c == '-' || c == '_' || c == '.'; };
  if (value.size() > kMostOfWord) return false;
  if (std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; })) return true;
  bool begins = true, any_lower = false, capital_inside = false;
  for (const char c : value) {
    if (!is_lower(c) && !is_upper(c) && !is_joint(c)) return false;
    any_lower |= is_lower(c);
    capital_inside |= is_upper(c) && !begins;
    begins = is_joint(c);
  }
  return !any_lower || !capital_inside;
}

std::string_view prefix_of(const detect::Finding& finding) {
  return finding.rule != nullptr ? finding.rule->prefix : std::string_view{};
}

std::size_t common_prefix(std::string_view a, std::string_view b) {
  const std::size_t size = std::min(a.size(), b.size());
  const auto [end, other] = std::mismatch(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(size), b.begin());
  return static_cast<std::size_t>(end - a.begin());
}

}  // namespace

SecretMask::SecretMask(const detect::ScanResult& result, bool show_secrets)
    : show_secrets_(show_secrets), starts_(std::make_unique<std::bitset<kSlots>>()) {
  for (const std::vector<detect::Finding>* findings : {&result.findings, &result.allowed}) {
    for (const detect::Finding& finding : *findings) {
      if (!is_guarded(finding)) continue;
      values_.push_back({finding.secret, prefix_of(finding), 0, is_word(finding.secret)});
      for (const detect::Occurrence& occurrence : finding.occurrences) {
        if (!occurrence.written.empty()) values_.push_back({occurrence.written, {}, 0, false});
      }
    }
  }
  std::stable_sort(values_.begin(), values_.end(), [](const Value& a, const Value& b) { return a.secret < b.secret; });
  const auto last =
      std::unique(values_.begin(), values_.end(), [](const Value& a, const Value& b) { return a.secret == b.secret; });
  values_.erase(last, values_.end());
  std::vector<std::size_t> chain;  // values that begin the one at hand, longest last
  for (std::size_t i = 0; i < values_.size(); ++i) {
    while (!chain.empty() && !values_[i].secret.starts_with(values_[chain.back()].secret)) chain.pop_back();
    values_[i].shorter = chain.empty() ? 0 : chain.back() + 1;
    chain.push_back(i);
    starts_->set(slot(values_[i].secret));
  }
}

std::size_t SecretMask::slot(std::string_view text) {
  const auto byte = [&](std::size_t i) { return std::size_t{static_cast<std::uint8_t>(text[i])}; };
  return (byte(0) * 0x9e37 + byte(1) * 0x79b1 + byte(2) * 0x85eb) % kSlots;
}

const SecretMask::Value* SecretMask::longest_at(std::string_view text, Text kind) const {
  const auto after = std::upper_bound(values_.begin(), values_.end(), text,
                                      [](std::string_view t, const Value& v) { return t < v.secret; });
  if (after == values_.begin()) return nullptr;
  const Value* value = &*std::prev(after);
  const std::size_t common = common_prefix(value->secret, text);
  while (value->secret.size() > common || (kind == Text::Name && value->word)) {
    if (value->shorter == 0) return nullptr;
    value = &values_[value->shorter - 1];
  }
  return value;
}

std::vector<SecretMask::Span> SecretMask::find(std::string_view text, Text kind) const {
  std::vector<Span> spans;
  if (show_secrets_ || values_.empty()) return spans;
  std::string_view prefix;  // of the first value in the last span
  for (std::size_t i = 0; i + kLeastGuarded <= text.size(); ++i) {
    if (!starts_->test(slot(text.substr(i)))) continue;
    const Value* value = longest_at(text.substr(i), kind);
    if (value == nullptr) continue;
    const std::size_t end = i + value->secret.size();
    if (spans.empty() || i >= spans.back().end) {
      prefix = value->prefix;
      spans.push_back({i, end, redact(value->secret, prefix)});
    } else {
      // Values inside or across one another: the tail of one could be the body of the other.
      const std::size_t head = text.substr(spans.back().begin).starts_with(prefix) ? prefix.size() : 0;
      spans.back().shown = std::string(text.substr(spans.back().begin, head)) + "…";
      spans.back().end = std::max(spans.back().end, end);
    }
  }
  return spans;
}

std::string SecretMask::mask(std::string_view text, Text kind) const {
  std::string masked;
  std::size_t done = 0;
  for (const Span& span : find(text, kind)) {
    masked.append(text.substr(done, span.begin - done)).append(span.shown);
    done = span.end;
  }
  return masked.append(text.substr(done));
}

std::string SecretMask::shown(const detect::Finding& finding) const {
  if (show_secrets_ || is_path(finding)) return finding.secret;
  return is_guarded(finding) ? mask(finding.secret) : redacted(finding);
}

std::string SecretMask::redacted(const detect::Finding& finding) {
  return is_path(finding) ? finding.secret : redact(finding.secret, prefix_of(finding));
}

std::string mask_secrets(std::string_view text, const detect::ScanResult& result) {
  return SecretMask(result, false).mask(text);
}

}  // namespace tightship::report
