// Where the waiver file is, and what it says today.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "analyzer/plugin/plugin.h"
#include "analyzer/policy/guardrail.h"
#include "analyzer/waive/waiver_file.h"

namespace guardrails {

// The day that it is, in UTC.
Date TodayInUtc();

// waivers.yaml (or .yml) beside the pack's PulumiPolicy.yaml: in `pack_folder` if that is given, else in the nearest
// folder with a PulumiPolicy.yaml, from the current one upwards and then from this program's upwards. Empty: there is
// none. InvalidArgument when there are both.
absl::StatusOr<std::string> FindWaivers(const std::string& pack_folder);

// The file's waivers. InvalidArgument "FILE:LINE: …" when it is not as it should be, or cannot be read.
absl::StatusOr<std::shared_ptr<const WaiverBook>> ReadWaivers(const Pack& pack, const std::string& path, Date today);

// For the plugin: those of -waivers=PATH (relative to the pack's folder), of the environment's GUARDRAILS_WAIVERS, or
// found; null when there are none.
absl::StatusOr<std::shared_ptr<const WaiverBook>> WaiversOfPlugin(const Pack& pack, const PackArguments& arguments);

// For `check`: `given`, GUARDRAILS_WAIVERS, or what is found; empty when there is none.
absl::StatusOr<std::string> WaiverFileOfCheck(const std::string& given);

// The waivers of that file; null when there is none.
absl::StatusOr<std::shared_ptr<const WaiverBook>> WaiversOfCheck(const Pack& pack, const std::string& given, Date today);

}  // namespace guardrails
