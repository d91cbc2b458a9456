#include "net/site_config.h"

#include <fmt/format.h>

#include <array>

#include "base/file.h"
#include "detect/source_text.h"
#include "detect/text_class.h"
#include "detect/toml_parser.h"
#include "net/idn.h"

namespace tightship::net {
namespace {

using detect::FilePlace;

constexpr std::array<std::string_view, 5> kSections = {"site", "mail", "route", "owners", "launch"};
constexpr std::array<std::string_view, 2> kSiteKeys = {"canonical", "hosts"};
constexpr std::array<std::string_view, 2> kMailKeys = {"providers", "dkim_selectors"};
constexpr std::array<std::string_view, 5> kRouteKeys = {"url", "method", "expect", "body_contains", "max_ms"};
constexpr std::array<std::string_view, 3> kLaunchKeys = {"fail_on", "off", "class"};

// Reads one parsed document; keeps the first error.
class Reader {
 public:
  Reader(std::string path, std::string_view text) : lines_(text) { config_.path = std::move(path); }

  Result<SiteConfig> read(const toml::table& top);

 private:
  void error(const toml::source_region& region, std::string what, std::string help = {});
  void unknown(const toml::key& key, std::span<const std::string_view> names);
  void read_section(const toml::key& key, const toml::node& value);
  void read_site(const toml::table& table);
  void read_mail(const toml::table& table);
  void read_owners(const toml::table& table);
  void read_launch(const toml::table& table);
  void read_ids(const toml::node& value);
  void read_classes(const toml::node& value);
  std::optional<detect::RiskClass> read_class(std::string_view key, const toml::node& value);
  void read_routes(const toml::node& value);
  void read_route(const toml::table& table);
  void read_canonical(const toml::node& value);
  void read_names(std::string_view key, const toml::node& value, std::vector<std::string>& out);
  bool read_text(std::string_view key, const toml::node& value, std::string& out);
  void read_number(std::string_view key, const toml::node& value, std::int64_t min, std::int64_t max,
                   std::uint32_t& out);

