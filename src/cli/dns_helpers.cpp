#include "cli/dns_helpers.h"

#include <utility>

#include "detect/check.h"
#include "detect/detector.h"
#include "net/http_client.h"
#include "net/mta_sts.h"

namespace tightship::cli {

std::string domain_of(const std::string& canonical) {
  std::string host = canonical.substr(canonical.find("://") + 3);
  host = host.substr(0, host.find_first_of(":/"));
  return host.starts_with("www.") ? host.substr(4) : host;
}

std::vector<net::TextSecret> secrets_in(scan::ContentScanner& scanner, std::string_view text) {
  std::vector<net::TextSecret> secrets;
  for (const scan::Hit& hit : scanner.scan(as_bytes(text), {})) {
    const detect::Rule& rule = detect::RuleSet::builtin().rules()[hit.rule];
    const auto severity = detect::explain(rule, hit.secret, hit.match).severity.value_or(rule.severity);
    if (severity < detect::Severity::Warning) continue;
    secrets.push_back({std::string(rule.title), readiness::value_id(hit.secret), severity});
  }
  return secrets;
}

net::FetchedText fetch_text(const std::vector<std::string>& resolve, const std::string& ca_file,
                            const std::string& url) {
  net::HttpOptions options;
  options.resolve = resolve;
  options.ca_file = ca_file;
  net::FetchedText fetched;
  auto client = net::HttpClient::open(options);
  if (!client) {
    fetched.problem = client.error().what;
    return fetched;
  }
  net::HttpRequest request;
  request.url = url;
  request.max_body = net::kMaxMtaStsPolicy;
  net::HttpResponse answer = client->send(request);
  fetched.reached = answer.ok();
  fetched.status = answer.status;
  fetched.body = std::move(answer.body);
  fetched.problem = std::move(answer.failure_text);
  return fetched;
}

}  // namespace tightship::cli
