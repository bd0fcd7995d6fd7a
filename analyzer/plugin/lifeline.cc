#include "analyzer/plugin/lifeline.h"

#include <poll.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <thread>

#include "analyzer/base/standard_streams.h"

namespace guardrails {
namespace {

sigset_t EndingSignals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

// A terminal, a file or /dev/null says nothing of the engine.
bool IsPipe(int fd) {
  struct stat info{};
  return fstat(fd, &info) == 0 && (S_ISFIFO(info.st_mode) || S_ISSOCK(info.st_mode));
}

// Reads what is there; false at the end.
bool Drain(int fd) {
  std::array<char, 4096> unused;
  const ssize_t got = read(fd, unused.data(), unused.size());
  return got > 0 || (got < 0 && (errno == EINTR || errno == EAGAIN));
}

[[noreturn]] void WaitForTheEnd() {
  const sigset_t signals = EndingSignals();
  const int signal_fd = signalfd(-1, &signals, SFD_CLOEXEC);
  if (signal_fd < 0) pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);  // then they end the process by themselves
  std::array<pollfd, 2> watched = {{{signal_fd, POLLIN, 0}, {IsPipe(STDIN_FILENO) ? STDIN_FILENO : -1, POLLIN, 0}}};
  for (;;) {
    if (poll(watched.data(), watched.size(), -1) < 0) continue;
    if (watched[0].revents != 0) _exit(0);
    if (watched[1].revents != 0 && !Drain(STDIN_FILENO)) _exit(0);
  }
}

}  // namespace

void PrepareToEnd() {
  const sigset_t signals = EndingSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  HoldStandardStreams();
}

void EndWithTheEngine() { std::thread(WaitForTheEnd).detach(); }

}  // namespace guardrails
