// nginx, Caddy, Apache.

#include <fmt/format.h>

#include <algorithm>

#include "config/checks.h"
#include "detect/text_class.h"
#include "lint/nginx.h"

namespace tightship::config {
namespace {

using lint::NginxDirective;

Problem web_problem(Context& context, const File& file, At at, std::string_view id, Severity severity, RiskClass risk,
                    std::string subject) {
  Problem made = context.problem(file, at, id, severity, risk);
  made.exposure = Exposure::Web;
  made.subject = std::move(subject);
  made.minutes = 10;
  return made;
}

void listing(Context& context, const File& file, At at, const std::string& what) {
  Problem it = web_problem(context, file, at, "CFG-WEB-LISTING", Severity::Warning, RiskClass::ScaleRisk, what);
  it.title = "Visitors can list the files of a folder";
  it.why = fmt::format("{} is on", what);
  it.breaks = "backups, uploads and drafts are found without knowing their names";
  it.fix = fmt::format("take {} out", what);
  context.add(file, std::move(it));
}

class Nginx {
 public:
  Nginx(Context& context, const File& file) : context_(context), file_(file) {}

  void run(const std::vector<NginxDirective>& all) {
    for (const NginxDirective& one : all) {
      if (one.name == "server" && one.block) server(one);
      look_at(one, all);
      run(one.children);
    }
  }

 private:
  void look_at(const NginxDirective& one, const std::vector<NginxDirective>& siblings) {
    if (one.name == "autoindex" && !one.arguments.empty() && one.arguments[0] == "on")
      listing(context_, file_, one.at, "autoindex");
    if (one.name == "location" && one.block) location(one);
    if (one.name == "ssl_protocols") protocols(one);
    if (one.name == "add_header" && one.arguments.size() >= 2) header(one, siblings);
  }

  // location /static { alias /srv/files/; }: /static../x is /srv/files/../x.
  void location(const NginxDirective& one) {
    const NginxDirective* alias = one.find("alias");
    if (alias == nullptr || alias->arguments.size() != 1) return;
    const bool prefix = one.arguments.size() == 1 || (one.arguments.size() == 2 && one.arguments[0] == "^~");
    if (!prefix || one.arguments.empty() || one.arguments.back().empty() || one.arguments.back()[0] != '/') return;
    const std::string& path = one.arguments.back();
    if (path.back() == '/' || alias->arguments[0].empty() || alias->arguments[0].back() != '/') return;
    Problem it =
        web_problem(context_, file_, one.at, "CFG-NGINX-ALIAS", Severity::Error, RiskClass::LaunchBlocker, path);
    it.title = fmt::format("Files beside {} can be downloaded", alias->arguments[0]);
    it.why = fmt::format("location {} has no / at its end and its alias has one: {}../ leaves the folder", path, path);
    it.breaks = "code and configuration in the folder above are served to everyone";
    it.fix = fmt::format("write location {}/ {{", path);
    context_.add(file_, std::move(it));
  }

  void protocols(const NginxDirective& one) {
    for (const std::string& version : one.arguments) {
      if (version != "TLSv1" && version != "TLSv1.1" && version != "SSLv3" && version != "SSLv2") continue;
      Problem it = web_problem(context_, file_, one.at, "CFG-NGINX-TLS", Severity::Warning, RiskClass::ScaleRisk,
                               "ssl_protocols");
      it.title = "The server accepts outdated encryption";
      it.why = fmt::format("ssl_protocols names {}", version);
      it.breaks = "audits and payment providers refuse it; connections can be weakened";
      it.fix = "write ssl_protocols TLSv1.2 TLSv1.3;";
      context_.add(file_, std::move(it));
      return;
    }
  }

