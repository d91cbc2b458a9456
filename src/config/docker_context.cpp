#include "config/docker_context.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>

#include "config/commands.h"
#include "detect/text_class.h"
#include "lint/docker_ignore.h"

namespace tightship::config {
namespace {

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

// Whether the folder of the Dockerfile is its build context: the project's root is, and a folder that is a
// package of its own. For other folders (docker/Dockerfile) it cannot be told.
bool is_context(const lint::Project& project, const std::string& folder) {
  if (folder.empty()) return true;
  constexpr std::array<std::string_view, 9> kMarks = {".dockerignore",    "package.json",   "go.mod",
                                                      "requirements.txt", "pyproject.toml", "Gemfile",
                                                      "composer.json",    "Cargo.toml",     "pom.xml"};
  return std::any_of(kMarks.begin(), kMarks.end(),
                     [&](std::string_view mark) { return project.find(folder + std::string(mark)) != nullptr; });
}

struct Ignore {
  lint::DockerIgnore rules;
  std::string path;  // empty: there is none
};

// "Dockerfile.dockerignore" goes before ".dockerignore".
Ignore ignore_of(const lint::Project& project, const File& file, const std::string& folder, Ledger& ledger) {
  for (const std::string& path : {file.path + ".dockerignore", folder + ".dockerignore"}) {
    if (project.find(path) == nullptr) continue;
    const auto text = lint::read_project_file(project, path, ledger);
    if (text) return {lint::DockerIgnore::parse(*text), path};
  }
  return {lint::DockerIgnore::parse(""), {}};
}

// "a private key", or nothing.
std::string secret_kind(const lint::Project& project, const lint::ProjectFile& entry, Ledger& ledger) {
  const std::string_view name = last_part(entry.path);
  if (name == "id_rsa" || name == "id_ed25519" || name == "id_ecdsa") return "a private key";
  if (ends_with(name, ".p12") || ends_with(name, ".pfx") || ends_with(name, ".jks") || ends_with(name, ".keystore"))
    return "a key store";
  if (ends_with(name, ".tfstate")) return "Terraform's state";
  const bool pem = ends_with(name, ".pem") || ends_with(name, ".key");
  if (!pem && name != ".npmrc") return {};
  if (entry.size > 64 * 1024) return {};
  const auto text = lint::read_project_file(project, entry.path, ledger);
  if (!text) return {};
  if (pem) return detect::contains(*text, "PRIVATE KEY-----") ? "a private key" : "";
  const std::size_t token = text->find("_authToken=");
  return token != std::string::npos &&
                 !lint::is_reference_value(text->substr(token + 11, text->find('\n', token) - token - 11))
             ? "a registry token"
             : "";
}

class Check {
 public:
  Check(Context& context, const File& file, At at, bool ships)
      : context_(context), file_(file), at_(at), ships_(ships) {}

  void run() {
    const lint::Project& project = context_.project();
    const std::string folder = folder_of(file_.path);
    if (!is_context(project, folder)) return;
    Ledger unread;  // a file that cannot be read here is no loss of the configuration's check
    const Ignore ignore = ignore_of(project, file_, folder, unread);
    for (const lint::ProjectFile& entry : project.files) {
      if (entry.symlink || entry.path.compare(0, folder.size(), folder) != 0) continue;
      if (is_sample_path(entry.path)) continue;
      const std::string kind = secret_kind(project, entry, unread);
      if (!kind.empty() && !ignore.rules.excludes(entry.path.substr(folder.size())))
        secret(entry, kind, folder, ignore);
    }
    history(folder, ignore);
  }

 private:
  File as_seen() const {
    File file = file_;
    file.sample = file.sample || !ships_;
    return file;
  }

  Problem problem(const std::string& folder, const Ignore& ignore, const std::string& pattern, RiskClass risk,
                  std::string subject) const {
    Problem it = context_.problem(file_, at_, "CFG-DOCKER-COPYALL", Severity::Warning, risk);
    it.fix = fmt::format("add {} to {}", pattern,
                         ignore.path.empty() ? folder + ".dockerignore, which is missing" : ignore.path);
    it.commands = {fmt::format("echo {} >> {}", shell_word(pattern),
                               shell_word(ignore.path.empty() ? folder + ".dockerignore" : ignore.path))};
    it.minutes = 5;
    it.subject = std::move(subject);
    return it;
  }

  void secret(const lint::ProjectFile& entry, const std::string& kind, const std::string& folder,
              const Ignore& ignore) {
    Problem it = problem(folder, ignore, entry.path.substr(folder.size()), RiskClass::LaunchBlocker, entry.path);
    it.title = fmt::format("{} is copied into the image", entry.path);
    it.why = fmt::format("COPY of the whole folder takes it along, and it holds {}", kind);
    it.breaks = "whoever can pull the image has it";
    it.spots.push_back({entry.path, 0, 0});
    context_.add(as_seen(), std::move(it));
  }

  void history(const std::string& folder, const Ignore& ignore) {
    struct stat info {};
    if (::lstat((context_.project().root + "/" + folder + ".git").c_str(), &info) != 0 || !S_ISDIR(info.st_mode))
      return;
    if (ignore.rules.excludes(".git/config") || ignore.rules.excludes(".git")) return;
    Problem it = problem(folder, ignore, ".git", RiskClass::ScaleRisk, ".git");
    it.title = "The whole history of the repository is copied into the image";
    it.why = "COPY of the whole folder takes .git along";
    it.breaks = "whoever can pull the image reads every version of the code, and whatever was ever committed";
    context_.add(as_seen(), std::move(it));
  }

  Context& context_;
  const File& file_;
  At at_;
  bool ships_;
};

}  // namespace

void check_docker_context(Context& context, const File& file, At at, bool ships) {
  Check(context, file, at, ships).run();
}

}  // namespace tightship::config
