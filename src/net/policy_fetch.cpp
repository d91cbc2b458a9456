#include "net/policy_fetch.h"

#include <utility>

#include "detect/text_class.h"
#include "net/mta_sts.h"
#include "net/tag_list.h"

namespace tightship::net {
namespace {

std::string media_type_of(const HttpResponse& response) {
  const std::string* type = header(response, "content-type");
  if (type == nullptr) return {};
  return detect::lowered(trimmed(std::string_view(*type).substr(0, type->find(';'))));
}

}  // namespace

FetchedText fetch_policy(const HttpOptions& options, const std::string& url) {
  FetchedText fetched;
  auto client = HttpClient::open(options);
  if (!client) {
    fetched.problem = client.error().what;
    return fetched;
  }
  HttpRequest request;
  request.url = url;
  request.max_body = kMaxMtaStsPolicy;
  HttpResponse answer = client->send(request);
  fetched.reached = answer.ok();
  fetched.cut = answer.body_cut;
  fetched.status = answer.status;
  fetched.media_type = media_type_of(answer);
  fetched.body = std::move(answer.body);
  fetched.problem = std::move(answer.failure_text);
  return fetched;
}

}  // namespace tightship::net
