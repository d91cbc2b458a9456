#include "scan/content_pass.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <iterator>
#include <tuple>

#include "base/parallel.h"
#include "detect/detector.h"
#include "git/pack_walk.h"
#include "scan/content_scanner.h"
#include "scan/delta_scanner.h"
#include "scan/encoded_scanner.h"
#include "scan/pack_cache.h"
#include "scan/text.h"

namespace tightship::scan {
namespace {

struct ContentState : git::ObjectState {
  AnchorScan scan;
  bool inheritable = false;  // false for content that was transcoded first: its offsets are others
};

// How `content` came to be, when it was a delta against something scanned.
struct Origin {
  const std::vector<git::DeltaOp>* ops = nullptr;
  std::uint32_t base_size = 0;
  const ContentState* base = nullptr;
};

Bytes head_of(Bytes content) { return content.first(std::min(content.size(), kMediaHead)); }

// Where the object is to be seen.
std::string find_object(const Oid& oid) { return "git log --all --find-object=" + oid.hex(); }

// One thread's part of the pass.
class Finder {
 public:
  Finder(const detect::RuleSet& rules, const unpack::Limits& archives, HashKind hash, bool verify,
         PlainTexts* known = nullptr)
      : rules_(rules),
        archives_(archives),
        hash_(hash),
        verify_(verify),
        delta_(rules, Decoding::On, known),
        whole_(rules, archives),
        encoded_(rules) {}

  void see(git::ObjectPlace place, git::ObjectType type, const Oid& oid, Bytes content, const Origin& origin,
           ContentState& own) {
    ordinal_ = 0;
    if (verify_ && git::hash_object(type, content, hash_) != oid) {
      broken.push_back({LossKind::CorruptObject, "content does not hash to its name", oid.hex(), "git fsck"});
    }
    if (verify_ && type == git::ObjectType::Blob && !wants_blob(head_of(content), content.size())) {
      own.inheritable = false;  // the walk did not look at heads, so that this could be hashed
      return;
    }
    ++part.objects;
    if (type == git::ObjectType::Commit) note_commit(place, oid, content);
    if (type == git::ObjectType::Tag) note_tag(place, oid, content);
    if (type == git::ObjectType::Blob) ++part.blobs;
    part.bytes += content.size();
    const bool container = type == git::ObjectType::Blob && whole_.opens(content);
    own.inheritable = !container && detect_encoding(content) == Encoding::Bytes;
    if (!own.inheritable) return scan_whole(place, oid, content);
    if (origin.ops != nullptr && origin.base->inheritable) {
      delta_.scan_delta(content, *origin.ops, origin.base_size, origin.base->scan, own.scan);
    } else {
      delta_.scan_whole(content, own.scan);
    }
    if (own.scan.any()) settle(place, oid, content, own.scan);
  }

  bool wants_blob(Bytes head, std::uint64_t packed_size) {
    const std::string_view media = left_out_media(head, archives_);
    if (media.empty()) return true;
    ++part.objects;
    auto known = part.media.find(media);
    if (known == part.media.end()) known = part.media.emplace(media, MediaCount{}).first;
    ++known->second.count;
    known->second.bytes += packed_size;
    return false;
  }

  bool verifies() const { return verify_; }
  std::uint64_t searched_bytes() const { return delta_.searched_bytes(); }

  // What was found since the last time it was cleared.
  ContentPass part;
  std::vector<ValueSource> sources;  // of part.values
  std::vector<Loss> broken;
  std::vector<Loss> unread;  // as PackContents has it

 private:
  void note_commit(git::ObjectPlace place, const Oid& oid, Bytes content) {
    const auto commit = git::parse_commit(content, hash_);
    if (!commit) {
      broken.push_back({LossKind::CorruptObject, commit.error().what, oid.hex(), "git fsck"});
      return;
    }
    part.commits.push_back({place, oid.prefix64(), commit->tree.prefix64(), commit->committer.time,
                            static_cast<std::uint32_t>(part.parents.size()),
                            static_cast<std::uint32_t>(commit->parents.size())});
    part.parents.insert(part.parents.end(), commit->parents.begin(), commit->parents.end());
  }

  void note_tag(git::ObjectPlace place, const Oid& oid, Bytes content) {
    const auto tag = git::parse_tag(content, hash_);
    if (!tag) {
      broken.push_back({LossKind::CorruptObject, tag.error().what, oid.hex(), "git fsck"});
      return;
    }
    part.tags.push_back({place, oid.prefix64(), tag->target.prefix64()});
  }

