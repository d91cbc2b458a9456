#include "cli/explain_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

#include "base/file.h"
#include "base/terminal_text.h"
#include "detect/detector.h"
#include "detect/trace.h"
#include "report/report.h"
#include "scan/file_list.h"
#include "scan/git_view.h"
#include "scan/text.h"
#include "scan/worktree.h"

namespace tightship::cli {
namespace {

constexpr std::uint64_t kMaxExplained = std::uint64_t{64} << 20;  // bytes of the file

// The file as a scan sees it.
struct Text {
  std::string raw;
  scan::Transcoded transcoded;
  std::string_view media, container, encoding;
  std::string rule_path;  // relative to the root, as rules see it
  bool ignored = false;
  std::string_view view() const { return encoding.empty() ? std::string_view(raw) : std::string_view(transcoded.text); }
};

// Bytes [begin, end) of the text.
struct Extent {
  std::size_t begin = 0, end = 0;
};

std::optional<Extent> find_line(std::string_view text, std::uint32_t number) {
  std::size_t begin = 0;
  for (std::uint32_t line = 1; line < number; ++line) {
    const std::size_t end = text.find('\n', begin);
    if (end == std::string_view::npos) return std::nullopt;
    begin = end + 1;
  }
  return Extent{begin, std::min(text.find('\n', begin), text.size())};
}

std::string real_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, std::max<std::size_t>(slash, 1));
  const auto argument = scan::look_at_argument(folder);
  return argument ? argument->real + "/" + path.substr(slash == std::string::npos ? 0 : slash + 1) : path;
}

Result<Text> read_text(const std::string& path) {
  auto content = read_file(path, kMaxExplained);
  if (!content) return tl::unexpected(content.error());
  Text text;
  text.raw = std::move(*content);
  text.media = scan::compressed_media(as_bytes(text.raw));
  text.container = unpack::format_name(unpack::format_of(as_bytes(text.raw)));
  const scan::Encoding encoding = scan::detect_encoding(as_bytes(text.raw));
  text.encoding = scan::encoding_name(encoding);
  if (!text.encoding.empty()) text.transcoded = scan::transcode(as_bytes(text.raw), encoding);
  const std::string real = real_of(path);
  text.rule_path = path;
  if (const auto view = scan::GitView::open(real.substr(0, std::max<std::size_t>(real.rfind('/'), 1)), true)) {
    text.rule_path = real.substr(std::min(real.size(), (*view)->root().size() + 1));
    text.ignored = !(*view)->is_tracked(text.rule_path) && (*view)->is_ignored(text.rule_path);
  }
  return text;
}

std::string by_file(const std::string& file) {
  return file.empty() ? "" : fmt::format(" ({})", terminal_text(shown_path(file)));
}

bool is_on(const detect::Occurrence& occurrence, std::uint32_t line) {
  return occurrence.place == detect::Place::File && occurrence.position.line <= line &&
         line <= occurrence.position.end_line;
}

// Of what the scan found encoded in the line; an occurrence may be in both lists of the result.
struct Decoded {
  const detect::Finding* finding = nullptr;
  const detect::Occurrence* occurrence = nullptr;
};

std::vector<Decoded> decoded_on(std::uint32_t line, const detect::ScanResult& result) {
  std::vector<Decoded> found;
  for (const auto* findings : {&result.findings, &result.allowed}) {
    for (const detect::Finding& finding : *findings) {
      for (const detect::Occurrence& occurrence : finding.occurrences) {
        if (is_on(occurrence, line) && !occurrence.written.empty()) found.push_back({&finding, &occurrence});
      }
    }
  }
  return found;
}

// What became of a believed candidate: reported, or accepted by a file.
std::string outcome(const std::string& id, std::uint32_t line, const detect::ScanResult& result) {
  const auto here = [&](const detect::Finding& finding) {
    return finding.fingerprint == id && std::any_of(finding.occurrences.begin(), finding.occurrences.end(),
                                                    [&](const detect::Occurrence& o) { return is_on(o, line); });
  };
  const auto accepted = std::find_if(result.allowed.begin(), result.allowed.end(), here);
  if (accepted != result.allowed.end() && accepted->allowance) {
    const detect::Allowance& by = *accepted->allowance;
    return fmt::format("not reported: accepted by {}{}{}: {}", terminal_text(by.file),
                       by.line > 0 ? fmt::format(":{}", by.line) : "", by.by.empty() ? "" : ", " + terminal_text(by.by),
                       terminal_text(by.reason));
  }
  const auto found = std::find_if(result.findings.begin(), result.findings.end(), here);
  if (found == result.findings.end() && !decoded_on(line, result).empty())
    return "not reported: what is encoded in it is";
  if (found == result.findings.end()) return "believed, and not in the scan: the file changed meanwhile";
  const std::string_view severity = detect::severity_name(found->severity);
  return fmt::format("reported as {}{}", severity, severity == "note" ? " (shown with -v)" : "");
}

