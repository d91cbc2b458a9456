// MTASTS, TLSRPT, BIMI.

#include <algorithm>

#include "net/dns_context.h"
#include "net/mta_sts.h"

namespace tightship::net {
namespace {

void say_sts(DnsContext& context, Severity severity, RiskClass risk_class, std::string title, std::string why,
             std::string breaks, std::string fix, std::string subject = {}) {
  context.problem({.id = "MTASTS",
                   .severity = severity,
                   .risk_class = risk_class,
                   .where = "_mta-sts." + context.domain,
                   .title = std::move(title),
                   .why = std::move(why),
                   .breaks = std::move(breaks),
                   .fix = std::move(fix),
                   .minutes = 20,
                   .subject = std::move(subject)});
}

void judge_policy(DnsContext& context, const MtaStsPolicy& policy) {
  const bool enforced = policy.mode == "enforce";
  for (const std::string& error : policy.errors) {
    say_sts(context, Severity::Error, enforced ? kLaunch : kScale, "your MTA-STS policy has a mistake", error,
            "senders ignore the policy, or cannot deliver", "correct mta-sts.txt", error.substr(0, 60));
  }
  if (!policy.errors.empty()) return;
  context.facts.mta_sts_mode = policy.mode;
  std::vector<std::string> missing;
  for (const MxData& mx : context.facts.mx) {
    const bool named = std::any_of(policy.mx.begin(), policy.mx.end(),
                                   [&](const std::string& pattern) { return mta_sts_matches(pattern, mx.host); });
    if (!named) missing.push_back(mx.host);
  }
  if (policy.mode != "none" && !missing.empty()) {
    say_sts(context, enforced ? Severity::Error : Severity::Warning, enforced ? kLaunch : kScale,
            enforced ? "mail to you is lost: the MTA-STS policy forbids your own mail server"
                     : "your MTA-STS policy does not name all of your mail servers",
            fmt::format("{} is not in the policy (mode: {})", fmt::join(missing, ", "), policy.mode),
            enforced ? "Gmail and others do not deliver to it" : "once the mode is enforce, mail is lost",
            "add the server to mta-sts.txt, and give the record at _mta-sts a new id");
    return;
  }
  if (policy.max_age < 86'400 && policy.mode != "none") {
    say_sts(context, Severity::Warning, kScale, "your MTA-STS policy is forgotten within a day",
            fmt::format("max_age is {} s", policy.max_age), "it protects little", "take a week or more: 604800");
  }
  context.pass("MTASTS", fmt::format("mode {}, {}", policy.mode, counted(policy.mx.size(), "pattern")));
}

void judge_media_type(DnsContext& context, const std::string& type) {
  if (type.empty() || type == "text/plain") return;
  say_sts(context, Severity::Warning, kScale, "your MTA-STS policy is served as something else than text",
          fmt::format("its media type is {}, and RFC 8461 (3.2) demands text/plain", type),
          "some senders ignore the policy", "serve mta-sts.txt as text/plain", "media type");
}

void check_policy(DnsContext& context) {
  const std::string url = fmt::format("https://mta-sts.{}/.well-known/mta-sts.txt", context.domain);
  if (!context.options.fetch) return context.unchecked("the MTA-STS policy: it was not fetched");
  const auto found = context.fetched.find(url);
  if (found == context.fetched.end()) return context.urls.push_back(url);
  const FetchedText& answer = found->second;
  if (answer.reached && answer.status == 200 && !answer.cut) {
    judge_media_type(context, answer.media_type);
    return judge_policy(context, parse_mta_sts_policy(answer.body));
  }
  say_sts(context, Severity::Error, kScale, "your MTA-STS policy cannot be fetched",
          !answer.reached ? fmt::format("{}: {}", url, answer.problem)
          : answer.cut    ? fmt::format("{} is longer than {} kB", url, kMaxMtaStsPolicy / 1024)
                          : fmt::format("{} answers {} (redirects are not followed)", url, answer.status),
          "senders that do not remember an older one deliver without protection",
          "serve the file with a valid certificate, or remove the record at _mta-sts");
}

void check_mta_sts(DnsContext& context) {
  const Lookup txt = context.lookup("_mta-sts." + context.domain, RrType::Txt);
  if (!txt.known()) return;
  std::vector<std::string> records = txt_values(txt);
  std::erase_if(records, [](const std::string& value) { return !is_mta_sts_record(value); });
  if (records.empty()) {
    if (context.facts.mx.empty()) return;
    return say_sts(context, Severity::Note, kScale, "mail to you can be read on the way", "there is no MTA-STS policy",
                   "somebody between the sender and you can switch encryption off",
                   "many mail providers host the policy for you");
  }
  if (records.size() > 1 || mta_sts_id(records.front()).empty()) {
    return say_sts(context, Severity::Error, kScale, "your MTA-STS record is ignored",
                   records.size() > 1 ? "there are several" : "its id is missing or no 1 to 32 letters and digits",
                   "senders deliver without protection", "keep one: v=STSv1; id=20260101000000;");
  }
  check_policy(context);
}

void check_tls_reports(DnsContext& context) {
  const std::string name = "_smtp._tls." + context.domain;
  const Lookup txt = context.lookup(name, RrType::Txt);
  if (!txt.known()) return;
  std::vector<std::string> records = txt_values(txt);
  std::erase_if(records, [](const std::string& value) { return !value.starts_with("v=TLSRPTv1"); });
  const auto say = [&](Severity severity, std::string title, std::string why, std::string breaks, std::string fix) {
    context.problem({.id = "TLSRPT",
                     .severity = severity,
                     .risk_class = kScale,
                     .where = name,
                     .title = std::move(title),
                     .why = std::move(why),
                     .breaks = std::move(breaks),
                     .fix = std::move(fix)});
  };
  if (records.empty()) {
    if (context.facts.mta_sts_mode.empty()) return;
    return say(Severity::Note, "you do not hear when mail to you cannot be encrypted", "there is no TLS-RPT record",
               "a broken MTA-STS policy stays unnoticed", "v=TLSRPTv1; rua=mailto:tls@" + context.domain);
  }
  const TagList list = parse_tag_list(records.front());
  const Tag* rua = list.find("rua");
  bool usable = rua != nullptr && records.size() == 1 && list.broken.empty();
  for (const std::string_view uri : split(rua == nullptr ? std::string_view() : rua->value, ',')) {
    const auto parsed = parse_report_uri(uri);
    usable = usable && parsed && (parsed->scheme == "mailto" || parsed->scheme == "https");
  }
  if (usable) return context.pass("TLSRPT", "reports are asked for");
  say(Severity::Error, "your TLS-RPT record is ignored",
      records.size() > 1 ? "there are several" : "rua is missing, or no mailto: or https: address",
      "you do not hear when mail to you cannot be encrypted", "v=TLSRPTv1; rua=mailto:tls@" + context.domain);
}

}  // namespace

void check_mail_transport(DnsContext& context) {
  check_mta_sts(context);
  check_tls_reports(context);
}

void check_bimi(DnsContext& context) {
  const std::string name = "default._bimi." + context.domain;
  const Lookup txt = context.lookup(name, RrType::Txt);
  std::vector<std::string> records = txt_values(txt);
  std::erase_if(records, [](const std::string& value) { return !value.starts_with("v=BIMI1"); });
  if (records.empty()) return;
  const TagList list = parse_tag_list(records.front());
  const Tag* logo = list.find("l");
  const Tag* proof = list.find("a");
  const auto is_https = [](const Tag* tag) { return tag != nullptr && tag->value.starts_with("https://"); };
  std::string wrong;
  if (records.size() > 1)
    wrong = "there are several";
  else if (logo == nullptr || (!logo->value.empty() && !is_https(logo)))
    wrong = "l= is no https URL";
  else if (proof != nullptr && !proof->value.empty() && !is_https(proof))
    wrong = "a= is no https URL";
  else if (context.facts.dmarc.state == DmarcState::Found && context.facts.dmarc.effective() == Policy::None)
    wrong = "the DMARC policy is none; BIMI wants quarantine or reject";
  if (wrong.empty()) return context.pass("BIMI", "well-formed");
  context.problem({.id = "BIMI",
                   .severity = Severity::Warning,
                   .risk_class = kScale,
                   .where = name,
                   .title = "your logo is not shown beside your mail",
                   .why = wrong,
                   .breaks = "nothing but the logo",
                   .fix = "v=BIMI1; l=https://.../logo.svg; a=https://.../certificate.pem"});
}

}  // namespace tightship::net
