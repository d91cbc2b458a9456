#include "net/dns_check.h"

#include <sys/random.h>

#include <algorithm>
#include <chrono>

#include "net/dns_context.h"
#include "net/dns_tables.h"
#include "net/idn.h"

namespace tightship::net {
namespace {

constexpr unsigned kMaxRounds = 60;  // of checks and questions; a chain of aliases needs the most

// A label that nobody has made, so that a wildcard can be told.
std::string random_label() {
  std::uint64_t bits = 0;
  if (::getrandom(&bits, sizeof(bits), 0) != sizeof(bits)) bits = 0x7469676874736869;
  return fmt::format("tightship-{:016x}", bits);
}

void run_mail_checks(DnsContext& context) {
  check_spf(context);
  check_mx(context);
  judge_spf(context);
  check_dkim(context);
  check_dmarc(context);
  check_mail_transport(context);
  check_bimi(context);
}

void run_checks(DnsContext& context) {
  if (!context.options.mail_only) {
    check_hosts(context);
    check_name_servers(context);
    check_dnssec(context);
    check_caa(context);
  }
  run_mail_checks(context);
  check_txt(context);
  if (!context.options.mail_only) check_records(context);
  gather_records(context);
  check_drift(context);
}

// One row for each server and kind of failure, however many questions it concerns.
void add_losses(const RecordStore& store, const DnsOptions& options, readiness::Report& report) {
  std::map<std::string, std::pair<std::size_t, const Ask*>> failures;
  for (const auto& [ask, answer] : store.answers()) {
    if (!ask.server.empty() && ask.server != store.zone_server()) continue;  // judged by DNS-NS-LAME
    if (answer.conclusive() || answer.state == AnswerState::Unsendable) continue;
    auto& [count, first] = failures[answer.fault()];
    if (count++ == 0) first = &ask;
  }
  for (const auto& [fault, entry] : failures) {
    const auto& [count, first] = entry;
    const std::string help = options.transport.resolvers.empty() ? "--resolver 9.9.9.9 asks another resolver" : "";
    report.losses.push_back(
        {LossKind::Unreachable,
         fmt::format("{} of {} without an answer: {}", count, counted(store.answers().size(), "question"), fault),
         fmt::format("{} {}", first->name, rr_type_name(first->type)), help});
    ++report.loss_count;
  }
  if (store.overflowed()) {
    report.losses.push_back({LossKind::LimitExceeded, fmt::format("more than {} questions", kMaxQuestions),
                             options.domain, "list fewer hosts"});
    ++report.loss_count;
  }
}

class Driver {
 public:
  Driver(const DnsOptions& options, const Exchange& exchange, std::string domain)
      : options_(options), exchange_(exchange), domain_(std::move(domain)), probe_(random_label()) {}

  Result<DnsResult> run();

 private:
  Result<void> settle();
  Result<void> choose_server();
  bool fetch();

