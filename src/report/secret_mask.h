#pragma once

// The last guard before an output: whatever text a report takes from a repository (subjects, authors,
// paths, ref names, facts, excerpts) may hold the value of a finding, and must not show it.
//
// Guarantees: in what mask() returns, no guarded value of the result stands, nor what it was decoded from; each is
// replaced by its redacted form. Guarded are values of at least kLeastGuarded bytes; those of findings of severity Note
// (placeholders, test keys: "password", "example") from kLeastGuardedNote bytes on, because masking
// ordinary words would make paths unreadable without hiding anything. The place where a finding itself
// stands is masked by its excerpt's spans, whatever its length. For the same reason mask_name() leaves values that are
// plain words or plain numbers in the names of files, refs and repositories: with "traefik" as a test's password, no path
// below traefik/ would lead anywhere. A name that a finding stands in goes through mask().
//
// O(n log k) string comparisons for k findings and n bytes; positions that cannot begin a value are
// passed over by a table of the first three bytes. Immutable: threads may share one.

#include <bitset>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "detect/finding.h"

namespace tightship::report {

inline constexpr std::size_t kLeastGuarded = 6;
inline constexpr std::size_t kLeastGuardedNote = 16;
inline constexpr std::size_t kMostOfWord = 15;  // bytes of what counts as a word

class SecretMask {
 public:
  // Refers to `result`. With `show_secrets` nothing is masked.
  SecretMask(const detect::ScanResult& result, bool show_secrets);

  // A part of a text that is replaced. Spans are sorted and do not overlap.
  struct Span {
    std::size_t begin = 0, end = 0;
    std::string shown;
  };
  std::vector<Span> find(std::string_view text) const { return find(text, Text::Any); }
  std::string mask(std::string_view text) const { return mask(text, Text::Any); }
  // Of the name of a file, ref or repository.
  std::string mask_name(std::string_view name) const { return mask(name, Text::Name); }
  bool hides_in_name(std::string_view name) const { return !find(name, Text::Name).empty(); }

  // How the value of `finding` is shown: redacted, or as it is with `show_secrets`.
  std::string shown(const detect::Finding& finding) const;

  // Redacted by its rule's prefix alone, also when secrets are shown.
  static std::string redacted(const detect::Finding& finding);

  bool show_secrets() const { return show_secrets_; }

 private:
  enum class Text : std::uint8_t { Any, Name };
  struct Value {
    std::string_view secret, prefix;
    std::size_t shorter = 0;  // index + 1 of the longest other value that begins this one, or 0
    bool word = false;        // left as it is in names
  };
  std::vector<Span> find(std::string_view text, Text kind) const;
  std::string mask(std::string_view text, Text kind) const;
  const Value* longest_at(std::string_view text, Text kind) const;
  static std::size_t slot(std::string_view text);

  bool show_secrets_ = false;
  std::vector<Value> values_;  // sorted by secret, each once
  static constexpr std::size_t kSlots = std::size_t{1} << 16;
  std::unique_ptr<std::bitset<kSlots>> starts_;  // slots of the first bytes of all values
};

// For callers with one text: SecretMask is made anew.
std::string mask_secrets(std::string_view text, const detect::ScanResult& result);

}  // namespace tightship::report
