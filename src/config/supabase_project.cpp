// supabase/config.toml, and the service_role key in code that runs in browsers.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "config/checks.h"
#include "detect/text_class.h"
#include "lint/javascript_objects.h"
#include "lint/toml.h"

namespace tightship::config {
namespace {

Problem web_problem(Context& context, const File& file, At at, std::string_view id, Severity severity, RiskClass risk,
                    std::string subject) {
  Problem made = context.problem(file, at, id, severity, risk);
  made.exposure = Exposure::Web;
  made.subject = std::move(subject);
  made.minutes = 10;
  return made;
}

bool is_local_url(const std::string& url) {
  const auto parts = lint::split_url(url);
  return parts && lint::is_local_host(parts->host);
}

// `https://*.example.com/**`: which hosts may be sent the session. A `*` in the host, or the whole of it.
bool any_host(const std::string& url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string::npos) return url == "*" || url == "**";
  const std::string rest = url.substr(scheme + 3);
  const std::string host = rest.substr(0, rest.find('/'));
  const std::size_t star = host.find('*');
  if (star == std::string::npos) return false;
  // "*-team.vercel.app" names a team's previews; "*.vercel.app" and "*" anyone's.
  constexpr std::array<std::string_view, 6> kShared = {"*.vercel.app", "*.netlify.app",  "*.pages.dev",
                                                       "*.github.io",  "*.onrender.com", "*.fly.dev"};
  return host == "*" || host == "**" || std::find(kShared.begin(), kShared.end(), host) != kShared.end();
}

void secrets_of(Context& context, const File& file, const lint::Node& node) {
  const LiteralPlace place{
      "CFG-SUPA-TOML",
      "supabase/config.toml",
      "write env(NAME) instead of the value, set it in the project's secrets, then replace the key",
      {"supabase secrets set NAME=..."}};
  for (const lint::Member& one : node.members) {
    if (one.value.is_map()) secrets_of(context, file, one.value);
    const bool reference = one.value.text.rfind("env(", 0) == 0;
    if (one.value.is_scalar() && one.value.quoted && !reference)
      context.literal(file, place, one.key, one.value.text, one.value.at);
  }
}

void check_functions(Context& context, const File& file, const lint::Node* functions) {
  if (functions == nullptr) return;
  for (const lint::Member& one : functions->members) {
    const lint::Node* verify = one.value.find("verify_jwt");
    if (verify == nullptr || verify->text != "false") continue;
    Problem it =
        web_problem(context, file, verify->at, "CFG-SUPA-JWT", Severity::Warning, RiskClass::ScaleRisk, one.key);
    it.title = fmt::format("Function \"{}\" answers callers without a login", one.key);
    it.why = "verify_jwt is false";
    it.breaks = "anyone can call it, as often as they like, on your bill";
    it.fix = "for a webhook check the sender's signature in the function; else set verify_jwt = true";
    context.add(file, std::move(it));
  }
}

// Tables, storage, auth: what is in config.toml is for the local stack too, and goes live with `config push`.
void check_auth(Context& context, const File& file, const lint::Node& auth) {
  if (const lint::Node* urls = auth.find("additional_redirect_urls")) {
    for (const lint::Node& one : urls->items) {
      if (!any_host(one.text)) continue;
      Problem it = web_problem(context, file, one.at, "CFG-SUPA-REDIRECT", Severity::Warning, RiskClass::LaunchBlocker,
                               one.text);
      it.title = "A login may end on anyone's site";
      it.why = fmt::format("additional_redirect_urls allows {}", one.text);
      it.breaks = "a link can send a user's session to a stranger's page, who then is that user";
      it.fix = "name the hosts of your site, wildcards in the path only";
      context.add(file, std::move(it));
    }
  }
  const lint::Node* confirmations = auth.at_path("email/enable_confirmations");
  if (confirmations != nullptr && confirmations->text == "false") {
    Problem it = web_problem(context, file, confirmations->at, "CFG-SUPA-CONFIRM", Severity::Note, RiskClass::ScaleRisk,
                             "enable_confirmations");
    it.title = "Accounts are made without confirming the e-mail address";
    it.why = "auth.email.enable_confirmations is false; it takes effect with supabase config push";
    it.breaks = "anyone signs up with somebody else's address";
    it.fix = "set enable_confirmations = true before you push the configuration";
    context.add(file, std::move(it));
  }
  const lint::Node* site = auth.find("site_url");
  if (site != nullptr && is_local_url(site->text)) {
    Problem it =
        web_problem(context, file, site->at, "CFG-SUPA-SITE", Severity::Note, RiskClass::ConversionBlocker, "site_url");
    it.title = "Links in e-mails lead to localhost";
    it.why = fmt::format("auth.site_url is {}; it takes effect with supabase config push", site->text);
    it.breaks = "new users cannot confirm their address";
    it.fix = "set site_url to your site's address, or env(SITE_URL), before you push the configuration";
    context.add(file, std::move(it));
  }
}

// Does this code run in a browser?
bool is_client_code(Context& context, const File& file, const lint::JsFile& code) {
  for (std::uint32_t i = 0; i < std::min<std::uint32_t>(8, static_cast<std::uint32_t>(code.tokens().size())); ++i) {
    if (code.is_string(i) && code.value(i) == "use client") return true;
  }
  const bool component =
      detect::contains("/" + file.path, "/src/components/") || detect::contains("/" + file.path, "/src/pages/");
  const bool server = context.project().uses(lint::Framework::Next) || context.project().uses(lint::Framework::Astro) ||
                      context.project().uses(lint::Framework::SvelteKit) ||
                      context.project().uses(lint::Framework::Nuxt) || context.project().uses(lint::Framework::Remix) ||
                      context.project().uses(lint::Framework::Express);
  return component && context.project().uses(lint::Framework::Vite) && !server;
}

bool says_service_role(std::string_view text) {
  const std::string lower = detect::lowered(text);
  return detect::contains(lower, "service_role") || detect::contains(lower, "servicerole") ||
         detect::contains(lower, "sb_secret_");
}

}  // namespace

