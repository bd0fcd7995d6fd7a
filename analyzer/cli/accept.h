// What a run of `check` accepts: waivers that hold today, and what an earlier report already had.
#pragma once

#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "analyzer/cli/options.h"
#include "analyzer/report/report.h"
#include "analyzer/waive/baseline.h"

namespace guardrails {

class Acceptance {
 public:
  // Reads the waiver file and the baseline that the options name or find. The error names the file and the line.
  static absl::StatusOr<Acceptance> Make(const Pack& pack, const CheckOptions& options);

  // To be called for one file after the other: what is accepted is marked, what was known is taken out.
  void Apply(const CheckOptions& options, const ConfiguredPack& pack, FileReport& file);
  // Tells the report what was used, and how.
  void Tell(Report& report) const;

 private:
  std::shared_ptr<const WaiverBook> waivers_;  // null: none
  WaiverStates states_;
  std::optional<Baseline> baseline_;
  std::string baseline_file_;
  std::size_t known_ = 0;
};

}  // namespace guardrails
