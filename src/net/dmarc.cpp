#include "net/dmarc.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "detect/text_class.h"

namespace tightship::net {
namespace {

using detect::lowered;

constexpr std::string_view kKnownTags[] = {"v",    "p",  "sp",  "np", "rua", "ruf", "adkim",
                                           "aspf", "fo", "psd", "t",  "pct", "rf",  "ri"};
constexpr std::string_view kRemovedTags[] = {"pct", "rf", "ri"};

bool is_known(std::string_view name) {
  return std::find(std::begin(kKnownTags), std::end(kKnownTags), name) != std::end(kKnownTags);
}

std::optional<Policy> policy_of(std::string_view text) {
  if (same_word(text, "none")) return Policy::None;
  if (same_word(text, "quarantine")) return Policy::Quarantine;
  if (same_word(text, "reject")) return Policy::Reject;
  return std::nullopt;
}

class RecordParser {
 public:
  DmarcRecord parse(std::string_view text);

 private:
  void policies();
  void policy(std::string_view name, Policy& out, bool& has);
  void options();
  void uris(std::string_view name, std::vector<DmarcUri>& out);
  void names();
  bool one_letter(std::string_view name, std::string_view letters, char& out);
  bool has_usable_rua() const {
    return std::any_of(record_.rua.begin(), record_.rua.end(), [](const DmarcUri& u) { return u.uri.has_value(); });
  }

