#include "detect/file_kind.h"

#include <algorithm>
#include <array>
#include <string>

#include "detect/text_class.h"

namespace tightship::detect {
namespace {

constexpr std::array<std::string_view, 5> kStyleEndings = {".css", ".scss", ".sass", ".less", ".styl"};

struct Ending {
  std::string_view text;
  FileKind kind;
};
constexpr std::array kEndings = {
    Ending{"env", FileKind::Environment},
    Ending{"yml", FileKind::Yaml},
    Ending{"yaml", FileKind::Yaml},
    Ending{"properties", FileKind::Properties},
    Ending{"conf", FileKind::Properties},
    Ending{"cfg", FileKind::Properties},
    Ending{"ini", FileKind::Properties},
    Ending{"toml", FileKind::Properties},
    Ending{"cnf", FileKind::Properties},
    Ending{"config", FileKind::Properties},
    Ending{"rsp", FileKind::Properties},
    Ending{"json", FileKind::Json},
    Ending{"json5", FileKind::Json},
    Ending{"jsonc", FileKind::Json},
    Ending{"tfstate", FileKind::Json},
    Ending{"ipynb", FileKind::Json},
    Ending{"arb", FileKind::Json},
    Ending{"md", FileKind::Prose},
    Ending{"markdown", FileKind::Prose},
    Ending{"rst", FileKind::Prose},
    Ending{"txt", FileKind::Prose},
    Ending{"adoc", FileKind::Prose},
    Ending{"mdx", FileKind::Prose},
    Ending{"tex", FileKind::Prose},
    Ending{"log", FileKind::Prose},
    Ending{"sh", FileKind::Shell},
    Ending{"bash", FileKind::Shell},
    Ending{"zsh", FileKind::Shell},
    Ending{"ps1", FileKind::Shell},
    Ending{"bat", FileKind::Shell},
    Ending{"cmd", FileKind::Shell},
    Ending{"mk", FileKind::Shell},
    Ending{"dockerfile", FileKind::Shell},
    Ending{"xml", FileKind::Markup},
    Ending{"html", FileKind::Markup},
    Ending{"htm", FileKind::Markup},
    Ending{"plist", FileKind::Markup},
    Ending{"csproj", FileKind::Markup},
    Ending{"sql", FileKind::Sql},
    Ending{"tf", FileKind::Infrastructure},
    Ending{"tfvars", FileKind::Infrastructure},
    Ending{"hcl", FileKind::Infrastructure},
    Ending{"nix", FileKind::Infrastructure},
    Ending{"py", FileKind::Script},
    Ending{"rb", FileKind::Script},
    Ending{"php", FileKind::Script},
    Ending{"pl", FileKind::Script},
    Ending{"pm", FileKind::Script},
    Ending{"lua", FileKind::Script},
    Ending{"erb", FileKind::Script},
    Ending{"tcl", FileKind::Script},
    Ending{"r", FileKind::Script},
    Ending{"ex", FileKind::Script},
    Ending{"exs", FileKind::Script},
    Ending{"clj", FileKind::Script},
    Ending{"cljs", FileKind::Script},
    Ending{"cljc", FileKind::Script},
    Ending{"erl", FileKind::Script},
    Ending{"jl", FileKind::Script},
    Ending{"cr", FileKind::Script},
    Ending{"nim", FileKind::Script},
    Ending{"el", FileKind::Script},
    Ending{"lisp", FileKind::Script},
    Ending{"rkt", FileKind::Script},
    Ending{"scm", FileKind::Script},
    Ending{"pyi", FileKind::Script},
    Ending{"pyx", FileKind::Script},
    Ending{"rake", FileKind::Script},
    Ending{"gd", FileKind::Script},
    Ending{"raku", FileKind::Script},
    Ending{"js", FileKind::JavaScript},
    Ending{"jsx", FileKind::JavaScript},
    Ending{"mjs", FileKind::JavaScript},
    Ending{"cjs", FileKind::JavaScript},
    Ending{"ts", FileKind::JavaScript},
    Ending{"tsx", FileKind::JavaScript},
    Ending{"coffee", FileKind::JavaScript},
    Ending{"vue", FileKind::JavaScript},
    Ending{"svelte", FileKind::JavaScript},
    Ending{"astro", FileKind::JavaScript},
    Ending{"go", FileKind::Native},
    Ending{"c", FileKind::Native},
    Ending{"h", FileKind::Native},
    Ending{"cc", FileKind::Native},
    Ending{"cpp", FileKind::Native},
    Ending{"hpp", FileKind::Native},
    Ending{"rs", FileKind::Native},
    Ending{"m", FileKind::Native},
    Ending{"zig", FileKind::Native},
    Ending{"cxx", FileKind::Native},
    Ending{"hh", FileKind::Native},
    Ending{"hxx", FileKind::Native},
    Ending{"mm", FileKind::Native},
    Ending{"d", FileKind::Native},
    Ending{"v", FileKind::Native},
    Ending{"pas", FileKind::Native},
    Ending{"f90", FileKind::Native},
    Ending{"proto", FileKind::Native},
    Ending{"sol", FileKind::Native},
    Ending{"java", FileKind::Managed},
    Ending{"kt", FileKind::Managed},
    Ending{"kts", FileKind::Managed},
    Ending{"scala", FileKind::Managed},
    Ending{"groovy", FileKind::Managed},
    Ending{"gradle", FileKind::Managed},
    Ending{"cs", FileKind::Managed},
    Ending{"swift", FileKind::Managed},
    Ending{"dart", FileKind::Managed},
    Ending{"graphql", FileKind::Managed},
    Ending{"graphqls", FileKind::Managed},
    Ending{"gql", FileKind::Managed},
    Ending{"hs", FileKind::Managed},
    Ending{"ml", FileKind::Managed},
    Ending{"mli", FileKind::Managed},
    Ending{"elm", FileKind::Managed},
    Ending{"fsx", FileKind::Managed},
    Ending{"fsi", FileKind::Managed},
    Ending{"fs", FileKind::Managed},
    Ending{"vb", FileKind::Managed},
};

std::string_view file_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

// "de", "pt-br", "messages_zh_cn": a language, with or without a country.
bool names_language(std::string_view stem) {
  constexpr std::string_view kLanguages =
      " ar be bg bn ca cs da de el en es et fa fi fr ga he hi hr hu id it ja ka kk ko lt lv mk mn ms nb nl nn no pl pt "
      "ro "
      "ru sk sl sq sr sv ta te th tr uk ur uz vi zh ";
  const std::size_t joint = stem.find_last_of("-_");
  const std::string_view last = joint == std::string_view::npos ? stem : stem.substr(joint + 1);
  const auto known = [&](std::string_view code) {
    return code.size() == 2 && all(code, is_lower) && contains(kLanguages, " " + std::string(code) + " ");
  };
  if (joint == std::string_view::npos) return known(stem);
  const std::string_view before = stem.substr(0, joint);
  const std::size_t start = before.find_last_of("-_");
  const bool country = last.size() == 2 || last.size() == 4;
  return known(last) || (country && known(start == std::string_view::npos ? before : before.substr(start + 1)));
}

}  // namespace

FileKind file_kind(std::string_view path) {
  const std::string name = lowered(file_name(path));
  if (name.empty()) return FileKind::Unknown;
  if (name.starts_with(".env") || name.find(".env.") != std::string::npos) return FileKind::Environment;
  if (name.starts_with("dockerfile") || name.starts_with("makefile")) return FileKind::Shell;
  const std::size_t dot = name.rfind('.');
  if (dot == std::string::npos) return FileKind::Unknown;
  const std::string_view ending = std::string_view(name).substr(dot + 1);
  const auto* at = std::find_if(kEndings.begin(), kEndings.end(), [&](const Ending& e) { return e.text == ending; });
  return at == kEndings.end() ? FileKind::Other : at->kind;
}

bool is_test_path(std::string_view path) {
  const std::string lower = lowered(path);
  for (const std::string_view word :
       {"test", "spec", "example", "sample", "demo", "fixture", "mock", "doc", "tutorial"}) {
    if (lower.find(word) != std::string::npos) return true;
  }
  return false;
}

bool is_in_tests(std::string_view path) {
  constexpr std::array<std::string_view, 16> kFolders = {
      "test", "tests",    "__tests__",    "testing", "testdata",  "test-data", "spec",     "specs",
      "e2e",  "fixtures", "__fixtures__", "mocks",   "__mocks__", "example",   "examples", "samples"};
  const std::string lower = lowered(path);
  std::string_view rest = lower;
  for (std::size_t slash = rest.find('/'); slash != std::string_view::npos; slash = rest.find('/')) {
    if (std::find(kFolders.begin(), kFolders.end(), rest.substr(0, slash)) != kFolders.end()) return true;
    rest.remove_prefix(slash + 1);
  }
  const std::string_view stem = rest.substr(0, rest.find('.'));
  return rest.find(".test.") != std::string_view::npos || rest.find(".spec.") != std::string_view::npos ||
         stem.starts_with("test_") || stem.ends_with("_test") || stem.ends_with("_spec");
}

bool is_sample_path(std::string_view path) {
  constexpr std::array<std::string_view, 29> kWords = {
      "testing",    "test",   "tests",     "spec",      "specs",     "fixture", "fixtures", "example",
      "examples",   "sample", "samples",   "template",  "templates", "mock",    "mocks",    "e2e",
      "docs",       "doc",    "demo",      "demos",     "testdata",  "stories", "tutorial", "tutorials",
      "playground", "dist",   "snapshots", "benchmark", "cypress"};
  const std::string lower = lowered(path);
  const std::string_view all = lower;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= all.size(); ++i) {
    const bool cut = i == all.size() || all[i] == '/' || all[i] == '.' || all[i] == '-' || all[i] == '_';
    if (!cut) continue;
    if (std::find(kWords.begin(), kWords.end(), all.substr(begin, i - begin)) != kWords.end()) return true;
    begin = i + 1;
  }
  return false;
}

