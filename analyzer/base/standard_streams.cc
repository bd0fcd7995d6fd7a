#include "analyzer/base/standard_streams.h"

#include <fcntl.h>
#include <unistd.h>

#include <initializer_list>

namespace guardrails {
namespace {

// What came through exec does not close on exec. What does was opened by this process, as gRPC, whose initialisation
// before main leaves an eventfd behind when that is descriptor 0.
bool IsGiven(int fd) {
  const int flags = fcntl(fd, F_GETFD);
  return flags >= 0 && (flags & FD_CLOEXEC) == 0;
}

}  // namespace

void HoldStandardStreams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (IsGiven(stream)) continue;
    // The wrong way round: to use it must fail.
    const int null = open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    if (null < 0 || null == stream) continue;
    dup2(null, stream);
    close(null);
  }
}

}  // namespace guardrails
