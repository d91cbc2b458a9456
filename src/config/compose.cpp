// Docker Compose.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "config/checks.h"
#include "detect/text_class.h"
#include "lint/yaml.h"

namespace tightship::config {
namespace {

// A mapping, or a list of "NAME=value". Of the list the node is the whole item.
struct Variable {
  std::string name, value;
  At at;
};

std::vector<Variable> variables_of(const lint::Node& service) {
  std::vector<Variable> found;
  const lint::Node* environment = service.find("environment");
  if (environment == nullptr) return found;
  for (const lint::Member& one : environment->members) {
    if (one.value.is_scalar()) found.push_back({one.key, one.value.text, one.value.at});
  }
  for (const lint::Node& one : environment->items) {
    const std::size_t equals = one.text.find('=');
    if (equals != std::string::npos) found.push_back({one.text.substr(0, equals), one.text.substr(equals + 1), one.at});
  }
  return found;
}

// A database or broker, the port it listens on, and the variables that protect it.
struct Service {
  std::string_view image, port, name;
  std::array<std::string_view, 3> passwords;
  bool open_without = false;  // no password is set unless one is given
};
constexpr std::array<Service, 22> kServices = {{
    {"postgres", "5432", "Postgres", {"POSTGRES_PASSWORD"}, false},
    {"postgis", "5432", "Postgres", {"POSTGRES_PASSWORD"}, false},
    {"timescaledb", "5432", "Postgres", {"POSTGRES_PASSWORD"}, false},
    {"pgvector", "5432", "Postgres", {"POSTGRES_PASSWORD"}, false},
    {"mysql", "3306", "MySQL", {"MYSQL_ROOT_PASSWORD", "MYSQL_PASSWORD"}, false},
    {"mariadb", "3306", "MariaDB", {"MARIADB_ROOT_PASSWORD", "MYSQL_ROOT_PASSWORD"}, false},
    {"mongo", "27017", "MongoDB", {"MONGO_INITDB_ROOT_PASSWORD"}, true},
    {"redis", "6379", "Redis", {"REDIS_PASSWORD"}, true},
    {"valkey", "6379", "Valkey", {"VALKEY_PASSWORD"}, true},
    {"rabbitmq", "5672", "RabbitMQ", {"RABBITMQ_DEFAULT_PASS"}, false},
    {"minio", "9000", "MinIO", {"MINIO_ROOT_PASSWORD", "MINIO_SECRET_KEY"}, false},
    {"postgresql", "5432", "Postgres", {"POSTGRESQL_PASSWORD", "POSTGRES_PASSWORD"}, false},
    {"percona", "3306", "MySQL", {"MYSQL_ROOT_PASSWORD"}, false},
    {"mongodb", "27017", "MongoDB", {"MONGODB_ROOT_PASSWORD", "MONGO_INITDB_ROOT_PASSWORD"}, true},
    {"redis-stack", "6379", "Redis", {"REDIS_PASSWORD"}, true},
    {"redis-stack-server", "6379", "Redis", {"REDIS_PASSWORD"}, true},
    {"keydb", "6379", "KeyDB", {"KEYDB_PASSWORD"}, true},
    {"dragonfly", "6379", "Dragonfly", {"DFLY_requirepass"}, true},
    {"memcached", "11211", "Memcached", {"MEMCACHED_PASSWORD"}, true},
    {"clickhouse-server", "8123", "ClickHouse", {"CLICKHOUSE_PASSWORD"}, false},
    {"elasticsearch", "9200", "Elasticsearch", {"ELASTIC_PASSWORD"}, false},
    {"opensearch", "9200", "OpenSearch", {"OPENSEARCH_INITIAL_ADMIN_PASSWORD"}, false},
}};

// Images that people start beside a product while they work on it. A file with nothing else in it starts no product.
constexpr std::array<std::string_view, 40> kHelpers = {"mailhog",
                                                       "mailpit",
                                                       "maildev",
                                                       "inbucket",
                                                       "adminer",
                                                       "phpmyadmin",
                                                       "pgadmin4",
                                                       "mongo-express",
                                                       "redisinsight",
                                                       "redis-commander",
                                                       "localstack",
                                                       "ps-http-sim",
                                                       "mc",
                                                       "azurite",
                                                       "dynamodb-local",
                                                       "fake-gcs-server",
                                                       "stripe-cli",
                                                       "serverless-redis-http",
                                                       "kibana",
                                                       "zookeeper",
                                                       "cp-zookeeper",
                                                       "kafka",
                                                       "cp-kafka",
                                                       "redpanda",
                                                       "jaeger",
                                                       "all-in-one",
                                                       "prometheus",
                                                       "grafana",
                                                       "nats",
                                                       "meilisearch",
                                                       "typesense",
                                                       "qdrant",
                                                       "gotenberg",
                                                       "mock-oauth2-server",
                                                       "smtp4dev",
                                                       "neon-proxy",
                                                       "local-neon-http-proxy",
                                                       "firebase-emulator",
                                                       "opentelemetry-collector",
                                                       "otel-lgtm"};

std::string image_name(const std::string& image) {
  std::string name = image.substr(0, image.find('@'));
  name = name.substr(name.rfind('/') + 1);
  return name.substr(0, name.find(':'));
}

// What stands there when nobody sets the variable of ${NAME:-default}; of other references nothing.
struct Resolved {
  std::string text;
  bool by_default = false;
};
std::optional<Resolved> resolved(const std::string& value) {
  if (!value.starts_with("${") || !value.ends_with('}'))
    return lint::is_reference_value(value) ? std::nullopt : std::optional(Resolved{value, false});
  std::size_t end = 2;
  while (end < value.size() && (detect::is_alphanumeric(value[end]) || value[end] == '_')) ++end;
  if (value[end] == ':') ++end;
  if (value[end] != '-' || value.find("${", end) != std::string::npos) return std::nullopt;
  return Resolved{value.substr(end + 1, value.size() - end - 2), true};
}

const Service* service_of(const std::string& image) {
  const std::string name = image_name(image);
  for (const Service& one : kServices) {
    if (name == one.image) return &one;
  }
  return nullptr;
}

// The port of the host when the container's `port` is published on every interface; else empty.
std::string published(const lint::Node& service, std::string_view port, At& at) {
  const lint::Node* ports = service.find("ports");
  if (ports == nullptr) return {};
  for (const lint::Node& one : ports->items) {
    at = one.at;
    if (one.is_map()) {
      const std::string host = one.text_of("host_ip");
      if (one.text_of("target") == port && (host.empty() || host == "0.0.0.0")) {
        const std::string out = one.text_of("published");
        if (!out.empty()) return out;
      }
      continue;
    }
    std::string text = one.text.substr(0, one.text.find('/'));
    const std::size_t inner = text.rfind(':');
    if (inner == std::string::npos || text.substr(inner + 1) != port) continue;
    text = text.substr(0, inner);
    if (const auto plain = resolved(text)) text = plain->text;
    // What is left is a port, or an address and a port. A variable may be both: nothing is said of it.
    if (text.rfind("0.0.0.0:", 0) == 0) text = text.substr(8);
    const bool number = !text.empty() && std::all_of(text.begin(), text.end(), detect::is_digit);
    if (number) return text;
  }
  return {};
}

bool is_default_password(const std::string& value, const std::string& user) {
  constexpr std::string_view kWords[] = {
      "postgres", "password", "root",        "admin",    "example",     "secret",   "changeme",        "mysql",
      "guest",    "minio",    "minioadmin",  "test",     "pass",        "1234",     "123456",          "mariadb",
      "minio123", "toor",     "miniosecret", "admin123", "password123", "rootroot", "redis",           "mongo",
      "mongodb",  "rabbitmq", "clickhouse",  "dev",      "local",       "docker",   "mysecretpassword"};
  const std::string lower = detect::lowered(value);
  if (lower.empty() || lower == detect::lowered(user)) return true;
  // "myrootpassword", "miniosecret"
  const bool letters = detect::all(lower, [](char c) { return detect::is_lower(c) || c == '_' || c == '-'; });
  if (letters && (detect::contains(lower, "password") || detect::contains(lower, "secret"))) return true;
  return std::find(std::begin(kWords), std::end(kWords), lower) != std::end(kWords) ||
         lint::is_placeholder_value(value);
}

// Laravel Sail runs a developer's machine; others say it in the first lines.
bool says_development(std::string_view text) {
  constexpr std::size_t kLines = 3;
  if (detect::contains(text, "laravel/sail")) return true;
  std::string comment;
  for (std::size_t i = 0; i < kLines && !text.empty() && text.front() == '#'; ++i) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    comment += detect::lowered(text.substr(0, end)) + ' ';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return detect::contains(comment, "local development") || detect::contains(comment, "development only") ||
         detect::contains(comment, "local dev ") || detect::contains(comment, "local-dev") ||
         detect::contains(comment, "for development");
}

// The words of a command, written as a text or as a list.
std::string command_of(const lint::Node& service) {
  const lint::Node* command = service.find("command");
  if (command == nullptr) return {};
  std::string text = command->text;
  for (const lint::Node& word : command->items) text += " " + word.text;
  return text;
}

// What follows `flag` in a command, without quotes: "9002" of --address ":9002".
std::string argument_of(const std::string& command, std::string_view flag) {
  const std::size_t at = command.find(flag);
  if (at == std::string::npos) return {};
  const std::size_t begin = command.find_first_not_of(" =\"'", at + flag.size());
  if (begin == std::string::npos) return {};
  return command.substr(begin, command.find_first_of(" \"'", begin) - begin);
}

// The port that the service listens on: MinIO is told another one by its command.
std::string port_of(const Service& known, const lint::Node& service) {
  const std::string address = known.name == "MinIO" ? argument_of(command_of(service), "--address") : std::string();
  const std::size_t colon = address.rfind(':');
  return colon == std::string::npos ? std::string(known.port) : address.substr(colon + 1);
}

class Check {
 public:
  Check(Context& context, const File& file) : context_(context), file_(file) {
    // What is meant for a developer's machine is not what goes live.
    development_ = is_development_path(file.path) || says_development(file.text);
  }

