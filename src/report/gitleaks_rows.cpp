#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <tuple>

#include "detect/gitleaks_entropy.h"
#include "detect/member_path.h"
#include "report/gitleaks.h"
#include "report/secret_mask.h"

namespace tightship::report {
namespace {

using detect::Finding;
using detect::Occurrence;
using detect::Place;

constexpr std::string_view kRedacted = "REDACTED";

// As gitleaks tells what it decoded: "decoded:base64", "decode-depth:2". What only we decode has our names.
void add_decoding(std::string_view chain, std::vector<std::string>& tags) {
  constexpr std::string_view kJoint = " > ";
  std::size_t depth = 0;
  while (!chain.empty()) {
    const std::size_t end = std::min(chain.find(kJoint), chain.size());
    std::string_view coding = chain.substr(0, end);
    chain.remove_prefix(std::min(end + kJoint.size(), chain.size()));
    if (coding.starts_with("utf-")) continue;
    if (coding == "backslash-escapes") coding = "unicode";
    if (coding == "percent-encoding") coding = "percent";
    ++depth;
    std::string tag = fmt::format("decoded:{}", coding);
    if (std::find(tags.begin(), tags.end(), tag) == tags.end()) tags.push_back(std::move(tag));
  }
  if (depth > 0) tags.push_back(fmt::format("decode-depth:{}", depth));
}

std::string replace_all(std::string text, std::string_view from, std::string_view to) {
  if (from.empty()) return text;
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::string redact_percent(std::string_view secret, unsigned percent) {
  if (percent >= 100) return std::string(kRedacted);
  const double kept = static_cast<double>(secret.size()) * (100 - percent) / 100;
  return std::string(secret.substr(0, static_cast<std::size_t>(std::nearbyint(kept)))) + "...";
}

// As git has it, without the line ends behind it.
std::string trimmed_message(std::string_view message) {
  while (!message.empty() && (message.back() == '\n' || message.back() == ' ')) message.remove_suffix(1);
  return std::string(message);
}

std::string utc_date(std::int64_t seconds) {
  const auto time = static_cast<std::time_t>(seconds);
  std::tm parts{};
  if (::gmtime_r(&time, &parts) == nullptr) return {};
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", parts);
}

std::string file_of(const Occurrence& occurrence) {
  const bool file = occurrence.place == Place::File || occurrence.place == Place::FileName ||
                    occurrence.place == Place::SymlinkTarget;
  return file ? detect::shown_path(occurrence.path, occurrence.member) : std::string();
}

void fill_place(const Occurrence& occurrence, const GitleaksOptions& options, GitleaksRow& row) {
  const detect::Position& at = occurrence.match_position;
  row.start_line = at.line;
  row.end_line = at.end_line;
  row.start_column = at.column + (options.columns_of_gitleaks && at.line > 1 ? 1 : 0);
  row.end_column =
      at.end_column - (at.end_column > 0 ? 1 : 0) + (options.columns_of_gitleaks && at.end_line > 1 ? 1 : 0);
}

void fill_commit(const detect::CommitInfo& commit, const SecretMask& mask, GitleaksRow& row) {
  row.commit = commit.id.hex();
  row.author = mask.mask(commit.author_name);
  row.email = mask.mask(commit.author_email);
  row.date = utc_date(commit.author_time);
  row.message = mask.mask(trimmed_message(commit.message));
}

void fill_value(const Finding& finding, const Occurrence& occurrence, const GitleaksOptions& options,
                const SecretMask& mask, GitleaksRow& row) {
  row.match = occurrence.match;
  if (finding.rule->path_only()) {
    row.start_line = row.end_line = row.start_column = row.end_column = 0;
    row.match = "file detected: " + row.file;
    return;
  }
  row.secret = finding.secret;
  row.entropy = static_cast<float>(detect::gitleaks_entropy(finding.secret));
  if (options.redact == 0) return;
  row.secret = redact_percent(finding.secret, options.redact);
  row.match = mask.mask(replace_all(std::move(row.match), finding.secret, row.secret));
}

std::string fingerprint_of(const GitleaksRow& row) {
  const std::string place = fmt::format("{}:{}:{}", row.file, row.rule_id, row.start_line);
  return row.commit.empty() ? place : row.commit + ":" + place;
}

std::string extension_of(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  std::string extension(dot == std::string_view::npos ? std::string_view() : path.substr(dot));
  for (char& c : extension) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return extension;
}

std::string link_lines(const GitleaksRow& row, std::string_view first, std::string_view last) {
  std::string text;
  if (row.start_line != 0) text += fmt::format("{}{}", first, row.start_line);
  if (row.end_line != row.start_line) text += fmt::format("{}{}", last, row.end_line);
  return text;
}

std::string link_of(const GitleaksRow& row, const GitleaksOptions& options) {
  if (options.platform.empty() || options.remote_url.empty() || row.commit.empty()) return {};
  const std::string path = replace_all(replace_all(row.file, "%", "%25"), " ", "%20");
  const std::string extension = extension_of(path);
  const bool drawn = extension == ".ipynb" || extension == ".md";
  const std::string& url = options.remote_url;
  if (options.platform == "github") {
    return fmt::format("{}/blob/{}/{}{}{}", url, row.commit, path, drawn ? "?plain=1" : "",
                       link_lines(row, "#L", "-L"));
  }
  if (options.platform == "gitlab") {
    return fmt::format("{}/blob/{}/{}{}", url, row.commit, path, link_lines(row, "#L", "-"));
  }
  if (options.platform == "gitea") {
    return fmt::format("{}/src/commit/{}/{}{}{}", url, row.commit, path, drawn ? "?display=source" : "",
                       link_lines(row, "#L", "-L"));
  }
  if (options.platform == "bitbucket") {
    return fmt::format("{}/src/{}/{}{}", url, row.commit, path, link_lines(row, "#lines-", ":"));
  }
  return fmt::format("{}/commit/{}?path=/{}{}&lineStartColumn=1&lineEndColumn=10000000&type=2&lineStyle=plain&_a=files",
                     url, row.commit, path, link_lines(row, "&line=", "&lineEnd="));
}

GitleaksRow make_row(const Finding& finding, const Occurrence& occurrence, const GitleaksOptions& options,
                     const SecretMask& mask) {
  GitleaksRow row;
  row.rule_id = finding.rule->id;
  row.description = finding.rule->title;
  for (const std::string_view tag : finding.rule->tags) row.tags.emplace_back(tag);
  add_decoding(occurrence.encoding, row.tags);
  row.file = finding.rule->path_only() ? file_of(occurrence) : mask.mask_name(file_of(occurrence));
  fill_place(occurrence, options, row);
  if (occurrence.commit) fill_commit(*occurrence.commit, mask, row);
  fill_value(finding, occurrence, options, mask, row);
  row.fingerprint = fingerprint_of(row);
  row.link = link_of(row, options);
  return row;
}

}  // namespace

std::vector<GitleaksRow> gitleaks_rows(const detect::ScanResult& result, const GitleaksOptions& options) {
  const SecretMask mask(result, options.redact == 0);
  std::vector<GitleaksRow> rows;
  for (const Finding& finding : result.findings) {
    if (finding.severity == detect::Severity::Note) continue;
    for (const Occurrence& occurrence : finding.occurrences) {
      rows.push_back(make_row(finding, occurrence, options, mask));
    }
  }
  const auto key = [](const GitleaksRow& row) {
    return std::tie(row.file, row.start_line, row.start_column, row.rule_id, row.commit);
  };
  std::stable_sort(rows.begin(), rows.end(),
                   [&](const GitleaksRow& a, const GitleaksRow& b) { return key(a) < key(b); });
  return rows;
}

std::string web_url(std::string_view remote) {
  std::string host, path;
  const std::size_t scheme = remote.find("://");
  if (scheme != std::string_view::npos) {
    std::string_view rest = remote.substr(scheme + 3);
    const std::size_t slash = rest.find('/');
    if (slash == std::string_view::npos || remote.starts_with("file:")) return {};
    host = rest.substr(0, slash);
    path = rest.substr(slash + 1);
  } else {  // git@host:path
    const std::size_t colon = remote.find(':');
    if (colon == std::string_view::npos || remote.substr(0, colon).find('/') != std::string_view::npos) return {};
    host = remote.substr(0, colon);
    path = remote.substr(colon + 1);
  }
  if (const std::size_t at = host.rfind('@'); at != std::string::npos) host.erase(0, at + 1);
  const bool web = remote.starts_with("http");
  if (const std::size_t port = host.find(':'); port != std::string::npos && !web) host.erase(port);
  while (path.starts_with('/')) path.erase(0, 1);
  if (path.ends_with(".git")) path.erase(path.size() - 4);
  return host.empty() || path.empty() ? std::string() : "https://" + host + "/" + path;
}

std::string_view platform_of(std::string_view url) {
  constexpr std::pair<std::string_view, std::string_view> kHosts[] = {
      {"github.com", "github"},         {"gitlab.com", "gitlab"},
      {"dev.azure.com", "azuredevops"}, {"visualstudio.com", "azuredevops"},
      {"gitea.com", "gitea"},           {"codeberg.org", "gitea"},
      {"bitbucket.org", "bitbucket"}};
  std::string_view host = url.substr(std::min(url.size(), std::string_view("https://").size()));
  host = host.substr(0, host.find('/'));
  for (const auto& [name, platform] : kHosts) {
    if (host == name ||
        (host.size() > name.size() && host.ends_with(name) && host[host.size() - name.size() - 1] == '.'))
      return platform;
  }
  return {};
}

}  // namespace tightship::report
