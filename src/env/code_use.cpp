#include "env/code_use.h"

#include <algorithm>
#include <array>

#include "base/file.h"
#include "detect/text_class.h"

namespace tightship::env {
namespace {

using detect::is_one_of;

bool is_name_char(char c) { return detect::is_alphanumeric(c) || c == '_'; }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

constexpr std::array<std::string_view, 19> kEndings = {".js",  ".jsx",    ".ts",     ".tsx", ".mjs", ".cjs", ".mts",
                                                       ".vue", ".svelte", ".astro",  ".py",  ".rb",  ".erb", ".php",
                                                       ".go",  ".rs",     ".prisma", ".cts", ".rake"};

enum class Form : std::uint8_t {
  Member,  // process.env.X, process.env["X"], process.env?.X
  Call,    // getenv("X"), ENV.fetch("X")
  Index,   // ENV["X"]
};
struct Anchor {
  std::string_view text;
  Form form;
  std::string_view endings;  // of files it is looked for in; empty: all
};
constexpr std::array<Anchor, 14> kAnchors = {{
    {"process.env", Form::Member, ""},
    {"import.meta.env", Form::Member, ""},
    {"Bun.env", Form::Member, ""},
    {"Deno.env.get", Form::Call, ""},
    {"os.environ.get", Form::Call, ".py"},
    {"os.getenv", Form::Call, ".py"},
    {"os.environ", Form::Index, ".py"},
    {"ENV.fetch", Form::Call, ".rb.erb.rake"},
    {"ENV", Form::Index, ".rb.erb.rake"},
    {"os.Getenv", Form::Call, ".go"},
    {"os.LookupEnv", Form::Call, ".go"},
    {"env::var", Form::Call, ".rs"},
    {"getenv", Form::Call, ".php"},
    {"env", Form::Call, ".prisma.php"},
}};

class Finder {
 public:
  Finder(std::string_view text, const std::string& path, CodeUse& out) : text_(text), path_(path), out_(out) {
    const std::size_t dot = path.rfind('.');
    ending_ = dot == std::string::npos ? "" : detect::lowered(std::string_view(path).substr(dot));
    // A schema (t3-env, envsafe, envalid) says which are needed, and checks them when the program starts.
    schema_ = detect::contains(text, "createEnv(") || detect::contains(text, "cleanEnv(") ||
              detect::contains(text, "envsafe(");
  }

  void run() {
    for (const Anchor& anchor : kAnchors) {
      if (!anchor.endings.empty() && !serves(anchor.endings)) continue;
      for (std::size_t at = text_.find(anchor.text); at != std::string_view::npos;
           at = text_.find(anchor.text, at + 1)) {
        const bool joined = at > 0 && (is_name_char(text_[at - 1]) || is_one_of(text_[at - 1], ".>$:\"'"));
        if (!joined || anchor.text == "env::var") look_at(anchor, at);
      }
    }
  }

 private:
  bool serves(std::string_view endings) const {
    const std::size_t at = endings.find(ending_);
    if (ending_.empty() || at == std::string_view::npos) return false;
    const std::size_t end = at + ending_.size();
    return end == endings.size() || endings[end] == '.';
  }
  char at(std::size_t i) const { return i < text_.size() ? text_[i] : '\0'; }
  std::size_t skip(std::size_t i) const {
    while (i < text_.size() && is_space(text_[i])) ++i;
    return i;
  }

  void look_at(const Anchor& anchor, std::size_t begin) {
    const std::size_t end = begin + anchor.text.size();
    if (in_comment(begin)) return;
    anchor_ = begin;
    if (anchor.form == Form::Member) return member(begin, end);
    const char open = anchor.form == Form::Call ? '(' : '[';
    // These give nothing for a variable that is not set, where others stop the program.
    const bool lenient = anchor.text == "os.environ.get" || anchor.text == "os.getenv" || ending_ == ".php" ||
                         (anchor.text == "ENV" && anchor.form == Form::Index);
    if (at(end) == open) quoted(end + 1, anchor.form == Form::Call ? ')' : ']', lenient);
  }

