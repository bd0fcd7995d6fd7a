// Results to the engine's answers. One per configured pack; immutable, thread-safe.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "analyzer/evaluate/evaluate.h"
#include "analyzer/waive/apply.h"
#include "pulumi/analyzer.pb.h"

namespace guardrails {

class Replies {
 public:
  // `waivers` may be null.
  Replies(std::shared_ptr<const ConfiguredPack> pack, std::shared_ptr<const WaiverBook> waivers);

  const ConfiguredPack& pack() const { return *pack_; }
  const WaiverBook* waivers() const { return waivers_.get(); }

  // A serialized AnalyzeResponse for one resource. What is undecided is not said: AnalyzeStack settles it.
  absl::StatusOr<std::string> Analyze(const Results& results) const;
  // A serialized AnalyzeResponse for the whole stack; what is still undecided is an advisory, and so is a waiver that
  // matched nothing in the whole run.
  absl::StatusOr<std::string> AnalyzeStack(const Results& results, const WaiverStates& waivers) const;
  // A remediation of that rule, without properties.
  pulumirpc::Remediation Remediation(const RemedyOf& remedy) const;
  // The wire form of the policies that have no remediation to offer to this resource.
  std::string NotRemediating(const Resource& resource) const;

 private:
  pulumirpc::AnalyzeDiagnostic Diagnostic(const Guardrail& guardrail, const std::string& message, Level level) const;
  pulumirpc::AnalyzeDiagnostic Diagnostic(const Finding& finding) const;
  void AddUnmatched(const WaiverStates& states, pulumirpc::AnalyzeResponse& out) const;

  std::shared_ptr<const ConfiguredPack> pack_;
  std::shared_ptr<const WaiverBook> waivers_;
  // By rule, as they stand in an AnalyzeResponse and a RemediateResponse: most policies of a pack do not apply to most
  // resources, so this is most of what is answered.
  std::vector<std::string> no_such_resource_;
  std::vector<std::string> no_remediation_;
};

// InternalError naming the rule and the resource if a rule broke: never a pass.
absl::Status BrokenRule(const Results& results);

// The message of a finding for the engine's terminal, in which no value can start a colour.
std::string PlainMessage(const Finding& finding);

}  // namespace guardrails
