// Where reports go, as the file system sees it: by whatever name, a file is one file.
#pragma once

#include <string>

#include "analyzer/cli/options.h"

namespace guardrails {

// What a report would destroy: another report, or a file that is read. Nothing if all is well.
std::string FaultOfTargets(const CheckOptions& options);

}  // namespace guardrails