void check_supabase_config(Context& context, const File& file) {
  const auto root = lint::parse_toml(file.text);
  if (!root) return context.loss(file, root.error());
  secrets_of(context, file, *root);
  check_functions(context, file, root->find("functions"));
  if (const lint::Node* auth = root->find("auth")) check_auth(context, file, *auth);
}

void check_supabase_client(Context& context, const File& file) {
  if (!detect::contains(file.text, "createClient") && !detect::contains(file.text, "createBrowserClient")) return;
  const lint::JsFile code(file.text);
  bool judged = false, client = false;
  for (std::uint32_t i = 0; i + 1 < code.tokens().size(); ++i) {
    const bool browser = code.is(i, "createBrowserClient");
    if ((!browser && !code.is(i, "createClient")) || !code.is(i + 1, "(")) continue;
    if (!judged) client = is_client_code(context, file, code);
    judged = true;
    for (std::uint32_t at = i + 2; at < code.match(i + 1) && at < i + 200; ++at) {
      const std::string value = code.value(at);
      const bool text = code.is_string(at);
      if (text && value.size() > 30) {
        LiteralPlace place{"CFG-SUPA-CLIENT", fmt::format("a call of createClient in {}", file.name()),
                           "use the publishable (anon) key here and keep this one on the server, then replace it"};
        place.public_web = client || browser;
        const lint::Judgement found = context.judge().judge("SUPABASE_SERVICE_ROLE_KEY", value);
        if (found.service_role || found.kind == lint::ValueKind::Secret) {
          context.literal(file, place, "SUPABASE_SERVICE_ROLE_KEY", value, code.at(at));
        }
        continue;
      }
      if (text || !(client || browser) || !says_service_role(value)) continue;
      Problem it = web_problem(context, file, code.at(at), "CFG-SUPA-CLIENT", Severity::Warning,
                               RiskClass::LaunchBlocker, std::string(value));
      it.title = "Code that runs in browsers uses Supabase's service_role key";
      it.why = fmt::format("createClient is given {} in client code", value);
      it.breaks = "the key passes all row level security: every visitor can read and change everything";
      it.fix = "use the publishable (anon) key here, and move what needs more to a server route";
      it.minutes = 30;
      context.add(file, std::move(it));
    }
  }
}

void collect_client_tables(const File& file, std::set<std::string>& tables) {
  if (file.sample) return;
  for (std::size_t at = file.text.find(".from("); at != std::string_view::npos; at = file.text.find(".from(", at + 6)) {
    const std::size_t begin = at + 7;
    if (begin >= file.text.size()) return;
    const char quote = file.text[at + 6];
    if (quote != '\'' && quote != '"' && quote != '`') continue;
    const std::size_t end = file.text.find(quote, begin);
    if (end == std::string_view::npos || end - begin > 63) continue;
    const std::string_view before = file.text.substr(at >= 8 ? at - 8 : 0, std::min<std::size_t>(8, at));
    if (detect::contains(before, "storage")) continue;
    tables.emplace(file.text.substr(begin, end - begin));
  }
}

}  // namespace tightship::config
