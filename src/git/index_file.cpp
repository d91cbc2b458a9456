#include "git/index_file.h"

#include <nettle/sha1.h>
#include <nettle/sha2.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "base/file.h"

namespace tightship::git {
namespace {

constexpr std::size_t kHeaderSize = 12;
constexpr std::size_t kStatSize = 40;  // times, device, inode, mode, owner, size: ten words
constexpr std::size_t kModeAt = 24, kSizeAt = 36;
constexpr std::uint16_t kFlagExtended = 0x4000, kNameMask = 0x0fff;
constexpr std::uint16_t kFlagSkipWorktree = 0x4000, kFlagIntentToAdd = 0x2000;  // in the second flags

std::uint32_t be32(Bytes bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | bytes[at + i];
  return value;
}

std::uint16_t be16(Bytes bytes, std::size_t at) { return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]); }

tl::unexpected<Error> corrupt(std::string what) { return fail(ErrorKind::Corrupt, std::move(what)); }

Oid hash_of(Bytes content, HashKind hash) {
  std::array<std::uint8_t, 32> digest{};
  if (hash == HashKind::Sha1) {
    sha1_ctx context;
    sha1_init(&context);
    sha1_update(&context, content.size(), content.data());
    sha1_digest(&context, SHA1_DIGEST_SIZE, digest.data());
  } else {
    sha256_ctx context;
    sha256_init(&context);
    sha256_update(&context, content.size(), content.data());
    sha256_digest(&context, SHA256_DIGEST_SIZE, digest.data());
  }
  return Oid::from_raw(Bytes(digest).first(oid_size(hash)));
}

class EntryReader {
 public:
  EntryReader(Bytes body, HashKind hash, std::uint32_t version)
      : body_(body), oid_size_(oid_size(hash)), version_(version) {}

  std::size_t at() const { return at_; }

  Result<IndexEntry> next() {
    const std::size_t start = at_;
    const std::size_t fixed = kStatSize + oid_size_ + 2;
    if (body_.size() - at_ < fixed) return corrupt("index ends inside an entry");
    IndexEntry entry;
    entry.mode = be32(body_, at_ + kModeAt);
    entry.size = be32(body_, at_ + kSizeAt);
    entry.oid = Oid::from_raw(body_.subspan(at_ + kStatSize, oid_size_));
    const std::uint16_t flags = be16(body_, at_ + kStatSize + oid_size_);
    entry.stage = static_cast<std::uint8_t>(flags >> 12 & 3);
    at_ += fixed;
    if (auto read = read_extended(flags, entry); !read) return tl::unexpected(read.error());
    auto name = version_ == 4 ? compressed_name() : padded_name(flags & kNameMask, start);
    if (!name) return tl::unexpected(name.error());
    entry.path = std::move(*name);
    names_ += entry.path.size();
    if (names_ > kMaxIndexNames) return fail(ErrorKind::Limit, "names in the index are too long altogether");
    return entry;
  }

 private:
  Result<void> read_extended(std::uint16_t flags, IndexEntry& entry) {
    if ((flags & kFlagExtended) == 0) return {};
    if (version_ < 3) return corrupt("index of version 2 has an extended entry");
    if (body_.size() - at_ < 2) return corrupt("index ends inside an entry");
    const std::uint16_t more = be16(body_, at_);
    at_ += 2;
    if ((more & ~(kFlagSkipWorktree | kFlagIntentToAdd)) != 0) {
      return fail(ErrorKind::Unsupported, "index entry has unknown flags");
    }
    entry.skip_worktree = (more & kFlagSkipWorktree) != 0;
    entry.intent_to_add = (more & kFlagIntentToAdd) != 0;
    return {};
  }

  // Versions 2 and 3: the name ends in 1 to 8 NULs, so that the entry is a multiple of eight long.
  Result<std::string> padded_name(std::size_t length, std::size_t start) {
    const std::string_view rest = as_text(body_.subspan(at_));
    const std::size_t end = rest.find('\0');
    if (end == std::string_view::npos) return corrupt("index ends inside a name");
    const bool fits = length < kNameMask ? end == length : end >= kNameMask;
    if (!fits) return corrupt("index has a name of another length");
    const std::size_t entry_size = (at_ - start + end + 8) & ~std::size_t{7};
    if (body_.size() - start < entry_size) return corrupt("index ends inside an entry");
    at_ = start + entry_size;
    return std::string(rest.substr(0, end));
  }

  // How many bytes to drop from the name before, then what to append, then a NUL.
  Result<std::string> compressed_name() {
    const auto drop = varint();
    if (!drop || *drop > previous_.size()) return corrupt("index drops more of a name than there is");
    const std::string_view rest = as_text(body_.subspan(at_));
    const std::size_t end = rest.find('\0');
    if (end == std::string_view::npos) return corrupt("index ends inside a name");
    previous_.resize(previous_.size() - *drop);
    previous_.append(rest.substr(0, end));
    at_ += end + 1;
    return previous_;
  }

  // The offset encoding of packs: big-endian groups of seven, each but the last plus one.
  std::optional<std::size_t> varint() {
    std::size_t value = 0;
    for (int groups = 0; groups < 5; ++groups) {
      if (at_ >= body_.size()) return std::nullopt;
      const std::uint8_t byte = body_[at_++];
      value = (value << 7) + (byte & 0x7f);
      if ((byte & 0x80) == 0) return value;
      ++value;
    }
    return std::nullopt;
  }

