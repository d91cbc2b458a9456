#include "bundle/needle.h"

#include <fmt/format.h>

#include <algorithm>

#include "detect/codec.h"

namespace tightship::bundle {
namespace {

bool in_run(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

Needle piece_needle(std::uint32_t index, Run piece, Form form, std::string bytes) {
  Needle needle;
  needle.bytes = std::move(bytes);
  needle.value = index;
  needle.form = form;
  needle.begin = static_cast<std::uint32_t>(piece.begin);
  needle.size = static_cast<std::uint32_t>(piece.size);
  return needle;
}

// One piece at the begin of the run and one at its end, when both fit without touching.
std::vector<Run> pieces_of(Run run) {
  if (run.size < 2 * kMinRun) return {{run.begin, std::min(run.size, kMaxNeedle)}};
  const std::size_t size = std::min(run.size / 2, kMaxNeedle);
  return {{run.begin, size}, {run.begin + run.size - size, size}};
}

// The characters of the encoding that depend on the piece alone, behind `shift` unknown bytes.
void append_base64(std::string_view value, std::uint32_t index, Run piece, std::vector<Needle>& out) {
  for (std::uint8_t shift = 0; shift < 3; ++shift) {
    std::string padded(shift, '\0');
    padded += value.substr(piece.begin, piece.size);
    const std::size_t skip = (shift * 8u + 5) / 6;
    const std::size_t end = padded.size() * 8 / 6;
    for (const detect::Base64 alphabet : {detect::Base64::Standard, detect::Base64::UrlSafe}) {
      Needle needle = piece_needle(index, piece, Form::Base64,
                                   detect::encode_base64(padded, alphabet, false).substr(skip, end - skip));
      needle.shift = shift;
      needle.skip = static_cast<std::uint8_t>(skip);
      if (alphabet == detect::Base64::UrlSafe && out.back().bytes == needle.bytes) continue;
      out.push_back(std::move(needle));
    }
  }
}

// Each byte of a short piece as `format` writes it, in either case of the digits.
void append_spelled(std::string_view value, std::uint32_t index, Run piece, std::vector<Needle>& out) {
  const Run first{piece.begin, std::min<std::size_t>(piece.size, kMinRun)};
  std::string hex, slash_x, slash_u, percent;
  for (const char c : value.substr(first.begin, first.size)) {
    const auto byte = static_cast<unsigned char>(c);
    hex += fmt::format("{:02x}", byte);
    slash_x += fmt::format("\\x{:02x}", byte);
    slash_u += fmt::format("\\u00{:02x}", byte);
    percent += fmt::format("%{:02x}", byte);
  }
  const auto add = [&](Form form, std::string bytes) {
    Needle needle = piece_needle(index, first, form, std::move(bytes));
    needle.caseless = true;
    out.push_back(std::move(needle));
  };
  add(Form::Hex, std::move(hex));
  add(Form::Spelled, std::move(slash_x));
  add(Form::Spelled, std::move(slash_u));
  add(Form::Spelled, std::move(percent));
}

using Escape = std::string (*)(char c);

std::string escape_js(char c) {
  if (c == '\n') return "\\n";
  if (c == '\t') return "\\t";
  return c == '"' || c == '\\' ? std::string{'\\', c} : std::string(1, c);
}
std::string escape_js_single(char c) { return c == '"' ? "\"" : c == '\'' ? "\\'" : escape_js(c); }
std::string escape_js_template(char c) {
  if (c == '"' || c == '\n') return std::string(1, c);
  return c == '`' || c == '$' ? std::string{'\\', c} : escape_js(c);
}
std::string escape_script(char c) {
  return c == '<' || c == '>' || c == '&' ? fmt::format("\\u{:04x}", static_cast<unsigned>(c)) : escape_js(c);
}
std::string escape_html(char c) {
  switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#x27;";
    default: return std::string(1, c);
  }
}
std::string escape_percent(char c) {
  return in_run(c) || c == '.' || c == '~' ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
}
std::string escape_component(char c) {
  return std::string_view("!*'()").find(c) != std::string_view::npos ? std::string(1, c) : escape_percent(c);
}
std::string escape_none(char c) { return std::string(1, c); }

std::string escaped(std::string_view value, Escape escape) {
  std::string out;
  for (const char c : value) out += escape(c);
  return out;
}

// Every way to write the whole value under up to two escapes, one needle each.
void append_whole(std::string_view value, std::uint32_t index, std::vector<Needle>& out) {
  constexpr Escape kEscapes[] = {escape_none,   escape_js,   escape_js_single, escape_js_template,
                                 escape_script, escape_html, escape_percent,   escape_component};
  std::vector<std::string> forms;
  for (const Escape inner : kEscapes) {
    for (const Escape outer : kEscapes) forms.push_back(escaped(escaped(value, inner), outer));
  }
  std::sort(forms.begin(), forms.end());
  forms.erase(std::unique(forms.begin(), forms.end()), forms.end());
  const Run all{0, value.size()};
  for (std::string& form : forms) out.push_back(piece_needle(index, all, Form::Text, std::move(form)));
}

// Has a digit, or letters of both cases behind its first.
bool is_rare(std::string_view run) {
  bool digit = false, upper = false, low = false;
  for (std::size_t i = 0; i < run.size(); ++i) {
    digit = digit || (run[i] >= '0' && run[i] <= '9');
    upper = upper || (i > 0 && run[i] >= 'A' && run[i] <= 'Z');
    low = low || (run[i] >= 'a' && run[i] <= 'z');
  }
  return digit || (upper && low);
}

}  // namespace

Run longest_run(std::string_view value) {
  Run best;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= value.size(); ++i) {
    if (i < value.size() && in_run(value[i])) continue;
    if (i - begin > best.size) best = {begin, i - begin};
    begin = i + 1;
  }
  return best;
}

void append_needles(std::string_view value, std::uint32_t index, std::vector<Needle>& out) {
  constexpr std::size_t kShortest = 3, kMaxWhole = 64, kShortRun = 5;
  if (value.size() < kShortest) return;
  const Run run = longest_run(value);
  if (run.size >= kMinRun) {
    for (const Run piece : pieces_of(run)) {
      const std::string_view bytes = value.substr(piece.begin, piece.size);
      out.push_back(piece_needle(index, piece, Form::Text, std::string(bytes)));
      append_base64(value, index, piece, out);
      append_spelled(value, index, piece, out);
    }
    return;
  }
  // A short run that is no word is rare enough to be looked at wherever it stands.
  if (run.size >= kShortRun && is_rare(value.substr(run.begin, run.size))) {
    out.push_back(piece_needle(index, run, Form::Text, std::string(value.substr(run.begin, run.size))));
    append_base64(value, index, run, out);
  }
  const Run head{0, std::min(value.size(), kMaxWhole)};
  append_whole(value.substr(head.begin, head.size), index, out);
  append_base64(value, index, {0, std::min(value.size(), kMaxNeedle)}, out);
  append_spelled(value, index, head, out);
}

}  // namespace tightship::bundle
