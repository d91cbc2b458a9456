// What the loaders that are in use make of a file: values that are cut, variables that are dropped, files that are
// refused, commands that are run, references to nothing.

#include <algorithm>
#include <map>

#include "detect/text_class.h"
#include "env/context.h"

namespace tightship::env {
namespace {

using detect::contains;
using detect::RiskClass;
using detect::Severity;
using lint::EnvEntry;
using lint::EnvFile;
using lint::EnvRole;
using lint::Loader;
using readiness::Problem;

// Where nothing tells who reads the file: one of each family.
constexpr std::array<Loader, 4> kUsual = {Loader::NodeDotenv, Loader::PythonDotenv, Loader::RubyDotenv,
                                          Loader::Compose};

bool is_read(const Document& document) {
  return !document.example() && !document.encrypted && !document.name.backup &&
         document.name.role != EnvRole::Encrypted && document.name.role != EnvRole::Keys;
}

struct Reading {
  Loader loader;
  EnvFile file;
  lint::KeyIndex keys;  // of its entries
  // The entry that counts; null when the loader has none of that name. Entry `hint` is looked at first: most files are
  // read with the same entries in the same order by all.
  const EnvEntry* find(std::string_view key, std::size_t hint) const {
    if (keys.unique() && hint < file.entries.size() && file.entries[hint].key == key) return &file.entries[hint];
    const std::uint32_t entry = keys.last(key);
    return entry == lint::KeyIndex::kNone ? nullptr : &file.entries[entry];
  }
};

std::vector<Reading> read_all(const Document& document) {
  std::vector<Loader> loaders = document.loaders;
  if (loaders.empty()) loaders.assign(kUsual.begin(), kUsual.end());
  std::vector<Reading> out;
  for (const Loader loader : loaders) out.push_back({loader, lint::read_env(document.text, loader), {}});
  for (Reading& reading : out) reading.keys = lint::KeyIndex(reading.file.entries);
  return out;
}

enum class Reason : std::uint8_t {
  Same,
  Intended,
  Dropped,
  Hash,
  Dollar,
  QuotesKept,
  LineEnd,
  CarriageReturn,
  BlanksKept,
  Other
};

std::string_view reason_text(Reason reason) {
  switch (reason) {
    case Reason::Dropped: return "drops it";
    case Reason::Hash: return "takes # for a comment";
    case Reason::Dollar: return "takes $ for a variable";
    case Reason::QuotesKept: return "keeps the quotes";
    case Reason::LineEnd: return "ends it at the first line";
    case Reason::CarriageReturn: return "keeps the carriage return";
    case Reason::BlanksKept: return "keeps what stands behind it on the line";
    default: return "reads it in another way";
  }
}

// Whether every name that is not defined is written as ${NAME}: somebody meant a variable.
bool only_braced(const EnvEntry& entry) {
  return std::all_of(entry.undefined.begin(), entry.undefined.end(), [&](const std::string& name) {
    return contains(entry.raw, "${" + name) ||
           (name.size() >= 3 && contains(entry.raw, "$" + name) &&
            detect::all(name, [](char c) { return detect::is_upper(c) || c == '_'; }));
  });
}

Reason reason_of(const EnvEntry& written, const EnvEntry* read) {
  if (read == nullptr || (!read->has_value && written.has_value))
    return written.has_value ? Reason::Dropped : Reason::Same;
  const std::string& meant = written.literal;
  const std::string& value = read->value;
  if (value == meant) return Reason::Same;
  if (read->runs_command) return Reason::Intended;
  if (read->expanded) return read->undefined.empty() || only_braced(*read) ? Reason::Intended : Reason::Dollar;
  if (value.size() < meant.size() && meant.starts_with(value)) {
    const std::size_t next = meant.find_first_not_of(" \t", value.size());
    if (next != std::string::npos && meant[next] == '#') return Reason::Hash;
    if (meant[value.size()] == '\n') return Reason::LineEnd;
  }
  if (!value.empty() && value.back() == '\r') return Reason::CarriageReturn;
  if (written.quote != 0 && value.starts_with(std::string(1, written.quote)))
    return contains(meant, "\n") && !contains(value, "\n") ? Reason::LineEnd : Reason::QuotesKept;
  if (value.size() > meant.size() && value.starts_with(meant)) return Reason::BlanksKept;
  return Reason::Other;
}

std::string fix_for(const EnvEntry& entry, Reason reason, const std::vector<Reading>& readings) {
  const bool docker =
      std::any_of(readings.begin(), readings.end(), [](const Reading& r) { return r.loader == Loader::DockerRun; });
  const bool singles = std::any_of(readings.begin(), readings.end(),
                                   [](const Reading& r) { return lint::grammar(r.loader).expands_in_single; });
  if (docker && (reason == Reason::QuotesKept || reason == Reason::BlanksKept))
    return "docker run takes the line as it is: write it without quotes and comment, or read the file with Docker "
           "Compose";
  if (reason == Reason::Dollar && singles) return "write a backslash before each $ of the value";
  if (reason == Reason::CarriageReturn) return "save the file with line ends of Unix";
  if (reason == Reason::LineEnd) return "write it on one line, with \\n for the line ends, in double quotes";
  if (contains(entry.literal, "'")) return "put the value in double quotes: " + entry.key + "=\"...\"";
  return "put the value in single quotes: " + entry.key + "='...'";
}

std::string count_of(std::size_t read, std::size_t meant) {
  return read < meant ? std::to_string(read) + " of its " + std::to_string(meant) + " characters"
                      : std::to_string(read) + " characters instead of " + std::to_string(meant);
}

void diverge(Context& context, const Document& document, std::size_t i, const std::vector<Reading>& readings) {
  const EnvEntry& entry = document.lines.entries[i];
  const lint::Judgement& said = document.judged[i];
  Reason worst = Reason::Same;
  std::string why;
  std::vector<std::string> agree;
  for (const Reading& reading : readings) {
    if (reading.file.error && reading.loader != Loader::Bash) continue;  // said for the whole file
    const EnvEntry* read = reading.find(entry.key, i);
    const Reason reason = reason_of(entry, read);
    if (reason == Reason::Same || reason == Reason::Intended) {
      agree.emplace_back(lint::loader_name(reading.loader));
      continue;
    }
    if (worst == Reason::Same) worst = reason;
    if (!why.empty()) why += ", ";
    why += std::string(lint::loader_name(reading.loader)) + " " + std::string(reason_text(reason));
    if (read != nullptr && reason != Reason::Dropped)
      why += " and gives " + count_of(read->value.size(), entry.literal.size());
  }
  if (worst == Reason::Same) return;
  const bool known = !document.loaders.empty();
  const bool secret = said.secret_like() || said.kind == lint::ValueKind::Test || said.credential_url ||
                      lint::is_secret_name(entry.key);
  // Where nobody is known to read the file, or a loader only differs in some corner, what is no secret stays silent.
  if ((!known || worst == Reason::Other) && !secret) return;
  if (!known && worst == Reason::Dropped) return;
  if (!agree.empty()) why += "; " + name_list(agree) + (agree.size() == 1 ? " reads" : " read") + " it as written";
  Problem problem;
  problem.id = "ENV-PARSE-DIVERGE";
  const bool cut = worst == Reason::Hash || worst == Reason::Dollar || worst == Reason::Dropped ||
                   worst == Reason::LineEnd || worst == Reason::QuotesKept;
  problem.severity = known && secret && cut && !document.name.test_path ? Severity::Error : Severity::Warning;
  problem.risk_class = RiskClass::ConversionBlocker;
  problem.title = entry.key + (known ? " does not arrive as it is written" : " has another value in every loader");
  problem.why = why;
  problem.breaks = secret ? "the service that the secret is for refuses it, on one machine and not on the other"
                          : "the program gets another value than the file says";
  problem.fix = fix_for(entry, worst, readings);
  problem.minutes = 5;
  problem.subject = entry.key;
  problem.spots = {value_spot_of(document, entry)};
  if (!said.secret.empty()) problem.value_id = readiness::value_id(said.secret);
  context.add(std::move(problem));
}

void refused(Context& context, const Document& document, const Reading& reading) {
  if (!reading.file.error || document.loaders.empty()) return;
  Problem problem;
  problem.id = "ENV-PARSE-DIVERGE";
  problem.severity = document.name.test_path || reading.loader == Loader::Bash ? Severity::Warning : Severity::Error;
  problem.risk_class = RiskClass::ConversionBlocker;
  problem.title = std::string(lint::loader_name(reading.loader)) + " cannot read " + document.path;
  problem.why = *reading.file.error;
  problem.breaks = reading.loader == Loader::Bash ? "what stands below the line is not set"
                                                  : "it gives up on the whole file: no variable of it is set";
  problem.fix = "mend the line, or take another way to hand over the values";
  problem.minutes = 5;
  problem.subject = document.path + " " + std::string(lint::loader_id(reading.loader));
  problem.spots = {{document.path, reading.file.error_line, 1}};
  context.add(std::move(problem));
}

// $(command) and `command`, as written outside of single quotes.
bool looks_like_command(const EnvEntry& entry) {
  if (entry.quote == '\'' || entry.quote == '`') return false;
  const std::size_t open = entry.raw.find("$(");
  if (open != std::string_view::npos && entry.raw.find(')', open) != std::string_view::npos)
    return open == 0 || entry.raw[open - 1] != '\\';
  return false;
}

void command(Context& context, const Document& document, std::size_t i, const std::vector<Reading>& readings) {
  const EnvEntry& entry = document.lines.entries[i];
  std::vector<std::string> runners;
  for (const Reading& reading : readings) {
    const EnvEntry* read = reading.find(entry.key, i);
    if (read != nullptr && read->runs_command) runners.emplace_back(lint::loader_name(reading.loader));
  }
  const bool known = !document.loaders.empty();
  const bool runs = known && !runners.empty();
  if (!runs && !looks_like_command(entry)) return;
  Problem problem;
  problem.id = "ENV-CMD-EXEC";
  problem.severity = runs && document.file->tracked && !document.name.test_path ? Severity::Error : Severity::Warning;
  problem.risk_class = runs && document.file->tracked ? RiskClass::LaunchBlocker : RiskClass::ConversionBlocker;
  problem.title = entry.key + " holds a command" + (runs ? ", and it is run" : "");
  problem.why = runs ? name_list(runners) + (runners.size() == 1 ? " runs" : " run") + " what stands in $(...) when " +
                           document.path + " is read" + (document.file->tracked ? ", and git tracks the file" : "")
                     : "dotenvx, ruby dotenv and shells run what stands in $(...); other loaders hand it over as text";
  problem.breaks =
      !runs ? "the value is the text of the command; and where a loader runs it, whoever can change the file runs code"
      : document.file->tracked
          ? "whoever can change the file, by a pull request too, runs code on every machine that reads it"
          : "a command runs whenever the file is read";
  problem.fix =
      "write the value itself; let a script or the secret manager of the platform set what has to be asked for";
  problem.minutes = 10;
  problem.subject = entry.key;
  problem.spots = {value_spot_of(document, entry)};
  context.add(std::move(problem));
}

// Names of ${...} that no env file of the folder defines.
void undefined(Context& context, const Document& document, std::size_t i, const std::vector<Reading>& readings) {
  const EnvEntry& entry = document.lines.entries[i];
  if (document.name.test_path) return;
  std::vector<std::string> names;
  for (const Reading& reading : readings) {
    const EnvEntry* read = reading.find(entry.key, i);
    if (read == nullptr || !only_braced(*read)) continue;
    for (const std::string& name : read->undefined) {
      const bool elsewhere =
          std::any_of(context.documents.begin(), context.documents.end(), [&](const Document& other) {
            return !other.example() && (other.folder() == document.folder() || other.folder().empty()) &&
                   other.find(name) != nullptr;
          });
      if (!elsewhere && !is_platform_name(name) && std::find(names.begin(), names.end(), name) == names.end())
        names.push_back(name);
    }
  }
  if (names.empty()) return;
  Problem problem;
  problem.id = "ENV-UNDEFINED-REF";
  problem.severity = document.production() && !document.loaders.empty() ? Severity::Error : Severity::Warning;
  problem.risk_class = RiskClass::ConversionBlocker;
  problem.title = entry.key + " refers to " + name_list(names) + ", which nothing defines";
  problem.why = "no env file beside " + document.path + " has " + (names.size() == 1 ? "it" : "them") +
                "; an empty text takes the place, unless the machine sets it";
  problem.breaks = "addresses and names that are put together from it are wrong";
  problem.fix =
      "define " + name_list(names) + ", mend the spelling, or give a default: ${" + names.front() + ":-value}";
  problem.minutes = 5;
  problem.subject = entry.key;
  problem.spots = {value_spot_of(document, entry)};
  context.add(std::move(problem));
}

// A byte that some loader may stumble over; files without any (and without quotes) are read alike by all.
bool needs_reading(const Document& document) {
  return document.text.find_first_of("#$'\"`\\\r") != std::string::npos ||
         document.text.find(':') != std::string::npos || document.text.find(' ') != std::string::npos;
}

}  // namespace

void check_reading(Context& context) {
  std::size_t read = 0, before = context.report.problems.size();
  for (const Document& document : context.documents) {
    if (!is_read(document) || !needs_reading(document)) continue;
    const std::vector<Reading> readings = read_all(document);
    read += document.loaders.empty() ? 0 : 1;
    for (const Reading& reading : readings) refused(context, document, reading);
    for (std::size_t i = 0; i < document.lines.entries.size(); ++i) {
      const EnvEntry& entry = document.lines.entries[i];
      const bool counts = document.keys.unique() || document.keys.last(entry.key) == i;
      if (!counts || !entry.has_value) continue;
      diverge(context, document, i, readings);
      command(context, document, i, readings);
      undefined(context, document, i, readings);
    }
  }
  if (read > 0 && context.report.problems.size() == before)
    context.pass("ENV-PARSE-DIVERGE", "every value arrives as it is written in the loaders in use");
}

}  // namespace tightship::env
