// DMARC-PRESENT, DMARC-POLICY, DMARC-TAGS, DMARC-RUA, DMARC-ALIGN.

#include <algorithm>
#include <set>

#include "net/dns_context.h"

namespace tightship::net {
namespace {

class DmarcJudge {
 public:
  DmarcJudge(DnsContext& context, const DmarcDiscovery& found) : context_(context), found_(found) {}
  void judge();

 private:
  void row(std::string_view id, Severity severity, RiskClass risk_class, std::string title, std::string why,
           std::string breaks, std::string fix, std::vector<std::string> commands = {}, std::string subject = {}) {
    context_.problem({.id = id,
                      .severity = severity,
                      .risk_class = risk_class,
                      .where = "_dmarc." + (found_.location.empty() ? context_.domain : found_.location),
                      .title = std::move(title),
                      .why = std::move(why),
                      .breaks = std::move(breaks),
                      .fix = std::move(fix),
                      .commands = std::move(commands),
                      .subject = std::move(subject)});
  }
  std::string first_record() const {
    return zone_line("_dmarc." + context_.domain, "TXT",
                     fmt::format("v=DMARC1; p=none; rua=mailto:dmarc@{}", context_.domain));
  }
  void absent();
  void neighbours();
  void policy();
  void tags();
  void reports();
  void report_to(std::string_view tag, const DmarcUri& uri);
  void authorization(std::string_view tag, const ReportUri& uri);
  void mailbox(std::string_view tag, const ReportUri& uri);
  void alignment();

