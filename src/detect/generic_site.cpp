#include "detect/generic_site.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "detect/folded.h"
#include "detect/judgement.h"
#include "detect/member_path.h"
#include "detect/text_class.h"

namespace tightship::detect {
namespace {

constexpr std::size_t kMaxNameReach = 48;

bool is_name_character(char c) { return is_letter(c) || is_digit(c) || c == '_' || c == '-' || c == '.'; }

// The name that the match begins in or right behind: left to its start, right to its end.
std::pair<std::size_t, std::size_t> name_range(std::string_view blob, std::size_t start, std::size_t value) {
  std::size_t begin = start, end = start;
  while (begin > 0 && start - begin < kMaxNameReach && is_name_character(blob[begin - 1])) --begin;
  while (end < value && is_name_character(blob[end])) ++end;
  return {begin, end};
}

char operation_of(std::string_view between) {
  for (std::size_t i = 0; i < between.size(); ++i) {
    const std::string_view rest = between.substr(i);
    if (rest.starts_with("==") || rest.starts_with("!=")) return '!';
    if (rest.starts_with("=>") || rest.starts_with("->")) return '>';
    if (rest.starts_with(":=")) return '=';
    // A type stands between: `password: String = "..."`.
    if (rest[0] == ':') return between.find('=', i) != std::string_view::npos ? '=' : ':';
    if (rest[0] == '=' || rest[0] == ',' || rest[0] == '(') return rest[0];
    if (rest[0] == '>') return '<';
  }
  return ' ';
}

Form form_of(const Site& site) {
  if (site.operation == '<') return Form::Markup;
  if (site.operation == ' ') return site.name.starts_with('-') ? Form::Flag : Form::Sql;
  if (site.operation == ',' || site.operation == '(') return Form::Argument;
  return site.quote != 0 ? Form::Quoted : Form::Bare;
}

bool is_comment(std::string_view line) {
  const std::size_t at = line.find_first_not_of(" \t");
  if (at == std::string_view::npos) return false;
  const std::string_view text = line.substr(at);
  return text[0] == '#' || text[0] == '*' || text[0] == ';' || text.starts_with("//") || text.starts_with("--") ||
         text.starts_with("/*") || text.starts_with("<!--");
}

// The quote that is open where `before` ends, or 0. Escaped quotes are quotes of an outer string.
char open_quote(std::string_view before) {
  char open = 0;
  for (const char c : before) {
    if (open == 0 && is_quote(c))
      open = c;
    else if (c == open)
      open = 0;
  }
  return open;
}

// A blank, perhaps after a comma, and a letter, a bracket, a sign of code or a member: the sentence or the code goes on.
bool begins_word(std::string_view rest) {
  if (rest.starts_with(',')) rest.remove_prefix(1);
  if (rest.size() > 2 && rest[0] == ' ' && rest[1] == '.' && is_letter(rest[2])) return true;
  return rest.size() > 1 && rest[0] == ' ' && (is_alphanumeric(rest[1]) || is_one_of(rest[1], "(?$\""));
}

std::string_view without_blanks(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
}

// The closing quote, itself escaped perhaps, and a colon.
bool closes_name(std::string_view rest) {
  while (rest.starts_with('\\')) rest.remove_prefix(1);
  if (rest.empty() || !is_quote(rest[0])) return false;
  rest = without_blanks(rest.substr(1));
  return rest.starts_with(':') && !rest.starts_with("::");
}

// `" + name`, `' . $name`, `" .. name`: what follows the value in the quotes `quote`. A blank and a dot may be a
// call of the next line's method, so a dot asks for a dollar.
bool joins_variable(std::string_view rest, char quote) {
  if (quote == 0 || rest.empty() || rest[0] != quote) return false;
  rest = without_blanks(rest.substr(1));
  if (rest.empty() || !is_one_of(rest[0], "+.")) return false;
  const bool plus = rest[0] == '+';
  rest = without_blanks(rest.substr(1));
  return !rest.empty() && (rest[0] == '$' || (plus && (is_letter(rest[0]) || rest[0] == '_')));
}

// `? "`
bool ends_with_question(std::string_view before) {
  if (before.empty() || !is_quote(before.back())) return false;
  before.remove_suffix(1);
  const std::size_t last = before.find_last_not_of(" \t\r\n");
  return last != std::string_view::npos && before[last] == '?';
}

// `"user", "`
bool ends_with_item(std::string_view before) {
  if (before.empty() || !is_quote(before.back())) return false;
  before.remove_suffix(1);
  const std::size_t comma = before.find_last_not_of(" \t\r\n");
  if (comma == std::string_view::npos || before[comma] != ',' || comma == 0) return false;
  const std::size_t item = before.find_last_not_of(" \t\r\n", comma - 1);
  return item != std::string_view::npos && is_quote(before[item]);
}

constexpr std::size_t kLinesAround = 3;
constexpr std::size_t kMaxAround = 300;  // of a line

// Whether what the line assigns has a blank between letters.
bool assigns_sentence(std::string_view line) {
  line = line.substr(0, kMaxAround);
  const std::size_t operation = line.find_first_of(":=");
  if (operation == std::string_view::npos) return false;
  std::string_view text = line.substr(operation + 1);
  text.remove_prefix(std::min(text.size(), text.find_first_not_of(" \t\"'=")));
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    const auto is_text = [](char c) { return is_letter(c) || static_cast<unsigned char>(c) > 127 || c == ','; };
    if (text[i] == ' ' && is_text(text[i - 1]) && is_text(text[i + 1])) return true;
  }
  return false;
}

std::size_t count_sentences(std::string_view blob, std::string_view line) {
  std::size_t found = 0;
  auto begin = static_cast<std::size_t>(line.data() - blob.data());
  for (std::size_t i = 0; i < kLinesAround && begin > 0; ++i) {
    const std::size_t end = begin - 1;
    const std::size_t least = end > kMaxAround ? end - kMaxAround : 0;
    begin = end;
    while (begin > least && blob[begin - 1] != '\n') --begin;
    found += assigns_sentence(blob.substr(begin, end - begin)) ? 1 : 0;
    if (begin == least && begin > 0 && blob[begin - 1] != '\n') break;
  }
  std::size_t at = static_cast<std::size_t>(line.data() - blob.data()) + line.size();
  for (std::size_t i = 0; i < kLinesAround && at < blob.size(); ++i) {
    const std::size_t start = at + 1;
    const std::string_view rest = blob.substr(std::min(start, blob.size()), kMaxAround);
    const std::size_t length = std::min(rest.find('\n'), rest.size());
    found += assigns_sentence(rest.substr(0, length)) ? 1 : 0;
    if (length == kMaxAround) break;
    at = start + length;
  }
  return found;
}

}  // namespace

