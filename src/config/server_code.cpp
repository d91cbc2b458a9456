// Server code in JavaScript: CORS and cookies, by the objects that libraries are given.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "config/checks.h"
#include "detect/text_class.h"
#include "lint/javascript_objects.h"

namespace tightship::config {
namespace {

using lint::JsFile;
using lint::JsObject;
using lint::JsProperty;

bool is_literal(const JsFile& code, const JsProperty* property, std::string_view text) {
  return property != nullptr && property->begin + 1 == property->end && code.value(property->begin) == text;
}

// A function that says yes to every origin: (origin, callback) => callback(null, true).
bool allows_every_origin(const JsFile& code, const JsProperty& property) {
  bool yes = false;
  for (std::uint32_t i = property.begin; i + 2 < property.end; ++i) {
    const std::string_view text = code.text(i);
    if (text == "if" || text == "?" || text == "&&" || text == "||" || text == "includes" || text == "indexOf" ||
        text == "test" || text == "Error")
      return false;
    // Given (null, true), or the origin itself: (null, origin).
    yes = yes || (text == "null" && code.is(i + 1, ",") && (code.is(i + 2, "true") || code.is(i + 2, "origin")));
  }
  return yes;
}

class Check {
 public:
  Check(Context& context, const File& file) : context_(context), file_(file), code_(file.text) {}

  void run() {
    for (const JsObject& object : code_.objects()) {
      if (is_cors(object)) cors(object);
      if (object.callee == "session" || object.callee == "cookieSession") session(object);
      if (object.callee == "cookie") set_cookie(object);
    }
    reflected_header();
    for (std::uint32_t i = 0; i + 2 < code_.tokens().size(); ++i) {
      if (code_.is_string(i) && (code_.is(i + 1, ",") || code_.is(i + 1, ":")) &&
          detect::lowered(code_.value(i)) == "set-cookie")
        cookie_header(i, i + 2);
    }
  }

 private:
  Problem problem(At at, std::string_view id, Severity severity, RiskClass risk, std::string subject) const {
    Problem made = context_.problem(file_, at, id, severity, risk);
    made.exposure = Exposure::Web;
    made.subject = std::move(subject);
    made.minutes = 15;
    return made;
  }

  // Whether the token stands in a branch for development: if (dev) { ... }, if (isProduction) { } else { ...
  // }.
  bool in_development(std::uint32_t token) const {
    constexpr std::uint32_t kFar = 5'000;  // tokens; a longer branch is not seen
    for (std::uint32_t open = token; open > 0 && token - open < kFar; --open) {
      if (!code_.is(open, "{") || code_.match(open) < token) continue;
      std::uint32_t before = open - 1;
      const bool otherwise = code_.is(before, "else");
      if (otherwise && before > 0) before = if_of_else(before);
      if (before == lint::kNoJs || !code_.is(before, ")")) continue;
      const std::string condition = condition_before(before);
      const bool production = detect::contains(condition, "prod"), negated = detect::contains(condition, "!");
      const bool development =
          detect::contains(condition, "dev") || detect::contains(condition, "test") || (production && negated);
      if (otherwise ? production && !negated : development) return true;
    }
    return false;
  }

  // The `)` of the if before `} else {`.
  std::uint32_t if_of_else(std::uint32_t other) const {
    const std::uint32_t close = other - 1;
    if (!code_.is(close, "}")) return lint::kNoJs;
    for (std::uint32_t open = close; open > 0 && close - open < 5'000; --open) {
      if (code_.is(open, "{") && code_.match(open) == close) return open - 1;
    }
    return lint::kNoJs;
  }

  // What stands in the brackets that end at `close`, in lower case.
  std::string condition_before(std::uint32_t close) const {
    std::string text;
    for (std::uint32_t open = close; open > 0 && close - open < 60; --open) {
      if (code_.is(open, "(") && code_.match(open) == close) {
        for (std::uint32_t i = open + 1; i < close; ++i) text += detect::lowered(code_.value(i)) + " ";
        break;
      }
    }
    return text;
  }

  void add_at(std::uint32_t token, Problem problem) {
    if (in_development(token)) problem.severity = Severity::Note;
    context_.add(file_, std::move(problem));
  }

  // cors({...}), register(cors, {...}), enableCors({...}), corsOptions = {...}
  bool is_cors(const JsObject& object) const {
    const std::string callee = detect::lowered(object.callee), bound = detect::lowered(object.bound);
    if (callee == "cors" || callee == "enablecors" || callee == "fastifycors") return true;
    if (detect::contains(bound, "corsoptions") || detect::contains(bound, "corsconfig")) return true;
    return callee == "register" && object.call + 2 < object.open &&
           detect::contains(detect::lowered(code_.text(object.call + 2)), "cors");
  }