std::string match_text(const detect::TracedMatch& traced, const Text& text, std::uint32_t line,
                       const detect::RuleSet& rules, const detect::ScanResult& result) {
  const detect::Candidate& candidate = traced.candidate;
  const detect::Rule& rule = rules.rules()[candidate.rule];
  const std::string_view view = text.view();
  const std::string_view secret = view.substr(candidate.start, candidate.length);
  const detect::Position at = scan::locate(as_bytes(view), candidate.start, candidate.start + candidate.length);
  const std::string id = detect::fingerprint(rule.id, secret);
  std::string out = fmt::format("{}:{}: {} {}", at.line, at.column, terminal_text(rule.id),
                                terminal_text(report::redact(secret, rule.prefix)));
  if (!traced.reported) return out + fmt::format("\n  not reported: {}{}\n", traced.reason, by_file(traced.file));
  const detect::CheckResult check =
      detect::explain(rule, secret, view.substr(candidate.match_start, candidate.match_length));
  out += fmt::format(" {}\n  {}\n", id, outcome(id, line, result));
  return check.why.empty() ? out : out + fmt::format("  believed: {}\n", terminal_text(check.why));
}

std::string decoded_text(const Decoded& decoded, std::uint32_t line, const detect::ScanResult& result) {
  const detect::Finding& finding = *decoded.finding;
  const detect::Position& at = decoded.occurrence->position;
  return fmt::format("{}:{}: {} {} {}\n  decoded from {}\n  {}\n  believed: {}\n", at.line, at.column,
                     terminal_text(finding.rule->id),
                     terminal_text(report::redact(finding.secret, finding.rule->prefix)), finding.fingerprint,
                     terminal_text(decoded.occurrence->encoding), outcome(finding.fingerprint, line, result),
                     terminal_text(finding.why));
}

std::string head_text(const LineOfFile& place, const Text& text, std::size_t matches, const detect::RuleSet& rules) {
  std::string out = fmt::format("{}:{}: ", terminal_text(place.path), place.line);
  if (matches == 0) {
    out += fmt::format("nothing here matches one of the {} rules\n", rules.rules().size());
    out += "  how near a rule came to matching is not known\n";
  } else {
    out += matches == 1 ? "1 match\n" : fmt::format("{} matches\n", matches);
  }
  if (!text.container.empty()) {
    out += fmt::format("  a scan looks into the file, which is {} data, and reports by its members\n", text.container);
  } else if (!text.media.empty()) {
    out += fmt::format("  a scan does not read the file: it is {} data\n", text.media);
  }
  if (text.ignored) out += "  git ignores the file: a scan of its folder passes it over, unless --no-ignore\n";
  if (!text.encoding.empty()) out += fmt::format("  {}: columns are those of its text as UTF-8\n", text.encoding);
  return out;
}

}  // namespace

std::optional<LineOfFile> parse_line_of_file(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  const std::string_view number = text.substr(colon + 1);
  LineOfFile place{std::string(text.substr(0, colon)), 0};
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), place.line);
  if (error != std::errc{} || end != number.data() + number.size() || place.line == 0) return std::nullopt;
  return place;
}

Result<std::string> explain_line(const LineOfFile& place, const RuleOptions& rule_options, const AllowOptions& allow) {
  const auto text = read_text(place.path);
  if (!text) return tl::unexpected(text.error());
  const auto line = find_line(text->view(), place.line);
  if (!line) return fail(ErrorKind::Usage, fmt::format("the file has no line {}", place.line), place.path);
  const auto rules = load_rules(rule_options, {place.path});
  if (!rules) return tl::unexpected(rules.error());
  const auto allowances = load_allowances(allow, rule_options.no_repo_config, {place.path}, PathSpace::Typed);
  if (!allowances) return tl::unexpected(allowances.error());
  scan::WorktreeOptions options;
  options.paths = {place.path};
  scan::Progress progress;
  auto result = scan::scan_worktree(rules->set(), options, progress);
  if (!result) return tl::unexpected(result.error());
  apply_allowances(*allowances, {place.path}, *result);

  bool truncated = false;
  const auto traced =
      detect::trace_matches(rules->set(), as_bytes(text->view()), text->rule_path, line->begin, line->end, truncated);
  const std::vector<Decoded> decoded = decoded_on(place.line, *result);
  std::string out = head_text(place, *text, traced.size() + decoded.size(), rules->set());
  for (const detect::TracedMatch& match : traced) {
    out += "\n" + match_text(match, *text, place.line, rules->set(), *result);
  }
  for (const Decoded& one : decoded) out += "\n" + decoded_text(one, place.line, *result);
  out += '\n';
  for (const std::vector<detect::Remark>* remarks : {&rules->remarks, &std::as_const(*result).remarks}) {
    for (const detect::Remark& remark : *remarks) out += terminal_text(remark.text) + "\n";
  }
  if (truncated) out += "the file has more candidates than are followed\n";
  return out + "this is the file as it is now; tightship audit knows its history\n";
}

}  // namespace tightship::cli
