#include "report/json_value.h"

#include "base/code_point.h"

namespace tightship::report {

std::string lossy_utf8(std::string_view raw) {
  std::string text;
  text.reserve(raw.size());
  for (std::size_t i = 0; i < raw.size();) {
    const CodePoint point = decode_utf8(raw, i);
    text += point.valid ? raw.substr(i, point.size) : std::string_view("\xef\xbf\xbd");
    i += point.size;
  }
  return text;
}

std::string base64(std::string_view raw) {
  constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((raw.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < raw.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, raw.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) group = group << 8 | (k < count ? static_cast<std::uint8_t>(raw[i + k]) : 0u);
    for (std::size_t k = 0; k < 4; ++k) text += k <= count ? kDigits[group >> (18 - 6 * k) & 63] : '=';
  }
  return text;
}

void put_text(Json& object, const std::string& name, std::string_view raw, const SecretMask& mask) {
  put_masked(object, name, mask.mask(raw));
}

void put_masked(Json& object, const std::string& name, const std::string& masked) {
  object[name] = lossy_utf8(masked);
  if (!is_valid_utf8(masked)) object[name + "_base64"] = base64(masked);
}

std::string dump(const Json& value, int indent) {
  return value.dump(indent, ' ', true, Json::error_handler_t::replace);
}

}  // namespace tightship::report
