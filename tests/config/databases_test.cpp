#include <gtest/gtest.h>

#include "config/project_fixture.h"

namespace tightship::config {
namespace {

using test::ProjectFiles;
using test::row_name;
using Row = test::ProjectRow;

ProjectFiles sql(const std::string& text, const std::string& name = "20250101000000_x.sql") {
  return {{"supabase/migrations/" + name, text}};
}
ProjectFiles firestore(const std::string& rules) {
  return {{"firestore.rules",
           "rules_version = '2';\nservice cloud.firestore {\n match /databases/{database}/documents {\n" + rules +
               "\n }\n}\n"}};
}

class Databases : public ::testing::TestWithParam<Row> {};
TEST_P(Databases, Say) { EXPECT_EQ(test::said(GetParam().files), GetParam().said); }

constexpr const char* kM = "supabase/migrations/20250101000000_x.sql";

INSTANTIATE_TEST_SUITE_P(
    Supabase, Databases,
    ::testing::Values(
        Row{"NoRls", sql("create table public.profiles (id int);"),
            "CFG-SUPA-RLS error supabase/migrations/20250101000000_x.sql:1 public.profiles\n"},
        Row{"NoRlsUnqualified", sql("\nCREATE TABLE IF NOT EXISTS \"profiles\" (id int);"),
            "CFG-SUPA-RLS error supabase/migrations/20250101000000_x.sql:2 public.profiles\n"},
        Row{"SchemasWithoutMigrations",
            {{"supabase/schemas/01_tables.sql", "create table public.a (id int);\ncreate table public.b (id int);"},
             {"supabase/schemas/02_rls.sql", "alter table a enable row level security;"}},
            "CFG-SUPA-RLS warning supabase/schemas/01_tables.sql:2 public.b\n"},
        Row{"SchemasBesideMigrations",
            {{"supabase/schemas/01_tables.sql", "create table public.a (id int);"},
             {"supabase/migrations/20250101000000_a.sql",
              "create table a (id int);\nalter table a enable row level security;"}},
            ""},
        Row{"RlsInALaterMigration",
            {{"supabase/migrations/20250101000000_a.sql", "create table a (id int);"},
             {"supabase/migrations/20250102000000_b.sql", "alter table only public.a enable row level security;"}},
            ""},
        Row{"SwitchedOffLater",
            {{"supabase/migrations/20250101000000_a.sql",
              "create table a (id int); alter table a enable row level security;"},
             {"supabase/migrations/20250102000000_b.sql", "alter table a disable row level security;"}},
            "CFG-SUPA-RLS error supabase/migrations/20250101000000_a.sql:1 public.a\n"},
        Row{"OtherSchema", sql("create schema private; create table private.a (id int);"), ""},
        Row{"DroppedTable", sql("create table a (id int); drop table if exists a cascade;"), ""},
        Row{"RenamedTable",
            sql("create table a (id int); alter table a rename to b; alter table b enable row level security;"), ""},
        Row{"MovedTable", sql("create table a (id int); alter table a set schema private;"), ""},
        Row{"TemporaryTable", sql("create temp table a (id int);"), ""},
        Row{"InAComment",
            sql("-- create table a (id int);\n/* create table b (id int); */ select 'create table c (id int);';"), ""},
        Row{"InAFunction",
            sql("create function f() returns void language plpgsql as $$ begin create table a (id int); end $$;"), ""},
        Row{"InADoBlock", sql("create table a (id int); do $$ begin alter table a enable row level security; end $$;"),
            ""},
        Row{"Dynamic",
            sql("create table a (id int); do $$ declare t text; begin for t in select 1 loop execute format('alter "
                "table %I enable row level security', t); end loop; end $$;"),
            ""},
        Row{"SchemaRebuilt", sql("create table a (id int); drop schema public cascade; create schema public;"), ""},
        Row{"AfterExplicitGrants", sql("create table a (id int);", "20261101000000_x.sql"),
            "CFG-SUPA-RLS warning supabase/migrations/20261101000000_x.sql:1 public.a\n"},
        Row{"AfterExplicitGrantsGranted",
            sql("create table a (id int); grant select on a to anon;", "20261101000000_x.sql"),
            "CFG-SUPA-RLS error supabase/migrations/20261101000000_x.sql:1 public.a\n"},
        Row{"DefaultPrivileges",
            sql("alter default privileges in schema public grant select on tables to anon; create table a (id int);",
                "20261101000000_x.sql"),
            "CFG-SUPA-RLS error supabase/migrations/20261101000000_x.sql:1 public.a\n"},
        Row{"NoGrant",
            {{"supabase/migrations/20261101000000_x.sql",
              "create table a (id int); alter table a enable row level security; create table b (id int); alter table "
              "b enable row level security; grant all on table b to authenticated;"},
             {"src/x.ts", "supabase.from('a').select(); supabase.from('b').select(); supabase.storage.from('a')"}},
            "CFG-SUPA-NOGRANT error supabase/migrations/20261101000000_x.sql:1 public.a\n"},
        Row{"OldTableNeedsNoGrant",
            {{kM, "create table a (id int); alter table a enable row level security;"},
             {"src/x.ts", "supabase.from('a')"}},
            ""},
        Row{"OpenPolicy",
            sql("create table a (id int); alter table a enable row level security;\ncreate policy \"p\" on a for all "
                "using (true);\n"
                "create policy q on a for update to authenticated using (true) with check (true);\n"
                "create policy r on a for select using (true);\ncreate policy s on a for insert with check (true);"),
            "CFG-SUPA-POLICY error supabase/migrations/20250101000000_x.sql:2 public.a/p\n"
            "CFG-SUPA-POLICY warning supabase/migrations/20250101000000_x.sql:3 public.a/q\n"
            "CFG-SUPA-POLICY warning supabase/migrations/20250101000000_x.sql:5 public.a/s\n"},
        Row{"PolicyNearMisses",
            sql("create table a (id int); alter table a enable row level security;\ncreate policy p on a for all to "
                "service_role using (true) with check (true);\n"
                "create policy q on a as restrictive for update using (true);\ncreate policy r on a for update using "
                "(true) with check (auth.uid() = id);\n"
                "create policy s on a for delete using ((select auth.uid()) = id);\ncreate policy t on a for insert to "
                "authenticated with check (auth.uid() is not null);"),
            ""},
        Row{"PolicyDropped",
            sql("create table a (id int); alter table a enable row level security; create policy p on a using (true); "
                "drop policy if exists p on a;"),
            ""},
        Row{"PolicyAltered",
            sql("create table a (id int); alter table a enable row level security; create policy p on a using (true); "
                "alter policy p on a using (auth.uid() = id);"),
            ""},
        Row{"UserMetadata",
            sql("create table a (id int); alter table a enable row level security;\ncreate policy p on a using "
                "((auth.jwt() -> 'user_metadata' ->> 'role') = 'admin');"),
            "CFG-SUPA-METADATA error supabase/migrations/20250101000000_x.sql:2 public.a/p\n"},
        Row{"View",
            sql("create view v as select * from a;\ncreate view u as select id, email from auth.users;\ncreate view w "
                "with (security_invoker = on) as select 1;\ncreate view x as select 1; alter view x set "
                "(security_invoker = true);"),
            "CFG-SUPA-VIEW error supabase/migrations/20250101000000_x.sql:2 public.u\nCFG-SUPA-VIEW warning "
            "supabase/migrations/20250101000000_x.sql:1 public.v\n"},
        Row{"Definer",
            sql("create or replace function f() returns trigger language plpgsql security definer as $$ begin end $$;\n"
                "create function g() returns trigger language plpgsql security definer set search_path = '' as $$ "
                "begin end $$;\n"
                "create function h() returns int language sql as $$ select 1 $$;"),
            "CFG-SUPA-DEFINER warning supabase/migrations/20250101000000_x.sql:1 public.f\n"},
        Row{"Bucket",
            sql("insert into storage.buckets (id, name, public) values ('a', 'a', true), ('b', 'b', false);\n"
                "create policy p on storage.objects for select using (bucket_id = 'a');\ncreate policy q on "
                "storage.objects for select using (bucket_id = 'b' and auth.uid() = owner);"),
            "CFG-SUPA-BUCKET warning supabase/migrations/20250101000000_x.sql:1 a\n"},
        Row{"Config",
            {{"supabase/config.toml",
              "[auth]\nsite_url = \"https://x.com\"\nadditional_redirect_urls = [\"https://*.vercel.app/**\", "
              "\"https://x.com/**\"]\n"
              "[auth.external.github]\nsecret = \"{{github}}\"\n[auth.external.google]\nsecret = "
              "\"env(GOOGLE_SECRET)\"\n[functions.hook]\nverify_jwt = false\n[functions.api]\nverify_jwt = true\n"}},
            "CFG-SUPA-JWT warning supabase/config.toml:9 hook\nCFG-SUPA-REDIRECT warning supabase/config.toml:3 "
            "https://*.vercel.app/**\n"
            "CFG-SUPA-TOML error supabase/config.toml:5 secret\n"},
        Row{"ClientByValue",
            {{"src/lib/db.ts", "export const db = createClient(url,\n '{{service}}')"}},
            "CFG-SUPA-CLIENT error src/lib/db.ts:2 SUPABASE_SERVICE_ROLE_KEY\n"},
        Row{"ClientByName",
            {{"app/x.tsx", "'use client'\nconst db = createClient(url, process.env.SUPABASE_SERVICE_ROLE_KEY!)"}},
            "CFG-SUPA-CLIENT warning app/x.tsx:2 SUPABASE_SERVICE_ROLE_KEY\n"},
        Row{"ClientNearMisses",
            {{"app/x.ts", "createClient(url, process.env.SUPABASE_SERVICE_ROLE_KEY!)"},
             {"app/y.ts", "'use client'\ncreateClient(url, '{{anon}}')"}},
            ""}),
    row_name);

INSTANTIATE_TEST_SUITE_P(
    Firebase, Databases,
    ::testing::Values(
        Row{"Open", firestore("match /{document=**} { allow read, write; }"),
            "CFG-FIRE-RULES error firestore.rules:4 /databases/{database}/documents/{document=**}\n"},
        Row{"OpenIfTrue", firestore("match /a/{b} { allow write: if (true); }"),
            "CFG-FIRE-RULES error firestore.rules:4 /databases/{database}/documents/a/{b}\n"},
        Row{"ReadAll", firestore("match /{document=**} { allow read: if true; }"),
            "CFG-FIRE-RULES warning firestore.rules:4 /databases/{database}/documents/{document=**}\n"},
        Row{"ReadSome", firestore("match /posts/{id} { allow read; }"), ""},
        Row{"TestMode",
            firestore("match /{document=**} { allow read, write: if request.time < timestamp.date(2099, 1, 1); }"),
            "CFG-FIRE-RULES error firestore.rules:4 /databases/{database}/documents/{document=**}\n"},
        Row{"AnyUser", firestore("match /{document=**} { allow read, write: if request.auth != null; }"),
            "CFG-FIRE-RULES warning firestore.rules:4 /databases/{database}/documents/{document=**}\n"},
        Row{"AnyUserOfACollection", firestore("match /posts/{id} { allow write: if request.auth != null; }"), ""},
        Row{"Owner",
            firestore("match /users/{id} { allow read, write: if request.auth.uid == id; }\nmatch /{document=**} { "
                      "allow read, write: if false; }"),
            ""},
        Row{"Storage",
            {{"storage.rules",
              "service firebase.storage { match /b/{bucket}/o { match /{all=**} { allow write: if true; } } }"}},
            "CFG-FIRE-RULES error storage.rules:1 /b/{bucket}/o/{all=**}\n"},
        Row{"Realtime",
            {{"database.rules.json",
              "{\"rules\": {\n\".read\": true,\n\"a\": {\".read\": \"true\", \".write\": \"auth != null\", \"b\": "
              "{\".write\": true}}}}"}},
            "CFG-FIRE-RULES error database.rules.json:2 /.read\nCFG-FIRE-RULES error database.rules.json:3 "
            "/a/b.write\n"}),
    row_name);

TEST(Databases, NotesAreThereForThoseWhoAsk) {
  EXPECT_EQ(test::said(sql("create table a (id int); alter table a enable row level security; create policy p on a for "
                           "select using (true);"),
                       true),
            "CFG-SUPA-POLICY note supabase/migrations/20250101000000_x.sql:1 public.a/p\n");
}

TEST(Databases, TwoProjectsHaveAHistoryEach) {
  EXPECT_EQ(test::said({{"a/supabase/migrations/20250101000000_a.sql", "create table t (id int);"},
                        {"b/supabase/migrations/20250101000000_a.sql", "alter table t enable row level security;"}}),
            "CFG-SUPA-RLS error a/supabase/migrations/20250101000000_a.sql:1 public.t\n");
}

TEST(Databases, PassedIsSaid) {
  const auto report = test::report_of(sql("create table a (id int); alter table a enable row level security;"));
  ASSERT_EQ(report.passed.size(), 1u);
  EXPECT_EQ(report.passed[0].id, "CFG-SUPA-RLS");
}

}  // namespace
}  // namespace tightship::config
