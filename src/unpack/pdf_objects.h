#pragma once

// The objects of a PDF, and what they refer to.
//
// Source: ISO 32000-1, 7.3.10 (references), 7.5 (file structure), 7.5.7 (object streams). Objects
// are found by their keywords, not through the table of references: nothing in a damaged or edited file is passed over.
// Of several objects with one number the last one in the file is referred to.
//
// Bounds, each told by cut(): kMaxObjects, kMaxOpened bytes of streams that are opened to find one's way, and the
// work of following references, in proportion to the file. O(content). One object a thread.

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "unpack/pdf_values.h"

namespace tightship::unpack {

struct PdfObject {
  std::uint32_t number = 0;
  std::string_view value;       // begins with it; something may follow
  std::optional<Bytes> stream;  // as it is packed
};

class PdfDocument {
 public:
  static constexpr std::size_t kMaxObjects = std::size_t{1} << 20;
  static constexpr std::size_t kMaxOpened = std::size_t{64} << 20;

  explicit PdfDocument(Bytes content);
  PdfDocument(const PdfDocument&) = delete;
  PdfDocument& operator=(const PdfDocument&) = delete;

  bool encrypted() const { return encrypted_; }  // the streams and strings are
  bool cut() const { return cut_; }
  void cut_off() { cut_ = true; }  // by a bound of whoever reads it
  // Those that lie open, in their order; from open_inner() on also those in object streams.
  const std::vector<PdfObject>& objects() const { return objects_; }
  // Reads object streams; the second time nothing.
  void open_inner();

  // Of one of objects(): where it is among them, and whether it is what its number stands for.
  std::uint32_t place_of(const PdfObject& object) const {
    return static_cast<std::uint32_t>(&object - objects_.data());
  }
  bool is_current(const PdfObject& object) const { return with_number(object.number) == &object; }
  const PdfObject* with_number(std::uint32_t number) const;
  // The object of a reference ("12 0 R"), or null.
  const PdfObject* target(std::string_view reference) const;
  // The value, or what it refers to.
  std::string_view resolve(std::string_view value);
  // find_entry, resolved. Empty when the work of following is used up.
  std::string_view entry(std::string_view dictionary, std::string_view key);
  // find_entry that counts as work.
  std::string_view raw_entry(std::string_view dictionary, std::string_view key);
  // read_value that does.
  std::string_view next_value(std::string_view text, std::size_t& at);
  bool work(std::size_t bytes);  // false when it is used up
  // A stream that leads to others, unpacked; kept as long as this is. Empty when it cannot be read.
  std::string_view open(const PdfObject& object);

 private:
  void find_objects(std::string_view text);
  void keep(std::uint32_t number, std::string_view value, std::optional<Bytes> stream);
  void read_inner(std::string_view opened, std::uint32_t count, std::uint32_t first);

  std::vector<PdfObject> objects_;
  std::map<std::uint32_t, std::uint32_t> by_number_;
  std::deque<std::vector<std::uint8_t>> opened_;
  std::size_t opened_bytes_ = 0;
  std::uint64_t work_ = 0;  // bytes that may still be read to find one's way
  bool encrypted_ = false, cut_ = false, inner_ = false;
};

}  // namespace tightship::unpack
