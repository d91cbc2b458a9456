#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "base/file.h"
#include "base/terminal_text.h"
#include "cli/commands.h"
#include "cli/rule_source.h"
#include "cli/stream.h"
#include "detect/rule.h"
#include "match/engine.h"

// What rules cost, on the bytes of real files: for every anchor how often it is seen (a false start
// unless it ends in a match) and what its confirm step takes; for every rule how often the expression
// ran and matched. The engine is compiled anew, because counting is a property of an engine.

namespace tightship::cli {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kMaxBenchFile = std::uint64_t{64} << 20;
constexpr std::size_t kMaxBenchFiles = 1'000'000;

struct LiteralCost {
  std::uint64_t seen = 0;
  double seconds = 0;  // in confirm
};

struct Bench {
  std::uint64_t files = 0, bytes = 0, unread = 0;
  double find_seconds = 0;
  std::vector<LiteralCost> literals;
};

double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

Result<match::Engine> compile_counting(const detect::RuleSet& rules) {
  std::vector<match::PatternSpec> specs;
  for (const detect::Rule& rule : rules.rules()) {
    specs.push_back({rule.id, rule.regex, rule.secret_group, {rule.anchors.begin(), rule.anchors.end()}});
  }
  auto engine = match::Engine::compile(std::move(specs));
  if (engine) engine->set_counting(true);
  return engine;
}

// Regular files below `path`, without .git; symlinks are not followed.
void collect(const std::string& path, std::vector<std::string>& files) {
  std::error_code error;
  if (!fs::is_directory(path, error)) {
    files.push_back(path);
    return;
  }
  fs::recursive_directory_iterator entry(path, fs::directory_options::skip_permission_denied, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    if (files.size() >= kMaxBenchFiles) return;
    if (entry->path().filename() == ".git") entry.disable_recursion_pending();
    if (entry->symlink_status(error).type() == fs::file_type::regular) files.push_back(entry->path().string());
  }
}

void measure(const match::Engine& engine, Bytes content, match::Engine::Scratch& scratch, Bench& bench) {
  std::vector<match::Anchor> anchors;
  std::vector<match::Match> matches;
  auto start = Clock::now();
  engine.find_anchors(content, scratch, anchors);
  bench.find_seconds += since(start);
  for (const match::Anchor anchor : anchors) {
    LiteralCost& cost = bench.literals[anchor.literal];
    matches.clear();
    start = Clock::now();
    engine.confirm(content, anchor, matches);
    cost.seconds += since(start);
    ++cost.seen;
  }
  ++bench.files;
  bench.bytes += content.size();
}

Bench run_bench(const match::Engine& engine, std::vector<std::string> files) {
  Bench bench;
  bench.literals.resize(engine.literal_count());
  auto scratch = engine.make_scratch();
  std::sort(files.begin(), files.end());
  for (const std::string& file : files) {
    const auto content = read_file(file, kMaxBenchFile);
    if (!content) {
      ++bench.unread;
      continue;
    }
    measure(engine, as_bytes(*content), scratch, bench);
  }
  return bench;
}

template <class Key>
std::vector<std::size_t> sorted_by(std::size_t count, Key key) {
  std::vector<std::size_t> order(count);
  for (std::size_t i = 0; i < count; ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return key(a) > key(b); });
  return order;
}

std::string literal_table(const match::Engine& engine, const Bench& bench, double megabytes) {
  std::string out = "\nanchor        seen/MB       seen   confirm ms  us each\n";
  for (const std::size_t i :
       sorted_by(bench.literals.size(), [&](std::size_t n) { return bench.literals[n].seconds; })) {
    const LiteralCost& cost = bench.literals[i];
    if (cost.seen == 0) continue;
    const std::string name = terminal_text(engine.literal_bytes(static_cast<std::uint16_t>(i)));
    const double seen = static_cast<double>(cost.seen);
    out += fmt::format("{:<12}{:>9.2f}{:>11}{:>13.2f}{:>9.2f}\n", name, seen / megabytes, cost.seen, cost.seconds * 1e3,
                       cost.seconds * 1e6 / seen);
  }
  return out;
}

std::string rule_table(const match::Engine& engine, const detect::RuleSet& rules, double megabytes) {
  const auto costs = engine.pattern_costs();
  std::string out = "\nrule                                    starts/MB     starts  expression    matched\n";
  for (const std::size_t i : sorted_by(costs.size(), [&](std::size_t n) { return costs[n].anchors; })) {
    const match::Engine::Cost& cost = costs[i];
    if (cost.anchors == 0) continue;
    out += fmt::format("{:<40}{:>9.2f}{:>11}{:>12}{:>11}\n", terminal_text(rules.rules()[i].id),
                       static_cast<double>(cost.anchors) / megabytes, cost.anchors, cost.prefix_passed, cost.matched);
  }
  return out;
}

std::string bench_text(const match::Engine& engine, const detect::RuleSet& rules, const Bench& bench) {
  double confirm = 0;
  for (const LiteralCost& cost : bench.literals) confirm += cost.seconds;
  const double megabytes = std::max(static_cast<double>(bench.bytes) / 1e6, 1e-6);
  std::string out = fmt::format("files {}, {:.1f} MB; {} rules, {} anchors\n", bench.files, megabytes,
                                engine.pattern_count(), engine.literal_count());
  const auto speed = [&](double seconds) { return megabytes / std::max(seconds, 1e-9); };
  out += fmt::format("find anchors {:.1f} ms ({:.0f} MB/s), confirm {:.1f} ms, together {:.0f} MB/s\n",
                     bench.find_seconds * 1e3, speed(bench.find_seconds), confirm * 1e3,
                     speed(bench.find_seconds + confirm));
  if (bench.unread > 0) out += fmt::format("{} files could not be read\n", bench.unread);
  return out + literal_table(engine, bench, megabytes) + rule_table(engine, rules, megabytes);
}

}  // namespace

Result<int> rules_bench_command(Arguments arguments) {
  RuleOptions options;
  std::vector<std::string> paths;
  Command command;
  command.name = "rules bench";
  command.usage = "tightship rules bench [FLAGS] PATH...";
  command.brief = "Measures what every anchor and every rule costs on the files under PATH.";
  command.detail =
      "An anchor is the fixed piece of a token that is searched for; seen/MB are its false starts. The "
      "expression of a "
      "rule runs only when the bytes after an anchor fit. The slowest come first. Single-threaded.";
  command.flags = rule_flags(options);
  command.operands = {"PATH", 1, 100'000, &paths};
  const auto go = ready(command, std::move(arguments));
  if (!go) return tl::unexpected(go.error());
  if (!*go) return 0;
  const auto rules = load_rules(options, {});
  if (!rules) return tl::unexpected(rules.error());
  const auto engine = compile_counting(rules->set());
  if (!engine) return tl::unexpected(engine.error());
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    std::error_code error;
    if (!fs::exists(path, error)) return fail(ErrorKind::NotFound, "no such file or folder", path);
    collect(path, files);
  }
  const auto written = write_stdout(bench_text(*engine, rules->set(), run_bench(*engine, std::move(files))));
  if (!written) return tl::unexpected(written.error());
  return 0;
}

}  // namespace tightship::cli