  SiteConfig config_;
  detect::SourceLines lines_;
  std::optional<Error> error_;
};

void Reader::error(const toml::source_region& region, std::string what, std::string help) {
  if (error_) return;
  const FilePlace at = lines_.place(region.begin.line, region.begin.column, region.end.line, region.end.column);
  error_ = Error{ErrorKind::Config, std::move(what), fmt::format("{}:{}:{}", config_.path, at.line, at.column),
                 std::move(help)};
}

void Reader::unknown(const toml::key& key, std::span<const std::string_view> names) {
  const std::string_view nearest = detect::nearest_name(key.str(), names);
  error(key.source(), fmt::format("unknown key '{}'", key.str()),
        nearest.empty() ? fmt::format("known here: {}", fmt::join(names, ", "))
                        : fmt::format("a similar key is {}", nearest));
}

Result<SiteConfig> Reader::read(const toml::table& top) {
  for (auto&& [key, value] : top) read_section(key, value);
  if (error_) return tl::unexpected(std::move(*error_));
  return std::move(config_);
}

void Reader::read_section(const toml::key& key, const toml::node& value) {
  if (key.str() == "route") return read_routes(value);
  if (std::find(kSections.begin(), kSections.end(), key.str()) == kSections.end()) return unknown(key, kSections);
  const toml::table* table = value.as_table();
  if (table == nullptr) {
    return error(value.source(), fmt::format("'{}' is not a table", key.str()), fmt::format("[{}]", key.str()));
  }
  if (key.str() == "site") read_site(*table);
  if (key.str() == "mail") read_mail(*table);
  if (key.str() == "owners") read_owners(*table);
  if (key.str() == "launch") read_launch(*table);
}

void Reader::read_site(const toml::table& table) {
  for (auto&& [key, value] : table) {
    if (key.str() == "canonical")
      read_canonical(value);
    else if (key.str() == "hosts")
      read_names("hosts", value, config_.hosts);
    else
      unknown(key, kSiteKeys);
  }
}

void Reader::read_mail(const toml::table& table) {
  for (auto&& [key, value] : table) {
    if (key.str() == "providers")
      read_names("providers", value, config_.mail_providers);
    else if (key.str() == "dkim_selectors")
      read_names("dkim_selectors", value, config_.dkim_selectors);
    else
      unknown(key, kMailKeys);
  }
}

void Reader::read_owners(const toml::table& table) {
  for (auto&& [key, value] : table) {
    std::string text;
    if (read_text(key.str(), value, text)) config_.owners.emplace(key.str(), std::move(text));
  }
}

void Reader::read_launch(const toml::table& table) {
  for (auto&& [key, value] : table) {
    if (key.str() == "fail_on")
      config_.fail_on = read_class("fail_on", value);
    else if (key.str() == "off")
      read_ids(value);
    else if (key.str() == "class")
      read_classes(value);
    else
      unknown(key, kLaunchKeys);
  }
}

// Ids are of several modules, and of rules that a repository adds: any text is one.
void Reader::read_ids(const toml::node& value) {
  const toml::array* array = value.as_array();
  if (array == nullptr) return error(value.source(), "'off' is not a list", "off = [\"ENV-PERM\"]");
  if (array->size() > kMaxSiteEntries) {
    return error(value.source(), fmt::format("'off' has {} entries; the limit is {}", array->size(), kMaxSiteEntries));
  }
  for (const toml::node& element : *array) {
    std::string id;
    if (read_text("off", element, id)) config_.off.push_back(std::move(id));
  }
}

void Reader::read_classes(const toml::node& value) {
  const toml::table* table = value.as_table();
  if (table == nullptr) return error(value.source(), "'class' is not a table", "[launch.class]");
  for (auto&& [key, element] : *table) {
    if (const auto risk_class = read_class(key.str(), element)) config_.classes.emplace(key.str(), *risk_class);
  }
}

std::optional<detect::RiskClass> Reader::read_class(std::string_view key, const toml::node& value) {
  std::string name;
  if (!read_text(key, value, name)) return std::nullopt;
  const auto risk_class = detect::parse_risk_class(name);
  if (!risk_class) {
    error(value.source(), fmt::format("'{}' is no class", name), "launch-blocker, conversion-blocker or scale-risk");
  }
  return risk_class;
}

void Reader::read_routes(const toml::node& value) {
  const toml::array* array = value.as_array();
  if (array == nullptr) return error(value.source(), "'route' is not a list of tables", "[[route]]");
  if (array->size() > kMaxSiteEntries) {
    return error(value.source(), fmt::format("there are {} routes; the limit is {}", array->size(), kMaxSiteEntries));
  }
  for (const toml::node& element : *array) {
    if (const toml::table* table = element.as_table())
      read_route(*table);
    else
      error(element.source(), "a route is not a table", "[[route]]");
  }
}

void Reader::read_route(const toml::table& table) {
  Route route;
  route.line = table.source().begin.line;
  for (auto&& [key, value] : table) {
    if (key.str() == "url")
      read_text("url", value, route.url);
    else if (key.str() == "method")
      read_text("method", value, route.method);
    else if (key.str() == "expect")
      read_number("expect", value, 100, 599, route.expect);
    else if (key.str() == "body_contains")
      read_text("body_contains", value, route.body_contains);
    else if (key.str() == "max_ms")
      read_number("max_ms", value, 1, 60'000, route.max_ms);
    else
      unknown(key, kRouteKeys);
  }
  if (route.url.empty())
    error(table.source(), "a route has no url", "url = \"/health\"");
  else if (!route.url.starts_with('/') && !route.url.starts_with("https://") && !route.url.starts_with("http://"))
    error(table.source(), "the url of a route is neither a path nor an http URL", "url = \"/health\"");
  if (route.method != "GET" && route.method != "HEAD")
    error(table.source(), "the method of a route is neither GET nor HEAD",
          "only requests that change nothing are made");
  config_.routes.push_back(std::move(route));
}

void Reader::read_canonical(const toml::node& value) {
  std::string text;
  if (!read_text("canonical", value, text)) return;
  while (text.ends_with('/')) text.pop_back();
  const bool https = text.starts_with("https://");
  const std::string_view rest = std::string_view(text).substr(https ? 8 : text.starts_with("http://") ? 7 : 0);
  const std::size_t end = std::min(rest.find_first_of("/:"), rest.size());
  const auto host = ascii_name(rest.substr(0, end));
  if (rest.size() == text.size() || !host || !is_host_name(*host)) {
    return error(value.source(), "'canonical' is not a URL", "canonical = \"https://www.example.com\"");
  }
  const std::size_t scheme = text.size() - rest.size();
  config_.canonical = text.substr(0, scheme) + *host + text.substr(scheme + end);
}

void Reader::read_names(std::string_view key, const toml::node& value, std::vector<std::string>& out) {
  const toml::array* array = value.as_array();
  if (array == nullptr)
    return error(value.source(), fmt::format("'{}' is not a list", key), fmt::format("{} = [\"...\"]", key));
  if (array->size() > kMaxSiteEntries) {
    return error(value.source(),
                 fmt::format("'{}' has {} entries; the limit is {}", key, array->size(), kMaxSiteEntries));
  }
  for (const toml::node& element : *array) {
    std::string name;
    if (!read_text(key, element, name)) continue;
    name = detect::lowered(name);
    if (name.ends_with('.')) name.pop_back();
    if (auto ascii = ascii_name(name)) name = std::move(*ascii);
    if (name != "@" && !is_host_name(name)) {
      error(element.source(), fmt::format("an entry of '{}' is not a name", key),
            "names are letters, digits, '-', '_' and dots; no scheme, no port");
      continue;
    }
    if (std::find(out.begin(), out.end(), name) == out.end()) out.push_back(std::move(name));
  }
}

bool Reader::read_text(std::string_view key, const toml::node& value, std::string& out) {
  const auto text = value.value_exact<std::string>();
  if (!text)
    error(value.source(), fmt::format("'{}' is not a string", key), "want \"...\"");
  else
    out = *text;
  return text.has_value();
}

void Reader::read_number(std::string_view key, const toml::node& value, std::int64_t min, std::int64_t max,
                         std::uint32_t& out) {
  const auto number = value.value_exact<std::int64_t>();
  if (!number || *number < min || *number > max) {
    return error(value.source(), fmt::format("'{}' is not a whole number from {} to {}", key, min, max));
  }
  out = static_cast<std::uint32_t>(*number);
}

}  // namespace

bool is_host_name(std::string_view name) {
  if (name.empty() || name.size() > 253) return false;
  std::size_t label = 0;
  for (const char c : name) {
    if (c == '.') {
      if (label == 0) return false;
      label = 0;
    } else if (!(detect::is_alphanumeric(c) || c == '-' || c == '_') || ++label > 63) {
      return false;
    }
  }
  return label > 0;
}

std::string full_host_name(std::string_view host, std::string_view domain) {
  if (host == "@") return std::string(domain);
  if (host.find('.') != std::string_view::npos) return std::string(host);
  return fmt::format("{}.{}", host, domain);
}

Result<SiteConfig> parse_site_config(const std::string& path, std::string_view text) {
  try {
    const toml::table top = toml::parse(text, path);
    return Reader(path, text).read(top);
  } catch (const toml::parse_error& error) {
    const auto at = error.source().begin;
    return fail(ErrorKind::Config,
                detect::lowered(error.description().substr(0, 1)) +
                    std::string(error.description().substr(std::min<std::size_t>(1, error.description().size()))),
                fmt::format("{}:{}:{}", path, at.line, at.column));
  } catch (const detect::TomlAssertion&) {
    return fail(ErrorKind::Config, "this line is no TOML",
                fmt::format("{}:{}:1", path, detect::breaking_toml_line(text)));
  }
}

Result<SiteConfig> read_site_config(const std::string& path) {
  const auto text = read_file(path, kMaxSiteConfig);
  if (!text) return tl::unexpected(text.error());
  return parse_site_config(path, *text);
}

Result<SiteConfig> load_site_config(const std::string& path) {
  if (!path.empty()) return read_site_config(path);
  auto config = read_site_config(std::string(kSiteConfigName));
  if (!config && config.error().kind == ErrorKind::NotFound) return SiteConfig{};
  return config;
}

}  // namespace tightship::net
