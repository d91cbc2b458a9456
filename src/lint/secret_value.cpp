#include "lint/secret_value.h"

#include <algorithm>
#include <array>

#include "detect/common_words.h"
#include "detect/detector.h"
#include "detect/generic.h"
#include "detect/text_class.h"

namespace tightship::lint {
namespace {

using detect::lowered;
using detect::RuleSet;
using detect::Severity;

constexpr std::size_t kMaxJudged = 64 * 1024;  // bytes of a value that are looked at

int rank(ValueKind kind) {
  switch (kind) {
    case ValueKind::Secret: return 6;
    case ValueKind::Conditional: return 5;
    case ValueKind::Test: return 4;
    case ValueKind::Public: return 3;
    case ValueKind::Identifier: return 2;
    case ValueKind::NamedSecret: return 1;
    default: return 0;
  }
}

ValueKind kind_of(const detect::Rule& rule, detect::Kind kind) {
  if (rule.generic) return ValueKind::NamedSecret;
  if (rule.id == "google-api-key") return ValueKind::Conditional;
  switch (kind) {
    case detect::Kind::Test: return ValueKind::Test;
    case detect::Kind::PublicByDesign: return ValueKind::Public;
    case detect::Kind::Identifier: return ValueKind::Identifier;
    case detect::Kind::Secret: break;
  }
  return ValueKind::Secret;
}

bool is_service_role(const detect::Rule& rule, const detect::CheckResult& said) {
  if (rule.id == "supabase-secret-key") return true;
  return std::any_of(said.facts.begin(), said.facts.end(),
                     [](const detect::Fact& fact) { return fact.name == "role" && fact.value == "service_role"; });
}

// Values that a build reads: switches, numbers, addresses without a password.
bool is_plain_fault(std::string_view fault) {
  return fault == "number" || fault == "version" || fault == "path" || fault == "constant" || fault == "short" ||
         fault == "public name";
}

}  // namespace

struct ValueJudge::Impl {
  const RuleSet& rules;
  match::Engine::Scratch scratch;
  std::vector<match::Anchor> anchors;
  std::vector<match::Match> matches;
  std::vector<detect::Candidate> candidates;

  explicit Impl(const RuleSet& set) : rules(set), scratch(set.engine().make_scratch()) {}

  void find(const std::string& text) {
    anchors.clear();
    candidates.clear();
    rules.engine().find_anchors(as_bytes(text), scratch, anchors);
    for (const match::Anchor anchor : anchors) detect::confirm(rules, as_bytes(text), anchor, matches, candidates);
    detect::settle(rules, as_bytes(text), ".env", candidates);
  }

