#include "analyzer/cli/output.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

namespace guardrails {
namespace {

namespace fs = std::filesystem;

absl::Status Failed(std::string_view name, std::string_view what, int error) {
  return absl::UnavailableError(fmt::format("{}: {}: {}", name, what, std::generic_category().message(error)));
}

class File {
 public:
  explicit File(int fd) : fd_(fd) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (fd_ >= 0) close(fd_);
  }
  int fd() const { return fd_; }
  // Some file systems tell only here that the disk is full.
  bool Close() { return close(std::exchange(fd_, -1)) == 0; }

 private:
  int fd_;
};

absl::Status WriteStraight(const std::string& path, std::string_view text) {
  File file(open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (file.fd() < 0) return Failed(path, "cannot be written", errno);
  return WriteAll(file.fd(), text, path);
}

// The mode of the file that is replaced, else what the umask leaves.
mode_t ModeFor(const struct stat* replaced) {
  if (replaced != nullptr) return replaced->st_mode & 07777;
  const mode_t mask = umask(0);
  umask(mask);
  return 0666 & ~mask;
}

absl::Status FillTemporary(const std::string& temporary, int fd, mode_t mode, std::string_view text,
                           const std::string& path) {
  File file(fd);
  if (auto written = WriteAll(file.fd(), text, path); !written.ok()) return written;
  if (fchmod(file.fd(), mode) != 0 || fsync(file.fd()) != 0 || !file.Close())
    return Failed(path, "cannot be written", errno);
  if (std::rename(temporary.c_str(), path.c_str()) != 0) return Failed(path, "cannot be replaced", errno);
  return absl::OkStatus();
}

// The pipe's other side reads when it can: a program that made it non-blocking may share it with us.
bool WaitUntilWritable(int fd) {
  pollfd waiting{fd, POLLOUT, 0};
  return poll(&waiting, 1, -1) >= 0 || errno == EINTR;
}

// By its name alone.
std::optional<int> NamedDescriptor(const std::string& path) {
  const std::string name = fs::path(path).lexically_normal().string();
  if (name == "/dev/stdout") return STDOUT_FILENO;
  if (name == "/dev/stderr") return STDERR_FILENO;
  for (const std::string_view folder : {"/dev/fd/", "/proc/self/fd/"}) {
    if (!name.starts_with(folder)) continue;
    int fd = -1;
    const char* end = name.data() + name.size();
    const auto [rest, error] = std::from_chars(name.data() + folder.size(), end, fd);
    if (error == std::errc() && rest == end && fd >= 0) return fd;
  }
  return std::nullopt;
}

}  // namespace

std::optional<int> DescriptorOf(const std::string& path) { return NamedDescriptor(Followed(path)); }

std::string Followed(const std::string& path) {
  constexpr int kMostLinks = 40;  // as Linux has it
  fs::path at = path;
  for (int i = 0; i < kMostLinks && !NamedDescriptor(at.string()); ++i) {
    std::error_code error;
    const fs::path next = fs::read_symlink(at, error);
    if (error) break;
    at = at.parent_path() / next;
  }
  return at.string();
}

absl::Status WriteAll(int fd, std::string_view text, std::string_view name) {
  while (!text.empty()) {
    const ssize_t n = write(fd, text.data(), text.size());
    if (n < 0 && (errno == EINTR || (errno == EAGAIN && WaitUntilWritable(fd)))) continue;
    if (n < 0) return Failed(name, "the report could not be written", errno);
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return absl::OkStatus();
}

absl::Status WriteFileWhole(const std::string& path, std::string_view text) {
  if (const auto open = DescriptorOf(path)) return WriteAll(*open, text, path);
  struct stat there{};
  const bool exists = stat(path.c_str(), &there) == 0;
  if (exists && S_ISDIR(there.st_mode)) return Failed(path, "cannot be written", EISDIR);
  if (exists && !S_ISREG(there.st_mode)) return WriteStraight(path, text);
  if (exists && access(path.c_str(), W_OK) != 0) return Failed(path, "cannot be written", errno);
  const std::string target = Followed(path);
  std::string temporary = target + ".XXXXXX";
  const int fd = mkostemp(temporary.data(), O_CLOEXEC);
  if (fd < 0) return Failed(path, "cannot be written", errno);
  auto written = FillTemporary(temporary, fd, ModeFor(exists ? &there : nullptr), text, target);
  if (!written.ok()) unlink(temporary.c_str());
  return written;
}

}  // namespace guardrails
