// Dockerfiles. Layers of the last stage, and of the stages it is built from, can be read by whoever pulls the
// image; those of other stages stay in build caches.

#include "lint/dockerfile.h"
#include "lint/dotenv.h"

#include <fmt/format.h>

#include <algorithm>

#include "config/checks.h"
#include "config/docker_context.h"
#include "detect/text_class.h"

namespace tightship::config {
namespace {

using lint::DockerInstruction;

constexpr std::string_view kMountFix =
    "pass it while building only: RUN --mount=type=secret,id=NAME ..., docker build --secret "
    "id=NAME,env=NAME; then replace the key";

class Check {
 public:
  Check(Context& context, const File& file)
      : context_(context), file_(file), docker_(lint::parse_dockerfile(file.text)) {}

  void run() {
    for (const DockerInstruction& one : docker_.instructions) {
      if (one.name == "ENV" || one.name == "ARG") variables(one);
      if (one.name == "RUN") command(one);
      if (one.name == "COPY" || one.name == "ADD") copy(one);
    }
    user();
  }

 private:
  // ARG before the first FROM is in no image.
  bool ships(const DockerInstruction& one) const { return one.stage != 0 && docker_.ships(one.stage); }

  File as_seen(const DockerInstruction& one) const {
    File file = file_;
    file.sample = file.sample || !ships(one);
    return file;
  }

  LiteralPlace place(const DockerInstruction& one) const {
    LiteralPlace made{"CFG-DOCKER-ENV", fmt::format("{} of {}", one.name, file_.name()), std::string(kMountFix)};
    made.breaks = "whoever can pull the image, or read this file, can use it: docker history shows it";
    return made;
  }

  void variables(const DockerInstruction& one) {
    for (const DockerInstruction::Pair& pair : one.pairs()) {
      if (pair.has_value) {
        if (context_.literal(as_seen(one), place(one), pair.name.text, pair.value.text, pair.value.at)) continue;
        if (one.name == "ENV") baked(one, pair);
      } else if (one.name == "ARG" && lint::is_secret_name(pair.name.text)) {
        secret_argument(one, pair.name);
      }
      if (one.name == "ARG") arguments_.insert(pair.name.text);
    }
  }

  // ARG X, ENV X=$X: the value of the build stays in the image.
  void baked(const DockerInstruction& one, const DockerInstruction::Pair& pair) {
    std::string name = pair.value.text;
    std::erase_if(name, [](char c) { return c == '$' || c == '{' || c == '}'; });
    const bool argument = name != pair.value.text && arguments_.count(name) > 0;
    if (!argument || !lint::is_secret_name(pair.name.text)) return;
    if (context_.project().public_prefix_of(pair.name.text) != nullptr) return;
    Problem it = context_.problem(file_, pair.name.at, "CFG-DOCKER-BAKED", Severity::Warning, RiskClass::LaunchBlocker);
    it.title = fmt::format("The image keeps {} of the build", pair.name.text);
    it.why = fmt::format("ENV {} is set from the build argument {}", pair.name.text, name);
    it.breaks = "whoever can pull the image reads it with docker inspect";
    it.fix =
        "leave it out of the image and give it to the container when it starts: docker run --env-file, or "
        "your platform's secrets";
    it.minutes = 20;
    it.subject = pair.name.text;
    context_.add(as_seen(one), std::move(it));
  }

  void secret_argument(const DockerInstruction& one, const lint::DockerWord& name) {
    Problem it = context_.problem(file_, name.at, "CFG-DOCKER-ARG", Severity::Note, RiskClass::ScaleRisk);
    it.title = fmt::format("{} is passed as a build argument", name.text);
    it.why = "build arguments stay in the image's history and in provenance records";
    it.breaks = "whoever can pull the image can read it when this stage ships";
    it.fix = std::string(kMountFix);
    it.minutes = 20;
    it.subject = name.text;
    context_.add(as_seen(one), std::move(it));
  }

  void command(const DockerInstruction& one) {
    for (const lint::DockerWord& word : one.words) {
      const std::size_t equals = word.text.find('=');
      if (equals == std::string::npos || equals == 0 || word.text[0] == '-') continue;
      const std::string name = word.text.substr(0, equals);
      const bool variable =
          std::all_of(name.begin(), name.end(), [](char c) { return detect::is_alphanumeric(c) || c == '_'; });
      if (variable) context_.literal(as_seen(one), place(one), name, word.text.substr(equals + 1), word.at);
    }
    context_.scan_text(as_seen(one), place(one), one.rest, one.at, false);
    for (const std::string& body : one.heredocs) context_.scan_text(as_seen(one), place(one), body, one.at, false);
    npm_token(one);
  }

