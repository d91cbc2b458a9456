#include "git/object.h"

#include <charconv>
#include <limits>
#include <optional>

namespace tightship::git {
namespace {

constexpr std::string_view kSpaces = " \t\r\n\v\f";

std::string_view trimmed_right(std::string_view text) {
  const std::size_t last = text.find_last_not_of(kSpaces);
  return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kSpaces);
  return first == std::string_view::npos ? std::string_view{} : trimmed_right(text.substr(first));
}

// Takes one line off `rest`, without its newline.
std::string_view take_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return line;
}

// Takes the line "key value" off `rest` when it is the next one.
std::optional<std::string_view> take_field(std::string_view& rest, std::string_view key) {
  if (!rest.starts_with(key) || rest.size() <= key.size() || rest[key.size()] != ' ') return std::nullopt;
  return take_line(rest).substr(key.size() + 1);
}

std::optional<Oid> oid_of(std::string_view hex, HashKind hash) {
  return hex.size() == 2 * oid_size(hash) ? Oid::from_hex(hex) : std::nullopt;
}

// Everything up to the blank line is the header; a header without one has no message.
struct Split {
  std::string_view header, message;
};

Split split_header(std::string_view content) {
  const std::size_t blank = content.find("\n\n");
  if (blank == std::string_view::npos) return {content, {}};
  return {content.substr(0, blank + 1), content.substr(blank + 2)};
}

// " 1700000000 +0100" after the address. An unreadable part stays zero.
void parse_time(std::string_view text, Identity& identity) {
  text = trimmed(text);
  const char* end = text.data() + text.size();
  std::int64_t time = 0;
  const auto [after_time, time_error] = std::from_chars(text.data(), end, time);
  if (time_error != std::errc{} || time < 0) return;
  identity.time = time;
  std::string_view zone = trimmed(text.substr(static_cast<std::size_t>(after_time - text.data())));
  if (zone.size() < 2 || (zone[0] != '+' && zone[0] != '-')) return;
  std::int32_t hours_minutes = 0;
  const auto [after_zone, zone_error] = std::from_chars(zone.data() + 1, end, hours_minutes);
  if (zone_error != std::errc{} || hours_minutes < 0 || hours_minutes > 9999) return;
  const std::int32_t minutes = hours_minutes / 100 * 60 + hours_minutes % 100;
  identity.zone_minutes = zone[0] == '-' ? -minutes : minutes;
}

// As git's ident.c splits a line: the address is what the first <> hold, the time follows the last >,
// so that a name or an address with odd brackets still has its time.
Identity parse_identity(std::string_view line) {
  Identity identity;
  identity.raw = line;
  const std::size_t open = line.find('<');
  identity.name = trimmed(line.substr(0, open));
  if (open == std::string_view::npos) return identity;
  const std::size_t close = line.find('>', open);
  identity.email = line.substr(open + 1, close == std::string_view::npos ? close : close - open - 1);
  if (close != std::string_view::npos) parse_time(line.substr(line.rfind('>') + 1), identity);
  return identity;
}

}  // namespace

std::string_view object_type_name(ObjectType type) {
  switch (type) {
    case ObjectType::Commit: return "commit";
    case ObjectType::Tree: return "tree";
    case ObjectType::Blob: return "blob";
    case ObjectType::Tag: return "tag";
  }
  return "unknown";
}

Result<Commit> parse_commit(Bytes content, HashKind hash) {
  Commit commit;
  const Split split = split_header(as_text(content));
  commit.header = split.header;
  commit.message = split.message;
  std::string_view rest = split.header;
  const auto tree_line = take_field(rest, "tree");
  const auto tree = tree_line ? oid_of(*tree_line, hash) : std::nullopt;
  if (!tree) return fail(ErrorKind::Corrupt, "commit does not begin with a readable tree line");
  commit.tree = *tree;
  while (const auto line = take_field(rest, "parent")) {
    const auto parent = oid_of(*line, hash);
    if (!parent) return fail(ErrorKind::Corrupt, "commit has an unreadable parent line");
    commit.parents.push_back(*parent);
  }
  if (const auto line = take_field(rest, "author")) commit.author = parse_identity(*line);
  if (const auto line = take_field(rest, "committer")) commit.committer = parse_identity(*line);
  return commit;
}

std::string_view subject_of(std::string_view message) {
  while (!message.empty()) {
    const std::string_view line = trimmed(take_line(message));
    if (!line.empty()) return line;
  }
  return {};
}

Result<Tag> parse_tag(Bytes content, HashKind hash) {
  Tag tag;
  const Split split = split_header(as_text(content));
  tag.message = split.message;
  std::string_view rest = split.header;
  const auto object_line = take_field(rest, "object");
  const auto target = object_line ? oid_of(*object_line, hash) : std::nullopt;
  if (!target) return fail(ErrorKind::Corrupt, "tag does not begin with a readable object line");
  tag.target = *target;
  const auto type = take_field(rest, "type");
  if (!type) return fail(ErrorKind::Corrupt, "tag has no type line");
  tag.target_type = *type;
  const auto name = take_field(rest, "tag");
  if (!name) return fail(ErrorKind::Corrupt, "tag has no name line");
  tag.name = *name;
  // Tags made before July 2005 have no tagger.
  if (const auto line = take_field(rest, "tagger")) tag.tagger = parse_identity(*line);
  return tag;
}

bool TreeReader::next(TreeEntry& entry) {
  if (broken_ || at_ == content_.size()) return false;
  broken_ = true;  // until the entry proves whole
  const std::string_view rest = as_text(content_.subspan(at_));
  std::uint32_t mode = 0;
  const auto [digits_end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), mode, 8);
  const auto digits = static_cast<std::size_t>(digits_end - rest.data());
  if (error != std::errc{} || digits >= rest.size() || rest[digits] != ' ') return false;
  const std::size_t name_at = digits + 1;
  const std::size_t name_end = rest.find('\0', name_at);
  if (name_end == std::string_view::npos || name_end == name_at) return false;
  if (rest.size() - name_end - 1 < oid_size_) return false;
  if (at_ + name_at > std::numeric_limits<std::uint32_t>::max()) return false;
  entry.mode = mode;
  entry.name = rest.substr(name_at, name_end - name_at);
  entry.oid = content_.subspan(at_ + name_end + 1, oid_size_);
  entry.name_offset = static_cast<std::uint32_t>(at_ + name_at);
  at_ += name_end + 1 + oid_size_;
  broken_ = false;
  return true;
}

}  // namespace tightship::git
