#include "analyzer/plugin/worker.h"

#include <system_error>
#include <utility>

namespace guardrails {

Worker::~Worker() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Worker::Do(std::function<void()> work) {
  std::unique_lock lock(mutex_);
  try {
    if (!thread_.joinable()) thread_ = std::thread(&Worker::Run, this);
  } catch (const std::system_error&) {  // as many threads as there may be
    lock.unlock();
    return work();
  }
  waiting_.push_back(std::move(work));
  changed_.notify_one();
}

void Worker::Run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    const std::function<void()> work = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    work();
    lock.lock();
  }
}

}  // namespace guardrails
