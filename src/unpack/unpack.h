#pragma once

// Containers opened to the bottom: archives in archives, compressed files, layers of images.
//
// Members come one after another, each whole in memory; nothing is written anywhere. A member that is a
// container itself is opened in its place and not given, unless it could not be read to its end and lies
// open: then it is given as well, so that what can be seen of it is seen. So is one behind a program.
//
// Bounded against bombs: each bound that cuts something off is told as a Problem with the member's path.
// Cost: inflating, plus one copy. Memory: one member for each level that is open.
// Thread-safe: no shared state. One call a thread.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "unpack/format.h"

namespace tightship::unpack {

inline constexpr unsigned kMaxDepth = 16;  // whatever is asked for

struct Limits {
  unsigned depth = 4;                               // containers in containers; 0: none is opened
  std::uint64_t packed = std::uint64_t{1} << 30;    // bytes of the outermost container
  std::uint64_t member = std::uint64_t{256} << 20;  // bytes of one member
  std::uint64_t total = std::uint64_t{1} << 30;     // expanded bytes of all members, nested ones included
  std::uint64_t members = 100'000;
  // Expanded over packed bytes. Asked from kRatioFloor expanded bytes on: small text packs as well.
  std::uint64_t ratio = 250;
  bool on() const { return depth > 0; }
  friend bool operator==(const Limits&, const Limits&) = default;
};
inline constexpr Limits kClosed{.depth = 0};
inline constexpr std::uint64_t kRatioFloor = std::uint64_t{32} << 20;

struct Problem {
  // Plain: damage in a tar or cpio, of which nothing is compressed: its bytes are given as they are, so that
  // nothing in it is unseen.
  enum class Kind : std::uint8_t { Damaged, Plain, Limit, Unsupported, Encrypted };
  Kind kind = Kind::Damaged;
  std::string member;  // empty: the container itself
  std::string what;    // lower case, holds no content
};

// `member` paths are the names that the containers say, raw, those of inner ones joined by '!'. A
// compressed stream adds no name. The bytes are valid during the call only.
class Visitor {
 public:
  virtual ~Visitor() = default;
  // Of every member, before its content. `own` of the path's last characters are the member's own name; 0
  // for a stream.
  virtual void name(std::string_view member, std::size_t own) = 0;
  // Whether the content of a member that begins with `head` (up to 512 bytes) is wanted. Not asked for
  // containers.
  virtual bool wants(std::string_view member, Bytes head) = 0;
  // Of a PDF's stream that draws text twice: what it draws, and the stream with blanks for that.
  virtual void visit(std::string_view member, Bytes content) = 0;
  virtual void problem(Problem problem) = 0;
};

struct Opened {
  std::uint64_t containers = 0, members = 0, bytes = 0;
  bool whole = true;  // no problem but encrypted members
};

// `content` is a container (format_of). What is not, or is over limits.packed, is a Problem.
Opened open_container(Bytes content, const Limits& limits, Visitor& visitor);

// The same for `content` that format_of does not know: nothing is opened.
inline bool is_container(Bytes content) { return format_of(content) != Format::None; }

}  // namespace tightship::unpack
