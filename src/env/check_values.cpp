// Values that are broken whatever reads them, and files that hide one another.

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "detect/text_class.h"
#include "env/context.h"

namespace tightship::env {
namespace {

using detect::contains;
using detect::RiskClass;
using detect::Severity;
using lint::EnvEntry;
using lint::Loader;
using readiness::Problem;

Problem draft(const Document& document, const EnvEntry& entry, std::string id, Severity severity) {
  Problem problem;
  problem.id = std::move(id);
  problem.severity = severity;
  problem.risk_class = RiskClass::ConversionBlocker;
  problem.subject = entry.key;
  problem.minutes = 5;
  problem.spots = {value_spot_of(document, entry)};
  return problem;
}

void pem(Context& context, const Document& document, const EnvEntry& entry) {
  const std::size_t begin = entry.literal.find("-----BEGIN ");
  if (begin > 4 || document.example()) return;
  const bool ended = contains(entry.literal, "-----END ");
  const bool escaped = contains(entry.literal, "\\n") && !contains(entry.literal, "\n");
  if (ended && !(escaped && entry.quote == '\'')) return;
  Problem problem = draft(document, entry, "ENV-PEM-BROKEN", ended ? Severity::Note : Severity::Error);
  problem.title = entry.key + (ended ? " keeps \\n as two characters" : " is a key that is cut off");
  problem.why = ended ? "in single quotes no loader makes a line end of it; the program has to"
                      : "its last line (-----END ...) is not part of the value: a value of several lines needs quotes";
  problem.breaks = "the key cannot be read, and what it signs in to refuses";
  problem.fix = "write the key on one line in double quotes, with \\n for each line end";
  context.add(std::move(problem));
}

void json(Context& context, const Document& document, std::size_t i) {
  const EnvEntry& entry = document.lines.entries[i];
  const std::string& value = entry.literal;
  const bool object =
      value.starts_with("{\"") || value.starts_with("{ \"") || value.starts_with("[\"") || value.starts_with("[{");
  if (!object || document.example() || lint::is_reference_value(value)) return;
  if (!nlohmann::json::parse(value, nullptr, false).is_discarded()) return;
  // In double quotes of the file the inner quotes are written \" ; loaders keep the backslash or take it.
  if (contains(value, "\\\"")) return;
  Problem problem = draft(document, entry, "ENV-JSON-BROKEN", Severity::Warning);
  problem.title = entry.key + " begins like JSON and is none";
  problem.why = "it cannot be parsed: cut, or a quote or comma is wrong";
  problem.breaks = "the program stops when it reads it";
  problem.fix = "mend the JSON, and put it on one line in single quotes";
  context.add(std::move(problem));
}

// Characters that look like nothing, or like others. The first one's name, or nothing.
std::string_view invisible_in(std::string_view text) {
  struct Row {
    std::string_view bytes, name;
  };
  constexpr std::array<Row, 12> kRows = {{{"\xEF\xBB\xBF", "a byte order mark"},
                                          {"\xE2\x80\x8B", "a zero-width space"},
                                          {"\xE2\x80\x8C", "a zero-width character"},
                                          {"\xE2\x80\x8D", "a zero-width character"},
                                          {"\xC2\xA0", "a no-break space"},
                                          {"\xE2\x80\x9C", "a curly quote"},
                                          {"\xE2\x80\x9D", "a curly quote"},
                                          {"\xE2\x80\x98", "a curly quote"},
                                          {"\xE2\x80\x99", "a curly quote"},
                                          {"\xE2\x80\xAE", "a mark that turns the direction of text"},
                                          {"\xE2\x81\xA0", "a zero-width character"},
                                          {"\xC2\xAD", "a soft hyphen"}}};
  // Of most values there is nothing to ask: one pass instead of one for each row.
  if (std::none_of(text.begin(), text.end(), [](char c) { return static_cast<signed char>(c) < 0 || c == '\r'; }))
    return "";
  for (const Row& row : kRows) {
    if (contains(text, row.bytes)) return row.name;
  }
  const std::size_t cr = text.find('\r');
  return cr != std::string_view::npos && cr + 1 < text.size() && text[cr + 1] != '\n' ? "a carriage return" : "";
}

void invisible(Context& context, const Document& document, const EnvEntry& entry) {
  // Whole sentences may well use such quotes; what is a password or an address does not.
  const bool sentence = std::count(entry.literal.begin(), entry.literal.end(), ' ') >= 2;
  const std::string_view name = invisible_in(sentence ? std::string_view() : entry.raw);
  if (name.empty() || document.name.test_path) return;
  Problem problem = draft(document, entry, "ENV-INVISIBLE", Severity::Warning);
  problem.title = "the value of " + entry.key + " holds " + std::string(name);
  problem.why = "it was pasted from a document or a chat, and is part of the value";
  problem.breaks = "passwords and addresses with it are wrong, though they look right";
  problem.fix = "type the value anew";
  problem.minutes = 2;
  context.add(std::move(problem));
}

void mark(Context& context, const Document& document) {
  if (!document.text.starts_with("\xEF\xBB\xBF") || document.name.test_path) return;
  const auto stumbles = [](Loader loader) {
    return loader == Loader::NodeEnvFile || loader == Loader::Vite || loader == Loader::Godotenv ||
           loader == Loader::Bash;
  };
  std::vector<std::string> names;
  for (const Loader loader : document.loaders) {
    if (stumbles(loader)) names.emplace_back(lint::loader_name(loader));
  }
  if (names.empty() && !document.loaders.empty()) return;
  Problem problem;
  problem.id = "ENV-INVISIBLE";
  problem.severity = Severity::Warning;
  problem.risk_class = RiskClass::ConversionBlocker;
  problem.title = document.path + " begins with a byte order mark";
  problem.why = names.empty() ? "some loaders take it for a part of the first name"
                              : name_list(names) + " takes it for a part of the first name";
  problem.breaks = "the first variable is missing";
  problem.fix = "save the file as UTF-8 without the mark";
  problem.commands = {"sed -i '1s/^\\xEF\\xBB\\xBF//' " + shell_word(document.path)};
  problem.minutes = 1;
  problem.subject = document.path;
  problem.spots = {{document.path, 1, 1}};
  context.add(std::move(problem));
}

void duplicates(Context& context, const Document& document) {
  if (document.name.test_path) return;
  const std::vector<EnvEntry>& entries = document.lines.entries;
  std::set<std::string_view> told;
  for (std::uint32_t i = 0; i < entries.size(); ++i) {
    if (document.keys.before(i) == lint::KeyIndex::kNone) continue;
    const EnvEntry &entry = entries[i], &first = entries[document.keys.before(i)];
    if (first.literal == entry.literal || !told.insert(entry.key).second) continue;
    Problem problem =
        draft(document, entry, "ENV-DUP-CONFLICT", document.example() ? Severity::Note : Severity::Warning);
    problem.title = entry.key + " is set twice, to different values";
    problem.why = "lines " + std::to_string(first.line) + " and " + std::to_string(entry.line) + " of " +
                  document.path + "; the last one counts";
    problem.breaks = "who edits the first line wonders why nothing changes";
    problem.fix = "delete one of the lines";
    problem.minutes = 2;
    problem.spots = {spot_of(document, entry), spot_of(document, first)};
    context.add(std::move(problem));
  }
}

// What a production build on this machine takes from .env.local though .env.production says something else.
void shadowed(Context& context) {
  std::set<std::string> folders;
  for (const Document& document : context.documents) {
    if (document.file_name() == ".env.local" && context.document(document.folder() + ".env.production") != nullptr)
      folders.insert(document.folder());
  }
  for (const std::string& folder : folders) {
    const Document& local = *context.document(folder + ".env.local");
    if (std::find(local.loaders.begin(), local.loaders.end(), Loader::Next) == local.loaders.end()) continue;
    const auto text_of = [&](const std::string& path) -> std::optional<std::string_view> {
      const Document* document = context.document(path);
      return document == nullptr ? std::nullopt : std::optional<std::string_view>(document->text);
    };
    const auto env = lint::effective_env(context.project, folder, Loader::Next, lint::EnvMode::Production, text_of);
    std::vector<std::string> names;
    std::vector<readiness::Spot> spots;
    for (const auto& variable : env.variables) {
      const bool hides = variable.file == local.path &&
                         std::find(variable.shadowed.begin(), variable.shadowed.end(), folder + ".env.production") !=
                             variable.shadowed.end();
      if (!hides) continue;
      names.push_back(variable.key);
      spots.push_back({variable.file, variable.line, variable.column});
    }
    if (names.empty()) continue;
    Problem problem;
    problem.id = "ENV-SHADOWED";
    problem.severity = Severity::Note;
    problem.risk_class = RiskClass::ConversionBlocker;
    problem.title = local.path + " hides values of .env.production in a build on this machine";
    problem.why = name_list(names) + ": Next.js reads .env.local before .env.production, in production builds too";
    problem.breaks = "a release that is built here carries values of development";
    problem.fix = "move them to .env.development.local, or build in CI only";
    problem.commands = {"mv " + shell_word(local.path) + " " + shell_word(folder + ".env.development.local")};
    problem.minutes = 5;
    problem.subject = local.path;
    problem.spots = std::move(spots);
    context.add(std::move(problem));
  }
}

}  // namespace

void check_values(Context& context) {
  for (const Document& document : context.documents) {
    mark(context, document);
    duplicates(context, document);
    for (std::size_t i = 0; i < document.lines.entries.size(); ++i) {
      pem(context, document, document.lines.entries[i]);
      json(context, document, i);
      invisible(context, document, document.lines.entries[i]);
    }
  }
  shadowed(context);
}

}  // namespace tightship::env
