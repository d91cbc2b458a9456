// Firebase: security rules of Firestore, Storage and the Realtime Database. Sources: "Insecure rules" of the
// Firebase documentation; test mode is what the console writes for a new project.

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "config/checks.h"
#include "detect/check.h"
#include "lint/firebase_rules.h"
#include "lint/json.h"

namespace tightship::config {
namespace {

using Tokens = std::vector<std::string>;

Tokens without_brackets(const Tokens& tokens) {
  Tokens out;
  for (const std::string& token : tokens) {
    if (token != "(" && token != ")" && token != ";") out.push_back(token);
  }
  return out;
}

bool is_true(const Tokens& condition) {
  const Tokens bare = without_brackets(condition);
  return condition.empty() || bare == Tokens{"true"};
}

bool only_signed_in(const Tokens& condition) {
  const Tokens bare = without_brackets(condition);
  return bare == Tokens{"request.auth", "!=", "null"} || bare == Tokens{"request.auth.uid", "!=", "null"} ||
         bare == Tokens{"null", "!=", "request.auth"};
}

// request.time < timestamp.date(2026, 1, 2): the day as days since 1970, or -1.
std::int64_t test_mode_until(const Tokens& condition) {
  const auto at = std::find(condition.begin(), condition.end(), "timestamp.date");
  const bool time = std::find(condition.begin(), condition.end(), "request.time") != condition.end();
  if (at == condition.end() || !time || condition.end() - at < 7) return -1;
  int parts[3] = {};
  for (int i = 0; i < 3; ++i) {
    const std::string& text = at[2 + 2 * i];
    const auto read = std::from_chars(text.data(), text.data() + text.size(), parts[i]);
    if (read.ec != std::errc() || parts[i] < 0 || parts[i] > 9999) return -1;
  }
  const int year = parts[0] - (parts[1] <= 2 ? 1 : 0);  // days from civil, Howard Hinnant
  const int era = year / 400, of_era = year - era * 400;
  const int of_year = (153 * (parts[1] + (parts[1] > 2 ? -3 : 9)) + 2) / 5 + parts[2] - 1;
  return std::int64_t{era} * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

bool writes(const lint::FirebaseAllow& allow) {
  return std::any_of(allow.methods.begin(), allow.methods.end(), [](const std::string& method) {
    return method == "write" || method == "create" || method == "update" || method == "delete";
  });
}

// "/databases/{database}/documents/{document=**}" and "/b/{bucket}/o/{path=**}": nothing but the wildcard
// below the root.
bool matches_everything(const std::string& path) {
  for (const std::string_view root : {"/documents/", "/o/"}) {
    const std::size_t at = path.find(root);
    if (at == std::string::npos) continue;
    const std::string rest = path.substr(at + root.size());
    return rest.size() > 4 && rest.front() == '{' && rest.find('/') == std::string::npos &&
           rest.compare(rest.size() - 4, 4, "=**}") == 0;
  }
  return false;
}

Problem rule_problem(Context& context, const File& file, At at, Severity severity, RiskClass risk,
                     std::string subject) {
  Problem made = context.problem(file, at, "CFG-FIRE-RULES", severity, risk);
  made.exposure = Exposure::Web;
  made.subject = std::move(subject);
  made.minutes = 30;
  made.fix = "ask in every rule for the user that the data belongs to: request.auth.uid == userId";
  made.commands = {"firebase deploy --only firestore:rules,storage"};
  return made;
}

// What a rule for everything is about.
std::string_view whole(const lint::FirebaseAllow& allow) {
  return allow.path.starts_with("/b/") ? "every file of the storage" : "the whole database";
}

void open_rule(Context& context, const File& file, const lint::FirebaseAllow& allow) {
  const bool write = writes(allow), all = matches_everything(allow.path);
  // Reading can be meant to be public; of a whole database it hardly is.
  const Severity severity = write ? Severity::Error : all ? Severity::Warning : Severity::Note;
  Problem it = rule_problem(context, file, allow.at, severity, RiskClass::LaunchBlocker, allow.path);
  it.title = write ? fmt::format("Everyone may change {}", all ? whole(allow) : allow.path)
                   : fmt::format("Everyone may read {}", all ? whole(allow) : allow.path);
  it.why = fmt::format("the rule for {} allows {} without a condition", allow.path, fmt::join(allow.methods, ", "));
  it.breaks =
      write ? "anyone deletes or overwrites your data, and fills your storage on your bill" : "anyone copies the data";
  context.add(file, std::move(it));
}

void test_mode(Context& context, const File& file, const lint::FirebaseAllow& allow, std::int64_t until) {
  const bool expired = until <= detect::now_seconds() / 86'400;
  Problem it = rule_problem(context, file, allow.at, Severity::Error,
                            expired ? RiskClass::ConversionBlocker : RiskClass::LaunchBlocker, allow.path);
  it.title = expired ? "The database refuses every request: its test mode is over"
                     : "The database is open to everyone: test mode";
  it.why = fmt::format("the rule for {} allows {} until a date{}", allow.path, fmt::join(allow.methods, ", "),
                       expired ? ", which has passed" : "");
  it.breaks = expired ? "nothing that the rule was for works any more"
                      : "until then anyone reads and changes everything, afterwards nobody";
  context.add(file, std::move(it));
}

void any_user(Context& context, const File& file, const lint::FirebaseAllow& allow) {
  Problem it = rule_problem(context, file, allow.at, Severity::Warning, RiskClass::LaunchBlocker, allow.path);
  it.title = fmt::format("Every signed-in user may change {}", whole(allow));
  it.why = fmt::format("the rule for {} asks only that somebody is signed in", allow.path);
  it.breaks = "whoever makes an account changes what belongs to others";
  context.add(file, std::move(it));
}

void realtime(Context& context, const File& file, const lint::Member& rule, const std::string& path) {
  const bool write = rule.key == ".write";
  const Severity severity = write || path == "/" ? Severity::Error : Severity::Note;
  Problem it = rule_problem(context, file, rule.at, severity, RiskClass::LaunchBlocker, path + rule.key);
  it.title = fmt::format("Everyone may {} {}", write ? "change" : "read", path == "/" ? "the whole database" : path);
  it.why = fmt::format("\"{}\" is true for {}", rule.key, path);
  it.breaks = write ? "anyone deletes or overwrites your data" : "anyone copies the data";
  it.fix = "ask for the user: \"auth != null && auth.uid === $uid\"";
  it.commands = {"firebase deploy --only database"};
  context.add(file, std::move(it));
}

void realtime_tree(Context& context, const File& file, const lint::Node& node, const std::string& path) {
  for (const lint::Member& one : node.members) {
    const bool rule = one.key == ".read" || one.key == ".write";
    if (rule && one.value.is_scalar() && one.value.text == "true") realtime(context, file, one, path);
    if (one.value.is_map()) realtime_tree(context, file, one.value, path == "/" ? "/" + one.key : path + "/" + one.key);
  }
}

}  // namespace

void check_firebase_rules(Context& context, const File& file) {
  const auto rules = lint::parse_firebase_rules(file.text);
  if (!rules) return context.loss(file, rules.error());
  for (const lint::FirebaseAllow& allow : rules->allows) {
    const std::int64_t until = test_mode_until(allow.condition);
    if (until >= 0) {
      test_mode(context, file, allow, until);
    } else if (is_true(allow.condition)) {
      open_rule(context, file, allow);
    } else if (only_signed_in(allow.condition) && writes(allow) && matches_everything(allow.path)) {
      any_user(context, file, allow);
    }
  }
}

void check_realtime_rules(Context& context, const File& file) {
  const auto root = lint::parse_json(file.text);
  if (!root) return context.loss(file, root.error());
  if (const lint::Node* rules = root->find("rules")) realtime_tree(context, file, *rules, "/");
}

}  // namespace tightship::config
