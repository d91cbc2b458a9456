#include "unpack/pdf_objects.h"

#include <algorithm>

#include "unpack/pdf_filters.h"

namespace tightship::unpack {
namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::uint64_t kWorkPerByte = 16, kLeastWork = std::uint64_t{1} << 20;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "12 0 " in front of "obj": where it begins, and the number.
struct Header {
  std::size_t begin;
  std::uint32_t number;
};
std::optional<Header> header_before(std::string_view text, std::size_t keyword, std::size_t floor) {
  constexpr std::size_t kLongest = 32;
  floor = std::max(floor, keyword - std::min(keyword, kLongest));
  std::size_t at = keyword;
  const auto back = [&](auto is) {
    const std::size_t before = at;
    while (at > floor && is(text[at - 1])) --at;
    return before - at;
  };
  back(is_pdf_blank);
  if (back(is_digit) == 0 || back(is_pdf_blank) == 0) return std::nullopt;
  const std::size_t end = at;
  if (back(is_digit) == 0) return std::nullopt;
  const auto number = read_whole(text.substr(at, end - at));
  return number ? std::optional(Header{at, *number}) : std::nullopt;
}

// A word in a text that is asked for from places that go forward.
class Word {
 public:
  Word(std::string_view text, std::string_view word) : text_(text), word_(word), at_(text.find(word)) {}
  std::size_t from(std::size_t place) {
    if (at_ < place) at_ = text_.find(word_, place);
    return at_;
  }

 private:
  std::string_view text_, word_;
  std::size_t at_;
};

bool ends_dictionary(std::string_view text, std::size_t begin, std::size_t end) {
  while (end > begin && is_pdf_blank(text[end - 1])) --end;
  return text.substr(begin, end - begin).ends_with(">>");
}

}  // namespace

PdfDocument::PdfDocument(Bytes content) : work_(kWorkPerByte * content.size() + kLeastWork) {
  find_objects(as_text(content));
}

void PdfDocument::keep(std::uint32_t number, std::string_view value, std::optional<Bytes> stream) {
  if (objects_.size() >= kMaxObjects) {
    cut_ = true;
    return;
  }
  by_number_[number] = static_cast<std::uint32_t>(objects_.size());
  objects_.push_back({number, value, stream});
}

// Goes from one keyword to the next; what is in streams is passed over.
void PdfDocument::find_objects(std::string_view text) {
  Word object(text, "obj"), stream(text, "stream"), trailer(text, "trailer");
  bool is_open = false;      // an object
  std::uint32_t number = 0;  // of it
  std::size_t begin = 0;     // of its value
  const auto close = [&](std::size_t end) {
    if (is_open) keep(number, text.substr(begin, end - begin), std::nullopt);
    is_open = false;
  };
  for (std::size_t at = 0;;) {
    const std::size_t next = std::min({object.from(at), stream.from(at), trailer.from(at)});
    if (next == kNone) break;
    if (next == object.from(at)) {
      const std::size_t floor = at;
      at = next + 3;
      if (text.substr(floor, next - floor).ends_with("end")) {
        close(next - 3);
      } else if (const auto header = header_before(text, next, floor)) {
        close(header->begin);
        is_open = true;
        number = header->number;
        begin = at;
      }
    } else if (next == stream.from(at)) {
      at = next + 6;
      if (!is_open || !ends_dictionary(text, begin, next)) continue;
      if (at < text.size() && text[at] == '\r') ++at;
      if (at < text.size() && text[at] == '\n') ++at;
      const std::string_view value = text.substr(begin, next - begin);
      std::size_t end = kNone;
      if (const auto length = read_whole(find_entry(value, "Length")); length && *length <= text.size() - at) {
        std::size_t there = at + *length;
        skip_pdf_blanks(text.substr(0, std::min(text.size(), there + 3)), there);
        if (text.substr(there).starts_with("endstream")) end = at + *length;
      }
      if (end == kNone) end = std::min(text.find("endstream", at), text.size());
      keep(number, value, as_bytes(text.substr(at, end - at)));
      if (find_entry(value, "Type") == "/XRef" && !find_entry(value, "Encrypt").empty()) encrypted_ = true;
      is_open = false;
      at = std::min(text.size(), end + std::string_view("endstream").size());
    } else {
      close(next);
      at = next + 7;
      const std::string_view until = text.substr(at, trailer.from(at) - at);
      if (!find_entry(until, "Encrypt").empty()) encrypted_ = true;
    }
  }
  close(text.size());
}

