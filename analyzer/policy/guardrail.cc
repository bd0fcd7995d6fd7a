#include "analyzer/policy/guardrail.h"

namespace guardrails {

std::string_view LevelName(Level level) {
  switch (level) {
    case Level::kAdvisory: return "advisory";
    case Level::kMandatory: return "mandatory";
    case Level::kDisabled: return "disabled";
    case Level::kRemediate: return "remediate";
  }
  return "mandatory";
}

std::string_view SeverityName(Severity severity) {
  switch (severity) {
    case Severity::kLow: return "low";
    case Severity::kMedium: return "medium";
    case Severity::kHigh: return "high";
    case Severity::kCritical: return "critical";
  }
  return "medium";
}

std::optional<Level> ParseLevel(std::string_view name) {
  for (const Level level : {Level::kAdvisory, Level::kMandatory, Level::kDisabled, Level::kRemediate})
    if (LevelName(level) == name) return level;
  return std::nullopt;
}

void Rule::CheckResource(const Subject&, Sink&) const {}
void Rule::CheckStack(const Stack&, Sink&) const {}
void Rule::Remediate(const Subject&, Remedy&) const {}

}  // namespace guardrails
