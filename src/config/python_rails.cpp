// Servers in Python (Django, FastAPI, Flask) and Rails: the settings that open a site, read line by line.

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "config/checks.h"
#include "detect/text_class.h"
#include "lint/lines.h"

namespace tightship::config {
namespace {

using detect::contains;

// Without comments and blanks; texts stay. Good for comparing an assignment or the arguments of a call.
std::string squeezed(std::string_view text) {
  std::string out;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      if (c == quote || c == '\n') quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '#') {
      while (i + 1 < text.size() && text[i + 1] != '\n') ++i;
      continue;
    } else if (static_cast<unsigned char>(c) <= ' ') {
      continue;
    }
    out += c == '\'' ? '"' : c;
  }
  return out;
}

// The arguments of a call whose opening bracket is at `open`.
std::string_view arguments_at(std::string_view text, std::size_t open) {
  std::size_t depth = 0;
  for (std::size_t i = open; i < text.size() && i < open + 4000; ++i) {
    if (text[i] == '(') ++depth;
    if (text[i] == ')' && --depth == 0) return text.substr(open + 1, i - open - 1);
  }
  return {};
}

struct Assignment {
  std::string value;  // squeezed
  At at;
};

// NAME = value at the beginning of a line.
std::map<std::string, std::vector<Assignment>> assignments(std::string_view text) {
  std::map<std::string, std::vector<Assignment>> found;
  std::uint32_t number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    at = end + 1;
    ++number;
    std::size_t name = 0;
    while (name < line.size() && (detect::is_upper(line[name]) || line[name] == '_' || detect::is_digit(line[name])))
      ++name;
    const std::size_t equals = line.find_first_not_of(" \t", name);
    if (name == 0 || equals == std::string_view::npos || line[equals] != '=' || line.substr(equals, 2) == "==")
      continue;
    found[std::string(line.substr(0, name))].push_back({squeezed(line.substr(equals + 1)), {number, 1}});
  }
  return found;
}

class Python {
 public:
  Python(Context& context, const File& file) : context_(context), file_(file), lines_(file.text) {}

  void middleware() {
    for (std::size_t at = file_.text.find("CORSMiddleware"); at != std::string_view::npos;
         at = file_.text.find("CORSMiddleware", at + 14)) {
      // add_middleware(CORSMiddleware, ...: the bracket is near.
      const std::size_t from = at > 40 ? at - 40 : 0;
      const std::size_t near = file_.text.substr(from, at - from).rfind('(');
      if (near == std::string_view::npos) continue;
      const std::size_t open = from + near;
      const std::string given = squeezed(arguments_at(file_.text, open));
      const bool all = contains(given, "allow_origins=[\"*\"]") || contains(given, "allow_origin_regex=\".*\"") ||
                       contains(given, "allow_origin_regex=r\".*\"");
      if (all && contains(given, "allow_credentials=True"))
        every_origin(line_of(at), "CORSMiddleware gets allow_origins [\"*\"] and allow_credentials");
    }
    for (std::size_t at = file_.text.find("CORS("); at != std::string_view::npos;
         at = file_.text.find("CORS(", at + 5)) {
      const std::string given = squeezed(arguments_at(file_.text, at + 4));
      const bool named = contains(given, "origins") || contains(given, "resources");
      if (!named && contains(given, "supports_credentials=True"))
        every_origin(line_of(at), "CORS() gets supports_credentials and no origins");
    }
  }

