#include "detect/rule_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <limits>
#include <set>

#include "base/file.h"
#include "detect/source_text.h"
#include "detect/toml_parser.h"

// Keys are looked up in tables, so that a new key is one line, in any case as gitleaks takes them.

namespace tightship::detect {
namespace {

struct StringKey {
  std::string_view key;
  std::string_view Rule::*field;
};
constexpr std::array kStringKeys = {
    StringKey{"id", &Rule::id},
    StringKey{"description", &Rule::title},
    StringKey{"provider", &Rule::provider},
    StringKey{"regex", &Rule::regex},
    StringKey{"path", &Rule::path},
    StringKey{"check", &Rule::check},
    StringKey{"prefix", &Rule::prefix},
    StringKey{"why", &Rule::why},
    StringKey{"impact", &Rule::impact},
    StringKey{"rotate", &Rule::rotate},
    StringKey{"rotate_url", &Rule::rotate_url},
    StringKey{"source", &Rule::source},
};
struct ListKey {
  std::string_view key;
  std::vector<std::string_view> Rule::*field;
};
constexpr std::array kListKeys = {
    ListKey{"anchors", &Rule::anchors},
    ListKey{"keywords", &Rule::keywords},
    ListKey{"tags", &Rule::tags},
    ListKey{"examples", &Rule::examples},
    ListKey{"counterexamples", &Rule::counterexamples},
};
constexpr std::array<std::string_view, 32> kRuleKeys = {
    "id",         "description", "provider",   "regex",    "secretGroup",     "anchors",
    "keywords",   "path",        "entropy",    "kind",     "severity",        "class",
    "check",      "generic",     "prefix",     "why",      "impact",          "rotate",
    "rotate_url", "source",      "tags",       "examples", "counterexamples", "allowlists",
    "allowlist",  "required",    "skipReport", "parts",    "specificity",     "tokenEfficiency",
    "filter",     "validate"};
constexpr std::array<std::string_view, 4> kCompanionKeys = {"id", "name", "withinLines", "withinColumns"};
constexpr std::array<std::string_view, 9> kAllowlistKeys = {
    "description", "condition", "commits", "paths", "regexTarget", "regexes", "stopwords", "targetRules", "id"};
// Of betterleaks, and of no effect here.
constexpr std::array<std::string_view, 3> kUnheeded = {"filter", "prefilter", "validate"};
constexpr std::array<std::string_view, 10> kTopKeys = {"title",     "description",          "minVersion", "extend",
                                                       "rules",     "allowlists",           "allowlist",  "filter",
                                                       "prefilter", "betterleaksMinVersion"};
constexpr std::array<std::string_view, 4> kExtendKeys = {"useDefault", "path", "url", "disabledRules"};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

// Reads one parsed document into a RuleFile.
class Reader {
 public:
  explicit Reader(RuleFile& file) : file_(file), lines_(file.text) {}

  void read(const toml::table& top) {
    check_keys(top, kTopKeys, "");
    for (auto&& [key, value] : top) {
      const std::string name = lower(key.str());
      warn_unheeded(value, name, "the file");
      if (name == "extend") read_extend(value);
      if (name == "rules") each_table(value, "rules", [&](const toml::table& t) { read_rule(t); });
      if (name == "allowlist" || name == "allowlists") {
        each_table(value, name, [&](const toml::table& t) { read_global_allowlist(t); });
      }
    }
    if (find(top, "allowlist") != nullptr && find(top, "allowlists") != nullptr) {
      error(*find(top, "allowlist"), "the file has both [allowlist] and [[allowlists]]", "keep one of them");
    }
  }

  FilePlace place(const toml::source_region& region) const {
    return lines_.place(region.begin.line, region.begin.column, region.end.line, region.end.column);
  }

 private:
  void problem(Severity severity, const toml::node& node, std::string message, std::string label,
               std::string help = {}) {
    add_problem(file_, {severity, std::move(message), std::move(label), std::move(help), place(node.source()), {}});
  }
  void error(const toml::node& node, std::string message, std::string label, std::string help = {}) {
    problem(Severity::Error, node, std::move(message), std::move(label), std::move(help));
  }

  std::string_view keep(std::string text) { return file_.strings.emplace_back(std::move(text)); }

  static const toml::node* find(const toml::table& table, std::string_view wanted) {
    for (auto&& [key, value] : table) {
      if (lower(key.str()) == wanted) return &value;
    }
    return nullptr;
  }

