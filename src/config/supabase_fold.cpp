#include "config/supabase_fold.h"

#include <algorithm>
#include <array>
#include <optional>

#include "detect/text_class.h"

namespace tightship::config {
namespace {

using lint::SqlKind;
using lint::SqlStatement;

class Folder {
 public:
  Folder(Database& database, std::size_t migration) : db_(database), migration_(migration) {}

  void take(const SqlStatement& s, std::size_t from = 0) {
    if (s.is(from, "create")) return create(s, from + 1);
    if (s.is(from, "alter")) return alter(s, from + 1);
    if (s.is(from, "drop")) return drop(s, from + 1);
    if (s.is(from, "grant") || s.is(from, "revoke")) return grant(s, from);
    if (s.is(from, "insert")) return insert(s);
    if (s.is(from, "update")) return update_buckets(s, from);
    if (s.is(from, "do")) return block(s);
  }

 private:
  struct Name {
    std::string full, last;  // "public.t", "t"
    std::size_t next = 0;
  };

  Name name(const SqlStatement& s, std::size_t i) const {
    Name found;
    std::string schema = "public";
    if (!s.is_name(i)) {
      found.next = i;
      return found;
    }
    found.last = s.tokens[i++].text;
    while (s.is(i, ".") && s.is_name(i + 1)) {
      schema = found.last;
      found.last = s.tokens[i + 1].text;
      i += 2;
    }
    found.full = schema + "." + found.last;
    found.next = i;
    return found;
  }

  SqlPlace place(const SqlStatement& s) const { return {migration_, s.tokens[0].at}; }

  static std::size_t skip(const SqlStatement& s, std::size_t i, std::initializer_list<std::string_view> words) {
    return s.begins(words, i) ? i + words.size() : i;
  }

  void create(const SqlStatement& s, std::size_t i) {
    i = skip(s, i, {"or", "replace"});
    for (const std::string_view word : {"unlogged", "recursive", "foreign"}) i = skip(s, i, {word});
    if (s.is(i, "table")) return create_table(s, i + 1);
    if (s.is(i, "policy")) return create_policy(s, i + 1);
    if (s.is(i, "view")) return create_view(s, i + 1);
    if (s.is(i, "function")) return create_function(s, i + 1);
    if (s.begins({"event", "trigger"}, i)) event_trigger(s);
  }

  void create_table(const SqlStatement& s, std::size_t i) {
    i = skip(s, i, {"if", "not", "exists"});
    const Name table = name(s, i);
    if (table.full.empty()) return;
    SqlTable& made = db_.tables[table.full];
    if (made.created.at.line != 0) return;  // if not exists; a policy alone makes no table
    made.created = place(s);
    made.granted = db_.granted_later;
  }

  static std::vector<std::string> inside(const SqlStatement& s, std::size_t open) {
    std::vector<std::string> tokens;
    const std::size_t close = s.close(open);
    for (std::size_t i = open + 1; i < close; ++i) {
      std::string text = s.tokens[i].text;
      tokens.push_back(s.tokens[i].kind == SqlKind::String ? "'" + std::move(text) + "'" : std::move(text));
    }
    return tokens;
  }

  void read_rule(const SqlStatement& s, std::size_t i, SqlPolicy& policy) const {
    const std::size_t end = s.tokens.size();
    if (const std::size_t at = s.find("as", i); at < end) policy.restrictive = s.is(at + 1, "restrictive");
    if (const std::size_t at = s.find("for", i); at + 1 < end) policy.command = s.tokens[at + 1].text;
    if (std::size_t at = s.find("to", i); at < end) {
      policy.roles.clear();
      do {
        ++at;
        if (s.is_name(at)) policy.roles.insert(s.tokens[at].text);
        ++at;
      } while (s.is(at, ","));
    }
    if (const std::size_t at = s.find("using", i); s.is(at + 1, "(")) {
      policy.has_using = true;
      policy.using_tokens = inside(s, at + 1);
    }
    if (const std::size_t at = s.find("check", i); s.is(at + 1, "(")) {
      policy.has_check = true;
      policy.check_tokens = inside(s, at + 1);
    }
  }

