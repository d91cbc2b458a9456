// The stored form, in the machine's byte order (a blob does not travel: it is embedded in the
// binary or cached beside it, and the database inside is bound to the machine anyway):
//   magic "TSHM", u32 version, u64 checksum of all that follows, u64 hash of the specs,
//   u32 n + n bytes   the library's version
//   u32 classes, 32 bytes each: the distinct ones of all prefixes
//   u32 patterns, each: u32 min_width, u32 max_width,
//       u32 anchors, each: u8 width, u8 caseless, u32 min_offset, u32 max_offset, bytes
//       u32 prefix classes, each: u32 index into the classes
//       u32 required bytes, each: u32 index into the classes, u32 min_offset, u32 max_offset
//   u32 n + n bytes   the database
#include <algorithm>
#include <cstring>
#include <type_traits>

#include "match/hash.h"
#include "match/literal_set.h"
#include "match/tables.h"

namespace tightship::match {
namespace {

constexpr char kMagic[4] = {'T', 'S', 'H', 'M'};
constexpr std::uint32_t kVersion = 2;
constexpr std::size_t kChecked = sizeof kMagic + sizeof kVersion + sizeof(std::uint64_t);

class Writer {
 public:
  template <class T>
  void put(T value) {
    static_assert(std::is_trivially_copyable_v<T>);
    put_bytes(&value, sizeof value);
  }
  void put_bytes(const void* data, std::size_t size) {
    const auto* bytes = static_cast<const std::uint8_t*>(data);
    out_.insert(out_.end(), bytes, bytes + size);
  }
  void put_sized(const void* data, std::size_t size) {
    put(static_cast<std::uint32_t>(size));
    put_bytes(data, size);
  }
  std::vector<std::uint8_t> take() { return std::move(out_); }

 private:
  std::vector<std::uint8_t> out_;
};

// Reads past the end give zeros and are remembered.
class Reader {
 public:
  explicit Reader(Bytes bytes) : left_(bytes) {}

  template <class T>
  T get() {
    T value{};
    const Bytes bytes = get_bytes(sizeof value);
    if (!bytes.empty()) std::memcpy(&value, bytes.data(), sizeof value);
    return value;
  }
  Bytes get_bytes(std::size_t size) {
    if (size > left_.size()) {
      failed_ = true;
      return {};
    }
    const Bytes bytes = left_.first(size);
    left_ = left_.subspan(size);
    return bytes;
  }
  // How many items of at least `size` bytes follow.
  std::uint32_t get_count(std::size_t size) {
    const auto count = get<std::uint32_t>();
    if (count > left_.size() / size) failed_ = true;
    return failed_ ? 0 : count;
  }
  void fail() { failed_ = true; }
  bool failed() const { return failed_; }
  bool at_end() const { return left_.empty(); }

