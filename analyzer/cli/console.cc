#include "analyzer/cli/console.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <langinfo.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <clocale>
#include <cstdlib>
#include <ctime>

#include "analyzer/cli/output.h"

namespace guardrails {
namespace {

constexpr std::size_t kUsualWidth = 80, kWidest = 120;

std::string_view Environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody changes the environment
  return value == nullptr ? "" : value;
}

bool WantsColour(bool terminal) {
  if (!Environment("NO_COLOR").empty()) return false;
  const std::string_view force = Environment("CLICOLOR_FORCE");
  if (!force.empty() && force != "0") return true;
  return terminal && Environment("TERM") != "dumb";
}

std::size_t TerminalWidth(int fd) {
  winsize size{};
  if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kUsualWidth;
  return std::min<std::size_t>(size.ws_col, kWidest);
}

bool LocaleHasUnicode() {
  static const bool kUnicode = [] {
    // NOLINTBEGIN(concurrency-mt-unsafe): asked once, before there are threads
    std::setlocale(LC_CTYPE, "");
    return std::string_view(nl_langinfo(CODESET)) == "UTF-8";
    // NOLINTEND(concurrency-mt-unsafe)
  }();
  return kUnicode;
}

}  // namespace

Look LookOf(Stream stream) {
  const int fd = static_cast<int>(stream);
  const bool terminal = isatty(fd) == 1;
  return {.colour = WantsColour(terminal), .unicode = LocaleHasUnicode(), .width = terminal ? TerminalWidth(fd) : 0};
}

absl::Status WriteStdout(std::string_view text) { return WriteAll(STDOUT_FILENO, text, "stdout"); }

void WriteStderr(std::string_view text) {
  WriteAll(STDERR_FILENO, text, "stderr").IgnoreError();  // there is nowhere left to say so
}

std::string Said(std::string_view line) {
  const Look look{.unicode = LocaleHasUnicode()};
  return fmt::format("{}: {}\n", program_invocation_short_name, Printable(look, line));
}

void Complain(std::string_view message) {
  while (!message.empty()) {
    const auto end = std::min(message.find('\n'), message.size());
    WriteStderr(Said(message.substr(0, end)));
    message.remove_prefix(std::min(end + 1, message.size()));
  }
}

std::string ManualDate() {
  std::time_t now = std::time(nullptr);
  const std::string_view epoch = Environment("SOURCE_DATE_EPOCH");
  std::from_chars(epoch.data(), epoch.data() + epoch.size(), now);  // leaves what is no number
  return fmt::format("{:%Y-%m-%d}", fmt::gmtime(now));
}

int Exit(const absl::Status& status) {
  if (status.ok()) return kExitPassed;
  const auto message = status.message();
  Complain({message.data(), message.size()});
  return kExitError;
}

}  // namespace guardrails