Site read_site(std::string_view blob, std::string_view path, const Candidate& whole) {
  // Of a value that is folded the first line tells what it is.
  Candidate candidate = whole;
  candidate.length = static_cast<std::uint32_t>(first_fold(blob.substr(whole.start, whole.length)).size());
  candidate.match_length = std::min(whole.match_length, candidate.start + candidate.length - candidate.match_start);
  const auto [begin, end] = name_range(blob, candidate.match_start, candidate.start);
  const std::size_t stop = std::size_t{candidate.start} + candidate.length;
  Site site;
  site.name = blob.substr(begin, end - begin);
  site.between = blob.substr(end, candidate.start - end);
  site.value = blob.substr(candidate.start, candidate.length);
  site.line = lines_of(blob, candidate);
  site.before = begin > 0 ? blob[begin - 1] : '\0';
  site.after = stop < blob.size() ? blob[stop] : '\0';
  if (!site.between.empty() && is_quote(site.between.back())) site.quote = site.between.back();
  site.before_word = begins_word(blob.substr(stop));
  site.goes_on = joins_variable(blob.substr(stop, kMaxNameReach), site.quote);
  const char* const line_begin = site.line.data();
  if (line_begin < site.name.data()) {
    const auto before = static_cast<std::size_t>(site.name.data() - line_begin);
    const bool own_quote = is_quote(site.before) && site.between.starts_with(site.before);
    const char open = open_quote({line_begin, before - (own_quote ? 1 : 0)});
    // `"no password" : value`: the text ends before the value begins.
    const bool ends = site.quote == 0 && site.between.find(open) != std::string_view::npos;
    site.in_string = open != 0 && !ends;
  }
  site.operation = operation_of(site.between);
  site.form = form_of(site);
  site.wrapped = site.operation != '(' && site.between.find('(') != std::string_view::npos;
  site.commented = is_comment(site.line);
  site.names_next = site.operation == ',' && closes_name(blob.substr(stop, kMaxNameReach));
  const std::size_t reach = std::min(begin, kMaxNameReach);
  site.in_list = site.operation == ',' && ends_with_item(blob.substr(begin - reach, reach));
  site.alternative = site.operation == ':' && ends_with_question(blob.substr(begin - reach, reach));
  site.no_file = path == kNoFile;
  if (site.no_file) path = {};
  const std::string_view file = naming_path(path);
  site.kind = file_kind(file);
  site.test_path = is_test_path(file);
  site.lock_file = is_lock_file(file);
  site.translation = is_translation(file);
  site.style_sheet = is_style_sheet(file);
  site.sentences = count_sentences(blob, site.line);
  return site;
}

}  // namespace tightship::detect
