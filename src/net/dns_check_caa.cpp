// DNS-CAA (RFC 8659, 8657, 9495), and whether an authority may issue.

#include <algorithm>

#include "detect/text_class.h"
#include "net/dns_context.h"
#include "net/tag_list.h"

namespace tightship::net {
namespace {

constexpr std::uint8_t kCritical = 0x80;
constexpr std::string_view kTags[] = {"issue",    "issuewild",    "iodef",       "issuemail",
                                      "issuevmc", "contactemail", "contactphone"};

// The organization of an issuer's name and what its authority calls itself in CAA records (blank-separated).
struct Authority {
  std::string_view organization, identities;
};
constexpr Authority kAuthorities[] = {
    {"let's encrypt", "letsencrypt.org"},
    {"google trust services", "pki.goog"},
    {"digicert", "digicert.com symantec.com geotrust.com rapidssl.com thawte.com digitalcertvalidation.com"},
    {"sectigo", "sectigo.com comodo.com comodoca.com usertrust.com trust-provider.com"},
    {"zerossl", "sectigo.com"},
    {"amazon", "amazon.com amazontrust.com awstrust.com amazonaws.com"},
    {"globalsign", "globalsign.com"},
    {"godaddy", "godaddy.com starfieldtech.com"},
    {"starfield", "starfieldtech.com godaddy.com"},
    {"ssl corporation", "ssl.com"},
    {"ssl.com", "ssl.com"},
    {"buypass", "buypass.com"},
    {"entrust", "entrust.net entrust.com affirmtrust.com"},
    {"actalis", "actalis.it"},
    {"certum", "certum.pl"},
    {"asseco", "certum.pl"},
};

std::string_view issuer_of(const CaaData& caa) { return split(caa.value, ';').front(); }

// The set that holds for a name: its own, or that of the nearest name above (RFC 8659, 3).
Lookup relevant(DnsContext& context, std::string_view name, std::string& at) {
  bool clear = true;  // nothing below was in doubt
  for (std::string_view rest = name; !rest.empty(); rest = parent_name(rest)) {
    Lookup found = context.lookup(rest, RrType::Caa);
    clear = clear && found.known();
    if (!clear || found.records.empty()) continue;
    at = found.name;
    return found;
  }
  Lookup none;
  if (clear) none.state = AnswerState::Answered;
  return none;
}

void check_forms(DnsContext& context, const std::string& at, const std::vector<CaaData>& set) {
  const auto say = [&](Severity severity, RiskClass risk_class, std::string title, std::string why, std::string fix) {
    context.problem({.id = "DNS-CAA",
                     .severity = severity,
                     .risk_class = risk_class,
                     .where = at,
                     .title = std::move(title),
                     .why = std::move(why),
                     .breaks = "the next renewal of a certificate fails, and visitors see a warning",
                     .fix = std::move(fix)});
  };
  bool issues = false, allows = false;
  for (const CaaData& caa : set) {
    const bool known = std::find(std::begin(kTags), std::end(kTags), caa.tag) != std::end(kTags);
    if (!known && (caa.flags & kCritical) != 0) {
      say(Severity::Error, kLaunch, "a CAA record forbids every certificate",
          fmt::format("its tag '{}' is unknown and marked as critical", caa.tag), "remove it, or correct the tag");
    } else if (!known) {
      say(Severity::Warning, kScale, "a CAA record has a tag that no authority knows",
          fmt::format("the tag is '{}'", caa.tag), "use issue, issuewild or iodef");
    }
    if (caa.tag != "issue" && caa.tag != "issuewild") continue;
    const std::string_view issuer = issuer_of(caa);
    issues = issues || caa.tag == "issue";
    allows = allows || (!issuer.empty() && caa.tag == "issue");
    if (!issuer.empty() && (!is_host_name(issuer) || issuer.find('.') == std::string_view::npos)) {
      say(Severity::Error, kLaunch, "a CAA record names no certificate authority",
          fmt::format("the value of '{}' is no domain name such as letsencrypt.org", caa.tag),
          "take the name that your authority documents for CAA");
    }
  }
  if (issues && !allows) {
    say(Severity::Warning, kLaunch, "CAA records forbid every certificate", "issue names no authority",
        "add an issue record for the authority that you use");
  }
}

// Of each listed host: a name of its own, or the service that it is an alias of, may say otherwise than the domain.
void gather_host_caa(DnsContext& context) {
  for (HostFacts& host : context.facts.hosts) {
    if (!host.listed || !host.resolves()) continue;
    const Lookup found = relevant(context, host.name, host.caa_at);
    if (!found.known()) continue;
    host.caa.emplace();
    for (const Record* record : found.records) host.caa->push_back(*data_of<CaaData>(*record));
  }
}

}  // namespace

void check_caa(DnsContext& context) {
  gather_host_caa(context);
  std::string at;
  const Lookup found = relevant(context, context.domain, at);
  if (!found.known()) return;
  for (const Record* record : found.records) context.facts.caa.push_back(*data_of<CaaData>(*record));
  context.facts.caa_at = at;
  if (context.facts.caa.empty()) {
    return context.problem({.id = "DNS-CAA",
                            .severity = Severity::Note,
                            .risk_class = kScale,
                            .where = context.domain,
                            .title = "any authority may issue certificates for the domain",
                            .why = "there is no CAA record here or above",
                            .breaks = "nothing; with one, a mistake of another authority cannot hit you",
                            .fix = "name the authorities that you use",
                            .commands = {zone_line(context.domain, "CAA", "0 issue \"letsencrypt.org\"")}});
  }
  const std::size_t before = context.report.problems.size();
  check_forms(context, at, context.facts.caa);
  if (context.report.problems.size() == before) {
    context.pass("DNS-CAA", fmt::format("{} at {}", counted(context.facts.caa.size(), "record"), at));
  }
}

std::optional<bool> caa_permits(const std::vector<CaaData>& caa, std::string_view issuer_organization, bool wildcard) {
  const std::string low = detect::lowered(issuer_organization);
  const auto authority = std::find_if(std::begin(kAuthorities), std::end(kAuthorities), [&](const Authority& a) {
    return low.find(a.organization) != std::string::npos;
  });
  const bool has_wild = std::any_of(caa.begin(), caa.end(), [](const CaaData& c) { return c.tag == "issuewild"; });
  const std::string_view tag = wildcard && has_wild ? "issuewild" : "issue";
  bool restricted = false, named = false;
  for (const CaaData& record : caa) {
    const bool known = std::find(std::begin(kTags), std::end(kTags), record.tag) != std::end(kTags);
    if (!known && (record.flags & kCritical) != 0) return false;
    if (record.tag != tag) continue;
    restricted = true;
    if (authority == std::end(kAuthorities)) continue;
    for (const std::string_view identity : split(authority->identities, ' ')) {
      named = named || same_word(identity, issuer_of(record));
    }
  }
  if (!restricted) return true;
  if (authority == std::end(kAuthorities)) return std::nullopt;
  return named;
}

}  // namespace tightship::net
