// Real outputs of Next.js 16, Vite 8 and webpack 5 (fixtures/bundle/make.sh) with made-up values in them.

#include <gtest/gtest.h>
#include <fstream>

#include <algorithm>
#include <filesystem>
#include <set>

#include "bundle/build_fixture.h"
#include "bundle/check.h"
#include "bundle/folder.h"
#include "detect/codec.h"

namespace tightship::bundle {
namespace {

readiness::Report check(const std::string& path, ValueSources sources = {}) {
  BundleOptions options;
  options.path = path;
  options.values = std::move(sources);
  auto report = check_bundle(options);
  EXPECT_TRUE(report.has_value()) << (report ? "" : report.error().what);
  return report ? std::move(*report) : readiness::Report{};
}

// "BND-ENV-VALUE STRIPE_SECRET_KEY" of every problem that is no note.
std::multiset<std::string> ids(const readiness::Report& report) {
  std::multiset<std::string> out;
  for (const readiness::Problem& problem : report.problems) {
    if (problem.severity != detect::Severity::Note) out.insert(problem.id + " " + problem.subject);
  }
  return out;
}

const readiness::Problem* find(const readiness::Report& report, std::string_view subject) {
  for (const readiness::Problem& problem : report.problems) {
    if (problem.subject == subject) return &problem;
  }
  return nullptr;
}

bool has_spot(const readiness::Problem* problem, std::string_view end) {
  return problem != nullptr && std::any_of(problem->spots.begin(), problem->spots.end(),
                                           [&](const readiness::Spot& spot) { return spot.path.ends_with(end); });
}

class Builds : public testing::Test {
 protected:
  std::string build(std::string_view app) {
    fill_build(app, folder_.path() + "/" + std::string(app), marks_);
    return folder_.path() + "/" + std::string(app);
  }
  TemporaryFolder folder_;
  Marks marks_ = make_marks(7);
};

TEST_F(Builds, Vite) {
  const auto report = check(build("vite"));
  EXPECT_EQ(ids(report), (std::multiset<std::string>{"BND-ENV-VALUE DATABASE_URL", "BND-ENV-VALUE JWT_SECRET",
                                                     "BND-ENV-VALUE STRIPE_SECRET_KEY", "BND-ENV-VALUE WEBHOOK_SECRET",
                                                     "BND-MAP-PUBLISHED source maps"}));
  const auto* stripe = find(report, "STRIPE_SECRET_KEY");
  ASSERT_NE(stripe, nullptr);
  EXPECT_EQ(stripe->title, "Stripe live secret key is public in your site code");
  EXPECT_NE(stripe->why.find("from src/pay.js:4:31"), std::string::npos) << stripe->why;
  EXPECT_EQ(stripe->value_id, readiness::value_id(marks_.at("MARKxSTRIPExSECRETxKEYxMARKxMARK")));
  EXPECT_EQ(stripe->severity, detect::Severity::Error);
  EXPECT_EQ(stripe->risk_class, detect::RiskClass::LaunchBlocker);
  // A comment of the source, which only the map has.
  const auto* comment = find(report, "WEBHOOK_SECRET");
  ASSERT_NE(comment, nullptr);
  EXPECT_TRUE(has_spot(comment, ".js.map"));
  EXPECT_NE(comment->why.find("from src/main.js:2:"), std::string::npos) << comment->why;
}

TEST_F(Builds, Webpack) {
  const auto report = check(build("webpack"));
  EXPECT_EQ(ids(report),
            (std::multiset<std::string>{"BND-DEV-BUILD webpack in development mode", "BND-ENV-VALUE DATABASE_URL",
                                        "BND-ENV-VALUE JWT_SECRET", "BND-ENV-VALUE STRIPE_SECRET_KEY",
                                        "BND-ENV-VALUE WEBHOOK_SECRET", "BND-INLINE-MAP inline source maps",
                                        "BND-MAP-PUBLISHED source maps"}));
  const auto* secret = find(report, "WEBHOOK_SECRET");
  EXPECT_TRUE(has_spot(secret, "dist/main.js.map"));
  EXPECT_TRUE(has_spot(secret, "dist/inline.js")) << "in the base64 of an inline map";
  EXPECT_FALSE(has_spot(secret, "dist/main.js")) << "comments are minified away";
  for (const char* file : {"dist/main.js", "dist/inline.js", "dist/eval.js"})
    EXPECT_TRUE(has_spot(find(report, "DATABASE_URL"), file)) << file;
}

TEST_F(Builds, Next) {
  const auto report = check(build("next"));
  EXPECT_EQ(ids(report), (std::multiset<std::string>{"BND-ENV-VALUE DATABASE_URL", "BND-ENV-VALUE JWT_SECRET",
                                                     "BND-ENV-VALUE STRIPE_SECRET_KEY"}));
  const auto* url = find(report, "DATABASE_URL");
  for (const char* file : {"server/app/index.html", "server/app/index.rsc", "server/pages/legacy.html",
                           "server/pages/legacy.json", "index.segments/__PAGE__.segment.rsc"}) {
    EXPECT_TRUE(has_spot(url, file)) << file;
  }
  const auto* stripe = find(report, "STRIPE_SECRET_KEY");
  ASSERT_NE(stripe, nullptr);
  ASSERT_EQ(stripe->spots.size(), 1u) << "not the server's chunks, nor required-server-files.json";
  EXPECT_TRUE(has_spot(stripe, "2i5y0bo5rp604.js")) << stripe->spots[0].path;
}

// What a build host's own search does: the whole value plain, percent-encoded or in base64, in every file.
std::set<std::string> found_by_whole_value(const std::string& folder, const std::string& value) {
  std::set<std::string> found;
  std::string percent;
  for (const char c : value) {
    const bool kept = std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                      std::string_view("-_.!~*'()").find(c) != std::string_view::npos;
    if (kept)
      percent += c;
    else
      percent += "%" + [](std::string hex) {
        for (char& h : hex) h = static_cast<char>(std::toupper(h));
        return hex;
      }(detect::encode_hex(std::string(1, c)));
  }
  const std::string base64 = detect::encode_base64(value, detect::Base64::Standard, true);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file() || entry.path().filename() == ".env") continue;
    const std::string text = read_text(entry.path().string());
    for (const std::string& form : {value, percent, base64}) {
      if (text.find(form) != std::string::npos) found.insert(entry.path().filename().string());
    }
  }
  return found;
}

