#include "convert/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "convert/expression.h"
#include "detect/detector.h"
#include "detect/rule_file.h"
#include "lint/yaml.h"

namespace tightship::convert {
namespace {

// Members that say something our rules cannot say.
struct LeftOut {
  std::string_view key, why;
};
constexpr LeftOut kLeftOut[] = {
    {"validation", "validation is left out: nothing is verified over the network"},
    {"revocation", "revocation is left out: nothing is changed over the network"},
    {"tls_mode", "tls_mode is left out: it belongs to validation"},
    {"depends_on_rule", "depends_on_rule is left out: the rule reports without the other part"},
};
constexpr LeftOut kRequirements[] = {
    {"min_digits", "min_digits"},       {"min_uppercase", "min_uppercase"},
    {"min_lowercase", "min_lowercase"}, {"min_special_chars", "min_special_chars"},
    {"checksum", "checksum"},
};

// A literal string of TOML where it can be one: expressions stay readable.
std::string toml_text(std::string_view text) {
  const bool plain =
      std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
  if (plain && text.find('\'') == std::string_view::npos) return fmt::format("'{}'", text);
  if (plain && text.find("'''") == std::string_view::npos && !text.ends_with('\''))
    return fmt::format("'''{}'''", text);
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      out += fmt::format("\\{}", c);
    else if (c == '\n')
      out += "\\n";
    else if (c == '\t')
      out += "\\t";
    else if (byte < 0x20 || byte == 0x7F)
      out += fmt::format("\\u{:04x}", byte);
    else
      out += c;
  }
  return out + "\"";
}

std::string toml_list(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const std::string& text : texts) out += (out.size() > 1 ? ", " : "") + toml_text(text);
  return out + "]";
}

// A text as a template that gives just it (docs/formats/templates.md).
std::string as_template(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '{' ? std::string("{{") : std::string(1, c);
  return out;
}

