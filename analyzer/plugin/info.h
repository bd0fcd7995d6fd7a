// What the pack tells the engine of itself: everything that the fields of AnalyzerInfo can hold.
#pragma once

#include "analyzer/policy/guardrail.h"
#include "pulumi/analyzer.pb.h"

namespace guardrails {

pulumirpc::AnalyzerInfo DescribePack(const Pack& pack);

// The engine's word for a level in a diagnostic: a rule that remediates still fails what it could not fix, and
// DISABLED must never be sent.
pulumirpc::EnforcementLevel DiagnosticLevel(Level level);
pulumirpc::PolicySeverity WireSeverity(Severity severity);

}  // namespace guardrails