  void create_policy(const SqlStatement& s, std::size_t i) {
    SqlPolicy policy;
    if (!s.is_name(i) || !s.is(i + 1, "on")) return;
    policy.name = s.tokens[i].text;
    const Name table = name(s, i + 2);
    if (table.full.empty()) return;
    policy.place = place(s);
    read_rule(s, table.next, policy);
    db_.tables[table.full].policies[policy.name] = std::move(policy);
  }

  static bool has_invoker(const SqlStatement& s, std::size_t i, std::size_t end) {
    for (; i < end; ++i) {
      if (!s.is(i, "security_invoker")) continue;
      if (!s.is(i + 1, "=")) return true;
      const std::string& value = s.tokens[std::min(i + 2, s.tokens.size() - 1)].text;
      return value == "true" || value == "on" || value == "1" || value == "yes";
    }
    return false;
  }

  void create_view(const SqlStatement& s, std::size_t i) {
    i = skip(s, i, {"if", "not", "exists"});
    const Name view = name(s, i);
    if (view.full.empty()) return;
    SqlView made;
    made.place = place(s);
    const std::size_t as = s.find("as", view.next);
    made.invoker = has_invoker(s, view.next, as);
    for (std::size_t at = as; at + 2 < s.tokens.size(); ++at) {
      const bool source = s.is(at, "from") || s.is(at, "join") || s.is(at, ",");
      made.reads_users =
          made.reads_users || (source && s.is_name(at + 1) && s.tokens[at + 1].text == "auth" && s.is(at + 2, ".") &&
                               s.is_name(at + 3) && s.tokens[at + 3].text == "users");
    }
    db_.views[view.full] = made;
  }

  void create_function(const SqlStatement& s, std::size_t i) {
    const Name function = name(s, i);
    if (function.full.empty()) return;
    SqlFunction made;
    made.place = place(s);
    for (std::size_t at = function.next; at < s.tokens.size(); ++at) {
      made.definer = made.definer || (s.is(at, "security") && s.is(at + 1, "definer"));
      made.search_path =
          made.search_path || (s.is(at, "set") && s.is_name(at + 1) && s.tokens[at + 1].text == "search_path");
      if (s.tokens[at].kind == SqlKind::String) look_for_dynamic(s.tokens[at].text);
    }
    db_.functions[function.full] = made;
  }

  // A function or block that switches row level security on by a text it puts together.
  void look_for_dynamic(const std::string& body) {
    const std::string lower = detect::lowered(body);
    const std::size_t enable = lower.find("enable row level security");
    if (enable != std::string::npos && lower.find("execute") != std::string::npos &&
        (lower.find("%i", 0) != std::string::npos || lower.find("%s", 0) != std::string::npos ||
         lower.find("||") != std::string::npos)) {
      db_.dynamic_rls = true;
    }
  }

  void event_trigger(const SqlStatement& s) {
    for (const lint::SqlToken& token : s.tokens) {
      if (token.text.find("rls_auto_enable") != std::string::npos) db_.dynamic_rls = true;
    }
  }

  void alter(const SqlStatement& s, std::size_t i) {
    if (s.is(i, "table")) return alter_table(s, i + 1);
    if (s.begins({"default", "privileges"}, i)) return default_privileges(s, i);
    if (s.is(i, "view")) {
      i = skip(s, i + 1, {"if", "exists"});
      const auto found = db_.views.find(name(s, i).full);
      if (found != db_.views.end() && has_invoker(s, i, s.tokens.size())) found->second.invoker = true;
    } else if (s.is(i, "function")) {
      const auto found = db_.functions.find(name(s, i + 1).full);
      if (found == db_.functions.end()) return;
      for (std::size_t at = i; at < s.tokens.size(); ++at) {
        if (s.is(at, "set") && s.is_name(at + 1) && s.tokens[at + 1].text == "search_path")
          found->second.search_path = true;
        if (s.is(at, "security")) found->second.definer = s.is(at + 1, "definer");
      }
    } else if (s.is(i, "policy") && s.is_name(i + 1) && s.is(i + 2, "on")) {
      const Name table = name(s, i + 3);
      const auto found = db_.tables.find(table.full);
      if (found == db_.tables.end()) return;
      const auto policy = found->second.policies.find(s.tokens[i + 1].text);
      if (policy != found->second.policies.end()) read_rule(s, table.next, policy->second);
    }
  }

