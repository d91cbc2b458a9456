#pragma once

// The state of a database after all its migrations, as far as access to it goes: tables with their row level
// security, policies and grants, views, functions, storage buckets. Nothing is run: statements are folded one after
// the other in the order of the files. Private to src/config.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "config/checks.h"
#include "lint/sql.h"

namespace tightship::config {

struct SqlPlace {
  std::size_t migration = 0;  // index
  At at;
};

struct SqlPolicy {
  std::string name, command = "all";  // "select", "insert", "update", "delete", "all"
  std::set<std::string> roles;        // empty: public
  std::vector<std::string> using_tokens, check_tokens;
  bool has_using = false, has_check = false, restrictive = false;
  SqlPlace place;
};

struct SqlTable {
  SqlPlace created;
  bool rls = false, disabled = false;  // disabled: switched off after it was on, or by name
  std::set<std::string> granted;       // roles of the API: "anon", "authenticated"
  std::map<std::string, SqlPolicy> policies;
};

struct SqlView {
  SqlPlace place;
  bool invoker = false, reads_users = false;
};

struct SqlFunction {
  SqlPlace place;
  bool definer = false, search_path = false;
};

struct SqlBucket {
  SqlPlace place;
  bool open = false;
};

struct Database {
  std::map<std::string, SqlTable> tables;  // "public.profiles"; policies of storage.objects are here too
  std::map<std::string, SqlView> views;
  std::map<std::string, SqlFunction> functions;
  std::map<std::string, SqlBucket> buckets;
  std::set<std::string> granted_later;  // roles that get tables made later (alter default privileges)
  bool dynamic_rls = false;             // some code switches row level security on for tables it finds
};

void fold(Database& database, std::size_t migration, const std::vector<lint::SqlStatement>& statements);

}  // namespace tightship::config
