#include "allow/allow_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/file.h"
#include "detect/source_text.h"
#include "detect/toml_parser.h"

namespace tightship::allow {
namespace {

using detect::FilePlace;
using detect::Severity;

constexpr std::array<std::string_view, 5> kKeys = {"rule", "reason", "by", "added", "until"};

// Drawn instead of a line that may hold a secret.
constexpr std::string_view kHiddenLine = "(not shown)";

// Reads one parsed document into an AllowFile.
class Reader {
 public:
  explicit Reader(AllowFile& file) : file_(file), lines_(file.source.text) {}

  void read(const toml::table& top);
  FilePlace place(const toml::source_region& region) const {
    return lines_.place(region.begin.line, region.begin.column, region.end.line, region.end.column);
  }

 private:
  void problem(Severity severity, FilePlace at, std::string message, std::string label, std::string help = {}) {
    add_problem(file_.source, {severity, std::move(message), std::move(label), std::move(help), at, {}});
  }
  void error(FilePlace at, std::string message, std::string label, std::string help = {}) {
    problem(Severity::Error, at, std::move(message), std::move(label), std::move(help));
  }
  void unknown_key(const toml::key& key, std::string_view owner);
  void read_entry(const toml::key& key, const toml::node& value);
  void read_key(Entry& entry, std::string_view name, const toml::node& value);
  void read_text(const toml::node& value, std::string_view name, std::string& out);
  void read_day(const toml::node& value, std::string_view name, std::optional<Day>& out);
  void check(const Entry& entry, const toml::node& value);

  AllowFile& file_;
  detect::SourceLines lines_;
};

void Reader::unknown_key(const toml::key& key, std::string_view owner) {
  const std::string_view nearest = detect::nearest_name(key.str(), kKeys);
  problem(Severity::Warning, place(key.source()), fmt::format("unknown key '{}'{}", key.str(), owner), "ignored",
          nearest.empty() ? "" : fmt::format("a similar key is {}", nearest));
}

void Reader::read(const toml::table& top) {
  for (auto&& [key, value] : top) {
    if (key.str() != "allow") {
      unknown_key(key, "");
      continue;
    }
    const toml::table* table = value.as_table();
    if (table == nullptr) {
      error(place(value.source()), "'allow' is not a table", "want [allow] and one line an entry");
      continue;
    }
    const std::uint32_t line = place(key.source()).line;
    if (lines_.line(line).starts_with("[allow]")) file_.header_line = line;
    for (auto&& [id, entry] : *table) read_entry(id, entry);
  }
  std::sort(file_.entries.begin(), file_.entries.end(), [](const Entry& a, const Entry& b) { return a.id < b.id; });
}

void Reader::read_entry(const toml::key& key, const toml::node& value) {
  if (!is_id(key.str())) {
    return add_problem(
        file_.source,
        {Severity::Error, "an entry does not begin with an id", "want the 16 hexadecimal digits that the report shows",
         "tightship allow ID --reason \"...\" writes the line", place(key.source()), std::string(kHiddenLine)});
  }
  if (file_.entries.size() >= kMaxEntries) {
    return error(place(key.source()), "there are too many entries", fmt::format("the limit is {}", kMaxEntries));
  }
  const toml::table* table = value.as_table();
  if (table == nullptr) {
    return error(place(value.source()), fmt::format("the entry {} is not a table", key.str()),
                 "want { reason = \"...\" }");
  }
  Entry entry;
  entry.id = key.str();
  entry.place = place(key.source());
  entry.end_line = std::max(entry.place.line, value.source().end.line);
  for (auto&& [name, field] : *table) {
    if (std::find(kKeys.begin(), kKeys.end(), name.str()) == kKeys.end())
      unknown_key(name, fmt::format(" of the entry {}", entry.id));
    else
      read_key(entry, name.str(), field);
  }
  check(entry, value);
  file_.entries.push_back(std::move(entry));
}

void Reader::read_key(Entry& entry, std::string_view name, const toml::node& value) {
  if (name == "rule") read_text(value, name, entry.rule);
  if (name == "reason") read_text(value, name, entry.reason);
  if (name == "by") read_text(value, name, entry.by);
  if (name == "added") read_day(value, name, entry.added);
  if (name == "until") read_day(value, name, entry.until);
}

void Reader::read_text(const toml::node& value, std::string_view name, std::string& out) {
  const auto text = value.value_exact<std::string>();
  if (!text) return error(place(value.source()), fmt::format("'{}' is not a string", name), "want a string");
  if (text->size() > kMaxReason) {
    return error(place(value.source()), fmt::format("'{}' is too long", name),
                 fmt::format("the limit is {} bytes", kMaxReason));
  }
  out = *text;
}

// A date of TOML, or a string that holds one.
void Reader::read_day(const toml::node& value, std::string_view name, std::optional<Day>& out) {
  if (const auto date = value.value_exact<toml::date>()) {
    out = parse_day(fmt::format("{:04}-{:02}-{:02}", date->year, date->month, date->day));
  } else if (const auto text = value.value_exact<std::string>()) {
    out = parse_day(*text);
  }
  if (!out) error(place(value.source()), fmt::format("'{}' is not a day", name), "want a day such as 2027-01-31");
}

void Reader::check(const Entry& entry, const toml::node& value) {
  // What it gives in another form than text has been complained about.
  const toml::node* given = value.as_table()->get("reason");
  const auto text = given == nullptr ? std::optional<std::string>("") : given->value_exact<std::string>();
  if (text && text->find_first_not_of(" \t\r\n") == std::string::npos) {
    error(entry.place, fmt::format("the entry {} gives no reason", entry.id), "want reason = \"...\"");
  }
  if (entry.added && entry.until && *entry.until < *entry.added) {
    error(entry.place, fmt::format("the entry {} ends before it was added", entry.id), "see added and until");
  }
}

void sort_problems(Source& source) {
  std::stable_sort(source.problems.begin(), source.problems.end(),
                   [](const detect::Problem& a, const detect::Problem& b) {
                     return std::pair(a.place.line, a.place.column) < std::pair(b.place.line, b.place.column);
                   });
}

}  // namespace

bool Entry::same_as(const Entry& other) const {
  return id == other.id && rule == other.rule && reason == other.reason && by == other.by && added == other.added &&
         until == other.until;
}

const Entry* AllowFile::find(std::string_view id) const {
  const auto at = std::lower_bound(entries.begin(), entries.end(), id,
                                   [](const Entry& entry, std::string_view wanted) { return entry.id < wanted; });
  return at != entries.end() && at->id == id ? &*at : nullptr;
}

AllowFile parse_allow_file(std::string text, std::string path, std::string folder) {
  AllowFile file;
  file.source.path = std::move(path);
  file.source.folder = std::move(folder);
  file.source.text = std::move(text);
  Reader reader(file);
  const auto not_toml = [&](std::string label, FilePlace at) {
    add_problem(file.source, {Severity::Error, "the file is not TOML", std::move(label), {}, at, {}});
  };
  try {
    reader.read(toml::parse(std::string_view(file.source.text), std::string_view(file.source.path)));
  } catch (const toml::parse_error& failure) {
    not_toml(std::string(failure.description()), reader.place(failure.source()));
  } catch (const detect::TomlAssertion& failure) {
    not_toml(failure.what(), {detect::breaking_toml_line(file.source.text), 1, 1});
  }
  sort_problems(file.source);
  return file;
}

Result<AllowFile> read_allow_file(const std::string& path) {
  auto text = read_file(path, kMaxFile);
  if (!text) return tl::unexpected(text.error());
  return parse_allow_file(std::move(*text), path);
}

}  // namespace tightship::allow
