#include "analyzer/base/on_all_cores.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <system_error>
#include <thread>
#include <vector>

namespace guardrails {

std::size_t Cores() {
  static const std::size_t kCores = [] {
    cpu_set_t may;
    const bool told = sched_getaffinity(0, sizeof(may), &may) == 0;
    return std::clamp<std::size_t>(told ? static_cast<std::size_t>(CPU_COUNT(&may)) : 1, 1, 16);
  }();
  return kCores;
}

void OnAllCores(std::size_t tasks, const std::function<void(std::size_t)>& task) {
  std::vector<std::exception_ptr> thrown(tasks);
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < tasks; i = next++) {
      try {
        task(i);
      } catch (...) {
        thrown[i] = std::current_exception();
      }
    }
  };
  {
    std::vector<std::jthread> others;
    try {
      for (std::size_t i = 1; i < std::min(Cores(), tasks); ++i) others.emplace_back(work);
    } catch (const std::system_error&) {
    }
    work();
  }
  for (const std::exception_ptr& fault : thrown)
    if (fault) std::rethrow_exception(fault);
}

}  // namespace guardrails
