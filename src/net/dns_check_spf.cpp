// SPF-PRESENT, SPF-SYNTAX, SPF-LOOKUPS, SPF-VOID, SPF-INCLUDE, SPF-ALL, SPF-LOOP, SPF-WIDE, SPF-PTR, SPF-SIZE, SPF-TYPE.

#include <algorithm>

#include "net/dns_context.h"
#include "net/dns_providers.h"

namespace tightship::net {
namespace {

constexpr std::string_view kBroken =
    "receivers treat every mail of yours as unproven (permerror): it lands in spam or is refused";

class SpfJudge {
 public:
  SpfJudge(DnsContext& context, const SpfNode& root) : context_(context), root_(root) {}
  void judge();

 private:
  void row(std::string_view id, Severity severity, RiskClass risk_class, std::string title, std::string why,
           std::string_view breaks, std::string fix, std::vector<std::string> commands = {}, std::string subject = {}) {
    if (subject.empty()) subject = root_.domain;
    context_.problem({.id = id,
                      .severity = severity,
                      .risk_class = risk_class,
                      .where = root_.domain,
                      .title = std::move(title),
                      .why = std::move(why),
                      .breaks = std::string(breaks),
                      .fix = std::move(fix),
                      .commands = std::move(commands),
                      .subject = std::move(subject)});
  }
  bool present();
  void state(const SpfNode& node);
  void syntax(const SpfNode& node);
  void remarks(const SpfNode& node);
  void lookups();
  void voids();
  void collect_voids(const SpfNode& node, std::vector<std::string>& out) const;
  void all();
  void wide(const SpfNode& node);
  void wide_address(const SpfTerm& term);
  void ptr(const SpfNode& node);
  void size();
  std::string suggested() const;

