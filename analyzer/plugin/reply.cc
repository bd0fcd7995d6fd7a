#include "analyzer/plugin/reply.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_replace.h"
#include "analyzer/plugin/info.h"

namespace guardrails {
namespace {

pulumirpc::PolicyNotApplicable NotApplicable(const Guardrail& guardrail, std::string reason) {
  pulumirpc::PolicyNotApplicable out;
  out.set_policy_name(std::string(guardrail.name));
  out.set_reason(std::move(reason));
  return out;
}

template <class Response>
std::string AlreadyWritten(const pulumirpc::PolicyNotApplicable& entry) {
  Response response;
  *response.add_not_applicable() = entry;
  return response.SerializeAsString();
}

bool JudgesResources(const ConfiguredRule& rule) {
  return rule.level != Level::kDisabled && rule.guardrail->scope != Scope::kStack;
}

const Finding* FirstOf(const Results& results, const Guardrail* guardrail, Verdict verdict) {
  const auto at = std::find_if(results.findings.begin(), results.findings.end(), [&](const Finding& f) {
    return f.guardrail == guardrail && f.verdict == verdict;
  });
  return at == results.findings.end() ? nullptr : &*at;
}

// The worst verdict of each rule that said something; what does not apply counts as the least.
std::vector<std::pair<std::uint16_t, Verdict>> WorstByRule(const Results& results) {
  const auto rank = [](Verdict v) { return v == Verdict::kNotApplicable ? -1 : static_cast<int>(v); };
  std::vector<std::pair<std::uint16_t, Verdict>> out;
  for (const Outcome& o : results.outcomes) {
    if (out.empty() || out.back().first != o.rule) {
      out.emplace_back(o.rule, o.verdict);
    } else if (rank(o.verdict) > rank(out.back().second)) {
      out.back().second = o.verdict;
    }
  }
  return out;
}

void AddSaidNotApplicable(const ConfiguredPack& pack, const Results& results, pulumirpc::AnalyzeResponse& out) {
  for (const auto& [index, verdict] : WorstByRule(results)) {
    const Guardrail* guardrail = pack.rules()[index].guardrail;
    if (verdict != Verdict::kNotApplicable) continue;
    const Finding* said = FirstOf(results, guardrail, verdict);
    *out.add_not_applicable() = NotApplicable(*guardrail, said ? said->reason.str() : std::string());
  }
}

// A rule that waits for the stack has not passed.
void AddDeferred(const ConfiguredPack& pack, const Results& results, pulumirpc::AnalyzeResponse& out) {
  for (const auto& [index, verdict] : WorstByRule(results))
    if (verdict == Verdict::kUndecided)
      *out.add_not_applicable() = NotApplicable(*pack.rules()[index].guardrail, "decided later, with the whole stack");
}

std::string WithoutMarkup(const std::string& message) {
  return absl::StrReplaceAll(message, {{"<{%", "< {%"}, {"%}>", "%} >"}});
}

}  // namespace

absl::Status BrokenRule(const Results& results) {
  for (const Finding& f : results.findings)
    if (f.verdict == Verdict::kBroken)
      return absl::InternalError(std::string(f.guardrail->name) + " could not judge " +
                                 (f.resource ? std::string(f.resource->urn) : "the stack") + ": " + f.reason.str());
  return absl::OkStatus();
}

std::string PlainMessage(const Finding& finding) { return WithoutMarkup(Message(finding).str()); }

Replies::Replies(std::shared_ptr<const ConfiguredPack> pack, std::shared_ptr<const WaiverBook> waivers)
    : pack_(std::move(pack)), waivers_(std::move(waivers)) {
  for (const ConfiguredRule& rule : pack_->rules()) {
    const auto other = NotApplicable(*rule.guardrail, "this is no " + std::string(rule.guardrail->subject));
    const auto none = NotApplicable(*rule.guardrail, "it has no remediation for this at its level");
    no_such_resource_.push_back(AlreadyWritten<pulumirpc::AnalyzeResponse>(other));
    no_remediation_.push_back(AlreadyWritten<pulumirpc::RemediateResponse>(none));
  }
}

pulumirpc::AnalyzeDiagnostic Replies::Diagnostic(const Guardrail& guardrail, const std::string& message,
                                                 Level level) const {
  pulumirpc::AnalyzeDiagnostic out;
  out.set_policyname(std::string(guardrail.name));
  out.set_policypackname(std::string(pack_->pack().name));
  out.set_policypackversion(std::string(pack_->pack().version));
  out.set_description(std::string(guardrail.description));
  out.set_message(message);
  out.set_enforcementlevel(DiagnosticLevel(level));
  out.set_severity(WireSeverity(guardrail.severity));
  return out;
}

pulumirpc::AnalyzeDiagnostic Replies::Diagnostic(const Finding& finding) const {
  const ConfiguredRule& rule = pack_->RuleOf(finding);
  auto out = Diagnostic(*rule.guardrail, PlainMessage(finding), EffectiveLevel(rule, finding));
  if (finding.resource) out.set_urn(std::string(finding.resource->urn));
  return out;
}

void Replies::AddUnmatched(const WaiverStates& states, pulumirpc::AnalyzeResponse& out) const {
  for (std::size_t i = 0; i < states.size(); ++i) {
    if (states[i] != WaiverState::kUnmatched) continue;
    const Waiver& waiver = waivers_->entries()[i].waiver;
    const auto rule = std::find_if(pack_->rules().begin(), pack_->rules().end(),
                                   [&](const ConfiguredRule& r) { return r.guardrail->name == waiver.rule; });
    *out.add_diagnostics() =
        Diagnostic(*rule->guardrail, WithoutMarkup(AboutWaiver(states[i], waiver).str()), Level::kAdvisory);
  }
}

absl::StatusOr<std::string> Replies::Analyze(const Results& results) const {
  if (const absl::Status broken = BrokenRule(results); !broken.ok()) return broken;
  pulumirpc::AnalyzeResponse out;
  for (const Finding& f : results.findings)
    if (f.verdict == Verdict::kViolation || f.verdict == Verdict::kNote) *out.add_diagnostics() = Diagnostic(f);
  AddSaidNotApplicable(*pack_, results, out);
  AddDeferred(*pack_, results, out);
  std::string bytes = out.SerializeAsString();
  for (const auto index : results.not_applicable) bytes += no_such_resource_[index];
  return bytes;
}

absl::StatusOr<std::string> Replies::AnalyzeStack(const Results& results, const WaiverStates& waivers) const {
  if (const absl::Status broken = BrokenRule(results); !broken.ok()) return broken;
  pulumirpc::AnalyzeResponse out;
  for (const Finding& f : results.findings)
    if (f.verdict != Verdict::kNotApplicable) *out.add_diagnostics() = Diagnostic(f);
  AddUnmatched(waivers, out);
  AddSaidNotApplicable(*pack_, results, out);
  for (const auto index : results.not_applicable) {
    const Guardrail& guardrail = *pack_->rules()[index].guardrail;
    *out.add_not_applicable() = NotApplicable(guardrail, NotApplicableReason(guardrail).str());
  }
  return out.SerializeAsString();
}

pulumirpc::Remediation Replies::Remediation(const RemedyOf& remedy) const {
  pulumirpc::Remediation out;
  out.set_policyname(std::string(remedy.rule->guardrail->name));
  out.set_policypackname(std::string(pack_->pack().name));
  out.set_policypackversion(std::string(pack_->pack().version));
  return out;
}

std::string Replies::NotRemediating(const Resource& resource) const {
  const auto asked = pack_->RulesFor(resource);
  std::string bytes;
  for (std::size_t i = 0; i < no_remediation_.size(); ++i) {
    const ConfiguredRule& rule = pack_->rules()[i];
    const bool offers = rule.level == Level::kRemediate && rule.guardrail->remediates &&
                        std::find(asked.begin(), asked.end(), i) != asked.end();
    if (JudgesResources(rule) && !offers) bytes += no_remediation_[i];
  }
  return bytes;
}

}  // namespace guardrails
