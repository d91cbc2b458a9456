#include <gtest/gtest.h>

#include "config/project_fixture.h"

namespace tightship::config {
namespace {

using test::ProjectFiles;
using test::row_name;
using Row = test::ProjectRow;

class Servers : public ::testing::TestWithParam<Row> {};
TEST_P(Servers, Say) { EXPECT_EQ(test::said(GetParam().files), GetParam().said); }

ProjectFiles js(const std::string& text) { return {{"src/server.ts", text}}; }
ProjectFiles py(const std::string& text) { return {{"app/main.py", text}}; }
ProjectFiles django(const std::string& text, const std::string& path = "site/settings.py") {
  return {{path, "INSTALLED_APPS = []\n" + text}};
}
ProjectFiles nginx(const std::string& text) { return {{"nginx.conf", "server {\n" + text + "\n}\n"}}; }

INSTANTIATE_TEST_SUITE_P(
    Javascript, Servers,
    ::testing::Values(
        Row{"Reflect", js("app.use(cors({ origin: true, credentials: true }))"),
            "CFG-CORS error src/server.ts:1 origin\n"},
        Row{"EveryOrigin", js("const corsOptions = { origin: (o, cb) => cb(null, true), credentials: true }"),
            "CFG-CORS error src/server.ts:1 origin\n"},
        Row{"StarWithCredentials", js("app.use(cors({ origin: '*', credentials: true }))"),
            "CFG-CORS warning src/server.ts:1 your API\n"},
        Row{"NearMisses",
            js("cors({ origin: '*' }); cors({ origin: true }); cors({ origin: list, credentials: true }); cors({ "
               "origin: (o, cb) => list.includes(o) ? cb(null, true) : cb(new Error()), credentials: true }); fetch(x, "
               "{ origin: true, credentials: true })j"),
            ""},
        Row{"DevelopmentBranch",
            js("if (isProduction) { cors({ origin: list, credentials: true }) } else { cors({ origin: true, "
               "credentials: true }) }\nif (process.env.NODE_ENV === 'development') { cors({ origin: true, "
               "credentials: true }) }\nif (!prod) { if (x) { cors({ origin: true, credentials: true }) } }"),
            ""},
        Row{"ProductionBranch", js("if (isProduction) { cors({ origin: true, credentials: true }) } else { f() }"),
            "CFG-CORS error src/server.ts:1 origin\n"},
        Row{"OtherBranch", js("if (enabled) { cors({ origin: true, credentials: true }) }"),
            "CFG-CORS error src/server.ts:1 origin\n"},
        Row{"Fastify", js("app.register(cors, { origin: true, credentials: true })j"),
            "CFG-CORS error src/server.ts:1 origin\n"},
        Row{"Header",
            js("res.setHeader('Access-Control-Allow-Origin', "
               "req.headers.origin);\nres.setHeader('Access-Control-Allow-Credentials', 'true')"),
            "CFG-CORS warning src/server.ts:1 Access-Control-Allow-Origin\n"},
        Row{"Session", js("app.use(session({ secret: 'keyboard cat', cookie: { secure: false, httpOnly: true } }))"),
            "CFG-COOKIE warning src/server.ts:1 secure\nCFG-SESSION-SECRET warning src/server.ts:1 session.secret\n"},
        Row{"SessionNear",
            js("session({ secret: process.env.SECRET, cookie: { secure: process.env.NODE_ENV === 'production' } })j"),
            ""},
        Row{"Cookie",
            js("res.cookie('session_id', v, { httpOnly: false, sameSite: 'none', secure: true }); res.cookie('theme', "
               "v, { httpOnly: false })j"),
            "CFG-COOKIE warning src/server.ts:1 httpOnly\n"},
        Row{"CookieHeader",
            js("res.setHeader('Set-Cookie', `session=${token}; Path=/; HttpOnly`);\nres.headers.append('set-cookie', "
               "'auth_token=' + t + '; Path=/');\nreturn new Response(x, { headers: { 'Set-Cookie': `sid=${s}; "
               "Secure; SameSite=Lax` } })"),
            "CFG-COOKIE warning src/server.ts:1 Set-Cookie\nCFG-COOKIE warning src/server.ts:2 Set-Cookie\n"
            "CFG-COOKIE warning src/server.ts:3 Set-Cookie\n"},
        Row{"CookieHeaderNear",
            js("res.setHeader('Set-Cookie', `session=${t}; Path=/; HttpOnly; Secure`);\nres.setHeader('Set-Cookie', "
               "`session=; Max-Age=0; Path=/`);\nres.setHeader('Set-Cookie', serialize('session', t, o));\n"
               "res.setHeader('Set-Cookie', `session=${t}; ${flags}`);\nres.setHeader('Set-Cookie', `theme=${t}; "
               "Path=/`);\nheaders.get('Set-Cookie', 'session=a; b');\nres.setHeader('Set-Cookie', cookies)"),
            "CFG-COOKIE warning src/server.ts:6 Set-Cookie\n"},
        Row{"BrowserKey",
            {{"src/Chat.vue",
              "<script setup>\nconst ai = new OpenAI({ apiKey: import.meta.env.VITE_OPENAI_KEY, "
              "dangerouslyAllowBrowser: true })\n</script>"},
             {"src/own.ts", "new OpenAI({ apiKey: settings.key, dangerouslyAllowBrowser: true })"},
             {"src/off.ts", "new OpenAI({ apiKey: process.env.KEY, dangerouslyAllowBrowser: false })"}},
            "CFG-BROWSER-KEY warning src/Chat.vue:2 OpenAI\n"},
        Row{"Tests", {{"test/server.ts", "cors({ origin: true, credentials: true })j"}}, ""}),
    row_name);

INSTANTIATE_TEST_SUITE_P(
    PythonAndRails, Servers,
    ::testing::Values(
        Row{"FastApi",
            py("app.add_middleware(\n    CORSMiddleware,\n    allow_origins=[\"*\"],  # all\n    "
               "allow_credentials=True,\n)\n"),
            "CFG-CORS error app/main.py:2 CORS\n"},
        Row{"FastApiNear",
            py("app.add_middleware(CORSMiddleware, allow_origins=[\"*\"])\napp.add_middleware(CORSMiddleware, "
               "allow_origins=origins, allow_credentials=True)\n"),
            ""},
        Row{"Flask",
            py("CORS(app, supports_credentials=True)\nCORS(app)\nCORS(app, origins=['https://x'], "
               "supports_credentials=True)\n"),
            "CFG-CORS error app/main.py:1 CORS\n"},
        Row{"Django",
            django("DEBUG = True\nSESSION_COOKIE_SECURE = False\nCORS_ALLOW_ALL_ORIGINS = True\nCORS_ALLOW_CREDENTIALS "
                   "= True\nSECRET_KEY = 'django-insecure-abcdef'\n"),
            "CFG-COOKIE warning site/settings.py:3 SESSION_COOKIE_SECURE\nCFG-CORS error site/settings.py:4 "
            "CORS\nCFG-DEBUG warning site/settings.py:2 DEBUG\n"
            "CFG-SECRET-KEY warning site/settings.py:6 SECRET_KEY\n"},
        Row{"DjangoNear",
            django("DEBUG = True\nDEBUG = os.environ.get('DEBUG') == '1'\nSESSION_COOKIE_SECURE = not "
                   "DEBUG\nSECRET_KEY = os.environ['X']\nCORS_ALLOW_ALL_ORIGINS = True\n"),
            ""},
        Row{"DjangoHosts", django("ALLOWED_HOSTS = ['*']  # all\n"),
            "CFG-HOSTS warning site/settings.py:2 ALLOWED_HOSTS\n"},
        Row{"DjangoHostsNear", django("ALLOWED_HOSTS = ['*']\nALLOWED_HOSTS = ['.example.com']\nOTHER_HOSTS = ['*']\n"),
            ""},
        Row{"PythonCookie",
            py("r.set_cookie(\"session_id\", value=t, httponly=False,\n  secure=False)\nr.set_cookie('theme', t, "
               "httponly=False)\nr.set_cookie('auth', t, httponly=True, secure=not debug)\nr.set_cookie('csrf_token', "
               "t, httponly=False)\n"),
            "CFG-COOKIE warning app/main.py:1 set_cookie\n"},
        Row{"RailsSecrets",
            {{"config/secrets.yml",
              "development:\n  secret_key_base: {{random}}\nproduction:\n  secret_key_base: {{random}}\n  gh: "
              "<%= ENV['GH'] %>\n  deep:\n    token: {{github}}\n"},
             {"config/database.yml", "production:\n  username: app\n  password: <%= ENV['DB'] %>\n"},
             {"locales/secrets.yml", "production:\n  token: {{github}}\n"}},
            "CFG-RAILS-SECRET error config/secrets.yml:7 token\nCFG-RAILS-SECRET warning config/secrets.yml:4 "
            "secret_key_base\n"},
        Row{"RailsKey",
            {{"config/master.key", "0123456789abcdef0123456789abcdef"},
             {"config/credentials/development.key", "fedcba9876543210fedcba9876543210\n"},
             {"config/credentials/production.yml.enc", "x"},
             {"keys/master.key", "0123456789abcdef0123456789abcdef"}},
            "CFG-RAILS-KEY error config/master.key:1 config/master.key\nCFG-RAILS-KEY warning "
            "config/credentials/development.key:1 config/credentials/development.key\n"},
        Row{"DjangoProduction", django("DEBUG = True\n", "site/settings/production.py"),
            "CFG-DEBUG error site/settings/production.py:2 DEBUG\n"},
        Row{"DjangoBaseBesideProduction",
            {{"site/settings/base.py", "INSTALLED_APPS = []\nDEBUG = True\nSECRET_KEY = '{{random}}'\n"},
             {"site/settings/production.py", "from .base import *\nDEBUG = False\nSECRET_KEY = os.environ['KEY']\n"}},
            ""},
        Row{"DjangoBaseAlone",
            {{"site/settings/base.py", "INSTALLED_APPS = []\nDEBUG = True\nSECRET_KEY = '{{random}}'\n"},
             {"site/settings/production.py", "from .base import *\n"}},
            "CFG-DEBUG warning site/settings/base.py:2 DEBUG\nCFG-SECRET-KEY warning site/settings/base.py:3 "
            "SECRET_KEY\n"},
        Row{"DjangoDevelopment", django("DEBUG = True\n", "site/settings/dev.py"), ""},
        Row{"Rails",
            {{"config/environments/production.rb",
              "# config.force_ssl = false\nconfig.force_ssl = false\nconfig.consider_all_requests_local = true\n"}},
            "CFG-DEBUG error config/environments/production.rb:3 consider_all_requests_local\nCFG-RAILS-SSL warning "
            "config/environments/production.rb:2 force_ssl\n"},
        Row{"Laravel",
            {{"config/session.php",
              "<?php\nreturn [\n  // 'secure' => true,\n  'secure' => false,\n  'http_only' => FALSE,\n];\n"},
             {"config/cors.php",
              "<?php\nreturn [\n  'paths' => ['api/*'],\n  'allowed_origins' => [ /* all */ '*' ],\n  "
              "'supports_credentials' => true,\n];\n"},
             {"config/app.php", "<?php return [\"debug\" => true];"}},
            "CFG-COOKIE warning config/session.php:4 secure\nCFG-COOKIE warning config/session.php:5 "
            "http_only\nCFG-CORS error config/cors.php:4 allowed_origins\nCFG-DEBUG error config/app.php:1 debug\n"},
        Row{"LaravelNear",
            {{"config/session.php",
              "<?php return ['secure' => env('SESSION_SECURE_COOKIE', false), # 'secure' => false\n'http_only' => "
              "true];"},
             {"config/cors.php", "<?php return ['allowed_origins' => ['*'], 'supports_credentials' => false];"},
             {"web/config/cors.php",
              "<?php return ['allowed_origins' => [env('URL')], 'note' => \"'*'\", 'supports_credentials' => true];"},
             {"config/app.php", "<?php return ['debug' => (bool) env('APP_DEBUG', true), 'x' => ['y' => 'unclosed"},
             {"app/cors.php", "<?php return ['allowed_origins' => ['*'], 'supports_credentials' => true];"}},
            ""},
        Row{"RailsNear",
            {{"config/environments/production.rb",
              "config.force_ssl = true\nconfig.consider_all_requests_local = false\n"},
             {"config/environments/development.rb", "config.consider_all_requests_local = true\n"}},
            ""}),
    row_name);

INSTANTIATE_TEST_SUITE_P(
    WebServers, Servers,
    ::testing::Values(Row{"Autoindex", nginx("location /a/ { autoindex on; }\nlocation /b/ { autoindex off; }"),
                          "CFG-WEB-LISTING warning nginx.conf:2 autoindex\n"},
                      Row{"Alias",
                          nginx("location /static { alias /srv/files/; }\nlocation /ok/ { alias /srv/files/; "
                                "}\nlocation /same { alias /srv/same; }\nlocation = /x { alias /srv/y/; }"),
                          "CFG-NGINX-ALIAS error nginx.conf:2 /static\n"},
                      Row{"Tls", nginx("ssl_protocols TLSv1 TLSv1.2;"),
                          "CFG-NGINX-TLS warning nginx.conf:2 ssl_protocols\n"},
                      Row{"TlsNear", nginx("ssl_protocols TLSv1.2 TLSv1.3;"), ""},
                      Row{"Cors",
                          nginx("add_header Access-Control-Allow-Origin $http_origin;\nadd_header "
                                "Access-Control-Allow-Credentials true;"),
                          "CFG-CORS error nginx.conf:2 $http_origin\n"},
                      Row{"CorsNear", nginx("add_header Access-Control-Allow-Origin *;"), ""},
                      Row{"Root", nginx("root /app;"), "CFG-NGINX-DOT warning nginx.conf:2 /app\n"},
                      Row{"RootNear", nginx("root /app/public;"), ""},
                      Row{"RootDenied", nginx("root /app;\nlocation ~ /\\.(?!well-known) { deny all; }"), ""},
                      Row{"Caddy",
                          {{"Caddyfile", "example.com {\n  # file_server browse\n  file_server browse\n}\n"}},
                          "CFG-WEB-LISTING warning Caddyfile:3 file_server browse\n"},
                      Row{"Htaccess",
                          {{".htaccess", "Options -Indexes\nOptions +Indexes +FollowSymLinks\n"}},
                          "CFG-WEB-LISTING warning .htaccess:2 Options Indexes\n"}),
    row_name);

}  // namespace
}  // namespace tightship::config
