// The program around a policy pack: what its main() calls.
#pragma once

#include "analyzer/policy/guardrail.h"

namespace guardrails {

// Booted by the Pulumi engine it serves as an analyzer until the engine is done; else it is a command line for people
// and pipelines. Returns the exit code: 0 nothing to fail on, 1 violations, 2 the command or an input is wrong.
int Main(const Pack& pack, int argc, char** argv);

}  // namespace guardrails
