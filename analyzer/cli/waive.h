// `waive`: writes the entry of the waiver file for something that was found.
#pragma once

#include "analyzer/cli/options.h"
#include "analyzer/policy/guardrail.h"

namespace guardrails {

// The exit code: 0 when there is an entry on stdout, else 2.
int RunWaive(const Pack& pack, const WaiveOptions& options);

}  // namespace guardrails