  const DnsOptions& options_;
  const Exchange& exchange_;
  std::string domain_, probe_;
  RecordStore store_;
  std::map<std::string, FetchedText> fetched_;
  std::vector<std::string> urls_;
  DnsResult result_;
  bool no_server_ = false;
};

// Finds a server of the zone that answers for it, and sends all further questions about the zone there.
Result<void> Driver::choose_server() {
  for (unsigned round = 0; round < kMaxRounds; ++round) {
    std::string chosen;
    const Lookup ns = store_.lookup(domain_, RrType::Ns);
    for (const Record* record : ns.records) {
      const Lookup v4 = store_.lookup(data_of<NameData>(*record)->name, RrType::A);
      for (const Record* address : v4.records) {
        const std::string server = fmt::format("{}:{}", data_of<Address>(*address)->text, options_.server_port);
        const Answer& answer = store_.get(domain_, RrType::Soa, server);
        if (chosen.empty() && answer.conclusive() && answer.message.authoritative) chosen = server;
      }
    }
    const std::vector<Ask> wanted = store_.take_wanted();
    if (wanted.empty()) {
      if (!chosen.empty()) store_.route(domain_, chosen);
      no_server_ = chosen.empty();
      return {};
    }
    if (const auto done = exchange_(wanted, store_); !done) return done;
  }
  no_server_ = true;
  return {};
}

bool Driver::fetch() {
  bool any = false;
  for (const std::string& url : urls_) {
    if (fetched_.contains(url)) continue;
    fetched_[url] = options_.fetch(url);
    any = true;
  }
  return any;
}

Result<void> Driver::settle() {
  for (unsigned round = 0; round < kMaxRounds; ++round) {
    result_ = {};
    urls_.clear();
    DnsContext context{options_, store_, domain_, probe_, fetched_, result_.report, result_.facts, urls_};
    result_.facts.domain = domain_;
    run_checks(context);
    const std::vector<Ask> wanted = store_.take_wanted();
    if (wanted.empty()) {
      if (!fetch()) return {};
      continue;
    }
    if (const auto done = exchange_(wanted, store_); !done) return done;
  }
  result_.report.losses.push_back({LossKind::LimitExceeded, "the records lead on without an end", domain_, ""});
  ++result_.report.loss_count;
  return {};
}

Result<DnsResult> Driver::run() {
  const auto started = std::chrono::steady_clock::now();
  if (options_.authoritative) {
    if (const auto chosen = choose_server(); !chosen) return tl::unexpected(chosen.error());
  }
  if (const auto settled = settle(); !settled) return tl::unexpected(settled.error());
  readiness::Report& report = result_.report;
  report.command = "dns";
  report.subject = name_both_ways(domain_);
  add_losses(store_, options_, report);
  if (no_server_) {
    report.losses.push_back(
        {LossKind::Unreachable, "none of its name servers could be asked; a resolver was", domain_, ""});
    ++report.loss_count;
  }
  report.facts = names_table({domain_});
  for (readiness::FactTable& table : dns_tables(result_.facts, options_.mail_only))
    report.facts.push_back(std::move(table));
  report.coverage = counted(store_.answers().size(), "question");
  if (!options_.mail_only) report.coverage += ", " + counted(result_.facts.hosts.size(), "host");
  if (!options_.mail_only) {
    report.not_checked.push_back(
        "whether a service behind an alias is still yours when its name exists: tightship http reads the page of "
        "listed hosts");
  }
  readiness::sort_problems(report.problems);
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  return std::move(result_);
}

Result<std::string> domain_of(const DnsOptions& options) {
  auto domain = ascii_name(canonical_name(options.domain));
  if (!domain || is_host_name(*domain)) return domain;
  return fail(ErrorKind::Usage, "this is no domain name", options.domain, "example.com, without a scheme and a path");
}

}  // namespace

void DnsContext::problem(Row row) {
  readiness::Problem problem;
  problem.id = std::string(row.id);
  problem.source = "dns";
  problem.severity = row.severity;
  problem.risk_class = row.risk_class;
  problem.exposure = readiness::Exposure::Web;
  problem.title = std::move(row.title);
  problem.why = std::move(row.why);
  problem.breaks = std::move(row.breaks);
  problem.fix = std::move(row.fix);
  problem.commands = std::move(row.commands);
  problem.minutes = row.minutes;
  problem.urgent = row.urgent;
  problem.subject = row.subject.empty() ? row.where : std::move(row.subject);
  problem.value_id = std::move(row.value_id);
  problem.spots.push_back({std::move(row.where), 0, 0});
  report.problems.push_back(std::move(problem));
}

bool is_apex(DnsContext& context) {
  const Lookup ns = context.lookup(context.domain, RrType::Ns);
  return !ns.known() || (!ns.records.empty() && ns.name == context.domain);
}

std::string zone_line(std::string_view name, std::string_view type, std::string_view value) {
  return type == "TXT" ? fmt::format("{}. TXT \"{}\"", name, value) : fmt::format("{}. {} {}", name, type, value);
}

std::string counted(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string server_endpoint(const DnsContext& context, const Address& address) {
  return fmt::format("{}{}{}:{}", address.v6 ? "[" : "", address.text, address.v6 ? "]" : "",
                     context.options.server_port);
}

Result<DnsResult> examine_dns(const DnsOptions& options, const Exchange& exchange) {
  auto domain = domain_of(options);
  if (!domain) return tl::unexpected(domain.error());
  return Driver(options, exchange, std::move(*domain)).run();
}

Result<DnsResult> examine_dns(const DnsOptions& options) {
  if (const auto domain = domain_of(options); !domain) return tl::unexpected(domain.error());
  auto transport = Transport::open(options.transport);
  if (!transport) return tl::unexpected(transport.error());
  return examine_dns(
      options, [&](const std::vector<Ask>& asks, RecordStore& store) { return transport->exchange(asks, store); });
}

Result<readiness::Report> check_dns(const DnsOptions& options) {
  auto result = examine_dns(options);
  if (!result) return tl::unexpected(result.error());
  return std::move(result->report);
}

}  // namespace tightship::net
