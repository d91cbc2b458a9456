// DKIM-ANY, DKIM-KEY.

#include <algorithm>

#include "net/dns_context.h"
#include "net/dns_providers.h"

namespace tightship::net {
namespace {

constexpr unsigned kLeastBits = 1024, kGoodBits = 2048;  // RFC 8301

std::vector<std::string> wanted_selectors(const DnsContext& context) {
  std::vector<std::string> wanted = context.options.site.dkim_selectors;
  return wanted;
}

// Some provider of tightship.toml, or of the SPF record and the MX, whose selectors nobody can guess.
bool has_unguessable(const DnsContext& context) {
  for (const std::string& name : spf_includes(context.facts.spf)) {
    const MailProvider* provider = provider_of_include(name);
    if (provider != nullptr && provider->selectors.empty()) return true;
  }
  return false;
}

void judge_key(DnsContext& context, const DkimSelector& found) {
  const auto say = [&](Severity severity, std::string title, std::string why, std::string breaks, std::string fix) {
    context.problem({.id = "DKIM-KEY",
                     .severity = severity,
                     .risk_class = severity == Severity::Error ? kLaunch : kScale,
                     .where = found.name,
                     .title = std::move(title),
                     .why = std::move(why),
                     .breaks = std::move(breaks),
                     .fix = std::move(fix)});
  };
  const std::string_view kFails = "mail signed with it counts as unsigned, and lands in spam";
  if (found.records > 1) {
    return say(Severity::Error, fmt::format("the selector {} has several keys", found.selector),
               fmt::format("there are {} key records at one name (RFC 6376, 3.6.2.2)", found.records),
               std::string(kFails), "keep the one that your mail provider shows now");
  }
  for (const std::string& error : found.key.errors) {
    say(Severity::Error, fmt::format("the DKIM key {} cannot be used", found.selector), error, std::string(kFails),
        "copy the value anew from your mail provider, whole, in pieces of at most 255 characters");
  }
  if (!found.key.errors.empty()) return;
  if (found.key.revoked) {
    return say(Severity::Note, fmt::format("the DKIM key {} is withdrawn", found.selector), "its p= is empty",
               "nothing, unless something still signs with it",
               "remove the record when no mail from then is on its way");
  }
  if (found.key.sha1_only) {
    say(Severity::Error, fmt::format("the DKIM key {} allows SHA-1 only", found.selector),
        "h=sha1, which receivers reject (RFC 8301)", std::string(kFails), "remove the h= of the record");
  }
  if (found.key.type == "rsa" && found.key.bits < kGoodBits) {
    const bool weak = found.key.bits < kLeastBits;
    say(weak ? Severity::Error : Severity::Warning, fmt::format("the DKIM key {} is short", found.selector),
        fmt::format("it has {} bits; {} (RFC 8301)", found.key.bits,
                    weak ? "below 1024 it is not accepted" : "2048 are due"),
        weak ? std::string(kFails) : "with some money it can be broken, and mail signed in your name",
        "make a key of 2048 bits at your mail provider");
  }
  if (found.key.testing) {
    say(Severity::Warning, fmt::format("the DKIM key {} is in test mode", found.selector), "t=y",
        "receivers may treat the mail as unsigned", "remove t=y");
  }
}

void judge_presence(DnsContext& context, const DkimFacts& dkim) {
  const auto say = [&](Severity severity, std::string title, std::string why, std::string breaks, std::string fix) {
    context.problem({.id = "DKIM-ANY",
                     .severity = severity,
                     .risk_class = severity == Severity::Error ? kLaunch : kScale,
                     .where = "_domainkey." + context.domain,
                     .title = std::move(title),
                     .why = std::move(why),
                     .breaks = std::move(breaks),
                     .fix = std::move(fix),
                     .minutes = 15});
  };
  if (!dkim.selectors.empty()) {
    return context.pass("DKIM-ANY", counted(dkim.selectors.size(), "selector"));
  }
  if (dkim.presence == DkimPresence::None && uses_mail(context)) {
    return say(Severity::Error, "your mail is not signed",
               "nothing was made below _domainkey, so there is no DKIM key (RFC 8020)",
               "your mail lands in spam or is refused; forwarded mail fails DMARC",
               "switch DKIM on at your mail provider, and add the records that it shows");
  }
  if (dkim.presence == DkimPresence::Some) {
    return say(Severity::Note, "there is a DKIM key under a name that cannot be guessed",
               has_unguessable(context) ? "_domainkey exists, and a service that you include uses random selectors"
                                        : "_domainkey exists, and no usual selector does",
               "nothing; the key itself was not checked",
               "name it in tightship.toml: [mail] dkim_selectors = [\"...\"] (s= in a DKIM-Signature header)");
  }
  if (dkim.presence == DkimPresence::Inconclusive && uses_mail(context)) {
    say(Severity::Warning, "whether your mail is signed cannot be seen",
        "no usual selector exists, and the name server says of every name that it exists",
        "without DKIM, your mail lands in spam or is refused",
        "name your selectors in tightship.toml: [mail] dkim_selectors = [\"...\"]");
  }
}

// A provider that tightship.toml names, has fixed selectors, and none of them is there.
void judge_providers(DnsContext& context, const DkimFacts& dkim) {
  for (const std::string& name : context.options.site.mail_providers) {
    const MailProvider* provider = find_mail_provider(name);
    if (provider == nullptr || provider->selectors.empty() || dkim.presence == DkimPresence::Unknown) continue;
    const auto selectors = split(provider->selectors, ' ');
    const bool any = std::any_of(dkim.selectors.begin(), dkim.selectors.end(), [&](const DkimSelector& found) {
      return std::find(selectors.begin(), selectors.end(), found.selector) != selectors.end();
    });
    const bool own = !context.options.site.dkim_selectors.empty();  // renamed ones are listed there
    if (any || own) continue;
    context.problem({.id = "SPF-TYPE",
                     .severity = Severity::Error,
                     .risk_class = kLaunch,
                     .where = "_domainkey." + context.domain,
                     .title = fmt::format("mail that {} sends for you is not signed", provider->title),
                     .why = fmt::format("tightship.toml names it, and none of its selectors exists ({})",
                                        fmt::join(selectors, ", ")),
                     .breaks = "that mail lands in spam or is refused",
                     .fix = fmt::format("switch DKIM on at {}, and add the records that it shows", provider->title),
                     .subject = "dkim " + std::string(provider->name)});
  }
}

}  // namespace

void check_dkim(DnsContext& context) {
  DkimFacts& dkim = context.facts.dkim;
  const std::vector<std::string> wanted = wanted_selectors(context);
  dkim = find_dkim(context.store, context.domain, common_dkim_selectors(), wanted, context.probe);
  for (const DkimSelector& found : dkim.selectors) {
    const std::size_t before = context.report.problems.size();
    judge_key(context, found);
    if (context.report.problems.size() == before) {
      context.pass("DKIM-KEY", fmt::format("{}: {} {} bits", found.selector, found.key.type, found.key.bits));
    }
  }
  for (const std::string& selector : dkim.missing) {
    context.problem({.id = "DKIM-KEY",
                     .severity = Severity::Error,
                     .risk_class = kLaunch,
                     .where = selector + "._domainkey." + context.domain,
                     .title = fmt::format("the DKIM key {} does not exist", selector),
                     .why = "tightship.toml lists this selector",
                     .breaks = "mail signed with it counts as unsigned, and lands in spam",
                     .fix = "add the record that your mail provider shows, or take the selector off the list"});
  }
  judge_presence(context, dkim);
  judge_providers(context, dkim);
}

}  // namespace tightship::net
