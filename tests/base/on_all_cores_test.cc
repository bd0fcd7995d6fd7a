#include "analyzer/base/on_all_cores.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>

#include <atomic>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

namespace guardrails {
namespace {

using ::testing::Each;

TEST(OnAllCores, DoesEachTaskOnce) {
  for (const std::size_t tasks : {0U, 1U, 2U, 1000U}) {
    std::vector<std::atomic<int>> done(tasks);
    OnAllCores(tasks, [&](std::size_t i) { ++done[i]; });
    EXPECT_THAT(std::vector<int>(done.begin(), done.end()), Each(1)) << tasks;
  }
}

TEST(OnAllCores, ThrowsWhatTheFirstTaskThrewAndDoesTheOthers) {
  std::atomic<int> done = 0;
  std::string thrown;
  try {
    OnAllCores(100, [&](std::size_t i) {
      if (i == 7 || i == 93) throw std::runtime_error(std::to_string(i));
      ++done;
    });
  } catch (const std::runtime_error& e) {
    thrown = e.what();
  }
  EXPECT_EQ(thrown, "7");
  EXPECT_EQ(done, 98);
}

// Ends the process; Cores() is asked once in it.
void TellCoresOfAProcessWithOne() {
  cpu_set_t may;
  sched_getaffinity(0, sizeof(may), &may);
  int one = 0;
  while (!CPU_ISSET(one, &may)) ++one;
  CPU_ZERO(&may);
  CPU_SET(one, &may);
  sched_setaffinity(0, sizeof(may), &may);
  std::exit(static_cast<int>(Cores()));  // NOLINT(concurrency-mt-unsafe): there is one thread
}

TEST(Cores, AreThoseThatTheProcessMayUse) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");  // begins the process anew
  EXPECT_EXIT(TellCoresOfAProcessWithOne(), ::testing::ExitedWithCode(1), "");
}

}  // namespace
}  // namespace guardrails
