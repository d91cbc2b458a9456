#include <gtest/gtest.h>

#include "config/project_fixture.h"

namespace tightship::config {
namespace {

using test::ProjectFiles;
using test::row_name;
using Row = test::ProjectRow;

class Containers : public ::testing::TestWithParam<Row> {};
TEST_P(Containers, Say) { EXPECT_EQ(test::said(GetParam().files), GetParam().said); }

ProjectFiles docker(const std::string& text) { return {{"Dockerfile", text}}; }
ProjectFiles compose(const std::string& text) { return {{"compose.yaml", "services:\n" + text}}; }
ProjectFiles workflow(const std::string& text) { return {{".github/workflows/ci.yml", text}}; }
ProjectFiles k8s(const std::string& text) { return {{"k8s/app.yaml", text}}; }

INSTANTIATE_TEST_SUITE_P(
    Docker, Containers,
    ::testing::Values(
        Row{"Env", docker("FROM node\nENV A=1 STRIPE={{stripe}}\n"), "CFG-DOCKER-ENV error Dockerfile:2 STRIPE\n"},
        Row{"EnvOfABuilder", docker("FROM node AS b\nENV STRIPE={{stripe}}\nFROM node\nCOPY --from=b /a /a\n"),
            "CFG-DOCKER-ENV warning Dockerfile:2 STRIPE\n"},
        Row{"ArgDefault", docker("FROM node\nARG TOKEN={{npm}}\n"), "CFG-DOCKER-ENV error Dockerfile:2 TOKEN\n"},
        Row{"Placeholders",
            docker("FROM node\nENV DB_PASSWORD=changeme SECRET_KEY=\"\" API_TOKEN=$API_TOKEN\nARG API_TOKEN\n"), ""},
        Row{"Baked", docker("FROM node\nARG API_SECRET\nENV API_SECRET=${API_SECRET}\n"),
            "CFG-DOCKER-BAKED warning Dockerfile:3 API_SECRET\n"},
        Row{"BakedPublic", docker("FROM node\nARG VERSION\nENV VERSION=$VERSION\n"), ""},
        Row{"Export", docker("FROM node\nRUN export GH={{github}} && \\\n  make\n"),
            "CFG-DOCKER-ENV error Dockerfile:2 GH\n"},
        Row{"Npmrc", docker("FROM node\nRUN echo \"//registry.npmjs.org/:_authToken=$NPM_TOKEN\" > .npmrc && npm ci\n"),
            "CFG-DOCKER-NPMRC warning Dockerfile:2 .npmrc\n"},
        Row{"NpmrcRemoved",
            docker("FROM node\nRUN echo \"//registry.npmjs.org/:_authToken=$NPM_TOKEN\" > .npmrc && npm ci && rm -f "
                   ".npmrc\n"),
            ""},
        Row{"NpmrcMounted",
            docker("FROM node\nRUN --mount=type=secret,id=npm echo \"//r/:_authToken=$(cat /run/secrets/npm)\" > "
                   ".npmrc\n"),
            ""},
        Row{"CopyEnv",
            {{"Dockerfile", "FROM node\nCOPY .env ./\nCOPY .env.example ./.env\n"}, {".env", "STRIPE={{stripe}}\n"}},
            "CFG-DOCKER-COPY-ENV error Dockerfile:2 .env\n"},
        Row{"CopyEnvUnknown", docker("FROM node\nCOPY .env.production ./\n"),
            "CFG-DOCKER-COPY-ENV warning Dockerfile:2 .env.production\n"},
        Row{"CopyEnvOfSettings",
            {{"Dockerfile", "FROM node\nCOPY config/.env.production ./.env\n"},
             {"config/.env.production", "APP_ENV=production\nAPP_KEY=\n"}},
            ""},
        Row{"CopyEnvByName",
            {{"Dockerfile", "FROM node\nCOPY ./.env ./\n"}, {".env", "DB_PASSWORD={{password}}\n"}},
            "CFG-DOCKER-COPY-ENV warning Dockerfile:2 ./.env\n"},
        Row{"CopyAll",
            {{"Dockerfile", "FROM node\nCOPY . .\n"}, {"deploy/id_rsa", "x"}, {"a.txt", "b"}},
            "CFG-DOCKER-COPYALL warning Dockerfile:2 deploy/id_rsa\n"},
        Row{"CopyAllIgnored",
            {{"Dockerfile", "FROM node\nCOPY . .\n"}, {"deploy/id_rsa", "x"}, {".dockerignore", "deploy\n"}},
            ""},
        Row{"CopyAllOtherContext", {{"docker/Dockerfile", "FROM node\nCOPY . .\n"}, {"docker/id_rsa", "x"}}, ""},
        Row{"Root", docker("FROM node\nUSER node\nUSER root\n"), "CFG-DOCKER-ROOT warning Dockerfile:3 USER\n"},
        Row{"RootForABit", docker("FROM node\nUSER root\nRUN x\nUSER node\n"), ""}),
    row_name);

INSTANTIATE_TEST_SUITE_P(
    Compose, Containers,
    ::testing::Values(
        Row{"Literals",
            compose("  web:\n    environment:\n      STRIPE: {{stripe}}\n      A: ${A:?}\n  job:\n    environment:\n   "
                    "   - GH={{github}}\n      - B\n"),
            "CFG-COMPOSE error compose.yaml:4 STRIPE\nCFG-COMPOSE error compose.yaml:8 GH\n"},
        Row{"Open",
            compose("  db:\n    image: postgres:16\n    ports: ['5432:5432']\n    environment: {POSTGRES_PASSWORD: "
                    "{{user}}}\n  web: {build: .}\n"),
            "CFG-COMPOSE-OPEN error compose.yaml:4 db\n"},
        Row{"OpenByDefault",
            compose("  db:\n    image: bitnami/postgresql\n    ports: ['${DB_PORT:-5432}:5432']\n    environment: "
                    "{POSTGRESQL_PASSWORD: '${DB_PASSWORD:-{{user}}}'}\n  web: {image: acme/web}\n"),
            "CFG-COMPOSE-OPEN warning compose.yaml:4 db\n"},
        Row{"OpenDefaultIsRandom",
            compose("  db:\n    image: postgres\n    ports: ['5432:5432']\n    environment: {POSTGRES_PASSWORD: "
                    "'${DB_PASSWORD:-{{password}}}'}\n  web: {build: .}\n"),
            ""},
        Row{"OpenBesideNothing",
            compose("  db:\n    image: postgres:16\n    ports: ['5432:5432']\n    environment: {POSTGRES_PASSWORD: "
                    "{{user}}}\n  mail: {image: 'axllent/mailpit:latest', ports: ['8025:8025']}\n"),
            "CFG-COMPOSE-OPEN warning compose.yaml:4 db\n"},
        Row{"OpenSaysDevelopment",
            {{"compose.yaml",
              "# For local development only.\n\nservices:\n  db:\n    image: mysql\n    ports: ['3306:3306']\n    "
              "environment: {MYSQL_ALLOW_EMPTY_PASSWORD: 1}\n  web: {build: .}\n"}},
            ""},
        Row{"OpenSaysDevelopmentElsewhere",
            {{"compose.yaml",
              "# To host it yourself.\n#\n# Profiles:\n# - app: the product\n# - dev: for development\nservices:\n  "
              "db:\n    "
              "image: mysql\n    ports: ['3306:3306']\n    environment: {MYSQL_ALLOW_EMPTY_PASSWORD: 1}\n  web: "
              "{build: .}\n"}},
            "CFG-COMPOSE-OPEN error compose.yaml:9 db\n"},
        Row{"OpenInSail",
            compose("  laravel.test:\n    build: {context: ./vendor/laravel/sail/runtimes/8.4}\n  redis:\n    image: "
                    "redis:alpine\n    ports: ['${FORWARD_REDIS_PORT:-6379}:6379']\n"),
            ""},
        Row{"Elasticsearch",
            compose("  e:\n    image: docker.elastic.co/elasticsearch/elasticsearch:8.1\n    ports: "
                    "['9200:9200']\n    environment: [xpack.security.enabled=false]\n  web: {build: .}\n"),
            "CFG-COMPOSE-OPEN error compose.yaml:4 e\n"},
        Row{"OpenLong",
            compose("  db:\n    image: postgres\n    ports: [{target: 5432, published: 5432}]\n    environment: "
                    "[POSTGRES_HOST_AUTH_METHOD=trust]\n  web: {build: .}\n"),
            "CFG-COMPOSE-OPEN error compose.yaml:4 db\n"},
        Row{"OpenLocal",
            compose("  db:\n    image: postgres\n    ports: ['127.0.0.1:5432:5432']\n    environment: "
                    "{POSTGRES_PASSWORD: {{user}}}\n"),
            ""},
        Row{"OpenReference",
            compose("  db:\n    image: postgres\n    ports: ['5432:5432']\n    environment: {POSTGRES_PASSWORD: "
                    "'${PASSWORD}'}\n"),
            ""},
        Row{"NotPublished",
            compose(
                "  db:\n    image: postgres\n    expose: ['5432']\n    environment: {POSTGRES_PASSWORD: {{user}}}\n"),
            ""},
        Row{"OpenInDevelopment",
            {{"docker-compose.dev.yml",
              "services:\n  db:\n    image: postgres\n    ports: ['5432:5432']\n    environment: {POSTGRES_PASSWORD: "
              "{{user}}}\n"}},
            ""},
        Row{"Redis", compose("  r:\n    image: redis:7\n    ports: ['6379:6379']\n  web: {build: .}\n"),
            "CFG-COMPOSE-OPEN error compose.yaml:4 r\n"},
        Row{"RedisWithADefaultPassword",
            compose(
                "  r:\n    image: redis:7\n    command: --requirepass ${REDIS_AUTH:-{{user}}} --save ''\n    ports: "
                "['6379:6379']\n  web: {build: .}\n"),
            "CFG-COMPOSE-OPEN warning compose.yaml:5 r\n"},
        Row{"RedisWithALiteralPassword",
            compose("  r:\n    image: redis:7\n    command: [redis-server, --requirepass, {{password}}]\n    ports: "
                    "['6379:6379']\n  web: {build: .}\n"),
            ""},
        Row{"MinioOnAnotherPort",
            compose("  s3:\n    image: minio/minio\n    ports: ['9002:9002', '9001:9001']\n    environment: "
                    "{MINIO_ROOT_PASSWORD: myminiopassword}\n    command: server /data --address \":9002\" "
                    "--console-address \":9001\"\n  web: {build: .}\n"),
            "CFG-COMPOSE-OPEN error compose.yaml:4 s3\n"},
        Row{"OpenOfAnotherName",
            {{"docker/services-compose.yml",
              "services:\n  db:\n    image: postgres\n    ports: ['5432:5432']\n    environment: {POSTGRES_PASSWORD: "
              "{{user}}}\n"}},
            "CFG-COMPOSE-OPEN warning docker/services-compose.yml:4 db\n"},
        Row{"RedisWithPassword",
            compose(
                "  r:\n    image: redis:7\n    command: redis-server --requirepass ${P}\n    ports: ['6379:6379']\n"),
            ""},
        Row{"Privileged",
            compose("  a:\n    image: x\n    privileged: true\n    volumes: "
                    "['/var/run/docker.sock:/var/run/docker.sock:ro', './a:/b']\n"),
            "CFG-COMPOSE-ROOT warning compose.yaml:4 a\nCFG-COMPOSE-ROOT warning compose.yaml:5 a\n"},
        Row{"SocketOfAFilter",
            compose("  p:\n    image: tecnativa/docker-socket-proxy:latest\n    volumes: "
                    "['/var/run/docker.sock:/var/run/docker.sock:ro']\n"),
            ""},
        Row{"LocalDatabaseUrl",
            compose("  a:\n    environment:\n      DATABASE_URL: postgres://app:{{password}}@db:5432/app\n"), ""}),
    row_name);

INSTANTIATE_TEST_SUITE_P(
    Actions, Containers,
    ::testing::Values(
        Row{"Literal", workflow("on: push\nenv:\n  GH: {{github}}\n  PASSWORD: postgres\njobs: {}\n"),
            "CFG-GHA-SECRET error .github/workflows/ci.yml:3 GH\n"},
        Row{"Echo", workflow("on: push\njobs:\n  a:\n    steps:\n      - run: |\n          echo ${{ secrets.KEY }}\n"),
            "CFG-GHA-ECHO warning .github/workflows/ci.yml:5 secrets.KEY\n"},
        Row{"EchoToAFile",
            workflow("on: push\njobs:\n  a:\n    steps:\n      - run: echo \"${{ secrets.KEY }}\" > key.pem\n      - "
                     "run: echo ${{ secrets.KEY }} | docker login\n      - run: curl -H ${{ secrets.KEY }} x\n"),
            ""},
        Row{"EchoOfAGroupToAFile",
            workflow(
                "on: push\njobs:\n  a:\n    steps:\n      - run: |\n          {\n            echo \"A=${{ secrets.KEY "
                "}}\"\n            echo \"B=1\"\n          } >> .env\n"),
            ""},
        Row{"EchoOfAGroup",
            workflow(
                "on: push\njobs:\n  a:\n    steps:\n      - run: |\n          {\n            echo \"A=${{ secrets.KEY "
                "}}\"\n          }\n          { \n            echo b\n          } >> .env\n"),
            "CFG-GHA-ECHO warning .github/workflows/ci.yml:5 secrets.KEY\n"},
        Row{"Traced",
            workflow(
                "on: push\njobs:\n  a:\n    steps:\n      - env: {T: '${{ secrets.T }}'}\n        run: |\n          "
                "set "
                "-eux\n          curl -u \"$T\" x\n      - run: |\n          set -x\n          f ${{ secrets.K }}\n"),
            "CFG-GHA-ECHO warning .github/workflows/ci.yml:6 set -eux\nCFG-GHA-ECHO warning "
            ".github/workflows/ci.yml:9 set -x\n"},
        Row{"TracedNear",
            workflow(
                "on: push\njobs:\n  a:\n    steps:\n      - env: {T: '${{ secrets.T }}'}\n        run: |\n          "
                "set "
                "-x\n          make\n      - run: |\n          set -x\n          make\n          set +x\n          f "
                "${{ secrets.K }}\n      - run: |\n          set -e\n          f ${{ secrets.K }}\n"),
            ""},
        Row{"AllSecrets", workflow("on: push\njobs:\n  a:\n    steps:\n      - run: x '${{ toJSON(secrets) }}'\n"),
            "CFG-GHA-ECHO warning .github/workflows/ci.yml:5 toJSON(secrets)\n"},
        Row{"PullRequestTarget",
            workflow("on: pull_request_target\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n        "
                     "with: {ref: '${{ github.event.pull_request.head.sha }}'}\n      - run: npm ci\n"),
            "CFG-GHA-PRT error .github/workflows/ci.yml:5 a\n"},
        Row{"PullRequestTargetGuarded",
            workflow("on: [pull_request_target]\njobs:\n  a:\n    if: github.repository == 'x'\n    steps:\n      - "
                     "uses: actions/checkout@v4\n        with: {ref: '${{ github.event.pull_request.head.sha }}'}\n    "
                     "  - run: make\n"),
            "CFG-GHA-PRT warning .github/workflows/ci.yml:6 a\n"},
        Row{"PullRequestTargetOwnCode",
            workflow("on: pull_request_target\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n      - "
                     "run: npm ci\n"),
            ""},
        Row{"PullRequestTargetNoCode",
            workflow("on: pull_request_target\njobs:\n  a:\n    steps:\n      - uses: actions/labeler@v5\n"), ""},
        Row{"PlainPullRequest",
            workflow("on: pull_request\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n        with: "
                     "{ref: '${{ github.head_ref }}'}\n      - run: npm ci\n"),
            ""},
        Row{"Injection",
            workflow("on: {issues: {types: [opened]}}\njobs:\n  a:\n    steps:\n      - run: echo '${{ "
                     "github.event.issue.title }}'\n"),
            "CFG-GHA-INJECTION error .github/workflows/ci.yml:5 github.event.issue.title\n"},
        Row{"InjectionInScript",
            workflow("on: issue_comment\njobs:\n  a:\n    steps:\n      - uses: actions/github-script@v7\n        "
                     "with:\n          script: x(`${{ github.event.comment.body }}`)\n"),
            "CFG-GHA-INJECTION error .github/workflows/ci.yml:7 github.event.comment.body\n"},
        Row{"InjectionNear",
            workflow("on: issues\njobs:\n  a:\n    steps:\n      - env: {T: '${{ github.event.issue.title }}'}\n       "
                     " run: echo \"$T\" ${{ github.event.issue.number }}\n"),
            ""}),
    row_name);

INSTANTIATE_TEST_SUITE_P(
    Kubernetes, Containers,
    ::testing::Values(
        Row{"Data",
            k8s("apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata:\n  user: YWRtaW4=\nstringData:\n  key: "
                "{{stripe}}\n"),
            "CFG-K8S-SECRET error k8s/app.yaml:7 key\n"},
        Row{"Env",
            k8s("apiVersion: apps/v1\nkind: Deployment\nspec: {template: {spec: {containers: [{env: [{name: GH, value: "
                "{{github}}}, {name: X, valueFrom: {secretKeyRef: {name: a, key: b}}}]}]}}}\n"),
            "CFG-K8S-SECRET error k8s/app.yaml:3 GH\n"},
        Row{"SecondDocument",
            k8s("apiVersion: v1\nkind: Service\n---\napiVersion: v1\nkind: ConfigMap\ndata:\n  a: b\n  key: "
                "{{github}}\n"),
            "CFG-K8S-SECRET error k8s/app.yaml:8 key\n"},
        Row{"ClusterOfADeveloper",
            {{"dev/k8s/a.yaml",
              "apiVersion: v1\nkind: Secret\nstringData:\n  api_token: {{random}}\n  gh: {{github}}\n"}},
            "CFG-K8S-SECRET warning dev/k8s/a.yaml:5 gh\n"},
        Row{"Sops", k8s("apiVersion: v1\nkind: Secret\nstringData:\n  key: ENC[AES256_GCM,data:abc]\nsops: {}\n"), ""},
        Row{"Sealed",
            k8s("apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nspec: {encryptedData: {key: AgBy3i4OJSWK}}\n"),
            ""},
        Row{"Helm", k8s("apiVersion: v1\nkind: Secret\ndata:\n  key: {{ .Values.key | b64enc }}\n{{- if x }}\n"), ""}),
    row_name);

TEST(Containers, KubernetesDataIsDecoded) {
  const std::string token = test::with_tokens("{{github}}");
  std::string encoded;  // by hand: the same alphabet as everybody's
  const char* alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < token.size(); i += 3) {
    unsigned bits = 0;
    for (std::size_t j = 0; j < 3; ++j)
      bits = bits << 8 | (i + j < token.size() ? static_cast<unsigned char>(token[i + j]) : 0u);
    for (int j = 3; j >= 0; --j)
      encoded += i + static_cast<std::size_t>(3 - j) > token.size() ? '=' : alphabet[bits >> (6 * j) & 63];
  }
  EXPECT_EQ(test::said(k8s("apiVersion: v1\nkind: Secret\ndata:\n  key: " + encoded + "\n")),
            "CFG-K8S-SECRET error k8s/app.yaml:4 key\n");
}

}  // namespace
}  // namespace tightship::config
