#include "detect/common_words.h"

#include <algorithm>
#include <array>

namespace tightship::detect {
namespace {

// Sorted.
constexpr std::array<std::string_view, 348> kWords = {
    "abc",           "access",      "account",     "action",       "add",         "address",      "admin",
    "administrator", "algorithm",   "all",         "amazon",       "and",         "another",      "any",
    "api",           "app",         "application", "are",          "auth",        "authenticate", "authentication",
    "authorization", "authorize",   "aws",         "azure",        "bad",         "bar",          "base",
    "basic",         "baz",         "bearer",      "builder",      "but",         "callback",     "can",
    "cart",          "cert",        "certificate", "change",       "changed",     "changeit",     "changeme",
    "check",         "class",       "client",      "close",        "code",        "column",       "com",
    "component",     "config",      "confirm",     "confirmation", "consumer",    "context",      "cookie",
    "count",         "create",      "credential",  "credentials",  "current",     "customer",     "data",
    "database",      "debug",       "decode",      "decrypt",      "decryption",  "default",      "delete",
    "demo",          "description", "dev",         "development",  "digest",      "docker",       "domain",
    "dragon",        "dummy",       "else",        "email",        "empty",       "encode",       "encoding",
    "encrypt",       "encrypted",   "encryption",  "end",          "enter",       "entity",       "error",
    "event",         "example",     "examples",    "expired",      "expires",     "expiry",       "facebook",
    "factory",       "fake",        "false",       "field",        "file",        "find",         "first",
    "foo",           "for",         "foreign",     "forgot",       "forgotten",   "form",         "format",
    "from",          "function",    "generate",    "generator",    "get",         "github",       "good",
    "google",        "grant",       "group",       "guest",        "had",         "handler",      "has",
    "hash",          "hashed",      "have",        "header",       "headers",     "hello",        "help",
    "helper",        "here",        "hide",        "hint",         "host",        "http",         "https",
    "identifier",    "index",       "info",        "input",        "insert",      "invalid",      "key",
    "keys",          "keystore",    "label",       "last",         "length",      "letmein",      "level",
    "limit",         "list",        "load",        "local",        "localhost",   "log",          "login",
    "logout",        "long",        "mail",        "main",         "manager",     "master",       "max",
    "member",        "message",     "method",      "min",          "missing",     "mock",         "model",
    "mongo",         "monkey",      "more",        "must",         "mysql",       "name",         "net",
    "new",           "next",        "none",        "not",          "null",        "number",       "oauth",
    "object",        "old",         "one",         "only",         "open",        "oracle",       "order",
    "org",           "other",       "our",         "out",          "output",      "owner",        "page",
    "param",         "parameter",   "params",      "pass",         "passphrase",  "passwd",       "password",
    "passwords",     "path",        "payment",     "phone",        "placeholder", "please",       "plugin",
    "policy",        "postgres",    "primary",     "private",      "prod",        "product",      "production",
    "project",       "provider",    "public",      "query",        "qwerty",      "random",       "read",
    "ready",         "real",        "really",      "receive",      "redirect",    "redis",        "reducer",
    "refresh",       "remove",      "replace",     "request",      "require",     "required",     "reset",
    "resource",      "response",    "root",        "row",          "rsa",         "run",          "safe",
    "salt",          "sample",      "save",        "scope",        "secret",      "secrets",      "secure",
    "security",      "see",         "select",      "send",         "server",      "service",      "session",
    "set",           "setting",     "settings",    "shop",         "short",       "should",       "show",
    "sign",          "signature",   "signing",     "simple",       "size",        "slack",        "slave",
    "some",          "stage",       "staging",     "start",        "state",       "stop",         "storage",
    "store",         "strength",    "string",      "sum",          "super",       "table",        "team",
    "temp",          "template",    "test",        "testing",      "tests",       "text",         "that",
    "the",           "then",        "there",       "this",         "title",       "token",        "tokens",
    "trace",         "true",        "trust",       "truststore",   "twitter",     "two",          "type",
    "undefined",     "unique",      "update",      "uri",          "url",         "use",          "used",
    "user",          "username",    "using",       "utils",        "uuid",        "valid",        "value",
    "verification",  "verify",      "version",     "very",         "view",        "warning",      "was",
    "web",           "welcome",     "when",        "where",        "will",        "with",         "world",
    "write",         "wrong",       "www",         "xyz",          "your"};
static_assert(std::is_sorted(kWords.begin(), kWords.end()));

// The longest word that `text` begins with; 0 when there is none. Of the words that begin `text` the
// longest sorts last before it.
std::size_t word_length(std::string_view text) {
  auto at = std::upper_bound(kWords.begin(), kWords.end(), text);
  while (at != kWords.begin() && (*std::prev(at))[0] == text[0]) {
    --at;
    if (text.starts_with(*at)) return at->size();
    if (at->substr(0, 3) < text.substr(0, 3)) return 0;
  }
  return 0;
}

}  // namespace

std::size_t covered_by_words(std::string_view lower) {
  std::size_t covered = 0;
  for (std::size_t i = 0; i + 3 <= lower.size();) {
    const std::size_t length = word_length(lower.substr(i));
    covered += length;
    i += length > 0 ? length : 1;
  }
  return covered;
}

}  // namespace tightship::detect