  void run(const lint::Node& root) {
    const lint::Node* services = root.find("services");
    if (services == nullptr || !services->is_map()) return;
    helpers_only_ = std::all_of(services->members.begin(), services->members.end(),
                                [](const lint::Member& one) { return is_helper(one.value); });
    for (const lint::Member& one : services->members) {
      if (one.value.is_map()) service(one.key, one.value);
    }
  }

 private:
  static bool is_helper(const lint::Node& node) {
    if (!node.is_map() || node.find("build") != nullptr) return false;
    const std::string image = node.text_of("image");
    const bool helper = std::find(kHelpers.begin(), kHelpers.end(), image_name(image)) != kHelpers.end();
    return helper || service_of(image) != nullptr;
  }

  File as_seen() const {
    File file = file_;
    file.sample = file.sample || development_;
    return file;
  }

  void service(const std::string& name, const lint::Node& node) {
    const std::vector<Variable> variables = variables_of(node);
    const LiteralPlace place{"CFG-COMPOSE", fmt::format("service {} of {}", name, file_.name()),
                             "write ${NAME:?} instead and set it in an ignored .env beside the file, or use "
                             "secrets:; then replace the key"};
    for (const Variable& one : variables) {
      // A default is known to everyone; it matters where the service can be reached, which database() tells.
      File seen = as_seen();
      seen.sample = seen.sample || is_default_password(one.value, user_of(variables));
      context_.literal(seen, place, one.name, one.value, one.at);
    }
    database(name, node, variables);
    rights(name, node);
  }

