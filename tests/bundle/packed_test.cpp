// Files that are compressed for the web server: beside the plain one, alone, of another build, damaged.

#include "bundle/packed.h"

#include <gtest/gtest.h>

#include "bundle/build_fixture.h"
#include "bundle/check.h"
#include "detect/codec.h"
#include "detect/token_template.h"

namespace tightship::bundle {
namespace {

// printf 'fetch("http://localhost:3000/api")\n' | gzip -n9, and | brotli -q 11.
std::string from_base64(std::string_view text) { return *detect::decode_base64(text, detect::Base64::Standard); }
const std::string kPlain = "fetch(\"http://localhost:3000/api\")\n";
const std::string kGzip = from_base64("H4sIAAAAAAACA0tLLUnO0FDKKCkpsNLXz8lPTszJyC8usTI2MDDQTyzIVNLkAgAS5xLcIwAAAA==");
const std::string kBrotli = from_base64("CxGAZmV0Y2goImh0dHA6Ly9sb2NhbGhvc3Q6MzAwMC9hcGkiKQoD");

TEST(Packed, Unpacks) {
  EXPECT_EQ(packing_of("a/b.js.gz"), Packing::Gzip);
  EXPECT_EQ(packing_of("a/b.js"), Packing::None);
  EXPECT_EQ(packing_of("a/b.tar.gz"), Packing::None);
  EXPECT_EQ(unpacked_name("a/b.js.br"), "a/b.js");
  EXPECT_EQ(*unpack_file(Packing::Gzip, kGzip), kPlain);
  EXPECT_EQ(*unpack_file(Packing::Gzip, kGzip + kGzip), kPlain + kPlain);
  EXPECT_EQ(*unpack_file(Packing::Brotli, kBrotli), kPlain);
}

TEST(Packed, KnowsItsTwin) {
  for (const auto& [packing, bytes] : {std::pair(Packing::Gzip, kGzip), std::pair(Packing::Brotli, kBrotli)}) {
    EXPECT_TRUE(is_packed_form_of(packing, bytes, kPlain));
    std::string other = kPlain;
    other[7] = 'H';
    EXPECT_FALSE(is_packed_form_of(packing, bytes, other));
    EXPECT_FALSE(is_packed_form_of(packing, bytes, kPlain + " "));
    EXPECT_FALSE(is_packed_form_of(packing, "", kPlain));
  }
}

TEST(Packed, IsBounded) {
  for (const auto& [packing, bytes] : {std::pair(Packing::Gzip, kGzip), std::pair(Packing::Brotli, kBrotli)}) {
    const auto cut = unpack_file(packing, bytes, kPlain.size() - 1);
    ASSERT_FALSE(cut);
    EXPECT_EQ(cut.error().kind, ErrorKind::Limit);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      const auto said = unpack_file(packing, std::string_view(bytes).substr(0, size));
      ASSERT_FALSE(said) << size;
      EXPECT_EQ(said.error().kind, ErrorKind::Corrupt);
    }
    EXPECT_FALSE(unpack_file(packing, bytes + "x"));
  }
}

readiness::Report checked(const TemporaryFolder& folder) {
  BundleOptions options;
  options.path = folder.path() + "/dist";
  auto report = check_bundle(options);
  return report ? std::move(*report) : readiness::Report{};
}

std::string paths(const readiness::Report& report) {
  std::string out;
  for (const readiness::Problem& problem : report.problems) {
    for (const readiness::Spot& spot : problem.spots)
      out += problem.id + " " + spot.path.substr(spot.path.rfind('/')) + "\n";
  }
  return out;
}

TEST(Packed, FilesOfABuild) {
  const TemporaryFolder folder;
  folder.write("dist/index.html", "<html></html>");
  folder.write("dist/alone.js.gz", kGzip);
  folder.write("dist/other.js", "f()\n");
  folder.write("dist/other.js.br", kBrotli);
  EXPECT_EQ(paths(checked(folder)), "BND-LOCALHOST /alone.js.gz\nBND-LOCALHOST /other.js.br\n");
  folder.write("dist/other.js", kPlain);
  folder.write("dist/alone.js.gz", kGzip.substr(0, 30));
  const auto report = checked(folder);
  EXPECT_EQ(paths(report), "BND-LOCALHOST /other.js\n") << "a twin is told once";
  ASSERT_EQ(report.losses.size(), 1u);
  EXPECT_TRUE(report.losses[0].where.ends_with("alone.js.gz"));
}

// Fonts as data are long runs of base64 digits, in which the short prefix of a token stands by chance.
TEST(Sweep, AFontIsNoToken) {
  const std::string token = *detect::expand_template("AIza{base62:35}", 3);
  const std::string font = *detect::expand_template("d09GMgABAAAAA{base62:400}", 4) + "/" + token + "/" +
                           *detect::expand_template("{base62:400}", 5) + "==";
  const TemporaryFolder folder;
  folder.write("dist/index.html", "<html></html>");
  folder.write("dist/a.css", "@font-face{src:url(data:font/woff2;charset=utf-8;base64," + font + ") format('woff2')}");
  EXPECT_TRUE(checked(folder).problems.empty()) << paths(checked(folder));
  folder.write("dist/a.css", "@font-face{src:url(/" + token + "/a.woff2)}");
  EXPECT_EQ(checked(folder).problems.size(), 1u) << "the same token elsewhere is told";
}

}  // namespace
}  // namespace tightship::bundle