  void alter_table(const SqlStatement& s, std::size_t i) {
    i = skip(s, i, {"if", "exists"});
    i = skip(s, i, {"only"});
    const Name table = name(s, i);
    const auto found = db_.tables.find(table.full);
    if (found == db_.tables.end()) return;
    for (std::size_t at = table.next; at < s.tokens.size(); ++at) {
      const bool on = s.begins({"enable", "row", "level", "security"}, at);
      const bool off = s.begins({"disable", "row", "level", "security"}, at);
      if (on || off) found->second.rls = on;
      if (on || off) found->second.disabled = off;
    }
    if (s.begins({"rename", "to"}, table.next) && s.is_name(table.next + 2)) {
      move(table.full, table.full.substr(0, table.full.rfind('.') + 1) + s.tokens[table.next + 2].text);
    } else if (s.begins({"set", "schema"}, table.next) && s.is_name(table.next + 2)) {
      move(table.full, s.tokens[table.next + 2].text + "." + table.last);
    }
  }

  void move(const std::string& from, const std::string& to) {
    auto node = db_.tables.extract(from);
    if (node.empty()) return;
    node.key() = to;
    db_.tables.erase(to);
    db_.tables.insert(std::move(node));
  }

  void drop(const SqlStatement& s, std::size_t i) {
    if (s.is(i, "policy")) {
      i = skip(s, i + 1, {"if", "exists"});
      if (!s.is_name(i) || !s.is(i + 1, "on")) return;
      const auto found = db_.tables.find(name(s, i + 2).full);
      if (found != db_.tables.end()) found->second.policies.erase(s.tokens[i].text);
      return;
    }
    if (s.is(i, "schema")) return drop_schema(s, skip(s, i + 1, {"if", "exists"}));
    const bool table = s.is(i, "table"), view = s.is(i, "view"), function = s.is(i, "function");
    if (!table && !view && !function) return;
    i = skip(s, i + 1, {"if", "exists"});
    for (;;) {
      const Name gone = name(s, i);
      if (gone.full.empty()) return;
      if (table) db_.tables.erase(gone.full);
      if (view) db_.views.erase(gone.full);
      if (function) db_.functions.erase(gone.full);
      i = s.is(gone.next, "(") ? s.close(gone.next) + 1 : gone.next;
      if (!s.is(i, ",")) return;
      ++i;
    }
  }

  void drop_schema(const SqlStatement& s, std::size_t i) {
    if (!s.is_name(i)) return;
    const std::string prefix = s.tokens[i].text + ".";
    std::erase_if(db_.tables, [&](const auto& one) { return one.first.rfind(prefix, 0) == 0; });
    std::erase_if(db_.views, [&](const auto& one) { return one.first.rfind(prefix, 0) == 0; });
    std::erase_if(db_.functions, [&](const auto& one) { return one.first.rfind(prefix, 0) == 0; });
  }

  // Roles of the API after "to" or "from".
  static std::set<std::string> roles(const SqlStatement& s, std::size_t i) {
    std::set<std::string> found;
    for (; i < s.tokens.size(); ++i) {
      const std::string& text = s.tokens[i].text;
      if (s.is_name(i) && (text == "anon" || text == "authenticated" || text == "public")) found.insert(text);
    }
    return found;
  }

  static void change(std::set<std::string>& granted, const std::set<std::string>& roles, bool give) {
    for (const std::string& role : roles) {
      if (give)
        granted.insert(role);
      else
        granted.erase(role);
    }
  }