  void member(std::size_t begin, std::size_t end) {
    std::size_t i = end;
    if (at(i) == '?' && at(i + 1) == '.') i += at(i + 2) == '[' ? 2 : 1;
    if (at(i) == '!') ++i;
    if (at(i) == '[') return quoted(i + 1, ']');
    if (at(i) == '.') {
      std::size_t stop = i + 1;
      while (is_name_char(at(stop))) ++stop;
      add(text_.substr(i + 1, stop - i - 1), i + 1, stop);
      return;
    }
    if (is_name_char(at(i))) return;
    if (!destructured(begin)) out_.whole = true;
  }

  // const { A, B: c, D = "x" } = process.env
  bool destructured(std::size_t begin) {
    std::size_t i = begin;
    while (i > 0 && is_space(text_[i - 1])) --i;
    if (i == 0 || text_[--i] != '=') return false;
    while (i > 0 && is_space(text_[i - 1])) --i;
    if (i == 0 || text_[--i] != '}') return false;
    const std::size_t open = text_.rfind('{', i);
    if (open == std::string_view::npos || i - open > 4000) return false;
    std::size_t part = open + 1;
    while (part < i) {
      part = skip(part);
      std::size_t stop = part;
      while (stop < i && is_name_char(text_[stop])) ++stop;
      if (text_.substr(part).starts_with("...")) return false;
      const std::size_t next = std::min(text_.find(',', stop), i);
      const bool has_default = text_.substr(stop, next - stop).find('=') != std::string_view::npos;
      if (stop > part) add(text_.substr(part, stop - part), part, stop, has_default);
      part = next + 1;
    }
    return true;
  }

  void quoted(std::size_t i, char close, bool lenient = false) {
    i = skip(i);
    const char quote = at(i);
    if (quote != '"' && quote != '\'' && quote != '`') return;
    std::size_t stop = i + 1;
    while (is_name_char(at(stop))) ++stop;
    if (at(stop) != quote) return;
    const std::size_t after = skip(stop + 1);
    const bool has_default = lenient || (close == ')' && at(after) == ',');
    std::size_t behind = after;
    if (at(after) == close) behind = after + 1;
    // ENV.fetch("X") { 3 }
    const bool block = close == ')' && serves(".rb.erb.rake") && at(skip(behind)) == '{';
    add(text_.substr(i + 1, stop - i - 1), i + 1, behind, has_default || block);
  }

  bool in_comment(std::size_t i) const {
    const std::size_t line = text_.rfind('\n', i) == std::string_view::npos ? 0 : text_.rfind('\n', i) + 1;
    std::string_view before = text_.substr(line, i - line);
    while (!before.empty() && is_space(before.front())) before.remove_prefix(1);
    if (before.starts_with("/*") || before.starts_with("*")) return true;
    if (serves(".py.rb.rake.php") && before.starts_with('#')) return true;
    if (serves(".py.rb.rake")) return false;
    const std::size_t slashes = before.find("//");
    return slashes != std::string_view::npos && (slashes == 0 || before[slashes - 1] != ':');
  }

  // Past what closes around it: the "), 10)" of parseInt(process.env.X, 10).
  std::size_t skip_closers(std::size_t i) const {
    for (;;) {
      i = skip(i);
      std::size_t next = i;
      if (at(next) == ',') {
        next = skip(next + 1);
        const std::size_t digits = next;
        while (detect::is_digit(at(next))) ++next;
        if (next == digits) return i;
        next = skip(next);
      }
      if (at(next) != ')') return i;
      i = next + 1;
    }
  }

