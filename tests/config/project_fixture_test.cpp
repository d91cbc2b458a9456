#include "config/project_fixture.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "detect/codec.h"
#include "detect/token_template.h"

namespace tightship::test {
namespace {

std::string jwt(const std::string& role) {
  const auto part = [](const std::string& json) { return detect::encode_base64(json, detect::Base64::UrlSafe, false); };
  const std::string payload = "{\"iss\":\"supabase\",\"ref\":\"qzkfhwtnxvbarpmdlsej\",\"role\":\"" + role +
                              "\",\"iat\":1700000000,\"exp\":4000000000}";
  return part("{\"alg\":\"HS256\",\"typ\":\"JWT\"}") + "." + part(payload) + "." +
         detect::encode_base64(detect::sha256(role), detect::Base64::UrlSafe, false);
}

std::string token(const std::string& name) {
  if (name == "service") return jwt("service_role");
  if (name == "anon") return jwt("anon");
  if (name == "user") return "postgres";  // a password that is the user's name
  const std::map<std::string, std::string> templates = {{"stripe",
                                                         "sk_"
                                                         "live_{base62:99}"},
                                                        {"stripetest",
                                                         "sk_"
                                                         "test_{base62:24}"},
                                                        {"github", "ghp_{base62:30}{crc32-base62}"},
                                                        {"npm", "npm_{base62:30}{crc32-base62}"},
                                                        {"random", "{base62:32}"},
                                                        {"password", "{base62:20}"},
                                                        {"openai", "sk-proj-{base62:74}T3BlbkFJ{base62:74}"}};
  return detect::expand_template(templates.at(name), 11).value();
}

}  // namespace

std::string with_tokens(std::string text) {
  for (std::size_t at = text.find("{{"); at != std::string::npos; at = text.find("{{", at + 1)) {
    const std::size_t end = text.find("}}", at);
    const std::string name = text.substr(at + 2, end - at - 2);
    if (name.empty() || name.find_first_not_of("abcdefghijklmnopqrstuvwxyz") != std::string::npos) continue;
    if (name == "x") continue;
    text.replace(at, end + 2 - at, token(name));
  }
  return text;
}

readiness::Report report_of(const ProjectFiles& files, bool tracked) {
  if (tracked) {
    GitFixture repo;
    for (const auto& [path, text] : files) repo.write(path, with_tokens(text));
    repo.commit("files");
    return config::check_config({.path = repo.path()}).value();
  }
  const TempDir folder;
  for (const auto& [path, text] : files) write_file(folder.path + "/" + path, with_tokens(text));
  return config::check_config({.path = folder.path}).value();
}

std::string said(const ProjectFiles& files, bool notes, bool tracked) {
  std::vector<std::string> lines;
  for (const readiness::Problem& one : report_of(files, tracked).problems) {
    if (one.severity == detect::Severity::Note && !notes) continue;
    const readiness::Spot& spot = one.spots.front();
    lines.push_back(one.id + " " + std::string(detect::severity_name(one.severity)) + " " + spot.path + ":" +
                    std::to_string(spot.line) + " " + one.subject + "\n");
    // Founders read these: none may be missing, none may hold a value.
    EXPECT_FALSE(one.title.empty() || one.why.empty() || one.breaks.empty() || one.fix.empty()) << one.id;
    for (const char* name : {"stripe", "github", "npm", "random", "password", "service", "openai"}) {
      const std::string value = token(name);
      for (const std::string* text : {&one.title, &one.why, &one.breaks, &one.fix, &one.subject}) {
        EXPECT_EQ(text->find(value), std::string::npos) << one.id;
      }
    }
  }
  std::sort(lines.begin(), lines.end());
  std::string out;
  for (const std::string& line : lines) out += line;
  return out;
}

}  // namespace tightship::test
