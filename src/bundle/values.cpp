#include "bundle/values.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <utility>

#include "base/file.h"
#include "bundle/trace.h"
#include "detect/codec.h"
#include "detect/common_words.h"
#include "lint/declared_env.h"
#include "lint/dotenv.h"
#include "lint/secret_value.h"

namespace tightship::bundle {
namespace {

using lint::ValueKind;

constexpr std::uint64_t kMaxFile = std::uint64_t{16} << 20;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "true", "8080", "2026-01-01": values that any file may hold.
bool is_trivial(std::string_view value) {
  if (value.size() < kMinValue) return true;
  return std::all_of(value.begin(), value.end(),
                     [](char c) { return is_digit(c) || c == '.' || c == '-' || c == ':' || c == ','; }) &&
         value.size() < 24;
}

// Made of words: "correct-horse", "administrator". A page may hold it without knowing the password.
bool is_wordy(std::string_view value) {
  const bool plain = std::all_of(value.begin(), value.end(),
                                 [](char c) { return is_letter(c) || c == '-' || c == '_' || c == '.' || c == ' '; });
  if (!plain) return false;
  const bool upper_inside = std::any_of(value.begin() + 1, value.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  return !upper_inside || detect::covered_by_words(lower(value)) * 5 >= value.size() * 4;
}

Weight weight_of(std::string_view value) {
  const bool strong = value.size() >= 12 || detect::shannon_entropy(value) >= 3.0;
  return strong && !is_wordy(value) ? Weight::Certain : Weight::Possible;
}

// Names of what is no secret however random it looks: ids, addresses, versions.
bool is_plain_name(std::string_view name) {
  const std::string text = lower(name);
  for (const std::string_view end :
       {"id",   "ids", "url",     "uri", "host",   "hostname", "domain", "origin", "region", "bucket",     "email",
        "name", "dsn", "version", "sha", "commit", "endpoint", "path",   "dir",    "from",   "public_key", "address"}) {
    if (text == end || text.ends_with("_" + std::string(end))) return true;
  }
  return text.find("public") != std::string::npos || text.find("price") != std::string::npos;
}

bool looks_random(std::string_view value) {
  constexpr std::size_t kMin = 16;
  if (value.size() < kMin || value.find_first_of(" /:@\n,;") != std::string_view::npos) return false;
  return std::any_of(value.begin(), value.end(), is_digit) && std::any_of(value.begin(), value.end(), is_letter) &&
         detect::shannon_entropy(value) >= 3.5;
}

// The password of "scheme://user:password@host": a loader takes any characters in it, also those that a URL must
// write with a percent sign. Up to the last '@' before the path of the last one.
std::string_view password_of(std::string_view value) {
  const std::size_t scheme = value.find("://");
  const std::size_t at = value.rfind('@');
  if (scheme == std::string_view::npos || at == std::string_view::npos || at < scheme + 3) return {};
  const std::string_view user = value.substr(scheme + 3, at - scheme - 3);
  const std::size_t colon = user.find(':');
  if (colon == std::string_view::npos || user.substr(0, colon).find_first_of("/?#") != std::string_view::npos)
    return {};
  return user.substr(colon + 1);
}

class Gatherer {
 public:
  Gatherer(const lint::Project* project, const detect::RuleSet& rules, Values& out)
      : project_(project), judge_(rules), out_(out) {}

  void add_file(std::string_view text, const std::string& shown, const std::vector<lint::Loader>& loaders);
  void add_given(const std::string& name, const std::string& value, readiness::Spot spot);
  // The code itself says that these stay on the server.
  void add_declared(const std::vector<lint::DeclaredEnv>& declared);
  // Once all files are read: a value that a public variable holds, too, was made public on purpose.
  void finish();

 private:
  struct Wish {
    TracedValue value;
    bool by_format = false;
  };
  void add_entry(const std::string& name, const std::string& value, const readiness::Spot& spot);
  void add_url(const std::string& name, const std::string& value, const std::string& password,
               const readiness::Spot& spot);
  void wish(const std::string& name, std::string value, const readiness::Spot& spot, Weight weight, bool by_format,
            std::string part = {});
  bool is_public(std::string_view name) const;

  const lint::Project* project_;
  lint::ValueJudge judge_;
  Values& out_;
  std::vector<Wish> wishes_;
  std::set<std::string, std::less<>> public_values_, names_, values_, server_names_;
};

bool Gatherer::is_public(std::string_view name) const {
  if (project_ != nullptr && project_->public_prefix_of(name) != nullptr) return true;
  // Without a project's package.json: the prefixes that nothing but a browser's variable has.
  if (project_ != nullptr && !project_->public_prefixes.empty()) return false;
  for (const std::string_view prefix :
       {"NEXT_PUBLIC_", "VITE_", "REACT_APP_", "EXPO_PUBLIC_", "NUXT_PUBLIC_", "GATSBY_", "VUE_APP_", "PUBLIC_"}) {
    if (name.starts_with(prefix)) return true;
  }
  return false;
}

void Gatherer::wish(const std::string& name, std::string value, const readiness::Spot& spot, Weight weight,
                    bool by_format, std::string part) {
  if (is_trivial(value) || value.size() > kMaxTracedValue || wishes_.size() >= kMaxValues) {
    ++out_.left_out;
    return;
  }
  if (!values_.insert(value).second) return;
  wishes_.push_back({{name, std::move(value), spot, weight, std::move(part)}, by_format});
}

void Gatherer::add_entry(const std::string& name, const std::string& value, const readiness::Spot& spot) {
  if (is_public(name)) {
    public_values_.insert(value);
    return;
  }
  names_.insert(name);
  const lint::Judgement judged = judge_.judge(name, value);
  const std::string_view password = password_of(value);
  const bool given = judged.kind != ValueKind::Empty && judged.kind != ValueKind::Reference &&
                     judged.kind != ValueKind::Encrypted && judged.kind != ValueKind::Placeholder &&
                     judged.kind != ValueKind::Public;
  if (given && !password.empty() && !lint::is_placeholder_value(password))
    return add_url(name, value, std::string(password), spot);
  switch (judged.kind) {
    case ValueKind::Secret:
    case ValueKind::Test:
    case ValueKind::NamedSecret: break;
    case ValueKind::Plain:
      if (looks_random(value) && server_names_.contains(name))
        wish(name, value, spot, weight_of(value), false);
      else if (looks_random(value) && !is_plain_name(name))
        wish(name, value, spot, Weight::Possible, false);
      else
        ++out_.left_out;
      return;
    default: ++out_.left_out; return;
  }
  const bool by_format = judged.kind != ValueKind::NamedSecret;
  wish(name, value, spot, by_format ? Weight::Certain : weight_of(value), by_format);
}

void Gatherer::add_url(const std::string& name, const std::string& value, const std::string& password,
                       const readiness::Spot& spot) {
  wish(name, value, spot, Weight::Certain, true);
  wish(name, password, spot, weight_of(password), true, "password");
  const std::string plain = detect::decode_percent(password);
  if (plain != password) wish(name, plain, spot, weight_of(plain), true, "password");
}

void Gatherer::add_given(const std::string& name, const std::string& value, readiness::Spot spot) {
  names_.insert(name);
  if (value.size() < kMinValue) {
    out_.too_short.push_back(name);
    return;
  }
  if (values_.insert(value).second) wishes_.push_back({{name, value, std::move(spot), weight_of(value), {}}, true});
}

void Gatherer::add_declared(const std::vector<lint::DeclaredEnv>& declared) {
  for (const lint::DeclaredEnv& env : declared) {
    for (const lint::DeclaredVariable& variable : env.variables) {
      if (variable.side != lint::Side::Server || is_public(variable.name)) continue;
      server_names_.insert(variable.name);
      names_.insert(variable.name);
    }
  }
}

// Loaders may disagree about a value: each reading is traced.
void Gatherer::add_file(std::string_view text, const std::string& shown, const std::vector<lint::Loader>& loaders) {
  out_.files.push_back(shown);
  lint::ReadOptions options;
  options.environment = [](std::string_view) { return std::nullopt; };
  for (const lint::Loader loader : loaders) {
    const lint::EnvFile file = lint::read_env(text, loader, options);
    for (const std::uint32_t index : file.effective) {
      const lint::EnvEntry& entry = file.entries[index];
      add_entry(entry.key, entry.value, {shown, entry.line, entry.column});
    }
  }
  for (const lint::EnvEntry& entry : lint::read_env_text(text).entries) {
    add_entry(entry.key, entry.literal.empty() ? entry.value : entry.literal, {shown, entry.line, entry.column});
  }
}

void Gatherer::finish() {
  for (Wish& wish : wishes_) {
    if (!wish.by_format && public_values_.contains(wish.value.value)) {
      ++out_.left_out;
      continue;
    }
    out_.traced.push_back(std::move(wish.value));
  }
  // Short names, and those that every tool reads, say nothing.
  constexpr std::size_t kMinName = 6;
  for (const std::string& name : names_) {
    if (name.size() >= kMinName && name.find('_') != std::string::npos && name != "NODE_ENV")
      out_.names.push_back(name);
  }
}

bool is_sample(std::string_view name) {
  for (const std::string_view word : {"example", "sample", "template", "dist", "defaults", "schema", "vault", "keys"}) {
    if (name.find(word) != std::string_view::npos) return true;
  }
  return false;
}

// ".env", ".env.production.local", ".dev.vars": not those that show others what to set.
bool is_env_file(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  return (name == ".env" || name.starts_with(".env.") || name == ".dev.vars") && !is_sample(name);
}

// The files of a production build first, in the order in which Next.js and Vite let them win: of one value that
// several files have, the first is named.
int rank_of(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  constexpr std::string_view kOrder[] = {".env.production.local", ".env.local", ".env.production", ".env"};
  for (int i = 0; i < 4; ++i) {
    if (name == kOrder[i]) return i;
  }
  return 4;
}

void add_project_files(const lint::Project& project, Gatherer& gatherer, Ledger& ledger) {
  std::vector<const lint::ProjectFile*> files;
  for (const lint::ProjectFile& file : project.files) {
    if (!file.symlink && is_env_file(file.path)) files.push_back(&file);
  }
  std::stable_sort(files.begin(), files.end(),
                   [](const auto* a, const auto* b) { return rank_of(a->path) < rank_of(b->path); });
  for (const lint::ProjectFile* file : files) {
    const auto text = lint::read_project_file(project, file->path, ledger);
    if (text) gatherer.add_file(*text, file->path, project.loaders_of(file->path));
  }
}

Result<void> add_values_file(const std::string& path, Gatherer& gatherer) {
  const auto text = read_file(path, kMaxFile);
  if (!text) return tl::unexpected(text.error());
  std::uint32_t line_number = 0;
  for (std::size_t begin = 0; begin < text->size();) {
    const std::size_t end = std::min(text->find('\n', begin), text->size());
    std::string_view line = std::string_view(*text).substr(begin, end - begin);
    begin = end + 1;
    ++line_number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.front() == '#') continue;
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos || equals == 0) {
      return fail(ErrorKind::Usage, "a line is not NAME=VALUE", fmt::format("{}:{}", path, line_number));
    }
    gatherer.add_given(std::string(line.substr(0, equals)), std::string(line.substr(equals + 1)),
                       {path, line_number, 1});
  }
  return {};
}

Result<void> add_named(const ValueSources& sources, const lint::Project* project, Gatherer& gatherer) {
  for (const std::string& path : sources.env_files) {
    const auto text = read_file(path, kMaxFile);
    if (!text) return tl::unexpected(text.error());
    gatherer.add_file(*text, path, project != nullptr ? project->loaders_of(".env") : std::vector<lint::Loader>{});
  }
  for (const std::string& name : sources.process_names) {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr)
      return fail(ErrorKind::Usage, fmt::format("the variable {} is not set", name), {},
                  "export it first, or leave it out");
    gatherer.add_given(name, value, {});
  }
  return sources.values_file.empty() ? Result<void>() : add_values_file(sources.values_file, gatherer);
}

}  // namespace

Result<Values> gather_values(const lint::Project* project, const ValueSources& sources, const detect::RuleSet& rules,
                             Ledger& ledger) {
  Values values;
  Gatherer gatherer(project, rules, values);
  if (project != nullptr) gatherer.add_declared(lint::find_declared_env(*project, ledger));
  if (const auto added = add_named(sources, project, gatherer); !added) return tl::unexpected(added.error());
  if (project != nullptr && sources.env_files.empty()) add_project_files(*project, gatherer, ledger);
  gatherer.finish();
  return values;
}

}  // namespace tightship::bundle
