#include "analyzer/plugin/worker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <thread>
#include <vector>

namespace guardrails {
namespace {

using ::testing::ElementsAre;

TEST(WorkerTest, DoesOneAfterAnotherInAThreadOfItsOwn) {
  std::vector<int> done;
  std::vector<std::thread::id> by;
  auto worker = std::make_unique<Worker>();
  for (const int i : {1, 2, 3})
    worker->Do([&, i] {
      done.push_back(i);
      by.push_back(std::this_thread::get_id());
    });
  worker.reset();
  EXPECT_THAT(done, ElementsAre(1, 2, 3));
  EXPECT_THAT(by, ElementsAre(by[0], by[0], by[0]));
  EXPECT_NE(by[0], std::this_thread::get_id());
}

TEST(WorkerTest, DoesNotLetThoseWaitWhoGiveIt) {
  std::promise<void> given;
  Worker worker;
  worker.Do([&] { EXPECT_EQ(given.get_future().wait_for(std::chrono::minutes(1)), std::future_status::ready); });
  worker.Do([] {});
  given.set_value();
}

TEST(WorkerTest, EndsWithoutHavingHadAnythingToDo) { const Worker idle; }

}  // namespace
}  // namespace guardrails
