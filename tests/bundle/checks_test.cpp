// What each check of a build says, one small page at a time; values are made from templates.

#include <gtest/gtest.h>

#include <algorithm>

#include "bundle/build_fixture.h"
#include "bundle/check.h"
#include "detect/token_template.h"

namespace tightship::bundle {
namespace {

std::string expand(const std::string& text, std::uint64_t seed = 11) {
  const auto made = detect::expand_template(text, seed);
  return made ? *made : "<<" + made.error().what + ">>";
}

// "BND-TEST-KEY warning", sorted; notes too.
std::string said(const TemporaryFolder& folder) {
  BundleOptions options;
  options.path = folder.path() + "/dist";
  options.values.env_files = {folder.path() + "/env"};
  const auto report = check_bundle(options);
  if (!report) return report.error().what;
  std::vector<std::string> lines;
  for (const readiness::Problem& problem : report->problems)
    lines.push_back(problem.id + " " + std::string(detect::severity_name(problem.severity)) + "\n");
  std::sort(lines.begin(), lines.end());
  std::string out;
  for (const std::string& line : lines) out += line;
  return out;
}

struct Row {
  const char* name;
  const char* script;  // of the page, a template of its own tokens: braces are doubled
  const char* wanted;
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

class BundleChecks : public testing::TestWithParam<Row> {};
TEST_P(BundleChecks, Say) {
  const TemporaryFolder folder;
  folder.write("env", "STRIPE_SECRET_KEY=\nDATABASE_URL=\nSMTP_PASSWORD=\nJWT_SECRET=\nS3_SECRET=\nMAIL_TOKEN=\n");
  folder.write("dist/index.html", "<html><script src=a.js></script></html>");
  folder.write("dist/a.js", expand(GetParam().script));
  EXPECT_EQ(said(folder), GetParam().wanted);
}

INSTANTIATE_TEST_SUITE_P(
    All, BundleChecks,
    testing::Values(Row{"Secret", "pay('sk_live_{base62:24}')", "BND-SECRET error\n"},
                    Row{"TestKey", "pay('sk_test_{base62:24}')", "BND-TEST-KEY warning\n"},
                    Row{"PublicKey", "pay('pk_live_{base62:24}')", "BND-PUBLIC-KEY note\n"},
                    Row{"GoogleKey", "map('AIza{base62:35}')", "BND-GOOGLE-KEY warning\n"},
                    Row{"GoogleKeyOfGemini", "f('https://generativelanguage.googleapis.com/v1?key=AIza{base62:35}')",
                        "BND-GOOGLE-KEY error\n"},
                    Row{"BrowserKey", "new OpenAI({{apiKey:k,dangerouslyAllowBrowser:!0})",
                        "BND-BROWSER-KEY warning\n"},
                    Row{"AdminSdk", "h={{\"User-Agent\":`Stripe/v1 NodeBindings/${{e}`}", "BND-ADMIN-SDK warning\n"},
                    Row{"ClientAuth", "if(\"s3same!\"===e.password)t()", "BND-CLIENT-AUTH warning\n"},
                    Row{"EnvDump",
                        "e={{STRIPE_SECRET_KEY:\"\",DATABASE_URL:\"\",SMTP_PASSWORD:\"\",JWT_SECRET:\"\",S3_SECRET:"
                        "\"\",MAIL_TOKEN:\"\"}",
                        "BND-ENV-DUMP warning\n"},
                    Row{"FewNames", "e={{STRIPE_SECRET_KEY:\"\",DATABASE_URL:\"\"}", ""},
                    Row{"Plain", "fetch('/api/pay').then(e=>e.json())", ""}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(BundleChecks, ALongPieceOfAValue) {
  const TemporaryFolder folder;
  const std::string value = expand("{base62:40}");
  folder.write("env", "WEBHOOK_SECRET=" + value + "\n");
  folder.write("dist/index.html", "<html></html>");
  folder.write("dist/a.js", "k='" + value.substr(0, 28) + "'");
  EXPECT_EQ(said(folder), "BND-ENV-PART warning\n");
}

// Pictures, fonts and modules are bytes of any kind, with runs that look like tokens: none is told as one. What is
// compressed inside of them is not looked into.
TEST(BundleChecks, MediaHoldsNothing) {
  std::uint64_t state = 5;
  const auto noise = [&state](std::size_t size) {
    std::string out;
    for (std::size_t i = 0; i < size; ++i) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      out += static_cast<char>(state >> 56);
    }
    return out;
  };
  const std::string zero(4, '\0');
  const std::pair<const char*, std::string> files[] = {
      {"dist/a.woff2", "wOF2" + zero + "\1" + noise(300'000)},
      {"dist/a.woff", "wOFF" + zero + "\1" + noise(300'000)},
      {"dist/a.ttf", std::string("\0\1\0\0", 4) + noise(300'000)},
      {"dist/a.png", "\x89PNG\r\n\x1a\n" + noise(300'000)},
      {"dist/a.jpg", "\xff\xd8\xff\xe0" + noise(300'000)},
      {"dist/a.webp", "RIFF" + zero + "WEBPVP8 " + noise(300'000)},
      {"dist/a.wasm", std::string("\0asm\1\0\0\0", 8) + noise(300'000)},
      {"dist/a.mp4", zero + "ftypisom" + noise(300'000)},
      {"dist/a.bin", noise(300'000)},
      {"dist/index.html", "<html></html>"},
  };
  const TemporaryFolder folder;
  for (const auto& [path, bytes] : files) folder.write(path, bytes);
  folder.write("env", expand("STRIPE_SECRET_KEY=sk_live_{base62:24}\nPIN_SECRET={base62:12}\n"));
  EXPECT_EQ(said(folder), "");
}

}  // namespace
}  // namespace tightship::bundle
