#include "unpack/archive_reader.h"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>

#include <algorithm>
#include <cctype>
#include <cstdint>

namespace tightship::unpack {
namespace {

struct Freer {
  void operator()(archive* handle) const { archive_read_free(handle); }
};
using Handle = std::unique_ptr<archive, Freer>;

// libarchive converts names to the locale of the thread; "C" would lose all that are not ASCII.
class Utf8Names {
 public:
  Utf8Names() : own_(shared()), before_(own_ != nullptr ? ::uselocale(own_) : nullptr) {}
  ~Utf8Names() {
    if (before_ != nullptr) ::uselocale(before_);
  }
  Utf8Names(const Utf8Names&) = delete;
  Utf8Names& operator=(const Utf8Names&) = delete;

 private:
  static locale_t shared() {
    static const locale_t locale = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    return locale;
  }
  locale_t own_, before_;
};

// How a format is read that can be read in two ways.
enum class Way : std::uint8_t { First, Second };

void support_filter(archive* handle, Format format) {
  switch (format) {
    case Format::Gzip: archive_read_support_filter_gzip(handle); break;
    case Format::Bzip2: archive_read_support_filter_bzip2(handle); break;
    case Format::Xz: archive_read_support_filter_xz(handle); break;
    case Format::Lzip: archive_read_support_filter_lzip(handle); break;
    case Format::Zstd: archive_read_support_filter_zstd(handle); break;
    case Format::Lz4: archive_read_support_filter_lz4(handle); break;
    default: break;
  }
}

// Where a central directory says how long each member is, those that are not read cost nothing. Without
// one (a zip that was cut) members are read as they come.
bool has_directory(Bytes content) {
  constexpr std::size_t kMaxComment = 0xFFFF, kEnd = 22;
  const std::string_view tail = as_text(content.last(std::min(content.size(), kMaxComment + kEnd)));
  return tail.rfind("PK\x05\x06") != std::string_view::npos;
}

// A zip by its directory, or as it comes. A compressed stream as a tar when it is one, else as it is; the
// second way as it is in any case, since whatever begins with zeros is an empty tar.
void support(archive* handle, Format format, Way way) {
  switch (format) {
    case Format::Zip:
    case Format::ZipBehind:
      if (way == Way::First)
        archive_read_support_format_zip_seekable(handle);
      else
        archive_read_support_format_zip_streamable(handle);
      return;
    case Format::SevenZip: archive_read_support_format_7zip(handle); return;
    case Format::Tar: archive_read_support_format_tar(handle); return;
    case Format::Cpio: archive_read_support_format_cpio(handle); return;
    case Format::Deb: archive_read_support_format_ar(handle); return;
    case Format::Rpm:
      archive_read_support_filter_rpm(handle);
      for (const Format filter : {Format::Gzip, Format::Bzip2, Format::Xz, Format::Zstd})
        support_filter(handle, filter);
      archive_read_support_format_cpio(handle);
      return;
    default: break;
  }
  support_filter(handle, format);
  if (way == Way::First) archive_read_support_format_tar(handle);
  archive_read_support_format_raw(handle);
  archive_read_support_format_empty(handle);
}

bool has_content(archive_entry* entry) {
  const auto type = archive_entry_filetype(entry);
  return (type == AE_IFREG || type == 0) && archive_entry_hardlink(entry) == nullptr;
}

std::string own_words(const char* text) {
  std::string words(text != nullptr && *text != '\0' ? text : "not readable");
  while (words.ends_with('.') || words.ends_with('\n')) words.pop_back();
  // Some messages quote a name of the archive.
  for (char& c : words) c = c >= ' ' && c < 0x7f ? c : '?';
  if (words.size() > 1 && std::islower(static_cast<unsigned char>(words[1])) != 0) {
    words[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(words[0])));
  }
  return words;
}

}  // namespace

struct ArchiveReader::Impl {
  Handle handle;
  archive_entry* entry = nullptr;  // owned by the handle
  Bytes content;
  Format format = Format::None;
  std::string name, problem;
  bool open = false, any = false;  // any: a header was read
  bool is_zip = false, is_stream = false, is_first = true, skips_free = false;

  void start(Way way);
  bool wants_second_way(int status) const;
  int next_header();
  Data end_of(int status);
  void note_problem() { problem = own_words(archive_error_string(handle.get())); }
  void take_name();
  int next_block();
  bool copy(std::uint64_t limit, std::vector<std::uint8_t>& out);  // false when `limit` ends it

  // Of the member's data: the block that libarchive holds, what of it is still to be copied, and the
  // hole before it.
  Bytes block;
  std::uint64_t hole = 0;
  la_int64_t at = 0;
};

void ArchiveReader::Impl::start(Way way) {
  handle.reset(archive_read_new());
  open = false;
  if (handle == nullptr) {
    problem = "out of memory";
    return;
  }
  support(handle.get(), format, way);
  open = archive_read_open_memory(handle.get(), content.data(), content.size()) == ARCHIVE_OK;
  is_first = way == Way::First;
  skips_free = (is_zip && is_first) || format == Format::Tar || format == Format::Cpio || format == Format::Deb;
  if (!open) note_problem();
}

