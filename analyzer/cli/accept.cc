#include "analyzer/cli/accept.h"

#include "analyzer/cli/waivers.h"
#include "analyzer/input/files.h"

namespace guardrails {

absl::StatusOr<Acceptance> Acceptance::Make(const Pack& pack, const CheckOptions& options) {
  Acceptance out;
  if (!options.no_waivers) {
    auto waivers = WaiversOfCheck(pack, options.waivers, options.today.value_or(TodayInUtc()));
    if (!waivers.ok()) return waivers.status();
    out.waivers_ = *std::move(waivers);
  }
  if (options.baseline.empty()) return out;
  const absl::StatusOr<std::string> text = ReadFile(options.baseline);
  if (!text.ok()) return text.status();
  auto baseline = Baseline::Parse(*text, options.baseline);
  if (!baseline.ok()) return baseline.status();
  out.baseline_ = *std::move(baseline);
  out.baseline_file_ = options.baseline;
  return out;
}

void Acceptance::Apply(const CheckOptions& options, const ConfiguredPack& pack, FileReport& file) {
  if (waivers_) MergeStates(states_, ApplyWaivers(*waivers_, pack, *file.stack, options.chosen, file.results));
  if (baseline_) known_ += baseline_->RemoveKnown(pack, *file.stack, file.results);
}

void Acceptance::Tell(Report& report) const {
  report.waivers = waivers_;
  report.waiver_states = states_;
  report.baseline = baseline_file_;
  report.known = known_;
}

}  // namespace guardrails