  void django() {
    const auto all = assignments(file_.text);
    const auto last = [&](const char* name) -> const Assignment* {
      const auto found = all.find(name);
      return found == all.end() ? nullptr : &found->second.back();
    };
    const bool production = is_production();
    if (const Assignment* debug = last("DEBUG"); debug != nullptr && debug->value == "True") {
      const Severity severity = production                   ? Severity::Error
                                : overridden_beside("DEBUG") ? Severity::Note
                                                             : Severity::Warning;
      add(debug->at, "CFG-DEBUG", severity, RiskClass::LaunchBlocker, "DEBUG",
          "Error pages show your code and settings to visitors", "DEBUG is True",
          "every error page shows code, variables and settings",
          "read it from the environment: DEBUG = os.environ.get('DEBUG') == '1'");
    }
    for (const char* name : {"SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY"}) {
      const Assignment* one = last(name);
      if (one == nullptr || one->value != "False") continue;
      add(one->at, "CFG-COOKIE", Severity::Warning, RiskClass::ScaleRisk, name, "The login cookie is not protected",
          fmt::format("{} is False", name),
          "the session can be taken over a connection without encryption, or by a script",
          fmt::format("set {} = True in production", name));
    }
    const Assignment* origins = last("CORS_ALLOW_ALL_ORIGINS");
    if (origins == nullptr) origins = last("CORS_ORIGIN_ALLOW_ALL");
    const Assignment* credentials = last("CORS_ALLOW_CREDENTIALS");
    if (origins != nullptr && credentials != nullptr && origins->value == "True" && credentials->value == "True") {
      every_origin(origins->at.line, "CORS_ALLOW_ALL_ORIGINS and CORS_ALLOW_CREDENTIALS are both True");
    }
    if (const Assignment* hosts = last("ALLOWED_HOSTS"); hosts != nullptr && is_every_host(hosts->value)) {
      add(hosts->at, "CFG-HOSTS", Severity::Warning, RiskClass::ScaleRisk, "ALLOWED_HOSTS",
          "The site answers to any host name", "ALLOWED_HOSTS is ['*']",
          "links in mails (password reset) are made from the name that a stranger sends, and lead to them",
          "list the site's own names: ALLOWED_HOSTS = ['www.example.com']");
    }
    if (const Assignment* key = last("SECRET_KEY")) secret_key(*key);
  }

  // response.set_cookie("session", token, httponly=False)
  void cookies() {
    for (std::size_t at = file_.text.find("set_cookie("); at != std::string_view::npos;
         at = file_.text.find("set_cookie(", at + 11)) {
      const std::string given = squeezed(arguments_at(file_.text, at + 10));
      const std::string name = detect::lowered(given.substr(0, given.find(',')));
      const bool login = contains(name, "session") || contains(name, "token") || contains(name, "auth") ||
                         contains(name, "jwt") || contains(name, "login");
      if (!login || contains(name, "csrf") || contains(name, "xsrf")) continue;
      for (const auto& [what, breaks] :
           {std::pair("httponly=False", "any script on the page reads the session"),
            std::pair("secure=False", "it also goes over connections without encryption")}) {
        if (!contains(given, what)) continue;
        add(lines_.at(at), "CFG-COOKIE", Severity::Warning, RiskClass::ScaleRisk, "set_cookie",
            "The login cookie is not protected", fmt::format("set_cookie() is given {}", what), breaks,
            "set httponly=True, secure=True, samesite=\"lax\"");
      }
    }
  }

 private:
  static bool is_every_host(std::string_view value) {
    return value == "[\"*\"]" || value == "(\"*\",)" || value == "[\"*\",]";
  }

  bool is_production() const { return contains(file_.path, "prod"); }

  // settings/production.py beside settings/base.py sets it anew: what base.py has counts for developers only.
  bool overridden_beside(const std::string& name) const {
    if (file_.name() == "settings.py" || is_production()) return false;
    const std::string folder = folder_of(file_.path);
    return std::any_of(context_.project().files.begin(), context_.project().files.end(),
                       [&](const lint::ProjectFile& other) {
                         if (folder_of(other.path) != folder || !last_part(other.path).starts_with("prod"))
                           return false;
                         const auto text = context_.read(other.path);
                         return text && assignments(*text).count(name) > 0;
                       });
  }

  std::uint32_t line_of(std::size_t offset) const { return lines_.at(offset).line; }

  void add(At at, std::string_view id, Severity severity, RiskClass risk, std::string subject, std::string title,
           std::string why, std::string breaks, std::string fix) {
    Problem it = context_.problem(file_, at, id, severity, risk);
    it.exposure = Exposure::Web;
    it.subject = std::move(subject);
    it.title = std::move(title);
    it.why = std::move(why);
    it.breaks = std::move(breaks);
    it.fix = std::move(fix);
    it.minutes = 15;
    context_.add(file_, std::move(it));
  }

