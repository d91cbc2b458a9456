#include "net/dns_expect.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "base/file.h"
#include "detect/codec.h"
#include "detect/source_text.h"
#include "detect/text_class.h"
#include "detect/toml_parser.h"
#include "net/tag_list.h"

namespace tightship::net {
namespace {

constexpr std::uint64_t kMaxFile = 4 * 1024 * 1024;
constexpr std::array<std::string_view, 3> kTopKeys = {"domain", "ignore", "record"};
constexpr std::array<std::string_view, 5> kRecordKeys = {"name", "type", "value", "any_of", "ttl"};
constexpr std::pair<std::string_view, RrType> kTypes[] = {
    {"A", RrType::A},     {"AAAA", RrType::Aaaa}, {"CNAME", RrType::Cname}, {"MX", RrType::Mx},
    {"NS", RrType::Ns},   {"TXT", RrType::Txt},   {"CAA", RrType::Caa},     {"DS", RrType::Ds},
    {"PTR", RrType::Ptr}, {"TLSA", RrType::Tlsa},
};

std::string whole_name(std::string_view name, const std::string& domain) {
  if (name == "@") return domain;
  if (name.ends_with('.')) return canonical_name(name);
  const std::string low = canonical_name(name);
  return is_in_zone(low, domain) ? low : low + "." + domain;
}

std::string relative_name(const std::string& name, const std::string& domain) {
  if (name == domain) return "@";
  if (!is_in_zone(name, domain)) return name + ".";
  return name.substr(0, name.size() - domain.size() - 1);
}

// Reads one parsed document; keeps the first error.
class ZoneReader {
 public:
  ZoneReader(std::string path, std::string_view text, const std::string& domain) : lines_(text) {
    zone_.path = std::move(path);
    zone_.domain = domain;
  }
  Result<ExpectedZone> read(const toml::table& top);

 private:
  void error(const toml::source_region& region, std::string what, std::string help = {}) {
    if (error_) return;
    const auto at = lines_.place(region.begin.line, region.begin.column, region.end.line, region.end.column);
    error_ = Error{ErrorKind::Config, std::move(what), fmt::format("{}:{}:{}", zone_.path, at.line, at.column),
                   std::move(help)};
  }
  void unknown(const toml::key& key, std::span<const std::string_view> names) {
    const std::string_view nearest = detect::nearest_name(key.str(), names);
    error(key.source(), fmt::format("unknown key '{}'", key.str()),
          nearest.empty() ? fmt::format("known here: {}", fmt::join(names, ", "))
                          : fmt::format("a similar key is {}", nearest));
  }
  void read_domain(const toml::node& value);
  void read_ignored(const toml::node& value);
  void read_records(const toml::node& value);
  void read_record(const toml::table& table);
  void read_values(const toml::node& value, ExpectedRecord& record);
  std::string text_of(const toml::node& value, std::string_view key) {
    const auto text = value.value_exact<std::string>();
    if (!text) error(value.source(), fmt::format("'{}' is not a string", key), "want \"...\"");
    return text.value_or("");
  }