  Bytes body_;
  std::size_t oid_size_;
  std::uint32_t version_;
  std::size_t at_ = kHeaderSize;
  std::uint64_t names_ = 0;
  std::string previous_;
};

// Extensions whose name begins with a capital letter may be passed over. Of the others "link" changes
// what the entries mean, and "sdir" only says that some are folders (mode 040000).
Result<void> read_extensions(Bytes rest, HashKind hash, IndexContent& content) {
  while (!rest.empty()) {
    if (rest.size() < 8 || be32(rest, 4) > rest.size() - 8) return corrupt("index ends inside an extension");
    const std::string_view name = as_text(rest.first(4));
    const Bytes body = rest.subspan(8, be32(rest, 4));
    rest = rest.subspan(8 + body.size());
    if (name == "link") {
      auto link = parse_index_link(body, hash);
      if (!link) return tl::unexpected(link.error());
      if (!link->base.is_zero()) content.link = std::move(*link);
    } else if ((name[0] < 'A' || name[0] > 'Z') && name != "sdir") {
      return fail(ErrorKind::Unsupported, "index has an extension that is not known");
    }
  }
  return {};
}

Result<std::uint32_t> read_header(Bytes content, HashKind hash) {
  if (content.size() < kHeaderSize + oid_size(hash)) return corrupt("index is too short");
  if (as_text(content.first(4)) != "DIRC") return corrupt("index does not begin as one");
  const std::uint32_t version = be32(content, 4);
  if (version < 2 || version > 4) return fail(ErrorKind::Unsupported, "index has an unknown version");
  return version;
}

}  // namespace

Result<IndexContent> parse_index_content(Bytes content, HashKind hash) {
  const auto version = read_header(content, hash);
  if (!version) return tl::unexpected(version.error());
  const Bytes body = content.first(content.size() - oid_size(hash));
  IndexContent result;
  result.checksum = Oid::from_raw(content.last(oid_size(hash)));
  if (!result.checksum.is_zero() && result.checksum != hash_of(body, hash)) {
    return corrupt("checksum of the index is wrong");
  }
  const std::uint32_t count = be32(content, 8);
  const std::size_t smallest = kStatSize + oid_size(hash) + 2;
  if (count > body.size() / smallest) return corrupt("index is too short for its entries");
  result.entries.reserve(count);
  EntryReader reader(body, hash, *version);
  for (std::uint32_t i = 0; i < count; ++i) {
    auto entry = reader.next();
    if (!entry) return tl::unexpected(entry.error());
    result.entries.push_back(std::move(*entry));
  }
  auto extensions = read_extensions(body.subspan(reader.at()), hash, result);
  if (!extensions) return tl::unexpected(extensions.error());
  const auto nameless = [](const IndexEntry& entry) { return entry.path.empty(); };
  if (!result.link && std::any_of(result.entries.begin(), result.entries.end(), nameless)) {
    return corrupt("index has an entry without a name");
  }
  return result;
}

Result<std::vector<IndexEntry>> parse_index(Bytes content, HashKind hash) {
  auto parsed = parse_index_content(content, hash);
  if (!parsed) return tl::unexpected(parsed.error());
  if (parsed->link) return fail(ErrorKind::Unsupported, "index is split: a shared file has the rest");
  return std::move(parsed->entries);
}

namespace {

Result<IndexContent> load_index(const std::string& path, HashKind hash) {
  const auto content = read_file(path, kMaxIndexSize);
  if (!content) return tl::unexpected(content.error());
  auto parsed = parse_index_content(as_bytes(*content), hash);
  if (!parsed) parsed.error().where = path;
  return parsed;
}

// git looks for the shared index in the git directory, wherever the split one lies.
Result<std::vector<IndexEntry>> load_split(const Repository& repository, IndexContent split) {
  const std::string path = repository.git_dir + "/sharedindex." + split.link->base.hex();
  auto base = load_index(path, repository.hash);
  if (!base && base.error().kind == ErrorKind::NotFound) {
    return fail(ErrorKind::Corrupt, "the shared file of the split index is not there", path);
  }
  if (!base) return tl::unexpected(base.error());
  if (base->link) return fail(ErrorKind::Corrupt, "the shared file of the split index is split itself", path);
  if (base->checksum != split.link->base) {
    return fail(ErrorKind::Corrupt, "the shared file of the split index has another checksum", path);
  }
  auto merged = merge_split_index(std::move(base->entries), std::move(split));
  if (!merged) merged.error().where = repository.index_file;
  return merged;
}

}  // namespace

Result<std::vector<IndexEntry>> read_index(const Repository& repository) {
  const std::string path = repository.index_file.empty() ? repository.git_dir + "/index" : repository.index_file;
  auto content = load_index(path, repository.hash);
  if (!content && content.error().kind == ErrorKind::NotFound) return std::vector<IndexEntry>{};
  if (!content) return tl::unexpected(content.error());
  if (content->link) return load_split(repository, std::move(*content));
  return std::move(content->entries);
}

}  // namespace tightship::git