std::optional<double> number_of(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string_view severity_of(std::string_view confidence) {
  if (confidence == "low") return "note";
  if (confidence == "high") return "error";
  return "warning";
}

class Importer {
 public:
  explicit Importer(std::string_view name) {
    out_.toml = fmt::format("# Converted from {} by tightship rules import.\n", name);
  }

  void add(const lint::Node& rule) {
    id_ = rule.text_of("id");
    if (id_.empty()) id_ = rule.text_of("name");
    if (rule.kind != lint::Node::Kind::Map || id_.empty()) {
      return refuse(fmt::format("line {}: a rule without id", rule.at.line));
    }
    const std::string pattern = rule.text_of("pattern");
    if (pattern.empty()) return refuse("has no pattern");
    std::string head = head_of(rule, pattern);
    if (const std::string fault = fault_of(head); !fault.empty()) return refuse(fault);
    tell_left_out(rule);
    head += examples_of(rule, head);
    out_.toml += "\n" + head + lists_of(rule);
    ++out_.rules;
  }

  Imported take() { return std::move(out_); }

 private:
  void note(std::string text) { out_.notes.push_back({id_, std::move(text)}); }
  void refuse(std::string why) {
    ++out_.refused;
    note("not converted: " + std::move(why));
  }

  // Everything up to the examples.
  std::string head_of(const lint::Node& rule, const std::string& pattern) {
    const PlainExpression expression = plain_expression(pattern);
    const std::string name = rule.text_of("name");
    std::string text = fmt::format("[[rules]]\nid = {}\ndescription = {}\nregex = {}\n", toml_text(id_),
                                   toml_text(name.empty() ? id_ : name), toml_text(expression.text));
    if (expression.secret_group > 1) text += fmt::format("secretGroup = {}\n", expression.secret_group);
    if (const std::string entropy = rule.text_of("min_entropy"); !entropy.empty()) {
      const auto bits = number_of(entropy);
      if (bits && *bits >= 0 && *bits <= 8)
        text += fmt::format("entropy = {}\n", *bits);
      else
        note(fmt::format("min_entropy '{}' is left out: no number of bits", entropy));
    }
    if (rule.find("confidence") != nullptr)
      text += fmt::format("severity = '{}'\n", severity_of(rule.text_of("confidence")));
    if (rule.text_of("visible") == "false") text += "skipReport = true\n";
    if (const auto tags = rule.list_of("categories"); !tags.empty())
      text += fmt::format("tags = {}\n", toml_list(tags));
    if (const auto sources = rule.list_of("references"); !sources.empty())
      text += fmt::format("source = {}\n", toml_text(sources.front()));
    return text;
  }

  static std::string fault_of(const std::string& toml) {
    detect::RuleFile file = detect::parse_rule_file("rule", toml);
    detect::check_expressions(file);
    for (const detect::Problem& problem : file.problems) {
      if (problem.severity == detect::Severity::Error) return problem.label.empty() ? problem.message : problem.label;
    }
    return {};
  }

  void tell_left_out(const lint::Node& rule) {
    for (const LeftOut& left : kLeftOut) {
      if (rule.find(left.key) != nullptr) note(std::string(left.why));
    }
    const lint::Node* requirements = rule.find("pattern_requirements");
    if (requirements == nullptr) return;
    for (const LeftOut& left : kRequirements) {
      if (requirements->find(left.key) != nullptr) note(fmt::format("pattern_requirements.{} is left out", left.why));
    }
  }

  // Only those that the rule finds: a rule whose examples fail is refused by `rules check`.
  std::string examples_of(const lint::Node& rule, const std::string& head) {
    detect::LoadOptions options;
    options.text = "[extend]\nuseDefault = false\n\n" + head;
    const auto rules = detect::RuleSet::load(std::vector<detect::RuleInput>{}, options);
    std::string text;
    std::vector<std::string> found, clean;
    for (const std::string& example : rule.list_of("examples")) {
      if (rules && finds(*rules, example))
        found.push_back(as_template(example));
      else
        note("an example is not found, and left out");
    }
    for (const std::string& example : rule.list_of("negative_examples")) {
      if (rules && !finds(*rules, example))
        clean.push_back(as_template(example));
      else
        note("a negative example is found, and left out");
    }
    if (!found.empty()) text += fmt::format("examples = {}\n", toml_list(found));
    if (!clean.empty()) text += fmt::format("counterexamples = {}\n", toml_list(clean));
    return text;
  }

  static bool finds(const detect::RuleSet& rules, const std::string& text) {
    auto scratch = rules.engine().make_scratch();
    std::vector<match::Anchor> anchors;
    std::vector<match::Match> matches;
    std::vector<detect::Candidate> candidates;
    std::vector<std::uint8_t> seen(rules.engine().literal_count());
    rules.engine().find_anchors(as_bytes(text), scratch, anchors);
    for (const match::Anchor anchor : anchors) {
      seen[anchor.literal] = 1;
      detect::confirm(rules, as_bytes(text), anchor, matches, candidates);
    }
    detect::search(rules, as_bytes(text), seen, matches, candidates);
    return !candidates.empty();
  }

  std::string lists_of(const lint::Node& rule) const {
    const lint::Node* requirements = rule.find("pattern_requirements");
    const auto words =
        requirements == nullptr ? std::vector<std::string>{} : requirements->list_of("ignore_if_contains");
    return words.empty() ? std::string() : fmt::format("\n[[rules.allowlists]]\nstopwords = {}\n", toml_list(words));
  }

  Imported out_;
  std::string id_;
};

}  // namespace

Result<Imported> import_rules(std::string_view yaml, std::string_view name) {
  // Rule files need neither aliases nor several documents: what has them is no rule file.
  const auto documents = lint::parse_yaml(yaml, {.aliases = false, .many_documents = false});
  if (!documents) return tl::unexpected(documents.error());
  const lint::Node* rules = documents->empty() ? nullptr : documents->front().find("rules");
  if (rules == nullptr || rules->kind != lint::Node::Kind::List) {
    return fail(ErrorKind::Config, "the file has no list of rules", "line 1",
                "want rules: of Kingfisher or Nosey Parker");
  }
  Importer importer(name);
  for (const lint::Node& rule : rules->items) importer.add(rule);
  return importer.take();
}

}  // namespace tightship::convert