  void take(const detect::Candidate& candidate, const std::string& text, Judgement& best) const {
    const detect::Rule& rule = rules.rules()[candidate.rule];
    const std::string_view secret = std::string_view(text).substr(candidate.start, candidate.length);
    const std::string_view match = std::string_view(text).substr(candidate.match_start, candidate.match_length);
    const detect::CheckResult said = detect::explain(rule, secret, match);
    const ValueKind kind = kind_of(rule, said.kind.value_or(rule.kind));
    if (rank(kind) <= rank(best.kind)) return;
    best.kind = kind;
    best.rule = &rule;
    best.severity = said.severity.value_or(rule.severity);
    best.title = rule.title;
    best.provider = rule.provider;
    best.why = said.why.empty() ? std::string(rule.why) : said.why;
    best.secret = secret;
    best.service_role = kind == ValueKind::Secret && is_service_role(rule, said);
  }
};

namespace {

constexpr bool is_reference_mark(char c) {
  switch (c) {
    case '$':
    case '%':
    case '{':
    case '<':
    case ':':
    case '+':
    case '.':
    case '@':
    case '/': return true;
    default: return false;
  }
}

// What needs no rule to be told.
ValueKind plain_kind(std::string_view value) {
  if (value.find_first_not_of(" \t\r\n") == std::string_view::npos) return ValueKind::Empty;
  if (is_encrypted_value(value)) return ValueKind::Encrypted;
  return is_reference_value(value) ? ValueKind::Reference : ValueKind::Plain;
}

// As a line of an env file, so that rules which ask for a name find it.
void append_line(std::string& text, std::string_view name, std::string_view value) {
  const bool quote =
      value.find_first_of(" \t\r\n'`") != std::string_view::npos && value.find('"') == std::string_view::npos;
  text.append(name).append(quote ? "=\"" : "=").append(value).append(quote ? "\"\n" : "\n");
}

// A password that is a word or two is a default of development more often than a secret that somebody keeps, and is
// found by guessing whether or not it is hidden (env: ENV-WEAK-SECRET).
bool is_words(std::string_view value) {
  const std::string lower = lowered(value);
  const bool letters = detect::all(lower, [](char c) { return detect::is_lower(c) || c == '_' || c == '-'; });
  const bool said = detect::contains(lower, "password") || detect::contains(lower, "secret");
  return letters && (value.size() <= 12 || said || detect::covered_by_words(lower) * 10 >= value.size() * 8);
}

// "random string that is unique to every install": it tells what to put there.
bool is_sentence(std::string_view value) {
  std::size_t gaps = 0, letters = 0;
  for (const char c : value) {
    gaps += c == ' ' ? 1u : 0u;
    letters += detect::is_lower(detect::to_lower(c)) ? 1u : 0u;
  }
  return gaps >= 4 && (letters + gaps) * 10 >= value.size() * 9;
}

// First characters of stand-ins: your-..., change-me, <...>, replace, TODO, xxx, ***, insert, example, placeholder.
bool may_stand_in(std::string_view value) {
  return std::string_view("yYcC<rRtTxX*.?-iIeEpPfFdDsSmM0123456789").find(value[0]) != std::string_view::npos &&
         (detect::is_digit(value[0]) ? value.size() >= 8 : true);
}

// What no format tells.
void judge_by_name(std::string_view name, std::string_view value, Judgement& out) {
  const std::string_view inner = without_public_prefix(name);
  const auto url = split_url(value);
  out.credential_url = url && url->has_password();
  out.mode = out.kind == ValueKind::Test ? Mode::Test : mode_of(inner, value);
  if (out.kind == ValueKind::Plain) {
    // Most variables are neither secrets by name nor stand-ins: cheap questions first, an env file may have thousands.
    const bool named = is_secret_name(inner);
    // "DigitalOcean API token": words that name a secret are none.
    const bool words = value.find(' ') != std::string_view::npos && (is_secret_name(value) || is_sentence(value));
    if (words || ((named || may_stand_in(value)) && is_placeholder_value(value))) {
      out.kind = ValueKind::Placeholder;
    } else if (named && !url && !is_words(value) && !is_plain_fault(detect::value_fault({inner, "=", value}))) {
      out.kind = ValueKind::NamedSecret;
    }
  }
  // Whoever has keys of both kinds calls the one for pages so: Stripe, Clerk, Magic, Polar.
  if (out.kind == ValueKind::NamedSecret && (value.starts_with("pk_live_") || value.starts_with("pk_test_"))) {
    out.kind = ValueKind::Public;
    out.rule = nullptr;
  }
  if (out.kind == ValueKind::NamedSecret && (is_words(value) || is_sentence(value))) {
    out.kind = is_words(value) ? ValueKind::Plain : ValueKind::Placeholder;
    out.rule = nullptr;
  }
  if (out.kind != ValueKind::NamedSecret) return;
  out.severity = Severity::Warning;
  out.title = "value of " + std::string(name);
  out.why = "the name says that it is a secret";
  out.secret = value;
}

}  // namespace

ValueJudge::ValueJudge(const RuleSet& rules) : impl_(std::make_unique<Impl>(rules)) {}
ValueJudge::~ValueJudge() = default;
ValueJudge::ValueJudge(ValueJudge&&) noexcept = default;

Judgement ValueJudge::judge(std::string_view name, std::string_view value) {
  return judge_all({{name, value}}).front();
}

std::vector<Judgement> ValueJudge::judge_all(const std::vector<Named>& values) {
  std::vector<Judgement> out(values.size());
  std::string text;
  std::vector<std::size_t> begins;  // of each value's line
  begins.reserve(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    begins.push_back(text.size());
    out[i].kind = plain_kind(values[i].value);
    if (out[i].kind == ValueKind::Plain)
      append_line(text, without_public_prefix(values[i].name), values[i].value.substr(0, kMaxJudged));
  }
  impl_->find(text);
  for (const detect::Candidate& candidate : impl_->candidates) {
    const auto line = std::upper_bound(begins.begin(), begins.end(), candidate.start) - begins.begin() - 1;
    impl_->take(candidate, text, out[static_cast<std::size_t>(line)]);
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (out[i].kind > ValueKind::Encrypted)
      judge_by_name(values[i].name, values[i].value.substr(0, kMaxJudged), out[i]);
  }
  return out;
}

bool is_reference_value(std::string_view value) {
  // Each form below has one of these.
  if (value.size() < 12 && std::none_of(value.begin(), value.end(), is_reference_mark)) return false;
  const std::string lower = lowered(value);
  const std::string_view text = lower;
  constexpr std::array<std::string_view, 22> kStarts = {"op://",
                                                        "vault:",
                                                        "vault://",
                                                        "!vault",
                                                        "env:",
                                                        "ssm:",
                                                        "ssm://",
                                                        "ref+",
                                                        "sm://",
                                                        "akeyless:",
                                                        "infisical:",
                                                        "doppler:",
                                                        "arn:aws:secretsmanager",
                                                        "arn:aws:ssm",
                                                        "@microsoft.keyvault",
                                                        "secret://",
                                                        "secrets.",
                                                        "file://",
                                                        "keychain:",
                                                        "gcpsecret",
                                                        "bws:",
                                                        "exec:"};
  if (std::any_of(kStarts.begin(), kStarts.end(), [&](auto start) { return text.starts_with(start); })) return true;
  if (text.starts_with("projects/") && detect::contains(text, "/secrets/")) return true;
  if (detect::contains(text, "secretkeyref") || detect::contains(text, "configmapkeyref")) return true;
  for (const auto& [open, close] : {std::pair<std::string_view, std::string_view>{"${", "}"},
                                    {"{{", "}}"},
                                    {"#{", "}"},
                                    {"<%", "%>"},
                                    {"$(", ")"}}) {
    const std::size_t at = text.find(open);
    if (at != std::string_view::npos && text.find(close, at) != std::string_view::npos) return true;
  }
  const auto is_name = [](char c) { return detect::is_alphanumeric(c) || c == '_'; };
  // $NAME and %NAME%, whole.
  if (value.size() > 1 && value[0] == '$' && !detect::is_digit(value[1]) && detect::all(value.substr(1), is_name)) {
    return detect::all(value.substr(1), [](char c) { return detect::is_upper(c) || detect::is_digit(c) || c == '_'; });
  }
  return value.size() > 2 && value.front() == '%' && value.back() == '%' &&
         detect::all(value.substr(1, value.size() - 2), is_name);
}

bool is_encrypted_value(std::string_view value) {
  return value.starts_with("encrypted:") || value.starts_with("ENC[") || value.starts_with("ENC(") ||
         value.starts_with("age-encryption.org/") || value.starts_with("-----BEGIN AGE ENCRYPTED FILE-----") ||
         value.starts_with("-----BEGIN PGP MESSAGE-----");
}

}  // namespace tightship::lint