  void header(const NginxDirective& one, const std::vector<NginxDirective>& siblings) {
    if (detect::lowered(one.arguments[0]) != "access-control-allow-origin") return;
    bool credentials = false;
    for (const NginxDirective& other : siblings) {
      credentials = credentials || (other.name == "add_header" && other.arguments.size() >= 2 &&
                                    detect::lowered(other.arguments[0]) == "access-control-allow-credentials" &&
                                    other.arguments[1] == "true");
    }
    if (!credentials) return;
    if (one.arguments[1] == "*")
      return check_header_rule(context_, file_,
                               {"this server",
                                {{"access-control-allow-origin", "*"}, {"access-control-allow-credentials", "true"}},
                                one.at});
    if (one.arguments[1] != "$http_origin") return;
    Problem it =
        web_problem(context_, file_, one.at, "CFG-CORS", Severity::Error, RiskClass::LaunchBlocker, "$http_origin");
    it.title = "Every website can act as your signed-in users";
    it.why = "Access-Control-Allow-Origin repeats whatever origin asks, with credentials allowed";
    it.breaks = "a page that a user visits reads and changes their data on your site";
    it.fix = "check the origin against a list (map $http_origin $cors_origin { ... }) and send that";
    it.minutes = 20;
    context_.add(file_, std::move(it));
  }

  // A root that is the project itself, without a rule for names that begin with a dot.
  void server(const NginxDirective& one) {
    const NginxDirective* root = one.find("root");
    if (root == nullptr || root->arguments.size() != 1) return;
    const std::string& path = root->arguments[0];
    constexpr std::string_view kApps[] = {"/app", "/usr/src/app", "/var/www/app", "/srv/app", "/code", "/workspace"};
    if (std::find(std::begin(kApps), std::end(kApps), path) == std::end(kApps)) return;
    for (const NginxDirective& child : one.children) {
      const bool dots = child.name == "location" && !child.arguments.empty() &&
                        detect::contains(child.arguments.back(), "\\.") &&
                        (child.find("deny") != nullptr || child.find("return") != nullptr);
      if (dots) return;
    }
    Problem it =
        web_problem(context_, file_, root->at, "CFG-NGINX-DOT", Severity::Warning, RiskClass::LaunchBlocker, path);
    it.title = "The web server serves the application's own folder";
    it.why = fmt::format("root is {} and nothing denies names that begin with a dot", path);
    it.breaks = "/.env and /.git are one request away";
    it.fix = "serve a folder of its own (public, dist), and add: location ~ /\\. { deny all; }";
    context_.add(file_, std::move(it));
  }

  Context& context_;
  const File& file_;
};

template <class F>
void for_lines(std::string_view text, F f) {
  std::uint32_t number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    at = end + 1;
    ++number;
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t')) line.remove_suffix(1);
    if (!line.empty() && line.front() != '#') f(line, number);
  }
}

}  // namespace

void check_nginx(Context& context, const File& file) {
  // Templates (ERB, Jinja, envsubst of whole lines) are no configuration yet.
  const bool server = detect::contains(file.text, "server") || detect::contains(file.text, "location") ||
                      detect::contains(file.text, "ssl_protocols");
  if (!server || detect::contains(file.text, "{{") || detect::contains(file.text, "<%") ||
      detect::contains(file.text, "{%"))
    return;
  const auto all = lint::parse_nginx(file.text);
  if (!all) return context.loss(file, all.error());
  Nginx(context, file).run(*all);
}

void check_caddyfile(Context& context, const File& file) {
  for_lines(file.text, [&](std::string_view line, std::uint32_t number) {
    if (line.rfind("file_server", 0) == 0 && detect::contains(line, "browse"))
      listing(context, file, {number, 1}, "file_server browse");
  });
}

void check_htaccess(Context& context, const File& file) {
  for_lines(file.text, [&](std::string_view line, std::uint32_t number) {
    const std::string lower = detect::lowered(line);
    if (lower.rfind("options", 0) != 0) return;
    const bool on = detect::contains(lower, "+indexes") ||
                    (detect::contains(lower, " indexes") && !detect::contains(lower, "-indexes"));
    if (on) listing(context, file, {number, 1}, "Options Indexes");
  });
}

}  // namespace tightship::config