  void cors(const JsObject& object) {
    const JsProperty* origin = code_.find(object, "origin");
    if (!is_literal(code_, code_.find(object, "credentials"), "true") || origin == nullptr) return;
    const bool reflects = is_literal(code_, origin, "true") && !code_.is_string(origin->begin);
    const bool every = reflects || (origin->begin + 1 < origin->end && allows_every_origin(code_, *origin));
    if (every)
      return every_origin(origin->key_token, reflects ? "origin is true" : "the origin function says yes to everyone");
    if (!is_literal(code_, origin, "*")) return;
    check_header_rule(context_, file_,
                      {"your API",
                       {{"access-control-allow-origin", "*"}, {"access-control-allow-credentials", "true"}},
                       code_.at(origin->key_token)});
  }

  void every_origin(std::uint32_t token, const std::string& why) {
    Problem it = problem(code_.at(token), "CFG-CORS", Severity::Error, RiskClass::LaunchBlocker, "origin");
    it.title = "Every website can act as your signed-in users";
    it.why = fmt::format("{} and credentials is true: whatever origin asks is allowed with its cookies", why);
    it.breaks = "a page that a user visits reads and changes their data on your site";
    it.fix = "name your own sites: origin: ['https://app.example.com']";
    add_at(token, std::move(it));
  }

  // res.setHeader('Access-Control-Allow-Origin', req.headers.origin), credentials allowed in the same file.
  void reflected_header() {
    bool credentials = false;
    std::uint32_t at = lint::kNoJs;
    for (std::uint32_t i = 0; i + 2 < code_.tokens().size(); ++i) {
      if (!code_.is_string(i) || !code_.is(i + 1, ",")) continue;
      const std::string name = detect::lowered(code_.value(i));
      if (name == "access-control-allow-credentials") credentials = credentials || code_.value(i + 2) == "true";
      if (name != "access-control-allow-origin") continue;
      const std::string value = code_.dotted(i + 2);
      const bool reflects =
          value == "req.headers.origin" || value == "request.headers.origin" || value == "ctx.headers.origin";
      if (reflects) at = i;
    }
    if (!credentials || at == lint::kNoJs) return;
    Problem it =
        problem(code_.at(at), "CFG-CORS", Severity::Warning, RiskClass::LaunchBlocker, "Access-Control-Allow-Origin");
    it.title = "The origin that asks is allowed with its cookies";
    it.why = "Access-Control-Allow-Origin repeats the request's origin, and credentials are allowed";
    it.breaks = "unless the origin is checked before, any page that a user visits acts as that user";
    it.fix = "compare the origin with a list of your own sites before you repeat it";
    add_at(at, std::move(it));
  }

  void weak_cookie(const JsProperty& property, const std::string& why, const std::string& breaks,
                   const std::string& fix) {
    Problem it =
        problem(code_.at(property.key_token), "CFG-COOKIE", Severity::Warning, RiskClass::ScaleRisk, property.key);
    if (is_development_path(file_.path)) it.severity = Severity::Note;
    it.title = "The login cookie is not protected";
    it.why = why;
    it.breaks = breaks;
    it.fix = fix;
    it.minutes = 10;
    add_at(property.key_token, std::move(it));
  }

  void cookie_object(const JsObject& object) {
    const JsProperty* secure = code_.find(object, "secure");
    const JsProperty* http_only = code_.find(object, "httpOnly");
    const JsProperty* same_site = code_.find(object, "sameSite");
    if (secure != nullptr && is_literal(code_, secure, "false")) {
      weak_cookie(*secure, "secure is false", "the cookie also goes over connections without encryption",
                  "set secure: process.env.NODE_ENV === 'production'");
    }
    if (http_only != nullptr && is_literal(code_, http_only, "false")) {
      weak_cookie(*http_only, "httpOnly is false",
                  "any script on the page reads the session: one injected line takes accounts over",
                  "set httpOnly: true");
    }
    const bool none = same_site != nullptr && is_literal(code_, same_site, "none");
    if (none && secure == nullptr) {
      weak_cookie(*same_site, "sameSite is 'none' without secure",
                  "browsers drop such a cookie: nobody stays signed in", "set secure: true beside sameSite: 'none'");
    }
  }

  void session(const JsObject& object) {
    if (object.callee == "cookieSession") cookie_object(object);
    const JsProperty* cookie = code_.find(object, "cookie");
    const JsObject* inner = cookie == nullptr ? nullptr : code_.object_of(*cookie);
    if (inner != nullptr) cookie_object(*inner);
    const JsProperty* secret = code_.find(object, "secret");
    if (secret == nullptr || secret->begin + 1 != secret->end || !code_.is_string(secret->begin)) return;
    signing_secret(code_.value(secret->begin), code_.at(secret->begin));
  }

