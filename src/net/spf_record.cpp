#include "net/spf_record.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "detect/source_text.h"
#include "detect/text_class.h"

namespace tightship::net {
namespace {

using detect::is_alphanumeric;
using detect::is_digit;
using detect::is_letter;
using detect::lowered;

constexpr std::string_view kVersion = "v=spf1";
constexpr std::string_view kMechanisms[] = {"all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists"};
constexpr SpfKind kKinds[] = {SpfKind::All, SpfKind::Include, SpfKind::A,   SpfKind::Mx,
                              SpfKind::Ptr, SpfKind::Ip4,     SpfKind::Ip6, SpfKind::Exists};

// The length of a macro-expand at the start of `text` ("%{d2r.-}", "%%"); 0 when it is none.
std::size_t macro_length(std::string_view text, bool exp) {
  if (text.size() < 2 || text[0] != '%') return 0;
  if (detect::is_one_of(text[1], "%_-")) return 2;
  if (text[1] != '{' || text.size() < 4) return 0;
  const char letter = detect::to_lower(text[2]);
  if (!detect::is_one_of(letter, exp ? "slodiphcrtv" : "slodiphv")) return 0;
  std::size_t at = 3;
  while (at < text.size() && is_digit(text[at])) ++at;
  if (text.substr(3, at - 3) == "0") return 0;  // at least one label (7.1)
  if (at < text.size() && (text[at] | 0x20) == 'r') ++at;
  while (at < text.size() && detect::is_one_of(text[at], ".-+,/_=")) ++at;
  return at < text.size() && text[at] == '}' ? at + 1 : 0;
}

// macro-string: what is wrong with it, or nothing. `macro` becomes true when it holds one.
std::string macro_fault(std::string_view text, bool exp, bool& macro, bool& ends_in_macro) {
  ends_in_macro = false;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '%') {
      const std::size_t length = macro_length(text.substr(at), exp);
      if (length == 0) return "a macro is broken";
      macro = ends_in_macro = true;
      at += length;
    } else if (text[at] < 0x21 || text[at] > 0x7e) {
      return "a character is not allowed here";
    } else {
      ends_in_macro = false;
      ++at;
    }
  }
  return {};
}

// toplabel: letters, digits, inner hyphens, not digits alone (section 12).
bool is_top_label(std::string_view label) {
  if (label.empty() || label.front() == '-' || label.back() == '-') return false;
  return detect::all(label, [](char c) { return is_alphanumeric(c) || c == '-'; }) && !detect::all(label, is_digit);
}

std::string domain_fault(std::string_view spec, bool exp, bool& macro) {
  if (spec.empty()) return "the domain is missing";
  bool ends_in_macro = false;
  if (std::string fault = macro_fault(spec, exp, macro, ends_in_macro); !fault.empty()) return fault;
  if (ends_in_macro) return {};
  if (spec.ends_with('.')) spec.remove_suffix(1);
  const std::size_t dot = spec.rfind('.');
  if (dot == std::string_view::npos || !is_top_label(spec.substr(dot + 1))) return "this is no domain name";
  if (macro) return {};
  return encode_name(spec) ? std::string() : "this is no domain name";
}

// A prefix length of at most `max`, without leading zeros; -1 when it is none.
int prefix_of(std::string_view text, int max) {
  int value = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.empty() || !is_digit(text[0])) return -1;
  if (text.size() > 1 && text[0] == '0') return -1;
  return value <= max ? value : -1;
}

class Parser {
 public:
  SpfRecord parse(std::string_view text);

 private:
  void term(std::string_view word);
  void mechanism(std::string_view word, char qualifier);
  void modifier(std::string_view word, std::string_view name, std::string_view value);
  void take(SpfKind kind, SpfTerm& term, std::string_view rest);
  void take_domain(SpfTerm& term, std::string_view spec);
  void take_address(SpfTerm& term, std::string_view rest, bool v6);
  std::string_view take_dual_prefix(SpfTerm& term, std::string_view rest);
  void unknown(std::string_view word, std::string_view name);
  void error(std::string_view term, std::string what, std::string help = {}) {
    record_.errors.push_back({std::string(term), std::move(what), std::move(help)});
  }
  void remark(std::string_view term, std::string what, std::string help = {}) {
    record_.remarks.push_back({std::string(term), std::move(what), std::move(help)});
  }

