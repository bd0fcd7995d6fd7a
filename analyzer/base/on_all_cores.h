// Work that is shared out over the machine's cores.
#pragma once

#include <cstddef>
#include <functional>

namespace guardrails {

// How many threads are worth having: the cores that the process may use (taskset, a container's cpuset), from 1 to 16.
std::size_t Cores();

// Calls task(0) … task(tasks - 1), each once, from as many threads as there are cores, this one among them; returns when
// all are done. Where the system gives no more threads, those that there are do the work. What a task throws ends it
// alone; what the first of them threw, by its number, is thrown here again.
void OnAllCores(std::size_t tasks, const std::function<void(std::size_t)>& task);

}  // namespace guardrails
