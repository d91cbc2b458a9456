#include "scan/message_place.h"

#include <utility>

namespace tightship::scan {

MessagePlace message_place(std::string_view content, std::uint64_t offset, bool tag) {
  const std::size_t blank = content.find("\n\n");
  const std::size_t message = blank == std::string_view::npos ? content.size() : blank + 2;
  const detect::Place text = tag ? detect::Place::TagMessage : detect::Place::CommitMessage;
  if (offset >= message) return {text, message};
  const std::size_t newline = offset == 0 ? std::string_view::npos : content.rfind('\n', offset - 1);
  const std::size_t line = newline == std::string_view::npos ? 0 : newline + 1;
  const std::pair<std::string_view, detect::Place> kinds[] = {
      {"author ", detect::Place::Author}, {"committer ", detect::Place::Committer}, {"tagger ", detect::Place::Tagger}};
  for (const auto& [prefix, place] : kinds) {
    if (content.substr(line).starts_with(prefix)) return {place, line + prefix.size()};
  }
  return {text, 0};
}

Hit moved_to_part(Hit hit, Bytes content, const MessagePlace& part) {
  if (hit.encoding != Encoding::Bytes) return hit;
  const std::uint64_t begin = hit.position.offset - part.begin;
  hit.position = locate(content.subspan(part.begin), begin, begin + hit.length);
  return hit;
}

}  // namespace tightship::scan
