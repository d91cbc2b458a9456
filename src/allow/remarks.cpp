#include "allow/remarks.h"

#include <fmt/format.h>

#include <algorithm>

namespace tightship::allow {
namespace {

using detect::Severity;

constexpr std::size_t kNamed = 5;  // entries that a remark names

std::string findings_text(std::uint64_t count) {
  return count == 1 ? "1 finding allowed" : fmt::format("{} findings allowed", count);
}

// "a, b, and 3 more"
std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < kNamed; ++i) text += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > kNamed) text += fmt::format(", and {} more", names.size() - kNamed);
  return text;
}

std::string entries_text(std::size_t count, std::string_view verb_one, std::string_view verb_many) {
  return count == 1 ? fmt::format("1 entry {}", verb_one) : fmt::format("{} entries {}", count, verb_many);
}

std::string name_of(const Entry& entry) {
  return entry.rule.empty() ? entry.id : fmt::format("{} ({})", entry.id, entry.rule);
}
std::string name_of(const BaselineEntry& entry) { return fmt::format("{} ({})", entry.id, entry.rule); }
std::string name_of(const PlacedEntry& entry) { return fmt::format("{}:{}:{}", entry.file, entry.rule, entry.line); }

template <class E>
std::vector<std::string> unmatched(const std::vector<E>& entries, const FileUsage& usage) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (!usage.matched[i]) names.push_back(name_of(entries[i]));
  }
  return names;
}

class Writer {
 public:
  Writer(const ApplyOptions& options, detect::ScanResult& result)
      : options_(options), result_(result), tells_(options.covered != Covered::Part && result.complete()) {}

  void file(const AllowFile& file, const FileUsage& usage);
  void baseline(const Baseline& baseline, const FileUsage& usage);
  void placed(const PlacedList& list, const FileUsage& usage);

 private:
  void say(Severity severity, std::string text, std::string help = {}) {
    result_.remarks.push_back({severity, std::move(text), std::move(help)});
  }
  void warnings(const Source& source);
  void expired(const AllowFile& file, const FileUsage& usage);
  void stale(const std::string& path, const std::vector<std::string>& names, std::string help);

  const ApplyOptions& options_;
  detect::ScanResult& result_;
  bool tells_;
};

void Writer::warnings(const Source& source) {
  const detect::Problem* first = nullptr;
  std::size_t count = 0;
  for (const detect::Problem& problem : source.problems) {
    if (count++ == 0) first = &problem;
  }
  if (first == nullptr) return;
  std::string text = fmt::format("{}:{}: {}: {}", source.path, first->place.line, first->message, first->label);
  if (count > 1) text += fmt::format(" (and {} more)", count - 1);
  say(Severity::Warning, std::move(text), first->help);
}

void Writer::stale(const std::string& path, const std::vector<std::string>& names, std::string help) {
  if (names.empty()) return;
  const std::string_view where = options_.covered == Covered::WorkTree ? " in these files" : "";
  say(Severity::Note,
      fmt::format("{} of {} matched nothing{}: {}",
                  names.size() == 1 ? "1 entry" : fmt::format("{} entries", names.size()), path, where, listed(names)),
      std::move(help));
}

void Writer::expired(const AllowFile& file, const FileUsage& usage) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < file.entries.size(); ++i) {
    const Entry& entry = file.entries[i];
    if (usage.matched[i] && entry.expired(options_.now)) {
      names.push_back(fmt::format("{} ended on {}", name_of(entry), day_text(*entry.until)));
    }
  }
  if (names.empty()) return;
  say(Severity::Warning,
      fmt::format("{} in {}: {}", entries_text(names.size(), "has expired", "have expired"), file.source.path,
                  listed(names)),
      "rotate it, or tightship allow ID --until DATE");
}

void Writer::file(const AllowFile& file, const FileUsage& usage) {
  warnings(file.source);
  if (file.entries.empty()) return;
  say(Severity::Note,
      fmt::format("repository allowances took part: {}: {}", file.source.path, findings_text(usage.allowed)),
      "--no-repo-config leaves them out");
  expired(file, usage);
  if (tells_) {
    stale(file.source.path, unmatched(file.entries, usage),
          options_.covered == Covered::WorkTree ? "tightship audit tells whether history needs them"
                                                : "tightship allow --remove ID");
  }
}

void Writer::baseline(const Baseline& baseline, const FileUsage& usage) {
  warnings(baseline.source);
  say(Severity::Note, fmt::format("baseline took part: {}: {}", baseline.source.path, findings_text(usage.allowed)));
  const bool same = (baseline.extent == Extent::History) == (options_.covered == Covered::History);
  if (tells_ && same) stale(baseline.source.path, unmatched(baseline.entries, usage), "tightship baseline update");
}

void Writer::placed(const PlacedList& list, const FileUsage& usage) {
  warnings(list.source);
  if (list.entries.empty()) return;
  say(Severity::Note,
      fmt::format("entries for gitleaks took part: {}: {}", list.source.path, findings_text(usage.allowed)));
  if (tells_ && options_.covered != Covered::WorkTree) stale(list.source.path, unmatched(list.entries, usage), {});
}

}  // namespace

Usage make_usage(const Allowances& allowances) {
  Usage usage;
  for (const AllowFile& file : allowances.files) usage.files.push_back({std::vector<bool>(file.entries.size()), 0});
  for (const Baseline& file : allowances.baselines)
    usage.baselines.push_back({std::vector<bool>(file.entries.size()), 0});
  for (const PlacedList& file : allowances.placed) usage.placed.push_back({std::vector<bool>(file.entries.size()), 0});
  return usage;
}

void add_remarks(const Allowances& allowances, const Usage& usage, const ApplyOptions& options,
                 detect::ScanResult& result) {
  Writer writer(options, result);
  for (std::size_t i = 0; i < usage.files.size(); ++i) writer.file(allowances.files[i], usage.files[i]);
  for (std::size_t i = 0; i < usage.placed.size(); ++i) writer.placed(allowances.placed[i], usage.placed[i]);
  for (std::size_t i = 0; i < usage.baselines.size(); ++i) writer.baseline(allowances.baselines[i], usage.baselines[i]);
}

}  // namespace tightship::allow
