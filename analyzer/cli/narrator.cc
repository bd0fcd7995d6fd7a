#include "analyzer/cli/narrator.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "analyzer/cli/console.h"
#include "analyzer/value/utf8.h"

namespace guardrails {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds kPatience{1};
constexpr std::string_view kEraseLine = "\r\x1b[K";

std::string Task(std::string_view doing, std::string_view file) { return fmt::format("{} {}", doing, file); }

}  // namespace

Narrator::Narrator(Volume volume, std::size_t files, bool typing) : volume_(volume), files_(files) {
  if (volume == Volume::kQuiet || typing || isatty(STDERR_FILENO) != 1) return;
  try {
    thread_ = std::jthread([this](const std::stop_token& stop) { Show(stop); });
  } catch (const std::system_error&) {
    // The machine has no thread to spare, and the work can do without being watched.
  }
}

Narrator::~Narrator() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
  Erase();
}

void Narrator::Note(std::string_view line) {
  if (volume_ != Volume::kVerbose) return;
  const std::lock_guard lock(mutex_);
  Erase();
  WriteStderr(Said(line));
}

void Narrator::Show(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (true) {
    stopped_.wait_for(lock, stop, kPatience, [] { return false; });
    if (stop.stop_requested()) return;
    Erase();
    WriteStderr(Line());
    shown_ = true;
  }
}

// "reading preview.json, 12 s", of several "2 of 5 files judged; reading preview.json, 12 s".
std::string Narrator::Line() const {
  const Look look = LookOf(Stream::kStderr);
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(steady_clock::now() - began_).count();
  std::string line = files_ > 1 ? fmt::format("{} of {} files judged; ", done_, files_) : "";
  line += tasks_.empty() ? "working" : tasks_.front();
  const std::string end = fmt::format(", {} s", seconds);
  const std::size_t width = std::max<std::size_t>(look.width, 1) - 1;  // a full line would wrap
  line = std::string(CutAt(Printable(look, line), width - std::min(width, end.size()))) + end;
  return std::string(CutAt(line, width));
}

void Narrator::Erase() {
  if (shown_) WriteStderr(kEraseLine);
  shown_ = false;
}

Narrator::Work::Work(Narrator& narrator, std::string_view file, std::string_view doing)
    : narrator_(narrator), file_(file) {
  const std::lock_guard lock(narrator_.mutex_);
  task_ = narrator_.tasks_.insert(narrator_.tasks_.end(), Task(doing, file));
}

Narrator::Work::~Work() {
  const std::lock_guard lock(narrator_.mutex_);
  narrator_.tasks_.erase(task_);
  ++narrator_.done_;
}

void Narrator::Work::Now(std::string_view doing) {
  const std::lock_guard lock(narrator_.mutex_);
  *task_ = Task(doing, file_);
}

double Narrator::Work::Seconds() {
  const auto before = std::exchange(asked_, steady_clock::now());
  return std::chrono::duration<double>(asked_ - before).count();
}

}  // namespace guardrails
