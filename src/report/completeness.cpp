#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/terminal_text.h"
#include "report/style.h"
#include "report/summary.h"
#include "report/words.h"

namespace tightship::report {
namespace {

using detect::Coverage;
using detect::ScanResult;

constexpr std::size_t kListedLosses = 5;

struct KindWords {
  std::string_view singular, plural;
};

// By LossKind.
constexpr std::array<KindWords, kLossKinds> kWords = {{
    {"missing object", "missing objects"},
    {"corrupt object", "corrupt objects"},
    {"corrupt pack", "corrupt packs"},
    {"corrupt index", "corrupt indexes"},
    {"unreadable file", "unreadable files"},
    {"file that changed meanwhile", "files that changed meanwhile"},
    {"piece over a limit", "pieces over a limit"},
    {"unsupported piece", "unsupported pieces"},
    {"shallow boundary", "shallow boundaries"},
    {"object that only the remote has", "objects that only the remote has"},
    {"server that did not answer", "servers that did not answer"},
    {"archive not read to its end", "pieces of archives that could not be read"},
}};

std::size_t index_of(LossKind kind) { return std::min(static_cast<std::size_t>(kind), kLossKinds - 1); }

// "2 missing objects, 1 corrupt pack and 1 240 more"
std::string loss_kinds(const ScanResult& result) {
  std::array<std::uint64_t, kLossKinds> counts{};
  for (const Loss& loss : result.losses) ++counts[index_of(loss.kind)];
  std::vector<std::string> parts;
  for (std::size_t kind = 0; kind < kLossKinds; ++kind) {
    if (counts[kind] > 0) parts.push_back(counted(counts[kind], kWords[kind].singular, kWords[kind].plural));
  }
  const std::uint64_t unlisted = loss_count(result) - result.losses.size();
  if (unlisted > 0) {
    parts.push_back(parts.empty() ? counted(unlisted, "piece") + " could not be read"
                                  : with_spaces(unlisted) + " more");
  }
  return join(parts, ", ");
}

// One of each kind before the second of any: five corrupt objects must not hide the missing pack.
std::vector<const Loss*> listed_losses(const ScanResult& result) {
  std::array<std::vector<const Loss*>, kLossKinds> by_kind;
  for (const Loss& loss : result.losses) {
    auto& same = by_kind[index_of(loss.kind)];
    if (same.size() < kListedLosses) same.push_back(&loss);
  }
  std::array<std::size_t, kLossKinds> taken{};
  std::size_t total = 0;
  for (std::size_t round = 0; round < kListedLosses; ++round) {
    for (std::size_t kind = 0; kind < kLossKinds && total < kListedLosses; ++kind) {
      if (round < by_kind[kind].size()) ++taken[kind], ++total;
    }
  }
  std::vector<const Loss*> listed;
  for (std::size_t kind = 0; kind < kLossKinds; ++kind) {
    listed.insert(listed.end(), by_kind[kind].begin(),
                  by_kind[kind].begin() + static_cast<std::ptrdiff_t>(taken[kind]));
  }
  return listed;
}

std::string loss_line(const Loss& loss, const SecretMask& mask) {
  std::string line = "  " + std::string(kWords[index_of(loss.kind)].singular);
  if (!loss.where.empty()) line += ": " + terminal_text(mask.mask_name(loss.where));
  if (!loss.what.empty()) line += ": " + terminal_text(mask.mask(loss.what));
  return line + "\n";
}

std::string loss_list(const ScanResult& result, const Options& options, const SecretMask& mask) {
  std::string text;
  std::vector<std::string> helps;
  const std::vector<const Loss*> listed = listed_losses(result);
  for (const Loss* loss : listed) {
    text += loss_line(*loss, mask);
    const std::string help = terminal_text(mask.mask(loss->help));
    if (!help.empty() && std::find(helps.begin(), helps.end(), help) == helps.end()) helps.push_back(help);
  }
  const std::uint64_t more = loss_count(result) - listed.size();
  if (more > 0 && !listed.empty()) text += fmt::format("  and {} more\n", with_spaces(more));
  for (const std::string& help : helps) text += paint("help", Role::Help, options.color) + ": " + help + "\n";
  return text;
}

std::string objects_text(const Coverage& coverage) {
  return fmt::format("{} of {}", with_spaces(coverage.objects),
                     counted(std::max(coverage.objects, coverage.objects_expected), "object"));
}

// "(3 packs, 112 loose, 61 unreachable)"
std::string stores_text(const Coverage& coverage) {
  std::vector<std::string> parts{counted(coverage.packs, "pack"), with_spaces(coverage.loose) + " loose"};
  if (coverage.unreachable > 0) parts.push_back(with_spaces(coverage.unreachable) + " unreachable");
  return "(" + join(parts, ", ") + ")";
}

}  // namespace

bool is_complete(const ScanResult& result) { return result.complete() && result.losses.empty(); }

std::uint64_t loss_count(const ScanResult& result) {
  return std::max<std::uint64_t>(result.loss_count, result.losses.size());
}

std::string completeness_text(const ScanResult& result, const Options& options, const SecretMask& mask) {
  const bool audit = result.job == ScanResult::Job::Audit;
  if (is_complete(result)) {
    if (!audit) return nothing_was_scanned(result) ? "" : "complete\n";
    return fmt::format("complete: {} {} in {}\n", objects_text(result.coverage), stores_text(result.coverage),
                       duration_text(result.coverage.seconds));
  }
  std::string text = paint("incomplete", Role::Warning, options.color) + ": ";
  if (audit) text += objects_text(result.coverage) + "; ";
  return text + loss_kinds(result) + "\n" + loss_list(result, options, mask);
}

}  // namespace tightship::report
