#pragma once

// "v=DMARC1; p=none; rua=mailto:a@example.com": the tag lists of DMARC (RFC 9989, 4.8), DKIM keys (RFC 6376, 3.2),
// MTA-STS, TLS-RPT and BIMI. Pure; views into the text.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tightship::net {

struct Tag {
  std::string name;        // as written, blanks around it dropped
  std::string_view value;  // likewise
};

struct TagList {
  std::vector<Tag> tags;                         // in order
  std::vector<std::string_view> broken;          // pieces without '=' or without a name
  const Tag* find(std::string_view name) const;  // the first; in any case
  // Names that stand there more than once, in lower case.
  std::vector<std::string> repeated() const;
};

// At most `kMaxTags` pieces are read.
inline constexpr std::size_t kMaxTags = 200;
TagList parse_tag_list(std::string_view text);

std::string_view trimmed(std::string_view text);  // without spaces, tabs and line ends around it
std::vector<std::string_view> split(std::string_view text, char separator);  // trimmed; empty pieces are kept
bool same_word(std::string_view a, std::string_view b);                      // in any case

// A mailto URI, or another. RFC 9989, 4.7: commas and '!' of an address are percent-encoded.
struct ReportUri {
  std::string scheme;   // lower case
  std::string address;  // of mailto: "dmarc@example.com"; else the whole URI
  std::string domain;   // of the address, lower case; of another URI its host
  std::string limit;    // behind '!', obsolete: "10m"
};
std::optional<ReportUri> parse_report_uri(std::string_view text);

}  // namespace tightship::net
