// Verdicts on the folded state. Sources: Supabase's database linter ("splinter", the numbers below), its
// changelog on explicit grants for the Data API (new projects since 2026-05-30, all since 2026-10-30).

#include <fmt/format.h>

#include <algorithm>

#include "config/commands.h"
#include "config/supabase_fold.h"

namespace tightship::config {
namespace {

constexpr std::string_view kExplicitGrants = "20261030";

bool always_true(const std::vector<std::string>& tokens) {
  std::vector<std::string> bare;
  for (const std::string& token : tokens) {
    if (token != "(" && token != ")") bare.push_back(token);
  }
  return bare == std::vector<std::string>{"true"} || bare == std::vector<std::string>{"1", "=", "1"};
}

bool names_user_metadata(const std::vector<std::string>& tokens) {
  return std::any_of(tokens.begin(), tokens.end(), [](const std::string& token) {
    return token == "'user_metadata'" || token == "raw_user_meta_data" || token == "'raw_user_meta_data'";
  });
}

class Verdict {
 public:
  Verdict(Context& context, const std::vector<Migration>& migrations, const Database& database,
          const std::set<std::string>& client_tables)
      : context_(context), migrations_(migrations), db_(database), client_tables_(client_tables) {}

  void run() {
    for (const auto& [full, table] : db_.tables) {
      if (is_exposed(full)) check_table(full, table);
      if (is_exposed(full) || full == "storage.objects") check_policies(full, table);
    }
    for (const auto& [full, view] : db_.views) {
      if (is_exposed(full)) check_view(full, view);
    }
    check_functions();
    check_buckets();
    if (!context_.reported("CFG-SUPA-RLS") && tables_ > 0) {
      context_.passed("CFG-SUPA-RLS", fmt::format("row level security is on for all {} tables of the API", tables_));
    }
  }

 private:
  static bool is_exposed(const std::string& full) { return full.rfind("public.", 0) == 0; }
  static std::string shown(const std::string& full) { return full.substr(full.find('.') + 1); }
  const File& file(const SqlPlace& place) const { return migrations_[place.migration].file; }

  // The time that the migration's name begins with; empty when it is another kind of name.
  std::string day(const SqlPlace& place) const {
    const std::string_view name = file(place).name();
    const std::size_t digits = std::min(name.find_first_not_of("0123456789"), name.size());
    return digits >= 14 ? std::string(name.substr(0, 8)) : std::string();
  }

  Problem problem(const SqlPlace& place, std::string_view id, Severity severity, RiskClass risk,
                  std::string subject) const {
    Problem made = context_.problem(file(place), place.at, id, severity, risk);
    made.exposure = Exposure::Web;
    made.subject = std::move(subject);
    made.minutes = 15;
    return made;
  }
  void add(const SqlPlace& place, Problem made) { context_.add(file(place), std::move(made)); }

  void check_table(const std::string& full, const SqlTable& table) {
    ++tables_;
    if (table.created.at.line == 0) return;  // policies only: made elsewhere
    if (!table.rls && !(db_.dynamic_rls && !table.disabled)) return no_rls(full, table);
    const std::string made = day(table.created);
    const bool ungranted = table.granted.empty() && made >= std::string(kExplicitGrants);
    if (ungranted && client_tables_.count(shown(full)) > 0) no_grant(full, table);
  }

  void no_rls(const std::string& full, const SqlTable& table) {
    const std::string made = day(table.created);
    const bool open = !table.granted.empty() || (!made.empty() && made < kExplicitGrants);
    Problem it = problem(table.created, "CFG-SUPA-RLS", open ? Severity::Error : Severity::Warning,
                         RiskClass::LaunchBlocker, full);
    it.title = fmt::format("Table \"{}\" can be read and changed by anyone", shown(full));
    it.why = table.disabled ? "row level security was switched off by a migration"
                            : "row level security was never enabled by any migration";
    if (!open) {
      it.title = fmt::format("Table \"{}\" has no row level security", shown(full));
      it.why += "; projects older than 30 October 2026, and a later grant, open it to everyone";
    }
    if (!table.policies.empty()) it.why += fmt::format("; its {} policies are without effect", table.policies.size());
    it.breaks = "the anon key in your site's code opens all rows: reading, changing, deleting";
    it.fix = "enable row level security and add policies for what users may do";
    it.commands = {fmt::format("alter table {} enable row level security;", sql_name(full))};
    it.minutes = 10;
    add(table.created, std::move(it));
  }

