// Logins of package registries: npm, Yarn, Bun, PyPI, netrc, Docker, NuGet, Maven, Composer, RubyGems.

#include <fmt/format.h>

#include <algorithm>

#include "config/checks.h"
#include "config/commands.h"
#include "detect/codec.h"
#include "detect/text_class.h"
#include "lint/ini.h"
#include "lint/json.h"
#include "lint/markup.h"
#include "lint/toml.h"
#include "lint/yaml.h"

namespace tightship::config {
namespace {

LiteralPlace place(const File& file, std::string fix, std::vector<std::string> commands = {}) {
  LiteralPlace made{"CFG-REGISTRY", std::string(file.name()), std::move(fix), std::move(commands)};
  return made;
}

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

// "user:password" of a basic login in base64; the password's judgement is the shared one.
void basic_login(Context& context, const File& file, const LiteralPlace& where, std::string_view text, At at) {
  const auto decoded = detect::decode_base64(text, detect::Base64::Standard);
  if (!decoded) return;
  const std::size_t colon = decoded->find(':');
  if (colon != std::string::npos) context.literal(file, where, "auth_password", decoded->substr(colon + 1), at);
}

}  // namespace

void check_npmrc(Context& context, const File& file) {
  const LiteralPlace where =
      place(file, "write ${NPM_TOKEN} instead of the value and set it in the environment; then revoke the token",
            {"npm token revoke TOKEN"});
  for (const lint::IniLine& line : lint::parse_ini(file.text)) {
    if (ends_with(line.key, "_authToken")) {
      context.literal(file, where, "_authToken", line.value, line.value_at);
    } else if (ends_with(line.key, "_password")) {
      const auto decoded = detect::decode_base64(line.value, detect::Base64::Standard);
      context.literal(file, where, "_password", decoded.value_or(line.value), line.value_at);
    } else if (ends_with(line.key, "_auth")) {
      basic_login(context, file, where, line.value, line.value_at);
    } else if (line.key == "registry" || ends_with(line.key, ":registry") || ends_with(line.key, "proxy")) {
      context.literal(file, where, line.key, line.value, line.value_at);
    }
  }
}

namespace {

void yarn_tree(Context& context, const File& file, const lint::Node& node, const LiteralPlace& where) {
  for (const lint::Member& one : node.members) {
    if (one.key == "npmAuthToken" || one.key == "npmAuthIdent")
      context.literal(file, where, one.key, one.value.text, one.value.at);
    if (one.value.is_map()) yarn_tree(context, file, one.value, where);
  }
}

}  // namespace

void check_yarnrc(Context& context, const File& file) {
  const auto documents = lint::parse_yaml(file.text);
  if (!documents) return context.loss(file, documents.error());
  const LiteralPlace where =
      place(file, "write ${NPM_TOKEN} instead of the value and set it in the environment; then revoke the token");
  for (const lint::Node& root : *documents) yarn_tree(context, file, root, where);
}

namespace {

void bun_tree(Context& context, const File& file, const lint::Node& node, const LiteralPlace& where) {
  for (const lint::Member& one : node.members) {
    if (one.value.is_map()) bun_tree(context, file, one.value, where);
    const bool login = one.key == "token" || one.key == "password" || one.key == "url" || one.key == "registry";
    if (login && one.value.is_scalar()) context.literal(file, where, one.key, one.value.text, one.value.at);
  }
}

}  // namespace

void check_bunfig(Context& context, const File& file) {
  const auto root = lint::parse_toml(file.text);
  if (!root) return context.loss(file, root.error());
  const lint::Node* install = root->find("install");
  if (install != nullptr)
    bun_tree(context, file, *install, place(file, "write \"$NPM_TOKEN\" instead of the value; then revoke the token"));
}

void check_pypirc(Context& context, const File& file) {
  const LiteralPlace where = place(file,
                                   "keep it out of the repository: keyring, or TWINE_PASSWORD and "
                                   "PIP_INDEX_URL of the environment; then revoke it");
  for (const lint::IniLine& line : lint::parse_ini(file.text, true)) {
    const bool url = ends_with(line.key, "index-url") || line.key == "repository";
    if (line.key == "password" || url) context.literal(file, where, line.key, line.value, line.value_at);
  }
}

void check_netrc(Context& context, const File& file) {
  const LiteralPlace where =
      place(file, "take the file out of the repository and replace the password", untrack(file.path));
  std::uint32_t line = 1;
  std::string before;
  for (std::size_t at = 0; at < file.text.size();) {
    const std::size_t end = std::min(file.text.find_first_of(" \t\r\n", at), file.text.size());
    const std::string word(file.text.substr(at, end - at));
    if (before == "password" && !word.empty()) context.literal(file, where, "password", word, {line, 1});
    if (!word.empty()) before = word;
    if (end < file.text.size() && file.text[end] == '\n') ++line;
    at = end + 1;
  }
}

void check_docker_auth(Context& context, const File& file) {
  const auto root = lint::parse_json(file.text);
  if (!root) return context.loss(file, root.error());
  const lint::Node* auths = root->find("auths");
  const LiteralPlace where =
      place(file, "take the file out of the repository, use a credential helper, and replace the password",
            {"docker logout"});
  for (std::size_t i = 0; auths != nullptr && i < auths->members.size(); ++i) {
    const lint::Member& one = auths->members[i];
    if (const lint::Node* auth = one.value.find("auth")) basic_login(context, file, where, auth->text, auth->at);
    if (const lint::Node* password = one.value.find("password"))
      context.literal(file, where, "password", password->text, password->at);
  }
}

void check_nuget(Context& context, const File& file) {
  const LiteralPlace where =
      place(file, "write %NUGET_TOKEN% instead of the value and set it in the environment; then replace it");
  for (const lint::XmlElement& one : lint::parse_xml(file.text)) {
    if (one.path.back() != "add" || one.path.size() < 3) continue;
    const std::string key = one.attribute("key");
    const bool credentials = std::find(one.path.begin(), one.path.end(), "packageSourceCredentials") != one.path.end();
    const bool keys = std::find(one.path.begin(), one.path.end(), "apikeys") != one.path.end();
    if ((credentials && (key == "ClearTextPassword" || key == "Password")) || keys) {
      context.literal(file, where, keys ? "apikey" : "password", one.attribute("value"), one.at);
    }
  }
}

void check_maven(Context& context, const File& file) {
  if (!detect::contains(file.text, "<servers>")) return;
  const LiteralPlace where = place(file, "write ${env.MAVEN_PASSWORD} instead of the value; then replace it");
  for (const lint::XmlElement& one : lint::parse_xml(file.text)) {
    const std::string& name = one.path.back();
    const bool server = std::find(one.path.begin(), one.path.end(), "server") != one.path.end();
    // {...} is what mvn --encrypt-password makes.
    const bool encrypted = !one.text.empty() && one.text.front() == '{' && one.text.back() == '}';
    if (server && (name == "password" || name == "passphrase") && !encrypted)
      context.literal(file, where, name, one.text, one.text_at);
  }
}

void check_composer_auth(Context& context, const File& file) {
  // Other programs have an auth.json, too.
  if (!detect::contains(file.text, "oauth") && !detect::contains(file.text, "http-basic") &&
      !detect::contains(file.text, "bearer"))
    return;
  const auto root = lint::parse_json(file.text);
  if (!root) return context.loss(file, root.error());
  const LiteralPlace where = place(
      file, "take auth.json out of the repository and set COMPOSER_AUTH in the environment; then replace the token",
      untrack(file.path, "auth.json"));
  for (const std::string_view kind : {"github-oauth", "gitlab-token", "gitlab-oauth", "bearer", "http-basic"}) {
    const lint::Node* hosts = root->find(kind);
    for (std::size_t i = 0; hosts != nullptr && i < hosts->members.size(); ++i) {
      const lint::Node& one = hosts->members[i].value;
      const lint::Node* password = one.is_map() ? one.find("password") : &one;
      if (one.is_map() && password == nullptr) password = one.find("token");
      if (password != nullptr)
        context.literal(file, where, one.is_map() ? "password" : "access_token", password->text, password->at);
    }
  }
}

// [registry] token = "...", [registries.NAME] token = "...".
void check_cargo_credentials(Context& context, const File& file) {
  const auto root = lint::parse_toml(file.text);
  if (!root) return context.loss(file, root.error());
  const LiteralPlace where = place(
      file, "take the file out of the repository and revoke the token at the registry; in CI set CARGO_REGISTRY_TOKEN",
      untrack(file.path));
  const auto token = [&](const lint::Node& node) {
    const lint::Node* found = node.find("token");
    if (found != nullptr && found->is_scalar()) context.literal(file, where, "registry_token", found->text, found->at);
  };
  if (const lint::Node* registry = root->find("registry")) token(*registry);
  const lint::Node* others = root->find("registries");
  for (std::size_t i = 0; others != nullptr && i < others->members.size(); ++i) token(others->members[i].value);
}

void check_gem_credentials(Context& context, const File& file) {
  const auto documents = lint::parse_yaml(file.text);
  if (!documents) return context.loss(file, documents.error());
  const LiteralPlace where = place(file, "take the file out of the repository and revoke the key at rubygems.org");
  for (const lint::Node& root : *documents) {
    for (const lint::Member& one : root.members) {
      if (one.value.is_scalar()) context.literal(file, where, "rubygems_api_key", one.value.text, one.value.at);
    }
  }
}

}  // namespace tightship::config
