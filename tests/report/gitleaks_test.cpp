#include "report/gitleaks.h"

#include <gtest/gtest.h>

#include "sample.h"

namespace tightship::report {
namespace {

constexpr std::string_view kSecret = "a<b>&\"c";

detect::Rule acme_rule() {
  detect::Rule rule;
  rule.id = "acme-key";
  rule.title = "Acme, \"the\" key";
  rule.regex = "acme_(.*)";
  rule.tags = {"api", "acme"};
  return rule;
}

const detect::Rule& acme() {
  static const detect::Rule rule = acme_rule();
  return rule;
}

detect::Finding in_commit() {
  detect::Finding finding;
  finding.rule = &acme();
  finding.secret = kSecret;
  detect::Occurrence& where = finding.occurrences.emplace_back();
  where.path = "src/a b.md";
  where.match = "acme_" + std::string(kSecret);
  where.match_position = {3, 5, 3, 17, 40};
  where.position = {3, 10, 3, 17, 45};
  detect::CommitInfo info;
  info.id = oid("8c1d2e3");
  info.author_name = "Ana";
  info.author_email = "ana@example.com";
  info.message = "adds " + std::string(kSecret) + "\n\nbody\n";
  info.time = 1;
  info.author_time = 1762164000;
  where.commit = info;
  return finding;
}

detect::ScanResult of(std::vector<detect::Finding> findings) {
  detect::ScanResult result;
  result.findings = std::move(findings);
  return result;
}

std::string render(const detect::ScanResult& result, GitleaksFormat format, GitleaksOptions options = {}) {
  return render_gitleaks(gitleaks_rows(result, options), {acme()}, format);
}

TEST(GitleaksJson, HasItsFieldsAndEscapes) {
  const std::string id = oid("8c1d2e3").hex();
  EXPECT_EQ(render(of({in_commit()}), GitleaksFormat::Json, {.redact = 0}),
            "[\n {\n"
            "  \"RuleID\": \"acme-key\",\n"
            "  \"Description\": \"Acme, \\\"the\\\" key\",\n"
            "  \"StartLine\": 3,\n  \"EndLine\": 3,\n  \"StartColumn\": 5,\n  \"EndColumn\": 16,\n"
            "  \"Match\": \"acme_a\\u003cb\\u003e\\u0026\\\"c\",\n"
            "  \"Secret\": \"a\\u003cb\\u003e\\u0026\\\"c\",\n"
            "  \"File\": \"src/a b.md\",\n  \"SymlinkFile\": \"\",\n"
            "  \"Commit\": \"" +
                id +
                "\",\n"
                "  \"Entropy\": 2.807355,\n"
                "  \"Author\": \"Ana\",\n  \"Email\": \"ana@example.com\",\n  \"Date\": \"2025-11-03T10:00:00Z\",\n"
                "  \"Message\": \"adds a\\u003cb\\u003e\\u0026\\\"c\\n\\nbody\",\n"
                "  \"Tags\": [\n   \"api\",\n   \"acme\"\n  ],\n"
                "  \"Fingerprint\": \"" +
                id +
                ":src/a b.md:acme-key:3\"\n"
                " }\n]\n");
}

TEST(GitleaksJson, NothingIsAnEmptyList) { EXPECT_EQ(render(of({}), GitleaksFormat::Json), "[]\n"); }

TEST(GitleaksRows, AreRedactedUnlessAskedFor) {
  const auto rows = gitleaks_rows(of({in_commit()}), {});
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].secret, "REDACTED");
  EXPECT_EQ(rows[0].match, "acme_REDACTED");
  EXPECT_EQ(rows[0].message.find(kSecret), std::string::npos);
  for (const GitleaksFormat format :
       {GitleaksFormat::Json, GitleaksFormat::Csv, GitleaksFormat::Junit, GitleaksFormat::Sarif}) {
    const std::string text = render(of({in_commit()}), format);
    EXPECT_EQ(text.find(kSecret), std::string::npos);
    EXPECT_EQ(text.find("a\\u003cb"), std::string::npos);
    EXPECT_EQ(text.find("a&lt;b"), std::string::npos);
  }
}

TEST(GitleaksRows, APercentageKeepsTheBeginning) {
  const auto rows = gitleaks_rows(of({in_commit()}), {.redact = 60});
  EXPECT_EQ(rows[0].secret, "a<b...");
  EXPECT_EQ(rows[0].match, "acme_a<b...");
}

TEST(GitleaksRows, TagsTellWhatWasDecoded) {
  using Tags = std::vector<std::string>;
  const auto tags = [](const char* encoding) {
    detect::Finding finding = in_commit();
    finding.occurrences[0].encoding = encoding;
    return gitleaks_rows(of({finding}), {})[0].tags;
  };
  EXPECT_EQ(tags("utf-16le"), (Tags{"api", "acme"}));
  EXPECT_EQ(tags("base64"), (Tags{"api", "acme", "decoded:base64", "decode-depth:1"}));
  EXPECT_EQ(tags("utf-16le > base64 > percent-encoding > base64 > backslash-escapes"),
            (Tags{"api", "acme", "decoded:base64", "decoded:percent", "decoded:unicode", "decode-depth:4"}));
}

TEST(GitleaksRows, NotesAndColumns) {
  detect::Finding note = in_commit();
  note.severity = detect::Severity::Note;
  EXPECT_TRUE(gitleaks_rows(of({note}), {}).empty());
  const auto rows = gitleaks_rows(of({in_commit()}), {.columns_of_gitleaks = true});
  EXPECT_EQ(rows[0].start_column, 6u);
  EXPECT_EQ(rows[0].end_column, 17u);
}

