// `check`: judges files and tells what was found.
#pragma once

#include "analyzer/cli/options.h"
#include "analyzer/policy/guardrail.h"
#include "analyzer/report/report.h"

namespace guardrails {

// The findings of all files; complains on stderr of what could not be read. An error when an option's file is wrong. It is
// never freed: the process ends with it, and taking a large stack apart would only cost time. Call it once.
absl::StatusOr<const Report*> JudgeFiles(const Pack& pack, const CheckOptions& options);

// The exit code.
int RunCheck(const Pack& pack, const CheckOptions& options);

}  // namespace guardrails