ArchiveReader::ArchiveReader(Bytes content, Format format) : impl_(std::make_unique<Impl>()) {
  const Utf8Names names;
  impl_->content = content;
  impl_->format = format;
  impl_->is_zip = format == Format::Zip || format == Format::ZipBehind;
  impl_->is_stream = format >= Format::Gzip;
  impl_->start(impl_->is_zip && !has_directory(content) ? Way::Second : Way::First);
}

ArchiveReader::~ArchiveReader() {
  const Utf8Names names;
  impl_.reset();
}

void ArchiveReader::Impl::take_name() {
  const bool no_member = archive_format(handle.get()) == ARCHIVE_FORMAT_RAW;
  const char* text = no_member ? "" : archive_entry_pathname(entry);
  if (text == nullptr) text = archive_entry_pathname_utf8(entry);
  name = text != nullptr ? text : "(name cannot be decoded)";
}

// Of a zip whose directory is damaged the members may not be; of a stream that is no tar all is content.
bool ArchiveReader::Impl::wants_second_way(int status) const {
  if (any || !is_first) return false;
  return (is_zip && status < ARCHIVE_WARN) || (is_stream && status == ARCHIVE_EOF);
}

int ArchiveReader::Impl::next_header() {
  int status = ARCHIVE_RETRY;
  while (status == ARCHIVE_RETRY) status = archive_read_next_header(handle.get(), &entry);
  return status;
}

ArchiveReader::Step ArchiveReader::next() {
  const Utf8Names names;
  int status = impl_->open ? impl_->next_header() : ARCHIVE_FATAL;
  if (impl_->wants_second_way(status)) {
    impl_->start(Way::Second);
    status = impl_->open ? impl_->next_header() : ARCHIVE_FATAL;
  }
  if (status == ARCHIVE_EOF) return Step::End;
  if (status < ARCHIVE_WARN) {
    if (impl_->open) impl_->note_problem();
    return Step::Damaged;
  }
  impl_->any = true;
  impl_->take_name();
  impl_->block = {};
  impl_->hole = 0;
  impl_->at = 0;
  return has_content(impl_->entry) ? Step::Member : Step::Other;
}

const std::string& ArchiveReader::name() const { return impl_->name; }
const std::string& ArchiveReader::problem() const { return impl_->problem; }
bool ArchiveReader::encrypted() const { return archive_entry_is_encrypted(impl_->entry) != 0; }

bool ArchiveReader::asks_for_password() const {
  return impl_->open && archive_read_has_encrypted_entries(impl_->handle.get()) > 0;
}

// Holes of sparse files are zeros, and count like all other bytes.
bool ArchiveReader::Impl::copy(std::uint64_t limit, std::vector<std::uint8_t>& out) {
  const std::uint64_t zeros = std::min(hole, limit - std::min<std::uint64_t>(limit, out.size()));
  out.resize(out.size() + static_cast<std::size_t>(zeros));
  hole -= zeros;
  if (hole > 0) return false;
  const std::uint64_t room = limit - std::min<std::uint64_t>(limit, out.size());
  const std::size_t taken = static_cast<std::size_t>(std::min<std::uint64_t>(block.size(), room));
  out.insert(out.end(), block.begin(), block.begin() + static_cast<std::ptrdiff_t>(taken));
  block = block.subspan(taken);
  return block.empty();
}

int ArchiveReader::Impl::next_block() {
  const void* data = nullptr;
  std::size_t size = 0;
  la_int64_t offset = 0;
  const int status = archive_read_data_block(handle.get(), &data, &size, &offset);
  if (status != ARCHIVE_OK) return status;
  hole = offset > at ? static_cast<std::uint64_t>(offset - at) : 0;
  at = std::max<la_int64_t>(offset, at);
  if (size > static_cast<std::uint64_t>(INT64_MAX - at)) return ARCHIVE_FATAL;
  at += static_cast<la_int64_t>(size);
  block = {static_cast<const std::uint8_t*>(data), size};
  return ARCHIVE_OK;
}

// What a status that ends the data means.
ArchiveReader::Data ArchiveReader::Impl::end_of(int status) {
  if (status == ARCHIVE_EOF) return Data::All;
  note_problem();
  if (archive_entry_is_encrypted(entry) != 0) return Data::Encrypted;
  const auto says = [this](std::string_view words) { return problem.find(words) != std::string::npos; };
  return says("unsupported") || says("not supported") ? Data::Unsupported : Data::Damaged;
}

ArchiveReader::Data ArchiveReader::read(std::uint64_t limit, std::vector<std::uint8_t>& out) {
  const Utf8Names names;
  for (;;) {
    if (!impl_->copy(limit, out)) return Data::TooMuch;
    const int status = impl_->next_block();
    if (status != ARCHIVE_OK && status != ARCHIVE_RETRY) return impl_->end_of(status);
  }
}

ArchiveReader::Data ArchiveReader::skip(std::uint64_t limit, std::uint64_t& passed) {
  if (impl_->skips_free) return Data::All;
  const Utf8Names names;
  const std::uint64_t before = passed;
  for (;;) {
    const int status = impl_->next_block();
    if (status != ARCHIVE_OK && status != ARCHIVE_RETRY) return impl_->end_of(status);
    if (status == ARCHIVE_OK) passed += impl_->block.size();
    impl_->block = {};
    if (passed - before > limit) return Data::TooMuch;
  }
}

}  // namespace tightship::unpack