// The control: that search misses what is escaped, in every one of the builds.
TEST_F(Builds, SearchForWholeValuesMissesThem) {
  const auto env = fill_env(marks_);
  for (const char* app : {"vite", "webpack", "next"}) {
    const std::string folder = build(app);
    EXPECT_TRUE(found_by_whole_value(folder, env.at("DATABASE_URL")).empty()) << app;
    EXPECT_TRUE(found_by_whole_value(folder, env.at("JWT_SECRET")).empty()) << app;
    EXPECT_FALSE(found_by_whole_value(folder, env.at("STRIPE_SECRET_KEY")).empty()) << app;
  }
}

TEST_F(Builds, WithoutValuesTheFormatsAreFound) {
  const std::string folder = build("vite");
  std::filesystem::remove(folder + "/.env");
  const auto report = check(folder + "/dist");
  EXPECT_EQ(ids(report), (std::multiset<std::string>{"BND-MAP-PUBLISHED source maps", "BND-SECRET stripe-secret-key"}));
  ASSERT_FALSE(report.not_checked.empty());
  EXPECT_NE(report.not_checked[0].find("--env FILE"), std::string::npos);
}

TEST_F(Builds, GivenValuesInsteadOfTheProjects) {
  const std::string folder = build("webpack");
  std::filesystem::remove(folder + "/.env");
  folder_.write("values", "# of the store\nJWT=" + fill_env(marks_).at("JWT_SECRET") + "\nPIN=1234\n");
  const auto report = check(folder + "/dist", {{}, {}, folder_.path() + "/values"});
  EXPECT_NE(find(report, "JWT"), nullptr);
  EXPECT_EQ(find(report, "DATABASE_URL"), nullptr);
  EXPECT_TRUE(std::any_of(report.not_checked.begin(), report.not_checked.end(),
                          [](const std::string& row) { return row.starts_with("PIN: under 8"); }));
}

