#include "scan/container.h"

#include <algorithm>
#include <set>
#include <utility>

#include "detect/detector.h"
#include "detect/member_path.h"
#include "scan/office_text.h"
#include "scan/text.h"

namespace tightship::scan {
namespace {

using unpack::Problem;

class MemberScanner : public unpack::Visitor {
 public:
  MemberScanner(const detect::RuleSet& rules, std::string_view path, const ScanText& scan_text)
      : rules_(rules), path_(path), scan_text_(scan_text) {}

  void name(std::string_view member, std::size_t own) override;
  bool wants(std::string_view member, Bytes head) override;
  void visit(std::string_view member, Bytes content) override;
  void problem(Problem problem) override;
  // The container itself, as far as it could not be opened: what lies open in it. Without what is known.
  void scan_open_bytes(Bytes content);

  ContainerAnswer answer;

 private:
  bool knows_path() const { return !path_.empty() && path_ != detect::kNoFile; }
  // Nothing is known of a path that is not known: what depends on it is decided later.
  std::string rule_path(std::string_view member) const {
    return knows_path() ? detect::member_path(path_, member) : std::string(path_);
  }
  void keep(Hit&& hit, std::string_view member);
  void scan_office_text(std::string_view member, Bytes content, const std::vector<Hit>& known);

  const detect::RuleSet& rules_;
  std::string_view path_;
  const ScanText& scan_text_;
};

void MemberScanner::keep(Hit&& hit, std::string_view member) {
  if (answer.hits.size() >= kMaxHits) {
    answer.truncated = true;
    return;
  }
  hit.member = member;
  answer.hits.push_back(std::move(hit));
}

// A folder's or an outer member's name is told there, not again at everything in it.
void MemberScanner::name(std::string_view member, std::size_t own) {
  ++answer.counts.members;
  if (own == 0) return;
  const std::size_t before = member.size() - own;
  const std::size_t slash = member.rfind('/');
  const std::size_t begin = slash == std::string_view::npos || slash < before ? before : slash + 1;
  for (Hit& hit : scan_text_(as_bytes(member), rule_path(member))) {
    if (hit.position.offset + hit.secret.size() <= begin) continue;
    hit.of_name = true;
    keep(std::move(hit), member);
  }
  const std::string asked = knows_path() ? rule_path(member) : std::string(member);
  for (const std::uint16_t rule : detect::rules_of_path(rules_, asked)) {
    // The value is the member's path alone: it is the same wherever the archive lies.
    Hit hit = path_hit(rule, std::string(member));
    hit.of_name = true;
    keep(std::move(hit), member);
  }
}

bool MemberScanner::wants(std::string_view, Bytes head) {
  if (compressed_media(head.first(std::min(head.size(), kMediaHead))).empty()) return true;
  ++answer.counts.media;
  return false;
}

void MemberScanner::visit(std::string_view member, Bytes content) {
  std::vector<Hit> hits = scan_text_(content, rule_path(member));
  if (is_office_xml(content)) scan_office_text(member, content, hits);
  for (Hit& hit : hits) keep(std::move(hit), member);
}

// Moves a hit in the text to the XML that it was read from. `cursor` goes forward.
void move_to_xml(const DecodedText& text, Bytes xml, LineCursor& cursor, Hit& hit) {
  const auto origin = [&](const detect::Position& position, std::uint32_t length) {
    const auto begin = static_cast<std::uint32_t>(position.offset);
    return text.origin(begin, begin + length);
  };
  const auto position = [&](Stretch place) {
    LineCursor end = cursor;
    end.advance(xml, place.end);
    return detect::Position{cursor.line, static_cast<std::uint32_t>(place.begin - cursor.line_start + 1), end.line,
                            static_cast<std::uint32_t>(place.end - end.line_start + 1), place.begin};
  };
  const Stretch match = origin(hit.match_position, hit.match_length), place = origin(hit.position, hit.length);
  cursor.advance(xml, std::max(cursor.offset, std::uint64_t{match.begin}));
  hit.match_position = position({std::max(match.begin, static_cast<std::uint32_t>(cursor.offset)), match.end});
  cursor.advance(xml, place.begin);
  hit.position = position(place);
  hit.match_length = match.size();
  hit.length = place.size();
  const std::string_view written = as_text(xml.subspan(place.begin, place.size()));
  if (hit.chain.empty() && written == hit.secret) return;
  hit.chain = std::string(coding_name(text.coding)) + (hit.chain.empty() ? "" : " > ") + hit.chain;
  hit.written = written;
}

// What is not among those that stand in one piece.
void MemberScanner::scan_office_text(std::string_view member, Bytes content, const std::vector<Hit>& known) {
  std::set<std::pair<std::uint16_t, std::string_view>> seen;
  for (const Hit& hit : known) seen.emplace(hit.rule, hit.secret);
  const DecodedText text = read_office_text(content);
  LineCursor cursor;
  for (Hit& hit : scan_text_(as_bytes(text.text), rule_path(member))) {
    if (seen.contains({hit.rule, hit.secret})) continue;
    move_to_xml(text, content, cursor, hit);
    keep(std::move(hit), member);
  }
}

void MemberScanner::problem(Problem problem) {
  if (problem.kind == Problem::Kind::Encrypted) {
    ++answer.counts.encrypted;
    return;
  }
  if (problem.kind == Problem::Kind::Plain) {
    ++answer.counts.plain;
    return;
  }
  answer.losses.push_back({LossKind::UnreadArchive, std::move(problem.what), std::move(problem.member), {}});
}

void MemberScanner::scan_open_bytes(Bytes content) {
  std::set<std::pair<std::uint16_t, std::string>> known;
  for (const Hit& hit : answer.hits) known.emplace(hit.rule, hit.secret);
  for (Hit& hit : scan_text_(content, path_)) {
    if (!known.contains({hit.rule, hit.secret})) keep(std::move(hit), {});
  }
}

}  // namespace

ContainerAnswer scan_container(const detect::RuleSet& rules, Bytes content, std::string_view path,
                               const unpack::Limits& limits, const ScanText& scan_text) {
  MemberScanner scanner(rules, path, scan_text);
  const unpack::Opened opened = unpack::open_container(content, limits, scanner);
  const unpack::Format format = unpack::format_of(content);
  const bool as_bytes_too = unpack::has_more_than_members(format) || (!opened.whole && unpack::lies_open(format));
  if (as_bytes_too) scanner.scan_open_bytes(content);
  scanner.answer.counts.archives = opened.containers;
  scanner.answer.counts.bytes = opened.bytes;
  return std::move(scanner.answer);
}

}  // namespace tightship::scan
