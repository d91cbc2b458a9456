#include "unpack/pdf_fonts.h"

#include <algorithm>

namespace tightship::unpack {

namespace {

constexpr std::uint32_t kUnknown = 0xFFFD;

std::uint32_t number_of(std::string_view bytes) {
  std::uint32_t number = 0;
  for (const char c : bytes) number = number << 8 | static_cast<unsigned char>(c);
  return number;
}

}  // namespace

PdfFont::Code PdfFont::next(std::string_view codes) const {
  std::size_t size = 1;
  if (codes_ == Codes::Two || codes_ == Codes::Unicode) size = 2;
  if (codes_ == Codes::Spaces)
    size = std::max<std::size_t>(1, (spaces_.has_spaces() ? spaces_ : map_).code_size(codes));
  size = std::min(size, codes.size());
  return {number_of(codes.substr(0, size)), size};
}

void PdfFont::append(Code code, std::string& out) const {
  if (map_.append(code.value, out)) return;
  if (codes_ == Codes::Unicode) return append_character(code.value, out);
  if (codes_ == Codes::Byte && code.value < glyphs_.size() && glyphs_[code.value] != 0) {
    return append_character(glyphs_[code.value], out);
  }
  if (ascii_ && code.value < 0x100) {
    if (code.value != 0) out += static_cast<char>(code.value);
    return;
  }
  append_character(kUnknown, out);
}

std::optional<double> PdfFont::width(std::uint32_t code) const {
  if (!spaces_.empty()) code = spaces_.number(code).value_or(0);
  const auto behind = std::upper_bound(widths_.begin(), widths_.end(), code,
                                       [](std::uint32_t value, const Width& width) { return value < width.first; });
  if (behind != widths_.begin() && code <= (behind - 1)->last) return (behind - 1)->width;
  return default_width_;
}

// Reads one font.
class PdfFontReader {
 public:
  PdfFontReader(PdfDocument& document, std::string_view font) : document_(document), font_(font) {}

  std::unique_ptr<PdfFont> read() {
    if (const PdfObject* const map = document_.target(document_.raw_entry(font_, "ToUnicode"))) {
      out_->map_ = PdfCharacterMap::read(document_.open(*map));
    }
    const std::string_view kind = document_.entry(font_, "Subtype");
    if (kind == "/Type0") {
      read_composite();
    } else {
      read_simple(kind == "/Type3");
    }
    return std::move(out_);
  }

 private:
  void read_simple(bool type3) {
    const std::string_view encoding = document_.entry(font_, "Encoding");
    const std::string_view base = encoding.starts_with('/') ? encoding : document_.entry(encoding, "BaseEncoding");
    out_->ascii_ = out_->map_.empty() || !base.empty();
    read_differences(document_.entry(encoding, "Differences"));
    double unit = 0.001;
    if (type3) {
      const std::string_view matrix = document_.entry(font_, "FontMatrix");
      std::size_t at = 1;
      if (matrix.starts_with('[')) unit = read_real(document_.next_value(matrix, at)).value_or(unit);
    }
    const std::string_view widths = document_.entry(font_, "Widths");
    if (!widths.starts_with('[')) return;
    std::uint32_t code = read_whole(document_.entry(font_, "FirstChar")).value_or(0);
    double widest = 0;
    for (std::size_t at = 1; code < 256; ++code) {
      const std::string_view value = document_.next_value(widths, at);
      if (value.empty() || value == "]") break;
      const double width = read_real(document_.resolve(value)).value_or(0) * unit;
      widest = std::max(widest, width);
      out_->widths_.push_back({code, code, width});
    }
    if (type3 && widest > 0) out_->em_ = widest;
  }

  void read_differences(std::string_view list) {
    if (!list.starts_with('[')) return;
    std::uint32_t code = 0;
    for (std::size_t at = 1;;) {
      const std::string_view value = document_.next_value(list, at);
      if (value.empty() || value == "]") return;
      if (const auto number = read_whole(value)) {
        code = *number;
      } else if (value.starts_with('/')) {
        if (code < 256) {
          const std::uint32_t known = character_of_glyph(value.substr(1));
          out_->glyphs_[code] = known;
        }
        ++code;
      }
    }
  }

  void read_composite() {
    const std::string_view written = document_.raw_entry(font_, "Encoding"), name = document_.resolve(written);
    const auto has = [&](std::string_view word) { return name.find(word) != std::string_view::npos; };
    const bool identity = name.starts_with("/Identity");
    out_->codes_ = PdfFont::Codes::Two;
    if (name.starts_with("/Uni") && (has("UCS2") || has("UTF16"))) {
      out_->codes_ = PdfFont::Codes::Unicode;
    } else if (!identity) {
      if (const PdfObject* const map = document_.target(written)) {
        out_->spaces_ = PdfCharacterMap::read(document_.open(*map));
      }
      if (out_->spaces_.has_spaces() || out_->map_.has_spaces()) out_->codes_ = PdfFont::Codes::Spaces;
    }
    out_->ascii_ = out_->map_.empty();
    if (identity || !out_->spaces_.empty()) read_wide_widths();
  }