  void every_origin(std::uint32_t line, const std::string& why) {
    add({line, 1}, "CFG-CORS", Severity::Error, RiskClass::LaunchBlocker, "CORS",
        "Every website can act as your signed-in users", why + ": the origin that asks is repeated, with its cookies",
        "a page that a user visits reads and changes their data on your site", "name your own sites instead of all");
  }

  void secret_key(const Assignment& key) {
    const bool literal = key.value.size() > 2 && key.value.front() == '"' && key.value.back() == '"' &&
                         std::count(key.value.begin(), key.value.end(), '"') == 2;
    if (!literal) return;
    const std::string value = key.value.substr(1, key.value.size() - 2);
    if (value.rfind("django-insecure-", 0) != 0) {
      LiteralPlace place{"CFG-SECRET-KEY", std::string(file_.name()),
                         "read it from the environment: SECRET_KEY = os.environ['SECRET_KEY'], and make it anew"};
      place.names_are_notes = overridden_beside("SECRET_KEY");
      context_.literal(file_, place, "SECRET_KEY", value, key.at);
      return;
    }
    const Severity severity = is_production()                   ? Severity::Error
                              : overridden_beside("SECRET_KEY") ? Severity::Note
                                                                : Severity::Warning;
    add(key.at, "CFG-SECRET-KEY", severity, RiskClass::LaunchBlocker, "SECRET_KEY",
        "The key that signs logins is written into the code",
        "SECRET_KEY still is the one that startproject made (django-insecure-...)",
        "whoever can read the code makes valid sessions and reset links",
        "read it from the environment: SECRET_KEY = os.environ['SECRET_KEY'], and make it anew");
  }

  Context& context_;
  const File& file_;
  lint::Lines lines_;
};

// settings.py, settings/base.py, config/settings/production.py; not those of a developer's machine.
bool is_settings(const File& file) {
  const bool named = file.name() == "settings.py" || contains(file.path, "settings/");
  return named && contains(file.text, "INSTALLED_APPS");
}

}  // namespace

void check_python_server(Context& context, const File& file) {
  const bool cors = contains(file.text, "CORS"), settings = is_settings(file) && !is_development_path(file.path);
  const bool cookies = contains(file.text, "set_cookie(");
  if (!cors && !settings && !cookies) return;
  Python python(context, file);
  if (cookies && !is_development_path(file.path)) python.cookies();
  if (cors) python.middleware();
  if (settings) python.django();
}

void check_rails_environment(Context& context, const File& file) {
  std::uint32_t number = 0;
  for (std::size_t at = 0; at < file.text.size();) {
    const std::size_t end = std::min(file.text.find('\n', at), file.text.size());
    const std::string line = squeezed(file.text.substr(at, end - at));
    at = end + 1;
    ++number;
    const bool errors = line == "config.consider_all_requests_local=true";
    if (!errors && line != "config.force_ssl=false") continue;
    Problem it = context.problem(file, {number, 1}, errors ? "CFG-DEBUG" : "CFG-RAILS-SSL",
                                 errors ? Severity::Error : Severity::Warning,
                                 errors ? RiskClass::LaunchBlocker : RiskClass::ScaleRisk);
    it.exposure = Exposure::Web;
    it.subject = errors ? "consider_all_requests_local" : "force_ssl";
    it.title = errors ? "Error pages show your code to visitors"
                      : "The site also answers without encryption, and cookies are not marked secure";
    it.why = errors ? "consider_all_requests_local is true in production" : "force_ssl is false in production";
    it.breaks =
        errors ? "every error page shows code, variables and settings" : "sessions can be taken over on open networks";
    it.fix = errors ? "set it to false"
                    : "set config.force_ssl = true; behind a proxy that ends TLS also config.assume_ssl = true";
    it.minutes = 10;
    context.add(file, std::move(it));
  }
}

}  // namespace tightship::config
