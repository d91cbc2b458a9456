#include "scan/manifest.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "scan/encoded_hints.h"

namespace tightship::scan {
namespace {

constexpr std::size_t kMinDigitsOfValue = 8;
constexpr std::size_t kMaxName = 64;

bool is_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

// What a document separator of YAML ends, around `at`.
std::string_view document_around(std::string_view content, std::size_t at) {
  constexpr std::string_view kSeparator = "\n---";
  const std::size_t least = at - std::min(at, kMaxManifest), most = std::min(content.size(), at + kMaxManifest);
  const std::size_t before = content.substr(least, at - least).rfind(kSeparator);
  const std::size_t begin = before == std::string_view::npos ? least : least + before + kSeparator.size();
  const std::size_t behind = content.substr(at, most - at).find(kSeparator);
  return content.substr(begin, (behind == std::string_view::npos ? most : at + behind) - begin);
}

std::string_view skip(std::string_view text, std::string_view bytes) {
  text.remove_prefix(std::min(text.find_first_not_of(bytes), text.size()));
  return text;
}

// `kind: Secret`, `"kind": "Secret"`
bool is_secret_manifest(std::string_view document) {
  constexpr std::string_view kWord = "kind";
  for (std::size_t at = document.find(kWord); at != std::string_view::npos; at = document.find(kWord, at + 1)) {
    if (at > 0 && is_name_byte(document[at - 1])) continue;
    std::string_view rest = skip(document.substr(at + kWord.size()), "\"'");
    rest = skip(rest, " \t");
    if (!rest.starts_with(':')) continue;
    rest = skip(rest.substr(1), " \t\"'");
    if (rest.starts_with("Secret") && (rest.size() == 6 || !is_name_byte(rest[6]))) return true;
  }
  return false;
}

// Whether the key at `at` is one of `data`: of this and its like, the nearest one before it.
bool is_in_data(std::string_view content, std::size_t at) {
  const std::size_t least = at - std::min(at, kMaxManifest);
  const std::string_view before = content.substr(least, at - least);
  constexpr std::string_view kWord = "ata";
  for (std::size_t end = before.rfind(kWord); end != std::string_view::npos && end > 0;
       end = before.rfind(kWord, end - 1)) {
    const std::string_view rest = skip(skip(before.substr(end + kWord.size()), "\"'"), " \t");
    std::size_t begin = end;
    while (begin > 0 && is_name_byte(before[begin - 1])) --begin;
    const std::string_view key = before.substr(begin, end + kWord.size() - begin);
    if (!rest.starts_with(':') || (key != "data" && key != "stringData")) continue;
    const std::string_view opens = skip(rest.substr(1), " \t\r");
    if (opens.starts_with('\n') || opens.starts_with('{') || opens.starts_with('#')) return key == "data";
  }
  return false;
}

// All of the key that the match begins in.
std::string_view name_of(std::string_view content, const detect::Candidate& candidate) {
  std::size_t begin = candidate.match_start, end = candidate.match_start;
  while (begin > 0 && candidate.match_start - begin < kMaxName && is_name_byte(content[begin - 1])) --begin;
  while (end < candidate.start && is_name_byte(content[end])) ++end;
  return content.substr(begin, end - begin);
}

// The digits of the value with what pads them; nothing when it is no base64 of the standard alphabet.
std::optional<Stretch> digits_of(Bytes content, const detect::Candidate& candidate) {
  std::uint32_t end = candidate.start;
  while (end < content.size() && is_base64_digit(content[end]) && content[end] != '-' && content[end] != '_') ++end;
  std::uint32_t padded = end;
  while (padded < content.size() && padded - end < 2 && content[padded] == '=') ++padded;
  const std::uint32_t size = padded - candidate.start;
  if (size < kMinDigitsOfValue || size % 4 != 0 || padded < candidate.start + candidate.length) return std::nullopt;
  if (padded < content.size() &&
      std::string_view(" \t\r\n\"',}").find(static_cast<char>(content[padded])) == std::string_view::npos)
    return std::nullopt;
  return Stretch{candidate.start, padded};
}

std::optional<ManifestValue> value_of(Bytes content, const detect::Candidate& candidate) {
  const auto digits = digits_of(content, candidate);
  if (!digits) return std::nullopt;
  Stretch bare = *digits;
  while (bare.end > bare.begin && content[bare.end - 1] == '=') --bare.end;
  ManifestValue value{std::string(name_of(as_text(content), candidate)), *digits,
                      decode_base64_digits(content, {bare}, 0, digits->size())};
  std::string& text = value.decoded.text;
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  const bool printable = std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7F; });
  if (text.empty() || !printable) return std::nullopt;
  return value;
}

}  // namespace

std::vector<ManifestValue> take_manifest_values(const detect::RuleSet& rules, Bytes content,
                                                std::vector<detect::Candidate>& candidates) {
  std::vector<ManifestValue> values;
  const std::string_view text = as_text(content);
  std::erase_if(candidates, [&](const detect::Candidate& candidate) {
    if (!rules.rules()[candidate.rule].generic) return false;
    const auto known = [&](const ManifestValue& v) { return v.digits.begin == candidate.start; };
    if (std::any_of(values.begin(), values.end(), known)) return true;
    auto value = value_of(content, candidate);
    if (!value || !is_in_data(text, candidate.match_start) ||
        !is_secret_manifest(document_around(text, candidate.start))) {
      return false;
    }
    values.push_back(std::move(*value));
    return true;
  });
  std::sort(values.begin(), values.end(),
            [](const ManifestValue& a, const ManifestValue& b) { return a.digits.begin < b.digits.begin; });
  return values;
}

}  // namespace tightship::scan
