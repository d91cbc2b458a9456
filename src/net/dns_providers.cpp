#include "net/dns_providers.h"

#include <algorithm>
#include <array>

#include "detect/text_class.h"
#include "net/tag_list.h"

namespace tightship::net {
namespace {

constexpr MailProvider kMailProviders[] = {
    {"google", "Google Workspace", "_spf.google.com", "", "google.com googlemail.com", "google"},
    {"microsoft", "Microsoft 365", "spf.protection.outlook.com", "", "mail.protection.outlook.com mx.microsoft",
     "selector1 selector2"},
    {"resend", "Resend", "amazonses.com", "send", "", "resend"},
    {"ses", "Amazon SES", "amazonses.com", "", "", ""},
    {"sendgrid", "SendGrid", "sendgrid.net", "", "", "s1 s2 smtpapi"},
    {"mailgun", "Mailgun", "mailgun.org", "", "mailgun.org", "k1 k2 mailo mta pic krs"},
    {"mailchimp", "Mailchimp", "servers.mcsv.net", "", "", "k1 k2 k3"},
    {"mandrill", "Mandrill", "spf.mandrillapp.com", "", "", "mandrill mte1 mte2"},
    {"postmark", "Postmark", "spf.mtasv.net", "", "", ""},
    {"zoho", "Zoho Mail", "zoho.com zoho.eu zohomail.com one.zoho.com", "", "zoho.com zoho.eu", "zoho zmail"},
    {"proton", "Proton Mail", "_spf.protonmail.ch", "", "protonmail.ch", "protonmail protonmail2 protonmail3"},
    {"fastmail", "Fastmail", "spf.messagingengine.com", "", "messagingengine.com", "fm1 fm2 fm3"},
    {"icloud", "iCloud Mail", "icloud.com", "", "mail.icloud.com", "sig1"},
    {"hubspot", "HubSpot", "hubspotemail.net", "", "", ""},
    {"brevo", "Brevo", "spf.brevo.com spf.sendinblue.com", "", "", "brevo1 brevo2 mail"},
    {"mailjet", "Mailjet", "spf.mailjet.com", "", "", "mailjet"},
    {"cloudflare", "Cloudflare Email Routing", "_spf.mx.cloudflare.net", "", "mx.cloudflare.net", "cf2024-1"},
    {"zendesk", "Zendesk", "mail.zendesk.com", "", "", "zendesk1 zendesk2"},
    {"constantcontact", "Constant Contact", "spf.constantcontact.com", "", "", "ctct1 ctct2"},
    {"sparkpost", "SparkPost", "sparkpostmail.com", "", "", ""},
};

constexpr std::string_view kMoreSelectors = "default dkim mail email x key1 hs1 hs2 s2048 s1024 mx";

// Names below these are given to whoever asks first, so one that does not exist can be claimed.
constexpr TakeoverService kTakeovers[] = {
    {"elasticbeanstalk.com", "AWS Elastic Beanstalk"},
    {"azurewebsites.net", "Azure App Service"},
    {"cloudapp.net", "Azure Cloud Services"},
    {"cloudapp.azure.com", "Azure virtual machines"},
    {"azureedge.net", "Azure CDN"},
    {"azure-api.net", "Azure API Management"},
    {"azurecontainer.io", "Azure Container Instances"},
    {"azurehdinsight.net", "Azure HDInsight"},
    {"blob.core.windows.net", "Azure Blob Storage"},
    {"database.windows.net", "Azure SQL"},
    {"azuredatalakestore.net", "Azure Data Lake"},
    {"search.windows.net", "Azure Cognitive Search"},
    {"azurecr.io", "Azure Container Registry"},
    {"redis.cache.windows.net", "Azure Cache for Redis"},
    {"servicebus.windows.net", "Azure Service Bus"},
    {"trafficmanager.net", "Azure Traffic Manager"},
    {"visualstudio.com", "Azure DevOps"},
    {"trydiscourse.com", "Discourse"},
};

struct Edge {
  std::string_view suffix, title;
};
constexpr Edge kEdges[] = {
    {"cdn.cloudflare.net", "Cloudflare"},
    {"pages.dev", "Cloudflare Pages"},
    {"workers.dev", "Cloudflare Workers"},
    {"vercel-dns.com", "Vercel"},
    {"vercel.app", "Vercel"},
    {"vercel-dns-017.com", "Vercel"},
    {"netlify.app", "Netlify"},
    {"netlify.com", "Netlify"},
    {"cloudfront.net", "CloudFront"},
    {"fastly.net", "Fastly"},
    {"fastlylb.net", "Fastly"},
    {"akamaiedge.net", "Akamai"},
    {"edgekey.net", "Akamai"},
    {"edgesuite.net", "Akamai"},
    {"azureedge.net", "Azure CDN"},
    {"azurefd.net", "Azure Front Door"},
    {"b-cdn.net", "Bunny"},
    {"github.io", "GitHub Pages"},
    {"herokudns.com", "Heroku"},
    {"fly.dev", "Fly.io"},
    {"onrender.com", "Render"},
    {"up.railway.app", "Railway"},
    {"web.app", "Firebase Hosting"},
    {"ghs.googlehosted.com", "Google"},
    {"myshopify.com", "Shopify"},
    {"wpengine.com", "WP Engine"},
    {"elb.amazonaws.com", "AWS load balancer"},
    {"amazonaws.com", "AWS"},
    {"azurewebsites.net", "Azure App Service"},
    {"webflow.com", "Webflow"},
};

struct Range {
  std::array<std::uint8_t, 16> bytes;
  bool v6;
  unsigned bits;
  std::string_view title;
};

// www.cloudflare.com/ips
constexpr Range kEdgeRanges[] = {
    {{173, 245, 48}, false, 20, "Cloudflare"},
    {{103, 21, 244}, false, 22, "Cloudflare"},
    {{103, 22, 200}, false, 22, "Cloudflare"},
    {{103, 31, 4}, false, 22, "Cloudflare"},
    {{141, 101, 64}, false, 18, "Cloudflare"},
    {{108, 162, 192}, false, 18, "Cloudflare"},
    {{190, 93, 240}, false, 20, "Cloudflare"},
    {{188, 114, 96}, false, 20, "Cloudflare"},
    {{197, 234, 240}, false, 22, "Cloudflare"},
    {{198, 41, 128}, false, 17, "Cloudflare"},
    {{162, 158}, false, 15, "Cloudflare"},
    {{104, 16}, false, 13, "Cloudflare"},
    {{104, 24}, false, 14, "Cloudflare"},
    {{172, 64}, false, 13, "Cloudflare"},
    {{131, 0, 72}, false, 22, "Cloudflare"},
    {{0x24, 0x00, 0xcb, 0x00}, true, 32, "Cloudflare"},
    {{0x26, 0x06, 0x47, 0x00}, true, 32, "Cloudflare"},
    {{0x28, 0x03, 0xf8, 0x00}, true, 32, "Cloudflare"},
    {{0x24, 0x05, 0xb5, 0x00}, true, 32, "Cloudflare"},
    {{0x24, 0x05, 0x81, 0x00}, true, 32, "Cloudflare"},
    {{0x2a, 0x06, 0x98, 0xc0}, true, 29, "Cloudflare"},
    {{0x2c, 0x0f, 0xf2, 0x48}, true, 32, "Cloudflare"},
    {{76, 76, 21}, false, 24, "Vercel"},
    {{75, 2, 60, 5}, false, 32, "Netlify"},
};

constexpr Range kPrivateRanges[] = {
    {{10}, false, 8, "a private address (10.0.0.0/8)"},
    {{172, 16}, false, 12, "a private address (172.16.0.0/12)"},
    {{192, 168}, false, 16, "a private address (192.168.0.0/16)"},
    {{127}, false, 8, "the machine of whoever asks (127.0.0.0/8)"},
    {{0}, false, 8, "no address (0.0.0.0/8)"},
    {{169, 254}, false, 16, "a link-local address (169.254.0.0/16)"},
    {{100, 64}, false, 10, "an address of carriers (100.64.0.0/10)"},
    {{0xfc}, true, 7, "a private address (fc00::/7)"},
    {{0xfe, 0x80}, true, 10, "a link-local address (fe80::/10)"},
    {{}, true, 127, "the machine of whoever asks (::1)"},
};

struct Verification {
  std::string_view prefix, service;
};
constexpr Verification kVerifications[] = {
    {"google-site-verification=", "Google"},
    {"ms=", "Microsoft 365"},
    {"facebook-domain-verification=", "Meta"},
    {"apple-domain-verification=", "Apple"},
    {"apple-domain=", "Apple"},
    {"stripe-verification=", "Stripe"},
    {"atlassian-domain-verification=", "Atlassian"},
    {"docusign=", "DocuSign"},
    {"adobe-idp-site-verification=", "Adobe"},
    {"zoom-domain-verification=", "Zoom"},
    {"openai-domain-verification=", "OpenAI"},
    {"anthropic-domain-verification", "Anthropic"},
    {"slack-domain-verification=", "Slack"},
    {"hubspot-developer-verification=", "HubSpot"},
    {"pinterest-site-verification=", "Pinterest"},
    {"yandex-verification:", "Yandex"},
    {"have-i-been-pwned-verification=", "Have I Been Pwned"},
    {"brevo-code:", "Brevo"},
    {"sendinblue-code:", "Brevo"},
    {"mailru-verification:", "Mail.ru"},
    {"globalsign-domain-verification=", "GlobalSign"},
    {"amazonses:", "Amazon SES"},
    {"zoho-verification=", "Zoho"},
    {"protonmail-verification=", "Proton"},
    {"keybase-site-verification=", "Keybase"},
    {"cloudflare_dashboard_sso=", "Cloudflare"},
    {"dropbox-domain-verification=", "Dropbox"},
    {"1password-site-verification=", "1Password"},
    {"notion-domain-verification=", "Notion"},
    {"cursor-domain-verification", "Cursor"},
};

bool is_below_any(std::string_view name, std::string_view suffixes) {
  for (const std::string_view suffix : split(suffixes, ' ')) {
    if (!suffix.empty() && is_in_zone(name, suffix)) return true;
  }
  return false;
}

bool is_within(const Address& address, const Range& range) {
  if (address.v6 != range.v6) return false;
  for (unsigned bit = 0; bit < range.bits; ++bit) {
    const std::uint8_t mask = static_cast<std::uint8_t>(0x80 >> (bit % 8));
    if (((address.bytes[bit / 8] ^ range.bytes[bit / 8]) & mask) != 0) return false;
  }
  return true;
}

template <std::size_t N>
std::string_view title_in(const Address& address, const Range (&ranges)[N]) {
  for (const Range& range : ranges) {
    if (is_within(address, range)) return range.title;
  }
  return {};
}

}  // namespace

std::span<const MailProvider> mail_providers() { return kMailProviders; }

const MailProvider* find_mail_provider(std::string_view name) {
  for (const MailProvider& provider : kMailProviders) {
    if (same_word(provider.name, name)) return &provider;
  }
  return nullptr;
}

const MailProvider* provider_of_mx(std::string_view host) {
  for (const MailProvider& provider : kMailProviders) {
    if (is_below_any(host, provider.mx_suffixes)) return &provider;
  }
  return nullptr;
}

const MailProvider* provider_of_include(std::string_view domain) {
  for (const MailProvider& provider : kMailProviders) {
    if (is_below_any(domain, provider.include)) return &provider;
  }
  return nullptr;
}

const std::vector<std::string>& common_dkim_selectors() {
  static const std::vector<std::string> selectors = [] {
    std::vector<std::string> all;
    const auto add = [&](std::string_view list) {
      for (const std::string_view name : split(list, ' ')) {
        if (!name.empty() && std::find(all.begin(), all.end(), name) == all.end()) all.emplace_back(name);
      }
    };
    for (const MailProvider& provider : kMailProviders) add(provider.selectors);
    add(kMoreSelectors);
    return all;
  }();
  return selectors;
}

const TakeoverService* takeover_service(std::string_view target) {
  for (const TakeoverService& service : kTakeovers) {
    if (target != service.suffix && is_in_zone(target, service.suffix)) return &service;
  }
  return nullptr;
}

std::string_view edge_of(const std::vector<std::string>& chain, const std::vector<Address>& addresses) {
  for (const std::string& name : chain) {
    for (const Edge& edge : kEdges) {
      if (is_in_zone(name, edge.suffix)) return edge.title;
    }
  }
  for (const Address& address : addresses) {
    if (const std::string_view title = title_in(address, kEdgeRanges); !title.empty()) return title;
  }
  return {};
}

std::string_view private_range(const Address& address) { return title_in(address, kPrivateRanges); }

std::string_view verification_service(std::string_view txt) {
  const std::string low = detect::lowered(txt.substr(0, 64));
  for (const Verification& known : kVerifications) {
    if (low.starts_with(known.prefix)) return known.service;
  }
  return {};
}

}  // namespace tightship::net