  DmarcRecord record_;
  TagList list_;
  bool bad_policy_ = false;
};

DmarcRecord RecordParser::parse(std::string_view text) {
  record_.text = std::string(text);
  list_ = parse_tag_list(text);
  names();
  uris("rua", record_.rua);
  uris("ruf", record_.ruf);
  policies();
  options();
  return std::move(record_);
}

void RecordParser::names() {
  for (const std::string_view piece : list_.broken) {
    record_.errors.push_back(fmt::format("'{}' is no tag: a tag is name=value, ended by ';'", piece));
  }
  for (const std::string& name : list_.repeated()) {
    record_.errors.push_back(fmt::format("the tag {} stands there more than once", name));
  }
  for (const Tag& tag : list_.tags) {
    const std::string name = lowered(tag.name);
    if (!is_known(name)) record_.remarks.push_back(fmt::format("'{}' is no tag of DMARC; receivers ignore it", name));
    if (std::find(std::begin(kRemovedTags), std::end(kRemovedTags), name) != std::end(kRemovedTags)) {
      record_.remarks.push_back(fmt::format("{} was removed by RFC 9989; new receivers ignore it", name));
    }
  }
  const Tag* p = list_.find("p");
  if (p != nullptr && list_.tags.size() > 1 && &list_.tags[1] != p) {
    record_.remarks.push_back("p does not follow v; receivers from before RFC 9989 may want it there");
  }
}

void RecordParser::policy(std::string_view name, Policy& out, bool& has) {
  const Tag* tag = list_.find(name);
  has = tag != nullptr;
  if (tag == nullptr) return;
  const auto value = policy_of(tag->value);
  if (value) {
    out = *value;
    return;
  }
  bad_policy_ = true;
  record_.errors.push_back(fmt::format("{} is none, quarantine or reject, not '{}'", name, tag->value));
}

// 4.10.1: without p, or with an sp or np that is none, the record counts as p=none when reports can be sent, else
// it does not apply.
void RecordParser::policies() {
  policy("p", record_.p, record_.has_p);
  record_.sp = record_.p;
  policy("sp", record_.sp, record_.has_sp);
  record_.np = record_.sp;
  policy("np", record_.np, record_.has_np);
  if (record_.has_p && !bad_policy_) return;
  if (bad_policy_) record_.p = record_.sp = record_.np = Policy::None;
  record_.applies = has_usable_rua();
  if (!record_.has_p && record_.applies) record_.remarks.push_back("p is missing, which counts as p=none");
  if (!record_.has_p && !record_.applies) record_.errors.push_back("p is missing");
}

bool RecordParser::one_letter(std::string_view name, std::string_view letters, char& out) {
  const Tag* tag = list_.find(name);
  if (tag == nullptr) return false;
  if (tag->value.size() == 1 && detect::is_one_of(detect::to_lower(tag->value[0]), letters)) {
    out = detect::to_lower(tag->value[0]);
    return true;
  }
  record_.errors.push_back(fmt::format("{} cannot be '{}'; receivers take its default", name, tag->value));
  return false;
}

void RecordParser::options() {
  char letter = 0;
  if (one_letter("t", "yn", letter)) record_.testing = letter == 'y';
  if (one_letter("psd", "ynu", letter)) record_.psd = letter;
  if (one_letter("adkim", "rs", letter)) record_.strict_dkim = letter == 's';
  if (one_letter("aspf", "rs", letter)) record_.strict_spf = letter == 's';
  if (const Tag* fo = list_.find("fo")) {
    for (const std::string_view option : split(fo->value, ':')) {
      if (option.size() == 1 && detect::is_one_of(detect::to_lower(option[0]), "01ds")) continue;
      record_.errors.push_back(fmt::format("fo cannot hold '{}'; receivers take its default", option));
      break;
    }
  }
  const Tag* pct = list_.find("pct");
  if (pct == nullptr) return;
  const auto [end, error] = std::from_chars(pct->value.data(), pct->value.data() + pct->value.size(), record_.pct);
  if (error != std::errc() || end != pct->value.data() + pct->value.size() || record_.pct < 0) record_.pct = -1;
}

void RecordParser::uris(std::string_view name, std::vector<DmarcUri>& out) {
  const Tag* tag = list_.find(name);
  if (tag == nullptr) return;
  for (const std::string_view text : split(tag->value, ',')) {
    out.push_back({std::string(text), parse_report_uri(text)});
    if (!out.back().uri) {
      record_.errors.push_back(fmt::format("'{}' in {} is no address for reports: mailto:name@domain", text, name));
    }
  }
}

// One name of the walk.
struct Stop {
  std::string domain;
  std::size_t records = 0;
  std::string text;
  char psd = 'u';
};

Stop read_stop(const Lookup& txt, std::string domain, DmarcDiscovery* own) {
  Stop stop;
  stop.domain = std::move(domain);
  for (const std::string& value : txt_values(txt)) {
    if (is_dmarc_record(value)) {
      ++stop.records;
      stop.text = value;
    } else if (own != nullptr) {
      (is_dmarc_record(trimmed(value)) ? own->indented : own->strays).push_back(value);
    }
  }
  if (stop.records == 1) {
    const DmarcRecord record = parse_dmarc_record(stop.text);
    stop.psd = record.psd;
  }
  return stop;
}

// 4.10.2: psd=n marks the organizational domain, psd=y (above the domain) the one below it, else it is the record
// with the fewest labels.
std::string organization_of(const std::vector<Stop>& walked, const std::string& domain) {
  std::string organization;
  for (const Stop& stop : walked) {
    if (stop.records != 1) continue;
    if (stop.psd == 'n') return stop.domain;
    if (stop.psd == 'y' && stop.domain != domain) {
      return std::string(last_labels(domain, label_count(stop.domain) + 1));
    }
    organization = stop.domain;
  }
  return organization;
}

// The walk up to where it stops; false when a name on the way is not known.
bool walk(RecordStore& store, const std::string& domain, DmarcDiscovery& out, std::vector<Stop>& walked) {
  bool known = true;
  for (const std::string& name : dmarc_walk(domain)) {
    const Lookup txt = store.lookup("_dmarc." + name, RrType::Txt);
    if (!txt.known()) {
      if (known) out.fault = txt.fault;
      known = false;  // the others are asked for meanwhile
      continue;
    }
    if (!known) continue;
    walked.push_back(read_stop(txt, name, name == domain ? &out : nullptr));
    const Stop& last = walked.back();
    if (last.records == 1 && (last.psd == 'n' || (last.psd == 'y' && name != domain))) return true;
  }
  return known;
}

}  // namespace

std::string_view policy_name(Policy policy) {
  return policy == Policy::Reject ? "reject" : policy == Policy::Quarantine ? "quarantine" : "none";
}

bool is_dmarc_record(std::string_view text) {
  if (text.empty() || (text[0] | 0x20) != 'v') return false;
  text = trimmed(text.substr(1));
  if (!text.starts_with('=')) return false;
  text = trimmed(text.substr(1));
  if (!text.starts_with("DMARC1")) return false;
  text = trimmed(text.substr(6));
  return text.empty() || text.front() == ';';
}

DmarcRecord parse_dmarc_record(std::string_view text) { return RecordParser().parse(text); }

std::vector<std::string> dmarc_walk(const std::string& domain) {
  std::vector<std::string> names{domain};
  // Of a longer name the walk goes on with its last seven labels.
  std::size_t labels = std::min<std::size_t>(label_count(domain), kDmarcQueryLimit);
  while (labels > 1) names.emplace_back(last_labels(domain, --labels));
  return names;
}

Policy DmarcDiscovery::effective() const {
  if (state != DmarcState::Found || !record.applies) return Policy::None;
  return own_records == 1 ? record.p : record.sp;
}

DmarcDiscovery discover_dmarc(RecordStore& store, const std::string& domain) {
  DmarcDiscovery out;
  std::vector<Stop> walked;
  for (const std::string& value : txt_values(store.lookup(domain, RrType::Txt))) {
    out.at_apex = out.at_apex || is_dmarc_record(value);
  }
  if (!walk(store, domain, out, walked)) return out;
  out.own_records = walked.front().records;
  out.organization = organization_of(walked, domain);
  const auto usable = [&](const std::string& name) {
    const auto at =
        std::find_if(walked.begin(), walked.end(), [&](const Stop& s) { return s.domain == name && s.records == 1; });
    return at == walked.end() ? nullptr : &*at;
  };
  const Stop* found = usable(domain);
  if (found == nullptr) found = usable(out.organization);
  if (found == nullptr && !walked.empty() && walked.back().psd == 'y') found = usable(walked.back().domain);
  out.state = out.own_records > 1 ? DmarcState::Several : found == nullptr ? DmarcState::None : DmarcState::Found;
  if (found == nullptr) return out;
  out.location = found->domain;
  out.record = parse_dmarc_record(found->text);
  return out;
}

}  // namespace tightship::net
