#include "analyzer/report/report.h"

#include <fmt/format.h>

namespace guardrails {
namespace {

void CountFindings(const ConfiguredPack& pack, const Results& results, Summary& out) {
  for (const Finding& f : results.findings) {
    if (IsListed(f) && f.waiver) ++out.waived;
    if (IsListed(f) && !f.waiver) ++(ListedLevel(pack, f) == Level::kMandatory ? out.mandatory : out.advisory);
    if (f.verdict == Verdict::kUndecided) ++out.undecided;
    if (f.verdict == Verdict::kNotApplicable) ++out.not_applicable;
  }
  out.not_applicable += results.not_applicable.size();
  for (const Outcome& o : results.outcomes)
    if (o.verdict == Verdict::kPass || o.verdict == Verdict::kNote) ++out.passed;
}

bool Fails(FailOn fail_on, const Summary& found) {
  switch (fail_on) {
    case FailOn::kMandatory: return found.mandatory > 0;
    case FailOn::kAdvisory: return found.violations() > 0;
    case FailOn::kUndecided: return found.mandatory > 0 || found.undecided > 0;
    case FailOn::kNever: return false;
  }
  return true;
}

}  // namespace

Summary Count(const Report& report) {
  Summary out;
  for (const FileReport& file : report.files) {
    out.errors += file.errors.size();
    if (!file.stack) continue;
    ++out.files;
    out.resources += file.stack->resources().size();
    CountFindings(*report.pack, file.results, out);
  }
  return out;
}

Ending EndingOf(const Report& report) {
  const Summary found = Count(report);
  if (found.errors > 0) return Ending::kError;
  return Fails(report.fail_on, found) ? Ending::kFailed : Ending::kPassed;
}

std::string BrokenInWords(const FileReport& file, const Finding& finding) {
  return fmt::format("{}: {}: {}", NameOf(file), finding.guardrail->name, Message(finding).str());
}

Level ListedLevel(const ConfiguredPack& pack, const Finding& finding) {
  const Level level = EffectiveLevel(pack.RuleOf(finding), finding);
  return level == Level::kRemediate ? Level::kMandatory : level;
}

}  // namespace guardrails
