#pragma once

// What the checks of env files look at, gathered once, and how they say what they found.

#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/ledger.h"
#include "env/check.h"
#include "env/code_use.h"
#include "env/schema.h"
#include "lint/dotenv.h"
#include "lint/env_files.h"
#include "lint/key_index.h"
#include "lint/project.h"
#include "lint/secret_value.h"
#include "readiness/problem.h"

namespace tightship::env {

// One env file.
struct Document {
  std::string path;
  lint::EnvName name;
  const lint::ProjectFile* file = nullptr;
  std::vector<char> bytes;  // what `text` and all views of `lines` point into: they stay when the document is moved
  std::string_view text;
  bool encrypted = false;  // as a whole: git-crypt, age, SOPS, gpg; nothing in it is read
  lint::EnvText lines;
  lint::KeyIndex keys;                      // of lines.entries
  std::span<const lint::Judgement> judged;  // one for each of lines.entries; they are the context's
  std::vector<lint::Loader> loaders;        // in use for it; empty when none is known
  Document() = default;
  Document(Document&&) = default;
  Document& operator=(Document&&) = default;
  bool example() const { return name.role == lint::EnvRole::Example; }
  bool production() const { return name.role == lint::EnvRole::Production; }
  bool development() const {
    return name.role == lint::EnvRole::Development || name.role == lint::EnvRole::Test ||
           name.role == lint::EnvRole::Local || name.local;
  }
  std::string folder() const { return path.substr(0, path.rfind('/') + 1); }
  std::string file_name() const { return path.substr(path.rfind('/') + 1); }
  bool holds_secret() const;  // some value is a secret by format, or by its name
  const lint::EnvEntry* find(std::string_view key) const;
};

struct Context {
  const EnvOptions& options;
  lint::Project project;
  std::vector<Document> documents;      // sorted by path
  std::vector<lint::Judgement> judged;  // of all their values, one document after the other
  CodeUse code;
  readiness::Report report;
  Ledger ledger;

  // Adds a problem unless its id is ignored. `severity` of a problem in tests and fixtures is lowered to a note.
  void add(readiness::Problem problem);
  void pass(std::string id, std::string text);
  const Document* document(std::string_view path) const;
};

readiness::Spot spot_of(const Document& document, const lint::EnvEntry& entry);
readiness::Spot value_spot_of(const Document& document, const lint::EnvEntry& entry);

// "STRIPE_KEY, DB_PASSWORD and 3 more"
std::string name_list(const std::vector<std::string>& names, std::size_t shown = 4);

// Variables whose values are secrets, those told by format first; each once.
std::vector<std::string> secret_names(const Document& document);

// A word of a shell that stands for `path` whatever bytes it holds.
std::string shell_word(std::string_view path);

// The families of checks. Each adds its problems and passes.
void check_exposure(Context& context);                    // who can read the files: git, docker, npm, web
void check_upload(Context& context);                      // ... platforms that build from a folder (of check_exposure)
void check_history(Context& context);                     // who could
void check_declared(Context& context);                    // createEnv of t3-env
void check_secrets(Context& context);                     // what the values are
void check_strength(Context& context);                    // placeholders, weak and default secrets
void check_production(Context& context);                  // what must not run in production
void check_reading(Context& context);                     // what loaders make of them
void check_values(Context& context);                      // broken values
void check_drift(Context& context);                       // files against one another and against the code
void check_form(Context& context, const Schema* schema);  // style, and a schema when there is one

}  // namespace tightship::env
