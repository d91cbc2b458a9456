#include "net/tls_problems.h"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>

namespace tightship::net {
namespace {

using detect::RiskClass;
using detect::Severity;
using readiness::Problem;
using readiness::Report;

constexpr std::string_view kWarningPage = "every browser shows a full-page security warning instead of your site";
constexpr std::int64_t kDay = 86'400;

std::string day_text(std::int64_t time) {
  const std::time_t t = static_cast<std::time_t>(std::clamp<std::int64_t>(time, 0, 253'402'300'799));
  std::tm tm{};
  ::gmtime_r(&t, &tm);
  return fmt::format("{:04}-{:02}-{:02}", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
}

std::string days_text(std::int64_t days) { return fmt::format("{} day{}", days, days == 1 ? "" : "s"); }

std::string names_text(const Certificate& certificate) {
  constexpr std::size_t kMost = 4;
  std::vector<std::string> all = certificate.names;
  all.insert(all.end(), certificate.addresses.begin(), certificate.addresses.end());
  std::string text;
  for (std::size_t i = 0; i < std::min(all.size(), kMost); ++i) text += (i == 0 ? "" : ", ") + all[i];
  if (all.size() > kMost) text += fmt::format(" and {} more", all.size() - kMost);
  return text.empty() ? "no name" : text;
}

std::string starttls_flag(const TlsHost& host) { return host.starttls == StartTls::Smtp ? " -starttls smtp" : ""; }

std::string show_command(const TlsHost& host, std::string_view flags, std::string_view then = {}) {
  return fmt::format("openssl s_client -connect {} -servername {}{}{} < /dev/null{}", host.target.text(),
                     host.target.host, starttls_flag(host), flags, then);
}

// Gathers the problems of one host: the same one at both addresses is one row.
class Rows {
 public:
  explicit Rows(const TlsHost& host) : host_(host) {}

  // `endpoint` null: of the host as a whole.
  Problem& add(const TlsEndpoint* endpoint, std::string id, Severity severity, RiskClass risk, std::string title,
               const std::string& detail = {});
  void finish(Report& report);

 private:
  struct Row {
    Problem problem;
    std::vector<std::string> addresses;
  };
  const TlsHost& host_;
  std::vector<Row> rows_;
};

// Mail between servers on port 25 goes on without a good certificate; nobody sees a warning page.
bool is_opportunistic(const TlsHost& host) { return host.starttls == StartTls::Smtp && host.target.port == 25; }

Problem& Rows::add(const TlsEndpoint* endpoint, std::string id, Severity severity, RiskClass risk, std::string title,
                   const std::string& detail) {
  const std::string subject = host_.target.text() + (detail.empty() ? "" : " " + detail);
  for (Row& row : rows_) {
    if (row.problem.id != id || row.problem.subject != subject) continue;
    if (endpoint != nullptr) row.addresses.push_back(endpoint->address);
    return row.problem;
  }
  Row row;
  row.problem.id = std::move(id);
  row.problem.source = "tls";
  row.problem.severity = is_opportunistic(host_) ? std::min(severity, Severity::Warning) : severity;
  row.problem.risk_class = is_opportunistic(host_) ? RiskClass::ScaleRisk : risk;
  row.problem.exposure = readiness::Exposure::Web;
  row.problem.title = std::move(title);
  row.problem.subject = subject;
  row.problem.spots.push_back({host_.target.text(), 0, 0});
  if (endpoint != nullptr) row.addresses.push_back(endpoint->address);
  rows_.push_back(std::move(row));
  return rows_.back().problem;
}

void Rows::finish(Report& report) {
  const auto shaken = static_cast<std::size_t>(
      std::count_if(host_.endpoints.begin(), host_.endpoints.end(), [](const TlsEndpoint& e) { return e.ok(); }));
  for (Row& row : rows_) {
    if (!row.addresses.empty() && row.addresses.size() < shaken)
      row.problem.why += fmt::format(" (only at {})", row.addresses.front());
    report.problems.push_back(std::move(row.problem));
  }
}

void put(Problem& problem, std::string why, std::string_view breaks, std::string fix, std::uint32_t minutes,
         std::vector<std::string> commands = {}) {
  if (!problem.why.empty()) return;  // the other address said it already
  problem.why = std::move(why);
  problem.breaks = breaks;
  problem.fix = std::move(fix);
  problem.minutes = minutes;
  problem.commands = std::move(commands);
}

// --- the chain ---

void expired(const TlsHost& host, const TlsEndpoint& at, const ChainError& error, std::int64_t now, Rows& rows) {
  const bool leaf = error.depth == 0;
  const auto depth = static_cast<std::size_t>(error.depth);
  const Certificate* certificate = depth < at.chain.built.size() ? &at.chain.built[depth] : nullptr;
  Problem& p = rows.add(&at, "TLS-EXPIRED", Severity::Error, RiskClass::LaunchBlocker,
                        leaf ? fmt::format("The certificate of {} has expired", host.target.host)
                             : fmt::format("{} sends an authority's certificate that has expired", host.target.host),
                        leaf ? "" : error.subject);
  const std::string when =
      certificate == nullptr ? error.text
                             : fmt::format("it ended on {}, {} ago", day_text(certificate->not_after),
                                           days_text(std::max<std::int64_t>(0, (now - certificate->not_after) / kDay)));
  put(p, leaf ? when : fmt::format("\"{}\": {}", error.subject, when), kWarningPage,
      leaf ? "renew it, make the server load the new file, and find out why the automatic renewal did not run"
           : "install the chain file that came with the last renewal, not an older one",
      30, {show_command(host, "", " | openssl x509 -noout -dates")});
}

void not_yet(const TlsHost& host, const TlsEndpoint& at, const ChainError& error, Rows& rows) {
  const auto depth = static_cast<std::size_t>(error.depth);
  Problem& p = rows.add(&at, "TLS-NOT-YET", Severity::Error, RiskClass::LaunchBlocker,
                        fmt::format("The certificate of {} is not valid yet", host.target.host),
                        error.depth == 0 ? "" : error.subject);
  put(p,
      depth < at.chain.built.size() ? fmt::format("it begins on {}", day_text(at.chain.built[depth].not_before))
                                    : error.text,
      kWarningPage, "check the clock of the machine that made it, or issue a new certificate", 30);
}

void no_issuer(const TlsHost& host, const TlsEndpoint& at, const ChainError& error, Rows& rows) {
  const auto depth = static_cast<std::size_t>(error.depth);
  const Certificate* last = depth < at.chain.built.size() ? &at.chain.built[depth] : nullptr;
  const bool fetchable = last != nullptr && last->names_issuer_url && !last->self_signed;
  const std::string issuer = last == nullptr ? "its issuer" : fmt::format("\"{}\"", last->issuer);
  if (fetchable) {
    Problem& p = rows.add(&at, "TLS-CHAIN-INCOMPLETE", Severity::Error, RiskClass::LaunchBlocker,
                          fmt::format("{} does not send the whole certificate chain", host.target.host));
    put(p, fmt::format("the certificate of {}, which signed \"{}\", is missing", issuer, last->subject),
        "phones, apps, webhooks and curl refuse the connection, though desktop browsers may show the page",
        "configure the file with the full chain (fullchain.pem, not cert.pem) and reload the server", 10,
        {show_command(host, " -showcerts")});
    return;
  }
  Problem& p = rows.add(&at, "TLS-UNTRUSTED", Severity::Error, RiskClass::LaunchBlocker,
                        fmt::format("Nobody trusts the certificate of {}", host.target.host));
  put(p, fmt::format("it was signed by {}, which is not a known authority and was not sent with it", issuer),
      kWarningPage,
      "get a certificate from a public authority such as Let's Encrypt; if it is from one, send the full chain", 30,
      {show_command(host, " -showcerts")});
}

void self_signed(const TlsHost& host, const TlsEndpoint& at, Rows& rows) {
  Problem& p = rows.add(&at, "TLS-SELF-SIGNED", Severity::Error, RiskClass::LaunchBlocker,
                        fmt::format("The certificate of {} is self-signed", host.target.host));
  put(p, "the server made it itself; no authority vouches for it", kWarningPage,
      "get a certificate from a public authority such as Let's Encrypt (certbot, Caddy, or your host's switch for "
      "HTTPS)",
      30);
}

void untrusted_root(const TlsHost& host, const TlsEndpoint& at, const ChainError& error, Rows& rows) {
  Problem& p = rows.add(&at, "TLS-UNTRUSTED", Severity::Error, RiskClass::LaunchBlocker,
                        fmt::format("Nobody trusts the certificate of {}", host.target.host));
  put(p, fmt::format("its chain ends at \"{}\", which is not among the authorities of browsers", error.subject),
      kWarningPage,
      "get a certificate from a public authority such as Let's Encrypt; for a private one give its root with --ca FILE",
      30);
}

void invalid(const TlsHost& host, const TlsEndpoint& at, const ChainError& error, Rows& rows) {
  Problem& p = rows.add(&at, "TLS-CHAIN-INVALID", Severity::Error, RiskClass::LaunchBlocker,
                        fmt::format("The certificate chain of {} breaks a rule", host.target.host),
                        fmt::format("{} {}", error.subject, error.text));
  put(p, fmt::format("\"{}\": {}", error.subject, error.text), kWarningPage,
      "issue the certificate anew from the authority, as a server certificate, and install what it gives", 30,
      {show_command(host, " -showcerts")});
}

void judge_chain(const TlsHost& host, const TlsEndpoint& at, std::int64_t now, Rows& rows) {
  for (const ChainError& error : at.chain.errors) {
    switch (error.fault) {
      case ChainFault::Expired: expired(host, at, error, now, rows); break;
      case ChainFault::NotYetValid: not_yet(host, at, error, rows); break;
      case ChainFault::SelfSigned: self_signed(host, at, rows); break;
      case ChainFault::Untrusted: untrusted_root(host, at, error, rows); break;
      case ChainFault::NoIssuer: no_issuer(host, at, error, rows); break;
      case ChainFault::Invalid: invalid(host, at, error, rows); break;
    }
  }
  if (!at.chain.order_wrong && !at.chain.root_sent && !at.chain.duplicate_sent) return;
  if (at.sent.size() < 2) return;
  Problem& p =
      rows.add(&at, "TLS-CHAIN-ORDER", Severity::Note, RiskClass::ScaleRisk,
               fmt::format("{} sends certificates that are not needed, or in the wrong order", host.target.host));
  const std::string_view what = at.chain.order_wrong      ? "a certificate is not followed by that of its issuer"
                                : at.chain.duplicate_sent ? "the same certificate is sent twice"
                                                          : "the root is sent; every client has it already";
  put(p, std::string(what), "old clients may refuse it; every new connection carries the extra bytes",
      "install the full chain file as the authority gives it", 10, {show_command(host, " -showcerts")});
}

// --- the leaf ---

void judge_name(const TlsHost& host, const TlsEndpoint& at, Rows& rows) {
  if (at.name == NameMatch::Yes) return;
  if (at.name == NameMatch::CommonNameOnly) {
    Problem& p = rows.add(&at, "TLS-SAN", Severity::Error, RiskClass::LaunchBlocker,
                          fmt::format("The certificate names {} in a place browsers no longer read", host.target.host));
    put(p, "the name is the common name only; there is no subject alternative name", kWarningPage,
        fmt::format("issue it anew with the subject alternative name DNS:{}", host.target.host), 30);
    return;
  }
  Problem& p = rows.add(&at, "TLS-HOST", Severity::Error, RiskClass::LaunchBlocker,
                        fmt::format("{} shows a certificate for another name", host.target.host));
  put(p, fmt::format("the certificate is for {}", names_text(at.sent.front())), kWarningPage,
      fmt::format("issue a certificate that names {}, or point the name at the server that has one", host.target.host),
      20, {show_command(host, "", " | openssl x509 -noout -ext subjectAltName")});
}

void judge_dates(const TlsHost& host, const TlsEndpoint& at, std::int64_t now, Rows& rows) {
  const Certificate& leaf = at.sent.front();
  const Expiry expiry = judge_expiry(leaf, now);
  const std::int64_t days = days_left(leaf, now);
  const std::string when = fmt::format("it ends on {}; {} of its {} days are left", day_text(leaf.not_after), days,
                                       (leaf.not_after - leaf.not_before + kDay / 2) / kDay);
  if (expiry == Expiry::VerySoon || expiry == Expiry::Soon) {
    const bool very = expiry == Expiry::VerySoon;
    Problem& p = rows.add(&at, "TLS-EXPIRY", very ? Severity::Error : Severity::Warning, RiskClass::LaunchBlocker,
                          fmt::format("The certificate of {} ends in {}", host.target.host, days_text(days)));
    put(p, when, fmt::format("from that day on {}", kWarningPage),
        "renew it now, and check that the automatic renewal runs and reloads the server", 20);
  } else if (expiry == Expiry::RenewalLate) {
    Problem& p = rows.add(&at, "TLS-RENEWAL", Severity::Note, RiskClass::ScaleRisk,
                          fmt::format("The automatic renewal of {} seems late", host.target.host));
    put(p, when + "; automatic renewal usually happens with a third left", "the certificate may run out unnoticed",
        "look at the log of the renewal (certbot renew --dry-run)", 15);
  }
}

// The longest lifetime a public authority may give to a certificate of that day (ballot SC-081v3).
std::int64_t longest_days(std::int64_t issued) {
  if (issued >= 1'868'227'200) return 47;      // 2029-03-15
  if (issued >= 1'805'068'800) return 100;     // 2027-03-15
  if (issued >= 1'773'532'800) return 200;     // 2026-03-15
  return issued >= 1'598'918'400 ? 398 : 825;  // 2020-09-01
}

void judge_lifetime(const TlsHost& host, const TlsEndpoint& at, Rows& rows) {
  const Certificate& leaf = at.sent.front();
  const std::int64_t days = (leaf.not_after - leaf.not_before) / kDay;
  const std::int64_t longest = longest_days(leaf.not_before);
  if (days <= longest) return;
  Problem& p =
      rows.add(&at, "TLS-LIFETIME", Severity::Note, RiskClass::ScaleRisk,
               fmt::format("The certificate of {} lives longer than public authorities may give", host.target.host));
  put(p, fmt::format("{} days; {} are allowed for one of {}", days, longest, day_text(leaf.not_before)),
      "fine for a private authority; browsers refuse it from a public one",
      "issue shorter certificates and renew them automatically", 30);
}

bool is_weak_key(const Certificate& certificate) {
  if (certificate.key_kind == KeyKind::Rsa) return certificate.key_bits < 2048;
  if (certificate.key_kind == KeyKind::Ec) return certificate.key_bits < 256;
  return certificate.key_kind == KeyKind::Dsa;
}

bool is_weak_digest(std::string_view digest) {
  return digest == "SHA1" || digest == "MD5" || digest == "MD4" || digest == "MD2" || digest == "MD5-SHA1";
}

// Of the leaf and the intermediates; nobody checks how a root was signed.
void judge_strength(const TlsHost& host, const TlsEndpoint& at, Rows& rows) {
  const std::vector<Certificate>& chain = at.chain.built.empty() ? at.sent : at.chain.built;
  for (std::size_t i = 0; i < chain.size(); ++i) {
    const Certificate& one = chain[i];
    if (i > 0 && one.self_signed) continue;
    const std::string detail = i == 0 ? "" : one.subject;
    if (is_weak_key(one)) {
      Problem& p = rows.add(&at, "TLS-KEY", Severity::Error, RiskClass::LaunchBlocker,
                            fmt::format("The key of the certificate of {} is too weak", host.target.host), detail);
      put(p, fmt::format("\"{}\" has {}; RSA 2048 or EC P-256 is the least", one.subject, one.key),
          "browsers refuse it; the key can be computed and your site be impersonated",
          "make a new key and have a new certificate issued for it", 30,
          {"openssl ecparam -name prime256v1 -genkey -noout -out site.key"});
    }
    if (is_weak_digest(one.signature_digest)) {
      Problem& p = rows.add(
          &at, "TLS-SIG", Severity::Error, RiskClass::LaunchBlocker,
          fmt::format("The certificate of {} is signed with {}", host.target.host, one.signature_digest), detail);
      put(p, fmt::format("\"{}\" is signed with {}, which can be forged", one.subject, one.signature_digest),
          kWarningPage, "have it issued anew, with SHA-256", 30);
    }
  }
}

std::string_view staple_words(Staple staple) {
  switch (staple) {
    case Staple::None: return "the server staples nothing";
    case Staple::Expired: return "the stapled answer is of the past";
    default: return "the stapled answer cannot be used: it is of another certificate, or not signed by the authority";
  }
}

void judge_staple(const TlsHost& host, const TlsEndpoint& at, Rows& rows) {
  const Certificate& leaf = at.sent.front();
  if (at.staple == Staple::Revoked) {
    Problem& p = rows.add(&at, "TLS-REVOKED", Severity::Error, RiskClass::LaunchBlocker,
                          fmt::format("The certificate of {} has been revoked", host.target.host));
    put(p, "the authority says so in the answer that the server itself delivers", kWarningPage,
        "make a new key and have a new certificate issued; find out who revoked this one", 30);
    return;
  }
  if (leaf.must_staple && at.staple != Staple::Good) {
    Problem& p =
        rows.add(&at, "TLS-STAPLE", Severity::Error, RiskClass::LaunchBlocker,
                 fmt::format("The certificate of {} demands a stapled answer that is not sent", host.target.host));
    put(p, fmt::format("it has the must-staple extension, and {}", staple_words(at.staple)),
        "Firefox refuses the connection",
        "switch stapling on (nginx: ssl_stapling on), or issue the certificate without must-staple", 20);
  } else if (at.staple == Staple::Expired || at.staple == Staple::Unusable) {
    Problem& p = rows.add(&at, "TLS-STAPLE", Severity::Warning, RiskClass::ScaleRisk,
                          fmt::format("What {} staples on revocation is worth nothing", host.target.host));
    put(p, std::string(staple_words(at.staple)), "clients that look at it refuse the connection, or ask the authority",
        "see why the server fetches no new one: its clock, its resolver, or a firewall", 20);
  } else if (leaf.names_ocsp_url && at.staple == Staple::None) {
    Problem& p = rows.add(&at, "TLS-STAPLE", Severity::Note, RiskClass::ScaleRisk,
                          fmt::format("{} staples no answer on revocation", host.target.host));
    put(p, "the certificate names an OCSP responder",
        "some clients ask the authority themselves, which costs them time", "nginx: ssl_stapling on", 10);
  }
}

// --- the host ---

void judge_protocols(const TlsHost& host, Rows& rows) {
  const auto yes = [&](std::size_t v) { return host.protocols[v] == Accepts::Yes; };
  if (!yes(3) && !yes(4) && (yes(0) || yes(1) || yes(2))) {
    Problem& p = rows.add(nullptr, "TLS-PROTO-NONE", Severity::Error, RiskClass::LaunchBlocker,
                          fmt::format("{} speaks no version of TLS that browsers accept", host.target.host));
    put(p, "neither TLS 1.2 nor TLS 1.3", "no current browser can open the site",
        "switch TLS 1.2 and 1.3 on (nginx: ssl_protocols TLSv1.2 TLSv1.3), or update the server", 30);
  }
  if (yes(0)) {
    Problem& p = rows.add(nullptr, "TLS-PROTO-SSL3", Severity::Error, RiskClass::ScaleRisk,
                          fmt::format("{} still accepts SSLv3", host.target.host));
    put(p, "a connection with SSLv3 was accepted",
        "cookies can be read by whoever is in between (POODLE); security reviews fail",
        "nginx: ssl_protocols TLSv1.2 TLSv1.3", 10);
  }
  if (yes(1) || yes(2)) {
    Problem& p = rows.add(nullptr, "TLS-PROTO-OLD", Severity::Warning, RiskClass::ScaleRisk,
                          fmt::format("{} still accepts {}", host.target.host,
                                      yes(1) && yes(2) ? "TLS 1.0 and 1.1"
                                      : yes(1)         ? "TLS 1.0"
                                                       : "TLS 1.1"));
    put(p, "a handshake with it was completed",
        "security reviews and card payments (PCI DSS) fail; no current browser needs it",
        "nginx: ssl_protocols TLSv1.2 TLSv1.3; at a CDN: minimum TLS version 1.2", 10);
  }
}

void judge_ciphers(const TlsHost& host, Rows& rows) {
  for (const WeakCipher weak : host.weak) {
    const bool old = weak == WeakCipher::Rc4 || weak == WeakCipher::TripleDes;
    Problem& p = rows.add(nullptr, "TLS-CIPHER", old ? Severity::Warning : Severity::Error, RiskClass::ScaleRisk,
                          fmt::format("{} accepts {}", host.target.host, weak_cipher_words(weak)),
                          std::string(weak_cipher_words(weak)));
    put(p, "offered nothing else, the server took it",
        weak == WeakCipher::NoAuthentication || weak == WeakCipher::NoEncryption
            ? "whoever is in between can read and change everything"
            : "recorded traffic can be decrypted; security reviews fail",
        "nginx: ssl_ciphers "
        "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-"
        "POLY1305",
        10);
  }
  if (!host.forward_secrecy) {
    Problem& p = rows.add(nullptr, "TLS-FORWARD", Severity::Warning, RiskClass::ScaleRisk,
                          fmt::format("{} does not use forward secrecy with TLS 1.2", host.target.host));
    put(p, fmt::format("it chose {} though better was offered", host.old_cipher),
        "whoever gets the key one day can read all traffic recorded before", "put ECDHE ciphers first", 10);
  }
}

void judge_rest(const TlsHost& host, const TlsEndpoint& at, Rows& rows) {
  if (host.starttls == StartTls::No && host.target.port == 443 && at.probe.alpn != "h2") {
    Problem& p = rows.add(nullptr, "TLS-ALPN", Severity::Note, RiskClass::ScaleRisk,
                          fmt::format("{} does not offer HTTP/2", host.target.host));
    put(p, at.probe.alpn.empty() ? "no protocol was negotiated" : "it chose http/1.1",
        "pages of many files load more slowly", "nginx: listen 443 ssl http2; most CDNs have a switch", 10);
  }
  if (host.without_name && at.name == NameMatch::Yes) {
    Problem& p = rows.add(nullptr, "TLS-SNI-MISS", Severity::Note, RiskClass::ScaleRisk,
                          fmt::format("Clients that name no host get another certificate from {}", host.target.host));
    put(p, fmt::format("without SNI the server shows one for {}", names_text(*host.without_name)),
        "usual on shared servers; only very old clients notice", "nothing to do, unless such clients are yours", 0);
  }
}

// --- no handshake ---

void add_loss(Report& report, const TlsHost& host, std::string what, std::string help = {}) {
  ++report.loss_count;
  if (report.losses.size() < Ledger::kMaxEntries) {
    report.losses.push_back({LossKind::Unreachable, std::move(what), host.target.text(), std::move(help)});
  }
}

bool is_silence(ProbeOutcome outcome) {
  return outcome == ProbeOutcome::NoAnswer || outcome == ProbeOutcome::Unreachable;
}

void refused(const TlsHost& host, const TlsEndpoint& at, Rows& rows) {
  Problem& p = rows.add(nullptr, "TLS-CONNECT", Severity::Error, RiskClass::LaunchBlocker,
                        fmt::format("Nothing listens at {}", host.target.text()));
  put(p, fmt::format("{} refused the connection", at.address), "the site cannot be opened with https",
      "start the server, or open the port in the firewall", 15);
}

void no_handshake(const TlsHost& host, const TlsEndpoint& at, Rows& rows) {
  if (at.probe.outcome == ProbeOutcome::NoStartTls) {
    Problem& p = rows.add(nullptr, "TLS-STARTTLS", Severity::Error, RiskClass::LaunchBlocker,
                          fmt::format("{} does not encrypt mail", host.target.text()));
    put(p, at.probe.failure, "mail and passwords go over the network in the clear",
        "switch STARTTLS on (postfix: smtpd_tls_security_level = may)", 20);
    return;
  }
  Problem& p = rows.add(nullptr, "TLS-HANDSHAKE", Severity::Error, RiskClass::LaunchBlocker,
                        fmt::format("{} answers, but no secure connection can be made", host.target.text()));
  put(p,
      fmt::format("{}: {}", at.address,
                  at.probe.outcome == ProbeOutcome::Alert
                      ? fmt::format("it ended the handshake with \"{}\"", at.probe.failure)
                      : at.probe.failure),
      "the site cannot be opened with https",
      at.probe.outcome == ProbeOutcome::NotTls
          ? "make the server speak TLS on this port (nginx: listen 443 ssl)"
          : "look at the server's error log; a missing certificate for this name is the usual cause",
      20, {show_command(host, "")});
}

void judge_unreached(const TlsHost& host, Report& report, Rows& rows) {
  if (host.endpoints.empty()) {
    if (host.lookup != LookupStatus::NoSuchName) {
      return add_loss(report, host, "no resolver answered for this name",
                      "check the network, or give --resolve HOST:PORT:ADDRESS");
    }
    Problem& p = rows.add(nullptr, "TLS-CONNECT", Severity::Error, RiskClass::LaunchBlocker,
                          fmt::format("{} has no address", host.target.host));
    return put(p, "the name does not resolve", "nobody can open the site",
               fmt::format("tightship dns {}", host.target.host), 10);
  }
  for (const TlsEndpoint& at : host.endpoints) {
    if (at.probe.outcome == ProbeOutcome::Refused)
      refused(host, at, rows);
    else if (is_silence(at.probe.outcome)) {
      if (host.endpoints.size() == 1 || !at.ipv6) {
        add_loss(report, host, fmt::format("{}: {}", at.address, at.probe.failure),
                 "check the network and the firewall, then run again");
      }
    } else
      no_handshake(host, at, rows);
  }
}

// One family works and the other does not.
void judge_families(const TlsHost& host, Report& report, Rows& rows) {
  for (const TlsEndpoint& at : host.endpoints) {
    if (at.ok()) continue;
    if (at.probe.outcome == ProbeOutcome::Unreachable) {
      report.not_checked.push_back(
          fmt::format("{} over {}: no route from this machine", host.target.text(), at.ipv6 ? "IPv6" : "IPv4"));
      continue;
    }
    Problem& p = rows.add(nullptr, "TLS-FAMILY", Severity::Warning, RiskClass::ConversionBlocker,
                          fmt::format("{} works over {} only", host.target.host, at.ipv6 ? "IPv4" : "IPv6"));
    put(p, fmt::format("{}: {}", at.address, at.probe.failure),
        "visitors whose network prefers the other family wait or get an error",
        fmt::format("mend the server at {}, or remove its {} record", at.address, at.ipv6 ? "AAAA" : "A"), 15);
  }
}

void add_passed(const TlsHost& host, const TlsEndpoint& at, std::int64_t now, Report& report) {
  const std::string name = host.target.text();
  const Certificate& leaf = at.sent.front();
  if (at.chain.errors.empty())
    report.passed.push_back({"TLS-CHAIN", fmt::format("{}: trusted, from {}", name, leaf.issuer)});
  if (at.name == NameMatch::Yes)
    report.passed.push_back({"TLS-HOST", fmt::format("{}: the certificate names it", name)});
  if (judge_expiry(leaf, now) <= Expiry::RenewalLate)
    report.passed.push_back({"TLS-EXPIRY", fmt::format("{}: {} left", name, days_text(days_left(leaf, now)))});
  if (!is_weak_key(leaf)) report.passed.push_back({"TLS-KEY", fmt::format("{}: {}", name, leaf.key)});
  if (host.protocols[0] == Accepts::No && host.protocols[1] == Accepts::No && host.protocols[2] == Accepts::No) {
    report.passed.push_back({"TLS-PROTO-OLD", fmt::format("{}: nothing older than TLS 1.2", name)});
  }
  if (host.weak.empty() && host.weak_unknown.empty())
    report.passed.push_back({"TLS-CIPHER", fmt::format("{}: no weak cipher", name)});
}

void add_unknown(const TlsHost& host, Report& report) {
  for (std::size_t v = 0; v < kProtocols; ++v) {
    if (host.protocols[v] == Accepts::Unknown)
      add_loss(report, host, fmt::format("no answer to the question for {}", kProtocolNames[v]));
  }
  if (!host.weak_unknown.empty())
    add_loss(report, host, fmt::format("no answer to the question for weak ciphers: {}", host.weak_unknown));
}

std::string versions_text(const TlsHost& host) {
  std::string text;
  for (std::size_t v = 0; v < kProtocols; ++v) {
    if (host.protocols[v] != Accepts::Yes) continue;
    std::string_view name = kProtocolNames[v];
    if (!text.empty() && name.starts_with("TLS ")) name.remove_prefix(4);
    text += (text.empty() ? "" : ", ") + std::string(name);
  }
  return text.empty() ? "-" : text;
}

std::string outcome_text(const TlsHost& host) {
  if (host.endpoints.empty()) return host.lookup == LookupStatus::NoSuchName ? "no address" : "not resolved";
  return "no handshake";
}

std::string addresses_text(const TlsHost& host) {
  std::string text;
  for (const TlsEndpoint& at : host.endpoints) text += (text.empty() ? "" : ", ") + at.address;
  return text;
}

}  // namespace

void judge_tls_host(const TlsHost& host, std::int64_t now, Report& report) {
  Rows rows(host);
  const TlsEndpoint* first = host.first_ok();
  if (first == nullptr) {
    judge_unreached(host, report, rows);
  } else {
    judge_families(host, report, rows);
    for (const TlsEndpoint& at : host.endpoints) {
      if (!at.ok()) continue;
      judge_chain(host, at, now, rows);
      judge_name(host, at, rows);
      judge_dates(host, at, now, rows);
      judge_lifetime(host, at, rows);
      judge_strength(host, at, rows);
      judge_staple(host, at, rows);
    }
    judge_rest(host, *first, rows);
    add_unknown(host, report);
    add_passed(host, *first, now, report);
  }
  judge_protocols(host, rows);
  judge_ciphers(host, rows);
  rows.finish(report);
}

std::vector<readiness::FactTable> tls_facts(const std::vector<TlsHost>& hosts, std::int64_t now) {
  readiness::FactTable table{"hosts", {"host", "address", "versions", "http/2", "ends", "days left"}, {}};
  readiness::FactTable certificates{"certificates", {"host", "issuer", "names", "key", "sent"}, {}};
  for (const TlsHost& host : hosts) {
    const TlsEndpoint* at = host.first_ok();
    if (at == nullptr) {
      table.rows.push_back({host.target.text(), addresses_text(host), outcome_text(host), "", "", ""});
      continue;
    }
    const Certificate& leaf = at->sent.front();
    const std::string issuer = leaf.issuer_organization.empty() || leaf.issuer_organization == leaf.issuer
                                   ? leaf.issuer
                                   : fmt::format("{} ({})", leaf.issuer_organization, leaf.issuer);
    table.rows.push_back({host.target.text(), addresses_text(host), versions_text(host),
                          at->probe.alpn == "h2" ? "yes" : "no", day_text(leaf.not_after),
                          fmt::format("{}", days_left(leaf, now))});
    certificates.rows.push_back(
        {host.target.text(), issuer, names_text(leaf), leaf.key, fmt::format("{}", at->sent.size())});
  }
  std::vector<readiness::FactTable> all{std::move(table)};
  if (!certificates.rows.empty()) all.push_back(std::move(certificates));
  return all;
}

}  // namespace tightship::net
