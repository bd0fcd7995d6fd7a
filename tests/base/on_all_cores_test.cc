#include "analyzer/base/on_all_cores.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
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

}  // namespace
}  // namespace guardrails
