// Who can read the env files: git and its readers, the image, the package, the web, other users of the machine.

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "detect/text_class.h"
#include "env/context.h"
#include "lint/docker_ignore.h"

namespace tightship::env {
namespace {

using detect::RiskClass;
using detect::Severity;
using lint::EnvRole;
using lint::ValueKind;
using readiness::Exposure;
using readiness::Problem;

bool sure(const Document& document) {
  return std::any_of(document.judged.begin(), document.judged.end(),
                     [](const auto& said) { return said.secret_by_format(); });
}

std::size_t encrypted_count(const Document& document) {
  return static_cast<std::size_t>(std::count_if(document.judged.begin(), document.judged.end(),
                                                [](const auto& said) { return said.kind == ValueKind::Encrypted; }));
}

// The private key of dotenvx, or what opens a vault.
const lint::EnvEntry* private_key(const Document& document) {
  for (std::size_t i = 0; i < document.lines.entries.size(); ++i) {
    const lint::EnvEntry& entry = document.lines.entries[i];
    const bool named = entry.key.starts_with("DOTENV_PRIVATE_KEY") || entry.key == "DOTENV_KEY" ||
                       entry.key.starts_with("DOTENV_ME") || entry.key == "SOPS_AGE_KEY";
    if (named && !document.judged[i].harmless()) return &entry;
    if (named && entry.value.size() >= 32) return &entry;
  }
  return nullptr;
}

void tracked(Context& context, const Document& document) {
  if (!document.file->tracked || document.example() || document.encrypted || document.name.role == EnvRole::Encrypted)
    return;
  const auto names = secret_names(document);
  if (names.empty()) return;
  Problem problem;
  problem.id = "ENV-TRACKED";
  const bool quiet = document.name.test_path || document.name.role == EnvRole::Test;
  problem.severity = quiet ? Severity::Note : sure(document) ? Severity::Error : Severity::Warning;
  problem.risk_class = quiet ? RiskClass::ScaleRisk : RiskClass::LaunchBlocker;
  problem.exposure = Exposure::PrivateRepository;
  problem.title = "secrets in " + document.path + " are in git";
  problem.why = "git tracks the file, with " + name_list(names) + " in it";
  problem.breaks =
      "everybody who can read the repository, now or later, has them; deleting the file does not take them back";
  problem.fix = "stop tracking the file, ignore it, and replace each of these secrets at its provider";
  problem.commands = {"git rm --cached " + shell_word(document.path),
                      "echo " + shell_word("/" + context.project.prefix + document.path) +
                          " >> \"$(git rev-parse --show-toplevel)/.gitignore\""};
  problem.minutes = 30;
  problem.subject = document.path;
  for (std::size_t i = 0; i < document.judged.size() && problem.spots.size() < 10; ++i) {
    if (document.judged[i].secret_like()) problem.spots.push_back(spot_of(document, document.lines.entries[i]));
  }
  context.add(std::move(problem));
}

void keys_file(Context& context, const Document& document) {
  const lint::EnvEntry* key = private_key(document);
  if (key == nullptr || document.example()) return;
  const bool ignored = context.project.is_ignored(document.path);
  if (!document.file->tracked && (ignored || context.project.repository.empty())) return;
  Problem problem;
  problem.id = "ENV-KEYS-FILE";
  problem.severity = document.file->tracked ? Severity::Error : Severity::Warning;
  problem.risk_class = RiskClass::LaunchBlocker;
  problem.exposure = document.file->tracked ? Exposure::PrivateRepository : Exposure::Local;
  problem.title = document.file->tracked ? "the key that opens your encrypted env files is in git"
                                         : "the key that opens your encrypted env files is not ignored by git";
  problem.why = key->key + " stands in " + document.path;
  problem.breaks = "with it the encrypted files are as good as plain text";
  problem.fix = document.file->tracked
                    ? "stop tracking the file, make new keys (dotenvx rotate) and replace the secrets that they open"
                    : "ignore the file before the next git add";
  if (document.file->tracked)
    problem.commands = {"git rm --cached " + shell_word(document.path), "npx @dotenvx/dotenvx rotate"};
  else
    problem.commands = {"echo " + shell_word(document.file_name()) + " >> .gitignore"};
  problem.minutes = 20;
  problem.subject = document.path;
  problem.spots = {spot_of(document, *key)};
  context.add(std::move(problem));
}

void partly_encrypted(Context& context, const Document& document) {
  if (document.example() || encrypted_count(document) == 0 || !document.file->tracked) return;
  std::vector<std::string> plain;
  std::vector<readiness::Spot> spots;
  for (std::size_t i = 0; i < document.judged.size(); ++i) {
    const lint::EnvEntry& entry = document.lines.entries[i];
    if (!document.judged[i].secret_like() || entry.key.starts_with("DOTENV_PUBLIC_KEY")) continue;
    plain.push_back(entry.key);
    spots.push_back(spot_of(document, entry));
  }
  if (plain.empty()) return;
  Problem problem;
  problem.id = "ENV-PARTLY-ENCRYPTED";
  problem.severity = Severity::Error;
  problem.risk_class = RiskClass::LaunchBlocker;
  problem.exposure = Exposure::PrivateRepository;
  problem.title =
      name_list(plain) + (plain.size() == 1 ? " was" : " were") + " left out when " + document.path + " was encrypted";
  problem.why = "other values of the file are encrypted, these are plain, and git tracks the file";
  problem.breaks = "whoever reads the repository reads them";
  problem.fix = "encrypt the file again, then replace these secrets at their providers";
  problem.commands = {"npx @dotenvx/dotenvx encrypt -f " + shell_word(document.path)};
  problem.minutes = 15;
  problem.subject = document.path;
  problem.spots = std::move(spots);
  context.add(std::move(problem));
}

void not_ignored(Context& context, const Document& document) {
  if (context.project.repository.empty() || document.file->tracked || document.example() || document.encrypted) return;
  if (document.name.role == EnvRole::Encrypted || document.name.role == EnvRole::Keys || document.file->below_ignored)
    return;
  if (!document.holds_secret() || context.project.is_ignored(document.path)) return;
  Problem problem;
  problem.id = "ENV-NOT-IGNORED";
  problem.severity = Severity::Warning;
  problem.risk_class = RiskClass::LaunchBlocker;
  problem.exposure = Exposure::Local;
  problem.title = document.path + " will be committed by the next git add";
  problem.why = "it holds " + name_list(secret_names(document)) + ", and no line of .gitignore names it";
  problem.breaks = "one \"git add .\" publishes these secrets with the code";
  problem.fix = "ignore env files, and keep the example";
  problem.commands = {"printf '%s\\n' '.env' '.env.*' '!.env.example' >> .gitignore"};
  if (!document.file_name().starts_with(".env"))
    problem.commands = {"echo " + shell_word(document.file_name()) + " >> .gitignore"};
  problem.minutes = 2;
  problem.subject = document.path;
  problem.spots = {{document.path, 0, 0}};
  context.add(std::move(problem));
}

// A pattern that ignores env files, and a later one that takes it back for a file that is no example.
void ignore_negated(Context& context) {
  for (const lint::ProjectFile& file : context.project.files) {
    if (file.path.substr(file.path.rfind('/') + 1) != ".gitignore" || file.symlink) continue;
    const auto text = lint::read_project_file(context.project, file.path, context.ledger);
    if (!text) continue;
    std::uint32_t number = 0;
    std::string_view rest = *text;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      std::string_view line = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      ++number;
      while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
      if (!line.starts_with('!')) continue;
      line.remove_prefix(1);
      const auto name = lint::env_name(line.starts_with('/') ? line.substr(1) : line);
      if (!name || name->role == EnvRole::Example || name->role == EnvRole::Encrypted ||
          line.find('*') != std::string_view::npos)
        continue;
      const std::string folder = file.path.substr(0, file.path.rfind('/') + 1);
      const std::string path = folder + std::string(line.starts_with('/') ? line.substr(1) : line);
      const Document* document = context.document(path);
      // A file without secrets may well be meant to be committed.
      if (document == nullptr || !document->holds_secret() || document->file->tracked) continue;
      Problem problem;
      problem.id = "ENV-IGNORE-NEGATED";
      problem.severity = Severity::Warning;
      problem.risk_class = RiskClass::LaunchBlocker;
      problem.title = "!" + std::string(line) + " in .gitignore lets " + path + " be committed";
      problem.why =
          "the line takes back the patterns above it, and the file holds " + name_list(secret_names(*document));
      problem.breaks = "the next git add takes the secrets along";
      problem.fix = "delete the line, or encrypt the file";
      problem.minutes = 2;
      problem.subject = path;
      problem.spots = {{file.path, number, 1}};
      context.add(std::move(problem));
    }
  }
}

bool is_dockerfile(std::string_view name) {
  return name == "Dockerfile" || name.starts_with("Dockerfile.") || name.ends_with(".Dockerfile") ||
         name.ends_with(".dockerfile");
}

// The context of a build is not written in a Dockerfile: its own folder, unless what it copies exists only from the root.
struct BuildContext {
  std::string folder;
  lint::DockerIgnore ignore;
  std::string ignore_path;  // of the file to add lines to
};

BuildContext build_context(Context& context, const std::string& dockerfile) {
  BuildContext out;
  out.folder = dockerfile.substr(0, dockerfile.rfind('/') + 1);
  // Its own ignore file goes before that of the context.
  for (const std::string& path : {dockerfile + ".dockerignore", out.folder + ".dockerignore"}) {
    if (context.project.find(path) == nullptr) continue;
    const auto text = lint::read_project_file(context.project, path, context.ledger);
    if (text) out.ignore = lint::DockerIgnore::parse(*text);
    out.ignore_path = path;
    break;
  }
  if (out.ignore_path.empty()) out.ignore_path = out.folder + ".dockerignore";
  return out;
}

void docker_context(Context& context) {
  for (const lint::ProjectFile& file : context.project.files) {
    if (file.symlink || file.below_ignored || !is_dockerfile(file.path.substr(file.path.rfind('/') + 1))) continue;
    const auto name = lint::env_name(file.path + "/.env");
    if (name && name->test_path) continue;
    const auto text = lint::read_project_file(context.project, file.path, context.ledger);
    if (!text) continue;
    const auto copies = lint::docker_copies(*text);
    const BuildContext build = build_context(context, file.path);
    for (const Document& document : context.documents) {
      if (!document.path.starts_with(build.folder) || document.example() || document.encrypted ||
          !document.holds_secret())
        continue;
      const std::string inner = document.path.substr(build.folder.size());
      if (build.ignore.excludes(inner)) continue;
      const auto copy = std::find_if(copies.begin(), copies.end(),
                                     [&](const lint::DockerCopy& one) { return lint::copy_covers(one.source, inner); });
      if (copy == copies.end()) continue;
      const bool ships = std::any_of(copies.begin(), copies.end(), [&](const lint::DockerCopy& one) {
        return one.ships && lint::copy_covers(one.source, inner);
      });
      Problem problem;
      problem.id = "ENV-DOCKER-CONTEXT";
      const bool test = document.name.role == EnvRole::Test;  // its keys open nothing
      problem.severity = test ? Severity::Note : ships && sure(document) ? Severity::Error : Severity::Warning;
      problem.risk_class = RiskClass::LaunchBlocker;
      problem.exposure = Exposure::PrivateRepository;
      problem.title = document.path + " is copied into the Docker image";
      problem.why = "COPY " + copy->source + " in " + file.path + " takes it along, and " + build.ignore_path +
                    " does not leave it out" +
                    (ships ? "" : "; the stage is not the one that is shipped, but build caches keep it");
      problem.breaks = "everybody who can pull the image reads " + name_list(secret_names(document));
      problem.fix = "leave env files out of the build, and hand the values to the container when it starts";
      problem.commands = {"printf '%s\\n' '**/.env' '**/.env.*' '!**/.env.example' >> " +
                          shell_word(build.ignore_path)};
      problem.minutes = 5;
      problem.subject = document.path;
      problem.spots = {{file.path, copy->line, 1}};
      context.add(std::move(problem));
    }
  }
}

// What `npm publish` would ship: the list "files", else all but what .npmignore (or .gitignore) names.
void publish(Context& context) {
  using Json = nlohmann::json;
  for (const lint::ProjectFile& file : context.project.files) {
    if (file.symlink || file.path.substr(file.path.rfind('/') + 1) != "package.json") continue;
    const std::string folder = file.path.substr(0, file.path.rfind('/') + 1);
    const auto text = lint::read_project_file(context.project, file.path, context.ledger);
    const Json package = text ? Json::parse(*text, nullptr, false) : Json();
    if (!package.is_object() || package.value("private", Json(false)) == Json(true)) continue;
    if (!package.contains("name") || !package.contains("version")) continue;
    // A package that nothing marks as one to be published is an application.
    const bool meant = package.contains("files") || package.contains("publishConfig") ||
                       context.project.find(folder + ".npmignore") != nullptr;
    if (!meant) continue;
    const bool has_npmignore = context.project.find(folder + ".npmignore") != nullptr;
    const auto npmignore =
        has_npmignore ? lint::read_project_file(context.project, folder + ".npmignore", context.ledger) : std::nullopt;
    for (const Document& document : context.documents) {
      if (!document.path.starts_with(folder) || document.example() || !document.holds_secret()) continue;
      const std::string inner = document.path.substr(folder.size());
      bool shipped = false;
      if (const auto list = package.find("files"); list != package.end() && list->is_array()) {
        for (const Json& item : *list) {
          shipped |= item.is_string() && lint::copy_covers(item.get_ref<const std::string&>(), inner);
        }
      } else if (npmignore) {
        const auto rules = lint::DockerIgnore::parse(*npmignore);
        shipped = !rules.excludes(inner) && !rules.excludes(document.file_name());  // a name counts in every folder
      }
      if (!shipped) continue;
      Problem problem;
      problem.id = "ENV-PUBLISH";
      problem.severity = Severity::Error;
      problem.risk_class = RiskClass::LaunchBlocker;
      problem.exposure = Exposure::Web;
      problem.title = "npm publish ships " + document.path;
      problem.why = "the rules of " + file.path + " and .npmignore let it into the package, with " +
                    name_list(secret_names(document));
      problem.breaks = "everybody who installs the package has these secrets";
      problem.fix = "leave it out by \"files\" in package.json; look at what is packed with npm pack --dry-run";
      problem.commands = {"npm pack --dry-run"};
      problem.minutes = 10;
      problem.subject = document.path;
      problem.spots = {{document.path, 0, 0}, {file.path, 1, 1}};
      context.add(std::move(problem));
    }
  }
}

// Folders that a web server or a build hands out as they are.
bool is_served(const Context& context, const std::string& path) {
  constexpr std::array<std::string_view, 10> kServed = {"public",  "static", "www", "htdocs", "public_html",
                                                        "wwwroot", "dist",   "out", "build",  "_site"};
  std::string_view rest = path;
  std::string parent;
  while (rest.find('/') != std::string_view::npos) {
    const std::string folder(rest.substr(0, rest.find('/')));
    rest.remove_prefix(folder.size() + 1);
    const bool served = std::find(kServed.begin(), kServed.end(), folder) != kServed.end();
    // A folder of that name is one of code in many projects: pages or a manifest above it say that it is not.
    const bool built = folder == "dist" || folder == "out" || folder == "build" || folder == "_site";
    const bool pages = context.project.find(parent + folder + "/index.html") != nullptr ||
                       context.project.find(parent + folder + "/favicon.ico") != nullptr ||
                       context.project.find(parent + folder + "/robots.txt") != nullptr;
    if (served && (pages || (!built && (folder == "public" || folder == "static") &&
                             context.project.find(parent + "package.json") != nullptr)))
      return true;
    parent += folder + "/";
  }
  return false;
}

void webroot(Context& context, const Document& document) {
  if (document.example() || document.encrypted || document.name.test_path || !document.holds_secret() ||
      !is_served(context, document.path))
    return;
  Problem problem;
  problem.id = "ENV-WEBROOT";
  problem.severity = Severity::Error;
  problem.risk_class = RiskClass::LaunchBlocker;
  problem.exposure = Exposure::Web;
  problem.title = document.path + " lies in a folder that is served to everybody";
  problem.why = "the folder is handed out as it is, and the file holds " + name_list(secret_names(document));
  problem.breaks = "bots ask every site for /.env; whoever gets it has the secrets";
  problem.fix = "move the file out of the folder, and replace the secrets if the site has been up with it";
  problem.commands = {"mv " + shell_word(document.path) + " " + shell_word(document.file_name())};
  problem.minutes = 15;
  problem.subject = document.path;
  problem.spots = {{document.path, 0, 0}};
  context.add(std::move(problem));
}

void permissions(Context& context, const Document& document) {
  if (document.file->tracked || document.example() || document.encrypted || !document.holds_secret()) return;
  // Checkouts of services and file systems without modes give every file the same.
  if ((document.file->mode & 0077) == 0 || (document.file->mode & 0777) == 0777) return;
  if ((document.file->mode & 0004) == 0) return;
  Problem problem;
  problem.id = "ENV-PERM";
  problem.severity = Severity::Note;
  problem.risk_class = RiskClass::ScaleRisk;
  problem.exposure = Exposure::Local;
  problem.title = "every user of this machine can read " + document.path;
  problem.why = "its mode lets others read it, and it holds secrets";
  problem.breaks = "on a shared server each account and each hacked service has them";
  problem.fix = "let only its owner read it";
  problem.commands = {"chmod 600 " + shell_word(document.path)};
  problem.minutes = 1;
  problem.subject = document.path;
  problem.spots = {{document.path, 0, 0}};
  context.add(std::move(problem));
}

void say_passes(Context& context) {
  const bool git = !context.project.repository.empty();
  const auto none = [&](std::string_view id) {
    return std::none_of(context.report.problems.begin(), context.report.problems.end(),
                        [&](const Problem& p) { return p.id == id && p.severity > Severity::Note; });
  };
  if (git && none("ENV-TRACKED") && none("ENV-PARTLY-ENCRYPTED"))
    context.pass("ENV-TRACKED", "no env file with secrets is tracked by git");
  if (git && none("ENV-NOT-IGNORED"))
    context.pass("ENV-NOT-IGNORED", "the next git add takes no env file with secrets along");
  if (context.project.uses(lint::Framework::Docker) && none("ENV-DOCKER-CONTEXT"))
    context.pass("ENV-DOCKER-CONTEXT", "no Dockerfile copies an env file with secrets");
  if (none("ENV-WEBROOT")) context.pass("ENV-WEBROOT", "no env file lies in a served folder");
  if (!git) context.report.not_checked.push_back("what git tracks and ignores: there is no repository here");
}

}  // namespace

void check_exposure(Context& context) {
  for (const Document& document : context.documents) {
    tracked(context, document);
    keys_file(context, document);
    partly_encrypted(context, document);
    not_ignored(context, document);
    webroot(context, document);
    permissions(context, document);
  }
  ignore_negated(context);
  docker_context(context);
  publish(context);
  check_upload(context);
  say_passes(context);
}

}  // namespace tightship::env
