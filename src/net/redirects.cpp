#include "net/redirects.h"

#include <algorithm>

namespace tightship::net {
namespace {

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

HttpResponse send(HttpClient& client, const Url& url, std::chrono::milliseconds timeout, std::size_t max_body,
                  bool verify) {
  HttpRequest request;
  request.url = url.text;
  request.timeout = timeout;
  request.max_body = max_body;
  request.verify = verify;
  return client.send(request);
}

Hop ask(HttpClient& client, const Url& url, std::chrono::milliseconds timeout, std::size_t max_body) {
  Hop hop;
  hop.url = url;
  hop.response = send(client, url, timeout, max_body, true);
  if (hop.response.failure == HttpFailure::Certificate) {
    hop.certificate_bad = true;
    hop.certificate_text = hop.response.failure_text;
    hop.response = send(client, url, timeout, max_body, false);
  }
  return hop;
}

// Decides how the start ends, or gives the next URL.
Result<Url> next(Hop& hop, const IsOwnHost& is_own, StartEnd& end) {
  end = StartEnd::Answer;
  if (!hop.response.ok()) end = StartEnd::Failed;
  if (end == StartEnd::Failed || !is_redirect(hop.response.status)) return fail(ErrorKind::NotFound, "the end");
  const std::string* location = header(hop.response, "location");
  auto url = location == nullptr || location->empty() ? Result<Url>(fail(ErrorKind::NotFound, "no Location"))
                                                      : resolve_url(hop.url, *location);
  if (!url) {
    end = StartEnd::NoTarget;
    return url;
  }
  hop.to = url->text;
  if (!url->is_http())
    end = StartEnd::OtherScheme;
  else if (!is_own(url->host))
    end = StartEnd::ForeignHost;
  if (end != StartEnd::Answer) return fail(ErrorKind::NotFound, "not followed");
  return url;
}

}  // namespace

Start follow(HttpClient& client, const Url& first, const IsOwnHost& is_own, std::chrono::milliseconds timeout,
             std::size_t max_body) {
  using Clock = std::chrono::steady_clock;
  const auto deadline = Clock::now() + kStartLimit;
  Start start;
  start.url = first.text;
  for (Url url = first;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    start.hops.push_back(
        ask(client, url,
            std::clamp(timeout, std::chrono::milliseconds(1), std::max(left, std::chrono::milliseconds(1))), max_body));
    Hop& hop = start.hops.back();
    auto to = next(hop, is_own, start.end);
    if (!to) return start;
    hop.response.body.clear();
    // A page that sets a cookie and asks for itself again is no loop, unless it does so twice.
    const auto same = [&](const Hop& known) { return known.url.text == to->text; };
    const auto times = std::count_if(start.hops.begin(), start.hops.end(), same);
    if (times > (header(hop.response, "set-cookie") != nullptr ? 1 : 0)) {
      start.end = StartEnd::Loop;
      return start;
    }
    if (start.hops.size() >= kMaxHops) {
      start.end = StartEnd::TooMany;
      return start;
    }
    url = std::move(*to);
  }
}

std::string_view unclaimed_at(const HttpResponse& response) {
  struct Page {
    std::string_view text, service, header;  // an empty header: the text alone tells
  };
  // What the services say of a name that they do not know (can-i-take-over-xyz, fingerprints.json): those whose text
  // nobody else's page has, and where a stranger may make a site of that name.
  static constexpr Page kPages[] = {
      {"There isn't a GitHub Pages site here.", "GitHub Pages", ""},
      {"The specified bucket does not exist", "Amazon S3", "x-amz-request-id"},
      {"herokucdn.com/error-pages/no-such-app.html", "Heroku", ""},
      {"Not Found - Request ID:", "Netlify", "x-nf-request-id"},
      {"DEPLOYMENT_NOT_FOUND", "Vercel", "x-vercel-error"},
      {"Whatever you were looking for doesn't currently exist at this address", "Tumblr", ""},
      {"The creators of this project are still working on making everything perfect!", "ReadMe", ""},
      {"No settings were found for this company:", "Help Scout", ""},
      {"404 error unknown site!", "Pantheon", ""},
      {"is not a registered InCloud YouTrack", "YouTrack", ""},
      {"The URL you've accessed does not provide a hub.", "Uberflip", ""},
      {"Failed to resolve DNS path for this host", "Ghost", ""},
      {"Looks Like This Domain Isn't Connected To A Website Yet!", "Wix", ""},
  };
  if (response.status < 400) return {};
  for (const Page& page : kPages) {
    const bool marked = page.header.empty() || header(response, page.header) != nullptr;
    if (marked && response.body.find(page.text) != std::string::npos) return page.service;
  }
  return {};
}

std::string proxy_of(const HttpResponse& response) {
  struct Mark {
    std::string_view header, value, name;  // an empty value: the header alone tells
  };
  static constexpr Mark kMarks[] = {
      {"cf-ray", "", "Cloudflare"},
      {"x-vercel-id", "", "Vercel"},
      {"x-nf-request-id", "", "Netlify"},
      {"fly-request-id", "", "Fly.io"},
      {"x-amz-cf-id", "", "CloudFront"},
      {"x-render-origin-server", "", "Render"},
      {"x-github-request-id", "", "GitHub Pages"},
      {"x-railway-request-id", "", "Railway"},
      {"x-fastly-request-id", "", "Fastly"},
      {"x-served-by", "cache-", "Fastly"},
      {"via", "heroku", "Heroku"},
      {"server", "cloudflare", "Cloudflare"},
      {"server", "Vercel", "Vercel"},
      {"server", "AkamaiGHost", "Akamai"},
      {"server", "BunnyCDN", "Bunny"},
  };
  for (const Mark& mark : kMarks) {
    const std::string* value = header(response, mark.header);
    if (value != nullptr && value->find(mark.value) != std::string::npos) return std::string(mark.name);
  }
  return {};
}

}  // namespace tightship::net
