#include "net/dns_name.h"

#include <fmt/format.h>

#include "detect/text_class.h"

namespace tightship::net {
namespace {

bool is_plain(char c) { return c > ' ' && c < 0x7f && c != '.' && c != '\\' && c != '"' && c != ';'; }

// The byte at `at`, which is moved behind it; -1 on a broken escape.
int next_byte(std::string_view text, std::size_t& at) {
  if (text[at] != '\\') return static_cast<std::uint8_t>(text[at++]);
  if (at + 1 >= text.size()) return -1;
  if (!detect::is_digit(text[at + 1])) {
    at += 2;
    return static_cast<std::uint8_t>(text[at - 1]);
  }
  int value = 0;
  for (std::size_t i = at + 1; i < at + 4; ++i) {
    if (i >= text.size() || !detect::is_digit(text[i])) return -1;
    value = value * 10 + (text[i] - '0');
  }
  at += 4;
  return value < 256 ? value : -1;
}

}  // namespace

std::string canonical_name(std::string_view name) {
  if (name.ends_with('.') && !name.ends_with("\\.")) name.remove_suffix(1);
  return detect::lowered(name);
}

void append_label(std::string& name, std::string_view label) {
  for (const char c : label) {
    if (is_plain(c))
      name += detect::to_lower(c);
    else if (c == '.' || c == '\\')
      (name += '\\') += c;
    else
      name += fmt::format("\\{:03}", static_cast<std::uint8_t>(c));
  }
}

Result<std::vector<std::uint8_t>> encode_name(std::string_view name) {
  const auto bad = [&](std::string_view what) {
    return fail(ErrorKind::Usage, std::string(what), std::string(name), "a name such as www.example.com");
  };
  std::vector<std::uint8_t> out;
  if (name.ends_with('.') && !name.ends_with("\\.")) name.remove_suffix(1);
  std::size_t at = 0;
  while (at < name.size()) {
    const std::size_t length_at = out.size();
    out.push_back(0);
    while (at < name.size() && name[at] != '.') {
      const int byte = next_byte(name, at);
      if (byte < 0) return bad("a domain name holds a broken escape");
      out.push_back(static_cast<std::uint8_t>(byte));
      if (out.size() > kMaxNameOctets) return bad("a domain name is longer than 255 octets");
    }
    const std::size_t length = out.size() - length_at - 1;
    if (length == 0) return bad("a domain name has an empty label");
    if (length > kMaxLabelOctets) return bad("a domain name has a label of more than 63 octets");
    out[length_at] = static_cast<std::uint8_t>(length);
    if (at < name.size() && ++at == name.size()) return bad("a domain name has an empty label");
  }
  out.push_back(0);
  if (out.size() > kMaxNameOctets) return bad("a domain name is longer than 255 octets");
  return out;
}

std::vector<std::size_t> label_starts(std::string_view name) {
  std::vector<std::size_t> starts;
  if (name.empty()) return starts;
  starts.push_back(0);
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '\\')
      ++i;
    else if (name[i] == '.')
      starts.push_back(i + 1);
  }
  return starts;
}

std::size_t label_count(std::string_view name) { return label_starts(name).size(); }

std::string_view parent_name(std::string_view name) {
  const auto starts = label_starts(name);
  return starts.size() < 2 ? std::string_view() : name.substr(starts[1]);
}

std::string_view last_labels(std::string_view name, std::size_t count) {
  const auto starts = label_starts(name);
  if (count >= starts.size()) return name;
  return count == 0 ? std::string_view() : name.substr(starts[starts.size() - count]);
}

bool is_in_zone(std::string_view name, std::string_view zone) {
  if (zone.empty() || name == zone) return true;
  if (name.size() <= zone.size() + 1 || !name.ends_with(zone)) return false;
  for (const std::size_t start : label_starts(name)) {
    if (start == name.size() - zone.size()) return true;
  }
  return false;
}

}  // namespace tightship::net