  SpfRecord record_;
  bool after_all_ = false;
};

SpfRecord Parser::parse(std::string_view text) {
  text.remove_prefix(kVersion.size());
  while (!text.empty()) {
    const std::size_t begin = text.find_first_not_of(' ');
    if (begin == std::string_view::npos) break;
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    term(text.substr(begin, end - begin));
    text.remove_prefix(end);
  }
  if (after_all_) {  // 6.1: redirect is ignored then, wherever it stands
    std::erase_if(record_.terms, [&](const SpfTerm& t) {
      if (t.kind == SpfKind::Redirect) remark(t.text, "a redirect beside 'all' is never followed");
      return t.kind == SpfKind::Redirect;
    });
  }
  return std::move(record_);
}

void Parser::term(std::string_view word) {
  const std::size_t mark = word.find_first_of("=:/");
  if (mark != std::string_view::npos && word[mark] == '=' && is_letter(word.front())) {
    return modifier(word, word.substr(0, mark), word.substr(mark + 1));
  }
  char qualifier = '+';
  std::string_view rest = word;
  if (detect::is_one_of(rest.front(), "+-~?")) {
    qualifier = rest.front();
    rest.remove_prefix(1);
  }
  mechanism(rest, qualifier);
}

void Parser::unknown(std::string_view word, std::string_view name) {
  const std::string low = lowered(name);
  std::string help;
  if (low == "ipv4" || low == "ip") help = "ip4:";
  if (low == "ipv6") help = "ip6:";
  if (low.find("all") != std::string::npos && low.size() > 3) help = "a space is missing before the all";
  if (low == "v") help = "only one v=spf1, at the beginning";
  if (help.empty()) help = detect::nearest_name(low, kMechanisms);
  error(word, fmt::format("there is no mechanism '{}'", name), std::move(help));
}

void Parser::mechanism(std::string_view word, char qualifier) {
  const std::size_t mark = std::min(word.find_first_of(":/"), word.size());
  const std::string name = lowered(word.substr(0, mark));
  const auto known = std::find(std::begin(kMechanisms), std::end(kMechanisms), name);
  if (known == std::end(kMechanisms)) return unknown(word, word.substr(0, mark));
  SpfTerm term;
  term.kind = kKinds[known - std::begin(kMechanisms)];
  term.qualifier = qualifier;
  term.text = (qualifier == '+' ? "" : std::string(1, qualifier)) + std::string(word);
  const std::size_t before = record_.errors.size();
  take(term.kind, term, word.substr(mark));
  if (record_.errors.size() != before) return;  // also behind "all": a fault anywhere is one (4.6)
  if (after_all_) return remark(term.text, "what follows 'all' is never read");
  if (term.kind == SpfKind::All) after_all_ = true;
  record_.terms.push_back(std::move(term));
}

void Parser::take(SpfKind kind, SpfTerm& term, std::string_view rest) {
  switch (kind) {
    case SpfKind::All:
      if (!rest.empty()) error(term.text, "'all' takes nothing", "write it alone: -all");
      return;
    case SpfKind::Ip4: return take_address(term, rest, false);
    case SpfKind::Ip6: return take_address(term, rest, true);
    case SpfKind::A:
    case SpfKind::Mx:
      rest = take_dual_prefix(term, rest);
      if (!rest.empty()) take_domain(term, rest.substr(1));
      return;
    case SpfKind::Ptr:
      if (!rest.empty()) take_domain(term, rest.substr(1));
      return;
    default: break;
  }
  if (!rest.starts_with(':')) return error(term.text, "the domain is missing");
  take_domain(term, rest.substr(1));
}

void Parser::take_domain(SpfTerm& term, std::string_view spec) {
  const std::string fault = domain_fault(spec, false, term.macro);
  if (!fault.empty()) return error(term.text, fault);
  term.domain = term.macro ? std::string(spec) : canonical_name(spec);
}