  DnsContext& context_;
  const DmarcDiscovery& found_;
};

void DmarcJudge::absent() {
  const std::string kDamage =
      "Gmail, Yahoo and Outlook refuse mail from such domains (550 5.7.515) or put it into spam";
  if (found_.state == DmarcState::Several) {
    return row("DMARC-PRESENT", Severity::Error, kLaunch, "you have more than one DMARC record",
               fmt::format("there are {}; receivers drop all of them (RFC 9989, 4.10)", found_.own_records), kDamage,
               "keep one", {}, context_.domain);
  }
  if (!found_.indented.empty()) {
    return row("DMARC-PRESENT", Severity::Error, kLaunch, "your DMARC record is not recognised",
               "blanks stand before v=DMARC1", kDamage, "remove the blanks");
  }
  if (found_.at_apex) {
    return row("DMARC-PRESENT", Severity::Error, kLaunch, "your DMARC record stands at the wrong name",
               fmt::format("it is at {} itself, and is looked for at _dmarc.{}", context_.domain, context_.domain),
               kDamage, fmt::format("move it to _dmarc.{}", context_.domain));
  }
  row("DMARC-PRESENT", Severity::Error, kLaunch, "your mail will be refused by Gmail and Outlook",
      "there is no DMARC record, here or above", kDamage,
      "begin with p=none and look at the reports, then p=quarantine", {first_record()});
}

void DmarcJudge::neighbours() {
  if (found_.at_apex && found_.state == DmarcState::Found) {
    row("DMARC-TAGS", Severity::Note, kScale, "a second DMARC record stands where nobody looks",
        fmt::format("it is at {} itself", context_.domain), "nothing; it will contradict the real one", "remove it");
  }
  if (found_.strays.empty()) return;
  const bool spf = std::any_of(found_.strays.begin(), found_.strays.end(), is_spf_record);
  row("DMARC-TAGS", Severity::Warning, kScale, "something else stands beside your DMARC record",
      spf ? "an SPF record is there, too"
          : fmt::format("{} at _dmarc are no DMARC records", counted(found_.strays.size(), "TXT record")),
      "some receivers do not read the record then", "remove it, or move it to where it belongs");
}

void DmarcJudge::policy() {
  const DmarcRecord& record = found_.record;
  const Policy effective = found_.effective();
  const bool own = found_.own_records == 1;
  if (!record.applies) {
    const std::string wrong = record.errors.empty() ? "p is missing" : record.errors.back();
    return row("DMARC-PRESENT", Severity::Error, kLaunch, "your DMARC record is not applied",
               wrong + "; and no rua takes reports, so receivers act as if there were none (RFC 9989, 4.10.1)",
               "Gmail, Yahoo and Outlook refuse mail from such domains or put it into spam", "give it a valid p",
               {first_record()});
  }
  context_.pass("DMARC-PRESENT", own ? "a record of its own" : fmt::format("by the record of {}", found_.location));
  if (effective == Policy::None && record.rua.empty()) {
    row("DMARC-POLICY", Severity::Warning, kConversion, "your DMARC record does nothing",
        "it asks for no action (none) and for no reports",
        "forged mail in your name is delivered, and you do not hear of it",
        "ask for reports now, and for p=quarantine when they look right", {first_record()});
  } else if (effective == Policy::None) {
    row("DMARC-POLICY", Severity::Note, kScale, "forged mail in your name is still delivered",
        own ? "p=none: reports only" : fmt::format("the policy of {} for its subdomains is none", found_.location),
        "customers can be deceived with your address",
        "right for a launch; move to p=quarantine after 30 days of reports");
  } else {
    context_.pass("DMARC-POLICY", fmt::format("{}={}", own || !record.has_sp ? "p" : "sp", policy_name(effective)));
  }
  if (own && record.p != Policy::None && record.has_sp && record.sp == Policy::None) {
    row("DMARC-POLICY", Severity::Warning, kConversion, "forged mail from subdomains is delivered",
        fmt::format("sp=none, while p={}", policy_name(record.p)),
        "customers can be deceived with any@billing.your-domain", "remove sp, or set it to the value of p");
  }
  if (record.testing && effective != Policy::None) {
    row("DMARC-POLICY", Severity::Warning, kConversion, "your DMARC policy is in test mode",
        fmt::format("t=y: receivers act one step below {}", policy_name(effective)), "forged mail is treated mildly",
        "remove t=y when the reports look right");
  }
  if (own && record.p != Policy::None && !record.has_np) {
    row("DMARC-POLICY", Severity::Note, kScale, "names that do not exist have no policy of their own", "np is not set",
        "nothing; sp or p is applied", "np=reject is safe: nobody sends from names that are not there");
  }
}

void DmarcJudge::tags() {
  for (const std::string& error : found_.record.errors) {
    row("DMARC-TAGS", Severity::Error, kLaunch, "your DMARC record has a mistake", error,
        "receivers ignore that part, or the record", "correct it", {}, error.substr(0, 60));
  }
  for (const std::string& remark : found_.record.remarks) {
    row("DMARC-TAGS", Severity::Note, kScale, "a part of your DMARC record is out of date", remark, "nothing",
        "remove or move it when you edit the record", {}, remark.substr(0, 60));
  }
  if (found_.record.pct >= 0 && found_.record.pct < 100) {
    row("DMARC-TAGS", Severity::Warning, kConversion, "your DMARC policy acts on a part of the mail only",
        fmt::format("pct={}; RFC 9989 has removed it, so receivers differ", found_.record.pct),
        "forged mail is delivered by chance", "remove pct; use t=y for a trial");
  }
}

void DmarcJudge::mailbox(std::string_view tag, const ReportUri& uri) {
  const Lookup mx = context_.lookup(uri.domain, RrType::Mx);
  if (!mx.absent()) return;
  row("DMARC-RUA", Severity::Warning, kScale, "the address for DMARC reports has no mail server",
      fmt::format("{} of {} has no MX record", uri.domain, tag), "reports are lost", "use a mailbox that exists", {},
      fmt::format("{} {} mx", tag, uri.domain));
}

// RFC 9990, 4: who takes reports about another organization must say so.
void DmarcJudge::authorization(std::string_view tag, const ReportUri& uri) {
  const std::string& organization = found_.organization.empty() ? found_.location : found_.organization;
  if (is_in_zone(uri.domain, organization) || is_in_zone(organization, uri.domain)) return;
  const std::string name = fmt::format("{}._report._dmarc.{}", found_.location, uri.domain);
  const Lookup txt = context_.lookup(name, RrType::Txt);
  if (!txt.known()) return;
  const auto values = txt_values(txt);
  if (std::any_of(values.begin(), values.end(), is_dmarc_record)) return;
  row("DMARC-RUA", Severity::Warning, kScale, fmt::format("{} has not agreed to take your DMARC reports", uri.domain),
      fmt::format("there is no TXT record v=DMARC1 at {}", name), "receivers send no reports there",
      fmt::format("let {} add it, or use a mailbox of your own", uri.domain), {zone_line(name, "TXT", "v=DMARC1")},
      fmt::format("{} {}", tag, uri.domain));
}

void DmarcJudge::report_to(std::string_view tag, const DmarcUri& uri) {
  if (!uri.uri) return;  // told by tags()
  if (uri.uri->scheme != "mailto") {
    return row("DMARC-RUA", Severity::Warning, kScale, "DMARC reports are asked for in a way that few support",
               fmt::format("{} is no mailto address", tag), "most receivers send none", "use mailto:", {}, uri.text);
  }
  if (!uri.uri->limit.empty()) {
    row("DMARC-RUA", Severity::Note, kScale, "a size limit for reports is out of date",
        fmt::format("'!{}' in {}", uri.uri->limit, tag), "nothing; receivers ignore it", "remove it", {}, uri.text);
  }
  authorization(tag, *uri.uri);
  mailbox(tag, *uri.uri);
}

void DmarcJudge::reports() {
  const DmarcRecord& record = found_.record;
  if (record.rua.empty() && found_.effective() != Policy::None) {
    row("DMARC-RUA", Severity::Warning, kScale, "you do not hear what happens to your mail", "there is no rua",
        "a service that you forgot is refused, and nobody tells you", "add rua=mailto: with a mailbox of yours");
  }
  if (record.rua.size() > 2 || record.ruf.size() > 2) {
    row("DMARC-RUA", Severity::Note, kScale, "reports go to many addresses", "there are more than two",
        "some receivers send to two only", "keep two");
  }
  for (const DmarcUri& uri : record.rua) report_to("rua", uri);
  for (const DmarcUri& uri : record.ruf) report_to("ruf", uri);
}

void DmarcJudge::alignment() {
  const DmarcRecord& record = found_.record;
  if (!record.strict_dkim && !record.strict_spf) return;
  const auto includes = spf_includes(context_.facts.spf);
  if (includes.empty()) return;
  row("DMARC-ALIGN", Severity::Note, kScale, "DMARC is strict about the exact domain",
      fmt::format("{}=s, and other services send for you", record.strict_dkim ? "adkim" : "aspf"),
      "their mail fails when they sign or bounce with a subdomain", "use r unless the reports show that all is well");
}

void DmarcJudge::judge() {
  if (found_.state == DmarcState::Unknown) return;
  neighbours();
  if (found_.state != DmarcState::Found) return absent();
  policy();
  if (!found_.record.applies) return;
  tags();
  reports();
  alignment();
}

}  // namespace

void check_dmarc(DnsContext& context) {
  context.facts.dmarc = discover_dmarc(context.store, context.domain);
  DmarcJudge(context, context.facts.dmarc).judge();
}

}  // namespace tightship::net
