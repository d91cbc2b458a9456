// Depth first by recursion, bounded by Limits::depth (and kMaxDepth, as the stack has to hold it).

#include "unpack/unpack.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "unpack/archive_reader.h"
#include "unpack/pdf_filters.h"
#include "unpack/pdf_fonts.h"
#include "unpack/pdf_objects.h"
#include "unpack/pdf_text.h"

namespace tightship::unpack {
namespace {

using Kind = Problem::Kind;

constexpr std::size_t kMaxProblems = 64;  // told of one outermost container; the last says that there are more
constexpr std::size_t kMaxName = 4096;    // bytes of a member's name that are kept

std::string join(std::string_view outer, std::string_view inner) {
  if (outer.empty()) return std::string(inner);
  return inner.empty() ? std::string(outer) : fmt::format("{}!{}", outer, inner);
}

class Opening {
 public:
  Opening(std::uint64_t packed, const Limits& limits, Visitor& visitor)
      : packed_(packed), limits_(limits), visitor_(visitor) {}

  // False when not all of it could be read.
  bool open(Bytes content, Format format, const std::string& path, unsigned depth);
  bool open_pdf(Bytes content, const std::string& path, unsigned depth);
  void tell(Kind kind, const std::string& member, std::string what);
  const Opened& answer() const { return answer_; }

 private:
  struct Level {
    ArchiveReader& reader;
    Format format;
    const std::string& path;
    unsigned depth;
    Kind damage() const { return format == Format::Tar || format == Format::Cpio ? Kind::Plain : Kind::Damaged; }
  };
  bool read_member(const Level& level, std::vector<std::uint8_t>& buffer);
  bool end_damaged(const Level& level, bool last_was_whole);
  bool pass_over(const Level& level, const std::string& path);
  bool judge(const Level& level, const std::string& path, ArchiveReader::Data end, std::uint64_t room);
  bool judge_limit(const std::string& path, std::uint64_t room);
  bool read_pdf_text_of(const std::vector<std::uint32_t>& streams, PdfDocument& document, PdfFonts& fonts,
                        const std::string& path, unsigned depth, std::vector<std::uint8_t>& buffer);
  void give_pdf_text(const std::string& member, const PdfObject& object, PdfFonts& fonts, Bytes content, unsigned depth,
                     bool lies_open);
  bool count_member(const std::string& path);
  void hand_over(const std::string& path, Bytes content, bool all, unsigned depth);
  std::uint64_t allowed() const;
  std::uint64_t room() const;
  std::string reached() const;

