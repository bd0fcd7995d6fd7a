// The standards whose controls a guardrail serves, under one spelling each.
//
// Checked in November 2026 against: the list of the FSBP standard and the pages of each service's controls in the
// Security Hub user guide (titles, and "related requirements" for CIS and PCI DSS), the CIS benchmarks' own numbers
// where Security Hub has none (1.16 and 1.15, on full administrative privileges), and the checks of Checkov 3.3.30.
#pragma once

#include <string_view>

#include "analyzer/policy/guardrail.h"

namespace fastcart {

// A control of AWS Security Hub that is part of AWS Foundational Security Best Practices: "Kinesis.1".
// https://docs.aws.amazon.com/securityhub/latest/userguide/fsbp-standard.html lists them all.
constexpr guardrails::Control Fsbp(std::string_view id) { return {"AWS FSBP", id}; }
// One that is not, and belongs to other standards only: "CloudWatch.16" and "ECR.5" to NIST SP 800-53, "KMS.4" to that,
// CIS and PCI DSS. https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-controls-reference.html
constexpr guardrails::Control SecurityHub(std::string_view id) { return {"AWS Security Hub", id}; }
// CIS AWS Foundations Benchmark 3.0.0 and 5.0.0: "2.3.1".
constexpr guardrails::Control Cis3(std::string_view id) { return {"CIS AWS Foundations 3.0.0", id}; }
constexpr guardrails::Control Cis5(std::string_view id) { return {"CIS AWS Foundations 5.0.0", id}; }
// PCI DSS 4.0.1: "3.7.4". Those only to which Security Hub relates a control of the same meaning.
constexpr guardrails::Control Pci(std::string_view id) { return {"PCI DSS 4.0.1", id}; }
// The equivalent policy of Checkov: "CKV_AWS_43". https://www.checkov.io/5.Policy%20Index/terraform.html
constexpr guardrails::Control Checkov(std::string_view id) { return {"Checkov", id}; }

}  // namespace fastcart
