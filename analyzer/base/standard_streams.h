// Descriptors 0, 1 and 2 of a process that was started without some of them.
#pragma once

namespace guardrails {

// Fills those that nobody gave to this process, so that no file or socket that it opens becomes one, and what a library
// opened there before main goes away. Reading or writing them fails with EBADF, as if they were closed still. Call it
// before any thread is started; calling it again changes nothing.
void HoldStandardStreams();

}  // namespace guardrails
