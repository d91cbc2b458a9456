#include <fmt/format.h>

#include <algorithm>

#include "detect/embedded.h"
#include "detect/rule_set.h"

namespace tightship::detect {
namespace {

constexpr int kMaxExtendDepth = 2;  // as in gitleaks

std::vector<std::string_view> copy(Strings list) { return {list.begin(), list.end()}; }

std::vector<Allowlist> copy(std::span<const EmbeddedAllowlist> lists) {
  std::vector<Allowlist> out;
  for (const EmbeddedAllowlist& list : lists) {
    out.push_back({list.all_must_match, list.regex_target, copy(list.regexes), copy(list.stopwords), copy(list.paths),
                   copy(list.commits)});
  }
  return out;
}

Rule copy(const EmbeddedRule& rule) {
  return {.id = rule.id,
          .title = rule.title,
          .provider = rule.provider,
          .regex = rule.regex,
          .secret_group = rule.secret_group,
          .anchors = copy(rule.anchors),
          .keywords = copy(rule.keywords),
          .path = rule.path,
          .entropy = rule.entropy,
          .kind = rule.kind,
          .severity = rule.severity,
          .risk_class = rule.risk_class,
          .check = rule.check,
          .generic = rule.generic,
          .prefix = rule.prefix,
          .why = rule.why,
          .impact = rule.impact,
          .rotate = rule.rotate,
          .rotate_url = rule.rotate_url,
          .source = rule.source,
          .tags = copy(rule.tags),
          .examples = copy(rule.examples),
          .counterexamples = copy(rule.counterexamples),
          .allowlists = copy(rule.allowlists),
          .companions = {rule.companions.begin(), rule.companions.end()},
          .skip_report = rule.skip_report};
}

// Reads `path` and, before it, what it extends. The chain is at most kMaxExtendDepth deep.
Result<void> read_chain(const std::string& path, Dialect dialect, std::vector<RuleFile>& out,
                        std::vector<RuleFile> chain = {}) {
  std::string next = path;
  for (int depth = static_cast<int>(chain.size()); !next.empty(); ++depth) {
    if (depth > kMaxExtendDepth) return fail(ErrorKind::Config, "rule files extend each other too deeply", path);
    auto file = read_rule_file(next, dialect);
    if (!file) return tl::unexpected(file.error());
    next = file->extend_path;
    chain.push_back(std::move(*file));
  }
  for (auto at = chain.rbegin(); at != chain.rend(); ++at) out.push_back(std::move(*at));
  return {};
}

// A file of a folder extends no other, so that it is the whole of it.
Result<void> read_input(const RuleInput& input, Dialect dialect, std::vector<RuleFile>& out) {
  if (input.folder.empty() && !input.text) return read_chain(input.path, dialect, out);
  auto file = input.text ? Result<RuleFile>(parse_rule_file(input.path, *input.text)) : read_rule_file(input.path);
  if (!file) return tl::unexpected(file.error());
  if (!input.folder.empty()) file->folder = file->strings.emplace_back(input.folder);
  out.push_back(std::move(*file));
  return {};
}

// `base` may be null. Stops at the first file with an error, which is left in `impl.files`.
std::unique_ptr<RuleSet::Impl> lay_files(std::vector<RuleFile> files, const RuleSet* base, Strictness strictness) {
  auto impl = std::make_unique<RuleSet::Impl>();
  if (base != nullptr) {
    impl->rules = base->rules();
    impl->allowlists = base->global_allowlists();
  }
  impl->files = std::move(files);
  for (RuleFile& file : impl->files) {
    check_expressions(file, strictness);
    merge(file, *impl);
  }
  return impl;
}

// The text of an environment variable, and what it extends.
Result<void> read_text(const LoadOptions& options, std::vector<RuleFile>& out) {
  if (!options.text) return {};
  std::vector<RuleFile> chain;
  chain.push_back(parse_rule_file(options.text_name, *options.text, options.dialect));
  const std::string next = chain.back().extend_path;
  return read_chain(next, options.dialect, out, std::move(chain));
}

Result<void> keep_only(const std::vector<std::string>& ids, std::vector<Rule>& rules) {
  if (ids.empty()) return {};
  for (const std::string& id : ids) {
    const bool known = std::any_of(rules.begin(), rules.end(), [&](const Rule& rule) { return rule.id == id; });
    if (!known) return fail(ErrorKind::Usage, fmt::format("no rule has the id '{}'", id), {}, "tightship rules list");
  }
  std::erase_if(rules, [&](const Rule& rule) { return std::find(ids.begin(), ids.end(), rule.id) == ids.end(); });
  return {};
}

// Every file of ours may switch the built-in rules off; in gitleaks' dialect one must ask for them.
bool want_base(const std::vector<RuleFile>& files) {
  if (!files.empty() && files.front().dialect == Dialect::Gitleaks) {
    return std::any_of(files.begin(), files.end(), [](const RuleFile& file) { return file.use_default; });
  }
  return std::all_of(files.begin(), files.end(),
                     [](const RuleFile& file) { return file.use_default || !file.folder.empty(); });
}

}  // namespace

RuleSet open_embedded(const EmbeddedRules& embedded) {
  auto impl = std::make_unique<RuleSet::Impl>();
  impl->rules.reserve(embedded.rules.size());
  for (const EmbeddedRule& rule : embedded.rules) impl->rules.push_back(copy(rule));
  impl->allowlists = copy(embedded.allowlists);
  impl->version = embedded.version;
  impl->content_hash = embedded.content_hash;
  auto engine = match::Engine::deserialize(as_bytes(embedded.engine), pattern_specs(impl->rules));
  // The bytes are part of this program: when they do not load, its build is broken. Compiling again
  // is slow but right, and cannot fail for rules that compiled when it was built.
  if (!engine) engine = match::Engine::compile(pattern_specs(impl->rules));
  impl->engine.emplace(std::move(engine.value()));
  prepare(*impl);
  return RuleSet(std::move(impl));
}

std::vector<RuleInput> inputs_of(const std::vector<std::string>& files) {
  std::vector<RuleInput> inputs;
  for (const std::string& file : files) inputs.push_back({file});
  return inputs;
}

Result<RuleSet> load_rule_files(const std::vector<RuleInput>& inputs, const LoadOptions& options,
                                const RuleSet& (*base)()) {
  std::vector<RuleFile> files;
  if (auto read = read_text(options, files); !read) return tl::unexpected(read.error());
  for (const RuleInput& input : inputs) {
    if (auto read = read_input(input, options.dialect, files); !read) return tl::unexpected(read.error());
  }
  const RuleSet* defaults = want_base(files) ? &base() : nullptr;
  auto impl = lay_files(std::move(files), defaults, Strictness::AllButPatterns);
  for (const RuleFile& file : impl->files) {
    if (!file.ok()) return tl::unexpected(first_error(file));
  }
  if (auto kept = keep_only(options.only, impl->rules); !kept) return tl::unexpected(kept.error());
  impl->ignore_comments = options.ignore_comments;
  auto finished = finish(*impl);
  if (finished) return RuleSet(std::move(impl));
  // Where it stands in the file is worth the time now.
  for (RuleFile& file : impl->files) {
    check_expressions(file, Strictness::Any);
    if (!file.ok()) return tl::unexpected(first_error(file));
  }
  return tl::unexpected(finished.error());
}

Result<RuleFile> check_rule_file(const std::string& path, const RuleSet& base, const std::string& folder) {
  std::vector<RuleFile> files;
  if (auto read = read_input({path, folder}, Dialect::Own, files); !read) return tl::unexpected(read.error());
  const RuleSet* defaults = want_base(files) ? &base : nullptr;
  auto impl = lay_files(std::move(files), defaults, Strictness::Any);
  const bool ok = std::all_of(impl->files.begin(), impl->files.end(), [](const RuleFile& f) { return f.ok(); });
  RuleFile* file = &impl->files.back();
  if (!ok) return std::move(*file);
  // Copied by parsing again: the set keeps the strings that its rules point into.
  RuleFile checked = parse_rule_file(file->path, file->text);
  checked.problems = file->problems;
  auto finished = finish(*impl);
  if (!finished) {
    add_problem(checked, {Severity::Error, finished.error().what, "", "", {1, 1, 1}, {}});
    return checked;
  }
  check_examples(checked, RuleSet(std::move(impl)), 8);
  return checked;
}

}  // namespace tightship::detect