bool PdfDocument::work(std::size_t bytes) {
  if (bytes <= work_) {
    work_ -= bytes;
    return true;
  }
  work_ = 0;
  cut_ = true;
  return false;
}

std::string_view PdfDocument::open(const PdfObject& object) {
  if (!object.stream || !work(object.stream->size())) return {};
  const PdfCoding coding = read_coding(object.value, *this);
  if (coding.kind != PdfCoding::Kind::Readable) return {};
  std::vector<std::uint8_t> out;
  const Inflated end = decode_stream(*object.stream, coding, kMaxOpened - opened_bytes_, out);
  if (end == Inflated::TooMuch) cut_ = true;
  opened_bytes_ += out.size();
  work_ += kWorkPerByte * out.size();
  opened_.push_back(std::move(out));
  return as_text(opened_.back());
}

void PdfDocument::open_inner() {
  if (inner_) return;
  inner_ = true;
  for (std::size_t i = 0, count = objects_.size(); i < count; ++i) {
    const PdfObject object = objects_[i];
    if (!object.stream || find_entry(object.value, "Type") != "/ObjStm") continue;
    const auto members = read_whole(entry(object.value, "N")), first = read_whole(entry(object.value, "First"));
    if (members && first) read_inner(open(object), *members, *first);
  }
}

void PdfDocument::read_inner(std::string_view opened, std::uint32_t count, std::uint32_t first) {
  if (first > opened.size()) return;
  const std::string_view head = opened.substr(0, first), body = opened.substr(first);
  std::size_t at = 0;
  for (std::uint32_t i = 0; i < count && at < head.size(); ++i) {
    const auto number = read_whole(read_value(head, at)), offset = read_whole(read_value(head, at));
    if (number && offset && *offset < body.size()) keep(*number, body.substr(*offset), std::nullopt);
  }
}

const PdfObject* PdfDocument::with_number(std::uint32_t number) const {
  const auto found = by_number_.find(number);
  return found == by_number_.end() ? nullptr : &objects_[found->second];
}

const PdfObject* PdfDocument::target(std::string_view reference) const {
  if (!reference.ends_with('R') || !is_digit(reference.front())) return nullptr;
  const auto number = read_whole(reference.substr(0, reference.find_first_not_of("0123456789")));
  return number ? with_number(*number) : nullptr;
}

std::string_view PdfDocument::resolve(std::string_view value) {
  constexpr int kMaxSteps = 8;
  for (int i = 0; i < kMaxSteps && value.ends_with('R'); ++i) {
    const PdfObject* const object = target(value);
    if (object == nullptr) break;
    std::string_view there = object->value;
    std::size_t at = 0;
    skip_pdf_blanks(there, at);
    if (!work(at)) return {};
    there.remove_prefix(at);
    if (there.starts_with('<') || there.starts_with('[')) return there;  // its end is looked for by whoever reads it
    at = 0;
    value = read_value(there, at);
    if (!work(at)) return {};
  }
  return value;
}

std::string_view PdfDocument::next_value(std::string_view text, std::size_t& at) {
  const std::size_t before = at;
  if (work_ == 0) return {};
  const std::string_view value = read_value(text, at);
  return work(at - before) ? value : std::string_view();
}

std::string_view PdfDocument::raw_entry(std::string_view dictionary, std::string_view key) {
  if (work_ == 0) return {};
  const std::string_view value = find_entry(dictionary, key);
  // What was not found was looked for in all of it, which is mostly the rest of the text when it lies in a stream of
  // objects: its end is looked for once more only to count.
  std::size_t read = 0;
  if (value.empty()) {
    read_value(dictionary, read);
  } else {
    read = static_cast<std::size_t>(value.data() + value.size() - dictionary.data());
  }
  return work(read) ? value : std::string_view();
}

std::string_view PdfDocument::entry(std::string_view dictionary, std::string_view key) {
  return resolve(raw_entry(dictionary, key));
}

}  // namespace tightship::unpack
