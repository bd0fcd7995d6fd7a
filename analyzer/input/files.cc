#include "analyzer/input/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <new>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "fmt/format.h"

namespace guardrails {
namespace {

constexpr std::size_t kFirstRead = 1 << 16;  // bytes, where the size is not known beforehand
constexpr int kGzip = MAX_WBITS + 16;        // zlib: gzip only

// Only standard input can be closed: the other descriptors are our own.
std::string ErrnoText() {
  return errno == EBADF ? "this is closed for reading; name a file, or pipe one to it"
                        : std::generic_category().message(errno);
}

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

// Room for more; never much beyond the limit.
void Grow(FileText& out, std::size_t limit) { out.Reserve(std::min(out.capacity() * 2, limit + 1)); }

absl::StatusOr<FileText> ReadAll(int fd, std::size_t limit) {
  const auto size = SizeOf(fd);
  if (!size.ok()) return size.status();
  if (*size > limit) return TooLarge(limit);
  FileText out;
  out.Reserve(std::max(*size + 1, kFirstRead));
  std::size_t filled = 0;
  while (true) {
    if (filled == out.capacity()) Grow(out, limit);
    const ssize_t got = read(fd, out.data() + filled, out.capacity() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return absl::InvalidArgumentError(ErrnoText());
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
    if (filled > limit) return TooLarge(limit);
  }
  out.SetSize(filled);
  return out;
}

// What the end of the file says of the size of the unpacked text, as far as deflate can reach it at all.
std::size_t SizeHint(std::string_view packed, std::size_t limit) {
  constexpr std::size_t kBestRatio = 1032, kTrailer = 4;
  if (packed.size() < kTrailer) return kFirstRead;
  std::size_t hint = 0;
  for (std::size_t i = 0; i < kTrailer; ++i)
    hint |= static_cast<std::size_t>(static_cast<unsigned char>(packed[packed.size() - kTrailer + i])) << (8 * i);
  return std::clamp(std::min(hint, packed.size() * kBestRatio), kFirstRead, std::max(limit, kFirstRead));
}

// Unpacks until the input or the room ends.
int InflateSome(z_stream& stream, std::string_view packed, std::size_t& consumed, FileText& out, std::size_t& filled) {
  const std::size_t in = std::min(packed.size() - consumed, kMaxInputBytes);
  const std::size_t room = std::min(out.capacity() - filled, kMaxInputBytes);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data() + consumed));
  stream.avail_in = static_cast<uInt>(in);
  stream.next_out = reinterpret_cast<Bytef*>(out.data() + filled);
  stream.avail_out = static_cast<uInt>(room);
  const int result = inflate(&stream, Z_NO_FLUSH);
  consumed += in - stream.avail_in;
  filled += room - stream.avail_out;
  return result;
}

absl::StatusOr<FileText> Inflate(z_stream& stream, std::string_view packed, std::size_t limit) {
  FileText out;
  out.Reserve(SizeHint(packed, limit));
  std::size_t filled = 0, consumed = 0;
  while (true) {
    if (filled == out.capacity()) Grow(out, limit);
    const int result = InflateSome(stream, packed, consumed, out, filled);
    if (filled > limit) return TooLarge(limit);
    if (result == Z_STREAM_END && consumed == packed.size()) break;
    // gzip files may be strung together.
    const bool more = result == Z_STREAM_END ? inflateReset(&stream) == Z_OK : result == Z_OK;
    if (result == Z_BUF_ERROR && consumed == packed.size() && filled < out.capacity())
      return absl::InvalidArgumentError("the gzip data end too early: the file is truncated; pack it again");
    if (!more && result != Z_BUF_ERROR) return absl::InvalidArgumentError("this is damaged gzip; pack the file again");
  }
  out.SetSize(filled);
  return out;
}

absl::StatusOr<FileText> Read(const std::string& path, std::size_t limit) {
  const Descriptor file(path);
  if (file.get() < 0) return absl::InvalidArgumentError(ErrnoText());
  auto content = ReadAll(file.get(), limit);
  return content.ok() ? Unpack(*std::move(content), limit) : content.status();
}

}  // namespace

absl::StatusOr<FileText> Unpack(FileText content, std::size_t limit) {
  if (!content.text().starts_with("\x1f\x8b")) return content;
  z_stream stream{};
  if (inflateInit2(&stream, kGzip) != Z_OK) return absl::InvalidArgumentError("gzip cannot be unpacked: no memory");
  const std::unique_ptr<z_stream, int (*)(z_stream*)> end(&stream, inflateEnd);
  return Inflate(stream, content.text(), limit);
}

absl::StatusOr<FileText> ReadFileText(const std::string& path, std::size_t limit) {
  const auto named = [&](std::string_view what) {
    return absl::InvalidArgumentError(fmt::format("{}: {}", path == "-" ? "standard input" : path, what));
  };
  try {
    auto text = Read(path, limit);
    return text.ok() ? std::move(text) : named(std::string(text.status().message()));
  } catch (const std::bad_alloc&) {
    return named("the memory of this machine does not suffice; check it on a larger one");
  }
}

absl::StatusOr<std::string> ReadFile(const std::string& path, std::size_t limit) {
  const auto text = ReadFileText(path, limit);
  if (!text.ok()) return text.status();
  return std::string(text->text());
}

}  // namespace guardrails
