// Headers that a platform's file sets for all answers below a path: vercel.json, netlify.toml, _headers.

#include <fmt/format.h>

#include "config/checks.h"
#include "detect/text_class.h"

namespace tightship::config {
namespace {

std::string value_of(const HeaderRule& rule, std::string_view name) {
  for (const auto& [key, value] : rule.headers) {
    if (key == name) return detect::lowered(value);
  }
  return {};
}

void star_with_credentials(Context& context, const File& file, const HeaderRule& rule) {
  Problem problem = context.problem(file, rule.at, "CFG-CORS", Severity::Warning, RiskClass::ConversionBlocker);
  problem.exposure = Exposure::Web;
  problem.title = fmt::format("Requests with a login from other sites fail for {}", rule.path);
  problem.why =
      "Access-Control-Allow-Origin is * together with Access-Control-Allow-Credentials, which browsers "
      "refuse";
  problem.breaks =
      "a frontend on another host cannot send its cookies; the usual next step, echoing the origin, is a "
      "hole";
  problem.fix =
      "name the one origin of your frontend in Access-Control-Allow-Origin, or take the credentials header "
      "out";
  problem.minutes = 15;
  problem.subject = rule.path;
  context.add(file, std::move(problem));
}

void cached_api(Context& context, const File& file, const HeaderRule& rule, const std::string& cache) {
  Problem problem = context.problem(file, rule.at, "CFG-API-CACHE", Severity::Warning, RiskClass::LaunchBlocker);
  problem.exposure = Exposure::Web;
  problem.title = fmt::format("Answers of {} are kept in shared caches", rule.path);
  problem.why = fmt::format("Cache-Control is \"{}\" for the API", cache);
  problem.breaks = "an answer that was made for one user can be served to the next one";
  problem.fix = "set Cache-Control: private, no-store for the API, and cache single public routes only";
  problem.minutes = 10;
  problem.subject = rule.path;
  context.add(file, std::move(problem));
}

}  // namespace

void check_header_rule(Context& context, const File& file, const HeaderRule& rule) {
  const bool credentials = value_of(rule, "access-control-allow-credentials") == "true";
  if (value_of(rule, "access-control-allow-origin") == "*" && credentials) star_with_credentials(context, file, rule);
  const std::string cache = value_of(rule, "cache-control");
  const std::string cdn = value_of(rule, "cdn-cache-control");
  const bool api =
      rule.path.rfind("/api", 0) == 0 && (rule.path.size() == 4 || rule.path[4] == '/' || rule.path[4] == '(');
  const std::string rest = api ? rule.path.substr(4) : std::string();
  // Of the whole API only: that one route is cached can be meant.
  const bool whole = rest.empty() || rest.rfind("/*", 0) == 0 || rest.rfind("/(.*)", 0) == 0 ||
                     rest.rfind("/:path*", 0) == 0 || rest.rfind("(.*)", 0) == 0;
  const bool shared =
      detect::contains(cache, "public") || detect::contains(cache, "s-maxage") || detect::contains(cdn, "s-maxage");
  const bool none = detect::contains(cache, "s-maxage=0") || detect::contains(cache, "max-age=0") ||
                    detect::contains(cache, "no-store");
  if (api && whole && shared && !none) cached_api(context, file, rule, cache);
}

}  // namespace tightship::config
