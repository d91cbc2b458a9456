#include "env/schema.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "detect/text_class.h"
#include "lint/dotenv.h"
#include "lint/secret_value.h"

namespace tightship::env {
namespace {

using Json = nlohmann::ordered_json;
using detect::lowered;

struct TypeRow {
  ValueType type;
  std::string_view name, wanted;
};
constexpr std::array<TypeRow, 12> kTypes = {{{ValueType::String, "string", "a text"},
                                             {ValueType::Integer, "integer", "a whole number"},
                                             {ValueType::Float, "float", "a number"},
                                             {ValueType::Boolean, "boolean", "true or false"},
                                             {ValueType::Url, "url", "a URL"},
                                             {ValueType::Email, "email", "an e-mail address"},
                                             {ValueType::Port, "port", "a port from 1 to 65535"},
                                             {ValueType::Host, "host", "a host name"},
                                             {ValueType::Enum, "enum", "one of the choices"},
                                             {ValueType::Json, "json", "JSON"},
                                             {ValueType::Base64, "base64", "base64"},
                                             {ValueType::Hex, "hex", "hexadecimal digits"}}};

const TypeRow& row(ValueType type) { return kTypes[static_cast<std::size_t>(type)]; }

std::optional<ValueType> type_named(std::string_view name) {
  const std::string lower = lowered(name);
  for (const TypeRow& one : kTypes) {
    if (one.name == lower) return one.type;
  }
  if (lower == "bool") return ValueType::Boolean;
  if (lower == "number" || lower == "num") return ValueType::Float;
  if (lower == "int") return ValueType::Integer;
  if (lower == "str") return ValueType::String;
  return std::nullopt;
}

template <class Number>
std::optional<Number> number_of(std::string_view value) {
  if (value.starts_with('+')) value.remove_prefix(1);
  Number out{};
  const auto said = std::from_chars(value.data(), value.data() + value.size(), out);
  if (said.ec != std::errc() || said.ptr != value.data() + value.size()) return std::nullopt;
  return out;
}

bool is_host(std::string_view value) {
  return !value.empty() && value.size() <= 253 && value.front() != '.' && value.front() != '-' &&
         detect::all(value, [](char c) { return detect::is_alphanumeric(c) || c == '.' || c == '-' || c == '_'; });
}

bool is_email(std::string_view value) {
  const std::size_t at = value.rfind('@');
  return at != std::string_view::npos && at > 0 && value.find_first_of(" \t,;") == std::string_view::npos &&
         is_host(value.substr(at + 1));
}

bool is_base64(std::string_view value) {
  if (value.size() < 2) return false;
  while (value.ends_with('=')) value.remove_suffix(1);
  return detect::all(value,
                     [](char c) { return detect::is_alphanumeric(c) || c == '+' || c == '/' || c == '-' || c == '_'; });
}

double entropy(std::string_view value) {
  std::array<std::size_t, 256> counts{};
  for (const char c : value) ++counts[static_cast<unsigned char>(c)];
  double bits = 0;
  for (const std::size_t n : counts) {
    if (n > 0)
      bits -= static_cast<double>(n) / static_cast<double>(value.size()) *
              std::log2(static_cast<double>(n) / static_cast<double>(value.size()));
  }
  return bits;
}

bool fits(const SchemaEntry& entry, std::string_view value) {
  const std::string lower = lowered(value);
  switch (entry.type) {
    case ValueType::String: return true;
    case ValueType::Integer: return number_of<std::int32_t>(value).has_value();
    case ValueType::Float: return number_of<double>(value).has_value();
    case ValueType::Boolean: return lower == "true" || lower == "false";
    case ValueType::Url: return lint::split_url(value).has_value();
    case ValueType::Email: return is_email(value);
    case ValueType::Port: {
      const auto port = number_of<std::uint32_t>(value);
      return port && *port >= 1 && *port <= 65535;
    }
    case ValueType::Host: return is_host(value);
    case ValueType::Enum: return std::find(entry.choices.begin(), entry.choices.end(), value) != entry.choices.end();
    case ValueType::Json: return !Json::parse(value, nullptr, false).is_discarded();
    case ValueType::Base64: return is_base64(value);
    case ValueType::Hex:
      return !value.empty() && detect::all(value, detect::is_hex) &&
             (entry.length == 0 || value.size() == entry.length);
  }
  return true;
}

std::vector<std::string> texts(const Json& entry, const char* key) {
  std::vector<std::string> out;
  const auto list = entry.find(key);
  if (list == entry.end() || !list->is_array()) return out;
  for (const Json& item : *list) {
    if (item.is_string()) out.push_back(item);
  }
  return out;
}

bool flag(const Json& entry, const char* key) {
  const auto at = entry.find(key);
  return at != entry.end() && at->is_boolean() && at->get<bool>();
}

Result<SchemaEntry> read_entry(const std::string& name, const Json& entry, const std::string& path) {
  const auto wrong = [&](const std::string& what) {
    return fail(ErrorKind::Config, "the schema's entry " + name + " " + what, path);
  };
  if (!entry.is_object()) return wrong("is no object");
  SchemaEntry out;
  out.required = flag(entry, "required");
  out.secret = flag(entry, "secret");
  out.is_public = flag(entry, "public");
  out.choices = texts(entry, "choices");
  out.envs = texts(entry, "envs");
  if (const auto type = entry.find("type"); type != entry.end()) {
    const auto known = type->is_string() ? type_named(type->get<std::string>()) : std::nullopt;
    if (!known) return wrong("has an unknown type");
    out.type = *known;
  }
  if (const auto regex = entry.find("regex"); regex != entry.end() && regex->is_string()) {
    out.regex = *regex;
    RE2::Options options;
    options.set_log_errors(false);
    if (!RE2(out.regex, options).ok()) return wrong("has an expression that cannot be compiled");
  }
  if (const auto length = entry.find("length"); length != entry.end() && length->is_number_unsigned())
    out.length = *length;
  if (const auto bits = entry.find("min_entropy"); bits != entry.end() && bits->is_number()) out.min_entropy = *bits;
  if (out.type == ValueType::Enum && out.choices.empty()) return wrong("has no choices");
  return out;
}

ValueType guessed_type(std::string_view value) {
  if (value.empty()) return ValueType::String;
  for (const ValueType type : {ValueType::Boolean, ValueType::Integer, ValueType::Url, ValueType::Email}) {
    SchemaEntry entry;
    entry.type = type;
    if (fits(entry, value)) return type;
  }
  return ValueType::String;
}

// Words of a comment: "required", "type: url", "@type=url", "@sensitive".
void annotate(std::string_view comment, Json& entry) {
  const std::string lower = lowered(comment);
  const auto says = [&](std::string_view word) {
    const std::size_t at = lower.find(word);
    if (at == std::string::npos) return false;
    const auto letter = [&](std::size_t i) { return i < lower.size() && detect::is_alphanumeric(lower[i]); };
    return (at == 0 || !letter(at - 1)) && !letter(at + word.size());
  };
  if (says("optional") || says("@optional"))
    entry["required"] = false;
  else if (says("required"))
    entry["required"] = true;
  if (says("secret") || says("sensitive")) entry["secret"] = true;
  if (says("public")) entry["public"] = true;
  for (const std::string_view form : {"type:", "type=", "@type="}) {
    const std::size_t at = lower.find(form);
    if (at == std::string::npos) continue;
    std::size_t begin = at + form.size();
    while (begin < lower.size() && lower[begin] == ' ') ++begin;
    std::size_t end = begin;
    while (end < lower.size() && detect::is_alphanumeric(lower[end])) ++end;
    const auto type = type_named(std::string_view(lower).substr(begin, end - begin));
    if (type) entry["type"] = std::string(row(*type).name);
    return;
  }
}

}  // namespace

Result<Schema> parse_schema(std::string_view text, const std::string& path) {
  const Json root = Json::parse(text, nullptr, false);
  if (root.is_discarded() || !root.is_object()) return fail(ErrorKind::Config, "the schema is no JSON object", path);
  Schema out;
  if (const auto version = root.find("version"); version != root.end() && version->is_string()) out.version = *version;
  out.allow_other_keys = flag(root, "allow_other_keys");
  const auto entries = root.find("entries");
  if (entries == root.end() || !entries->is_object()) return fail(ErrorKind::Config, "the schema has no entries", path);
  for (const auto& [name, entry] : entries->items()) {
    auto read = read_entry(name, entry, path);
    if (!read) return tl::unexpected(read.error());
    out.entries.emplace(name, std::move(*read));
  }
  return out;
}

std::string schema_fault(const SchemaEntry& entry, std::string_view value) {
  if (!fits(entry, value))
    return entry.type == ValueType::Hex && entry.length > 0 ? std::to_string(entry.length) + " hexadecimal digits"
                                                            : std::string(row(entry.type).wanted);
  RE2::Options options;
  options.set_log_errors(false);
  if (!entry.regex.empty() &&
      !RE2::PartialMatch(re2::StringPiece(value.data(), value.size()), RE2(entry.regex, options)))
    return "a text that the expression matches";
  if (entry.min_entropy > 0 && !value.empty() && entropy(value) < entry.min_entropy) return "a less regular secret";
  return {};
}

std::string schema_of_example(std::string_view text) {
  const lint::EnvText lines = lint::read_env_text(text);
  Json entries = Json::object();
  std::map<std::string, const lint::EnvEntry*> sorted;
  for (const lint::EnvEntry& entry : lines.entries) sorted.try_emplace(entry.key, &entry);
  for (const auto& [key, entry] : sorted) {
    Json made = Json::object();
    made["required"] = true;
    made["type"] = std::string(row(guessed_type(entry->literal)).name);
    if (lint::is_secret_name(key)) made["secret"] = true;
    if (lint::without_public_prefix(key) != key) made["public"] = true;
    for (const lint::EnvComment& comment : lines.comments) {
      if (comment.line == entry->line || (!comment.trailing && comment.line + 1 == entry->line))
        annotate(comment.text, made);
    }
    entries[key] = std::move(made);
  }
  Json root = Json::object();
  root["version"] = "1.0";
  root["allow_other_keys"] = false;
  root["entries"] = std::move(entries);
  return root.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace tightship::env
