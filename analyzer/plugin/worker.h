// A thread for what may take long, so that nothing waits behind it.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace guardrails {

class Worker {
 public:
  Worker() = default;
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker();  // does what is waiting, then ends

  // Does `work`, which throws nothing, after what was given before it, and returns without waiting. The thread starts
  // with the first; where there is none to be had, `work` is done here and now. Thread-safe.
  void Do(std::function<void()> work);

 private:
  void Run();

  std::mutex mutex_;  // guards those below
  std::condition_variable changed_;
  std::deque<std::function<void()>> waiting_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace guardrails