  static std::string user_of(const std::vector<Variable>& variables) {
    for (const Variable& one : variables) {
      if (detect::contains(one.name, "USER")) return one.value;
    }
    return {};
  }

  void database(const std::string& name, const lint::Node& node, const std::vector<Variable>& variables) {
    const Service* known = service_of(node.text_of("image"));
    At at;
    if (known == nullptr) return;
    const std::string inner = port_of(*known, node), port = published(node, inner, at);
    if (port.empty()) return;
    bool by_default = false;
    const std::string why = weakness(*known, node, variables, by_default);
    if (why.empty()) return;
    Problem it = context_.problem(file_, at, "CFG-COMPOSE-OPEN", by_default ? Severity::Warning : Severity::Error,
                                  RiskClass::LaunchBlocker);
    if (development_) it.severity = Severity::Note;
    it.exposure = Exposure::Web;
    it.title = fmt::format("{} is open to the network with {}", known->name, why);
    it.why = fmt::format("service {} publishes port {} on every interface; Docker does so past the host's firewall",
                         name, port);
    if (by_default) it.why += "; the password is the default of a variable, for whoever does not set it";
    if (helpers_only_ && !development_) {
      it.severity = Severity::Warning;
      it.risk_class = RiskClass::ScaleRisk;
      it.why += "; the file starts nothing but such services, so it may be for a developer's machine only";
    }
    it.breaks = "scanners find it within hours: the data is copied, deleted, held for ransom";
    it.fix = fmt::format(
        "take ports: out (other services reach it by its name), or publish it on this machine only: "
        "\"127.0.0.1:{}:{}\"",
        port, inner);
    it.minutes = 10;
    it.subject = name;
    context_.add(file_, std::move(it));
  }