  // [ first [w w w] first last w ... ]
  void read_wide_widths() {
    const std::string_view list = document_.entry(font_, "DescendantFonts");
    std::size_t at = list.starts_with('[') ? 1 : 0;
    const std::string_view font = document_.resolve(document_.next_value(list, at));
    constexpr double kDefault = 1000, kUnit = 0.001;
    out_->default_width_ = read_real(document_.entry(font, "DW")).value_or(kDefault) * kUnit;
    const std::string_view widths = document_.entry(font, "W");
    if (!widths.starts_with('[')) return;
    at = 1;
    const auto next = [&] { return document_.resolve(document_.next_value(widths, at)); };
    for (;;) {
      const auto first = read_whole(next());
      const std::string_view value = next();
      if (!first) break;
      if (value.starts_with('[')) {
        std::uint32_t code = *first;
        for (std::size_t inner = 1; code < UINT32_MAX; ++code) {
          const auto width = read_real(document_.next_value(value, inner));
          if (!width) break;
          out_->widths_.push_back({code, code, *width * kUnit});
        }
      } else {
        const auto last = read_whole(value);
        const auto width = read_real(next());
        if (!last || !width) break;
        out_->widths_.push_back({*first, *last, *width * kUnit});
      }
    }
    std::stable_sort(out_->widths_.begin(), out_->widths_.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
  }

  PdfDocument& document_;
  std::string_view font_;
  std::unique_ptr<PdfFont> out_ = std::make_unique<PdfFont>();
};

std::string_view PdfFonts::inherited_resources(std::string_view page) {
  for (unsigned i = 0; i < kMaxParents && !page.empty(); ++i) {
    const std::string_view resources = document_.entry(page, "Resources");
    if (!resources.empty()) return resources;
    page = document_.entry(page, "Parent");
  }
  return {};
}

void PdfFonts::look_at_pages() {
  if (looked_) return;
  looked_ = true;
  document_.open_inner();
  for (const PdfObject& object : document_.objects()) {
    if (const std::string_view own = document_.entry(object.value, "Resources"); !own.empty()) {
      const std::size_t known = names_.size();
      const Names& names = names_in(own);
      if (names_.size() > known) any_.insert(names.begin(), names.end());
    }
    if (!object.stream && document_.is_current(object) && document_.raw_entry(object.value, "Type") == "/Page") {
      read_page(object.value);
    }
  }
}

void PdfFonts::read_page(std::string_view page) {
  const std::string_view written = document_.raw_entry(page, "Contents"), contents = document_.resolve(written);
  Page out{inherited_resources(page), {}};
  const auto add = [&](std::string_view reference) {
    const PdfObject* const stream = document_.target(reference);
    if (stream == nullptr || !stream->stream) return;
    const std::uint32_t place = document_.place_of(*stream);
    if (page_of_.try_emplace(place, pages_.size()).second) out.streams.push_back(place);
  };
  if (!contents.starts_with('[')) {
    add(written);
  } else {
    for (std::size_t at = 1;;) {
      const std::string_view value = document_.next_value(contents, at);
      if (value.empty() || value == "]") break;
      add(value);
    }
  }
  if (!out.streams.empty()) pages_.push_back(std::move(out));
}

std::vector<std::uint32_t> PdfFonts::page_of(std::uint32_t stream) {
  look_at_pages();
  const auto page = page_of_.find(stream);
  return page == page_of_.end() ? std::vector{stream} : pages_[page->second].streams;
}

const PdfFonts::Names& PdfFonts::names_in(std::string_view resources) {
  const auto [place, is_new] = names_.try_emplace(resources.data());
  if (!is_new) return place->second;
  const std::string_view fonts = document_.entry(resources, "Font");
  std::size_t at = 2;
  while (fonts.starts_with("<<")) {
    const std::string_view name = document_.next_value(fonts, at);
    if (name.empty() || name == ">>") break;
    if (!name.starts_with('/')) continue;
    const std::string_view value = document_.next_value(fonts, at);
    if (value.empty() || value == ">>") break;
    place->second.emplace(name.substr(1), value);
  }
  return place->second;
}

const PdfFonts::Names& PdfFonts::names_of(const PdfObject& stream) {
  look_at_pages();
  if (const std::string_view own = document_.entry(stream.value, "Resources"); !own.empty()) return names_in(own);
  const PdfObject* const current = document_.with_number(stream.number);
  const auto page = current == nullptr ? page_of_.end() : page_of_.find(document_.place_of(*current));
  if (page == page_of_.end() || pages_[page->second].resources.empty()) return any_;
  return names_in(pages_[page->second].resources);
}

const PdfFont* PdfFonts::find(const Names& names, std::string_view name) {
  auto found = names.find(name);
  if (found == names.end() && (found = any_.find(name)) == any_.end()) return nullptr;
  const std::string_view font = document_.resolve(found->second);
  if (!font.starts_with("<<")) return nullptr;
  if (fonts_.size() >= kMaxFonts && !fonts_.contains(font.data())) {
    document_.cut_off();
    return nullptr;
  }
  const auto [place, is_new] = fonts_.try_emplace(font.data());
  if (is_new) place->second = PdfFontReader(document_, font).read();
  return place->second.get();
}

}  // namespace tightship::unpack