  // What has no anchors that another version could inherit: transcoded text, containers.
  void scan_whole(git::ObjectPlace place, const Oid& oid, Bytes content) {
    for (const Hit& hit : whole_.scan(content, {})) add(place, hit.rule, hit.secret);
    part.archives += whole_.counts();
    for (Loss& loss : whole_.losses_at(oid.hex())) {
      loss.help = find_object(oid);
      unread.push_back(std::move(loss));
    }
    if (whole_.truncated())
      broken.push_back({LossKind::LimitExceeded, "more candidates than the limit", oid.hex(), find_object(oid)});
  }

  // What depends on more than the anchors' windows is decided here, on the object itself.
  void settle(git::ObjectPlace place, const Oid& oid, Bytes content, const AnchorScan& scan) {
    candidates_ = scan.searched;
    for (const AnchorScan::Found& found : scan.found) candidates_.push_back(found.candidate);
    const std::vector<ManifestValue> values = take_manifest_values(rules_, content, candidates_);
    detect::settle(rules_, content, {}, candidates_);
    for (const detect::Candidate& candidate : candidates_) {
      add(place, candidate.rule, as_text(content.subspan(candidate.start, candidate.length)));
    }
    if (!values.empty() || scan.encoded.hold_any()) settle_encoded(place, oid, content, values, scan.encoded);
  }

  // Which of several findings on the same bytes stays is decided with the path, by whoever shows them.
  void settle_encoded(git::ObjectPlace place, const Oid& oid, Bytes content, const std::vector<ManifestValue>& values,
                      const EncodedPieces& pieces) {
    Opened opened;
    for (const ManifestValue& value : values) encoded_.open(value, {}, opened);
    const bool whole = encoded_.open(content, pieces, {}, opened);
    for (const DecodedHit& hit : opened.hits) add(place, hit.rule, hit.secret);
    if (!whole)
      broken.push_back(
          {LossKind::LimitExceeded, "more is encoded in a text than the limit", oid.hex(), find_object(oid)});
  }

  void add(git::ObjectPlace place, std::uint16_t rule, std::string_view secret) {
    part.hits.push_back({place, part.values.add(rule, secret)});
    if (sources.size() < part.values.values().size()) sources.push_back({place.entry, ordinal_});
    ++ordinal_;
  }

  const detect::RuleSet& rules_;
  unpack::Limits archives_;
  HashKind hash_;
  bool verify_;
  DeltaScanner delta_;
  ContentScanner whole_;
  EncodedScanner encoded_;
  std::vector<detect::Candidate> candidates_;
  std::uint32_t ordinal_ = 0;  // hits of the object so far
};

class ContentVisitor : public git::PackVisitor {
 public:
  ContentVisitor(std::uint32_t store, const git::OpenPack& pack, std::vector<Finder>& finders, bool whole)
      : store_(store), pack_(pack), finders_(finders), whole_(whole) {}

  std::unique_ptr<git::ObjectState> make_state() override { return std::make_unique<ContentState>(); }

  bool wants(unsigned worker, std::uint32_t entry, Bytes head) override {
    if (pack_.table.entries[entry].type != git::ObjectType::Blob) return true;
    return finders_[worker].wants_blob(head, pack_.table.packed_size(entry));
  }

  void visit(unsigned worker, const git::PackObject& object, const git::ObjectState* base, git::ObjectState& own,
             bool) override {
    const Origin origin{whole_ ? nullptr : object.ops, object.base_size, static_cast<const ContentState*>(base)};
    finders_[worker].see({store_, object.entry}, object.type, pack_.pack.oid(pack_.table.entries[object.entry]),
                         object.data, origin, static_cast<ContentState&>(own));
  }

