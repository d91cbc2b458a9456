#pragma once

// Text armor: "-----BEGIN LABEL-----", headers, base64 lines, "-----END LABEL-----" (RFC 7468, RFC 4880), as
// it stands in files, in JSON and env strings with \n escapes, quoted, indented or commented out.

#include <optional>
#include <string>
#include <string_view>

namespace tightship::detect {

struct Armor {
  std::string label;     // "RSA PRIVATE KEY"
  std::string headers;   // "Proc-Type: 4,ENCRYPTED\n..."
  std::string body;      // decoded
  std::string checksum;  // the text behind "=" of OpenPGP's last line, or empty
};

// Nothing when a marker is missing, a line between them is neither a header nor base64, or the base64
// does not decode: a stub such as "...", a cut key, a key with a placeholder inside.
std::optional<Armor> read_armor(std::string_view text);

}  // namespace tightship::detect