TEST_F(Builds, NothingHoldsAValue) {
  for (const char* app : {"vite", "webpack", "next"}) {
    const auto report = check(build(app));
    for (const readiness::Problem& problem : report.problems) {
      for (const auto& [name, value] : fill_env(marks_)) {
        for (const std::string* text :
             {&problem.title, &problem.why, &problem.fix, &problem.breaks, &problem.subject}) {
          EXPECT_EQ(text->find(value), std::string::npos) << name;
        }
      }
    }
  }
}

TEST_F(Builds, AnUnbuiltProjectIsAnError) {
  folder_.write("empty/package.json", "{}");
  BundleOptions options;
  options.path = folder_.path() + "/empty";
  const auto report = check_bundle(options);
  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(report.error().kind, ErrorKind::NotFound);
}

TEST_F(Builds, AServersBuildIsNotPublic) {
  folder_.write("nest/package.json", R"({"scripts":{"start":"node dist/main"}})");
  folder_.write("nest/.env", "STRIPE_SECRET_KEY=" + marks_.at("MARKxSTRIPExSECRETxKEYxMARKxMARK") + "\n");
  folder_.write("nest/dist/main.js", "new Stripe('" + marks_.at("MARKxSTRIPExSECRETxKEYxMARKxMARK") + "')");
  EXPECT_TRUE(check(folder_.path() + "/nest").problems.empty());
  // Whoever names the folder says that it is served.
  EXPECT_EQ(check(folder_.path() + "/nest/dist").problems.size(), 1u);
}

TEST_F(Builds, FilesLeftBehind) {
  folder_.write("site/index.html",
                "<html><script src='http://cdn.example.org/x.js'></script><img src=http://i.example.org/a.png></html>");
  folder_.write("site/.env", "A_SETTING=on\n");
  folder_.write("site/.env.example", "A_SETTING=on\n");
  folder_.write("site/.git/HEAD", "ref: refs/heads/main\n");
  folder_.write("site/dump.sql", "INSERT INTO users VALUES (1);\n");
  folder_.write("site/index.html.bak", "<html></html>");
  EXPECT_EQ(ids(check(folder_.path() + "/site")).size(), 6u);
}

TEST(BuildsDamage, CutFilesAreReadToTheirEnd) {
  const Marks marks = make_marks(3);
  TemporaryFolder folder;
  fill_build("webpack", folder.path() + "/w", marks);
  const std::string dist = folder.path() + "/w/dist/";
  for (const char* name : {"inline.js", "main.js.map", "eval.js"}) {
    const std::string whole = read_text(dist + name);
    for (std::size_t size = 0; size < whole.size(); size += 293) {
      folder.write(std::string("w/dist/") + name, std::string_view(whole).substr(0, size));
      BundleOptions options;
      options.path = folder.path() + "/w";
      EXPECT_TRUE(check_bundle(options).has_value());
    }
    folder.write(std::string("w/dist/") + name, whole);
  }
}

// Sources are no build: what stands in them is not served.
TEST(FindBuilds, TellsProjectsFromOutputs) {
  const std::string root =
      (std::filesystem::temp_directory_path() / ("tightship-builds-" + std::to_string(::getpid()))).string();
  const auto write = [&](const std::string& path) {
    std::filesystem::create_directories(std::filesystem::path(root + "/" + path).parent_path());
    std::ofstream(root + "/" + path) << "{}";
  };
  write("vite/package.json"), write("vite/index.html"), write("vite/src/a.js");
  write("built/package.json"), write("built/index.html"), write("built/dist/index.html");
  write("site/index.html");
  write("plain/a.py");
  EXPECT_FALSE(find_builds(root + "/vite"));
  const auto built = find_builds(root + "/built");
  ASSERT_TRUE(built);
  ASSERT_EQ(built->size(), 1u);
  EXPECT_EQ(built->front().path, root + "/built/dist");
  for (const char* folder : {"/site", "/plain"}) {
    EXPECT_TRUE(find_builds(root + folder)) << folder;  // a person named it
    EXPECT_FALSE(find_builds(root + folder, Wanted::Outputs)) << folder;
  }
  EXPECT_TRUE(find_builds(root + "/built/dist", Wanted::Outputs));
  std::filesystem::remove_all(root);
}

}  // namespace
}  // namespace tightship::bundle