 private:
  std::uint32_t store_;
  const git::OpenPack& pack_;
  std::vector<Finder>& finders_;
  bool whole_;
};

LossKind loss_of(const Error& error) {
  if (error.kind == ErrorKind::Limit) return LossKind::LimitExceeded;
  if (error.kind == ErrorKind::NotFound) return LossKind::ChangedFile;  // listed a moment ago
  return error.kind == ErrorKind::Io ? LossKind::UnreadableFile : LossKind::CorruptObject;
}

void see_loose(const git::ObjectStore& store, std::uint32_t entry, Finder& finder, Ledger& ledger) {
  const git::LooseObject& object = store.loose()[entry];
  auto content = git::read_loose(object.path, git::kMaxObjectSize);
  if (!content) {
    ledger.add({loss_of(content.error()), content.error().what, object.oid.hex(), "git fsck"});
    return;
  }
  if (content->type == git::ObjectType::Tree) {
    finder.part.loose_trees.push_back(entry);
    return;
  }
  const Bytes bytes = content->bytes;
  const bool blob = content->type == git::ObjectType::Blob;
  if (blob && !finder.verifies() && !finder.wants_blob(head_of(bytes), bytes.size())) return;
  ContentState state;
  finder.see({git::ObjectPlace::kLoose, entry}, content->type, object.oid, bytes, {}, state);
}

void see_all_loose(const git::ObjectStore& store, std::vector<Finder>& finders, const Progress& progress,
                   Ledger& ledger) {
  std::atomic<std::uint32_t> next{0};
  const std::size_t useful = std::min(finders.size(), store.loose().size() / 16 + 1);
  run_threads(static_cast<unsigned>(useful), [&](unsigned worker) {
    for (;;) {
      const std::uint32_t entry = next.fetch_add(1, std::memory_order_relaxed);
      if (entry >= store.loose().size() || progress.cancelled.load(std::memory_order_relaxed)) return;
      see_loose(store, entry, finders[worker], ledger);
    }
  });
}

// Adds `part` to `pass`. Hits keep their places.
void append(const ContentPass& part, ContentPass& pass) {
  std::vector<ValueId> ids;
  for (const Value& value : part.values.values()) ids.push_back(pass.values.add(value.rule, value.secret));
  for (const ObjectHit& hit : part.hits) pass.hits.push_back({hit.object, ids[hit.value]});
  const auto shift = static_cast<std::uint32_t>(pass.parents.size());
  const auto first = static_cast<std::ptrdiff_t>(pass.commits.size());
  pass.commits.insert(pass.commits.end(), part.commits.begin(), part.commits.end());
  for (auto commit = pass.commits.begin() + first; commit != pass.commits.end(); ++commit) {
    commit->parents_begin += shift;
  }
  pass.parents.insert(pass.parents.end(), part.parents.begin(), part.parents.end());
  pass.tags.insert(pass.tags.end(), part.tags.begin(), part.tags.end());
  pass.loose_trees.insert(pass.loose_trees.end(), part.loose_trees.begin(), part.loose_trees.end());
  for (const auto& [name, count] : part.media) {
    pass.media[name].count += count.count;
    pass.media[name].bytes += count.bytes;
  }
  pass.archives += part.archives;
  pass.objects += part.objects;
  pass.blobs += part.blobs;
  pass.bytes += part.bytes;
}

// Joins what the threads found since the last time, and clears it. Returns whether all of it was whole.
bool take_parts(std::vector<Finder>& finders, PackContents& out, Ledger& ledger) {
  bool whole = true;
  for (Finder& finder : finders) {
    const std::size_t values = finder.part.values.values().size();
    for (std::size_t i = 0; i < values; ++i) {
      const Value& value = finder.part.values.values()[i];
      const ValueId id = out.pass.values.add(value.rule, value.secret);
      if (id == out.sources.size()) out.sources.push_back(finder.sources[i]);
    }
    append(finder.part, out.pass);
    for (Loss& loss : finder.broken) ledger.add(std::move(loss));
    whole &= finder.broken.empty();
    finder.broken.clear();
    std::move(finder.unread.begin(), finder.unread.end(), std::back_inserter(out.unread));
    finder.unread.clear();
    finder.sources.clear();
    finder.part = {};
  }
  return whole;
}

void tell(const std::vector<Loss>& losses, Ledger& ledger) {
  for (const Loss& loss : losses) ledger.add(loss);
}

// The values of remembered hits, from the entries that hold them. False when one is not there.
bool find_values(const detect::RuleSet& rules, const unpack::Limits& archives, const git::ObjectStore& store,
                 std::uint32_t pack, PackContents& contents) {
  Finder finder(rules, archives, store.hash(), false);
  std::vector<ObjectHit> found;  // of the entry that was read last
  for (std::size_t i = 0; i < contents.sources.size(); ++i) {
    const ValueSource source = contents.sources[i];
    if (i == 0 || source.entry != contents.sources[i - 1].entry) {
      const git::ObjectPlace place{pack, source.entry};
      const auto object = store.read(place);
      if (!object) return false;
      finder.part.hits.clear();
      ContentState state;
      finder.see(place, object->type, store.oid(place), object->bytes, {}, state);
      if (!finder.broken.empty()) return false;
      found = finder.part.hits;
    }
    if (source.ordinal >= found.size()) return false;
    const Value& value = finder.part.values.values()[found[source.ordinal].value];
    if (contents.pass.values.add(value.rule, value.secret) != i) return false;  // the same value twice
  }
  return true;
}

std::optional<PackContents> remembered(const detect::RuleSet& rules, const unpack::Limits& archives,
                                       const git::ObjectStore& store, std::uint32_t pack, const PackCache* cache) {
  auto contents = cache != nullptr ? cache->contents(pack) : std::nullopt;
  if (contents && !find_values(rules, archives, store, pack, *contents)) contents.reset();
  return contents;
}

// What is alike mostly lies side by side in the forest of deltas: with 16 times as many slots nothing was found
// more often that would have paid for the misses of the processor's cache.
std::size_t plain_text_slots(const git::ObjectStore& store) {
  constexpr std::uint64_t kBytesOfSlot = 128, kMin = 1 << 10, kMax = 1 << 17;
  std::uint64_t bytes = 0;
  for (const git::OpenPack& pack : store.packs()) bytes += pack.pack.bytes().size();
  return std::bit_floor(std::clamp(bytes / kBytesOfSlot, kMin, kMax));
}

unsigned type_bit(git::ObjectType type) { return 1u << static_cast<unsigned>(type); }

}  // namespace

ContentPass scan_contents(const detect::RuleSet& rules, const git::ObjectStore& store, const AuditOptions& options,
                          Progress& progress, Ledger& ledger, PackCache* cache) {
  std::vector<Finder> finders;
  finders.reserve(options.threads);
  PlainTexts plain_texts(plain_text_slots(store));
  for (unsigned i = 0; i < options.threads; ++i) {
    finders.emplace_back(rules, options.archives, store.hash(), options.verify,
                         options.whole_blobs ? nullptr : &plain_texts);
  }
  git::WalkOptions walk = store.walk_options();
  walk.threads = options.threads;
  walk.memory_cap = options.memory_cap;
  walk.types = type_bit(git::ObjectType::Blob) | type_bit(git::ObjectType::Commit) | type_bit(git::ObjectType::Tag);
  walk.look_at_heads = !options.verify;
  walk.progress = &progress.done;
  walk.cancelled = &progress.cancelled;
  ContentPass pass;
  for (std::uint32_t i = 0; i < store.packs().size(); ++i) {
    const git::OpenPack& pack = store.packs()[i];
    if (const auto known = remembered(rules, options.archives, store, i, cache)) {
      append(known->pass, pass);
      tell(known->unread, ledger);
      progress.done += pack.pack.bytes().size();
      continue;
    }
    if (cache != nullptr) cache->forget(i);
    const std::uint64_t losses = ledger.total();
    ContentVisitor visitor(i, pack, finders, options.whole_blobs);
    git::walk_pack(pack.pack, pack.table, walk, visitor, ledger);
    PackContents contents;
    const bool whole = take_parts(finders, contents, ledger) && ledger.total() == losses && !progress.cancelled;
    if (cache != nullptr && whole) cache->keep_contents(i, contents);
    tell(contents.unread, ledger);
    append(contents.pass, pass);
  }
  see_all_loose(store, finders, progress, ledger);
  PackContents loose;
  take_parts(finders, loose, ledger);
  tell(loose.unread, ledger);
  append(loose.pass, pass);
  for (const Finder& finder : finders) pass.searched += finder.searched_bytes();
  // An object that lies in several packs counts once, under its first place.
  for (ObjectHit& hit : pass.hits) hit.object = store.find(store.oid(hit.object).raw()).value_or(hit.object);
  std::sort(pass.hits.begin(), pass.hits.end());
  pass.hits.erase(std::unique(pass.hits.begin(), pass.hits.end()), pass.hits.end());
  // The order of threads must not show, nor that a commit lies in two packs.
  std::sort(pass.commits.begin(), pass.commits.end(), [](const CommitRecord& a, const CommitRecord& b) {
    return std::tie(a.id, a.place) < std::tie(b.id, b.place);
  });
  pass.commits.erase(std::unique(pass.commits.begin(), pass.commits.end(),
                                 [](const CommitRecord& a, const CommitRecord& b) { return a.id == b.id; }),
                     pass.commits.end());
  std::sort(pass.loose_trees.begin(), pass.loose_trees.end());
  if (cache != nullptr) cache->set_secrets(pass.values);
  return pass;
}

}  // namespace tightship::scan
