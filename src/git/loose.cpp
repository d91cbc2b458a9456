// libdeflate does not stream, so the size must be known before the content is inflated, and it is
// inside the stream. The head is therefore inflated into a fixed buffer. It is larger than the
// largest piece that libdeflate writes at once (a stored block of 65535 bytes), so that "insufficient
// space" leaves at least the header's bytes in it. Most loose objects fit entirely and are done then.

#include "git/loose.h"

#include <libdeflate.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <memory>
#include <new>
#include <optional>
#include <system_error>

#include "base/file.h"

namespace tightship::git {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMaxHeader = 32;  // git's MAX_HEADER_LEN, with the NUL
constexpr std::size_t kHeadSize = 65535 + 1024;
constexpr std::uint64_t kBestRatio = 1032;  // 258 bytes in 2 bits

struct FreeDecompressor {
  void operator()(libdeflate_decompressor* d) const { libdeflate_free_decompressor(d); }
};

libdeflate_decompressor* decompressor() {
  thread_local const std::unique_ptr<libdeflate_decompressor, FreeDecompressor> mine(libdeflate_alloc_decompressor());
  return mine.get();
}

struct Inflated {
  libdeflate_result result = LIBDEFLATE_BAD_DATA;
  std::size_t in = 0, out = 0;
};

Inflated inflate(Bytes file, std::vector<std::uint8_t>& buffer) {
  Inflated inflated;
  if (decompressor() == nullptr) return inflated;
  inflated.result = libdeflate_zlib_decompress_ex(decompressor(), file.data(), file.size(), buffer.data(),
                                                  buffer.size(), &inflated.in, &inflated.out);
  return inflated;
}

struct Header {
  ObjectType type = ObjectType::Blob;
  std::uint64_t size = 0;
  std::size_t length = 0;  // with the NUL
};

std::optional<ObjectType> type_of(std::string_view name) {
  for (const auto type : {ObjectType::Commit, ObjectType::Tree, ObjectType::Blob, ObjectType::Tag}) {
    if (name == object_type_name(type)) return type;
  }
  return std::nullopt;
}

// Decimal without leading zeros, as git insists.
std::optional<Header> parse_header(std::string_view head) {
  const std::size_t end = head.substr(0, kMaxHeader).find('\0');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view text = head.substr(0, end);
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const auto type = type_of(text.substr(0, space));
  const std::string_view digits = text.substr(space + 1);
  if (!type || digits.empty() || (digits[0] == '0' && digits.size() > 1)) return std::nullopt;
  Header header{*type, 0, end + 1};
  const auto [after, error] = std::from_chars(digits.data(), digits.data() + digits.size(), header.size);
  if (error != std::errc{} || after != digits.data() + digits.size()) return std::nullopt;
  return header;
}

tl::unexpected<Error> too_large() { return fail(ErrorKind::Limit, "loose object is larger than the limit"); }

Result<LooseContent> finish(const Inflated& inflated, std::size_t file_size, const Header& header,
                            std::vector<std::uint8_t>& buffer) {
  if (inflated.out != header.length + header.size) {
    return fail(ErrorKind::Corrupt, "loose object is shorter or longer than its header says");
  }
  if (inflated.in != file_size) return fail(ErrorKind::Corrupt, "garbage follows the loose object");
  buffer.resize(inflated.out);
  buffer.erase(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(header.length));
  if (buffer.capacity() > 2 * buffer.size()) buffer.shrink_to_fit();
  return LooseContent{header.type, std::move(buffer)};
}

// The content did not fit into the head: inflate again into exactly what the header promises.
Result<LooseContent> inflate_large(Bytes file, const Header& header) {
  if (header.size > file.size() * kBestRatio) {
    return fail(ErrorKind::Corrupt, "loose object cannot be as long as its header says");
  }
  std::vector<std::uint8_t> buffer(header.length + header.size);
  const Inflated whole = inflate(file, buffer);
  if (whole.result == LIBDEFLATE_INSUFFICIENT_SPACE) {
    return fail(ErrorKind::Corrupt, "loose object is longer than its header says");
  }
  if (whole.result != LIBDEFLATE_SUCCESS) return fail(ErrorKind::Corrupt, "zlib stream is damaged");
  const auto again = parse_header(as_text(buffer));
  if (!again || again->size != header.size || again->type != header.type) {
    return fail(ErrorKind::Corrupt, "loose object has no readable header");
  }
  return finish(whole, file.size(), header, buffer);
}

bool is_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

void list_folder(const std::string& folder, const std::string& prefix, std::size_t name_length,
                 std::vector<LooseObject>& found, Ledger& ledger) {
  std::error_code error;
  fs::directory_iterator it(folder, error);
  for (; !error && it != fs::directory_iterator(); it.increment(error)) {
    if (found.size() >= kMaxLooseObjects) return;
    const std::string name = it->path().filename().string();
    if (name.size() != name_length || !is_hex(name)) continue;
    if (const auto oid = Oid::from_hex(prefix + name)) found.push_back({*oid, it->path().string()});
  }
  if (error && error != std::errc::no_such_file_or_directory && error != std::errc::not_a_directory) {
    ledger.add({LossKind::UnreadableFile, "folder of loose objects: " + error.message(), folder, {}});
  }
}

}  // namespace