  // `owner` is "rule 'x'" or empty.
  template <std::size_t N>
  void check_keys(const toml::table& table, const std::array<std::string_view, N>& known, std::string_view owner) {
    for (auto&& [key, value] : table) {
      const std::string name = lower(key.str());
      const bool found = std::any_of(known.begin(), known.end(), [&](auto k) { return lower(k) == name; });
      if (found) continue;
      const std::string_view nearest = nearest_name(key.str(), known);
      add_problem(file_, {Severity::Warning,
                          fmt::format("unknown key '{}'{}{}", key.str(), owner.empty() ? "" : " of ", owner),
                          "ignored",
                          nearest.empty() ? "" : fmt::format("a similar key is {}", nearest),
                          place(key.source()),
                          {}});
    }
  }

  template <class F>
  void each_table(const toml::node& node, std::string_view name, F&& use) {
    if (const toml::table* table = node.as_table()) return use(*table);
    const toml::array* array = node.as_array();
    if (array == nullptr) return error(node, fmt::format("'{}' is not a table", name), "want a table");
    for (const toml::node& element : *array) {
      if (const toml::table* table = element.as_table())
        use(*table);
      else
        error(element, fmt::format("'{}' holds something that is not a table", name), "want a table");
    }
  }

  bool read_string(const toml::node& node, std::string_view key, std::string_view& out) {
    const auto value = node.value_exact<std::string>();
    if (!value) return error(node, fmt::format("'{}' is not a string", key), "want a string"), false;
    out = keep(*value);
    return true;
  }

  void read_list(const toml::node& node, std::string_view key, std::vector<std::string_view>& out,
                 std::vector<FilePlace>* places = nullptr) {
    const toml::array* array = node.as_array();
    if (array == nullptr) return error(node, fmt::format("'{}' is not a list", key), "want a list of strings");
    for (const toml::node& element : *array) {
      std::string_view text;
      if (!read_string(element, key, text)) continue;
      out.push_back(text);
      if (places != nullptr) places->push_back(place(element.source()));
    }
  }

  void read_extend(const toml::node& node) {
    const toml::table* table = node.as_table();
    if (table == nullptr) return error(node, "'extend' is not a table", "want [extend]");
    check_keys(*table, kExtendKeys, "[extend]");
    file_.extend_place = place(table->source());
    const toml::node* use_default = find(*table, "usedefault");
    if (use_default != nullptr) {
      const auto value = use_default->value_exact<bool>();
      if (!value) error(*use_default, "'useDefault' is not true or false", "want true or false");
      file_.use_default = value.value_or(file_.use_default);
    }
    if (const toml::node* path = find(*table, "path")) {
      std::string_view text;
      if (read_string(*path, "path", text)) file_.extend_path = text;
      if (use_default != nullptr && file_.use_default && !file_.extend_path.empty()) {
        error(*path, "[extend] has both useDefault and path", "keep one of them");
      }
    }
    if (const toml::node* url = find(*table, "url")) {
      problem(Severity::Warning, *url, "[extend] url is of no effect", "rules are never fetched, nor does gitleaks",
              "keep the file beside this one and name it with path");
    }
    if (const toml::node* list = find(*table, "disabledrules")) {
      read_list(*list, "disabledRules", file_.disabled_rules);
    }
  }

  void read_rule(const toml::table& table) {
    FileRule& entry = file_.rules.emplace_back();
    entry.place = place(table.source());
    if (const toml::node* id = find(table, "id")) {
      entry.place = place(id->source());
      read_string(*id, "id", entry.rule.id);
    }
    const std::string owner = entry.rule.id.empty() ? "a rule" : fmt::format("rule '{}'", entry.rule.id);
    check_keys(table, kRuleKeys, owner);
    for (auto&& [key, value] : table) {
      const std::string_view name = keep(lower(key.str()));
      entry.given.push_back(name);
      read_rule_key(entry, name, value, owner);
    }
    check_rule(entry, owner);
  }

  void read_rule_key(FileRule& entry, std::string_view name, const toml::node& value, const std::string& owner) {
    Rule& rule = entry.rule;
    for (const StringKey& key : kStringKeys) {
      if (key.key == name && name != "id") read_string(value, name, rule.*key.field);
    }
    for (const ListKey& key : kListKeys) {
      if (key.key != name) continue;
      read_list(value, name, rule.*key.field,
                name == "examples"          ? &entry.example_places
                : name == "counterexamples" ? &entry.counterexample_places
                                            : nullptr);
    }
    if (name == "regex") entry.regex_place = place(value.source());
    if (name == "path") entry.path_place = place(value.source());
    if (name == "check") entry.check_place = place(value.source());
    if (name == "secretgroup") read_group(value, rule);
    if (name == "entropy") read_entropy(value, rule);
    if (name == "generic") read_bool(value, name, rule.generic);
    if (name == "kind") read_enum(value, name, parse_kind, "secret, public-by-design, identifier, test", rule.kind);
    if (name == "severity") read_enum(value, name, parse_severity, "note, warning, error", rule.severity);
    if (name == "class") {
      read_enum(value, name, parse_risk_class, "launch-blocker, conversion-blocker, scale-risk", rule.risk_class);
    }
    if (name == "allowlist" || name == "allowlists") {
      each_table(value, name, [&](const toml::table& t) { rule.allowlists.push_back(read_allowlist(t, owner).list); });
    }
    warn_unheeded(value, name, owner);
    if (name == "tokenefficiency" && value.value_or(false)) {
      problem(Severity::Warning, value, fmt::format("tokenEfficiency of {} is of no effect", owner),
              "of betterleaks: more is reported than there");
    }
    if (name == "specificity") read_specificity(value, rule);
    if (name == "skipreport") read_bool(value, name, rule.skip_report);
    if (name == "required" || name == "parts") {
      each_table(value, name, [&](const toml::table& t) { read_companion(t, name == "required", owner, rule); });
    }
  }

