// Every kind of container, containers in containers, and what a hostile one must not do.

#include "unpack/unpack.h"

#include <gtest/gtest.h>

#include <map>

#include "support/archive_fixture.h"
#include "support/git_fixture.h"

namespace tightship::unpack {
namespace {

using namespace std::string_literals;
using test::ArchiveMember;
using test::make_archive;

struct Collector : Visitor {
  void name(std::string_view member, std::size_t) override { names.emplace_back(member); }
  bool wants(std::string_view, Bytes head) override { return !as_text(head).starts_with("PICTURE"); }
  void visit(std::string_view member, Bytes content) override { files[std::string(member)] = as_text(content); }
  void problem(Problem problem) override { problems.push_back(std::move(problem)); }

  bool has(Problem::Kind kind, std::string_view member = {}) const {
    for (const Problem& problem : problems) {
      if (problem.kind == kind && (member.empty() || problem.member == member)) return true;
    }
    return false;
  }

  std::vector<std::string> names;
  std::map<std::string, std::string> files;
  std::vector<Problem> problems;
};

struct Answer {
  Collector collected;
  Opened opened;
};

Answer open(const std::string& content, const Limits& limits = {}) {
  Answer answer;
  answer.opened = open_container(as_bytes(content), limits, answer.collected);
  return answer;
}

const std::vector<ArchiveMember> kMembers = {{"inner/dir/.env", "KEY=1\n"}, {"b.txt", "two\n"}};

struct KindRow {
  std::string name, format, filter, options;
  Format want;
};
class Kinds : public testing::TestWithParam<KindRow> {};

TEST_P(Kinds, GivesEveryMember) {
  const KindRow& row = GetParam();
  const std::string content = make_archive(row.format, row.filter, kMembers, row.options);
  EXPECT_EQ(format_of(as_bytes(content)), row.want);
  const Answer answer = open(content);
  const std::map<std::string, std::string> want = {{"inner/dir/.env", "KEY=1\n"}, {"b.txt", "two\n"}};
  EXPECT_EQ(answer.collected.files, want);
  EXPECT_TRUE(answer.opened.whole);
  EXPECT_EQ(answer.opened.members, 2u);
}

INSTANTIATE_TEST_SUITE_P(Rows, Kinds,
                         testing::Values(KindRow{"Zip", "zip", "none", "", Format::Zip},
                                         KindRow{"ZipStored", "zip", "none", "zip:compression=store", Format::Zip},
                                         KindRow{"SevenZip", "7zip", "none", "", Format::SevenZip},
                                         KindRow{"Ustar", "ustar", "none", "", Format::Tar},
                                         KindRow{"Pax", "pax", "none", "", Format::Tar},
                                         KindRow{"Cpio", "newc", "none", "", Format::Cpio},
                                         KindRow{"TarGzip", "ustar", "gzip", "", Format::Gzip},
                                         KindRow{"TarBzip2", "ustar", "bzip2", "", Format::Bzip2},
                                         KindRow{"TarXz", "ustar", "xz", "", Format::Xz},
                                         KindRow{"TarZstd", "ustar", "zstd", "", Format::Zstd},
                                         KindRow{"TarLz4", "ustar", "lz4", "", Format::Lz4},
                                         KindRow{"TarLzip", "ustar", "lzip", "", Format::Lzip}),
                         [](const auto& row) { return row.param.name; });

class Streams : public testing::TestWithParam<std::string> {};

TEST_P(Streams, HaveOneMemberWithoutAName) {
  const std::string zeros(2000, '\0');  // an empty tar begins so, and this is none
  for (const std::string& text : {"key = 1\n"s, zeros + "key = 1\n"}) {
    const Answer answer = open(make_archive("raw", GetParam(), {{"x", text}}));
    EXPECT_EQ(answer.collected.files, (std::map<std::string, std::string>{{"", text}}));
    EXPECT_TRUE(answer.opened.whole);
  }
}

INSTANTIATE_TEST_SUITE_P(Rows, Streams, testing::Values("gzip", "bzip2", "xz", "zstd", "lz4", "lzip"),
                         [](const auto& row) { return row.param; });

TEST(Format, NoTextIsAContainer) {
  for (const std::string& text : {""s, "PK"s, "PK\x03\x04"s, "BZh9 is how it begins"s, "LZIP is a format"s,
                                  "070701 and further on"s, "!<arch>\nlibrary.o/ "s, std::string(600, 'u')}) {
    EXPECT_EQ(format_of(as_bytes(text)), Format::None) << text;
  }
  std::string ustar(512, 'x');
  ustar.replace(257, 5, "ustar");
  EXPECT_EQ(format_of(as_bytes(ustar)), Format::None) << "the sum of the header is wrong";
}

TEST(Unpack, AZipBehindAProgramIsOpenedAndGivenAsItIs) {
  const std::string zip = make_archive("zip", "none", kMembers);
  const std::string outer = make_archive("ustar", "none", {{"app.pyz", "#!/usr/bin/env python3\n" + zip}});
  const Answer answer = open(outer);
  EXPECT_EQ(answer.collected.files.at("app.pyz!inner/dir/.env"), "KEY=1\n");
  EXPECT_TRUE(answer.collected.files.at("app.pyz").starts_with("#!/usr"));
}

// Each level of a name is one archive; a compressed stream adds none.
std::string nest(unsigned depth) {
  std::string content = make_archive("zip", "none", {{"deepest", "found\n"}});
  for (unsigned i = 1; i < depth; ++i)
    content = make_archive(i % 2 == 0 ? "zip" : "ustar", i % 2 == 0 ? "none" : "gzip", {{"in", content}});
  return content;
}

TEST(Unpack, OpensAsDeepAsItIsTold) {
  EXPECT_EQ(open(nest(4)).collected.files.at("in!in!in!deepest"), "found\n");
  const Answer deeper = open(nest(5));
  EXPECT_FALSE(deeper.opened.whole);
  EXPECT_TRUE(deeper.collected.has(Problem::Kind::Limit, "in!in!in!in"));
  EXPECT_EQ(open(nest(5), {.depth = 5}).collected.files.count("in!in!in!in!deepest"), 1u);
  EXPECT_TRUE(open(nest(2), {.depth = 1}).collected.has(Problem::Kind::Limit, "in"));
}

TEST(Unpack, LayersOfAnImageAreOpened) {
  const std::string layer = make_archive("ustar", "none", {{"app/.npmrc", "token\n"}});
  const std::string image = make_archive(
      "ustar", "none",
      {{"manifest.json", "[]"}, {"blobs/sha256/ab", make_archive("ustar", "gzip", kMembers)}, {"0f/layer.tar", layer}});
  const Answer answer = open(image);
  EXPECT_EQ(answer.collected.files.at("0f/layer.tar!app/.npmrc"), "token\n");
  EXPECT_EQ(answer.collected.files.at("blobs/sha256/ab!inner/dir/.env"), "KEY=1\n");
}

TEST(Unpack, WhatIsNotWantedIsNotRead) {
  const Answer answer =
      open(make_archive("zip", "none", {{"a.png", "PICTURE" + std::string(5000, 'p')}, {"b", "text"}}));
  EXPECT_EQ(answer.collected.files, (std::map<std::string, std::string>{{"b", "text"}}));
  EXPECT_EQ(answer.collected.names.size(), 2u);
  EXPECT_LT(answer.opened.bytes, 1000u);
}

// A bound on what is expanded holds for members that nobody reads as well.
TEST(Unpack, BombsEnd) {
  const std::string zeros(std::size_t{36} << 20, '\0');
  for (const std::string& content : {zeros, "PICTURE" + zeros}) {
    for (const std::string& packed :
         {make_archive("ustar", "gzip", {{"big", content}}), make_archive("raw", "zstd", {{"", content}}),
          make_archive("7zip", "none", {{"big", content}}, "7zip:compression=deflate")}) {
      const Answer answer = open(packed);
      EXPECT_TRUE(answer.collected.has(Problem::Kind::Limit)) << format_name(format_of(as_bytes(packed)));
      EXPECT_LE(answer.opened.bytes, kRatioFloor + (2u << 20)) << format_name(format_of(as_bytes(packed)));
    }
  }
  const Answer zip = open(make_archive("zip", "none", {{"big", zeros}, {"after", "x"}}));
  EXPECT_TRUE(zip.collected.has(Problem::Kind::Limit, "big"));
}

TEST(Unpack, EachBoundIsTold) {
  const std::string zip = make_archive("zip", "none", {{"a", std::string(3 << 20, 'a')}, {"b", "b"}, {"c", "c"}});
  const Answer member = open(zip, {.member = 1 << 20});
  EXPECT_TRUE(member.collected.has(Problem::Kind::Limit, "a"));
  EXPECT_EQ(member.collected.files.at("a").size(), std::size_t{1} << 20) << "what fits is looked at";
  EXPECT_EQ(member.collected.files.at("c"), "c");
  const Answer total = open(zip, {.total = 1 << 20});
  EXPECT_TRUE(total.collected.has(Problem::Kind::Limit, "a"));
  EXPECT_EQ(total.collected.files.count("b"), 0u);
  EXPECT_TRUE(open(zip, {.members = 2}).collected.has(Problem::Kind::Limit));
  const Answer packed = open(zip, {.packed = 100});
  EXPECT_TRUE(packed.collected.has(Problem::Kind::Limit));
  EXPECT_TRUE(packed.collected.files.empty());
}

TEST(Unpack, EncryptedMembersAreToldAndTheOthersRead) {
  const std::string zip = make_archive("zip", "none", kMembers, "zip:encryption=traditional", "pw");
  const Answer answer = open(zip);
  EXPECT_TRUE(answer.collected.has(Problem::Kind::Encrypted, "inner/dir/.env"));
  EXPECT_TRUE(answer.collected.has(Problem::Kind::Encrypted, "b.txt"));
  EXPECT_TRUE(answer.collected.files.empty());
  EXPECT_TRUE(answer.opened.whole) << "no password is no damage";
}

TEST(Unpack, NamesAreOnlyLabels) {
  const std::vector<ArchiveMember> hostile = {
      {"../../etc/passwd", "a"}, {"/etc/shadow", "b"}, {"x\n\x1b[31m", "c"}, {"caf\xC3\xA9", "d"}};
  for (const char* format : {"pax", "zip", "newc"}) {
    const Answer answer = open(make_archive(format, "none", hostile));
    EXPECT_EQ(answer.collected.files.at("../../etc/passwd"), "a") << format;
    EXPECT_EQ(answer.collected.files.at("/etc/shadow"), "b") << format;
    EXPECT_EQ(answer.collected.files.at("x\n\x1b[31m"), "c") << format;
    EXPECT_EQ(answer.collected.files.at("caf\xC3\xA9"), "d") << format;
  }
}

TEST(Unpack, ADamagedDirectoryLeavesTheMembers) {
  std::string zip = make_archive("zip", "none", kMembers);
  zip.resize(zip.size() - 10);
  const Answer answer = open(zip);
  EXPECT_EQ(answer.collected.files.at("inner/dir/.env"), "KEY=1\n");
  EXPECT_EQ(answer.collected.files.at("b.txt"), "two\n");
}

// A cut or turned byte never crashes or hangs, and what is not given is told.
class Damage : public testing::TestWithParam<KindRow> {};

TEST_P(Damage, IsToldAndEnds) {
  const KindRow& row = GetParam();
  const std::string whole = make_archive(row.format, row.filter, kMembers, row.options);
  const Answer sound = open(whole);
  test::for_each_damage(whole, [&](const std::string& damaged, const std::string& name) {
    if (format_of(as_bytes(damaged)) == Format::None) return;
    const Answer answer = open(damaged);
    ASSERT_LE(answer.opened.members, 8u) << name;
    for (const auto& [member, content] : answer.collected.files) ASSERT_LE(content.size(), 32u << 20) << name;
    for (const Problem& problem : answer.collected.problems) ASSERT_FALSE(problem.what.empty()) << name;
    const bool cut = name.starts_with("cut");
    // The marks at the end of a tar or cpio are padding: what is before them is all there is.
    if (cut && answer.opened.whole) ASSERT_LE(answer.collected.files.size(), sound.collected.files.size()) << name;
  });
}

INSTANTIATE_TEST_SUITE_P(Rows, Damage,
                         testing::Values(KindRow{"Zip", "zip", "none", "", Format::Zip},
                                         KindRow{"SevenZip", "7zip", "none", "", Format::SevenZip},
                                         KindRow{"Cpio", "newc", "none", "", Format::Cpio},
                                         KindRow{"TarGzip", "ustar", "gzip", "", Format::Gzip},
                                         KindRow{"TarXz", "ustar", "xz", "", Format::Xz},
                                         KindRow{"TarZstd", "ustar", "zstd", "", Format::Zstd},
                                         KindRow{"TarBzip2", "ustar", "bzip2", "", Format::Bzip2}),
                         [](const auto& row) { return row.param.name; });

TEST(Unpack, ACutStreamGivesWhatItHasAndSaysSo) {
  std::string text;
  for (int i = 0; i < 60000; ++i) text += "line " + std::to_string(i * 7919LL % 1000003) + "\n";
  const std::string gz = make_archive("raw", "gzip", {{"x", text}});
  const Answer answer = open(gz.substr(0, gz.size() / 2));
  EXPECT_TRUE(answer.collected.has(Problem::Kind::Damaged));
  ASSERT_EQ(answer.collected.files.count(""), 1u);
  EXPECT_TRUE(text.starts_with(answer.collected.files.at("")));
  EXPECT_FALSE(answer.collected.files.at("").empty());
}

TEST(Unpack, ADamagedTarIsGivenAsItIs) {
  const std::string tar = make_archive("ustar", "none", kMembers);
  const Answer answer = open(make_archive("zip", "none", {{"a.tar", tar.substr(0, 520)}}));
  EXPECT_TRUE(answer.collected.has(Problem::Kind::Plain));
  EXPECT_EQ(answer.collected.files.count("a.tar"), 1u);
}

}  // namespace
}  // namespace tightship::unpack
