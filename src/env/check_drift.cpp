// Env files against one another, and against the code that reads them.

#include <algorithm>
#include <array>
#include <unordered_set>

#include "detect/file_kind.h"
#include "detect/text_class.h"
#include "env/context.h"

namespace tightship::env {
namespace {

using detect::RiskClass;
using detect::Severity;
using lint::EnvEntry;
using lint::ValueKind;
using readiness::Problem;

bool says_optional(std::string_view comment) {
  const std::string lower = detect::lowered(comment);
  return detect::contains(lower, "optional") || detect::contains(lower, "not required") ||
         detect::contains(lower, "only if") || detect::contains(lower, "if you");
}

// A comment on the line, or right above it.
bool is_optional(const Document& example, const EnvEntry& entry) {
  return std::any_of(example.lines.comments.begin(), example.lines.comments.end(),
                     [&](const lint::EnvComment& comment) {
                       return (comment.line == entry.line || (!comment.trailing && comment.line + 1 == entry.line)) &&
                              says_optional(comment.text);
                     });
}

// Files of production in the folder of an example: a build takes .env along.
std::vector<const Document*> production_files(const Context& context, const std::string& folder) {
  std::vector<const Document*> out;
  for (const Document& document : context.documents) {
    if (document.folder() != folder || document.example() || document.name.backup) continue;
    if (document.production()) out.push_back(&document);
  }
  if (out.empty()) return out;
  const Document* base = context.document(folder + ".env");
  if (base != nullptr) out.push_back(base);
  return out;
}

void missing_in_production(Context& context, const Document& example) {
  const auto files = production_files(context, example.folder());
  if (files.empty()) return;
  std::vector<std::string> names;
  Problem problem;
  for (const EnvEntry& entry : example.lines.entries) {
    const bool there =
        std::any_of(files.begin(), files.end(), [&](const Document* file) { return file->find(entry.key) != nullptr; });
    if (there || is_optional(example, entry) || is_platform_name(entry.key) ||
        std::find(names.begin(), names.end(), entry.key) != names.end())
      continue;
    names.push_back(entry.key);
    if (problem.spots.size() < 10) problem.spots.push_back(spot_of(example, entry));
  }
  if (names.empty()) return;
  problem.id = "ENV-DRIFT-MISSING";
  problem.severity = Severity::Warning;
  problem.risk_class = RiskClass::ConversionBlocker;
  problem.title = name_list(names) + (names.size() == 1 ? " is" : " are") + " missing in production";
  problem.why = example.path + " lists " + (names.size() == 1 ? "it, " : "them, ") + files.front()->path + " does not";
  problem.breaks = "what needs it fails when it is first used, unless the platform sets it";
  problem.fix = "add " + name_list(names) + " to " + files.front()->path +
                ", set it at the platform, or mark it as optional in the example";
  problem.commands = {"tightship env diff " + shell_word(example.path) + " " + shell_word(files.front()->path)};
  problem.minutes = 10;
  problem.subject = files.front()->path;
  context.add(std::move(problem));
}

enum class Type : std::uint8_t { Text, Number, Switch, Address };
Type type_of(std::string_view value) {
  const std::string lower = detect::lowered(value);
  if (lower == "true" || lower == "false") return Type::Switch;
  if (!value.empty() && value.size() <= 9 && detect::all(value, detect::is_digit)) return Type::Number;
  return lint::split_url(value) ? Type::Address : Type::Text;
}
std::string_view type_word(Type type) {
  return type == Type::Number    ? "a number"
         : type == Type::Switch  ? "true or false"
         : type == Type::Address ? "an address"
                                 : "a text";
}

void types(Context& context, const Document& example) {
  for (const Document& document : context.documents) {
    if (document.example() || document.folder() != example.folder() || document.name.backup || document.encrypted)
      continue;
    for (std::size_t i = 0; i < document.lines.entries.size(); ++i) {
      const EnvEntry& entry = document.lines.entries[i];
      const EnvEntry* sample = example.find(entry.key);
      if (sample == nullptr || entry.literal.empty()) continue;
      const Type wanted = type_of(sample->literal), got = type_of(entry.literal);
      if (wanted == Type::Text || wanted == got || !document.judged[i].harmless() ||
          document.judged[i].kind == ValueKind::Reference)
        continue;
      if (document.judged[i].kind == ValueKind::Encrypted || document.judged[i].kind == ValueKind::Placeholder)
        continue;
      // 1 and 0 are switches as well; an address may be a list or a path.
      if (wanted == Type::Switch && got == Type::Number) continue;
      if (wanted == Type::Number &&
          (got == Type::Switch || entry.literal.find_first_not_of("0123456789._-smhd") == std::string::npos))
        continue;
      if (wanted == Type::Address && entry.literal.find_first_of("/.:") != std::string::npos) continue;
      Problem problem;
      problem.id = "ENV-DRIFT-TYPE";
      problem.severity = Severity::Warning;
      problem.risk_class = RiskClass::ConversionBlocker;
      problem.title =
          entry.key + " is " + std::string(type_word(got)) + " where the example has " + std::string(type_word(wanted));
      problem.why = example.path + " line " + std::to_string(sample->line) + " against " + document.path + " line " +
                    std::to_string(entry.line);
      problem.breaks = "the program reads it wrongly, or stops";
      problem.fix = "write " + std::string(type_word(wanted)) + ", or mend the example";
      problem.minutes = 5;
      problem.subject = entry.key;
      problem.spots = {value_spot_of(document, entry), value_spot_of(example, *sample)};
      context.add(std::move(problem));
    }
  }
}

// The nearest example above a file of code, or null.
const Document* example_for(const std::vector<const Document*>& examples, std::string_view path) {
  const Document* best = nullptr;
  for (const Document* example : examples) {
    const std::string folder = example->folder();
    if (path.starts_with(folder) && (best == nullptr || folder.size() > best->folder().size())) best = example;
  }
  return best;
}

// Run by hand or by a build server, with variables of their own: nobody sets a product up with them.
bool is_tool(std::string_view path) {
  constexpr std::array<std::string_view, 9> kFolders = {"scripts", "script",  "tools",      "bin", "bench",
                                                        ".github", ".devops", "benchmarks", "ci"};
  constexpr std::array<std::string_view, 6> kFiles = {"eslint.config.", ".eslintrc",      "playwright.config.",
                                                      "vitest.config.", "cypress.config", "jest.config."};
  for (std::size_t slash = path.find('/'); slash != std::string_view::npos; slash = path.find('/')) {
    if (std::find(kFolders.begin(), kFolders.end(), path.substr(0, slash)) != kFolders.end()) return true;
    path.remove_prefix(slash + 1);
  }
  return std::any_of(kFiles.begin(), kFiles.end(), [&](std::string_view name) { return path.starts_with(name); });
}

// Read by code that has no default for it, and in no env file and no example.
void undocumented(Context& context, const std::vector<const Document*>& examples) {
  if (examples.empty() || context.code.uses.empty()) return;
  std::unordered_set<std::string_view> known;
  for (const Document& document : context.documents) {
    for (const EnvEntry& entry : document.lines.entries) known.insert(entry.key);
    // "# STRIPE_KEY=" is how an example says that it can be set.
    for (const lint::EnvComment& comment : document.lines.comments) {
      const std::size_t equals = comment.text.find('=');
      if (equals != std::string_view::npos) known.insert(comment.text.substr(0, comment.text.find_first_of(" =")));
    }
  }
  std::map<const Document*, std::pair<std::vector<std::string>, std::vector<readiness::Spot>>> by_example;
  for (const auto& [name, uses] : context.code.uses) {
    if (known.count(name) != 0 || is_platform_name(name)) continue;
    const bool optional = std::any_of(uses.begin(), uses.end(), [](const Use& use) { return use.optional; });
    if (optional) continue;
    for (const Use& use : uses) {
      const bool apart = detect::is_test_path(use.path) || is_tool(use.path);
      const Document* example = apart ? nullptr : example_for(examples, use.path);
      if (example == nullptr) continue;
      auto& [names, spots] = by_example[example];
      names.push_back(name);
      if (spots.size() < 20) spots.push_back({use.path, use.line, use.column});
      break;
    }
  }
  for (auto& [example, found] : by_example) {
    auto& [names, spots] = found;
    Problem problem;
    problem.id = "ENV-DRIFT-MISSING";
    problem.severity = Severity::Warning;
    problem.risk_class = RiskClass::ScaleRisk;
    problem.title = "the code reads " + name_list(names) + ", and no env file or example names " +
                    (names.size() == 1 ? "it" : "them");
    problem.why = "no default stands beside the use, and " + example->path + " does not list " +
                  (names.size() == 1 ? "it" : "them");
    problem.breaks = "who sets the product up anew, or takes it over, does not know that it must be set";
    problem.fix = "add to " + example->path + ": " + name_list(names, 12);
    problem.minutes = 10;
    problem.subject = example->path;
    problem.spots = std::move(spots);
    context.add(std::move(problem));
  }
  if (by_example.empty() && !examples.empty() && context.code.files > 0) {
    context.pass("ENV-DRIFT-MISSING", "every variable that the code needs stands in an env file or an example");
  }
}

// In an example, and nowhere in the project.
void unread(Context& context, const Document& example) {
  if (example.name.test_path || context.code.whole || context.code.files == 0) return;
  std::vector<std::string> names;
  std::vector<readiness::Spot> spots;
  for (const EnvEntry& entry : example.lines.entries) {
    const bool framework = is_platform_name(entry.key) || entry.key.starts_with("DOTENV_") ||
                           entry.key.starts_with("COMPOSE_") || entry.key.starts_with("NODE_");
    if (framework || context.code.mentioned.count(entry.key) != 0 || context.code.uses.count(entry.key) != 0) continue;
    // Other lines of the file may be made of it.
    const bool referred =
        detect::contains(example.text, "${" + entry.key) || detect::contains(example.text, "$" + entry.key);
    if (referred || std::find(names.begin(), names.end(), entry.key) != names.end()) continue;
    names.push_back(entry.key);
    if (spots.size() < 20) spots.push_back(spot_of(example, entry));
  }
  if (names.empty()) return;
  Problem problem;
  problem.id = "ENV-DRIFT-EXTRA";
  problem.severity = Severity::Note;
  problem.risk_class = RiskClass::ScaleRisk;
  problem.title = name_list(names) + (names.size() == 1 ? " stands" : " stand") + " in " + example.path +
                  ", and nothing reads " + (names.size() == 1 ? "it" : "them");
  problem.why = "no file of code or configuration names " + std::string(names.size() == 1 ? "it" : "them") +
                "; a library may still read it";
  problem.breaks = "secrets are kept and handed around that nobody needs";
  problem.fix = "take what is not needed out of the example and of the environments";
  problem.minutes = 10;
  problem.subject = example.path;
  problem.spots = std::move(spots);
  context.add(std::move(problem));
}

}  // namespace

void check_drift(Context& context) {
  std::vector<const Document*> examples;
  for (const Document& document : context.documents) {
    if (document.example() && !document.name.test_path) examples.push_back(&document);
  }
  for (const Document* example : examples) {
    missing_in_production(context, *example);
    types(context, *example);
    unread(context, *example);
  }
  undocumented(context, examples);
}

}  // namespace tightship::env