  void read_companion(const toml::table& table, bool required, const std::string& owner, Rule& rule) {
    check_keys(table, kCompanionKeys, owner);
    Companion companion;
    companion.required = required;
    for (auto&& [key, value] : table) {
      const std::string name = lower(key.str());
      if (name == "id") read_string(value, name, companion.id);
      if (name == "name") read_string(value, name, companion.name);
      if (name == "withinlines") read_distance(value, name, companion.within_lines);
      if (name == "withincolumns") read_distance(value, name, companion.within_columns);
    }
    if (companion.id.empty())
      return error(table, fmt::format("{} names no rule", required ? "required" : "parts"), "want id = \"...\"");
    if (!required && companion.name.empty())
      return error(table, "a part has no name", "want name = \"key id\" or the like");
    rule.companions.push_back(companion);
  }

  void read_distance(const toml::node& value, std::string_view key, std::int32_t& out) {
    const auto number = value.value_exact<std::int64_t>();
    if (!number || *number < 0 || *number > std::numeric_limits<std::int32_t>::max()) {
      return error(value, fmt::format("'{}' is not a number", key), "want a number of 0 or more");
    }
    out = static_cast<std::int32_t>(*number);
  }

  void check_rule(const FileRule& entry, const std::string& owner) {
    const auto complain = [&](std::string message, std::string label, std::string help = {}) {
      add_problem(file_, {Severity::Error, std::move(message), std::move(label), std::move(help), entry.place, {}});
    };
    if (entry.rule.id.empty()) return complain("a rule has no id", "want id = \"...\"");
    const auto twice = std::count_if(file_.rules.begin(), file_.rules.end(),
                                     [&](const FileRule& other) { return other.rule.id == entry.rule.id; });
    if (twice > 1) complain(fmt::format("{} is in the file twice", owner), "second of this id");
    if (entry.has("allowlist") && entry.has("allowlists")) {
      complain(fmt::format("{} has both allowlist and allowlists", owner), "keep one of them");
    }
  }

  void warn_unheeded(const toml::node& value, std::string_view name, std::string_view owner) {
    if (std::find(kUnheeded.begin(), kUnheeded.end(), name) == kUnheeded.end()) return;
    problem(Severity::Warning, value, fmt::format("{} of {} is of no effect", name, owner),
            name == "validate" ? "of betterleaks: nothing is verified over the network"
                               : "of betterleaks: more is reported than there",
            name == "validate" ? "" : "write it as an allow list");
  }

  void read_specificity(const toml::node& value, Rule& rule) {
    const auto number = value.value_exact<std::int64_t>();
    if (!number || *number < 0 || *number > 1'000'000) {
      return error(value, "'specificity' is not a number", "want a whole number from 0 on");
    }
    rule.specificity = static_cast<int>(*number);
  }

  void read_group(const toml::node& value, Rule& rule) {
    const auto number = value.value_exact<std::int64_t>();
    if (!number || *number < 0 || *number > 100) {
      return error(value, "'secretGroup' is not the number of a group", "want a whole number from 0 on");
    }
    rule.secret_group = static_cast<std::uint32_t>(*number);
  }

  void read_entropy(const toml::node& value, Rule& rule) {
    const auto number = value.value<double>();
    if (!value.is_number() || !number || !std::isfinite(*number) || *number < 0 || *number > 8) {
      return error(value, "'entropy' is not a number of bits", "want a number from 0 to 8");
    }
    rule.entropy = *number;
  }

  void read_bool(const toml::node& value, std::string_view key, bool& out) {
    const auto flag = value.value_exact<bool>();
    if (!flag) return error(value, fmt::format("'{}' is not true or false", key), "want true or false");
    out = *flag;
  }

