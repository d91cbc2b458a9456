#include "bundle/wording.h"

#include <fmt/format.h>

#include <string_view>

#include "bundle/layout.h"
#include "bundle/marker.h"

namespace tightship::bundle {
namespace {

using detect::RiskClass;
using detect::Severity;
using readiness::Problem;

struct Words {
  std::string_view id;
  Severity severity;
  RiskClass risk_class;
  std::string_view title, why, breaks, fix;  // title: {} is the subject
  std::uint32_t minutes;
};

Problem from(const Words& words, const std::string& subject) {
  Problem problem;
  problem.id = words.id;
  problem.source = "bundle";
  problem.severity = words.severity;
  problem.risk_class = words.risk_class;
  problem.exposure = readiness::Exposure::Web;
  problem.title = fmt::format(fmt::runtime(words.title), subject);
  problem.why = words.why;
  problem.breaks = words.breaks;
  problem.fix = words.fix;
  problem.minutes = words.minutes;
  problem.subject = subject;
  return problem;
}

constexpr Words kLocalhost{
    "BND-LOCALHOST",
    Severity::Warning,
    RiskClass::ConversionBlocker,
    "the site code names {}, a developer's own machine",
    "an address of this machine stands in the code that visitors run",
    "where it is called, a visitor's browser reaches nothing: requests fail, on production only",
    "set the public address in the environment of the production build (.env.production), and build again",
    15};
constexpr Words kStaging{
    "BND-STAGING",
    Severity::Warning,
    RiskClass::ConversionBlocker,
    "the site code names {}",
    "an address of a staging system or a tunnel stands in the production build",
    "visitors would work on test data, or on a tunnel that closes with a laptop",
    "set the production address in the environment of the build (.env.production), and build again",
    15};
constexpr Words kPrivateHost{"BND-PRIVATE-HOST",
                             Severity::Warning,
                             RiskClass::ScaleRisk,
                             "the site code names {}, a host of a private network",
                             "an address that only your own network knows stands in public code",
                             "visitors cannot reach it, and it tells strangers how your network is built",
                             "call it from the server, or set the public address for the build",
                             20};
constexpr Words kDevBuild{
    "BND-DEV-BUILD",
    Severity::Warning,
    RiskClass::ConversionBlocker,
    "this is a development build: {}",
    "code that build tools leave out of production builds is in it",
    "pages are several times larger and slower, and errors show the inside of the code",
    "build for production and deploy that: NODE_ENV=production, and the build command instead of the dev server",
    10};
constexpr Words kBrowserKey{
    "BND-BROWSER-KEY",
    Severity::Warning,
    RiskClass::LaunchBlocker,
    "an AI provider's SDK runs in the browser with your key",
    "{} is switched on, which an SDK asks for before it takes a secret key into a page",
    "the key must reach the browser for this to work, so any visitor can copy it and spend on your account",
    "call the provider from a route of your own server, which checks who asks and how often",
    60};
constexpr Words kAdminSdk{"BND-ADMIN-SDK",
                          Severity::Warning,
                          RiskClass::LaunchBlocker,
                          "{} is in the code that browsers load",
                          "this package works with a key that can do everything, and is made for servers",
                          "either it is dead weight in the page, or its secret key has to be in the page, too",
                          "import it in server code only; a file that both sides import draws it into the page",
                          45};
constexpr Words kClientAuth{"BND-CLIENT-AUTH",
                            Severity::Warning,
                            RiskClass::LaunchBlocker,
                            "the site code checks {} against one that stands in the code",
                            "the password to compare with is part of what every visitor loads",
                            "anyone can read it, or skip the comparison: what lies behind it is open",
                            "check it on the server and send what it protects only then; replace the password "
                            "wherever else it is used",
                            60};
constexpr Words kMap{
    "BND-MAP-PUBLISHED",
    Severity::Warning,
    RiskClass::ScaleRisk,
    "source maps are published",
    "{} to a source map that is there to be read",
    "anyone can read the original source: comments, names, routes that no page links",
    "leave them out of what is deployed (Vite: build.sourcemap 'hidden'; Next: productionBrowserSourceMaps false), or "
    "upload them to the error tracker and delete them before the deployment",
    15};
constexpr Words kInlineMap{"BND-INLINE-MAP",
                           Severity::Warning,
                           RiskClass::ScaleRisk,
                           "source maps are inside of the published files",
                           "{} the source map as data",
                           "every visitor loads the original source with the page, which is also several times larger",
                           "switch inline maps off for production (webpack: devtool false or 'hidden-source-map')",
                           15};
constexpr Words kActive{
    "BND-HTTP-MIXED",
    Severity::Error,
    RiskClass::ConversionBlocker,
    "a page loads {} over plain http",
    "browsers refuse scripts, styles, frames and forms over http on a page that is served over https",
    "what it loads is missing, on the secure site only",
    "write https:// in its address",
    5};
constexpr Words kPassive{"BND-HTTP-IMAGE",
                         Severity::Warning,
                         RiskClass::ScaleRisk,
                         "a page loads {} over plain http",
                         "browsers ask for images and media over https instead, and show nothing when that fails",
                         "the image may be missing, and the address bar may warn",
                         "write https:// in its address",
                         5};
constexpr Words kNames{
    "BND-ENV-DUMP",
    Severity::Warning,
    RiskClass::LaunchBlocker,
    "the site code lists your server's variables",
    "{} of server-only variables stand close together, as keys of one object",
    "an object that holds the whole environment is in the page; values that are set when it is built come with it",
    "name the few public variables one by one instead of passing process.env on",
    20};

struct FileWords {
  std::string_view subject;
  Words words;
};
constexpr FileWords kFiles[] = {
    {"environment file",
     {"BND-DOTFILES", Severity::Error, RiskClass::LaunchBlocker, "an {} lies among the published files",
      "a web server hands it out like any other file", "any visitor can read the variables in it",
      "delete it from the folder, keep it out of the build's inputs, and replace what it held", 30}},
    {"git folder",
     {"BND-DOTFILES", Severity::Error, RiskClass::LaunchBlocker, "a {} lies among the published files",
      "a web server hands it out like any other file", "anyone can download the repository with its whole history",
      "deploy the build's output only, without .git", 15}},
    {"database dump",
     {"BND-DOTFILES", Severity::Error, RiskClass::LaunchBlocker, "a {} lies among the published files",
      "a web server hands it out like any other file", "anyone can download the data in it",
      "delete it from the folder, and find out who has read it", 30}},
    {"private key",
     {"BND-DOTFILES", Severity::Error, RiskClass::LaunchBlocker, "a {} lies among the published files",
      "a web server hands it out like any other file", "whoever has it can take its owner's place",
      "delete it from the folder, and replace the key wherever it is trusted", 30}},
    {"backup file",
     {"BND-DOTFILES", Severity::Warning, RiskClass::ScaleRisk, "a {} lies among the published files",
      "a web server hands it out like any other file", "it shows what was meant to be gone",
      "delete it from the folder", 5}},
    {"folder index of macOS",
     {"BND-DOTFILES", Severity::Note, RiskClass::ScaleRisk, "a {} lies among the published files",
      ".DS_Store names the files of the folder that it was copied from", "it tells strangers the names of files",
      "delete it from the folder", 5}},
};

Problem describe_marker(const Sighting& sighting) {
  switch (static_cast<MarkerKind>(sighting.index)) {
    case MarkerKind::Localhost: return from(kLocalhost, sighting.subject);
    case MarkerKind::Staging: return from(kStaging, sighting.subject);
    case MarkerKind::PrivateHost: return from(kPrivateHost, sighting.subject);
    case MarkerKind::DevBuild: return from(kDevBuild, sighting.subject);
    case MarkerKind::AdminSdk: return from(kAdminSdk, sighting.subject);
    case MarkerKind::ClientAuth: return from(kClientAuth, sighting.subject);
    case MarkerKind::BrowserKey:
    case MarkerKind::Gemini: break;
  }
  Problem problem = from(kBrowserKey, sighting.subject);
  problem.why = fmt::format(fmt::runtime(kBrowserKey.why), sighting.subject);
  return problem;
}

Problem counted_problem(const Words& words, const std::string& count, std::string subject) {
  Problem problem = from(words, subject);
  problem.why = fmt::format(fmt::runtime(words.why), count);
  return problem;
}

Problem describe_file(const Sighting& sighting) {
  for (const FileWords& file : kFiles) {
    if (file.subject != sighting.subject) continue;
    Problem problem = from(file.words, sighting.subject);
    problem.subject = sighting.spot.path;
    return problem;
  }
  return from(kFiles[0].words, sighting.subject);
}

bool has_part(std::string_view path, std::string_view part) { return path.find(part) != std::string_view::npos; }

}  // namespace

Problem describe(const Sighting& sighting, std::size_t count) {
  switch (sighting.sight) {
    case Sight::Marker: return describe_marker(sighting);
    case Sight::Mixed: return from(sighting.exact ? kActive : kPassive, sighting.subject);
    case Sight::Map:
      return counted_problem(kMap, count == 1 ? "one file refers" : fmt::format("{} files refer", count),
                             "source maps");
    case Sight::InlineMap:
      return counted_problem(kInlineMap, count == 1 ? "one file holds" : fmt::format("{} files hold", count),
                             "inline source maps");
    case Sight::File: return describe_file(sighting);
    case Sight::Names:
    case Sight::Value:
    case Sight::Rule: break;
  }
  return counted_problem(kNames, sighting.subject, "environment");
}

std::string cause_of(const Sighting& sighting, bool deployed) {
  const std::string_view path = sighting.spot.path;
  const std::string extension = extension_of(path);
  if (extension == "map")
    return "the map carries the source: take it out of the code and its comments, and do not publish maps";
  if (has_part(path, ".next/server/app/") || extension == "rsc") {
    return "a server component hands it to a client component: pass on only what the page shows";
  }
  if (has_part(path, ".next/server/pages/")) {
    return "getStaticProps or getServerSideProps returns it, and the page carries what they return: return less";
  }
  if (has_part(path, ".next/static/")) {
    return "env in next.config, or a read in client code, puts it there: read it in server code only";
  }
  if (extension == "html" && deployed) return "the server puts it into the page: pass on only what the page shows";
  return "the bundler writes it where the code reads it: read it in server code only, and call the provider from there";
}

}  // namespace tightship::bundle