  std::uint64_t packed_;
  const Limits& limits_;
  Visitor& visitor_;
  Opened answer_;
  std::size_t problems_ = 0;
  bool stopped_ = false;  // by a bound on the whole
};

void Opening::tell(Kind kind, const std::string& member, std::string what) {
  if (kind != Kind::Encrypted) answer_.whole = false;
  const bool listed = kind != Kind::Encrypted && kind != Kind::Plain;
  if (listed && ++problems_ > kMaxProblems) return;
  if (listed && problems_ == kMaxProblems) what = "more in it cannot be read";
  visitor_.problem({kind, member, std::move(what)});
}

// Expanded bytes that the whole may have.
std::uint64_t Opening::allowed() const {
  const std::uint64_t by_ratio =
      packed_ > UINT64_MAX / std::max<std::uint64_t>(limits_.ratio, 1) ? UINT64_MAX : packed_ * limits_.ratio;
  return std::min(limits_.total, std::max(by_ratio, kRatioFloor));
}

std::string Opening::reached() const {
  if (allowed() == limits_.total) return fmt::format("expands to more than {} MiB", limits_.total >> 20);
  return fmt::format("expands to more than {} times its size", limits_.ratio);
}

bool Opening::open(Bytes content, Format format, const std::string& path, unsigned depth) {
  ++answer_.containers;
  if (format == Format::Pdf) return open_pdf(content, path, depth);
  ArchiveReader reader(format == Format::ZipBehind ? zip_behind(content) : content, format);
  const Level level{reader, format, path, depth};
  std::vector<std::uint8_t> buffer;
  bool all = true, last = true;  // last: the member before this one
  for (;; all &= last) {
    const auto step = reader.next();
    if (step == ArchiveReader::Step::End) return all;
    if (step == ArchiveReader::Step::Damaged) return all & end_damaged(level, last);
    if (!count_member(path)) return false;
    buffer.clear();
    last = step == ArchiveReader::Step::Member ? read_member(level, buffer) : pass_over(level, reader.name());
    if (stopped_) return false;
  }
}

bool Opening::count_member(const std::string& path) {
  if (answer_.members >= limits_.members) {
    stopped_ = true;
    tell(Kind::Limit, path, fmt::format("has more than {} members", limits_.members));
    return false;
  }
  ++answer_.members;
  return true;
}

bool Opening::open_pdf(Bytes content, const std::string& path, unsigned depth) {
  PdfDocument document(content);
  if (document.encrypted()) {
    tell(Kind::Encrypted, path, "is encrypted");
    return true;
  }
  PdfFonts fonts(document);
  std::vector<std::uint8_t> buffer;
  bool all = true;
  for (std::uint32_t i = 0; i < document.objects().size() && !stopped_; ++i) {
    if (!document.objects()[i].stream) continue;
    const std::vector<std::uint32_t> streams = fonts.page_of(i);
    if (*std::min_element(streams.begin(), streams.end()) != i) continue;  // read with the others of its page
    all &= read_pdf_text_of(streams, document, fonts, path, depth, buffer);
  }
  if (document.cut() && !stopped_) {
    tell(Kind::Limit, path, "pdf has more objects than are looked at");
    all = false;
  }
  return all;
}

// What is damaged in a stream lies open as little as before: it is counted, as the damage of a tar is.
bool Opening::read_pdf_text_of(const std::vector<std::uint32_t>& streams, PdfDocument& document, PdfFonts& fonts,
                               const std::string& path, unsigned depth, std::vector<std::uint8_t>& buffer) {
  buffer.clear();
  std::vector<std::uint8_t> part;
  std::string first;
  bool all = true, lies_open = true;
  for (const std::uint32_t place : streams) {
    const PdfObject& object = document.objects()[place];
    const PdfCoding coding = read_coding(object.value, document);
    const bool may_draw = as_text(*object.stream).find("BT") != std::string_view::npos;
    if (coding.kind == PdfCoding::Kind::Media) continue;
    if (coding.kind == PdfCoding::Kind::Readable && coding.steps.empty() && !may_draw && streams.size() == 1) continue;
    const std::string member = join(path, fmt::format("object {}", object.number));
    if (!count_member(path)) return false;
    visitor_.name(member, 0);
    if (coding.kind == PdfCoding::Kind::Unknown) {
      tell(Kind::Unsupported, member, "has a filter that is not known");
      all = false;
      continue;
    }
    if (first.empty()) first = member;
    lies_open &= coding.steps.empty();
    const std::uint64_t before = room();
    const std::uint64_t left = limits_.member - std::min<std::uint64_t>(limits_.member, buffer.size());
    const Inflated end = decode_stream(*object.stream, coding, std::min(before, left), part);
    answer_.bytes += part.size();
    if (!buffer.empty()) buffer.push_back('\n');
    buffer.insert(buffer.end(), part.begin(), part.end());
    if (end == Inflated::Damaged) tell(Kind::Plain, member, "stream is damaged");
    if (end == Inflated::TooMuch) all &= judge_limit(member, before);
    if (end == Inflated::TooMuch) break;
  }
  if (!first.empty()) give_pdf_text(first, document.objects()[streams.front()], fonts, buffer, depth, lies_open);
  return all;
}

// What pages draw, and what of their streams is not drawn: each byte of a stream is in one of the two.
void Opening::give_pdf_text(const std::string& member, const PdfObject& object, PdfFonts& fonts, Bytes content,
                            unsigned depth, bool lies_open) {
  if (is_container(content)) return hand_over(member, content, true, depth);
  if (!visitor_.wants(member, content.first(std::min(content.size(), kFormatHead)))) return;
  const PdfFonts::Names* names = nullptr;
  const FontOf font_of = [&](std::string_view name) {
    if (names == nullptr) names = &fonts.names_of(object);
    return fonts.find(*names, name);
  };
  const auto text = read_pdf_text(content, font_of, limits_.member);
  if (text) {
    visitor_.visit(member, as_bytes(text->drawn));
    if (text->cut) tell(Kind::Limit, member, fmt::format("draws more than {} MiB", limits_.member >> 20));
  }
  if (!lies_open) visitor_.visit(member, text ? as_bytes(text->rest) : content);
}

// Damage that began in the last member was told there.
bool Opening::end_damaged(const Level& level, bool last_was_whole) {
  if (level.reader.asks_for_password()) {
    tell(Kind::Encrypted, level.path, "the list of members is encrypted");
    return true;
  }
  if (last_was_whole) {
    tell(level.damage(), level.path,
         fmt::format("{} archive is damaged: {}", format_name(level.format), level.reader.problem()));
  }
  return false;
}

// Bytes that may still be expanded.
std::uint64_t Opening::room() const { return allowed() - std::min(allowed(), answer_.bytes); }

// Tells what ended the data of a member. False when something of it is missing.
bool Opening::judge(const Level& level, const std::string& path, ArchiveReader::Data end, std::uint64_t room_before) {
  switch (end) {
    case ArchiveReader::Data::All: return true;
    case ArchiveReader::Data::Encrypted: tell(Kind::Encrypted, path, "is encrypted"); return true;
    case ArchiveReader::Data::Unsupported: tell(Kind::Unsupported, path, level.reader.problem()); return false;
    case ArchiveReader::Data::Damaged: tell(level.damage(), path, level.reader.problem()); return false;
    case ArchiveReader::Data::TooMuch: break;
  }
  return judge_limit(path, room_before);
}

bool Opening::judge_limit(const std::string& path, std::uint64_t room_before) {
  stopped_ = room_before <= limits_.member;
  tell(Kind::Limit, path, stopped_ ? reached() : fmt::format("is larger than {} MiB", limits_.member >> 20));
  return false;
}

// What is not wanted is expanded all the same where that is the only way to what follows.
bool Opening::pass_over(const Level& level, const std::string& path) {
  const std::uint64_t before = room();
  const auto end = level.reader.skip(before, answer_.bytes);
  if (end != ArchiveReader::Data::TooMuch) return judge(level, path, end, before);
  stopped_ = true;
  tell(Kind::Limit, path, reached());
  return false;
}

bool Opening::read_member(const Level& level, std::vector<std::uint8_t>& buffer) {
  const std::string name = level.reader.name().substr(0, kMaxName);
  const std::string path = join(level.path, name);
  visitor_.name(path, name.size());
  auto end = level.reader.read(kFormatHead, buffer);
  const bool goes_on = end == ArchiveReader::Data::TooMuch;
  if (end != ArchiveReader::Data::Encrypted && !is_container(buffer) && !visitor_.wants(path, buffer)) {
    return !goes_on || pass_over(level, path);
  }
  const std::uint64_t before = room();
  if (goes_on) end = level.reader.read(std::max<std::uint64_t>(kFormatHead, std::min(before, limits_.member)), buffer);
  answer_.bytes += buffer.size();
  const bool all = judge(level, path, end, before);
  if (end == ArchiveReader::Data::Encrypted) return true;
  hand_over(path, buffer, all, level.depth);
  if (end == ArchiveReader::Data::TooMuch && !stopped_) return pass_over(level, path) && all;
  return all;
}

void Opening::hand_over(const std::string& path, Bytes content, bool all, unsigned depth) {
  const Format format = format_of(content);
  if (format == Format::None) return visitor_.visit(path, content);
  if (depth + 1 > std::min(limits_.depth, kMaxDepth)) {
    tell(Kind::Limit, path,
         fmt::format("lies deeper than {} archives in one another", std::min(limits_.depth, kMaxDepth)));
    return visitor_.visit(path, content);
  }
  const bool read = open(content, format, path, depth + 1) && all;
  if ((!read && lies_open(format)) || has_more_than_members(format)) visitor_.visit(path, content);
}

}  // namespace

Opened open_container(Bytes content, const Limits& limits, Visitor& visitor) {
  Opening opening(content.size(), limits, visitor);
  const Format format = format_of(content);
  if (content.size() > limits.packed) {
    opening.tell(Kind::Limit, {}, fmt::format("archive is larger than {} MiB", limits.packed >> 20));
  } else if (format == Format::None) {
    opening.tell(Kind::Unsupported, {}, "is no archive");
  } else {
    static_cast<void>(opening.open(content, format, {}, 1));
  }
  return opening.answer();
}

}  // namespace tightship::unpack