  static bool tests(std::string_view rest) {
    return rest.starts_with("??") || rest.starts_with("||") || rest.starts_with("or ") || rest.starts_with("? ") ||
           rest.starts_with("?.") || rest.starts_with("&&") || rest.starts_with("===") || rest.starts_with("!==") ||
           rest.starts_with("== ") || rest.starts_with("!= ");
  }

  // ?? and || and `or` behind it give a default.
  bool has_fallback(std::size_t i) const {
    const std::string_view rest = text_.substr(std::min(skip_closers(i), text_.size()));
    const std::string_view close = text_.substr(std::min(skip(i), text_.size()));
    return tests(rest) || close.starts_with(".unwrap_or") || close.starts_with(".ok()") ||
           close.starts_with(".is_ok()") || close.starts_with(".is_err()");
  }

  static std::string_view trimmed_end(std::string_view text) {
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return text;
  }

  // a || process.env.X: one of several names, none of which must be set.
  bool is_alternative() const {
    const std::string_view before = trimmed_end(text_.substr(0, anchor_));
    return before.ends_with("||") || before.ends_with("??") || before.ends_with("Ok(") || before.ends_with("Some(");
  }

  // const KEY = process.env.KEY; if (!KEY) return; goes on without it. One that throws needs it.
  bool checked_later(std::size_t end) const {
    constexpr std::size_t kReach = 4000, kBranch = 200;
    std::string_view before = trimmed_end(text_.substr(0, anchor_));
    if (!before.ends_with('=')) return false;
    before = trimmed_end(before.substr(0, before.size() - 1));
    std::size_t start = before.size();
    while (start > 0 && is_name_char(before[start - 1])) --start;
    const std::string_view name = before.substr(start);
    if (name.empty()) return false;
    const std::string_view rest = text_.substr(std::min(end, text_.size())).substr(0, kReach);
    for (std::size_t i = rest.find(name); i != std::string_view::npos; i = rest.find(name, i + 1)) {
      const std::size_t stop = i + name.size();
      if ((i > 0 && is_name_char(rest[i - 1])) || (stop < rest.size() && is_name_char(rest[stop]))) continue;
      const std::string_view ahead = trimmed_end(rest.substr(0, i));
      std::string_view behind = rest.substr(stop);
      while (!behind.empty() && is_space(behind.front())) behind.remove_prefix(1);
      if (!tests(behind) && !ahead.ends_with('!') && !ahead.ends_with("if (") && !ahead.ends_with("if(")) continue;
      const std::string_view branch = behind.substr(0, kBranch);
      return !detect::contains(branch, "throw ") && !detect::contains(branch, "exit(") &&
             !detect::contains(branch, "Error(");
    }
    return false;
  }

  void add(std::string_view name, std::size_t begin, std::size_t end, bool optional = false) {
    if (name.size() < 2 || detect::is_digit(name[0]) || !detect::all(name, [](char c) { return !detect::is_lower(c); }))
      return;
    // Who sets it, or asks whether it is set, goes on without it.
    const bool assigned = at(skip(end)) == '=' && at(skip(end) + 1) != '=' && at(skip(end) + 1) != '>';
    const std::size_t line = text_.rfind('\n', begin) == std::string_view::npos ? 0 : text_.rfind('\n', begin) + 1;
    const std::string_view before = text_.substr(line, begin - line);
    const bool asked = detect::contains(before, "if (") || detect::contains(before, "if(") ||
                       detect::contains(before, "!!") || detect::contains(before, " !") ||
                       detect::contains(before, "if ") || detect::contains(before, "typeof ") ||
                       detect::contains(before, "\" in ") || detect::contains(before, "unless ");
    optional |= assigned || asked || schema_;
    std::vector<Use>& uses = out_.uses[std::string(name)];
    if (uses.size() >= kMaxUses) return;
    Use use;
    use.path = path_;
    use.optional = optional || has_fallback(end) || is_alternative() || checked_later(end);
    place(begin, use);
    uses.push_back(std::move(use));
  }

