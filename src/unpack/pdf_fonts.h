#pragma once

// The fonts that a PDF's content streams name: which text their codes stand for, and how wide it is drawn.
//
// Source: ISO 32000-1, 9.5 to 9.10; 7.7.3 (pages). A stream's fonts are those of its own /Resources, else of the page whose
// /Contents it is, its parents' included; a name that is not there is taken from any resources of the file that have
// it. Characters come from ToUnicode, /Differences, an encoding of Unicode's own (UniGB-UCS2-H), and at last from the
// code itself as ASCII. What has none of them is U+FFFD.
//
// Fonts are read when a text asks for them. One object a thread; it must not outlive its document.

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "unpack/pdf_map.h"
#include "unpack/pdf_objects.h"

namespace tightship::unpack {

class PdfFont {
 public:
  struct Code {
    std::uint32_t value = 0;
    std::size_t size = 1;  // bytes
  };
  // Of the code that `codes`, which is not empty, begins with.
  Code next(std::string_view codes) const;
  void append(Code code, std::string& out) const;
  // For a font of size 1; nothing when the file does not say.
  std::optional<double> width(std::uint32_t code) const;
  // Height of letters for a font of size 1, about.
  double em() const { return em_; }

 private:
  friend class PdfFontReader;
  enum class Codes : std::uint8_t { Byte, Two, Spaces, Unicode };
  struct Width {
    std::uint32_t first, last;
    double width;
  };
  Codes codes_ = Codes::Byte;
  PdfCharacterMap map_, spaces_;
  std::array<std::uint32_t, 256> glyphs_{};  // of /Differences
  bool ascii_ = true;                        // a code that is not mapped is ASCII
  std::vector<Width> widths_;                // by their first code
  std::optional<double> default_width_;
  double em_ = 1;
};

class PdfFonts {
 public:
  // The names of some /Resources, and what they refer to. Ordered: names of a hostile file all hash alike.
  using Names = std::map<std::string_view, std::string_view>;

  explicit PdfFonts(PdfDocument& document) : document_(document) {}
  // Of a content stream.
  const Names& names_of(const PdfObject& stream);
  // The streams that are one text with this one, by their places among the document's objects: those of one page, in
  // their order. One that several pages have is the first one's. A stream of no page is alone.
  std::vector<std::uint32_t> page_of(std::uint32_t stream);
  // Null when the file has no such font.
  const PdfFont* find(const Names& names, std::string_view name);

 private:
  static constexpr unsigned kMaxParents = 32;
  static constexpr std::size_t kMaxFonts = 10'000;  // that texts ask for

  struct Page {
    std::string_view resources;
    std::vector<std::uint32_t> streams;
  };
  void look_at_pages();
  void read_page(std::string_view page);
  const Names& names_in(std::string_view resources);
  std::string_view inherited_resources(std::string_view page);

  PdfDocument& document_;
  bool looked_ = false;
  std::vector<Page> pages_;
  std::unordered_map<std::uint32_t, std::size_t> page_of_;           // by the place of a content stream
  std::unordered_map<const char*, Names> names_;                     // by where the resources are written
  std::unordered_map<const char*, std::unique_ptr<PdfFont>> fonts_;  // by where the font is
  Names any_;
};

}  // namespace tightship::unpack
