// Terraform, AI tools, private files.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "config/checks.h"
#include "config/commands.h"
#include "detect/text_class.h"
#include "lint/hcl.h"
#include "lint/json.h"
#include "lint/toml.h"

namespace tightship::config {
namespace {

using detect::contains;

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

}  // namespace

void check_terraform(Context& context, const File& file) {
  const bool values = ends_with(file.name(), ".tfvars");
  LiteralPlace place{
      "CFG-TF", std::string(file.name()),
      "give it as TF_VAR_name of the environment, or read it from a secret manager; then replace the key"};
  if (values) place.commands = untrack(file.path, "*.tfvars");
  for (const lint::HclAttribute& one : lint::parse_hcl(file.text)) {
    if (!one.literal || one.value.empty()) continue;
    // variable "db_password" { default = "..." }: the variable's name says what it is.
    const bool variable = one.block.size() >= 2 && one.block[0] == "variable";
    if (variable && one.key != "default") continue;
    if (one.key == "description" || one.key == "error_message") continue;
    const std::string name = variable ? one.block[1] : one.key;
    if (!context.literal(file, place, name, one.value, one.value_at) && contains(one.value, "\n")) {
      context.scan_text(file, place, one.value, one.value_at, false);
    }
  }
}

void check_terraform_state(Context& context, const File& file) {
  if (!contains(file.text, "\"resources\"") && !contains(file.text, "\"modules\"")) return;
  const auto root = lint::parse_json(file.text);
  if (!root) return context.loss(file, root.error());
  const lint::Node* resources = root->find("resources");
  const bool old = root->find("modules") != nullptr;
  if (!old && (resources == nullptr || resources->items.empty())) return;
  Problem it = context.problem(file, {1, 1}, "CFG-TF-STATE", Severity::Error, RiskClass::LaunchBlocker);
  it.title = "Terraform's state is in the repository";
  it.why = old ? "it lists resources"
               : fmt::format("it holds {} resources, with every attribute in the clear", resources->items.size());
  it.breaks = "passwords, keys and addresses of your infrastructure can be read by whoever can read the repository";
  it.fix =
      "move the state to a backend (terraform init -migrate-state), stop tracking the file, and replace the "
      "secrets in it";
  it.commands = untrack(file.path, "*.tfstate*");
  it.minutes = 60;
  it.subject = file.path;
  context.add(file, std::move(it));
}

namespace {

LiteralPlace mcp_place(const File& file, const std::string& server) {
  return {"CFG-MCP", fmt::format("the MCP server {} of {}", server, file.name()),
          "write ${NAME} (or an input that asks) instead of the value and set it in the environment; then "
          "replace the key"};
}

void mcp_server(Context& context, const File& file, const std::string& name, const lint::Node& server) {
  const LiteralPlace place = mcp_place(file, name);
  for (const std::string_view key : {"env", "headers", "http_headers"}) {
    const lint::Node* values = server.find(key);
    for (std::size_t i = 0; values != nullptr && i < values->members.size(); ++i) {
      const lint::Member& one = values->members[i];
      std::string value = one.value.text, variable = one.key;
      if (value.rfind("Bearer ", 0) == 0 || value.rfind("token ", 0) == 0) {
        value = value.substr(value.find(' ') + 1);
        variable += "_TOKEN";
      }
      context.literal(file, place, variable, value, one.value.at);
    }
  }
  const lint::Node* arguments = server.find("args");
  for (std::size_t i = 0; arguments != nullptr && i < arguments->items.size(); ++i) {
    const lint::Node& one = arguments->items[i];
    // "--api-key", "value", or "--api-key=value", or a URL with a password.
    const std::size_t equals = one.text.find('=');
    std::string flag = i > 0 ? arguments->items[i - 1].text : std::string();
    std::string value = one.text;
    if (one.text.rfind("--", 0) == 0 && equals != std::string::npos) {
      flag = one.text.substr(0, equals);
      value = one.text.substr(equals + 1);
    }
    flag.erase(0, flag.find_first_not_of('-') == std::string::npos ? flag.size() : flag.find_first_not_of('-'));
    context.literal(file, place, flag.empty() || flag.size() > 60 ? "args" : flag, value, one.at);
  }
  const lint::Node* url = server.find("url");
  if (url != nullptr && url->is_scalar()) {
    if (!context.literal(file, place, "url", url->text, url->at))
      context.scan_text(file, place, url->text, url->at, false);
  }
}

void mcp_servers(Context& context, const File& file, const lint::Node& root) {
  for (const std::string_view key : {"mcpServers", "servers", "mcp_servers", "context_servers"}) {
    const lint::Node* servers = root.find(key);
    for (std::size_t i = 0; servers != nullptr && i < servers->members.size(); ++i) {
      mcp_server(context, file, servers->members[i].key, servers->members[i].value);
    }
  }
  if (const lint::Node* mcp = root.find("mcp")) {
    for (const lint::Member& one : mcp->members) {
      if (one.key != "servers") mcp_server(context, file, one.key, one.value);
    }
    const lint::Node* servers = mcp->find("servers");
    for (std::size_t i = 0; servers != nullptr && i < servers->members.size(); ++i) {
      mcp_server(context, file, servers->members[i].key, servers->members[i].value);
    }
  }
}

}  // namespace

void check_mcp_json(Context& context, const File& file) {
  if (file.name() == "settings.json" && !contains(file.text, "mcp")) return;
  const auto root = lint::parse_json(file.text);
  if (!root) return context.loss(file, root.error());
  mcp_servers(context, file, *root);
}

void check_codex_toml(Context& context, const File& file) {
  const auto root = lint::parse_toml(file.text);
  if (!root) return context.loss(file, root.error());
  mcp_servers(context, file, *root);
}

void check_ai_text(Context& context, const File& file) {
  const LiteralPlace place{
      "CFG-AI-FILES", fmt::format("{}, which AI tools read and send", file.name()),
      "take it out; tell the tool the name of the environment variable instead, and replace the key"};
  context.scan_text(file, place, file.text, {}, true);
}

void check_service_account(Context& context, const File& file) {
  if (!contains(file.text, "\"service_account\"") || !contains(file.text, "private_key")) return;
  const auto root = lint::parse_json(file.text);
  if (!root || root->text_of("type") != "service_account") return;
  const lint::Node* key = root->find("private_key");
  if (key == nullptr) return;
  const LiteralPlace place{
      "CFG-GCP-KEY", fmt::format("{}, a Google service account", file.name()),
      "delete the key at console.cloud.google.com (IAM, Service accounts, Keys) and stop tracking the file",
      untrack(file.path)};
  context.literal(file, place, "private_key", key->text, key->at);
}

namespace {

struct Private {
  std::string_view title, breaks;
  Severity severity = Severity::Warning;
};

// The schema of an SQLite database is text on its first pages: whether a table of it is about people, money or
// what they wrote. A database without a readable schema may hold anything.
bool is_about_people(std::string_view text) {
  constexpr std::string_view kWords[] = {"user",    "account", "customer", "member",  "session", "login",   "auth",
                                         "email",   "order",   "payment",  "invoice", "message", "profile", "contact",
                                         "person",  "people",  "token",    "secret",  "visit",   "subscri", "passw",
                                         "address", "comment", "post",     "chat"};
  std::string tables;
  for (std::size_t at = text.find("CREATE "); at != std::string_view::npos; at = text.find("CREATE ", at + 7)) {
    // The next row begins with bytes that are no text.
    const auto ends = [](char c) { return static_cast<unsigned char>(c) < ' ' && c != '\n' && c != '\t' && c != '\r'; };
    const std::string_view rest = text.substr(at, 4000);
    tables.append(rest.begin(), std::find_if(rest.begin(), rest.end(), ends));
  }
  std::string lower = detect::lowered(tables);
  for (std::size_t at = lower.find("tokeni"); at != std::string::npos; at = lower.find("tokeni")) lower.erase(at, 6);
  return lower.empty() || std::any_of(std::begin(kWords), std::end(kWords),
                                      [&](std::string_view word) { return contains(lower, word); });
}

std::optional<Private> private_kind(const File& file) {
  const std::string_view name = file.name(), text = file.text;
  constexpr std::string_view kSqlite{"SQLite format 3\0", 16};
  const bool key_store =
      ends_with(name, ".p12") || ends_with(name, ".pfx") || ends_with(name, ".jks") || ends_with(name, ".keystore");
  const bool is_store = text.substr(0, 4) == "\xfe\xed\xfe\xed" || text.substr(0, 2) == "\x30\x82";
  if (key_store && is_store)
    return Private{"A key store is in the repository", "its password is all that protects the keys in it"};
  if (text.substr(0, 16) == kSqlite)
    return Private{"A database file is in the repository", "whoever can read the repository has its rows",
                   is_about_people(text) ? Severity::Warning : Severity::Note};
  if (ends_with(name, ".har") && contains(text, "\"log\"") &&
      (contains(text, "\"Cookie\"") || contains(text, "\"cookie\"") || contains(text, "uthorization\""))) {
    return Private{"A recording of a browser session is in the repository",
                   "its cookies and tokens sign in as whoever recorded it"};
  }
  if (name == ".DS_Store")
    return Private{"A .DS_Store file is in the repository", "it names files of the folder on the author's machine",
                   Severity::Note};
  return std::nullopt;
}

// INSERT INTO users ... or COPY public.users ... FROM stdin, with addresses or hashes of passwords.
bool is_user_dump(std::string_view text) {
  const std::string lower = detect::lowered(text);
  constexpr std::array<std::string_view, 8> kTables = {
      "insert into users",  "insert into `users`",    "insert into \"users\"", "insert into public.users",
      "copy public.users ", "insert into `wp_users`", "insert into auth_user", "insert into \"auth_user\""};
  const bool rows =
      std::any_of(kTables.begin(), kTables.end(), [&](std::string_view table) { return contains(lower, table); });
  return rows && (contains(lower, "$2a$") || contains(lower, "$2b$") || contains(lower, "$2y$") ||
                  contains(lower, "pbkdf2_") || contains(lower, "$argon2"));
}

}  // namespace

void check_private_file(Context& context, const File& file) {
  const LiteralPlace place{"CFG-PRIVATE-FILE", std::string(file.name()),
                           "stop tracking the file, ignore it, and replace the key", untrack(file.path)};
  if (contains(file.text, "PRIVATE KEY")) {
    // Of a certificate for this machine alone: nobody else's browser believes it.
    File seen = file;
    const bool this_machine = contains(detect::lowered(file.path), "localhost") || is_development_path(file.path);
    seen.sample = seen.sample || this_machine || contains(detect::lowered(file.name()), "snakeoil");
    return context.scan_text(seen, place, file.text, {}, true);
  }
  std::optional<Private> kind = private_kind(file);
  if (!kind && ends_with(file.name(), ".sql") && is_user_dump(file.text)) {
    kind = Private{"A dump of your users is in the repository",
                   "password hashes can be tried offline, and the addresses are personal data"};
  }
  if (!kind) return;
  Problem it = context.problem(file, {}, "CFG-PRIVATE-FILE", kind->severity, RiskClass::ScaleRisk);
  it.title = kind->title;
  it.why = fmt::format("{} is {}", file.path, file.tracked ? "tracked by git" : "not ignored by git");
  it.breaks = kind->breaks;
  it.fix = "stop tracking the file and ignore it; what was pushed stays in the history";
  it.commands = untrack(file.path);
  it.minutes = 15;
  it.subject = file.path;
  context.add(file, std::move(it));
}

}  // namespace tightship::config
