#pragma once

// The anchors of texts that mostly have been searched before.
//
// What deltas insert repeats: a file goes back and forth, moves, is merged, and every chain of deltas begins with the
// whole of a file that other chains have. Of the bytes that an audit of redis would search two thirds have stood, alike,
// in what it searched before, of git nearly half (docs/decisions/0012-search-repeats-once.md).
//
// A long text is cut behind blank lines, so that its pieces are the same wherever it begins. A piece and what an anchor
// that begins in it may reach behind it are looked up by their hash; where there was no anchor before, there is none.
// The hash is XXH3 of 128 bits with a secret that is made anew for each PlainTexts: nobody can prepare a text that is
// taken for another. Of a piece from newline to newline it is also known whether a hint of something encoded begins in
// it, since no hint stands over lines (scan/encoded_hints.h).

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "match/engine.h"
#include "scan/encoded_scanner.h"

namespace tightship::scan {

// Texts without an anchor, as far as is remembered: a new one takes the place of an older one. For all threads.
class PlainTexts {
 public:
  struct Key {
    std::uint64_t slot = 0, tag = 0;
  };
  // What is known of a text. Without is never wrong, only costs a search.
  enum Known : std::uint64_t { kNothing = 0, kNoAnchor = 1, kNoAnchorNorHint = 3 };

  // Remembers at most `slots` texts, of which there are a power of two, in 8 bytes each. Fastest are as many as stay in
  // a processor's own cache.
  explicit PlainTexts(std::size_t slots);

  Key key_of(Bytes text) const;
  void prefetch(const Key& key) const { __builtin_prefetch(&slots_[index(key)]); }
  Known find(const Key& key) const {
    const std::uint64_t there = slots_[index(key)].load(std::memory_order_relaxed);
    return (there & ~kFlags) == key.tag ? static_cast<Known>(there & kFlags) : kNothing;
  }
  void add(const Key& key, Known known) { slots_[index(key)].store(key.tag | known, std::memory_order_relaxed); }

 private:
  static constexpr std::uint64_t kFlags = 3;
  std::size_t index(const Key& key) const { return key.slot & (slots_.size() - 1); }

  std::array<std::uint8_t, 192> secret_;
  std::vector<std::atomic<std::uint64_t>> slots_;
};

// One object a thread. Nothing is allocated once buffers have grown.
class AnchorSearch {
 public:
  // Without `known` everything is searched.
  explicit AnchorSearch(const match::Engine& engine, PlainTexts* known = nullptr);

  // Says that find() will be called with `text`, after the texts that were announced before: what is known of them
  // comes from memory meanwhile.
  void announce(Bytes text);
  // Appends what match::Engine::find_anchors would, for the next text that was announced.
  void find(Bytes text, std::vector<match::Anchor>& out);

  // Whether the text that find() was given last is cut into pieces.
  bool is_long() const { return next_ - first_ > 1; }
  // Of that text, which lies at `at` in a content: where no hint begins, and what a search
  // for hints has shown. Places are the content's.
  void tell_hint_free(std::uint32_t at, std::vector<Stretch>& out) const;
  void note_hint_free(std::uint32_t at, const std::vector<Stretch>& searched);

  std::uint64_t searched_bytes() const { return searched_; }

 private:
  struct Piece {
    std::uint32_t begin = 0, end = 0;
    bool lines = false;  // from newline to newline
    PlainTexts::Key key;
    PlainTexts::Known known = PlainTexts::kNothing;
  };

  void announce(Bytes text, std::uint32_t begin, std::uint32_t end);
  void search_unknown(Bytes text, std::size_t first, std::size_t last, std::vector<match::Anchor>& out);
  void search(Bytes text, std::uint32_t from, std::uint32_t to, std::vector<match::Anchor>& out);

  const match::Engine& engine_;
  match::Engine::Scratch scratch_;
  PlainTexts* known_;
  std::uint32_t reach_;               // of an anchor, behind its first byte
  std::vector<Piece> pieces_;         // of announced texts; no text has none
  std::size_t first_ = 0, next_ = 0;  // the pieces of the text that find() was given last; then those of the next
  std::uint64_t searched_ = 0;
};

std::string xxhash_version();  // "xxHash 0.8.1"

}  // namespace tightship::scan
