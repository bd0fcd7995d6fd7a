// `check`: judges files and tells what was found.
#pragma once

#include "analyzer/cli/options.h"
#include "analyzer/policy/guardrail.h"

namespace guardrails {

// The exit code.
int RunCheck(const Pack& pack, const CheckOptions& options);

}  // namespace guardrails
