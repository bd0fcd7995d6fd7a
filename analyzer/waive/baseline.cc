#include "analyzer/waive/baseline.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "analyzer/waive/digest.h"

namespace guardrails {
namespace {

using nlohmann::json;

absl::Status NoReport(std::string_view file, std::string_view why) {
  return absl::InvalidArgumentError(
      fmt::format("{}: {}; make it with 'check --format json --output {}'", file, why, file));
}

std::string TextAt(const json& object, const char* key) {
  const auto at = object.find(key);
  return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

// The list of findings, or null where it is none.
const json* ListOf(const json& report, const char* key) {
  const auto list = report.find(key);
  return list != report.end() && list->is_array() ? &*list : nullptr;
}

bool HaveFingerprints(const json& findings) {
  return std::all_of(findings.begin(), findings.end(),
                     [](const json& f) { return f.is_object() && !TextAt(f, "fingerprint").empty(); });
}

}  // namespace

absl::StatusOr<Baseline> Baseline::Parse(std::string_view text, std::string_view file) {
  const json report = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (report.is_discarded()) return NoReport(file, "it is not valid JSON");
  if (!report.is_object() || !report.contains("schemaVersion")) return NoReport(file, "it is no JSON report");
  if (report["schemaVersion"] != 1) return NoReport(file, "it is a report of another version");
  const json *violations = ListOf(report, "violations"), *undecided = ListOf(report, "undecided");
  if (!violations || !undecided) return NoReport(file, "it is no report of 'check --format json', which lists findings");
  if (!HaveFingerprints(*violations) || !HaveFingerprints(*undecided)) return NoReport(file, "its findings have no fingerprints");
  Baseline out;
  for (const json& v : *violations)
    if (!v.contains("waiver"))
      out.violations_[{TextAt(v, "fingerprint"), TextAt(v, "valueDigest")}].push_back(TextAt(v, "enforcement") == "mandatory");
  for (const json& u : *undecided) ++out.undecided_[TextAt(u, "fingerprint")];
  return out;
}

std::size_t Baseline::RemoveKnown(const ConfiguredPack& pack, const Stack& stack, Results& results) {
  return std::erase_if(results.findings, [&](const Finding& f) { return Take(pack, stack, f); });
}

bool Baseline::Take(const ConfiguredPack& pack, const Stack& stack, const Finding& finding) {
  if (finding.waiver) return false;
  std::string fingerprint = Fingerprint(finding, PlaceOf(stack, finding));
  if (finding.verdict == Verdict::kUndecided) {
    const auto at = undecided_.find(fingerprint);
    if (at == undecided_.end() || at->second == 0) return false;
    --at->second;
    return true;
  }
  if (finding.verdict != Verdict::kViolation && finding.verdict != Verdict::kNote) return false;
  const auto at = violations_.find({std::move(fingerprint), PlainDigest(finding).value_or("")});
  if (at == violations_.end()) return false;
  const bool mandatory = EffectiveLevel(pack.RuleOf(finding), finding) != Level::kAdvisory;
  const auto known = std::find_if(at->second.begin(), at->second.end(), [&](bool was) { return was || !mandatory; });
  if (known == at->second.end()) return false;
  at->second.erase(known);
  return true;
}

}  // namespace guardrails