  // GRANT ... ON [TABLE] a, b TO x; ... ON ALL TABLES IN SCHEMA s TO x; REVOKE ... FROM x.
  void grant(const SqlStatement& s, std::size_t i) {
    const bool give = s.is(i, "grant");
    const std::size_t on = s.find("on", i), to = s.find(give ? "to" : "from", i);
    if (on >= s.tokens.size() || to >= s.tokens.size() || to < on) return;
    const std::set<std::string> who = roles(s, to + 1);
    std::size_t at = on + 1;
    if (s.begins({"all", "tables", "in", "schema"}, at)) {
      for (auto& [full, table] : db_.tables) {
        if (s.is_name(at + 4) && full.rfind(s.tokens[at + 4].text + ".", 0) == 0) change(table.granted, who, give);
      }
      return;
    }
    for (const std::string_view other : {"schema", "function", "sequence", "all", "type", "database"}) {
      if (s.is(at, other)) return;
    }
    at = skip(s, at, {"table"});
    while (at < to) {
      const Name table = name(s, at);
      if (table.full.empty()) return;
      const auto found = db_.tables.find(table.full);
      if (found != db_.tables.end()) change(found->second.granted, who, give);
      at = table.next + 1;
    }
  }

  void default_privileges(const SqlStatement& s, std::size_t i) {
    const std::size_t on = s.find("on", i);
    if (!s.is(on + 1, "tables")) return;
    const bool give = s.find("grant", i) < s.tokens.size();
    change(db_.granted_later, roles(s, on), give);
  }

  // insert into storage.buckets (id, name, public) values ('a', 'a', true), (...)
  void insert(const SqlStatement& s) {
    const Name table = name(s, 2);
    if (table.full != "storage.buckets" || !s.is(table.next, "(")) return;
    const std::vector<std::string> columns = inside(s, table.next);
    std::size_t at = s.find("values", table.next);
    while (at + 1 < s.tokens.size() && s.is(at + 1, "(")) {
      const std::size_t close = s.close(at + 1);
      bucket(s, columns, inside(s, at + 1));
      at = close + 1;  // at the comma, or behind
      if (!s.is(at, ",")) return;
    }
  }

  void bucket(const SqlStatement& s, const std::vector<std::string>& columns, const std::vector<std::string>& values) {
    std::string id;
    bool open = false;
    for (std::size_t i = 0; i < columns.size() && i < values.size(); ++i) {
      if (columns[i] == "id" || (columns[i] == "name" && id.empty())) id = values[i];
      if (columns[i] == "public") open = values[i] == "true" || values[i] == "'true'";
    }
    if (id.size() > 2) db_.buckets[id.substr(1, id.size() - 2)] = {place(s), open};
  }

  void update_buckets(const SqlStatement& s, std::size_t i) {
    if (name(s, i + 1).full != "storage.buckets") return;
    for (std::size_t at = i; at + 2 < s.tokens.size(); ++at) {
      if (!s.is_name(at) || s.tokens[at].text != "public" || !s.is(at + 1, "=")) continue;
      for (std::size_t where = at; where < std::min(s.tokens.size(), at + 200); ++where) {
        if (s.tokens[where].kind != SqlKind::String) continue;
        const auto found = db_.buckets.find(s.tokens[where].text);
        if (found != db_.buckets.end()) found->second.open = s.is(at + 2, "true");
      }
    }
  }

  // What a DO block says outright counts as if it stood in the file.
  void block(const SqlStatement& s) {
    if (depth_ > 0) return;
    for (const lint::SqlToken& token : s.tokens) {
      if (token.kind != SqlKind::String) continue;
      look_for_dynamic(token.text);
      ++depth_;
      for (SqlStatement& inner : lint::sql_statements(token.text)) {
        for (lint::SqlToken& one : inner.tokens) one.at = s.tokens[0].at;
        take_inner(inner);
      }
      --depth_;
    }
  }

  // BEGIN, IF ... THEN and the like stand before the statement.
  void take_inner(const SqlStatement& inner) {
    for (std::size_t i = 0; i < inner.tokens.size(); ++i) {
      const bool begins = inner.is(i, "create") || inner.is(i, "alter") || inner.is(i, "drop") || inner.is(i, "grant");
      if (begins) return take(inner, i);
    }
  }

  Database& db_;
  std::size_t migration_;
  unsigned depth_ = 0;
};

}  // namespace

void fold(Database& database, std::size_t migration, const std::vector<SqlStatement>& statements) {
  Folder folder(database, migration);
  for (const SqlStatement& statement : statements) folder.take(statement);
}

}  // namespace tightship::config
