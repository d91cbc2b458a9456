// embed_rules OUT.cpp FILE...: checks the built-in rule files, compiles them and writes them as C++.
// A run at build time, so every problem, warnings included, fails the build as FILE:LINE:COLUMN.

#include <fmt/format.h>

#include <cstdio>
#include <iterator>
#include <set>

#include "detect/rule_set.h"

namespace tightship::detect {
namespace {

constexpr unsigned kExampleSeeds = 8;

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<std::uint8_t>(c);
    // Octal always in three digits: it cannot swallow the character behind it. '?' would make trigraphs.
    if (c == '"' || c == '\\' || c == '?' || byte < 32 || byte > 126)
      fmt::format_to(std::back_inserter(out), "\\{:03o}", byte);
    else
      out.push_back(c);
  }
  return out + "\"";
}

std::string view(std::string_view text) {
  return text.empty() ? "{}" : fmt::format("std::string_view({}, {})", quoted(text), text.size());
}

// Writes tables before the rules that point at them.
class Writer {
 public:
  std::string strings(const std::vector<std::string_view>& list) {
    if (list.empty()) return "{}";
    std::string items;
    for (const std::string_view item : list) items += view(item) + ", ";
    out_ += fmt::format("constexpr std::string_view kList{}[] = {{{}}};\n", ++count_, items);
    return fmt::format("kList{}", count_);
  }

  std::string allowlists(const std::vector<Allowlist>& lists) {
    if (lists.empty()) return "{}";
    std::string items;
    for (const Allowlist& list : lists) {
      items += fmt::format("{{{}, static_cast<Allowlist::Target>({}), {}, {}, {}, {}}}, ", list.all_must_match,
                           static_cast<int>(list.regex_target), strings(list.regexes), strings(list.stopwords),
                           strings(list.paths), strings(list.commits));
    }
    out_ += fmt::format("constexpr EmbeddedAllowlist kAllow{}[] = {{{}}};\n", ++count_, items);
    return fmt::format("kAllow{}", count_);
  }

  std::string companions(const std::vector<Companion>& list) {
    if (list.empty()) return "{}";
    std::string items;
    for (const Companion& c : list) {
      items += fmt::format("{{{}, {}, {}, {}, {}}}, ", view(c.id), view(c.name), c.required, c.within_lines,
                           c.within_columns);
    }
    out_ += fmt::format("constexpr Companion kCompanions{}[] = {{{}}};\n", ++count_, items);
    return fmt::format("kCompanions{}", count_);
  }

  std::string rule(const Rule& r) {
    return fmt::format(
        "  {{{}, {}, {}, {}, {}, {}, {}, {}, {}, static_cast<Kind>({}), static_cast<Severity>({}),\n"
        "   static_cast<RiskClass>({}), {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},\n"
        "   {}, {}}},\n",
        view(r.id), view(r.title), view(r.provider), view(r.regex), r.secret_group, strings(r.anchors),
        strings(r.keywords), view(r.path), r.entropy, static_cast<int>(r.kind), static_cast<int>(r.severity),
        static_cast<int>(r.risk_class), view(r.check), r.generic, view(r.prefix), view(r.why), view(r.impact),
        view(r.rotate), view(r.rotate_url), view(r.source), strings(r.tags), strings(r.examples),
        strings(r.counterexamples), allowlists(r.allowlists), companions(r.companions), r.skip_report);
  }

  std::string generate(const RuleSet& set) {
    std::string rules;
    for (const Rule& r : set.rules()) rules += rule(r);
    const std::string globals = allowlists(set.global_allowlists());
    const auto blob = set.engine().serialize();
    out_ += fmt::format("constexpr EmbeddedRule kRules[] = {{\n{}}};\n", rules);
    out_ += "alignas(64) constexpr char kEngine[] =\n";
    for (std::size_t at = 0; at < blob.size(); at += 64) {
      const std::size_t size = std::min<std::size_t>(64, blob.size() - at);
      out_ += "    " + quoted(as_text(Bytes(blob).subspan(at, size))) + "\n";
    }
    out_ += fmt::format(
        "    ;\nconstexpr EmbeddedRules kEmbedded = {{kRules, {}, std::string_view(kEngine, {}), {}, {}}};\n", globals,
        blob.size(), view(set.version()), view(set.content_hash()));
    return out_;
  }

