// Runs a command and tells what it took: {"seconds": …, "cpu_seconds": …, "peak_kib": …, "exit": …} in REPORT.
//
//   bench-measure REPORT COMMAND [ARG…]
//
// A small program for it, since a child's peak memory is never told as less than that of the process which started it.
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>

namespace {

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const auto began = std::chrono::steady_clock::now();
  pid_t child = 0;
  if (posix_spawnp(&child, argv[2], nullptr, nullptr, argv + 2, environ) != 0) return 2;
  int status = 0;
  rusage used{};
  if (wait4(child, &status, 0, &used) != child) return 2;
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - began;
  std::FILE* report = std::fopen(argv[1], "w");
  if (report == nullptr) return 2;
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  std::fprintf(report, R"({"seconds": %.6f, "cpu_seconds": %.6f, "peak_kib": %ld, "exit": %d})", wall.count(),
               Seconds(used.ru_utime) + Seconds(used.ru_stime), used.ru_maxrss, code);
  return std::fclose(report) == 0 ? 0 : 2;
}
