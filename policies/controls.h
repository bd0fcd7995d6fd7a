// The standards whose controls a guardrail serves, under one spelling each.
#pragma once

#include <string_view>

#include "analyzer/policy/guardrail.h"

namespace fastcart {

// AWS Foundational Security Best Practices: "Kinesis.1".
constexpr guardrails::Control Fsbp(std::string_view id) { return {"AWS FSBP", id}; }
// CIS AWS Foundations Benchmark 3.0.0 and 5.0.0: "2.3.1".
constexpr guardrails::Control Cis3(std::string_view id) { return {"CIS AWS Foundations 3.0.0", id}; }
constexpr guardrails::Control Cis5(std::string_view id) { return {"CIS AWS Foundations 5.0.0", id}; }
// PCI DSS 4.0.1: "3.5.1".
constexpr guardrails::Control Pci(std::string_view id) { return {"PCI DSS 4.0.1", id}; }
// The equivalent policy of Checkov: "CKV_AWS_43".
constexpr guardrails::Control Checkov(std::string_view id) { return {"Checkov", id}; }

}  // namespace fastcart