 private:
  Bytes left_;
  bool failed_ = false;
};

// The distinct classes, sorted: a few hundred, where prefixes have thousands.
std::vector<ByteClass> collect_classes(const std::vector<PatternInfo>& patterns) {
  std::vector<ByteClass> classes;
  for (const PatternInfo& pattern : patterns) {
    classes.insert(classes.end(), pattern.prefix.begin(), pattern.prefix.end());
    for (const Required& required : pattern.required) classes.push_back(required.set);
  }
  std::sort(classes.begin(), classes.end());
  classes.erase(std::unique(classes.begin(), classes.end()), classes.end());
  return classes;
}

void put_pattern(Writer& writer, const PatternInfo& pattern, const std::vector<ByteClass>& classes) {
  writer.put(pattern.min_width);
  writer.put(pattern.max_width);
  writer.put(static_cast<std::uint32_t>(pattern.anchors.size()));
  for (const AnchorLiteral& anchor : pattern.anchors) {
    writer.put(static_cast<std::uint8_t>(anchor.bytes.size()));
    writer.put(static_cast<std::uint8_t>(anchor.caseless));
    writer.put(anchor.min_offset);
    writer.put(anchor.max_offset);
    writer.put_bytes(anchor.bytes.data(), anchor.bytes.size());
  }
  writer.put(static_cast<std::uint32_t>(pattern.prefix.size()));
  const auto put_class = [&](const ByteClass& set) {
    const auto place = std::lower_bound(classes.begin(), classes.end(), set);
    writer.put(static_cast<std::uint32_t>(place - classes.begin()));
  };
  for (const ByteClass& set : pattern.prefix) put_class(set);
  writer.put(static_cast<std::uint32_t>(pattern.required.size()));
  for (const Required& required : pattern.required) {
    put_class(required.set);
    writer.put(required.min_offset);
    writer.put(required.max_offset);
  }
}

AnchorLiteral get_anchor(Reader& reader) {
  AnchorLiteral anchor;
  const auto width = reader.get<std::uint8_t>();
  anchor.caseless = reader.get<std::uint8_t>() != 0;
  anchor.min_offset = reader.get<std::uint32_t>();
  anchor.max_offset = reader.get<std::uint32_t>();
  anchor.bytes = as_text(reader.get_bytes(width));
  return anchor;
}

PatternInfo get_pattern(Reader& reader, const std::vector<ByteClass>& classes) {
  PatternInfo pattern;
  pattern.min_width = reader.get<std::uint32_t>();
  pattern.max_width = reader.get<std::uint32_t>();
  pattern.anchors.resize(reader.get_count(10));
  for (AnchorLiteral& anchor : pattern.anchors) anchor = get_anchor(reader);
  const std::uint32_t prefix = reader.get_count(sizeof(std::uint32_t));
  const auto get_class = [&] {
    const auto index = reader.get<std::uint32_t>();
    if (index >= classes.size()) reader.fail();
    return reader.failed() ? ByteClass{} : classes[index];
  };
  pattern.prefix.reserve(std::min<std::size_t>(prefix, kMaxPrefix));
  for (std::uint32_t i = 0; i < prefix && i < kMaxPrefix; ++i) pattern.prefix.push_back(get_class());
  pattern.required.resize(reader.get_count(3 * sizeof(std::uint32_t)));
  for (Required& required : pattern.required) {
    required.set = get_class();
    required.min_offset = reader.get<std::uint32_t>();
    required.max_offset = reader.get<std::uint32_t>();
  }
  return pattern;
}

// What confirm relies on. Damage never gets here (the checksum), a mistake of ours might.
bool is_sound(const PatternInfo& pattern) {
  if (pattern.max_width > kMaxMatchWidth || pattern.min_width > pattern.max_width) return false;
  if (pattern.prefix.size() > kMaxPrefix || pattern.prefix.size() > pattern.min_width) return false;
  for (const Required& required : pattern.required) {
    if (required.min_offset > required.max_offset || required.max_offset >= pattern.max_width) return false;
  }
  for (const AnchorLiteral& anchor : pattern.anchors) {
    const bool fits = anchor.bytes.size() >= kMinAnchorWidth && anchor.bytes.size() <= kMaxAnchorWidth &&
                      anchor.min_offset <= anchor.max_offset && anchor.max_offset <= pattern.max_width;
    if (!fits) return false;
  }
  return !pattern.anchors.empty();
}

tl::unexpected<Error> damaged(std::string what) {
  return fail(ErrorKind::Corrupt, std::move(what), "compiled rules");
}

}  // namespace

std::vector<std::uint8_t> store_tables(const Tables& tables, std::uint64_t spec_hash,
                                       std::string_view library, Bytes database) {
  Writer body;
  body.put(spec_hash);
  body.put_sized(library.data(), library.size());
  const std::vector<ByteClass> classes = collect_classes(tables.patterns);
  body.put(static_cast<std::uint32_t>(classes.size()));
  for (const ByteClass& set : classes) body.put(set);
  body.put(static_cast<std::uint32_t>(tables.patterns.size()));
  for (const PatternInfo& pattern : tables.patterns) put_pattern(body, pattern, classes);
  body.put_sized(database.data(), database.size());
  const std::vector<std::uint8_t> content = body.take();
  Writer blob;
  blob.put_bytes(kMagic, sizeof kMagic);
  blob.put(kVersion);
  blob.put(hash_bytes(content));
  blob.put_bytes(content.data(), content.size());
  return blob.take();
}

Result<StoredTables> load_tables(Bytes blob, std::uint64_t spec_hash, std::size_t pattern_count) {
  Reader reader(blob);
  const Bytes magic = reader.get_bytes(sizeof kMagic);
  if (magic.empty() || std::memcmp(magic.data(), kMagic, sizeof kMagic) != 0)
    return damaged("not a compiled form");
  if (reader.get<std::uint32_t>() != kVersion) return damaged("compiled form has another version");
  const auto checksum = reader.get<std::uint64_t>();
  if (reader.failed() || hash_bytes(blob.subspan(kChecked)) != checksum) return damaged("checksum is wrong");
  if (reader.get<std::uint64_t>() != spec_hash) return damaged("compiled form belongs to other rules");
  StoredTables stored;
  stored.library = as_text(reader.get_bytes(reader.get_count(1)));
  std::vector<ByteClass> classes(reader.get_count(sizeof(ByteClass)));
  for (ByteClass& set : classes) set = reader.get<ByteClass>();
  stored.patterns.resize(reader.get_count(12));
  for (PatternInfo& pattern : stored.patterns) {
    pattern = get_pattern(reader, classes);
    if (reader.failed() || !is_sound(pattern)) return damaged("table of patterns is wrong");
  }
  stored.database = reader.get_bytes(reader.get_count(1));
  if (reader.failed() || !reader.at_end() || stored.patterns.size() != pattern_count) {
    return damaged("table of patterns is wrong");
  }
  return stored;
}

}  // namespace tightship::match
