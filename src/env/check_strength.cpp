// Secrets that are none: stand-ins, words, defaults of frameworks, and accounts that may do everything.

#include <algorithm>
#include <array>

#include "detect/common_words.h"
#include "detect/text_class.h"
#include "env/context.h"

namespace tightship::env {
namespace {

using detect::lowered;
using detect::RiskClass;
using detect::Severity;
using lint::EnvRole;
using lint::ValueKind;
using readiness::Problem;

// A file whose values reach users: of production, or tracked and read everywhere.
bool reaches_production(const Context& context, const Document& document) {
  if (document.example() || document.name.test_path || document.name.backup) return false;
  if (document.production()) return true;
  if (document.name.role != EnvRole::Base || !document.file->tracked) return false;
  // Where production has a file of its own the tracked one holds defaults of development.
  return context.document(document.folder() + ".env.production") == nullptr;
}

void placeholder(Context& context, const Document& document, std::size_t i) {
  const lint::EnvEntry& entry = document.lines.entries[i];
  if (document.judged[i].kind != ValueKind::Placeholder || !reaches_production(context, document)) return;
  // A word such as "example" in a name of a bucket is no stand-in: secrets, and nothing but stand-ins.
  const bool secret = lint::is_secret_name(entry.key) || entry.key.ends_with("_KEY") || entry.key.ends_with("_DSN");
  const std::string lower = lowered(entry.value);
  const bool plain = lower.starts_with("your") || lower.starts_with("<") || lower.starts_with("change") ||
                     lower.starts_with("replace") || lower.starts_with("todo") || lower.starts_with("xxx");
  if (!secret && !plain) return;
  Problem problem;
  problem.id = "ENV-PLACEHOLDER";
  problem.severity = document.production() ? Severity::Error : Severity::Warning;
  problem.risk_class = RiskClass::ConversionBlocker;
  problem.title = entry.key + " still has its stand-in value" + (document.production() ? " in production" : "");
  problem.why = "the value in " + document.path + " stands for one that somebody should fill in";
  problem.breaks = secret ? "what needs it fails, or accepts a secret that everybody can guess" : "what needs it fails";
  problem.fix = "put the real value into the environment of production, and leave it empty here";
  problem.minutes = 5;
  problem.subject = entry.key;
  problem.spots = {value_spot_of(document, entry)};
  context.add(std::move(problem));
}

// Secrets that are printed in the documentation of frameworks and starter kits.
bool is_published_default(std::string_view value) {
  constexpr std::array<std::string_view, 8> kDefaults = {"super-secret-jwt-token-with-at-least-32-characters-long",
                                                         "your-super-secret-jwt-token-with-at-least-32-characters-long",
                                                         "this_is_a_secret",
                                                         "keyboard cat",
                                                         "shhhhh",
                                                         "supersecret",
                                                         "secretkey",
                                                         "secret123"};
  const std::string lower = lowered(value);
  return lower.starts_with("django-insecure-") ||
         std::find(kDefaults.begin(), kDefaults.end(), lower) != kDefaults.end();
}

// A word, perhaps with a few digits behind it.
bool is_word(std::string_view value) {
  std::string lower = lowered(value);
  while (!lower.empty() && !detect::is_letter(lower.back())) lower.pop_back();
  return lower.size() >= 3 && detect::all(lower, detect::is_letter) &&
         (lower.size() <= 8 || detect::covered_by_words(lower) == lower.size());
}

void weak(Context& context, const Document& document, std::size_t i) {
  const lint::EnvEntry& entry = document.lines.entries[i];
  const ValueKind kind = document.judged[i].kind;
  if (!lint::is_signing_name(entry.key) || document.example() || document.name.test_path ||
      document.name.role == EnvRole::Test)
    return;
  if (kind == ValueKind::Empty || kind == ValueKind::Reference || kind == ValueKind::Encrypted) return;
  const bool published = is_published_default(entry.value);
  if (kind == ValueKind::Placeholder && !published) return;  // said by ENV-PLACEHOLDER
  const bool laravel = entry.key == "APP_KEY" && entry.value.starts_with("base64:");
  const bool guessable = published || is_word(entry.value) || entry.value.size() < 16;
  if (laravel ? entry.value.size() >= 51 : !guessable && entry.value.size() >= 32) return;
  const bool reaches = reaches_production(context, document);
  // In development a short secret guards nothing.
  if (!reaches && (document.development() || document.name.role == EnvRole::Other)) return;
  Problem problem;
  problem.id = "ENV-WEAK-SECRET";
  problem.severity = !guessable              ? Severity::Note
                     : document.production() ? Severity::Error
                     : reaches               ? Severity::Warning
                                             : Severity::Note;
  problem.risk_class = guessable ? RiskClass::LaunchBlocker : RiskClass::ScaleRisk;
  problem.title = entry.key + (published   ? " is a value printed in documentation"
                               : guessable ? " can be guessed"
                                           : " is shorter than 32 characters");
  problem.why = published ? "it is the sample of a framework or a starter kit, known to everybody"
                          : "it has " + std::to_string(entry.value.size()) + " characters" +
                                (is_word(entry.value) ? " and is a word" : "");
  problem.breaks = "who guesses it signs in as any user: sessions and tokens are signed with it";
  problem.fix = "put a random secret of 32 bytes there; sessions that are open end";
  problem.commands = {"openssl rand -base64 32"};
  problem.minutes = 5;
  problem.subject = entry.key;
  problem.spots = {value_spot_of(document, entry)};
  context.add(std::move(problem));
}

bool is_default_login(std::string_view user, std::string_view password) {
  const std::string who = lowered(user), how = lowered(password);
  if (how == who) return true;
  constexpr std::array<std::string_view, 10> kPasswords = {"password", "postgres", "admin",      "root",     "secret",
                                                           "123456",   "guest",    "minioadmin", "changeme", "example"};
  return std::find(kPasswords.begin(), kPasswords.end(), how) != kPasswords.end();
}

bool is_superuser(std::string_view scheme, std::string_view user) {
  const std::string who = lowered(user), kind = lowered(scheme);
  if (kind.starts_with("postgres")) return who == "postgres";
  if (kind.starts_with("mysql") || kind.starts_with("mariadb")) return who == "root";
  return (kind.starts_with("mssql") || kind.starts_with("sqlserver")) && who == "sa";
}

void login(Context& context, const Document& document, std::size_t i) {
  const lint::EnvEntry& entry = document.lines.entries[i];
  const auto url = lint::split_url(entry.value);
  if (!url || !url->has_password() || !reaches_production(context, document) || lint::is_reference_value(entry.value))
    return;
  const bool local = lint::is_private_host(url->host);
  if (is_default_login(url->user, url->password) && (!local || document.production())) {
    if (lint::is_local_host(url->host)) return;  // said by ENV-LOCALHOST-PROD
    Problem problem;
    problem.id = "ENV-DEFAULT-CREDS";
    problem.severity = document.production() && !local ? Severity::Error : Severity::Warning;
    problem.risk_class = RiskClass::LaunchBlocker;
    problem.title = entry.key + " signs in with a default password";
    problem.why = "user and password are those that every installation begins with";
    problem.breaks = "bots try exactly these; who reaches the server has its data";
    problem.fix = "set a random password for the user, and change it here";
    problem.commands = {"openssl rand -base64 24"};
    problem.minutes = 15;
    problem.subject = entry.key;
    problem.spots = {value_spot_of(document, entry)};
    context.add(std::move(problem));
    return;
  }
  if (!is_superuser(url->scheme, url->user) || local) return;
  // Hosted Postgres gives its owner under that name: it is a note that can wait.
  Problem problem;
  problem.id = "ENV-SUPERUSER-DB";
  problem.severity = Severity::Note;
  problem.risk_class = RiskClass::ScaleRisk;
  problem.title = entry.key + " signs in as the superuser of the database";
  problem.why = "the user is " + std::string(url->user);
  problem.breaks = "a hole in one query is a hole in all tables, and row level security does not hold";
  problem.fix = "make a user that may read and write the tables of the product, and take it here";
  problem.minutes = 30;
  problem.subject = entry.key;
  problem.spots = {value_spot_of(document, entry)};
  context.add(std::move(problem));
}

}  // namespace

void check_strength(Context& context) {
  for (const Document& document : context.documents) {
    for (std::size_t i = 0; i < document.judged.size(); ++i) {
      placeholder(context, document, i);
      weak(context, document, i);
      login(context, document, i);
    }
  }
}

}  // namespace tightship::env
