// DRIFT, and the records that --snapshot writes.

#include <algorithm>
#include <set>

#include "net/dns_context.h"

namespace tightship::net {
namespace {

// Records of one name and type as they stand, aliases not followed; false when they could not be asked.
bool observe(DnsContext& context, const std::string& name, RrType type, ExpectedRecord& out) {
  const Answer& answer = context.store.get(name, type);
  out = {name, type, {}, false, std::nullopt, 0};
  if (!answer.conclusive()) return false;
  for (const Record& record : answer.message.answers) {
    if (record.name != name || record.type != type) continue;
    out.values.push_back(record_value(record));
    out.ttl = record.ttl;
  }
  std::sort(out.values.begin(), out.values.end());
  if (!context.options.authoritative) out.ttl.reset();  // a resolver counts it down
  return true;
}

// A value of TXT may be a secret, and a problem never holds one.
std::string shown(RrType type, const std::string& value) {
  if (type != RrType::Txt) return value;
  if (value.starts_with("v="))
    return fmt::format("'{}…'", value.substr(0, std::min<std::size_t>(value.find_first_of(" ;"), 12)));
  return fmt::format("a text of {}", counted(value.size(), "byte"));
}

std::string shown(RrType type, const std::vector<std::string>& values) {
  std::vector<std::string> out;
  for (const std::string& value : values) out.push_back(shown(type, value));
  return out.empty() ? "nothing" : fmt::format("{}", fmt::join(out, ", "));
}

void say(DnsContext& context, const ExpectedRecord& at, std::string title, std::string why) {
  context.problem({.id = "DRIFT",
                   .severity = Severity::Error,
                   .risk_class = kLaunch,
                   .where = at.name,
                   .title = std::move(title),
                   .why = std::move(why),
                   .breaks = "somebody, or something, has changed your DNS",
                   .fix = fmt::format("put it back, or correct {}", context.options.expect->path),
                   .subject = fmt::format("{} {}", at.name, rr_type_name(at.type))});
}

void compare(DnsContext& context, const ExpectedRecord& wanted, const ExpectedRecord& live) {
  const std::string what = fmt::format("the {} records of {}", rr_type_name(wanted.type), wanted.name);
  const std::string line = fmt::format(" ({}:{})", context.options.expect->path, wanted.line);
  if (wanted.any_of) {
    const bool inside =
        std::includes(wanted.values.begin(), wanted.values.end(), live.values.begin(), live.values.end());
    if (inside && !live.values.empty()) return;
    return say(context, wanted, fmt::format("{} are not among the expected ones", what),
               fmt::format("found {}{}", shown(live.type, live.values), line));
  }
  std::vector<std::string> missing, extra;
  std::set_difference(wanted.values.begin(), wanted.values.end(), live.values.begin(), live.values.end(),
                      std::back_inserter(missing));
  std::set_difference(live.values.begin(), live.values.end(), wanted.values.begin(), wanted.values.end(),
                      std::back_inserter(extra));
  if (!missing.empty() || !extra.empty()) {
    const std::string why = missing.empty() ? fmt::format("not expected: {}", shown(live.type, extra))
                            : extra.empty() ? fmt::format("missing: {}", shown(live.type, missing))
                                            : fmt::format("missing: {}; not expected: {}", shown(live.type, missing),
                                                          shown(live.type, extra));
    return say(context, wanted, fmt::format("{} have changed", what), why + line);
  }
  if (wanted.ttl && live.ttl && *wanted.ttl != *live.ttl) {
    say(context, wanted, fmt::format("the lifetime of {} has changed", what),
        fmt::format("{} s instead of {} s{}", *live.ttl, *wanted.ttl, line));
  }
}

}  // namespace

void gather_records(DnsContext& context) {
  std::vector<std::pair<std::string, RrType>> wanted;
  for (const RrType type : {RrType::A, RrType::Aaaa, RrType::Ns, RrType::Mx, RrType::Txt, RrType::Caa, RrType::Ds}) {
    wanted.emplace_back(context.domain, type);
  }
  for (const HostFacts& host : context.facts.hosts) {
    if (host.name == context.domain) continue;
    if (!host.chain.empty()) {
      wanted.emplace_back(host.name, RrType::Cname);
    } else {
      wanted.emplace_back(host.name, RrType::A);
      wanted.emplace_back(host.name, RrType::Aaaa);
    }
  }
  for (const std::string_view label : {"_dmarc", "_mta-sts", "_smtp._tls", "default._bimi"}) {
    wanted.emplace_back(fmt::format("{}.{}", label, context.domain), RrType::Txt);
  }
  for (const DkimSelector& selector : context.facts.dkim.selectors) {
    wanted.emplace_back(selector.name, selector.chain.empty() ? RrType::Txt : RrType::Cname);
  }
  for (const auto& [name, type] : wanted) {
    ExpectedRecord record;
    if (!observe(context, name, type, record))
      context.facts.records_complete = false;
    else if (!record.values.empty())
      context.facts.records.push_back(std::move(record));
  }
}

void check_drift(DnsContext& context) {
  if (!context.options.expect) return;
  const ExpectedZone& zone = *context.options.expect;
  const std::size_t before = context.report.problems.size();
  std::set<std::pair<std::string, RrType>> expected;
  for (const ExpectedRecord& record : zone.records) {
    expected.emplace(record.name, record.type);
    ExpectedRecord live;
    if (zone.ignores(record.name, record.type) || !observe(context, record.name, record.type, live)) continue;
    compare(context, record, live);
  }
  for (const ExpectedRecord& live : context.facts.records) {
    if (expected.contains({live.name, live.type}) || zone.ignores(live.name, live.type)) continue;
    say(context, live, fmt::format("the {} records of {} are new", rr_type_name(live.type), live.name),
        fmt::format("not expected: {}", shown(live.type, live.values)));
  }
  if (context.report.problems.size() == before) {
    context.pass("DRIFT", fmt::format("as expected: {}", counted(zone.records.size(), "record set")));
  }
}

}  // namespace tightship::net
