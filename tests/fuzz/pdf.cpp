// A PDF as a whole, and the parts of its readers by themselves: bytes behind "%PDF-" are a file, others are a content
// stream, a character map or packed data, by their first byte.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "unpack/pdf_filters.h"
#include "unpack/pdf_map.h"
#include "unpack/pdf_objects.h"
#include "unpack/pdf_text.h"
#include "unpack/unpack.h"

namespace {

using namespace tightship;

constexpr std::uint64_t kLimit = 1u << 20;

struct Checker : unpack::Visitor {
  void name(std::string_view, std::size_t) override { ++names; }
  bool wants(std::string_view, Bytes) override { return true; }
  void visit(std::string_view, Bytes content) override {
    if (content.size() > kLimit + (1u << 16) + input) std::abort();
  }
  void problem(unpack::Problem problem) override {
    if (problem.what.empty()) std::abort();
  }
  std::size_t names = 0, input = 0;
};

void read_file(Bytes content) {
  Checker checker;
  checker.input = content.size();
  unpack::Limits limits;
  limits.member = kLimit;
  limits.total = 4 * kLimit;
  limits.members = 200;
  if (unpack::open_container(content, limits, checker).members > limits.members) std::abort();
}

// A font that the same bytes describe: strings are read through whatever it says.
void read_text(Bytes content) {
  unpack::PdfDocument document(content);
  unpack::PdfFonts fonts(document);
  const unpack::PdfFonts::Names names = {{"F1", as_text(content)}};
  const auto text = unpack::read_pdf_text(
      content, [&](std::string_view name) { return fonts.find(names, name.empty() ? name : "F1"); }, kLimit);
  if (!text) return;
  if (text->rest.size() != content.size() && !text->rest.empty()) std::abort();
  for (std::size_t i = 0; i < text->rest.size(); ++i) {
    if (text->rest[i] != ' ' && text->rest[i] != as_text(content)[i]) std::abort();
  }
}

void read_map(Bytes content) {
  const unpack::PdfCharacterMap map = unpack::PdfCharacterMap::read(as_text(content));
  std::string out;
  for (std::uint32_t code = 0; code < 256; ++code) map.append(code, out);
  if (out.size() > 256 * 64) std::abort();
  if (map.code_size(as_text(content)) > content.size()) std::abort();
}

void decode(Bytes content, unpack::PdfFilter filter, std::uint8_t how) {
  unpack::PdfCoding coding;
  const unpack::PdfPredictor predictor{how % 16u, how % 5u + 1u, 8, how % 7u + 1u};
  coding.steps.push_back({filter, predictor, how % 2 == 0});
  std::vector<std::uint8_t> out;
  static_cast<void>(unpack::decode_stream(content, coding, kLimit, out));
  if (out.size() > kLimit) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes content(data, size);
  if (as_text(content).starts_with("%PDF-")) {
    read_file(content);
  } else if (size >= 2 && data[0] == 'T') {
    read_text(content.subspan(1));
  } else if (size >= 2 && data[0] == 'M') {
    read_map(content.subspan(1));
  } else if (size >= 2) {
    decode(content.subspan(2), static_cast<unpack::PdfFilter>(data[0] % 5), data[1]);
  }
  return 0;
}
