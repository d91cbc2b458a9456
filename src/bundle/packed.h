#pragma once

// Files that a build has compressed in advance for the web server ("app.js.gz", "app.js.br"): browsers get them
// instead of the plain file, which may be missing or of another build.
//
// Bytes are hostile: what is unpacked is bounded. Pure; thread-safe.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tightship::bundle {

inline constexpr std::uint64_t kMaxPacked = std::uint64_t{64} << 20;     // bytes of a file that is unpacked
inline constexpr std::uint64_t kMaxUnpacked = std::uint64_t{256} << 20;  // ... of what comes out of it

enum class Packing : std::uint8_t { None, Gzip, Brotli };

// By the end of the name: of scripts, pages, styles, data, maps. An archive that lies there for download is none.
Packing packing_of(std::string_view path);
// "app.js" of "app.js.gz": the name that says what is in it.
std::string_view unpacked_name(std::string_view path);

// Fails with Corrupt when the bytes are damaged or end early, with Limit when more than `most` bytes come out.
Result<std::string> unpack_file(Packing packing, std::string_view bytes, std::uint64_t most = kMaxUnpacked);

// Whether `bytes` are `plain`, packed. For gzip by the checksum and the size in its last bytes, which costs a twentieth
// of unpacking.
bool is_packed_form_of(Packing packing, std::string_view bytes, std::string_view plain);

}  // namespace tightship::bundle
