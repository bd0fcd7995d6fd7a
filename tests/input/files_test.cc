// Files as they lie on disks: packed, damaged, too large, not there.
#include "analyzer/input/files.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

namespace guardrails {
namespace {

std::string Pack(const std::string& text) {
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

class FilesTest : public ::testing::Test {
 protected:
  FilesTest() : path_(::testing::TempDir() + "input_files_" + std::to_string(getpid())) {}
  ~FilesTest() override { std::filesystem::remove(path_); }

  // The content as it is read back, or the message behind the path.
  std::string Read(const std::string& content, std::size_t limit = kMaxInputBytes) {
    std::ofstream(path_, std::ios::binary) << content;
    const auto read = ReadFile(path_, limit);
    if (read.ok()) return *read;
    const std::string message(read.status().message());
    EXPECT_EQ(message.substr(0, path_.size() + 2), path_ + ": ");
    return "error: " + message.substr(path_.size() + 2);
  }

  const std::string path_;
};

const std::string kTruncated = "error: the gzip data end too early: the file is truncated; pack it again";
const std::string kDamaged = "error: this is damaged gzip; pack the file again";
const std::string kTooLarge = "error: the input is larger than 1 MiB, unpacked; check one stack at a time";
constexpr std::size_t kMiB = 1 << 20;

TEST_F(FilesTest, PlainTextIsReadAsItIs) {
  EXPECT_EQ(Read("{}"), "{}");
  EXPECT_EQ(Read(""), "");
  const std::string large(300'000, 'x');
  EXPECT_EQ(Read(large), large);
}

TEST_F(FilesTest, GzipIsUnpacked) {
  EXPECT_EQ(Read(Pack("{}")), "{}");
  EXPECT_EQ(Read(Pack("")), "");
  const std::string large(3'000'000, 'x');
  EXPECT_EQ(Read(Pack(large)), large);
}

TEST_F(FilesTest, GzipFilesStrungTogetherAreOneText) {
  const std::string large(200'000, 'x');
  EXPECT_EQ(Read(Pack(large) + Pack("b")), large + "b");
}

TEST_F(FilesTest, GzipCutAnywhereIsAnError) {
  const std::string packed = Pack(std::string(1000, 'x') + "yz");
  for (std::size_t size = 2; size < packed.size(); ++size) EXPECT_EQ(Read(packed.substr(0, size)), kTruncated) << size;
}

TEST_F(FilesTest, DamagedGzipIsAnError) {
  const std::string packed = Pack(std::string(1000, 'x') + "yz");
  for (std::size_t at = 10; at < packed.size(); ++at) {
    std::string damaged = packed;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
    const std::string read = Read(damaged);
    EXPECT_TRUE(read == kDamaged || read == kTruncated) << at;
  }
  EXPECT_EQ(Read(packed + "garbage"), kDamaged);
}

TEST_F(FilesTest, TheLimitHoldsUnpackedToo) {
  EXPECT_EQ(Read(std::string(kMiB, 'x'), kMiB).size(), kMiB);
  EXPECT_EQ(Read(std::string(kMiB + 1, 'x'), kMiB), kTooLarge);
  EXPECT_EQ(Read(Pack(std::string(kMiB, 'x')), kMiB).size(), kMiB);
  EXPECT_EQ(Read(Pack(std::string(kMiB + 1, 'x')), kMiB), kTooLarge);
  EXPECT_EQ(Read(Pack(std::string(200 * kMiB, 'x')), kMiB), kTooLarge);
}

TEST_F(FilesTest, AFalseSizeAtTheEndOfGzipDoesNotMatter) {
  std::string packed = Pack(std::string(3 * kMiB, 'x'));
  packed.replace(packed.size() - 4, 4, "\xff\xff\xff\xff");
  EXPECT_EQ(Read(packed), kDamaged);
}

TEST_F(FilesTest, WhatCannotBeReadSaysWhy) {
  EXPECT_EQ(ReadFile("/no/such/file").status().message(), "/no/such/file: No such file or directory");
  EXPECT_EQ(ReadFile("/").status().message(), "/: this is a directory; name a file in it");
  EXPECT_EQ(Read("x").size(), 1U);
}

TEST_F(FilesTest, EndlessInputStopsAtTheLimit) {
  EXPECT_EQ(ReadFile("/dev/zero", kMiB).status().message(),
            "/dev/zero: the input is larger than 1 MiB, unpacked; check one stack at a time");
}

TEST_F(FilesTest, StandardInputIsReadToItsEnd) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const std::string text(500'000, 'x');
  const pid_t writer = fork();
  if (writer == 0) {
    const ssize_t done = write(ends[1], text.data(), text.size());
    _exit(done == static_cast<ssize_t>(text.size()) ? 0 : 1);
  }
  close(ends[1]);
  const int kept = dup(STDIN_FILENO);
  dup2(ends[0], STDIN_FILENO);
  const auto read = ReadFile("-");
  dup2(kept, STDIN_FILENO);
  waitpid(writer, nullptr, 0);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(*read, text);
}

}  // namespace
}  // namespace guardrails
