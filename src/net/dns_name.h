#pragma once

// Domain names as text: lower case, without the dot at the end, the root is empty. Bytes of a label that are no
// plain character stand as \DDD, a dot or backslash inside of one as \. and \\ (RFC 1035, 5.1), so that text and
// wire form can be told from one another and nothing of a foreign name is lost.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tightship::net {

inline constexpr std::size_t kMaxNameOctets = 255, kMaxLabelOctets = 63;

// Any spelling of a name, in our form: lower case, no final dot. Not checked.
std::string canonical_name(std::string_view name);

// Fails with Usage: an empty or overlong label, a name over 255 octets, a broken escape.
Result<std::vector<std::uint8_t>> encode_name(std::string_view name);

// Appends a label's bytes, escaped and in lower case.
void append_label(std::string& name, std::string_view label);

// Offset of every label's beginning; none for the root.
std::vector<std::size_t> label_starts(std::string_view name);
std::size_t label_count(std::string_view name);
// Without its first label; the parent of a top level domain, and of the root, is the root.
std::string_view parent_name(std::string_view name);
// Its last `count` labels, or all.
std::string_view last_labels(std::string_view name, std::size_t count);
// Equal to `zone`, or below it.
bool is_in_zone(std::string_view name, std::string_view zone);

}  // namespace tightship::net
