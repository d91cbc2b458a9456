#pragma once

// Archives for tests, made in memory by libarchive's writer.

#include <string>
#include <string_view>
#include <vector>

namespace tightship::test {

struct ArchiveMember {
  std::string name, content;
};

// `format`: zip, 7zip, ustar, pax, newc, raw (the content of the one member). `filter`: none, gzip, bzip2, xz,
// zstd, lz4, lzip. `options` as archive_write_set_options takes them ("zip:compression=store",
// "zip:encryption=aes256" with `password`). Throws std::runtime_error when libarchive refuses.
std::string make_archive(const std::string& format, const std::string& filter,
                         const std::vector<ArchiveMember>& members, const std::string& options = {},
                         const std::string& password = {});

}  // namespace tightship::test