std::vector<LooseObject> list_loose(const std::string& object_dir, HashKind hash, Ledger& ledger) {
  std::vector<LooseObject> found;
  constexpr std::string_view digits = "0123456789abcdef";
  for (unsigned value = 0; value < 256; ++value) {
    const std::string prefix{digits[value >> 4], digits[value & 15]};
    list_folder(object_dir + "/" + prefix, prefix, 2 * oid_size(hash) - 2, found, ledger);
  }
  if (found.size() >= kMaxLooseObjects) {
    ledger.add({LossKind::LimitExceeded, "too many loose objects", object_dir, "git gc"});
  }
  std::sort(found.begin(), found.end(), [](const LooseObject& a, const LooseObject& b) {
    return a.oid != b.oid ? a.oid < b.oid : b.path < a.path;  // lower case, the name git opens, first
  });
  const auto same = [](const LooseObject& a, const LooseObject& b) { return a.oid == b.oid; };
  found.erase(std::unique(found.begin(), found.end(), same), found.end());
  return found;
}

Result<LooseContent> parse_loose(Bytes file, std::uint64_t max_size) try {
  std::vector<std::uint8_t> head(kHeadSize);
  const Inflated inflated = inflate(file, head);
  if (inflated.result != LIBDEFLATE_SUCCESS && inflated.result != LIBDEFLATE_INSUFFICIENT_SPACE) {
    return fail(ErrorKind::Corrupt, "zlib stream is damaged");
  }
  const bool complete = inflated.result == LIBDEFLATE_SUCCESS;
  const auto header = parse_header(as_text(head).substr(0, complete ? inflated.out : head.size()));
  if (!header) return fail(ErrorKind::Corrupt, "loose object has no readable header");
  if (header->size > max_size) return too_large();
  if (complete) return finish(inflated, file.size(), *header, head);
  return inflate_large(file, *header);
} catch (const std::bad_alloc&) {
  return fail(ErrorKind::Limit, "not enough memory for the loose object");
}

Result<LooseContent> read_loose(const std::string& path, std::uint64_t max_size) {
  // Deflate grows what it cannot compress by less than this.
  const bool huge = max_size > (std::uint64_t{1} << 62);
  const std::uint64_t max_file = huge ? max_size : max_size + max_size / 64 + 65536;
  const auto file = read_file(path, max_file);
  if (!file) {
    if (file.error().kind != ErrorKind::Limit) return tl::unexpected(file.error());
    return fail(ErrorKind::Limit, "loose object is larger than the limit", path);
  }
  auto content = parse_loose(as_bytes(*file), max_size);
  if (!content) content.error().where = path;
  return content;
}

}  // namespace tightship::git