void Parser::take_address(SpfTerm& term, std::string_view rest, bool v6) {
  if (!rest.starts_with(':')) return error(term.text, "the address is missing");
  rest.remove_prefix(1);
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  const auto endpoint = parse_endpoint(rest.substr(0, slash));
  if (!endpoint || endpoint->port != 0 || rest.starts_with('[')) return error(term.text, "this is no IP address");
  if (endpoint->address.v6 != v6) {
    return error(term.text, v6 ? "this is an IPv4 address" : "this is an IPv6 address", v6 ? "ip4:" : "ip6:");
  }
  term.address = endpoint->address;
  if (slash == rest.size()) return;
  const int prefix = prefix_of(rest.substr(slash + 1), v6 ? 128 : 32);
  if (prefix < 0) return error(term.text, "this is no prefix length");
  (v6 ? term.prefix6 : term.prefix4) = prefix;
}

// "/24", "//64", "/24//64" at the end of `rest`: read, and what is before them given back.
std::string_view Parser::take_dual_prefix(SpfTerm& term, std::string_view rest) {
  // A slash inside of a macro is a delimiter.
  const std::size_t from = rest.rfind('}') == std::string_view::npos ? 0 : rest.rfind('}');
  const std::size_t slash = rest.find('/', from);
  if (slash == std::string_view::npos) return rest;
  std::string_view prefixes = rest.substr(slash);
  if (const std::size_t two = prefixes.find("//"); two != std::string_view::npos) {
    term.prefix6 = prefix_of(prefixes.substr(two + 2), 128);
    if (term.prefix6 < 0) error(term.text, "this is no prefix length");
    prefixes = prefixes.substr(0, two);
  }
  if (!prefixes.empty()) {
    term.prefix4 = prefix_of(prefixes.substr(1), 32);
    if (term.prefix4 < 0) error(term.text, "this is no prefix length");
  }
  return rest.substr(0, slash);
}

void Parser::modifier(std::string_view word, std::string_view name, std::string_view value) {
  const std::string low = lowered(name);
  const bool named = detect::all(low, [](char c) { return is_alphanumeric(c) || detect::is_one_of(c, "-_."); });
  if (!named) return error(word, "this is no mechanism and no modifier");
  SpfTerm term;
  term.kind = low == "redirect" ? SpfKind::Redirect : low == "exp" ? SpfKind::Exp : SpfKind::UnknownModifier;
  term.text = std::string(word);
  if (term.kind == SpfKind::UnknownModifier) {
    bool ends = false;
    const std::string fault = macro_fault(value, true, term.macro, ends);
    if (!fault.empty()) return error(word, fault);
    if (std::find(std::begin(kMechanisms), std::end(kMechanisms), low) != std::end(kMechanisms)) {
      remark(word, fmt::format("'{}' is followed by '=': receivers ignore it", low), fmt::format("{}:{}", low, value));
    }
    return record_.terms.push_back(std::move(term));
  }
  const std::string fault = domain_fault(value, false, term.macro);
  if (!fault.empty()) return error(word, fault);
  const auto same = [&](const SpfTerm& t) { return t.kind == term.kind; };
  if (std::any_of(record_.terms.begin(), record_.terms.end(), same)) {
    return error(word, fmt::format("'{}' stands here more than once", low));
  }
  term.domain = term.macro ? std::string(value) : canonical_name(value);
  record_.terms.push_back(std::move(term));
}

}  // namespace

bool SpfRecord::has_all() const {
  return std::any_of(terms.begin(), terms.end(), [](const SpfTerm& t) { return t.kind == SpfKind::All; });
}

bool is_spf_record(std::string_view text) {
  if (text.size() < kVersion.size() || lowered(text.substr(0, kVersion.size())) != kVersion) return false;
  return text.size() == kVersion.size() || text[kVersion.size()] == ' ';
}

bool looks_like_spf(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\"'");
  if (begin == std::string_view::npos) return false;
  std::string start = lowered(text.substr(begin, 12));
  std::erase(start, ' ');
  return start.starts_with("v=spf1") || start.starts_with("spf1") || start.starts_with("v:spf1") ||
         start.starts_with("v=spf:");
}

SpfRecord parse_spf_record(std::string_view text) { return Parser().parse(text); }

}  // namespace tightship::net
