#include "support/archive_fixture.h"

#include <archive.h>
#include <archive_entry.h>

#include <cstdlib>
#include <memory>
#include <stdexcept>

// The static libarchive has this one beside its writer of xar, which would ask for libxml2. It is called for
// members that a format cannot hold, and none here is.
extern "C" void __archive_write_entry_filetype_unsupported(archive*, archive_entry*, const char*);
extern "C" void __archive_write_entry_filetype_unsupported(archive*, archive_entry*, const char*) { std::abort(); }

namespace tightship::test {
namespace {

la_ssize_t append(archive*, void* out, const void* data, std::size_t size) {
  static_cast<std::string*>(out)->append(static_cast<const char*>(data), size);
  return static_cast<la_ssize_t>(size);
}

struct Freer {
  void operator()(archive* handle) const { archive_write_free(handle); }
  void operator()(archive_entry* entry) const { archive_entry_free(entry); }
};

void set_format(archive* handle, const std::string& format) {
  if (format == "zip") archive_write_set_format_zip(handle);
  if (format == "7zip") archive_write_set_format_7zip(handle);
  if (format == "ustar") archive_write_set_format_ustar(handle);
  if (format == "pax") archive_write_set_format_pax(handle);
  if (format == "newc") archive_write_set_format_cpio_newc(handle);
  if (format == "raw") archive_write_set_format_raw(handle);
}

void add_filter(archive* handle, const std::string& filter) {
  if (filter == "gzip") archive_write_add_filter_gzip(handle);
  if (filter == "bzip2") archive_write_add_filter_bzip2(handle);
  if (filter == "xz") archive_write_add_filter_xz(handle);
  if (filter == "zstd") archive_write_add_filter_zstd(handle);
  if (filter == "lz4") archive_write_add_filter_lz4(handle);
  if (filter == "lzip") archive_write_add_filter_lzip(handle);
}

}  // namespace

std::string make_archive(const std::string& format, const std::string& filter,
                         const std::vector<ArchiveMember>& members, const std::string& options,
                         const std::string& password) {
  std::string out;
  const std::unique_ptr<archive, Freer> handle(archive_write_new());
  const auto check = [&](int status) {
    if (status < ARCHIVE_WARN) throw std::runtime_error(archive_error_string(handle.get()));
  };
  set_format(handle.get(), format);
  add_filter(handle.get(), filter);
  archive_write_set_bytes_in_last_block(handle.get(), 1);
  if (!options.empty()) check(archive_write_set_options(handle.get(), options.c_str()));
  if (!password.empty()) check(archive_write_set_passphrase(handle.get(), password.c_str()));
  check(archive_write_open(handle.get(), &out, nullptr, append, nullptr));
  for (const ArchiveMember& member : members) {
    const std::unique_ptr<archive_entry, Freer> entry(archive_entry_new());
    archive_entry_copy_pathname(entry.get(), member.name.c_str());
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), 0644);
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(member.content.size()));
    check(archive_write_header(handle.get(), entry.get()));
    if (archive_write_data(handle.get(), member.content.data(), member.content.size()) < 0) check(ARCHIVE_FATAL);
  }
  check(archive_write_close(handle.get()));
  return out;
}

}  // namespace tightship::test
