// TXT-SECRET, and the services that TXT records prove the domain to (TXT-STALE).

#include <algorithm>

#include "net/dns_context.h"
#include "net/dns_providers.h"

namespace tightship::net {
namespace {

void find_secrets(DnsContext& context, const std::string& name, const std::string& value) {
  for (const TextSecret& secret : context.options.find_secrets(value)) {
    context.problem({.id = "TXT-SECRET",
                     .severity = secret.severity,
                     .risk_class = kLaunch,
                     .where = name,
                     .title = fmt::format("{} is public in your DNS", secret.title),
                     .why = "a TXT record holds it",
                     .breaks = "anybody in the world can read and use it; archives of DNS keep it for years",
                     .fix = "roll it where it was issued, then remove the record",
                     .minutes = 20,
                     .urgent = true,
                     .subject = secret.title,
                     .value_id = secret.value_id});
  }
}

// Every TXT answer below the domain that was fetched anyway.
void search_texts(DnsContext& context) {
  if (!context.options.find_secrets) return context.unchecked("secrets in TXT records");
  for (const auto& [ask, answer] : context.store.answers()) {
    if (ask.type != RrType::Txt || answer.state != AnswerState::Answered) continue;
    for (const Record& record : answer.message.answers) {
      const TxtData* txt = data_of<TxtData>(record);
      if (txt == nullptr || record.name != ask.name || !is_in_zone(record.name, context.domain)) continue;
      std::string value;
      for (const std::string& piece : txt->pieces) value += piece;
      find_secrets(context, record.name, value);
    }
  }
}

}  // namespace

void check_txt(DnsContext& context) {
  std::vector<std::string>& services = context.facts.verifications;
  for (const std::string& value : txt_values(context.lookup(context.domain, RrType::Txt))) {
    const std::string_view service = verification_service(value);
    if (!service.empty() && std::find(services.begin(), services.end(), service) == services.end()) {
      services.emplace_back(service);
    }
  }
  std::sort(services.begin(), services.end());
  search_texts(context);
  if (services.empty()) return;
  context.problem({.id = "TXT-STALE",
                   .severity = Severity::Note,
                   .risk_class = kScale,
                   .where = context.domain,
                   .title = "services that may act for the domain",
                   .why = fmt::format("TXT records prove it to {}", fmt::join(services, ", ")),
                   .breaks = "a service that you left can still act in your name",
                   .fix = "remove the records of those that you no longer use"});
}

}  // namespace tightship::net
