#pragma once

// Where in a commit or tag object a hit lies: its message, or one of its people.

#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "detect/finding.h"
#include "scan/content_scanner.h"

namespace tightship::scan {

struct MessagePlace {
  detect::Place place = detect::Place::CommitMessage;
  std::uint64_t begin = 0;  // where the part begins in the object
};

// In which part of a commit or tag the byte at `offset` lies.
MessagePlace message_place(std::string_view content, std::uint64_t offset, bool tag);
// `hit` with its position told from the beginning of its part.
Hit moved_to_part(Hit hit, Bytes content, const MessagePlace& part);

}  // namespace tightship::scan
