#include "detect/rule_set.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>

#include "detect/codec.h"

namespace tightship::detect {
namespace {

constexpr std::string_view kEdition = "2026.11";
constexpr std::int64_t kRegexMemory = 8 << 20;  // of one path or allow-list expression
constexpr std::size_t kMinOwnedPrefix = 4;      // shorter ones begin ordinary words

re2::RE2::Options byte_options() {
  re2::RE2::Options options(re2::RE2::Quiet);
  options.set_encoding(re2::RE2::Options::EncodingLatin1);  // paths and values are bytes
  options.set_max_mem(kRegexMemory);
  return options;
}

// Each field is preceded by its length, so that no two sets of rules give the same text.
class Canonical {
 public:
  void add(std::string_view text) { text_ += fmt::format("{}:{},", text.size(), text); }
  void add(const std::vector<std::string_view>& list) {
    text_ += fmt::format("[{}", list.size());
    for (const std::string_view item : list) add(item);
  }
  void add(const std::vector<Allowlist>& lists) {
    text_ += fmt::format("[{}", lists.size());
    for (const Allowlist& list : lists) {
      text_ += fmt::format("{}{}", list.all_must_match, static_cast<int>(list.regex_target));
      add(list.regexes), add(list.stopwords), add(list.paths), add(list.commits), add(list.folder);
    }
  }
  void add(const Rule& rule) {
    for (const std::string_view text :
         {rule.id, rule.title, rule.provider, rule.regex, rule.path, rule.check, rule.prefix, rule.why, rule.impact,
          rule.rotate, rule.rotate_url, rule.source, kind_name(rule.kind), severity_name(rule.severity),
          risk_class_name(rule.risk_class)}) {
      add(text);
    }
    text_ += fmt::format("{} {} {} {} {}", rule.secret_group, rule.entropy, rule.generic,
                         static_cast<int>(rule.dialect), rule.specificity);
    for (const auto* list : {&rule.anchors, &rule.keywords, &rule.tags, &rule.examples, &rule.counterexamples}) {
      add(*list);
    }
    add(rule.allowlists), add(rule.folders), add(rule.off_below);
    text_ += fmt::format("[{} {}", rule.companions.size(), rule.skip_report);
    for (const Companion& companion : rule.companions) {
      add(companion.id), add(companion.name);
      text_ += fmt::format("{} {} {}", companion.required, companion.within_lines, companion.within_columns);
    }
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

const LazyRegex* keep_regex(RuleSet::Impl& impl, std::string_view text) { return &impl.regexes.emplace_back(text); }

AllowlistFilter make_filter(RuleSet::Impl& impl, const Allowlist& list) {
  AllowlistFilter filter;
  filter.list = &list;
  for (const std::string_view text : list.regexes) filter.regexes.push_back(keep_regex(impl, text));
  for (const std::string_view text : list.paths) filter.paths.push_back(keep_regex(impl, text));
  filter.stopwords = StopWords(list.stopwords);
  impl.names_commits |= !list.commits.empty();
  return filter;
}

bool any_by_folder(const std::vector<Allowlist>& lists) {
  return std::any_of(lists.begin(), lists.end(), [](const Allowlist& list) { return !list.folder.empty(); });
}

bool any_by_path(const std::vector<Allowlist>& lists) {
  return std::any_of(lists.begin(), lists.end(), [](const Allowlist& list) { return !list.paths.empty(); });
}

ResolvedCompanion resolve(const std::vector<Rule>& rules, const Companion& companion) {
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (rules[i].id == companion.id) return {&companion, static_cast<std::uint16_t>(i)};
  }
  return {&companion, std::nullopt};
}

}  // namespace

LazyRegex::LazyRegex(std::string_view text) : text_(text) {}
LazyRegex::~LazyRegex() = default;

bool LazyRegex::found_in(std::string_view text) const {
  std::call_once(once_, [&] {
    compiled_ = std::make_unique<re2::RE2>(re2::StringPiece(text_.data(), text_.size()), byte_options());
  });
  return compiled_->ok() && re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *compiled_);
}

RuleSet::RuleSet(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RuleSet::RuleSet(RuleSet&&) noexcept = default;
RuleSet& RuleSet::operator=(RuleSet&&) noexcept = default;
RuleSet::~RuleSet() = default;

const std::vector<Rule>& RuleSet::rules() const { return impl_->rules; }
const match::Engine& RuleSet::engine() const { return *impl_->engine; }
const std::vector<Allowlist>& RuleSet::global_allowlists() const { return impl_->allowlists; }
std::string RuleSet::version() const { return impl_->version; }
std::string RuleSet::content_hash() const { return impl_->content_hash; }

const Rule* RuleSet::find(std::string_view id) const {
  const auto at = std::find_if(rules().begin(), rules().end(), [&](const Rule& rule) { return rule.id == id; });
  return at == rules().end() ? nullptr : &*at;
}

const RuleSet::Impl& RuleSet::inside() const { return *impl_; }

std::vector<const RuleFile*> files_of(const RuleSet& rules) {
  std::vector<const RuleFile*> files;
  for (const RuleFile& file : rules.inside().files) files.push_back(&file);
  return files;
}

void prepare(RuleSet::Impl& impl) {
  impl.filters.resize(impl.rules.size());
  for (std::size_t i = 0; i < impl.rules.size(); ++i) {
    const Rule& rule = impl.rules[i];
    RuleFilter& filter = impl.filters[i];
    filter.check = rule.check.empty() ? nullptr : find_check(rule.check);
    if (!rule.path.empty()) filter.path = keep_regex(impl, rule.path);
    for (const Allowlist& list : rule.allowlists) filter.allowlists.push_back(make_filter(impl, list));
    filter.by_folder = !rule.folders.empty() || !rule.off_below.empty() || any_by_folder(rule.allowlists) ||
                       any_by_folder(impl.allowlists);
    filter.by_path = filter.by_folder || rule.generic || filter.path != nullptr || any_by_path(rule.allowlists) ||
                     any_by_path(impl.allowlists);
    // A rule of a folder owns nothing elsewhere.
    const bool owns = !rule.generic && rule.folders.empty() && rule.prefix.size() >= kMinOwnedPrefix;
    if (owns) impl.prefixes.push_back(rule.prefix);
    for (const Companion& companion : rule.companions) filter.companions.push_back(resolve(impl.rules, companion));
    filter.name_only = rule.path_only() && looks_at_name_only(rule.path);
    if (rule.path_only() && !rule.skip_report) impl.path_rules.push_back(static_cast<std::uint16_t>(i));
  }
  for (const Allowlist& list : impl.allowlists) impl.global_filters.push_back(make_filter(impl, list));
}

std::vector<match::PatternSpec> pattern_specs(const std::vector<Rule>& rules) {
  std::vector<match::PatternSpec> specs;
  specs.reserve(rules.size());
  for (const Rule& rule : rules) {
    specs.push_back({rule.id, rule.regex, rule.secret_group, {rule.anchors.begin(), rule.anchors.end()}});
  }
  return specs;
}

std::string content_hash(const std::vector<Rule>& rules, const std::vector<Allowlist>& allowlists) {
  Canonical canonical;
  for (const Rule& rule : rules) canonical.add(rule);
  canonical.add(allowlists);
  return encode_hex(sha256(canonical.text()));
}

std::string version_text(std::size_t rule_count, std::string_view hash) {
  return fmt::format("{} ({} rules, {})", kEdition, rule_count, hash.substr(0, 8));
}

Result<void> finish(RuleSet::Impl& impl) {
  if (impl.rules.size() > kMaxRules) return fail(ErrorKind::Limit, "there are too many rules");
  auto specs = pattern_specs(impl.rules);
  // Of use to rules without a literal only, which the built-in ones are not: opening those spares the copies.
  for (std::size_t i = 0; i < specs.size(); ++i) {
    specs[i].keywords.assign(impl.rules[i].keywords.begin(), impl.rules[i].keywords.end());
  }
  auto engine = match::Engine::compile(std::move(specs));
  if (!engine) {
    return fail(ErrorKind::Config,
                fmt::format("cannot compile the pattern of rule '{}': {}", engine.error().where, engine.error().what));
  }
  impl.engine.emplace(std::move(*engine));
  impl.content_hash = content_hash(impl.rules, impl.allowlists);
  if (impl.ignore_comments) impl.content_hash = encode_hex(sha256(impl.content_hash + " without comments"));
  impl.version = version_text(impl.rules.size(), impl.content_hash);
  prepare(impl);
  return {};
}

}  // namespace tightship::detect
