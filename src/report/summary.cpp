#include "report/summary.h"

#include <fmt/format.h>

#include <array>
#include <vector>

#include "base/terminal_text.h"
#include "report/allowed.h"
#include "report/style.h"
#include "report/words.h"

namespace tightship::report {
namespace {

using detect::Coverage;
using detect::ScanResult;

constexpr std::size_t kListedReasons = 6;

// "not scanned by policy: 12 pieces, 3.4 MB: 10 compressed media, 2 over 1 GiB"
std::string skipped_text(const ScanResult& result, const SecretMask& mask) {
  std::uint64_t count = 0, bytes = 0;
  std::vector<std::string> reasons;
  for (const detect::Skipped& skipped : result.coverage.skipped) {
    if (skipped.count == 0) continue;
    count += skipped.count;
    bytes += skipped.bytes;
    reasons.push_back(with_spaces(skipped.count) + " " + terminal_text(mask.mask(skipped.reason)));
  }
  if (count == 0) return {};
  if (reasons.size() > kListedReasons) {
    const std::size_t more = reasons.size() - kListedReasons;
    reasons.resize(kListedReasons);
    reasons.push_back("and " + counted(more, "more reason"));
  }
  return fmt::format("skipped by policy: {}, {}: {}\n", counted(count, "piece"), bytes_text(bytes),
                     join(reasons, ", "));
}

std::string_view why_nothing(const ScanResult& result) {
  if (result.job == ScanResult::Job::Changes) return "brings no commits";
  return result.subject == "stdin" ? "was empty" : "holds nothing to read";
}

// "scanned 8c1d2e3..77ab01c: 2 commits, ..." names the range, since another one may have been meant.
std::string scanned_text(const ScanResult& result, const Options& options, const SecretMask& mask) {
  std::string text = "scanned ";
  if (result.job == ScanResult::Job::Staged) text += "what is staged: ";
  if (result.job == ScanResult::Job::Changes && !result.subject.empty()) {
    text += terminal_text(mask.mask_name(result.subject)) + ": ";
  }
  return text + covered_text(result) + ": " + found_text(result, options) + "\n";
}

std::string nothing_text(const ScanResult& result, const Options& options, const SecretMask& mask) {
  const std::string subject = terminal_text(mask.mask_name(result.subject));
  std::string text = paint("warning", Role::Warning, options.color) + ": nothing was scanned";
  if (result.job == ScanResult::Job::Staged) return text + ": nothing is staged\n";
  if (!subject.empty()) text += ": " + subject + " " + std::string(why_nothing(result));
  return text + "\n";
}

}  // namespace

std::string extent_text(const ScanResult& result) {
  const Coverage& coverage = result.coverage;
  std::vector<std::string> parts;
  if (result.subject == "stdin" && coverage.files <= 1 && coverage.commits == 0) {
    parts.push_back("stdin");
  } else if (coverage.files > 0 || coverage.commits + coverage.blobs + coverage.tags == 0) {
    parts.push_back(counted(coverage.files, "file"));
  }
  if (coverage.commits > 0) parts.push_back(counted(coverage.commits, "commit"));
  if (coverage.blobs > 0 && coverage.files == 0) parts.push_back(counted(coverage.blobs, "blob"));
  if (coverage.tags > 0) parts.push_back(counted(coverage.tags, "tag"));
  if (coverage.archives > 0) {
    parts.push_back(counted(coverage.archives, "archive") + " with " + counted(coverage.archive_members, "member"));
  }
  parts.push_back(bytes_text(coverage.bytes));
  return join(parts, ", ");
}

std::string covered_text(const ScanResult& result) {
  return extent_text(result) + " in " + duration_text(result.coverage.seconds);
}

std::string found_text(const ScanResult& result, const Options& options) {
  std::array<std::uint64_t, 3> counts{};
  for (const detect::Finding& finding : result.findings) ++counts[static_cast<std::size_t>(finding.severity) % 3];
  std::vector<std::string> parts;
  if (counts[2] > 0) parts.push_back(counted(counts[2], "error"));
  if (counts[1] > 0) parts.push_back(counted(counts[1], "warning"));
  if (options.show_notes && counts[0] > 0) parts.push_back(counted(counts[0], "note"));
  std::string text = parts.empty()
                         ? (is_complete(result) ? "no secrets found" : "no secrets found in what could be read")
                         : join(parts, ", ");
  if (!options.show_notes && counts[0] > 0) {
    text += fmt::format(" ({} hidden, -v shows {})", counted(counts[0], "note"), counts[0] == 1 ? "it" : "them");
  }
  if (!result.allowed.empty()) text += fmt::format(", {} allowed", with_spaces(result.allowed.size()));
  return text;
}

bool nothing_was_scanned(const ScanResult& result) {
  const Coverage& c = result.coverage;
  if (!result.findings.empty() || !result.allowed.empty()) return false;
  return c.files + c.objects + c.blobs + c.trees + c.commits + c.tags + c.reflog_entries == 0 && c.bytes == 0;
}

std::string remarks_text(const ScanResult& result, const Options& options, const SecretMask& mask) {
  std::string text;
  for (const detect::Remark& remark : result.remarks) {
    const std::string_view level = detect::severity_name(remark.severity);
    text += paint(level, role_of_level(level), options.color) + ": " + terminal_text(mask.mask(remark.text)) + "\n";
    if (remark.help.empty()) continue;
    text += paint("help", Role::Help, options.color) + ": " + terminal_text(mask.mask(remark.help)) + "\n";
  }
  return text;
}

std::string render_summary(const ScanResult& result, const Options& options) {
  const SecretMask mask(result, options.show_secrets);
  std::string text = remarks_text(result, options, mask);
  if (options.show_notes) text += allowed_text(result, mask);
  const bool nothing = nothing_was_scanned(result);
  if (nothing) text += nothing_text(result, options, mask);
  if (result.job != ScanResult::Job::Audit && !nothing) text += scanned_text(result, options, mask);
  return text + skipped_text(result, mask) + completeness_text(result, options, mask);
}

}  // namespace tightship::report
