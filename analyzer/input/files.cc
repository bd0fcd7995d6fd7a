#include "analyzer/input/files.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <zlib.h>

#include "absl/status/status.h"
#include "fmt/format.h"

namespace guardrails {
namespace {

constexpr std::size_t kRead = 1 << 16;         // bytes for the first read of what has no size
constexpr std::size_t kRoom = 64;              // what a parser wants behind the text, so that it need not be copied
constexpr int kGzip = MAX_WBITS + 16;          // zlib: gzip only

std::string ErrnoText() { return std::generic_category().message(errno); }

absl::Status TooLarge(std::size_t limit) {
  return absl::InvalidArgumentError(
      fmt::format("the input is larger than {} MiB, unpacked; check one stack at a time", limit >> 20));
}

// Closes what it opened; standard input stays open.
class Descriptor {
 public:
  explicit Descriptor(const std::string& path)
      : fd_(path == "-" ? STDIN_FILENO : open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~Descriptor() {
    if (fd_ > STDIN_FILENO) close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  const int fd_;
};

absl::StatusOr<std::size_t> SizeOf(int fd) {
  struct stat info {};
  if (fstat(fd, &info) != 0) return absl::InvalidArgumentError(ErrnoText());
  if (S_ISDIR(info.st_mode)) return absl::InvalidArgumentError("this is a directory; name a file in it");
  return S_ISREG(info.st_mode) ? static_cast<std::size_t>(info.st_size) : 0;
}

absl::StatusOr<std::string> ReadAll(int fd, std::size_t limit) {
  const auto size = SizeOf(fd);
  if (!size.ok()) return size.status();
  if (*size > limit) return TooLarge(limit);
  std::string out;
  out.reserve(*size + kRoom);
  std::size_t filled = 0;
  while (true) {
    if (filled == out.size()) out.resize(std::max(out.size() + kRead, filled == 0 ? *size + 1 : filled * 2));
    const ssize_t got = read(fd, out.data() + filled, out.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return absl::InvalidArgumentError(ErrnoText());
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
    if (filled > limit) return TooLarge(limit);
  }
  out.resize(filled);
  return out;
}

// What the end of the file says of the size of the unpacked text, as far as deflate can reach it at all.
std::size_t SizeHint(const std::string& packed, std::size_t limit) {
  constexpr std::size_t kBestRatio = 1032, kTrailer = 4;
  if (packed.size() < kTrailer) return kRead;
  std::size_t hint = 0;
  for (std::size_t i = 0; i < kTrailer; ++i)
    hint |= static_cast<std::size_t>(static_cast<unsigned char>(packed[packed.size() - kTrailer + i])) << (8 * i);
  return std::clamp(std::min(hint, packed.size() * kBestRatio), kRead, limit) + kRoom;
}

// Unpacks until the input or the room ends.
int InflateSome(z_stream& stream, const std::string& packed, std::size_t& consumed, std::string& out, std::size_t& filled) {
  const std::size_t in = std::min(packed.size() - consumed, kMaxInputBytes);
  const std::size_t room = std::min(out.size() - filled, kMaxInputBytes);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data() + consumed));
  stream.avail_in = static_cast<uInt>(in);
  stream.next_out = reinterpret_cast<Bytef*>(out.data() + filled);
  stream.avail_out = static_cast<uInt>(room);
  const int result = inflate(&stream, Z_NO_FLUSH);
  consumed += in - stream.avail_in;
  filled += room - stream.avail_out;
  return result;
}

absl::StatusOr<std::string> Inflate(z_stream& stream, const std::string& packed, std::size_t limit) {
  std::string out(SizeHint(packed, limit), '\0');
  std::size_t filled = 0, consumed = 0;
  while (true) {
    if (filled == out.size()) out.resize(filled * 2);
    const int result = InflateSome(stream, packed, consumed, out, filled);
    if (filled > limit) return TooLarge(limit);
    if (result == Z_STREAM_END && consumed == packed.size()) break;
    // gzip files may be strung together.
    const bool more = result == Z_STREAM_END ? inflateReset(&stream) == Z_OK : result == Z_OK;
    if (result == Z_BUF_ERROR && consumed == packed.size() && filled < out.size())
      return absl::InvalidArgumentError("the gzip data end too early: the file is truncated; pack it again");
    if (!more && result != Z_BUF_ERROR) return absl::InvalidArgumentError("this is damaged gzip; pack the file again");
  }
  out.resize(filled);
  return out;
}

}  // namespace

absl::StatusOr<std::string> Unpack(std::string content, std::size_t limit) {
  if (!content.starts_with("\x1f\x8b")) return content;
  z_stream stream{};
  if (inflateInit2(&stream, kGzip) != Z_OK) return absl::InvalidArgumentError("gzip cannot be unpacked: no memory");
  const std::unique_ptr<z_stream, int (*)(z_stream*)> end(&stream, inflateEnd);
  return Inflate(stream, content, limit);
}

absl::StatusOr<std::string> ReadFile(const std::string& path, std::size_t limit) {
  const auto named = [&](const absl::Status& status) {
    const std::string message = fmt::format("{}: {}", path == "-" ? "standard input" : path, std::string(status.message()));
    return absl::InvalidArgumentError(message);
  };
  const Descriptor file(path);
  if (file.get() < 0) return named(absl::InvalidArgumentError(ErrnoText()));
  auto content = ReadAll(file.get(), limit);
  if (!content.ok()) return named(content.status());
  auto text = Unpack(*std::move(content), limit);
  return text.ok() ? std::move(text) : named(text.status());
}

}  // namespace guardrails
