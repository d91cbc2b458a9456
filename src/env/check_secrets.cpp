// What the values are: secrets under public names, live keys in development, test keys in production, one secret in
// two environments, real ones in examples.

#include <algorithm>
#include <map>

#include "detect/text_class.h"
#include "env/context.h"

namespace tightship::env {
namespace {

using detect::RiskClass;
using detect::Severity;
using lint::EnvRole;
using lint::Judgement;
using lint::Mode;
using lint::ValueKind;
using readiness::Exposure;
using readiness::Problem;

std::string impact_of(const Judgement& said) {
  return said.rule != nullptr && !said.rule->impact.empty() ? "whoever has it " + std::string(said.rule->impact)
                                                            : "whoever has it can act as your product";
}
std::string rotate_of(const Judgement& said) {
  return said.rule != nullptr && !said.rule->rotate.empty() ? std::string(said.rule->rotate)
                                                            : "make a new one at its provider";
}

void public_value(Context& context, const Document& document, std::size_t i) {
  const lint::EnvEntry& entry = document.lines.entries[i];
  const Judgement& said = document.judged[i];
  const lint::PublicPrefix* prefix = context.project.public_prefix_of(entry.key);
  if (prefix == nullptr || document.example() || document.name.test_path) return;
  const bool secret = said.kind == ValueKind::Secret, named = said.kind == ValueKind::NamedSecret;
  if (!secret && !named && said.kind != ValueKind::Conditional) return;
  Problem problem;
  const bool database = said.credential_url && secret;
  problem.id = said.service_role ? "ENV-PUBLIC-SERVICE-ROLE" : database ? "ENV-PUBLIC-DB" : "ENV-PUBLIC-SECRET";
  problem.severity = said.secret_by_format() ? Severity::Error : Severity::Warning;
  problem.risk_class = said.kind == ValueKind::Conditional ? RiskClass::ConversionBlocker : RiskClass::LaunchBlocker;
  problem.exposure = Exposure::Web;
  const std::string without(lint::without_public_prefix(entry.key));
  const std::string what = named ? entry.key : said.title;
  problem.title = said.kind == ValueKind::Conditional ? what + " goes to every visitor: restrict it"
                  : named                             ? entry.key + " looks like a secret and goes to every visitor"
                                                      : what + " goes to every visitor of your site";
  problem.why = entry.key + " begins with " + prefix->prefix + ", so " + std::string(prefix->by) +
                " builds its value into the pages" + (named ? "; the name says that it is a secret" : "; " + said.why);
  problem.breaks = impact_of(said);
  if (said.kind == ValueKind::Conditional) {
    problem.fix =
        "restrict the key to your site and to the APIs that it needs (console.cloud.google.com/apis/credentials); keep "
        "APIs that cost money behind your server";
  } else {
    problem.fix = "rename it to " + without + ", read it on the server only, and " +
                  (named ? std::string("replace the value if a build with it was published") : rotate_of(said));
  }
  problem.minutes = said.kind == ValueKind::Conditional ? 10 : 30;
  problem.subject = entry.key;
  problem.spots = {spot_of(document, entry)};
  problem.value_id = said.secret.empty() ? "" : readiness::value_id(said.secret);
  context.add(std::move(problem));
}

void example_value(Context& context, const Document& document, std::size_t i) {
  const lint::EnvEntry& entry = document.lines.entries[i];
  const Judgement& said = document.judged[i];
  if (!document.example() || !said.secret_by_format()) return;
  const auto url = lint::split_url(entry.value);
  if (url && lint::is_private_host(url->host)) return;  // a sample for a local database
  Problem problem;
  problem.id = "ENV-EXAMPLE-REAL";
  problem.severity = document.name.test_path ? Severity::Warning : Severity::Error;
  problem.risk_class = RiskClass::LaunchBlocker;
  problem.exposure = document.file->tracked ? Exposure::PrivateRepository : Exposure::Local;
  problem.title = "the example " + document.path + " holds a real " + said.title;
  problem.why = entry.key + ": " + said.why;
  problem.breaks = impact_of(said) + "; examples are copied and published without a second look";
  problem.fix = "write " + entry.key + "= without a value, and " + rotate_of(said);
  problem.minutes = 20;
  problem.subject = entry.key;
  problem.spots = {spot_of(document, entry)};
  problem.value_id = readiness::value_id(said.secret);
  context.add(std::move(problem));
}

void wrong_mode(Context& context, const Document& document, std::size_t i) {
  const lint::EnvEntry& entry = document.lines.entries[i];
  const Judgement& said = document.judged[i];
  if (said.mode == Mode::Unknown || document.example() || document.name.test_path ||
      said.kind == ValueKind::Placeholder || said.kind == ValueKind::Reference)
    return;
  const bool live_in_dev = said.mode == Mode::Live && document.development() &&
                           (said.kind == ValueKind::Secret || said.kind == ValueKind::Plain);
  const bool test_in_prod = said.mode == Mode::Test && document.production() && !document.name.local;
  if (!live_in_dev && !test_in_prod) return;
  const bool is_known = said.rule != nullptr;
  const std::string what = is_known ? said.title : entry.key;
  Problem problem;
  problem.id = live_in_dev ? "ENV-LIVE-IN-DEV" : "ENV-TEST-IN-PROD";
  // A switch such as PLAID_ENV is told by its name; a key of a live mode by its format.
  problem.severity = is_known || test_in_prod ? Severity::Error : Severity::Warning;
  problem.risk_class = live_in_dev ? RiskClass::LaunchBlocker : RiskClass::ConversionBlocker;
  problem.exposure = Exposure::Local;
  problem.title =
      live_in_dev ? what + " (live) is used in " + document.path : what + " (test mode) is used in production";
  problem.why =
      entry.key + " in " + document.path + (live_in_dev ? " is of the live mode" : " is of the test mode or a sandbox");
  problem.breaks = live_in_dev ? "a test on a laptop moves real money or reaches real customers"
                               : "payments and messages of real customers go nowhere";
  problem.fix = live_in_dev
                    ? "take the test key of the same provider, and replace the live one: it has been on a laptop"
                    : "put the live key into the production environment";
  problem.minutes = 10;
  problem.subject = entry.key;
  problem.spots = {spot_of(document, entry)};
  if (!said.secret.empty()) problem.value_id = readiness::value_id(said.secret);
  context.add(std::move(problem));
}

// Live and test keys of one provider in one file.
void mixed_mode(Context& context, const Document& document) {
  if (document.example() || document.name.test_path) return;
  std::map<std::string, std::pair<const lint::EnvEntry*, const lint::EnvEntry*>> by_provider;  // live, test
  for (std::size_t i = 0; i < document.judged.size(); ++i) {
    const Judgement& said = document.judged[i];
    if (said.rule == nullptr || said.provider.empty() || said.mode == Mode::Unknown) continue;
    auto& [live, test] = by_provider[said.provider];
    (said.mode == Mode::Live ? live : test) = &document.lines.entries[i];
  }
  for (const auto& [provider, pair] : by_provider) {
    if (pair.first == nullptr || pair.second == nullptr) continue;
    Problem problem;
    problem.id = "ENV-MIXED-MODE";
    problem.severity = Severity::Error;
    problem.risk_class = RiskClass::ConversionBlocker;
    problem.title = "live and test keys of " + provider + " are mixed in " + document.path;
    problem.why = pair.first->key + " is of the live mode, " + pair.second->key + " of the test mode";
    problem.breaks = "the two do not know one another's objects: checkout and sign-in fail";
    problem.fix = "take both keys from the same mode";
    problem.minutes = 5;
    problem.subject = provider;
    problem.spots = {spot_of(document, *pair.first), spot_of(document, *pair.second)};
    context.add(std::move(problem));
  }
}

bool is_other_environment(const Document& a, const Document& b) {
  return a.name.role != b.name.role && (a.production() || b.production()) && !a.example() && !b.example() &&
         (a.development() || b.development() || a.name.role == EnvRole::Staging || b.name.role == EnvRole::Staging);
}

// The same secret in production and in another environment.
void shared_secrets(Context& context) {
  std::map<std::string, std::vector<std::pair<const Document*, const lint::EnvEntry*>>> by_value;
  std::map<std::string, const Judgement*> kinds;
  for (const Document& document : context.documents) {
    if (document.name.test_path) continue;
    for (std::size_t i = 0; i < document.judged.size(); ++i) {
      if (!document.judged[i].secret_like()) continue;
      const std::string id = readiness::value_id(document.judged[i].secret);
      by_value[id].push_back({&document, &document.lines.entries[i]});
      kinds[id] = &document.judged[i];
    }
  }
  for (const auto& [id, places] : by_value) {
    const auto first = places.front();
    const auto other = std::find_if(places.begin(), places.end(), [&](const auto& place) {
      return is_other_environment(*first.first, *place.first);
    });
    if (other == places.end()) continue;
    Problem problem;
    problem.id = "ENV-SHARED-SECRET";
    problem.severity = Severity::Warning;
    problem.risk_class = RiskClass::LaunchBlocker;
    problem.title = first.second->key + " is the same in production and elsewhere";
    problem.why = "one value in " + first.first->path + " and in " + other->first->path;
    problem.breaks =
        "who can read the weaker environment, or steals a laptop, is in production too; and neither can be replaced "
        "alone";
    problem.fix = "make a secret of its own for each environment";
    problem.minutes = 20;
    problem.subject = first.second->key;
    problem.value_id = id;
    for (const auto& [document, entry] : places) {
      if (problem.spots.size() < 10) problem.spots.push_back(spot_of(*document, *entry));
    }
    context.add(std::move(problem));
  }
}

// Formats that their providers replaced.
void stale(Context& context, const Document& document, std::size_t i) {
  const lint::EnvEntry& entry = document.lines.entries[i];
  const Judgement& said = document.judged[i];
  if (document.example() || document.name.test_path || said.rule == nullptr) return;
  std::string why, fix;
  const std::string_view value = entry.value;
  if (said.provider == "GitHub" && value.starts_with("ghp_")) {
    why = "a classic token has all of its owner's rights in every repository";
    fix =
        "make a fine-grained token for the repositories and rights that are needed "
        "(github.com/settings/tokens?type=beta)";
  } else if (said.provider == "OpenAI" && value.starts_with("sk-") && !value.starts_with("sk-proj-") &&
             !value.starts_with("sk-svcacct-") && value.size() == 51) {
    why = "a key of the old form belongs to a person and to no project";
    fix = "make a key of a project (platform.openai.com/api-keys)";
  } else if (said.service_role && said.rule->id == "jwt") {
    why = "Supabase retires the keys that are JWTs by the end of 2026";
    fix = "take an sb_secret_ key from the dashboard, Project settings, API keys";
  } else {
    return;
  }
  Problem problem;
  problem.id = "ENV-STALE-KEY";
  problem.severity = Severity::Note;
  problem.risk_class = RiskClass::ScaleRisk;
  problem.title = entry.key + " is a key of an old kind";
  problem.why = why;
  problem.breaks = "it stops working one day, or opens more than it must";
  problem.fix = fix;
  problem.minutes = 15;
  problem.subject = entry.key;
  problem.spots = {spot_of(document, entry)};
  problem.value_id = readiness::value_id(said.secret);
  context.add(std::move(problem));
}

}  // namespace

void check_secrets(Context& context) {
  for (const Document& document : context.documents) {
    for (std::size_t i = 0; i < document.judged.size(); ++i) {
      public_value(context, document, i);
      example_value(context, document, i);
      wrong_mode(context, document, i);
      stale(context, document, i);
    }
    mixed_mode(context, document);
  }
  shared_secrets(context);
  const bool leaks = std::any_of(context.report.problems.begin(), context.report.problems.end(),
                                 [](const Problem& p) { return p.id.starts_with("ENV-PUBLIC"); });
  if (!leaks && !context.project.public_prefixes.empty()) {
    context.pass("ENV-PUBLIC-SECRET",
                 "no secret under " + context.project.public_prefixes.front().prefix +
                     (context.project.public_prefixes.size() > 1 ? " or another public prefix" : ""));
  }
}

}  // namespace tightship::env
