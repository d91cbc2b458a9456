// What command lines of platforms upload: gcloud and Vercel take the whole folder but for what .gcloudignore and
// .vercelignore name. Once there is such a file, .gitignore counts for gcloud only where the file includes it
// ("#!include:.gitignore"; the default, when there is no file, does), and Vercel's documentation promises nothing.

#include <algorithm>
#include <array>

#include "env/context.h"
#include "lint/docker_ignore.h"

namespace tightship::env {
namespace {

using detect::RiskClass;
using detect::Severity;
using readiness::Problem;

struct Uploader {
  std::string_view ignore_file, command, keeps;
};
constexpr std::array<Uploader, 2> kUploaders = {
    {{".gcloudignore", "gcloud deploy", "the source archive in Cloud Storage and the image that is built from it"},
     {".vercelignore", "vercel deploy", "the deployment's source, which every member of the team can open"}}};

// The lines of the file, with those of the files that it includes in their place; nothing is included twice.
std::string with_includes(Context& context, const std::string& folder, const std::string& text) {
  constexpr std::string_view kInclude = "#!include:";
  std::string out;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    if (line.starts_with(kInclude)) {
      const std::string path = folder + std::string(line.substr(kInclude.size()));
      const bool there = context.project.find(path) != nullptr;
      const auto more = there ? lint::read_project_file(context.project, path, context.ledger) : std::nullopt;
      if (more) out.append(*more).append("\n");
    } else {
      out.append(line).append("\n");
    }
  }
  return out;
}

// Vercel leaves these out by itself.
bool is_left_out_by_default(const Uploader& uploader, std::string_view name) {
  return uploader.ignore_file == ".vercelignore" &&
         (name == ".env.local" || (name.starts_with(".env.") && name.ends_with(".local")));
}

void uploaded(Context& context, const Document& document, const Uploader& uploader, const std::string& ignore_path) {
  Problem problem;
  problem.id = "ENV-UPLOAD";
  problem.severity = Severity::Warning;
  problem.risk_class = RiskClass::LaunchBlocker;
  problem.exposure = readiness::Exposure::PrivateRepository;
  problem.title = document.path + " is uploaded by " + std::string(uploader.command);
  problem.why = ignore_path + " does not leave it out, and it holds " + name_list(secret_names(document));
  problem.breaks = "the secrets lie in " + std::string(uploader.keeps) + ", and the copy outlives what you delete here";
  problem.fix = "leave env files out of the upload, and set the values at the platform";
  problem.commands = {"printf '%s\\n' '.env' '.env.*' '!.env.example' >> " + shell_word(ignore_path)};
  problem.minutes = 5;
  problem.subject = document.path;
  problem.spots = {{document.path, 0, 0}, {ignore_path, 1, 1}};
  context.add(std::move(problem));
}

}  // namespace

void check_upload(Context& context) {
  for (const lint::ProjectFile& file : context.project.files) {
    const std::string folder = file.path.substr(0, file.path.rfind('/') + 1);
    const std::string_view name = std::string_view(file.path).substr(folder.size());
    const auto uploader = std::find_if(kUploaders.begin(), kUploaders.end(),
                                       [&](const Uploader& one) { return one.ignore_file == name; });
    if (uploader == kUploaders.end() || file.symlink) continue;
    const auto text = lint::read_project_file(context.project, file.path, context.ledger);
    if (!text) continue;
    const auto rules = lint::DockerIgnore::parse(with_includes(context, folder, *text));
    for (const Document& document : context.documents) {
      if (!document.path.starts_with(folder) || document.example() || document.encrypted || !document.holds_secret() ||
          document.name.test_path || is_left_out_by_default(*uploader, document.file_name()))
        continue;
      // A pattern without a slash counts in every folder there.
      const bool left_out = rules.excludes(document.path.substr(folder.size())) || rules.excludes(document.file_name());
      if (!left_out) uploaded(context, document, *uploader, file.path);
    }
  }
}

}  // namespace tightship::env
