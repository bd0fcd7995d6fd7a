// When to end: a signal, or the end of stdin, which only the engine's death brings.
#pragma once

namespace guardrails {

// Blocks SIGINT and SIGTERM and ignores SIGPIPE for this thread and those it starts later, and gives the process
// standard streams where it has none, so that no socket becomes one. Call it before any thread is started.
void PrepareToEnd();

// Starts a thread that ends the process with 0 when PrepareToEnd's signals come or a piped stdin ends. It ends it at
// once, without destructors: nothing is to be saved, and the engine waits.
void EndWithTheEngine();

}  // namespace guardrails