  // Uses of one anchor come in order: lines are counted on from the last one.
  void place(std::size_t begin, Use& use) {
    if (begin < placed_) placed_ = line_start_ = line_ = 0;
    for (; placed_ < begin; ++placed_) {
      if (text_[placed_] != '\n') continue;
      ++line_;
      line_start_ = placed_ + 1;
    }
    use.line = static_cast<std::uint32_t>(line_) + 1;
    use.column = static_cast<std::uint32_t>(begin - line_start_) + 1;
  }

  std::string_view text_;
  const std::string& path_;
  std::string ending_;
  bool schema_ = false;
  CodeUse& out_;
  std::size_t anchor_ = 0;  // where the expression that is looked at begins
  std::size_t placed_ = 0, line_start_ = 0, line_ = 0;
};

bool is_code_file(std::string_view path) {
  return std::any_of(kEndings.begin(), kEndings.end(),
                     [&](std::string_view ending) { return path.ends_with(ending); }) &&
         !path.ends_with(".min.js") && !path.ends_with(".d.ts");
}

}  // namespace

void add_uses(std::string_view text, const std::string& path, CodeUse& out) { Finder(text, path, out).run(); }

namespace {

// Where a name may stand that no code reads: configuration of platforms, scripts, documentation of the API is not.
bool is_configuration(std::string_view path) {
  constexpr std::array<std::string_view, 12> kMore = {".yml",  ".yaml", ".sh", ".toml", ".json", ".tf",
                                                      ".conf", ".java", ".kt", ".cs",   ".ex",   ".exs"};
  const std::string_view name = path.substr(path.rfind('/') + 1);
  return name.starts_with("Dockerfile") || name == "Makefile" || name == "Procfile" || name == "justfile" ||
         std::any_of(kMore.begin(), kMore.end(), [&](std::string_view ending) { return name.ends_with(ending); });
}

void add_mentions(std::string_view text, const std::set<std::string, std::less<>>& wanted, CodeUse& out) {
  for (std::size_t i = 0; i < text.size();) {
    if (!is_name_char(text[i])) {
      ++i;
      continue;
    }
    std::size_t end = i;
    while (end < text.size() && is_name_char(text[end])) ++end;
    const std::string_view word = text.substr(i, end - i);
    if (word.size() >= 2 && (detect::is_upper(word[0]) || word[0] == '_')) {
      const auto found = wanted.find(word);
      if (found != wanted.end()) out.mentioned.insert(*found);
    }
    i = end;
  }
}

}  // namespace

CodeUse find_code_use(const lint::Project& project, const std::set<std::string, std::less<>>& wanted, Ledger& ledger) {
  CodeUse out;
  for (const lint::ProjectFile& file : project.files) {
    const bool code = is_code_file(file.path);
    if (file.symlink || file.below_ignored || file.size > kMaxCodeFile ||
        (!code && (wanted.empty() || !is_configuration(file.path))))
      continue;
    if (!project.repository.empty() && !file.tracked && project.is_ignored(file.path)) continue;
    if (++out.files > kMaxCodeFiles) {
      ledger.add(
          {LossKind::LimitExceeded, "more than 50000 files of code: the others were not read", project.root, {}});
      break;
    }
    const auto text = read_file(project.absolute(file.path), kMaxCodeFile);
    if (!text) {
      ledger.add({LossKind::UnreadableFile, text.error().what, file.path, {}});
      continue;
    }
    if (code) add_uses(*text, file.path, out);
    if (!wanted.empty()) add_mentions(*text, wanted, out);
  }
  return out;
}

bool is_platform_name(std::string_view name) {
  constexpr std::string_view kNames[] = {"NODE_ENV",
                                         "CI",
                                         "PORT",
                                         "HOST",
                                         "HOSTNAME",
                                         "HOME",
                                         "PATH",
                                         "USER",
                                         "SHELL",
                                         "PWD",
                                         "TZ",
                                         "LANG",
                                         "TERM",
                                         "TMPDIR",
                                         "TEMP",
                                         "TMP",
                                         "DEBUG",
                                         "EDITOR",
                                         "NO_COLOR",
                                         "FORCE_COLOR",
                                         "NODE_OPTIONS",
                                         "RAILS_ENV",
                                         "RACK_ENV",
                                         "DYNO",
                                         "BASE_URL",
                                         "MODE",
                                         "DEV",
                                         "PROD",
                                         "SSR",
                                         "ANALYZE",
                                         "NEXT_RUNTIME",
                                         "NEXT_PHASE",
                                         "PYTHONPATH",
                                         "VIRTUAL_ENV",
                                         "APPDATA",
                                         "LOCALAPPDATA",
                                         "USERPROFILE",
                                         "LOGNAME",
                                         "COLUMNS",
                                         "INIT_CWD",
                                         "GITPOD_WORKSPACE_URL",
                                         "BUNDLE_GEMFILE",
                                         "STRAPI_DISABLE_UPDATE_NOTIFICATION",
                                         "PLATFORM",
                                         "BUILD_ENV",
                                         "XDG_CONFIG_HOME",
                                         "SENTRY_ORG",
                                         "SENTRY_PROJECT",
                                         "SENTRY_AUTH_TOKEN",
                                         "SENTRY_RELEASE",
                                         "COMMIT_SHA",
                                         "COMMIT_REF",
                                         "COMMIT_HASH",
                                         "GIT_COMMIT",
                                         "GIT_SHA",
                                         "BRANCH",
                                         "HEAD",
                                         "CONTEXT",
                                         "URL",
                                         "DEPLOY_URL",
                                         "DEPLOY_PRIME_URL",
                                         "DEPLOY_ID",
                                         "REVIEW_ID",
                                         "SOURCE_VERSION",
                                         "SOURCE_COMMIT",
                                         "NO_PROXY",
                                         "HTTP_PROXY",
                                         "HTTPS_PROXY",
                                         "ALL_PROXY",
                                         "GH_TOKEN",
                                         "RAILS_MAX_THREADS",
                                         "RAILS_MIN_THREADS",
                                         "RAILS_LOG_LEVEL",
                                         "RAILS_LOG_TO_STDOUT",
                                         "RAILS_SERVE_STATIC_FILES",
                                         "WEB_CONCURRENCY",
                                         "JOB_CONCURRENCY",
                                         "PIDFILE",
                                         "SECRET_KEY_BASE_DUMMY",
                                         "DJANGO_SETTINGS_MODULE",
                                         "BROWSER",
                                         "SSH_CONNECTION",
                                         "DISPLAY",
                                         "CARGO_MANIFEST_DIR",
                                         "OUT_DIR",
                                         "TARGET"};
  constexpr std::string_view kPrefixes[] = {"VERCEL",    "GITHUB_",     "CI_",
                                            "NETLIFY",   "CF_PAGES",    "RENDER_",
                                            "FLY_",      "RAILWAY_",    "HEROKU_",
                                            "npm_",      "NPM_",        "AWS_LAMBDA_",
                                            "K_",        "GAE_",        "JEST_",
                                            "VITEST",    "PLAYWRIGHT_", "CYPRESS",
                                            "TURBO_",    "RUNNER_",     "BUILDKITE",
                                            "CIRCLE",    "__",          "NEXT_PUBLIC_VERCEL",
                                            "ECS_",      "KUBERNETES_", "AWS_EXECUTION_",
                                            "TAURI_",    "CARGO_",      "DJANGO_SUPERUSER_",
                                            "WEBSITE_",  "DENO_",       "REPL",
                                            "CODESPACE", "GITPOD_",     "STORYBOOK"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames) ||
         std::any_of(std::begin(kPrefixes), std::end(kPrefixes),
                     [&](std::string_view prefix) { return name.starts_with(prefix); });
}

}  // namespace tightship::env
