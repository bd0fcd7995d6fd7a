// "A KMS key is set here", which several rules ask. Which key it is, shared-cmk judges.
#pragma once

#include <string_view>

#include "analyzer/policy/guardrail.h"

namespace fastcart {

enum class AwsManagedKey { kPasses, kIsViolation };

// Not set, empty, no text, and on demand an AWS-managed key (alias/aws/…) are violations. A key that is not known yet
// is set if the property depends on a KMS key or alias, and AWS's if it depends on those that lead to AWS's keys only;
// without such a dependency it is undecided. Returns whether the property passed.
bool RequireKmsKey(const guardrails::Subject& subject, guardrails::Sink& out, const guardrails::Property& at,
                   AwsManagedKey aws_managed, guardrails::Text fix);

}  // namespace fastcart