  // RUN echo "//registry.npmjs.org/:_authToken=${NPM_TOKEN}" > .npmrc
  void npm_token(const DockerInstruction& one) {
    const bool writes = detect::contains(one.rest, "_authToken") && detect::contains(one.rest, ".npmrc");
    const bool removes = detect::contains(one.rest, "rm ") && one.rest.rfind(".npmrc") > one.rest.find("rm ");
    if (!writes || removes || one.flag("mount").find("secret") != std::string::npos) return;
    // With quotes that keep ${NPM_TOKEN} as it is, only a reference is written.
    const bool reference = detect::contains(one.rest, "\\$") || detect::contains(one.rest, "'//");
    if (reference) return;
    Problem it = context_.problem(file_, one.at, "CFG-DOCKER-NPMRC", Severity::Warning, RiskClass::LaunchBlocker);
    it.title = "The registry token stays in a layer of the image";
    it.why = "RUN writes _authToken into .npmrc and does not remove it in the same step";
    it.breaks = "whoever can pull the image can install and perhaps publish your packages";
    it.fix = "mount it instead: RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci";
    it.minutes = 15;
    it.subject = ".npmrc";
    context_.add(as_seen(one), std::move(it));
  }

  void copy(const DockerInstruction& one) {
    if (!one.flag("from").empty() || one.words.size() < 2) return;
    for (std::size_t i = 0; i + 1 < one.words.size(); ++i) {
      const lint::DockerWord& source = one.words[i];
      const std::string_view name = last_part(source.text);
      if (one.name == "ADD" && detect::contains(source.text, "://")) {
        context_.literal(as_seen(one), place(one), "ADD", source.text, source.at);
      } else if ((name == ".env" || name.substr(0, 5) == ".env.") && !is_sample_path(name)) {
        env_file(one, source);
      } else if (source.text == "." || source.text == "./" || source.text == "/") {
        if (!context_seen_) check_docker_context(context_, file_, source.at, ships(one));
        context_seen_ = true;
      }
    }
  }

  // The env files that the source may name: a Dockerfile does not say which folder it is built from.
  std::vector<std::string> env_files_of(const std::string& source) const {
    std::string_view inner = source;
    while (inner.starts_with("./") || inner.starts_with('/')) inner.remove_prefix(inner.front() == '/' ? 1 : 2);
    std::vector<std::string> found;
    for (const lint::ProjectFile& file : context_.project().files) {
      const bool whole = file.path.size() == inner.size() || file.path.ends_with("/" + std::string(inner));
      if (!file.symlink && file.path.ends_with(inner) && whole) found.push_back(file.path);
    }
    return found;
  }

  void env_file(const DockerInstruction& one, const lint::DockerWord& source) {
    Severity severity = Severity::Warning;
    std::string why = fmt::format("{} {} puts the file into a layer", one.name, source.text);
    std::string id;
    bool read = false, secrets = false;
    for (const std::string& path : env_files_of(source.text)) {
      const auto text = context_.read(path);
      if (!text) continue;
      read = true;
      for (const lint::EnvEntry& line : lint::read_env_text(*text).entries) {
        const lint::Judgement found = context_.judge().judge(line.key, line.literal);
        secrets = secrets || found.secret_like();
        if (!found.secret_by_format() || severity == Severity::Error) continue;
        severity = Severity::Error;
        why += fmt::format(", and it holds the {} ({}:{})", found.title, path, line.line);
        id =
            readiness::value_id(found.secret.empty() ? std::string_view(line.literal) : std::string_view(found.secret));
      }
    }
    // A file of settings may well be part of the image.
    if (read && !secrets) {
      severity = Severity::Note;
      why += "; no secret is in it now";
    }
    Problem it = context_.problem(file_, source.at, "CFG-DOCKER-COPY-ENV", severity, RiskClass::LaunchBlocker);
    it.title = fmt::format("{} is copied into the image", source.text);
    it.why = std::move(why);
    it.breaks = "whoever can pull the image has every value of the file";
    it.fix =
        "take the line out and give the variables to the container when it starts: docker run --env-file, "
        "env_file of compose";
    it.minutes = 15;
    it.subject = source.text;
    it.value_id = id;
    context_.add(as_seen(one), std::move(it));
  }

  void user() {
    const DockerInstruction* last = nullptr;
    for (const DockerInstruction& one : docker_.instructions) {
      if (one.name == "USER" && ships(one)) last = &one;
    }
    if (last == nullptr || last->words.empty()) return;
    const std::string name = last->words[0].text.substr(0, last->words[0].text.find(':'));
    if (name != "root" && name != "0") return;
    Problem it = context_.problem(file_, last->at, "CFG-DOCKER-ROOT", Severity::Warning, RiskClass::ScaleRisk);
    it.title = "The container runs as root";
    it.why = "the last USER is root";
    it.breaks = "a hole in the application is a hole in everything that the container can reach";
    it.fix = "end the file with USER and an account without rights: USER node, USER 1000";
    it.minutes = 15;
    it.subject = "USER";
    context_.add(file_, std::move(it));
  }

  Context& context_;
  const File& file_;
  lint::Dockerfile docker_;
  std::set<std::string> arguments_;
  bool context_seen_ = false;
};

}  // namespace

void check_dockerfile(Context& context, const File& file) { Check(context, file).run(); }

}  // namespace tightship::config
