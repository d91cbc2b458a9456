#include "base/file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "support/git_fixture.h"

namespace tightship {
namespace {

namespace fs = std::filesystem;

class File : public testing::Test {
 protected:
  std::string at(const std::string& name) const { return dir_.path + "/" + name; }
  test::TempDir dir_;
};

TEST_F(File, ReadsWhatWasWritten) {
  const std::string content("a\0b\n", 4);
  test::write_file(at("x"), content);
  EXPECT_EQ(read_file(at("x")).value(), content);
  const auto mapped = MappedFile::open(at("x"));
  ASSERT_TRUE(mapped);
  EXPECT_EQ(as_text(mapped->bytes()), content);
}

TEST_F(File, ReadsAnEmptyFile) {
  test::write_file(at("x"), "");
  EXPECT_EQ(read_file(at("x")).value(), "");
  EXPECT_TRUE(MappedFile::open(at("x"))->bytes().empty());
}

// Files of /proc say that their size is zero.
TEST_F(File, ReadsAFileThatIsLargerThanItSays) { EXPECT_FALSE(read_file("/proc/self/status")->empty()); }

TEST_F(File, KeepsTheLimit) {
  test::write_file(at("x"), "12345");
  EXPECT_EQ(read_file(at("x"), 5).value(), "12345");
  EXPECT_EQ(read_file(at("x"), 4).error().kind, ErrorKind::Limit);
}

TEST_F(File, TellsAbsentFromUnreadable) {
  EXPECT_EQ(read_file(at("none")).error().kind, ErrorKind::NotFound);
  EXPECT_EQ(MappedFile::open(at("none/deeper")).error().kind, ErrorKind::NotFound);
  EXPECT_EQ(read_file(at("none")).error().where, at("none"));
}

TEST_F(File, RefusesWhatIsNoFileWithoutHanging) {
  ASSERT_EQ(::mkfifo(at("fifo").c_str(), 0600), 0);
  ASSERT_EQ(::mkdir(at("folder").c_str(), 0700), 0);
  for (const std::string& path : {at("fifo"), at("folder"), std::string("/dev/zero")}) {
    EXPECT_EQ(read_file(path).error().kind, ErrorKind::Io) << path;
    EXPECT_EQ(MappedFile::open(path).error().kind, ErrorKind::Io) << path;
  }
}

TEST_F(File, WritesWithPrivateMode) {
  const mode_t before = ::umask(0);
  EXPECT_TRUE(write_private_file(at("x"), "secret"));
  ::umask(before);
  struct stat status {};
  ASSERT_EQ(::stat(at("x").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600U);
  EXPECT_EQ(test::slurp(at("x")), "secret");
}

TEST_F(File, ReplacesAnOpenFileByItsMode) {
  test::write_file(at("x"), "old and longer");
  ASSERT_EQ(::chmod(at("x").c_str(), 0644), 0);
  EXPECT_TRUE(write_private_file(at("x"), "new"));
  struct stat status {};
  ASSERT_EQ(::stat(at("x").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600U);
  EXPECT_EQ(test::slurp(at("x")), "new");
}

TEST_F(File, DoesNotWriteThroughASymlink) {
  test::write_file(at("target"), "kept");
  fs::create_symlink(at("target"), at("link"));
  EXPECT_TRUE(write_private_file(at("link"), "new"));
  EXPECT_EQ(test::slurp(at("target")), "kept");
  EXPECT_FALSE(fs::is_symlink(at("link")));
}

TEST_F(File, LeavesNoTemporaryFileBehind) {
  ASSERT_EQ(::mkdir(at("x").c_str(), 0700), 0);  // cannot be replaced by a file
  EXPECT_FALSE(write_private_file(at("x"), "new"));
  EXPECT_FALSE(write_private_file(at("none/x"), "new"));
  EXPECT_EQ(std::distance(fs::directory_iterator(dir_.path), fs::directory_iterator()), 1);
}

TEST_F(File, DescriptorIsClosedOnce) {
  int number = -1;
  {
    FileDescriptor first(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    number = first.get();
    FileDescriptor second(std::move(first));
    EXPECT_EQ(second.get(), number);
    FileDescriptor third;
    third = std::move(second);
    EXPECT_EQ(third.get(), number);
    EXPECT_NE(::fcntl(number, F_GETFD), -1);
  }
  EXPECT_EQ(::fcntl(number, F_GETFD), -1);
}

}  // namespace
}  // namespace tightship