  // "no password", "a default password", or nothing.
  static std::string weakness(const Service& known, const lint::Node& node, const std::vector<Variable>& variables,
                              bool& by_default) {
    const auto user = resolved(user_of(variables));
    bool given = false, weak = false;
    for (const Variable& one : variables) {
      const bool anyone = (one.name == "POSTGRES_HOST_AUTH_METHOD" && one.value == "trust") ||
                          one.name == "MYSQL_ALLOW_EMPTY_PASSWORD" || one.name == "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD" ||
                          one.name == "ALLOW_EMPTY_PASSWORD" ||
                          (one.name == "DISABLE_SECURITY_PLUGIN" && one.value == "true");
      if (anyone && one.value != "no" && one.value != "false" && one.value != "0") return "no password";
      if (one.name == "xpack.security.enabled" && one.value == "false") return "no password";
    }
    for (const Variable& one : variables) {
      const bool password =
          std::find(known.passwords.begin(), known.passwords.end(), one.name) != known.passwords.end();
      if (!password || one.name.empty()) continue;
      given = true;
      const auto value = resolved(one.value);
      if (!value || !is_default_password(value->text, user ? user->text : std::string())) continue;
      weak = true;
      by_default = value->by_default;
    }
    if (weak) return "a default password";
    if (given || !known.open_without || node.find("env_file") != nullptr) return {};
    const std::string text = command_of(node);
    if (const auto asked = resolved(argument_of(text, "requirepass")); asked && !asked->text.empty()) {
      by_default = asked->by_default;
      return is_default_password(asked->text, "") ? "a default password" : std::string();
    }
    const bool asks =
        detect::contains(text, "requirepass") || detect::contains(text, "--auth") || detect::contains(text, ".conf");
    // A mounted file may hold the password: of what cannot be seen nothing is said.
    return asks || has_configuration(node) ? std::string() : "no password";
  }

  static bool has_configuration(const lint::Node& node) {
    if (node.find("configs") != nullptr) return true;
    for (const std::string& volume : node.list_of("volumes")) {
      if (detect::contains(volume, ".conf")) return true;
    }
    return false;
  }

  void rights(const std::string& name, const lint::Node& node) {
    const lint::Node* privileged = node.find("privileged");
    if (privileged != nullptr && privileged->text == "true") {
      powerful(name, privileged->at, "privileged is true",
               "take privileged out, or name the one capability that is needed in cap_add");
    }
    const lint::Node* volumes = node.find("volumes");
    if (volumes == nullptr) return;
    for (const lint::Node& one : volumes->items) {
      const std::string source = one.is_map() ? one.text_of("source") : one.text.substr(0, one.text.find(':'));
      const bool filter = detect::contains(image_name(node.text_of("image")), "socket-proxy");  // that is its trade
      if (!filter && (source == "/var/run/docker.sock" || source == "/run/docker.sock")) {
        powerful(name, one.at, "it has the Docker socket",
                 "take the socket out, or put a filtering proxy (tecnativa/docker-socket-proxy) between");
      }
    }
  }

  void powerful(const std::string& name, At at, const std::string& why, const std::string& fix) {
    Problem it = context_.problem(file_, at, "CFG-COMPOSE-ROOT", Severity::Warning, RiskClass::ScaleRisk);
    it.title = fmt::format("Service {} can take over the whole host", name);
    it.why = why;
    it.breaks = "a hole in this one service opens the machine and every container on it";
    it.fix = fix;
    it.minutes = 30;
    it.subject = name;
    context_.add(as_seen(), std::move(it));
  }

  Context& context_;
  const File& file_;
  bool development_ = false;
  bool helpers_only_ = false;  // no service of the file is a product
};

}  // namespace

void check_compose(Context& context, const File& file) {
  const auto documents = lint::parse_yaml(file.text);
  if (!documents) return context.loss(file, documents.error());
  for (const lint::Node& root : *documents) Check(context, file).run(root);
}

}  // namespace tightship::config