 private:
  std::string out_;
  int count_ = 0;
};

constexpr std::string_view kHead =
    "// Written by embed_rules from rules/*.toml.\n"
    "#include \"detect/embedded.h\"\n\n"
    "namespace tightship::detect {\nnamespace {\n\n";
constexpr std::string_view kTail =
    "\n}  // namespace\n\n"
    "const RuleSet& RuleSet::builtin() {\n"
    "  static const RuleSet set = open_embedded(kEmbedded);\n"
    "  return set;\n}\n\n"
    "Result<RuleSet> RuleSet::load(const std::vector<RuleInput>& files, const LoadOptions& options) {\n"
    "  return load_rule_files(files, options, &RuleSet::builtin);\n}\n\n"
    "Result<RuleSet> RuleSet::load(const std::vector<std::string>& files, const LoadOptions& options) {\n"
    "  return load(inputs_of(files), options);\n}\n\n"
    "}  // namespace tightship::detect\n";

bool print_problems(const RuleFile& file) {
  for (const Problem& problem : file.problems) {
    fmt::print(stderr, "{}:{}:{}: error: {}{}{}{}{}\n", file.path, problem.place.line, problem.place.column,
               problem.message, problem.label.empty() ? "" : ": ", problem.label, problem.help.empty() ? "" : "; ",
               problem.help);
  }
  return file.problems.empty();
}

void check_unique(RuleFile& file, std::set<std::string, std::less<>>& ids) {
  for (const FileRule& entry : file.rules) {
    if (ids.emplace(entry.rule.id).second) continue;
    add_problem(
        file,
        {Severity::Error, fmt::format("rule '{}' is in another file too", entry.rule.id), "", "", entry.place, {}});
  }
}

bool write_file(const char* path, std::string_view text) {
  std::FILE* out = std::fopen(path, "wb");
  if (out == nullptr) return false;
  const bool written = std::fwrite(text.data(), 1, text.size(), out) == text.size();
  return std::fclose(out) == 0 && written;
}

// The set of all files, without the check of their examples.
Result<RuleSet> compile(const std::vector<std::string>& paths, bool& ok) {
  auto impl = std::make_unique<RuleSet::Impl>();
  std::set<std::string, std::less<>> ids;
  for (const std::string& path : paths) {
    auto file = read_rule_file(path);
    if (!file) return tl::unexpected(file.error());
    check_expressions(*file, Strictness::Bounded);
    check_completeness(*file);
    check_unique(*file, ids);
    impl->files.push_back(std::move(*file));
    merge(impl->files.back(), *impl);
    ok = print_problems(impl->files.back()) && ok;
  }
  if (!ok) return fail(ErrorKind::Config, "the rule files have errors");
  auto finished = finish(*impl);
  if (!finished) return tl::unexpected(finished.error());
  return RuleSet(std::move(impl));
}

int run(const char* out, const std::vector<std::string>& paths) {
  bool ok = true;
  const auto set = compile(paths, ok);
  if (!set) {
    fmt::print(stderr, "embed_rules: {}{}{}\n", set.error().where, set.error().where.empty() ? "" : ": ",
               set.error().what);
    return 1;
  }
  for (const std::string& path : paths) {
    auto file = read_rule_file(path);
    if (!file) return 1;
    check_examples(*file, *set, kExampleSeeds);
    ok = print_problems(*file) && ok;
  }
  if (!ok) return 1;
  if (!write_file(out, fmt::format("{}{}{}", kHead, Writer().generate(*set), kTail))) {
    fmt::print(stderr, "embed_rules: cannot write {}\n", out);
    return 1;
  }
  return 0;
}

}  // namespace
}  // namespace tightship::detect

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: embed_rules OUT.cpp FILE...\n");
    return 2;
  }
  return tightship::detect::run(argv[1], std::vector<std::string>(argv + 2, argv + argc));
}