bool is_style_sheet(std::string_view path) {
  const std::string lower = lowered(path);
  return std::any_of(kStyleEndings.begin(), kStyleEndings.end(),
                     [&](std::string_view ending) { return lower.ends_with(ending); });
}

bool is_lock_file(std::string_view path) {
  const std::string name = lowered(file_name(path));
  for (const std::string_view known : {"package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "yarn.lock"}) {
    if (name.starts_with(known)) return true;
  }
  return name.ends_with(".lock") || name.ends_with(".lockb") || name.ends_with("lock.json") || name == "go.sum" ||
         name == ".secrets.baseline";
}

bool is_translation(std::string_view path) {
  const std::string lower = "/" + lowered(path);
  for (const std::string_view folder :
       {"/i18n/", "/intl/", "/l10n/", "/lang/", "/langs/", "/language/", "/languages/", "/locale/", "/locales/",
        "/localization/", "/translation/", "/translations/", "/messages/", ".lproj/", "/values-"}) {
    if (contains(lower, folder)) return true;
  }
  for (const std::string_view ending : {".po", ".pot", ".arb", ".xliff", ".xlf", ".resx", ".strings"}) {
    if (lower.ends_with(ending)) return true;
  }
  const std::string_view name = file_name(lower);
  return names_language(name.substr(0, name.find('.')));
}

}  // namespace tightship::detect
