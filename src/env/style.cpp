#include "env/style.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <unordered_set>

#include "detect/text_class.h"
#include "env/style_lines.h"
#include "lint/secret_value.h"

namespace tightship::env {
namespace {

constexpr std::array<std::string_view, 14> kChecks = {
    "DuplicatedKey",    "EndingBlankLine",    "ExtraBlankLine", "IncorrectDelimiter", "KeyWithoutValue",
    "LeadingCharacter", "LowercaseKey",       "QuoteCharacter", "SchemaViolation",    "SpaceCharacter",
    "SubstitutionKey",  "TrailingWhitespace", "UnorderedKey",   "ValueWithoutQuotes"};

class Checker {
 public:
  Checker(std::string_view text, const Schema* schema, const std::vector<std::string>& ignore, std::string_view role)
      : lines_(style_lines(text)), schema_(schema), role_(role) {
    off_.insert(ignore.begin(), ignore.end());
    ends_without_newline_ = !text.empty() && text.back() != '\n';
  }

  std::vector<StyleNote> run() {
    for (const StyleLine& line : lines_) {
      number_ = line.number;
      if (line.kind == StyleLine::Kind::Comment && switch_checks(line.text)) begin_group();
      look_at(line);
    }
    if (blank_before_ && !ends_without_newline_) {
      number_ = lines_.back().number + 1;
      note("ExtraBlankLine", "Extra blank line detected");
    }
    if (ends_without_newline_ && !lines_.empty()) {
      number_ = lines_.back().number;
      note("EndingBlankLine", "No blank line at the end of the file");
    }
    if (schema_ != nullptr) missing_keys();
    std::stable_sort(notes_.begin(), notes_.end(), [](const StyleNote& a, const StyleNote& b) {
      return a.line != b.line ? a.line < b.line : a.check < b.check;
    });
    return std::move(notes_);
  }

 private:
  void note(std::string_view check, std::string message) {
    if (off_.count(check) == 0) notes_.push_back({check, number_, std::move(message)});
  }

  // "dotenv-linter:off LowercaseKey, UnorderedKey"; without names it is for all.
  bool switch_checks(std::string_view comment) {
    const auto said = style_switch(comment);
    if (!said) return false;
    for (const std::string_view name : kChecks) {
      if (!said->names.empty() && std::find(said->names.begin(), said->names.end(), name) == said->names.end())
        continue;
      if (said->off)
        off_.insert(std::string(name));
      else
        off_.erase(std::string(name));
    }
    return true;
  }

  void begin_group() {
    group_.clear();
    unsorted_ = false;
  }

  void look_at(const StyleLine& line) {
    if (line.kind == StyleLine::Kind::Blank) {
      if (blank_before_) note("ExtraBlankLine", "Extra blank line detected");
      blank_before_ = true;
      begin_group();
    } else {
      blank_before_ = false;
    }
    if (line.kind != StyleLine::Kind::Comment && line.text.ends_with(' '))
      note("TrailingWhitespace", "Trailing whitespace detected");
    if (line.kind == StyleLine::Kind::Assignment) assignment(line);
  }

  void assignment(const StyleLine& line) {
    const std::string key(line.key);
    if (!line.has_value) note("KeyWithoutValue", "The " + key + " key should be with a value or have an equal sign");
    seen_.insert(key);
    const bool told = off_.count("DuplicatedKey") == 0;  // what a switch leaves out is no first one either
    if (told && !told_.insert(key).second) note("DuplicatedKey", "The " + key + " key is duplicated");
    if (!line.lead.empty() || (!key.empty() && !detect::is_letter(key[0]) && key[0] != '_'))
      note("LeadingCharacter", "Invalid leading character detected");
    if (has_wrong_delimiter(key)) note("IncorrectDelimiter", "The " + key + " key has incorrect delimiter");
    if (std::any_of(key.begin(), key.end(), detect::is_lower))
      note("LowercaseKey", "The " + key + " key should be in uppercase");
    if (line.spaced && line.text.find('=') == line.text.rfind('='))
      note("SpaceCharacter", "The line has spaces around equal sign");
    if (has_needless_quotes(line.value)) note("QuoteCharacter", "The value has quote characters (', \")");
    if (lacks_quotes(line.value)) note("ValueWithoutQuotes", "This value needs to be surrounded in quotes");
    if (has_broken_reference(line.value)) note("SubstitutionKey", "The " + key + " key is not assigned properly");
    if (off_.count("UnorderedKey") == 0) order(line.written_key, line.value);
    if (schema_ != nullptr) by_schema(key, line.value);
  }

  // Within a group the keys ascend. Once they do not, every key is told that some other one has to follow. What
  // refers to a key of the group has to stand behind it, so it begins another.
  void order(std::string_view key, std::string_view value) {
    for (const std::string_view name : referred_keys(value)) {
      if (group_.find(std::string(name)) != group_.end()) return begin_group();
    }
    const auto at = group_.emplace(key);
    unsorted_ |= std::next(at) != group_.end();
    if (!unsorted_) return;
    const auto first = group_.lower_bound(std::string(key));
    if (std::next(first) != group_.end())
      note("UnorderedKey", "The " + std::string(key) + " key should go before the " + *std::next(first) + " key");
  }

  void by_schema(const std::string& key, std::string_view value) {
    const auto entry = schema_->entries.find(key);
    if (entry == schema_->entries.end()) {
      if (!schema_->allow_other_keys) note("SchemaViolation", "The " + key + " key is not defined in the schema");
      return;
    }
    if (entry->second.secret && lint::without_public_prefix(key) != key)
      note("SchemaViolation", "The " + key + " key is a secret, and its prefix makes it public");
    std::string_view inner = value;
    if (inner.size() >= 2 && (inner.front() == '"' || inner.front() == '\'') && inner.back() == inner.front())
      inner = inner.substr(1, inner.size() - 2);
    if (inner.empty() && !entry->second.required) return;
    const std::string fault = schema_fault(entry->second, inner);
    if (!fault.empty()) note("SchemaViolation", "The " + key + " key should be " + fault);
  }

  bool is_wanted_here(const SchemaEntry& entry) const {
    return entry.envs.empty() || std::find(entry.envs.begin(), entry.envs.end(), role_) != entry.envs.end();
  }

  void missing_keys() {
    number_ = lines_.empty() ? 1 : lines_.back().number;
    for (const auto& [key, entry] : schema_->entries) {
      if (entry.required && is_wanted_here(entry) && seen_.count(key) == 0)
        note("SchemaViolation", "The " + key + " key is required and is missing");
    }
  }

  std::vector<StyleLine> lines_;
  const Schema* schema_;
  std::string_view role_;
  std::set<std::string, std::less<>> off_;
  std::vector<StyleNote> notes_;
  std::unordered_set<std::string> seen_, told_;
  std::multiset<std::string> group_;
  bool unsorted_ = false;
  std::uint32_t number_ = 1;
  bool blank_before_ = false, ends_without_newline_ = false;
};

}  // namespace

std::vector<std::string_view> style_checks() { return {kChecks.begin(), kChecks.end()}; }

std::vector<StyleNote> check_style(std::string_view text, const Schema* schema, const std::vector<std::string>& ignore,
                                   std::string_view role) {
  return Checker(text, schema, ignore, role).run();
}

}  // namespace tightship::env