  void no_grant(const std::string& full, const SqlTable& table) {
    Problem it = problem(table.created, "CFG-SUPA-NOGRANT", Severity::Error, RiskClass::ConversionBlocker, full);
    it.title = fmt::format("Your site cannot reach the table \"{}\"", shown(full));
    it.why =
        "code asks the API for it, and no migration grants it: tables made after 30 October 2026 are not in "
        "the API on their own";
    it.breaks = "requests fail with \"permission denied\" (42501) in production";
    it.fix = "grant what the site needs in a migration";
    it.commands = {fmt::format("grant select on {} to anon, authenticated;", sql_name(full))};
    it.minutes = 10;
    add(table.created, std::move(it));
  }

  static bool for_everyone(const SqlPolicy& policy) {
    return policy.roles.empty() || policy.roles.count("public") > 0 || policy.roles.count("anon") > 0;
  }

  void check_policies(const std::string& full, const SqlTable& table) {
    for (const auto& [name, policy] : table.policies) {
      if (policy.restrictive) continue;
      if (names_user_metadata(policy.using_tokens) || names_user_metadata(policy.check_tokens))
        user_metadata(full, policy);
      check_open_policy(full, policy);
    }
  }

  void user_metadata(const std::string& full, const SqlPolicy& policy) {
    Problem it =
        problem(policy.place, "CFG-SUPA-METADATA", Severity::Error, RiskClass::LaunchBlocker, full + "/" + policy.name);
    it.title = fmt::format("Users can give themselves the rights that policy \"{}\" asks for", policy.name);
    it.why = fmt::format("the policy of {} trusts user_metadata, which every user can edit", full);
    it.breaks = "any signed-in user becomes an admin with one call of auth.updateUser";
    it.fix = "use app_metadata, which only the server can write, or a table of roles";
    it.minutes = 30;
    add(policy.place, std::move(it));
  }

  // Of a write, what decides is WITH CHECK; without one USING stands for both.
  void check_open_policy(const std::string& full, const SqlPolicy& policy) {
    const bool open_using = policy.has_using && always_true(policy.using_tokens);
    const bool open_check = policy.has_check ? always_true(policy.check_tokens) : open_using;
    const bool select = policy.command == "select", insert = policy.command == "insert",
               deletes = policy.command == "delete";
    const bool open = insert              ? policy.has_check && open_check
                      : select || deletes ? open_using
                                          : open_using && open_check;
    const bool only_service =
        !policy.roles.empty() &&
        policy.roles.count("anon") + policy.roles.count("authenticated") + policy.roles.count("public") == 0;
    if (!open || only_service) return;
    if (select) {
      Problem it =
          problem(policy.place, "CFG-SUPA-POLICY", Severity::Note, RiskClass::ScaleRisk, full + "/" + policy.name);
      it.title = fmt::format("Everyone may read all rows of {}", full);
      it.why = fmt::format("policy \"{}\" is for select using (true)", policy.name);
      it.breaks = "nothing, when the rows are meant to be public";
      it.fix = "check that no column of it is private";
      it.minutes = 5;
      return add(policy.place, std::move(it));
    }
    const bool everyone = for_everyone(policy);
    // Anyone may insert is what contact forms do; update and delete are not.
    const Severity severity = everyone && !insert ? Severity::Error : Severity::Warning;
    Problem it = problem(policy.place, "CFG-SUPA-POLICY", severity, RiskClass::LaunchBlocker, full + "/" + policy.name);
    const std::string doing = insert                    ? "add rows to"
                              : deletes                 ? "delete all rows of"
                              : policy.command == "all" ? "change all rows of"
                                                        : "update all rows of";
    it.title = fmt::format("{} may {} {}", everyone ? "Everyone" : "Every signed-in user", doing, full);
    it.why = fmt::format("policy \"{}\" is for {} with the condition true", policy.name, policy.command);
    it.breaks =
        everyone ? "the anon key in your site's code is enough to do it" : "one user changes what belongs to another";
    it.fix = "ask for the owner in the policy: (select auth.uid()) = user_id";
    it.minutes = 20;
    add(policy.place, std::move(it));
  }

  void check_view(const std::string& full, const SqlView& view) {
    if (view.invoker) return;
    const bool users = view.reads_users;
    Problem it = problem(view.place, "CFG-SUPA-VIEW", users ? Severity::Error : Severity::Warning,
                         users ? RiskClass::LaunchBlocker : RiskClass::ScaleRisk, full);
    it.title = users ? fmt::format("View \"{}\" shows the accounts of your users to the API", shown(full))
                     : fmt::format("View \"{}\" reads past row level security", shown(full));
    it.why = users ? "it reads auth.users with the rights of its owner, in a schema that the API serves"
                   : "it has no security_invoker, so its tables are read with the rights of its owner";
    it.breaks = users ? "e-mail addresses and metadata of all users can be read with the anon key"
                      : "rows that policies hide can be read through the view";
    it.fix = "make it read with the caller's rights";
    it.commands = {fmt::format("alter view {} set (security_invoker = true);", sql_name(full))};
    add(view.place, std::move(it));
  }