TEST(GitleaksRows, AFileReportedByItsPath) {
  static detect::Rule rule;
  rule.id = "keystore";
  rule.path = "\\.jks$";
  detect::Finding finding;
  finding.rule = &rule;
  finding.secret = "a/app.jks";
  detect::Occurrence& where = finding.occurrences.emplace_back();
  where.place = detect::Place::FileName;
  where.path = "a/app.jks";
  where.match = "file detected: a/app.jks";
  where.match_position = {1, 1, 1, 10, 0};
  const auto rows = gitleaks_rows(of({finding}), {});
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].match, "file detected: a/app.jks");
  EXPECT_EQ(rows[0].secret, "");
  EXPECT_EQ(rows[0].start_line, 0u);
  EXPECT_EQ(rows[0].fingerprint, "a/app.jks:keystore:0");
}

TEST(GitleaksCsv, QuotesAsGoDoes) {
  const std::string id = oid("8c1d2e3").hex();
  EXPECT_EQ(render(of({in_commit()}), GitleaksFormat::Csv, {.redact = 0}),
            "RuleID,Commit,File,SymlinkFile,Secret,Match,StartLine,EndLine,StartColumn,EndColumn,Author,Message,Date,"
            "Email,Fingerprint,Tags\n"
            "acme-key," +
                id +
                ",src/a b.md,,\"a<b>&\"\"c\",\"acme_a<b>&\"\"c\",3,3,5,16,Ana,\"adds a<b>&\"\"c\n\nbody\","
                "2025-11-03T10:00:00Z,ana@example.com," +
                id + ":src/a b.md:acme-key:3,api acme\n");
  EXPECT_EQ(render(of({}), GitleaksFormat::Csv), "");
}

TEST(GitleaksJunit, IsItsDialect) {
  const std::string text = render(of({in_commit()}), GitleaksFormat::Junit);
  EXPECT_TRUE(
      text.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
                       "\t<testsuite failures=\"1\" name=\"gitleaks\" tests=\"1\" time=\"\">\n"
                       "\t\t<testcase classname=\"Acme, &#34;the&#34; key\" file=\"src/a b.md\" name=\"acme-key has "
                       "detected a secret in file src/a b.md, line 3, at commit "));
  EXPECT_NE(text.find("{&#xA;&#x9;&#34;RuleID&#34;: &#34;acme-key&#34;"), std::string::npos);
  EXPECT_EQ(render(of({}), GitleaksFormat::Junit),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
            "\t<testsuite failures=\"0\" name=\"gitleaks\" tests=\"0\" time=\"\"></testsuite>\n</testsuites>");
}

TEST(GitleaksSarif, HasTheCommitAndTheSnippet) {
  const std::string text = render(of({in_commit()}), GitleaksFormat::Sarif);
  EXPECT_TRUE(text.starts_with(
      "{\n \"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\",\n \"version\": \"2.1.0\","));
  for (const std::string_view part : {"\"shortDescription\": {\n", "\"partialFingerprints\": {\n", "\"snippet\": {\n",
                                      "\"text\": \"REDACTED\"", "\"commitSha\": \"8c1d2e3"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part;
  }
}

struct LinkRow {
  const char* platform;
  const char* link;
};

TEST(GitleaksLinks, LeadToTheLine) {
  const LinkRow rows[] = {{"github", "https://h/o/r/blob/C/src/a%20b.md?plain=1#L3"},
                          {"gitlab", "https://h/o/r/blob/C/src/a%20b.md#L3"},
                          {"gitea", "https://h/o/r/src/commit/C/src/a%20b.md?display=source#L3"},
                          {"bitbucket", "https://h/o/r/src/C/src/a%20b.md#lines-3"},
                          {"azuredevops",
                           "https://h/o/r/commit/C?path=/src/"
                           "a%20b.md&line=3&lineStartColumn=1&lineEndColumn=10000000&type=2&lineStyle=plain&_a=files"},
                          {"", ""}};
  for (const LinkRow& row : rows) {
    std::string link =
        gitleaks_rows(of({in_commit()}), {.platform = row.platform, .remote_url = "https://h/o/r"})[0].link;
    if (const auto at = link.find(oid("8c1d2e3").hex()); at != std::string::npos) link.replace(at, 40, "C");
    EXPECT_EQ(link, row.link) << row.platform;
  }
}

TEST(GitleaksLinks, RemotesBecomeWebPages) {
  EXPECT_EQ(web_url("git@github.com:acme/shop.git"), "https://github.com/acme/shop");
  EXPECT_EQ(web_url("ssh://git@gitlab.com:22/acme/shop.git"), "https://gitlab.com/acme/shop");
  EXPECT_EQ(web_url("https://user:word@git.example.com:8443/acme/shop"), "https://git.example.com:8443/acme/shop");
  EXPECT_EQ(web_url("/srv/git/shop.git"), "");
  EXPECT_EQ(web_url("file:///srv/git/shop.git"), "");
  EXPECT_EQ(platform_of("https://github.com/acme/shop"), "github");
  EXPECT_EQ(platform_of("https://acme.visualstudio.com/shop"), "azuredevops");
  EXPECT_EQ(platform_of("https://notgithub.com/acme/shop"), "");
}

}  // namespace
}  // namespace tightship::report
