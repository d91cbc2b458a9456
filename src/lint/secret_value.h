#pragma once

// What a named value is: `STRIPE_SECRET_KEY=...` of an env file, of a platform's configuration, of a workflow, or
// a literal in a bundle. The one judgement that env, config and bundle share with the scan: formats are those of
// the built-in rules, stand-ins and words of names are those of detect.
//
// A pure function of rules, name and value; some microseconds. One judge a thread.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "detect/rule.h"

namespace tightship::lint {

enum class ValueKind : std::uint8_t {
  Empty,
  Reference,    // stands for a value that is elsewhere: ${X}, {{ x }}, op://..., vault:..., secretKeyRef
  Encrypted,    // encrypted:... (dotenvx), ENC[...] (SOPS): may be committed
  Placeholder,  // "changeme", "your-api-key", "xxxx"
  Plain,        // anything that is no secret
  Identifier,   // a key id, a client id: of no use alone
  Public,       // meant for browsers: Stripe's publishable key, Supabase's anon key
  Conditional,  // public when it is restricted (Google AIza...)
  Test,         // a secret of a test mode or sandbox: reaches no real data
  Secret,       // by its format, or by what it decodes to
  NamedSecret,  // its name says secret and its value may be one
};

enum class Mode : std::uint8_t { Unknown, Live, Test };

struct Judgement {
  ValueKind kind = ValueKind::Plain;
  Mode mode = Mode::Unknown;
  const detect::Rule* rule = nullptr;                  // that knows the format; null for kinds told without one
  detect::Severity severity = detect::Severity::Note;  // of the rule or its check: Error is sure, Warning needs a look
  std::string title;            // "Stripe live secret key"; "value of DB_PASSWORD" by the name alone
  std::string provider;         // "Stripe", or empty
  std::string why;              // "format valid, live mode"
  std::string secret;           // the part of the value that is the secret: the password of a URL
  bool service_role = false;    // a Supabase key past row level security
  bool credential_url = false;  // a URL with a password in it
  // Sure: what makes an error. The others with kind Secret (a JWT, say) may be harmless and make a warning.
  bool secret_by_format() const { return kind == ValueKind::Secret && severity == detect::Severity::Error; }
  bool secret_like() const { return kind == ValueKind::Secret || kind == ValueKind::NamedSecret; }
  bool harmless() const { return kind <= ValueKind::Plain; }
};

class ValueJudge {
 public:
  explicit ValueJudge(const detect::RuleSet& rules = detect::RuleSet::builtin());
  ~ValueJudge();
  ValueJudge(ValueJudge&&) noexcept;
  Judgement judge(std::string_view name, std::string_view value);
  // The same for many at once, which is ten times as fast for each.
  struct Named {
    std::string_view name, value;
  };
  std::vector<Judgement> judge_all(const std::vector<Named>& values);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The name without a prefix that build tools make public (NEXT_PUBLIC_, VITE_, REACT_APP_ ...), which says nothing
// about what the value is.
std::string_view without_public_prefix(std::string_view name);

// Whether the name says that its value is a secret: words such as password, secret, token, api key, private key,
// and nothing that makes it public or a thing about one ("TOKEN_URL", "PASSWORD_MIN_LENGTH", "PUBLIC_KEY").
bool is_secret_name(std::string_view name);
// ... that it signs or encrypts: SESSION_SECRET, JWT_SECRET, SECRET_KEY_BASE, APP_KEY, ENCRYPTION_KEY.
bool is_signing_name(std::string_view name);

bool is_reference_value(std::string_view value);
bool is_encrypted_value(std::string_view value);
// "changeme", "your-api-key-here", "<token>", "TODO", "xxx": the whole value stands for another one.
bool is_placeholder_value(std::string_view value);

// The mode of a provider that is told by the value ("sk_live_", "rzp_test_") or by a switch ("PLAID_ENV=sandbox").
Mode mode_of(std::string_view name, std::string_view value);

// A URL with a user and a password: postgres://u:p@host:5432/db?x=y. Views into `value`; nothing is decoded.
struct UrlParts {
  std::string_view scheme, user, password, host, port, path, query;
  bool has_password() const { return !password.empty(); }
};
// Nothing when it is no URL with a scheme and a host.
std::optional<UrlParts> split_url(std::string_view value);

// localhost, 127/8, 0.0.0.0, ::1, *.localhost, and names that are only of this machine or network.
bool is_local_host(std::string_view host);
// Tunnels of development: ngrok, trycloudflare, loca.lt, localhost.run, serveo.
bool is_tunnel_host(std::string_view host);
// 10/8, 172.16/12, 192.168/16, *.internal, *.svc, *.local, *.lan, and single words (a compose service).
bool is_private_host(std::string_view host);

}  // namespace tightship::lint