  template <class E>
  void read_enum(const toml::node& value, std::string_view key, std::optional<E> (*parse)(std::string_view),
                 std::string_view choices, E& out) {
    std::string_view text;
    if (!read_string(value, key, text)) return;
    const auto parsed = parse(text);
    if (!parsed) return error(value, fmt::format("unknown {} '{}'", key, text), fmt::format("want one of {}", choices));
    out = *parsed;
  }

  FileAllowlist read_allowlist(const toml::table& table, std::string_view owner) {
    check_keys(table, kAllowlistKeys, fmt::format("an allow list{}{}", owner.empty() ? "" : " of ", owner));
    FileAllowlist entry;
    entry.place = place(table.source());
    for (auto&& [key, value] : table) {
      const std::string name = lower(key.str());
      if (name == "condition") read_condition(value, entry.list);
      if (name == "regextarget") read_target(value, entry.list);
      if (name == "regexes") read_list(value, name, entry.list.regexes);
      if (name == "paths") read_list(value, name, entry.list.paths);
      if (name == "commits") read_list(value, name, entry.list.commits);
      if (name == "targetrules") read_list(value, name, entry.target_rules);
      if (name == "stopwords") {
        read_list(value, name, entry.list.stopwords);
        for (std::string_view& word : entry.list.stopwords) word = keep(lower(word));
      }
    }
    const Allowlist& list = entry.list;
    if (list.regexes.empty() && list.stopwords.empty() && list.paths.empty() && list.commits.empty()) {
      error(table, "an allow list checks nothing", "want regexes, stopwords, paths or commits");
    }
    return entry;
  }

  void read_condition(const toml::node& value, Allowlist& list) {
    std::string_view text;
    if (!read_string(value, "condition", text)) return;
    const std::string name = lower(text);
    list.all_must_match = name == "and" || name == "&&";
    if (!list.all_must_match && name != "or" && name != "||") {
      error(value, fmt::format("unknown condition '{}'", text), "want OR or AND");
    }
  }

  void read_target(const toml::node& value, Allowlist& list) {
    std::string_view text;
    if (!read_string(value, "regexTarget", text)) return;
    const std::string name = lower(text);
    if (name == "match")
      list.regex_target = Allowlist::Target::Match;
    else if (name == "line")
      list.regex_target = Allowlist::Target::Line;
    else if (name != "secret" && !name.empty()) {
      error(value, fmt::format("unknown regexTarget '{}'", text), "want secret, match or line");
    }
  }

  void read_global_allowlist(const toml::table& table) { file_.allowlists.push_back(read_allowlist(table, "")); }

  RuleFile& file_;
  SourceLines lines_;
};

}  // namespace

bool FileRule::has(std::string_view key) const { return std::find(given.begin(), given.end(), key) != given.end(); }

bool RuleFile::ok() const {
  return std::none_of(problems.begin(), problems.end(),
                      [](const Problem& problem) { return problem.severity == Severity::Error; });
}

void add_problem(RuleFile& file, Problem problem) {
  if (file.problems.size() >= kMaxProblems) return;
  problem.source = SourceLines(file.text).line(problem.place.line);
  file.problems.push_back(std::move(problem));
}

RuleFile parse_rule_file(std::string path, std::string text, Dialect dialect) {
  RuleFile file;
  file.dialect = dialect;
  file.use_default = dialect == Dialect::Own;
  file.path = std::move(path);
  file.text = std::move(text);
  Reader reader(file);
  try {
    const toml::table top = toml::parse(std::string_view(file.text), std::string_view(file.path));
    reader.read(top);
  } catch (const toml::parse_error& failure) {
    add_problem(file, {Severity::Error,
                       "the file is not TOML",
                       std::string(failure.description()),
                       {},
                       reader.place(failure.source()),
                       {}});
  } catch (const TomlAssertion& failure) {
    add_problem(
        file, {Severity::Error, "the file is not TOML", failure.what(), {}, {breaking_toml_line(file.text), 1, 1}, {}});
  }
  std::stable_sort(file.problems.begin(), file.problems.end(), [](const Problem& a, const Problem& b) {
    return std::pair(a.place.line, a.place.column) < std::pair(b.place.line, b.place.column);
  });
  return file;
}

Result<RuleFile> read_rule_file(const std::string& path, Dialect dialect) {
  auto text = read_file(path, kMaxRuleFile);
  if (!text) return tl::unexpected(text.error());
  return parse_rule_file(path, std::move(*text), dialect);
}

Error first_error(const RuleFile& file) {
  for (const Problem& problem : file.problems) {
    if (problem.severity != Severity::Error) continue;
    std::string what = problem.message;
    if (!problem.label.empty()) what += ": " + problem.label;
    return {ErrorKind::Config, std::move(what),
            fmt::format("{}:{}:{}", file.path, problem.place.line, problem.place.column), problem.help};
  }
  return {ErrorKind::Config, "no problem", file.path, {}};
}

}  // namespace tightship::detect
