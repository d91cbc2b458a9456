// Each check with a case that it is about and with near misses, files as people write them.

#include <gtest/gtest.h>

#include "config/project_fixture.h"

namespace tightship::config {
namespace {

using test::ProjectFiles;

struct Row {
  const char* name;
  ProjectFiles files;
  const char* said;  // without notes
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }
const auto row_name = [](const auto& info) { return std::string(info.param.name); };

class Platforms : public ::testing::TestWithParam<Row> {};
TEST_P(Platforms, Say) { EXPECT_EQ(test::said(GetParam().files), GetParam().said); }

INSTANTIATE_TEST_SUITE_P(
    Hosts, Platforms,
    ::testing::Values(
        Row{"Vercel",
            {{"vercel.json",
              "{\"env\": {\n\"STRIPE\": \"{{stripe}}\", \"A\": \"@secret\", \"URL\": \"https://x.com\"}}"}},
            "CFG-VERCEL error vercel.json:2 STRIPE\n"},
        Row{"VercelBuildEnv",
            {{"vercel.json", "{\"build\": {\"env\": {\"GH\": \"{{github}}\"}}}"}},
            "CFG-VERCEL error vercel.json:1 GH\n"},
        Row{"VercelCors",
            {{"vercel.json",
              R"j({"headers": [{"source": "/api/(.*)", "headers": [{"key": "Access-Control-Allow-Origin", "value": "*"},
              {"key": "access-control-allow-credentials", "value": "true"}]}]})j"}},
            "CFG-CORS warning vercel.json:1 /api/(.*)\n"},
        Row{"VercelStarAlone",
            {{"vercel.json",
              R"j({"headers": [{"source": "/api/(.*)", "headers": [{"key": "Access-Control-Allow-Origin", "value": "*"}]}]})j"}},
            ""},
        Row{"VercelCachedApi",
            {{"vercel.json",
              R"j({"headers": [{"source": "/api/(.*)", "headers": [{"key": "Cache-Control", "value": "public, s-maxage=60"}]},
              {"source": "/api/og", "headers": [{"key": "Cache-Control", "value": "public, s-maxage=60"}]},
              {"source": "/static/(.*)", "headers": [{"key": "Cache-Control", "value": "public, max-age=60"}]}]})j"}},
            "CFG-API-CACHE warning vercel.json:1 /api/(.*)\n"},
        Row{"VercelLoop",
            {{"vercel.json",
              R"j({"redirects": [{"source": "/a", "destination": "/a"}, {"source": "/b", "destination": "/c"},
              {"source": "/d", "destination": "/d", "has": [{"type": "host", "value": "x"}]}]})j"}},
            "CFG-REDIRECT-LOOP error vercel.json:1 /a\n"},
        Row{"Netlify",
            {{"netlify.toml",
              "[build.environment]\nNODE_VERSION = \"20\"\nKEY = \"{{stripe}}\"\nSECRETS_SCAN_ENABLED = \"false\"\n"
              "[context.production.environment]\nGH = \"{{github}}\"\nSECRETS_SCAN_OMIT_KEYS = \"SITE_NAME, "
              "STRIPE_SECRET_KEY\"\n"}},
            "CFG-NETLIFY error netlify.toml:3 KEY\nCFG-NETLIFY error netlify.toml:6 GH\n"
            "CFG-NETLIFY-SCAN warning netlify.toml:4 SECRETS_SCAN_ENABLED\nCFG-NETLIFY-SCAN warning netlify.toml:7 "
            "SECRETS_SCAN_OMIT_KEYS\n"},
        Row{"NetlifyNear",
            {{"netlify.toml",
              "[build.environment]\nSECRETS_SCAN_ENABLED = \"true\"\nSECRETS_SCAN_OMIT_KEYS = \"SITE_NAME\"\n"}},
            ""},
        Row{"Redirects",
            {{"_redirects", "# x\n/* /* 301!\n/* /index.html 200\n/a /b\n/c /c 301\n/d /d 301! Country=de\n"}},
            "CFG-REDIRECT-LOOP error _redirects:2 /*\n"},
        Row{"Headers",
            {{"_headers",
              "/api/*\n  Access-Control-Allow-Origin: *\n  Access-Control-Allow-Credentials: true\n/x\n  "
              "Access-Control-Allow-Origin: *\n"}},
            "CFG-CORS warning _headers:1 /api/*\n"},
        Row{"Wrangler",
            {{"wrangler.toml",
              "account_id = \"0123456789abcdef0123456789abcdef\"\nworkers_dev = true\nroute = \"x.com/*\"\n[vars]\nA = "
              "\"b\"\nGH = \"{{github}}\"\n[env.prod.vars]\nSTRIPE = \"{{stripe}}\"\n"}},
            "CFG-WRANGLER error wrangler.toml:6 GH\nCFG-WRANGLER error wrangler.toml:8 STRIPE\nCFG-WRANGLER-DEV "
            "warning wrangler.toml:2 workers_dev\n"},
        Row{"WranglerJsonc",
            {{"wrangler.jsonc", "{ // c\n \"workers_dev\": true,\n \"vars\": {\"GH\": \"{{github}}\",},\n}"}},
            "CFG-WRANGLER error wrangler.jsonc:3 GH\n"},
        Row{"Fly",
            {{"fly.toml",
              "[env]\nPORT = \"8080\"\nSTRIPE = \"{{stripe}}\"\n[build.args]\nT = "
              "\"{{npm}}\"\n[http_service]\nforce_https = false\n"}},
            "CFG-FLY error fly.toml:3 STRIPE\nCFG-FLY error fly.toml:5 T\nCFG-FLY-HTTP warning fly.toml:7 "
            "force_https\n"},
        Row{"FlyNear", {{"fly.toml", "[env]\nSECRET_NAME = \"my-app\"\n[http_service]\nforce_https = true\n"}}, ""},
        Row{"Render",
            {{"render.yaml",
              "services:\n  - type: web\n    envVars:\n      - key: STRIPE\n        value: {{stripe}}\n      - key: "
              "B\n        sync: false\n      - key: C\n        generateValue: true\nenvVarGroups:\n  - name: g\n    "
              "envVars:\n      - key: GH\n        value: {{github}}\n"}},
            "CFG-RENDER error render.yaml:14 GH\nCFG-RENDER error render.yaml:5 STRIPE\n"},
        Row{"Heroku",
            {{"app.json",
              R"j({"name": "x", "env": {"A": "{{stripe}}", "B": {"value": "{{github}}"}, "C": {"generator": "secret"}, "D": {"required": true}}})j"}},
            "CFG-HEROKU error app.json:1 A\nCFG-HEROKU error app.json:1 B\n"},
        Row{"Procfile",
            {{"Procfile", "web: PORT=1 node x\nworker: GH={{github}} run --a=b\n"}},
            "CFG-HEROKU error Procfile:2 GH\n"},
        Row{"Railway",
            {{"railway.json", R"j({"deploy": {"startCommand": "x", "env": {"GH": "{{github}}"}}})j"}},
            "CFG-RAILWAY error railway.json:1 GH\n"},
        Row{"TestKeyIsANote", {{"fly.toml", "[env]\nSTRIPE = \"{{stripetest}}\"\n"}}, ""},
        Row{"SampleIsMilder",
            {{"examples/fly.toml", "[env]\nSTRIPE = \"{{stripe}}\"\n"}},
            "CFG-FLY warning examples/fly.toml:2 STRIPE\n"},
        Row{"References",
            {{"fly.toml",
              "[env]\nAPI_SECRET = \"${API_SECRET}\"\nDB_PASSWORD = \"op://vault/db/password\"\nTOKEN = "
              "\"changeme\"\nSECRET_KEY = \"\"\n"},
             {"render.yaml",
              "services:\n  - envVars:\n      - {key: DB_PASSWORD, fromDatabase: {name: x, property: password}}\n      "
              "- {key: API_SECRET, value: \"$OTHER\"}\n"}},
            ""}),
    row_name);