  DnsContext& context_;
  const SpfNode& root_;
};

// A record for the provider that the MX records name.
std::string SpfJudge::suggested() const {
  if (!uses_mail(context_)) return "v=spf1 -all";
  std::string includes;
  const auto add = [&](const MailProvider* provider) {
    if (provider == nullptr || !provider->spf_label.empty()) return;
    const std::string term = fmt::format(" include:{}", split(provider->include, ' ').front());
    if (includes.find(term) == std::string::npos) includes += term;
  };
  for (const MxData& mx : context_.facts.mx) add(provider_of_mx(mx.host));
  for (const std::string& name : context_.options.site.mail_providers) add(find_mail_provider(name));
  return fmt::format("v=spf1{} ~all", includes.empty() ? " mx" : includes);
}

bool SpfJudge::present() {
  if (root_.state == SpfState::None) {
    if (!root_.unlike.empty()) {
      row("SPF-SYNTAX", Severity::Error, kLaunch, "your SPF record is not recognised",
          "a TXT record looks like SPF and does not begin with \"v=spf1 \": a blank or quote before it, or a typo",
          kBroken, "let the record begin with v=spf1 and one blank, without quotes of its own");
      return false;
    }
    const bool sender = is_apex(context_) || uses_mail(context_);  // a host that never sends is under DMARC's sp
    row("SPF-PRESENT", sender ? Severity::Error : Severity::Note, sender ? kLaunch : kScale,
        "anybody can send mail in your name", "there is no SPF record",
        "your mail lands in spam or is refused; forged mail does not",
        uses_mail(context_) ? "name the servers that send for you" : "say that nobody sends mail for this domain",
        {zone_line(root_.domain, "TXT", suggested())});
    return false;
  }
  if (root_.state == SpfState::Several) {
    row("SPF-PRESENT", Severity::Error, kLaunch, "you have more than one SPF record",
        "several TXT records begin with v=spf1, which receivers count as an error (RFC 7208, 4.5)", kBroken,
        "merge them into one: v=spf1, the terms of each, one all at the end");
    return false;
  }
  return root_.state != SpfState::Unknown;
}

void SpfJudge::syntax(const SpfNode& node) {
  for (const SpfFault& fault : node.record.errors) {
    row("SPF-SYNTAX", Severity::Error, kLaunch,
        &node == &root_ ? std::string("your SPF record has a syntax error")
                        : fmt::format("the SPF record of {}, which yours includes, has a syntax error", node.domain),
        fmt::format("'{}': {}", fault.term, fault.what), kBroken,
        fault.help.empty() ? "correct this term" : fmt::format("correct this term; meant may be: {}", fault.help), {},
        fault.term);
  }
}

void SpfJudge::state(const SpfNode& node) {
  if (node.state == SpfState::Syntax) syntax(node);
  if (node.state == SpfState::Loop) {
    row("SPF-LOOP", Severity::Error, kLaunch, "your SPF record includes itself",
        fmt::format("it comes back to {}", node.domain), kBroken, "remove the include or redirect that leads back", {},
        node.domain);
  }
  if (node.state == SpfState::Missing || (node.state == SpfState::Several && &node != &root_)) {
    const bool several = node.state == SpfState::Several;
    row("SPF-INCLUDE", Severity::Error, kLaunch,
        fmt::format("your SPF record includes {}, which has {}", node.domain, several ? "several" : "none"),
        several ? "it has more than one SPF record" : "there is no SPF record at that name (RFC 7208, 5.2)", kBroken,
        "remove it, or correct it to what the service documents", {}, node.domain);
  }
  for (const SpfNode::Child& child : node.children) state(child.node.front());
}

void SpfJudge::remarks(const SpfNode& node) {
  for (const SpfFault& remark : node.record.remarks) {
    row("SPF-ALL", Severity::Warning, kScale, "a part of your SPF record is never read",
        fmt::format("'{}': {}", remark.term, remark.what), "what you meant by it is not in force",
        remark.help.empty() ? "move it before the all, or remove it" : fmt::format("write {}", remark.help), {},
        remark.term);
  }
}

void SpfJudge::lookups() {
  const std::string tree = spf_tree(root_);
  std::vector<std::string> lines;
  for (const std::string_view line : split(tree, '\n')) {
    if (!line.empty()) lines.emplace_back(line);
  }
  if (root_.lookups > kSpfLookupLimit) {
    row("SPF-LOOKUPS", Severity::Error, kLaunch, "your SPF record is too long to be evaluated",
        fmt::format("it costs {} lookups; receivers stop at {} (RFC 7208, 4.6.4): {}", root_.lookups, kSpfLookupLimit,
                    fmt::join(lines, "; ")),
        kBroken, "remove services that you no longer use; give the others a subdomain of their own to send from");
  } else if (root_.lookups > kSpfLookupLimit - 2) {
    row("SPF-LOOKUPS", Severity::Warning, kScale, "your SPF record is about to become too long",
        fmt::format("it costs {} of {} lookups: {}", root_.lookups, kSpfLookupLimit, fmt::join(lines, "; ")),
        "the next service that you add, or that one of them adds, makes it fail",
        "remove services that you no longer use");
  } else {
    context_.pass("SPF-LOOKUPS", fmt::format("{} of {} lookups", root_.lookups, kSpfLookupLimit));
  }
}

void SpfJudge::collect_voids(const SpfNode& node, std::vector<std::string>& out) const {
  out.insert(out.end(), node.void_terms.begin(), node.void_terms.end());
  for (const SpfNode::Child& child : node.children) collect_voids(child.node.front(), out);
}

void SpfJudge::voids() {
  std::vector<std::string> terms;
  collect_voids(root_, terms);
  if (root_.voids > kSpfVoidLimit) {
    row("SPF-VOID", Severity::Warning, kLaunch, "your SPF record asks for names that are gone",
        fmt::format("{} terms have no answer, receivers may stop at {} (RFC 7208, 4.6.4): {}", root_.voids,
                    kSpfVoidLimit, fmt::join(terms, ", ")),
        kBroken, "remove these terms");
  } else if (root_.voids + root_.voids_v6 > kSpfVoidLimit) {
    row("SPF-VOID", Severity::Note, kScale, "mail sent over IPv6 may not pass SPF",
        fmt::format("for a sender with IPv6, {} of the questions have no answer; some receivers count that",
                    root_.voids + root_.voids_v6),
        "a few receivers give up on the record", "use ip4 and ip6 in place of a and mx");
  }
}

void SpfJudge::all() {
  bool said = false;
  const char qualifier = final_qualifier(root_, &said);
  if (!said) {
    row("SPF-ALL", Severity::Warning, kConversion, "your SPF record has no end",
        "there is neither all nor redirect, which counts as ?all: nothing is said of other servers",
        "forged mail passes as neutral", "end the record with ~all");
  } else if (qualifier == '+') {
    row("SPF-ALL", Severity::Error, kLaunch, "your SPF record lets the whole world send in your name",
        "it ends with +all (a bare all is the same)", "forged mail passes SPF, and so DMARC",
        "end the record with ~all");
  } else if (qualifier == '?') {
    row("SPF-ALL", Severity::Warning, kConversion, "your SPF record says nothing of forged mail", "it ends with ?all",
        "forged mail passes as neutral", "end the record with ~all");
  } else {
    context_.pass("SPF-ALL", fmt::format("ends with {}all", qualifier));
  }
}

void SpfJudge::wide_address(const SpfTerm& term) {
  if (term.qualifier != '+') return;
  const bool v6 = term.kind == SpfKind::Ip6;
  const int prefix = v6 ? term.prefix6 : term.prefix4;
  if (prefix < 0 || prefix >= (v6 ? 32 : 16)) return;
  const bool everybody = prefix <= (v6 ? 16 : 8);
  row("SPF-WIDE", everybody ? Severity::Error : Severity::Warning, everybody ? kLaunch : kScale,
      "your SPF record lets a large part of the internet send in your name",
      fmt::format("{} covers 2^{} addresses", term.text, (v6 ? 128 : 32) - prefix),
      "forged mail passes SPF, and so DMARC", "name the addresses that really send", {}, term.text);
}

void SpfJudge::wide(const SpfNode& node) {
  for (const SpfTerm& term : node.record.terms) {
    if (term.kind == SpfKind::Ip4 || term.kind == SpfKind::Ip6) wide_address(term);
  }
  for (const std::string& term : node.wide_mx) {
    row("SPF-LOOKUPS", Severity::Error, kLaunch, "your SPF record asks for too many mail servers",
        fmt::format("'{}' has more than {} MX records (RFC 7208, 4.6.4)", term, kSpfMxLimit), kBroken,
        "use ip4 and ip6, or include what your provider documents", {}, term);
  }
  for (const SpfNode::Child& child : node.children) wide(child.node.front());
}

void SpfJudge::ptr(const SpfNode& node) {
  for (const SpfTerm& term : node.record.terms) {
    if (term.kind != SpfKind::Ptr) continue;
    row("SPF-PTR", Severity::Warning, kScale, "your SPF record uses ptr",
        fmt::format("'{}' is slow, unreliable and not to be used (RFC 7208, 5.5)", term.text),
        "large receivers skip it, so mail that relies on it fails", "name the addresses instead", {}, term.text);
  }
}

void SpfJudge::size() {
  if (root_.size > 450) {
    row("SPF-SIZE", Severity::Warning, kScale, "your SPF record is long",
        fmt::format("it has {} bytes; over {} it may not fit into an answer (RFC 7208, 3.4)", root_.size,
                    root_.size > 512 ? 512 : 450),
        "some receivers get no answer in time", "remove services that you no longer use");
  }
  if (root_.type99) {
    row("SPF-SIZE", Severity::Note, kScale, "there is a record of the old type SPF",
        "type 99 is read by nobody (RFC 7208, 3.1)", "nothing; it will contradict the TXT record one day", "remove it");
  }
}

void SpfJudge::judge() {
  if (!present()) return;
  state(root_);
  const bool sound = worst_state(root_) == SpfState::Ok;
  if (sound) context_.pass("SPF-SYNTAX", "one record, well-formed");
  remarks(root_);
  lookups();
  voids();
  if (root_.state == SpfState::Ok) all();
  wide(root_);
  ptr(root_);
  size();
}

// A provider that tightship.toml names, and whose include is nowhere.
void check_provider(DnsContext& context, const MailProvider& provider) {
  if (provider.include.empty()) return;
  const std::string at =
      provider.spf_label.empty() ? context.domain : fmt::format("{}.{}", provider.spf_label, context.domain);
  const SpfNode own = at == context.domain ? context.facts.spf : evaluate_spf(context.store, at);
  if (own.state == SpfState::Unknown) return;
  for (const std::string& name : spf_includes(own)) {
    for (const std::string_view wanted : split(provider.include, ' ')) {
      if (is_in_zone(name, wanted)) return context.pass("SPF-TYPE", fmt::format("{} may send", provider.title));
    }
  }
  const std::string_view include = split(provider.include, ' ').front();
  context.problem(
      {.id = "SPF-TYPE",
       .severity = Severity::Error,
       .risk_class = kLaunch,
       .where = at,
       .title = fmt::format("{} is not allowed to send your mail", provider.title),
       .why = fmt::format("tightship.toml names it, and the SPF record of {} does not include {}", at, include),
       .breaks = "mail that it sends for you lands in spam or is refused",
       .fix = fmt::format("add include:{} to the record, before the all", include),
       .subject = std::string(provider.name)});
}

}  // namespace

void check_spf(DnsContext& context) { context.facts.spf = evaluate_spf(context.store, context.domain); }

void judge_spf(DnsContext& context) {
  SpfJudge(context, context.facts.spf).judge();
  for (const std::string& name : context.options.site.mail_providers) {
    if (const MailProvider* provider = find_mail_provider(name))
      check_provider(context, *provider);
    else
      context.unchecked(fmt::format("the mail provider '{}' of tightship.toml is not known here", name));
  }
}

}  // namespace tightship::net