  ExpectedZone zone_;
  detect::SourceLines lines_;
  std::optional<Error> error_;
};

Result<ExpectedZone> ZoneReader::read(const toml::table& top) {
  for (auto&& [key, value] : top) {
    if (key.str() == "domain")
      read_domain(value);
    else if (key.str() == "ignore")
      read_ignored(value);
    else if (key.str() == "record")
      read_records(value);
    else
      unknown(key, kTopKeys);
  }
  if (error_) return tl::unexpected(std::move(*error_));
  return std::move(zone_);
}

void ZoneReader::read_domain(const toml::node& value) {
  const std::string domain = canonical_name(text_of(value, "domain"));
  if (!domain.empty() && domain != zone_.domain) {
    error(value.source(), fmt::format("the file is for '{}', not for '{}'", domain, zone_.domain));
  }
}

void ZoneReader::read_ignored(const toml::node& value) {
  const toml::array* array = value.as_array();
  if (array == nullptr) return error(value.source(), "'ignore' is not a list", "ignore = [\"@ TXT\"]");
  for (const toml::node& element : *array) {
    const std::string text = text_of(element, "ignore");
    const std::size_t blank = text.find(' ');
    const std::string_view type = blank == std::string::npos ? "*" : trimmed(std::string_view(text).substr(blank));
    IgnoredRecord ignored{whole_name(std::string_view(text).substr(0, blank), zone_.domain), std::nullopt};
    if (type != "*" && !(ignored.type = parse_rr_type(type))) {
      error(element.source(), fmt::format("'{}' is no type of record", type), "ignore = [\"@ TXT\", \"blog *\"]");
    }
    zone_.ignored.push_back(std::move(ignored));
  }
}

void ZoneReader::read_records(const toml::node& value) {
  const toml::array* array = value.as_array();
  if (array == nullptr) return error(value.source(), "'record' is not a list of tables", "[[record]]");
  if (array->size() > kMaxExpectedRecords) {
    return error(value.source(),
                 fmt::format("there are {} records; the limit is {}", array->size(), kMaxExpectedRecords));
  }
  for (const toml::node& element : *array) {
    if (const toml::table* table = element.as_table())
      read_record(*table);
    else
      error(element.source(), "a record is not a table", "[[record]]");
  }
}

void ZoneReader::read_values(const toml::node& value, ExpectedRecord& record) {
  const toml::array* array = value.as_array();
  if (array == nullptr) {
    record.values.push_back(text_of(value, "value"));
    return;
  }
  for (const toml::node& element : *array) record.values.push_back(text_of(element, "value"));
}

void ZoneReader::read_record(const toml::table& table) {
  ExpectedRecord record;
  record.line = table.source().begin.line;
  bool typed = false, valued = false;
  for (auto&& [key, value] : table) {
    if (key.str() == "name")
      record.name = whole_name(text_of(value, "name"), zone_.domain);
    else if (key.str() == "type") {
      const auto type = parse_rr_type(text_of(value, "type"));
      if (!type)
        error(value.source(), "this type of record cannot be compared",
              "A, AAAA, CNAME, MX, NS, TXT, CAA, DS, PTR, TLSA");
      else
        record.type = *type, typed = true;
    } else if (key.str() == "value" || key.str() == "any_of") {
      record.any_of = key.str() == "any_of";
      valued = true;
      read_values(value, record);
    } else if (key.str() == "ttl") {
      const auto ttl = value.value_exact<std::int64_t>();
      if (!ttl || *ttl < 0 || *ttl > std::numeric_limits<std::int32_t>::max()) {
        error(value.source(), "'ttl' is not a number of seconds");
      } else {
        record.ttl = static_cast<std::uint32_t>(*ttl);
      }
    } else {
      unknown(key, kRecordKeys);
    }
  }
  if (record.name.empty() || !typed || !valued) {
    return error(table.source(), "a record needs name, type and value", "value = [] says that there is none");
  }
  if (!encode_name(record.name)) return error(table.source(), "the name of a record is no domain name");
  for (std::string& value : record.values) value = normal_value(record.type, value);
  std::sort(record.values.begin(), record.values.end());
  zone_.records.push_back(std::move(record));
}

std::string toml_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (c == '"' || c == '\\')
      (out += '\\') += c;
    else if (byte < 0x20 || byte == 0x7f)
      out += fmt::format("\\u{:04X}", byte);
    else
      out += c;
  }
  return out + '"';
}

// Bytes that are no ASCII stand as \DDD, as in zone files, so that the file is UTF-8 whatever a record holds.
std::string plain_text(std::string_view raw) {
  std::string out;
  for (const char c : raw) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (byte >= 0x80 || byte < 0x20 || byte == 0x7f)
      out += fmt::format("\\{:03}", byte);
    else
      out += c;
  }
  return out;
}

std::string joined_words(std::string_view text) {
  std::string out;
  for (const std::string_view word : split(text, ' ')) {
    if (!word.empty()) out += (out.empty() ? "" : " ") + std::string(word);
  }
  return out;
}

// "10 Mail.Example.com." -> "10 mail.example.com"; '.' alone stays.
std::string normal_mx(std::string_view text) {
  const std::string words = joined_words(text);
  const std::size_t blank = words.find(' ');
  if (blank == std::string::npos) return words;
  const std::string host = canonical_name(words.substr(blank + 1));
  return fmt::format("{} {}", words.substr(0, blank), host.empty() ? "." : host);
}

// 0 issue "letsencrypt.org" -> 0 issue letsencrypt.org
std::string normal_caa(std::string_view text) {
  std::string words = joined_words(text);
  std::erase(words, '"');
  const std::size_t first = words.find(' '), second = first == std::string::npos ? first : words.find(' ', first + 1);
  if (second == std::string::npos) return words;
  return detect::lowered(words.substr(0, second)) + words.substr(second);
}

// "one" "two" -> onetwo; without quotes as it stands.
std::string normal_txt(std::string_view text) {
  const std::string_view body = trimmed(text);
  if (!body.starts_with('"') || !body.ends_with('"') || body.size() < 2) return std::string(text);
  std::string out;
  bool inside = false;
  for (std::size_t i = 0; i < body.size(); ++i) {
    if (body[i] == '\\' && i + 1 < body.size() && (body[i + 1] == '"' || body[i + 1] == '\\'))
      out += body[++i];
    else if (body[i] == '"')
      inside = !inside;
    else if (inside)
      out += body[i];
  }
  return out;
}

}  // namespace