INSTANTIATE_TEST_SUITE_P(
    Frontends, Platforms,
    ::testing::Values(
        Row{"ViteWholeEnvironment",
            {{"vite.config.ts",
              "export default defineConfig(({ mode }) => {\n const env = loadEnv(mode, process.cwd(), '')\n return {\n "
              " define: { 'process.env': env },\n }\n})j"}},
            "CFG-VITE-DEFINE error vite.config.ts:4 process.env\n"},
        Row{"ViteProcessEnv",
            {{"vite.config.js", "export default { define: { 'process.env': process.env } }"}},
            "CFG-VITE-DEFINE error vite.config.js:1 process.env\n"},
        Row{"ViteStringified",
            {{"vite.config.js", "export default { define: { 'process.env': JSON.stringify(process.env) } }"}},
            "CFG-VITE-DEFINE error vite.config.js:1 process.env\n"},
        Row{"ViteSpread",
            {{"vite.config.js",
              "const env = loadEnv(m, d, \"\"); export default { define: { 'process.env': { ...env, A: 1 } } }"}},
            "CFG-VITE-DEFINE error vite.config.js:1 process.env\n"},
        Row{"ViteOnlyPublic",
            {{"vite.config.js", "const env = loadEnv(m, d); export default { define: { 'process.env': env } }"}},
            ""},
        Row{"ViteEmpty",
            {{"vite.config.js",
              "export default { define: { 'process.env': {}, 'process.env.NODE_ENV': JSON.stringify('production'), "
              "__V__: JSON.stringify(process.env.npm_package_version) } }"}},
            ""},
        Row{"ViteNamedKey",
            {{"vite.config.ts",
              "const env = loadEnv(mode, '.', '');\nexport default { define: {\n 'process.env.API_KEY': "
              "JSON.stringify(env.GEMINI_API_KEY) } }"}},
            "CFG-VITE-DEFINE warning vite.config.ts:3 GEMINI_API_KEY\n"},
        Row{"ViteKeyWithItsValue",
            {{"vite.config.ts", "export default { define: { __KEY__: JSON.stringify(process.env.BILLING) } }"},
             {".env", "A=1\nBILLING={{stripe}}\n"}},
            "CFG-VITE-DEFINE error vite.config.ts:1 BILLING\n"},
        Row{"ViteLiteral",
            {{"vite.config.ts", "export default { define: { __KEY__: JSON.stringify('{{stripe}}'), B: '\"x\"' } }"}},
            "CFG-VITE-DEFINE error vite.config.ts:1 __KEY__\n"},
        Row{"VitePublicName",
            {{"vite.config.ts",
              "export default { define: { 'process.env.VITE_API_KEY': JSON.stringify(process.env.VITE_API_KEY) } }"},
             {"package.json", R"j({"devDependencies": {"vite": "8"}})j"}},
            ""},
        Row{"VitePrefix",
            {{"vite.config.ts", "export default { envPrefix: ['VITE_', 'STRIPE_'] }"},
             {".env", "STRIPE_KEY={{stripe}}\nSTRIPE_MODE=live\n"}},
            "CFG-VITE-PREFIX error vite.config.ts:1 STRIPE_KEY\n"},
        Row{"VitePrefixHarmless",
            {{"vite.config.ts", "export default { envPrefix: ['VITE_', 'TAURI_'] }"},
             {".env", "STRIPE_KEY={{stripe}}\n"}},
            ""},
        Row{"ViteEmptyPrefix",
            {{"vite.config.ts", "export default { envPrefix: '' }"}},
            "CFG-VITE-PREFIX warning vite.config.ts:1 envPrefix\n"},
        Row{"ViteMaps",
            {{"vite.config.ts", "export default { build: { sourcemap: true } }"}},
            "CFG-SRCMAP warning vite.config.ts:1 build.sourcemap\n"},
        Row{"ViteMapsOfALibrary",
            {{"vite.config.ts", "export default { build: { lib: { entry: 'x' }, sourcemap: true } }"}},
            ""},
        Row{"ViteMapsDeleted",
            {{"vite.config.ts",
              "export default { build: { sourcemap: true }, plugins: [sentry({ sourcemaps: { filesToDeleteAfterUpload: "
              "['x'] } })] }"}},
            ""},
        Row{"ViteMapsUnknown",
            {{"vite.config.ts", "export default { build: { sourcemap: mode !== 'production' } }"}},
            ""},
        Row{"NextEnv",
            {{"next.config.js",
              "const c = {\n env: { STRIPE: process.env.STRIPE, NAME: 'x' },\n images: { env: { TOKEN: "
              "process.env.API_TOKEN } } }\nmodule.exports = withX(c)"},
             {".env.production", "STRIPE={{stripe}}\n"}},
            "CFG-NEXT-ENV error next.config.js:2 STRIPE\n"},
        Row{"NextEnvByName",
            {{"next.config.mjs", "export default withX({ env: { DB_PASSWORD: process.env.DB_PASSWORD } })j"}},
            "CFG-NEXT-ENV warning next.config.mjs:1 DB_PASSWORD\n"},
        Row{"NextEnvPublic",
            {{"next.config.js",
              "module.exports = { env: { NEXT_PUBLIC_TOKEN: process.env.NEXT_PUBLIC_TOKEN, VERSION: "
              "process.env.npm_package_version } }"},
             {"package.json", R"j({"dependencies": {"next": "16"}})j"}},
            ""},
        Row{"NextWhole",
            {{"next.config.js", "module.exports = { env: { ...process.env } }"}},
            "CFG-NEXT-ENV error next.config.js:1 process.env\n"},
        Row{"NextMaps",
            {{"next.config.ts", "const c: NextConfig = { productionBrowserSourceMaps: true }"}},
            "CFG-SRCMAP warning next.config.ts:1 productionBrowserSourceMaps\n"},
        Row{"NextMapsOff", {{"next.config.ts", "const c = { productionBrowserSourceMaps: false }"}}, ""},
        Row{"NuxtPublic",
            {{"nuxt.config.ts",
              "export default defineNuxtConfig({ runtimeConfig: { apiSecret: process.env.API_SECRET,\n public: { "
              "apiSecret: process.env.API_SECRET, base: '/' } } })j"}},
            "CFG-NUXT-PUBLIC warning nuxt.config.ts:2 API_SECRET\n"},
        Row{"WebpackWhole",
            {{"webpack.config.js",
              "module.exports = { plugins: [new webpack.DefinePlugin({ 'process.env': JSON.stringify(process.env) })] "
              "}"}},
            "CFG-WEBPACK-DEFINE error webpack.config.js:1 process.env\n"},
        Row{"WebpackKeys",
            {{"webpack.config.js", "module.exports = { plugins: [new EnvironmentPlugin(Object.keys(process.env))] }"}},
            "CFG-WEBPACK-DEFINE error webpack.config.js:1 process.env\n"},
        Row{"WebpackOne",
            {{"webpack.prod.js",
              "new DefinePlugin({ 'process.env': { NODE_ENV: JSON.stringify('production'), API_SECRET: "
              "JSON.stringify(process.env.API_SECRET) } })j"}},
            "CFG-WEBPACK-DEFINE warning webpack.prod.js:1 API_SECRET\n"},
        Row{"WebpackServer",
            {{"webpack.config.js",
              "module.exports = { target: 'node', plugins: [new DefinePlugin({ 'process.env': "
              "JSON.stringify(process.env) })] }"}},
            ""},
        Row{"WebpackMaps",
            {{"webpack.prod.js", "module.exports = { devtool: 'source-map' }"},
             {"webpack.dev.js", "module.exports = { devtool: 'eval' }"}},
            "CFG-SRCMAP warning webpack.prod.js:1 devtool\n"},
        Row{"Expo",
            {{"app.json", R"j({"expo": {"name": "x", "extra": {"eas": {"projectId": "1"}, "key": "{{openai}}"}}})j"},
             {"eas.json", R"j({"build": {"production": {"env": {"GH": "{{github}}", "A": "b"}}}})j"}},
            "CFG-EXPO-EXTRA error app.json:1 key\nCFG-EXPO-EXTRA error eas.json:1 GH\n"},
        Row{"ExpoCode",
            {{"app.config.ts",
              "export default { expo: { extra: { secret: process.env.API_SECRET, url: process.env.API_URL } } }"}},
            "CFG-EXPO-EXTRA warning app.config.ts:1 API_SECRET\n"},
        Row{"CreateReactApp",
            {{"web/package.json",
              "{\n\"dependencies\": {\"react-scripts\": \"5\"},\n\"scripts\": {\"build\": \"react-scripts build\"}}"}},
            "CFG-SRCMAP warning web/package.json:3 GENERATE_SOURCEMAP\n"},
        Row{"CreateReactAppSwitchedOff",
            {{"package.json", R"j({"scripts": {"build": "GENERATE_SOURCEMAP=false react-scripts build"}})j"}},
            ""},
        Row{"CreateReactAppSwitchedOffByAFile",
            {{"package.json", R"j({"scripts": {"build": "react-scripts build"}})j"},
             {".env.production", "GENERATE_SOURCEMAP=false\n"}},
            ""},
        Row{"CreateReactAppDeletesThem",
            {{"package.json",
              R"j({"scripts": {"build": "react-scripts build", "postbuild": "rm build/static/js/*.map"}})j"}},
            ""},
        Row{"Angular",
            {{"angular.json",
              R"j({"projects": {"a": {"architect": {"build": {"configurations": {"production": {"sourceMap": true}, "development": {"sourceMap": true}}}}}}})j"}},
            "CFG-SRCMAP warning angular.json:1 sourceMap of the production configuration\n"}),
    row_name);

}  // namespace
}  // namespace tightship::config