  // One problem for all of them: the fix is the same line for each.
  void check_functions() {
    Problem it;
    const SqlPlace* first = nullptr;
    for (const auto& [full, function] : db_.functions) {
      if (!function.definer || function.search_path || !is_exposed(full)) continue;
      if (first == nullptr)
        it = problem(function.place, "CFG-SUPA-DEFINER", Severity::Warning, RiskClass::ScaleRisk, full);
      if (first != nullptr)
        it.spots.push_back({file(function.place).path, function.place.at.line, function.place.at.column});
      if (first == nullptr) first = &function.place;
      it.commands.push_back(fmt::format("alter function {} set search_path = '';", sql_name(full)));
    }
    if (first == nullptr) return;
    const std::size_t count = it.spots.size();
    it.title = count == 1 ? fmt::format("Function \"{}\" runs with its owner's rights and no fixed search_path",
                                        shown(it.subject))
                          : fmt::format("{} functions run with their owner's rights and no fixed search_path", count);
    it.why = "security definer without set search_path";
    it.breaks = "who can create objects in a schema of the path can make it run theirs";
    it.fix =
        "fix the path, with the arguments' types behind the name, and write schemas in front of names in the "
        "body";
    add(*first, std::move(it));
  }

  // A public bucket serves every file by its name; a select policy for everyone also lists the names.
  void check_buckets() {
    const auto objects = db_.tables.find("storage.objects");
    for (const auto& [id, bucket] : db_.buckets) {
      if (!bucket.open) continue;
      const SqlPolicy* lists = objects == db_.tables.end() ? nullptr : listing_policy(objects->second, id);
      Problem it = problem(bucket.place, "CFG-SUPA-BUCKET", lists != nullptr ? Severity::Warning : Severity::Note,
                           RiskClass::ScaleRisk, id);
      it.title = lists != nullptr
                     ? fmt::format("Everyone can list and download all files of the bucket \"{}\"", id)
                     : fmt::format("Files of the bucket \"{}\" can be downloaded by everyone who knows their name", id);
      it.why =
          lists != nullptr
              ? fmt::format("the bucket is public, and policy \"{}\" lets everyone select its objects", lists->name)
              : "the bucket is public";
      it.breaks = "uploads that users think private are not";
      it.fix = lists != nullptr ? "drop the select policy: a public bucket serves files without it"
                                : "make it private if it holds users' files";
      add(bucket.place, std::move(it));
    }
  }

  static const SqlPolicy* listing_policy(const SqlTable& objects, const std::string& id) {
    for (const auto& [name, policy] : objects.policies) {
      const bool reads = policy.command == "select" || policy.command == "all";
      if (!reads || !for_everyone(policy) || !policy.has_using) continue;
      const std::vector<std::string>& tokens = policy.using_tokens;
      const bool names_it = std::find(tokens.begin(), tokens.end(), "'" + id + "'") != tokens.end();
      // Nothing but the bucket's name: "bucket_id = 'avatars'".
      if (always_true(tokens) || (names_it && tokens.size() <= 5)) return &policy;
    }
    return nullptr;
  }

  Context& context_;
  const std::vector<Migration>& migrations_;
  const Database& db_;
  const std::set<std::string>& client_tables_;
  std::size_t tables_ = 0;
};

}  // namespace

void check_supabase_migrations(Context& context, std::vector<Migration> migrations,
                               const std::set<std::string>& client_tables) {
  // Several projects of one repository have a history each; inside one the order is that of the names.
  std::sort(migrations.begin(), migrations.end(),
            [](const Migration& a, const Migration& b) { return a.file.path < b.file.path; });
  std::size_t begin = 0;
  while (begin < migrations.size()) {
    std::size_t end = begin;
    const std::string folder = folder_of(migrations[begin].file.path);
    while (end < migrations.size() && folder_of(migrations[end].file.path) == folder) ++end;
    Database database;
    for (std::size_t i = begin; i < end; ++i) fold(database, i, lint::sql_statements(migrations[i].text));
    Verdict(context, migrations, database, client_tables).run();
    begin = end;
  }
}

}  // namespace tightship::config