std::optional<RrType> parse_rr_type(std::string_view name) {
  for (const auto& [known, type] : kTypes) {
    if (same_word(known, name)) return type;
  }
  return std::nullopt;
}

std::string normal_value(RrType type, std::string_view text) {
  switch (type) {
    case RrType::A:
    case RrType::Aaaa: {
      const auto endpoint = parse_endpoint(trimmed(text));
      return endpoint && endpoint->port == 0 ? endpoint->address.text : std::string(trimmed(text));
    }
    case RrType::Cname:
    case RrType::Ns:
    case RrType::Ptr: return canonical_name(trimmed(text));
    case RrType::Mx: return normal_mx(text);
    case RrType::Caa: return normal_caa(text);
    case RrType::Txt: return normal_txt(text);
    default: return detect::lowered(joined_words(text));
  }
}

std::string record_value(const Record& record) {
  if (const Address* address = data_of<Address>(record)) return address->text;
  if (const NameData* name = data_of<NameData>(record)) return name->name;
  if (const MxData* mx = data_of<MxData>(record))
    return fmt::format("{} {}", mx->preference, mx->host.empty() ? "." : mx->host);
  if (const CaaData* caa = data_of<CaaData>(record))
    return normal_caa(fmt::format("{} {} {}", caa->flags, caa->tag, plain_text(caa->value)));
  if (const TxtData* txt = data_of<TxtData>(record)) {
    std::string value;
    for (const std::string& piece : txt->pieces) value += piece;
    return plain_text(value);
  }
  if (const DsData* ds = data_of<DsData>(record)) {
    return fmt::format("{} {} {} {}", ds->key_tag, ds->algorithm, ds->digest_type, detect::encode_hex(ds->digest));
  }
  if (const TlsaData* tlsa = data_of<TlsaData>(record)) {
    return fmt::format("{} {} {} {}", tlsa->usage, tlsa->selector, tlsa->matching, detect::encode_hex(tlsa->data));
  }
  return {};
}

bool ExpectedZone::ignores(std::string_view name, RrType type) const {
  return std::any_of(ignored.begin(), ignored.end(),
                     [&](const IgnoredRecord& i) { return i.name == name && (!i.type || *i.type == type); });
}

Result<ExpectedZone> parse_expected_zone(const std::string& path, std::string_view text, const std::string& domain) {
  try {
    const toml::table top = toml::parse(text, path);
    return ZoneReader(path, text, domain).read(top);
  } catch (const toml::parse_error& error) {
    const auto at = error.source().begin;
    return fail(ErrorKind::Config, std::string(error.description()), fmt::format("{}:{}:{}", path, at.line, at.column));
  } catch (const detect::TomlAssertion&) {
    return fail(ErrorKind::Config, "this line is no TOML",
                fmt::format("{}:{}:1", path, detect::breaking_toml_line(text)));
  }
}

Result<ExpectedZone> read_expected_zone(const std::string& path, const std::string& domain) {
  const auto text = read_file(path, kMaxFile);
  if (!text) return tl::unexpected(text.error());
  return parse_expected_zone(path, *text, domain);
}

std::string write_expected_zone(const std::string& domain, std::vector<ExpectedRecord> records) {
  std::sort(records.begin(), records.end(), [](const ExpectedRecord& a, const ExpectedRecord& b) {
    return std::pair(a.name, rr_type_name(a.type)) < std::pair(b.name, rr_type_name(b.type));
  });
  std::string out = fmt::format(
      "# Expected records of {0}: tightship dns {0} --expect FILE fails when they differ.\n"
      "# any_of instead of value: at least one of these, nothing else. ignore = [\"@ TXT\"]: not compared.\n"
      "domain = {1}\n",
      domain, toml_string(domain));
  for (const ExpectedRecord& record : records) {
    out += fmt::format("\n[[record]]\nname = {}\ntype = \"{}\"\n", toml_string(relative_name(record.name, domain)),
                       rr_type_name(record.type));
    std::vector<std::string> values;
    for (const std::string& value : record.values) values.push_back(toml_string(value));
    const std::string_view key = record.any_of ? "any_of" : "value";
    if (values.size() == 1)
      out += fmt::format("{} = [{}]\n", key, values.front());
    else
      out += fmt::format("{} = [\n  {},\n]\n", key, fmt::join(values, ",\n  "));
    if (record.ttl) out += fmt::format("ttl = {}\n", *record.ttl);
  }
  return out;
}

}  // namespace tightship::net
