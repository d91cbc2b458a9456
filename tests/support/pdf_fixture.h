#pragma once

// Small PDFs for tests.

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/encodings.h"

namespace tightship::test {

// "7 0 obj ... endobj"
inline std::string pdf_object(int number, std::string_view value) {
  return fmt::format("{} 0 obj\n{}\nendobj\n", number, value);
}

inline std::string pdf_stream(int number, std::string_view entries, std::string_view bytes) {
  return pdf_object(number, fmt::format("<< {} /Length {} >>\nstream\r\n{}\nendstream", entries, bytes.size(), bytes));
}

inline std::string flate_stream(int number, std::string_view content, std::string_view entries = "") {
  return pdf_stream(number, fmt::format("{} /Filter /FlateDecode", entries), packed(content, 15));
}

// A stream of objects, number and value each.
inline std::string pdf_object_stream(int number, const std::vector<std::pair<int, std::string>>& objects) {
  std::string head, body;
  for (const auto& [inner, value] : objects) {
    head += fmt::format("{} {} ", inner, body.size());
    body += value + " ";
  }
  return flate_stream(number, head + body, fmt::format("/Type /ObjStm /N {} /First {}", objects.size(), head.size()));
}

inline std::string pdf_file(std::string_view objects, std::string_view trailer = "/Root 1 0 R") {
  return fmt::format("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n{}trailer\n<< {} >>\nstartxref\n0\n%%EOF\n", objects, trailer);
}

// Its lists of codes in a ToUnicode map, as producers write it.
inline std::string character_map(std::string_view lists, std::string_view space = "<0000> <FFFF>") {
  return fmt::format(
      "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo\n<< /Registry (Adobe)\n/Ordering "
      "(UCS)\n/Supplement 0\n>> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n{}\n"
      "endcodespacerange\n{}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n",
      space, lists);
}

}  // namespace tightship::test