  // session({ secret: 'keyboard cat' }): whatever the text, it is in the repository.
  void signing_secret(const std::string& value, At at) {
    if (lint::is_reference_value(value) || value.empty()) return;
    Problem it = problem(at, "CFG-SESSION-SECRET", Severity::Warning, RiskClass::LaunchBlocker, "session.secret");
    if (is_development_path(file_.path)) it.severity = Severity::Note;
    it.title = "The key that signs logins is written into the code";
    it.why = fmt::format("session() is given a text of {} characters as its secret", value.size());
    it.breaks = "whoever can read the code signs in as anyone";
    it.fix = "read it from the environment, without a default: secret: process.env.SESSION_SECRET; make it anew";
    it.commands = {"openssl rand -base64 32"};
    it.value_id = readiness::value_id(value);
    context_.add(file_, std::move(it));
  }

  // res.cookie('session', value, { ... })
  void set_cookie(const JsObject& object) {
    const std::uint32_t name = object.call + 2;
    if (object.call == lint::kNoJs || name >= object.open || !code_.is_string(name)) return;
    if (is_login_name(detect::lowered(code_.value(name)))) cookie_object(object);
  }

  // The text of a header that is put together by hand: literals, and at most one value between them. Nothing when
  // more is unknown.
  std::optional<std::string> header_text(std::uint32_t begin) const {
    std::string text;
    std::uint32_t unknown = 0, at = begin;
    if (code_.is(at, "[")) ++at;
    for (std::uint32_t depth = 0; at < code_.tokens().size() && at < begin + 40; ++at) {
      const std::string_view token = code_.text(at);
      const lint::JsKind kind = code_.tokens()[at].kind;
      if (token == "${" || token == "(") {
        unknown += depth++ == 0 ? 1 : 0;
      } else if (depth > 0 && (token == "}" || token == ")")) {
        --depth;
      } else if (depth > 0 || token == "`") {
        continue;
      } else if (kind == lint::JsKind::String || kind == lint::JsKind::Template) {
        text += code_.value(at);
      } else if (token == "," || token == ")" || token == "]" || token == "}" || token == ";") {
        break;
      } else if (token != "+") {
        unknown += kind == lint::JsKind::Name && !code_.is(at - 1, ".") ? 1 : 0;
      }
    }
    return unknown > 1 || text.empty() ? std::nullopt : std::optional(text);
  }

  // setHeader('Set-Cookie', `session=${token}; Path=/`)
  void cookie_header(std::uint32_t name, std::uint32_t value) {
    const auto text = header_text(value);
    if (!text || text->find('=') == std::string::npos) return;
    const std::string lower = detect::lowered(*text), cookie = lower.substr(0, lower.find('='));
    const bool deleted = detect::contains(lower, "max-age=0") || detect::contains(lower, "thu, 01 jan 1970");
    if (!is_login_name(cookie) || deleted || lower.find(';') == std::string::npos) return;
    const bool secure = detect::contains(lower, "secure"), http_only = detect::contains(lower, "httponly");
    if (secure && http_only) return;
    Problem it = problem(code_.at(name), "CFG-COOKIE", Severity::Warning, RiskClass::ScaleRisk, "Set-Cookie");
    if (is_development_path(file_.path)) it.severity = Severity::Note;
    it.title = "The login cookie is not protected";
    it.why = fmt::format("a Set-Cookie header is written without {}", secure      ? "HttpOnly"
                                                                      : http_only ? "Secure"
                                                                                  : "HttpOnly and Secure");
    it.breaks = http_only ? "the cookie also goes over connections without encryption"
                          : "any script on the page reads the session: one injected line takes accounts over";
    it.fix = "write ; HttpOnly; Secure; SameSite=Lax behind the value";
    it.minutes = 10;
    add_at(name, std::move(it));
  }

  static bool is_login_name(std::string_view lower) {
    constexpr std::array<std::string_view, 6> kWords = {"session", "token", "auth", "jwt", "sid", "login"};
    const bool login =
        std::any_of(kWords.begin(), kWords.end(), [&](std::string_view word) { return detect::contains(lower, word); });
    return login && !detect::contains(lower, "csrf") && !detect::contains(lower, "xsrf");
  }

  Context& context_;
  const File& file_;
  JsFile code_;
};

}  // namespace

void check_javascript_server(Context& context, const File& file) {
  const std::string_view text = file.text;
  const bool cors = (detect::contains(text, "credentials") && detect::contains(text, "origin")) ||
                    detect::contains(text, "Access-Control-Allow-Origin");
  const bool cookie = detect::contains(text, "ession(") || detect::contains(text, "cookie(") ||
                      detect::contains(text, "Set-Cookie") || detect::contains(text, "set-cookie");
  if (cors || cookie) Check(context, file).run();
}

}  // namespace tightship::config
